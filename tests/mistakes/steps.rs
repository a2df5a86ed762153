//! Slips in steps, their payers, limits, adjustments and guarantees.

use super::{Edit, Kind, kind, last, lines_left_out, misspelt, sections, under, unquoted, values};
use crate::doc::{Doc, Place, Section, Sort};

pub(super) const KINDS: &[Kind] = &[
    kind("step: left out", |doc| dropped(doc, "step")),
    kind("step: typed twice", |doc| twice(doc, "step")),
    kind("step: exchanged with the next", |doc| swapped(doc, "step")),
    kind("step: its id misspelt", |doc| ids(doc, "step.id")),
    kind("step: the id of another", |doc| neighbours(doc, "step.id")),
    kind("step: the name left out", |doc| lines(doc, "step.name")),
    kind("step: the payer left out", |doc| lines(doc, "step.payer")),
    kind("step: the payer misspelt", |doc| ids(doc, "step.payer")),
    kind("step: the payer of another step", |doc| {
        neighbours(doc, "step.payer")
    }),
    kind("step: the source left out", |doc| lines(doc, "step.source")),
    kind("step: the source misspelt", |doc| ids(doc, "step.source")),
    kind("step: the deductible left out", |doc| {
        let mut edits = lines(doc, "step.deductible");
        edits.extend(dropped(doc, "step.deductible"));
        edits
    }),
    kind("step: the ratio left out", |doc| {
        let mut edits = lines(doc, "step.ratio");
        edits.extend(lines(doc, "step.ratio.tier"));
        edits.extend(dropped(doc, "step.ratio"));
        edits
    }),
    kind("step: the place in the order misspelt", |doc| {
        let mut edits = ids(doc, "step.before");
        edits.extend(ids(doc, "step.after"));
        edits
    }),
    kind("step: the place in the order left out", |doc| {
        let mut edits = lines(doc, "step.before");
        edits.extend(lines(doc, "step.after"));
        edits
    }),
    kind("step: a table of another name", |doc| {
        let chosen = |place: &Place| last(place) == "table" && place.sort == Sort::Text;
        values(doc, chosen, misspelt)
    }),
    kind("step: what it pays on misspelt", |doc| {
        ids(doc, "step.base.of")
    }),
    kind("step: what it pays on left out", |doc| {
        lines(doc, "step.base")
    }),
    kind("guarantee: left out", |doc| {
        let mut edits = lines(doc, "step.guarantee");
        edits.extend(dropped(doc, "step.guarantee"));
        edits
    }),
    kind("guarantee: of another sum", |doc| {
        at(doc, "step.guarantee.of", |of| match of {
            "\"total\"" => Some("\"in-scope\"".to_owned()),
            "\"in-scope\"" => Some("\"total\"".to_owned()),
            _ => None,
        })
    }),
    kind("guarantee: of a sum misspelt", |doc| {
        ids(doc, "step.guarantee.of")
    }),
    kind("guarantee: over 100 %", |doc| {
        let chosen = |place: &Place| place.path.starts_with("step.guarantee.ratio");
        values(doc, chosen, |ratio| {
            Some(format!("\"1{}", unquoted(ratio)?)).map(|ratio| ratio + "\"")
        })
    }),
    kind("bands: counted from another edge", |doc| {
        at(doc, "step.bands.scale", |scale| match scale {
            "\"absolute\"" => Some("\"above-deductible\"".to_owned()),
            _ => Some("\"absolute\"".to_owned()),
        })
    }),
    kind("bands: per bill instead of per year", |doc| {
        let mut edits = other_period(doc, "step.bands.per");
        edits.extend(lines(doc, "step.bands.scale"));
        edits
    }),
    kind("deductible: per bill instead of per year", |doc| {
        other_period(doc, "step.deductible.per")
    }),
    kind("limit: left out", |doc| dropped(doc, "step.limit")),
    kind("limit: typed twice", |doc| twice(doc, "step.limit")),
    kind("limit: its id misspelt", |doc| ids(doc, "step.limit.id")),
    kind("limit: the amount left out", |doc| {
        lines(doc, "step.limit.amount")
    }),
    kind("limit: the period misspelt", |doc| {
        ids(doc, "step.limit.per")
    }),
    kind("limit: the other period", |doc| {
        other_period(doc, "step.limit.per")
    }),
    kind("limit: on another sum", |doc| {
        at(doc, "step.limit.on", |on| match on {
            "\"payment\"" => Some("\"cost\"".to_owned()),
            _ => Some("\"payment\"".to_owned()),
        })
    }),
    kind("limit: a shared one misspelt", |doc| {
        ids(doc, "step.shared_limits[]")
    }),
    kind("limit: a shared one left out", |doc| {
        lines(doc, "step.shared_limits")
    }),
    kind("limit: one yuan", |doc| {
        at(doc, "step.limit.amount", |_| Some("1".to_owned()))
    }),
    kind("adjust: left out", |doc| dropped(doc, "step.adjust")),
    kind("adjust: typed twice", |doc| twice(doc, "step.adjust")),
    kind("adjust: twice with another id", |doc| {
        sections(doc, "step.adjust", |section| {
            let text = doc.written(&section.whole);
            let again = text.replacen("id = \"", "id = \"again-", 1);
            let end = section.whole.end;
            (again != text).then(|| vec![(end..end, format!("\n{again}"))])
        })
    }),
    kind("adjust: exchanged with the next", |doc| {
        swapped(doc, "step.adjust")
    }),
    kind("adjust: the id misspelt", |doc| ids(doc, "step.adjust.id")),
    kind("adjust: the figure misspelt", |doc| {
        ids(doc, "step.adjust.figure")
    }),
    kind("adjust: another figure", |doc| {
        at(doc, "step.adjust.figure", |figure| match figure {
            "\"ratio\"" => Some("\"deductible\"".to_owned()),
            _ => Some("\"ratio\"".to_owned()),
        })
    }),
    kind("adjust: `multiply` for `add`", |doc| {
        change(doc, "add", "multiply")
    }),
    kind("adjust: `subtract` for `add`", |doc| {
        change(doc, "add", "subtract")
    }),
    kind("adjust: `set` for `add`", |doc| change(doc, "add", "set")),
    kind("adjust: `add` for `multiply`", |doc| {
        change(doc, "multiply", "add")
    }),
    kind("adjust: `add` for `subtract`", |doc| {
        change(doc, "subtract", "add")
    }),
    kind("adjust: `add` for `set`", |doc| change(doc, "set", "add")),
    kind("adjust: moved to the next step", |doc| {
        sections(doc, "step.adjust", |section| {
            let next = next(doc, "step", doc.around("step", section.whole.start)?)?;
            let text = format!("\n{}", doc.written(&section.whole));
            Some(vec![
                (section.whole.clone(), String::new()),
                (next.whole.end..next.whole.end, text),
            ])
        })
    }),
    kind("limit: moved to the next step", |doc| {
        sections(doc, "step.limit", |section| {
            let next = next(doc, "step", doc.around("step", section.whole.start)?)?;
            let text = format!("\n{}", doc.written(&section.whole));
            Some(vec![
                (section.whole.clone(), String::new()),
                (next.whole.end..next.whole.end, text),
            ])
        })
    }),
    kind("step: a key below its limit", |doc| {
        sections(doc, "step.limit", |section| {
            let step = doc.around("step", section.whole.start)?;
            let mut keys = doc.places.iter().filter(|place| {
                let own = step.own.contains(&place.key.start) && !doc.is_inline(place);
                own && matches!(last(place), "ratio" | "deductible" | "when" | "payer")
            });
            let line = doc.line(keys.next()?.key.start);
            let text = doc.written(&line).to_owned();
            let end = section.own.end;
            Some(vec![(line, String::new()), (end..end, text)])
        })
    }),
    kind("benefit: left out", |doc| dropped(doc, "benefit")),
    kind("benefit: typed twice", |doc| twice(doc, "benefit")),
];

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

/// The next section of the same path that stands in the same one above it.
fn next<'d>(doc: &'d Doc<'_>, path: &str, section: &Section) -> Option<&'d Section> {
    let mut later = doc.sections.iter();
    let found = later.find(|other| {
        let after = other.whole.start >= section.whole.end;
        after && (other.path == path || !other.path.starts_with(path))
    })?;
    (found.path == path).then_some(found)
}

fn swapped(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    sections(doc, path, |section| {
        let after = next(doc, path, section)?;
        // Neighbours only: nothing but blanks and comments between them.
        let between = &doc.text[section.whole.end..after.whole.start];
        let blank = |line: &str| line.trim().is_empty() || line.starts_with('#');
        between.lines().all(blank).then(|| {
            vec![
                (section.whole.clone(), doc.written(&after.whole).to_owned()),
                (after.whole.clone(), doc.written(&section.whole).to_owned()),
            ]
        })
    })
}

fn at(doc: &Doc<'_>, path: &str, to: impl Fn(&str) -> Option<String>) -> Vec<Edit> {
    values(doc, |place| place.path == path, to)
}

fn ids(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    at(doc, path, misspelt)
}

fn lines(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    lines_left_out(doc, |place| place.path == path)
}

/// The value of the one before in the place of each that differs from it.
fn neighbours(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    let all: Vec<&Place> = doc
        .places
        .iter()
        .filter(|place| place.path == path)
        .collect();
    let pairs = all.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|(a, b)| doc.written(&a.value) != doc.written(&b.value))
        .map(|(a, b)| vec![(b.value.clone(), doc.written(&a.value).to_owned())])
        .collect()
}

fn other_period(doc: &Doc<'_>, path: &str) -> Vec<Edit> {
    at(doc, path, |per| match per {
        "\"year\"" => Some("\"bill\"".to_owned()),
        _ => Some("\"year\"".to_owned()),
    })
}

/// One sort of change for another in adjustments.
fn change(doc: &Doc<'_>, from: &str, to: &str) -> Vec<Edit> {
    let chosen = |place: &Place| {
        under(place, &["step", "table"]) && place.path.contains(".adjust.") && last(place) == from
    };
    super::keys(doc, chosen, |_| Some(to.to_owned()))
}
