//! Figures: plain values, tables by a dimension, references to named tables, shares of money.

use super::cite::Cited;
use super::condition::Reach;
use super::limit::Adjusts;
use super::merge::FORMS;
use super::outcomes::check_outcomes;
use super::policy::{Build, tight};
use crate::policy::facts::Subject;
use crate::policy::figure::{
    Adjust, Best, Entry, Figure, FigureId, Leaf, Node as FigureNode, ShareOf, Table, Value,
};
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Node, Span, Value as Toml};
use std::collections::HashSet;

/// So many words on which a value depends count as one more value.
pub(super) const WORDS: usize = 100;

/// What a figure is for, which decides what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) ratio: bool,
    /// `"none"` may stand there: a limit.
    pub(super) no_limit: bool,
    /// Shares of the step's base may stand there.
    pub(super) of_base: bool,
    pub(super) best: Best,
}

impl Sort {
    pub(super) const RATIO: Sort = Sort {
        ratio: true,
        no_limit: false,
        of_base: false,
        best: Best::Highest,
    };
    pub(super) const DEDUCTIBLE: Sort = Sort {
        ratio: false,
        no_limit: false,
        of_base: true,
        best: Best::Lowest,
    };
    pub(super) const LIMIT: Sort = Sort {
        ratio: false,
        no_limit: true,
        of_base: true,
        best: Best::Highest,
    };
    pub(super) const FIXED: Sort = Sort {
        ratio: false,
        no_limit: false,
        of_base: true,
        best: Best::Highest,
    };
    pub(super) const TABLE: Sort = Sort {
        ratio: false,
        no_limit: true,
        of_base: true,
        best: Best::Highest,
    };
}

/// Where a figure stands: its path, what it inherits, and the bills that reach it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) cited: Cited,
    pub(super) reach: Reach,
    pub(super) sort: Sort,
    /// In a named table, which is checked for missing entries where steps use it.
    pub(super) named: bool,
}

/// The dimensions by which a figure may vary.
const DIMENSIONS: [Subject; 10] = [
    Subject::Category,
    Subject::Scheme,
    Subject::Care,
    Subject::Tier,
    Subject::Grade,
    Subject::Place,
    Subject::Disease,
    Subject::OutpatientDisease,
    Subject::Referred,
    Subject::Admission,
];

impl<'s> Build<'s> {
    /// Reads a figure with its adjustments and checks what may come of them.
    pub(super) fn figure(
        &mut self,
        node: &Node<'_>,
        name: &str,
        place: &Place,
        adjusts: Adjusts,
        rounding: Rounding,
    ) -> Option<FigureId> {
        let root = self.figure_node(node, place)?;
        self.add_figure(root, name, node.span, place, adjusts, rounding)
    }

    /// Checks what may come of a figure, and adds it.
    pub(super) fn add_figure(
        &mut self,
        root: FigureNode,
        name: &str,
        span: Span,
        place: &Place,
        adjusts: Adjusts,
        rounding: Rounding,
    ) -> Option<FigureId> {
        let (adjusts, checked): (Vec<Adjust>, Vec<(Span, Reach)>) = adjusts
            .into_iter()
            .map(|(adjust, span, reach)| (adjust, (span, reach)))
            .unzip();
        let figure = Figure {
            root,
            adjusts: tight(adjusts),
            rounding,
            best: place.sort.best,
            name: name.into(),
        };
        check_outcomes(
            self,
            &figure,
            span,
            &checked,
            &place.reach,
            place.sort.ratio,
        );
        let id = FigureId(self.figures.len());
        self.figure_sizes.push(self.size(&figure.root));
        self.figures.push(figure);
        Some(id)
    }

    fn figure_node(&mut self, node: &Node<'_>, place: &Place) -> Option<FigureNode> {
        match &node.value {
            Toml::Table(_) => {
                let cursor = Cursor::of(node, format!("`{}`", place.path), self.sink)?;
                let found = self.figure_table(&cursor, place);
                cursor.finish();
                found
            }
            _ => {
                let value = self.plain_value(node, &format!("`{}`", place.path), place.sort)?;
                let note = self.note(&place.path, &place.cited, node.span);
                Some(FigureNode::Leaf(Leaf { value, note }))
            }
        }
    }

    /// One of the forms that a table can take, in a cursor whose further keys the caller has read.
    pub(super) fn figure_table(
        &mut self,
        cursor: &Cursor<'_, 's>,
        place: &Place,
    ) -> Option<FigureNode> {
        let place = Place {
            cited: place.cited.and(self, cursor),
            ..place.clone()
        };
        // In the order of the file.
        let mut given: Vec<&'static str> =
            FORMS.into_iter().filter(|form| cursor.has(form)).collect();
        let entries = &cursor.table().entries();
        given.sort_by_key(|form| entries.iter().position(|entry| entry.key == *form));
        let range_to = cursor.opt("range_to");
        match given.as_slice() {
            [] => {
                let message = format!("{} has no value", cursor.what());
                let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), message);
                self.sink.push(
                    diagnostic.expected("`value`, a dimension such as `tier`, `table`, or `share`"),
                );
                None
            }
            ["value"] => {
                let node = cursor.opt("value")?;
                let found = self.figure_node(node, &place);
                if let Some(range_to) = range_to {
                    self.check_range(&found, range_to, &place);
                }
                found
            }
            ["share"] => self.share(cursor, &place),
            ["table"] => {
                let (name, span) = cursor.opt_str("table")?;
                let number = self.find(&self.tables, "table", name, span)?;
                let (figure, ratio) = self.table_figures.get(number).copied().flatten()?;
                let size = self.figure_sizes.get(figure.0).copied().unwrap_or(1);
                let asked = place.reach.size() / WORDS;
                if !self.count_values(size.saturating_add(asked), span) {
                    return None;
                }
                if ratio != place.sort.ratio {
                    let (found, expected) = if ratio {
                        ("ratios", "amounts")
                    } else {
                        ("amounts", "ratios")
                    };
                    let message = format!("the table `{name}` holds {found}");
                    self.sink.push(
                        Diagnostic::error(Code::WrongType, span, message)
                            .expected(format!("a table of {expected}")),
                    );
                    return None;
                }
                let root = self.figures.get(figure.0).map(|figure| figure.root.clone());
                if let Some(root) = root {
                    self.check_values(&root, place.sort, name, span);
                    if !place.named {
                        self.check_entries(&root, &place.reach, &format!("table.{name}"), span);
                    }
                }
                Some(FigureNode::Named(figure))
            }
            [dimension] => {
                let subject = DIMENSIONS
                    .into_iter()
                    .find(|subject| subject.key() == *dimension)?;
                self.dimension(subject, cursor.opt_table(dimension)?, &place)
            }
            [first, second, ..] => {
                let message = format!("{} has `{first}` and `{second}`", cursor.what());
                let diagnostic =
                    Diagnostic::error(Code::Conflict, cursor.key_span(second), message);
                self.sink.push(diagnostic.expected(
                    "one of them; to vary by both, put one inside the entries of the other",
                ));
                None
            }
        }
    }

    /// How many values a figure has, with those of the tables that it names.
    fn size(&self, node: &FigureNode) -> usize {
        match node {
            FigureNode::Leaf(_) => 1,
            FigureNode::Named(named) => self.figure_sizes.get(named.0).copied().unwrap_or(1),
            FigureNode::Table(table) => {
                let entries = table.entries.iter();
                let sizes = entries.map(|entry| {
                    let words = entry.values.len() / WORDS;
                    self.size(&entry.node).saturating_add(words)
                });
                let other = table.other.iter().map(|other| self.size(other));
                sizes.chain(other).fold(0, usize::saturating_add)
            }
        }
    }

    /// A table by one dimension.
    fn dimension(
        &mut self,
        subject: Subject,
        cursor: Cursor<'_, 's>,
        place: &Place,
    ) -> Option<FigureNode> {
        let mut entries = Vec::new();
        let mut other = None;
        let mut complete = true;
        let mut covered: HashSet<u16> = HashSet::new();
        // In which order they stand means nothing: `other` is what the entries leave.
        let all = cursor.entries().iter();
        let (rest, named): (Vec<_>, Vec<_>) = all.partition(|entry| entry.key == "other");
        for entry in named.into_iter().chain(rest) {
            let path = format!("{}.{}.{}", place.path, subject.key(), entry.key);
            if entry.key == "other" {
                let left = self.possible(subject, &place.reach).map(|possible| {
                    possible
                        .into_iter()
                        .filter(|value| !covered.contains(value))
                        .collect::<Vec<u16>>()
                });
                let mut reach = place.reach.clone();
                if let (Some(left), false) = (&left, subject.is_multiple()) {
                    reach.restrict(subject, left);
                }
                other = self.figure_node(
                    &entry.node,
                    &Place {
                        path,
                        reach,
                        ..place.clone()
                    },
                );
                complete &= other.is_some();
                continue;
            }
            let values = match subject {
                Subject::Referred => match &*entry.key {
                    "yes" => Some(vec![1]),
                    "no" => Some(vec![0]),
                    key => {
                        self.bad_entry(subject, key, entry.key_span, "`yes`, `no` or `other`");
                        None
                    }
                },
                Subject::Admission => {
                    let number = entry.key.parse().ok().filter(|number| *number > 0);
                    if number.is_none() {
                        self.bad_entry(
                            subject,
                            &entry.key,
                            entry.key_span,
                            "an admission of the year such as `\"1\"`, or `other`",
                        );
                    }
                    number.map(|number| vec![number])
                }
                _ => self.values(subject, &entry.key, entry.key_span),
            };
            let mut reach = place.reach.clone();
            reach.restrict(subject, values.as_deref().unwrap_or_default());
            let reach = if values.is_some() {
                reach
            } else {
                place.reach.clone()
            };
            let node = self.figure_node(
                &entry.node,
                &Place {
                    path,
                    reach,
                    ..place.clone()
                },
            );
            match (values, node) {
                (Some(values), Some(node)) => {
                    if let Some(out) = place.reach.of(subject).filter(|reach| {
                        !subject.is_multiple() && !values.iter().any(|value| reach.contains(value))
                    }) {
                        let names: Vec<String> = out
                            .iter()
                            .map(|value| format!("`{}`", self.value_name(subject, *value)))
                            .collect();
                        let message = format!(
                            "the entry `{}` of `{}` is never reached",
                            entry.key, place.path
                        );
                        let diagnostic =
                            Diagnostic::error(Code::StepNeverApplies, entry.key_span, message);
                        self.sink.push(diagnostic.expected(format!(
                            "a value of `{}` that the conditions around it let through: {}",
                            subject.key(),
                            names.join(", ")
                        )));
                    }
                    let twice = values.iter().find(|value| covered.contains(value));
                    if let (Some(twice), false) = (twice, subject.is_multiple()) {
                        let value = self.value_name(subject, *twice);
                        let message = format!("two entries of `{}` are for `{value}`", place.path);
                        self.sink.push(
                            Diagnostic::error(Code::DuplicateId, entry.key_span, message)
                                .expected("one entry for each value"),
                        );
                    }
                    covered.extend(values.iter().copied());
                    entries.push((&*entry.key, Entry { values, node }));
                }
                _ => complete = false,
            }
        }
        let span = cursor.span();
        if entries.is_empty() && complete {
            self.sink.error(
                Code::BadValue,
                span,
                format!("{} has no entries", cursor.what()),
            );
            return None;
        }
        if other.is_none() && complete && !place.named {
            self.check_complete(subject, &covered, &place.reach, &place.path, span);
        }
        entries.sort_by(|(one_key, one), (key, entry)| {
            (&one.values, one_key).cmp(&(&entry.values, key))
        });
        complete.then(|| {
            FigureNode::Table(Box::new(Table {
                subject,
                entries: entries.into_iter().map(|(_, entry)| entry).collect(),
                other,
            }))
        })
    }

    /// Every value that a bill may have at this point needs an entry.
    fn check_complete(
        &self,
        subject: Subject,
        covered: &HashSet<u16>,
        reach: &Reach,
        path: &str,
        span: Span,
    ) {
        if reach.is_unsure() {
            return;
        }
        let diagnostic = match self.possible(subject, reach) {
            None => Diagnostic::error(Code::TableMisses, span, format!("`{path}` has no `other`"))
                .expected(format!(
                    "an entry `other`, for a bill with none of these values of `{}`",
                    subject.key()
                )),
            Some(possible) => {
                let missed: Vec<u16> = possible
                    .into_iter()
                    .filter(|value| !covered.contains(value))
                    .collect();
                if missed.is_empty() {
                    return;
                }
                let names: Vec<String> = missed
                    .iter()
                    .take(8)
                    .map(|&value| format!("`{}`", self.value_name(subject, value)))
                    .collect();
                let more = match missed.len().saturating_sub(names.len()) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let message = format!("`{path}` misses {}{more}", names.join(", "));
                Diagnostic::error(Code::TableMisses, span, message)
                    .expected(format!("an entry for every `{}` that a bill may have here, or `other`; `\"unstated\"` where no source says", subject.key()))
            }
        };
        self.sink.push(diagnostic);
    }

    /// Checks that the values of a named table may stand where it is used.
    fn check_values(&self, node: &FigureNode, sort: Sort, name: &str, span: Span) {
        match node {
            FigureNode::Leaf(leaf) => {
                let problem = match leaf.value {
                    Value::NoLimit if !sort.no_limit => "`\"none\"`, which is for limits",
                    Value::Share {
                        of: ShareOf::Base, ..
                    } if !sort.of_base => "a share of the base",
                    _ => return,
                };
                let message = format!("the table `{name}` has {problem}");
                self.sink.push(
                    Diagnostic::error(Code::Conflict, span, message)
                        .expected("a table whose every value may stand here"),
                );
            }
            FigureNode::Table(table) => {
                for node in table
                    .entries
                    .iter()
                    .map(|entry| &entry.node)
                    .chain(&table.other)
                {
                    self.check_values(node, sort, name, span);
                }
            }
            FigureNode::Named(named) => {
                if let Some(figure) = self.figures.get(named.0) {
                    self.check_values(&figure.root, sort, name, span);
                }
            }
        }
    }

    /// Checks the entries of a named table for the bills that reach it from one place.
    fn check_entries(&self, node: &FigureNode, reach: &Reach, path: &str, span: Span) {
        let table = match node {
            FigureNode::Table(table) => table,
            FigureNode::Named(named) => {
                if let Some(figure) = self.figures.get(named.0) {
                    self.check_entries(&figure.root, reach, path, span);
                }
                return;
            }
            FigureNode::Leaf(_) => return,
        };
        let mut covered = HashSet::new();
        for entry in &table.entries {
            covered.extend(entry.values.iter().copied());
            let mut entry_reach = reach.clone();
            entry_reach.restrict(table.subject, &entry.values);
            if !entry_reach.is_empty() {
                self.check_entries(&entry.node, &entry_reach, path, span);
            }
        }
        match &table.other {
            Some(other) => self.check_entries(other, reach, path, span),
            None => self.check_complete(table.subject, &covered, reach, path, span),
        }
    }

    /// The named tables of the file.
    pub(super) fn named_tables(&mut self, root: &Cursor<'_, 's>, outer: &Cited) {
        for cursor in root.tables("table") {
            let id = self.id(&cursor, &self.tables);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let kind = cursor.req("kind").and_then(|node| {
                self.word(
                    node,
                    &cursor.name_of("kind"),
                    &[("ratio", true), ("amount", false)],
                )
            });
            let cited = self.cite(&cursor, outer);
            let rounding = self.rounding(&cursor);
            let sort = if kind == Some(true) {
                Sort::RATIO
            } else {
                Sort::TABLE
            };
            let path = id
                .as_ref()
                .map_or(String::new(), |(id, _)| format!("table.{id}"));
            let place = Place {
                path: path.clone(),
                cited,
                reach: Reach::default(),
                sort,
                named: true,
            };
            let mut ids = super::names::Ids::default();
            let mut adjusts = Vec::new();
            for cursor in cursor.tables("adjust") {
                let id = self.id(&cursor, &ids);
                if let Some((id, span)) = &id {
                    ids.add(id, *span);
                }
                let id = id.map_or_else(String::new, |(id, _)| id);
                adjusts.extend(self.adjust(&id, &cursor, &place));
                cursor.finish();
            }
            let figure = cursor
                .req("value")
                .zip(kind)
                .and_then(|(node, _)| self.figure(node, &path, &place, adjusts, rounding));
            if let Some((id, span)) = id {
                self.tables.add(&id, span);
                self.table_figures.push(figure.zip(kind));
            }
            cursor.finish();
        }
    }
}
