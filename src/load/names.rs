//! Ids: what a file defines, and whether anything uses it.

use super::policy::Build;
use crate::text::{Code, Cursor, Diagnostic, FileId, Span, suggest};
use std::cell::Cell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The ids of one sort of things, in file order.
#[derive(Debug, Default)]
pub(super) struct Ids {
    list: Vec<Id>,
    /// By id: the number of the first thing of that id.
    numbers: HashMap<String, usize>,
}

#[derive(Debug)]
struct Id {
    id: String,
    span: Span,
    /// Where its contents stand, which another layer may have given.
    place: Span,
    /// How many things use it.
    uses: Cell<usize>,
}

impl Ids {
    pub(super) fn add(&mut self, id: &str, span: Span) {
        self.add_at(id, span, span);
    }

    /// Adds something whose contents stand elsewhere than its id.
    pub(super) fn add_at(&mut self, id: &str, span: Span, place: Span) {
        let number = self.list.len();
        self.numbers.entry(id.to_owned()).or_insert(number);
        self.list.push(Id {
            id: id.to_owned(),
            span,
            place,
            uses: Cell::new(0),
        });
    }

    /// The number of an id, which is thereby used.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let number = self.number(id)?;
        self.use_number(number);
        Some(number)
    }

    /// The number of an id, which does not use it.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    pub(super) fn use_id(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    pub(super) fn use_number(&self, number: usize) {
        if let Some(id) = self.list.get(number) {
            id.uses.set(id.uses.get().saturating_add(1));
        }
    }

    pub(super) fn is_used(&self, number: usize) -> bool {
        self.list.get(number).is_some_and(|id| id.uses.get() > 0)
    }

    /// The things of a file that exactly one thing uses, with their numbers.
    pub(super) fn used_once(&self, file: FileId) -> impl Iterator<Item = (usize, &str, Span)> {
        let ids = self.list.iter().enumerate();
        ids.filter(move |(_, id)| id.uses.get() == 1 && id.span.file == file)
            .map(|(number, id)| (number, id.id.as_str(), id.span))
    }

    /// Where the thing itself stands, or what it consists of.
    pub(super) fn place(&self, number: usize) -> Option<Span> {
        self.list.get(number).map(|id| id.place)
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.numbers.contains_key(id)
    }

    pub(super) fn id(&self, number: usize) -> &str {
        self.list.get(number).map_or("", |id| &id.id)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|id| id.id.as_str())
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Reports the things of a file that nothing used. What another layer defines is that layer's affair.
    pub(super) fn report_unused(
        &self,
        build: &Build<'_>,
        file: FileId,
        code: Code,
        sort: &str,
        help: &str,
    ) {
        for id in self
            .list
            .iter()
            .filter(|id| id.uses.get() == 0 && id.span.file == file)
        {
            let message = format!("the {sort} `{}` is never used", id.id);
            build
                .sink
                .push(Diagnostic::error(code, id.span, message).expected(help));
        }
    }
}

/// The error that two things have one id.
pub(super) fn id_twice(id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        Code::DuplicateId,
        span,
        format!("the id `{id}` is given twice"),
    )
    .secondary(first, "the first")
    .expected("ids that differ")
}

/// "one of `a`, `b`, `c`".
pub(super) fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [one] => one.clone(),
        _ => format!("one of {}", words.join(", ")),
    }
}

impl<'s> Build<'s> {
    /// The `id` of a thing: ASCII letters, digits and hyphens, and not twice.
    pub(super) fn id(&self, cursor: &Cursor<'_, 's>, ids: &Ids) -> Option<(String, Span)> {
        let (id, span) = cursor.req_str("id")?;
        self.check_id(id, span)?;
        if let Some(first) = ids.number(id).and_then(|number| ids.list.get(number)) {
            self.sink.push(id_twice(id, span, first.span));
            return None;
        }
        Some((id.to_owned(), span))
    }

    /// Checks the form of an id.
    pub(super) fn check_id(&self, id: &str, span: Span) -> Option<()> {
        let kebab = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let good =
            !id.is_empty() && id.chars().all(kebab) && !id.starts_with('-') && !id.ends_with('-');
        if !good {
            let diagnostic =
                Diagnostic::error(Code::BadId, span, format!("`{id}` cannot be an id"));
            self.sink.push(diagnostic.expected("ASCII letters, digits and hyphens, such as `basic-inpatient`; Chinese goes in `name`"));
            return None;
        }
        Some(())
    }

    /// A list of names, of which none may stand twice.
    pub(super) fn once<'n>(&self, named: Vec<(&'n str, Span)>) -> Vec<(&'n str, Span)> {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut once = named;
        once.retain(|&(name, span)| match first.entry(name) {
            Entry::Occupied(known) => {
                self.sink.push(id_twice(name, span, *known.get()));
                false
            }
            Entry::Vacant(new) => {
                new.insert(span);
                true
            }
        });
        once
    }

    /// `name` and `name_en` of a thing; the id stands in for a missing `name_en`.
    pub(super) fn names(&self, cursor: &Cursor<'_, 's>, id: &str) -> Option<(String, String)> {
        let name = cursor.req_str("name").map(|(name, _)| name.to_owned());
        let name_en = cursor
            .opt_str("name_en")
            .map_or_else(|| id.replace('-', " "), |(name, _)| name.to_owned());
        Some((name?, name_en))
    }

    /// The known name that is nearly that one; none once there are too many errors to be shown.
    pub(super) fn near<'k>(
        &self,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<&'k str> {
        match self.sink.is_full() {
            true => None,
            false => suggest(name, known),
        }
    }

    /// The number of a thing named in a rule file; reports a name that nobody knows.
    pub(super) fn find(&self, ids: &Ids, sort: &str, name: &str, span: Span) -> Option<usize> {
        let found = ids.find(name);
        if found.is_none() {
            let diagnostic =
                Diagnostic::error(Code::UnknownName, span, format!("unknown {sort} `{name}`"));
            let known = ids.ids().filter(|id| !id.is_empty());
            let known: Vec<&str> = known.take(12).collect();
            let expected = if known.is_empty() {
                format!("a {sort} of this policy, of which there is none")
            } else {
                one_of(&known)
            };
            let near = self.near(name, ids.ids());
            // What was meant is used.
            near.map(|near| ids.use_id(near));
            self.sink
                .push(diagnostic.did_you_mean(near).expected(expected));
        }
        found
    }
}
