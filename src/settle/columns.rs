//! Columns of amounts by cell: what was paid from each slot, what was deducted in each step.

/// A column for each of the numbers that has one, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// How many cells a column has.
    cells: usize,
    numbers: Vec<usize>,
    amounts: Vec<i64>,
}

impl Columns {
    /// Empties them, for a bill of so many cells.
    pub(crate) fn restart(&mut self, cells: usize) {
        self.cells = cells;
        self.numbers.clear();
        self.amounts.clear();
    }

    /// The column of a number above all that have one.
    pub(crate) fn push(&mut self, number: usize, amounts: &[i64]) {
        self.numbers.push(number);
        self.amounts.extend_from_slice(amounts);
    }

    /// All columns with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[i64])> {
        let columns = self.amounts.chunks_exact(self.cells.max(1));
        self.numbers.iter().copied().zip(columns)
    }
}
