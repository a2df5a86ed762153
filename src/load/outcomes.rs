//! What can come of a figure: every entry of its table with every set of adjustments that can apply together.

use super::condition::{Reach, Test};
use super::figure::WORDS;
use super::policy::Build;
use crate::money::Money;
use crate::policy::facts::{Condition, Subject};
use crate::policy::figure::{Adjust, Change, Figure, FigureId, Node, Value};
use crate::ratio::Ratio;
use crate::text::{Code, Diagnostic, Span};
use std::collections::HashMap;

/// How many decimals a ratio can have.
const DECIMALS: u32 = 6;

/// What can come out for some bills: every value between two, and the adjustments that made either. Adjustments keep
/// the order of values, so the ends of the interval stay its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    reach: Reach,
    least: i64,
    most: i64,
    /// The most decimals of any ratio in it.
    decimals: u32,
    made_least: Vec<usize>,
    made_most: Vec<usize>,
}

impl Outcome {
    /// A single value, or an interval, of a table.
    fn of(reach: Reach, least: i64, most: i64) -> Outcome {
        let decimals = |value| Ratio::from_millionths(value).decimals();
        Outcome {
            reach,
            least,
            most,
            decimals: decimals(least).max(decimals(most)),
            made_least: Vec::new(),
            made_most: Vec::new(),
        }
    }

    /// Takes in another outcome for the same bills.
    fn join(&mut self, other: Outcome) {
        self.decimals = self.decimals.max(other.decimals);
        if other.least < self.least {
            (self.least, self.made_least) = (other.least, other.made_least);
        }
        if other.most > self.most {
            (self.most, self.made_most) = (other.most, other.made_most);
        }
    }
}

/// Outcomes, one for the same bills, in the order in which they were found.
#[derive(Default)]
struct Outcomes {
    list: Vec<Outcome>,
    /// By the bills: the place of their outcome.
    places: HashMap<Reach, usize>,
}

impl Outcomes {
    /// Adds an outcome, joined with the one for the same bills. Once the policy has too many values none is added.
    fn add(&mut self, build: &Build<'_>, span: Span, outcome: Outcome) {
        let words = outcome.reach.size() / WORDS;
        if !build.count_values(words.saturating_add(1), span) {
            return;
        }
        let place = self.places.get(&outcome.reach);
        match place.and_then(|place| self.list.get_mut(*place)) {
            Some(same) => same.join(outcome),
            None => {
                self.places.insert(outcome.reach.clone(), self.list.len());
                self.list.push(outcome);
            }
        }
    }
}

/// An adjustment, by its number, that cannot be worked exactly: the ratio that it makes has too many decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TooFine(usize);

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
    let outcomes = outcomes(build, figure, span, &reaches, reach);
    build.figure_reaches.push(reaches);
    let (outcomes, too_fine) = match outcomes {
        Ok(outcomes) => (outcomes, None),
        Err(TooFine(number)) => (Vec::new(), Some(number)),
    };
    let show = |value: i64| {
        if ratio {
            Ratio::from_millionths(value).to_string()
        } else {
            Money::from_fen(value).to_string()
        }
    };
    let problem = outcomes.iter().find_map(|outcome| {
        let low = (outcome.least, &outcome.made_least, &outcome.reach);
        let high = (outcome.most, &outcome.made_most, &outcome.reach);
        match (outcome.least < 0, ratio && outcome.most > Ratio::SCALE) {
            (true, _) if ratio => Some((Code::RatioBelow0, low)),
            (true, _) => Some((Code::AmountBelow0, low)),
            (false, true) => Some((Code::RatioOver100, high)),
            (false, false) => None,
        }
    });
    if let Some((code, (value, applied, reach))) = problem {
        let ids: Vec<String> = applied
            .iter()
            .filter_map(|&number| figure.adjusts.get(number))
            .map(|adjust| format!("`{}`", adjust.id))
            .collect();
        let place = applied
            .last()
            .and_then(|&number| adjusts.get(number))
            .map_or(span, |(span, _)| *span);
        let with = if ids.is_empty() {
            String::new()
        } else {
            format!(" with {}", ids.join(" and "))
        };
        let message = format!("the `{}` can become {}{with}", figure.name, show(value));
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
                .expected(expected)
                .witnessed(example(build, figure, reach, applied)),
        );
    }
    if let Some(number) = too_fine {
        let place = adjusts.get(number).map_or(span, |(span, _)| *span);
        let message = format!(
            "the `{}` after this adjustment has more than 4 decimals of a percent",
            figure.name
        );
        build.sink.push(
            Diagnostic::error(Code::RatioTooFine, place, message)
                .expected("ratios with fewer decimals, so that the product is exact"),
        );
    }
}

/// A patient and a bill for which it comes out so, in the words of a condition; `None` where every bill is one.
fn example(build: &Build<'_>, figure: &Figure, reach: &Reach, applied: &[usize]) -> Option<String> {
    let mut keys: Vec<(Subject, Vec<String>)> = Vec::new();
    let mut put = |subject: Subject, value: String| match keys
        .iter_mut()
        .find(|(known, _)| *known == subject)
    {
        Some((_, values)) if subject.is_multiple() && !values.contains(&value) => {
            values.push(value);
        }
        Some(_) => {}
        None => keys.push((subject, vec![value])),
    };
    let adjusts = applied
        .iter()
        .filter_map(|&number| figure.adjusts.get(number));
    for test in adjusts.flat_map(|adjust| build.facts.tests(&adjust.condition)) {
        match test {
            Test::Values(subject, values) if subject.is_multiple() => {
                if let Some(value) = values.first() {
                    put(*subject, build.value_text(*subject, *value));
                }
            }
            Test::Number(subject, low, _) => put(*subject, low.to_string()),
            Test::Hospitals(names) => {
                if let Some(name) = names.first() {
                    put(Subject::Hospital, format!("{name:?}"));
                }
            }
            Test::Values(..) | Test::Date(..) | Test::Any(_) => {}
        }
    }
    for subject in Subject::ALL {
        if let Some(value) = reach.of(subject).and_then(<[u16]>::first) {
            put(subject, build.value_text(subject, *value));
        }
    }
    keys.sort_by_key(|(subject, _)| *subject);
    let keys = keys
        .into_iter()
        .map(|(subject, values)| match values.as_slice() {
            [value] => format!("{} = {value}", subject.key()),
            values => format!("{} = [{}]", subject.key(), values.join(", ")),
        });
    let keys: Vec<String> = keys.collect();
    (!keys.is_empty()).then(|| format!("{{ {} }}", keys.join(", ")))
}

fn outcomes(
    build: &Build<'_>,
    figure: &Figure,
    span: Span,
    reaches: &[Reach],
    reach: &Reach,
) -> Result<Vec<Outcome>, TooFine> {
    let mut states = Outcomes::default();
    leaves(build, &figure.root, span, reach.clone(), &mut states)?;
    for (number, (adjust, adjust_reach)) in figure.adjusts.iter().zip(reaches).enumerate() {
        let always = adjust.condition == Condition::default();
        let mut next = Outcomes::default();
        // What is set settles also what was unstated or unlimited before.
        if let Change::Set(to) = adjust.change {
            let both = reach.and(adjust_reach);
            if let (Some((least, most)), false) = (interval(to), both.is_empty()) {
                let mut set = Outcome::of(
                    both,
                    adjust.bounded(None, least, 1),
                    adjust.bounded(None, most, 1),
                );
                set.made_least = vec![number];
                set.made_most = vec![number];
                next.add(build, span, set);
            }
        }
        for state in states.list {
            let both = state.reach.and(adjust_reach);
            let applies = !both.is_empty();
            if applies && !matches!(adjust.change, Change::Set(_)) {
                let mut changed = changed(adjust, &state).ok_or(TooFine(number))?;
                changed.reach = both;
                changed.made_least.push(number);
                changed.made_most.push(number);
                next.add(build, span, changed);
            }
            if !(always && applies) {
                next.add(build, span, state);
            }
        }
        states = next;
    }
    Ok(states.list)
}

/// The numbers that a value can be; nothing for what is unstated or unlimited.
fn interval(value: Value) -> Option<(i64, i64)> {
    match value {
        Value::Number(number) => Some((number, number)),
        Value::Share {
            at_least, at_most, ..
        } => Some((
            at_least.map_or(0, Money::fen),
            at_most.unwrap_or(Money::MAX).fen(),
        )),
        Value::NoLimit | Value::Unstated => None,
    }
}

/// The entries of a table, each with the bills that reach it.
fn leaves(
    build: &Build<'_>,
    node: &Node,
    span: Span,
    reach: Reach,
    out: &mut Outcomes,
) -> Result<(), TooFine> {
    match node {
        Node::Leaf(leaf) => {
            if let Some((least, most)) = interval(leaf.value) {
                out.add(build, span, Outcome::of(reach, least, most));
            }
        }
        Node::Named(FigureId(id)) => {
            if let (Some(figure), Some(reaches)) =
                (build.figures.get(*id), build.figure_reaches.get(*id))
            {
                for outcome in outcomes(build, figure, span, reaches, &reach)? {
                    out.add(
                        build,
                        span,
                        Outcome {
                            made_least: Vec::new(),
                            made_most: Vec::new(),
                            ..outcome
                        },
                    );
                }
            }
        }
        Node::Table(table) => {
            for entry in &table.entries {
                let mut entry_reach = reach.clone();
                entry_reach.restrict(table.subject, &entry.values);
                if !entry_reach.is_empty() {
                    leaves(build, &entry.node, span, entry_reach, out)?;
                }
            }
            if let Some(other) = &table.other {
                leaves(build, other, span, reach, out)?;
            }
        }
    }
    Ok(())
}

/// What an adjustment can make of an outcome: with a count, from not at all up to its bound. `None` where a ratio would
/// have too many decimals.
fn changed(adjust: &Adjust, state: &Outcome) -> Option<Outcome> {
    let (fewest, most_of) = match adjust.per {
        None => (1, None),
        Some((_, bound)) => (0, Some(bound.unwrap_or(i64::MAX))),
    };
    let sum = |by: i64| match (fewest, most_of) {
        (0, Some(bound)) => (0, bound),
        _ => (by, by),
    };
    let times = |by: Ratio, value: i64| {
        // What is added to a share of money may lie beyond every amount; there all are alike.
        let most = Money::MAX.fen();
        let exact = by.of(Money::from_fen(value.clamp(most.saturating_neg(), most)));
        let product = exact.and_then(|exact| match adjust.rounding {
            Some(rounding) => rounding.round(exact).map(Money::fen),
            None => exact.checked_div(Ratio::SCALE),
        });
        product.unwrap_or(value)
    };
    // Beyond what can be rounded nothing is lost by leaving it.
    let rounded = |value: i64| {
        let exact = value.checked_mul(Ratio::SCALE);
        let rounded = adjust.rounding.zip(exact);
        let rounded = rounded.and_then(|(rounding, exact)| rounding.round(exact));
        rounded.map_or(value, Money::fen)
    };
    let mut decimals = state.decimals;
    let (least, most) = match adjust.change {
        Change::Set(_) | Change::Bound => (state.least, state.most),
        Change::Add(by) => {
            let (fewest, most) = sum(by);
            (
                rounded(state.least.saturating_add(fewest)),
                rounded(state.most.saturating_add(most)),
            )
        }
        Change::Subtract(by) => {
            let (fewest, most) = sum(by);
            (
                rounded(state.least.saturating_sub(most)),
                rounded(state.most.saturating_sub(fewest)),
            )
        }
        Change::Multiply(by) => {
            if adjust.rounding.is_none() {
                decimals = decimals.saturating_add(by.decimals());
                if decimals > DECIMALS {
                    return None;
                }
            }
            (times(by, state.least), times(by, state.most))
        }
    };
    let least = adjust.bounded(Some(state.least), least, 1);
    let most = adjust.bounded(Some(state.most), most, 1);
    Some(Outcome {
        least,
        most,
        decimals,
        ..state.clone()
    })
}
