//! The ten laws over the county's rules, with bills that reach every figure in them.

use payer_split::laws::{Audit, Law, Verdict};
use payer_split::strategies::{
    amount_at_edge, any_bill, any_patient, bill_and_patient, year_and_patient,
};
use payer_split::{Bill, Care, Facility, Line, Money, Patient, Policy, RuleBook, Scheme};
use proptest::prelude::*;
use std::cell::RefCell;
use std::sync::LazyLock;

static RULES: LazyLock<RuleBook> =
    LazyLock::new(|| downstream::rules().unwrap_or_else(|errors| panic!("{errors}")));

fn policy() -> &'static Policy {
    RULES.named("qingshi/1").unwrap()
}

/// Every law that is broken says so with its counterexample, shrunk to a few lines.
#[test]
fn no_law_is_broken() {
    proptest!(|((bills, patient) in year_and_patient(policy()))| {
        for law in Law::ALL {
            let verdict = law.check(policy(), &bills, &patient);
            prop_assert!(!matches!(verdict, Verdict::Broken(_)), "{law}: {verdict:?}");
        }
    });
}

/// That no law is broken means something only if each had something to say.
#[test]
fn every_law_has_something_to_say() {
    let audit = RefCell::new(Audit::new());
    proptest!(|((bills, patient) in year_and_patient(policy()))| {
        audit.borrow_mut().observe(policy(), &bills, &patient);
    });
    let audit = audit.into_inner();
    for law in Law::ALL {
        println!("{law}: kept {}", audit.kept(law));
        assert!(audit.kept(law) >= 20, "{law}: {}", audit.kept(law));
    }
    assert_eq!(audit.undeclared().count(), 0);
    assert_eq!(audit.never_happened().count(), 0);
}

/// A law of the county's own: the registered poor pay at most 15 % of a stay, and a fen of rounding.
#[test]
fn the_registered_poor_pay_at_most_fifteen_in_a_hundred() {
    let seen = RefCell::new(0);
    proptest!(|((bill, patient) in bill_and_patient(policy()))| {
        let poor = patient.categories.iter().any(|held| {
            held.what.id() == "registered-poor" && held.on(bill.date)
        });
        if poor
            && bill.care == Care::INPATIENT
            && let Ok(settlement) = downstream::split(policy(), &bill, &patient)
        {
            *seen.borrow_mut() += 1;
            let most = settlement.total().fen() * 15 / 100 + 1;
            prop_assert!(settlement.patient().fen() <= most, "{}", settlement.statement());
        }
    });
    assert!(seen.into_inner() > 30);
}

/// Bills of one's own around the amounts that the rule file names.
#[test]
fn a_fen_more_never_costs_more_than_a_fen() {
    proptest!(|(amount in amount_at_edge(policy()))| {
        let patient = Patient::new(Scheme::RESIDENT);
        let pays = |amount: Money| -> i64 {
            let date = "2020-06-01".parse().unwrap();
            let bill = Bill::new(date, Care::INPATIENT, Facility::default())
                .with_line(Line::class_a("treatment", amount).unwrap());
            let settlement = downstream::split(policy(), &bill, &patient).unwrap();
            settlement.patient().fen()
        };
        let more = pays(Money::from_fen(amount.fen() + 1)) - pays(amount);
        prop_assert!((0..=1).contains(&more), "{amount}: {more} fen");
    });
}

/// Whatever comes in, the answer is a split or a reason.
#[test]
fn nothing_panics() {
    proptest!(|(bill in any_bill(), patient in any_patient())| {
        match downstream::split(policy(), &bill, &patient) {
            Ok(settlement) => prop_assert_eq!(Some(settlement.total()), bill.total()),
            Err(refusal) => prop_assert!(!refusal.to_string().is_empty()),
        }
    });
}
