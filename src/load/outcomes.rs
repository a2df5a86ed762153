//! What can come of a figure: every entry of its table with every set of adjustments that can apply together.

use super::condition::Reach;
use super::policy::Build;
use crate::money::Money;
use crate::policy::figure::{Adjust, Change, Figure, FigureId, Node, Value};
use crate::ratio::Ratio;
use crate::text::{Code, Diagnostic, Span};

/// More outcomes than this are not followed one by one.
const MOST: usize = 20_000;

/// One outcome: the bills for which it can come out, the value, and the adjustments that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    reach: Reach,
    value: i64,
    applied: Vec<usize>,
}

/// Why an adjustment cannot be worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    TooFine,
    Overflow,
}

/// Checks every outcome of a figure: a ratio stays between 0 and 100 % and exact, an amount does not go below 0.
pub(super) fn check_outcomes(
    build: &mut Build<'_>,
    figure: &Figure,
    span: Span,
    adjusts: &[(Span, Reach)],
    reach: &Reach,
    ratio: bool,
) {
    let reaches: Vec<Reach> = adjusts.iter().map(|(_, reach)| reach.clone()).collect();
    let outcomes = outcomes(build, figure, &reaches, reach);
    build.figure_reaches.push(reaches);
    let (outcomes, trouble) = match outcomes {
        Ok(outcomes) => (outcomes, None),
        Err((number, trouble)) => (Vec::new(), Some((number, trouble))),
    };
    let show = |value: i64| {
        if ratio {
            Ratio::from_millionths(value).to_string()
        } else {
            Money::from_fen(value).to_string()
        }
    };
    let problem = outcomes.iter().find_map(|outcome| {
        let code = match outcome.value {
            value if value < 0 && ratio => Code::RatioBelow0,
            value if value < 0 => Code::AmountBelow0,
            value if ratio && value > Ratio::SCALE => Code::RatioOver100,
            _ => return None,
        };
        Some((code, outcome))
    });
    if let Some((code, outcome)) = problem {
        let ids: Vec<String> = outcome
            .applied
            .iter()
            .filter_map(|&number| figure.adjusts.get(number))
            .map(|adjust| format!("`{}`", adjust.id))
            .collect();
        let place = outcome
            .applied
            .last()
            .and_then(|&number| adjusts.get(number))
            .map_or(span, |(span, _)| *span);
        let with = if ids.is_empty() {
            String::new()
        } else {
            format!(" with {}", ids.join(" and "))
        };
        let message = format!(
            "the `{}` can become {}{with}",
            figure.name,
            show(outcome.value)
        );
        let expected = match code {
            Code::RatioOver100 => {
                "ratios and adjustments that never pass 100%, or `at_most = \"100%\"` where the policy says so"
            }
            Code::RatioBelow0 => {
                "ratios and adjustments that never go below 0%, or `at_least = \"0%\"` where the policy says so"
            }
            _ => {
                "amounts and adjustments that never go below 0, or `at_least = 0` where the policy says so"
            }
        };
        build.sink.push(
            Diagnostic::error(code, place, message)
                .secondary(span, "the figure")
                .expected(expected),
        );
    }
    if let Some((number, trouble)) = trouble {
        let place = adjusts.get(number).map_or(span, |(span, _)| *span);
        let (code, message, expected) = match trouble {
            Trouble::TooFine => (
                Code::RatioTooFine,
                "has more than 4 decimals of a percent",
                "ratios with fewer decimals, so that the product is exact",
            ),
            Trouble::Overflow => (
                Code::BadAmount,
                "goes beyond every amount",
                "smaller amounts",
            ),
        };
        let message = format!("the `{}` after this adjustment {message}", figure.name);
        build
            .sink
            .push(Diagnostic::error(code, place, message).expected(expected));
    }
}

fn outcomes(
    build: &Build<'_>,
    figure: &Figure,
    reaches: &[Reach],
    reach: &Reach,
) -> Result<Vec<Outcome>, (usize, Trouble)> {
    let mut states = Vec::new();
    leaves(build, &figure.root, reach.clone(), &mut states)?;
    for (number, (adjust, adjust_reach)) in figure.adjusts.iter().zip(reaches).enumerate() {
        let mut next: Vec<Outcome> = Vec::new();
        let always = adjust.condition == crate::policy::facts::Condition::default();
        for state in states {
            let both = state.reach.and(adjust_reach);
            let applies = !both.is_empty();
            if applies {
                for value in changed(adjust, state.value).map_err(|trouble| (number, trouble))? {
                    let mut applied = state.applied.clone();
                    applied.push(number);
                    next.push(Outcome {
                        reach: both.clone(),
                        value,
                        applied,
                    });
                }
            }
            if !(always && applies) {
                next.push(state);
            }
        }
        next.dedup_by(|a, b| a.value == b.value && a.reach == b.reach);
        next.truncate(MOST);
        states = next;
    }
    Ok(states)
}

/// The entries of a table, each with the bills that reach it. What is unstated or unlimited has no outcome.
fn leaves(
    build: &Build<'_>,
    node: &Node,
    reach: Reach,
    out: &mut Vec<Outcome>,
) -> Result<(), (usize, Trouble)> {
    match node {
        Node::Leaf(leaf) => {
            if let Value::Number(value) = leaf.value {
                out.push(Outcome {
                    reach,
                    value,
                    applied: Vec::new(),
                });
            }
        }
        Node::Named(FigureId(id)) => {
            if let (Some(figure), Some(reaches)) =
                (build.figures.get(*id), build.figure_reaches.get(*id))
            {
                let named = outcomes(build, figure, reaches, &reach)?;
                out.extend(named.into_iter().map(|outcome| Outcome {
                    applied: Vec::new(),
                    ..outcome
                }));
            }
        }
        Node::Table(table) => {
            for entry in &table.entries {
                let mut entry_reach = reach.clone();
                entry_reach.restrict(table.subject, &entry.values);
                if !entry_reach.is_empty() {
                    leaves(build, &entry.node, entry_reach, out)?;
                }
            }
            if let Some(other) = &table.other {
                leaves(build, other, reach, out)?;
            }
        }
    }
    Ok(())
}

/// What an adjustment can make of a value: with a count, once and at its bound.
fn changed(adjust: &Adjust, value: i64) -> Result<Vec<i64>, Trouble> {
    let times = |by: i64| match adjust.per {
        None => vec![by],
        Some((_, bound)) => vec![0, by, bound.unwrap_or(by)],
    };
    let mut values: Vec<i64> = match adjust.change {
        Change::Set(Value::Number(to)) => vec![to],
        // Unstated or unlimited: no outcome to check.
        Change::Set(_) => return Ok(Vec::new()),
        Change::Bound => vec![value],
        Change::Add(by) => times(by)
            .into_iter()
            .map(|by| value.saturating_add(by))
            .collect(),
        Change::Subtract(by) => times(by)
            .into_iter()
            .map(|by| value.saturating_sub(by))
            .collect(),
        Change::Multiply(by) => vec![match adjust.rounding {
            Some(rounding) => by
                .of(Money::from_fen(value))
                .and_then(|exact| rounding.round(exact))
                .ok_or(Trouble::Overflow)?
                .fen(),
            None => Ratio::from_millionths(value)
                .checked_mul_exact(by)
                .ok_or(Trouble::TooFine)?
                .millionths(),
        }],
    };
    // Counting on without a bound of its own ends at the adjustment's `at_least` or `at_most`.
    if matches!(adjust.per, Some((_, None))) {
        values.extend(adjust.at_least.into_iter().chain(adjust.at_most));
    }
    for value in &mut values {
        *value = (*value)
            .max(adjust.at_least.unwrap_or(i64::MIN))
            .min(adjust.at_most.unwrap_or(i64::MAX));
    }
    Ok(values)
}
