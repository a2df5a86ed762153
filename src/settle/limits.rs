//! Limits and the counters of the year: what is left, and what is used.

use super::figures::Refusal;
use super::work::{Work, count};
use crate::policy::facts::Subject;
use crate::policy::step::{Limit, LimitPer};
use crate::vocabulary::Dimension;

impl Work<'_> {
    /// What is left of a limit; `None` without one.
    pub(super) fn left(&mut self, number: usize) -> Result<Option<i64>, Refusal> {
        let policy = self.policy;
        let limit = policy.limits.get(number).ok_or(Refusal::Overflow)?;
        let Some(amount) = self.resolver().resolve(limit.figure)? else {
            return Ok(None);
        };
        let used = match self.counter(limit)? {
            Some(counter) => self.counted(counter),
            None => self.buffers.limits_used.get(number).copied().unwrap_or(0),
        };
        Ok(Some(amount.saturating_sub(used).max(0)))
    }

    pub(super) fn use_limit(&mut self, number: usize, amount: i64) -> Result<(), Refusal> {
        let limit = self.policy.limits.get(number).ok_or(Refusal::Overflow)?;
        match self.counter(limit)? {
            Some(counter) => self.count(counter, amount),
            None => {
                let used = self
                    .buffers
                    .limits_used
                    .get_mut(number)
                    .ok_or(Refusal::Overflow)?;
                *used = used.checked_add(amount).ok_or(Refusal::Overflow)?;
                Ok(())
            }
        }
    }

    /// The counter of a limit that outlasts the bill.
    pub(super) fn counter(&self, limit: &Limit) -> Result<Option<usize>, Refusal> {
        let disease = |subject: Subject| {
            self.situation
                .values(subject)
                .and_then(<[u16]>::first)
                .copied()
        };
        match limit.per {
            LimitPer::Bill => Ok(None),
            LimitPer::Year(counter) => Ok(Some(counter)),
            LimitPer::DiseaseYear(first) => {
                let outpatient = self.policy.words.count(Dimension::OutpatientDisease);
                let index = match (
                    disease(Subject::OutpatientDisease),
                    disease(Subject::Disease),
                ) {
                    (Some(number), _) => usize::from(number),
                    (None, Some(number)) => outpatient.saturating_add(usize::from(number)),
                    (None, None) => return Err(Refusal::Missing(Subject::Disease)),
                };
                Ok(Some(first.saturating_add(index)))
            }
        }
    }

    pub(super) fn counted(&self, counter: usize) -> i64 {
        self.out
            .year_to_date
            .amounts
            .get(counter)
            .map_or(0, |amount| amount.fen())
    }

    pub(super) fn count(&mut self, counter: usize, amount: i64) -> Result<(), Refusal> {
        count(&mut self.out.year_to_date.amounts, counter, amount)
    }
}
