//! The small changes that can be made to the text of a rule file, found in its tree.

use super::MutationKind;
use crate::money::Money;
use crate::ratio::Ratio;
use crate::text::{Entry, Node, SourceFile, Table, Value};
use std::ops::Range;

/// One change: pieces of the text, each with what takes its place.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) kind: MutationKind,
    /// The first byte of what is changed.
    pub(super) at: usize,
    /// What is changed and what it becomes, for a reader.
    pub(super) old: String,
    pub(super) new: String,
    /// In the order of the text, not overlapping.
    pieces: Vec<(Range<usize>, String)>,
}

impl Edit {
    /// The text with the change in it.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len().saturating_add(16));
        let mut at = 0;
        for (range, new) in &self.pieces {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push_str(new);
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

/// Every change of one file, in the order of the text.
pub(super) fn edits(root: &Node<'_>, source: &SourceFile) -> Vec<Edit> {
    let mut headers = Vec::new();
    find_headers(root, source, &mut headers);
    headers.sort_unstable();
    let mut finder = Finder {
        source,
        headers,
        out: Vec::new(),
    };
    let entries = root.as_table().map_or(&[][..], Table::entries);
    for entry in entries {
        match &*entry.key {
            "step" => {
                let steps = entry.node.as_array().unwrap_or_default();
                finder.swaps(steps);
                finder.value(&entry.node);
            }
            "table" | "limit" | "scope" | "benefit" => finder.value(&entry.node),
            _ => {}
        }
    }
    finder.out.sort_by_key(|edit| edit.at);
    finder.out
}

/// Where the headers of sections start.
fn find_headers(node: &Node<'_>, source: &SourceFile, out: &mut Vec<usize>) {
    match &node.value {
        Value::Table(table) => {
            if text(source, &range(node)).starts_with('[') {
                out.push(range(node).start);
            }
            for entry in table.entries() {
                find_headers(&entry.node, source, out);
            }
        }
        Value::Array(nodes) => {
            for node in nodes {
                find_headers(node, source, out);
            }
        }
        _ => {}
    }
}

fn range(node: &Node<'_>) -> Range<usize> {
    offset(node.span.start)..offset(node.span.end)
}

fn offset(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn text<'s>(source: &'s SourceFile, range: &Range<usize>) -> &'s str {
    source.slice(range.start, range.end)
}

/// Keys whose texts are names and remarks.
const WORDS: [&str; 9] = [
    "id",
    "name",
    "name_en",
    "clause",
    "source",
    "figure",
    "range_to",
    "certainty",
    "icd10",
];

struct Finder<'s> {
    source: &'s SourceFile,
    headers: Vec<usize>,
    out: Vec<Edit>,
}

impl Finder<'_> {
    fn push(
        &mut self,
        kind: MutationKind,
        pieces: Vec<(Range<usize>, String)>,
        old: String,
        new: String,
    ) {
        let at = pieces.first().map_or(0, |(range, _)| range.start);
        self.out.push(Edit {
            kind,
            at,
            old,
            new,
            pieces,
        });
    }

    fn value(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Table(table) => self.table(table),
            Value::Array(nodes) => nodes.iter().for_each(|node| self.value(node)),
            Value::Integer(_) | Value::Float(_) => self.amount(&[node]),
            Value::String(written) => self.ratio(node, written),
            Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => {}
        }
    }

    fn table(&mut self, table: &Table<'_>) {
        for entry in table.entries() {
            let nodes = entry.node.as_array().unwrap_or_default();
            match &*entry.key {
                "when" | "unless" => self.condition(entry),
                "band" => self.bands(nodes),
                "adjust" => {
                    for adjust in nodes {
                        self.drop_adjust(adjust);
                    }
                    self.value(&entry.node);
                }
                key if WORDS.contains(&key) => {}
                _ => self.value(&entry.node),
            }
        }
    }

    /// Amounts by a fen and by a yuan; several places that must change together count as one.
    fn amount(&mut self, nodes: &[&Node<'_>]) {
        let Some(first) = nodes.first() else { return };
        let (Value::Integer(written) | Value::Float(written)) = &first.value else {
            return;
        };
        let Ok(amount) = Money::parse(written) else {
            return;
        };
        for by in [1, -1, 100, -100] {
            let new = match amount.fen().checked_add(by) {
                Some(fen) if fen % 100 == 0 => fen.wrapping_div(100).to_string(),
                Some(fen) => Money::from_fen(fen).to_string(),
                None => continue,
            };
            let pieces = nodes.iter().map(|node| (range(node), new.clone()));
            self.push(
                MutationKind::Amount,
                pieces.collect(),
                written.to_string(),
                new.clone(),
            );
        }
    }

    /// Ratios by a point.
    fn ratio(&mut self, node: &Node<'_>, written: &str) {
        let Some(ratio) = Ratio::parse(written).ok() else {
            return;
        };
        let point = Ratio::from_millionths(Ratio::SCALE / 100);
        for new in [ratio.checked_add(point), ratio.checked_sub(point)]
            .into_iter()
            .flatten()
        {
            let new = format!("\"{new}\"");
            let old = text(self.source, &range(node)).to_owned();
            self.push(
                MutationKind::Ratio,
                vec![(range(node), new.clone())],
                old,
                new,
            );
        }
    }

    /// Where two bands join, both edges move together.
    fn bands<'n>(&mut self, bands: &'n [Node<'n>]) {
        let edge = |band: &'n Node<'n>, keys: [&str; 2]| {
            let table = band.as_table()?;
            keys.iter().find_map(|key| table.get(key)).cloned()
        };
        let mut upper: Option<Node<'n>> = None;
        for band in bands {
            let low = edge(band, ["over", "from"]);
            let both: Vec<&Node<'_>> = upper.iter().chain(&low).collect();
            self.amount(&both);
            upper = edge(band, ["to", "under"]);
            for entry in band.as_table().map_or(&[][..], Table::entries) {
                if entry.key == "ratio" {
                    self.value(&entry.node);
                }
            }
        }
        self.amount(&upper.iter().collect::<Vec<_>>());
    }

    /// Each test of a condition dropped, and its numbers and dates moved by one.
    fn condition(&mut self, entry: &Entry<'_>) {
        let alternatives = match &entry.node.value {
            Value::Array(nodes) => nodes.iter().collect(),
            _ => vec![&entry.node],
        };
        let only = alternatives.len() == 1;
        for alternative in alternatives {
            let Some(table) = alternative.as_table() else {
                continue;
            };
            for test in table.entries() {
                let whole = only && table.entries().len() == 1;
                self.drop_entry(if whole { entry } else { test }, test);
                self.numbers(&test.node);
            }
        }
    }

    fn numbers(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Table(table) => table
                .entries()
                .iter()
                .for_each(|entry| self.numbers(&entry.node)),
            Value::Array(nodes) => nodes.iter().for_each(|node| self.numbers(node)),
            Value::Integer(written) => {
                let Ok(number) = written.parse::<i64>() else {
                    return;
                };
                for new in [number.checked_add(1), number.checked_sub(1)]
                    .into_iter()
                    .flatten()
                {
                    let new = new.to_string();
                    let pieces = vec![(range(node), new.clone())];
                    self.push(MutationKind::Number, pieces, written.to_string(), new);
                }
            }
            Value::Date(written) => {
                let Ok(day) = crate::date::Date::parse(written) else {
                    return;
                };
                for new in [day.next_day(), day.previous_day()].into_iter().flatten() {
                    let new = new.to_string();
                    let pieces = vec![(range(node), new.clone())];
                    self.push(MutationKind::Number, pieces, written.to_string(), new);
                }
            }
            _ => {}
        }
    }

    /// Takes a test out of its condition, or the whole condition where there is no other test.
    fn drop_entry(&mut self, dropped: &Entry<'_>, test: &Entry<'_>) {
        let start = offset(dropped.key_span.start);
        let header = text(self.source, &range(&dropped.node)).starts_with('[')
            && dropped.node.as_table().is_some();
        let piece = if header {
            self.block(range(&dropped.node).start)
        } else {
            self.listed(start..self.end(&dropped.node))
        };
        let old = text(
            self.source,
            &(offset(test.key_span.start)..self.end(&test.node)),
        )
        .to_owned();
        let new = String::from("(dropped)");
        let pieces = vec![(piece, String::new())];
        self.push(MutationKind::Condition, pieces, old, new);
        if let Some(edit) = self.out.last_mut() {
            edit.at = offset(test.key_span.start);
        }
    }

    fn drop_adjust(&mut self, adjust: &Node<'_>) {
        let at = range(adjust);
        let piece = if text(self.source, &at).starts_with('[') {
            self.block(at.start)
        } else {
            self.listed(at)
        };
        let id = adjust
            .as_table()
            .and_then(|table| table.get("id")?.as_str());
        let old = format!("adjust `{}`", id.unwrap_or_default());
        let pieces = vec![(piece, String::new())];
        self.push(MutationKind::Adjust, pieces, old, "(dropped)".into());
    }

    /// Neighbouring steps in each other's place.
    fn swaps(&mut self, steps: &[Node<'_>]) {
        let id = |step: &Node<'_>| {
            let id = step.as_table().and_then(|table| table.get("id")?.as_str());
            id.unwrap_or_default().to_owned()
        };
        for pair in steps.windows(2) {
            let [first, second] = pair else { continue };
            let [a, b] = [first, second].map(|step| self.block(range(step).start));
            let (text_a, text_b) = (
                text(self.source, &a).to_owned(),
                text(self.source, &b).to_owned(),
            );
            if text_a.starts_with('[') && text_b.starts_with('[') {
                let (id_a, id_b) = (id(first), id(second));
                let old = format!("step `{id_a}` before `{id_b}`");
                let new = format!("`{id_b}` before `{id_a}`");
                let pieces = vec![(a, format!("{text_b}\n")), (b, format!("{text_a}\n"))];
                self.push(MutationKind::Order, pieces, old, new);
            }
        }
    }

    /// A section with those below it, from its header on.
    fn block(&self, start: usize) -> Range<usize> {
        let path = self.header_path(start);
        let after = self.headers.iter().copied().filter(|&at| at > start);
        let mut next = after.skip_while(|&at| {
            let below = self.header_path(at);
            below
                .strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('.'))
        });
        start..next.next().unwrap_or(self.source.text().len())
    }

    /// What stands between the brackets of a header.
    fn header_path(&self, start: usize) -> &str {
        let line = self.source.slice(start, self.source.text().len());
        let line = line.split('\n').next().unwrap_or_default();
        let inside = line.trim_start_matches('[');
        inside.split(']').next().unwrap_or_default().trim()
    }

    /// Something with the comma that parts it from its neighbour.
    fn listed(&self, at: Range<usize>) -> Range<usize> {
        let before = self.source.slice(0, at.start);
        let after = self.source.slice(at.end, self.source.text().len());
        if let Some(rest) = after
            .trim_start_matches([' ', '\n', '\r'])
            .strip_prefix(',')
        {
            let rest = rest.trim_start_matches(' ');
            return at.start..self.source.text().len().saturating_sub(rest.len());
        }
        let left = before.trim_end_matches([' ', '\n', '\r']);
        match left.strip_suffix(',') {
            Some(left) => left.len()..at.end,
            None => at,
        }
    }

    /// Where a value ends, also one that dotted keys imply.
    fn end(&self, node: &Node<'_>) -> usize {
        let own = range(node);
        match node.as_table() {
            Some(table) if !text(self.source, &own).starts_with(['{', '[']) => {
                let ends = table.entries().iter().map(|entry| self.end(&entry.node));
                ends.max().unwrap_or(own.end)
            }
            _ => own.end,
        }
    }
}
