//! Files that are wrong in form, each as an edit of a good one.

/// A schema's name, a good text, and edits of it (from, to), each of which is wrong.
pub(crate) type Wrong = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const RULE: &str = r#"[policy]
id = "county"
version = "2020"
region = "430304"
also_regions = ["430302"]
name = "某县"
name_en = "A county"
from = 2020-01-01
to = 2020-12-31

[[source]]
id = "S1"
title = "县政府文件"
date = "undated"

[[payer]]
id = "basic"
name = "基本医保"
kind = "insurance"

[[payer]]
id = "aid"
name = "医疗救助"
kind = "aid"
code = "610100"

[[term]]
id = "veteran"
of = "category"
name = "精简老职工"
poverty = true

[[group]]
id = "poor"
name = "贫困人口"
categories = ["registered-poor", "veteran"]

[[disease]]
id = "gallstone"
name = "胆结石"
icd10 = ["K80.1", "K81-K82"]

[[disease_list]]
id = "major"
name = "大病"
diseases = ["gallstone"]

[[table]]
id = "prices"
name = "价格"
kind = "amount"
source = "S1"
value.disease = { gallstone = 6000, other = "unstated" }

[[limit]]
id = "all"
name = "总封顶"
amount = 90000
per = "year"
on = "cost"
source = "S1"

[[scope]]
id = "drugs"
name = "基本药物"
covers = { marks = ["essential-drug"] }
move = ["first-self-payment"]
to = "in-scope"
source = "S1"

[[step]]
id = "basic"
name = "基本医保住院"
payer = "basic"
source = "S1"
clause = "第三条"
certainty = "about"
when = { care = "inpatient", age = { under = 90 }, designated = true }
deductible = { value = 400, per = "year" }
shared_limits = ["all"]
round = { unit = "fen", mode = "down" }

[step.bands]
per = "bill"
scale = "absolute"
apply = "marginal"
band = [
  { over = 0, to = 30000, ratio = "60%" },
  { over = 30000, ratio = "70%" },
]

[[step.adjust]]
id = "years"
figure = "ratio"
add = "1%"
per = "insured-year"
add_at_most = "10%"

[[step]]
id = "aid"
name = "医疗救助"
payers = { aid = "60%", basic = "40%" }
source = "S1"
when = { category = "poor", disease = "major", date = { from = 2020-02-01 } }
covers = { parts = ["in-scope"], except_fees = ["bed"] }
base = { of = "billed", less = ["basic"], fixed = { table = "prices" } }
ratio.referred = { yes = "70%", no = "50%" }
shared_limits = ["all"]

[[step.limit]]
id = "bill"
amount = 5000
per = "bill"
on = "payment"
together_with = "all"

[[step]]
id = "floor"
name = "兜底"
payer = "aid"
source = "S1"
guarantee = { ratio = "90%", of = "total", counting = ["basic"] }

[[benefit]]
id = "no-deposit"
name = "免押金"
source = "S1"

[[left_out]]
id = "visits"
text = "家庭医生上门"
reason = "不影响账单"
source = "S1"
"#;

const RULE_EDITS: &[(&str, &str)] = &[
    // Keys that nobody knows, or of another place.
    ("[policy]", "[polity]"),
    ("[[source]]", "[[sources]]"),
    ("[[benefit]]", "[[benefits]]"),
    ("version = ", "versoin = "),
    ("title = ", "tittle = "),
    ("code = ", "fund_code = "),
    ("poverty = ", "poor = "),
    ("categories = ", "category = "),
    ("icd10 = ", "icd = "),
    ("value.disease = ", "values.disease = "),
    ("reason = ", "because = "),
    ("move = ", "from = "),
    ("clause = ", "article = "),
    ("deductible = {", "deductable = {"),
    ("care = \"inpatient\"", "kind_of_care = \"inpatient\""),
    ("under = 90", "below = 90"),
    ("unit = \"fen\"", "to = \"fen\""),
    ("scale = ", "scala = "),
    ("over = 0", "above = 0"),
    ("add_at_most = ", "at_most_add = "),
    ("parts = ", "part = "),
    ("except_fees = ", "without_fees = "),
    ("less = ", "minus = "),
    ("counting = ", "counts = "),
    ("together_with = ", "with = "),
    ("yes = \"70%\"", "ja = \"70%\""),
    ("ratio.referred", "ratio.refer"),
    // Values of another type.
    ("version = \"2020\"", "version = 2020"),
    ("from = 2020-01-01", "from = 2020"),
    ("name_en = \"A county\"", "name_en = true"),
    ("poverty = true", "poverty = \"yes\""),
    ("designated = true", "designated = \"true\""),
    ("{ under = 90 }", "\"under 90\""),
    ("amount = 90000", "amount = \"90000\""),
    ("amount = 5000", "amount = true"),
    ("value = 400", "value = \"400\""),
    ("over = 0", "over = \"0\""),
    ("ratio = \"60%\"", "ratio = 60"),
    ("ratio = \"70%\" }", "ratio = 0.7 }"),
    ("add = \"1%\"", "add = 1"),
    (
        "covers = { parts = [\"in-scope\"], except_fees = [\"bed\"] }",
        "covers = \"all\"",
    ),
    ("[[left_out]]", "[left_out]"),
    (
        "categories = [\"registered-poor\", \"veteran\"]",
        "categories = 3",
    ),
    ("date = { from = 2020-02-01 }", "date = 2020-02-01"),
    (
        "guarantee = { ratio = \"90%\", of = \"total\", counting = [\"basic\"] }",
        "guarantee = \"90%\"",
    ),
    // Words that are not of the few.
    ("date = \"undated\"", "date = \"unknown\""),
    ("kind = \"insurance\"", "kind = \"insurence\""),
    ("of = \"category\"", "of = \"person\""),
    ("kind = \"amount\"", "kind = \"money\""),
    (
        "per = \"year\"\non = \"cost\"",
        "per = \"month\"\non = \"cost\"",
    ),
    ("on = \"cost\"", "on = \"money\""),
    ("to = \"in-scope\"", "to = \"in scope\""),
    ("certainty = \"about\"", "certainty = \"maybe\""),
    ("unit = \"fen\"", "unit = \"cent\""),
    ("mode = \"down\"", "mode = \"floor\""),
    ("scale = \"absolute\"", "scale = \"relative\""),
    ("apply = \"marginal\"", "apply = \"each\""),
    ("per = \"insured-year\"", "per = \"year-insured\""),
    ("of = \"billed\"", "of = \"total\""),
    ("of = \"total\"", "of = \"all\""),
    ("on = \"payment\"", "on = \"deductible\""),
    (
        "value = 400, per = \"year\"",
        "value = 400, per = \"disease-year\"",
    ),
    ("parts = [\"in-scope\"]", "parts = [\"scope\"]"),
    // Values that are not written as they must be.
    ("id = \"county\"", "id = \"某县\""),
    ("region = \"430304\"", "region = \"4303\""),
    (
        "also_regions = [\"430302\"]",
        "also_regions = [\"unstated\"]",
    ),
    ("to = 2020-12-31", "to = \"never\""),
    ("from = 2020-01-01", "from = 1820-01-01"),
    (
        "id = \"aid\"\nname = \"医疗救助\"\nkind",
        "id = \"patient\"\nname = \"医疗救助\"\nkind",
    ),
    ("\"K80.1\"", "\"胆结石\""),
    ("K81-K82", "K81~K82"),
    ("ratio = \"60%\"", "ratio = \"60\""),
    ("ratio = \"60%\"", "ratio = \"160%\""),
    ("ratio = \"60%\"", "ratio = \"60.12345%\""),
    ("amount = 90000", "amount = -1"),
    ("amount = 90000", "amount = 20000000000"),
    ("aid = \"60%\"", "aid = \"六成\""),
    (
        "when = { care = \"inpatient\", age = { under = 90 }, designated = true }",
        "when = {}",
    ),
    ("date = { from = 2020-02-01 }", "date = {}"),
    ("{ under = 90 }", "{}"),
    ("move = [\"first-self-payment\"]", "move = []"),
    // Keys that are missing.
    ("version = \"2020\"\n", ""),
    ("to = 2020-12-31\n", ""),
    ("id = \"S1\"\n", ""),
    ("title = \"县政府文件\"\n", ""),
    ("kind = \"aid\"\n", ""),
    ("of = \"category\"\n", ""),
    ("categories = [\"registered-poor\", \"veteran\"]\n", ""),
    ("icd10 = [\"K80.1\", \"K81-K82\"]\n", ""),
    ("diseases = [\"gallstone\"]\n", ""),
    ("kind = \"amount\"\n", ""),
    ("amount = 90000\n", ""),
    ("on = \"cost\"\n", ""),
    ("per = \"bill\"\non", "on"),
    ("to = \"in-scope\"\n", ""),
    ("payer = \"basic\"\n", ""),
    ("figure = \"ratio\"\n", ""),
    ("ratio.referred = { yes = \"70%\", no = \"50%\" }\n", ""),
    (", of = \"total\"", ""),
    ("over = 30000, ", ""),
    ("reason = \"不影响账单\"\n", ""),
    // Keys that exclude one another, or another's value.
    (
        "together_with = \"all\"",
        "together_with = \"all\"\nremove = true",
    ),
    ("add = \"1%\"", "waive = true\nat_least = \"5%\""),
    ("on = \"payment\"", "on = \"bills\""),
    ("guarantee = {", "base = { fixed = 100 }\nguarantee = {"),
    ("version = \"2020\"", "version = \"2020\"\nextends = []"),
    ("version = \"2020\"", "version = \"2020/1\""),
    (
        "payer = \"basic\"\n",
        "payer = \"basic\"\npayers = { aid = \"100%\" }\n",
    ),
    (
        "ratio.referred",
        "bands = { per = \"bill\", band = [{ over = 0, ratio = \"5%\" }] }\nratio.referred",
    ),
    ("over = 0, ", "over = 0, from = 0, "),
    ("to = 30000,", "to = 30000, under = 30000,"),
    ("add = \"1%\"", "add = \"1%\"\nset = \"70%\""),
    (
        "add_at_most = \"10%\"",
        "add_at_most = \"10%\"\nround = { unit = \"fen\" }",
    ),
    ("per = \"insured-year\"\n", ""),
    (
        "counting = [\"basic\"]",
        "counting = [\"basic\"], not_counting = [\"aid\"]",
    ),
    ("guarantee = {", "deductible = 100\nguarantee = {"),
    ("value = 400,", "value = 400, tier = { other = 300 },"),
    ("value = 400,", "share = \"10%\","),
    ("of = \"category\"", "of = \"fee\""),
    (
        "from = 2020-01-01",
        "layer = \"assumed\"\nfrom = 2020-01-01",
    ),
];

const CASES: &str = r#"[[case]]
name = "某例"
policy = "county"
layer = "stated"
source = "第三条"

[case.patient]
scheme = "resident"
age = 52
categories = [{ id = "registered-poor", from = 2019-01-01 }]
year_to_date = { policy = "county", year = 2020, counters = { "paid/basic" = 30.5 } }

[[case.bill]]
date = 2020-06-01
care = "inpatient"
facility = { tier = "county", designated = true }
diagnoses = ["K80.1"]
lines = [
  { fee = "surgery", class = "B", amount = 454.92, first_share = "10%" },
  { fee = "other", parts = { own_expense = 10, over_limit = 0, first_self_payment = 5, in_scope = 85 } },
]

[case.bill.expect]
patient = 54.50
payers = { basic = 400 }
limited = { basic = "none" }
assumptions = false
reimbursed = "90%"
"#;

const CASES_EDITS: &[(&str, &str)] = &[
    ("assumptions = false", "names = [\"basic\"]"),
    ("assumptions = false", "refused = \"missing\""),
    (", counters = { \"paid/basic\" = 30.5 }", ""),
    ("[[case]]", "[[cases]]"),
    ("policy = \"county\"\nlayer", "layer"),
    ("layer = \"stated\"", "layer = \"assume\""),
    ("source = ", "sources = "),
    ("scheme = \"resident\"\n", ""),
    ("age = 52", "age = \"52\""),
    ("age = 52", "age = -1"),
    ("categories = ", "category = "),
    (
        "{ id = \"registered-poor\"",
        "{ category = \"registered-poor\"",
    ),
    ("year = 2020, ", ""),
    ("30.5 }", "\"much\" }"),
    ("date = 2020-06-01", "date = \"June\""),
    ("care = \"inpatient\"\n", ""),
    ("designated = true", "designated = 1"),
    ("tier = \"county\"", "level = \"county\""),
    ("diagnoses = [\"K80.1\"]", "diagnoses = [\"gallstone\"]"),
    ("fee = \"surgery\", ", ""),
    ("amount = 454.92, ", ""),
    (", first_share = \"10%\"", ""),
    ("class = \"B\"", "class = \"A\""),
    ("first_share = \"10%\"", "first_share = \"110%\""),
    ("over_limit = 0, ", ""),
    ("parts = {", "price_limit = 5, parts = {"),
    ("patient = 54.50", "patient = \"54.5x\""),
    ("patient = 54.50", "patient = -54.50"),
    ("payers = { basic = 400 }", "payers = { basic = true }"),
    ("limited = { basic = \"none\" }", "limited = { basic = 1 }"),
    ("reimbursed = \"90%\"", "reimbursed = 90"),
    ("assumptions = false", "assumption = false"),
    ("assumptions = false", "refused = \"unknown\""),
    (
        "patient = 54.50\npayers = { basic = 400 }\nlimited = { basic = \"none\" }\nassumptions = false\nreimbursed = \"90%\"\n",
        "",
    ),
];

const BILL: &str = r#"date = 2020-06-01
care = "inpatient"
facility = {}
referred = true
lines = [{ fee = "bed", class = "A", amount = 454.92 }]
"#;

const BILL_EDITS: &[(&str, &str)] = &[
    ("date = 2020-06-01\n", ""),
    ("care = \"inpatient\"", "care = 21"),
    ("facility = {}\n", ""),
    ("facility = {}", "facility = \"county\""),
    ("referred = true", "refered = true"),
    ("amount = 454.92", "amount = true"),
    ("class = \"A\", ", ""),
    ("class = \"A\"", "class = \"C\", price_limit = 5"),
];

const PATIENT: &str = r#"scheme = "resident"
birth_date = 1950-01-01
certificates = ["diabetes"]
insured_years = 10
"#;

const PATIENT_EDITS: &[(&str, &str)] = &[
    ("scheme = \"resident\"\n", ""),
    ("birth_date = 1950-01-01", "birth_date = 1950"),
    (
        "certificates = [\"diabetes\"]",
        "certificates = \"diabetes\"",
    ),
    ("insured_years = 10", "insured_years = 1.5"),
    ("insured_years", "insured"),
];

/// Wrong TOML files.
pub(crate) fn files() -> [Wrong; 4] {
    [
        ("rule", RULE, RULE_EDITS),
        ("cases", CASES, CASES_EDITS),
        ("bill", BILL, BILL_EDITS),
        ("patient", PATIENT, PATIENT_EDITS),
    ]
}

const BILL_JSON: &str = r#"{
"date": "2020-06-01", "care": "inpatient", "facility": { "tier": null, "marks": [] }, "referred": null,
"diagnoses": ["K80.1"],
"lines": [{ "fee": "bed", "class": "B", "amount": "454.92", "first_share": ["10%"] }, { "fee": "other", "class": "丙类", "amount": 80 }]
}"#;

const BILL_JSON_EDITS: &[(&str, &str)] = &[
    ("\"2020-06-01\"", "\"2020-6-1\""),
    ("\"inpatient\"", "null"),
    ("\"tier\": null", "\"level\": null"),
    ("\"referred\": null", "\"referred\": 1"),
    ("\"K80.1\"", "\"\""),
    ("\"454.92\"", "\"454.921\""),
    ("\"454.92\"", "\"1,454.92\""),
    ("\"amount\": 80", "\"amount\": null"),
    ("\"10%\"", "\"0.1\""),
    ("\"fee\": \"bed\", ", ""),
];

const PATIENT_JSON: &str = r#"{
"scheme": "resident", "age": 52, "categories": [{ "id": "registered-poor", "from": "2019-01-01", "to": null }],
"year_to_date": { "policy": "county", "year": 2020, "bills": 1, "counters": { "paid/basic": "30.50" } }
}"#;

const PATIENT_JSON_EDITS: &[(&str, &str)] = &[
    ("\"scheme\": \"resident\", ", ""),
    ("\"age\": 52", "\"age\": \"52\""),
    ("\"age\": 52", "\"years\": 52"),
    ("\"id\": \"registered-poor\", ", ""),
    ("\"2019-01-01\"", "\"01.01.2019\""),
    ("\"year\": 2020", "\"year\": \"2020\""),
    ("\"policy\": \"county\", ", ""),
    ("\"30.50\"", "[]"),
];

/// Wrong JSON texts.
pub(crate) fn json() -> [Wrong; 2] {
    [
        ("bill", BILL_JSON, BILL_JSON_EDITS),
        ("patient", PATIENT_JSON, PATIENT_JSON_EDITS),
    ]
}
