//! Steps that can never pay, payers that never do, and steps that pay the same twice.

use super::formulas::contains;
use super::{Lint, paid};
use crate::check::leaves::{Role, leaves, of_step, with_named};
use crate::money::Money;
use crate::policy::figure::{Change, FigureId, Value};
use crate::policy::info::PayerKind;
use crate::policy::step::{Formula, LimitOn, Step};
use crate::probe::{Ask, implies, solve};
use crate::ratio::Ratio;
use crate::rounding::RoundingUnit;
use crate::text::Code;

pub(super) fn check(lint: &Lint<'_>) {
    let steps = &lint.policy.steps;
    let mut dead = vec![false; steps.len()];
    for ((number, step), dead) in steps.iter().enumerate().zip(&mut dead) {
        *dead = never_pays(lint, number, step);
    }
    idle_payers(lint, &dead);
    for (number, step) in steps.iter().enumerate() {
        for (other, earlier) in steps.iter().enumerate().take(number) {
            if is_dead(&dead, number) || is_dead(&dead, other) {
                continue;
            }
            same_role(lint, (other, earlier), (number, step));
        }
    }
}

fn is_dead(dead: &[bool], number: usize) -> bool {
    dead.get(number).copied().unwrap_or(false)
}

/// Reports a step that can never pay anything.
fn never_pays(lint: &Lint<'_>, number: usize, step: &Step) -> bool {
    let id = lint.step_id(number);
    let figures = of_step(lint.policy, step);
    let ratios: Vec<FigureId> = figures
        .iter()
        .filter(|(role, _)| role.is_ratio() && *role != Role::Payment)
        .map(|(_, figure)| *figure)
        .collect();
    let zero = |figure: FigureId| is_zero(lint, figure);
    let caps = figures.iter().filter(|(role, figure)| {
        let cuts = matches!(
            role,
            Role::Fixed | Role::Limit(_, LimitOn::Payment | LimitOn::Cost)
        );
        cuts && zero(*figure)
    });
    let first = |figure: FigureId| {
        let leaves = leaves(lint.policy, figure);
        leaves.first().map(|leaf| lint.span(leaf.leaf.note))
    };
    let mut why = None;
    if !ratios.is_empty() && ratios.iter().all(|figure| zero(*figure)) {
        let span = ratios.first().and_then(|figure| first(*figure));
        why = span.map(|span| (span, "its ratio is 0% for every bill".to_owned(), None));
    } else if let Some((_, figure)) = caps.clone().next() {
        why = first(*figure).map(|span| (span, "it may pay on nothing".to_owned(), None));
    } else {
        let earlier = lint.policy.steps.iter().enumerate().take(number);
        for (other, earlier) in earlier {
            if takes_all(lint, earlier, step) {
                let text = format!("`{}` leaves nothing to pay", lint.step_id(other));
                why = Some((lint.step_span(step), text, Some(lint.step_span(earlier))));
            }
        }
    }
    let Some((span, why, other)) = why else {
        return false;
    };
    let ask = Ask::of(&step.condition);
    let name = format!("`{id}` pays nothing");
    let case = lint.witness(&ask, step, &name, |found| {
        paid(found, id) == Some(Money::ZERO)
    });
    let message = format!("the step `{id}` can never pay: {why}");
    let mut diagnostic = lint
        .warn(Code::StepNeverPays, span, message)
        .expected("figures and an order in which it pays, or its removal")
        .witnessed(case);
    if let Some(other) = other {
        diagnostic = diagnostic.secondary(other, "the earlier step");
    }
    lint.push(diagnostic);
    true
}

/// Whether a figure is zero for every bill, also after its adjustments.
fn is_zero(lint: &Lint<'_>, figure: FigureId) -> bool {
    let values = leaves(lint.policy, figure);
    let figures = with_named(lint.policy, figure);
    let mut adjusts = figures.iter().flat_map(|figure| &figure.adjusts);
    let lifts = adjusts.any(|adjust| {
        let changes = match adjust.change {
            Change::Set(value) => value != Value::Number(0),
            Change::Add(by) => by > 0,
            Change::Subtract(_) | Change::Multiply(_) | Change::Bound => false,
        };
        changes || adjust.at_least.is_some_and(|least| least > 0)
    });
    !values.is_empty() && values.iter().all(|leaf| leaf.number() == Some(0)) && !lifts
}

/// Whether the earlier step leaves nothing of what the later one covers.
fn takes_all(lint: &Lint<'_>, earlier: &Step, step: &Step) -> bool {
    let policy = lint.policy;
    let free = earlier.cost_limits.is_empty()
        && earlier.payment_limits.is_empty()
        && earlier.deductible.is_none()
        && earlier.payment.is_none();
    let plain_base = !earlier.base.billed
        && earlier.base.less_deductible_of.is_empty()
        && earlier.base.fixed.is_none();
    let exact = earlier.rounding.unit == RoundingUnit::Fen;
    let plain = |figure: FigureId| {
        let mut figures = with_named(policy, figure).into_iter();
        figures.all(|figure| figure.adjusts.is_empty())
    };
    let all = |figure: FigureId, least: i64| {
        let values = leaves(policy, figure);
        !values.is_empty()
            && values
                .iter()
                .all(|leaf| leaf.number().is_some_and(|number| number >= least))
    };
    let takes = match (&earlier.formula, &step.formula) {
        (Formula::Ratio(figure), _) => plain(*figure) && all(*figure, Ratio::SCALE),
        // A second floor that is no higher than the first.
        (Formula::Guarantee(first), Formula::Guarantee(second)) => {
            let values = leaves(policy, second.ratio);
            let highest = values.iter().map(|leaf| leaf.number()).max().flatten();
            let known = values.iter().all(|leaf| leaf.number().is_some());
            let counted = first.counts.iter().zip(&second.counts);
            first.of == second.of
                && counted.clone().all(|(first, second)| second >= first)
                && earlier.slots.clone().all(|slot| {
                    let counts = second.counts.get(slot);
                    counts.copied().unwrap_or(false)
                })
                && step.base == earlier.base
                && plain(first.ratio)
                && plain(second.ratio)
                && known
                && highest.is_some_and(|highest| all(first.ratio, highest))
                && contains(earlier.covers, first.of)
        }
        _ => false,
    };
    takes
        && free
        && plain_base
        && exact
        && contains(earlier.covers, step.covers)
        && implies(policy, &Ask::of(&step.condition), &earlier.condition)
}

/// Payers of which every step is dead, or whose shares are all 0 %.
fn idle_payers(lint: &Lint<'_>, dead: &[bool]) {
    for (number, payer) in lint.policy.payers().iter().enumerate() {
        let mut steps = lint.policy.steps.iter().zip(dead);
        let pays = steps.any(|(step, dead)| {
            let slots = lint.policy.slots.get(step.slots.clone());
            let mut slots = slots.unwrap_or_default().iter();
            !dead && slots.any(|slot| slot.payer == number && slot.share > Ratio::ZERO)
        });
        // A payer whose steps an assumed layer gives to another is the other layer's affair.
        let own = lint.placed.files.last();
        let place = lint.placed.payers.get(number);
        let Some(span) = place.filter(|span| !pays && Some(&span.file) == own) else {
            continue;
        };
        let message = format!("the payer `{}` can never pay anything", payer.id);
        lint.push(
            lint.warn(Code::PayerNeverPays, *span, message)
                .expected("a step in which it pays, or its removal"),
        );
    }
}

/// Two steps of one insurance that pay one after the other on the same money: mostly a special rule beside a general
/// one that should have excluded it.
fn same_role(lint: &Lint<'_>, (first, a): (usize, &Step), (second, b): (usize, &Step)) {
    let policy = lint.policy;
    let payers = |step: &Step| {
        let slots = policy.slots.get(step.slots.clone()).unwrap_or_default();
        slots.to_vec()
    };
    let insurance = payers(a).iter().all(|slot| {
        let payer = policy.payers().get(slot.payer);
        payer.is_some_and(|payer| payer.kind == PayerKind::Insurance)
    });
    let shares = |step: &Step| !matches!(step.formula, Formula::Guarantee(_));
    let plain = |step: &Step| {
        step.base == crate::policy::step::Base::default()
            && step.cost_limits.is_empty()
            && step.payment_limits.is_empty()
    };
    // A payer that pays twice in stages has another sort of formula or deductible in each, or the same conditions.
    let stage = |step: &Step| {
        let deductible = step.deductible.as_ref();
        let bands = matches!(step.formula, Formula::Bands(_));
        (
            deductible.map(|deductible| deductible.year.is_some()),
            bands,
        )
    };
    let alike = insurance
        && payers(a) == payers(b)
        && a.covers == b.covers
        && shares(a)
        && shares(b)
        && plain(a)
        && plain(b)
        && stage(a) == stage(b)
        && a.condition != b.condition;
    if !alike {
        return;
    }
    let both = Ask::of(&a.condition).and(&b.condition);
    if solve(policy, &both).is_impossible() {
        return;
    }
    let (one, two) = (lint.step_id(first), lint.step_id(second));
    let name = format!("`{one}` and `{two}` pay the same bill");
    let pays = |found: &crate::settlement::Settlement, id: &str| {
        paid(found, id).is_some_and(|paid| paid > Money::ZERO)
    };
    let case = lint.witness(&both, b, &name, |found| {
        pays(found, one) && pays(found, two)
    });
    let Some(case) = case else { return };
    let message = format!("`{one}` and `{two}` pay the same patient for the same money");
    lint.push(
        lint.warn(Code::SameRole, lint.step_span(b), message)
            .secondary(lint.step_span(a), "the other step")
            .expected(
                "conditions that no patient meets both of, such as an `unless` in the general one",
            )
            .note("the later one pays on what the earlier one leaves")
            .witnessed(Some(case)),
    );
}
