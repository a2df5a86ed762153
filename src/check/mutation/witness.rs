//! Searching a bill that shows a change which no case notices.

use super::{Edit, MutationKind};
use crate::book::RuleBook;
use crate::check::coverage::{self, Found};
use crate::check::leaves::{of_step, with_named};
use crate::load::Placed;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::step::{Covers, Step};
use crate::probe::{self, Ask, Bench, Dice, Near, Probe, Sampler, shrink};
use crate::settle::error::SettleError;
use crate::text::{FileId, Span};

/// How many probes are made up for one change and policy.
const TRIES: usize = 8_000;
/// How many are made up for all changes of a project together: who has no cases yet needs no case for each figure.
pub(super) const EFFORT: usize = 100_000;

/// Why no case can notice a change: every bill that would get there needs another value first, which no source states.
/// The path of that value.
pub(super) fn behind(edit: &Edit, file: FileId, old: &[&Placed]) -> Option<String> {
    if edit.kind == MutationKind::Order {
        return None;
    }
    let mut behind = None;
    for placed in old {
        let Some((_, path)) = nearest(edit, file, placed) else {
            continue;
        };
        for found in coverage::search_all(&placed.policy, path) {
            match found {
                Found::Behind(unstated) => behind = behind.or(Some(unstated)),
                Found::Case(_) => return None,
                Found::Nothing => {}
            }
        }
    }
    behind
}

/// A case that notices the change, as the rules stand; `None` if none of the probes does. `effort` is what may still be
/// made up, and is used up.
pub(super) fn case(
    edit: &Edit,
    file: FileId,
    old: &[&Placed],
    new: &RuleBook,
    effort: &mut usize,
) -> Option<String> {
    // Of the policies that the file is part of, the assumed ones settle the most bills.
    for placed in old.iter().rev() {
        let policy = &placed.policy;
        let changed = new.named(&policy.full_name());
        let found =
            changed.and_then(|changed| Search::new(edit, file, placed, changed).run(effort));
        if let Some(probe) = found {
            let name = format!("{}: {} -> {}", edit.kind.id(), edit.old, edit.new);
            let mut bench = Bench::default();
            let result = bench.settle(policy, &probe);
            return Some(probe::case(
                policy,
                &name,
                &probe,
                result.as_ref().map(|s| *s),
            ));
        }
    }
    None
}

struct Search<'a> {
    old: &'a Policy,
    new: &'a Policy,
    sampler: Sampler<'a>,
    dice: Dice,
    /// Where to look, in turn.
    nears: Vec<Near>,
    benches: (Bench, Bench),
}

/// What a bill came to, as far as a case can tell.
#[derive(PartialEq)]
enum Result {
    Settled(Vec<Money>, Vec<(String, Money)>, Vec<String>),
    Refused(String),
}

impl<'a> Search<'a> {
    fn new(edit: &Edit, file: FileId, placed: &'a Placed, new: &'a Policy) -> Search<'a> {
        let old = &placed.policy;
        let sampler = Sampler::new(old);
        let find = |policy: &'a Policy, id: &str| {
            let number = policy.steps().iter().position(|step| step.id == id)?;
            policy.steps.get(number)
        };
        let owners = owners(edit, file, placed);
        let steps: Vec<&Step> = owners.iter().filter_map(|id| find(old, id)).collect();
        let mut nears = Vec::new();
        if edit.kind == MutationKind::Order {
            let all = steps.iter();
            let ask = all.fold(Ask::default(), |ask, step| ask.and(&step.condition));
            let covers: Vec<Covers> = steps.iter().map(|step| step.covers).collect();
            nears.push(sampler.near(old, &ask, &covers));
        }
        for id in owners.iter().filter(|id| find(old, id).is_some()) {
            for policy in [old, new] {
                let step = find(policy, id).into_iter();
                nears.extend(step.flat_map(|step| nears_on(&sampler, policy, step)));
            }
        }
        if steps.is_empty() {
            let all = old
                .steps
                .iter()
                .flat_map(|step| nears_on(&sampler, old, step));
            nears.extend(all.take(64));
            for policy in [old, new] {
                let benefits = policy.benefits.iter();
                nears.extend(benefits.map(|benefit| sampler.near(policy, &Ask::of(benefit), &[])));
            }
            nears.push(sampler.near(old, &Ask::default(), &[]));
        }
        nears.retain(|near| !near.is_impossible());
        Search {
            old,
            new,
            sampler,
            dice: Dice::default(),
            nears,
            benches: Default::default(),
        }
    }

    fn run(mut self, effort: &mut usize) -> Option<Probe> {
        let mut refused = None;
        for number in 0..TRIES.min(*effort) {
            *effort = effort.saturating_sub(1);
            let near = self.nears.get(number.checked_rem(self.nears.len())?)?;
            let mut probe = self.sampler.probe(near, &mut self.dice)?;
            let old = &mut self.benches.0;
            old.complete(self.old, &mut probe, |_, _| ());
            let new = &mut self.benches.1;
            new.complete(self.new, &mut probe, |_, _| ());
            match self.settle(&probe) {
                (one, two) if one == two => {}
                (Result::Settled(..), Result::Settled(..)) => {
                    return Some(shrink(probe, |probe| match self.settle(probe) {
                        (one @ Result::Settled(..), two @ Result::Settled(..)) => one != two,
                        _ => false,
                    }));
                }
                // A refusal is noticed too, but shows less.
                _ => refused = refused.or(Some(probe)),
            }
        }
        let missing =
            |result: &Result| matches!(result, Result::Refused(text) if text == "missing");
        Some(shrink(refused?, |probe| {
            let (one, two) = self.settle(probe);
            one != two && !missing(&one) && !missing(&two)
        }))
    }

    /// What a bill comes to before the change and after it.
    fn settle(&mut self, probe: &Probe) -> (Result, Result) {
        let (old, new) = &mut self.benches;
        (settle(old, self.old, probe), settle(new, self.new, probe))
    }
}

fn settle(bench: &mut Bench, policy: &Policy, probe: &Probe) -> Result {
    match bench.settle(policy, probe) {
        Ok(settlement) => {
            let steps = settlement.steps();
            let steps = steps.map(|step| (step.id().to_owned(), step.amount()));
            // In a case, too, a step that does not apply pays nothing.
            let mut steps: Vec<(String, Money)> =
                steps.filter(|(_, paid)| *paid != Money::ZERO).collect();
            steps.sort();
            let benefits = settlement.benefits().map(|benefit| benefit.id.clone());
            Result::Settled(
                settlement.payers().map(|(_, amount)| amount).collect(),
                steps,
                benefits.collect(),
            )
        }
        Err(SettleError::Unstated { path, .. }) => Result::Refused(path.into()),
        Err(other) => Result::Refused(other.kind().to_owned()),
    }
}

/// The steps to which a changed text belongs; none if it belongs to no step alone.
fn owners(edit: &Edit, file: FileId, placed: &Placed) -> Vec<String> {
    if edit.kind == MutationKind::Order {
        let ids = edit.old.split('`').skip(1).step_by(2);
        return ids.map(str::to_owned).collect();
    }
    let path = nearest(edit, file, placed).map(|(_, path)| path);
    let step = path.map(|path| path.split('.').next().unwrap_or_default());
    step.map(str::to_owned).into_iter().collect()
}

/// The last thing with a citation that begins before the changed text, and its path.
fn nearest<'a>(edit: &Edit, file: FileId, placed: &'a Placed) -> Option<(Span, &'a str)> {
    let notes = placed.notes.iter().zip(placed.policy.citations());
    let here = notes.filter(|(span, _)| {
        span.file == file && usize::try_from(span.start).is_ok_and(|start| start <= edit.at)
    });
    let (span, citation) = here.max_by_key(|(span, _)| span.start)?;
    Some((*span, citation.what.as_str()))
}

/// Near the bills of a step, and near those of each of its adjustments.
fn nears_on(sampler: &Sampler<'_>, policy: &Policy, step: &Step) -> Vec<Near> {
    let covers = [step.covers, Covers::TOTAL, step.covers];
    let ask = Ask::of(&step.condition);
    let figures = of_step(policy, step).into_iter();
    let adjusts = figures
        .flat_map(|(_, figure)| with_named(policy, figure))
        .flat_map(|figure| &figure.adjusts);
    let asks = adjusts.map(|adjust| ask.clone().and(&adjust.condition));
    [ask.clone()]
        .into_iter()
        .chain(asks)
        .map(|ask| sampler.near(policy, &ask, &covers))
        .collect()
}
