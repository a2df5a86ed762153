//! Receipts: what is sealed can be replayed to the fen, and nothing of it can be changed unseen.

use payer_split::receipt::{Amount, Change, RESULT_VERSION, Receipt, ReceiptError, Replay};
use payer_split::strategies::bill_and_patient;
use payer_split::{
    Bill, Case, Detail, Layer, Money, Patient, Policy, RuleBook, Settlement, Workspace, settle,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

const STATED: &str = "rules/hunan/yuetang/2019.toml";
const ASSUMED: &str = "rules/hunan/yuetang/2019.assumed.toml";

/// The bill of Yuetang's report and its patient.
fn inputs() -> (Bill, Patient) {
    let bill = Bill::from_toml("bill.toml", include_str!("../examples/data/bill.toml"));
    let patient = Patient::from_toml(
        "patient.toml",
        include_str!("../examples/data/patient.toml"),
    );
    (bill.unwrap(), patient.unwrap())
}

fn yuetang(book: &RuleBook) -> &Policy {
    book.named("yuetang/2019/assumed").unwrap()
}

fn receipt(book: &RuleBook) -> Receipt {
    let (bill, patient) = inputs();
    let settlement = settle(yuetang(book), &bill, &patient).unwrap();
    Receipt::seal(book, &settlement, &bill, &patient).unwrap()
}

fn text(path: &str) -> &'static str {
    let mut files = RuleBook::embedded_files();
    files.find(|(name, _)| *name == path).unwrap().1
}

/// Yuetang's two files, with these pieces of text replaced wherever they stand in one of them.
fn edited(edits: &[(&str, &str)]) -> RuleBook {
    let mut texts = [text(STATED).to_owned(), text(ASSUMED).to_owned()];
    for (from, to) in edits {
        let found = texts.iter_mut().find(|text| text.contains(from));
        let text = found.unwrap_or_else(|| panic!("no `{from}`"));
        *text = text.replacen(from, to, 1);
    }
    let [stated, assumed] = &texts;
    let files = [
        ("stated.toml", stated.as_str()),
        ("assumed.toml", assumed.as_str()),
    ];
    RuleBook::from_texts(files).unwrap_or_else(|problems| panic!("{problems}"))
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the seal is the hash of, by the words of the documentation.
fn unsealed(receipt: &Receipt) -> String {
    let json = serde_json::to_string(receipt).unwrap();
    let (before, _) = json.rsplit_once(",\"seal\":").unwrap();
    format!("{before}}}")
}

/// Seals a changed receipt anew, as somebody would who knows how.
fn reseal(receipt: &mut Receipt) {
    let json = |value: Result<String, serde_json::Error>| sha256(&value.unwrap());
    receipt.hashes.made_by = json(serde_json::to_string(&receipt.made_by));
    receipt.hashes.policy = json(serde_json::to_string(&receipt.policy));
    receipt.hashes.rules = json(serde_json::to_string(&receipt.rules));
    receipt.hashes.bill = json(serde_json::to_string(&receipt.bill));
    receipt.hashes.patient = json(serde_json::to_string(&receipt.patient));
    receipt.hashes.settlement = json(serde_json::to_string(&receipt.settlement));
    receipt.seal = sha256(&unsealed(receipt));
}

fn amounts(replay: &Replay) -> BTreeSet<String> {
    let changes = replay.changes.iter();
    changes
        .filter_map(|change| match change {
            Change::Amount { amount, .. } => Some(amount.to_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn every_shipped_policy_is_sealed_and_replayed() {
    let book = RuleBook::embedded();
    let mut sealed = BTreeSet::new();
    let mut settled = 0;
    for case in Case::read_dir("rules").unwrap() {
        let mut patient = case.patient.clone();
        for (bill, _) in &case.bills {
            let Ok(policy) = book.find_id(&case.policy, bill.date, case.layer) else {
                break;
            };
            let Ok(settlement) = settle(policy, bill, &patient) else {
                break;
            };
            let receipt = Receipt::seal(&book, &settlement, bill, &patient).unwrap();
            assert_eq!(receipt.settlement, settlement, "{}", case.name);
            let replay = receipt.replay(&book).unwrap();
            assert!(replay.is_same(), "{}: {replay}", case.name);
            sealed.insert(policy.full_name());
            settled += 1;
            patient.year_to_date = Some(settlement.year_to_date().clone());
        }
    }
    let all: BTreeSet<String> = book.policies().map(Policy::full_name).collect();
    let missing: Vec<&String> = all.difference(&sealed).collect();
    assert!(missing.is_empty(), "never sealed: {missing:?}");
    assert!(settled > 500, "{settled}");
}

#[test]
fn json_is_stable_to_the_byte() {
    let receipt = receipt(&RuleBook::embedded());
    let compact = serde_json::to_string(&receipt).unwrap();
    let pretty = serde_json::to_string_pretty(&receipt).unwrap();
    for json in [&compact, &pretty] {
        let read: Receipt = serde_json::from_str(json).unwrap();
        assert_eq!(read, receipt);
        assert_eq!(serde_json::to_string(&read).unwrap(), compact);
        read.verify().unwrap();
    }
    // Whatever the order of keys on the way.
    let sorted: Value = serde_json::from_str(&compact).unwrap();
    let read: Receipt = serde_json::from_value(sorted).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), compact);
}

#[test]
fn the_hashes_are_as_documented() {
    let book = RuleBook::embedded();
    let receipt = receipt(&book);
    assert_eq!(receipt.seal, sha256(&unsealed(&receipt)));
    let mut again = receipt.clone();
    reseal(&mut again);
    assert_eq!(again, receipt);
    let rules: Vec<(&str, &str)> = receipt
        .rules
        .iter()
        .map(|text| (text.policy.as_str(), text.sha256.as_str()))
        .collect();
    let (stated, assumed) = (sha256(text(STATED)), sha256(text(ASSUMED)));
    assert_eq!(
        rules,
        [
            ("yuetang/2019", &*stated),
            ("yuetang/2019/assumed", &*assumed)
        ]
    );
    // Neither the names of the files nor a byte order mark count.
    let marked = format!("\u{feff}{}", text(STATED));
    let files = [("c:\\b.toml", text(ASSUMED)), ("c:\\a.toml", &*marked)];
    let moved = RuleBook::from_texts(files).unwrap();
    assert!(receipt.replay(&moved).unwrap().is_same());
}

/// The leaves of a value: each by its path.
fn leaves(value: &Value, path: Vec<String>, out: &mut Vec<Vec<String>>) {
    let below = |key: String| {
        let mut below = path.clone();
        below.push(key);
        below
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(value, below(key.clone()), out);
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                leaves(value, below(number.to_string()), out);
            }
        }
        _ => out.push(path),
    }
}

/// Another value of the same sort.
fn altered(value: &Value) -> Value {
    match value {
        Value::Null => Value::from("x"),
        Value::Bool(flag) => Value::from(!flag),
        Value::Number(number) => Value::from(number.as_i64().unwrap() + 1),
        Value::String(text) => {
            // An amount stays an amount, a date a date, and a hash a hash.
            let mut changed = text.clone();
            match changed.rfind(|c: char| c.is_ascii_digit()) {
                Some(at) => {
                    let digit = if &changed[at..=at] == "1" { "2" } else { "1" };
                    changed.replace_range(at..=at, digit);
                }
                None => changed.push('x'),
            }
            Value::from(changed)
        }
        other => panic!("{other} is no leaf"),
    }
}

/// Every leaf of a receipt, changed: it is refused when it is read, or the field is named. Only a leaf that is changed
/// into another way of writing the same may pass.
#[test]
fn each_tampered_field_is_found() {
    let receipt = receipt(&RuleBook::embedded());
    let whole = serde_json::to_value(&receipt).unwrap();
    let mut paths = Vec::new();
    leaves(&whole, Vec::new(), &mut paths);
    let mut named = BTreeSet::new();
    for path in &paths {
        let keys = path.iter();
        let keys = keys.map(|key| key.replace('~', "~0").replace('/', "~1"));
        let pointer: String = keys.map(|key| format!("/{key}")).collect();
        let mut changed = whole.clone();
        let leaf = changed.pointer_mut(&pointer);
        let leaf = leaf.unwrap_or_else(|| panic!("no `{pointer}`"));
        *leaf = altered(leaf);
        let Ok(read) = serde_json::from_value::<Receipt>(changed) else {
            continue;
        };
        let error = read.verify().expect_err(&pointer);
        let ReceiptError::Tampered {
            field, sealed, now, ..
        } = &error
        else {
            panic!("{pointer}: {error}");
        };
        let top = path[0].as_str();
        match top {
            // A changed hash accuses the field that it is the hash of.
            "hashes" => assert_eq!(path[1], *field, "{error}"),
            top => assert_eq!(top, *field, "{error}"),
        }
        assert_ne!(sealed, now);
        assert!(error.to_string().contains(&format!("`{field}`")), "{error}");
        named.insert(top.to_owned());
    }
    assert!(paths.len() > 300, "{}", paths.len());
    let all = [
        "made_by",
        "policy",
        "rules",
        "bill",
        "patient",
        "settlement",
        "hashes",
        "seal",
    ];
    assert_eq!(named, all.map(str::to_owned).into());
}

#[test]
fn an_error_names_field_and_value() {
    let book = RuleBook::embedded();
    let mut receipt = receipt(&book);
    receipt.made_by.version = "0.0.9".into();
    let error = receipt.replay(&book).unwrap_err().to_string();
    let start = "the receipt's `made_by` is not what was sealed: the hash of \
                 `{\"version\":\"0.0.9\",\"result_version\":";
    assert!(error.starts_with(start), "{error}");

    let sealed = Receipt::seal(&book, &receipt.settlement, &receipt.bill, &receipt.patient);
    let mut sealed = sealed.unwrap();
    let right = std::mem::replace(&mut sealed.seal, "0".repeat(64));
    assert_eq!(
        sealed.verify().unwrap_err().to_string(),
        format!(
            "the receipt's `seal` is `{}`, but the hash of all else is `{right}`: expected the same hash",
            "0".repeat(64)
        )
    );

    let (bill, patient) = inputs();
    let settlement = settle(yuetang(&book), &bill, &patient).unwrap();
    let other = RuleBook::from_texts([("a.toml", text(STATED))]).unwrap();
    let error = Receipt::seal(&other, &settlement, &bill, &patient).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown policy `yuetang/2019/assumed`: expected the full name of a policy of the rule book"
    );
    receipt.policy.version = "2018".into();
    reseal(&mut receipt);
    let error = receipt.replay(&book).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown policy `yuetang/2018/assumed`: expected the full name of a policy of the rule book; \
         did you mean `yuetang/2019/assumed`?"
    );
}

#[test]
fn only_what_follows_from_the_inputs_is_sealed() {
    let book = RuleBook::embedded();
    let (bill, mut patient) = inputs();
    let settlement = settle(yuetang(&book), &bill, &patient).unwrap();
    patient.categories.clear();
    let error = Receipt::seal(&book, &settlement, &bill, &patient).unwrap_err();
    let message = error.to_string();
    let start = "the settlement is not what `yuetang/2019/assumed` makes of the bill and the patient: \
                 patient: given `454.92`, settled `";
    assert!(message.starts_with(start), "{message}");
    patient.scheme = "no-such-scheme".into();
    let error = Receipt::seal(&book, &settlement, &bill, &patient).unwrap_err();
    assert!(matches!(error, ReceiptError::Refused(_)), "{error}");
    assert!(error.to_string().contains("`no-such-scheme`"), "{error}");
}

#[test]
fn a_comment_in_a_rule_file_is_a_change_of_its_text_alone() {
    let receipt = receipt(&RuleBook::embedded());
    let book = edited(&[("[policy]", "# a comment\n[policy]")]);
    let replay = receipt.replay(&book).unwrap();
    assert!(!replay.is_same() && replay.is_same_in_amounts(), "{replay}");
    let (old, new) = (sha256(text(STATED)), &book.texts(yuetang(&book))[0].sha256);
    assert_eq!(
        replay.to_string(),
        format!(
            "yuetang/2019/assumed: the same amounts\n  \
             rule text of `yuetang/2019`: sealed `{old}`, now `{new}`"
        )
    );
}

#[test]
fn a_changed_figure_shows_in_the_amounts_it_moves() {
    let receipt = receipt(&RuleBook::embedded());
    // Medical aid from 70 % to 60 %: it pays less, and the floor pays that instead of it.
    let book = edited(&[("\nratio = \"70%\"\n", "\nratio = \"60%\"\n")]);
    let replay = receipt.replay(&book).unwrap();
    assert!(!replay.is_same_in_amounts());
    let change = |amount: Amount| {
        let mut changes = replay.changes.iter();
        changes.find_map(|change| match change {
            Change::Amount {
                amount: known,
                sealed,
                now,
            } if *known == amount => Some([sealed, now].map(|amount| amount.unwrap().to_string())),
            _ => None,
        })
    };
    let pair = |sealed: &str, now: &str| Some([sealed.to_owned(), now.to_owned()]);
    assert_eq!(
        change(Amount::Payer("aid".into())),
        pair("259.00", "222.00")
    );
    assert_eq!(change(Amount::Step("aid".into())), pair("259.00", "222.00"));
    assert_eq!(
        change(Amount::Payer("government".into())),
        pair("405.28", "442.28")
    );
    let counter = Amount::YearToDate("paid/aid".into());
    assert_eq!(change(counter), pair("259.00", "222.00"));
    assert_eq!(change(Amount::Patient), None);
    assert_eq!(change(Amount::Payer("basic".into())), None);
    let text = replay.to_string();
    assert!(
        text.contains("\n  payer `aid`: sealed `259.00`, now `222.00`\n"),
        "{text}"
    );
    assert!(text.contains("\n  line 1, payer `aid`: sealed `"), "{text}");
    let json = serde_json::to_string(&replay).unwrap();
    assert_eq!(serde_json::from_str::<Replay>(&json).unwrap(), replay);
}

#[test]
fn another_name_is_a_change_of_wording() {
    let receipt = receipt(&RuleBook::embedded());
    let replay = receipt
        .replay(&edited(&[("name = \"扶贫特惠保\"", "name = \"特惠保\"")]))
        .unwrap();
    assert!(replay.is_same_in_amounts());
    assert_eq!(replay.changes.last(), Some(&Change::Wording), "{replay}");
}

#[test]
fn another_number_of_bills_is_a_change_of_its_own() {
    let book = RuleBook::embedded();
    let mut json = serde_json::to_value(receipt(&book)).unwrap();
    let bills = json.pointer_mut("/settlement/year_to_date/bills").unwrap();
    *bills = 7.into();
    let mut receipt: Receipt = serde_json::from_value(json).unwrap();
    reseal(&mut receipt);
    let replay = receipt.replay(&book).unwrap();
    assert!(replay.is_same_in_amounts() && !replay.is_same());
    let text = replay.to_string();
    assert!(
        text.ends_with("\n  year to date, `bills`: sealed `7`, now `1`"),
        "{text}"
    );
}

#[test]
fn a_step_that_is_gone_or_new_has_an_amount_on_one_side() {
    let receipt = receipt(&RuleBook::embedded());
    let book = edited(&[("id = \"aid\"\nbefore", "id = \"second-aid\"\nbefore")]);
    let replay = receipt.replay(&book).unwrap();
    let text = replay.to_string();
    assert!(
        text.contains("\n  step `aid`: sealed `259.00`, now none\n"),
        "{text}"
    );
    assert!(
        text.contains("\n  step `second-aid`: sealed none, now `259.00`"),
        "{text}"
    );
    assert!(!amounts(&replay).contains("payer `aid`"), "{text}");
}

#[test]
fn a_bill_that_is_now_refused_is_told_so() {
    let receipt = receipt(&RuleBook::embedded());
    let replay = receipt
        .replay(&edited(&[(
            "\nratio = \"70%\"\n",
            "\nratio = \"unstated\"\n",
        )]))
        .unwrap();
    let Some(Change::Refused { kind, reason }) = replay.changes.last() else {
        panic!("{replay}");
    };
    assert_eq!(kind, "unstated");
    assert!(reason.contains("aid"), "{reason}");
    assert!(!replay.is_same_in_amounts());
}

#[test]
fn a_receipt_of_another_version_says_so() {
    let book = RuleBook::embedded();
    let mut receipt = receipt(&book);
    receipt.made_by.version = "0.0.9".into();
    receipt.made_by.result_version = 1;
    reseal(&mut receipt);
    let replay = receipt.replay(&book).unwrap();
    assert_eq!(
        replay.to_string(),
        format!(
            "yuetang/2019/assumed: the same amounts\n  \
             version of payer-split: sealed `0.0.9`, now `{}`\n  \
             result version: sealed `1`, now `{RESULT_VERSION}`",
            env!("CARGO_PKG_VERSION")
        )
    );
}

/// Whoever seals a changed result anew is not found by the hashes, but by settling.
#[test]
fn a_forged_result_does_not_survive_a_replay() {
    let book = RuleBook::embedded();
    let mut receipt = receipt(&book);
    let (mut bill, patient) = inputs();
    bill.lines.pop();
    receipt.settlement = settle(yuetang(&book), &bill, &patient).unwrap();
    reseal(&mut receipt);
    receipt.verify().unwrap();
    let replay = receipt.replay(&book).unwrap();
    assert!(amounts(&replay).contains("total"), "{replay}");
}

#[test]
fn totals_alone_are_sealed_and_replayed_as_such() {
    let book = RuleBook::embedded();
    let (bill, patient) = inputs();
    let mut workspace = Workspace::new();
    let totals: &Settlement = workspace
        .settle(yuetang(&book), &bill, &patient, Detail::Totals)
        .unwrap();
    let receipt = Receipt::seal(&book, totals, &bill, &patient).unwrap();
    assert_eq!(receipt.settlement.lines().count(), 0);
    assert!(receipt.replay(&book).unwrap().is_same());
}

#[test]
fn unknown_fields_are_refused() {
    let receipt = receipt(&RuleBook::embedded());
    for place in ["", "/made_by", "/policy", "/rules/0", "/hashes"] {
        let mut value = serde_json::to_value(&receipt).unwrap();
        value.pointer_mut(place).unwrap()["extra"] = Value::from(1);
        let error = serde_json::from_value::<Receipt>(value).unwrap_err();
        assert!(
            error.to_string().contains("unknown field `extra`"),
            "{place}: {error}"
        );
    }
}

/// The result version counts the changes of results that the changelog tells of.
#[test]
fn the_result_version_is_that_of_the_changelog() {
    let changelog = include_str!("../CHANGELOG.md").lines();
    let marked = changelog.filter(|line| line.starts_with("- **result**"));
    assert_eq!(usize::try_from(RESULT_VERSION), Ok(marked.count()));
}

/// Bills made up around what each policy says: what is sealed is the same when it was written, read and replayed, and a
/// fen more on any line is seen.
#[test]
fn whatever_is_sealed_is_replayed() {
    let book = RuleBook::embedded();
    let mut sealed = 0;
    for policy in book
        .policies()
        .filter(|policy| policy.layer() == Layer::Assumed)
    {
        let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = bill_and_patient(policy);
        for _ in 0..60 {
            let (bill, patient) = strategy.new_tree(&mut runner).unwrap().current();
            let Ok(settlement) = settle(policy, &bill, &patient) else {
                continue;
            };
            let receipt = Receipt::seal(&book, &settlement, &bill, &patient).unwrap();
            let json = serde_json::to_string(&receipt).unwrap();
            let mut read: Receipt = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            let replay = read.replay(&book).unwrap();
            assert!(replay.is_same(), "{replay}");
            let fen = Money::from_fen(1);
            let line = payer_split::Line::class_c("material", fen).unwrap();
            read.bill.lines.push(line);
            let error = read.verify().unwrap_err();
            assert!(
                matches!(error, ReceiptError::Tampered { field: "bill", .. }),
                "{error}"
            );
            reseal(&mut read);
            if let Ok(replay) = read.replay(&book) {
                assert!(!replay.is_same_in_amounts(), "{replay}");
            }
            sealed += 1;
        }
    }
    assert!(sealed > 300, "{sealed}");
}
