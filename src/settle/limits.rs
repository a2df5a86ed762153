//! Limits and the counters of the year: what is left, and what is used.

use super::figures::Refusal;
use super::work::{Work, count};
use crate::policy::facts::Subject;
use crate::policy::step::{DiseaseCounters, LimitPer};

impl Work<'_> {
    /// What is left of a limit; `None` without one.
    pub(super) fn left(&mut self, number: usize) -> Result<Option<i64>, Refusal> {
        let policy = self.policy;
        let limit = policy.limits.get(number).ok_or(Refusal::Overflow)?;
        if let LimitPer::DiseaseYear(diseases) = &limit.per {
            self.disease_counters(diseases)?;
        }
        let Some(amount) = self.figure(limit.figure)? else {
            return Ok(None);
        };
        let used = match &limit.per {
            LimitPer::Bill => self.buffers.limits_used.get(number).copied().unwrap_or(0),
            LimitPer::Year(counter) => self.counted(*counter),
            // Of several diseases the one of which most is used.
            LimitPer::DiseaseYear(diseases) => {
                let counters = self.disease_counters(diseases)?;
                counters
                    .iter()
                    .map(|&counter| self.counted(counter))
                    .max()
                    .unwrap_or(0)
            }
        };
        Ok(Some(amount.saturating_sub(used).max(0)))
    }

    pub(super) fn use_limit(&mut self, number: usize, amount: i64) -> Result<(), Refusal> {
        let policy = self.policy;
        let limit = policy.limits.get(number).ok_or(Refusal::Overflow)?;
        match &limit.per {
            LimitPer::Bill => {
                let used = self.buffers.limits_used.get_mut(number);
                let used = used.ok_or(Refusal::Overflow)?;
                *used = used.checked_add(amount).ok_or(Refusal::Overflow)?;
            }
            LimitPer::Year(counter) => self.count(*counter, amount)?,
            LimitPer::DiseaseYear(diseases) => {
                for counter in self.disease_counters(diseases)? {
                    self.count(counter, amount)?;
                }
            }
        }
        Ok(())
    }

    /// The counters of the diseases that the bill is for: of the policy's diseases that it matches and that the limit
    /// counts; without one, of its outpatient disease; without that, of all other diseases together. A bill that gives no
    /// disease at all is refused: nobody knows which counter is its own.
    fn disease_counters(&self, counted: &DiseaseCounters) -> Result<Vec<usize>, Refusal> {
        if self.profile.situation.values(Subject::Disease).is_none() {
            return Err(Refusal::Missing(Subject::Disease));
        }
        let values = |subject: Subject| self.profile.situation.values(subject).unwrap_or_default();
        let diseases = values(Subject::Disease)
            .iter()
            .filter(|disease| counted.counts(**disease));
        let of_diseases: Vec<usize> = diseases
            .map(|&disease| counted.diseases.saturating_add(usize::from(disease)))
            .collect();
        let outpatient = values(Subject::OutpatientDisease).first();
        Ok(match (of_diseases.is_empty(), outpatient) {
            (false, _) => of_diseases,
            (true, Some(&word)) => vec![counted.outpatient.saturating_add(usize::from(word))],
            (true, None) => vec![counted.other],
        })
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
