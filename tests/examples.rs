//! What the examples print, and how they fail.

#[expect(dead_code, reason = "`main` prints what `document` returns")]
#[path = "../examples/document.rs"]
mod document;
#[expect(dead_code, reason = "`main` prints what `told` returns")]
#[path = "../examples/receipt.rs"]
mod receipt;
#[expect(dead_code, reason = "`main` hands `run` the process's arguments")]
#[path = "../examples/settle.rs"]
mod settle;
#[expect(dead_code, reason = "`main` prints what `year` returns")]
#[path = "../examples/year.rs"]
mod year;

use payer_split::{Money, Settlement};
use std::fs;
use std::path::PathBuf;

/// Runs the settle example with words separated by blanks.
fn run(line: &str) -> settle::Outcome {
    settle::run(line.split_whitespace().map(Into::into))
}

/// What a run prints that must go well.
fn printed(line: &str) -> String {
    let outcome = run(line);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{line}");
    outcome.stdout
}

fn settled(line: &str) -> Settlement {
    serde_json::from_str(&printed(&format!("{line} --json"))).unwrap()
}

/// Asserts that a run prints nothing and fails with this message.
fn refused(line: &str, code: u8, message: &str) {
    let outcome = run(line);
    assert_eq!(outcome.stdout, "", "{line}");
    assert_eq!(outcome.code, code, "{line}: {}", outcome.stderr);
    assert!(
        outcome.stderr.contains(message),
        "{line}: {}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.starts_with("error"),
        "{line}: {}",
        outcome.stderr
    );
}

/// Writes a file for a test; its path.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

const OWN: &str = "--patient examples/data/patient.toml --policy yuetang";

#[test]
fn without_arguments_it_settles_the_published_bill() {
    let text = printed("");
    for line in [
        "  合计                  total                                          4549.20",
        "  居民基本医保          Resident basic insurance                       3060.00",
        "  政府兜底              Government floor                                405.28",
        "  个人                  The patient                                     454.92",
        "  占总费用              of the total                                    90.00%",
        "  版本    version     yuetang/2019/assumed",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let settlement = settled("");
    assert_eq!(settlement.patient(), Money::parse("454.92").unwrap());
    assert_eq!(settlement.statement().to_string() + "\n", text);
}

#[test]
fn a_bill_is_the_same_however_it_is_given() {
    for line in [
        format!("--bill examples/data/bill.toml {OWN}"),
        format!("--bill examples/data/bill.json {OWN} --assumed"),
        "--region 430304".into(),
        "--rules rules --policy yuetang".into(),
        "--rules rules/hunan/yuetang".into(),
        "--date 2020-06-01".into(),
    ] {
        assert_eq!(settled(&line), settled(""), "{line}");
    }
    let later = settled("--date 2020-07-02");
    assert_eq!(later.date().to_string(), "2020-07-02");
}

#[test]
fn the_stated_layer_is_taken_where_there_is_no_other() {
    let rules = file(
        "stated.toml",
        r#"
        [policy]
        id = "here"
        version = "1"
        region = "unstated"
        name = "此地"
        from = 2020-01-01
        to = "open"
        source = "S"

        [[source]]
        id = "S"
        title = "文件"
        date = "undated"

        [[payer]]
        id = "basic"
        name = "基本医保"
        kind = "insurance"

        [[step]]
        id = "basic"
        name = "基本医保"
        payer = "basic"
        source = "S"
        ratio = "50%"
        "#,
    );
    let here = settled(&format!("--rules {rules} --policy here"));
    assert_eq!(here.policy(), "here/1");
    assert_eq!(here.paid("basic"), Some(Money::parse("1900.00").unwrap()));
    let line = format!("--rules {rules} --policy here --assumed");
    refused(&line, 1, "unknown id `here` in the assumed layer");
}

#[test]
fn a_year_carries_the_year_to_date() {
    let year = "--year examples/data/year.toml --patient examples/data/patient.toml --policy anhui";
    let settlements: Vec<Settlement> =
        serde_json::from_str(&printed(&format!("{year} --json"))).unwrap();
    let patient: Vec<String> = settlements
        .iter()
        .map(|settlement| settlement.patient().to_string())
        .collect();
    // 200 of the second bill is out of scope, where the cap does not reach.
    assert_eq!(patient, ["2640.00", "560.00", "0.00"]);
    assert_eq!(settlements[2].year_to_date().bills(), 3);
    let text = printed(year);
    for settlement in &settlements {
        assert!(text.contains(&settlement.statement().to_string()));
    }
    assert!(
        text.contains("  合计 total          47000.00        43800.00         3200.00\n"),
        "{text}"
    );
}

#[test]
fn a_year_is_printed_up_to_the_bill_that_is_refused() {
    let bill = fs::read_to_string("examples/data/bill.json").unwrap();
    let later = bill.replace("2020-06-01", "2021-06-01");
    let year = file("year.json", &format!("[{bill}, {later}, {bill}]"));
    let outcome = run(&format!("--year {year} {OWN} --json"));
    assert_eq!(outcome.code, 1);
    let settlements: Vec<Settlement> = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(settlements.len(), 1);
    let message = "error: bill 2: no version of the id `yuetang` is in force on 2021-06-01";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
}

#[test]
fn what_cannot_be_settled_is_refused() {
    refused("--stated", 1, "error: unstated `deductible`");
    refused("--date 2018-12-31", 1, "in force on 2018-12-31");
    refused("--policy yuetan", 1, "unknown id `yuetan`");
    refused("--region 999999", 1, "unknown region `999999`");
    refused("--rules nowhere", 1, "cannot read `nowhere`");
    refused("--rules src", 1, "no rule files below `src`");
    let bill = |path: &str| format!("--bill {path} {OWN}");
    refused(&bill("nowhere.toml"), 1, "cannot read `nowhere.toml`");
    refused(
        &bill("bill.csv"),
        1,
        "expected a `.toml` or `.json` file, found `bill.csv`",
    );
    let empty = file("empty.json", "[]");
    refused(&format!("--year {empty} {OWN}"), 1, "has no bills");
}

#[test]
fn problems_of_files_are_shown_with_their_places() {
    let bill = fs::read_to_string("examples/data/bill.toml").unwrap();
    let wrong = file(
        "wrong.toml",
        &bill.replace("3800", "38.001").replace("care =", "cair ="),
    );
    let outcome = run(&format!("--bill {wrong} {OWN}"));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    for text in ["cair", "38.001", "wrong.toml:5:1", "^^^^"] {
        assert!(outcome.stderr.contains(text), "{}", outcome.stderr);
    }

    let json = fs::read_to_string("examples/data/bill.json").unwrap();
    let float = file("float.json", &json.replace("3800", "3800.5"));
    let message = "write the amount as a string";
    refused(&format!("--bill {float} {OWN}"), 1, message);

    let rules = file("rules.toml", "[policy]\nid = 7\n");
    refused(&format!("--rules {rules}"), 1, "rules.toml:2:6");
}

#[test]
fn wrong_usage_is_told_apart() {
    for (line, message) in [
        ("--polcy yuetang", "unknown option `--polcy`"),
        ("yuetang", "unknown option `yuetang`"),
        ("--policy", "expected a value after `--policy`"),
        ("--policy --json", "expected a value after `--policy`"),
        ("--policy a --policy b", "`--policy` is given twice"),
        ("--policy a --region b", "exclude each other"),
        ("--stated --assumed", "exclude each other"),
        ("--bill a.toml --year b.toml", "exclude each other"),
        ("--year a.toml --date 2020-01-01", "not with `--year`"),
        ("--bill a.toml --policy yuetang", "expected `--patient`"),
        (
            "--bill a.toml --patient b.toml",
            "expected `--policy` or `--region`",
        ),
        ("--date 2020-02-30", "`--date`: "),
    ] {
        refused(line, 2, message);
        assert!(run(line).stderr.contains("`--help`"), "{line}");
    }
}

#[test]
fn it_lists_the_policies_and_helps() {
    let list = printed("--list");
    for policy in payer_split::RuleBook::embedded().policies() {
        assert!(list.contains(&policy.full_name()) && list.contains(policy.name()));
    }
    assert!(list.contains("2018-01-01 to open"), "{list}");
    let help = printed("--help");
    assert!(help.lines().all(|line| line.len() <= 80), "{help}");
}

#[test]
fn the_year_reaches_its_cap() {
    let expected = "\
date                bill      payers     patient
2019-03-05      12000.00     9360.00     2640.00
2019-07-20      20000.00    19640.00      360.00
2019-11-11      15000.00    15000.00        0.00

paid in 2019
basic           36880.00
major            2532.00
aid                 0.00
budget           4588.00
patient          3000.00
";
    assert_eq!(year::year().unwrap(), expected);
}

#[test]
fn documents_in_two_languages_and_two_forms() {
    let document = |line: &str| {
        let words: Vec<String> = line.split_whitespace().map(Into::into).collect();
        document::document(&words).map_err(|error| error.to_string())
    };
    for (line, expected) in [
        (
            "",
            "  4  政府兜底                                           405.28           8.91%\n",
        ),
        (
            "sheet",
            "  4  财政兜底                                           405.28           8.91%\n",
        ),
        (
            "sheet en",
            "  4  Government floor                                   405.28           8.91%\n",
        ),
        ("html", "<html lang=\"zh"),
        ("en html", "<html lang=\"en"),
    ] {
        let text = document(line).unwrap();
        assert!(text.contains(expected), "{line}: {text}");
    }
    let message =
        "unknown argument `pdf`: expected `sheet` or `patient`, `zh` or `en`, `text` or `html`";
    assert_eq!(document("pdf"), Err(message.into()));
}

#[test]
fn a_receipt_finds_an_alteration_out_and_is_settled_again() {
    let told = receipt::told(false).unwrap();
    assert!(told.contains("\naltered     the receipt's `patient` is not what was sealed"));
    assert!(
        told.ends_with("settled again: yuetang/2019/assumed: the same\n"),
        "{told}"
    );
    let json = receipt::told(true).unwrap();
    let read: payer_split::receipt::Receipt = serde_json::from_str(&json).unwrap();
    assert_eq!(read.verify(), Ok(()));
}
