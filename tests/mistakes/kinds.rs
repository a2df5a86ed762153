//! The kinds of mistakes: each a small edit that a hand or an eye gets wrong, named in plain words.

mod conditions;
mod figures;
mod header;
mod steps;
mod tables;
mod typing;

use crate::doc::{Doc, Place, Section, Sort};
use std::ops::Range;

/// Pieces of the text with what takes their place, in the order of the text.
pub(crate) type Edit = Vec<(Range<usize>, String)>;

/// A mistake, and every way to make it in a file.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) edits: fn(&Doc<'_>) -> Vec<Edit>,
}

const fn kind(name: &'static str, edits: fn(&Doc<'_>) -> Vec<Edit>) -> Kind {
    Kind { name, edits }
}

pub(crate) fn all() -> impl Iterator<Item = &'static Kind> {
    let groups = [
        figures::RATIOS,
        figures::AMOUNTS,
        tables::KINDS,
        conditions::KINDS,
        steps::KINDS,
        header::KINDS,
        typing::KINDS,
    ];
    groups.into_iter().flatten()
}

/// The text with the mistake in it.
pub(crate) fn apply(text: &str, edit: &Edit) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (range, new) in edit {
        out += &text[at..range.start];
        out += new;
        at = range.end;
    }
    out + &text[at..]
}

/// One edit at each value that is chosen: what is written becomes something else.
fn values(
    doc: &Doc<'_>,
    chosen: impl Fn(&Place) -> bool,
    to: impl Fn(&str) -> Option<String>,
) -> Vec<Edit> {
    let places = doc.places.iter().filter(|place| chosen(place));
    places
        .filter_map(|place| Some(vec![(place.value.clone(), to(doc.written(&place.value))?)]))
        .collect()
}

/// The same for keys.
fn keys(
    doc: &Doc<'_>,
    chosen: impl Fn(&Place) -> bool,
    to: impl Fn(&str) -> Option<String>,
) -> Vec<Edit> {
    let places = doc.places.iter().filter(|place| chosen(place));
    places
        .filter_map(|place| Some(vec![(place.key.clone(), to(doc.written(&place.key))?)]))
        .collect()
}

/// One edit at each section of a path.
fn sections(doc: &Doc<'_>, path: &str, edit: impl Fn(&Section) -> Option<Edit>) -> Vec<Edit> {
    let sections = doc.sections.iter().filter(|section| section.path == path);
    sections.filter_map(edit).collect()
}

/// The lines of a value left out. Values inside others have no lines of their own.
fn lines_left_out(doc: &Doc<'_>, chosen: impl Fn(&Place) -> bool) -> Vec<Edit> {
    let places = doc.places.iter().filter(|place| chosen(place));
    places
        .filter(|place| !doc.is_inline(place))
        .map(|place| {
            let start = doc.line(place.key.start).start;
            let end = doc.line(place.value.end.max(start + 1) - 1).end;
            vec![(start..end, String::new())]
        })
        .collect()
}

/// An element of a list or an entry of a table left out, with its comma.
fn left_out(doc: &Doc<'_>, place: &Place) -> Edit {
    let start = match place.path.ends_with("[]") || place.value.start < place.key.start {
        true => place.value.start,
        false => entry_start(doc, place),
    };
    let after = &doc.text[place.value.end..];
    let spaces = after.len() - after.trim_start().len();
    if after[spaces..].starts_with(',') {
        let end = place.value.end + spaces + 1;
        let blank = doc.text[end..].len() - doc.text[end..].trim_start_matches(' ').len();
        return vec![(start..end + blank, String::new())];
    }
    let before = doc.text[..start].trim_end();
    let start = match before.ends_with(',') {
        true => before.len() - 1,
        false => start,
    };
    vec![(start..place.value.end, String::new())]
}

/// Where an entry begins: at its first key, where several are joined by dots.
fn entry_start(doc: &Doc<'_>, place: &Place) -> usize {
    let before = doc.text[..place.key.start]
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "._-\"".contains(c));
    before.len()
}

/// A word without its fourth letter, or with one more where it is short.
fn misspelt(word: &str) -> Option<String> {
    let (quote, bare) = match word
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'))
    {
        Some(bare) => ("\"", bare),
        None => ("", word),
    };
    if bare.is_empty() {
        return None;
    }
    let mut letters: Vec<char> = bare.chars().collect();
    match letters.len() > 4 {
        true => drop(letters.remove(3)),
        false => letters.push('x'),
    }
    Some(format!(
        "{quote}{}{quote}",
        letters.into_iter().collect::<String>()
    ))
}

/// What stands between the quotes.
fn unquoted(written: &str) -> Option<&str> {
    written.strip_prefix('"')?.strip_suffix('"')
}

/// The last key of a path.
fn last(place: &Place) -> &str {
    let path = place.path.trim_end_matches("[]");
    path.rsplit('.').next().unwrap_or_default()
}

/// Whether the value is part of a condition.
fn in_condition(place: &Place) -> bool {
    place
        .path
        .split('.')
        .any(|key| matches!(key.trim_end_matches("[]"), "when" | "unless"))
}

/// Whether the value is under one of these top keys.
fn under(place: &Place, tops: &[&str]) -> bool {
    tops.contains(
        &place
            .path
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_end_matches("[]"),
    )
}

fn is_text(place: &Place) -> bool {
    place.sort == Sort::Text
}
