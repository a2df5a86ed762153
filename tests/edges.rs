//! What stands just at an edge: nothing left to cover, nothing to move, an entry as good as another. Each case is one that
//! a changed operator in `src` got past the other tests with.

use payer_split::{Bill, Code, Detail, Patient, RuleBook, Settlement, Workspace, settle};

const HEAD: &str = r#"
[policy]
id = "t"
version = "1"
region = "unstated"
name = "测试"
from = 2020-01-01
to = 2020-12-31

[[source]]
id = "S"
title = "t"
date = "undated"

[[payer]]
id = "p"
name = "付款方"
kind = "insurance"
"#;

fn step(id: &str, keys: &str) -> String {
    format!("\n[[step]]\nid = \"{id}\"\nname = \"{id}\"\npayer = \"p\"\nsource = \"S\"\n{keys}\n")
}

fn load(rest: &str) -> RuleBook {
    let text = format!("{HEAD}{rest}");
    let book = RuleBook::from_texts([("t.toml", text.as_str())]);
    book.unwrap_or_else(|problems| panic!("{problems}"))
}

/// The file has just these problems.
fn refused(rest: &str, codes: &[Code]) {
    let text = format!("{HEAD}{rest}");
    let problems = RuleBook::from_texts([("t.toml", text.as_str())]).expect_err(rest);
    let found: Vec<Code> = problems.errors().map(|problem| problem.code()).collect();
    assert_eq!(found, codes, "{problems}");
}

fn bill(keys: &str) -> Bill {
    let text = format!("date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{keys}");
    Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn patient(keys: &str) -> Patient {
    let text = format!("scheme = \"resident\"\n{keys}");
    Patient::from_toml("p", &text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn settled(rest: &str, patient_keys: &str, bill_keys: &str) -> Settlement {
    let book = load(rest);
    let policy = book.policies().next().expect("a policy");
    settle(policy, &bill(bill_keys), &patient(patient_keys))
        .unwrap_or_else(|error| panic!("{error}\n{rest}"))
}

/// What each step pays, in the order of the record.
fn amounts(settlement: &Settlement) -> Vec<(String, String)> {
    let steps = settlement.steps();
    steps
        .map(|step| (step.id().to_owned(), step.amount().to_string()))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |&(id, amount): &(&str, &str)| (id.to_owned(), amount.to_owned());
    expected.iter().map(pair).collect()
}

const IN_SCOPE: &str = "lines = [{ fee = \"other\", amount = 1000, class = \"A\" }]";
const HALF_OUTSIDE: &str = "lines = [{ fee = \"other\", amount = 1000, class = \"A\" }, { fee = \"bed\", amount = 500, class = \"C\" }]";

/// All that the second step covers is paid: the field that its condition asks for makes no difference.
#[test]
fn a_field_is_not_needed_where_all_that_is_covered_is_paid() {
    let rules = step("first", "ratio = \"100%\"")
        + &step("second", "when = { age = { under = 14 } }\nratio = \"50%\"");
    assert_eq!(
        amounts(&settled(&rules, "", HALF_OUTSIDE)),
        pairs(&[("first", "1000.00")])
    );
}

/// What was billed in scope is paid: money outside its cover is not there for the second step.
#[test]
fn a_billed_base_pays_nothing_from_what_it_does_not_cover() {
    let rules = step("first", "ratio = \"100%\"")
        + &step(
            "second",
            "base = { of = \"billed\" }\ndeductible = \"unstated\"\nratio = \"unstated\"",
        );
    assert_eq!(
        amounts(&settled(&rules, "", HALF_OUTSIDE)),
        pairs(&[("first", "1000.00"), ("second", "0.00")])
    );
}

/// A scope rule that has nothing to move asks for no field, whatever else the lines have.
#[test]
fn a_scope_rule_without_money_to_move_needs_no_field() {
    let rules = "\n[[scope]]\nid = \"moved\"\nname = \"s\"\nsource = \"S\"\nwhen = { age = { under = 14 } }\nmove = [\"first-self-payment\"]\nto = \"in-scope\"\n".to_owned()
        + &step("a", "ratio = \"50%\"");
    let settlement = settled(&rules, "", HALF_OUTSIDE);
    assert_eq!(amounts(&settlement), pairs(&[("a", "500.00")]));
    assert_eq!(settlement.scopes().count(), 0);
}

/// Of the entries of a table that hold, the best for the patient counts, wherever it stands in the table.
#[test]
fn the_best_entry_counts_wherever_it_stands() {
    let both = "categories = [\"registered-poor\", \"orphan\"]";
    for (ratio, expected) in [
        (
            "registered-poor = \"50%\", orphan = \"60%\", other = \"10%\"",
            "600.00",
        ),
        (
            "registered-poor = \"60%\", orphan = \"50%\", other = \"10%\"",
            "600.00",
        ),
        (
            "registered-poor = \"60%\", orphan = \"60%\", other = \"10%\"",
            "600.00",
        ),
    ] {
        let rules = step("a", &format!("ratio.category = {{ {ratio} }}"));
        assert_eq!(
            amounts(&settled(&rules, both, IN_SCOPE)),
            pairs(&[("a", expected)]),
            "{ratio}"
        );
    }
    for (deductible, expected) in [
        ("registered-poor = 300, orphan = 100, other = 500", "900.00"),
        ("registered-poor = 100, orphan = 300, other = 500", "900.00"),
    ] {
        let rules = step(
            "a",
            &format!("ratio = \"100%\"\ndeductible.category = {{ {deductible} }}"),
        );
        assert_eq!(
            amounts(&settled(&rules, both, IN_SCOPE)),
            pairs(&[("a", expected)]),
            "{deductible}"
        );
    }
}

/// Bounds that let one number or one day through are no contradiction; bounds the wrong way round are.
#[test]
fn bounds_may_hold_just_one_number_or_day() {
    for (condition, applies) in [
        ("age = { from = 5, to = 5 }", true),
        ("age = { over = 4, under = 6 }", true),
        ("age = { over = 5 }", false),
        ("date = { from = 2020-05-01, to = 2020-05-01 }", true),
        ("date = { to = 2020-01-01 }", false),
        ("date = { from = 2020-12-31 }", false),
    ] {
        let rules = step("a", &format!("when = {{ {condition} }}\nratio = \"50%\""));
        let expected = if applies { &[("a", "500.00")][..] } else { &[] };
        assert_eq!(
            amounts(&settled(&rules, "age = 5", IN_SCOPE)),
            pairs(expected),
            "{condition}"
        );
    }
    for (condition, code) in [
        ("age = { from = 6, to = 5 }", Code::StepNeverApplies),
        ("age = { under = 0 }", Code::StepNeverApplies),
        (
            "date = { from = 2020-05-02, to = 2020-05-01 }",
            Code::PeriodOrder,
        ),
        ("date = { to = 2019-12-31 }", Code::StepNeverApplies),
        ("date = { from = 2021-01-01 }", Code::StepNeverApplies),
    ] {
        refused(
            &step("a", &format!("when = {{ {condition} }}\nratio = \"50%\"")),
            &[code],
        );
    }
}

/// A condition without any key is refused, once, however it is written.
#[test]
fn conditions_say_something() {
    for condition in [
        "when = {}",
        "when = []",
        "when = [{}]",
        "unless = {}",
        "unless = []",
        "unless = [{}]",
    ] {
        refused(
            &step("a", &format!("{condition}\nratio = \"50%\"")),
            &[Code::BadValue],
        );
    }
    for condition in ["when = { nobody = 1 }", "unless = { nobody = 1 }"] {
        refused(
            &step("a", &format!("{condition}\nratio = \"50%\"")),
            &[Code::UnknownKey],
        );
    }
}

/// No limit is better than any; a value that nobody states could be better than any other, so the bill is refused.
#[test]
fn what_is_unlimited_or_unstated_is_never_passed_over() {
    let both = "categories = [\"registered-poor\", \"orphan\"]";
    let limited = |entries: &str| {
        step("a", "ratio = \"100%\"")
            + &format!(
                "\n[[step.limit]]\nid = \"l\"\namount.category = {{ {entries}, other = 5 }}\nper = \"bill\"\non = \"payment\"\n"
            )
    };
    for entries in [
        "registered-poor = 100, orphan = \"none\"",
        "registered-poor = \"none\", orphan = 100",
    ] {
        let paid = amounts(&settled(&limited(entries), both, IN_SCOPE));
        assert_eq!(paid, pairs(&[("a", "1000.00")]), "{entries}");
    }
    for entries in [
        "registered-poor = 100, orphan = \"unstated\"",
        "registered-poor = \"unstated\", orphan = 100",
        "registered-poor = \"none\", orphan = \"unstated\"",
        "registered-poor = \"unstated\", orphan = \"none\"",
    ] {
        let book = load(&limited(entries));
        let policy = book.policies().next().expect("a policy");
        let error = settle(policy, &bill(IN_SCOPE), &patient(both)).expect_err(entries);
        assert_eq!(error.kind(), "unstated", "{entries}");
    }
}

/// A fixed price counts for nothing on a bill that has nothing of what it is the price of: no part of the year's deductible.
#[test]
fn a_fixed_price_of_nothing_uses_no_deductible() {
    let rules = step(
        "a",
        "covers = { marks = [\"implant\"] }\nbase = { fixed = 500 }\ndeductible = { value = 100, per = \"year\" }\nratio = \"50%\"",
    );
    let settlement = settled(&rules, "", IN_SCOPE);
    assert_eq!(
        settlement.year_to_date().deductible("a").to_string(),
        "0.00"
    );
    // Nor does it lean on anything.
    let step = settlement.step("a").expect("the step applies");
    assert_eq!(step.used().count(), 0);
}

/// A limit that is just reached cuts nothing off, and is not said to.
#[test]
fn a_limit_just_reached_does_not_bind() {
    for (on, amount, binds) in [
        ("payment", "500", false),
        ("payment", "499.99", true),
        ("cost", "1000", false),
        ("cost", "999.99", true),
    ] {
        let rules = step("a", "ratio = \"50%\"")
            + &format!(
                "\n[[step.limit]]\nid = \"l\"\namount = {amount}\nper = \"bill\"\non = \"{on}\"\n"
            );
        let settlement = settled(&rules, "", IN_SCOPE);
        let step = settlement.step("a").expect("the step applies");
        assert_eq!(step.limits().count(), usize::from(binds), "{on} {amount}");
    }
}

/// A step has paid all there is where the bill cuts it off; not where a limit does, nor where nothing does.
#[test]
fn a_step_pays_all_there_is() {
    let limit = |on: &str| {
        format!("\n[[step.limit]]\nid = \"l\"\namount = 300\nper = \"bill\"\non = \"{on}\"\n")
    };
    let guarantee =
        "base = { of = \"billed\" }\nguarantee = { ratio = \"80%\", of = \"in-scope\" }";
    let fixed = "base = { fixed = 1500 }\nratio = \"100%\"";
    for (rules, amount, all) in [
        (step("a", fixed), "1000.00", true),
        (step("a", "ratio = \"100%\""), "1000.00", false),
        (step("a", fixed) + &limit("payment"), "300.00", false),
        (step("a", guarantee), "800.00", false),
    ] {
        let settlement = settled(&rules, "", IN_SCOPE);
        let step = settlement.step("a").expect("the step applies");
        assert_eq!(step.amount().to_string(), amount, "{rules}");
        assert_eq!(step.is_all_paid(), all, "{rules}");
    }
}

/// A bill on which a step pays nothing is none of those on which it may pay.
#[test]
fn a_bill_without_payment_is_not_counted() {
    let rules = step(
        "a",
        "ratio = \"50%\"\nround = { unit = \"yuan\", mode = \"down\" }",
    ) + "\n[[step.limit]]\nid = \"once\"\namount = 1\nper = \"year\"\non = \"bills\"\n";
    let book = load(&rules);
    let policy = book.policies().next().expect("a policy");
    let mut patient = patient("");
    for (amount, paid) in [("1.00", "0.00"), ("100.00", "50.00"), ("100.00", "0.00")] {
        let bill = bill(&format!(
            "lines = [{{ fee = \"other\", amount = {amount}, class = \"A\" }}]"
        ));
        let settlement = settle(policy, &bill, &patient).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(amounts(&settlement), pairs(&[("a", paid)]));
        patient.year_to_date = Some(settlement.year_to_date().clone());
    }
}

/// Only care for a certified disease must say for which: other care has none.
#[test]
fn other_care_has_no_outpatient_disease() {
    let rules = step(
        "a",
        "when = { outpatient_disease = \"haemodialysis\" }\nratio = \"50%\"",
    ) + &step("b", "ratio = \"10%\"");
    assert_eq!(
        amounts(&settled(&rules, "", IN_SCOPE)),
        pairs(&[("b", "100.00")])
    );
}

/// A category may be held for a single day.
#[test]
fn a_period_of_one_day() {
    let rules = step("a", "when = { category = \"orphan\" }\nratio = \"50%\"");
    for (day, expected) in [("2020-05-01", &[("a", "500.00")][..]), ("2020-04-30", &[])] {
        let held = format!("categories = [{{ id = \"orphan\", from = {day}, to = {day} }}]");
        assert_eq!(
            amounts(&settled(&rules, &held, IN_SCOPE)),
            pairs(expected),
            "{day}"
        );
    }
}

/// The matrix is made when it is asked for, and only then.
#[test]
fn totals_alone_have_no_matrix() {
    let book = load(&step("a", "ratio = \"50%\""));
    let policy = book.policies().next().expect("a policy");
    let (bill, patient) = (bill(HALF_OUTSIDE), patient(""));
    let mut workspace = Workspace::new();
    for (detail, lines) in [(Detail::Lines, 2), (Detail::Totals, 0)] {
        let settlement = workspace
            .settle(policy, &bill, &patient, detail)
            .expect("settled");
        assert_eq!(settlement.lines().count(), lines, "{detail:?}");
        for (line, [payer, own]) in settlement
            .lines()
            .zip([["500.00", "500.00"], ["0.00", "500.00"]])
        {
            assert_eq!(
                line.payers()
                    .map(|(_, amount)| amount.to_string())
                    .collect::<Vec<_>>(),
                [payer]
            );
            assert_eq!(line.patient().to_string(), own);
        }
    }
}
