//! The README keeps its word: what it shows is what the commands print, and what it counts is there.

use payer_split::{Case, RuleBook};
use std::fs::File;
use std::process::{Command, Stdio};

const README: &str = include_str!("../README.md");

/// The text of the block with this mark that begins so.
fn block(mark: &str, beginning: &str) -> &'static str {
    let start = README
        .find(&format!("```{mark}\n{beginning}"))
        .expect("the block");
    let start = start + mark.len() + 4;
    let end = README[start..].find("```").expect("its end") + start;
    &README[start..end]
}

/// What an example prints.
fn printed(arguments: &[&str], input: Stdio) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example"])
        .args(arguments)
        .stdin(input)
        .output()
        .expect("cargo runs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}

/// Whether a text holds what a block shows. An ellipsis stands for lines left out.
fn holds(text: &str, block: &str) {
    let mut rest = text;
    for piece in block.split("…\n") {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("not there:\n{piece}\nbut:\n{text}"));
        rest = &rest[at + piece.len()..];
    }
}

#[test]
fn the_commands_print_what_is_shown() {
    let statement = printed(&["settle"], Stdio::null());
    holds(&statement, block("text", "医疗费用结算单"));
    let document = printed(&["document", "--", "patient", "zh", "text"], Stdio::null());
    holds(&document, block("text", "  [1"));
    let explanation = printed(&["explain", "--", "en"], Stdio::null());
    holds(&explanation, block("text", "Government floor"));
    let request = File::open("examples/interface/request.json").expect("the request");
    let reply = printed(&["interface"], request.into());
    holds(&reply, block("json", ""));
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
