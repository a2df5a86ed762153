//! Messages that cannot be understood, each an edit of a good one, and what is said of them.

use payer_split::interface::{
    Account, RegionCodes, Reply, Request, SetlDetail, SetlInfo, decimals_as_text, year_without,
};
use payer_split::interface::{Record, Share};
use payer_split::{
    Bill, Category, Facility, Grade, Money, Patient, Place, RuleBook, Scheme, Settlement, Tier,
    YearToDate, settle,
};

/// A good request.
pub(crate) const REQUEST: &str = r#"{
    "setl_time": "2020-06-01",
    "med_type": "21",
    "insutype": "390",
    "hosp_lv": "22",
    "opsp_dise_code": "M00105",
    "diag_code": ["A15.0"],
    "idetinfo": [{ "sp_psn_type": "3", "begntime": "2014-01-01 00:00:00", "endtime": "2020-12-31" }],
    "feedetail": [
        { "med_chrgitm_type": "09", "chrgitm_lv": "01", "medins_list_name": "利福平", "det_item_fee_sumamt": 90.00,
          "cnt": 2, "pric": 45.000000, "pric_uplmt_amt": 999999, "selfpay_prop": 0 },
        { "med_chrgitm_type": "03", "chrgitm_lv": "02", "det_item_fee_sumamt": 100, "pric_uplmt_amt": 90.000000,
          "cnt": 1, "pric": 100, "selfpay_prop": 0.1000, "fulamt_ownpay_amt": 0, "overlmt_amt": 10.00,
          "preselfpay_amt": 9.00, "inscp_scp_amt": 81.00 }
    ]
}"#;

/// Its second line.
pub(crate) const LINE_B: &str = r#"{ "med_chrgitm_type": "03", "chrgitm_lv": "02", "det_item_fee_sumamt": 100, "pric_uplmt_amt": 90.000000,
          "cnt": 1, "pric": 100, "selfpay_prop": 0.1000, "fulamt_ownpay_amt": 0, "overlmt_amt": 10.00,
          "preselfpay_amt": 9.00, "inscp_scp_amt": 81.00 }"#;

fn facility() -> Facility {
    Facility {
        tier: Some(Tier::COUNTY),
        place: Some(Place::IN_COUNTY),
        designated: Some(true),
        ..Facility::default()
    }
}

/// The bill of a request, or what is wrong with it or its patient.
pub(crate) fn bill(request: &str) -> Result<Bill, String> {
    let request: Request =
        serde_json::from_str(&decimals_as_text(request)).map_err(|error| error.to_string())?;
    let codes = RegionCodes::default();
    request.patient(&codes).map_err(|error| error.to_string())?;
    request
        .bill(facility(), &codes)
        .map_err(|error| error.to_string())
}

/// Edits of the good request: a title, what is replaced, and by what.
const REQUESTS: [(&str, &str, &str); 46] = [
    (
        "a local kind of care",
        r#""med_type": "21""#,
        r#""med_type": "9907""#,
    ),
    (
        "chronic and special disease in one",
        r#""med_type": "21""#,
        r#""med_type": "14""#,
    ),
    (
        "a kind of care by its name",
        r#""med_type": "21""#,
        r#""med_type": "普通住院""#,
    ),
    (
        "a code that is none",
        r#""med_type": "21""#,
        r#""med_type": "20""#,
    ),
    (
        "a scheme that is not ours",
        r#""insutype": "390""#,
        r#""insutype": "340""#,
    ),
    (
        "a scheme with a slip",
        r#""insutype": "390""#,
        r#""insutype": "930""#,
    ),
    (
        "other identities",
        r#""sp_psn_type": "3""#,
        r#""sp_psn_type": "9""#,
    ),
    (
        "an identity that nobody knows",
        r#""sp_psn_type": "3""#,
        r#""sp_psn_type": "33""#,
    ),
    (
        "an identity that ends before it begins",
        r#""2020-12-31""#,
        r#""2013-12-31""#,
    ),
    ("a time that is none", "00:00:00", "25h"),
    ("a day that is none", "2020-06-01", "2020-02-30"),
    (
        "a grade that is none",
        r#""hosp_lv": "22""#,
        r#""hosp_lv": "24""#,
    ),
    ("a disease with a slip", "M00105", "M00150"),
    ("a diagnosis that is none", "A15.0", "肺结核"),
    (
        "a fee that is none",
        r#""med_chrgitm_type": "09""#,
        r#""med_chrgitm_type": "15""#,
    ),
    (
        "a class that is none",
        r#""chrgitm_lv": "01""#,
        r#""chrgitm_lv": "04""#,
    ),
    ("a class that is missing", r#""chrgitm_lv": "01", "#, ""),
    (
        "an amount that is missing",
        r#""det_item_fee_sumamt": 90.00"#,
        r#""det_item_fee_sumamt": """#,
    ),
    ("an amount finer than a fen", "90.00,", "90.001,"),
    ("an amount too large", "90.00,", "10000000000.01,"),
    ("an amount below zero", "90.00,", "-90.00,"),
    ("an amount that is none", "90.00,", "\"九十\","),
    ("a quantity too fine", r#""cnt": 2"#, r#""cnt": 2.00001"#),
    ("a quantity below zero", r#""cnt": 2"#, r#""cnt": -2"#),
    ("a price too fine", "45.000000", "45.0000001"),
    ("a price that is not the amount's", "45.000000", "44.000000"),
    ("a proportion too wide", "0.1000", "10"),
    ("a proportion of more than all", "0.1000", "1.1"),
    (
        "a limit that is missing",
        r#", "pric_uplmt_amt": 999999"#,
        "",
    ),
    (
        "a limit without a quantity",
        "\n          \"cnt\": 2, \"pric\": 45.000000, \"pric_uplmt_amt\": 999999",
        r#" "pric_uplmt_amt": 40"#,
    ),
    ("a part that is missing", r#""overlmt_amt": 10.00,"#, ""),
    (
        "parts that do not sum to the line",
        r#""inscp_scp_amt": 81.00"#,
        r#""inscp_scp_amt": 80.00"#,
    ),
    (
        "a part that does not follow",
        r#""preselfpay_amt": 9.00, "inscp_scp_amt": 81.00"#,
        r#""preselfpay_amt": 10.00, "inscp_scp_amt": 80.00"#,
    ),
    (
        "class A parts that forget the limit",
        LINE_B,
        r#"{ "med_chrgitm_type": "03", "chrgitm_lv": "01", "det_item_fee_sumamt": 90, "cnt": 1, "pric_uplmt_amt": 40,
          "fulamt_ownpay_amt": 0, "overlmt_amt": 0, "preselfpay_amt": 9, "inscp_scp_amt": 81 }"#,
    ),
    (
        "class B parts that forget the limit, without a proportion",
        LINE_B,
        r#"{ "med_chrgitm_type": "03", "chrgitm_lv": "02", "det_item_fee_sumamt": 90, "cnt": 1, "pric_uplmt_amt": 40,
          "fulamt_ownpay_amt": 0, "overlmt_amt": 0, "preselfpay_amt": 9, "inscp_scp_amt": 81 }"#,
    ),
    (
        "parts that forget the proportion, without a limit",
        LINE_B,
        r#"{ "med_chrgitm_type": "03", "chrgitm_lv": "02", "det_item_fee_sumamt": 100, "selfpay_prop": 0.1,
          "fulamt_ownpay_amt": 0, "overlmt_amt": 0, "preselfpay_amt": 50, "inscp_scp_amt": 50 }"#,
    ),
    (
        "a class C line that is paid in part",
        r#""chrgitm_lv": "02""#,
        r#""chrgitm_lv": "03""#,
    ),
    (
        "a field that nobody knows",
        r#""hosp_lv""#,
        r#""hosp_level""#,
    ),
    (
        "a scheme that is null",
        r#""insutype": "390""#,
        r#""insutype": null"#,
    ),
    (
        "a kind of care that is a truth",
        r#""med_type": "21""#,
        r#""med_type": true"#,
    ),
    (
        "an identity without a code",
        r#""sp_psn_type": "3""#,
        r#""sp_psn_type": """#,
    ),
    ("a diagnosis that is a number", r#"["A15.0"]"#, r#"[15]"#),
    ("a proportion that is a truth", r#"0.1000"#, r#"true"#),
    (
        "an amount with too many digits",
        r#"90.00,"#,
        r#"123456789012345678901234567890,"#,
    ),
    (
        "a price that is too large for its quantity",
        r#""cnt": 2, "pric": 45.000000"#,
        r#""cnt": 999999999999, "pric": 9999999999"#,
    ),
    ("a bill without lines", "", ""),
];

/// Every wrong message with its title and what is said of it.
pub(crate) fn messages() -> Vec<(String, String)> {
    assert!(bill(REQUEST).is_ok(), "{:?}", bill(REQUEST));
    assert!(REQUEST.contains(LINE_B));
    let mut all = Vec::new();
    let mut say = |title: &str, message: String| all.push((title.to_owned(), message));
    for (title, from, to) in REQUESTS {
        let request = match from {
            "" => {
                let (head, _) = REQUEST.split_once("\"feedetail\": [").unwrap();
                format!("{head}\"feedetail\": []}}")
            }
            _ => REQUEST.replacen(from, to, 1),
        };
        assert_ne!(request, REQUEST, "{title}");
        say(title, bill(&request).expect_err(title));
    }
    let float = serde_json::from_str::<Request>(REQUEST).unwrap_err();
    say(
        "a decimal that went through a binary fraction",
        float.to_string(),
    );
    let request: Request = serde_json::from_str(&decimals_as_text(REQUEST)).unwrap();
    let other = Facility {
        grade: Some(Grade::THREE),
        ..facility()
    };
    let error = request.bill(other, &RegionCodes::default()).unwrap_err();
    say("a grade that is not the facility's", error.to_string());
    for (title, error) in funds().into_iter().chain(records()).chain(reversals()) {
        say(title, error);
    }
    all
}

fn yuan(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn settled(policy: &str, amount: &str, year: Option<YearToDate>) -> Settlement {
    let book = RuleBook::embedded();
    let line = payer_split::Line::class_a("treatment", yuan(amount)).unwrap();
    let policy = book.named(policy).unwrap();
    let date = "2020-06-01".parse().unwrap();
    let date = if policy.is_in_force(date) {
        date
    } else {
        policy.from()
    };
    let mut bill = Bill::new(date, "inpatient", facility()).with_line(line);
    bill.diagnoses = vec!["K80.1".parse().unwrap()];
    (bill.referred, bill.admission) = (Some(false), Some(1));
    (bill.facility.grade, bill.facility.medical) = (Some(Grade::TWO), Some(true));
    let mut patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
    (patient.year_to_date, patient.age, patient.insured_years) = (year, Some(60), Some(5));
    settle(policy, &bill, &patient).unwrap_or_else(|error| panic!("{error}"))
}

fn funds() -> Vec<(&'static str, String)> {
    let reply = |policy: &str, acct_pay: &str, codes: &[(&str, &str)]| {
        let mut region = RegionCodes::default();
        for (payer, code) in codes {
            region.fund_pay_type.insert((*payer).into(), (*code).into());
        }
        let settlement = settled(policy, "5000", None);
        let reply = Reply::new(&settlement, yuan(acct_pay), Account::Apart, &region);
        reply.unwrap_err().to_string()
    };
    let yuetang = |codes| reply("yuetang/2019/assumed", "0", codes);
    let anhui = |codes| reply("anhui/2016/assumed", "0", codes);
    vec![
        ("a payer without a fund code", anhui(&[])),
        (
            "a fund code of a region that the rule file has otherwise",
            yuetang(&[("basic", "310100")]),
        ),
        ("a fund code that is none", anhui(&[("basic", "3901")])),
        ("the account as a payer", anhui(&[("basic", "310200")])),
        (
            "a fund with the hospital's code",
            anhui(&[("basic", "999996")]),
        ),
        (
            "a hospital with a fund's code",
            reply(
                "qingzhen/first-raise/assumed",
                "0",
                &[
                    ("public-health", "999997"),
                    ("cooperative", "390100"),
                    ("major", "390200"),
                    ("family-planning", "650101"),
                    ("benefit-people", "650101"),
                    ("emergency-aid", "650101"),
                    ("aid", "610101"),
                    ("hospital", "390100"),
                ],
            ),
        ),
        (
            "more from the account than the patient pays",
            reply("yuetang/2019/assumed", "1000", &[]),
        ),
        (
            "less than nothing from the account",
            reply("yuetang/2019/assumed", "-0.01", &[]),
        ),
        (
            "a ratio that does not fit",
            Share::read("setlinfo.pool_prop_selfpay", "0.45125")
                .unwrap_err()
                .to_string(),
        ),
    ]
}

fn records() -> Vec<(&'static str, String)> {
    let info = SetlInfo {
        medfee_sumamt: yuan("100"),
        inscp_scp_amt: yuan("100"),
        hifp_pay: yuan("60"),
        fund_pay_sumamt: yuan("60"),
        hosp_part_amt: yuan("10"),
        psn_part_amt: yuan("30"),
        acct_pay: yuan("5"),
        psn_cash_pay: yuan("25"),
        ..SetlInfo::default()
    };
    let row = |code: &str, amount: &str| SetlDetail {
        fund_pay_type: code.into(),
        inscp_scp_amt: Money::ZERO,
        crt_payb_lmt_amt: None,
        fund_payamt: yuan(amount),
        fund_pay_type_name: None,
        setl_proc_info: None,
    };
    let rows = vec![row("390100", "60"), row("310200", "5"), row("999996", "10")];
    let good = Record::new(info.clone(), rows.clone(), Account::Apart).unwrap();
    let refused = |info: SetlInfo, rows: Vec<SetlDetail>| {
        Record::new(info, rows, Account::Apart)
            .unwrap_err()
            .to_string()
    };
    let with = |change: &dyn Fn(&mut SetlInfo)| {
        let mut changed = info.clone();
        change(&mut changed);
        refused(changed, rows.clone())
    };
    let row_with = |number: usize, change: &dyn Fn(&mut SetlDetail)| {
        let mut changed = rows.clone();
        change(&mut changed[number]);
        refused(info.clone(), changed)
    };
    let json = serde_json::to_string(&good).unwrap();
    let read = |from: &str, to: &str| {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        serde_json::from_str::<Record>(&changed)
            .unwrap_err()
            .to_string()
    };
    let mut reversal = info.clone();
    reversal.psn_cash_pay = yuan("20");
    reversal.acct_pay = yuan("10");
    let mut other_rows = rows.clone();
    other_rows[1].fund_payamt = yuan("10");
    let other = Record::new(reversal, other_rows, Account::Apart).unwrap();
    let wrong_reversal = good.check_reversal(&other.reversal().unwrap());
    let mut other_rows = rows.clone();
    other_rows[0].fund_pay_type = "310100".into();
    let other = Record::new(info.clone(), other_rows, Account::Apart).unwrap();
    let wrong_fund = good.check_reversal(&other.reversal().unwrap());
    // Without an account both ways of counting it come to the same amounts.
    let mut bare = info.clone();
    (bare.acct_pay, bare.psn_cash_pay) = (Money::ZERO, yuan("30"));
    let bare_rows = vec![rows[0].clone(), rows[2].clone()];
    let with_funds = Record::new(bare.clone(), bare_rows.clone(), Account::WithFunds).unwrap();
    let apart = Record::new(bare.clone(), bare_rows.clone(), Account::Apart).unwrap();
    let wrong_account = apart.check_reversal(&with_funds.reversal().unwrap());
    let mut other_rows = bare_rows;
    other_rows[0].inscp_scp_amt = yuan("1");
    let other = Record::new(bare, other_rows, Account::Apart).unwrap();
    let wrong_scope = apart.check_reversal(&other.reversal().unwrap());
    vec![
        (
            "a reversal that counts the account otherwise",
            wrong_account.unwrap_err().to_string(),
        ),
        (
            "a reversal of another in-scope cost",
            wrong_scope.unwrap_err().to_string(),
        ),
        (
            "parts that do not sum to the total",
            with(&|info| info.preselfpay_amt = yuan("1")),
        ),
        (
            "payers that do not sum to the total",
            with(&|info| info.psn_part_amt = yuan("29")),
        ),
        (
            "account and cash that do not sum to the person",
            with(&|info| info.acct_pay = yuan("4")),
        ),
        (
            "funds that do not sum to their total",
            with(&|info| info.oth_pay = yuan("0.01")),
        ),
        (
            "amounts that cannot be summed",
            with(&|info| {
                info.fulamt_ownpay_amt = Money::MAX;
            }),
        ),
        (
            "rows that do not sum to the funds",
            row_with(0, &|row| row.fund_payamt = yuan("59.99")),
        ),
        (
            "a row of a fund that has another field",
            row_with(0, &|row| row.fund_pay_type = "610100".into()),
        ),
        (
            "an account that has another row",
            row_with(1, &|row| row.fund_payamt = yuan("4")),
        ),
        (
            "a hospital without its row",
            refused(info.clone(), rows[..2].to_vec()),
        ),
        (
            "a row with a code that is none",
            row_with(0, &|row| row.fund_pay_type = "3901".into()),
        ),
        (
            "a row with a name too long",
            row_with(0, &|row| row.fund_pay_type_name = Some("长".repeat(201)))
                .replace(&"长".repeat(201), "长…"),
        ),
        (
            "a record without an amount",
            read("\"psn_part_amt\":\"30.00\",", ""),
        ),
        (
            "a record with an empty amount",
            read("\"psn_part_amt\":\"30.00\"", "\"psn_part_amt\":\"\""),
        ),
        (
            "a record with an amount too fine",
            read("\"30.00\"", "\"30.000\""),
        ),
        (
            "a record with an amount that is not one",
            read("\"30.00\"", "true"),
        ),
        (
            "a row without a code",
            read("\"fund_pay_type\":\"390100\",", ""),
        ),
        ("a record without rows", {
            let (head, _) = json.split_once(",\"setldetail\"").unwrap();
            serde_json::from_str::<Record>(&format!("{head}}}"))
                .unwrap_err()
                .to_string()
        }),
        (
            "a reversal with another amount",
            wrong_reversal.unwrap_err().to_string(),
        ),
        (
            "a reversal of another fund",
            wrong_fund.unwrap_err().to_string(),
        ),
    ]
}

fn reversals() -> Vec<(&'static str, String)> {
    let yuetang = |year| settled("yuetang/2019/assumed", "5000", year);
    let first = yuetang(None);
    let one = first.year_to_date().clone();
    let second = yuetang(Some(one.clone()));
    let two = second.year_to_date().clone();
    let anhui = settled("anhui/2016/assumed", "5000", None);
    let smaller = settled("yuetang/2019/assumed", "4000", None);
    let refused = |now: &YearToDate, settlement: &Settlement, before: Option<&YearToDate>| {
        year_without(now, settlement, before)
            .unwrap_err()
            .to_string()
    };
    let none = year_without(&one, &first, None).unwrap();
    vec![
        (
            "a reversal of another policy's settlement",
            refused(&two, &anhui, None),
        ),
        (
            "a reversal that started from another policy's year",
            refused(&two, &second, Some(anhui.year_to_date())),
        ),
        (
            "a reversal of another year's settlement",
            refused(&YearToDate::new("yuetang", 2021), &first, None),
        ),
        (
            "a reversal for the second time",
            refused(&none, &first, None),
        ),
        (
            "a reversal of a bill that is not in the year",
            refused(smaller.year_to_date(), &first, None),
        ),
        (
            "a reversal that forgets the bills before",
            refused(&two, &second, None),
        ),
        (
            "a reversal with other bills before",
            refused(&two, &second, Some(smaller.year_to_date())),
        ),
    ]
}
