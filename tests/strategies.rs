//! What the strategies promise, measured on every shipped policy with its assumptions: bills that sit exactly at its
//! thresholds, a fen below and a fen above, and steps that come to an exact half fen. (Without the assumptions most bills
//! are refused, for figures that no source states.)
//!
//! The seed is fixed, so the shares are always the same; `cargo test --test strategies -- --nocapture` shows them. That
//! every condition is met, and not met, is a test beside the strategies.

use payer_split::strategies::bill_and_patient;
use payer_split::{
    Bill, Layer, Line, Money, Part, Patient, Policy, Rate, Ratio, RuleBook, Settlement, settle,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

/// Bills for each policy.
const BILLS: usize = 2_000;

/// The first values of a strategy, always the same.
fn first<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The shipped policies with their assumptions.
fn assumed(book: &RuleBook) -> impl Iterator<Item = &Policy> {
    let policies = book.policies();
    policies.filter(|policy| policy.layer() == Layer::Assumed)
}

/// A threshold of a step: what a bill is on one side of or on the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Threshold {
    Deductible,
    /// The lower edge of a band but the first.
    Band(Money),
    Limit(String),
    Guarantee,
}

/// A threshold with the id of its step.
type Of = (String, Threshold);

/// The thresholds that a settlement is beyond.
fn beyond(settlement: &Settlement) -> BTreeSet<Of> {
    let mut out = BTreeSet::new();
    for step in settlement.steps() {
        let mut insert = |threshold| out.insert((step.id().to_owned(), threshold));
        if step.deductible() > Money::ZERO && step.base() > step.deductible() {
            insert(Threshold::Deductible);
        }
        for band in step.bands().iter().skip(1) {
            insert(Threshold::Band(band.over));
        }
        for limit in step.limits() {
            insert(Threshold::Limit(limit.id.clone()));
        }
        if matches!(step.rate(), Rate::Guarantee { .. }) && step.exact_millionths() > 0 {
            insert(Threshold::Guarantee);
        }
    }
    out
}

/// The bill with so many fen more in its last line, if that is all of one part or class.
fn with_more(bill: &Bill, fen: i64) -> Option<Bill> {
    let mut bill = bill.clone();
    let last = bill.lines.last_mut()?;
    let mut input = last.input().clone();
    let more =
        |amount: Money| Some(Money::from_fen(amount.fen() + fen)).filter(|m| !m.is_negative());
    if let Some(amount) = &mut input.amount {
        *amount = more(*amount)?;
    } else {
        let parts = input.parts.as_mut()?;
        let mut of = Part::ALL
            .into_iter()
            .filter(|part| parts.get(*part) != Money::ZERO);
        let part = match (of.next()?, of.next()) {
            (part, None) => part,
            (_, Some(_)) => return None,
        };
        *match part {
            Part::OwnExpense => &mut parts.own_expense,
            Part::OverLimit => &mut parts.over_limit,
            Part::FirstSelfPayment => &mut parts.first_self_payment,
            Part::InScope => &mut parts.in_scope,
        } = more(parts.get(part))?;
    }
    *last = Line::from_input(input).ok()?;
    Some(bill)
}

/// How many bills were seen where of a threshold.
#[derive(Debug, Clone, Copy, Default)]
struct Places {
    beyond: usize,
    /// A fen more, and the next one crosses it.
    below: usize,
    /// The next fen crosses it.
    at: usize,
    /// The last fen crossed it.
    above: usize,
}

/// Where the bills of a policy are.
fn places(policy: &Policy, bills: &[(Bill, Patient)]) -> BTreeMap<Of, Places> {
    let mut out: BTreeMap<Of, Places> = BTreeMap::new();
    for (bill, patient) in bills {
        let Ok(settlement) = settle(policy, bill, patient) else {
            continue;
        };
        let here = beyond(&settlement);
        for of in &here {
            out.entry(of.clone()).or_default().beyond += 1;
        }
        let moved = |fen| {
            let bill = with_more(bill, fen)?;
            Some(beyond(&settle(policy, &bill, patient).ok()?))
        };
        let (next, after) = (moved(1), moved(2));
        if let Some(next) = &next {
            for of in here.symmetric_difference(next) {
                out.entry(of.clone()).or_default().at += 1;
            }
            for of in after
                .iter()
                .flat_map(|after| next.symmetric_difference(after))
            {
                out.entry(of.clone()).or_default().below += 1;
            }
        }
        if let Some(before) = moved(-1) {
            for of in here.symmetric_difference(&before) {
                out.entry(of.clone()).or_default().above += 1;
            }
        }
    }
    out
}

#[test]
fn every_threshold_is_met_exactly_a_fen_below_and_a_fen_above() {
    let mut missed = Vec::new();
    let book = RuleBook::embedded();
    for policy in assumed(&book) {
        let name = policy.full_name();
        let bills = first(&bill_and_patient(policy), BILLS);
        let settles = |(bill, patient): &&(Bill, Patient)| settle(policy, bill, patient).is_ok();
        let settled = bills.iter().filter(settles).count();
        let found = places(policy, &bills);
        let mut sums = [0; 3];
        for (of, places) in &found {
            let counts = [places.below, places.at, places.above];
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
            if counts.contains(&0) {
                missed.push(format!("`{name}`: {of:?}: {places:?}"));
            }
        }
        println!(
            "{name}: {settled} of {BILLS} bills settled; {} thresholds: a fen below, at, a fen above: {sums:?}",
            found.len()
        );
        assert!(settled * 2 > BILLS, "`{name}` settled only {settled}");
        assert!(
            found.len() >= 7,
            "`{name}` has only {} thresholds",
            found.len()
        );
        // Each of the three in at least one bill of fifty.
        assert!(
            sums.iter().all(|sum| sum * 50 >= settled),
            "`{name}`: {sums:?}"
        );
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// Whether a ratio of some whole number of fen is a whole number and a half: unless its millionths have all six twos of a
/// million.
fn may_tie(ratio: Ratio) -> bool {
    ratio.millionths() % 64 != 0
}

#[test]
fn every_step_with_a_ratio_that_has_ties_comes_to_one() {
    const FEN: i64 = 1_000_000;
    let mut missed = Vec::new();
    let book = RuleBook::embedded();
    for policy in assumed(&book) {
        // By step: how often it came to an exact half fen, and how often it was worked with a ratio that may.
        let mut steps: BTreeMap<String, [usize; 2]> = BTreeMap::new();
        let (mut settled, mut at_a_tie) = (0, 0);
        for (bill, patient) in first(&bill_and_patient(policy), BILLS) {
            let Ok(settlement) = settle(policy, &bill, &patient) else {
                continue;
            };
            settled += 1;
            let mut is_tie = false;
            for step in settlement.steps() {
                let may = match step.rate() {
                    Rate::Ratio(ratio) | Rate::Guarantee { ratio, .. } => may_tie(ratio),
                    Rate::Bands => step.bands().iter().any(|band| may_tie(band.ratio)),
                    _ => false,
                };
                if may && step.exact_millionths() > 0 {
                    let [ties, all] = steps.entry(step.id().to_owned()).or_default();
                    *all += 1;
                    if step.exact_millionths() % FEN == FEN / 2 {
                        *ties += 1;
                        is_tie = true;
                    }
                }
            }
            at_a_tie += usize::from(is_tie);
        }
        let name = policy.full_name();
        println!("{name}: {at_a_tie} of {settled} bills settled; ties by step: {steps:?}");
        assert!(steps.len() >= 3, "`{name}`: {steps:?}");
        // At least one bill of twenty.
        assert!(
            at_a_tie * 20 >= settled,
            "`{name}`: {at_a_tie} of {settled}"
        );
        let without = steps.iter().filter(|(_, [ties, _])| *ties == 0);
        missed.extend(without.map(|(step, [_, all])| format!("`{name}`: `{step}`: none of {all}")));
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
