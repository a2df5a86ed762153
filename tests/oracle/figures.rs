//! What a figure comes to for a bill: looked up, then adjusted.

use crate::facts::{Answer, Facts, Refusal, refuse};
use crate::model::*;

/// What a figure may be a share of.
pub(crate) struct Money {
    pub(crate) total: Q,
    pub(crate) in_scope: Q,
    pub(crate) base: Q,
}

/// Which of several entries is best for the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Best {
    Highest,
    Lowest,
}

pub(crate) fn rounded(value: Q, round: &Round) -> Q {
    let units = value / &round.unit;
    let half = Q::new(1.into(), 2.into());
    let down = units.floor();
    let rest = &units - &down;
    assert!(units >= q(0), "no amount is below zero");
    let up = match round.mode.as_str() {
        "half-up" => rest >= half,
        "half-down" => rest > half,
        "half-even" => rest > half || (rest == half && !(&down / q(2)).is_integer()),
        "up" => rest > q(0),
        "down" => false,
        other => panic!("round.mode = {other}"),
    };
    (if up { down + q(1) } else { down }) * &round.unit
}

fn better(one: Amount, other: Amount, best: Best) -> Amount {
    match (one, other) {
        (Amount::Unstated, _) | (_, Amount::Unstated) => Amount::Unstated,
        (Amount::Unlimited, _) | (_, Amount::Unlimited) => Amount::Unlimited,
        (Amount::Known(one), Amount::Known(other)) => Amount::Known(match best {
            Best::Highest => one.max(other),
            Best::Lowest => one.min(other),
        }),
    }
}

/// Looks a figure up.
pub(crate) fn look_up(
    figure: &Figure,
    facts: &Facts,
    money: &Money,
    best: Best,
) -> Result<Amount, Refusal> {
    match figure {
        Figure::Plain(amount) => Ok(amount.clone()),
        Figure::By {
            dimension,
            entries,
            other,
        } => {
            let mut found: Option<Amount> = None;
            for (ids, figure) in entries {
                match facts.among(dimension, ids) {
                    Answer::Missing => return refuse("missing", format!("table by {dimension}")),
                    Answer::No => {}
                    Answer::Yes => {
                        let value = look_up(figure, facts, money, best)?;
                        found = Some(match found {
                            Some(known) => better(known, value, best),
                            None => value,
                        });
                    }
                }
            }
            match (found, other) {
                (Some(found), _) => Ok(found),
                (None, Some(other)) => look_up(other, facts, money, best),
                (None, None) => panic!("a table by {dimension} without an entry: {facts:?}"),
            }
        }
        Figure::Share {
            share,
            of,
            at_least,
            at_most,
        } => {
            let share = match look_up(share, facts, money, best)? {
                Amount::Known(share) => share,
                other => return Ok(other),
            };
            let whole = match of.as_str() {
                "total" => &money.total,
                "in-scope" => &money.in_scope,
                "base" => &money.base,
                other => panic!("a share of {other}"),
            };
            // Not rounded yet: that is for an adjust, or for the end.
            Ok(Amount::Known(bounded(share * whole, at_least, at_most)))
        }
        Figure::Named(table) => {
            let value = look_up(&table.value, facts, money, best)?;
            let value = adjusted(value, &table.adjusts, "value", facts, table.is_ratio)?;
            Ok(match value {
                Amount::Known(amount) if !table.is_ratio => {
                    Amount::Known(rounded(amount, &table.round))
                }
                other => other,
            })
        }
    }
}

fn bounded(value: Q, at_least: &Option<Q>, at_most: &Option<Q>) -> Q {
    let value = match at_least {
        Some(least) => value.max(least.clone()),
        None => value,
    };
    match at_most {
        Some(most) => value.min(most.clone()),
        None => value,
    }
}

/// Works the adjusts of a figure, in file order.
pub(crate) fn adjusted(
    mut value: Amount,
    adjusts: &[Adjust],
    figure: &str,
    facts: &Facts,
    is_ratio: bool,
) -> Result<Amount, Refusal> {
    for adjust in adjusts.iter().filter(|adjust| adjust.figure == figure) {
        if !facts.applies(&adjust.when, &adjust.unless, "an adjust")? {
            continue;
        }
        let before = value.clone();
        value = match &adjust.change {
            Change::Set(set) => set.clone(),
            Change::Waive => Amount::Known(q(0)),
            Change::Bound => value,
            Change::Add(Amount::Unstated)
            | Change::Subtract(Amount::Unstated)
            | Change::Multiply(Amount::Unstated) => Amount::Unstated,
            // Where there is no number to change, nothing is counted.
            Change::Add(_) | Change::Subtract(_) | Change::Multiply(_)
                if !matches!(value, Amount::Known(_)) =>
            {
                value
            }
            Change::Add(Amount::Known(by)) => {
                let by = times(by, adjust, facts)?;
                change(value, |value| value + by)
            }
            Change::Subtract(Amount::Known(by)) => {
                let by = times(by, adjust, facts)?;
                change(value, |value| value - by)
            }
            Change::Multiply(Amount::Known(by)) => change(value, |value| value * by),
            other => panic!("an adjust {other:?}"),
        };
        value = match value {
            Amount::Known(value) => {
                let is_worked_out = matches!(
                    adjust.change,
                    Change::Add(_) | Change::Subtract(_) | Change::Multiply(_)
                );
                let value = if is_ratio || value < q(0) || !is_worked_out {
                    value
                } else {
                    rounded(value, &adjust.round)
                };
                // A bound stops a change from going too far; it does not turn a lowering into a raising, or the other way.
                let (mut at_least, mut at_most) = (adjust.at_least.clone(), adjust.at_most.clone());
                if let Amount::Known(before) = before {
                    match adjust.change {
                        Change::Subtract(_) | Change::Multiply(_) => {
                            at_least = at_least.map(|least| least.min(before));
                        }
                        Change::Add(_) => at_most = at_most.map(|most| most.max(before)),
                        _ => {}
                    }
                }
                Amount::Known(bounded(value, &at_least, &at_most))
            }
            // Where there was no limit, one of at most this.
            Amount::Unlimited => match &adjust.at_most {
                Some(most) => Amount::Known(most.clone()),
                None => Amount::Unlimited,
            },
            Amount::Unstated => Amount::Unstated,
        };
    }
    if let Amount::Known(number) = &value {
        assert!(*number >= q(0), "{figure} below zero");
    }
    Ok(value)
}

fn change(value: Amount, change: impl FnOnce(Q) -> Q) -> Amount {
    match value {
        Amount::Known(value) => Amount::Known(change(value)),
        other => other,
    }
}

/// What is added or subtracted, times its count.
fn times(by: &Q, adjust: &Adjust, facts: &Facts) -> Result<Q, Refusal> {
    let given = |number: Option<u32>, what: &str| match number {
        Some(number) => Ok(i64::from(number)),
        None => refuse("missing", what),
    };
    let count = match adjust.per.as_deref() {
        None => 1,
        Some("insured-year") => given(facts.insured_years, "insured years")?,
        Some("earlier-admission") => given(facts.admission, "admission")? - 1,
        Some("further-certificate") => {
            let counts =
                |id: &&String| adjust.certificates.is_empty() || adjust.certificates.contains(*id);
            (facts.certificates.iter().filter(counts).count() as i64 - 1).max(0)
        }
        Some(other) => panic!("an adjust per {other}"),
    };
    Ok(bounded(by * q(count), &None, &adjust.add_at_most))
}
