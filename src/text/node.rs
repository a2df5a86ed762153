//! The tree of a file: what TOML says, with the place of every key and value.
//!
//! Its texts are borrowed from the file's, and a table is shared until one who has it changes it: so that laying files over
//! one another costs what they change.

use super::span::Span;
use std::borrow::Cow;
use std::rc::Rc;

/// A value and its place.
///
/// The place of a `[table]` or `[[table]]` is its header; of a table that dotted keys
/// imply, the key; of the whole file, its start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'t> {
    /// Where the value stands.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) value: Value<'t>,
}

/// What a value is. Numbers keep their text, so that no digit is lost.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'t> {
    /// A table of any form.
    Table(Table<'t>),
    /// An array, also of `[[tables]]`.
    Array(Vec<Node<'t>>),
    /// A string, its escapes resolved.
    String(Cow<'t, str>),
    /// A whole number as written, but for underscores; with a radix prefix exactly as
    /// written, so that a reader of decimals refuses it.
    Integer(Cow<'t, str>),
    /// A number with a point or exponent (or `inf`, `nan`) as written, but for underscores.
    Float(Cow<'t, str>),
    /// `true` or `false`.
    Boolean(bool),
    /// A date as written.
    Date(Cow<'t, str>),
    /// A date with a time, or a time, as written.
    Datetime(Cow<'t, str>),
}

impl Value<'_> {
    /// What the value is in words, with its article.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Array(_) => "an array",
            Self::String(_) => "a string",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Boolean(_) => "`true` or `false` without quotes",
            Self::Date(_) => "a date",
            Self::Datetime(text) if text.contains('-') => "a date with a time of day",
            Self::Datetime(_) => "a time of day",
        }
    }
}

impl<'t> Node<'t> {
    /// The table that this is.
    pub(crate) fn as_table(&self) -> Option<&Table<'t>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table that this is, to change it.
    pub(crate) fn as_table_mut(&mut self) -> Option<&mut Table<'t>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The elements of the array that this is.
    pub(crate) fn as_array(&self) -> Option<&[Node<'t>]> {
        match &self.value {
            Value::Array(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The elements of the array that this is, to change them.
    pub(crate) fn as_array_mut(&mut self) -> Option<&mut Vec<Node<'t>>> {
        match &mut self.value {
            Value::Array(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The string that this is.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The `true` or `false` that this is.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }
}

/// A key of a table with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry<'t> {
    /// The key.
    pub(crate) key: Cow<'t, str>,
    /// Where the key stands.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) node: Node<'t>,
}

/// A table; its entries stand in the order of the file. Keys are unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Table<'t> {
    /// The entries, first to last.
    entries: Rc<Vec<Entry<'t>>>,
}

impl<'t> Table<'t> {
    /// A table of these entries.
    pub(crate) fn new(entries: Vec<Entry<'t>>) -> Self {
        Table {
            entries: Rc::new(entries),
        }
    }

    /// The entries, first to last.
    pub(crate) fn entries(&self) -> &[Entry<'t>] {
        &self.entries
    }

    /// The entries, to change them.
    pub(crate) fn entries_mut(&mut self) -> &mut Vec<Entry<'t>> {
        Rc::make_mut(&mut self.entries)
    }

    /// The entry of a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry of a key, to change it.
    pub(crate) fn entry_mut(&mut self, key: &str) -> Option<&mut Entry<'t>> {
        let at = self.position(key)?;
        self.entries_mut().get_mut(at)
    }

    /// The value of a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node<'t>> {
        self.entry_mut(key).map(|entry| &mut entry.node)
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry<'t>> {
        let at = self.position(key)?;
        Some(self.entries_mut().remove(at))
    }

    /// Puts an entry in the place of the one with the same key, or at the end.
    pub(crate) fn insert(&mut self, entry: Entry<'t>) {
        match self.entry_mut(&entry.key) {
            Some(old) => *old = entry,
            None => self.entries_mut().push(entry),
        }
    }

    /// Looked for before anything is changed, so that a table without the key stays shared.
    fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }
}
