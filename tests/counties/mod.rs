//! Rule files by the thousand, made from the shipped ones; for the bench of loading and the test of its memory.

use payer_split::RuleBook;
use std::collections::BTreeSet;

/// The files of at least so many counties, by name and text: copies of all shipped files, each copy with other ids and
/// regions. A copy is of eleven counties and provinces in 13 stated files, and with the assumptions over them in 26.
pub(crate) fn counties(count: usize, with_assumptions: bool) -> Vec<(String, String)> {
    let book = RuleBook::embedded();
    let ids: BTreeSet<&str> = book.policies().map(|policy| policy.id()).collect();
    let copies = 0..count.div_ceil(ids.len());
    copies
        .flat_map(|copy| copy_of_all(copy, &ids))
        .filter(|(name, _)| with_assumptions || !name.ends_with(".assumed.toml"))
        .collect()
}

fn copy_of_all(copy: usize, ids: &BTreeSet<&str>) -> impl Iterator<Item = (String, String)> {
    RuleBook::embedded_files().map(move |(path, text)| {
        let text = ids.iter().fold(text.to_owned(), |text, id| {
            text.replace(&format!("\"{id}\""), &format!("\"{id}-{copy}\""))
                .replace(&format!("\"{id}/"), &format!("\"{id}-{copy}/"))
        });
        let lines = text
            .lines()
            .map(|line| match line.starts_with("region = \"") {
                true => format!("region = \"{}\"\n", 100_000 + copy),
                false => format!("{line}\n"),
            });
        (format!("{copy}/{path}"), lines.collect())
    })
}

/// Files as loading takes them.
pub(crate) fn named(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let files = files.iter();
    files.map(|(name, text)| (name.as_str(), text.as_str()))
}
