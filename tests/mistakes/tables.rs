//! Slips in tables by tier, grade, place, disease or category, and in bands.

use super::{Edit, Kind, in_condition, kind, last, left_out, misspelt, under};
use crate::doc::{Doc, Place, Sort};

pub(super) const KINDS: &[Kind] = &[
    kind("table: an entry left out", |doc| {
        each(entries(doc), |entry| {
            (name(doc, entry) != "other").then(|| left_out(doc, entry))
        })
    }),
    kind("table: `other` left out", |doc| {
        each(entries(doc), |entry| {
            (name(doc, entry) == "other").then(|| left_out(doc, entry))
        })
    }),
    kind("table: an entry misspelt", |doc| {
        each(entries(doc), |entry| {
            let word = name(doc, entry);
            let wrong = misspelt(word).filter(|_| word != "other")?;
            Some(vec![(entry.key.clone(), wrong)])
        })
    }),
    kind("table: `other` misspelt", |doc| {
        each(entries(doc), |entry| {
            let is = name(doc, entry) == "other";
            is.then(|| vec![(entry.key.clone(), "others".to_owned())])
        })
    }),
    kind("table: an entry typed twice", |doc| {
        each(entries(doc), |entry| {
            let end = entry.value.end;
            let again = format!(", {}", &doc.text[entry.key.start..end]);
            doc.is_inline(entry).then(|| vec![(end..end, again)])
        })
    }),
    kind("table: two entries exchanged", |doc| {
        each(neighbours(doc), |(a, b)| exchanged(doc, a, b))
    }),
    kind("table: the neighbour's value", |doc| {
        each(neighbours(doc), |(a, b)| {
            let (one, two) = (doc.written(&a.value), doc.written(&b.value));
            (one != two).then(|| vec![(b.value.clone(), one.to_owned())])
        })
    }),
    kind("bands: a band left out", |doc| {
        each(bands(doc).into_iter().flatten(), |band| {
            Some(left_out(doc, band))
        })
    }),
    kind("bands: two bands exchanged", |doc| {
        each(pairs(doc), |(a, b)| exchanged(doc, a, b))
    }),
    kind("bands: the ratios of two bands exchanged", |doc| {
        each(pairs(doc), |(a, b)| {
            exchanged(doc, inside(doc, a, "ratio")?, inside(doc, b, "ratio")?)
        })
    }),
    kind("bands: two begin at one amount", |doc| {
        each(pairs(doc), |(a, b)| {
            let (a, b) = (inside(doc, a, "over")?, inside(doc, b, "over")?);
            Some(vec![(b.value.clone(), doc.written(&a.value).to_owned())])
        })
    }),
    kind("bands: a gap", |doc| {
        each(pairs(doc), |(a, _)| {
            let to = inside(doc, a, "to")?;
            let number: u64 = doc.written(&to.value).parse().ok()?;
            Some(vec![(to.value.clone(), (number - 1).to_string())])
        })
    }),
    kind("bands: no ratio", |doc| {
        each(bands(doc).into_iter().flatten(), |band| {
            Some(left_out(doc, inside(doc, band, "ratio")?))
        })
    }),
    kind("bands: no lower edge", |doc| {
        each(bands(doc).into_iter().flatten(), |band| {
            Some(left_out(doc, inside(doc, band, "over")?))
        })
    }),
    kind("bands: the first does not begin at zero", |doc| {
        each(bands(doc), |bands| {
            let over = inside(doc, bands.first()?, "over")?;
            let zero = doc.written(&over.value) == "0";
            zero.then(|| vec![(over.value.clone(), "1000".to_owned())])
        })
    }),
    kind("bands: the last one ends", |doc| {
        each(bands(doc), |bands| {
            let over = inside(doc, bands.last()?, "over")?;
            let number = doc.written(&over.value);
            let end = format!("{number}, to = {number}0");
            Some(vec![(over.value.clone(), end)])
        })
    }),
    kind("bands: only the first is kept", |doc| {
        each(bands(doc), |bands| {
            let rest = bands.first()?.value.end..bands.last()?.value.end;
            (!rest.is_empty()).then(|| vec![(rest, String::new())])
        })
    }),
];

/// What a table may go by.
const SUBJECTS: [&str; 11] = [
    "tier",
    "grade",
    "place",
    "category",
    "disease",
    "outpatient_disease",
    "care",
    "scheme",
    "hospital",
    "fee",
    "mark",
];

fn each<T>(of: impl IntoIterator<Item = T>, edit: impl Fn(T) -> Option<Edit>) -> Vec<Edit> {
    of.into_iter().filter_map(edit).collect()
}

/// Two values in each other's place, if they differ.
fn exchanged(doc: &Doc<'_>, a: &Place, b: &Place) -> Option<Edit> {
    let (one, two) = (doc.written(&a.value), doc.written(&b.value));
    let edit = vec![
        (a.value.clone(), two.to_owned()),
        (b.value.clone(), one.to_owned()),
    ];
    (one != two).then_some(edit)
}

/// The entries of tables by what a bill or a patient is.
fn entries<'d>(doc: &'d Doc<'_>) -> Vec<&'d Place> {
    let is_entry = |place: &&Place| {
        let parent = place.path.rsplit('.').nth(1).unwrap_or_default();
        SUBJECTS.contains(&parent)
            && under(place, &["step", "table", "limit"])
            && !in_condition(place)
    };
    doc.places.iter().filter(is_entry).collect()
}

fn name<'t>(doc: &Doc<'t>, entry: &Place) -> &'t str {
    doc.written(&entry.key)
}

/// Entries that stand side by side in one table.
fn neighbours<'d>(doc: &'d Doc<'_>) -> Vec<(&'d Place, &'d Place)> {
    let all = entries(doc);
    let parent = |place: &Place| Some(place.path.rsplit_once('.')?.0.to_owned());
    let beside = |(a, b): &(&Place, &Place)| {
        parent(a) == parent(b)
            && a.value.end < b.key.start
            && doc.text[a.value.end..b.key.start].trim() == ","
    };
    let pairs = all.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(beside).collect()
}

/// The bands of each step that has some.
fn bands<'d>(doc: &'d Doc<'_>) -> Vec<Vec<&'d Place>> {
    let lists = doc.places.iter();
    let lists = lists.filter(|place| place.sort == Sort::List && last(place) == "band");
    lists
        .map(|list| {
            list.inside
                .iter()
                .map(|&number| &doc.places[number])
                .collect()
        })
        .collect()
}

/// Bands that follow one another.
fn pairs<'d>(doc: &'d Doc<'_>) -> Vec<(&'d Place, &'d Place)> {
    let all = bands(doc);
    let pairs = all.iter().flat_map(|bands| bands.windows(2));
    pairs.map(|pair| (pair[0], pair[1])).collect()
}

/// The value of a key in an inline table.
fn inside<'d>(doc: &'d Doc<'_>, table: &Place, key: &str) -> Option<&'d Place> {
    let mut places = table.inside.iter().map(|&number| &doc.places[number]);
    places.find(|place| doc.written(&place.key) == key)
}
