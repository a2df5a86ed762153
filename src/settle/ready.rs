//! What the figures and limits of steps come to, worked out for all bills of a profile.

use super::figures::{Bases, Refusal, Resolver};
use super::situation::Situation;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::FigureId;
use crate::policy::info::NoteId;
use crate::policy::step::{DiseaseCounters, LimitPer, Step};

/// What a figure comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Resolved {
    /// No step that applies has it.
    #[default]
    Unused,
    /// Fen, or millionths of a ratio; [`NO_LIMIT`] for none.
    Number(i64),
    /// It depends on the bill's money.
    OfMoney,
    /// It is refused, should anybody ask for it.
    Refused(Refusal),
}

/// More than any amount.
pub(crate) const NO_LIMIT: i64 = i64::MAX;

/// In what a limit is counted.
#[derive(Debug, Clone)]
pub(crate) enum Counts {
    /// In the bill alone.
    Bill,
    /// In a counter of the year.
    Year(usize),
    /// In the counters of several diseases.
    Diseases(Vec<usize>),
    /// Nobody knows, should anybody ask.
    Refused(Refusal),
}

/// The figures and limits of a policy, as far as steps need them.
pub(super) struct Ready<'a> {
    policy: &'a Policy,
    situation: &'a Situation,
    /// By figure: what it comes to, and on what it leans.
    pub(super) figures: Vec<Resolved>,
    pub(super) notes: Vec<Vec<NoteId>>,
    /// By limit.
    pub(super) counts: Vec<Counts>,
}

impl Ready<'_> {
    pub(super) fn of<'a>(policy: &'a Policy, situation: &'a Situation) -> Ready<'a> {
        Ready {
            policy,
            situation,
            figures: vec![Resolved::Unused; policy.figures.len()],
            notes: vec![Vec::new(); policy.figures.len()],
            counts: vec![Counts::Bill; policy.limits.len()],
        }
    }

    /// The figures and limits of one more step.
    pub(super) fn add(&mut self, step: &Step) {
        for limit in step.limits() {
            let per = self.policy.limits.get(limit).map(|limit| &limit.per);
            let counts = match per {
                None | Some(LimitPer::Bill) => Counts::Bill,
                Some(LimitPer::Year(counter)) => Counts::Year(*counter),
                Some(LimitPer::DiseaseYear(diseases)) => self.disease_counters(diseases),
            };
            if let Some(own) = self.counts.get_mut(limit) {
                *own = counts;
            }
        }
        for figure in step.figures(&self.policy.limits) {
            self.resolve(figure);
        }
    }

    fn resolve(&mut self, id: FigureId) {
        let Some(Resolved::Unused) = self.figures.get(id.0) else {
            return;
        };
        let mut notes = Vec::new();
        let mut resolver = Resolver {
            policy: self.policy,
            situation: self.situation,
            bases: Bases::default(),
            is_of_money: false,
            notes: &mut notes,
        };
        let value = resolver.resolve(id);
        let resolved = match value {
            _ if resolver.is_of_money => Resolved::OfMoney,
            Ok(number) => Resolved::Number(number.unwrap_or(NO_LIMIT)),
            Err(refusal) => Resolved::Refused(refusal),
        };
        if let (Some(figure), Some(own)) = (self.figures.get_mut(id.0), self.notes.get_mut(id.0)) {
            (*figure, *own) = (resolved, notes);
        }
    }

    /// The counters of the diseases that the bill is for: of the policy's diseases that it matches and that the limit
    /// counts; without one, of its outpatient disease; without that, of all other diseases together. A bill that gives no
    /// disease at all is refused: nobody knows which counter is its own.
    fn disease_counters(&self, counted: &DiseaseCounters) -> Counts {
        let Some(diseases) = self.situation.values(Subject::Disease) else {
            return Counts::Refused(Refusal::Missing(Subject::Disease));
        };
        let diseases = diseases.iter().filter(|disease| counted.counts(**disease));
        let of_diseases: Vec<usize> = diseases
            .map(|&disease| counted.diseases.saturating_add(usize::from(disease)))
            .collect();
        let outpatient = self.situation.values(Subject::OutpatientDisease);
        match outpatient.unwrap_or_default().first() {
            _ if !of_diseases.is_empty() => Counts::Diseases(of_diseases),
            Some(&word) => Counts::Year(counted.outpatient.saturating_add(usize::from(word))),
            None => Counts::Year(counted.other),
        }
    }
}
