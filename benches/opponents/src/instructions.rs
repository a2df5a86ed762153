//! `instructions`: how many instructions a bill takes, counted under valgrind. They repeat where times do not.
//!
//! The program runs itself under `valgrind --tool=callgrind` with a number of passes over the bills and with three times
//! as many; what the difference takes is the settling alone.

use opponents::bills::{self, Whose};
use opponents::hand::Hand;
use opponents::ours::Ours;
use payer_split::Detail;
use std::hint::black_box;
use std::process::{Command, ExitCode};

const BILLS: usize = 200;
const PASSES: usize = 2;

/// What ours may take with 20 lines: with the matrix, and without.
const MOST_WITH: u64 = 6_500;
const MOST_WITHOUT: u64 = 1_800;

const USAGE: &str = "\
How many instructions a bill takes, ours and hand-written. Needs valgrind.

usage: instructions [--check]

  --check   fails when ours takes more than it may with 20 lines";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => print().map(|_| true),
        ["--check"] => print(),
        ["--settle", who, lines, detail, passes] => settle(who, lines, detail, passes),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Counts and prints everything; whether ours takes no more than it may.
fn print() -> Result<bool, String> {
    println!("instructions a bill");
    println!();
    println!(
        "{:>5} {:<6} {:>8} {:>8} {:>6}   at most",
        "lines", "matrix", "ours", "hand", ""
    );
    let mut within = true;
    for lines in [1, 20] {
        for (detail, matrix) in [("with", "with"), ("without", "")] {
            let ours = count("ours", lines, detail)?;
            let hand = count("hand", lines, detail)?;
            let ratio = ours as f64 / hand as f64;
            let most = match (lines, detail) {
                (20, "with") => Some(MOST_WITH),
                (20, _) => Some(MOST_WITHOUT),
                _ => None,
            };
            let verdict = match most {
                None => String::new(),
                Some(most) if ours <= most => format!("{most}, met"),
                Some(most) => {
                    within = false;
                    format!("{most}, NOT MET")
                }
            };
            println!("{lines:>5} {matrix:<6} {ours:>8} {hand:>8} {ratio:>6.2}   {verdict}");
        }
    }
    Ok(within)
}

/// Instructions a bill.
fn count(who: &str, lines: usize, detail: &str) -> Result<u64, String> {
    let once = run(who, lines, detail, PASSES)?;
    let thrice = run(who, lines, detail, 3 * PASSES)?;
    Ok((thrice - once) / (2 * PASSES * BILLS) as u64)
}

/// Instructions of a whole run of this program under valgrind.
fn run(who: &str, lines: usize, detail: &str, passes: usize) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([
            "--settle",
            who,
            &lines.to_string(),
            detail,
            &passes.to_string(),
        ])
        .output()
        .map_err(|error| {
            format!("cannot run valgrind ({error}): install it, or measure with `ratios`")
        })?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let collected = messages
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    match (output.status.success(), collected) {
        (true, Some(count)) => Ok(count),
        _ => Err(format!("valgrind failed:\n{messages}")),
    }
}

/// What is counted: so many passes over the bills.
fn settle(who: &str, lines: &str, detail: &str, passes: &str) -> Result<bool, String> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| USAGE.to_string());
    let (lines, passes) = (number(lines)?, number(passes)?);
    let mut ours = Ours::new();
    let mut hand = Hand::default();
    let seed = bills::seed(lines);
    let cases = bills::cases(seed, Whose::Assisted, lines, BILLS, &mut ours);
    let matrix = detail == "with";
    let detail = if matrix {
        Detail::Lines
    } else {
        Detail::Totals
    };
    for _ in 0..passes {
        for case in &cases {
            match who {
                "ours" => {
                    black_box(ours.settle(&case.bill, &case.patient, detail));
                }
                _ => {
                    let year = case.year.as_ref();
                    black_box(hand.settle(&case.bill, &case.patient, year, matrix))
                        .map_err(|refused| format!("{refused:?}"))?;
                }
            }
        }
    }
    Ok(true)
}
