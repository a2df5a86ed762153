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
    /// The lines of the kind at hand that have money in the part at hand.
    group: Vec<usize>,
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
                self.gather(bill, cells, kind, part);
                for (slot, paid) in cells.paid.iter() {
                    let amount = *paid.get(place)?.get(part)?;
                    if amount == 0 {
                        continue;
                    }
                    let payer = policy.slots.get(slot)?.payer;
                    allotment.divide(amount, &self.unpaid, &mut self.shares)?;
                    for (unpaid, share) in self.unpaid.iter_mut().zip(&self.shares) {
                        *unpaid = unpaid.wrapping_sub(*share);
                    }
                    add(matrix, columns, payer, &self.group, &self.shares);
                }
                add(matrix, columns, payers, &self.group, &self.unpaid);
            }
        }
        Some(())
    }

    /// The lines of a kind that have money in a part.
    fn gather(&mut self, bill: &Bill, cells: &Cells, kind: &Kind, part: usize) {
        self.group.clear();
        self.unpaid.clear();
        let kinds = cells.kind_of_line.iter().zip(&bill.lines).enumerate();
        for (number, (_, line)) in kinds.filter(|(_, (of, _))| **of == kind.found) {
            let parts = kind.counted(row(&line.parts()));
            let unpaid = parts.get(part).copied().unwrap_or(0);
            if unpaid != 0 {
                self.group.push(number);
                self.unpaid.push(unpaid);
            }
        }
        self.shares.resize(self.group.len(), 0);
    }
}

/// Adds amounts to a column of the matrix, in these lines.
fn add(matrix: &mut [Money], columns: usize, column: usize, lines: &[usize], amounts: &[i64]) {
    for (line, fen) in lines.iter().zip(amounts) {
        let entry = matrix.get_mut(line.wrapping_mul(columns).wrapping_add(column));
        if let Some(entry) = entry {
            *entry = Money::from_fen(entry.fen().wrapping_add(*fen));
        }
    }
}
