//! Resolving figures: a table's entry, then the adjustments in file order.

use super::situation::Situation;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::{
    Adjust, Best, Change, Count, Figure, FigureId, Leaf, Node, ShareOf, Table, Value,
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

/// What figures are resolved from, and the notes of all values that went in.
pub(crate) struct Resolver<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) situation: &'a Situation,
    pub(crate) bases: Bases,
    /// Notes of the entries and adjustments that counted.
    pub(crate) notes: &'a mut Vec<NoteId>,
}

impl Resolver<'_> {
    /// A ratio.
    pub(crate) fn ratio(&mut self, id: FigureId) -> Result<Ratio, Refusal> {
        match self.resolve(id)? {
            Some(millionths) if millionths <= Ratio::SCALE => {
                Ok(Ratio::from_millionths(millionths))
            }
            _ => Err(Refusal::Overflow),
        }
    }

    /// An amount in fen; `None` for "no limit".
    pub(crate) fn resolve(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        let figure = self.policy.figure(id).ok_or(Refusal::Overflow)?;
        let (value, note) = self.adjusted(figure, figure.best)?;
        match value {
            // The loader has seen to it; an amount below zero must not pass all the same.
            Value::Number(number) if number < 0 => Err(Refusal::Overflow),
            Value::Number(number) => Ok(Some(number)),
            Value::NoLimit => Ok(None),
            Value::Unstated => Err(Refusal::Unstated(id, note)),
            // Shares became numbers on the way.
            Value::Share { .. } => Err(Refusal::Overflow),
        }
    }

    /// The value after adjustments. `best` is that of the figure asked for, also in the named tables that it uses.
    fn adjusted(&mut self, figure: &Figure, best: Best) -> Result<(Value, NoteId), Refusal> {
        let (leaf, mut value) = self.node(&figure.root, figure, best)?;
        let mut note = leaf.note;
        if value != Value::Unstated {
            self.notes.push(leaf.note);
        }
        for adjust in &figure.adjusts {
            if adjust
                .condition
                .holds(&self.situation.known)
                .map_err(|fact| self.missing(fact))?
            {
                value = self.adjust(adjust, value, figure)?;
                self.notes.push(adjust.note);
                if adjust.change == Change::Set(Value::Unstated) {
                    note = adjust.note;
                }
            }
        }
        // Rounded once, after the adjustments.
        if let (Value::Number(number), true) = (value, figure.rounding.unit != RoundingUnit::Fen) {
            let exact = number.checked_mul(Ratio::SCALE).ok_or(Refusal::Overflow)?;
            let rounded = figure.rounding.round(exact).ok_or(Refusal::Overflow)?;
            value = Value::Number(rounded.fen());
        }
        Ok((value, note))
    }

    /// The leaf that counts, and its value with shares worked out.
    fn node(&mut self, node: &Node, figure: &Figure, best: Best) -> Result<(Leaf, Value), Refusal> {
        match node {
            Node::Leaf(leaf) => Ok((*leaf, self.value(leaf.value, figure)?)),
            Node::Named(id) => {
                let named = self.policy.figure(*id).ok_or(Refusal::Overflow)?;
                let (value, note) = self.adjusted(named, best)?;
                Ok((Leaf { value, note }, value))
            }
            Node::Table(table) => self.table(table, figure, best),
        }
    }

    /// The entry best for the patient among those that hold; `other` where none does.
    fn table(
        &mut self,
        table: &Table,
        figure: &Figure,
        best_of: Best,
    ) -> Result<(Leaf, Value), Refusal> {
        let values = self
            .situation
            .values(table.subject)
            .ok_or(Refusal::Missing(table.subject))?;
        let mut best: Option<(Leaf, Value)> = None;
        let held = |entry: &[u16]| values.iter().any(|value| entry.contains(value));
        let first = self.notes.len();
        for entry in table.entries.iter().filter(|entry| held(&entry.values)) {
            let mark = self.notes.len();
            let found = self.node(&entry.node, figure, best_of)?;
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
            (None, Some(other)) => self.node(other, figure, best_of),
            (None, None) => Err(Refusal::Missing(table.subject)),
        }
    }

    fn value(&self, value: Value, figure: &Figure) -> Result<Value, Refusal> {
        let Value::Share {
            share,
            of,
            at_least,
            at_most,
        } = value
        else {
            return Ok(value);
        };
        let money = match of {
            ShareOf::Total => self.bases.total,
            ShareOf::InScope => self.bases.in_scope,
            ShareOf::Base => self.bases.base,
        };
        let exact = share.of(Money::from_fen(money)).ok_or(Refusal::Overflow)?;
        let to_fen = Rounding {
            mode: figure.rounding.mode,
            ..Rounding::default()
        };
        let mut amount = to_fen.round(exact).ok_or(Refusal::Overflow)?;
        if let Some(at_least) = at_least {
            amount = amount.max(at_least);
        }
        if let Some(at_most) = at_most {
            amount = amount.min(at_most);
        }
        Ok(Value::Number(amount.fen()))
    }

    fn adjust(&self, adjust: &Adjust, value: Value, figure: &Figure) -> Result<Value, Refusal> {
        let changed = match (adjust.change, value) {
            (Change::Set(to), _) => self.value(to, figure)?,
            (Change::Bound, _) | (_, Value::Unstated | Value::NoLimit | Value::Share { .. }) => {
                value
            }
            (Change::Add(by), Value::Number(number)) => {
                let by = self.times(adjust, by)?;
                let sum = number.checked_add(by).ok_or(Refusal::Overflow)?;
                Value::Number(rounded(adjust, sum)?)
            }
            (Change::Subtract(by), Value::Number(number)) => {
                let by = self.times(adjust, by)?;
                let rest = number.checked_sub(by).ok_or(Refusal::Overflow)?;
                Value::Number(rounded(adjust, rest)?)
            }
            (Change::Multiply(by), Value::Number(number)) => Value::Number(match adjust.rounding {
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
            }),
        };
        Ok(match changed {
            Value::Number(number) => Value::Number(adjust.bounded(value, number)),
            // A bound is a limit where there was none.
            Value::NoLimit => adjust.at_most.map_or(Value::NoLimit, Value::Number),
            _ => changed,
        })
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

/// An amount to the unit of its adjustment; a ratio as it is.
fn rounded(adjust: &Adjust, number: i64) -> Result<i64, Refusal> {
    let coarse = |rounding: &Rounding| rounding.unit != RoundingUnit::Fen;
    let Some(rounding) = adjust.rounding.filter(coarse) else {
        return Ok(number);
    };
    let exact = number.checked_mul(Ratio::SCALE).ok_or(Refusal::Overflow)?;
    Ok(rounding.round(exact).ok_or(Refusal::Overflow)?.fen())
}

/// Whether `new` is better for the patient than `old`. What is unstated could be anything, so it wins: the bill is refused.
fn better(new: Value, old: Value, best: Best) -> bool {
    match (new, old) {
        (_, Value::Unstated) => false,
        (Value::Unstated, _) => true,
        (Value::Number(new), Value::Number(old)) => match best {
            Best::Highest => new > old,
            Best::Lowest => new < old,
        },
        (Value::NoLimit, _) => true,
        _ => false,
    }
}
