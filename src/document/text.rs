//! A document as text with aligned columns.

use super::bar;
use super::content::{Block, Content, Level, Segment, Table};
use crate::money::Money;
use crate::page::{Page, WIDTH, pad, pad_left};
use std::fmt;
use unicode_width::UnicodeWidthStr as _;

/// The columns of an amount, with the blanks before it.
const AMOUNT: usize = 16;

pub(super) fn draw(content: &Content, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let page = &mut Page::new(out);
    page.text(0, "", &content.title)?;
    page.rule(0, '=')?;
    page.text(0, "", &content.subtitle)?;
    page.text(0, "", "")?;
    let label = widest(content.facts.iter().map(|(name, _)| *name));
    for (name, value) in &content.facts {
        let value = match value.is_empty() {
            true => BLANK,
            false => value,
        };
        page.text(2, &pad(name, label), value)?;
    }
    for block in &content.blocks {
        page.text(0, "", "")?;
        match block {
            Block::Totals(totals) => {
                for (name, amount) in totals {
                    page.cells(2, "", name, amount)?;
                }
            }
            Block::Bar(segments) => self::bar(page, segments)?,
            Block::Table(table) => self::table(page, table)?,
            Block::Notes(heading, before, entries) => {
                page.text(0, "", heading)?;
                if !before.is_empty() {
                    page.text(2, "", before)?;
                }
                for entry in entries {
                    page.text(2, "* ", entry)?;
                }
            }
        }
    }
    if !content.signatures.is_empty() {
        page.text(0, "", "")?;
        let label = widest(content.signatures.iter().map(|(name, _)| *name));
        for (name, value) in &content.signatures {
            let value = match value.is_empty() {
                true => BLANK,
                false => value,
            };
            page.text(2, &pad(name, label), value)?;
        }
    }
    page.text(0, "", "")?;
    page.text(0, "", &content.footer)
}

/// A place to write.
const BLANK: &str = "____________________";

fn widest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    let widest = names.map(|name| name.width()).max();
    widest.unwrap_or_default().saturating_add(2)
}

/// The bar, one character to a stretch of money: each payer's mark, and dots for the patient.
fn bar(page: &mut Page<'_>, segments: &[Segment]) -> fmt::Result {
    let amounts: Vec<Money> = segments.iter().map(|segment| segment.amount).collect();
    let columns = WIDTH.saturating_sub(4);
    let units = bar::divide(&amounts, u32::try_from(columns).unwrap_or_default());
    let mut line = String::from("[");
    for (segment, units) in segments.iter().zip(units) {
        let mark = segment.mark.unwrap_or('.');
        line.extend((0..units).map(|_| mark));
    }
    line.push(']');
    page.text(2, "", &line)
}

fn table(page: &mut Page<'_>, table: &Table) -> fmt::Result {
    let cells = |cells: &mut dyn Iterator<Item = &str>| -> String {
        cells.map(|cell| pad_left(cell, AMOUNT)).collect()
    };
    let mut columns = table.columns.iter().copied();
    let name = columns.next().unwrap_or_default();
    page.cells(2, "", name, &cells(&mut columns))?;
    page.rule(2, '-')?;
    let has_marks = table.rows.iter().any(|row| row.mark.is_some());
    let mut was_plain = false;
    for row in &table.rows {
        if row.level == Level::Sum && was_plain {
            page.rule(2, '-')?;
        }
        was_plain = row.level != Level::Sum;
        let label = match (has_marks, row.mark) {
            (false, _) => String::new(),
            (true, None) if row.level == Level::Sum => String::new(),
            (true, mark) => format!("{}  ", mark.unwrap_or(' ')),
        };
        let indent = match row.level {
            Level::Part => 6,
            _ => 2,
        };
        let cells = cells(&mut row.cells.iter().map(String::as_str));
        page.cells(indent, &label, &row.name, &cells)?;
    }
    Ok(())
}
