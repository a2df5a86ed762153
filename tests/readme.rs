//! The README keeps its word: what it shows is what the commands print, and what it counts is there.

use payer_split::{Case, RuleBook};
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The text of the first block with this mark.
fn block(mark: &str) -> &'static str {
    let start = README.find(&format!("```{mark}\n")).expect("the block") + mark.len() + 4;
    let end = README[start..].find("```").expect("its end") + start;
    &README[start..end]
}

#[test]
fn the_first_command_prints_what_is_shown() {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", "settle"])
        .output()
        .expect("cargo runs");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success());
    // An ellipsis stands for lines left out.
    let mut rest = printed.as_str();
    for piece in block("text").split("…\n") {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("not printed:\n{piece}\nbut:\n{printed}"));
        rest = &rest[at + piece.len()..];
    }
}

#[test]
fn the_rules_and_cases_are_counted() {
    let book = RuleBook::embedded();
    let cases = Case::read_dir("rules").expect("cases");
    let bills: usize = cases.iter().map(|case| case.bills.len()).sum();
    let counted = format!(
        "{} rule files, {} cases with {bills} bills",
        book.policies().count(),
        cases.len()
    );
    let readme = README.replace('\n', " ");
    assert!(
        readme.contains(&counted),
        "the README should say: {counted}"
    );
}
