//! How much memory the rule files of a whole country take, while they are loaded and afterwards.

mod counties;

use allocation_counter::measure;
use counties::{counties, named};
use payer_split::RuleBook;

const MEGABYTE: u64 = 1_000_000;

/// Loads the files of so many counties. Gives how many policies they are, and the megabytes taken at most and kept.
fn of(count: usize, with_assumptions: bool) -> (u64, u64, u64) {
    let files = counties(count, with_assumptions);
    let mut book = None;
    let taken = measure(|| book = RuleBook::from_texts(named(&files)).ok());
    let policies = book.iter().flat_map(RuleBook::policies).count();
    assert_eq!(policies, files.len(), "every file is a policy");
    let kept = u64::try_from(taken.bytes_current).expect("more is taken than given back");
    let policies = u64::try_from(policies).expect("thousands");
    println!("{policies} policies: {taken:?}");
    (policies, taken.bytes_max / MEGABYTE, kept / MEGABYTE)
}

#[test]
fn three_thousand_counties() {
    let (policies, most, kept) = of(3_000, false);
    assert_eq!(policies, 3_549);
    assert!(most < 140, "{most} MB while loading");
    assert!(kept < 100, "{kept} MB kept");
}

#[test]
fn three_hundred_counties_with_assumptions() {
    let (policies, most, kept) = of(300, true);
    assert_eq!(policies, 728);
    assert!(most < 28, "{most} MB while loading");
    assert!(kept < 22, "{kept} MB kept");
}
