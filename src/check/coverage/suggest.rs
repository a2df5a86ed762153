//! Searching a bill that would exercise what no case does.

use super::items::Target;
use crate::check::probe::sample::{Focus, Sampler};
use crate::check::probe::shrink::shrink;
use crate::check::probe::{Bench, Probe, write};
use crate::policy::Policy;
use crate::policy::facts::Condition;
use crate::policy::figure::{Change, Figure, Node, Value};
use crate::policy::step::{Covers, Formula};
use crate::settle::error::SettleError;

/// How many probes are made up for one thing of one policy.
const TRIES: usize = 2_000;

/// What a search came to.
pub(in crate::check) enum Found {
    /// A bill, as a case.
    Case(String),
    /// Every bill found needs another value first, which no source states: its path.
    Behind(String),
    Nothing,
}

/// Searches a bill that exercises a thing of a policy.
pub(super) fn search(policy: &Policy, target: &Target) -> Found {
    let mut bench = Bench::default();
    if let Some(probe) = probe(policy, target) {
        let mut touches = |probe: &Probe| {
            let result = bench.settle(policy, probe);
            target.is_touched(policy, result.as_ref().map(|settlement| *settlement))
        };
        let probe = shrink(probe, &mut touches);
        let name = format!("{}: {}", target.path, target.kind.id());
        let result = bench.settle(policy, &probe);
        let result = result.as_ref().map(|settlement| *settlement);
        return Found::Case(write::case(policy, &name, &probe, result));
    }
    // Were every value stated, would a bill get there?
    let filled = filled(policy);
    if let Some(probe) = probe(&filled, target)
        && let Err(SettleError::Unstated { path, .. }) = bench.settle(policy, &probe)
    {
        return Found::Behind(path.into());
    }
    Found::Nothing
}

fn probe(policy: &Policy, target: &Target) -> Option<Probe> {
    let step = target.step.and_then(|number| policy.steps.get(number));
    let conditions: Vec<Condition> = step
        .map(|step| step.condition)
        .into_iter()
        .chain(target.condition)
        .collect();
    let mut focus = Focus::on(policy, &conditions);
    focus.values.clone_from(&target.values);
    focus.covers.extend(step.map(|step| step.covers));
    focus.covers.push(Covers::TOTAL);
    let mut bench = Bench::default();
    let mut sampler = Sampler::new(policy);
    for _ in 0..TRIES {
        let probe = sampler.probe(&focus);
        let result = bench.settle(policy, &probe);
        if target.is_touched(policy, result.as_ref().map(|settlement| *settlement)) {
            return Some(probe);
        }
    }
    None
}

/// The policy with some value for whatever no source states.
fn filled(policy: &Policy) -> Policy {
    let mut filled = policy.clone();
    let mut ratios = Vec::new();
    for step in &policy.steps {
        match &step.formula {
            Formula::Ratio(figure) => ratios.push(*figure),
            Formula::Bands(bands) => ratios.extend(bands.bands.iter().map(|band| band.ratio)),
            Formula::Guarantee(guarantee) => ratios.push(guarantee.ratio),
        }
    }
    for figure in ratios.clone() {
        if let Some(Figure {
            root: Node::Named(table),
            ..
        }) = policy.figure(figure)
        {
            ratios.push(*table);
        }
    }
    for (number, figure) in filled.figures.iter_mut().enumerate() {
        // Half, or a hundred yuan.
        let is_ratio = ratios.iter().any(|ratio| ratio.0 == number);
        let value = if is_ratio { 500_000 } else { 10_000 };
        fill(&mut figure.root, value);
        for adjust in &mut figure.adjusts {
            if adjust.change == Change::Set(Value::Unstated) {
                adjust.change = Change::Bound;
            }
        }
    }
    filled
}

fn fill(node: &mut Node, value: i64) {
    match node {
        Node::Leaf(leaf) if leaf.value == Value::Unstated => leaf.value = Value::Number(value),
        Node::Leaf(_) | Node::Named(_) => {}
        Node::Table(table) => {
            let entries = table.entries.iter_mut().map(|entry| &mut entry.node);
            entries
                .chain(&mut table.other)
                .for_each(|node| fill(node, value));
        }
    }
}
