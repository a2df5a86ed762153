//! Limits and the counters of the year: what is left, and what is used.

use super::figures::Refusal;
use super::work::{Work, count};

impl Work<'_> {
    /// What is left of a limit; `None` without one. In several diseases it is left of the one of which most is used.
    pub(super) fn left(&mut self, number: usize) -> Result<Option<i64>, Refusal> {
        let limit = self.policy.limits.get(number).ok_or(Refusal::Overflow)?;
        let counters = self.profile.counters(number)?;
        let Some(amount) = self.figure(limit.figure)? else {
            return Ok(None);
        };
        let used = match counters {
            [] => self.buffers.limits_used.get(number).copied().unwrap_or(0),
            [first, rest @ ..] => rest.iter().fold(self.counted(*first), |most, counter| {
                self.counted(*counter).max(most)
            }),
        };
        Ok(Some(amount.saturating_sub(used).max(0)))
    }

    pub(super) fn use_limit(&mut self, number: usize, amount: i64) -> Result<(), Refusal> {
        let counters = self.profile.counters(number)?;
        if counters.is_empty() {
            let used = self.buffers.limits_used.get_mut(number);
            let used = used.ok_or(Refusal::Overflow)?;
            *used = used.checked_add(amount).ok_or(Refusal::Overflow)?;
        }
        for &counter in counters {
            self.count(counter, amount)?;
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
