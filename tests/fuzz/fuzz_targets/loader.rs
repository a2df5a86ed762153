//! Any bytes as rule files and as a case file: loading refuses or takes them, and says what is wrong in print.

#![no_main]

use libfuzzer_sys::fuzz_target;
use payer_split::check::Project;
use payer_split::{Case, Diagnostics, RuleBook};

/// A line of its own between the files of one project.
const BETWEEN: &[u8] = b"\n###\n";

/// Files that load are checked as a project too if they are this small: checking settles many bills.
const CHECKED: usize = 6_000;

fuzz_target!(|bytes: &[u8]| {
    let files: Vec<(String, &[u8])> = split(bytes)
        .into_iter()
        .zip(1..)
        .map(|(file, number)| (format!("{number}.toml"), file))
        .collect();
    match RuleBook::from_bytes(files.iter().map(|(name, file)| (name.as_str(), *file))) {
        Ok(book) => {
            show(book.warnings());
            if bytes.len() <= CHECKED {
                let files = files
                    .iter()
                    .map(|(name, file)| (name.clone(), file.to_vec()));
                show(Project::from_bytes(files).check().diagnostics());
            }
        }
        Err(problems) => {
            assert!(problems.has_errors());
            show(&problems);
        }
    }
    if let Err(problems) = Case::read_bytes("1.cases.toml", bytes) {
        assert!(problems.has_errors());
        show(&problems);
    }
});

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|here| here == BETWEEN) {
        files.push(&rest[..=at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    files.push(rest);
    files
}

/// Prints every problem, and asks for all that it tells about itself.
fn show(problems: &Diagnostics) {
    assert!(problems.is_empty() || !problems.to_string().is_empty());
    for problem in problems.iter() {
        assert!(!problem.message().is_empty());
        assert!(!problem.short().is_empty());
        assert_eq!(problem.line().is_some(), problem.column().is_some());
        for label in problem.other_places() {
            assert!(!label.file().is_empty());
        }
    }
}
