//! Searching a bill that shows a change which no case notices.

use super::{Edit, MutationKind};
use crate::book::RuleBook;
use crate::check::coverage::{self, Found};
use crate::check::probe::sample::{Focus, Sampler};
use crate::check::probe::shrink::shrink;
use crate::check::probe::{Bench, Probe, write};
use crate::load::Placed;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Condition;
use crate::policy::figure::FigureId;
use crate::policy::step::{Covers, Formula, Step};
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
            return Some(write::case(
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
    focuses: Vec<Focus>,
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
        let mut focuses = Vec::new();
        let steps: Vec<&Step> = owners(edit, file, placed)
            .iter()
            .filter_map(|id| {
                let number = old.steps().iter().position(|step| step.id == *id)?;
                old.steps.get(number)
            })
            .collect();
        if edit.kind == MutationKind::Order {
            let conditions: Vec<Condition> = steps.iter().map(|step| step.condition).collect();
            let mut focus = Focus::on(old, &conditions);
            focus.covers = steps.iter().map(|step| step.covers).collect();
            focuses.push(focus);
        }
        for step in &steps {
            focuses.extend(focuses_on(old, step));
            let id = old
                .steps
                .iter()
                .position(|other| other == *step)
                .and_then(|number| old.steps().get(number));
            let same = id.and_then(|id| new.steps().iter().position(|step| step.id == id.id));
            if let Some(step) = same.and_then(|number| new.steps.get(number)) {
                focuses.extend(focuses_on(new, step));
            }
        }
        if steps.is_empty() {
            let all = old.steps.iter().flat_map(|step| focuses_on(old, step));
            focuses.extend(all.take(64));
            focuses.extend(
                old.benefits
                    .iter()
                    .chain(&new.benefits)
                    .map(|benefit| Focus::on(old, &[*benefit])),
            );
            focuses.push(Focus::default());
        }
        Search { old, new, focuses }
    }

    fn run(&self, effort: &mut usize) -> Option<Probe> {
        let (mut a, mut b) = (Bench::default(), Bench::default());
        let mut sampler = Sampler::new(self.old);
        let mut refused = None;
        for number in 0..TRIES.min(*effort) {
            *effort = effort.saturating_sub(1);
            let focus = number.checked_rem(self.focuses.len())?;
            let probe = sampler.probe(self.focuses.get(focus)?);
            let (one, two) = (
                settle(&mut a, self.old, &probe),
                settle(&mut b, self.new, &probe),
            );
            if one != two {
                let both = matches!(
                    (&one, &two),
                    (Result::Refused(_), _) | (_, Result::Refused(_))
                );
                if !both {
                    return Some(shrink(probe, |probe| {
                        let (one, two) = (
                            settle(&mut a, self.old, probe),
                            settle(&mut b, self.new, probe),
                        );
                        one != two
                            && matches!((&one, &two), (Result::Settled(..), Result::Settled(..)))
                    }));
                }
                refused = refused.or(Some(probe));
            }
        }
        refused.map(|probe| {
            shrink(probe, |probe| {
                let found = settle(&mut a, self.old, probe);
                let missing = |result: &Result| matches!(result, Result::Refused(text) if text.starts_with("missing"));
                let other = settle(&mut b, self.new, probe);
                !missing(&found) && !missing(&other) && found != other
            })
        })
    }
}

fn settle(bench: &mut Bench, policy: &Policy, probe: &Probe) -> Result {
    match bench.settle(policy, probe) {
        Ok(settlement) => Result::Settled(
            settlement.payers().map(|(_, amount)| amount).collect(),
            sorted(
                settlement
                    .steps()
                    .filter(|step| step.amount() != Money::ZERO || step.deductible() != Money::ZERO)
                    .flat_map(|step| {
                        [
                            (step.id().to_owned(), step.amount()),
                            (step.id().to_owned(), step.deductible()),
                        ]
                    })
                    .collect(),
            ),
            settlement
                .benefits()
                .map(|benefit| benefit.id.clone())
                .collect(),
        ),
        Err(error) => Result::Refused(match error {
            crate::settle::error::SettleError::Unstated { path, .. } => path.into(),
            other => other.kind().to_owned(),
        }),
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
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
fn focuses_on(policy: &Policy, step: &Step) -> Vec<Focus> {
    let near = |conditions: &[Condition]| Focus {
        covers: vec![step.covers, Covers::TOTAL, step.covers],
        ..Focus::on(policy, conditions)
    };
    let mut out = vec![near(&[step.condition])];
    for figure in figures(policy, step) {
        let adjusts = policy
            .figure(figure)
            .map_or(&[][..], |figure| &figure.adjusts);
        out.extend(
            adjusts
                .iter()
                .map(|adjust| near(&[step.condition, adjust.condition])),
        );
    }
    out
}

/// The figures of a step and of its limits.
pub(in crate::check) fn figures(policy: &Policy, step: &Step) -> Vec<FigureId> {
    let mut out: Vec<FigureId> = step.base.fixed.into_iter().collect();
    out.extend(step.payment);
    out.extend(step.deductible.iter().map(|deductible| deductible.figure));
    match &step.formula {
        Formula::Ratio(figure) => out.push(*figure),
        Formula::Bands(bands) => out.extend(bands.bands.iter().map(|band| band.ratio)),
        Formula::Guarantee(guarantee) => out.push(guarantee.ratio),
    }
    let within = step
        .deductible
        .as_ref()
        .and_then(|deductible| deductible.within);
    let limits = step
        .cost_limits
        .iter()
        .chain(&step.payment_limits)
        .copied()
        .chain(within);
    out.extend(limits.filter_map(|limit| Some(policy.limits.get(limit)?.figure)));
    out
}
