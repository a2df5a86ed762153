//! What is known of a bill and its patient: the facts that hold, and the values by which tables are looked up.

use super::error::SettleError;
use super::seen::Seen;
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::{Known, Subject};

/// The facts that hold, and the values by which tables are looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Situation {
    pub(crate) known: Known,
    /// By subject: the values held, as numbers; booleans are 0 and 1. Nothing where the field is absent.
    values: [Option<Vec<u16>>; Subject::ALL.len()],
}

impl Situation {
    /// The situation of a bill and its patient.
    pub(crate) fn observe(
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<Situation, SettleError> {
        let mut seen = Seen::default();
        seen.read(policy, bill, patient)?;
        Ok(Situation::of(policy, &seen))
    }

    /// The situation of all bills of which this is seen.
    pub(crate) fn of(policy: &Policy, seen: &Seen) -> Situation {
        let mut situation = Situation {
            known: Known::default(),
            values: [const { Some(Vec::new()) }; Subject::ALL.len()],
        };
        for sight in seen.iter() {
            let Some(subject) = sight.subject() else {
                continue;
            };
            match sight.value() {
                None => situation.absent(policy, subject),
                Some(value) => situation.add(policy, subject, value),
            }
        }
        situation.certified(policy);
        situation.derive(policy);
        situation
    }

    /// The values of a subject; `None` when the field is absent.
    pub(crate) fn values(&self, subject: Subject) -> Option<&[u16]> {
        self.values.get(subject.index())?.as_deref()
    }

    fn add(&mut self, policy: &Policy, subject: Subject, value: u32) {
        let facts = &policy.facts;
        let place = usize::try_from(value).unwrap_or(usize::MAX);
        match subject {
            Subject::Age | Subject::InsuredYears | Subject::Admission => {
                for fact in facts.numbers.iter().filter(|fact| fact.subject == subject) {
                    if (fact.low..=fact.high).contains(&value) {
                        self.known.holds.insert(fact.fact);
                    }
                }
            }
            Subject::Date => return self.known.holds.insert(place),
            Subject::Hospital => {
                let name = facts.hospitals.get(place).map(|(name, _)| name);
                let same = facts.hospitals.iter();
                for (_, holds) in same.filter(|(known, _)| Some(known) == name) {
                    self.known.holds.unite(holds);
                }
                return;
            }
            _ => self.known.holds.unite(&facts.of(subject, place)),
        }
        if let Some(Some(values)) = self.values.get_mut(subject.index()) {
            values.push(u16::try_from(value).unwrap_or(u16::MAX));
        }
    }

    fn absent(&mut self, policy: &Policy, subject: Subject) {
        if let Some(values) = self.values.get_mut(subject.index()) {
            *values = None;
        }
        self.known.unknown.unite(&policy.facts.about(subject));
    }

    /// Whether the bill's outpatient disease is one for which a certificate is held.
    fn certified(&mut self, policy: &Policy) {
        match self.values(Subject::OutpatientDisease) {
            None => self.absent(policy, Subject::Certified),
            Some(disease) => {
                let held = self.values(Subject::Certificate).unwrap_or_default();
                let certified = disease
                    .first()
                    .is_some_and(|disease| held.contains(disease));
                self.add(policy, Subject::Certified, u32::from(certified));
            }
        }
    }

    fn derive(&mut self, policy: &Policy) {
        for derived in &policy.facts.derived {
            let mut unknown = false;
            let mut holds = false;
            for condition in &derived.any {
                match condition.holds(&self.known) {
                    Ok(true) => holds = true,
                    Ok(false) => {}
                    Err(_) => unknown = true,
                }
            }
            if holds {
                self.known.holds.insert(derived.fact);
            } else if unknown {
                self.known.unknown.insert(derived.fact);
            }
        }
    }
}
