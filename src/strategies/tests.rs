//! Every condition of the shipped policies is met by some of the bills made up for it, and not met by others.

use super::bill_and_patient;
use crate::bill::Bill;
use crate::book::RuleBook;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::Condition;
use crate::probe::{Ask, solve};
use crate::settle::situation::Situation;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Bills for each policy.
const BILLS: usize = 1_000;

/// The first values of a strategy, always the same.
fn first<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// Every condition of a policy, with what it is of.
fn conditions(policy: &Policy) -> Vec<(String, Condition)> {
    let mut out = Vec::new();
    for (step, named) in policy.steps.iter().zip(policy.steps()) {
        out.push((format!("step `{}`", named.id), step.condition));
    }
    for (number, figure) in policy.figures.iter().enumerate() {
        for (place, adjust) in figure.adjusts.iter().enumerate() {
            let name = format!("adjustment {place} of figure {number}");
            out.push((name, adjust.condition));
        }
    }
    for (number, scope) in policy.scopes.iter().enumerate() {
        out.push((format!("scope {number}"), scope.condition));
    }
    for (condition, named) in policy.benefits.iter().zip(policy.benefits()) {
        out.push((format!("benefit `{}`", named.id), *condition));
    }
    for (condition, declared) in policy.exceptions.iter().zip(policy.exceptions()) {
        out.push((format!("exception `{}`", declared.id), *condition));
    }
    out
}

/// How many of the bills meet a condition, and how many do not; the others lack a field that it asks for.
fn met(policy: &Policy, condition: &Condition, bills: &[(Bill, Patient)]) -> [usize; 2] {
    let mut counts = [0; 2];
    for (bill, patient) in bills {
        let situation = Situation::observe(policy, bill, patient).unwrap();
        match condition.holds(&situation.known) {
            Ok(true) => counts[0] += 1,
            Ok(false) => counts[1] += 1,
            Err(_) => {}
        }
    }
    counts
}

#[test]
fn every_condition_is_met_by_some_bills_and_not_by_others() {
    let mut wrong = Vec::new();
    for policy in RuleBook::embedded().policies() {
        let bills = first(&bill_and_patient(policy), BILLS);
        let mut least = [(BILLS, String::new()), (BILLS, String::new())];
        for (name, condition) in conditions(policy) {
            let counts = met(policy, &condition, &bills);
            let possible = [Ask::of(&condition), Ask::default().but_not(&condition)]
                .map(|ask| !solve(policy, &ask).is_impossible());
            for side in 0..2 {
                if possible[side] && counts[side] < least[side].0 {
                    least[side] = (counts[side], name.clone());
                }
                if possible[side] && counts[side] == 0 {
                    let how = ["met", "unmet"][side];
                    wrong.push(format!("`{}`: {name} is never {how}", policy.full_name()));
                }
            }
        }
        println!(
            "{}: of {BILLS} least met and unmet: {least:?}",
            policy.full_name()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
