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
    /// By part: the lines of the kind at hand that have money in it.
    parts: [Owing; PARTS],
    /// What they get of the payment at hand.
    shares: Vec<i64>,
}

/// Lines that have money in a part.
#[derive(Debug, Clone, Default)]
struct Owing {
    /// Where their rows of the matrix begin.
    rows: Vec<usize>,
    unpaid: Vec<i64>,
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
            self.gather(bill, cells, kind, columns);
            for (part, Owing { rows, unpaid }) in self.parts.iter_mut().enumerate() {
                if rows.is_empty() {
                    continue;
                }
                self.shares.resize(rows.len(), 0);
                for (slot, paid) in cells.payments.iter() {
                    let amount = *paid.get(place)?.get(part)?;
                    if amount == 0 {
                        continue;
                    }
                    let payer = policy.slots.get(slot)?.payer;
                    allotment.divide(amount, unpaid, &mut self.shares)?;
                    for (unpaid, share) in unpaid.iter_mut().zip(&self.shares) {
                        *unpaid = unpaid.wrapping_sub(*share);
                    }
                    add(matrix, payer, rows, &self.shares);
                }
                add(matrix, payers, rows, unpaid);
            }
        }
        Some(())
    }

    /// The lines of a kind, by the parts in which they have money.
    fn gather(&mut self, bill: &Bill, cells: &Cells, kind: &Kind, columns: usize) {
        for Owing { rows, unpaid } in &mut self.parts {
            rows.clear();
            unpaid.clear();
        }
        let mut start = 0usize;
        for (line, of) in bill.lines.iter().zip(&cells.kind_of_line) {
            if *of == kind.found {
                let parts = kind.counted(row(&line.parts()));
                for (Owing { rows, unpaid }, fen) in self.parts.iter_mut().zip(parts) {
                    if fen != 0 {
                        rows.push(start);
                        unpaid.push(fen);
                    }
                }
            }
            start = start.wrapping_add(columns);
        }
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
