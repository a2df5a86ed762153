//! Every case of the rule files, of the mechanisms and of the worked examples: settled, and compared to the fen.

use payer_split::{Case, CaseReport, RuleBook};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Runs the cases below a directory under the rule files there, and lists all that differs.
fn run(directory: &str) -> Vec<(Case, CaseReport)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let book = RuleBook::read_dir(&path).unwrap_or_else(|error| panic!("{error}"));
    let cases = Case::read_dir(&path).unwrap_or_else(|error| panic!("{error}"));
    let reports: Vec<(Case, CaseReport)> = cases
        .into_iter()
        .map(|case| {
            let report = case.run(&book);
            (case, report)
        })
        .collect();
    let mut failed = 0;
    let mut mismatches = String::new();
    for (case, report) in &reports {
        if !report.passed() {
            failed += 1;
            let (file, line) = &case.place;
            let file = file
                .strip_prefix(env!("CARGO_MANIFEST_DIR"))
                .unwrap_or(file);
            mismatches += &format!("\n{}:{line}: {}", file.trim_start_matches('/'), case.name);
            for mismatch in &report.mismatches {
                mismatches += &format!("\n    {mismatch}");
            }
        }
    }
    let bills: usize = reports.iter().map(|(case, _)| case.bills.len()).sum();
    println!("{directory}: {} cases, {bills} bills", reports.len());
    assert!(
        failed == 0,
        "{failed} of {} cases below `{directory}`:{mismatches}",
        reports.len()
    );
    reports
}

#[test]
fn rules() {
    let reports = run("rules");
    // Each of the shipped policies has cases, in each of its layers.
    let book = RuleBook::embedded();
    for policy in book.policies() {
        let has_case = reports.iter().any(|(case, _)| {
            let in_force = |day| policy.is_in_force(day);
            case.policy == policy.id()
                && case.layer == policy.layer()
                && case.bills.iter().any(|(bill, _)| in_force(bill.date))
        });
        assert!(has_case, "no case of `{}`", policy.full_name());
    }
}

#[test]
fn worked_examples() {
    run("tests/worked");
}

/// Four more real systems, written by readers who had the handbook and the shipped rule files alone.
#[test]
fn practice() {
    run("tests/practice");
}

#[test]
fn mechanisms() {
    run("tests/mechanisms");
}

/// The numbers with which the names of the mechanisms' files begin.
fn numbers(ending: &str, without: &str) -> BTreeSet<u32> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mechanisms");
    let entries = std::fs::read_dir(path).unwrap();
    let names = entries.map(|entry| PathBuf::from(entry.unwrap().file_name()));
    names
        .filter_map(|name| name.to_str().map(str::to_owned))
        .filter(|name| name.ends_with(ending) && (without.is_empty() || !name.ends_with(without)))
        .filter_map(|name| name.get(..2)?.parse().ok())
        .collect()
}

#[test]
fn every_mechanism_has_a_rule_file_and_a_case() {
    let all: BTreeSet<u32> = (1..=38).collect();
    assert_eq!(numbers(".toml", ".cases.toml"), all, "rule files");
    assert_eq!(numbers(".cases.toml", ""), all, "case files");
}

/// A case that expects nothing of a bill would pass whatever came out.
#[test]
fn every_bill_of_a_case_expects_an_amount_or_a_refusal() {
    for directory in [
        "rules",
        "tests/worked",
        "tests/mechanisms",
        "tests/practice",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        for case in Case::read_dir(path).unwrap_or_else(|error| panic!("{error}")) {
            for (number, (_, expected)) in case.bills.iter().enumerate() {
                let compares_amounts = expected.patient.is_some()
                    || !expected.payers.is_empty()
                    || !expected.steps.is_empty()
                    || !expected.deductibles.is_empty();
                assert!(
                    compares_amounts || expected.refused.is_some() || expected.benefits.is_some(),
                    "bill {} of `{}` in {:?}",
                    number + 1,
                    case.name,
                    case.place
                );
            }
        }
    }
}
