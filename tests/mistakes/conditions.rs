//! Slips in conditions and in what a step covers.

use super::{
    Kind, in_condition, is_text, keys, kind, last, left_out, lines_left_out, misspelt, unquoted,
    values,
};
use crate::doc::{Place, Sort};

pub(super) const KINDS: &[Kind] = &[
    kind("condition: a key misspelt", |doc| {
        keys(doc, is_test, misspelt)
    }),
    kind("condition: a word misspelt", |doc| {
        values(doc, is_word, misspelt)
    }),
    kind("condition: a word in capitals", |doc| {
        values(doc, is_word, |word| Some(word.to_uppercase()))
    }),
    kind("condition: `_` for `-` in a word", |doc| {
        values(doc, is_word, |word| {
            word.contains('-').then(|| word.replace('-', "_"))
        })
    }),
    kind("condition: the quotes of a word left out", |doc| {
        values(doc, is_word, |word| unquoted(word).map(str::to_owned))
    }),
    kind("condition: a test left out", |doc| {
        let tests = doc.places.iter().filter(|place| is_test(place));
        let inline = tests.filter(|place| doc.is_inline(place));
        inline.map(|test| left_out(doc, test)).collect()
    }),
    kind("condition: left out", |doc| {
        lines_left_out(doc, |place| matches!(last(place), "when" | "unless"))
    }),
    kind("condition: `unless` for `when`", |doc| {
        let chosen = |place: &Place| last(place) == "when";
        keys(doc, chosen, |_| Some("unless".to_owned()))
    }),
    kind("condition: `when` for `unless`", |doc| {
        let chosen = |place: &Place| last(place) == "unless";
        keys(doc, chosen, |_| Some("when".to_owned()))
    }),
    kind("condition: the wrong way round", |doc| {
        values(doc, is_flag, |flag| Some((flag != "true").to_string()))
    }),
    kind("condition: yes or no in quotes", |doc| {
        values(doc, is_flag, |flag| Some(format!("\"{flag}\"")))
    }),
    kind("condition: 是 for true", |doc| {
        values(doc, is_flag, |_| Some("是".to_owned()))
    }),
    kind("condition: a number in quotes", |doc| {
        values(doc, is_number, |number| Some(format!("\"{number}\"")))
    }),
    kind("condition: a digit typed twice", |doc| {
        values(doc, is_number, |number| {
            Some(format!("{}{number}", &number[..1]))
        })
    }),
    kind("condition: the list as one text", |doc| {
        values(doc, is_list, |list| {
            let words = list.trim_matches(['[', ']']).replace('"', "");
            Some(format!("\"{words}\""))
        })
    }),
    kind("condition: a word left out of the list", |doc| {
        let chosen = |place: &&Place| in_condition(place) && place.path.ends_with("[]");
        let words = doc.places.iter().filter(chosen);
        words.map(|word| left_out(doc, word)).collect()
    }),
    kind("condition: an empty list", |doc| {
        values(doc, is_list, |_| Some("[]".to_owned()))
    }),
    kind("covers: left out", |doc| {
        lines_left_out(doc, |place| last(place) == "covers")
    }),
    kind("covers: a key misspelt", |doc| {
        let chosen = |place: &Place| in_covers(place) && !place.path.ends_with("[]");
        keys(doc, chosen, misspelt)
    }),
    kind("covers: a word misspelt", |doc| {
        values(doc, |place| in_covers(place) && is_text(place), misspelt)
    }),
    kind("covers: only what is in scope", |doc| {
        values(doc, in_covers, |parts| {
            (parts == "\"all\"").then(|| "[\"in-scope\"]".to_owned())
        })
    }),
    kind("covers: a word left out of the list", |doc| {
        let chosen = |place: &&Place| in_covers(place) && place.path.ends_with("[]");
        let words = doc.places.iter().filter(chosen);
        words.map(|word| left_out(doc, word)).collect()
    }),
];

/// A key of a condition with its value.
fn is_test(place: &Place) -> bool {
    let parent = place.path.rsplit('.').nth(1).unwrap_or_default();
    matches!(parent, "when" | "unless") && !place.path.ends_with("[]")
}

fn is_list(place: &Place) -> bool {
    is_test(place) && place.sort == Sort::List
}

fn is_word(place: &Place) -> bool {
    in_condition(place) && is_text(place)
}

fn is_flag(place: &Place) -> bool {
    place.sort == Sort::Flag && (in_condition(place) || last(place) == "waive")
}

fn is_number(place: &Place) -> bool {
    in_condition(place) && place.sort == Sort::Number
}

fn in_covers(place: &Place) -> bool {
    place.path.contains(".covers.")
}
