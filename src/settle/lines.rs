//! The line × payer matrix: each payer's amount in a cell, divided among the lines of that kind.

use super::allot::Allotment;
use super::cells::{Cells, Kind};
use super::columns::{PARTS, row};
use super::small::{Small, is_small};
use crate::bill::Bill;
use crate::money::Money;
use crate::policy::Policy;

/// Buffers kept between bills.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    /// By part: the lines of the kind at hand that have money in it.
    parts: [Owing; PARTS],
    /// For parts of many millions.
    large: Large,
}

/// Lines that have money in a part.
#[derive(Debug, Clone, Default)]
struct Owing {
    /// Where their rows of the matrix begin.
    rows: Vec<usize>,
    unpaid: Small,
}

/// What lines have unpaid of a part, and what they get of the payment at hand.
#[derive(Debug, Clone, Default)]
struct Large {
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
        for (place, (kind, billed)) in cells.kinds.iter().zip(&cells.billed).enumerate() {
            self.gather(bill, cells, kind, columns);
            for (part, (owing, billed)) in self.parts.iter_mut().zip(billed).enumerate() {
                let Owing { rows, unpaid } = owing;
                let is_small = is_small(*billed);
                if !is_small {
                    self.large.gather(bill, cells, kind, part);
                }
                let mut left = *billed;
                for (slot, paid) in cells.payments.iter() {
                    let amount = *paid.get(place)?.get(part)?;
                    if amount == 0 {
                        continue;
                    }
                    let payer = policy.slots.get(slot)?.payer;
                    left = left.wrapping_sub(amount);
                    if is_small {
                        unpaid.divide(amount)?;
                        add(matrix, payer, rows, unpaid.shares());
                    } else {
                        self.large.divide(amount, allotment)?;
                        add(matrix, payer, rows, &self.large.shares);
                    }
                }
                match is_small {
                    _ if left == 0 => {}
                    true => add(matrix, payers, rows, unpaid.weights()),
                    false => add(matrix, payers, rows, &self.large.unpaid),
                }
            }
        }
        Some(())
    }

    /// The lines of a kind, by the parts in which they have money.
    fn gather(&mut self, bill: &Bill, cells: &Cells, kind: &Kind, columns: usize) {
        for Owing { rows, unpaid } in &mut self.parts {
            rows.clear();
            unpaid.restart(bill.lines.len());
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
        for Owing { unpaid, .. } in &mut self.parts {
            unpaid.close();
        }
    }
}

impl Large {
    #[cold]
    fn gather(&mut self, bill: &Bill, cells: &Cells, kind: &Kind, part: usize) {
        let lines = bill.lines.iter().zip(&cells.kind_of_line);
        let lines = lines.filter(|(_, of)| **of == kind.found);
        let unpaid = lines.filter_map(|(line, _)| {
            let parts = kind.counted(row(&line.parts()));
            parts.get(part).copied().filter(|fen| *fen != 0)
        });
        self.unpaid.clear();
        self.unpaid.extend(unpaid);
        self.shares.resize(self.unpaid.len(), 0);
    }

    fn divide(&mut self, amount: i64, allotment: &mut Allotment) -> Option<()> {
        let Large { unpaid, shares } = self;
        allotment.divide(amount, unpaid, shares)?;
        for (unpaid, share) in unpaid.iter_mut().zip(shares) {
            *unpaid = unpaid.wrapping_sub(*share);
        }
        Some(())
    }
}

/// Adds amounts to a column of the matrix, in these rows.
fn add<T: Copy + Into<i64>>(matrix: &mut [Money], column: usize, rows: &[usize], amounts: &[T]) {
    let Some(cells) = matrix.get_mut(column..) else {
        return;
    };
    for (row, amount) in rows.iter().zip(amounts) {
        if let Some(cell) = cells.get_mut(*row) {
            let fen: i64 = (*amount).into();
            *cell = Money::from_fen(cell.fen().wrapping_add(fen));
        }
    }
}
