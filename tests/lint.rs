//! The checker beyond loading: what it warns of and what it shows, and that it is silent on what is right.
//!
//! [`table`] holds the wrong files, each as an edit of a good one. What is said of each is in `lint/messages.txt`;
//! `BLESS=1 cargo test --test lint` writes it anew.

#[path = "lint/table.rs"]
mod table;

use payer_split::check::Project;
use payer_split::{Case, Code, Diagnostics};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What is said of every wrong file of the table.
const MESSAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lint/messages.txt");

fn check<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Diagnostics {
    Project::from_texts(files).check().diagnostics().clone()
}

/// Files by name.
type Texts = Vec<(&'static str, String)>;

/// The wrong files of an entry, with the marks taken out, and where they stood: file, line, column and text.
fn wrong(entry: &table::Wrong) -> (Texts, (usize, usize, String)) {
    let mut files = entry.good.clone();
    let (_, text) = files.last_mut().unwrap();
    assert_eq!(
        text.matches(entry.from).count(),
        1,
        "{}: {}",
        entry.title,
        entry.from
    );
    let marked = text.replacen(entry.from, entry.to, 1);
    let (before, rest) = marked.split_once('«').unwrap();
    let (underlined, after) = rest.split_once('»').unwrap();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    *text = format!("{before}{underlined}{after}");
    (files, (line, column, underlined.to_owned()))
}

fn found(entry: &table::Wrong) -> Diagnostics {
    let (files, _) = wrong(entry);
    check(files.iter().map(|(name, text)| (*name, text.as_str())))
}

#[test]
fn every_wrong_file_is_found_at_its_place_and_is_right_when_repaired() {
    let failures: Vec<String> = table::all().iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// How the check of an entry went otherwise than expected, if it did.
fn failure(entry: &table::Wrong) -> Option<String> {
    let good = check(entry.good.iter().map(|(name, text)| (*name, text.as_str())));
    if !good.is_empty() {
        return Some(format!("## {}: repaired, it has\n{good}", entry.title));
    }
    let (_, (line, column, text)) = wrong(entry);
    let found = found(entry);
    let codes: Vec<Code> = found.iter().map(|d| d.code()).collect();
    let place = found.iter().next().map(|first| {
        let place = first.line().zip(first.column());
        (place, first.underlined(), first.expectation().is_some())
    });
    let marked = (Some((line, column)), text.as_str(), true);
    let right = codes == entry.codes && place == Some(marked);
    (!right).then(|| format!("## {}: expected {marked:?}\n{found}", entry.title))
}

#[test]
fn every_code_has_a_wrong_file() {
    let tested: BTreeSet<Code> = table::all()
        .iter()
        .flat_map(|entry| entry.codes.to_vec())
        .collect();
    let lints = Code::ALL.iter().filter(|code| code.is_lint());
    let missing: Vec<&Code> = lints.filter(|code| !tested.contains(code)).collect();
    assert!(missing.is_empty(), "no wrong file for {missing:?}");
}

#[test]
fn messages_are_as_reviewed() {
    let shown: String = table::all()
        .iter()
        .map(|entry| format!("## {}\n\n{}\n\n", entry.title, found(entry)))
        .collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(MESSAGES, &shown).unwrap();
    }
    let reviewed = std::fs::read_to_string(MESSAGES).unwrap();
    let differs = shown.lines().zip(reviewed.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "first line that differs from `{MESSAGES}`");
    assert_eq!(shown.len(), reviewed.len());
}

/// A witness can be pasted into a case file, and the rules as they stand come to what it expects.
#[test]
fn witnesses_are_cases_that_pass() {
    let about_values = [
        Code::RatioTiny,
        Code::PatientsShare,
        Code::RatioFalls,
        Code::OrderUnusual,
        Code::AmountAbsurd,
        Code::AmountTiny,
        Code::CapBelowDeductible,
        Code::StepNeverPays,
        Code::SameRole,
        Code::GuaranteeOutOfReach,
        Code::PovertyPaysMore,
    ];
    for entry in table::all() {
        let (files, _) = wrong(&entry);
        let project = Project::from_texts(files.iter().map(|(n, t)| (*n, t.as_str())));
        let report = project.check();
        for problem in report.diagnostics() {
            let Some(text) = problem.witness() else {
                assert!(!about_values.contains(&problem.code()), "{problem}");
                continue;
            };
            let cases = Case::read("witness", text).unwrap_or_else(|wrong| panic!("{wrong}"));
            for case in cases {
                let ran = case.run(report.book());
                assert!(ran.passed(), "{problem}\n{:?}", ran.mismatches);
            }
        }
    }
}

#[test]
fn no_false_alarm() {
    let mut found = String::new();
    for directory in [
        "rules",
        "tests/mechanisms",
        "tests/practice",
        "tests/worked",
    ] {
        let report = Project::read_dir(directory).unwrap().check();
        let problems = report.diagnostics();
        if !problems.is_empty() {
            found.push_str(&format!("{directory}:\n{problems}\n\n"));
        }
    }
    let handbook = include_str!("../rules/README.en.md");
    for block in handbook.split("\n```toml rule\n").skip(1) {
        let text = block.split("\n```").next().unwrap();
        let problems = check([("handbook.toml", text)]);
        if !problems.is_empty() {
            found.push_str(&format!("{problems}\n\n"));
        }
    }
    assert!(found.is_empty(), "{found}");
}

/// In a release build the shipped rules are checked within a second.
#[test]
fn the_shipped_rules_are_checked_quickly() {
    let project = Project::embedded();
    let run = || {
        let start = Instant::now();
        project.check();
        start.elapsed()
    };
    // The machine may be busy with other things.
    let fastest = (0..3).map(|_| run()).min().unwrap();
    let limit = if cfg!(debug_assertions) { 60 } else { 1 };
    assert!(fastest < Duration::from_secs(limit), "{fastest:?}");
}

/// A gap that a case knows of is meant.
#[test]
fn a_case_explains_a_gap() {
    let entries = table::all();
    let entry = entries
        .iter()
        .find(|e| e.codes == [Code::VersionGap])
        .unwrap();
    let (mut files, _) = wrong(entry);
    let case = r#"[[case]]
name = "一天没有政策"
policy = "county"
[case.patient]
scheme = "resident"
[[case.bill]]
date = 2021-01-01
care = "inpatient"
facility = {}
lines = [{ fee = "bed", class = "A", amount = 100 }]
[case.bill.expect]
refused = "out-of-force"
"#;
    files.push(("county.cases.toml", case.to_owned()));
    let report = Project::from_texts(files.iter().map(|(n, t)| (*n, t.as_str()))).check();
    assert!(report.diagnostics().is_empty() && report.passed());
}

/// Pieces of rule files, to put in the place of others.
fn pieces() -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for entry in table::all() {
        for (_, text) in &entry.good {
            pieces.extend(text.lines().map(str::to_owned));
        }
    }
    for text in [
        "0",
        "\"0%\"",
        "\"100%\"",
        "\"unstated\"",
        "\"none\"",
        "10000000000",
        "«",
        "[[step]]",
    ] {
        pieces.push(text.to_owned());
    }
    pieces.sort();
    pieces.dedup();
    pieces
}

/// A good text with some of its lines exchanged, doubled, cut or taken away.
fn mutated() -> impl Strategy<Value = String> {
    let texts: Vec<String> = table::all()
        .iter()
        .map(|entry| entry.good.last().unwrap().1.clone())
        .filter(|text| text.contains("[[payer]]"))
        .collect();
    let edit = (
        any::<prop::sample::Index>(),
        0..5u8,
        prop::sample::select(pieces()),
    );
    let edits = prop::collection::vec(edit, 1..6);
    (prop::sample::select(texts), edits).prop_map(|(text, edits)| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (place, kind, piece) in edits {
            let at = place.index(lines.len().max(1));
            match kind {
                _ if lines.is_empty() => lines.push(piece),
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, piece),
                2 => lines[at] = piece,
                3 => {
                    let other = lines.len() - 1 - at;
                    lines.swap(at, other);
                }
                _ => {
                    let half = lines[at].chars().count() / 2;
                    lines[at] = lines[at].chars().take(half).collect();
                }
            }
        }
        lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_takes_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let files = [("a.toml".to_owned(), bytes.clone()), ("b.cases.toml".to_owned(), bytes)];
        Project::from_bytes(files).check();
    }

    #[test]
    fn the_checker_takes_any_edit(text in mutated()) {
        let report = Project::from_texts([("county.toml", text.as_str())]).check();
        prop_assert!(report.diagnostics().iter().all(|d| !d.to_string().is_empty()));
    }
}
