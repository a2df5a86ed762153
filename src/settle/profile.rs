//! Profiles: what a policy makes of what it sees, worked out once for all bills of which the same is seen.

use super::columns::Row;
use super::error::SettleError;
use super::figures::{Bases, Refusal, Resolver};
use super::seen::Seen;
use super::situation::Situation;
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::FigureId;
use crate::policy::info::{Info, NoteId};
use crate::policy::step::{DiseaseCounters, Formula, LimitPer};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The steps that apply, with their figures, limits and notes.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) info: Arc<Info>,
    pub(crate) situation: Situation,
    /// The steps that apply, or may.
    pub(crate) steps: Vec<Applied>,
    /// By figure of those steps: what it comes to.
    figures: Vec<Resolved>,
    /// By limit of those steps: in what it is counted.
    counts: Vec<Counts>,
    /// The benefits that are granted; or one for which it cannot be told, and the fact.
    pub(crate) benefits: Vec<usize>,
    pub(crate) untold_benefit: Option<(usize, usize)>,
    /// By step and by figure: what they lean on.
    step_notes: Vec<Vec<NoteId>>,
    figure_notes: Vec<Vec<NoteId>>,
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

/// A step that applies, or may.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Applied {
    pub(crate) number: usize,
    /// The fact that cannot be told.
    pub(crate) untold: Option<usize>,
    /// Whether it counts cost over the year, also on a bill of which nothing is left to pay.
    pub(crate) counts_the_year: bool,
    /// The parts that it covers, as a mask.
    pub(crate) parts: Row,
    /// For a guarantee: whether everybody who pays before counts as having reimbursed.
    pub(crate) counts_all: bool,
}

/// What a figure comes to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Resolved {
    /// No step that applies has it.
    #[default]
    Unused,
    /// It depends on the bill's money.
    OfMoney,
    Number(i64),
    NoLimit,
    /// It is refused, should anybody ask for it.
    Refused(Refusal),
}

impl Profile {
    pub(crate) fn of(policy: &Policy, seen: &Seen) -> Profile {
        let mut profile = Profile::bare(Arc::clone(&policy.info));
        profile.situation = Situation::of(policy, seen);
        profile
            .figures
            .resize(policy.figures.len(), Resolved::Unused);
        profile
            .figure_notes
            .resize(policy.figures.len(), Vec::new());
        profile.counts.resize(policy.limits.len(), Counts::Bill);
        profile.step_notes.resize(policy.steps.len(), Vec::new());
        profile.benefits.clear();
        let known = profile.situation.known;
        for (number, step) in policy.steps.iter().enumerate() {
            let applies = step.condition.holds(&known);
            if applies == Ok(false) {
                continue;
            }
            profile.steps.push(Applied {
                number,
                untold: applies.err(),
                counts_the_year: step.counts_the_year(&policy.limits),
                parts: step.covers.mask(u64::MAX),
                counts_all: match &step.formula {
                    Formula::Guarantee(guarantee) => {
                        let mut before = guarantee.counts.iter().take(step.slots.start);
                        before.all(|counts| *counts)
                    }
                    Formula::Ratio(_) | Formula::Bands(_) => false,
                },
            });
            if let Some(notes) = profile.step_notes.get_mut(number) {
                notes.clone_from(&step.notes);
            }
            for limit in step.limits() {
                let counts = policy.limits.get(limit).map(|limit| match &limit.per {
                    LimitPer::Bill => Counts::Bill,
                    LimitPer::Year(counter) => Counts::Year(*counter),
                    LimitPer::DiseaseYear(diseases) => profile.disease_counters(diseases),
                });
                if let (Some(own), Some(counts)) = (profile.counts.get_mut(limit), counts) {
                    *own = counts;
                }
            }
            for figure in step.figures(&policy.limits) {
                profile.resolve(policy, figure);
            }
        }
        for (number, benefit) in policy.benefits.iter().enumerate() {
            match benefit.holds(&known) {
                Ok(true) => profile.benefits.push(number),
                Ok(false) => {}
                Err(fact) => {
                    profile.untold_benefit.get_or_insert((number, fact));
                }
            }
        }
        profile
    }

    /// One of a policy of which nothing more is known, for a settlement that was read.
    pub(crate) fn bare(info: Arc<Info>) -> Profile {
        Profile {
            benefits: (0..info.benefits.len()).collect(),
            info,
            situation: Situation::default(),
            steps: Vec::new(),
            figures: Vec::new(),
            counts: Vec::new(),
            untold_benefit: None,
            step_notes: Vec::new(),
            figure_notes: Vec::new(),
        }
    }

    fn resolve(&mut self, policy: &Policy, id: FigureId) {
        let Some(Resolved::Unused) = self.figures.get(id.0) else {
            return;
        };
        let mut notes = Vec::new();
        let mut resolver = Resolver {
            policy,
            situation: &self.situation,
            bases: Bases::default(),
            is_of_money: false,
            notes: &mut notes,
        };
        let value = resolver.resolve(id);
        let resolved = match value {
            _ if resolver.is_of_money => Resolved::OfMoney,
            Ok(Some(number)) => Resolved::Number(number),
            Ok(None) => Resolved::NoLimit,
            Err(refusal) => Resolved::Refused(refusal),
        };
        if let (Some(figure), Some(own)) =
            (self.figures.get_mut(id.0), self.figure_notes.get_mut(id.0))
        {
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

    /// What a figure comes to.
    pub(crate) fn figure(&self, id: FigureId) -> Resolved {
        self.figures.get(id.0).copied().unwrap_or_default()
    }

    /// In what a limit is counted.
    pub(crate) fn counts(&self, limit: usize) -> &Counts {
        self.counts.get(limit).unwrap_or(&Counts::Bill)
    }

    pub(crate) fn step_notes(&self, step: usize) -> &[NoteId] {
        self.step_notes.get(step).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn figure_notes(&self, figure: FigureId) -> &[NoteId] {
        self.figure_notes.get(figure.0).map_or(&[], Vec::as_slice)
    }
}

/// Profiles by what is seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profiles {
    numbers: FxHashMap<Key, usize>,
    profiles: Vec<Arc<Profile>>,
    /// Of the bill at hand.
    key: Key,
}

/// So many are kept. More are as many combinations as few batches have; then it begins anew.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Key {
    /// The address of the policy's info, which no other policy has while a profile keeps the info.
    policy: usize,
    seen: Seen,
}

impl Profiles {
    /// The profile of a bill and its patient.
    pub(crate) fn of(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<&Arc<Profile>, SettleError> {
        self.key.policy = Arc::as_ptr(&policy.info).addr();
        self.key.seen.read(policy, bill, patient)?;
        let number = match self.numbers.get(&self.key) {
            Some(known) => *known,
            None => self.add(policy),
        };
        let profile = self.profiles.get(number);
        profile.ok_or_else(|| SettleError::overflow("`bill`"))
    }

    #[cold]
    fn add(&mut self, policy: &Policy) -> usize {
        if self.profiles.len() >= MOST {
            self.numbers.clear();
            self.profiles.clear();
        }
        let number = self.profiles.len();
        let profile = Profile::of(policy, &self.key.seen);
        self.profiles.push(Arc::new(profile));
        self.numbers.insert(self.key.clone(), number);
        number
    }
}
