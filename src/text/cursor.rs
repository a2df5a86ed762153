//! Reading a table: every key that a reader asks for is remembered, so that what is left
//! over is known to be unknown.

use std::cell::{LazyCell, RefCell};

use crate::Date;

use super::diagnostic::{Code, Diagnostic};
use super::node::{Entry, Node, Table, Value};
use super::sink::Sink;
use super::span::Span;
use crate::suggest::suggest;

/// So many keys are asked for without a further allocation; of a condition there are 22.
const KEYS: usize = 24;

/// Reads one table. Every reader gives `None` for what is absent and for what is wrong; the
/// latter it reports, so that all problems of a file come out in one go.
///
/// A reader must end with [`finish`](Self::finish), or [`leave`](Self::leave). A child may be read while its parent is.
#[must_use = "unknown keys are reported by `finish`"]
pub(crate) struct Cursor<'n, 's> {
    table: &'n Table<'n>,
    span: Span,
    /// What is read, as messages name it: "step `basic`"; `None` for the file itself.
    what: Option<String>,
    /// The keys that were asked for, given or not; some of them more than once.
    asked: RefCell<Vec<&'static str>>,
    /// Whether the keys are names and so none is unknown.
    open: std::cell::Cell<bool>,
    sink: &'s Sink,
}

impl<'n, 's> Cursor<'n, 's> {
    /// Reads the table of a whole file.
    pub(crate) fn root(node: &'n Node<'n>, sink: &'s Sink) -> Option<Self> {
        Some(Self::new(node.as_table()?, node.span, None, sink))
    }

    /// Reads a node that must be a table; `what` names it: "step `basic`".
    pub(crate) fn of(node: &'n Node<'n>, what: impl Into<String>, sink: &'s Sink) -> Option<Self> {
        let what = what.into();
        match node.as_table() {
            Some(table) => Some(Self::new(table, node.span, Some(what), sink)),
            None => {
                sink.wrong_type(node, &what, "a table");
                None
            }
        }
    }

    fn new(table: &'n Table<'n>, span: Span, what: Option<String>, sink: &'s Sink) -> Self {
        Self {
            table,
            span,
            what,
            asked: RefCell::new(Vec::with_capacity(KEYS)),
            open: std::cell::Cell::new(false),
            sink,
        }
    }

    /// What is read, as messages name it: "step `basic`".
    pub(crate) fn what(&self) -> &str {
        self.what.as_deref().unwrap_or("the file")
    }

    /// Where problems go.
    pub(crate) fn sink(&self) -> &'s Sink {
        self.sink
    }

    /// The place of the table.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// The place of a key; of the table if the key is absent.
    pub(crate) fn key_span(&self, key: &str) -> Span {
        self.table
            .entry(key)
            .map_or(self.span, |entry| entry.key_span)
    }

    /// A key as messages name it: "`ratio` of step `basic`".
    pub(crate) fn name_of(&self, key: &str) -> String {
        match &self.what {
            Some(what) => format!("`{key}` of {what}"),
            None => format!("`{key}`"),
        }
    }

    /// Whether a key is given.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.opt(key).is_some()
    }

    /// The table itself.
    pub(crate) fn table(&self) -> &'n Table<'n> {
        self.table
    }

    /// Every entry of a table whose keys are names; none of them is then unknown.
    pub(crate) fn entries(&self) -> &'n [Entry<'n>] {
        self.open.set(true);
        self.table.entries()
    }

    /// The value of a key that may be absent.
    pub(crate) fn opt(&self, key: &'static str) -> Option<&'n Node<'n>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// The value of a key that must be given.
    pub(crate) fn req(&self, key: &'static str) -> Option<&'n Node<'n>> {
        let node = self.opt(key);
        if node.is_none() {
            self.missing(key);
        }
        node
    }

    /// Reports that a key is missing.
    pub(crate) fn missing(&self, key: &str) {
        let message = format!("missing key `{key}` in {}", self.what());
        self.error(Code::MissingKey, self.span, message);
    }

    /// Reports an error.
    pub(crate) fn error(&self, code: Code, span: Span, message: impl Into<String>) {
        self.sink.error(code, span, message);
    }

    /// Reports that the value of a key is of another type than expected: "an amount such as
    /// `3000` or `454.92`".
    pub(crate) fn wrong_type(&self, key: &str, node: &Node<'_>, expected: &str) {
        self.sink.wrong_type(node, &self.name_of(key), expected);
    }

    /// A string.
    pub(crate) fn opt_str(&self, key: &'static str) -> Option<(&'n str, Span)> {
        self.string(key, self.opt(key)?)
    }

    /// A string that must be given.
    pub(crate) fn req_str(&self, key: &'static str) -> Option<(&'n str, Span)> {
        self.string(key, self.req(key)?)
    }

    fn string(&self, key: &str, node: &'n Node<'n>) -> Option<(&'n str, Span)> {
        let text = node.as_str();
        if text.is_none() {
            self.wrong_type(key, node, "a string in quotes");
        }
        // What is left empty was to be filled in; but there may be nothing to remark.
        if key != "note" && text.is_some_and(|text| text.trim().is_empty()) {
            let message = format!("{} is empty", self.name_of(key));
            let diagnostic = Diagnostic::error(Code::BadValue, node.span, message);
            self.sink
                .push(diagnostic.expected("a text, or no such key where it may be left out"));
            return None;
        }
        Some((text?, node.span))
    }

    /// `true` or `false`.
    pub(crate) fn opt_bool(&self, key: &'static str) -> Option<(bool, Span)> {
        let node = self.opt(key)?;
        let value = node.as_bool();
        if value.is_none() {
            self.wrong_type(key, node, "`true` or `false` without quotes");
        }
        Some((value?, node.span))
    }

    /// A whole number from 0.
    pub(crate) fn opt_u32(&self, key: &'static str) -> Option<(u32, Span)> {
        let node = self.opt(key)?;
        match &node.value {
            Value::Integer(text) => match text.parse() {
                Ok(number) => return Some((number, node.span)),
                Err(_) => self.sink.push(
                    Diagnostic::error(
                        Code::BadValue,
                        node.span,
                        format!("{} cannot be `{text}`", self.name_of(key)),
                    )
                    .expected("a whole number such as `2`, not below 0"),
                ),
            },
            _ => self.wrong_type(key, node, "a whole number such as `2`"),
        }
        None
    }

    /// A date.
    pub(crate) fn opt_date(&self, key: &'static str) -> Option<(Date, Span)> {
        self.date(key, self.opt(key)?)
    }

    /// A date that must be given.
    pub(crate) fn req_date(&self, key: &'static str) -> Option<(Date, Span)> {
        self.date(key, self.req(key)?)
    }

    /// Reads a node, found under a key, as a date.
    pub(crate) fn date(&self, key: &str, node: &Node<'_>) -> Option<(Date, Span)> {
        let Value::Date(text) = &node.value else {
            self.wrong_type(key, node, "a date such as `2019-01-01`, without quotes");
            return None;
        };
        match Date::parse(text) {
            Ok(date) => Some((date, node.span)),
            Err(error) => {
                let place = self.name_of(key);
                self.sink.push(Diagnostic::of_error(
                    Code::BadDate,
                    node.span,
                    &place,
                    &error,
                ));
                None
            }
        }
    }

    /// A string or an array of strings; `None` only if the key is absent.
    pub(crate) fn opt_strings(&self, key: &'static str) -> Option<Vec<(&'n str, Span)>> {
        Some(self.strings(key, self.opt(key)?))
    }

    /// A string or an array of strings that must be given.
    pub(crate) fn req_strings(&self, key: &'static str) -> Option<Vec<(&'n str, Span)>> {
        Some(self.strings(key, self.req(key)?))
    }

    /// Reads a node, found under a key, as a string or an array of strings. Elements of
    /// another type are reported, each at its place, and left out.
    pub(crate) fn strings(&self, key: &str, node: &'n Node<'n>) -> Vec<(&'n str, Span)> {
        match &node.value {
            Value::String(text) => vec![(text, node.span)],
            Value::Array(nodes) => nodes
                .iter()
                .filter_map(|element| self.string(key, element))
                .collect(),
            _ => {
                self.wrong_type(key, node, "a string or an array of strings");
                Vec::new()
            }
        }
    }

    /// A table.
    pub(crate) fn opt_table(&self, key: &'static str) -> Option<Cursor<'n, 's>> {
        Cursor::of(self.opt(key)?, self.name_of(key), self.sink)
    }

    /// A table that must be given.
    pub(crate) fn req_table(&self, key: &'static str) -> Option<Cursor<'n, 's>> {
        Cursor::of(self.req(key)?, self.name_of(key), self.sink)
    }

    /// The tables of an array, `[[key]]`; none if the key is absent. Each is named by the
    /// key and its id: "step `basic`".
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Cursor<'n, 's>> {
        match self.opt(key) {
            Some(Node {
                value: Value::Array(nodes),
                ..
            }) => self.each_table(key, nodes),
            Some(node) => {
                self.wrong_type(key, node, &format!("an array of tables, `[[{key}]]`"));
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// A table or an array of tables; `None` only if the key is absent.
    pub(crate) fn opt_one_or_many_tables(&self, key: &'static str) -> Option<Vec<Cursor<'n, 's>>> {
        let node = self.opt(key)?;
        Some(match &node.value {
            Value::Table(table) => {
                let what = Some(self.name_of(key));
                vec![Cursor::new(table, node.span, what, self.sink)]
            }
            Value::Array(nodes) => self.each_table(key, nodes),
            _ => {
                self.wrong_type(key, node, "a table or an array of tables");
                Vec::new()
            }
        })
    }

    fn each_table(&self, key: &str, nodes: &'n [Node<'n>]) -> Vec<Cursor<'n, 's>> {
        nodes
            .iter()
            .filter_map(|node| Cursor::of(node, self.name_of_element(key, node), self.sink))
            .collect()
    }

    /// An element of an array as messages name it: "step `basic`", or, without an id,
    /// "`limit` of step `basic`".
    fn name_of_element(&self, key: &str, node: &Node<'_>) -> String {
        let table = node.as_table();
        let id = table.and_then(|table| table.get("id")?.as_str());
        match (id, &self.what) {
            (Some(id), None) => format!("{} `{id}`", key.replace('_', " ")),
            (Some(id), Some(what)) => format!("{} `{id}` of {what}", key.replace('_', " ")),
            (None, _) => self.name_of(key),
        }
    }

    /// Ends without a word on the keys that were not asked for: how to read them is not known.
    pub(crate) fn leave(self) {}

    /// Reports every key that was not asked for, with the nearest of those that were.
    pub(crate) fn finish(self) {
        #[cfg(test)]
        asked::note(self.span, self.open.get(), &self.asked.borrow());
        if self.open.get() {
            return;
        }
        let asked = self.asked.borrow();
        let free = LazyCell::new(|| {
            let absent = |known: &&str| self.table.get(known).is_none();
            asked.iter().copied().filter(absent).collect::<Vec<&str>>()
        });
        for entry in self.table.entries() {
            let key = &*entry.key;
            if !asked.contains(&key) {
                let message = format!("unknown key `{key}` in {}", self.what());
                let near = match self.sink.is_full() {
                    true => None,
                    false => suggest(key, free.iter().copied()),
                };
                let diagnostic = Diagnostic::error(Code::UnknownKey, entry.key_span, message);
                self.sink.push(diagnostic.did_you_mean(near));
            }
        }
    }
}

/// Which keys every table was asked for, for the test that holds the schemas against the readers.
#[cfg(test)]
pub(crate) mod asked {
    use super::Span;
    use std::cell::RefCell;

    /// A table that was read to its end.
    #[derive(Debug)]
    pub(crate) struct Asked {
        pub(crate) span: Span,
        /// Whether its keys are names.
        pub(crate) open: bool,
        pub(crate) keys: Vec<&'static str>,
    }

    thread_local! {
        static NOTED: RefCell<Vec<Asked>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn note(span: Span, open: bool, keys: &[&'static str]) {
        let keys = keys.to_vec();
        NOTED.with_borrow_mut(|noted| noted.push(Asked { span, open, keys }));
    }

    /// What was read on this thread since the last call.
    pub(crate) fn take() -> Vec<Asked> {
        NOTED.take()
    }
}

#[cfg(test)]
#[path = "cursor_tests.rs"]
mod tests;
