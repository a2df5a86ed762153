//! Whether it can matter in which order two steps stand.

use crate::policy::Policy;
use crate::policy::facts::Condition;
use crate::policy::step::{Covers, Formula, Step};
use crate::probe::{Ask, solve};
use crate::vocabulary::Dimension;

/// Whether two policies that differ only in the places of their steps settle every bill alike: any two steps whose order
/// differs have nothing to do with one another.
pub(super) fn is_equivalent(old: &Policy, new: &Policy) -> bool {
    let places: Vec<Option<usize>> = new
        .steps()
        .iter()
        .map(|step| old.steps().iter().position(|other| other.id == step.id))
        .collect();
    let Some(places) = places.into_iter().collect::<Option<Vec<usize>>>() else {
        return false;
    };
    let later = places.iter().enumerate();
    later.clone().all(|(number, &place)| {
        let before = places.iter().take(number).filter(|&&other| other > place);
        before.into_iter().all(|&other| {
            let steps = old.steps.get(place).zip(old.steps.get(other));
            steps.is_some_and(|(a, b)| commute(old, a, b))
        })
    })
}

fn commute(policy: &Policy, a: &Step, b: &Step) -> bool {
    never_both(policy, &a.condition, &b.condition)
        || (touches(a)
            .iter()
            .all(|x| touches(b).iter().all(|y| !share_a_cell(policy, *x, *y)))
            && !refer(a, b)
            && !refer(b, a)
            && !share_a_limit(a, b))
}

/// The money that a step looks at.
fn touches(step: &Step) -> Vec<Covers> {
    let mut covers = vec![step.covers];
    if let Formula::Guarantee(guarantee) = &step.formula {
        covers.push(guarantee.of);
    }
    covers
}

/// Whether `a` names `b` in its base.
fn refer(a: &Step, b: &Step) -> bool {
    a.base.less.contains(&b.slots) || !a.base.less_deductible_of.is_empty()
}

fn share_a_limit(a: &Step, b: &Step) -> bool {
    let limits = |step: &Step| {
        let within = step
            .deductible
            .as_ref()
            .and_then(|deductible| deductible.within);
        let all = step.cost_limits.iter().chain(&step.payment_limits).copied();
        all.chain(within).collect::<Vec<usize>>()
    };
    let with = |step: &Step| {
        step.deductible
            .as_ref()
            .and_then(|deductible| deductible.year)
    };
    limits(a).iter().any(|limit| limits(b).contains(limit))
        || with(a).is_some_and(|counter| with(b) == Some(counter))
}

/// Whether some part of some line is covered by both.
fn share_a_cell(policy: &Policy, a: Covers, b: Covers) -> bool {
    let parts = a.parts.iter().zip(b.parts).any(|(a, b)| *a && b);
    let count = |dimension| u16::try_from(policy.words.count(dimension)).unwrap_or(u16::MAX);
    let (fees, classes) = (count(Dimension::Fee), count(Dimension::Class));
    // Two marks are enough to be asked for by both; others make no difference.
    let asked = &policy.selectors.marks;
    let marks: Vec<u16> = (0..count(Dimension::Mark))
        .filter(|mark| {
            asked
                .get(usize::from(*mark))
                .is_some_and(|asking| *asking != 0)
        })
        .collect();
    let mut sets = vec![Vec::new()];
    sets.extend(marks.iter().map(|mark| vec![*mark]));
    let pairs = marks
        .iter()
        .flat_map(|one| marks.iter().map(move |two| vec![*one, *two]));
    sets.extend(pairs);
    let both = a.selector | b.selector;
    parts
        && (0..fees).any(|fee| {
            (0..classes).any(|class| {
                sets.iter().any(|marks| {
                    let marks = marks.iter().copied();
                    let signature = policy.selectors.signature(fee, Some(class), marks);
                    signature.is_none_or(|signature| signature & both == both)
                })
            })
        })
}

/// Whether no bill can meet both conditions.
fn never_both(policy: &Policy, a: &Condition, b: &Condition) -> bool {
    solve(policy, &Ask::of(a).and(b)).is_impossible()
}
