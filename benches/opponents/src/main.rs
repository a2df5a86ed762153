//! `ratios`: checks that all contenders give the same, times them side by side, and says which targets are met.

use opponents::bills::{self, Case, Whose};
use opponents::check;
use opponents::decimal;
use opponents::engines;
use opponents::hand::Hand;
use opponents::ours::Ours;
use opponents::targets::Targets;
use opponents::timing::{Contender, Times, race};
use opponents::totals;
use payer_split::Detail;
use rust_decimal::Decimal;
use std::process::ExitCode;

const LINES: [usize; 4] = [1, 5, 20, 60];
/// How many bills of each length are compared, and how many are timed.
const CHECKED: usize = 1500;
const TIMED: usize = 200;
const ROUNDS: usize = 21;

const USAGE: &str = "\
Settles the same bills by this library and by others, and compares the time.

usage: ratios
       ratios --export LINES COUNT

  --export   writes so many bills of so many lines as JSON, with what their payers pay";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => ratios(),
        ["--export", lines, count] => export(lines, count),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn export(lines: &str, count: &str) -> Result<(), String> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| USAGE.to_string());
    let (lines, count) = (number(lines)?, number(count)?);
    let mut ours = Ours::new();
    let seed = bills::seed(lines);
    let cases = bills::cases(seed, Whose::Assisted, lines, count, &mut ours);
    print!("{}", totals::export(&cases, &mut ours));
    Ok(())
}

fn ratios() -> Result<(), String> {
    let count = check::all(CHECKED).map_err(|difference| format!("not equal: {difference}"))?;
    println!("{count} bills settled by all, equal to the fen");
    println!();
    println!("nanoseconds a bill (medians of {ROUNDS} rounds), and how many times ours");
    println!();
    let others: Vec<&str> = ["hand", "decimal", "fresh", "88 steps"]
        .into_iter()
        .chain(engines::NAMES)
        .collect();
    print!("{:>5} {:<6} {:>8}", "lines", "matrix", "ours");
    others
        .iter()
        .for_each(|name| print!(" {name:>9} {:>7}", ""));
    println!();
    let mut targets = Targets::default();
    for lines in LINES {
        for matrix in [true, false] {
            let times = times(lines, matrix);
            print!("{lines:>5} {:<6}", if matrix { "with" } else { "" });
            print!(" {:>8.0}", times.median("ours").unwrap_or(f64::NAN));
            for name in &others {
                match (times.median(name), times.ratio(name, "ours")) {
                    (Some(median), Some(ratio)) => print!(" {median:>9.0} {ratio:>7.3}"),
                    _ => print!(" {:>9} {:>7}", "-", "-"),
                }
            }
            println!();
            targets.add(lines, matrix, &times);
        }
    }
    println!();
    targets.print();
    Ok(())
}

/// Times all ways to settle assisted inpatients' bills of this length.
fn times(lines: usize, matrix: bool) -> Times {
    let (mut ours, mut larger) = (Ours::new(), Ours::with_eighty_more_steps());
    let mut hand = Hand::default();
    let seed = bills::seed(lines);
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
        let settle = |case: &Case| {
            ours.settle(&case.bill, &case.patient, detail)
                .patient()
                .fen()
        };
        cases.iter().map(settle).sum()
    };
    let mut contenders = vec![
        Contender::new("ours", TIMED, || sum(&mut ours, &cases)),
        Contender::new("hand", TIMED, || {
            let settle = |case: &Case| {
                let settled = hand.settle(&case.bill, &case.patient, case.year.as_ref(), matrix);
                settled.expect("a settlement").patient
            };
            cases.iter().map(settle).sum()
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
            let settled = cases.iter().map(settle);
            settled.map(|settled| settled.patient().fen()).sum()
        }));
    }
    contenders.extend(engines::contenders(&cases));
    race(&mut contenders, ROUNDS)
}
