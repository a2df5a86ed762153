//! Versions that leave days or counters out, and assumptions that take the place of what is stated.

use crate::case::Case;
use crate::date::Date;
use crate::load::Placed;
use crate::policy::Policy;
use crate::policy::figure::{Change, Node, Value};
use crate::policy::info::{Certainty, Layer, NoteId};
use crate::text::{Code, Diagnostic, Sink, Span};

pub(super) fn check(policies: &[Placed], cases: &[Case], sink: &Sink) {
    for next in policies {
        let same = |placed: &&Placed| {
            placed.policy.id() == next.policy.id() && placed.policy.layer() == next.policy.layer()
        };
        let before = policies
            .iter()
            .filter(same)
            .filter(|placed| placed.policy.from() < next.policy.from())
            .max_by_key(|placed| placed.policy.from());
        if let Some(before) = before {
            gap(before, next, cases, sink);
            lost_counters(before, next, sink);
        }
        let stated = policies.iter().find(|placed| {
            let (a, b) = (&placed.policy, &next.policy);
            a.id() == b.id() && a.version() == b.version() && a.layer() == Layer::Stated
        });
        if let (Layer::Assumed, Some(stated)) = (next.policy.layer(), stated) {
            shadows(stated, next, sink);
        }
    }
}

/// Days on which neither version is in force, unless a case says that a bill is refused on one of them.
fn gap(before: &Placed, next: &Placed, cases: &[Case], sink: &Sink) {
    let (old, new) = (&before.policy, &next.policy);
    let days = old
        .to()
        .and_then(Date::next_day)
        .zip(new.from().previous_day());
    let Some((first, last)) = days.filter(|(first, last)| first <= last) else {
        return;
    };
    let meant = cases.iter().any(|case| {
        let mut bills = case.bills.iter();
        case.policy == new.id()
            && case.layer == new.layer()
            && bills.any(|(bill, expected)| {
                let refused = expected.refused.as_deref() == Some("out-of-force");
                refused && first <= bill.date && bill.date <= last
            })
    });
    if meant {
        return;
    }
    let days = match first == last {
        true => format!("on {first}"),
        false => format!("from {first} to {last}"),
    };
    let message = format!(
        "no version of `{}` is in force {days}, between `{}` and `{}`",
        new.id(),
        old.full_name(),
        new.full_name()
    );
    sink.push(
        Diagnostic::warning(Code::VersionGap, next.period, message)
            .secondary(before.period, "the version before")
            .expected("a `from` on the day after the `to` of the version before")
            .note("where nothing is in force on purpose, a case with `refused = \"out-of-force\"` says so"),
    );
}

/// Totals of the year that start from nothing in the middle of it, since something has a new id.
fn lost_counters(before: &Placed, next: &Placed, sink: &Sink) {
    let (old, new) = (&before.policy, &next.policy);
    let day = new.from();
    let within_year =
        (day.month(), day.day()) != (1, 1) && old.to().is_some_and(|to| to.year() == day.year());
    if !within_year {
        return;
    }
    let kept = ["limit/", "bands/", "deductible-counted/"];
    for kind in kept {
        let only = |here: &Policy, there: &Policy| -> Vec<String> {
            let known: Vec<&str> = there.counters().collect();
            let own = here.counters().filter(|name| {
                name.starts_with(kind) && !name.contains("/disease/") && !known.contains(name)
            });
            own.map(str::to_owned).collect()
        };
        let (lost, fresh) = (only(old, new), only(new, old));
        for (lost, fresh) in lost.iter().zip(&fresh) {
            let id = fresh.strip_prefix(kind).unwrap_or_default();
            let message = format!(
                "`{lost}` is not carried on from {day}: `{fresh}` starts from nothing within the year"
            );
            let span = place_of(next, id).unwrap_or(next.period);
            sink.push(
                Diagnostic::warning(Code::CounterLost, span, message)
                    .expected("the ids of the version before")
                    .note("the year to date is counted by the ids of steps and limits"),
            );
        }
    }
}

/// Where a step or limit stands, by its id or `step/limit`.
fn place_of(placed: &Placed, id: &str) -> Option<Span> {
    let policy = &placed.policy;
    let limit = policy.limits().iter().position(|limit| limit.id == id);
    let note = match limit.and_then(|limit| policy.limits.get(limit)) {
        Some(limit) => limit.note,
        None => {
            let step = policy.steps().iter().position(|step| step.id == id)?;
            *policy.steps.get(step)?.notes.first()?
        }
    };
    span(placed, note)
}

fn span(placed: &Placed, note: NoteId) -> Option<Span> {
    placed.notes.get(usize::try_from(note.0).ok()?).copied()
}

/// Figures that the stated file gives and the assumed one replaces.
fn shadows(stated: &Placed, assumed: &Placed, sink: &Sink) {
    let kept: Vec<Span> = figures(&assumed.policy)
        .into_iter()
        .filter_map(|(note, _)| span(assumed, note))
        .collect();
    for (note, value) in figures(&stated.policy) {
        let Some(place) = span(stated, note).filter(|place| !kept.contains(place)) else {
            continue;
        };
        let Some(citation) = stated.policy.info.note(note) else {
            continue;
        };
        // What a text leaves open may be filled in: what is unstated, about, or not less than.
        if value == Value::Unstated || citation.certainty != Certainty::Stated {
            continue;
        }
        let by = figures(&assumed.policy).into_iter().find(|(note, _)| {
            let what = assumed.policy.info.note(*note);
            what.is_some_and(|what| what.what == citation.what)
        });
        let at = by.and_then(|(note, _)| span(assumed, note));
        let message = match by {
            Some(_) => format!(
                "an assumption takes the place of the stated `{}`",
                citation.what
            ),
            None => format!("an assumption takes away the stated `{}`", citation.what),
        };
        sink.push(
            Diagnostic::warning(
                Code::AssumptionShadows,
                at.unwrap_or(assumed.period),
                message,
            )
            .secondary(place, "what the source states")
            .expected("assumptions only where the stated file says `\"unstated\"`")
            .note("another figure belongs in a version or a policy of its own"),
        );
    }
}

/// Every value of the policy's figures and adjustments.
fn figures(policy: &Policy) -> Vec<(NoteId, Value)> {
    let mut out = Vec::new();
    for figure in &policy.figures {
        values(&figure.root, &mut out);
        for adjust in &figure.adjusts {
            let value = match adjust.change {
                Change::Set(value) => value,
                _ => Value::Number(0),
            };
            out.push((adjust.note, value));
        }
    }
    out
}

fn values(node: &Node, out: &mut Vec<(NoteId, Value)>) {
    match node {
        Node::Leaf(leaf) => out.push((leaf.note, leaf.value)),
        Node::Named(_) => {}
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            for node in entries.chain(&table.other) {
                values(node, out);
            }
        }
    }
}
