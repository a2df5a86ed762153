//! What no bill can ever reach, and adjustments whose outcome never stays.
//!
//! The loader looks at one field after the other; here conditions are tried together.

use super::Lint;
use crate::check::leaves::{Choice, leaves, of_step, with_named};
use crate::policy::figure::{Adjust, Change, Figure, FigureId, Value};
use crate::policy::info::NoteId;
use crate::policy::step::Step;
use crate::probe::{Ask, implies, solve};
use crate::text::{Code, Diagnostic};

pub(super) fn check(lint: &Lint<'_>) {
    for (number, step) in lint.policy.steps.iter().enumerate() {
        let ask = Ask::of(&step.condition);
        if solve(lint.policy, &ask).is_impossible() {
            let message = format!(
                "no bill can meet all conditions of `{}`",
                lint.step_id(number)
            );
            let note = step.notes.first().copied();
            never(lint, note, message);
            continue;
        }
        for (_, figure) in of_step(lint.policy, step) {
            entries(lint, step, figure);
            for figure in with_named(lint.policy, figure) {
                adjusts(lint, figure, &ask);
            }
        }
    }
    for scope in &lint.policy.scopes {
        if solve(lint.policy, &Ask::of(&scope.condition)).is_impossible() {
            let path = lint.path(scope.note);
            let message = format!("no bill can meet all conditions of `{path}`");
            never(lint, Some(scope.note), message);
        }
    }
}

fn never(lint: &Lint<'_>, note: Option<NoteId>, message: String) {
    let span = note.map_or(lint.placed.period, |note| lint.span(note));
    lint.push(
        Diagnostic::error(Code::StepNeverApplies, span, message)
            .expected("conditions that some bill can meet together"),
    );
}

/// Entries of a step's own tables that its conditions exclude. Shared limits and named tables are of several steps.
fn entries(lint: &Lint<'_>, step: &Step, figure: FigureId) {
    let own = lint.citation_of(step);
    let ask = Ask::of(&step.condition);
    for reached in leaves(lint.policy, figure) {
        let path = lint.path(reached.leaf.note);
        let is_own = path
            .strip_prefix(own)
            .is_some_and(|rest| rest.starts_with('.'));
        let entry = matches!(reached.choices.last(), Some(Choice::Entry(..)));
        if is_own && entry && solve(lint.policy, &reached.ask(&ask)).is_impossible() {
            let message = format!("no bill can reach `{path}`");
            never(lint, Some(reached.leaf.note), message);
        }
    }
}

/// Adjustments that never apply, or whose outcome a later one always replaces.
fn adjusts(lint: &Lint<'_>, figure: &Figure, ask: &Ask) {
    let own = |adjust: &Adjust| {
        let path = lint.path(adjust.note);
        !path.starts_with("table.") && !path.starts_with("limit.")
    };
    for (number, adjust) in figure.adjusts.iter().enumerate() {
        let both = ask.clone().and(&adjust.condition);
        let path = lint.path(adjust.note);
        if solve(lint.policy, &both).is_impossible() {
            if own(adjust) {
                let message = format!("no bill can meet the conditions of `{path}`");
                never(lint, Some(adjust.note), message);
            }
            continue;
        }
        let later = figure.adjusts.iter().skip(number.saturating_add(1));
        for after in later {
            let message = if replaces(after) && implies(lint.policy, &both, &after.condition) {
                format!(
                    "the adjustment `{}` has no effect: `{}` sets the figure anew",
                    adjust.id, after.id
                )
            } else if let (true, Some(least)) = (waives(adjust) && lifts(after), after.at_least)
                && least > 0
                && !solve(lint.policy, &both.clone().and(&after.condition)).is_impossible()
            {
                format!(
                    "the waiver `{}` is undone: `{}` brings the minimum back",
                    adjust.id, after.id
                )
            } else {
                continue;
            };
            let expected = match replaces(after) {
                true => "a condition of the later one that leaves the earlier one a bill",
                false => "the waiver behind the adjustment with `at_least`",
            };
            lint.push(
                lint.warn(Code::AdjustShadowed, lint.span(adjust.note), message)
                    .secondary(lint.span(after.note), "the later one")
                    .expected(expected)
                    .note("adjustments are worked in file order, each on the outcome of the one before"),
            );
            break;
        }
    }
}

fn waives(adjust: &Adjust) -> bool {
    adjust.change == Change::Set(Value::Number(0)) && adjust.at_least.is_none()
}

/// Whether its lower bound lifts what is below.
fn lifts(adjust: &Adjust) -> bool {
    matches!(adjust.change, Change::Bound | Change::Add(_))
}

/// Whether what was before does not count.
fn replaces(adjust: &Adjust) -> bool {
    matches!(adjust.change, Change::Set(_))
}
