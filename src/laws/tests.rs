//! The checks find what is broken: in settlements that were tampered with, and under policies that break a law.

use super::split::{conservation, guarantee, no_negative};
use super::{Audit, Found, Law, Settled, Verdict, Year};
use crate::bill::{Bill, Facility};
use crate::book::RuleBook;
use crate::check::Project;
use crate::line::Line;
use crate::money::Money;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::settlement::Settlement;
use crate::text::Code;
use crate::vocabulary::{Care, Category, Scheme};

const HEAD: &str = r#"
[policy]
id = "county"
version = "1"
region = "unstated"
name = "县"
from = 2020-01-01
to = "open"
source = "S"

[[source]]
id = "S"
title = "文件"
date = "undated"

[[payer]]
id = "basic"
name = "基本医保"
kind = "insurance"
"#;

/// 400 off, 80 %, at most 5,000 a year; then up to 90 % of everything.
const ORDINARY: &str = r#"
[[payer]]
id = "aid"
name = "医疗救助"
kind = "aid"

[[step]]
id = "basic"
name = "基本医保"
payer = "basic"
source = "S"
deductible = 400
ratio = "80%"

[[step.limit]]
id = "year"
amount = 5000
per = "year"
on = "payment"

[[step]]
id = "floor"
name = "兜底"
payer = "aid"
source = "S"
covers = { parts = "all" }
guarantee = { ratio = "90%", of = "total" }
"#;

/// A deductible that is a threshold: over 5,000 yuan 60 % of the whole amount.
const THRESHOLD: &str = r#"
[[step]]
id = "basic"
name = "基本医保"
payer = "basic"
source = "S"

[step.bands]
scale = "absolute"
apply = "whole"
per = "bill"
band = [{ over = 5000, ratio = "60%" }]
"#;

fn policy(steps: &str) -> Policy {
    let text = format!("{HEAD}{steps}");
    let book =
        RuleBook::from_texts([("county.toml", &*text)]).unwrap_or_else(|all| panic!("{all}"));
    book.policies().next().unwrap().clone()
}

fn bill(in_scope: &str, own_expense: &str) -> Bill {
    let yuan = |text| Money::parse(text).unwrap();
    Bill::new(
        "2020-06-01".parse().unwrap(),
        Care::INPATIENT,
        Facility::default(),
    )
    .with_line(Line::class_a("treatment", yuan(in_scope)).unwrap())
    .with_line(Line::class_c("material", yuan(own_expense)).unwrap())
}

fn patient() -> Patient {
    Patient::new(Scheme::RESIDENT)
}

/// What a check says of a settlement after something was done to it; first, that it was right before.
fn tampered(check: impl Fn(&Settled<'_>) -> Found, tamper: impl FnOnce(&mut Settlement)) -> String {
    let (policy, bills, patient) = (policy(ORDINARY), [bill("3000", "600")], patient());
    let year = Year {
        policy: &policy,
        bills: &bills,
        patient: &patient,
    };
    let mut settled = year.settle().remove(0);
    assert!(matches!(check(&settled), Found::Kept));
    tamper(&mut settled.settlement);
    match check(&settled) {
        Found::Broken(broken) => broken.what,
        Found::Kept | Found::Silent => panic!("it was not found"),
    }
}

fn more(amount: &mut Money) {
    *amount = amount.checked_add(Money::from_fen(1)).unwrap();
}

#[test]
fn law_1_finds_every_sum_that_is_off() {
    let found = |tamper: fn(&mut Settlement)| tampered(conservation, tamper);
    assert_eq!(
        found(|s| more(&mut s.total)),
        "the total: expected 3600.00, found 3600.01"
    );
    assert_eq!(
        found(|s| more(&mut s.parts.in_scope)),
        "the parts: expected 3600.00, found 3600.01"
    );
    assert_eq!(
        found(|s| more(&mut s.patient_parts.in_scope)),
        "the patient's parts: expected 360.00, found 360.01"
    );
    assert!(found(|s| more(&mut s.paid[0])).starts_with("the payers and the patient:"));
    assert!(found(|s| more(&mut s.lines[0])).starts_with("line 1:"));
    // A fen from one line to another, within a column of another payer.
    let moved = found(|s| {
        more(&mut s.lines[0]);
        s.lines[1] = s.lines[1].checked_sub(Money::from_fen(1)).unwrap();
    });
    assert!(moved.starts_with("the lines of `basic`:"), "{moved}");
    assert!(found(|s| more(&mut s.shares[0].amount)).starts_with("the payers of `basic`:"));
    let of_step = found(|s| {
        more(&mut s.shares[0].amount);
        more(&mut s.steps[0].amount);
    });
    assert!(of_step.starts_with("the steps of `basic`:"), "{of_step}");
    assert_eq!(
        found(|s| s.lines.clear()),
        "the bill and the split differ in their lines"
    );
}

#[test]
fn law_2_finds_negative_amounts_and_steps_that_pay_too_much() {
    let found = |tamper: fn(&mut Settlement)| tampered(no_negative, tamper);
    assert_eq!(
        found(|s| s.lines[2] = Money::from_fen(-1)),
        "someone pays -0.01"
    );
    assert_eq!(
        found(|s| s.steps[0].base = Money::from_fen(100)),
        "`basic` pays 2080.00, more than its base, 1.00"
    );
    assert_eq!(
        found(|s| s.steps[0].deductible = Money::from_fen(999_999)),
        "`basic` takes 9999.99 off 3000.00"
    );
    let unpaid = found(|s| {
        s.steps[1].amount = s.total;
        s.steps[1].base = s.total;
    });
    assert_eq!(
        unpaid,
        "`floor` pays 3600.00, more than what is unpaid, 1520.00"
    );
    assert_eq!(
        found(|s| s.patient_parts.over_limit = Money::from_fen(1)),
        "the patient pays more of the part `over-limit` than there is"
    );
}

#[test]
fn law_4_finds_a_target_that_is_missed() {
    let missed = tampered(guarantee, |s| {
        s.steps[1].amount = s.steps[1].amount.checked_sub(Money::from_fen(1)).unwrap();
    });
    assert_eq!(
        missed,
        "`floor` guarantees 90% of 3600.00 and leaves it at 2080.00 + 1159.99"
    );
    let left = tampered(guarantee, |s| more(&mut s.patient));
    assert_eq!(
        left,
        "`floor` guarantees 90% of 3600.00 and leaves 360.01 to the patient"
    );
    // A rounding unit is not missed.
    let (policy, bills, patient) = (policy(ORDINARY), [bill("3000.01", "600.04")], patient());
    let verdict = Law::Guarantee.check(&policy, &bills, &patient);
    assert_eq!(verdict, Verdict::Kept);
}

#[test]
fn law_3_finds_a_limit_that_is_exceeded() {
    let (policy, patient) = (policy(ORDINARY), patient());
    let bills = [bill("6000", "0"), bill("6000", "0")];
    assert_eq!(Law::Limits.check(&policy, &bills, &patient), Verdict::Kept);
    // The same bills under a limit that was lower: what they counted is too much.
    let lower = super::tests::policy(&ORDINARY.replace("amount = 5000", "amount = 4000"));
    let year = Year {
        policy: &policy,
        bills: &bills,
        patient: &patient,
    };
    let mut settled = year.settle();
    for settled in &mut settled {
        settled.policy = &lower;
    }
    let found = super::limits::check_settled(&settled);
    let Found::Broken(broken) = found else {
        panic!("it was not found")
    };
    assert_eq!(broken.bill, 0);
    assert_eq!(
        broken.what,
        "the limit `basic/year` is 4000.00, and `limit/basic/year` counts 4480.00"
    );
}

#[test]
fn law_3_counts_payers_together() {
    let steps = ORDINARY.replace(
        "covers = { parts = \"all\" }\nguarantee = { ratio = \"90%\", of = \"total\" }",
        "ratio = \"100%\"\n[[step.limit]]\nid = \"together\"\namount = { share = \"90%\", of = \"in-scope\" }\n\
         per = \"bill\"\non = \"payment\"\ntogether_with = [\"basic\"]",
    );
    let (high, low) = (policy(&steps), policy(&steps.replace("90%", "85%")));
    let (bills, patient) = ([bill("2000", "100")], patient());
    assert_eq!(Law::Limits.check(&high, &bills, &patient), Verdict::Kept);
    let year = Year {
        policy: &high,
        bills: &bills,
        patient: &patient,
    };
    let mut settled = year.settle();
    settled[0].policy = &low;
    let Found::Broken(broken) = super::limits::check_settled(&settled) else {
        panic!("it was not found")
    };
    // 1,280 of the basic insurance and 520 beside it.
    assert_eq!(
        broken.what,
        "the limit `floor/together` is 1700.00, and its bill uses 1800.00"
    );
}

#[test]
fn law_6_finds_the_cliff_and_an_exception_declares_it() {
    let (bills, patient) = ([bill("5000", "0")], patient());
    let verdict = Law::LargerBill.check(&policy(THRESHOLD), &bills, &patient);
    let broken = verdict.broken().expect("a cliff");
    assert_eq!(broken.law, Law::LargerBill);
    assert_eq!(broken.exception, None);
    assert_eq!(
        broken.to_string(),
        "`county/1` breaks law 6 (a larger bill): bill 1: the patient pays 5000.00, and with line 1 raised by 0.01 only 2000.00"
    );
    let (_, raised) = broken.other.as_ref().unwrap();
    assert_eq!(raised[0].total(), Some(Money::from_fen(500_001)));
    // As data, and back.
    let json = serde_json::to_string(broken).unwrap();
    assert!(json.contains(r#""law":6"#), "{json}");
    assert_eq!(*broken, serde_json::from_str(&json).unwrap());

    let exception = r#"
[[exception]]
id = "threshold"
law = 6
reason = "超过五千元才报销，从第一元算起"
source = "S"
when = { care = "inpatient" }
"#;
    let declared = policy(&format!("{THRESHOLD}{exception}"));
    let mut audit = Audit::new();
    audit.observe(&declared, &bills, &patient);
    assert_eq!(audit.undeclared().count(), 0);
    let found: Vec<_> = audit.declared().map(|found| &found.exception).collect();
    assert_eq!(found, [&Some("threshold".to_owned())]);
    assert_eq!(audit.never_happened().count(), 0);
    // Another kind of care is not what it declares.
    let mut outpatient = bills.clone();
    outpatient[0].care = Care::OUTPATIENT;
    let mut audit = Audit::new();
    audit.observe(&declared, &outpatient, &patient);
    assert_eq!(audit.undeclared().count(), 1);
    let never: Vec<_> = audit.never_happened().collect();
    assert_eq!(never[0].0, "county");
    assert_eq!(never[0].1.id, "threshold");
    assert_eq!(audit.kept(Law::Conservation), 1);
    // Nor does a declared bill of the year excuse another.
    let both = [bill("100", "0"), outpatient[0].clone()];
    let verdict = Law::LargerBill.check(&declared, &both, &patient);
    let broken = verdict.broken().expect("the second bill");
    assert_eq!((broken.bill, &broken.exception), (2, &None));
    assert_eq!(audit.silent(Law::Guarantee), 1);
}

#[test]
fn law_7_finds_what_depends_on_the_bills() {
    // A deductible per bill is not annual, and so no business of the law.
    let per_bill = policy(ORDINARY);
    let (bills, patient) = ([bill("3000", "0"), bill("9000", "0")], patient());
    let verdict = Law::AnnualSteps.check(&per_bill, &bills, &patient);
    assert_eq!(verdict, Verdict::Silent);
    let annual = ORDINARY.replace(
        "deductible = 400",
        "deductible = { value = 400, per = \"year\" }",
    );
    let annual = policy(&annual);
    assert_eq!(
        Law::AnnualSteps.check(&annual, &bills, &patient),
        Verdict::Kept
    );
}

#[test]
fn law_9_finds_a_category_that_costs_its_holder() {
    let steps = r#"
[[step]]
id = "basic"
name = "基本医保"
payer = "basic"
source = "S"
ratio = "80%"

[[step.adjust]]
id = "orphan"
figure = "ratio"
when = { category = "orphan" }
set = "70%"
"#;
    let (bills, patient) = ([bill("1000", "0")], patient());
    let verdict = Law::Poverty.check(&policy(steps), &bills, &patient);
    let broken = verdict.broken().expect("an orphan pays more");
    assert_eq!(
        broken.what,
        "the patient pays 200.00, and who is `orphan` besides pays 300.00"
    );
    let (with, _) = broken.other.as_ref().unwrap();
    assert_eq!(with.categories[0].what, Category::ORPHAN);
    // The checker warns of it, unless the rule file declares it.
    let warned = |rules: &str| {
        let text = format!("{HEAD}{rules}");
        let report = Project::from_texts([("county.toml", &*text)]).check();
        let warnings = report.diagnostics().warnings();
        let codes: Vec<Code> = warnings.map(|warning| warning.code()).collect();
        codes
    };
    assert_eq!(warned(steps), [Code::PovertyPaysMore]);
    let exception =
        "[[exception]]\nid = \"orphan\"\nlaw = 9\nreason = \"孤儿另有补助\"\nsource = \"S\"\n";
    assert_eq!(warned(&format!("{steps}\n{exception}")), []);
    // Who is one already is not asked.
    let orphan = patient.with_category(Category::ORPHAN);
    let verdict = Law::Poverty.check(&policy(steps), &bills, &orphan);
    assert_eq!(verdict, Verdict::Silent);
}

#[test]
fn laws_are_numbered_and_named() {
    for (number, law) in (1..).zip(Law::ALL) {
        assert_eq!(law.number(), number);
        assert_eq!(Law::of_number(number), Some(law));
        assert_eq!(serde_json::to_string(&law).unwrap(), number.to_string());
    }
    assert_eq!(Law::of_number(0), None);
    assert!(serde_json::from_str::<Law>("11").is_err());
}
