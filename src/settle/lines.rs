//! The line × payer matrix: each payer's amount in a cell, divided among the lines of that kind.

use super::allot::Allotment;
use super::cells::{Cells, PARTS};
use crate::money::Money;
use crate::policy::Policy;

/// Buffers kept between bills.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    /// Line numbers, grouped by kind.
    order: Vec<usize>,
    unpaid: Vec<i64>,
}

impl Lines {
    /// Fills the matrix: a row a line, a column a payer and the last for the patient. Payments are taken in the order
    /// in which they were made; a line's share goes by what it still has unpaid of the part, the patient has the rest.
    pub(crate) fn divide(
        &mut self,
        policy: &Policy,
        cells: &Cells,
        allotment: &mut Allotment,
        matrix: &mut Vec<Money>,
    ) -> Option<()> {
        let columns = policy.info.payers.len().checked_add(1)?;
        let lines = cells.parts_of_line.len();
        matrix.clear();
        matrix.resize(lines.checked_mul(columns)?, Money::ZERO);
        self.order.clear();
        self.order.extend(0..lines);
        self.order.sort_by_key(|&line| cells.kind_of_line.get(line));
        for group in self
            .order
            .chunk_by(|&a, &b| cells.kind_of_line.get(a) == cells.kind_of_line.get(b))
        {
            let kind = *cells.kind_of_line.get(*group.first()?)?;
            for part in 0..PARTS {
                let cell = kind.checked_mul(PARTS)?.checked_add(part)?;
                self.unpaid.clear();
                for &line in group {
                    self.unpaid.push(*cells.parts_of_line.get(line)?.get(part)?);
                }
                for (slot, paid) in cells.paid.iter() {
                    let amount = *paid.get(cell)?;
                    if amount == 0 {
                        continue;
                    }
                    let payer = policy.slots.get(slot)?;
                    let shares = allotment.allot(amount, &self.unpaid, &self.unpaid)?;
                    for ((&line, unpaid), &share) in group.iter().zip(&mut self.unpaid).zip(shares)
                    {
                        *unpaid = unpaid.checked_sub(share)?;
                        add(matrix, line, columns, payer.payer, share)?;
                    }
                }
                for (&line, &rest) in group.iter().zip(&self.unpaid) {
                    add(matrix, line, columns, columns.checked_sub(1)?, rest)?;
                }
            }
        }
        Some(())
    }
}

fn add(matrix: &mut [Money], line: usize, columns: usize, column: usize, fen: i64) -> Option<()> {
    let entry = matrix.get_mut(line.checked_mul(columns)?.checked_add(column)?)?;
    *entry = entry.checked_add(Money::from_fen(fen))?;
    Some(())
}
