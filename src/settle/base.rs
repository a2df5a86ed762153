//! The base of a step: the cells that it covers and what counts of each.

use super::cells::Cells;
use super::columns::{Columns, PARTS, Row, across, add, total, within, zip};
use super::figures::Refusal;
use super::profile::Applied;
use super::work::{Buffers, Work};
use crate::policy::step::{Covers, Formula, Step};

/// The money of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Money {
    /// The sum of its cells' weights.
    pub(super) measured: i64,
    /// What can be paid at all: what is unpaid of the weighted cells.
    pub(super) payable: i64,
    /// Whether the weights are what is unpaid, and so their own caps.
    pub(super) is_unpaid: bool,
}

impl Work<'_> {
    /// Whether the step covers any money that is still unpaid, or that it counts over the year though it is paid.
    pub(super) fn concerns(&self, step: &Step, applied: &Applied) -> bool {
        let money = match step.base.billed && applied.counts_the_year {
            true => &self.cells.billed,
            false => &self.cells.unpaid,
        };
        self.cells.total_of(step.covers, money) > 0
    }

    /// Each cell's weight in the base (what is unpaid, or what was billed less some payments), and its cap.
    pub(super) fn weigh(&mut self, step: &Step) -> Money {
        let Buffers {
            weights,
            caps,
            deducted,
            ..
        } = &mut *self.buffers;
        let from = match step.base.billed {
            true => &self.cells.billed,
            false => &self.cells.unpaid,
        };
        let mut sum = [0; PARTS];
        let kinds = self.cells.kinds.iter().zip(from);
        for (weight, (kind, fen)) in weights.iter_mut().zip(kinds) {
            *weight = within(fen, &step.covers.mask(kind.signature));
            sum = add(&sum, weight);
        }
        if !step.base.billed && step.base.leaves_nothing_out() {
            let unpaid = across(&sum);
            return Money {
                measured: unpaid,
                payable: unpaid,
                is_unpaid: true,
            };
        }
        // A guarantee leaves these out of its money, not out of what it can pay.
        if !matches!(step.formula, Formula::Guarantee(_)) {
            for column in left_out(step, self.cells, deducted) {
                for (weight, fen) in weights.iter_mut().zip(column) {
                    *weight = zip(weight, fen, |weight, fen| weight.wrapping_sub(fen).max(0));
                }
            }
        }
        let unpaid = weights.iter().zip(&self.cells.unpaid);
        for (cap, (weight, unpaid)) in caps.iter_mut().zip(unpaid) {
            *cap = zip(weight, unpaid, |weight, unpaid| match weight > 0 {
                true => unpaid,
                false => 0,
            });
        }
        Money {
            measured: total(weights),
            payable: total(caps),
            is_unpaid: false,
        }
    }

    /// The base. A fixed one is looked up only where there is something to pay on.
    pub(super) fn base(
        &mut self,
        step: &Step,
        applied: &Applied,
        money: Money,
    ) -> Result<i64, Refusal> {
        self.bases.base = money.measured;
        let Some(fixed) = step.base.fixed else {
            return Ok(money.measured);
        };
        let works = money.payable > 0 || applied.counts_the_year;
        match works && money.measured > 0 {
            true => self.amount(fixed),
            false => Ok(money.measured),
        }
    }

    /// The money of a guarantee: what was billed of it, less what the step's base leaves out.
    pub(super) fn guaranteed(&self, step: &Step, of: Covers) -> i64 {
        let billed = self.cells.total_of(of, &self.cells.billed);
        if step.base.leaves_nothing_out() {
            return billed;
        }
        let left_out = left_out(step, self.cells, &self.buffers.deducted);
        let left_out = left_out.map(|column| self.cells.total_of(of, column));
        left_out.fold(billed, i64::saturating_sub).max(0)
    }
}

/// By cell, what a step's base leaves out: the payments of earlier steps, and the deductibles of earlier steps.
fn left_out<'a>(
    step: &'a Step,
    cells: &'a Cells,
    deducted: &'a Columns,
) -> impl Iterator<Item = &'a [Row]> {
    let base = &step.base;
    let payments = cells.payments.iter();
    let payments = payments.filter(|(slot, _)| base.less.iter().any(|slots| slots.contains(slot)));
    let deductibles = deducted.iter();
    let deductibles = deductibles.filter(|(earlier, _)| base.less_deductible_of.contains(earlier));
    payments.chain(deductibles).map(|(_, column)| column)
}
