//! Profiles: what a policy makes of what it sees, worked out once for all bills of which the same is seen.

use super::error::SettleError;
use super::ready::{Counts, Ready, Resolved};
use super::seen::Seen;
use super::situation::Situation;
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::step::Formula;
use crate::settlement::Terms;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The steps that apply, with their figures and limits, and what results speak of.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) situation: Situation,
    /// The steps that apply, or may.
    pub(crate) steps: Vec<Applied>,
    /// By figure of those steps: what it comes to.
    figures: Vec<Resolved>,
    /// By limit of those steps: in what it is counted.
    counts: Vec<Counts>,
    pub(crate) terms: Arc<Terms>,
    /// A benefit of which it cannot be told whether it is granted, and the fact.
    pub(crate) untold_benefit: Option<(usize, usize)>,
}

/// A step that applies, or may.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Applied {
    pub(crate) number: usize,
    /// The fact that cannot be told.
    pub(crate) untold: Option<usize>,
    /// Whether it counts cost over the year, also on a bill of which nothing is left to pay.
    pub(crate) counts_the_year: bool,
    /// For a guarantee: whether everybody who pays before counts as having reimbursed.
    pub(crate) counts_all: bool,
}

impl Profile {
    pub(crate) fn of(policy: &Policy, seen: &Seen) -> Profile {
        let situation = Situation::of(policy, seen);
        let known = &situation.known;
        let mut ready = Ready::of(policy, &situation);
        let mut steps = Vec::new();
        let mut step_notes = vec![Vec::new(); policy.steps.len()];
        for ((number, step), notes) in policy.steps.iter().enumerate().zip(&mut step_notes) {
            let applies = step.condition.holds(known);
            if applies == Ok(false) {
                continue;
            }
            notes.clone_from(&step.notes);
            ready.add(step);
            steps.push(Applied {
                number,
                untold: applies.err(),
                counts_the_year: step.counts_the_year(&policy.limits),
                counts_all: match &step.formula {
                    Formula::Guarantee(guarantee) => {
                        let mut before = guarantee.counts.iter().take(step.slots.start);
                        before.all(|counts| *counts)
                    }
                    Formula::Ratio(_) | Formula::Bands(_) => false,
                },
            });
        }
        let mut terms = Terms {
            info: Arc::clone(&policy.info),
            benefits: Vec::new(),
            step_notes,
            figure_notes: ready.notes,
        };
        let mut untold_benefit = None;
        for (number, benefit) in policy.benefits.iter().enumerate() {
            match benefit.holds(known) {
                Ok(true) => terms.benefits.push(number),
                Ok(false) => {}
                Err(fact) => {
                    untold_benefit.get_or_insert((number, fact));
                }
            }
        }
        Profile {
            figures: ready.figures,
            counts: ready.counts,
            situation,
            steps,
            terms: Arc::new(terms),
            untold_benefit,
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
