//! Profiles: what a policy makes of what it sees, worked out once for all bills of which the same is seen.

use super::error::SettleError;
use super::figures::{Bases, Refusal, Resolver};
use super::seen::Seen;
use super::situation::Situation;
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::{Info, NoteId};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// The steps that apply, with their figures.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    #[expect(
        dead_code,
        reason = "while it is kept, no other policy has its address, which is a key"
    )]
    info: Arc<Info>,
    pub(crate) situation: Situation,
    /// The steps that apply, or may: by number, with the fact that cannot be told.
    pub(crate) steps: Vec<(usize, Option<usize>)>,
    /// By figure: what it comes to, once it was asked for.
    figures: Vec<Asked>,
    /// Of the figures.
    notes: Vec<NoteId>,
}

/// What is known of a figure.
#[derive(Debug, Clone)]
enum Asked {
    Never,
    /// It depends on the bill's money.
    OfMoney,
    Once(Result<Option<i64>, Refusal>, Range<usize>),
}

impl Profile {
    fn new(policy: &Policy, seen: &Seen) -> Profile {
        let situation = Situation::of(policy, seen);
        let steps = policy.steps.iter().enumerate();
        let steps =
            steps.filter_map(
                |(number, step)| match step.condition.holds(&situation.known) {
                    Ok(true) => Some((number, None)),
                    Ok(false) => None,
                    Err(fact) => Some((number, Some(fact))),
                },
            );
        Profile {
            info: Arc::clone(&policy.info),
            steps: steps.collect(),
            situation,
            figures: vec![Asked::Never; policy.figures.len()],
            notes: Vec::new(),
        }
    }

    /// What a figure comes to, with the notes that it leans on; `None` for "no limit".
    pub(crate) fn figure(
        &mut self,
        policy: &Policy,
        id: FigureId,
        bases: Bases,
        notes: &mut Vec<NoteId>,
    ) -> Result<Option<i64>, Refusal> {
        let known = self.figures.get_mut(id.0).ok_or(Refusal::Overflow)?;
        if let Asked::Once(value, own) = known {
            notes.extend_from_slice(self.notes.get(own.clone()).unwrap_or_default());
            return *value;
        }
        let start = notes.len();
        let mut resolver = Resolver {
            policy,
            situation: &self.situation,
            bases,
            is_of_money: false,
            notes,
        };
        let value = resolver.resolve(id);
        if resolver.is_of_money {
            *known = Asked::OfMoney;
        } else {
            let first = self.notes.len();
            self.notes
                .extend_from_slice(notes.get(start..).unwrap_or_default());
            *known = Asked::Once(value, first..self.notes.len());
        }
        value
    }
}

/// Profiles by what is seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profiles {
    numbers: FxHashMap<Key, usize>,
    profiles: Vec<Profile>,
    /// Of the bill at hand.
    key: Key,
}

/// So many are kept. More are as many combinations as few batches have; then it begins anew.
const MOST: usize = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Key {
    /// The address of the policy's info.
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
    ) -> Result<&mut Profile, SettleError> {
        self.key.policy = Arc::as_ptr(&policy.info).addr();
        self.key.seen.read(policy, bill, patient)?;
        let known = self.numbers.get(&self.key).copied();
        let number = known.unwrap_or_else(|| {
            if self.profiles.len() >= MOST {
                self.numbers.clear();
                self.profiles.clear();
            }
            let number = self.profiles.len();
            self.profiles.push(Profile::new(policy, &self.key.seen));
            self.numbers.insert(self.key.clone(), number);
            number
        });
        let profile = self.profiles.get_mut(number);
        profile.ok_or_else(|| SettleError::overflow("`bill`"))
    }
}
