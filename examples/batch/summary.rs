//! What each payer pays in all, by policy, and why bills were rejected.

use super::output::Reject;
use super::record::Known;
use payer_split::{Money, Settlement};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A sum of many bills, in fen: a province's lies beyond the largest amount of a bill.
type Fen = i128;

/// The budgets of the policies by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Budgets(BTreeMap<usize, Budget>);

/// What the bills of one policy came to.
#[derive(Debug, Clone, Default)]
struct Budget {
    bills: u64,
    total: Fen,
    /// By payer and last the patient.
    shares: Vec<Share>,
}

/// What one payer pays, and of how many bills.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    bills: u64,
    amount: Fen,
}

impl Share {
    fn add(&mut self, other: Share) {
        self.bills += other.bills;
        self.amount += other.amount;
    }
}

impl From<Money> for Share {
    fn from(amount: Money) -> Share {
        Share {
            bills: u64::from(amount > Money::ZERO),
            amount: amount.fen().into(),
        }
    }
}

impl Budgets {
    /// Counts a bill of the policy of this number.
    pub(crate) fn count(&mut self, number: usize, settlement: &Settlement) {
        let payers = settlement.payers().map(|(_, amount)| amount);
        let shares = payers.chain([settlement.patient()]).map(Share::from);
        let budget = self.0.entry(number).or_default();
        budget.add(1, settlement.total().fen().into(), shares);
    }

    /// Takes in what was counted elsewhere.
    pub(crate) fn add(&mut self, other: &Budgets) {
        for (number, budget) in &other.0 {
            let shares = budget.shares.iter().copied();
            let own = self.0.entry(*number).or_default();
            own.add(budget.bills, budget.total, shares);
        }
    }

    /// How many bills were settled.
    pub(crate) fn bills(&self) -> u64 {
        self.0.values().map(|budget| budget.bills).sum()
    }

    /// Each policy that settled a bill, with its budget.
    fn of<'a>(&'a self, policies: &'a [Known<'a>]) -> impl Iterator<Item = Row<'a>> {
        policies.iter().filter_map(|known| {
            let budget = self.0.get(&known.number)?;
            Some(Row { known, budget })
        })
    }
}

impl Budget {
    fn add(&mut self, bills: u64, total: Fen, shares: impl Iterator<Item = Share>) {
        self.bills += bills;
        self.total += total;
        for (place, share) in shares.enumerate() {
            match self.shares.get_mut(place) {
                Some(sum) => sum.add(share),
                None => self.shares.push(share),
            }
        }
    }
}

/// One policy and its budget.
struct Row<'a> {
    known: &'a Known<'a>,
    budget: &'a Budget,
}

impl Row<'_> {
    /// Id, Chinese and English name of each payer and last of the patient, and what each pays.
    fn shares(&self) -> impl Iterator<Item = ([&str; 3], Share)> {
        let payers = self.known.policy.payers().iter();
        let names = payers.map(|payer| [&*payer.id, &*payer.name, &*payer.name_en]);
        let patient = ["patient", "个人", "The patient"];
        let shares = self.budget.shares.iter().copied();
        names.chain([patient]).zip(shares)
    }
}

/// How many bills were rejected for one kind of reason, and the first of them.
#[derive(Debug, Clone)]
struct Reason {
    bills: u64,
    line: u64,
    reason: String,
}

/// What was rejected, by kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rejects(BTreeMap<&'static str, Reason>);

impl Rejects {
    pub(crate) fn count(&mut self, reject: &Reject) {
        let found = self.0.entry(reject.kind).or_insert_with(|| Reason {
            bills: 0,
            line: reject.line,
            reason: reject.reason.clone(),
        });
        found.bills += 1;
    }

    /// How many bills were rejected.
    pub(crate) fn bills(&self) -> u64 {
        self.0.values().map(|reason| reason.bills).sum()
    }
}

/// The budgets as a table for a fixed-width font: numbers first, so that names of any script keep the columns.
pub(crate) fn table(policies: &[Known<'_>], budgets: &Budgets, rejects: &Rejects) -> String {
    let mut out = String::new();
    for row in budgets.of(policies) {
        let Row { known, budget } = &row;
        let policy = known.policy;
        let _ = writeln!(
            out,
            "{}  {} {}",
            known.name,
            policy.name(),
            policy.name_en()
        );
        let _ = writeln!(
            out,
            "{:>20} {:>8} {:>12}  付款方 payer",
            "yuan", "share", "bills"
        );
        for ([_, name, name_en], share) in row.shares() {
            let _ = writeln!(
                out,
                "{:>20} {:>8} {:>12}  {name} {name_en}",
                yuan(share.amount),
                percent(share.amount, budget.total),
                share.bills,
            );
        }
        let _ = writeln!(
            out,
            "{:>20} {:>8} {:>12}  合计 total\n",
            yuan(budget.total),
            percent(budget.total, budget.total),
            budget.bills,
        );
    }
    let (settled, rejected) = (budgets.bills(), rejects.bills());
    let _ = writeln!(
        out,
        "{} bills: {settled} settled, {rejected} rejected",
        settled + rejected
    );
    for (kind, found) in &rejects.0 {
        let Reason {
            bills,
            line,
            reason,
        } = found;
        let _ = writeln!(out, "{bills:>12}  {kind}, first at line {line}: {reason}");
    }
    out
}

/// The same as data.
pub(crate) fn data(policies: &[Known<'_>], budgets: &Budgets, rejects: &Rejects) -> Value {
    let policies = budgets.of(policies).map(|row| {
        let Row { known, budget } = &row;
        let payers = row.shares().map(|([id, name, name_en], share)| {
            json!({
                "id": id, "name": name, "name_en": name_en, "bills": share.bills,
                "amount": yuan(share.amount), "share": percent(share.amount, budget.total),
            })
        });
        json!({
            "policy": known.name, "name": known.policy.name(), "name_en": known.policy.name_en(),
            "bills": budget.bills, "total": yuan(budget.total),
            "payers": payers.collect::<Vec<Value>>(),
        })
    });
    let reasons = rejects.0.iter().map(|(kind, found)| {
        json!({
            "kind": kind, "bills": found.bills, "line": found.line, "reason": found.reason,
        })
    });
    json!({
        "settled": budgets.bills(),
        "rejected": rejects.bills(),
        "policies": policies.collect::<Vec<Value>>(),
        "rejects": reasons.collect::<Vec<Value>>(),
    })
}

fn yuan(fen: Fen) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A percentage with two decimals, rounded half up; a dash of nothing.
fn percent(part: Fen, whole: Fen) -> String {
    match (part * 20_000 + whole).checked_div(whole * 2) {
        Some(share) => format!("{}.{:02}%", share / 100, share % 100),
        None => "-".into(),
    }
}
