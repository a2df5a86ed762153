//! `ratios`: checks that all contenders give the same, times them side by side, and says which targets are met.

use opponents::bills::{self, Case, Whose};
use opponents::check;
use opponents::decimal;
use opponents::hand::Hand;
use opponents::ours::Ours;
use opponents::timing::{Contender, Times, race};
use payer_split::{Care, Detail};
use rust_decimal::Decimal;
use std::process::ExitCode;

const SEED: u64 = 20_201_122;
const LINES: [usize; 4] = [1, 5, 20, 60];
/// How many bills of each length are compared, and how many are timed.
const CHECKED: usize = 1500;
const TIMED: usize = 200;
const ROUNDS: usize = 21;

fn main() -> ExitCode {
    if let Err(difference) = checked() {
        eprintln!("not equal: {difference}");
        return ExitCode::FAILURE;
    }
    let mut targets = Targets(Vec::new());
    println!();
    println!("nanoseconds a bill (median of {ROUNDS} rounds), and how many times ours");
    println!();
    println!(
        "{:>5} {:<6} {:>9} {:>9} {:>7} {:>10} {:>7} {:>9} {:>7} {:>9} {:>7}",
        "lines", "matrix", "ours", "hand", "", "decimal", "", "fresh", "", "88 steps", ""
    );
    for lines in LINES {
        for matrix in [true, false] {
            let times = times(lines, matrix);
            let ns = |name| times.median(name).unwrap_or(f64::NAN);
            let ratio = |name| times.ratio(name, "ours").unwrap_or(f64::NAN);
            println!(
                "{lines:>5} {:<6} {:>9.0} {:>9.0} {:>7.3} {:>10.0} {:>7.1} {:>9.0} {:>7.2} {:>9.0} {:>7.3}",
                if matrix { "with" } else { "" },
                ns("ours"),
                ns("hand"),
                ratio("hand"),
                ns("decimal"),
                ratio("decimal"),
                ns("fresh"),
                ratio("fresh"),
                ns("88 steps"),
                ratio("88 steps"),
            );
            targets.add(lines, matrix, &times);
        }
    }
    println!();
    targets.print();
    ExitCode::SUCCESS
}

/// Compares the results of bills of every kind.
fn checked() -> Result<(), String> {
    let (mut ours, mut hand) = (Ours::new(), Hand::default());
    let mut larger = Ours::with_eighty_more_steps();
    let mut count = 0;
    for whose in [Whose::Anybody, Whose::Assisted] {
        for lines in [1, 2, 3, 4, 5, 8, 20, 60] {
            let seed = SEED + lines as u64;
            for (number, case) in bills::cases(seed, whose, lines, CHECKED, &mut ours)
                .iter()
                .enumerate()
            {
                check::compare(case, &mut ours, &mut hand)
                    .map_err(|what| format!("bill {number} of {lines} lines: {what}"))?;
                let expected = ours.settle(&case.bill, &case.patient, Detail::Lines);
                let found = larger.settle(&case.bill, &case.patient, Detail::Lines);
                let same = check::paid(expected) == check::paid(found);
                if !same && case.bill.care == Care::INPATIENT {
                    return Err(format!("bill {number} of {lines} lines: with more steps"));
                }
                count += 1;
            }
        }
    }
    println!("{count} bills settled by all, equal to the fen");
    Ok(())
}

/// Times all ways to settle assisted inpatients' bills of this length.
fn times(lines: usize, matrix: bool) -> Times {
    let (mut ours, mut larger) = (Ours::new(), Ours::with_eighty_more_steps());
    let mut hand = Hand::default();
    let seed = SEED + lines as u64;
    let cases = bills::cases(seed, Whose::Assisted, lines, TIMED, &mut ours);
    // The same bills; their years belong to the larger policy.
    let larger_cases = bills::cases(seed, Whose::Assisted, lines, TIMED, &mut larger);
    let years: Vec<Option<decimal::Year>> = cases
        .iter()
        .map(|case| case.year.as_ref().map(decimal::Year::from))
        .collect();
    let detail = if matrix {
        Detail::Lines
    } else {
        Detail::Totals
    };
    let afresh = Ours::new();
    let sum = |ours: &mut Ours, cases: &[Case]| {
        cases
            .iter()
            .map(|case| {
                ours.settle(&case.bill, &case.patient, detail)
                    .patient()
                    .fen()
            })
            .sum()
    };
    let mut contenders = vec![
        Contender::new("ours", TIMED, || sum(&mut ours, &cases)),
        Contender::new("hand", TIMED, || {
            let mut settle = |case: &Case| {
                let settled = hand.settle(&case.bill, &case.patient, case.year.as_ref(), matrix);
                settled.expect("a settlement").patient
            };
            cases.iter().map(&mut settle).sum()
        }),
        Contender::new("decimal", TIMED, || {
            let settle = |(case, year): (&Case, &Option<decimal::Year>)| {
                decimal::settle(&case.bill, &case.patient, year.as_ref(), matrix)
            };
            let settled = cases.iter().zip(&years).map(settle);
            let patient = settled.map(|settled| settled.patient);
            i64::from(patient.sum::<Decimal>().is_zero())
        }),
        Contender::new("88 steps", TIMED, || sum(&mut larger, &larger_cases)),
    ];
    if matrix {
        contenders.push(Contender::new("fresh", TIMED, || {
            let settle = |case: &Case| afresh.settle_afresh(&case.bill, &case.patient);
            cases
                .iter()
                .map(settle)
                .map(|settled| settled.patient().fen())
                .sum()
        }));
    }
    race(&mut contenders, ROUNDS)
}

/// The targets of speed, and what was measured.
struct Targets(Vec<(String, String, String, bool)>);

impl Targets {
    /// Notes the targets that a race decides.
    fn add(&mut self, lines: usize, matrix: bool, times: &Times) {
        let with = if matrix { "with" } else { "without" };
        let mut at_most = |what: &str, most: f64, one: &str, other: &str| {
            if let Some(ratio) = times.ratio(one, other) {
                let wanted = format!("at most {most}");
                self.note(what, wanted, format!("{ratio:.3}"), ratio <= most);
            }
        };
        let what = format!("{lines} lines {with} matrix, times hand-written");
        match (lines, matrix) {
            (20, true) => at_most(&what, 1.25, "ours", "hand"),
            (20, false) => at_most(&what, 2.0, "ours", "hand"),
            (1, _) => at_most(&what, 2.5, "ours", "hand"),
            _ => {}
        }
        if lines == 20 {
            let what = format!("20 lines {with} matrix, 80 more steps that do not apply");
            at_most(&what, 1.05, "88 steps", "ours");
            at_most("20 lines, fresh result, times reused", 1.5, "fresh", "ours");
            if let Some(ratio) = times.ratio("decimal", "ours") {
                let least = if matrix { 20.0 } else { 10.0 };
                let what = format!("20 lines {with} matrix, faster than Decimal");
                self.note(
                    &what,
                    format!("at least {least}"),
                    format!("{ratio:.1}"),
                    ratio >= least,
                );
            }
        }
        if let (1, false, Some(ns)) = (lines, matrix, times.median("ours")) {
            let millions = 1e3 / ns;
            let what = "1 line without matrix, million bills a second a core";
            self.note(
                what,
                "at least 8".into(),
                format!("{millions:.2}"),
                millions >= 8.0,
            );
        }
    }

    fn note(&mut self, what: &str, wanted: String, found: String, met: bool) {
        self.0.push((what.into(), wanted, found, met));
    }

    fn print(&self) {
        for (what, wanted, found, met) in &self.0 {
            let met = if *met { "met" } else { "NOT MET" };
            println!("{what:<55} {wanted:<14} {found:>9}  {met}");
        }
    }
}
