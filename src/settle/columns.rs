//! Amounts by cell: a row is one kind's, a column is all kinds' under one another.
//!
//! No amount is below zero, and a bill's amounts sum to [`Money::MAX`](crate::Money::MAX) at most: they are added
//! without a check.

use crate::line::{Part, Parts};

/// How many parts a line has.
pub(crate) const PARTS: usize = Part::ALL.len();

/// One kind's amounts in fen, by part.
pub(crate) type Row = [i64; PARTS];

/// The parts of a line as a row.
pub(crate) fn row(parts: &Parts) -> Row {
    Part::ALL.map(|part| parts.get(part).fen())
}

/// Applies an operation cell by cell.
pub(crate) fn zip(one: &Row, two: &Row, apply: impl Fn(i64, i64) -> i64) -> Row {
    let ([a, b, c, d], [e, f, g, h]) = (*one, *two);
    [apply(a, e), apply(b, f), apply(c, g), apply(d, h)]
}

/// The sum of two rows, cell by cell.
pub(crate) fn add(one: &Row, two: &Row) -> Row {
    zip(one, two, i64::wrapping_add)
}

/// What is in the cells of the mask.
pub(crate) fn within(row: &Row, mask: &Row) -> Row {
    zip(row, mask, |fen, mask| fen & mask)
}

/// The sum of a row.
pub(crate) fn across(row: &Row) -> i64 {
    row.iter().copied().fold(0, i64::wrapping_add)
}

/// All of a column.
pub(crate) fn total(rows: &[Row]) -> i64 {
    across(&rows.iter().fold([0; PARTS], |sum, row| add(&sum, row)))
}

/// Columns, one for each of the numbers that has one, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// How many rows a column has.
    rows: usize,
    numbers: Vec<usize>,
    /// Column after column; behind the last what was there before.
    amounts: Vec<Row>,
}

impl Columns {
    /// Empties them, for a bill of so many kinds.
    pub(crate) fn restart(&mut self, rows: usize) {
        self.rows = rows;
        self.numbers.clear();
    }

    /// A column for a number above all that have one. What stands in it is from before.
    pub(crate) fn add(&mut self, number: usize) -> &mut [Row] {
        let start = self.numbers.len().saturating_mul(self.rows);
        let end = start.saturating_add(self.rows);
        self.numbers.push(number);
        if self.amounts.len() < end {
            self.amounts.resize(end, [0; PARTS]);
        }
        self.amounts.get_mut(start..end).unwrap_or_default()
    }

    /// All columns with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[Row])> {
        let mut rest = self.amounts.as_slice();
        self.numbers.iter().map_while(move |&number| {
            let (column, after) = rest.split_at_checked(self.rows)?;
            rest = after;
            Some((number, column))
        })
    }
}
