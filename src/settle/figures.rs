//! Resolving figures: a table's entry, then the adjustments in file order.

use super::situation::Situation;
use super::work::share_of;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::{
    Adjust, Best, Change, Count, Figure, FigureId, Node, ShareOf, Table, Value,
};
use crate::policy::info::NoteId;
use crate::ratio::Ratio;
use crate::rounding::{Rounding, RoundingUnit};

/// Why a figure could not be resolved; turned into a [`SettleError`](super::SettleError) where the step is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No source states it.
    Unstated(FigureId, NoteId),
    /// A field is absent.
    Missing(Subject),
    /// A sum went too far.
    Overflow,
}

/// The money that shares are taken of, in fen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bases {
    pub(crate) total: i64,
    pub(crate) in_scope: i64,
    pub(crate) base: i64,
}

/// What a figure has come to so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worked {
    /// Fen, or millionths of a ratio.
    Number(i64),
    /// A share of money, in millionths of a fen: it is not rounded yet.
    Exact(i64),
    NoLimit,
    Unstated,
}

/// What figures are resolved from, and the notes of all values that went in.
pub(crate) struct Resolver<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) situation: &'a Situation,
    pub(crate) bases: Bases,
    /// Set when a share of money was met.
    pub(crate) is_of_money: bool,
    /// Notes of the entries and adjustments that counted.
    pub(crate) notes: &'a mut Vec<NoteId>,
}

impl Resolver<'_> {
    /// An amount in fen; `None` for "no limit".
    pub(crate) fn resolve(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        let figure = self.policy.figure(id).ok_or(Refusal::Overflow)?;
        let (value, note) = self.adjusted(figure, figure.best)?;
        match value {
            // The loader has seen to it; an amount below zero must not pass all the same.
            Worked::Number(number) if number < 0 => Err(Refusal::Overflow),
            Worked::Number(number) => Ok(Some(number)),
            Worked::NoLimit => Ok(None),
            Worked::Unstated => Err(Refusal::Unstated(id, note)),
            // Shares were rounded in the end.
            Worked::Exact(_) => Err(Refusal::Overflow),
        }
    }

    /// The value after adjustments. `best` is that of the figure asked for, also in the named tables that it uses.
    fn adjusted(&mut self, figure: &Figure, best: Best) -> Result<(Worked, NoteId), Refusal> {
        let (mut note, mut value) = self.node(&figure.root, best)?;
        if value != Worked::Unstated {
            self.notes.push(note);
        }
        for adjust in &figure.adjusts {
            if adjust
                .condition
                .holds(&self.situation.known)
                .map_err(|fact| self.missing(fact))?
            {
                value = self.adjust(adjust, value)?;
                self.notes.push(adjust.note);
                if adjust.change == Change::Set(Value::Unstated) {
                    note = adjust.note;
                }
            }
        }
        // Rounded once, after the adjustments.
        Ok((rounded(value, &figure.rounding)?, note))
    }

    /// The note of the leaf that counts, and its value with shares worked out.
    fn node(&mut self, node: &Node, best: Best) -> Result<(NoteId, Worked), Refusal> {
        match node {
            Node::Leaf(leaf) => Ok((leaf.note, self.value(leaf.value)?)),
            Node::Named(id) => {
                let named = self.policy.figure(*id).ok_or(Refusal::Overflow)?;
                let (value, note) = self.adjusted(named, best)?;
                Ok((note, value))
            }
            Node::Table(table) => self.table(table, best),
        }
    }

    /// The entry best for the patient among those that hold; `other` where none does.
    fn table(&mut self, table: &Table, best_of: Best) -> Result<(NoteId, Worked), Refusal> {
        let values = self
            .situation
            .values(table.subject)
            .ok_or(Refusal::Missing(table.subject))?;
        let mut best: Option<(NoteId, Worked)> = None;
        let held = |entry: &[u16]| values.iter().any(|value| entry.contains(value));
        let first = self.notes.len();
        for entry in table.entries.iter().filter(|entry| held(&entry.values)) {
            let mark = self.notes.len();
            let found = self.node(&entry.node, best_of)?;
            // Only the notes of the entry that counts are kept.
            best = Some(match best {
                Some(old) if !better(found.1, old.1, best_of) => {
                    self.notes.truncate(mark);
                    old
                }
                _ => {
                    self.notes.drain(first..mark);
                    found
                }
            });
        }
        match (best, &table.other) {
            (Some(best), _) => Ok(best),
            (None, Some(other)) => self.node(other, best_of),
            (None, None) => Err(Refusal::Missing(table.subject)),
        }
    }

    fn value(&mut self, value: Value) -> Result<Worked, Refusal> {
        let (share, of, at_least, at_most) = match value {
            Value::Number(number) => return Ok(Worked::Number(number)),
            Value::NoLimit => return Ok(Worked::NoLimit),
            Value::Unstated => return Ok(Worked::Unstated),
            Value::Share {
                share,
                of,
                at_least,
                at_most,
            } => (share, of, at_least, at_most),
        };
        self.is_of_money = true;
        let money = match of {
            ShareOf::Total => self.bases.total,
            ShareOf::InScope => self.bases.in_scope,
            ShareOf::Base => self.bases.base,
        };
        let mut exact = share.of(Money::from_fen(money)).ok_or(Refusal::Overflow)?;
        if let Some(at_least) = at_least {
            exact = exact.max(exactly(at_least.fen())?);
        }
        if let Some(at_most) = at_most {
            exact = exact.min(exactly(at_most.fen())?);
        }
        Ok(Worked::Exact(exact))
    }

    fn adjust(&mut self, adjust: &Adjust, value: Worked) -> Result<Worked, Refusal> {
        let changed = match (adjust.change, value) {
            (Change::Set(to), _) => self.value(to)?,
            (Change::Bound, _) | (_, Worked::Unstated | Worked::NoLimit) => value,
            (Change::Add(by), _) => added(adjust, value, self.times(adjust, by)?)?,
            (Change::Subtract(by), _) => {
                let by = self.times(adjust, by)?.checked_neg();
                added(adjust, value, by.ok_or(Refusal::Overflow)?)?
            }
            (Change::Multiply(by), Worked::Number(number)) => {
                Worked::Number(match adjust.rounding {
                    // An amount, which may need rounding.
                    Some(rounding) => {
                        let exact = by.of(Money::from_fen(number)).ok_or(Refusal::Overflow)?;
                        rounding.round(exact).ok_or(Refusal::Overflow)?.fen()
                    }
                    // A ratio, which the loader found to stay exact.
                    None => Ratio::from_millionths(number)
                        .checked_mul_exact(by)
                        .ok_or(Refusal::Overflow)?
                        .millionths(),
                })
            }
            (Change::Multiply(by), Worked::Exact(exact)) => {
                let exact = share_of(exact, by).ok_or(Refusal::Overflow)?;
                rounded(
                    Worked::Exact(exact),
                    &adjust.rounding.ok_or(Refusal::Overflow)?,
                )?
            }
        };
        bounded(adjust, value, changed)
    }

    /// What is added or subtracted: once, or times a count up to a bound.
    fn times(&self, adjust: &Adjust, by: i64) -> Result<i64, Refusal> {
        let Some((count, bound)) = adjust.per else {
            return Ok(by);
        };
        let number = |subject: Subject| {
            let values = self
                .situation
                .values(subject)
                .ok_or(Refusal::Missing(subject))?;
            Ok(i64::from(values.first().copied().unwrap_or(0)))
        };
        let count = match count {
            Count::InsuredYear => number(Subject::InsuredYears)?,
            Count::EarlierAdmission => number(Subject::Admission)?.saturating_sub(1),
            Count::FurtherCertificate => {
                let held = self.situation.values(Subject::Certificate);
                let held = held.unwrap_or_default().iter();
                let counted = held
                    .filter(|&held| adjust.counts_certificate(*held))
                    .count();
                i64::try_from(counted.saturating_sub(1)).map_err(|_| Refusal::Overflow)?
            }
        };
        let sum = by.checked_mul(count.max(0)).ok_or(Refusal::Overflow)?;
        Ok(bound.map_or(sum, |bound| sum.min(bound)))
    }

    fn missing(&self, fact: usize) -> Refusal {
        Refusal::Missing(self.policy.facts.subject_of(fact, &self.situation.known))
    }
}

/// Fen in millionths of a fen.
fn exactly(fen: i64) -> Result<i64, Refusal> {
    fen.checked_mul(Ratio::SCALE).ok_or(Refusal::Overflow)
}

/// An amount to a unit; what has whole fen is rounded to more than fen only.
fn rounded(value: Worked, rounding: &Rounding) -> Result<Worked, Refusal> {
    let exact = match value {
        Worked::Number(number) if rounding.unit != RoundingUnit::Fen => exactly(number)?,
        Worked::Exact(exact) => exact,
        Worked::Number(_) | Worked::NoLimit | Worked::Unstated => return Ok(value),
    };
    let rounded = rounding.round(exact).ok_or(Refusal::Overflow)?;
    Ok(Worked::Number(rounded.fen()))
}

/// The sum, rounded as the adjustment says; a ratio as it is.
fn added(adjust: &Adjust, value: Worked, by: i64) -> Result<Worked, Refusal> {
    let sum = match value {
        Worked::Number(number) => number.checked_add(by).map(Worked::Number),
        Worked::Exact(exact) => exact.checked_add(exactly(by)?).map(Worked::Exact),
        Worked::NoLimit | Worked::Unstated => Some(value),
    };
    let sum = sum.ok_or(Refusal::Overflow)?;
    match adjust.rounding {
        Some(rounding) => rounded(sum, &rounding),
        None => Ok(sum),
    }
}

/// The outcome within the adjustment's bounds. Next to a share that is not rounded all is counted in millionths of a fen.
fn bounded(adjust: &Adjust, before: Worked, after: Worked) -> Result<Worked, Refusal> {
    Ok(match (before, after) {
        (_, Worked::Unstated) => after,
        // A bound is a limit where there was none.
        (_, Worked::NoLimit) => adjust.at_most.map_or(Worked::NoLimit, Worked::Number),
        (Worked::Exact(before), Worked::Number(after)) => {
            Worked::Exact(adjust.bounded(Some(before), exactly(after)?, Ratio::SCALE))
        }
        (Worked::Exact(before), Worked::Exact(after)) => {
            Worked::Exact(adjust.bounded(Some(before), after, Ratio::SCALE))
        }
        (_, Worked::Exact(after)) => Worked::Exact(adjust.bounded(None, after, Ratio::SCALE)),
        (Worked::Number(before), Worked::Number(after)) => {
            Worked::Number(adjust.bounded(Some(before), after, 1))
        }
        (_, Worked::Number(after)) => Worked::Number(adjust.bounded(None, after, 1)),
    })
}

/// Whether `new` is better for the patient than `old`. What is unstated could be anything, so it wins: the bill is refused.
fn better(new: Worked, old: Worked, best: Best) -> bool {
    let exact = |value: Worked| match value {
        Worked::Number(number) => number.saturating_mul(Ratio::SCALE),
        Worked::Exact(exact) => exact,
        Worked::NoLimit | Worked::Unstated => i64::MAX,
    };
    match (new, old) {
        (_, Worked::Unstated) => false,
        (Worked::Unstated, _) => true,
        _ => match best {
            Best::Highest => exact(new) > exact(old),
            Best::Lowest => exact(new) < exact(old),
        },
    }
}
