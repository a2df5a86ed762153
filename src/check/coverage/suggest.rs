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
const TRIES: usize = 3_000;
/// After so many that would get there if every value were stated, and that are all refused, no other is looked for.
const REFUSED: usize = 50;

/// What a search came to.
pub(in crate::check) enum Found {
    /// A bill, as a case.
    Case(String),
    /// Every bill found that would get there needs another value first, which no source states: its path.
    Behind(String),
    Nothing,
}

/// Searches a bill that exercises a thing of a policy.
pub(super) fn search(policy: &Policy, target: &Target) -> Found {
    let mut bench = Bench::default();
    let mut touches = |policy: &Policy, probe: &Probe| {
        let result = bench.settle(policy, probe);
        target.is_touched(policy, result.as_ref().map(|settlement| *settlement))
    };
    // A bill that gets there gets there all the more if every value is stated.
    let filled = filled(policy);
    let focus = focus(policy, target);
    let mut sampler = Sampler::new(policy);
    let mut refused: Vec<Probe> = Vec::new();
    for _ in 0..TRIES {
        let probe = sampler.probe(&focus);
        if touches(&filled, &probe) {
            if touches(policy, &probe) {
                let probe = shrink(probe, |probe| touches(policy, probe));
                return Found::Case(case(policy, target, &probe));
            }
            refused.push(probe);
        }
        if refused.len() >= REFUSED {
            break;
        }
    }
    let unstated = refused
        .iter()
        .find_map(|probe| match bench.settle(policy, probe) {
            Err(SettleError::Unstated { path, .. }) => Some(path.into()),
            _ => None,
        });
    unstated.map_or(Found::Nothing, Found::Behind)
}

fn case(policy: &Policy, target: &Target, probe: &Probe) -> String {
    let name = format!("{}: {}", target.path, target.kind.id());
    let mut bench = Bench::default();
    let result = bench.settle(policy, probe);
    let result = result.as_ref().map(|settlement| *settlement);
    write::case(policy, &name, probe, result)
}

fn focus(policy: &Policy, target: &Target) -> Focus {
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
    focus
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
