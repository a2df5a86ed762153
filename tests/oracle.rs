//! A second, slow and obvious settlement engine, written from the handbook with exact rationals, held against the crate.

#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/divide.rs"]
mod divide;
#[path = "oracle/facts.rs"]
mod facts;
#[path = "oracle/figures.rs"]
mod figures;
#[path = "oracle/generate.rs"]
mod generate;
#[path = "oracle/handbook.rs"]
mod handbook;
#[path = "oracle/merge.rs"]
mod merge;
#[path = "oracle/model.rs"]
mod model;
#[path = "oracle/read.rs"]
mod read;
#[path = "oracle/settle.rs"]
mod settle;
#[path = "oracle/steps.rs"]
mod steps;
#[path = "oracle/words.rs"]
mod words;
#[path = "oracle/work.rs"]
mod work;

use compare::{Pair, Tally, pairs, same, same_year, shrink};
use generate::{Palette, Random};
use payer_split::Case;
use std::collections::BTreeMap;
use std::path::Path;

const DIRECTORIES: [&str; 5] = [
    "rules",
    "tests/mechanisms",
    "tests/worked",
    "tests/practice",
    "tests/oracle/corners",
];

/// Every case of the rule files: both engines refuse the same bills, and agree to the fen on the others, the line matrix
/// and the year to date included.
#[test]
fn all_cases() {
    let (mut settled, mut refused) = (0, BTreeMap::<&str, usize>::new());
    let mut differ = Vec::new();
    for directory in DIRECTORIES.iter().take(4) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let pairs = pairs(&path);
        for case in Case::read_dir(&path).unwrap_or_else(|error| panic!("{error}")) {
            let mut patient = case.patient.clone();
            for (number, (bill, _)) in case.bills.iter().enumerate() {
                let in_force = |pair: &&Pair| {
                    pair.policy.id() == case.policy
                        && pair.policy.layer() == case.layer
                        && pair.policy.is_in_force(bill.date)
                };
                let Some(pair) = pairs.iter().find(in_force) else {
                    continue;
                };
                match same(pair, bill, &patient) {
                    Ok(Ok(year)) => {
                        settled += 1;
                        patient.year_to_date = Some(year);
                    }
                    Ok(Err(kind)) => *refused.entry(kind).or_default() += 1,
                    Err(difference) => differ.push(format!(
                        "{}:{} `{}` bill {}: {difference}",
                        case.place.0,
                        case.place.1,
                        case.name,
                        number + 1
                    )),
                }
            }
        }
    }
    println!("{settled} bills settled, refused: {refused:?}");
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(settled > 900, "only {settled} settled");
}

/// Random years of bills under every rule file. `ORACLE_BILLS` asks for another number of bills, `ORACLE_SEED` for other
/// bills, `ORACLE_POLICY` for the rule files whose name contains it.
#[test]
fn random_years() {
    let asked = |name: &str| std::env::var(name).ok();
    let bills: usize = asked("ORACLE_BILLS").map_or(100_000, |text| text.parse().unwrap());
    let seed: u64 = asked("ORACLE_SEED").map_or(1, |text| text.parse().unwrap());
    let wanted = asked("ORACLE_POLICY").unwrap_or_default();
    let mut all = Vec::new();
    for directory in DIRECTORIES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let named = |pair: Pair| (pair.policy.full_name(), pair);
        all.extend(pairs(&path).into_iter().map(named));
    }
    all.extend(handbook::fragments());
    all.retain(|(name, _)| name.contains(&wanted));
    let mut all: Vec<(String, Pair, Palette, Tally)> = all
        .into_iter()
        .map(|(name, pair)| {
            let palette = Palette::new(&pair.plain, &pair.table);
            (name, pair, palette, Tally::default())
        })
        .collect();
    let each = bills.div_ceil(all.len());
    let begun = std::time::Instant::now();
    let mut differ = Vec::new();
    for (number, (name, pair, palette, tally)) in all.iter_mut().enumerate() {
        let mut random = Random(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        while tally.bills() < each {
            let (mut bills, mut patient) = palette.year(&mut random);
            if same_year(pair, &bills, &patient, tally).is_some() {
                let found = shrink(pair, &mut bills, &mut patient);
                differ.push(format!(
                    "{name}:{found}\n{}\n{}",
                    serde_json::to_string(&patient).unwrap(),
                    serde_json::to_string(&bills).unwrap()
                ));
                break;
            }
        }
    }
    let mut sum = Tally::default();
    for (name, _, _, tally) in &all {
        sum.settled += tally.settled;
        for (kind, count) in &tally.refused {
            *sum.refused.entry(kind).or_default() += count;
        }
        println!("{name}: {tally:?}");
    }
    println!(
        "{} rule files, {} bills in {:?}: {sum:?}",
        all.len(),
        sum.bills(),
        begun.elapsed()
    );
    assert!(
        differ.is_empty(),
        "{} rule files differ:\n{}",
        differ.len(),
        differ.join("\n\n")
    );
    assert!(sum.bills() >= bills);
    assert!(
        sum.settled * 10 >= sum.bills() * 4,
        "too few settled: {sum:?}"
    );
}
