use crate::{Bill, Patient, RuleBook, settle};

/// Worked by hand.
const EXPECTED: &str = include_str!("expected.txt");

const STATED: &str = r#"
[policy]
id = "shili"
version = "2020"
region = "unstated"
name = "示例县“351”健康扶贫"
name_en = "An example county, '351'"
from = 2020-01-01
to = "open"
source = "S1"

[[source]]
id = "S1"
title = "示例县健康扶贫办法（试行）"
publisher = "示例县人民政府"
date = 2020-01-01

[[payer]]
id = "basic"
name = "城乡居民基本医疗保险"
name_en = "Resident basic insurance"
kind = "insurance"

[[payer]]
id = "major"
name = "大病保险"
name_en = "Major illness insurance"
kind = "insurance"

[[payer]]
id = "hospital"
name = "医院"
name_en = "The hospital"
kind = "hospital"

[[payer]]
id = "cap"
name = "财政“351”兜底"
name_en = "Budget, '351'"
kind = "budget"

[[limit]]
id = "basic-year"
name = "基本医保年度封顶线"
name_en = "yearly cap of basic insurance"
amount = 8000
per = "year"
on = "payment"
source = "S1"
clause = "第三条"

[[step]]
id = "basic"
name = "基本医保住院"
name_en = "Basic insurance, inpatient"
payer = "basic"
source = "S1"
clause = "第二条"
when = { care = ["inpatient", "day-surgery"] }
deductible = { care = { inpatient = 400, other = 0 } }
ratio = { care = { inpatient = "85.5%", other = "99%" } }
shared_limits = ["basic-year"]

[[step]]
id = "major"
name = "大病保险"
name_en = "Major illness insurance"
payers = { major = "50%", hospital = "50%" }
source = "S1"
clause = "第四条"
certainty = "about"
when = { care = "inpatient" }
deductible = "unstated"

[step.bands]
per = "bill"
scale = "above-deductible"
band = [
  { over = 0, to = 1000, ratio = "50%" },
  { over = 1000, ratio = "60%" },
]

[[step]]
id = "waiver"
name = "免挂号费"
name_en = "Registration waived"
payer = "hospital"
when = { care = "inpatient" }
covers = { fees = ["registration"] }
source = "S1"
clause = "第五条"
ratio = "100%"

[[step]]
id = "floor"
name = "财政兜底到总费用的百分之九十五，先补政策范围内，再补范围外"
name_en = "The budget lifts the reimbursement to 95 % of the total"
payer = "cap"
when = { care = ["inpatient", "day-surgery"] }
covers = { parts = ["in-scope"] }
source = "S1"
clause = "第六条"
guarantee = { ratio = "95%", of = "total" }

[[benefit]]
id = "treat-first"
name = "先诊疗后付费"
name_en = "Treat first, pay later"
source = "S1"
"#;

const ASSUMED: &str = r#"
[policy]
extends = "shili/2020"
layer = "assumed"

[[source]]
id = "nearby"
title = "邻县办法"
date = "undated"

[[step]]
id = "major"
deductible = { value = 500, source = "nearby", clause = "大病起付线" }

[step.bands]
per = "bill"
scale = "above-deductible"
source = "nearby"
band = [
  { over = 0, to = 1000, ratio = "50%" },
  { over = 1000, ratio = "60%" },
]
"#;

fn statement(care: &str, lines: &str) -> String {
    let files = [("stated.toml", STATED), ("assumed.toml", ASSUMED)];
    let book = RuleBook::from_texts(files).unwrap();
    let bill = format!("date = 2020-06-01\ncare = \"{care}\"\nfacility = {{}}\n{lines}");
    let bill = Bill::from_toml("bill.toml", &bill).unwrap();
    let policy = book.named("shili/2020/assumed").unwrap();
    let settlement = settle(policy, &bill, &Patient::new("resident")).unwrap();
    settlement.statement().to_string()
}

#[test]
fn the_whole_statement() {
    let lines = r#"lines = [
        { fee = "surgery", amount = 11000.05, class = "A" },
        { fee = "material", amount = 1000, class = "B", first_share = "10%", price_limit = 900 },
        { fee = "other", amount = 60, class = "C" },
    ]"#;
    let found = statement("inpatient", lines);
    assert_eq!(found, EXPECTED, "{found}");
}

#[test]
fn says_when_nothing_more_was_unpaid() {
    let lines = r#"lines = [
        { fee = "surgery", amount = 1000, class = "A" },
        { fee = "other", amount = 1000, class = "C" },
    ]"#;
    let found = statement("inpatient", lines);
    for line in [
        "      分段    bands       未进入任何一段 no band reached                  0.00",
        "      已报销  reimbursed                                               -513.00",
        "      封顶    limited by  未付部分已付完 nothing more was unpaid",
    ] {
        assert!(found.lines().any(|found| found == line), "{line}\n{found}");
    }
}

#[test]
fn says_when_a_guarantee_is_met_and_when_no_step_applies() {
    let lines = r#"lines = [{ fee = "surgery", amount = 100, class = "A" }]"#;
    let line = "      已报销  reimbursed  已达到保证 the guarantee is met               -99.00";
    let found = statement("day-surgery", lines);
    assert!(found.lines().any(|found| found == line), "{found}");
    let found = statement("pharmacy", lines);
    assert!(
        found.contains("没有适用的步骤  no step applied\n"),
        "{found}"
    );
}
