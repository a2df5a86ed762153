//! What holds of every explanation, over the shipped policies and those of the mechanisms, on bills made up around what
//! each policy says, a year of them with the year to date carried over.
//!
//! More cases: `PROPTEST_CASES=2000 cargo test --test explain_laws`.

use payer_split::explain::{Asked, Comparison, Explanation, How, Reason, compare, explain};
use payer_split::strategies::year_and_patient;
use payer_split::{Bill, Money, Patient, Policy, RuleBook, Settlement, settle};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

/// Years of bills for each shipped policy, and for each mechanism's.
const CASES: u32 = 40;
const CASES_OF_MECHANISMS: u32 = 12;

fn books() -> Vec<(RuleBook, u32)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = |directory| RuleBook::read_dir(root.join(directory)).unwrap();
    vec![
        (RuleBook::embedded(), CASES),
        (book("tests/mechanisms"), CASES_OF_MECHANISMS),
        (book("tests/worked"), CASES_OF_MECHANISMS),
    ]
}

/// Tries a property on years of bills for every policy.
fn for_every_year(property: impl Fn(&Policy, &[Bill], &Patient) -> Result<(), TestCaseError>) {
    for (book, cases) in books() {
        for policy in book.policies() {
            let config = match std::env::var_os("PROPTEST_CASES") {
                Some(_) => Config::default(),
                None => Config::with_cases(cases),
            };
            let config = Config {
                failure_persistence: None,
                max_shrink_iters: 500,
                ..config
            };
            let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
            let strategy = year_and_patient(policy);
            let result = TestRunner::new_with_rng(config, rng)
                .run(&strategy, |(bills, patient)| {
                    property(policy, &bills, &patient)
                });
            if let Err(error) = result {
                panic!("`{}`: {error}", policy.full_name());
            }
        }
    }
}

/// Explains the bills of a year that are settled, one after another.
fn explanations(policy: &Policy, bills: &[Bill], patient: &Patient) -> Vec<Explanation> {
    let mut patient = patient.clone();
    let mut all = Vec::new();
    for bill in bills {
        if let Ok(explanation) = explain(policy, bill, &patient) {
            let year = explanation.settlement().year_to_date();
            patient.year_to_date = Some(year.clone());
            all.push(explanation);
        }
    }
    all
}

fn json(settlement: &Settlement) -> String {
    serde_json::to_string(settlement).unwrap()
}

#[test]
fn an_explained_settlement_is_the_settlement_to_the_byte_and_so_is_a_refusal() {
    for_every_year(|policy, bills, patient| {
        let mut patient = patient.clone();
        for bill in bills {
            match (
                settle(policy, bill, &patient),
                explain(policy, bill, &patient),
            ) {
                (Ok(settled), Ok(explained)) => {
                    prop_assert_eq!(json(&settled), json(explained.settlement()));
                    patient.year_to_date = Some(settled.year_to_date().clone());
                }
                (Err(error), Err(refused)) => prop_assert_eq!(error, refused.error),
                (settled, explained) => {
                    prop_assert!(false, "{:?} and {:?}", settled, explained.is_ok());
                }
            }
        }
        Ok(())
    });
}

/// Why an amount is what it is: it is that amount, every number of the tree comes out again of those below it, and sums
/// are sums.
fn holds(explanation: &Explanation, asked: &Asked, amount: Money) -> Result<(), TestCaseError> {
    let Some(why) = explanation.why(asked) else {
        return Err(TestCaseError::fail(format!("no answer to {asked:?}")));
    };
    prop_assert_eq!(why.value.money(), Some(amount), "{:?}", asked);
    prop_assert!(why.holds(), "{:?}: {:#?}", asked, why);
    for own in why.all().filter(|own| own.how == How::Sum) {
        let sizes = own.from.iter().map(|from| from.value.millionths().unwrap());
        prop_assert_eq!(Some(sizes.sum::<i128>()), own.value.millionths());
    }
    Ok(())
}

#[test]
fn the_numbers_that_went_in_give_every_amount_again() {
    for_every_year(|policy, bills, patient| {
        for explanation in explanations(policy, bills, patient) {
            let settlement = explanation.settlement();
            holds(&explanation, &Asked::Total, settlement.total())?;
            holds(&explanation, &Asked::Patient, settlement.patient())?;
            for (payer, amount) in settlement.payers() {
                holds(&explanation, &Asked::Payer(payer.id.clone()), amount)?;
            }
            for step in settlement.steps() {
                holds(&explanation, &Asked::Step(step.id().into()), step.amount())?;
            }
            for (line, split) in settlement.lines().enumerate() {
                holds(&explanation, &Asked::PatientOfLine(line), split.patient())?;
                for (payer, amount) in split.payers() {
                    let payer = payer.id.clone();
                    holds(&explanation, &Asked::Cell { line, payer }, amount)?;
                }
            }
        }
        Ok(())
    });
}

/// The word under which a reason is written as data.
fn word(reason: &Reason) -> String {
    match serde_json::to_value(reason).unwrap() {
        serde_json::Value::Object(map) => map.keys().next().unwrap().clone(),
        other => other.as_str().unwrap().to_owned(),
    }
}

#[test]
fn every_step_either_paid_or_says_why_not() {
    let reasons = RefCell::new(BTreeSet::new());
    for_every_year(|policy, bills, patient| {
        for explanation in explanations(policy, bills, patient) {
            for named in policy.steps() {
                let paid = explanation.settlement().step(&named.id);
                let paid = paid.is_some_and(|step| step.amount() > Money::ZERO);
                let why_not = explanation.why_not(&named.id);
                prop_assert_eq!(paid, why_not.is_none(), "`{}`", named.id);
                let Some(why_not) = why_not else { continue };
                reasons.borrow_mut().insert(word(&why_not.reason));
                if let Reason::Condition(failed) | Reason::Untold(failed) = &why_not.reason {
                    prop_assert!(!failed.is_empty(), "`{}`", named.id);
                    prop_assert!(failed.iter().all(|failed| !failed.facts.is_empty()));
                }
            }
        }
        Ok(())
    });
    let reasons = reasons.into_inner();
    for expected in [
        "condition",
        "untold",
        "nothing-covered",
        "all-paid",
        "below-deductible",
        "guarantee-met",
        "limit-used-up",
        "no-band",
        "no-cost-enters",
        "nothing-counts",
        "rounded-to-zero",
    ] {
        assert!(reasons.contains(expected), "no `{expected}` in {reasons:?}");
    }
}

/// The causes of every difference sum to it.
fn adds_up(comparison: &Comparison) -> Result<(), TestCaseError> {
    let everybody = std::iter::once(&comparison.total);
    for one in everybody
        .chain(&comparison.payers)
        .chain([&comparison.patient])
    {
        let causes = one.causes.iter().map(|cause| cause.amount.fen());
        prop_assert_eq!(causes.sum::<i64>(), one.amount().fen(), "{:#?}", one);
        prop_assert!(one.causes.iter().all(|cause| cause.amount != Money::ZERO));
    }
    Ok(())
}

#[test]
fn the_causes_of_a_difference_sum_to_it() {
    // The bill before, of another patient and perhaps another version of the policy.
    let before: RefCell<Option<Explanation>> = RefCell::default();
    for_every_year(|policy, bills, patient| {
        for explanation in explanations(policy, bills, patient) {
            adds_up(&compare(&explanation, &explanation))?;
            if let Some(before) = before.replace(Some(explanation.clone())) {
                adds_up(&compare(&before, &explanation))?;
                adds_up(&compare(&explanation, &before))?;
            }
        }
        Ok(())
    });
}
