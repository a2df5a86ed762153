//! Why a bill is not settled: every kind of refusal, the field it names and its message.

use payer_split::{
    Bill, Care, Category, Date, Detail, Enrolment, Facility, Fee, FindError, Grade, Held, Layer,
    Line, LineInput, Mark, Money, OutpatientDisease, Part, Parts, Patient, Place, Policy, RuleBook,
    Scheme, SettleError, Settlement, Tier, Workspace, YearToDate, limits, settle,
};
use std::collections::BTreeSet;

/// A policy whose steps each need something of their own, so that a bill can lack it.
const COUNTY: &str = r#"
[policy]
id = "county"
version = "2020"
region = "430304"
name = "测试县健康扶贫"
from = 2020-01-01
to = 2020-12-31

[[source]]
id = "S1"
title = "县政府文件"
date = "undated"

[[payer]]
id = "basic"
name = "居民基本医保"
kind = "insurance"

[[term]]
id = "city-sanwu"
of = "category"
name = "城市三无"

[[disease]]
id = "gallstone"
name = "胆结石"
icd10 = ["K80"]

[[step]]
id = "basic"
name = "住院"
payer = "basic"
source = "S1"
clause = "第一条"
when = { care = "inpatient" }
deductible.tier = { county = 400, other = 800 }
ratio = "80%"

[[step]]
id = "unstated"
name = "门诊"
payer = "basic"
source = "S1"
clause = "第二条"
when = { care = "outpatient" }
ratio.tier = { county = "50%", other = "unstated" }

[[step]]
id = "special"
name = "大病门诊"
payer = "basic"
source = "S1"
when = { care = "special-outpatient", outpatient_disease = "haemodialysis" }
ratio = "50%"

[[step]]
id = "drugs"
name = "甲类药"
payer = "basic"
source = "S1"
when = { care = "pharmacy" }
covers = { classes = ["A"], fees = ["western-medicine"] }
ratio = "50%"

[[step]]
id = "poor"
name = "城市三无胆结石"
payer = "basic"
source = "S1"
when = { care = "single-disease", category = "city-sanwu", disease = "gallstone" }
ratio = "50%"
"#;

/// The next version, after a year without any, and a policy that serves the same region.
const LATER: [(&str, &str); 2] = [
    (
        "2022.toml",
        "[policy]\nextends = \"county/2020\"\nversion = \"2022\"\nfrom = 2022-01-01\nto = \"open\"\n",
    ),
    (
        "town.toml",
        "[policy]\nextends = \"county/2020\"\nid = \"town\"\nversion = \"2023\"\nfrom = 2023-01-01\nto = 2023-12-31\n",
    ),
];

fn book() -> RuleBook {
    let county = [("2020.toml", COUNTY)];
    RuleBook::from_texts(county.into_iter().chain(LATER)).unwrap()
}

/// The policy of 2020, with one more step for `care = "emergency"` and this condition and these keys.
fn policy_with(keys: &str) -> Policy {
    let step = format!(
        "{COUNTY}\n[[step]]\nid = \"more\"\nname = \"另一道\"\npayer = \"basic\"\nsource = \"S1\"\n{keys}\n"
    );
    let book = RuleBook::from_texts([("2020.toml", step.as_str())]).unwrap();
    book.named("county/2020").unwrap().clone()
}

fn policy() -> Policy {
    book().named("county/2020").unwrap().clone()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

/// A bill that the policy settles.
fn bill() -> Bill {
    let facility = Facility {
        tier: Some(Tier::COUNTY),
        ..Facility::default()
    };
    Bill::new(date("2020-06-01"), Care::INPATIENT, facility).with_line(line(Fee::BED))
}

fn line(fee: impl Into<Fee>) -> Line {
    Line::class_a(fee, yuan("1000")).unwrap()
}

fn patient() -> Patient {
    Patient::new(Scheme::RESIDENT)
}

fn refusal(policy: &Policy, bill: &Bill, patient: &Patient) -> SettleError {
    settle(policy, bill, patient).expect_err("a refusal")
}

/// The refusal of a bill and patient that are changed so.
fn refused(change: impl Fn(&mut Bill, &mut Patient)) -> SettleError {
    let (mut bill, mut patient) = (bill(), patient());
    change(&mut bill, &mut patient);
    refusal(&policy(), &bill, &patient)
}

#[track_caller]
fn says(error: &SettleError, kind: &str, message: &str) {
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
}

#[test]
fn the_bill_and_patient_that_the_others_are_changes_of_are_settled() {
    let settlement = settle(&policy(), &bill(), &patient()).unwrap();
    assert_eq!(settlement.patient(), yuan("520"));
}

#[test]
fn a_bill_without_lines() {
    says(
        &refused(|bill, _| bill.lines.clear()),
        "inconsistent",
        "inconsistent `bill.lines`: expected at least one line",
    );
}

#[test]
fn an_admission_numbered_zero() {
    says(
        &refused(|bill, _| bill.admission = Some(0)),
        "inconsistent",
        "inconsistent `bill.admission`: admissions of a year are counted from 1",
    );
}

#[test]
fn something_held_from_a_day_after_its_last() {
    let (from, to) = (date("2020-02-01"), date("2020-01-31"));
    let problem = "a period that ends on 2020-01-31 cannot begin on 2020-02-01";
    let message = |field: &str| format!("inconsistent `{field}`: {problem}");
    let categories = refused(|_, patient| {
        patient.categories = vec![Held::during(Category::ORPHAN, from, to)];
    });
    says(&categories, "inconsistent", &message("patient.categories"));
    let certificates = refused(|_, patient| {
        patient.certificates = vec![Held::during(OutpatientDisease::DIABETES, from, to)];
    });
    says(
        &certificates,
        "inconsistent",
        &message("patient.certificates"),
    );
    let enrolments = refused(|_, patient| {
        patient.enrolments = vec![Held::during(Enrolment::named("特惠保"), from, to)];
    });
    says(&enrolments, "inconsistent", &message("patient.enrolments"));
}

#[test]
fn an_age_that_is_not_that_of_the_birth_date() {
    let error = refused(|_, patient| {
        patient.age = Some(73);
        patient.birth_date = Some(date("1947-06-02"));
    });
    let message =
        "inconsistent `patient.age`: a patient born on 1947-06-02 is 72 years old on 2020-06-01";
    says(&error, "inconsistent", message);
}

#[test]
fn a_birth_after_the_bill() {
    let error = refused(|_, patient| patient.birth_date = Some(date("2020-06-02")));
    let message =
        "inconsistent `patient.birth_date`: 2020-06-02 is later than the bill's date 2020-06-01";
    says(&error, "inconsistent", message);
}

/// Every field with a word, given one that nobody knows.
#[test]
fn words_that_nobody_knows() {
    type Change = fn(&mut Bill, &mut Patient);
    let fields: [(&str, &str, Option<&str>, Change); 14] = [
        (
            "patient.scheme",
            "residnt",
            Some("resident"),
            |_, patient| {
                patient.scheme = Scheme::named("residnt");
            },
        ),
        (
            "patient.categories",
            "城市三五",
            Some("城市三无"),
            |_, patient| {
                patient.categories = vec![Held::always(Category::named("城市三五"))];
            },
        ),
        ("patient.enrolments", "特惠保", None, |_, patient| {
            patient.enrolments = vec![Held::always(Enrolment::named("特惠保"))];
        }),
        (
            "patient.certificates",
            "diabetis",
            Some("diabetes"),
            |_, patient| {
                patient.certificates = vec![Held::always(OutpatientDisease::named("diabetis"))];
            },
        ),
        ("bill.care", "inpatent", Some("inpatient"), |bill, _| {
            bill.care = Care::named("inpatent");
        }),
        ("bill.facility.tier", "conty", Some("county"), |bill, _| {
            bill.facility.tier = Some(Tier::named("conty"));
        }),
        (
            "bill.facility.grade",
            "二甲",
            Some("二级"),
            |bill, _| {
                bill.facility.grade = Some(Grade::named("二甲"));
            },
        ),
        (
            "bill.facility.place",
            "县城内",
            Some("县内"),
            |bill, _| {
                bill.facility.place = Some(Place::named("县城内"));
            },
        ),
        (
            "bill.facility.marks",
            "中医院",
            Some("中医医院"),
            |bill, _| {
                bill.facility.marks = vec![Mark::named("中医院")];
            },
        ),
        (
            "bill.marks",
            "special-drugs",
            Some("special-drug"),
            |bill, _| {
                bill.marks = vec![Mark::named("special-drugs")];
            },
        ),
        ("bill.outpatient_disease", "M99999", None, |bill, _| {
            bill.outpatient_disease = Some(OutpatientDisease::named("M99999"));
        }),
        ("bill.lines.fee", "beds", Some("bed"), |bill, _| {
            bill.lines = vec![line("beds")];
        }),
        ("bill.lines.class", "D", None, |bill, _| {
            bill.lines.push(of_class("D"));
        }),
        (
            "bill.lines.marks",
            "implants",
            Some("implant"),
            |bill, _| {
                bill.lines.push(line(Fee::MATERIAL).marked("implants"));
            },
        ),
    ];
    for (field, name, near, change) in fields {
        let error = refused(change);
        assert_eq!(error.kind(), "unknown-name", "{error}");
        let start = format!("unknown name `{name}` in `{field}`: expected a");
        assert!(error.to_string().starts_with(&start), "{error}");
        let SettleError::UnknownName {
            suggestion, policy, ..
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!(suggestion.as_deref(), near, "{error}");
        assert_eq!(policy, "county/2020");
        let end = near.map_or("or of `county/2020`".into(), |near| {
            format!("; did you mean `{near}`?")
        });
        assert!(error.to_string().ends_with(&end), "{error}");
    }
}

/// A line with its parts given, of any class.
fn of_class(class: &str) -> Line {
    Line::from_input(LineInput {
        class: Some(class.into()),
        parts: Some(Parts {
            in_scope: yuan("10"),
            ..Parts::default()
        }),
        ..LineInput::default()
    })
    .unwrap()
}

#[test]
fn a_category_held_at_another_time_must_be_known_too() {
    let error = refused(|_, patient| {
        let past = Held::during(Category::named("某类"), None, date("2010-12-31"));
        patient.categories = vec![past];
    });
    assert_eq!(error.kind(), "unknown-name");
}

#[test]
fn a_bill_outside_the_period() {
    for (day, version, message) in [
        (
            "2019-12-31",
            "county/2020",
            "out of force: `county/2020` is in force from 2020-01-01 to 2020-12-31, and the bill's `date` is 2019-12-31",
        ),
        (
            "2021-01-01",
            "county/2020",
            "out of force: `county/2020` is in force from 2020-01-01 to 2020-12-31, and the bill's `date` is 2021-01-01",
        ),
        (
            "2021-12-31",
            "county/2022",
            "out of force: `county/2022` is in force from 2022-01-01 on, and the bill's `date` is 2021-12-31",
        ),
    ] {
        let bill = Bill {
            date: date(day),
            ..bill()
        };
        let book = book();
        let error = refusal(book.named(version).unwrap(), &bill, &patient());
        says(&error, "out-of-force", message);
    }
}

#[test]
fn a_gap_between_versions_is_never_filled() {
    let book = book();
    let find = |day| book.find("430304", date(day), Layer::Stated);
    assert_eq!(find("2020-12-31").unwrap().full_name(), "county/2020");
    assert_eq!(find("2022-01-01").unwrap().full_name(), "county/2022");
    let error = find("2021-06-01").unwrap_err();
    assert!(matches!(error, FindError::Gap { by: "region", .. }));
    assert_eq!(
        error.to_string(),
        "no version of the region `430304` is in force on 2021-06-01: `county/2020` from 2020-01-01 to 2020-12-31, \
         `county/2022` from 2022-01-01 on, `town/2023` from 2023-01-01 to 2023-12-31"
    );
    let error = book
        .find_id("town", date("2024-01-01"), Layer::Stated)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "no version of the id `town` is in force on 2024-01-01: `town/2023` from 2023-01-01 to 2023-12-31"
    );
}

#[test]
fn a_region_that_nothing_serves_or_that_two_serve() {
    let book = book();
    let error = book
        .find("430305", date("2020-06-01"), Layer::Stated)
        .unwrap_err();
    let message = "unknown region `430305` in the stated layer";
    assert_eq!(error.to_string(), message);
    let error = book
        .find_id("county", date("2020-06-01"), Layer::Assumed)
        .unwrap_err();
    let message = "unknown id `county` in the assumed layer";
    assert_eq!(error.to_string(), message);
    let error = book
        .find_id("conty", date("2020-06-01"), Layer::Stated)
        .unwrap_err();
    let message = "unknown id `conty` in the stated layer; did you mean `county`?";
    assert_eq!(error.to_string(), message);
    let error = book
        .find("430304", date("2023-06-01"), Layer::Stated)
        .unwrap_err();
    let message = "both `county/2022` and `town/2023` serve the region `430304` on 2023-06-01: ask for one by its id";
    assert_eq!(error.to_string(), message);
    assert!(
        book.find_id("town", date("2023-06-01"), Layer::Stated)
            .is_ok()
    );
}

#[test]
fn the_year_to_date_of_another_policy() {
    let error = refused(|_, patient| patient.year_to_date = Some(YearToDate::new("town", 2020)));
    let message = "the year to date belongs to the policy `town`, expected one of `county`";
    says(&error, "other-policy", message);
}

#[test]
fn the_year_to_date_of_a_later_year() {
    let error = refused(|_, patient| patient.year_to_date = Some(YearToDate::new("county", 2021)));
    let message = "the bill's `date` 2020-06-01 is older than its year to date, which is of 2021";
    says(&error, "other-year", message);
}

#[test]
fn the_year_to_date_of_an_earlier_year_counts_for_nothing() {
    let mut patient = patient();
    let first = settle(&policy(), &bill(), &patient).unwrap();
    patient.year_to_date = Some(year(
        2019,
        &[("billed/total", "500"), ("paid/basic", "400")],
    ));
    let second = settle(&policy(), &bill(), &patient).unwrap();
    assert_eq!(json(&first), json(&second));
}

/// A year to date with these counters.
fn year(year: u16, counters: &[(&str, &str)]) -> YearToDate {
    let counters: serde_json::Map<String, serde_json::Value> = counters
        .iter()
        .map(|(name, amount)| ((*name).to_owned(), (*amount).into()))
        .collect();
    let data = serde_json::json!({
        "policy": "county", "year": year, "bills": 1, "counters": counters
    });
    serde_json::from_value(data).unwrap()
}

/// For every field that a condition can need: a condition on it, and what a bill without it is told.
const NEEDED: [(&str, &str); 11] = [
    ("tier = \"county\"", "bill.facility.tier"),
    ("grade = \"two\"", "bill.facility.grade"),
    ("place = \"in-county\"", "bill.facility.place"),
    ("designated = true", "bill.facility.designated"),
    ("medical = true", "bill.facility.medical"),
    ("hospital = \"县人民医院\"", "bill.facility.name"),
    ("referred = false", "bill.referred"),
    ("admission = { from = 2 }", "bill.admission"),
    ("disease = \"gallstone\"", "bill.diagnoses"),
    ("age = { under = 14 }", "patient.age"),
    ("insured_years = { from = 3 }", "patient.insured_years"),
];

/// A bill of which nothing is known that it can do without.
fn bare(care: Care) -> Bill {
    Bill::new(date("2020-06-01"), care, Facility::default()).with_line(line(Fee::BED))
}

#[test]
fn a_field_that_a_condition_needs() {
    for (condition, field) in NEEDED {
        for form in [
            format!("when = {{ {condition} }}"),
            format!("unless = {{ {condition} }}"),
            format!("when = [{{ {condition} }}, {{ category = \"orphan\" }}]"),
            format!("unless = {{ {condition}, scheme = \"resident\" }}"),
        ] {
            let policy = policy_with(&format!("{form}\nratio = \"10%\""));
            let error = refusal(&policy, &bare(Care::EMERGENCY), &patient());
            let message = format!("missing `{field}`: the step `more` (另一道) needs it");
            says(&error, "missing", &message);
        }
    }
}

#[test]
fn a_field_is_not_needed_where_another_key_fails_or_holds_already() {
    for (condition, _) in NEEDED {
        for form in [
            format!("when = {{ {condition}, care = \"pharmacy\" }}"),
            format!("when = {{ {condition} }}\nunless = {{ scheme = \"resident\" }}"),
            format!("unless = {{ {condition}, care = \"pharmacy\" }}"),
            format!("when = [{{ {condition} }}, {{ scheme = \"resident\" }}]"),
            format!("unless = [{{ {condition} }}, {{ scheme = \"resident\" }}]"),
        ] {
            let policy = policy_with(&format!("{form}\nratio = \"10%\""));
            let settled = settle(&policy, &bare(Care::EMERGENCY), &patient());
            assert!(settled.is_ok(), "{form}: {}", settled.unwrap_err());
        }
    }
}

#[test]
fn a_field_by_which_a_table_varies() {
    for (table, field) in [
        (
            "tier = { county = \"50%\", other = \"40%\" }",
            "bill.facility.tier",
        ),
        (
            "grade = { two = \"50%\", other = \"40%\" }",
            "bill.facility.grade",
        ),
        (
            "place = { elsewhere = \"50%\", other = \"40%\" }",
            "bill.facility.place",
        ),
        (
            "referred = { yes = \"50%\", no = \"40%\" }",
            "bill.referred",
        ),
        (
            "admission = { 1 = \"50%\", other = \"40%\" }",
            "bill.admission",
        ),
        (
            "disease = { gallstone = \"50%\", other = \"40%\" }",
            "bill.diagnoses",
        ),
    ] {
        let policy = policy_with(&format!("when = {{ care = \"emergency\" }}\nratio.{table}"));
        let error = refusal(&policy, &bare(Care::EMERGENCY), &patient());
        let message = format!("missing `{field}`: the step `more` (另一道) needs it");
        says(&error, "missing", &message);
    }
}

#[test]
fn what_an_adjustment_needs() {
    let adjusted = |keys: &str| {
        policy_with(&format!(
            "when = {{ care = \"emergency\" }}\nratio = \"10%\"\n[[step.adjust]]\nid = \"a\"\nfigure = \"ratio\"\n{keys}"
        ))
    };
    let by_years = adjusted("add = \"1%\"\nper = \"insured-year\"\nadd_at_most = \"5%\"");
    let by_stays = adjusted("add = \"1%\"\nper = \"earlier-admission\"\nadd_at_most = \"5%\"");
    let referred = adjusted("when = { referred = false }\nset = \"5%\"");
    for (policy, field) in [
        (by_years, "patient.insured_years"),
        (by_stays, "bill.admission"),
        (referred, "bill.referred"),
    ] {
        let error = refusal(&policy, &bare(Care::EMERGENCY), &patient());
        let message = format!("missing `{field}`: the step `more` (另一道) needs it");
        says(&error, "missing", &message);
    }
}

#[test]
fn the_outpatient_disease_of_care_that_has_one() {
    let error = refusal(&policy(), &bare(Care::SPECIAL_OUTPATIENT), &patient());
    let message = "missing `bill.outpatient_disease`: the step `special` (大病门诊) needs it";
    says(&error, "missing", message);
    // Other care simply has none.
    assert!(settle(&policy(), &bare(Care::EMERGENCY), &patient()).is_ok());
}

#[test]
fn the_class_of_a_line_where_a_step_covers_only_some() {
    let mut bill = bare(Care::PHARMACY);
    let parts = Parts {
        in_scope: yuan("10"),
        ..Parts::default()
    };
    bill.lines = vec![Line::with_parts(Fee::WESTERN_MEDICINE, parts).unwrap()];
    let error = refusal(&policy(), &bill, &patient());
    let message = "missing `bill.lines.class`: a step of `county/2020` that covers only some classes needs it";
    says(&error, "missing", message);
    // A fee that no such step covers needs no class.
    bill.lines = vec![Line::with_parts(Fee::BED, parts).unwrap()];
    assert!(settle(&policy(), &bill, &patient()).is_ok());
}

#[test]
fn what_a_scope_rule_or_a_benefit_needs() {
    for (keys, needed_by) in [
        (
            "[[scope]]\nid = \"drugs\"\nname = \"基本药物\"\nsource = \"S1\"\nwhen = { grade = \"two\" }\nmove = \"own-expense\"\nto = \"in-scope\"",
            "the scope rule `scope.drugs`",
        ),
        (
            "[[benefit]]\nid = \"first\"\nname = \"先诊疗后付费\"\nsource = \"S1\"\nwhen = { grade = \"two\" }",
            "the benefit `first` (先诊疗后付费)",
        ),
    ] {
        let policy = policy_with(&format!(
            "when = {{ care = \"emergency\" }}\nratio = \"10%\"\n{keys}"
        ));
        // Something that the scope rule would move.
        let bill = bill().with_line(Line::class_c(Fee::BED, yuan("1")).unwrap());
        let error = refusal(&policy, &bill, &patient());
        let message = format!("missing `bill.facility.grade`: {needed_by} needs it");
        says(&error, "missing", &message);
    }
}

#[test]
fn a_value_that_no_source_states() {
    let mut bill = bill();
    bill.care = Care::OUTPATIENT;
    assert!(settle(&policy(), &bill, &patient()).is_ok());
    bill.facility.tier = Some(Tier::CITY);
    let error = refusal(&policy(), &bill, &patient());
    assert_eq!(error.kind(), "unstated");
    let message = error.to_string();
    for part in ["`ratio`", "`unstated` (门诊)", "`city`", "S1 第二条"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn a_value_that_no_source_states_is_not_needed_where_there_is_nothing_to_pay() {
    let mut bill = bill();
    bill.care = Care::OUTPATIENT;
    bill.facility.tier = Some(Tier::CITY);
    bill.lines = vec![Line::class_c(Fee::BED, yuan("1000")).unwrap()];
    let settlement = settle(&policy(), &bill, &patient()).unwrap();
    assert_eq!(settlement.patient(), yuan("1000"));
    assert_eq!(
        settlement.patient_parts().get(Part::OwnExpense),
        yuan("1000")
    );
}

#[test]
fn amounts_that_sum_beyond_the_largest() {
    let error = refused(|bill, _| {
        let most = Line::class_a(Fee::BED, Money::MAX).unwrap();
        bill.lines = vec![most, line(Fee::BED)];
    });
    let message = "overflow in `bill.lines`: amounts go up to 10000000000.00";
    says(&error, "overflow", message);
    // The largest bill itself is settled.
    let mut bill = bill();
    bill.lines = vec![Line::class_a(Fee::BED, Money::MAX).unwrap()];
    let settlement = settle(&policy(), &bill, &patient()).unwrap();
    assert_eq!(settlement.total(), Money::MAX);
}

#[test]
fn counters_of_the_year_beyond_the_largest_amount() {
    let error = refused(|_, patient| {
        patient.year_to_date = Some(year(2020, &[("billed/total", "9999999999.99")]));
    });
    let message = "overflow in the year to date: amounts go up to 10000000000.00";
    says(&error, "overflow", message);
    let error = refused(|_, patient| {
        patient.year_to_date = Some(year(2020, &[("paid/basic", "10000000000")]));
    });
    let message = "overflow in the step `basic`: amounts go up to 10000000000.00";
    says(&error, "overflow", message);
}

/// Every kind of refusal in plain words: lower case, no full stop, pairs of backticks.
#[test]
fn messages_are_in_plain_words() {
    let errors = [
        refused(|bill, _| bill.lines.clear()),
        refused(|bill, _| bill.admission = Some(0)),
        refused(|bill, _| bill.date = date("2030-01-01")),
        refused(|bill, _| bill.facility.tier = None),
        refused(|_, patient| patient.year_to_date = Some(YearToDate::new("x", 2020))),
        refused(|_, patient| patient.year_to_date = Some(YearToDate::new("county", 2030))),
        refused(|_, patient| patient.scheme = Scheme::named("x")),
        refused(|bill, _| {
            bill.care = Care::OUTPATIENT;
            bill.facility.tier = Some(Tier::CITY);
        }),
        refused(|bill, _| bill.lines = vec![line(Fee::BED); limits::MAX_LINES + 1]),
        refused(|_, patient| {
            patient.year_to_date = Some(year(2020, &[("paid/basic", "10000000000")]));
        }),
    ];
    let kinds: BTreeSet<&str> = errors.iter().map(SettleError::kind).collect();
    assert_eq!(kinds, SettleError::KINDS.into_iter().collect());
    for error in errors {
        let message = error.to_string();
        assert!(message.starts_with(char::is_lowercase), "{message}");
        assert!(!message.ends_with('.'), "{message}");
        assert_eq!(message.matches('`').count() % 2, 0, "{message}");
        assert!(!message.contains("``"), "{message}");
    }
}

fn json(settlement: &Settlement) -> String {
    serde_json::to_string(settlement).unwrap()
}

/// Bills that are refused at every stage of settling: before anything, while lines are added up, in the middle of the
/// steps, in the line matrix's way, and at the very end.
fn refused_bills() -> Vec<(Bill, Patient)> {
    let mut out = Vec::new();
    let mut add = |change: fn(&mut Bill, &mut Patient)| {
        let (mut bill, mut patient) = (bill(), patient());
        bill.lines.push(line(Fee::SURGERY));
        change(&mut bill, &mut patient);
        out.push((bill, patient));
    };
    add(|bill, _| bill.date = date("2021-01-01"));
    add(|bill, _| bill.lines.clear());
    add(|bill, _| bill.facility.tier = None);
    add(|bill, _| bill.facility.tier = Some(Tier::named("某级")));
    add(|bill, _| bill.lines.push(line("某费")));
    add(|bill, _| {
        bill.lines
            .push(Line::class_a(Fee::BED, Money::MAX).unwrap())
    });
    add(|bill, _| {
        bill.care = Care::OUTPATIENT;
        bill.facility.tier = Some(Tier::CITY);
    });
    add(|_, patient| {
        patient.year_to_date = Some(year(2020, &[("billed/total", "9999999999.99")]));
    });
    add(|_, patient| {
        patient.year_to_date = Some(year(
            2020,
            &[("limit/some", "7"), ("paid/basic", "10000000000")],
        ));
    });
    add(|_, patient| patient.year_to_date = Some(YearToDate::new("town", 2020)));
    out
}

#[test]
fn inputs_are_untouched_after_a_refusal() {
    for (bill, patient) in refused_bills() {
        let before = (bill.clone(), patient.clone(), policy());
        let policy = policy();
        refusal(&policy, &bill, &patient);
        assert_eq!(before, (bill, patient, policy));
    }
}

#[test]
fn a_workspace_settles_the_next_bill_without_a_trace_of_the_refused_one() {
    let policy = policy();
    let mut next = patient();
    next.year_to_date = Some(year(2020, &[("limit/other", "3")]));
    let fresh = json(&settle(&policy, &bill(), &next).unwrap());
    let mut workspace = Workspace::new();
    for (wrong, patient) in refused_bills() {
        for detail in [Detail::Lines, Detail::Totals] {
            assert!(workspace.settle(&policy, &wrong, &patient, detail).is_err());
            let settled = workspace.settle(&policy, &bill(), &next, Detail::Lines);
            assert_eq!(json(settled.unwrap()), fresh);
        }
    }
}
