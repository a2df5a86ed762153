//! The tree of a file: what TOML says, with the place of every key and value.

use super::span::Span;

/// A value and its place.
///
/// The place of a `[table]` or `[[table]]` is its header; of a table that dotted keys
/// imply, the key; of the whole file, its start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Where the value stands.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) value: Value,
}

/// What a value is. Numbers keep their text, so that no digit is lost.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A table of any form.
    Table(Table),
    /// An array, also of `[[tables]]`.
    Array(Vec<Node>),
    /// A string, its escapes resolved.
    String(String),
    /// A whole number as written, but for underscores; with a radix prefix exactly as
    /// written, so that a reader of decimals refuses it.
    Integer(String),
    /// A number with a point or exponent (or `inf`, `nan`) as written, but for underscores.
    Float(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A date as written.
    Date(String),
    /// A date with a time, or a time, as written.
    Datetime(String),
}

impl Value {
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

impl Node {
    /// The table that this is.
    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table that this is, to change it.
    pub(crate) fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The elements of the array that this is.
    pub(crate) fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The elements of the array that this is, to change them.
    pub(crate) fn as_array_mut(&mut self) -> Option<&mut Vec<Node>> {
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
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) node: Node,
}

/// A table; its entries stand in the order of the file. Keys are unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Table {
    /// The entries, first to last.
    pub(crate) entries: Vec<Entry>,
}

impl Table {
    /// The entry of a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The value of a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let entry = self.entries.iter_mut().find(|entry| entry.key == key)?;
        Some(&mut entry.node)
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }

    /// Puts an entry in the place of the one with the same key, or at the end.
    pub(crate) fn insert(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
    }
}
