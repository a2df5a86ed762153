//! Steps made ready for all bills of a profile: with their figures and limits put in.

use super::figures::{Bases, Refusal, Resolver};
use super::situation::Situation;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::FigureId;
use crate::policy::info::NoteId;
use crate::policy::step::{DiseaseCounters, LimitOn, LimitPer, PutIn, Step};

/// A step with its figures and limits put in.
pub(crate) type ReadyStep = Step<ReadyFigure, ReadyLimit>;

/// A figure and what it comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadyFigure {
    pub(crate) id: FigureId,
    pub(crate) value: Resolved,
}

/// What a figure comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resolved {
    /// Fen, or millionths of a ratio; [`NO_LIMIT`] for none.
    Number(i64),
    /// It depends on the bill's money.
    OfMoney,
    /// It is refused, should anybody ask for it.
    Refused(Refusal),
}

/// More than any amount.
pub(crate) const NO_LIMIT: i64 = i64::MAX;

/// A limit, its amount and in what it is counted.
#[derive(Debug, Clone)]
pub(crate) struct ReadyLimit {
    pub(crate) number: usize,
    pub(crate) amount: ReadyFigure,
    pub(crate) on: LimitOn,
    /// By slot: payments that count against it too.
    pub(crate) together_with: Vec<bool>,
    pub(crate) counts: Counts,
}

impl ReadyLimit {
    /// Of a policy that does not have it; steps have no such limits.
    fn unknown(number: usize) -> ReadyLimit {
        let refusal = Refusal::Overflow;
        ReadyLimit {
            number,
            amount: ReadyFigure {
                id: FigureId(0),
                value: Resolved::Refused(refusal),
            },
            on: LimitOn::Payment,
            together_with: Vec::new(),
            counts: Counts::Refused(refusal),
        }
    }
}

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

/// The figures of a policy as far as steps needed them.
pub(super) struct Figures<'a> {
    policy: &'a Policy,
    situation: &'a Situation,
    /// By figure.
    values: Vec<Option<Resolved>>,
    /// By figure: on what it leans.
    pub(super) notes: Vec<Vec<NoteId>>,
}

impl Figures<'_> {
    pub(super) fn of<'a>(policy: &'a Policy, situation: &'a Situation) -> Figures<'a> {
        Figures {
            policy,
            situation,
            values: vec![None; policy.figures.len()],
            notes: vec![Vec::new(); policy.figures.len()],
        }
    }

    fn resolve(&mut self, id: FigureId) -> Resolved {
        let mut notes = Vec::new();
        let mut resolver = Resolver {
            policy: self.policy,
            situation: self.situation,
            bases: Bases::default(),
            is_of_money: false,
            notes: &mut notes,
        };
        let value = resolver.resolve(id);
        let value = match value {
            _ if resolver.is_of_money => Resolved::OfMoney,
            Ok(number) => Resolved::Number(number.unwrap_or(NO_LIMIT)),
            Err(refusal) => Resolved::Refused(refusal),
        };
        if let (Some(own), Some(own_notes)) = (self.values.get_mut(id.0), self.notes.get_mut(id.0))
        {
            (*own, *own_notes) = (Some(value), notes);
        }
        value
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

impl PutIn for Figures<'_> {
    type Figure = ReadyFigure;
    type Limit = ReadyLimit;

    fn figure(&mut self, id: FigureId) -> ReadyFigure {
        let known = self.values.get(id.0).copied().flatten();
        let value = known.unwrap_or_else(|| self.resolve(id));
        ReadyFigure { id, value }
    }

    fn limit(&mut self, number: usize) -> ReadyLimit {
        let policy = self.policy;
        let Some(limit) = policy.limits.get(number) else {
            return ReadyLimit::unknown(number);
        };
        ReadyLimit {
            number,
            amount: self.figure(limit.figure),
            on: limit.on,
            together_with: limit.together_with.clone(),
            counts: match &limit.per {
                LimitPer::Bill => Counts::Bill,
                LimitPer::Year(counter) => Counts::Year(*counter),
                LimitPer::DiseaseYear(diseases) => self.disease_counters(diseases),
            },
        }
    }
}
