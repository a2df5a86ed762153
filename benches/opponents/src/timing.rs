//! Time, side by side: every contender has a slice of every round, so that whatever else the machine does meets all.

use std::hint::black_box;
use std::time::Instant;

/// How long a slice is at least, in nanoseconds.
const SLICE: f64 = 8e6;

/// One way to settle the bills.
pub struct Contender<'a> {
    pub name: &'static str,
    bills: usize,
    /// Settles all bills once; what it returns is of no interest, but keeps the work from being left out.
    run: Box<dyn FnMut() -> i64 + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(name: &'static str, bills: usize, run: impl FnMut() -> i64 + 'a) -> Contender<'a> {
        let run = Box::new(run);
        Contender { name, bills, run }
    }
}

/// Nanoseconds a bill, by contender and round.
#[derive(Debug)]
pub struct Times(Vec<(&'static str, Vec<f64>)>);

/// Runs all contenders in so many rounds.
pub fn race(contenders: &mut [Contender<'_>], rounds: usize) -> Times {
    let mut passes = Vec::new();
    for contender in &mut *contenders {
        // The first pass fills caches and buffers; the second says how many a slice needs.
        time(contender, 1);
        let once = time(contender, 1) * contender.bills as f64;
        passes.push((SLICE / once).ceil().max(1.0) as usize);
    }
    let mut times: Vec<_> = contenders
        .iter()
        .map(|contender| (contender.name, Vec::new()))
        .collect();
    for _ in 0..rounds {
        for ((contender, passes), (_, times)) in contenders.iter_mut().zip(&passes).zip(&mut times)
        {
            times.push(time(contender, *passes));
        }
    }
    Times(times)
}

/// Nanoseconds a bill over so many passes.
fn time(contender: &mut Contender<'_>, passes: usize) -> f64 {
    let start = Instant::now();
    for _ in 0..passes {
        black_box((contender.run)());
    }
    start.elapsed().as_nanos() as f64 / (passes * contender.bills) as f64
}

impl Times {
    fn of(&self, name: &str) -> Option<&[f64]> {
        let (_, times) = self.0.iter().find(|(known, _)| *known == name)?;
        Some(times)
    }

    /// The median of a contender's nanoseconds a bill.
    pub fn median(&self, name: &str) -> Option<f64> {
        Some(median(self.of(name)?.to_vec()))
    }

    /// The median of the rounds' ratios: how many times as long the one takes as the other.
    pub fn ratio(&self, one: &str, other: &str) -> Option<f64> {
        let pairs = self.of(one)?.iter().zip(self.of(other)?);
        Some(median(pairs.map(|(one, other)| one / other).collect()))
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
