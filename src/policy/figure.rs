//! Figures: a ratio or an amount, perhaps by tier, category or disease, and its adjustments.

use super::facts::{Condition, Subject};
use super::info::NoteId;
use crate::money::Money;
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use std::collections::BTreeSet;

/// Number of a figure in its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FigureId(pub(crate) usize);

/// A ratio or an amount with its adjustments, in file order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) root: Node,
    pub(crate) adjusts: Vec<Adjust>,
    /// Rounds an amount once, after its adjustments.
    pub(crate) rounding: Rounding,
    /// Which entry counts when several hold: the one best for the patient.
    pub(crate) best: Best,
    /// What the figure is, for a refusal: the key of the step, limit or table (`ratio`, `deductible`).
    pub(crate) name: Box<str>,
}

impl Figure {
    /// The numbers of which each is treated in its own way: by tables, or because adjustments count by them.
    pub(crate) fn counted(&self) -> Vec<Subject> {
        let counts = self.adjusts.iter().filter_map(|adjust| adjust.per);
        let mut counted: Vec<Subject> = counts
            .filter_map(|(count, _)| match count {
                Count::InsuredYear => Some(Subject::InsuredYears),
                Count::EarlierAdmission => Some(Subject::Admission),
                Count::FurtherCertificate => None,
            })
            .collect();
        self.root.subjects(&mut counted);
        counted
    }
}

/// Which of several matching entries is best for the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Best {
    Highest,
    Lowest,
}

/// A value, a choice between values, or another figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Leaf(Leaf),
    Table(Box<Table>),
    /// A named table of the policy, with its own adjustments.
    Named(FigureId),
}

impl Node {
    /// The subjects by which the tables of a figure go, outermost first.
    pub(crate) fn subjects(&self, out: &mut Vec<Subject>) {
        if let Node::Table(table) = self {
            if !out.contains(&table.subject) {
                out.push(table.subject);
            }
            for node in table
                .entries
                .iter()
                .map(|entry| &entry.node)
                .chain(&table.other)
            {
                node.subjects(out);
            }
        }
    }
}

impl Node {
    /// The values of a subject that its tables have entries for.
    pub(crate) fn values_of(&self, subject: Subject, out: &mut BTreeSet<u16>) {
        let Node::Table(table) = self else { return };
        for entry in &table.entries {
            if table.subject == subject {
                out.extend(&entry.values);
            }
            entry.node.values_of(subject, out);
        }
        if let Some(other) = &table.other {
            other.values_of(subject, out);
        }
    }
}

/// A figure by one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) subject: Subject,
    pub(crate) entries: Vec<Entry>,
    pub(crate) other: Option<Node>,
}

/// The entry of a table for some values (one word, or all words of a group or list).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) values: Vec<u16>,
    pub(crate) node: Node,
}

/// A value with its note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) value: Value,
    pub(crate) note: NoteId,
}

/// What a figure can be: the four nothings are told apart by `Number(0)`, `NoLimit`, `Unstated`, and by no figure at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Fen, or millionths of a ratio.
    Number(i64),
    /// A share of money, between two amounts.
    Share {
        share: Ratio,
        of: ShareOf,
        at_least: Option<Money>,
        at_most: Option<Money>,
    },
    NoLimit,
    Unstated,
}

/// The money that a share is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ShareOf {
    Total,
    InScope,
    Base,
}

/// A change of a figure under a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Adjust {
    pub(crate) id: Box<str>,
    pub(crate) condition: Condition,
    pub(crate) change: Change,
    /// Times a count, and the bound of the sum that is added or subtracted.
    pub(crate) per: Option<(Count, Option<i64>)>,
    pub(crate) at_least: Option<i64>,
    pub(crate) at_most: Option<i64>,
    pub(crate) rounding: Option<Rounding>,
    /// The certificates that `further-certificate` counts; empty for all.
    pub(crate) certificates: Vec<u16>,
    pub(crate) note: NoteId,
}

impl Adjust {
    /// The outcome within the bounds. A lower bound keeps a lowering from going too far, and an upper bound a raising;
    /// neither turns it round. `unit` is what a fen (or a millionth of a ratio) counts in the amounts given.
    pub(crate) fn bounded(&self, before: Option<i64>, after: i64, unit: i64) -> i64 {
        let bound = |bound: i64| bound.saturating_mul(unit);
        let least = self.at_least.map_or(i64::MIN, bound);
        let most = self.at_most.map_or(i64::MAX, bound);
        match (before, self.change) {
            (Some(before), Change::Subtract(_) | Change::Multiply(_)) => {
                after.max(least.min(before)).min(most)
            }
            (Some(before), Change::Add(_)) => after.min(most.max(before)).max(least),
            _ => after.max(least).min(most),
        }
    }

    /// Whether `further-certificate` counts a certificate.
    pub(crate) fn counts_certificate(&self, certificate: u16) -> bool {
        self.certificates.is_empty() || self.certificates.contains(&certificate)
    }
}

/// What an adjustment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Set(Value),
    Add(i64),
    Subtract(i64),
    Multiply(Ratio),
    /// Only the bounds of the adjustment.
    Bound,
}

/// What `per` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    InsuredYear,
    FurtherCertificate,
    EarlierAdmission,
}

impl Count {
    pub(crate) const ALL: [Count; 3] = [
        Count::InsuredYear,
        Count::FurtherCertificate,
        Count::EarlierAdmission,
    ];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Count::InsuredYear => "insured-year",
            Count::FurtherCertificate => "further-certificate",
            Count::EarlierAdmission => "earlier-admission",
        }
    }
}
