//! Searching a bill that would exercise what no case does.

use super::items::Target;
use crate::policy::Policy;
use crate::policy::figure::{Change, Figure, Node, Value};
use crate::policy::info::Info;
use crate::policy::step::{Covers, Formula};
use crate::probe::{Bench, Dice, Probe, Sampler, case, shrink};
use crate::settle::error::SettleError;
use std::sync::Arc;

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

/// Searches bills of one policy.
pub(super) struct Search<'p> {
    policy: &'p Policy,
    /// The policy with some value for whatever no source states: a bill that gets somewhere gets there all the more.
    filled: Policy,
    sampler: Sampler<'p>,
    dice: Dice,
    bench: Bench,
}

impl<'p> Search<'p> {
    pub(super) fn new(policy: &'p Policy) -> Search<'p> {
        Search {
            policy,
            filled: filled(policy),
            sampler: Sampler::new(policy),
            dice: Dice::default(),
            bench: Bench::default(),
        }
    }

    /// Searches a bill that exercises a thing.
    pub(super) fn run(&mut self, target: &Target) -> Found {
        let policy = self.policy;
        let step = target.step.and_then(|number| policy.steps.get(number));
        let covers = step.map(|step| step.covers).into_iter();
        let covers: Vec<Covers> = covers.chain([Covers::TOTAL]).collect();
        let near = self.sampler.near(policy, &target.ask, &covers);
        let mut refused: Vec<Probe> = Vec::new();
        for _ in 0..TRIES {
            let Some(mut probe) = self.sampler.probe(&near, &mut self.dice) else {
                break;
            };
            let touched = self.bench.complete(&self.filled, &mut probe, |_, result| {
                target.is_touched(policy, result)
            });
            if touched && self.touches(target, &probe) {
                let probe = shrink(probe, |probe| self.touches(target, probe));
                return Found::Case(self.case(target, &probe));
            }
            refused.extend(touched.then_some(probe));
            if refused.len() >= REFUSED {
                break;
            }
        }
        let mut refused = refused.iter();
        let unstated = refused.find_map(|probe| match self.bench.settle(policy, probe) {
            Err(SettleError::Unstated { path, .. }) => Some(path.into()),
            _ => None,
        });
        unstated.map_or(Found::Nothing, Found::Behind)
    }

    fn touches(&mut self, target: &Target, probe: &Probe) -> bool {
        let result = self.bench.settle(self.policy, probe);
        target.is_touched(self.policy, result.as_ref().map(|settlement| *settlement))
    }

    fn case(&mut self, target: &Target, probe: &Probe) -> String {
        let name = format!("{}: {}", target.path, target.kind.id());
        let result = self.bench.settle(self.policy, probe);
        let result = result.as_ref().map(|settlement| *settlement);
        case(self.policy, &name, probe, result)
    }
}

/// The policy with some value for whatever no source states.
fn filled(policy: &Policy) -> Policy {
    let mut filled = policy.clone();
    // Another policy: it must not be taken for the one that it comes from.
    filled.info = Arc::new(Info::clone(&policy.info));
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
