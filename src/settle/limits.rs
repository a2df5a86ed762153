//! Limits and the counters of the year: what is left, and what is used.

use super::figures::Refusal;
use super::ready::Counts;
use super::work::{Work, count};
use crate::policy::step::{LimitOn, Step};

/// What a bill counts in a limit on bills.
const ONE_BILL: i64 = 100;

impl Work<'_> {
    /// What is left of a limit.
    pub(super) fn left(&mut self, number: usize) -> Result<i64, Refusal> {
        let limit = self.policy.limits.get(number).ok_or(Refusal::Overflow)?;
        let used = match self.profile.counts(number) {
            Counts::Bill => self.buffers.limits_used.get(number).copied().unwrap_or(0),
            Counts::Year(counter) => self.counted(*counter),
            // Of several diseases the one of which most is used.
            Counts::Diseases(counters) => {
                let counted = counters.iter().map(|counter| self.counted(*counter));
                counted.max().unwrap_or(0)
            }
            Counts::Refused(refusal) => return Err(*refusal),
        };
        let amount = self.figure(limit.figure)?;
        Ok(amount.saturating_sub(used).max(0))
    }

    /// Counts what was used of a limit.
    pub(super) fn use_limit(&mut self, number: usize, amount: i64) -> Result<(), Refusal> {
        match self.profile.counts(number) {
            Counts::Bill => {
                let used = self.buffers.limits_used.get_mut(number);
                let used = used.ok_or(Refusal::Overflow)?;
                *used = used.checked_add(amount).ok_or(Refusal::Overflow)?;
                Ok(())
            }
            Counts::Year(counter) => self.count(*counter, amount),
            Counts::Diseases(counters) => counters
                .iter()
                .try_for_each(|counter| self.count(*counter, amount)),
            Counts::Refused(refusal) => Err(*refusal),
        }
    }

    /// The most that the step may pay, and the limit that bounds it there; without one it is all that is unpaid.
    pub(super) fn room(
        &mut self,
        step: &Step,
        payable: i64,
    ) -> Result<(i64, Option<usize>), Refusal> {
        let (mut room, mut bound) = (payable, None);
        for &number in &step.payment_limits {
            let mut left = self.left(number)?;
            let limit = self.policy.limits.get(number).ok_or(Refusal::Overflow)?;
            if limit.on == LimitOn::Bills {
                // Either this bill is one of those on which the step pays, or it pays nothing.
                left = if left >= ONE_BILL { room } else { 0 };
            }
            if !limit.together_with.is_empty() {
                let paid = self.cells.paid_by(&limit.together_with, step.covers);
                left = left.saturating_sub(paid).max(0);
            }
            if left < room {
                (room, bound) = (left, Some(number));
            }
        }
        Ok((room, bound))
    }

    pub(super) fn count_payment(&mut self, step: &Step, amount: i64) -> Result<(), Refusal> {
        for &number in &step.payment_limits {
            let limit = self.policy.limits.get(number).ok_or(Refusal::Overflow)?;
            let one_bill = limit.on == LimitOn::Bills && amount > 0;
            self.use_limit(number, if one_bill { ONE_BILL } else { amount })?;
        }
        Ok(())
    }

    pub(super) fn counted(&self, counter: usize) -> i64 {
        let amount = self.out.year_to_date.amounts.get(counter);
        amount.map_or(0, |amount| amount.fen())
    }

    pub(super) fn count(&mut self, counter: usize, amount: i64) -> Result<(), Refusal> {
        count(&mut self.out.year_to_date.amounts, counter, amount)
    }
}
