//! How a number of an explanation is worked out of those that went in: a small calculator of its own, which shares with
//! the engine that settled the bill only the product of an amount and a ratio.

use super::why::{UNIT, Value, Why};
use crate::money::Money;
use crate::rounding::{Rounding, RoundingUnit};
use crate::settle::work::share_of;
use serde::Serialize;

/// How a number comes from those that went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum How {
    /// It was given: by the bill, the year to date, or the rule file; or what another step came to (`PaidBefore`,
    /// `DeductibleBefore`, `Together`) or had left (`Unpaid`), which is told by the tree of the step that it names.
    Given,
    /// It is the only one that went in.
    Same,
    /// Their sum.
    Sum,
    /// The first less all others, not below zero.
    Less,
    /// The first (money) times the second (a ratio).
    Product,
    /// The least; the first of equal ones decides.
    Least,
    /// The greatest; the first of equal ones decides.
    Greatest,
    /// Rounded, and then no more than this.
    Rounded {
        /// The rounding.
        rounding: Rounding,
        /// A rounding never lifts a payment over a limit.
        at_most: Option<Money>,
    },
    /// No less and no more than this.
    Clamped {
        /// The least.
        at_least: Option<Money>,
        /// The most.
        at_most: Option<Money>,
    },
    /// The first, changed by the second.
    Adjusted(Adjustment),
    /// What of the amounts from the first to the second lies in a band.
    Slice {
        /// The band's lower edge.
        over: Money,
        /// Its upper edge.
        to: Option<Money>,
        /// All of it, where it ends in the band.
        whole: bool,
    },
    /// Of the first, in the proportion of the second to the third, by largest remainder.
    Portion {
        /// How many fen are odd: all were rounded down, and so many are left over.
        odd: u64,
        /// The place of this one by its remainder, from 1: it is rounded up if that is within the odd ones.
        place: u64,
    },
    /// Of the second, the whole of the first: its portion would be as much or more.
    Capped,
    /// None, if what is left of the first (bills of a yuan each) after the second is not one bill; else no limit.
    Bills,
}

/// What an adjustment does to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Adjustment {
    /// The change.
    pub change: ChangeKind,
    /// How often what is added or subtracted counts.
    pub times: i64,
    /// The most that is added or subtracted in all.
    pub in_all: Option<Value>,
    /// The least that may come out of a lowering.
    pub at_least: Option<Value>,
    /// The most that may come out of a raising.
    pub at_most: Option<Value>,
    /// The rounding of the outcome.
    pub rounding: Option<Rounding>,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// Replaced by the second.
    Set,
    /// The second is added.
    Add,
    /// The second is subtracted.
    Subtract,
    /// Multiplied by the second.
    Multiply,
    /// Only bounded.
    Bound,
}

impl How {
    /// Works the number out; `None` where nothing fits.
    pub(super) fn apply(self, from: &[Why]) -> Option<Value> {
        let values: Vec<Value> = from.iter().map(|why| why.value).collect();
        match (self, values.as_slice()) {
            (How::Given, _) => None,
            (How::Same, [only]) | (How::Capped, [only, _]) => Some(*only),
            (How::Sum, values) => {
                let mut sum = Value::Money(Money::ZERO);
                for value in values {
                    let millionths = sum.millionths()?.checked_add(value.millionths()?)?;
                    sum = sum.like(*value, millionths)?;
                }
                Some(sum)
            }
            (How::Less, [first, rest @ ..]) => {
                let mut left = *first;
                for value in rest {
                    let millionths = left.millionths()?.checked_sub(value.millionths()?)?;
                    left = left.like(*value, millionths)?;
                }
                let millionths = left.millionths()?.max(0);
                left.like(left, millionths)
            }
            (How::Product, [money, Value::Ratio(ratio)]) => Some(Value::Exact(match *money {
                Value::Money(money) => ratio.of(money)?,
                Value::Exact(exact) => share_of(exact, *ratio)?,
                _ => return None,
            })),
            (How::Least, values) => {
                let numbers = values.iter().filter(|value| value.millionths().is_some());
                let least = numbers.clone().min_by_key(|value| value.millionths())?;
                let measure = numbers.fold(*least, |measure, value| {
                    let millionths = least.millionths().unwrap_or_default();
                    measure.like(*value, millionths).unwrap_or(measure)
                });
                Some(measure)
            }
            (How::Greatest, values) => {
                let size = |value: &Value| value.millionths().unwrap_or(i128::MAX);
                // The last of equal ones, so from behind.
                values.iter().rev().max_by_key(|value| size(value)).copied()
            }
            (How::Rounded { rounding, at_most }, [value]) => {
                let exact = i64::try_from(value.millionths()?).ok()?;
                let rounded = rounding.round(exact)?;
                let bounded = at_most.map_or(rounded, |most| rounded.min(most));
                Some(Value::Money(bounded))
            }
            (How::Clamped { at_least, at_most }, [value]) => {
                let bound = |money: Money| i128::from(money.fen()).checked_mul(UNIT);
                let mut millionths = value.millionths()?;
                if let Some(least) = at_least {
                    millionths = millionths.max(bound(least)?);
                }
                if let Some(most) = at_most {
                    millionths = millionths.min(bound(most)?);
                }
                Value::Exact(0).like(*value, millionths)
            }
            (How::Adjusted(adjustment), [before, by @ ..]) => {
                adjustment.apply(*before, by.first().copied())
            }
            (How::Slice { over, to, whole }, [Value::Money(low), Value::Money(high)]) => {
                let to = to.map_or(i64::MAX, Money::fen);
                let (low, high, over) = (low.fen(), high.fen(), over.fen());
                let fen = match whole {
                    true if over < high && high <= to => high.checked_sub(low)?,
                    true => 0,
                    false => high.min(to).checked_sub(low.max(over))?.max(0),
                };
                Some(Value::Money(Money::from_fen(fen)))
            }
            (How::Portion { odd, place }, [of, weight, whole]) => {
                let product = of.millionths()?.checked_mul(weight.millionths()?)?;
                let quota = product
                    .checked_div(whole.millionths()?)?
                    .checked_div(UNIT)?;
                let fen = quota.checked_add(i128::from(place <= odd))?;
                Some(Value::Money(Money::from_fen(i64::try_from(fen).ok()?)))
            }
            (How::Bills, [allowed, used]) => Some(match allowed {
                Value::NoLimit => Value::NoLimit,
                _ => {
                    let left = allowed.millionths()?.checked_sub(used.millionths()?)?;
                    match left >= UNIT.saturating_mul(100) {
                        true => Value::NoLimit,
                        false => Value::Money(Money::ZERO),
                    }
                }
            }),
            _ => None,
        }
    }
}

impl Adjustment {
    fn apply(self, before: Value, by: Option<Value>) -> Option<Value> {
        let after = match (self.change, by) {
            (ChangeKind::Set, Some(to)) => to,
            (ChangeKind::Bound, _) => before,
            _ if before.millionths().is_none() => before,
            (ChangeKind::Add | ChangeKind::Subtract, Some(by)) => {
                let times = i128::from(self.times.max(0));
                let mut sum = by.millionths()?.checked_mul(times)?;
                if let Some(most) = self.in_all {
                    sum = sum.min(most.millionths()?);
                }
                if self.change == ChangeKind::Subtract {
                    sum = sum.checked_neg()?;
                }
                let sum = before.millionths()?.checked_add(sum)?;
                self.rounded(before.like(by, sum)?)?
            }
            (ChangeKind::Multiply, Some(Value::Ratio(by))) => match before {
                Value::Ratio(ratio) => Value::Ratio(ratio.checked_mul_exact(by)?),
                Value::Money(money) => self.rounded(Value::Exact(by.of(money)?))?,
                Value::Exact(exact) => self.rounded(Value::Exact(share_of(exact, by)?))?,
                _ => return None,
            },
            _ => return None,
        };
        self.bounded(before, after)
    }

    fn rounded(self, value: Value) -> Option<Value> {
        match (self.rounding, value) {
            (Some(rounding), Value::Exact(exact)) => Some(Value::Money(rounding.round(exact)?)),
            (Some(rounding), Value::Money(_)) if rounding.unit != RoundingUnit::Fen => {
                let exact = i64::try_from(value.millionths()?).ok()?;
                Some(Value::Money(rounding.round(exact)?))
            }
            _ => Some(value),
        }
    }

    /// A lower bound keeps a lowering from going too far, and an upper bound a raising; neither turns it round.
    fn bounded(self, before: Value, after: Value) -> Option<Value> {
        let Some(size) = after.millionths() else {
            return Some(match after {
                // A bound is a limit where there was none.
                Value::NoLimit => self.at_most.unwrap_or(Value::NoLimit),
                after => after,
            });
        };
        let bound = |bound: Option<Value>, none| match bound {
            Some(bound) => bound.millionths(),
            None => Some(none),
        };
        let least = bound(self.at_least, i128::MIN)?;
        let most = bound(self.at_most, i128::MAX)?;
        let (size, measure) = match (before.millionths(), self.change) {
            (Some(was), ChangeKind::Subtract | ChangeKind::Multiply) => {
                (size.max(least.min(was)).min(most), before)
            }
            (Some(was), ChangeKind::Add) => (size.min(most.max(was)).max(least), before),
            (Some(_), _) => (size.max(least).min(most), before),
            (None, _) => (size.max(least).min(most), after),
        };
        after.like(measure, size)
    }
}
