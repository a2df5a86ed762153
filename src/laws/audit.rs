//! Running the laws over many bills, with the exceptions that rule files declare.

use super::{Counterexample, Law, Verdict};
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::Condition;
use crate::policy::info::Exception;
use crate::settle::situation::Situation;
use std::collections::{BTreeMap, BTreeSet};

/// The declared exception to a law that is for one of these bills: its id.
pub(crate) fn exception(
    law: Law,
    policy: &Policy,
    bills: &[Bill],
    patient: &Patient,
) -> Option<String> {
    let is_for = |condition: &Condition| {
        bills.iter().any(|bill| {
            let observed = Situation::observe(policy, bill, patient);
            observed.is_ok_and(|situation| condition.holds(&situation.known) == Ok(true))
        })
    };
    let declared = policy.exceptions().iter().zip(&policy.exceptions);
    let mut of_law = declared.filter(|(exception, _)| exception.law == law);
    let found = of_law.find(|(_, condition)| is_for(condition));
    found.map(|(exception, _)| exception.id.clone())
}

/// What the laws said of many bills.
///
/// An undeclared break is a failure. A declared exception that never happened, in any version or layer that declares it,
/// deserves a warning: it may no longer be needed.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    /// By law: how often it was kept, and how often it said nothing.
    counts: BTreeMap<Law, (u64, u64)>,
    /// The first break of each law by each policy, apart by exception.
    broken: BTreeMap<(String, Law, Option<String>), Counterexample>,
    /// Policy id and exception.
    declared: BTreeMap<(String, String), Exception>,
    happened: BTreeSet<(String, String)>,
}

impl Audit {
    /// Nothing observed yet.
    pub fn new() -> Audit {
        Audit::default()
    }

    /// Checks every law on the bills of a year, in order, of a patient.
    pub fn observe(&mut self, policy: &Policy, bills: &[Bill], patient: &Patient) {
        self.observe_laws(policy, &Law::ALL, bills, patient);
    }

    /// Checks some laws.
    pub fn observe_laws(
        &mut self,
        policy: &Policy,
        laws: &[Law],
        bills: &[Bill],
        patient: &Patient,
    ) {
        for exception in policy.exceptions() {
            let key = (policy.id().to_owned(), exception.id.clone());
            self.declared
                .entry(key)
                .or_insert_with(|| exception.clone());
        }
        // Where settling panics, nothing else can be checked.
        let (panics, others): (Vec<Law>, Vec<Law>) =
            laws.iter().partition(|law| **law == Law::NoPanic);
        for law in panics.into_iter().chain(others) {
            let (kept, silent) = self.counts.entry(law).or_default();
            match law.check(policy, bills, patient) {
                Verdict::Kept => *kept = kept.saturating_add(1),
                Verdict::Silent => *silent = silent.saturating_add(1),
                Verdict::Broken(counterexample) => {
                    if let Some(id) = &counterexample.exception {
                        self.happened.insert((policy.id().to_owned(), id.clone()));
                    }
                    let exception = counterexample.exception.clone();
                    let key = (counterexample.policy.clone(), law, exception);
                    self.broken.entry(key).or_insert(*counterexample);
                    if law == Law::NoPanic {
                        return;
                    }
                }
            }
        }
    }

    /// How often a law was kept.
    pub fn kept(&self, law: Law) -> u64 {
        self.counts.get(&law).map_or(0, |(kept, _)| *kept)
    }

    /// How often a law said nothing.
    pub fn silent(&self, law: Law) -> u64 {
        self.counts.get(&law).map_or(0, |(_, silent)| *silent)
    }

    /// The breaks that no rule file declares: the first of each policy and law.
    pub fn undeclared(&self) -> impl Iterator<Item = &Counterexample> {
        let broken = self.broken.values();
        broken.filter(|counterexample| counterexample.exception.is_none())
    }

    /// The breaks that rule files declare: the first of each policy and exception.
    pub fn declared(&self) -> impl Iterator<Item = &Counterexample> {
        let broken = self.broken.values();
        broken.filter(|counterexample| counterexample.exception.is_some())
    }

    /// The declared exceptions that never happened, each with the id of its policy.
    pub fn never_happened(&self) -> impl Iterator<Item = (&str, &Exception)> {
        let declared = self.declared.iter();
        let never = declared.filter(|(key, _)| !self.happened.contains(*key));
        never.map(|((policy, _), exception)| (policy.as_str(), exception))
    }
}
