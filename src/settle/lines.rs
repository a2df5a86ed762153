//! The line × payer matrix: each payer's amount in a cell, divided among the lines of that kind.

use super::allot::Allotment;
use super::cells::{Cells, Kind};
use super::columns::{PARTS, row};
use crate::bill::Bill;
use crate::money::Money;
use crate::policy::Policy;

/// Buffers kept between bills.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    /// Where the rows of the lines begin that are of the kind at hand and have money in the part at hand.
    rows: Vec<usize>,
    /// What is unpaid of each of them, and what they get of the payment at hand.
    unpaid: Vec<i64>,
    shares: Vec<i64>,
}

impl Lines {
    /// Fills the matrix: a row a line, a column a payer and the last for the patient. Payments are taken in the order
    /// in which they were made; a line's share goes by what it still has unpaid of the part, the patient has the rest.
    pub(crate) fn divide(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        cells: &Cells,
        allotment: &mut Allotment,
        matrix: &mut Vec<Money>,
    ) -> Option<()> {
        let payers = policy.info.payers.len();
        let columns = payers.checked_add(1)?;
        matrix.clear();
        matrix.resize(bill.lines.len().checked_mul(columns)?, Money::ZERO);
        for (place, kind) in cells.kinds.iter().enumerate() {
            let billed = cells.billed.get(place)?;
            for part in (0..PARTS).filter(|part| billed.get(*part) != Some(&0)) {
                self.gather(bill, cells, kind, part, columns);
                for (slot, paid) in cells.payments.iter() {
                    let amount = *paid.get(place)?.get(part)?;
                    if amount == 0 {
                        continue;
                    }
                    let payer = policy.slots.get(slot)?.payer;
                    allotment.divide(amount, &self.unpaid, &mut self.shares)?;
                    for (unpaid, share) in self.unpaid.iter_mut().zip(&self.shares) {
                        *unpaid = unpaid.wrapping_sub(*share);
                    }
                    add(matrix, payer, &self.rows, &self.shares);
                }
                add(matrix, payers, &self.rows, &self.unpaid);
            }
        }
        Some(())
    }

    /// The lines of a kind that have money in a part.
    fn gather(&mut self, bill: &Bill, cells: &Cells, kind: &Kind, part: usize, columns: usize) {
        self.rows.clear();
        self.unpaid.clear();
        let mut start = 0usize;
        for (line, of) in bill.lines.iter().zip(&cells.kind_of_line) {
            if *of == kind.found {
                let parts = kind.counted(row(&line.parts()));
                if let Some(&fen) = parts.get(part).filter(|fen| **fen != 0) {
                    self.rows.push(start);
                    self.unpaid.push(fen);
                }
            }
            start = start.wrapping_add(columns);
        }
        self.shares.resize(self.rows.len(), 0);
    }
}

/// Adds amounts to a column of the matrix, in these rows.
fn add(matrix: &mut [Money], column: usize, rows: &[usize], amounts: &[i64]) {
    let Some(cells) = matrix.get_mut(column..) else {
        return;
    };
    for (row, fen) in rows.iter().zip(amounts) {
        if let Some(cell) = cells.get_mut(*row) {
            *cell = Money::from_fen(cell.fen().wrapping_add(*fen));
        }
    }
}
