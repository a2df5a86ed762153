//! Explanations as they are read: by a cashier, an auditor and a patient.
//!
//! `explain/cases.toml` holds the bills; what is said of each, in both languages, stands beside it.
//! `BLESS=1 cargo test --test explain` writes it anew; read it before you commit it.

use payer_split::explain::{Asked, Comparison, Explanation, Refused, compare, explain};
use payer_split::{
    Bill, Care, Case, Category, Date, Facility, Fee, Held, Language, Layer, Line, Money, Parts,
    Patient, Place, RuleBook, Scheme, settle,
};

#[expect(dead_code, reason = "`main` prints what `answers` returns")]
#[path = "../examples/explain.rs"]
mod example;

const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explain");

const LANGUAGES: [(Language, &str); 2] = [(Language::Chinese, "zh"), (Language::English, "en")];

fn case(name: &str) -> Case {
    let text = std::fs::read_to_string(format!("{DIRECTORY}/cases.toml")).unwrap();
    let cases = Case::read("cases.toml", &text).unwrap();
    cases.into_iter().find(|case| case.name == name).unwrap()
}

/// The last bill of a case, after the ones before it.
fn explained(name: &str, layer: Layer) -> Result<Explanation, Box<Refused>> {
    let book = RuleBook::embedded();
    let Case {
        policy,
        mut patient,
        bills,
        ..
    } = case(name);
    let (last, before) = bills.split_last().unwrap();
    for (bill, _) in before {
        let policy = book.find_id(&policy, bill.date, layer).unwrap();
        let settlement = settle(policy, bill, &patient).unwrap();
        patient.year_to_date = Some(settlement.year_to_date().clone());
    }
    let policy = book.find_id(&policy, last.0.date, layer).unwrap();
    explain(policy, &last.0, &patient)
}

fn assumed(name: &str) -> Explanation {
    explained(name, Layer::Assumed).unwrap()
}

/// Compares a text with the one that was read and found good.
fn golden(name: &str, text: impl Fn(Language) -> String) {
    for (language, suffix) in LANGUAGES {
        let (path, text) = (format!("{DIRECTORY}/{name}.{suffix}.txt"), text(language));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let reviewed = std::fs::read_to_string(&path)
            .unwrap()
            .replace("\r\n", "\n");
        let differs = text.lines().zip(reviewed.lines()).find(|(a, b)| a != b);
        assert_eq!(differs, None, "first line that differs from `{path}`");
        assert_eq!(text.len(), reviewed.len(), "`{path}`");
    }
}

#[test]
fn the_bills_come_to_what_they_are_meant_to() {
    let text = std::fs::read_to_string(format!("{DIRECTORY}/cases.toml")).unwrap();
    for case in Case::read("cases.toml", &text).unwrap() {
        let report = case.run(&RuleBook::embedded());
        assert!(report.passed(), "{}: {:?}", case.name, report.mismatches);
    }
}

#[test]
fn yuetang_is_reimbursed_to_the_floor() {
    let explanation = assumed("yuetang");
    assert_eq!(explanation.settlement().patient().to_string(), "454.92");
    golden("yuetang", |language| explanation.text(language));
}

#[test]
fn jurong_reaches_two_limits_of_the_year() {
    let explanation = assumed("jurong");
    golden("jurong", |language| explanation.text(language));
}

#[test]
fn anhui_351_and_180_both_act() {
    let explanation = assumed("anhui");
    for step in ["cap-351-outpatient", "supplement-180"] {
        let paid = explanation.settlement().step(step).unwrap().amount();
        assert!(paid.fen() > 0, "{step}");
    }
    golden("anhui", |language| explanation.text(language));
}

#[test]
fn qingzhen_tuberculosis_is_paid_by_public_health_and_the_scheme() {
    let explanation = assumed("qingzhen");
    golden("qingzhen", |language| explanation.text(language));
}

#[test]
fn wushan_waives_fees_and_reaches_a_ceiling() {
    let explanation = assumed("wushan");
    golden("wushan", |language| explanation.text(language));
}

#[test]
fn one_cell_and_one_line_say_how_their_fen_were_divided() {
    let explanation = assumed("yuetang");
    golden("cell", |language| {
        let cell = Asked::Cell {
            line: 1,
            payer: "government".into(),
        };
        let cell = explanation.why(&cell).unwrap();
        let patient = explanation.why(&Asked::PatientOfLine(0)).unwrap();
        let bed = Asked::Cell {
            line: 1,
            payer: "hospital".into(),
        };
        let bed = assumed("wushan").why(&bed).unwrap();
        [cell, patient, bed]
            .map(|why| why.text(language))
            .join("\n")
    });
}

#[test]
fn an_unstated_value_is_refused_and_said_who_would_have_to_state_it() {
    let refused = explained("yuetang", Layer::Stated).unwrap_err();
    // A table that misses the bill's tier.
    let table = explained("unstated-tier", Layer::Assumed).unwrap_err();
    golden("unstated", |language| {
        refused.text(language) + "\n" + &table.text(language)
    });
}

#[test]
fn a_missing_field_is_refused_and_said_who_would_have_to_fill_it_in() {
    let refused = explained("missing", Layer::Assumed).unwrap_err();
    // A table that cannot be looked up.
    let table = explained("missing-tier", Layer::Assumed).unwrap_err();
    golden("missing", |language| {
        refused.text(language) + "\n" + &table.text(language)
    });
}

#[test]
fn a_step_that_did_not_pay_names_the_fact_that_failed_it() {
    let explanation = assumed("why-not");
    golden("why-not", |language| {
        let idle = explanation.idle().map(|idle| idle.text(language));
        idle.collect::<String>()
    });
}

/// A county with one step, which is for referred stays and for two classes of the catalogue.
const COUNTY: &str = r#"
    [policy]
    id = "county"
    version = "2020"
    region = "unstated"
    name = "某县"
    name_en = "A county"
    from = 2020-01-01
    to = "open"
    source = "S"

    [[source]]
    id = "S"
    title = "通知"
    date = "undated"

    [[payer]]
    id = "basic"
    name = "基本医保"
    name_en = "Basic insurance"
    kind = "insurance"

    [[step]]
    id = "referred"
    name = "转诊住院"
    name_en = "Referred stays"
    payer = "basic"
    source = "S"
    clause = "2"
    when = { place = ["in-city", "in-province"], referred = true }
    covers = { classes = ["A", "B"] }
    ratio = "60%"
"#;

/// What a county with one more step says of it, for a referred stay of 100 yuan.
fn why_not_also(step: &str, patient: &Patient, name: &str) -> [String; 2] {
    let text = format!("{COUNTY}\n{step}");
    let book = RuleBook::from_texts([("county.toml", text.as_str())]).unwrap();
    let facility = Facility {
        place: Some(Place::IN_CITY),
        name: Some(name.into()),
        ..Facility::default()
    };
    let line = Line::class_a("bed", Money::from_yuan(100).unwrap()).unwrap();
    let mut bill =
        Bill::new(Date::new(2020, 6, 1).unwrap(), Care::INPATIENT, facility).with_line(line);
    bill.referred = Some(true);
    let policy = book.policies().next().unwrap();
    let explanation = explain(policy, &bill, patient).unwrap();
    let why_not = explanation.why_not("also").unwrap();
    LANGUAGES.map(|(language, _)| why_not.text(language).lines().next().unwrap().to_owned())
}

const ALSO: &str = r#"
    [[step]]
    id = "also"
    name = "救助"
    name_en = "Aid"
    payer = "basic"
    source = "S"
    covers = { parts = "all" }
    ratio = "100%"
"#;

#[test]
fn an_identity_that_ended_is_named_with_its_last_day() {
    let mut patient = Patient::new(Scheme::RESIDENT);
    let ended = Date::new(2019, 12, 31).unwrap();
    patient.categories = vec![Held::during(Category::REGISTERED_POOR, None, ended)];
    let step = format!("{ALSO} when = {{ category = \"registered-poor\" }}");
    let [zh, en] = why_not_also(&step, &patient, "");
    assert!(
        zh.contains("（patient.categories = registered-poor，2019-12-31 已到期）"),
        "{zh}"
    );
    assert!(
        en.contains("(patient.categories = registered-poor, ended 2019-12-31)"),
        "{en}"
    );
}

#[test]
fn the_name_of_a_hospital_stays_in_its_line() {
    let patient = Patient::new(Scheme::RESIDENT);
    let step = format!("{ALSO} when = {{ hospital = \"县医院\" }}");
    let [zh, _] = why_not_also(&step, &patient, "某院\n步骤“救助”付：1.00");
    assert!(
        zh.contains("bill.facility.name = 某院 步骤“救助”付：1.00"),
        "{zh}"
    );
}

#[test]
fn a_limit_counted_together_says_what_all_had_used_of_it() {
    let step = format!(
        "{ALSO} [[step.limit]]\nid = \"both\"\namount = 50\nper = \"bill\"\non = \"payment\"\ntogether_with = \"all\""
    );
    let [zh, en] = why_not_also(&step, &Patient::new(Scheme::RESIDENT), "");
    assert!(
        zh.contains("已经用完（限额 50.00，此前已用 60.00）"),
        "{zh}"
    );
    assert!(en.contains("was used up: 60.00 of 50.00"), "{en}");
}

#[test]
fn a_limit_on_the_number_of_bills_counts_them() {
    let text = include_str!("mechanisms/26c-once.toml");
    let book = RuleBook::from_texts([("once.toml", text)]).unwrap();
    let policy = book.policies().next().unwrap();
    let line = Line::class_a("bed", Money::from_yuan(100).unwrap()).unwrap();
    let day = Date::new(2020, 6, 1).unwrap();
    let bill = Bill::new(day, Care::INPATIENT, Facility::default()).with_line(line);
    let mut patient = Patient::new(Scheme::RESIDENT);
    let first = explain(policy, &bill, &patient).unwrap();
    let why = first.why(&Asked::Step("lump-sum".into())).unwrap();
    let text = why.text(Language::Chinese);
    assert!(text.contains("年度次数：还可付 1 次 = 1 − 0"), "{text}");
    patient.year_to_date = Some(first.settlement().year_to_date().clone());
    let second = explain(policy, &bill, &patient).unwrap();
    let why_not = second.why_not("lump-sum").unwrap();
    let text = why_not.text(Language::Chinese);
    assert!(
        text.contains("“年度次数”已经用完（只付 1 次，此前已付 1 次）"),
        "{text}"
    );
    assert!(text.contains("年度次数：还可付 0 次 = 1 − 1"), "{text}");
}

#[test]
fn a_condition_on_referral_names_what_the_bill_says_of_it() {
    let book = RuleBook::from_texts([("county.toml", COUNTY)]).unwrap();
    let facility = Facility {
        place: Some(Place::IN_CITY),
        ..Facility::default()
    };
    let line = Line::class_a("bed", Money::from_yuan(100).unwrap()).unwrap();
    let mut bill =
        Bill::new(Date::new(2020, 6, 1).unwrap(), Care::INPATIENT, facility).with_line(line);
    let policy = book.policies().next().unwrap();
    let patient = Patient::new(Scheme::RESIDENT);
    let said = |bill: &Bill, language| match explain(policy, bill, &patient) {
        Ok(explanation) => explanation.why_not("referred").unwrap().text(language),
        Err(refused) => refused.text(language),
    };
    bill.referred = Some(false);
    assert_eq!(
        said(&bill, Language::Chinese),
        "步骤“转诊住院”没有付：条件不符，要求已按规定转诊（bill.referred = false）〔S 2〕\n"
    );
    assert_eq!(
        said(&bill, Language::English),
        "the step \"Referred stays\" paid nothing: it is not for this bill: \
         asked: properly referred (bill.referred = false) [S 2]\n"
    );
    bill.referred = None;
    assert!(said(&bill, Language::English).contains("missing: bill.referred"));
    // A line without its class cannot be told apart, before any step is worked.
    let parts = Parts {
        in_scope: Money::from_fen(100),
        ..Parts::default()
    };
    bill.lines.push(Line::with_parts(Fee::BED, parts).unwrap());
    assert!(said(&bill, Language::English).contains("missing: bill.lines.class"));
}

#[test]
fn a_bound_of_an_adjustment_says_whether_it_decided() {
    for (most, zh, en) in [
        (
            "90%",
            "90%，按 60% + 35 个百分点，但不高于 90%",
            "90%, from 60% + 35 percentage points, but at most 90%",
        ),
        (
            "99%",
            "95% = 60% + 35 个百分点，不高于 99% 没有起作用",
            "95% = 60% + 35 percentage points, at most 99% did not bind",
        ),
    ] {
        let text = format!(
            "{COUNTY}\n[[step.adjust]]\nid = \"more\"\nfigure = \"ratio\"\nadd = \"35%\"\nat_most = \"{most}\""
        );
        let book = RuleBook::from_texts([("county.toml", text.as_str())]).unwrap();
        let policy = book.policies().next().unwrap();
        let facility = Facility {
            place: Some(Place::IN_CITY),
            ..Facility::default()
        };
        let line = Line::class_a("bed", Money::from_yuan(100).unwrap()).unwrap();
        let day = Date::new(2020, 6, 1).unwrap();
        let mut bill = Bill::new(day, Care::INPATIENT, facility).with_line(line);
        bill.referred = Some(true);
        let explanation = explain(policy, &bill, &Patient::new(Scheme::RESIDENT)).unwrap();
        let why = explanation.why(&Asked::Step("referred".into())).unwrap();
        for (language, expected) in [(Language::Chinese, zh), (Language::English, en)] {
            let text = why.text(language);
            assert!(text.contains(expected), "{text}");
        }
    }
}

/// What is wrong is said in the language asked for, with whose it is to correct.
#[test]
fn a_bill_that_is_wrong_is_refused_in_both_languages() {
    let book = RuleBook::from_texts([("county.toml", COUNTY)]).unwrap();
    let policy = book.policies().next().unwrap();
    let line = Line::class_a("bed", Money::from_yuan(100).unwrap()).unwrap();
    let bill = |year: u16| {
        Bill::new(
            Date::new(year, 6, 1).unwrap(),
            Care::INPATIENT,
            Facility::default(),
        )
    };
    let patient = Patient::new(Scheme::RESIDENT);
    let stranger = patient.clone().with_category("贫困户甲");
    for (bill, patient, zh, who) in [
        (
            bill(2020),
            &patient,
            "`bill.lines` 有误：至少要有一条费用行",
            "由谁更正：提交账单的人",
        ),
        (
            bill(2019).with_line(line.clone()),
            &patient,
            "政策 `county/2020` 自 2020-01-01 施行，账单日期为 2019-06-01",
            "由谁更正：选用政策的程序，改用账单日期施行的版本",
        ),
        (
            bill(2020).with_line(line.clone()),
            &stranger,
            "`patient.categories` 中的 `贫困户甲` 既不是标准用词，也不是政策 `county/2020` 的用词",
            "由谁更正：提交账单的人",
        ),
    ] {
        let refused = explain(policy, &bill, patient).unwrap_err();
        let text = refused.text(Language::Chinese);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(
            lines[0].starts_with(&format!("这张账单不能结算：{zh}")),
            "{text}"
        );
        assert_eq!(lines[1].trim_start(), who, "{text}");
        let text = refused.text(Language::English);
        let expected = format!("this bill cannot be settled: {}\n", refused.error);
        assert!(text.starts_with(&expected), "{text}");
    }
}

/// The causes of every difference sum to it.
fn adds_up(comparison: &Comparison) {
    let everybody = [&comparison.total, &comparison.patient];
    for one in everybody.into_iter().chain(&comparison.payers) {
        let causes = one.causes.iter().map(|cause| cause.amount.fen());
        assert_eq!(causes.sum::<i64>(), one.amount().fen(), "{one:#?}");
    }
}

/// What the same bill would have come to for somebody who is not registered as poor, and in a city's hospital.
#[test]
fn what_if_the_patient_or_the_hospital_were_another() {
    let one = assumed("yuetang");
    let patient = compare(&one, &assumed("yuetang-not-poor"));
    let hospital = compare(&one, &assumed("yuetang-city"));
    adds_up(&patient);
    adds_up(&hospital);
    golden("what-if", |language| {
        patient.text(language) + "\n" + &hospital.text(language)
    });
}

/// Two versions of one county's policy.
#[test]
fn what_if_the_policy_were_its_next_version() {
    let comparison = compare(&assumed("wushan"), &assumed("wushan-2018"));
    adds_up(&comparison);
    golden("what-if-version", |language| comparison.text(language));
}

#[test]
fn the_example_answers_why_why_not_and_what_if() {
    let zh = example::answers(Language::Chinese).unwrap();
    let en = example::answers(Language::English).unwrap();
    for answer in [
        "政府兜底付：405.28",
        "没有超过起付线",
        "个人负担 1829.20 → 454.92",
    ] {
        assert!(zh.contains(answer), "{zh}");
    }
    for answer in [
        "pays: 405.28",
        "is not above the deductible",
        "the patient 1829.20 → 454.92",
    ] {
        assert!(en.contains(answer), "{en}");
    }
}

/// As data an explanation names everything that its text does.
#[test]
fn an_explanation_is_data() {
    let data = serde_json::to_value(assumed("yuetang")).unwrap();
    assert_eq!(data["why"]["kind"], "total");
    assert_eq!(data["why"]["value"]["money"], "4549.20");
    assert_eq!(data["why"]["how"], "sum");
    assert_eq!(data["why"]["from"][0]["id"], "basic");
    assert_eq!(data["why_not"][0]["step"], "major");
    assert_eq!(
        data["why_not"][0]["reason"]["below-deductible"]["base"],
        "740.00"
    );
    assert_eq!(data["settlement"]["patient"], "454.92");
    let refused = explained("yuetang", Layer::Stated).unwrap_err();
    let data = serde_json::to_value(&refused).unwrap();
    assert_eq!(
        data["lack"]["value"]["citation"]["what"],
        "basic-inpatient.deductible"
    );
    assert_eq!(refused.to_string(), refused.error.to_string());
}
