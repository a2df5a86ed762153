//! What loading makes of a file beyond its figures: whom a settlement cites, what limits are called, and which files just
//! pass or just fail. Each case is one that a changed operator in `src/load` got past the other tests with.

use payer_split::{Bill, Code, Patient, Policy, RuleBook, Settlement, settle};

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

fn step(keys: &str) -> String {
    format!(
        "\n[[step]]\nid = \"a\"\nname = \"a\"\npayer = \"p\"\nsource = \"S\"\nclause = \"1\"\n{keys}\n"
    )
}

fn adjust(figure: &str, change: &str) -> String {
    format!(
        "\n[[step.adjust]]\nid = \"{}\"\nfigure = \"{figure}\"\n{change}\n",
        change.len()
    )
}

/// Another source, for what does not come from the first.
const OTHER: &str = "\n[[source]]\nid = \"R\"\ntitle = \"r\"\ndate = \"undated\"\n";

fn load(files: &[&str]) -> Result<RuleBook, Vec<Code>> {
    let texts = files.iter().map(|rest| match rest.contains("extends") {
        true => (*rest).to_owned(),
        false => format!("{HEAD}{rest}"),
    });
    let texts: Vec<String> = texts.collect();
    let loaded = RuleBook::from_texts(texts.iter().map(|text| ("t.toml", text.as_str())));
    loaded.map_err(|problems| problems.errors().map(|problem| problem.code()).collect())
}

fn book(files: &[&str]) -> RuleBook {
    load(files).unwrap_or_else(|codes| panic!("{codes:?}: {files:?}"))
}

/// The file has just these problems.
fn refused(rest: &str, codes: &[Code]) {
    assert_eq!(load(&[rest]).err().as_deref(), Some(codes), "{rest}");
}

fn settled(book: &RuleBook, bill: &str) -> Settlement {
    settled_by(book.policies().last().expect("a policy"), bill)
}

fn settled_by(policy: &Policy, bill: &str) -> Settlement {
    let patient = Patient::from_toml("p", "scheme = \"resident\"").expect("a patient");
    let text = format!(
        "date = 2020-05-01\ncare = \"inpatient\"\nfacility = {{ tier = \"county\" }}\n{bill}"
    );
    let bill = Bill::from_toml("b", &text).unwrap_or_else(|problems| panic!("{problems}"));
    settle(policy, &bill, &patient).unwrap_or_else(|error| panic!("{error}"))
}

const LINE: &str = "lines = [{ fee = \"other\", amount = 1000, class = \"A\" }]";

/// What the step used, each with its source and clause.
fn used(settlement: &Settlement) -> Vec<String> {
    let step = settlement.step("a").expect("the step applies");
    let cited = step.used().map(|used| {
        format!(
            "{}: {} {} {:?}",
            used.what,
            used.source,
            used.clause.as_deref().unwrap_or("-"),
            used.certainty
        )
    });
    cited.collect()
}

/// Each value is cited by its path and by the innermost source; a clause goes with the source of its own table.
#[test]
fn every_value_has_its_own_citation() {
    let rules = OTHER.to_owned()
        + &step(
            "certainty = \"derived\"\nbase = { fixed = 900 }\ndeductible = 100\nratio.tier = { county = \"50%\", other = \"40%\" }",
        )
        + &adjust("payment", "multiply = \"50%\"\nsource = \"R\"")
        + &adjust("fixed", "add = 100\nclause = \"2\"\ncertainty = \"about\"")
        + "\n[[step.limit]]\nid = \"l\"\namount = 1000\nper = \"bill\"\non = \"payment\"\nsource = \"R\"\n";
    let settlement = settled(&book(&[&rules]), LINE);
    assert_eq!(
        used(&settlement),
        [
            "a: S 1 Derived",
            "a.fixed: S 1 Derived",
            "a.fixed.42: S 2 About",
            "a.deductible: S 1 Derived",
            "a.ratio.tier.county: S 1 Derived",
            "a.limit.l: R - Derived",
            "a.payment: S 1 Derived",
            "a.payment.29: R - Derived",
        ]
    );
}

/// What an assumed layer changes is cited as assumed by its own source; what it leaves alone as the text has it.
#[test]
fn a_layer_is_cited_for_what_it_gives() {
    let stated = step(
        "certainty = \"derived\"\nratio = \"50%\"\ndeductible = \"unstated\"\nwhen = { care = \"inpatient\" }",
    );
    let assumed =
        "[policy]\nextends = \"t/1\"\nlayer = \"assumed\"\nsource = \"R\"\ncertainty = \"about\"\n"
            .to_owned()
            + OTHER
            + "\n[[step]]\nid = \"a\"\ndeductible = 100\ncovers = { parts = \"all\" }\n";
    let settlement = settled(&book(&[&stated, &assumed]), LINE);
    assert_eq!(
        used(&settlement),
        [
            "a: S 1 Derived",
            "a.covers: R - Assumed",
            "a.deductible: R - Assumed",
            "a.ratio: S 1 Derived",
        ]
    );
    let later = "[policy]\nextends = \"t/1\"\nversion = \"2\"\nfrom = 2020-03-01\nto = \"open\"\n"
        .to_owned()
        + OTHER
        + "\n[[step]]\nid = \"a\"\nsource = \"R\"\ncertainty = \"about\"\ncovers = { parts = \"all\" }\nratio = \"60%\"\ndeductible = 100\n";
    let ended = stated.replace("\"unstated\"", "10");
    let texts = [
        format!("{HEAD}{ended}").replace("to = \"open\"", "to = 2020-02-29"),
        later,
    ];
    let loaded = RuleBook::from_texts(texts.iter().map(|text| ("t.toml", text.as_str())));
    let book = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    let policy = book.named("t/2").expect("the later version");
    let settlement = settled_by(policy, LINE);
    assert_eq!(
        used(&settlement),
        [
            "a: S 1 Derived",
            "a.deductible: R - About",
            "a.ratio: R - About"
        ]
    );
}

/// A limit without a name is called by what it counts and how long.
#[test]
fn limits_have_usual_names() {
    for (per, on, name, name_en) in [
        ("bill", "payment", "单次支付限额", "limit of a bill"),
        (
            "bill",
            "cost",
            "单次费用限额",
            "limit on the cost of a bill",
        ),
        ("year", "payment", "年度支付限额", "limit of a year"),
        (
            "year",
            "cost",
            "年度费用限额",
            "limit on the cost of a year",
        ),
        ("year", "bills", "年度次数", "number of bills of a year"),
        (
            "disease-year",
            "payment",
            "单病种年度支付限额",
            "limit of a disease and year",
        ),
        (
            "disease-year",
            "cost",
            "单病种年度费用限额",
            "limit on the cost of a disease and year",
        ),
        (
            "disease-year",
            "bills",
            "单病种年度次数",
            "number of bills of a disease and year",
        ),
    ] {
        let rules = step("ratio = \"50%\"")
            + &format!(
                "\n[[step.limit]]\nid = \"l\"\namount = 1\nper = \"{per}\"\non = \"{on}\"\n"
            );
        let bills =
            "diagnoses = [\"J18.9\"]\nlines = [{ fee = \"other\", amount = 1000, class = \"A\" }]";
        let policies = book(&[&rules]);
        let policy = policies.policies().next().expect("a policy");
        let names: Vec<(&str, &str)> = policy
            .limits()
            .iter()
            .map(|limit| (limit.name.as_str(), limit.name_en.as_str()))
            .collect();
        assert_eq!(names, [(name, name_en)], "{bills}");
    }
}

/// Problems of a table by the same dimension inside itself, or of a named table where it is used.
#[test]
fn entries_that_no_bill_reaches_or_that_are_not_there() {
    let never = [Code::StepNeverApplies];
    refused(
        &step(
            "ratio.tier = { county = { tier = { city = \"50%\", other = \"10%\" } }, other = \"20%\" }",
        ),
        &never,
    );
    refused(
        &step(
            "ratio.tier = { county = \"50%\", other = { tier = { county = \"40%\", other = \"30%\" } } }",
        ),
        &never,
    );
    refused(
        &step("ratio.admission = { \"0\" = \"50%\", other = \"30%\" }"),
        &[Code::UnknownName],
    );
    // A bill may be for none of the diseases, however many have an entry.
    let text = format!(
        "{HEAD}{}",
        step("ratio.outpatient_disease = { haemodialysis = \"50%\" }")
    );
    let problems = RuleBook::from_texts([("t.toml", text.as_str())]).expect_err("no other");
    assert!(
        problems.to_string().contains("has no `other`"),
        "{problems}"
    );
    let named = |table: &str, keys: &str| {
        format!(
            "\n[[table]]\nid = \"n\"\nname = \"n\"\nkind = \"amount\"\nsource = \"S\"\n{table}\n"
        ) + &step(keys)
    };
    let incomplete = "value.care = { inpatient = { tier = { county = 100 } }, other = 200 }";
    refused(
        &named(
            incomplete,
            "ratio = \"50%\"\ndeductible = { table = \"n\" }",
        ),
        &[Code::TableMisses],
    );
    let unlimited = "value.tier = { county = \"none\", other = 200 }";
    let limited = "ratio = \"100%\"\n[[step.limit]]\nid = \"l\"\namount = { table = \"n\" }\nper = \"bill\"\non = \"payment\"";
    book(&[&named(unlimited, limited)]);
    refused(
        &named(unlimited, "ratio = \"50%\"\ndeductible = { table = \"n\" }"),
        &[Code::Conflict],
    );
    let share = "value.tier = { county = { share = \"10%\", of = \"base\" }, other = 200 }";
    book(&[&named(
        share,
        "ratio = \"50%\"\ndeductible = { table = \"n\" }",
    )]);
}

/// A figure is refused for what any of its entries can come to, wherever it stands in the table.
#[test]
fn figures_are_refused_for_their_worst_entry() {
    let below = &adjust("deductible", "subtract = 200")[..];
    for entries in ["county = 100, other = 800", "county = 800, other = 100"] {
        let keys = format!("ratio = \"50%\"\ndeductible.tier = {{ {entries} }}");
        refused(&(step(&keys) + below), &[Code::AmountBelow0]);
    }
    for entries in [
        "county = \"50%\", other = \"95%\"",
        "county = \"95%\", other = \"50%\"",
    ] {
        let keys = format!("ratio.tier = {{ {entries} }}");
        refused(
            &(step(&keys) + &adjust("ratio", "add = \"10%\"")),
            &[Code::RatioOver100],
        );
    }
    let counted = step("ratio = \"95%\"")
        + &adjust(
            "ratio",
            "add = \"1%\"\nper = \"insured-year\"\nadd_at_most = \"10%\"",
        );
    refused(&counted, &[Code::RatioOver100]);
    // A ratio has six decimals as a number, and no more.
    let times = adjust("ratio", "multiply = \"95%\"");
    book(&[&(step("ratio = \"33.33%\"") + &times)]);
    let twice = times.clone() + &adjust("ratio", "when = { referred = true }\nmultiply = \"95%\"");
    refused(
        &(step("ratio = \"33.33%\"") + &twice),
        &[Code::RatioTooFine],
    );
    // Bounds may be one and the same.
    book(&[&(step(
        "ratio = \"50%\"\ndeductible = { share = \"10%\", of = \"base\", at_least = 100, at_most = 100 }",
    ))]);
}

/// A word that is wrong in a condition is one problem: what the condition lets through is not held against tables.
#[test]
fn a_wrong_condition_is_one_problem() {
    let unknown = [Code::UnknownName];
    for condition in [
        "when = { tier = \"nowhere\" }",
        "when = { tier = [\"county\", \"nowhere\"] }",
        "when = [{ tier = \"nowhere\" }, { tier = \"county\", scheme = \"resident\" }]",
        "when = [{ tier = \"county\", scheme = \"resident\" }, { tier = \"nowhere\" }]",
    ] {
        refused(
            &step(&format!(
                "{condition}\nratio.care = {{ inpatient = \"50%\" }}"
            )),
            &unknown,
        );
    }
}

/// A value of the wrong type is said to be that, and not missing as well.
#[test]
fn what_is_wrong_is_not_missing() {
    for wrong in ["payer = 5", "payers = 5"] {
        let rules = step("ratio = \"50%\"").replace("payer = \"p\"", wrong);
        let codes = load(&[&rules]).err().unwrap_or_default();
        assert!(
            codes.contains(&Code::WrongType) && !codes.contains(&Code::MissingKey),
            "{codes:?}"
        );
    }
    let rules = step("ratio = \"50%\"");
    let text = format!("{HEAD}{rules}").replace("\"undated\"", "\"yesterday\"");
    let problems = RuleBook::from_texts([("t.toml", text.as_str())]).expect_err("no day");
    assert_eq!(problems.errors().count(), 1, "{problems}");
}

/// The policy's source stands for what an assumed layer adds, not for what a text says.
#[test]
fn the_source_of_the_policy_is_for_assumptions() {
    let added = "\n[[step]]\nid = \"b\"\nname = \"b\"\npayer = \"p\"\nratio = \"10%\"\n";
    let layer =
        |source: &str| format!("[policy]\nextends = \"t/1\"\nlayer = \"assumed\"\n{source}{added}");
    let stated = step("ratio = \"50%\"");
    let missing = [Code::MissingKey];
    let own = OTHER.replace("R", "A");
    let sourced = layer("source = \"A\"\n") + &own;
    book(&[&stated, &sourced]);
    assert_eq!(
        load(&[&stated, &layer("")]).err().as_deref(),
        Some(&missing[..])
    );
    let text =
        format!("{HEAD}{stated}{added}").replace("to = \"open\"", "to = \"open\"\nsource = \"S\"");
    let problems = RuleBook::from_texts([("t.toml", text.as_str())]).expect_err("no source");
    assert_eq!(
        problems
            .errors()
            .map(|problem| problem.code())
            .collect::<Vec<_>>(),
        missing
    );
}

/// A later version, which changes these keys of the step.
fn later(stated: &str, keys: &str) -> String {
    let texts = [
        format!("{HEAD}{stated}").replace("to = \"open\"", "to = 2020-02-29"),
        format!(
            "[policy]\nextends = \"t/1\"\nversion = \"2\"\nfrom = 2020-03-01\nto = \"open\"\n\n[[step]]\nid = \"a\"\n{keys}\n"
        ),
    ];
    let loaded = RuleBook::from_texts(texts.iter().map(|text| ("t.toml", text.as_str())));
    let book = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    let settlement = settled_by(book.named("t/2").expect("the later version"), LINE);
    settlement.paid("p").expect("the payer").to_string()
}

/// A figure with its own citation is cited by that of the version that gives it, without a clause of the former one.
#[test]
fn a_figure_is_cited_by_the_version_that_gives_it() {
    let texts = [
        format!(
            "{HEAD}{}",
            step("ratio = \"50%\"\ndeductible = { value = 100, source = \"S\", clause = \"9\" }")
        )
        .replace("to = \"open\"", "to = 2020-02-29"),
        format!(
            "[policy]\nextends = \"t/1\"\nversion = \"2\"\nfrom = 2020-03-01\nto = \"open\"\n{OTHER}\n[[step]]\nid = \"a\"\ndeductible = {{ value = 200, source = \"R\" }}\n"
        ),
    ];
    let loaded = RuleBook::from_texts(texts.iter().map(|text| ("t.toml", text.as_str())));
    let book = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    let settlement = settled_by(book.named("t/2").expect("the later version"), LINE);
    assert_eq!(
        used(&settlement),
        [
            "a: S 1 Stated",
            "a.deductible: R - Stated",
            "a.ratio: S 1 Stated"
        ]
    );
}

/// A condition is replaced as a whole; a table keeps the entries that the later version does not give.
#[test]
fn a_later_version_replaces_conditions_and_merges_tables() {
    assert_eq!(
        later(
            &step("when = { care = \"outpatient\" }\nratio = \"50%\""),
            "when = { scheme = \"resident\" }"
        ),
        "500.00"
    );
    let nested = step(
        "ratio.tier = { city = \"10%\", other = { care = { inpatient = \"40%\", other = \"30%\" } } }",
    );
    assert_eq!(later(&nested, "ratio.tier = { city = \"20%\" }"), "400.00");
    assert_eq!(
        later(
            &nested,
            "ratio.tier = { other = { care = { outpatient = \"20%\" } } }"
        ),
        "400.00"
    );
    assert_eq!(
        later(
            &nested,
            "ratio.tier = { other = { care = { inpatient = \"20%\" } } }"
        ),
        "200.00"
    );
    let valued = step(
        "ratio = \"100%\"\ndeductible = { per = \"year\", value.tier = { county = 100, other = 200 } }",
    );
    assert_eq!(
        later(&valued, "deductible = { value.tier = { city = 150 } }"),
        "900.00"
    );
    assert_eq!(
        later(
            &valued,
            "deductible = { value.care = { inpatient = 300, other = 0 } }"
        ),
        "700.00"
    );
}

/// What other payers have paid counts in a limit together with them, in whatever order payers and steps stand.
#[test]
fn a_limit_together_with_another_payer() {
    let payer = "\n[[payer]]\nid = \"q\"\nname = \"另一付款方\"\nkind = \"insurance\"\n";
    let first = step("ratio = \"30%\"")
        .replace("\"a\"", "\"first\"")
        .replace("payer = \"p\"", "payer = \"q\"");
    let limit = |on: &str| {
        format!(
            "\n[[step.limit]]\nid = \"l\"\namount = 400\nper = \"bill\"\non = \"{on}\"\ntogether_with = [\"q\"]\n"
        )
    };
    let rules = payer.to_owned() + &first + &step("ratio = \"100%\"") + &limit("payment");
    assert_eq!(
        settled(&book(&[&rules]), LINE)
            .paid("p")
            .map(|paid| paid.to_string())
            .as_deref(),
        Some("100.00")
    );
    let rules = payer.to_owned() + &first + &step("ratio = \"100%\"") + &limit("cost");
    refused(&rules, &[Code::Conflict]);
}

/// Adjustments under conditions that may hold together are checked together.
#[test]
fn what_adjustments_come_to_together() {
    let lower =
        |condition: &str, by: u32| adjust("deductible", &format!("{condition}subtract = {by}"));
    let rules =
        step("ratio = \"50%\"\ndeductible = 100") + &lower("when = { age = { under = 14 } }\n", 80);
    book(&[&rules]);
    refused(&(rules + &lower("", 50)), &[Code::AmountBelow0]);
    let raised = "when = { age = { under = 14 } }\nadd = 80";
    let rules = step("ratio = \"50%\"\ndeductible = 100") + &adjust("deductible", raised);
    book(&[&(rules.clone() + &lower("", 100))]);
    refused(&(rules + &lower("", 150)), &[Code::AmountBelow0]);
}

/// A figure that is refused comes with the bills for which it is too much, in the words of a condition.
#[test]
fn what_is_refused_comes_with_its_bills() {
    for (table, bills) in [
        (
            "referred = { yes = \"95%\", no = \"50%\" }",
            "{ referred = true }",
        ),
        (
            "referred = { yes = \"50%\", no = \"95%\" }",
            "{ referred = false }",
        ),
        (
            "admission = { \"1\" = \"50%\", \"2\" = \"95%\", other = \"40%\" }",
            "{ admission = 2 }",
        ),
        (
            "tier = { county = \"50%\", city = \"95%\", other = \"40%\" }",
            "{ tier = \"city\" }",
        ),
    ] {
        let rules = step(&format!("ratio.{table}")) + &adjust("ratio", "add = \"10%\"");
        let text = format!("{HEAD}{rules}");
        let problems = RuleBook::from_texts([("t.toml", text.as_str())]).expect_err("over 100%");
        assert!(problems.to_string().contains(bills), "{problems}");
    }
    // A named table's own adjustments are not taken for those of the step.
    let figure = "figure = \"n\"\n";
    let of_table = |change: &str| {
        adjust("n", change)
            .replace("step.adjust", "table.adjust")
            .replace(figure, "")
    };
    for (kind, used, value, changes) in [
        (
            "ratio",
            "ratio",
            "\"80%\"",
            [
                "subtract = \"1%\"",
                "add = \"12%\"",
                "add = \"10%\"",
                "subtract = \"0.5%\"",
            ],
        ),
        (
            "amount",
            "deductible",
            "100",
            ["add = 1", "subtract = 60", "subtract = 50", "add = 0.5"],
        ),
    ] {
        let [first, referred, old, insured] = changes;
        let rules = format!(
            "\n[[table]]\nid = \"n\"\nname = \"n\"\nkind = \"{kind}\"\nvalue = {value}\nsource = \"S\"\n"
        ) + &of_table(first)
            + &of_table(&format!("when = {{ referred = true }}\n{referred}"))
            + &step(&format!(
                "{}{used} = {{ table = \"n\" }}",
                if used == "ratio" {
                    ""
                } else {
                    "ratio = \"50%\"\n"
                }
            ))
            + &adjust(used, &format!("when = {{ age = {{ from = 60 }} }}\n{old}"))
            + &adjust(
                used,
                &format!("when = {{ insured_years = {{ from = 5 }} }}\n{insured}"),
            );
        let text = format!("{HEAD}{rules}");
        let problems =
            RuleBook::from_texts([("t.toml", text.as_str())]).expect_err("out of bounds");
        assert!(
            problems
                .to_string()
                .contains("{ referred = true, age = 60 }"),
            "{problems}"
        );
    }
}

/// The edges of bands by the whole amount, as the record shows them.
#[test]
fn a_band_from_nothing_begins_at_nothing() {
    let rules = step(
        "bands = { scale = \"above-deductible\", per = \"bill\", apply = \"whole\", band = [{ from = 0, under = 1000, ratio = \"10%\" }, { from = 1000, ratio = \"20%\" }] }",
    );
    for (amount, over, paid) in [("999.99", "0.00", "100.00"), ("1000", "999.99", "200.00")] {
        let line = LINE.replace("1000", amount);
        let settlement = settled(&book(&[&rules]), &line);
        let step = settlement.step("a").expect("the step applies");
        let bands: Vec<String> = step
            .bands()
            .iter()
            .map(|band| band.over.to_string())
            .collect();
        assert_eq!(bands, [over]);
        assert_eq!(step.amount().to_string(), paid);
    }
}
