//! The handbook's own examples as rule files: they say what the shipped files have no need to say.

use crate::compare::{Pair, pairs_of};
use payer_split::RuleBook;

const HANDBOOK: &str = include_str!("../../rules/README.en.md");

/// The blocks with this mark, each with the number of its first line.
fn blocks(mark: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut inside = false;
    for (number, line) in HANDBOOK.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(info) if info == format!("toml {mark}") => {
                inside = true;
                blocks.push((number + 2, String::new()));
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().unwrap().1 += &format!("{line}\n"),
            None => {}
        }
    }
    blocks
}

/// The prelude in pieces, one for each thing that it offers.
fn pieces(prelude: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    for line in prelude.lines() {
        if line.starts_with("[[") {
            pieces.push(String::new());
        }
        *pieces.last_mut().unwrap() += &format!("{line}\n");
    }
    pieces
}

/// Each fragment behind the prelude, without what it does not use of the prelude.
pub(crate) fn fragments() -> Vec<(String, Pair)> {
    let prelude = blocks("rule prelude").remove(0).1;
    let mut pairs = Vec::new();
    for (line, fragment) in blocks("step") {
        let mut pieces = pieces(&prelude);
        loop {
            let text = pieces.concat() + &fragment;
            match RuleBook::from_texts([("fragment", text.as_str())]) {
                Ok(book) => {
                    let pair = pairs_of(&book, &[text]).remove(0);
                    pairs.push((format!("handbook, line {line}"), pair));
                    break;
                }
                Err(problems) => {
                    let unused: Vec<usize> = problems
                        .errors()
                        .map(|problem| problem.line().unwrap())
                        .collect();
                    let before = pieces.len();
                    let mut first = 1;
                    pieces.retain(|piece| {
                        let last = first + piece.lines().count();
                        let keep = !unused.iter().any(|line| (first..last).contains(line));
                        first = last;
                        keep
                    });
                    assert!(pieces.len() < before, "{problems}");
                }
            }
        }
    }
    pairs
}
