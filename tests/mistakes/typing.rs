//! Slips of the keyboard: quotes, brackets, commas, keys.

use super::{Edit, Kind, is_text, keys, kind, lines_left_out, misspelt, unquoted, values};
use crate::doc::{Doc, Place, Sort};

pub(super) const KINDS: &[Kind] = &[
    kind("typing: a key misspelt", |doc| {
        keys(doc, |place| own_line(doc, place), misspelt)
    }),
    kind("typing: a key in capitals", |doc| {
        keys(
            doc,
            |place| own_line(doc, place),
            |key| Some(format!("{}{}", key[..1].to_uppercase(), &key[1..])),
        )
    }),
    kind("typing: a line twice", |doc| {
        at_lines(doc, |line| Some(format!("{line}{line}")))
    }),
    kind("typing: `=` left out", |doc| {
        at_lines(doc, |line| {
            line.contains(" = ").then(|| line.replacen(" = ", " ", 1))
        })
    }),
    kind("typing: `:` for `=`", |doc| {
        at_lines(doc, |line| {
            line.contains(" = ").then(|| line.replacen(" = ", ": ", 1))
        })
    }),
    kind("typing: full-width `＝`", |doc| {
        at_lines(doc, |line| {
            line.contains(" = ")
                .then(|| line.replacen(" = ", " ＝ ", 1))
        })
    }),
    kind("typing: full-width space before `=`", |doc| {
        at_lines(doc, |line| {
            line.contains(" = ")
                .then(|| line.replacen(" = ", "\u{3000}= ", 1))
        })
    }),
    kind("typing: full-width comma", |doc| {
        at_lines(doc, |line| {
            line.contains(", ").then(|| line.replacen(", ", "，", 1))
        })
    }),
    kind("typing: a comma left out", |doc| {
        at_lines(doc, |line| {
            line.contains("\", ")
                .then(|| line.replacen("\", ", "\" ", 1))
        })
    }),
    kind("typing: a value left out", |doc| {
        values(doc, |place| own_line(doc, place), |_| Some(String::new()))
    }),
    kind("typing: a closing quote left out", |doc| {
        values(
            doc,
            |place| is_text(place) && own_line(doc, place),
            |text| Some(text.trim_end_matches('"').to_owned()),
        )
    }),
    kind("typing: Chinese quotes", |doc| {
        values(doc, is_text, |text| Some(format!("“{}”", unquoted(text)?)))
    }),
    kind("typing: full-width quotes", |doc| {
        values(doc, is_text, |text| {
            Some(format!("＂{}＂", unquoted(text)?))
        })
    }),
    kind("typing: a space inside the quotes", |doc| {
        values(doc, is_word, |text| {
            Some(format!("\"{} \"", unquoted(text)?))
        })
    }),
    kind("typing: a closing brace left out", |doc| {
        values(
            doc,
            |place| place.sort == Sort::Table,
            |table| Some(table.trim_end_matches('}').to_owned()),
        )
    }),
    kind("typing: a closing bracket left out", |doc| {
        values(
            doc,
            |place| place.sort == Sort::List,
            |list| Some(list.trim_end_matches(']').to_owned()),
        )
    }),
    kind("typing: a bracket of a header left out", |doc| {
        headers(doc, |header| {
            header.strip_suffix("]]").map(|open| format!("{open}]"))
        })
    }),
    kind("typing: one pair of brackets for two", |doc| {
        headers(doc, |header| {
            let name = header.strip_prefix("[[")?.strip_suffix("]]")?;
            Some(format!("[{name}]"))
        })
    }),
    kind("typing: two pairs of brackets for one", |doc| {
        headers(doc, |header| {
            (!header.starts_with("[[")).then(|| format!("[{header}]"))
        })
    }),
    kind("typing: a header in the plural", |doc| {
        headers(doc, |header| {
            let brackets = header.len() - header.trim_end_matches(']').len();
            let open = header.trim_end_matches(']');
            Some(format!("{open}s{}", "]".repeat(brackets)))
        })
    }),
    kind("typing: a header left out", |doc| {
        headers(doc, |_| Some(String::new()))
    }),
    kind("typing: full-width brackets of a header", |doc| {
        headers(doc, |header| {
            Some(header.replace('[', "【").replace(']', "】"))
        })
    }),
    kind("typing: a comment without `#`", |doc| {
        let starts = doc.text.match_indices("\n# ");
        starts
            .map(|(at, _)| vec![(at + 1..at + 3, String::new())])
            .collect()
    }),
    kind("typing: a line commented out", |doc| {
        lines_left_out(doc, |place| {
            !matches!(super::last(place), "name_en" | "note")
        })
    }),
    kind("typing: the rest of the file lost", |doc| {
        let starts = doc
            .sections
            .iter()
            .skip(1)
            .map(|section| section.header.start);
        starts
            .map(|at| vec![(at..doc.text.len(), String::new())])
            .collect()
    }),
    kind("typing: a tab before a key", |doc| {
        at_lines(doc, |line| Some(format!("\t{line}")))
    }),
    kind("typing: blanks at the end of a line", |doc| {
        at_lines(doc, |line| Some(format!("{}  \n", line.trim_end())))
    }),
    kind("typing: line ends of Windows", |doc| {
        vec![vec![(0..doc.text.len(), doc.text.replace('\n', "\r\n"))]]
    }),
    kind("typing: a mark of byte order", |doc| {
        vec![
            vec![(0..0, "\u{feff}".to_owned())],
            vec![(doc.text.len()..doc.text.len(), "\n\u{1a}".to_owned())],
        ]
    }),
];

fn own_line(doc: &Doc<'_>, place: &Place) -> bool {
    !doc.is_inline(place)
}

/// Texts that are words or ids, not names, titles or remarks.
fn is_word(place: &Place) -> bool {
    let free = [
        "name",
        "name_en",
        "title",
        "publisher",
        "note",
        "clause",
        "text",
        "text_en",
        "reason",
        "reason_en",
        "version",
        "code",
    ];
    is_text(place) && !free.contains(&super::last(place))
}

/// One edit at each line of a key.
fn at_lines(doc: &Doc<'_>, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    let places = doc.places.iter().filter(|place| own_line(doc, place));
    places
        .filter_map(|place| {
            let line = doc.line(place.key.start);
            let new = to(doc.written(&line))?;
            Some(vec![(line, new)])
        })
        .collect()
}

fn headers(doc: &Doc<'_>, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    let sections = doc.sections.iter();
    sections
        .filter_map(|section| {
            Some(vec![(
                section.header.clone(),
                to(doc.written(&section.header))?,
            )])
        })
        .collect()
}
