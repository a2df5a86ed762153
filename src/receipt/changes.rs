//! What changed between a receipt and the settlement of the same bill now.

use super::{Maker, RESULT_VERSION, RuleText};
use crate::line::Part;
use crate::money::Money;
use crate::settlement::Settlement;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an amount of a settlement is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Amount {
    /// The bill's total.
    Total,
    /// A part of the bill.
    Part(Part),
    /// What the patient pays.
    Patient,
    /// What the patient pays of a part.
    PatientPart(Part),
    /// What a payer pays, by its id.
    Payer(String),
    /// The base of a step, by its id.
    StepBase(String),
    /// The deductible that a step used.
    StepDeductible(String),
    /// What a step pays.
    Step(String),
    /// What a payer pays of a line.
    Line {
        /// The line's position on the bill, from 1.
        line: usize,
        /// The payer's id; `None` for the patient.
        payer: Option<String>,
    },
    /// A counter of the new year to date, by its name.
    YearToDate(String),
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Total => write!(f, "total"),
            Amount::Part(part) => write!(f, "part `{part}`"),
            Amount::Patient => write!(f, "patient"),
            Amount::PatientPart(part) => write!(f, "patient's part `{part}`"),
            Amount::Payer(payer) => write!(f, "payer `{payer}`"),
            Amount::StepBase(step) => write!(f, "base of step `{step}`"),
            Amount::StepDeductible(step) => write!(f, "deductible of step `{step}`"),
            Amount::Step(step) => write!(f, "step `{step}`"),
            Amount::Line { line, payer } => match payer {
                Some(payer) => write!(f, "line {line}, payer `{payer}`"),
                None => write!(f, "line {line}, patient"),
            },
            Amount::YearToDate(counter) => write!(f, "year to date, `{counter}`"),
        }
    }
}

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// The version of this crate.
    Version {
        /// That of the receipt.
        sealed: String,
        /// That which replayed it.
        now: String,
    },
    /// The [`RESULT_VERSION`]: entries of the changelog say what else it may come to.
    ResultVersion {
        /// That of the receipt.
        sealed: u32,
        /// That which replayed it.
        now: u32,
    },
    /// The text of a rule file.
    Rules {
        /// The full name of the policy that it holds.
        policy: String,
        /// Its hash in the receipt; `None` if the policy was not made of it then.
        sealed: Option<String>,
        /// Its hash now; `None` if the policy is no longer made of it.
        now: Option<String>,
    },
    /// The bill is now refused.
    Refused {
        /// The kind of the [`SettleError`](crate::SettleError).
        kind: String,
        /// Why.
        reason: String,
    },
    /// An amount.
    Amount {
        /// Which.
        amount: Amount,
        /// In the receipt; `None` if the settlement had none such.
        sealed: Option<Money>,
        /// Now; `None` if there is none such.
        now: Option<Money>,
    },
    /// Of the new year to date, the calendar year or the number of bills, which are no amounts.
    YearToDate {
        /// `year` or `bills`.
        field: String,
        /// In the receipt.
        sealed: u32,
        /// Now.
        now: u32,
    },
    /// Every amount is the same, but not all that the settlement says of it: names, clauses, sources, figures.
    Wording,
}

impl Change {
    /// Whether it is a change of what the bill comes to.
    pub fn is_of_amounts(&self) -> bool {
        matches!(self, Change::Refused { .. } | Change::Amount { .. })
    }

    /// The change with other words for the two sides.
    pub(super) fn with_words(&self, sealed: &str, now: &str) -> String {
        match self {
            Change::Version { sealed: a, now: b } => {
                format!("version of payer-split: {sealed} `{a}`, {now} `{b}`")
            }
            Change::ResultVersion { sealed: a, now: b } => {
                format!("result version: {sealed} `{a}`, {now} `{b}`")
            }
            Change::Rules {
                policy,
                sealed: a,
                now: b,
            } => {
                let (a, b) = (side(a.as_ref()), side(b.as_ref()));
                format!("rule text of `{policy}`: {sealed} {a}, {now} {b}")
            }
            Change::Refused { kind, reason } => format!("{now} refused ({kind}): {reason}"),
            Change::Amount {
                amount,
                sealed: a,
                now: b,
            } => {
                let (a, b) = (side(a.as_ref()), side(b.as_ref()));
                format!("{amount}: {sealed} {a}, {now} {b}")
            }
            Change::YearToDate {
                field,
                sealed: a,
                now: b,
            } => format!("year to date, `{field}`: {sealed} `{a}`, {now} `{b}`"),
            Change::Wording => {
                "the same amounts, but other names, clauses, sources or figures".to_owned()
            }
        }
    }
}

fn side(value: Option<&impl fmt::Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("`{value}`"))
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_words("sealed", "now"))
    }
}

/// What came of replaying a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Replay {
    /// The policy's full name.
    pub policy: String,
    /// Everything that is not as it was sealed: first the versions and rule texts, then the amounts, totals before lines.
    pub changes: Vec<Change>,
}

impl Replay {
    pub(super) fn new(policy: String, changes: Vec<Change>) -> Replay {
        Replay { policy, changes }
    }

    /// Whether nothing at all changed.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether every amount is the same, whatever else changed.
    pub fn is_same_in_amounts(&self) -> bool {
        !self.changes.iter().any(Change::is_of_amounts)
    }
}

impl fmt::Display for Replay {
    /// A line that says whether it is the same, and one for each change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match (self.is_same(), self.is_same_in_amounts()) {
            (true, _) => "the same",
            (false, true) => "the same amounts",
            (false, false) => "changed",
        };
        write!(f, "{}: {verdict}", self.policy)?;
        self.changes
            .iter()
            .try_for_each(|change| write!(f, "\n  {change}"))
    }
}

/// What changed of the maker.
pub(super) fn makers(sealed: &Maker) -> Vec<Change> {
    let mut changes = Vec::new();
    let now = env!("CARGO_PKG_VERSION");
    if sealed.version != now {
        changes.push(Change::Version {
            sealed: sealed.version.clone(),
            now: now.to_owned(),
        });
    }
    if sealed.result_version != RESULT_VERSION {
        changes.push(Change::ResultVersion {
            sealed: sealed.result_version,
            now: RESULT_VERSION,
        });
    }
    changes
}

/// What changed of the rule files.
pub(super) fn texts(sealed: &[RuleText], now: &[RuleText]) -> Vec<Change> {
    let pairs = |texts: &[RuleText]| -> Vec<(String, String)> {
        let pairs = texts
            .iter()
            .map(|text| (text.policy.clone(), text.sha256.clone()));
        pairs.collect()
    };
    let differences = differences(pairs(sealed), pairs(now)).into_iter();
    differences
        .map(|(policy, sealed, now)| Change::Rules {
            policy,
            sealed,
            now,
        })
        .collect()
}

/// What changed of the result.
pub(super) fn results(sealed: &Settlement, now: &Settlement) -> Vec<Change> {
    let mut changes: Vec<Change> = differences(amounts(sealed), amounts(now))
        .into_iter()
        .map(|(amount, sealed, now)| Change::Amount {
            amount,
            sealed,
            now,
        })
        .collect();
    let (was, is) = (sealed.year_to_date(), now.year_to_date());
    for (field, sealed, now) in [
        ("year", was.year().into(), is.year().into()),
        ("bills", was.bills(), is.bills()),
    ] {
        if sealed != now {
            changes.push(Change::YearToDate {
                field: field.to_owned(),
                sealed,
                now,
            });
        }
    }
    match changes.is_empty() && sealed != now {
        true => vec![Change::Wording],
        false => changes,
    }
}

/// Every amount of a settlement, those that matter most first.
fn amounts(settlement: &Settlement) -> Vec<(Amount, Money)> {
    let mut amounts = vec![
        (Amount::Total, settlement.total()),
        (Amount::Patient, settlement.patient()),
    ];
    let payers = settlement.payers();
    amounts.extend(payers.map(|(payer, amount)| (Amount::Payer(payer.id.clone()), amount)));
    for step in settlement.steps() {
        let id = || step.id().to_owned();
        amounts.push((Amount::Step(id()), step.amount()));
        amounts.push((Amount::StepBase(id()), step.base()));
        amounts.push((Amount::StepDeductible(id()), step.deductible()));
    }
    for part in Part::ALL {
        amounts.push((Amount::Part(part), settlement.parts().get(part)));
        let of_patient = settlement.patient_parts().get(part);
        amounts.push((Amount::PatientPart(part), of_patient));
    }
    for (line, split) in (1..).zip(settlement.lines()) {
        let payers = split
            .payers()
            .map(|(payer, amount)| (Some(payer.id.clone()), amount));
        let all = payers.chain([(None, split.patient())]);
        amounts.extend(all.map(|(payer, amount)| (Amount::Line { line, payer }, amount)));
    }
    let year = settlement.year_to_date().counters();
    amounts.extend(year.map(|(name, amount)| (Amount::YearToDate(name.to_owned()), amount)));
    amounts
}

/// What differs between two lists, by key: in the order of the first, then what only the second has.
fn differences<K: Ord + Clone, V: PartialEq>(
    sealed: Vec<(K, V)>,
    now: Vec<(K, V)>,
) -> Vec<(K, Option<V>, Option<V>)> {
    let mut others: std::collections::BTreeMap<K, (usize, V)> = now
        .into_iter()
        .enumerate()
        .map(|(place, (key, value))| (key, (place, value)))
        .collect();
    let mut out = Vec::new();
    for (key, sealed) in sealed {
        let now = others.remove(&key).map(|(_, value)| value);
        if now.as_ref() != Some(&sealed) {
            out.push((key, Some(sealed), now));
        }
    }
    let mut rest: Vec<(usize, K, V)> = others
        .into_iter()
        .map(|(key, (place, value))| (place, key, value))
        .collect();
    rest.sort_by_key(|(place, ..)| *place);
    out.extend(
        rest.into_iter()
            .map(|(_, key, value)| (key, None, Some(value))),
    );
    out
}
