//! The base of a step: the cells that it covers and what counts of each.

use super::cells::{Cells, sum};
use super::columns::Columns;
use super::figures::Refusal;
use super::work::{Buffers, Work};
use crate::policy::step::{Covers, Formula, Step};

impl Work<'_> {
    /// Whether the step covers any money that is still unpaid, or that it counts over the year though it is paid.
    pub(super) fn concerns(&self, step: &Step) -> bool {
        let counted = step.base.billed && step.counts_the_year(&self.policy.limits);
        let money = match counted {
            true => &self.cells.billed,
            false => &self.cells.unpaid,
        };
        let mut money = self.cells.covered(step.covers).zip(money);
        money.any(|(covered, &fen)| covered && fen > 0)
    }

    /// Each cell's weight in the base (what is unpaid, or what was billed less some payments), and its cap.
    pub(super) fn weigh(&mut self, step: &Step) -> Result<(), Refusal> {
        let Buffers {
            weights,
            caps,
            deducted,
            ..
        } = &mut *self.buffers;
        weights.clear();
        caps.clear();
        let from = if step.base.billed {
            &self.cells.billed
        } else {
            &self.cells.unpaid
        };
        weights.extend(
            self.cells
                .covered(step.covers)
                .zip(from)
                .map(|(covered, &fen)| if covered { fen } else { 0 }),
        );
        // A guarantee leaves these out of its money, not out of what it can pay.
        if !matches!(step.formula, Formula::Guarantee(_)) {
            for column in left_out(step, self.cells, deducted) {
                for (weight, &fen) in weights.iter_mut().zip(column) {
                    *weight = weight.checked_sub(fen).ok_or(Refusal::Overflow)?.max(0);
                }
            }
        }
        caps.extend(
            weights
                .iter()
                .zip(&self.cells.unpaid)
                .map(|(&weight, &unpaid)| if weight > 0 { unpaid } else { 0 }),
        );
        Ok(())
    }

    /// What can be paid at all: what is unpaid of the weighted cells.
    pub(super) fn payable(&self) -> Result<i64, Refusal> {
        sum(self.buffers.caps.iter().copied()).ok_or(Refusal::Overflow)
    }

    /// The base. A fixed one is looked up only where there is something to pay on.
    pub(super) fn base(&mut self, step: &Step, payable: i64) -> Result<i64, Refusal> {
        let measured = sum(self.buffers.weights.iter().copied()).ok_or(Refusal::Overflow)?;
        self.bases.base = measured;
        let works = measured > 0 && (payable > 0 || step.counts_the_year(&self.policy.limits));
        match step.base.fixed {
            Some(fixed) if works => self.figure(fixed)?.ok_or(Refusal::Overflow),
            _ => Ok(measured),
        }
    }

    /// The money of a guarantee: what was billed of it, less what the step's base leaves out.
    pub(super) fn money(&self, step: &Step, of: Covers) -> Result<i64, Refusal> {
        let mut money = self.cells.billed_of(of).ok_or(Refusal::Overflow)?;
        for column in left_out(step, self.cells, &self.buffers.deducted) {
            let covered = self
                .cells
                .covered(of)
                .zip(column)
                .filter(|(covered, _)| *covered);
            let left_out = sum(covered.map(|(_, &fen)| fen)).ok_or(Refusal::Overflow)?;
            money = money.checked_sub(left_out).ok_or(Refusal::Overflow)?;
        }
        Ok(money.max(0))
    }
}

/// By cell, what a step's base leaves out: the payments of earlier steps, and the deductibles of earlier steps.
fn left_out<'a>(
    step: &'a Step,
    cells: &'a Cells,
    deducted: &'a Columns,
) -> impl Iterator<Item = &'a [i64]> {
    let base = &step.base;
    let payments = cells.paid.iter();
    let payments = payments.filter(|(slot, _)| base.less.iter().any(|slots| slots.contains(slot)));
    let deductibles = deducted.iter();
    let deductibles = deductibles.filter(|(earlier, _)| base.less_deductible_of.contains(earlier));
    payments.chain(deductibles).map(|(_, column)| column)
}
