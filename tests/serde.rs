//! Inputs and results as data: JSON and TOML through serde, exact and without loss.

use payer_split::{
    Bill, Care, Case, Category, Date, Facility, Fee, Held, Line, LineInput, Money, Parts, Patient,
    Place, Ratio, RuleBook, Scheme, Settlement, Tier, YearToDate,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::sync::LazyLock;

/// Asserts that something is written and read without loss, as JSON and as TOML.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(thing: &T) {
    let json = serde_json::to_string(thing).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), thing, "{json}");
    let toml = toml::to_string(thing).unwrap();
    assert_eq!(&toml::from_str::<T>(&toml).unwrap(), thing, "{toml}");
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

/// Every settlement of the shipped cases.
static SETTLEMENTS: LazyLock<Vec<Settlement>> = LazyLock::new(|| {
    let book = RuleBook::embedded();
    let cases = Case::read_dir("rules").unwrap();
    let reports = cases.iter().map(|case| case.run(&book));
    reports
        .flat_map(|report| report.results)
        .flatten()
        .collect()
});

/// The settlement of a shipped case with several payers, as JSON.
fn settlement() -> Value {
    let paying = |settlement: &Settlement| {
        let amounts = settlement.payers().map(|(_, amount)| amount);
        amounts.filter(|amount| *amount > Money::ZERO).count()
    };
    let richest = SETTLEMENTS
        .iter()
        .max_by_key(|settlement| paying(settlement));
    serde_json::to_value(richest.unwrap()).unwrap()
}

/// The message with which a changed settlement is refused.
fn refusal(change: impl Fn(&mut Value)) -> String {
    let mut value = settlement();
    change(&mut value);
    let read = serde_json::from_value::<Settlement>(value.clone());
    read.expect_err(&value.to_string()).to_string()
}

fn bill() -> Bill {
    let facility = Facility {
        tier: Some(Tier::COUNTY),
        place: Some(Place::IN_COUNTY),
        designated: Some(true),
        name: Some("县人民医院".into()),
        marks: vec!["中医医院".into()],
        ..Facility::default()
    };
    let share = [ratio("10%"), ratio("5.5%")];
    let parts = Parts {
        over_limit: money("0.01"),
        in_scope: money("99.99"),
        ..Parts::default()
    };
    let limited = LineInput {
        fee: Fee::MATERIAL,
        amount: Some(money("90")),
        class: Some("A".into()),
        price_limit: Some(money("80.50")),
        name: Some("钢板".into()),
        marks: vec!["implant".into()],
        ..LineInput::default()
    };
    let mut bill = Bill::new(date("2020-06-01"), Care::INPATIENT, facility)
        .with_line(Line::class_b(Fee::WESTERN_MEDICINE, money("454.92"), &share).unwrap())
        .with_line(Line::with_parts("陪护费", parts).unwrap())
        .with_line(Line::from_input(limited).unwrap())
        .with_line(Line::class_c(Fee::OTHER, Money::MAX).unwrap());
    bill.referred = Some(false);
    bill.admission = Some(2);
    bill.diagnoses = vec!["K80.1".parse().unwrap(), "C34".parse().unwrap()];
    bill.outpatient_disease = Some("diabetes".into());
    bill.marks = vec!["uncomplicated".into()];
    bill
}

fn patient() -> Patient {
    let mut patient = Patient::new(Scheme::RESIDENT)
        .with_category(Category::REGISTERED_POOR)
        .with_category("城市三无");
    let (from, to) = (date("2019-01-01"), date("2019-12-31"));
    patient.enrolments = vec![Held::during("premium".into(), from, to)];
    patient.certificates = vec![Held::during("M01600".into(), from, None)];
    patient.birth_date = Some(date("1947-02-03"));
    patient.insured_years = Some(5);
    patient
}

#[test]
fn bills_and_patients_survive() {
    survives(&bill());
    survives(&Bill::new(
        date("1900-01-01"),
        "local care",
        Facility::default(),
    ));
    survives(&patient());
    survives(&Patient::new(Scheme::NONE));
    for case in Case::read_dir("rules").unwrap() {
        survives(&case.patient);
        for (bill, _) in &case.bills {
            survives(bill);
        }
    }
}

#[test]
fn settlements_and_years_survive() {
    for settlement in SETTLEMENTS.iter().step_by(7) {
        survives(settlement);
        survives(settlement.year_to_date());
    }
    survives(&YearToDate::new("here", 2020));
}

#[test]
fn a_settlement_that_was_read_says_the_same() {
    for settlement in SETTLEMENTS.iter() {
        let json = serde_json::to_string(settlement).unwrap();
        let read: Settlement = serde_json::from_str(&json).unwrap();
        assert_eq!(
            read.statement().to_string(),
            settlement.statement().to_string()
        );
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}

#[test]
fn a_year_to_date_that_was_read_settles_the_same() {
    let book = RuleBook::embedded();
    for mut case in Case::read_dir("rules").unwrap() {
        let report = case.run(&book);
        for (number, result) in report.results.iter().enumerate() {
            let mut rest = case.clone();
            rest.bills.drain(..number);
            rest.patient = case.patient.clone();
            let report = rest.run(&book);
            assert_eq!(
                report.results.first(),
                Some(result),
                "{} {number}",
                case.name
            );
            if let Ok(settlement) = result {
                let json = serde_json::to_string(settlement.year_to_date()).unwrap();
                case.patient.year_to_date = Some(serde_json::from_str(&json).unwrap());
            }
        }
    }
}

#[test]
fn toml_dates_and_whole_numbers_are_read_as_they_are_written() {
    let text = r#"
        date = "2020-06-01"
        care = "普通住院"
        facility = { tier = "县" }
        lines = [{ fee = "治疗费", amount = 4549, class = "甲类" }]
    "#;
    let bill: Bill = toml::from_str(text).unwrap();
    assert_eq!(bill.total(), Money::from_yuan(4549));
    // `Bill::from_toml` reads all that serde reads, and TOML's own dates and decimals too.
    let bare = text
        .replace("\"2020-06-01\"", "2020-06-01")
        .replace("4549", "4549.00");
    assert_eq!(Bill::from_toml("bill.toml", &bare).unwrap(), {
        let text = text.replace("4549", "\"4549.00\"");
        toml::from_str(&text).unwrap()
    });
}

/// The JSON pointers of the tables in a value, but for counters, which policies name.
fn tables(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let inner = map.iter().filter(|(key, _)| *key != "counters");
            let inner = inner.flat_map(|(key, value)| tables(value, &format!("{path}/{key}")));
            std::iter::once(path.into()).chain(inner).collect()
        }
        Value::Array(list) => {
            let inner = list.iter().enumerate();
            inner
                .flat_map(|(index, value)| tables(value, &format!("{path}/{index}")))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn unknown_fields_are_refused() {
    let mut patient = patient();
    patient.year_to_date = Some(YearToDate::new("here", 2019));
    type Read = fn(Value) -> Result<(), serde_json::Error>;
    let things: [(Value, Read); 3] = [
        (json!(bill()), |value| {
            serde_json::from_value::<Bill>(value).map(drop)
        }),
        (json!(patient), |value| {
            serde_json::from_value::<Patient>(value).map(drop)
        }),
        (settlement(), |value| {
            serde_json::from_value::<Settlement>(value).map(drop)
        }),
    ];
    for (value, read) in things {
        assert!(read(value.clone()).is_ok());
        for table in tables(&value, "") {
            let mut value = value.clone();
            value.pointer_mut(&table).unwrap()["surprise"] = json!("1.00");
            let error = read(value).expect_err(&table).to_string();
            // Of a formula there is one kind, which its key names.
            let named = table.ends_with("/rate") || error.contains("surprise");
            assert!(named, "{table}: {error}");
        }
    }
}

#[test]
fn float_amounts_are_refused() {
    let wanted = "write the amount as a string";
    let mut value = json!(bill());
    value["lines"][0]["amount"] = json!(454.92);
    let error = serde_json::from_value::<Bill>(value)
        .unwrap_err()
        .to_string();
    assert!(error.contains(wanted), "{error}");
    let error = refusal(|value| value["total"] = json!(1.5));
    assert!(error.contains(wanted), "{error}");

    let text = toml::to_string(&bill())
        .unwrap()
        .replace("\"454.92\"", "454.92");
    let error = toml::from_str::<Bill>(&text).unwrap_err().to_string();
    assert!(error.contains(wanted), "{error}");
}

#[test]
fn ratios_need_their_percent_sign() {
    for share in [json!(0.1), json!("0.1"), json!("10")] {
        let mut value = json!(bill());
        value["lines"][0]["first_share"][0] = share;
        assert!(serde_json::from_value::<Bill>(value).is_err());
    }
}

#[test]
fn sums_that_do_not_match_are_refused() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 6] = [
        ("total", |value| value["total"] = json!("0.01")),
        ("patient", |value| value["patient"] = json!("999999.99")),
        ("a part", |value| value["parts"]["in_scope"] = json!("0.01")),
        ("a payer", |value| {
            value["payers"][0]["amount"] = json!("0.01")
        }),
        ("no payers", |value| value["payers"] = json!([])),
        ("a short line", |value| value["lines"][0] = json!(["1.00"])),
    ];
    for (what, change) in changes {
        let error = refusal(change);
        assert!(!error.is_empty(), "{what}");
    }
}

#[test]
fn a_statement_of_strange_data_is_still_text() {
    let mut value = settlement();
    let strange = "名\n\u{1b}[2J\u{202e}\t".repeat(60);
    for step in value["steps"].as_array_mut().unwrap() {
        step["step"]["name"] = json!(strange);
        step["exact_millionths_of_fen"] = json!(i64::MIN);
        step["rate"] = json!({ "ratio": "900000000000000%" });
    }
    for payer in value["payers"].as_array_mut().unwrap() {
        payer["payer"]["name_en"] = json!(strange);
    }
    let settlement: Settlement = serde_json::from_value(value).unwrap();
    let text = settlement.statement().to_string();
    let disturbs = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(disturbs));
    assert!(text.lines().count() > 100);
}
