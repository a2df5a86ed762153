//! A rule file as plain data: keys with their values, in the order of the file.

/// A value of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text: a word, a name, an id or a ratio.
    Text(String),
    /// An amount in fen, written in yuan.
    Fen(i64),
    Number(i64),
    Flag(bool),
    /// A date as it is written.
    Day(String),
    List(Vec<Value>),
    Table(Table),
}

/// Keys with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table(pub(crate) Vec<(String, Value)>);

impl Table {
    pub(crate) fn new() -> Table {
        Table::default()
    }

    /// A thing that has an id and a name.
    pub(crate) fn named(id: &str) -> Table {
        Table::new().with("id", id).with("name", format!("名 {id}"))
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Table {
        self.put(key, value);
        self
    }

    pub(crate) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.push((key.to_owned(), value.into()));
    }

    /// Puts a value if there is one.
    pub(crate) fn may(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        let mut found = self.0.iter().filter(|(known, _)| known == key);
        found.next().map(|(_, value)| value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.get(key).map_or("", Value::text)
    }

    pub(crate) fn text_is(&self, key: &str, text: &str) -> bool {
        matches!(self.get(key), Some(Value::Text(known)) if known == text)
    }

    /// The tables of a list; none where there is no list.
    pub(crate) fn tables(&self, key: &str) -> Vec<&Table> {
        match self.get(key) {
            Some(Value::List(values)) => values.iter().map(Value::table).collect(),
            Some(other) => panic!("`{key}` is no list: {other:?}"),
            None => Vec::new(),
        }
    }
}

impl Value {
    pub(crate) fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    pub(crate) fn table(&self) -> &Table {
        match self {
            Value::Table(table) => table,
            other => panic!("no table: {other:?}"),
        }
    }

    /// Everything written in it as text or as a key.
    pub(crate) fn texts<'a>(&'a self, out: &mut Vec<&'a str>) {
        match self {
            Value::Text(text) => out.push(text),
            Value::List(values) => values.iter().for_each(|value| value.texts(out)),
            Value::Table(table) => {
                for (key, value) in &table.0 {
                    out.push(key);
                    value.texts(out);
                }
            }
            Value::Fen(_) | Value::Number(_) | Value::Flag(_) | Value::Day(_) => {}
        }
    }

    /// Whether this is what TOML reads, whatever the order of keys.
    pub(crate) fn is(&self, read: &toml::Value) -> bool {
        match (self, read) {
            (Value::Text(text), toml::Value::String(read)) => text == read,
            (Value::Fen(fen), toml::Value::Integer(yuan)) => *fen == yuan * 100,
            (Value::Fen(fen), toml::Value::Float(yuan)) => yuan_of(*fen) == format!("{yuan:.2}"),
            (Value::Number(number), toml::Value::Integer(read)) => number == read,
            (Value::Flag(flag), toml::Value::Boolean(read)) => flag == read,
            (Value::Day(day), toml::Value::Datetime(read)) => *day == read.to_string(),
            (Value::List(values), toml::Value::Array(read)) => {
                values.len() == read.len()
                    && values.iter().zip(read).all(|(value, read)| value.is(read))
            }
            (Value::Table(table), toml::Value::Table(read)) => {
                let mut entries = table.0.iter();
                table.0.len() == read.len()
                    && entries.all(|(key, value)| read.get(key).is_some_and(|read| value.is(read)))
            }
            _ => false,
        }
    }
}

/// An amount in yuan with two decimals.
pub(crate) fn yuan_of(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Flag(flag)
    }
}

impl From<Table> for Value {
    fn from(table: Table) -> Value {
        Value::Table(table)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}
