//! A rule file as TOML, in one of the many ways in which it can be written.

use super::model::{Table, Value, yuan_of};
use crate::choices::Choices;

/// The text of a file: tables inline, by dotted keys or under headings of their own, and keys in any order, as it is
/// chosen.
pub(crate) fn print(file: &Table, c: &mut Choices) -> String {
    let mut out = String::new();
    for (section, value) in &file.0 {
        match value {
            Value::Table(table) => {
                out += &format!("[{section}]\n");
                thing(&mut out, section, table, c);
            }
            Value::List(things) => {
                for one in things {
                    out += &format!("\n[[{section}]]\n");
                    thing(&mut out, section, one.table(), c);
                }
            }
            other => panic!("`{section}` is no section: {other:?}"),
        }
    }
    out
}

/// The keys of a thing, then its tables that have headings of their own.
fn thing(out: &mut String, path: &str, table: &Table, c: &mut Choices) {
    let mut under_headings = Vec::new();
    for (name, value) in in_some_order(path, table, c) {
        let own_heading = match value {
            Value::Table(_) => c.chance(40),
            Value::List(values) => matches!(values.first(), Some(Value::Table(_))) && !c.chance(15),
            _ => false,
        };
        match value {
            _ if own_heading => under_headings.push((name, value)),
            Value::Table(inner) if !inner.0.is_empty() && c.chance(50) => {
                for (last, value) in in_some_order(name, inner, c) {
                    *out += &format!("{}.{} = {}\n", key(name), key(last), inline(last, value, c));
                }
            }
            value => *out += &format!("{} = {}\n", key(name), inline(name, value, c)),
        }
    }
    for (name, value) in under_headings {
        let path = format!("{path}.{}", key(name));
        match value {
            Value::Table(table) => {
                *out += &format!("\n[{path}]\n");
                thing(out, &path, table, c);
            }
            Value::List(tables) => {
                for table in tables {
                    *out += &format!("\n[[{path}]]\n");
                    thing(out, &path, table.table(), c);
                }
            }
            other => panic!("under a heading: {other:?}"),
        }
    }
}

/// The keys of a table in the order of the data, or in another. Of equal shares the payer who is named first has the odd
/// fen, so that `payers` keeps its order.
fn in_some_order<'a>(path: &str, table: &'a Table, c: &mut Choices) -> Vec<&'a (String, Value)> {
    let mut left: Vec<&(String, Value)> = table.0.iter().collect();
    if path.ends_with("payers") || !c.chance(40) {
        return left;
    }
    let mut keys = Vec::new();
    while !left.is_empty() {
        let next = c.below(left.len() as u64);
        keys.push(left.remove(usize::try_from(next).unwrap()));
    }
    keys
}

/// A value on one line, by the name under which it stands.
fn inline(name: &str, value: &Value, c: &mut Choices) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Fen(fen) if fen % 100 == 0 => (fen / 100).to_string(),
        Value::Fen(fen) => yuan_of(*fen),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Day(day) => day.clone(),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(|value| inline(name, value, c)).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => {
            let entries = in_some_order(name, table, c).into_iter();
            let entries: Vec<String> = entries
                .map(|(name, value)| format!("{} = {}", key(name), inline(name, value, c)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn key(name: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    match name.chars().all(bare) {
        true => name.to_owned(),
        false => format!("{name:?}"),
    }
}
