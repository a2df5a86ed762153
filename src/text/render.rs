//! How a problem looks on a terminal.
//!
//! ```text
//! error[unknown-name]: unknown tier `conty`
//!  --> rules/a.toml:12:22
//!    |
//! 12 | ratio = { 县级 = "90%", conty = "80%" }
//!    |                         ^^^^^ a tier
//!    = help: did you mean `county`?
//! ```

use std::fmt::{Formatter, Result, Write as _};

use unicode_width::UnicodeWidthChar as _;

use super::diagnostic::{Diagnostic, Diagnostics, Label};
use super::source::SourceFile;

/// Lines of more columns than this are cut to this many around the place.
const WIDEST: usize = 160;

/// So many columns are left before the place when a line is cut.
const LEAD: usize = 60;

/// Every problem, and how many more there are.
pub(super) fn all(
    f: &mut Formatter<'_>,
    diagnostics: &Diagnostics,
    between: &str,
    one: fn(&mut Formatter<'_>, &Diagnostic) -> Result,
) -> Result {
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        one(f, diagnostic)?;
    }
    match diagnostics.omitted() {
        0 => Ok(()),
        more => write!(f, "{between}note: {more} more problems are not shown"),
    }
}

/// `path:12:3: error[code]: message`.
pub(super) fn short(f: &mut Formatter<'_>, diagnostic: &Diagnostic) -> Result {
    place(f, diagnostic.place())?;
    write!(
        f,
        ": {}[{}]: {}",
        diagnostic.severity(),
        diagnostic.code(),
        OneLine(diagnostic.message()),
    )
}

/// `path:12:3`, or `path` for a file as a whole.
pub(super) fn place(f: &mut Formatter<'_>, label: &Label) -> Result {
    write!(f, "{}", OneLine(label.file()))?;
    match label.line().zip(label.column()) {
        Some((line, column)) => write!(f, ":{line}:{column}"),
        None => Ok(()),
    }
}

/// The problem with its lines and everything there is to say.
pub(super) fn full(f: &mut Formatter<'_>, diagnostic: &Diagnostic) -> Result {
    write!(
        f,
        "{}[{}]: {}",
        diagnostic.severity(),
        diagnostic.code(),
        OneLine(diagnostic.message()),
    )?;
    let others = diagnostic.other_places();
    let lines = std::iter::once(diagnostic.place()).chain(others);
    let last_line = lines.filter_map(Label::line).max().unwrap_or(0);
    let gutter = last_line.to_string().len();
    snippet(f, diagnostic.place(), gutter, "-->", '^')?;
    for label in others {
        snippet(f, label, gutter, ":::", '-')?;
    }
    let mut say =
        |what: &str, text: &str| write!(f, "\n{:gutter$} = {what}: {}", "", OneLine(text));
    if let Some(expected) = diagnostic.expectation() {
        say("expected", expected)?;
    }
    if let Some(name) = diagnostic.suggestion() {
        say("help", &format!("did you mean `{name}`?"))?;
    }
    for note in diagnostic.notes() {
        say("note", note)?;
    }
    if let Some(case) = diagnostic.witness() {
        write!(f, "\n{:gutter$} = witness:", "")?;
        for line in case.lines() {
            match line {
                "" => writeln!(f)?,
                line => write!(f, "\n{:gutter$}   {}", "", OneLine(line))?,
            }
        }
    }
    Ok(())
}

/// The place and, if it is one in a text, its line with the place underlined. Of a place
/// over several lines the first is shown.
fn snippet(f: &mut Formatter<'_>, label: &Label, gutter: usize, arrow: &str, mark: char) -> Result {
    write!(f, "\n{:gutter$}{arrow} ", "")?;
    place(f, label)?;
    let Some(((source, (start, end)), line)) =
        label.source().zip(label.byte_range()).zip(label.line())
    else {
        return Ok(());
    };
    let shown = Shown::new(source, line, start, end);
    write!(f, "\n{:gutter$} |", "")?;
    let text = format!("{line:gutter$} | {}", shown.text);
    write!(f, "\n{}", text.trim_end())?;
    write!(
        f,
        "\n{:gutter$} | {:indent$}",
        "",
        "",
        indent = shown.before
    )?;
    for _ in 0..shown.under.max(1) {
        f.write_char(mark)?;
    }
    match label.text() {
        Some(text) => write!(f, " {}", OneLine(text)),
        None => Ok(()),
    }
}

/// A line as it is shown.
struct Shown {
    text: String,
    /// The columns before the place.
    before: usize,
    /// The columns of the place.
    under: usize,
}

impl Shown {
    fn new(source: &SourceFile, line: usize, start: usize, end: usize) -> Self {
        let (before, rest) = source.split_line(line, start);
        let length = end.saturating_sub(start).min(rest.len());
        let under = rest.get(..length).unwrap_or(rest);
        let (from, width) = (columns(before), columns(under));
        // The line's start is kept if the place stands near it.
        let near = from.saturating_add(width) <= WIDEST;
        let first = if near { 0 } else { from.saturating_sub(LEAD) };
        let (mut text, mut left, mut shown) = (String::new(), 0_usize, 0_usize);
        for cell in source.line(line).chars().map(Cell::of) {
            let wide = cell.width();
            if left < first {
                left = left.saturating_add(wide);
                text = String::from("…");
            } else if shown.saturating_add(wide) > WIDEST {
                text.push('…');
                break;
            } else {
                text.push_str(cell.text(&mut [0; 4]));
                shown = shown.saturating_add(wide);
            }
        }
        let before = from.saturating_sub(left);
        Self {
            text,
            before: before.saturating_add(usize::from(left > 0)),
            under: width.min(shown.saturating_sub(before)),
        }
    }
}

/// A character as it is shown.
enum Cell {
    Tab,
    Char(char),
}

impl Cell {
    /// Tabs become blanks; what would disturb a terminal is replaced.
    fn of(c: char) -> Self {
        match c {
            '\t' => Self::Tab,
            c if disturbs(c) => Self::Char(char::REPLACEMENT_CHARACTER),
            c => Self::Char(c),
        }
    }

    fn width(&self) -> usize {
        match self {
            Self::Tab => 4,
            Self::Char(c) => c.width().unwrap_or(0),
        }
    }

    fn text<'a>(&self, buffer: &'a mut [u8; 4]) -> &'a str {
        match self {
            Self::Tab => "    ",
            Self::Char(c) => c.encode_utf8(buffer),
        }
    }
}

/// How many columns a text takes.
fn columns(text: &str) -> usize {
    text.chars().map(|c| Cell::of(c).width()).sum()
}

/// Control characters, and those that change the direction of writing.
fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text from a file inside a message, kept to one line.
struct OneLine<'a>(&'a str);

impl std::fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                c => f.write_str(Cell::of(c).text(&mut [0; 4]))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
