//! A rule file as text with the places in it at which a hand can slip: values, keys, and sections.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A rule file's text.
pub(crate) struct Doc<'a> {
    pub(crate) text: &'a str,
    /// Values that are not sections, with those inside them, in the order of the text.
    pub(crate) places: Vec<Place>,
    /// What stands below each header.
    pub(crate) sections: Vec<Section>,
}

/// A value, and the key that it has.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The keys that lead to it, such as `step.ratio.tier.county`; for an element of a list, those of the list and `[]`.
    pub(crate) path: String,
    /// The last of the keys.
    pub(crate) key: Range<usize>,
    pub(crate) value: Range<usize>,
    pub(crate) sort: Sort,
    /// The values in it, by their numbers in the list of places.
    pub(crate) inside: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Text,
    Number,
    Flag,
    Date,
    List,
    Table,
}

/// The lines of a header and of what belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// Such as `step.limit`.
    pub(crate) path: String,
    /// The header's line, without its end.
    pub(crate) header: Range<usize>,
    /// From the header to the last line of its own keys.
    pub(crate) own: Range<usize>,
    /// The same with the sections below it.
    pub(crate) whole: Range<usize>,
}

impl<'a> Doc<'a> {
    pub(crate) fn new(text: &'a str) -> Doc<'a> {
        let root = DeTable::parse(text).expect("the rule file as it stands is TOML");
        let sections = sections(text);
        let mut doc = Doc {
            text,
            places: Vec::new(),
            sections,
        };
        doc.table(root.get_ref(), "");
        doc
    }

    pub(crate) fn written(&self, range: &Range<usize>) -> &'a str {
        &self.text[range.clone()]
    }

    /// Whether the value stands inside a list or a table, not on lines of its own.
    pub(crate) fn is_inline(&self, place: &Place) -> bool {
        let start = self.line(place.key.start).start;
        let before = &self.text[start..place.key.start];
        let keys = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        place.path.ends_with(']') || !before.chars().all(keys)
    }

    /// The line that holds this byte, with its end.
    pub(crate) fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |end| at + end + 1);
        start..end
    }

    /// The section of this path with everything below it that holds this byte.
    pub(crate) fn around(&self, path: &str, at: usize) -> Option<&Section> {
        self.sections
            .iter()
            .find(|section| section.path == path && section.whole.contains(&at))
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str) -> Vec<usize> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut inside = Vec::new();
        for (key, value) in entries {
            let name = key.get_ref();
            let path = match path {
                "" => name.to_string(),
                path => format!("{path}.{name}"),
            };
            inside.extend(self.value(value, &path, key.span()));
        }
        inside
    }

    fn value(
        &mut self,
        node: &Spanned<DeValue<'_>>,
        path: &str,
        key: Range<usize>,
    ) -> Option<usize> {
        let value = node.span();
        let sort = match node.get_ref() {
            DeValue::String(_) => Sort::Text,
            DeValue::Integer(_) | DeValue::Float(_) => Sort::Number,
            DeValue::Boolean(_) => Sort::Flag,
            DeValue::Datetime(_) => Sort::Date,
            DeValue::Array(_) => Sort::List,
            DeValue::Table(_) => Sort::Table,
        };
        // Sections and dotted keys have no value of their own; only what is in them has a place.
        let written = self.text.get(value.clone()).unwrap_or_default();
        let is_place = match sort {
            Sort::List => written.starts_with('[') && !self.is_header(value.start),
            Sort::Table => written.starts_with('{'),
            _ => true,
        };
        let number = self.places.len();
        if is_place {
            self.places.push(Place {
                path: path.to_owned(),
                key: key.clone(),
                value,
                sort,
                inside: Vec::new(),
            });
        }
        let inside: Vec<usize> = match node.get_ref() {
            DeValue::Table(table) => self.table(table, path),
            DeValue::Array(nodes) => {
                let path = match is_place && !nodes.iter().any(|node| node.get_ref().is_table()) {
                    true => format!("{path}[]"),
                    false => path.to_owned(),
                };
                let nodes = nodes.iter();
                nodes
                    .filter_map(|node| self.value(node, &path, key.clone()))
                    .collect()
            }
            _ => Vec::new(),
        };
        if !is_place {
            return None;
        }
        self.places[number].inside = inside;
        Some(number)
    }

    fn is_header(&self, at: usize) -> bool {
        self.sections
            .iter()
            .any(|section| section.header.contains(&at))
    }
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut at = 0;
    // The first byte after the last line that says something.
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let here = at..at + line.len();
        at = here.end;
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            close(&mut sections, end);
            let path = bare.trim_start_matches('[').split(']').next();
            sections.push(Section {
                path: path.unwrap_or_default().to_owned(),
                header: here.start..here.start + line.trim_end().len(),
                own: here.clone(),
                whole: here.clone(),
            });
        }
        end = here.end;
    }
    close(&mut sections, end);
    let ends: Vec<usize> = (0..sections.len())
        .map(|number| {
            let below = format!("{}.", sections[number].path);
            let rest = sections[number + 1..].iter();
            let last = rest
                .take_while(|section| section.path.starts_with(&below))
                .last();
            last.map_or(sections[number].own.end, |section| section.own.end)
        })
        .collect();
    for (section, end) in sections.iter_mut().zip(ends) {
        section.whole = section.header.start..end;
    }
    sections
}

fn close(sections: &mut [Section], end: usize) {
    if let Some(last) = sections.last_mut() {
        last.own.end = end;
    }
}
