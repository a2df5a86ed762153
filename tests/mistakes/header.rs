//! Slips in the header, sources, payers, words, diseases and lists.

use super::{
    Edit, Kind, is_text, kind, last, left_out, lines_left_out, misspelt, sections, unquoted, values,
};
use crate::doc::{Doc, Place, Sort};

pub(super) const KINDS: &[Kind] = &[
    kind("header: no id", |doc| lines(doc, "policy.id")),
    kind("header: no version", |doc| lines(doc, "policy.version")),
    kind("header: no name", |doc| lines(doc, "policy.name")),
    kind("header: no first day", |doc| lines(doc, "policy.from")),
    kind("header: no last day", |doc| lines(doc, "policy.to")),
    kind("header: no layer", |doc| lines(doc, "policy.layer")),
    kind("header: the id misspelt", |doc| {
        at(doc, "policy.id", misspelt)
    }),
    kind("header: the version without quotes", |doc| {
        at(doc, "policy.version", |version| {
            unquoted(version).map(str::to_owned)
        })
    }),
    kind("header: the layer misspelt", |doc| {
        at(doc, "policy.layer", misspelt)
    }),
    kind("header: a file to extend misspelt", |doc| {
        values(doc, extends, misspelt)
    }),
    kind("header: extends nothing", |doc| {
        lines(doc, "policy.extends")
    }),
    kind("header: extends itself", |doc| {
        let id = doc.places.iter().find(|place| place.path == "policy.id");
        let version = doc
            .places
            .iter()
            .find(|place| place.path == "policy.version");
        let (Some(id), Some(version)) = (id, version) else {
            return Vec::new();
        };
        let name = |place: &Place| unquoted(doc.written(&place.value)).unwrap_or_default();
        let line = format!("extends = \"{}/{}\"\n", name(id), name(version));
        let start = doc.line(id.key.start).start;
        let extended = doc.places.iter().any(extends);
        match extended {
            true => values(doc, extends, |_| {
                Some(line.trim_start_matches("extends = ").trim().to_owned())
            }),
            false => vec![vec![(start..start, line)]],
        }
    }),
    kind("header: first and last day exchanged", |doc| {
        let place = |path: &str| doc.places.iter().find(|place| place.path == path);
        match (place("policy.from"), place("policy.to")) {
            (Some(from), Some(to)) if to.sort == Sort::Date => vec![vec![
                (from.value.clone(), doc.written(&to.value).to_owned()),
                (to.value.clone(), doc.written(&from.value).to_owned()),
            ]],
            _ => Vec::new(),
        }
    }),
    kind("header: from a year later", |doc| {
        year(doc, "policy.from", 1)
    }),
    kind("header: from a year earlier", |doc| {
        year(doc, "policy.from", -1)
    }),
    kind("header: to a year later", |doc| year(doc, "policy.to", 1)),
    kind("header: to a year earlier", |doc| {
        year(doc, "policy.to", -1)
    }),
    kind("header: a digit of the region left out", |doc| {
        at(doc, "policy.region", |code| {
            let digits = unquoted(code).filter(|code| code.parse::<u32>().is_ok())?;
            Some(format!("\"{}\"", &digits[..5]))
        })
    }),
    kind("header: the region without quotes", |doc| {
        at(doc, "policy.region", |code| {
            let digits = unquoted(code).filter(|code| code.parse::<u32>().is_ok())?;
            Some(digits.to_owned())
        })
    }),
    kind("date: a day that is not in the calendar", |doc| {
        dates(doc, |date| Some(format!("{}-02-30", date.get(..4)?)))
    }),
    kind("date: in quotes", |doc| {
        dates(doc, |date| Some(format!("\"{date}\"")))
    }),
    kind("date: with slashes", |doc| {
        dates(doc, |date| Some(date.replace('-', "/")))
    }),
    kind("date: in Chinese", |doc| {
        dates(doc, |date| {
            Some(format!(
                "{}年{}月{}日",
                date.get(..4)?,
                date.get(5..7)?,
                date.get(8..)?
            ))
        })
    }),
    kind("source: left out", |doc| dropped(doc, "source")),
    kind("source: the id misspelt", |doc| {
        at(doc, "source.id", misspelt)
    }),
    kind("source: no title between the quotes", |doc| {
        at(doc, "source.title", |_| Some("\"\"".to_owned()))
    }),
    kind("source: no date", |doc| lines(doc, "source.date")),
    kind("source: cited by another id", |doc| {
        let chosen =
            |place: &Place| last(place) == "source" && !place.path.starts_with("step.source");
        values(doc, chosen, misspelt)
    }),
    kind("certainty: misspelt", |doc| {
        values(doc, |place| last(place) == "certainty", misspelt)
    }),
    kind("payer: left out", |doc| dropped(doc, "payer")),
    kind("payer: typed twice", |doc| twice(doc, "payer")),
    kind("payer: the id misspelt", |doc| {
        at(doc, "payer.id", misspelt)
    }),
    kind("payer: the kind misspelt", |doc| {
        at(doc, "payer.kind", misspelt)
    }),
    kind("payer: nobody pays by it", |doc| {
        sections(doc, "payer", |section| {
            let text = doc.written(&section.whole);
            let fresh = text.replacen("id = \"", "id = \"new-", 1);
            let end = section.whole.end;
            Some(vec![(end..end, format!("\n{fresh}"))])
        })
    }),
    kind("word: left out", |doc| dropped(doc, "term")),
    kind("word: the id misspelt", |doc| at(doc, "term.id", misspelt)),
    kind("word: of another sort", |doc| at(doc, "term.of", misspelt)),
    kind("word: not of the poor", |doc| {
        at(doc, "term.poverty", |_| Some("false".to_owned()))
    }),
    kind("group: left out", |doc| dropped(doc, "group")),
    kind("group: a category misspelt", |doc| {
        at(doc, "group.categories[]", misspelt)
    }),
    kind("group: a category left out", |doc| {
        elements(doc, "group.categories[]")
    }),
    kind("group: empty", |doc| {
        at(doc, "group.categories", |_| Some("[]".to_owned()))
    }),
    kind("group: nothing uses it", |doc| {
        sections(doc, "group", |section| {
            let text = doc.written(&section.whole);
            let fresh = text.replacen("id = \"", "id = \"new-", 1);
            let end = section.whole.end;
            Some(vec![(end..end, format!("\n{fresh}"))])
        })
    }),
    kind("disease: left out", |doc| dropped(doc, "disease")),
    kind("disease: the id misspelt", |doc| {
        at(doc, "disease.id", misspelt)
    }),
    kind("disease: O for 0 in a code", |doc| {
        at(doc, "disease.icd10[]", |code| {
            code.contains('0').then(|| code.replacen('0', "O", 1))
        })
    }),
    kind("disease: a digit of a code left out", |doc| {
        at(doc, "disease.icd10[]", |code| {
            Some(format!("{}{}", code.get(..2)?, code.get(3..)?))
        })
    }),
    kind("disease: a code in small letters", |doc| {
        at(doc, "disease.icd10[]", |code| Some(code.to_lowercase()))
    }),
    kind("disease: the ends of a range exchanged", |doc| {
        at(doc, "disease.icd10[]", |code| {
            let (first, last) = unquoted(code)?.split_once('-')?;
            Some(format!("\"{last}-{first}\""))
        })
    }),
    kind("disease: only the first code of a range", |doc| {
        at(doc, "disease.icd10[]", |code| {
            let (first, _) = unquoted(code)?.split_once('-')?;
            Some(format!("\"{first}\""))
        })
    }),
    kind("disease: the next code", |doc| {
        at(doc, "disease.icd10[]", |code| {
            let digit = code.get(3..4)?.parse::<u32>().ok()?;
            Some(format!("{}{}{}", &code[..3], (digit + 1) % 10, &code[4..]))
        })
    }),
    kind("disease: a code left out", |doc| {
        elements(doc, "disease.icd10[]")
    }),
    kind("disease: an outpatient disease misspelt", |doc| {
        at(doc, "disease.outpatient[]", misspelt)
    }),
    kind("disease: an outpatient disease left out", |doc| {
        elements(doc, "disease.outpatient[]")
    }),
    kind("list: a disease misspelt", |doc| {
        at(doc, "disease_list.diseases[]", misspelt)
    }),
    kind("list: a disease left out", |doc| {
        elements(doc, "disease_list.diseases[]")
    }),
    kind("list: empty", |doc| {
        at(doc, "disease_list.diseases", |_| Some("[]".to_owned()))
    }),
    kind("list: left out", |doc| dropped(doc, "disease_list")),
    kind("shared limit: left out", |doc| dropped(doc, "limit")),
    kind("shared limit: the id misspelt", |doc| {
        at(doc, "limit.id", misspelt)
    }),
    kind("shared table: left out", |doc| dropped(doc, "table")),
    kind("shared table: the kind misspelt", |doc| {
        at(doc, "table.kind", misspelt)
    }),
    kind("left out: forgotten", |doc| dropped(doc, "left_out")),
];

fn at(doc: &Doc<'_>, path: &str, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    values(doc, |place| place.path == path, to)
}

fn lines(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    lines_left_out(doc, |place| place.path == path)
}

fn dropped(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    sections(doc, path, |section| {
        Some(vec![(section.whole.clone(), String::new())])
    })
}

fn twice(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    sections(doc, path, |section| {
        let end = section.whole.end;
        let text = format!("\n{}", doc.written(&section.whole));
        Some(vec![(end..end, text)])
    })
}

fn elements(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    let places = doc.places.iter().filter(|place| place.path == path);
    places.map(|place| left_out(doc, place)).collect()
}

fn extends(place: &Place) -> bool {
    last(place) == "extends" && is_text(place)
}

fn dates(doc: &Doc<'_>, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    values(doc, |place| place.sort == Sort::Date, to)
}

fn year(doc: &Doc<'_>, path: &str, by: i32) -> Vec<Edit> {
    at(doc, path, |date| {
        let year: i32 = date.get(..4)?.parse().ok()?;
        Some(format!("{}{}", year + by, &date[4..]))
    })
}
