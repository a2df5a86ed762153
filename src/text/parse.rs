//! From bytes to a tree.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic};
use super::hints;
use super::node::{Entry, Node, Table, Value};
use super::sink::Sink;
use super::source::{BOM, FileId, SourceFile, SourceMap};
use super::span::Span;
use crate::limits::{MAX_FILE_BYTES, MAX_NESTING};

/// Reads the bytes of a file, which the user knows by `name`, as TOML.
///
/// A file of more than [`MAX_FILE_BYTES`] is refused, so a caller need not read more than one byte further.
///
/// Takes the file into `sources` in any case. Gives nothing if the file has errors; all that
/// can be told apart are then in `out`.
pub(crate) fn parse<'t>(
    sources: &mut SourceMap,
    name: &str,
    bytes: &'t [u8],
    out: &Sink,
) -> Option<Node<'t>> {
    if bytes.len() > MAX_FILE_BYTES {
        let file = sources.add(SourceFile::new(name, ""));
        let message = format!("the file has more than {MAX_FILE_BYTES} bytes");
        out.push(
            Diagnostic::file_error(Code::FileTooLarge, file, message)
                .expected("a rule file, mostly of some ten thousand bytes"),
        );
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix(BOM).unwrap_or(text),
        Err(error) => {
            let source = SourceFile::new(name, String::from_utf8_lossy(bytes));
            out.push(not_utf8(source, bytes, error.valid_up_to(), sources));
            return None;
        }
    };
    let file = sources.add(SourceFile::new(name, text));
    if let Some(at) = too_deep(text) {
        let message = format!("tables and arrays nested deeper than {MAX_NESTING}");
        out.error(Code::TooDeep, Span::new(file, at), message);
        return None;
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    let tree = Tree { file, text };
    if !errors.is_empty() {
        tree.report(&errors, out);
        return None;
    }
    if root.get_ref().is_empty() {
        let message = "the file is empty but for blanks and comments";
        out.push(Diagnostic::file_error(Code::EmptyFile, file, message));
        return None;
    }
    Some(Node {
        span: Span::start_of(file),
        value: Value::Table(tree.table(root.into_inner())),
    })
}

/// The error at the first byte that is not UTF-8, shown in what of the text can be read.
fn not_utf8(source: SourceFile, bytes: &[u8], valid: usize, sources: &mut SourceMap) -> Diagnostic {
    let mark = BOM.len_utf8();
    let dropped = if bytes.starts_with(b"\xef\xbb\xbf") {
        mark
    } else {
        0
    };
    let start = valid.saturating_sub(dropped);
    let shown = char::REPLACEMENT_CHARACTER.len_utf8();
    let end = start.saturating_add(shown);
    let file = sources.add(source);
    let bad = bytes.get(valid);
    let bad = bad.map_or_else(String::new, |byte| format!(": byte 0x{byte:02X}"));
    Diagnostic::error(
        Code::NotUtf8,
        Span::new(file, start..end),
        format!("the file is not UTF-8 text{bad}"),
    )
    .expected("text saved as UTF-8, not as GBK or UTF-16")
}

/// The first place that is nested deeper than [`MAX_NESTING`]. Looks only at brackets and
/// dots outside of strings and comments, so that a deep file is refused before anything
/// walks it recursively. The point of a number counts as a dot too.
fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    // The depth of each open bracket's surroundings.
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in outside_strings(text) {
        match c {
            b'[' | b'{' => {
                open.push(depth);
                depth = depth.saturating_add(1);
            }
            b']' | b'}' => depth = open.pop().unwrap_or(0),
            b'.' => depth = depth.saturating_add(1),
            // The next entry starts where this one did.
            b',' => depth = open.last().map_or(0, |outside| outside.saturating_add(1)),
            b'\n' if open.is_empty() => depth = 0,
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(at..at.saturating_add(1));
        }
    }
    None
}

/// Where the first bracket stands that is not closed, or closed by one of the other form.
fn unclosed(text: &str) -> Option<usize> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (at, c) in outside_strings(text) {
        match c {
            b'[' => open.push((at, b']')),
            b'{' => open.push((at, b'}')),
            b']' | b'}' => match open.pop() {
                Some((at, closing)) if closing != c => return Some(at),
                _ => {}
            },
            _ => {}
        }
    }
    open.first().map(|&(at, _)| at)
}

/// What parts a text into keys and values, and where it stands: brackets, dots, commas and line ends outside of strings and
/// comments.
fn outside_strings(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let here = at.saturating_add(rest.iter().position(|byte| parts(*byte))?);
            let rest = bytes.get(here..)?;
            at = here.saturating_add(token_len(rest));
            match rest.first()? {
                b'"' | b'\'' | b'#' => {}
                byte => return Some((here, *byte)),
            }
        }
    })
}

/// Whether a byte parts keys and values, or begins a string or a comment.
fn parts(byte: u8) -> bool {
    let brackets = matches!(byte, b'[' | b']' | b'{' | b'}');
    brackets || matches!(byte, b'.' | b',' | b'\n' | b'"' | b'\'' | b'#')
}

/// How many bytes to skip over: a whole string or comment, else one character.
fn token_len(rest: &[u8]) -> usize {
    match rest {
        [b'#', ..] => rest
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(rest.len()),
        [b'"', b'"', b'"', ..] => string_len(rest, b"\"\"\""),
        [b'"', ..] => string_len(rest, b"\""),
        [b'\'', b'\'', b'\'', ..] => string_len(rest, b"\'\'\'"),
        [b'\'', ..] => string_len(rest, b"\'"),
        _ => 1,
    }
}

/// The bytes of a string with its quotes. One within single quotes or one pair of double
/// quotes ends with its line at the latest.
fn string_len(bytes: &[u8], quote: &[u8]) -> usize {
    let several_lines = quote.len() > 1;
    let mut at = quote.len();
    while let Some(tail) = bytes.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with(quote) {
            // Up to two quotes may stand before the closing three.
            let more = tail.iter().zip(quote.iter().cycle()).take(5);
            let quotes = more.take_while(|(byte, quote)| byte == quote).count();
            let closing = if several_lines { quotes } else { 1 };
            return at.saturating_add(closing);
        }
        at = at.saturating_add(match tail {
            [b'\n', ..] if !several_lines => return at,
            // The second of these does not act.
            [b'\\', b'\\' | b'"', ..] if quote.starts_with(b"\"") => 2,
            [_, rest @ ..] => plain_len(rest).saturating_add(1),
            [] => 1,
        });
    }
    bytes.len()
}

/// How many bytes at the beginning cannot end a string.
fn plain_len(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b'"' | b'\'' | b'\\' | b'\n');
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// Turns the parser's tree into ours.
struct Tree<'t> {
    file: FileId,
    text: &'t str,
}

impl<'t> Tree<'t> {
    /// Reports what is not TOML: of each line the first error, since others follow from it; of what comes after a
    /// bracket that is not closed, nothing.
    fn report(&self, errors: &[toml::de::Error], out: &Sink) {
        let mut errors: Vec<_> = errors.iter().collect();
        errors.sort_by_key(|error| error.span().map(|span| span.start));
        let unclosed = unclosed(self.text);
        let mut reported = 0..0;
        for error in errors {
            let range = error.span().unwrap_or(0..0);
            if reported.contains(&range.start) {
                continue;
            }
            if let Some(bracket) = unclosed
                && range.start > self.line_end(bracket)
            {
                // An error in the bracket's own line says enough.
                if reported.end <= bracket {
                    out.push(self.unclosed_error(bracket));
                }
                return;
            }
            reported = range.start..self.line_end(range.start).saturating_add(1);
            out.push(self.syntax_error(error.message(), range));
        }
    }

    /// Where the line of a byte ends.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at.saturating_add(rest.find('\n').unwrap_or(rest.len()))
    }

    fn unclosed_error(&self, bracket: usize) -> Diagnostic {
        let (open, closing) = match self.text.get(bracket..).is_some_and(|b| b.starts_with('{')) {
            true => ('{', '}'),
            false => ('[', ']'),
        };
        let span = Span::new(self.file, bracket..bracket.saturating_add(1));
        Diagnostic::error(Code::Syntax, span, format!("`{open}` is never closed"))
            .expected(format!("`{closing}`"))
    }

    /// The parser's message, in plainer words where analysts will often see it.
    fn syntax_error(&self, message: &str, range: Range<usize>) -> Diagnostic {
        let wrong = self.text.get(range.clone()).unwrap_or_default();
        let (problem, expected) = match message.split_once(", expected ") {
            Some((problem, expected)) => (problem, Some(expected).filter(|e| *e != "nothing")),
            None => (message, None),
        };
        let (code, message, expected) = match (problem, expected) {
            ("duplicate key", _) => return self.given_twice(range),
            ("string values must be quoted", _) if wrong.trim().is_empty() => {
                let value = "a value such as `3000` or `\"85%\"`";
                (Code::Syntax, "missing value".to_owned(), Some(value))
            }
            ("string values must be quoted", _) => (
                Code::Syntax,
                format!("`{wrong}` is not a value"),
                Some(hints::value(wrong)),
            ),
            ("unexpected key or value", _) if self.parts_thousands(&range) => {
                let comma = range.start..range.start.saturating_add(1);
                let span = Span::new(self.file, comma);
                return Diagnostic::error(Code::Syntax, span, "a comma in a number")
                    .expected("a number without a thousands comma, such as `150000`");
            }
            ("invalid unquoted key", _) => (
                Code::Syntax,
                format!("`{wrong}` cannot be a key"),
                Some(hints::key(wrong)),
            ),
            ("key with no value", _) => {
                let value = "`=` and a value";
                (Code::Syntax, "key without `=`".to_owned(), Some(value))
            }
            ("unclosed table" | "unclosed array table", _) => {
                let header = "section without its closing brackets";
                (Code::Syntax, header.to_owned(), expected)
            }
            ("invalid basic string" | "invalid multi-line basic string", Some("`\"`"))
            | ("invalid literal string" | "invalid multi-line literal string", Some("`'`")) => (
                Code::Syntax,
                "string without its closing quotes".to_owned(),
                expected,
            ),
            ("invalid date" | "invalid day" | "invalid month" | "invalid datetime", _) => {
                let date = "a date of the calendar such as `2019-01-01`";
                (
                    Code::BadDate,
                    format!("`{wrong}` is not a date"),
                    Some(date),
                )
            }
            _ => (
                Code::Syntax,
                lower_first(problem.trim_end_matches('.')),
                expected,
            ),
        };
        let diagnostic = Diagnostic::error(code, Span::new(self.file, range), message);
        match expected {
            Some(expected) => diagnostic.expected(expected),
            None => diagnostic,
        }
    }

    /// A key or a section that is there already.
    fn given_twice(&self, range: Range<usize>) -> Diagnostic {
        let wrong = self.text.get(range.clone()).unwrap_or_default();
        let before = self.text.get(..range.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let (message, expected) = match line.trim() {
            "[[" => (
                format!("`[[{wrong}]]` after something of `{wrong}` that belongs to none"),
                format!(
                    "`[[{wrong}]]` above the first `[[{wrong}.…]]` or `[{wrong}.…]`, in double brackets and spelt so"
                ),
            ),
            "[" => (
                format!("`[{wrong}]` is given twice"),
                format!("`[[{wrong}]]`, in double brackets, if there are several"),
            ),
            _ => (
                format!("key `{wrong}` is given twice"),
                "one of the two; or a header such as `[[step]]` above what is of the next"
                    .to_owned(),
            ),
        };
        let span = Span::new(self.file, range);
        Diagnostic::error(Code::Syntax, span, message).expected(expected)
    }

    /// Whether a comma stands between the digits of a number.
    fn parts_thousands(&self, range: &Range<usize>) -> bool {
        let before = self.text.get(..range.start).unwrap_or_default();
        let after = self.text.get(range.start..).unwrap_or_default();
        let digit = |c: char| c.is_ascii_digit();
        let rest = after.strip_prefix(',');
        before.ends_with(digit) && rest.is_some_and(|rest| rest.starts_with(digit))
    }

    fn table(&self, table: DeTable<'t>) -> Table<'t> {
        let entries = table.into_iter().map(|(key, value)| Entry {
            key_span: Span::new(self.file, key.span()),
            key: key.into_inner(),
            node: self.node(value),
        });
        let mut entries: Vec<Entry<'t>> = entries.collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Table::new(entries)
    }

    fn node(&self, node: Spanned<DeValue<'t>>) -> Node<'t> {
        let range = node.span();
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let value = match node.into_inner() {
            DeValue::String(text) => Value::String(text),
            DeValue::Integer(number) if number.radix() == 10 => Value::Integer(digits(raw)),
            DeValue::Integer(_) => Value::Integer(raw.into()),
            DeValue::Float(_) => Value::Float(digits(raw)),
            DeValue::Boolean(value) => Value::Boolean(value),
            DeValue::Datetime(date) if date.time.is_none() => Value::Date(raw.into()),
            DeValue::Datetime(_) => Value::Datetime(raw.into()),
            DeValue::Array(nodes) => {
                Value::Array(nodes.into_iter().map(|node| self.node(node)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node {
            span: Span::new(self.file, range),
            value,
        }
    }
}

/// A number as written, but for underscores.
fn digits(raw: &str) -> Cow<'_, str> {
    match raw.contains('_') {
        true => raw.replace('_', "").into(),
        false => raw.into(),
    }
}

/// The text with its first letter in lower case.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
