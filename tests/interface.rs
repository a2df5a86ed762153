//! The national interface: real records, the relations that hold over what every shipped policy settles, reversals, and
//! what is said of everything that cannot be understood.

#[expect(dead_code, reason = "`main` reads a pipe")]
#[path = "../examples/interface.rs"]
mod example;
#[path = "interface/wrong.rs"]
mod wrong;

use payer_split::interface::{
    Account, InterfaceError, Record, RegionCodes, Reply, Request, SetlInfo, decimals_as_text,
    year_without,
};
use payer_split::strategies::{bill_and_patient, year_and_patient};
use payer_split::{
    Bill, Care, Category, Class, Facility, Fee, Grade, Line, Money, OutpatientDisease, Patient,
    PayerKind, Policy, RuleBook, Scheme, Settlement, YearToDate, settle,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::path::Path;

fn yuan(text: &str) -> Money {
    Money::parse(text).unwrap()
}

/// The amounts that a message gives, all others zero; as numbers, as programs write them.
fn setlinfo(given: &[(&str, &str)]) -> String {
    let fields = [
        "medfee_sumamt",
        "fulamt_ownpay_amt",
        "overlmt_selfpay",
        "preselfpay_amt",
        "inscp_scp_amt",
        "act_pay_dedc",
        "hifp_pay",
        "cvlserv_pay",
        "hifes_pay",
        "hifmi_pay",
        "hifob_pay",
        "hifdm_pay",
        "maf_pay",
        "hosp_part_amt",
        "oth_pay",
        "fund_pay_sumamt",
        "psn_part_amt",
        "acct_pay",
        "psn_cash_pay",
    ];
    for (name, _) in given {
        assert!(fields.contains(name), "{name}");
    }
    let value = |field: &str| {
        let given = given.iter().find(|(name, _)| *name == field);
        given.map_or("0", |(_, value)| value)
    };
    let fields = fields.map(|field| format!("\"{field}\": {}", value(field)));
    format!("{{ \"psn_name\": \"张三\", {} }}", fields.join(", "))
}

fn record(given: &[(&str, &str)], rows: &[(&str, &str)]) -> Result<Record, serde_json::Error> {
    let rows = rows.iter().map(|(code, amount)| {
        format!(
            "{{ \"fund_pay_type\": \"{code}\", \"inscp_scp_amt\": 0, \"fund_payamt\": {amount} }}"
        )
    });
    let rows: Vec<String> = rows.collect();
    let json = format!(
        "{{ \"setlinfo\": {}, \"setldetail\": [{}] }}",
        setlinfo(given),
        rows.join(", ")
    );
    serde_json::from_str(&decimals_as_text(&json))
}

#[test]
fn the_real_records_hold() {
    let a = record(
        &[
            ("medfee_sumamt", "23442.46"),
            ("fulamt_ownpay_amt", "2533.97"),
            ("overlmt_selfpay", "1396.89"),
            ("preselfpay_amt", "703.44"),
            ("inscp_scp_amt", "18808.16"),
            ("hifp_pay", "18785.39"),
            ("fund_pay_sumamt", "18785.39"),
            ("hosp_part_amt", "505.01"),
            ("psn_part_amt", "4152.06"),
            ("acct_pay", "170.04"),
            ("psn_cash_pay", "3982.02"),
        ],
        &[
            ("310100", "18785.39"),
            ("310200", "170.04"),
            ("999996", "505.01"),
        ],
    )
    .unwrap();
    assert_eq!(a.setlinfo().psn_cash_pay, yuan("3982.02"));

    let b = record(
        &[
            ("medfee_sumamt", "4.52"),
            ("preselfpay_amt", "0.23"),
            ("inscp_scp_amt", "4.29"),
            ("act_pay_dedc", "4.29"),
            ("psn_part_amt", "4.52"),
            ("psn_cash_pay", "4.52"),
        ],
        &[],
    )
    .unwrap();
    let c = record(
        &[
            ("medfee_sumamt", "5792.53"),
            ("fulamt_ownpay_amt", "296.20"),
            ("preselfpay_amt", "522.61"),
            ("inscp_scp_amt", "4973.72"),
            ("act_pay_dedc", "800"),
            ("hifp_pay", "3106.54"),
            ("fund_pay_sumamt", "3106.54"),
            ("psn_part_amt", "2685.99"),
            ("psn_cash_pay", "2685.99"),
        ],
        &[("310100", "3106.54")],
    )
    .unwrap();
    for record in [a, b, c] {
        round_trip(&record).unwrap();
    }
}

/// A record is written and read again, and taken back.
fn round_trip(record: &Record) -> Result<(), TestCaseError> {
    let json = serde_json::to_string(record).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Record>(&json).unwrap(), record);
    let reversal = record.reversal().unwrap();
    prop_assert!(record.check_reversal(&reversal).is_ok());
    let total = record.setlinfo().medfee_sumamt;
    prop_assert_eq!(reversal.setlinfo().medfee_sumamt.checked_neg(), Some(total));
    // A reversal is a record like any other, and the reversal of it is what was reversed.
    let json = serde_json::to_string(&reversal).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Record>(&json).unwrap(), &reversal);
    prop_assert_eq!(&reversal.reversal().unwrap(), record);
    Ok(())
}

/// The real class B line, from the inputs that give its parts.
#[test]
fn the_real_line_gives_its_parts() {
    let request = wrong::REQUEST.replace(
        wrong::LINE_B,
        r#"{ "med_chrgitm_type": "09", "chrgitm_lv": "02", "det_item_fee_sumamt": 4.52, "cnt": 2.0000, "pric": 2.260000,
             "pric_uplmt_amt": 999999, "selfpay_prop": 0.0500 }"#,
    );
    assert_ne!(request, wrong::REQUEST);
    let bill = wrong::bill(&request).unwrap();
    let parts = bill.lines[1].parts();
    assert_eq!(parts.first_self_payment, yuan("0.23"));
    assert_eq!(parts.in_scope, yuan("4.29"));
}

#[test]
fn parts_follow_in_the_stated_order() {
    let parts = |line: &str| {
        let request = wrong::REQUEST.replace(wrong::LINE_B, line);
        let bill = wrong::bill(&request).unwrap_or_else(|error| panic!("{error}\n{line}"));
        let parts = bill.lines[1].parts();
        let amounts = [
            parts.own_expense,
            parts.over_limit,
            parts.first_self_payment,
            parts.in_scope,
        ];
        amounts.map(|amount| amount.to_string()).join(" ")
    };
    let line = |rest: &str| {
        format!("{{ \"med_chrgitm_type\": \"01\", \"det_item_fee_sumamt\": 90, {rest} }}")
    };
    for (rest, expected) in [
        // Above 40 * 2 first, then 10 % of 80, then 5 % of 72.
        (
            r#""chrgitm_lv": "02", "cnt": 2, "pric_uplmt_amt": 40, "selfpay_prop": [0.1, 0.05]"#,
            "0.00 10.00 11.60 68.40",
        ),
        // The limit times the quantity is rounded half up to the fen: 33.335 to 33.34.
        (
            r#""chrgitm_lv": "01", "cnt": 1, "pric_uplmt_amt": 33.335"#,
            "0.00 56.66 0.00 33.34",
        ),
        (
            r#""chrgitm_lv": "01", "cnt": 1, "pric_uplmt_amt": 100, "selfpay_prop": 0"#,
            "0.00 0.00 0.00 90.00",
        ),
        // Out of the county even class A may be paid first.
        (
            r#""chrgitm_lv": "01", "pric_uplmt_amt": 999999, "selfpay_prop": 0.15"#,
            "0.00 0.00 13.50 76.50",
        ),
        // Without a limit the part over it is as given, and 10 % is of what is left.
        (
            r#""chrgitm_lv": "02", "selfpay_prop": 0.1, "fulamt_ownpay_amt": 0, "overlmt_amt": 10,
               "preselfpay_amt": 8, "inscp_scp_amt": 72"#,
            "0.00 10.00 8.00 72.00",
        ),
        // What is given stands where nothing says what is paid first.
        (
            r#""chrgitm_lv": "01", "pric_uplmt_amt": 999999, "fulamt_ownpay_amt": 0, "overlmt_amt": 0,
               "preselfpay_amt": 9, "inscp_scp_amt": 81"#,
            "0.00 0.00 9.00 81.00",
        ),
        (r#""chrgitm_lv": "03""#, "90.00 0.00 0.00 0.00"),
        (
            r#""chrgitm_lv": "03", "selfpay_prop": 1"#,
            "90.00 0.00 0.00 0.00",
        ),
        (
            r#""chrgitm_lv": "02", "fulamt_ownpay_amt": 1, "overlmt_amt": 2, "preselfpay_amt": 3, "inscp_scp_amt": 84"#,
            "1.00 2.00 3.00 84.00",
        ),
    ] {
        assert_eq!(parts(&line(rest)), expected, "{rest}");
    }
}

#[test]
fn a_real_trace_is_reproduced() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/worked/sichuan-trace.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let book = RuleBook::from_texts([("sichuan-trace.toml", text.as_str())]).unwrap();
    let request = r#"{
        "setl_time": "2020-05-01", "med_type": "21", "insutype": "390",
        "feedetail": [{
            "med_chrgitm_type": "14", "chrgitm_lv": "02", "det_item_fee_sumamt": 13109.04,
            "fulamt_ownpay_amt": 41.17, "overlmt_amt": 112.45, "preselfpay_amt": 376.35, "inscp_scp_amt": 12579.07
        }]
    }"#;
    let request: Request = serde_json::from_str(&decimals_as_text(request)).unwrap();
    let mut codes = RegionCodes::default();
    codes.fund_pay_type.insert("basic".into(), "390100".into());
    let bill = request.bill(Facility::default(), &codes).unwrap();
    let patient = request.patient(&codes).unwrap();
    let policy = book.policies().next().unwrap();
    let settlement = settle(policy, &bill, &patient).unwrap();
    let reply = Reply::new(&settlement, Money::ZERO, Account::Apart, &codes).unwrap();
    let info = reply.record.setlinfo();
    assert_eq!(info.fulamt_ownpay_amt, yuan("41.17"));
    assert_eq!(info.overlmt_selfpay, yuan("112.45"));
    assert_eq!(info.preselfpay_amt, yuan("376.35"));
    assert_eq!(info.inscp_scp_amt, yuan("12579.07"));
    assert_eq!(info.act_pay_dedc, yuan("1000"));
    assert_eq!(
        info.pool_prop_selfpay
            .map(|ratio| ratio.to_string())
            .as_deref(),
        Some("0.87")
    );
    assert_eq!(info.hifp_pay, yuan("10073.79"));
    assert_eq!(info.psn_part_amt, yuan("3035.25"));
    let item = &reply.policyitems[0];
    assert_eq!(
        (item.fund_amt, item.psn_amt),
        (yuan("10073.79"), yuan("2505.28"))
    );
}

/// The account in the funds' total, as in Guangdong.
#[test]
fn the_account_may_count_as_a_fund() {
    let book = RuleBook::embedded();
    let policy = book.named("yuetang/2019/assumed").unwrap();
    let bill = wrong::bill(wrong::REQUEST).unwrap();
    let patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
    let settlement = settle(policy, &bill, &patient).unwrap();
    let reply = |account| {
        let codes = RegionCodes::default();
        let reply = Reply::new(&settlement, yuan("10"), account, &codes).unwrap();
        round_trip(&reply.record).unwrap();
        reply.record
    };
    let (apart, with_funds) = (reply(Account::Apart), reply(Account::WithFunds));
    let (apart, with_funds) = (apart.setlinfo(), with_funds.setlinfo());
    assert_eq!(
        with_funds.fund_pay_sumamt,
        apart.fund_pay_sumamt.checked_add(yuan("10")).unwrap()
    );
    assert_eq!(with_funds.psn_part_amt, apart.psn_cash_pay);
    // What is right in one region is wrong in the other.
    assert!(apart.check(Account::WithFunds).is_err());
    assert!(with_funds.check(Account::Apart).is_err());
}

/// Fund codes for the payers that have none in their rule files.
fn codes(policy: &Policy) -> RegionCodes {
    let mut codes = RegionCodes::default();
    let mut insurance = ["390100", "390200", "330100", "370100", "320100"].into_iter();
    for payer in policy.payers().iter().filter(|payer| payer.code.is_none()) {
        let code = match payer.kind {
            // A code of the region's own beside the national one.
            PayerKind::Hospital => "630101",
            PayerKind::Insurance => insurance.next().unwrap(),
            PayerKind::Aid => "610101",
            PayerKind::Budget => "640101",
            _ => "999997",
        };
        codes.fund_pay_type.insert(payer.id.clone(), code.into());
    }
    codes
}

fn for_every_policy<S: Strategy>(
    cases: u32,
    make: impl Fn(&Policy) -> S,
    property: impl Fn(&Policy, S::Value) -> Result<(), TestCaseError>,
) {
    for policy in RuleBook::embedded().policies() {
        let config = Config {
            failure_persistence: None,
            ..Config::with_cases(cases)
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
        let result = TestRunner::new_with_rng(config, rng)
            .run(&make(policy), |value| property(policy, value));
        if let Err(error) = result {
            panic!("`{}`: {error}", policy.full_name());
        }
    }
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    let mut amounts = amounts.into_iter();
    amounts
        .try_fold(Money::ZERO, |sum, amount| sum.checked_add(amount))
        .unwrap()
}

#[test]
fn what_every_policy_settles_makes_a_record_whose_amounts_agree() {
    for_every_policy(100, bill_and_patient, |policy, (bill, patient)| {
        let Ok(settlement) = settle(policy, &bill, &patient) else {
            return Ok(());
        };
        let codes = codes(policy);
        for (account, share) in [
            (Account::Apart, 0),
            (Account::Apart, 1),
            (Account::WithFunds, 3),
        ] {
            let acct_pay = Money::from_fen(settlement.patient().fen() * share / 3);
            let reply = Reply::new(&settlement, acct_pay, account, &codes);
            let reply = reply.unwrap_or_else(|error| panic!("{error}"));
            agrees(&settlement, &reply, acct_pay)?;
            by_fields(&settlement, &reply, &codes)?;
            round_trip(&reply.record)?;
        }
        Ok(())
    });
}

/// What a reply says is what was settled.
fn agrees(settlement: &Settlement, reply: &Reply, acct_pay: Money) -> Result<(), TestCaseError> {
    let info = reply.record.setlinfo();
    let parts = settlement.parts();
    prop_assert_eq!(info.medfee_sumamt, settlement.total());
    prop_assert_eq!(info.fulamt_ownpay_amt, parts.own_expense);
    prop_assert_eq!(info.overlmt_selfpay, parts.over_limit);
    prop_assert_eq!(info.preselfpay_amt, parts.first_self_payment);
    prop_assert_eq!(info.inscp_scp_amt, parts.in_scope);
    prop_assert_eq!(
        sum([info.acct_pay, info.psn_cash_pay]),
        settlement.patient()
    );
    let of_kind = |hospital: bool| {
        let payers = settlement.payers();
        let payers = payers.filter(|(payer, _)| (payer.kind == PayerKind::Hospital) == hospital);
        sum(payers.map(|(_, amount)| amount))
    };
    prop_assert_eq!(info.hosp_part_amt, of_kind(true));
    let funds = match reply.record.account() {
        Account::WithFunds => sum([of_kind(false), acct_pay]),
        _ => of_kind(false),
    };
    prop_assert_eq!(info.fund_pay_sumamt, funds);
    // Every payer has its row, with its name and its steps.
    for (payer, amount) in settlement.payers() {
        let rows = reply.record.setldetail().iter();
        let row = rows
            .clone()
            .find(|row| row.fund_pay_type_name.as_ref() == Some(&payer.name));
        prop_assert_eq!(
            row.map_or(Money::ZERO, |row| row.fund_payamt),
            amount,
            "{}",
            &payer.id
        );
        if let Some(row) = row {
            prop_assert_eq!(row.inscp_scp_amt, parts.in_scope);
            prop_assert!(row.crt_payb_lmt_amt.is_none_or(|limit| limit == amount));
            let steps = settlement.steps().filter(|step| {
                step.payers()
                    .any(|(known, share)| known.id == payer.id && share > Money::ZERO)
            });
            let told = row.setl_proc_info.as_deref().unwrap_or_default();
            if payer.kind == PayerKind::Hospital {
                prop_assert_eq!(&row.fund_pay_type, "999996");
                let is_own = told.starts_with("地方代码 630101；");
                prop_assert_eq!(is_own, payer.code.is_none(), "{}", told);
            }
            for step in steps {
                prop_assert!(told.contains(&step.named().unwrap().name), "{told}");
            }
        }
    }
    // The items are the steps.
    let paid = sum(reply.policyitems.iter().map(|item| item.fund_amt));
    prop_assert_eq!(paid, settlement.reimbursed().part);
    for item in &reply.policyitems {
        prop_assert_eq!(sum([item.fund_amt, item.psn_amt]), item.sum_amt);
        prop_assert_eq!(item.fund_ratio.units() + item.psn_ratio.units(), 10_000);
        prop_assert!(item.fund_ratio.units() >= 0 && item.psn_ratio.units() >= 0);
        prop_assert_eq!(
            sum(item.funds.iter().map(|fund| fund.fund_payamt)),
            item.fund_amt
        );
        // Within half a ten-thousandth.
        let exact = i128::from(item.fund_amt.fen()) * 20_000;
        let told = i128::from(item.fund_ratio.units()) * i128::from(item.sum_amt.fen()) * 2;
        prop_assert!((exact - told).abs() <= i128::from(item.sum_amt.fen()));
    }
    Ok(())
}

/// The payers with these codes are in this field.
fn by_fields(
    settlement: &Settlement,
    reply: &Reply,
    codes: &RegionCodes,
) -> Result<(), TestCaseError> {
    let info = reply.record.setlinfo();
    let fields: [(Money, &[&str]); 8] = [
        (info.hifp_pay, &["310100", "390100"]),
        (info.cvlserv_pay, &["320100"]),
        (info.hifes_pay, &["370100"]),
        (info.hifmi_pay, &["390200", "390201"]),
        (info.hifob_pay, &["330100"]),
        (info.maf_pay, &["610100", "610101"]),
        (info.hosp_part_amt, &["999996"]),
        (info.oth_pay, &["610103", "620101", "640101", "999997"]),
    ];
    let code = |payer: &payer_split::Payer| match payer.kind {
        PayerKind::Hospital => "999996".to_owned(),
        _ => payer
            .code
            .clone()
            .unwrap_or_else(|| codes.fund_pay_type[&payer.id].clone()),
    };
    for (amount, of) in fields {
        let payers = settlement.payers();
        let payers = payers.filter(|(payer, _)| of.contains(&code(payer).as_str()));
        prop_assert_eq!(sum(payers.map(|(_, paid)| paid)), amount, "{:?}", of);
    }
    let basic = settlement.steps().filter(|step| {
        let mut payers = step.payers();
        payers.any(|(payer, _)| ["310100", "390100"].contains(&code(payer).as_str()))
    });
    let deductibles = sum(basic.map(|step| step.deductible()));
    prop_assert_eq!(info.act_pay_dedc, deductibles);
    Ok(())
}

/// A row tells the limit that cut its fund's payment off, and no other.
#[test]
fn a_row_has_the_limit_that_bound() {
    let book = RuleBook::embedded();
    let policy = book.named("yuetang/2019/assumed").unwrap();
    let patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
    let limits = |amount: &str| {
        let mut bill = wrong::bill(wrong::REQUEST).unwrap();
        bill.lines = vec![Line::class_a(Fee::TREATMENT, yuan(amount)).unwrap()];
        let settlement = settle(policy, &bill, &patient).unwrap();
        let codes = RegionCodes::default();
        let reply = Reply::new(&settlement, Money::ZERO, Account::Apart, &codes).unwrap();
        let rows = reply.record.setldetail().iter();
        let limits = rows.filter_map(|row| {
            let limit = row.crt_payb_lmt_amt?;
            Some(format!("{} {limit}", row.fund_pay_type))
        });
        limits.collect::<Vec<_>>()
    };
    // The basic fund pays 90 % above 400, up to 150,000 a year: here 149,040.00, and a third of a fen over the limit.
    assert_eq!(limits("166000"), [""; 0]);
    assert_eq!(limits("167066.67"), [""; 0]);
    assert_eq!(limits("400000"), ["390100 150000.00"]);
}

#[test]
fn a_reversal_restores_the_year_to_date() {
    for_every_policy(40, year_and_patient, |policy, (bills, mut patient)| {
        let mut settled: Vec<(Option<YearToDate>, Settlement)> = Vec::new();
        for bill in &bills {
            let Ok(settlement) = settle(policy, bill, &patient) else {
                continue;
            };
            let after = settlement.year_to_date().clone();
            let before = patient.year_to_date.replace(after);
            let now = settlement.year_to_date();
            let restored = year_without(now, &settlement, before.as_ref()).unwrap();
            let empty = YearToDate::new(policy.id(), bill.date.year());
            prop_assert_eq!(&restored, before.as_ref().unwrap_or(&empty));
            // It is as good as the one before: the same bill settles the same from it.
            let mut again = patient.clone();
            again.year_to_date = Some(restored);
            prop_assert_eq!(&settle(policy, bill, &again).unwrap(), &settlement);
            settled.push((before, settlement));
        }
        // The bills of a year may be reversed in any order: here from the first, as it is the hardest.
        let Some(mut now) = patient.year_to_date else {
            return Ok(());
        };
        for (before, settlement) in &settled {
            now = year_without(&now, settlement, before.as_ref()).unwrap();
        }
        prop_assert_eq!((now.bills(), now.counters().count()), (0, 0));
        let (before, settlement) = &settled[0];
        let twice = year_without(&now, settlement, before.as_ref());
        let refused = matches!(twice, Err(InterfaceError::NotCounted { .. }));
        prop_assert!(refused, "{twice:?}");
        Ok(())
    });
}

#[test]
fn a_counter_is_there_once() {
    let year = r#"{ "policy": "p", "year": 2020, "bills": 1, "counters": { "paid/a": "1.00", "paid/a": "2.00" } }"#;
    let error = serde_json::from_str::<YearToDate>(year).unwrap_err();
    let start = "the counter `paid/a` of a year to date is there twice: `1.00` and `2.00`";
    assert!(error.to_string().starts_with(start), "{error}");
}

#[test]
fn a_new_year_starts_from_nothing() {
    let book = RuleBook::embedded();
    let settled = |policy: &str, date: &str, year: Option<YearToDate>| {
        let mut bill = wrong::bill(wrong::REQUEST).unwrap();
        bill.date = date.parse().unwrap();
        let mut patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
        patient.year_to_date = year;
        settle(book.named(policy).unwrap(), &bill, &patient).unwrap()
    };
    let old = settled("yuetang/2019/assumed", "2019-06-01", None);
    let new = settled(
        "yuetang/2019/assumed",
        "2020-06-01",
        Some(old.year_to_date().clone()),
    );
    let restored = year_without(new.year_to_date(), &new, Some(old.year_to_date())).unwrap();
    assert_eq!(restored, YearToDate::new("yuetang", 2020));
}

/// Every code of the lists that has a word of ours, and the words are the right ones.
#[test]
fn national_codes_have_their_words() {
    let codes = RegionCodes::default();
    for (number, fee) in Fee::WORDS.iter().take(14).enumerate() {
        let code = format!("{:02}", number + 1);
        assert_eq!(codes.fee("f", &code).unwrap().id(), fee.id);
    }
    for (code, class) in [("01", Class::A), ("02", Class::B), ("03", Class::C)] {
        assert_eq!(codes.class("f", code), Ok(class));
    }
    for (code, care) in [
        ("11", Care::OUTPATIENT),
        ("12", Care::REGISTRATION_ONLY),
        ("13", Care::EMERGENCY),
        ("21", Care::INPATIENT),
        ("22", Care::INJURY_INPATIENT),
        ("23", Care::TRANSFERRED_INPATIENT),
        ("24", Care::EMERGENCY_INPATIENT),
        ("41", Care::PHARMACY),
        ("51", Care::MATERNITY_OUTPATIENT),
        ("52", Care::MATERNITY_INPATIENT),
    ] {
        assert_eq!(codes.care("f", code), Ok(care));
    }
    for (code, scheme) in [
        ("310", Scheme::EMPLOYEE),
        ("380", Scheme::NEW_RURAL),
        ("390", Scheme::RESIDENT),
    ] {
        assert_eq!(codes.scheme("f", code), Ok(scheme));
    }
    for (code, category) in [
        ("1", Category::EXTREMELY_POOR),
        ("2", Category::MINIMUM_LIVING),
        ("3", Category::REGISTERED_POOR),
        ("4", Category::SEVERELY_DISABLED_POOR),
    ] {
        assert_eq!(codes.category("f", code), Ok(category));
    }
    for (grade, all) in [
        (Grade::ONE, ["11", "12", "13", "14"].as_slice()),
        (Grade::TWO, &["21", "22", "23"]),
        (Grade::THREE, &["30", "31", "32", "33"]),
    ] {
        for code in all {
            assert_eq!(codes.grade("f", code).as_ref(), Ok(&grade));
        }
    }
    for word in OutpatientDisease::WORDS {
        let found = codes.outpatient_disease("f", word.codes[0]).unwrap();
        assert_eq!(found.id(), word.id);
    }
}

/// A region's own meaning goes before the national one.
#[test]
fn a_region_says_what_its_codes_mean() {
    let json = r#"{
        "med_type": { "14": "special-outpatient", "9901": "普通门诊" },
        "sp_psn_type": { "9": "低收入家庭" },
        "insutype": { "391": "resident" },
        "hosp_lv": { "9": "ungraded" }
    }"#;
    let codes: RegionCodes = serde_json::from_str(json).unwrap();
    assert_eq!(codes.care("f", "14"), Ok(Care::SPECIAL_OUTPATIENT));
    assert_eq!(codes.care("f", "9901"), Ok(Care::OUTPATIENT));
    assert_eq!(codes.care("f", "21"), Ok(Care::INPATIENT));
    assert_eq!(codes.category("f", "9"), Ok(Category::LOW_INCOME_FAMILY));
    assert_eq!(codes.scheme("f", "391"), Ok(Scheme::RESIDENT));
    assert_eq!(codes.grade("f", "9"), Ok(Grade::UNGRADED));
}

#[test]
fn a_request_says_what_it_says() {
    let bill: Bill = wrong::bill(wrong::REQUEST).unwrap();
    assert_eq!(bill.date, "2020-06-01".parse().unwrap());
    assert_eq!(bill.facility.grade, Some(Grade::TWO));
    assert_eq!(
        bill.outpatient_disease,
        Some(OutpatientDisease::ACTIVE_TUBERCULOSIS)
    );
    assert_eq!(bill.diagnoses[0].as_str(), "A15.0");
    assert_eq!(bill.lines[0].name(), Some("利福平"));
    assert_eq!(bill.lines[1].class(), Some(&Class::B));
    let request: Request = serde_json::from_str(&decimals_as_text(wrong::REQUEST)).unwrap();
    let patient = request.patient(&RegionCodes::default()).unwrap();
    assert_eq!(patient.scheme, Scheme::RESIDENT);
    let poor = &patient.categories[0];
    assert!(poor.on("2020-12-31".parse().unwrap()) && !poor.on("2021-01-01".parse().unwrap()));
    // It is written as it was read.
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&json).unwrap(), request);
}

/// What is said of everything that cannot be understood, to be read as whoever connects a hospital would read it.
#[test]
fn messages_are_as_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interface/errors.txt");
    let shown: String = wrong::messages()
        .into_iter()
        .map(|(title, message)| format!("## {title}\n\n{message}\n\n"))
        .collect();
    same_as_file(path, &shown);
}

#[test]
fn the_example_replies_as_shown() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/interface/reply.json");
    let request = include_str!("../examples/interface/request.json");
    same_as_file(path, &example::reply(request).unwrap());
    // An empty pipe is no request.
    let error = example::reply("").unwrap_err();
    assert!(
        example::failure(&*error).contains("\"infcode\": -1"),
        "{error}"
    );
    let error = example::reply(&request.replace("\"390\"", "\"391\"")).unwrap_err();
    assert_eq!(
        example::failure(&*error),
        "{\n  \"infcode\": -1,\n  \"err_msg\": \"`insutype` is `391` (城镇居民), which is not the same everywhere: \
         expected its meaning in the region's list `insutype`\"\n}\n"
    );
}

/// The text is that of a file, which `BLESS=1` writes anew.
fn same_as_file(path: &str, shown: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, shown).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let differs = shown.lines().zip(reviewed.lines()).find(|(a, b)| a != b);
    assert_eq!(differs, None, "first line that differs from `{path}`");
    assert_eq!(shown.len(), reviewed.len());
}

/// What is written fits the width that is stated: up to sixteen digits, two of them decimals.
#[test]
fn every_amount_fits_its_width() {
    let most = Money::MAX.to_string();
    let digits = most.chars().filter(char::is_ascii_digit).count();
    assert!(digits <= 16 && most.ends_with(".00"));
    let info = SetlInfo {
        medfee_sumamt: Money::MAX,
        fulamt_ownpay_amt: Money::MAX,
        psn_part_amt: Money::MAX,
        psn_cash_pay: Money::MAX,
        ..SetlInfo::default()
    };
    let record = Record::new(info, Vec::new(), Account::Apart).unwrap();
    round_trip(&record).unwrap();
}
