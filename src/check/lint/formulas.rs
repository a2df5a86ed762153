//! Formulas that work against themselves: bands that fall, caps below deductibles, guarantees that cannot be kept.

use super::Lint;
use crate::check::leaves::{Role, leaves, of_step};
use crate::money::Money;
use crate::policy::step::{Covers, Formula, Guarantee, LimitOn, LimitPer, Step};
use crate::probe::{Ask, Kind, solve};
use crate::ratio::Ratio;
use crate::settlement::{Rate, Settlement};
use crate::text::Code;

pub(super) fn check(lint: &Lint<'_>) {
    for (number, step) in lint.policy.steps.iter().enumerate() {
        falling_bands(lint, number, step);
        low_caps(lint, number, step);
        if let Formula::Guarantee(guarantee) = &step.formula {
            out_of_reach(lint, number, step, guarantee);
        }
    }
}

/// Who has more to pay is reimbursed at a higher ratio, not at a lower one.
fn falling_bands(lint: &Lint<'_>, number: usize, step: &Step) {
    let Formula::Bands(bands) = &step.formula else {
        return;
    };
    let id = lint.step_id(number);
    for pair in bands.bands.windows(2) {
        let [low, high] = pair else { continue };
        let pairs = leaves(lint.policy, low.ratio);
        let above = leaves(lint.policy, high.ratio);
        for (before, after) in pairs.iter().zip(&above) {
            // Nothing above some amount is no falling ratio but an end.
            let falls = before.choices == after.choices
                && after.number().is_some_and(|after| after > 0)
                && after.number() < before.number();
            let (true, Some(from), Some(to)) = (falls, before.number(), after.number()) else {
                continue;
            };
            let message = format!(
                "the ratio of `{id}` falls from `{}` to `{}` above {} yuan",
                Ratio::from_millionths(from),
                Ratio::from_millionths(to),
                high.over
            );
            let over = high.over;
            let reaches = |found: &Settlement| {
                let mut steps = found.steps();
                let step = steps.find(|step| step.id() == id);
                step.is_some_and(|step| step.bands().iter().any(|band| band.over == over))
            };
            let ask = after.ask(&Ask::of(&step.condition));
            let name = format!("a bill above {over} yuan");
            let case = lint.witness(&ask, step, &name, reaches);
            let span = lint.span(after.leaf.note);
            lint.push(
                lint.warn(Code::RatioFalls, span, message)
                    .secondary(lint.span(before.leaf.note), "the band below")
                    .expected("ratios that rise with the bands")
                    .witnessed(case),
            );
        }
    }
}

/// A limit that lets less enter than the deductible takes, or pays less than it.
fn low_caps(lint: &Lint<'_>, number: usize, step: &Step) {
    let Some(deductible) = &step.deductible else {
        return;
    };
    let id = lint.step_id(number);
    for (role, figure) in of_step(lint.policy, step) {
        let Role::Limit(limit, on) = role else {
            continue;
        };
        let Some(limit) = lint.policy.limits.get(limit) else {
            continue;
        };
        let same_period = match limit.per {
            LimitPer::Bill => deductible.year.is_none(),
            LimitPer::Year(_) => deductible.year.is_some() || on == LimitOn::Deductible,
            LimitPer::DiseaseYear(_) => false,
        };
        if !same_period || on == LimitOn::Bills {
            continue;
        }
        for cap in leaves(lint.policy, figure) {
            for taken in leaves(lint.policy, deductible.figure) {
                let (Some(most), Some(least)) = (cap.number(), taken.number()) else {
                    continue;
                };
                let below = most > 0 && (most < least || (most == least && on == LimitOn::Cost));
                let ask = taken.ask(&cap.ask(&Ask::of(&step.condition)));
                if !below || solve(lint.policy, &ask).is_impossible() {
                    continue;
                }
                let (most, least) = (Money::from_fen(most), Money::from_fen(least));
                let path = lint.path(cap.leaf.note);
                let message = match on {
                    LimitOn::Cost => {
                        format!("`{path}` lets {most} yuan enter, and the deductible takes {least}")
                    }
                    LimitOn::Payment | LimitOn::Bills => {
                        format!("`{path}` is {most} yuan, below the deductible of {least}")
                    }
                    LimitOn::Deductible => {
                        format!("`{path}` is {most} yuan, below a deductible of {least}")
                    }
                };
                let bound = |found: &Settlement| {
                    let mut steps = found.steps();
                    let step = steps.find(|step| step.id() == id);
                    step.is_some_and(|step| step.limits().next().is_some())
                };
                let name = format!("`{id}` at its cap");
                let case = lint.witness(&ask, step, &name, bound);
                let span = lint.span(cap.leaf.note);
                lint.push(
                    lint.warn(Code::CapBelowDeductible, span, message)
                        .secondary(lint.span(taken.leaf.note), "the deductible")
                        .expected("a cap above the deductible")
                        .witnessed(case),
                );
            }
        }
    }
}

/// A floor under more money than its step covers: it pays only out of what it covers, and falls short.
fn out_of_reach(lint: &Lint<'_>, number: usize, step: &Step, guarantee: &Guarantee) {
    let id = lint.step_id(number);
    if contains(step.covers, guarantee.of) {
        return;
    }
    // Another step may pay the same floor out of the rest.
    let shared = lint.policy.steps.iter().enumerate().any(|(other, also)| {
        let same = matches!(&also.formula, Formula::Guarantee(also) if also.of == guarantee.of);
        let both = Ask::of(&step.condition).and(&also.condition);
        other != number && same && !solve(lint.policy, &both).is_impossible()
    });
    if shared {
        return;
    }
    let falls_short = |found: &Settlement| {
        let mut steps = found.steps();
        let Some(step) = steps.find(|step| step.id() == id) else {
            return false;
        };
        let Rate::Guarantee {
            ratio,
            of,
            reimbursed,
        } = step.rate()
        else {
            return false;
        };
        let reached = reimbursed.checked_add(step.amount());
        let short = reached.and_then(|reached| reached.fen().checked_mul(Ratio::SCALE));
        // By more than a rounding.
        let target = ratio
            .of(of)
            .and_then(|target| target.checked_sub(Ratio::SCALE.saturating_mul(100)));
        short
            .zip(target)
            .is_some_and(|(reached, target)| reached < target)
    };
    let kinds = [
        Kind::covered(lint.policy, step.covers).unwrap_or_else(Kind::in_scope),
        Kind::own_expense(),
    ];
    let ask = Ask::of(&step.condition);
    let name = format!("`{id}` falls short of its guarantee");
    // Without a bill that shows it, nothing is said: other limits may see to it that none does.
    if let Some(case) = lint.witness_of(&ask, &kinds, &name, falls_short) {
        let message = format!("`{id}` guarantees a ratio of more money than it covers");
        let span = leaves(lint.policy, guarantee.ratio)
            .first()
            .map_or(lint.step_span(step), |leaf| lint.span(leaf.leaf.note));
        lint.push(
            lint.warn(Code::GuaranteeOutOfReach, span, message)
                .expected("`covers = { parts = \"all\" }` for a floor of the total, or `of = \"covered\"`")
                .witnessed(Some(case)),
        );
    }
}

/// Whether the one takes in all that the other does.
pub(super) fn contains(covers: Covers, other: Covers) -> bool {
    let mut parts = covers.parts.iter().zip(other.parts);
    (covers.selector == 0 || covers.selector == other.selector)
        && parts.all(|(covered, asked)| *covered || !asked)
}
