//! Certificates hold what they claim: against every fen settled, and against policies with a planted cliff.

use super::pieces::{Piece, pieces};
use super::sweep::{Growing, Swept, over, sweep};
use super::{Certificate, Claim, certify, plans};
use crate::book::RuleBook;
use crate::check::Project;
use crate::money::Money;
use crate::policy::Policy;
use crate::settle::settle;

const HEAD: &str = r#"
[policy]
id = "county"
version = "1"
region = "unstated"
name = "县"
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
"#;

/// A deductible that is a threshold: above 5,000 yuan 60 % of the whole amount.
const THRESHOLD: &str = r#"
[[step]]
id = "basic"
name = "基本医保"
payer = "basic"
source = "S"

[step.bands]
per = "bill"
scale = "absolute"
apply = "whole"
band = [{ over = 5000, ratio = "60%" }]
"#;

fn certificate(steps: &str, yuan: i64) -> Certificate {
    let text = format!("{HEAD}{steps}");
    let project = Project::from_texts([("county.toml", &*text)]);
    let most = Money::from_yuan(yuan).unwrap();
    certify(&project, "county/1", most, |_, _| ()).unwrap()
}

fn empty() -> Certificate {
    certificate(
        "[[step]]\nid = \"a\"\nname = \"a\"\npayer = \"basic\"\nsource = \"S\"\nratio = \"1%\"\n",
        1,
    )
}

/// The cuts of the shipped policies, up to an amount in fen, and of how many plans.
const TRIED: [(&str, i64, usize); 8] = [
    ("yuetang/2019/assumed", 150_000, 8),
    ("anhui/2016/assumed", 120_000, 6),
    ("huangshan/2016/assumed", 60_000, 8),
    ("county-6543/2020/assumed", 60_000, 8),
    ("jurong/2020/assumed", 60_000, 8),
    ("qingzhen/second-raise/assumed", 20_000, 12),
    ("wushan/2018/assumed", 60_000, 8),
    ("jurong/2020", 20_000, 6),
];

#[test]
fn pieces_are_what_settling_every_fen_gives() {
    let book = RuleBook::embedded();
    let (mut gentle, mut refused) = (0, 0);
    for (name, most, number) in TRIED {
        let policy = book.named(name).unwrap();
        let all = plans(policy, &mut empty());
        // From everywhere in the list.
        let step = (all.len() / number).max(1);
        for (plan, growing) in all.iter().step_by(step) {
            let mut expected = 0;
            for piece in pieces(policy, plan, 0, most) {
                let (low, high) = ends(&piece);
                assert_eq!(low, expected, "{name}: the pieces join");
                expected = high + 1;
                match piece {
                    Piece::Gentle { share, .. } if high - low > 300 => {
                        gentle += 1;
                        // Every fen of short pieces; of long ones more than enough.
                        let step = usize::try_from((high - low) / 3_000).unwrap().max(1);
                        for fen in (low..high).step_by(step) {
                            let [now, then] = [fen, fen + 1].map(|fen| share.at(fen).unwrap());
                            assert!([0, 1].contains(&(then - now)), "{name}: {fen}");
                            let settled = amounts(policy, growing, fen).expect("it is settled");
                            assert_eq!(settled.last(), Some(&now), "{name}: {fen}");
                        }
                    }
                    Piece::Even { period, .. } if high - low >= period => {
                        is_even(policy, growing, low, high, period);
                    }
                    Piece::Refused { .. } => {
                        refused += 1;
                        for fen in (low..=high).step_by(37) {
                            assert_eq!(amounts(policy, growing, fen), None, "{name}: {fen}");
                        }
                    }
                    Piece::Gentle { .. } | Piece::Even { .. } | Piece::Unknown { .. } => {}
                }
            }
            assert_eq!(expected, most + 1, "{name}: nothing is left out");
        }
    }
    assert!(gentle > 60 && refused > 5, "{gentle} {refused}");
}

fn ends(piece: &Piece) -> (i64, i64) {
    match *piece {
        Piece::Gentle { low, high, .. }
        | Piece::Even { low, high, .. }
        | Piece::Refused { low, high }
        | Piece::Unknown { low, high } => (low, high),
    }
}

/// Several ways to divide an amount: one after the other, side by side, to the yuan, in bands, with a guarantee that is
/// met already but for a rounding, with one that is not, under a limit, with a deductible that is a share.
const DIVIDED: [&str; 9] = [
    r#"ratio = "65.5%""#,
    r#"base = { of = "billed" }
ratio = "50%""#,
    r#"base = { of = "billed" }
ratio = "33.3%""#,
    r#"ratio = "70%"
round = { unit = "yuan", mode = "down" }"#,
    r#"[step.bands]
per = "bill"
scale = "above-deductible"
apply = "marginal"
band = [{ over = 0, to = 70, ratio = "12.5%" }, { over = 70, ratio = "81.3%" }]"#,
    r#"guarantee = { ratio = "65.5%", of = "total" }"#,
    r#"guarantee = { ratio = "93.7%", of = "total" }"#,
    r#"ratio = "72.7%"
round = { mode = "half-even" }
[[step.limit]]
id = "most"
amount = 88.88
per = "bill"
on = "payment""#,
    r#"deductible = { share = "17.3%", of = "total", at_least = 20, at_most = 40 }
ratio = "66.6%""#,
];

#[test]
fn pieces_find_what_settling_every_fen_finds() {
    let aid = "[[payer]]\nid = \"aid\"\nname = \"救助\"\nkind = \"aid\"\n";
    let mut kinds = [0; 4];
    for first in &DIVIDED {
        for second in &DIVIDED {
            let mut text = format!("{HEAD}{aid}");
            for (payer, how) in [("basic", first), ("aid", second)] {
                // A limit of each of its own.
                let how = how.replace("id = \"most", &format!("id = \"most-{payer}"));
                text.push_str(&format!(
                    "[[step]]\nid = \"{payer}\"\nname = \"s\"\npayer = \"{payer}\"\nsource = \"S\"\n{how}\n"
                ));
            }
            let book = RuleBook::from_texts([("county.toml", &*text)]).expect(&text);
            let policy = book.named("county/1").unwrap();
            for (plan, growing) in plans(policy, &mut empty()) {
                let most = 13_000;
                let found = pieces(policy, &plan, 0, most);
                for piece in &found {
                    let (low, high) = ends(piece);
                    let kind = match piece {
                        _ if high - low < 300 => continue,
                        Piece::Gentle { .. } => 0,
                        Piece::Even { .. } => 1,
                        Piece::Refused { .. } => 2,
                        Piece::Unknown { .. } => 3,
                    };
                    kinds[kind] += 1;
                }
                let whole = vec![Piece::Unknown { low: 0, high: most }];
                let Swept { broken, .. } = over(policy, &plan, &growing, found);
                let every = over(policy, &plan, &growing, whole);
                assert_eq!(broken, every.broken, "{text}");
            }
        }
    }
    // Most of them gentle, and nothing long without a period.
    assert!(kinds[0] > 60 && kinds[1] > 20, "{kinds:?}");
    assert_eq!(kinds[3], 0);
}

/// What each payer and the patient pay, and each step; nothing if the bill is refused.
fn amounts(policy: &Policy, growing: &Growing, fen: i64) -> Option<Vec<i64>> {
    let probe = growing.at(fen);
    let settlement = settle(policy, &probe.bill, &probe.patient).ok()?;
    let steps = settlement.steps().map(|step| step.amount().fen());
    let payers = settlement.payers().map(|(_, amount)| amount.fen());
    Some(
        steps
            .chain(payers)
            .chain([settlement.patient().fen()])
            .collect(),
    )
}

/// Every amount is what it was a period before, and the same growth.
fn is_even(policy: &Policy, growing: &Growing, low: i64, high: i64, period: i64) {
    let mut growth: Option<Vec<i64>> = None;
    // Every fen of short pieces; of long ones more than enough.
    let step = usize::try_from((high - low) / 1_500).unwrap().max(1);
    for fen in (low..=high - period).step_by(step) {
        let now = amounts(policy, growing, fen).expect("it is settled");
        let then = amounts(policy, growing, fen + period).expect("it is settled");
        let grown: Vec<i64> = then
            .iter()
            .zip(&now)
            .map(|(then, now)| then - now)
            .collect();
        let growth = growth.get_or_insert_with(|| grown.clone());
        assert_eq!(*growth, grown, "from {fen} by {period}");
    }
}

#[test]
fn a_planted_cliff_is_found_at_the_exact_fen() {
    let found = certificate(THRESHOLD, 1_000_000);
    assert!(!found.holds());
    let broken: Vec<(Claim, Money, &str)> = found
        .claims
        .iter()
        .filter_map(|claimed| {
            let flaw = claimed.broken.as_ref()?;
            Some((claimed.claim, flaw.at, flaw.what.as_str()))
        })
        .collect();
    let what = "the patient pays 5000.00 at 5000.00 and only 2000.00 at 5000.01";
    assert_eq!(broken, [(Claim::NoFall, Money::from_fen(500_001), what)]);
    // The cases are ready: they load, and come out as they say.
    let cases = &found.claims[4].broken.as_ref().unwrap().cases;
    assert!(cases[1].contains("in_scope = 5000.01"), "{}", cases[1]);
    let text = format!("{HEAD}{THRESHOLD}");
    let written = cases.join("\n");
    let files = [("county.toml", &*text), ("county.cases.toml", &*written)];
    let report = Project::from_texts(files).check();
    assert_eq!(report.cases().len(), 2);
    assert!(report.passed(), "{report}");
    assert!(found.to_string().contains("BROKEN    a larger bill"));
}

#[test]
fn a_declared_exception_is_no_breach() {
    let exception = r#"
[[exception]]
id = "threshold"
law = 6
reason = "超过五千元才报销"
source = "S"
"#;
    let found = certificate(&format!("{THRESHOLD}{exception}"), 10_000);
    assert!(found.holds());
    let declared = found.claims[4].declared.as_ref().unwrap();
    assert_eq!(declared.exception.as_deref(), Some("threshold"));
}

#[test]
fn the_other_side_of_a_cliff_is_found_too() {
    // From 10,000 on the whole amount at 50 % instead of 80 %.
    let steps = THRESHOLD.replace(
        "band = [{ over = 5000, ratio = \"60%\" }]",
        "band = [{ over = 0, to = 10000, ratio = \"80%\" }, { over = 10000, ratio = \"50%\" }]",
    );
    let found = certificate(&steps, 20_000);
    let jump = found.claims[5].broken.as_ref().expect("a cliff");
    assert_eq!(jump.at, Money::from_fen(1_000_001));
    assert_eq!(
        jump.what,
        "8000.00 is reimbursed at 10000.00 and only 5000.01 at 10000.01"
    );
}

#[test]
fn a_certificate_says_what_it_is_of() {
    let found = certificate(THRESHOLD, 1);
    assert_eq!(found.files[0].name, "county.toml");
    assert_eq!(found.files[0].sha256.len(), 64);
    assert_eq!((found.profiles, found.impossible), (1, 0));
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(found, serde_json::from_str(&json).unwrap());
    let unknown = certify(&Project::embedded(), "county/1", Money::ZERO, |_, _| ());
    assert!(unknown.unwrap_err().to_string().contains("`yuetang/2019`"));
}

#[test]
fn a_sweep_counts_what_it_settles() {
    let book = RuleBook::embedded();
    let policy = book.named("yuetang/2019/assumed").unwrap();
    let all = plans(policy, &mut empty());
    assert!(all.len() > 10);
    let (plan, growing) = &all[all.len() / 2];
    let swept = sweep(policy, plan, growing, 10_000_000);
    assert!(swept.visited < 5_000_000 && swept.pieces >= 1);
    assert_eq!(swept.broken, []);
}
