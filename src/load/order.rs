//! The order of payment: steps that say `before` or `after` are moved to their places.

use crate::text::{Code, Diagnostic, Node, Sink, suggest};
use std::collections::HashSet;

/// Moves the steps that say `before` or `after` to their places. Steps behind the same one keep the order of the file.
pub(super) fn place_steps(root: &mut Node<'_>, sink: &Sink) {
    let steps = root
        .as_table_mut()
        .and_then(|root| root.get_mut("step"))
        .and_then(Node::as_array_mut);
    let Some(steps) = steps else { return };
    let (mut waiting, mut placed): (Vec<Node<'_>>, Vec<Node<'_>>) = std::mem::take(steps)
        .into_iter()
        .partition(|step| anchor(step).is_some());
    let ids = placed.iter().filter_map(id_of).map(str::to_owned);
    let mut known: HashSet<String> = ids.collect();
    // Each round places the steps whose anchor has its place.
    loop {
        let before = waiting.len();
        let mut behind: Vec<(String, usize)> = Vec::new();
        let mut left = Vec::new();
        for step in waiting {
            let Some((key, id)) = anchor(&step) else {
                continue;
            };
            let at = known
                .contains(id)
                .then(|| placed.iter().position(|other| id_of(other) == Some(id)))
                .flatten();
            if at.is_some() {
                known.extend(id_of(&step).map(str::to_owned));
            }
            match at {
                None => left.push(step),
                Some(at) if key == "before" => placed.insert(at, step),
                Some(at) => {
                    let id = id.to_owned();
                    let siblings = match behind.iter_mut().find(|(anchor, _)| *anchor == id) {
                        Some((_, siblings)) => siblings,
                        None => {
                            behind.push((id, 0));
                            let Some((_, siblings)) = behind.last_mut() else {
                                continue;
                            };
                            siblings
                        }
                    };
                    *siblings = siblings.saturating_add(1);
                    placed.insert(at.saturating_add(*siblings).min(placed.len()), step);
                }
            }
        }
        waiting = left;
        if waiting.len() == before || waiting.is_empty() {
            break;
        }
    }
    for step in &waiting {
        report(step, &waiting, &placed, sink);
    }
    placed.append(&mut waiting);
    *steps = placed;
}

fn id_of<'n>(step: &'n Node<'_>) -> Option<&'n str> {
    step.as_table()?.get("id")?.as_str()
}

/// The key, and the step that it names.
fn anchor<'n>(step: &'n Node<'_>) -> Option<(&'static str, &'n str)> {
    let table = step.as_table()?;
    let key = ["before", "after"]
        .into_iter()
        .find(|key| table.get(key).is_some())?;
    Some((key, table.get(key)?.as_str()?))
}

/// Reports a step whose anchor has no place: there is none, or it waits itself.
fn report(step: &Node<'_>, waiting: &[Node<'_>], placed: &[Node<'_>], sink: &Sink) {
    let Some((key, name)) = anchor(step) else {
        return;
    };
    let Some(node) = step.as_table().and_then(|table| table.get(key)) else {
        return;
    };
    let id = id_of(step).unwrap_or_default();
    if waiting.iter().any(|other| id_of(other) == Some(name)) {
        let message = format!("`{key}` of step `{id}` goes in a circle");
        sink.push(
            Diagnostic::error(Code::Conflict, node.span, message)
                .expected("a step that has a place of its own"),
        );
        return;
    }
    let known = placed.iter().chain(waiting).filter(|_| !sink.is_full());
    let ids = known.filter_map(id_of);
    let message = format!("unknown step `{name}` in `{key}` of step `{id}`");
    sink.push(
        Diagnostic::error(Code::UnknownName, node.span, message)
            .did_you_mean(suggest(name, ids))
            .expected("the id of a step of this file or of one that it extends"),
    );
}
