//! The amounts of a policy: those that it names and those next to them, and those of which one of its ratios is an exact
//! half fen.

use super::bytes::between;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::{Change, FigureId, Node, Value};
use crate::policy::step::Formula;
use crate::probe::Chance;
use crate::ratio::Ratio;

/// The largest amount of a line, in fen: a million yuan.
pub(super) const LARGEST: i64 = 100_000_000;

/// The amounts of which a ratio is a whole number of fen and a half: the first one, and every so many fen from it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ties {
    first: i64,
    every: i64,
}

/// Amounts to make bills of.
#[derive(Debug, Clone)]
pub(super) struct Amounts {
    /// In fen, from small to large.
    edges: Vec<i64>,
    ties: Vec<Ties>,
}

impl Amounts {
    /// With these amounts as edges.
    pub(super) fn of(policy: &Policy, named: &[i64]) -> Amounts {
        let mut edges: Vec<i64> = named.iter().copied().chain(set(policy)).collect();
        edges.retain(|fen| (1..=LARGEST).contains(fen));
        edges.sort_unstable();
        edges.dedup();
        let mut out: Vec<Ties> = Vec::new();
        for ratio in ratios(policy) {
            let found = ties(ratio);
            out.extend(found.filter(|found| !out.contains(found)));
        }
        Amounts { edges, ties: out }
    }

    /// An amount that the policy names, or one or two fen beside it; if it names none, any.
    pub(super) fn edge(&self, c: &mut dyn Chance) -> Money {
        let Some(edge) = c.one_of(&self.edges) else {
            return self.any(c);
        };
        let beside = c.one_of(&[0, 1, -1, 2, -2]).unwrap_or(0);
        Money::from_fen(edge.saturating_add(beside).max(0))
    }

    /// An amount of which one of the policy's ratios is an exact half fen; if there is none, any.
    pub(super) fn tie(&self, c: &mut dyn Chance) -> Money {
        let Some(Ties { first, every }) = c.one_of(&self.ties) else {
            return self.any(c);
        };
        let most = most(c).saturating_sub(first).checked_div(every);
        let number = between(c, 0, most.unwrap_or(0).max(0));
        Money::from_fen(number.saturating_mul(every).saturating_add(first))
    }

    /// Any amount up to a million yuan, most of them as bills have them.
    pub(super) fn any(&self, c: &mut dyn Chance) -> Money {
        let most = most(c);
        Money::from_fen(between(c, 1, most))
    }

    /// An amount for a line: an edge, two of them together, a tie, a tie above an edge, or any.
    pub(super) fn line(&self, c: &mut dyn Chance) -> Money {
        let sum = |one: Money, other: Money| {
            let sum = one.fen().saturating_add(other.fen());
            Money::from_fen(sum.min(LARGEST))
        };
        match c.below(10) {
            0..5 => self.any(c),
            5 | 6 => self.edge(c),
            7 => sum(self.edge(c), self.edge(c)),
            8 => self.tie(c),
            _ => sum(self.tie(c), self.edge(c)),
        }
    }
}

/// The largest amount, in fen, of a magnitude.
fn most(c: &mut dyn Chance) -> i64 {
    let magnitudes = [
        10_000, 300, 100_000, 500_000, 500_000, 2_000_000, 15_000_000, LARGEST,
    ];
    c.one_of(&magnitudes).unwrap_or(LARGEST)
}

/// The ties of a ratio: none if there are none below a million fen, after which they would come again.
fn ties(ratio: Ratio) -> Option<Ties> {
    let ratio = ratio.millionths();
    let every = Ratio::SCALE.checked_div(common(ratio, Ratio::SCALE))?;
    let half = |fen: &i64| {
        let product = fen.checked_mul(ratio);
        let rest = product.and_then(|product| product.checked_rem(Ratio::SCALE));
        rest == Some(Ratio::SCALE / 2)
    };
    let first = (1..=every).find(half)?;
    Some(Ties { first, every })
}

/// The greatest common divisor.
fn common(a: i64, b: i64) -> i64 {
    match a.checked_rem(b) {
        None => a,
        Some(rest) => common(b, rest),
    }
}

/// The figures of a policy that are ratios of steps.
fn ratios(policy: &Policy) -> Vec<Ratio> {
    let mut ids: Vec<FigureId> = Vec::new();
    for step in &policy.steps {
        match &step.formula {
            Formula::Ratio(id) => ids.push(*id),
            Formula::Bands(bands) => ids.extend(bands.bands.iter().map(|band| band.ratio)),
            Formula::Guarantee(guarantee) => ids.push(guarantee.ratio),
        }
        ids.extend(step.payment);
    }
    let mut numbers = Vec::new();
    for id in ids {
        values(policy, id, &mut numbers);
    }
    numbers.sort_unstable();
    numbers.dedup();
    let shares = 1..Ratio::SCALE;
    let shares = numbers.into_iter().filter(|ratio| shares.contains(ratio));
    shares.map(Ratio::from_millionths).collect()
}

/// The amounts to which adjustments set deductibles and limits.
fn set(policy: &Policy) -> Vec<i64> {
    let deductibles = policy
        .steps
        .iter()
        .filter_map(|step| step.deductible.as_ref());
    let deductibles = deductibles.map(|deductible| deductible.figure);
    let limits = policy.limits.iter().map(|limit| limit.figure);
    let mut numbers = Vec::new();
    for id in deductibles.chain(limits) {
        values(policy, id, &mut numbers);
    }
    numbers
}

/// The numbers in a figure and in its named table, as they stand and as adjustments make them one by one.
fn values(policy: &Policy, id: FigureId, out: &mut Vec<i64>) {
    let Some(figure) = policy.figure(id) else {
        return;
    };
    let mut own = Vec::new();
    if let Node::Named(table) = &figure.root
        && *table != id
    {
        values(policy, *table, &mut own);
    }
    leaves(&figure.root, &mut own);
    let adjusted: Vec<i64> = figure
        .adjusts
        .iter()
        .flat_map(|adjust| {
            own.iter()
                .filter_map(|number| change(*number, adjust.change))
        })
        .collect();
    out.extend(own);
    out.extend(adjusted);
}

fn change(number: i64, change: Change) -> Option<i64> {
    match change {
        Change::Set(Value::Number(to)) => Some(to),
        Change::Add(more) => number.checked_add(more),
        Change::Subtract(less) => number.checked_sub(less),
        Change::Multiply(ratio) => {
            let product = i128::from(number).checked_mul(i128::from(ratio.millionths()))?;
            i64::try_from(product.checked_div(i128::from(Ratio::SCALE))?).ok()
        }
        Change::Set(_) | Change::Bound => None,
    }
}

fn leaves(node: &Node, out: &mut Vec<i64>) {
    match node {
        Node::Leaf(leaf) => {
            if let Value::Number(number) = leaf.value {
                out.push(number);
            }
        }
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            entries
                .chain(&table.other)
                .for_each(|node| leaves(node, out));
        }
        Node::Named(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ties_of_a_ratio_are_those_and_no_other_amounts() {
        for (percent, first, every) in [("50%", 1, 2), ("90%", 5, 10), ("85%", 10, 20)] {
            let ratio = Ratio::parse(percent).unwrap();
            assert_eq!(ties(ratio), Some(Ties { first, every }));
            for fen in 1..1_000 {
                let exact = ratio.of(Money::from_fen(fen)).unwrap();
                let is_tie = exact % Ratio::SCALE == Ratio::SCALE / 2;
                assert_eq!(is_tie, fen % every == first, "{percent} of {fen} fen");
            }
        }
        // Of a whole number of fen these are no half.
        for percent in ["80%", "100%", "60%"] {
            assert_eq!(ties(Ratio::parse(percent).unwrap()), None);
        }
    }
}
