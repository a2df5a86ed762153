//! How a document is made to fit on one page: by smaller type, and at last by fewer notes, with a line that says how many
//! there are.
//!
//! Heights are hundredths of a millimetre, reckoned from `style.css` and rounded up; texts are reckoned by their columns.
//! With a font other than those it names, lines may be a little wider: some of the page is kept free.

use crate::document::content::{Block, Content, Table};
use unicode_width::UnicodeWidthStr as _;

/// The height between the margins, less what is kept free.
const PAGE: usize = 26_600;

/// From this many on, notes stand in two columns.
pub(super) const WIDE: usize = 4;

/// The columns that stay empty at the end of a line that is broken.
const WORD: usize = 5;

/// One size of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Type {
    class: &'static str,
    /// The height of a line, of what a row of a table has above and below it, and of a line of notes.
    line: usize,
    row: usize,
    note: usize,
    /// The columns of a name in a table, of a value of the counter, and of a note in one column of two.
    name: usize,
    fact: usize,
    half: usize,
}

/// From the largest to the smallest.
const TYPES: [Type; 4] = [
    Type {
        class: "normal",
        line: 494,
        row: 220,
        note: 440,
        name: 47,
        fact: 32,
        half: 50,
    },
    Type {
        class: "close",
        line: 402,
        row: 192,
        note: 356,
        name: 56,
        fact: 37,
        half: 58,
    },
    Type {
        class: "closer",
        line: 357,
        row: 145,
        note: 314,
        name: 62,
        fact: 40,
        half: 63,
    },
    Type {
        class: "closest",
        line: 312,
        row: 94,
        note: 276,
        name: 69,
        fact: 44,
        half: 70,
    },
];

/// The type in which a document is set, and how many lines of each list of notes there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    size: Type,
    lines: usize,
}

impl Fit {
    pub(super) fn of(content: &Content) -> Fit {
        let fits = |fit: &Fit| {
            let notes = fit.size.notes(content, fit.lines);
            fit.size.fixed(content).saturating_add(notes) <= PAGE
        };
        let whole = TYPES.map(|size| Fit {
            size,
            lines: usize::MAX,
        });
        let [.., smallest] = whole;
        let longest = PAGE.checked_div(smallest.size.note).unwrap_or_default();
        let cut = (1..=longest).rev().map(|lines| Fit { lines, ..smallest });
        let none = Fit {
            lines: 1,
            ..smallest
        };
        whole.into_iter().chain(cut).find(fits).unwrap_or(none)
    }

    pub(super) fn class(self) -> &'static str {
        self.size.class
    }

    /// The notes of a list for which there is room, and how many there are beside them.
    pub(super) fn split(self, entries: &[String]) -> (&[String], usize) {
        if self.size.list(entries) <= self.lines {
            return (entries, 0);
        }
        // One line is for how many are left out.
        let room = self.lines.saturating_sub(1);
        let fits = |count: &usize| {
            let shown = entries.get(..*count).unwrap_or_default();
            self.size.list(shown) <= room
        };
        let count = (0..=entries.len()).rev().find(fits).unwrap_or_default();
        let (shown, left_out) = entries.split_at_checked(count).unwrap_or((entries, &[]));
        (shown, left_out.len())
    }
}

impl Type {
    /// The height of everything but the notes.
    fn fixed(self, content: &Content) -> usize {
        let facts = content.facts.chunks(2).map(|pair| {
            let values = pair.iter().map(|(_, value)| lines(value, self.fact));
            self.row(values.max().unwrap_or(1))
        });
        let blocks = content.blocks.iter().map(|block| match block {
            Block::Totals(_) => 1_700,
            Block::Bar(_) => 1_400,
            Block::Table(table) => self.table(table),
            Block::Notes(..) => 0,
        });
        let signatures = match content.signatures.is_empty() {
            true => 0,
            false => self.row(1).saturating_add(700),
        };
        // The title is as high as two and a half lines.
        let subtitle = self.line.saturating_mul(lines(&content.subtitle, 100));
        let title = self.line.saturating_mul(5).div_ceil(2);
        let around = [subtitle, title, 1_000, signatures];
        let heights = facts.chain(blocks).chain(around);
        heights.fold(0, usize::saturating_add)
    }

    /// The height of all notes, with at most so many lines of each list.
    fn notes(self, content: &Content, most: usize) -> usize {
        let height = |block: &Block| match block {
            Block::Notes(_, before, entries) => {
                let list = self.list(entries).min(most);
                let before = match before.is_empty() {
                    true => 0,
                    false => lines(before, self.half.saturating_mul(2)),
                };
                let all = list.saturating_add(before).saturating_add(1);
                all.saturating_mul(self.note).saturating_add(350)
            }
            _ => 0,
        };
        let heights = content.blocks.iter().map(height);
        heights.fold(0, usize::saturating_add)
    }

    fn table(self, table: &Table) -> usize {
        let rows = table
            .rows
            .iter()
            .map(|row| self.row(lines(&row.name, self.name)));
        rows.fold(self.row(1).saturating_add(350), usize::saturating_add)
    }

    /// The height of a row of so many lines.
    fn row(self, lines: usize) -> usize {
        self.line.saturating_mul(lines).saturating_add(self.row)
    }

    /// The lines of a list, in one column or in two.
    fn list(self, entries: &[String]) -> usize {
        let is_wide = entries.len() >= WIDE;
        let columns = match is_wide {
            true => self.half,
            false => self.half.saturating_mul(2),
        };
        let heights = entries.iter().map(|entry| lines(entry, columns));
        let all = heights.clone().fold(0, usize::saturating_add);
        if !is_wide {
            return all;
        }
        // No entry is divided between the two columns: they are as even as whole entries allow.
        let first = heights.scan(0, |first: &mut usize, height| {
            *first = first.saturating_add(height);
            Some(*first)
        });
        let higher = first.map(|first| first.max(all.saturating_sub(first)));
        higher.min().unwrap_or_default()
    }
}

/// The lines of a text. Where it is broken a part of each stays empty, for a word that did not fit.
fn lines(text: &str, columns: usize) -> usize {
    let width = text.width_cjk();
    match width <= columns {
        true => 1,
        false => width.div_ceil(columns.saturating_sub(WORD).max(1)),
    }
}
