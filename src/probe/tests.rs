//! Models hold what was asked, probes vary within what a policy can tell apart, and shrinking keeps what was found.

use super::chance::Dice;
use super::choices::choices;
use super::sample::Sampler;
use super::solve::models;
use super::*;
use crate::book::RuleBook;
use crate::money::Money;
use crate::policy::facts::Condition;
use crate::policy::step::Covers;
use crate::settle::situation::Situation;

/// Every shipped policy.
fn shipped() -> Vec<Policy> {
    RuleBook::embedded().policies().cloned().collect()
}

/// Whether a condition holds for a probe, with the usual values of the fields that it lacks.
fn holds(policy: &Policy, condition: &Condition, probe: &mut Probe) -> bool {
    loop {
        let situation = Situation::observe(policy, &probe.bill, &probe.patient).unwrap();
        match condition.holds(&situation.known) {
            Ok(holds) => return holds,
            Err(fact) => {
                let field = policy.facts.subject_of(fact, &situation.known).field();
                probe.fill(policy, field).unwrap();
            }
        }
    }
}

#[test]
fn each_model_of_a_condition_meets_it_and_each_of_its_opposite_does_not() {
    let (mut met, mut unmet) = (0, 0);
    for policy in shipped() {
        for step in &policy.steps {
            for model in models(&policy, &Ask::of(&step.condition), 8) {
                let mut probe = Probe::of(&policy, &model).unwrap();
                assert!(holds(&policy, &step.condition, &mut probe), "{probe:?}");
                met += 1;
            }
            for model in models(&policy, &Ask::default().but_not(&step.condition), 8) {
                let mut probe = Probe::of(&policy, &model).unwrap();
                assert!(!holds(&policy, &step.condition, &mut probe), "{probe:?}");
                unmet += 1;
            }
        }
    }
    assert!(met > 500 && unmet > 500, "{met} and {unmet}");
}

#[test]
fn what_contradicts_itself_has_no_models() {
    for policy in shipped() {
        for step in &policy.steps {
            let ask = Ask::of(&step.condition).but_not(&step.condition);
            assert_eq!(models(&policy, &ask, 8), []);
            let near = Sampler::new(&policy).near(&policy, &ask, &[]);
            assert!(near.is_impossible());
        }
    }
}

#[test]
fn values_that_a_policy_treats_alike_are_one_choice() {
    for policy in shipped() {
        for (subject, values) in choices(&policy) {
            let every = subject.dimension().map_or(2, |all| policy.words.count(all));
            assert!(!values.is_empty(), "{subject:?}");
            assert!(subject == Subject::Disease || values.len() <= every);
            for value in 0..u16::try_from(every).unwrap() {
                let facts = |value: u16| policy.facts.of(subject, usize::from(value));
                let stands = values.iter().any(|one| facts(*one) == facts(value));
                assert!(stands || subject == Subject::Disease, "{subject:?}");
            }
            for (number, one) in values.iter().enumerate() {
                assert!(!values[..number].contains(one), "{subject:?}");
            }
        }
    }
    let tells_tiers_apart = |policy: &Policy| {
        let found = choices(policy);
        found.iter().any(|(subject, _)| *subject == Subject::Tier)
    };
    assert!(shipped().iter().any(tells_tiers_apart));
}

#[test]
fn a_shrunk_probe_is_small_and_still_does_what_it_was_found_for() {
    let mut bench = Bench::default();
    for policy in shipped() {
        let mut dice = Dice::default();
        let sampler = Sampler::new(&policy);
        let near = sampler.near(&policy, &Ask::default(), &[Covers::TOTAL]);
        for _ in 0..20 {
            let mut probe = sampler.probe(&near, &mut dice).unwrap();
            bench.complete(&policy, &mut probe, |_, _| ());
            let enough = |probe: &Probe| {
                let total = probe.bill.lines.iter().map(|line| line.amount().fen());
                total.sum::<i64>() >= 70_000
            };
            let before = enough(&probe);
            let shrunk = shrink(probe.clone(), |probe| before == enough(probe));
            assert_eq!(enough(&shrunk), before);
            assert_eq!(shrunk.bill.lines.len(), 1);
            if before {
                // The next of the small amounts, or less and round.
                let amount = shrunk.bill.lines[0].amount();
                assert!(amount <= Money::from_yuan(1_000).unwrap(), "{shrunk:?}");
            }
        }
    }
}
