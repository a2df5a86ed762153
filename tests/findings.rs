//! What reviews and properties found, each kept as a case: a wrong file that must be refused, or a bill that came out wrong.

#[path = "findings/random.rs"]
mod random;

use payer_split::laws::{Law, Verdict};
use payer_split::{Bill, Case, Code, Money, Patient, RuleBook, Settlement, settle};

const HEAD: &str = r#"
[policy]
id = "t"
version = "1"
region = "unstated"
name = "测试"
from = 2020-01-01
to = "open"

[[source]]
id = "S"
title = "t"
date = "undated"

[[payer]]
id = "p"
name = "付款方"
kind = "insurance"
"#;

/// A step `a` of the payer with these further keys.
fn step(keys: &str) -> String {
    format!("\n[[step]]\nid = \"a\"\nname = \"a\"\npayer = \"p\"\nsource = \"S\"\n{keys}\n")
}

fn load(rest: &str) -> Result<RuleBook, Vec<Code>> {
    let text = format!("{HEAD}{rest}");
    let loaded = RuleBook::from_texts([("t.toml", text.as_str())]);
    loaded.map_err(|problems| problems.errors().map(|problem| problem.code()).collect())
}

fn refused(rest: &str, code: Code) {
    match load(rest) {
        Ok(_) => panic!("loads, expected {code}:\n{rest}"),
        Err(codes) => assert!(codes.contains(&code), "{codes:?}, expected {code}:\n{rest}"),
    }
}

/// The year's bills under a policy; the patient pays what is left.
fn year(rest: &str, patient: &str, bills: &[&str]) -> Vec<Settlement> {
    let book = load(rest).unwrap_or_else(|codes| panic!("{codes:?}\n{rest}"));
    let policy = book.policies().next().expect("a policy");
    let mut patient =
        Patient::from_toml("p", patient).unwrap_or_else(|problems| panic!("{problems}"));
    let mut year = Vec::new();
    for bill in bills {
        let text = format!("date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{bill}");
        let bill = Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"));
        let settlement = settle(policy, &bill, &patient).unwrap_or_else(|error| panic!("{error}"));
        patient.year_to_date = Some(settlement.year_to_date().clone());
        year.push(settlement);
    }
    year
}

fn line(yuan: &str) -> String {
    format!("lines = [{{ fee = \"other\", amount = {yuan}, class = \"A\" }}]")
}

fn paid(year: &[Settlement]) -> Vec<String> {
    year.iter()
        .map(|settlement| settlement.paid("p").expect("p").to_string())
        .collect()
}

#[test]
fn figures_stay_in_bounds_whatever_their_form() {
    let adjust = |figure: &str, id: &str, change: &str| {
        format!("\n[[step.adjust]]\nid = \"{id}\"\nfigure = \"{figure}\"\n{change}\n")
    };
    let share = step("ratio = \"80%\"\ndeductible = { share = \"10%\", of = \"total\" }")
        + &adjust("deductible", "x", "subtract = 500");
    refused(&share, Code::AmountBelow0);
    let set = step("ratio = \"unstated\"")
        + &adjust("ratio", "x", "set = \"95%\"")
        + &adjust("ratio", "y", "add = \"10%\"");
    refused(&set, Code::RatioOver100);
    let fine = step("ratio = \"unstated\"")
        + &adjust("ratio", "x", "set = \"33.3333%\"")
        + &adjust("ratio", "y", "multiply = \"95.5%\"");
    refused(&fine, Code::RatioTooFine);
    let mut many = step("ratio = \"95%\"");
    for age in 0..15 {
        many += &adjust(
            "ratio",
            &format!("a{age}"),
            &format!("when = {{ age = {age} }}\nsubtract = \"1%\""),
        );
    }
    many += &adjust(
        "ratio",
        "last",
        "when = { insured_years = { from = 5 } }\nadd = \"10%\"",
    );
    refused(&many, Code::RatioOver100);
    refused(
        &(step("ratio = \"80%\"\ndeductible = 100")
            + &adjust("deductible", "x", "waive = true\nat_least = 50")),
        Code::Conflict,
    );
}

#[test]
fn no_lowering_raises() {
    let rules = step("ratio = \"100%\"\ndeductible = 50")
        + "\n[[step.adjust]]\nid = \"x\"\nfigure = \"deductible\"\nsubtract = 200\nat_least = 100\n";
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &[&line("1000")])),
        ["950.00"]
    );
}

#[test]
fn one_entry_for_each_value() {
    refused(
        &step("ratio.tier = { county = \"80%\", \"县\" = \"60%\", other = \"10%\" }"),
        Code::DuplicateId,
    );
    refused(
        &step("ratio.care = { any-inpatient = \"80%\", inpatient = \"60%\", other = \"10%\" }"),
        Code::DuplicateId,
    );
}

#[test]
fn lists_name_nothing_twice() {
    let limit = "\n[[limit]]\nid = \"l\"\nname = \"l\"\namount = 1000\nper = \"year\"\non = \"payment\"\nsource = \"S\"\n";
    refused(
        &(limit.to_owned() + &step("ratio = \"40%\"\nshared_limits = [\"l\", \"l\"]")),
        Code::DuplicateId,
    );
}

#[test]
fn steps_find_their_places() {
    let named = |id: &str, keys: &str| {
        step(&format!("ratio = \"10%\"\n{keys}")).replace("\"a\"", &format!("\"{id}\""))
    };
    let order = |rest: &str| -> Vec<String> {
        let book = load(rest).unwrap_or_else(|codes| panic!("{codes:?}"));
        let policy = book.policies().next().expect("a policy");
        policy.steps().iter().map(|step| step.id.clone()).collect()
    };
    let chain = named("z", "")
        + &named("w", "")
        + &named("x", "after = \"y\"")
        + &named("y", "after = \"z\"");
    assert_eq!(order(&chain), ["z", "y", "x", "w"]);
    let siblings = named("z", "") + &named("x", "after = \"z\"") + &named("y", "after = \"z\"");
    assert_eq!(order(&siblings), ["z", "x", "y"]);
    refused(
        &(named("x", "after = \"y\"") + &named("y", "after = \"x\"")),
        Code::Conflict,
    );
}

#[test]
fn a_guarantee_pays_no_more_than_its_base() {
    let guarantee = "covers = { parts = \"all\" }\nbase = { fixed = 100 }\nguarantee = { ratio = \"90%\", of = \"total\" }";
    refused(&step(guarantee), Code::Conflict);
}

#[test]
fn limits_of_diseases_are_told_apart() {
    let diseases = "\n[[disease]]\nid = \"x\"\nname = \"x\"\nicd10 = [\"A01\"]\n\n[[disease]]\nid = \"y\"\nname = \"y\"\nicd10 = [\"B01\"]\n";
    let rules = diseases.to_owned()
        + &step("when = { disease = \"y\" }\nratio = \"100%\"")
        + "\n[[step.limit]]\nid = \"l\"\namount = 1000\nper = \"disease-year\"\non = \"payment\"\n"
        + &step("when = { disease = \"x\" }\nratio = \"1%\"").replace("\"a\"", "\"b\"");
    let both = format!("diagnoses = [\"A01\", \"B01\"]\n{}", line("5000"));
    let one = format!("diagnoses = [\"B01\"]\n{}", line("5000"));
    let year = year(&rules, "scheme = \"resident\"", &[&both, &one]);
    let amounts: Vec<Money> = year
        .iter()
        .map(|settlement| settlement.step("a").expect("a").amount())
        .collect();
    assert_eq!(amounts, [Money::from_fen(100_000), Money::ZERO]);
}

#[test]
fn a_certificate_counts_once() {
    let rules = step("ratio = \"100%\"")
        + "\n[[step.limit]]\nid = \"l\"\namount = 2000\nper = \"year\"\non = \"payment\"\n"
        + "\n[[step.adjust]]\nid = \"x\"\nfigure = \"l\"\nadd = 1000\nper = \"further-certificate\"\nadd_at_most = 3000\n";
    let patient = "scheme = \"resident\"\ncertificates = [\"diabetes\", \"糖尿病\", { id = \"diabetes\", from = 2019-01-01 }]";
    assert_eq!(paid(&year(&rules, patient, &[&line("9000")])), ["2000.00"]);
}

#[test]
fn cases_cannot_pass_without_checking() {
    let case = |rest: &str| {
        let text = format!(
            "[[case]]\nname = \"c\"\npolicy = \"t\"\npatient = {{ scheme = \"resident\" }}\n{rest}"
        );
        Case::read("c.cases.toml", &text)
    };
    let bill = |expect: &str| {
        format!(
            "[[case.bill]]\ndate = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{}\nexpect = {{ {expect} }}",
            line("1")
        )
    };
    assert!(case(&bill("patient = 1")).is_ok());
    for wrong in [
        "bill = []".to_owned(),
        bill("patient = 1, names = [\"x\"]"),
        bill("refused = \"unstated\", patient = 1"),
        bill(""),
    ] {
        assert!(case(&wrong).is_err(), "{wrong}");
    }
    assert!(
        Patient::from_toml(
            "p",
            "scheme = \"resident\"\nyear_to_date = { policy = \"t\", year = 70000, counters = {} }"
        )
        .is_err()
    );
}

/// A step with an unstated fixed price, and a bill of which it covers nothing, or nothing that is still unpaid.
#[test]
fn a_fixed_price_is_not_needed_where_there_is_nothing_to_pay_on() {
    let priced = |covers: &str| {
        step(&format!(
            "covers = {{ {covers} }}\nbase = {{ of = \"billed\", fixed = \"unstated\" }}\nratio = \"15%\""
        ))
    };
    let whole = step("ratio = \"100%\"").replace("id = \"a\"", "id = \"first\"");
    for rules in [
        priced("marks = [\"implant\"]"),
        whole + &priced("parts = \"all\""),
    ] {
        let settled = &year(&rules, "scheme = \"resident\"", &[&line("100")])[0];
        assert_eq!(
            settled.step("a").map(|step| step.amount()),
            Some(Money::ZERO)
        );
    }
}

/// A yearly limit that is used up, and a share of the payment that hangs on a field that is not given.
#[test]
fn a_share_of_the_payment_is_not_needed_where_a_limit_leaves_nothing() {
    let rules = step("ratio = \"80%\"")
        + "\n[[step.limit]]\nid = \"year\"\namount = 50\nper = \"year\"\non = \"payment\"\n"
        + "\n[[step.adjust]]\nid = \"late\"\nfigure = \"payment\"\nwhen = { insured_years = 0 }\nmultiply = \"50%\"\n";
    let used_up = "scheme = \"resident\"\nyear_to_date = { policy = \"t\", year = 2020, counters = { \"limit/a/year\" = 50 } }";
    assert_eq!(paid(&year(&rules, used_up, &[&line("100")])), ["0.00"]);
}

/// A yearly limit on the cost that is used up: nothing enters, so the deductible is not asked for.
#[test]
fn no_figure_is_needed_where_a_limit_on_the_cost_lets_nothing_enter() {
    let rules = step("deductible = \"unstated\"\nratio = \"unstated\"")
        + "\n[[step.limit]]\nid = \"cost\"\namount = 50\nper = \"year\"\non = \"cost\"\n";
    let used_up = "scheme = \"resident\"\nyear_to_date = { policy = \"t\", year = 2020, counters = { \"limit/a/cost\" = 50 } }";
    assert_eq!(paid(&year(&rules, used_up, &[&line("100")])), ["0.00"]);
}

/// A rounding at an adjust that subtracts: 1,900 less 1,152.35 is 747.65, rounded up to 748.
#[test]
fn an_adjust_that_subtracts_rounds_its_outcome() {
    let rules = step("deductible = 1900\nratio = \"100%\"")
        + "\n[[step.adjust]]\nid = \"less\"\nfigure = \"deductible\"\nsubtract = 1152.35\nround = { unit = \"yuan\", mode = \"up\" }\n";
    let bills = [line("1000")];
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &[&bills[0]])),
        ["252.00"]
    );
}

/// A limit by disease and year counts by the disease: a bill that gives none is refused, not counted as of another one.
#[test]
fn a_limit_by_disease_needs_the_disease() {
    let rules = step("ratio = \"50%\"")
        + "\n[[step.limit]]\nid = \"y\"\namount = 100\nper = \"disease-year\"\non = \"payment\"\n";
    let book = load(&rules).unwrap_or_else(|codes| panic!("{codes:?}"));
    let policy = book.policies().next().expect("a policy");
    let patient = Patient::from_toml("p", "scheme = \"resident\"").expect("a patient");
    let bill = |diagnoses: &str| {
        let text = format!(
            "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{diagnoses}\n{}",
            line("1000")
        );
        Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let error = settle(policy, &bill(""), &patient).expect_err("no disease is given");
    assert_eq!(error.kind(), "missing");
    let settled = settle(policy, &bill("diagnoses = [\"J18.9\"]"), &patient).expect("settled");
    assert_eq!(settled.patient().to_string(), "900.00");
}

/// A share of the base is a share of the cost that enters: what a limit on the cost lets through.
#[test]
fn a_share_of_the_base_is_of_what_entered() {
    let rules = step("ratio = \"100%\"\ndeductible = { share = \"15%\", of = \"base\" }")
        + "\n[[step.limit]]\nid = \"c\"\namount = 100\nper = \"year\"\non = \"cost\"\n";
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &[&line("1000")])),
        ["85.00"]
    );
}

/// A yearly limit that is a share of each bill is another amount for each: the law of annual steps does not speak of it.
#[test]
fn a_limit_that_is_a_share_of_a_bill_is_not_annual() {
    let rules = step("ratio = \"50%\"")
        + "\n[[step.limit]]\nid = \"y\"\namount = { share = \"5%\", of = \"total\" }\nper = \"year\"\non = \"payment\"\n";
    let book = load(&rules).unwrap_or_else(|codes| panic!("{codes:?}"));
    let policy = book.policies().next().expect("a policy");
    let patient = Patient::from_toml("p", "scheme = \"resident\"").expect("a patient");
    let text = format!(
        "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{}",
        line("1000")
    );
    let bill = Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let verdict = Law::AnnualSteps.check(policy, &[bill], &patient);
    assert_eq!(verdict, Verdict::Silent);
}

/// A share of money is rounded once: 30 % of 1,651.66 is 495.498, to the yuan 495, not 496 by way of 495.50.
#[test]
fn a_share_is_rounded_once() {
    let rules = step("ratio = \"100%\"")
        + "[step.deductible]\nshare = \"30%\"\nof = \"total\"\nround = { unit = \"yuan\" }\n";
    let bill = line("1651.66");
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &[&bill])),
        ["1156.66"]
    );
}

/// A share of money goes exact into its adjust: half of 100.01 less 10 is 40.005, rounded down to 40.00.
#[test]
fn a_share_goes_exact_into_its_adjust() {
    let rules = step("ratio = \"100%\"\ndeductible = { share = \"50%\", of = \"total\" }")
        + "\n[[step.adjust]]\nid = \"less\"\nfigure = \"deductible\"\nsubtract = 10\nat_least = 0\nround = { unit = \"fen\", mode = \"down\" }\n";
    let bill = line("100.01");
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &[&bill])),
        ["60.01"]
    );
}

/// A bound on a share does not round it: the `round` of the deductible does.
#[test]
fn a_bound_does_not_round_a_share() {
    let rules = step("ratio = \"100%\"")
        + "[step.deductible]\nshare = \"50%\"\nof = \"total\"\nround = { unit = \"fen\", mode = \"down\" }\n"
        + "\n[[step.adjust]]\nid = \"most\"\nfigure = \"deductible\"\nat_most = 80\n";
    let bills = [line("100.01"), line("200")];
    let bills: Vec<&str> = bills.iter().map(String::as_str).collect();
    assert_eq!(
        paid(&year(&rules, "scheme = \"resident\"", &bills)),
        ["50.01", "120.00"]
    );
}

/// `round` beside a value that is set, or beside a bound alone, would do nothing.
#[test]
fn a_rounding_of_what_is_not_worked_out_is_refused() {
    for change in ["set = 100", "waive = true", "at_most = 100"] {
        refused(
            &(step("ratio = \"50%\"\ndeductible = 200")
                + &format!(
                    "\n[[step.adjust]]\nid = \"x\"\nfigure = \"deductible\"\n{change}\nround = {{ unit = \"yuan\" }}\n"
                )),
            Code::Conflict,
        );
    }
}

/// What the second step `b` pays of a bill.
fn second(rules: &str, bill: &str) -> String {
    let year = year(rules, "scheme = \"resident\"", &[bill]);
    let mut steps = year[0].steps().filter(|step| step.id() == "b");
    steps.next().expect("it applies").amount().to_string()
}

/// A guarantee of which an earlier deductible takes all the money needs no ratio.
#[test]
fn a_guarantee_without_money_needs_no_ratio() {
    let guarantee = step(
        "base = { less_deductible_of = [\"a\"] }\nguarantee = { ratio = \"unstated\", of = \"covered\" }",
    );
    let rules =
        step("deductible = 1000\nratio = \"50%\"") + &guarantee.replace("id = \"a\"", "id = \"b\"");
    assert_eq!(second(&rules, &line("500")), "0.00");
}

/// The base of a guarantee of billed money is what was billed: 10 % of 1,000, of which 500 is unpaid.
#[test]
fn the_base_of_a_guarantee_of_billed_money_is_what_was_billed() {
    let guarantee = step(
        "base = { of = \"billed\" }\nguarantee = { ratio = \"100%\", of = \"covered\" }",
    ) + "\n[[step.limit]]\nid = \"c\"\namount = { share = \"10%\", of = \"base\" }\nper = \"bill\"\non = \"payment\"\n";
    let rules = step("ratio = \"50%\"") + &guarantee.replacen("id = \"a\"", "id = \"b\"", 1);
    assert_eq!(second(&rules, &line("1000")), "100.00");
    let unpaid = rules.replace("base = { of = \"billed\" }\n", "");
    assert_eq!(second(&unpaid, &line("1000")), "50.00");
}

/// A file laid over another keeps the part of a `round` that it does not give: 49.99 down to the yuan.
#[test]
fn a_rounding_laid_over_another_keeps_its_mode() {
    let stated = format!(
        "{HEAD}{}",
        step("ratio = \"50%\"\nround = { unit = \"jiao\", mode = \"down\" }")
    );
    let over = "[policy]\nextends = \"t/1\"\nlayer = \"assumed\"\n\n[[step]]\nid = \"a\"\nround = { unit = \"yuan\" }\n";
    let book = RuleBook::from_texts([("t.toml", stated.as_str()), ("over.toml", over)])
        .unwrap_or_else(|problems| panic!("{problems}"));
    let policy = book
        .policies()
        .find(|policy| policy.full_name() == "t/1/assumed");
    let patient = Patient::from_toml("p", "scheme = \"resident\"").expect("a patient");
    let text = format!(
        "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{}",
        line("99.98")
    );
    let bill = Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"));
    let settled = settle(policy.expect("the layer"), &bill, &patient).expect("settled");
    assert_eq!(settled.patient().to_string(), "50.98");
}

/// A limit by disease of a step that is for some diseases counts these only.
#[test]
fn a_limit_by_disease_counts_the_diseases_of_its_step() {
    let disease = |id: &str, code: &str| {
        format!("\n[[disease]]\nid = \"{id}\"\nname = \"{id}\"\nicd10 = [\"{code}\"]\n")
    };
    let stone = step("ratio = \"10%\"\nwhen = { disease = \"stone\" }");
    let rules = disease("lung", "J18")
        + &disease("stone", "K80")
        + &step("ratio = \"50%\"\nwhen = { disease = \"lung\" }")
        + "\n[[step.limit]]\nid = \"y\"\namount = 100\nper = \"disease-year\"\non = \"payment\"\n"
        + &stone.replace("id = \"a\"", "id = \"b\"");
    let bill = format!("diagnoses = [\"J18.9\", \"K80.1\"]\n{}", line("1000"));
    let settled = year(&rules, "scheme = \"resident\"", &[&bill]);
    let counters = settled[0].year_to_date().counters();
    let limits: Vec<(&str, String)> = counters
        .filter(|(name, _)| name.starts_with("limit/"))
        .map(|(name, amount)| (name, amount.to_string()))
        .collect();
    assert_eq!(limits, [("limit/a/y/disease/lung", "100.00".to_owned())]);
}

/// Two steps that take one deductible off the same bill count the same cost twice: how often depends on the cut, so that
/// the law of annual steps does not speak of them.
#[test]
fn a_deductible_of_two_steps_on_one_bill_is_not_annual() {
    let with = step("deductible = { value = 2000, per = \"year\", with = \"a\" }\nratio = \"60%\"");
    let rules = step("deductible = { value = 600, per = \"year\" }\nratio = \"0%\"")
        + &with.replacen("id = \"a\"", "id = \"b\"", 1);
    let book = load(&rules).unwrap_or_else(|codes| panic!("{codes:?}"));
    let policy = book.policies().next().expect("a policy");
    let patient = Patient::from_toml("p", "scheme = \"resident\"").expect("a patient");
    let bill = |amount: &str| {
        let text = format!(
            "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{}}\n{}",
            line(amount)
        );
        Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let verdict = Law::AnnualSteps.check(policy, &[bill("500"), bill("3000")], &patient);
    assert_eq!(verdict, Verdict::Silent);
}

/// What counts against a yearly ceiling on deductibles counts of a billed base also where nothing is left to pay.
#[test]
fn a_ceiling_on_deductibles_counts_a_billed_base_that_others_paid() {
    let billed = step(
        "base = { of = \"billed\" }\ndeductible = { value = 300, within = \"most\" }\nratio = \"50%\"",
    );
    let ceiling = "\n[[limit]]\nid = \"most\"\nname = \"most\"\namount = 500\nper = \"year\"\non = \"deductible\"\nsource = \"S\"\n";
    let rules =
        step("ratio = \"100%\"") + &billed.replacen("id = \"a\"", "id = \"b\"", 1) + ceiling;
    let bill = line("1000");
    let settled = year(&rules, "scheme = \"resident\"", &[&bill, &bill]);
    let used = settled[1].year_to_date().counters();
    let mut used = used.filter(|(name, _)| *name == "limit/most");
    assert_eq!(used.next().expect("it counts").1.to_string(), "500.00");
}

/// A yearly deductible counts a billed base of which nothing is left to pay; no ratio or limit is needed for that.
#[test]
fn what_only_counts_needs_no_ratio_and_no_limit() {
    let billed = step(
        "base = { of = \"billed\" }\ndeductible = { value = 300, per = \"year\" }\nratio = \"unstated\"",
    ) + "\n[[step.limit]]\nid = \"c\"\namount = \"unstated\"\nper = \"bill\"\non = \"payment\"\n";
    let rules = step("ratio = \"100%\"") + &billed.replacen("id = \"a\"", "id = \"b\"", 1);
    assert_eq!(second(&rules, &line("1000")), "0.00");
}
