//! One tree laid over another: things by their ids, figures by their forms, nothing by its position.

use crate::text::{Code, Diagnostic, Entry, Node, Sink, Table, Value, suggest};
use std::collections::HashMap;

/// Arrays whose elements are known by their ids.
pub(crate) const BY_ID: [&str; 14] = [
    "source",
    "payer",
    "term",
    "group",
    "disease",
    "disease_list",
    "table",
    "limit",
    "scope",
    "step",
    "benefit",
    "left_out",
    "exception",
    "adjust",
];
/// Tables that a layer replaces whole.
const WHOLE: [&str; 6] = ["when", "unless", "covers", "base", "payers", "bands"];
/// Keys that say where a thing comes from: kept for every layer, each for what that layer gives.
pub(crate) const CITED: [&str; 3] = ["source", "clause", "certainty"];
/// Keys of which a thing has one; a layer that gives one replaces whichever was there.
const ONE_OF: [&[&str]; 4] = [
    &["ratio", "bands", "guarantee"],
    &["payer", "payers"],
    &["before", "after"],
    &["set", "add", "subtract", "multiply", "waive"],
];
/// The key that removes a thing.
const REMOVE: &str = "remove";
/// Keys that hold figures.
const FIGURES: [&str; 5] = ["ratio", "deductible", "amount", "value", "fixed"];
/// The forms of a figure, of which it has one.
pub(crate) const FORMS: [&str; 13] = [
    "value",
    "share",
    "table",
    "category",
    "scheme",
    "care",
    "tier",
    "grade",
    "place",
    "disease",
    "outpatient_disease",
    "referred",
    "admission",
];

/// Lays a file's tree over the tree of what it extends.
pub(super) fn lay_over<'t>(
    mut parent: Node<'t>,
    child: &Node<'t>,
    with_header: bool,
    sink: &Sink,
) -> Node<'t> {
    if let Some(policy) = parent
        .as_table_mut()
        .and_then(|root| root.get_mut("policy"))
        .and_then(Node::as_table_mut)
    {
        policy.remove("layer");
        policy.remove("extends");
    }
    if let (Some(root), Some(child)) = (parent.as_table_mut(), child.as_table()) {
        let header = (!with_header)
            .then(|| root.entry("policy").cloned())
            .flatten();
        merge_thing(root, child, sink);
        if let Some(header) = header {
            root.insert(header);
        }
    }
    parent
}

/// Merges the keys of a thing: the file itself, or something with an id.
fn merge_thing<'t>(into: &mut Table<'t>, child: &Table<'t>, sink: &Sink) {
    for entry in child.entries() {
        let key = &*entry.key;
        for others in ONE_OF.iter().filter(|others| others.contains(&key)) {
            for other in others.iter().filter(|other| **other != key) {
                into.remove(other);
            }
        }
        let is_citation = CITED.contains(&key) && !matches!(entry.node.value, Value::Array(_));
        match into.entry_mut(key) {
            Some(_) if is_citation => into.entries_mut().push(entry.clone()),
            Some(old) if !WHOLE.contains(&key) => merge_value(old, entry, sink),
            _ => into.insert(entry.clone()),
        }
    }
}

fn merge_value<'t>(old: &mut Entry<'t>, entry: &Entry<'t>, sink: &Sink) {
    let key = &*entry.key;
    match (&mut old.node.value, &entry.node.value) {
        (Value::Array(things), Value::Array(children)) if BY_ID.contains(&key) => {
            merge_by_id(key, things, children, sink)
        }
        (Value::Table(table), Value::Table(child)) if FIGURES.contains(&key) => {
            merge_figure(table, child)
        }
        (Value::Table(table), Value::Table(child)) => merge_thing(table, child, sink),
        _ => *old = entry.clone(),
    }
}

fn merge_by_id<'t>(key: &str, things: &mut Vec<Node<'t>>, children: &[Node<'t>], sink: &Sink) {
    let id_of = |node: &Node<'_>| {
        node.as_table()
            .and_then(|table| table.get("id")?.as_str())
            .map(str::to_owned)
    };
    // By id: the place of the first thing of that id. What is removed leaves a hole until the end.
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut laid: Vec<Option<Node<'t>>> = Vec::new();
    for thing in std::mem::take(things) {
        if let Some(id) = id_of(&thing) {
            places.entry(id).or_insert(laid.len());
        }
        laid.push(Some(thing));
    }
    for child in children {
        let mut child = child.clone();
        let id = id_of(&child);
        let removed = child
            .as_table_mut()
            .and_then(|table| table.remove(REMOVE))
            .is_some_and(|entry| is_removal(&entry.node, sink));
        let old = id.as_ref().and_then(|id| places.get(id).copied());
        match (old, &id) {
            (Some(old), _) if removed => {
                let keys = child.as_table().map_or(&[][..], Table::entries);
                if let Some(entry) = keys.iter().find(|entry| entry.key != "id") {
                    let message = format!("`{}` beside `remove`", entry.key);
                    sink.push(
                        Diagnostic::error(Code::Conflict, entry.key_span, message)
                            .expected("nothing but the `id` beside `remove = true`"),
                    );
                }
                if let Some(hole) = laid.get_mut(old) {
                    *hole = None;
                }
                id.map(|id| places.remove(&id));
            }
            (Some(old), _) => {
                let old = laid.get_mut(old).and_then(Option::as_mut);
                let old = old.and_then(Node::as_table_mut);
                if let (Some(old), Some(table)) = (old, child.as_table()) {
                    merge_thing(old, table, sink);
                }
            }
            (None, Some(id)) if removed => {
                let sort = key.replace('_', " ");
                // More errors than are shown need no suggestions.
                let known = laid.iter().flatten().filter(|_| !sink.is_full());
                let ids: Vec<String> = known.filter_map(id_of).collect();
                let table = child.as_table();
                let span = table.and_then(|table| Some(table.get("id")?.span));
                let span = span.unwrap_or(child.span);
                let message = format!("there is no {sort} `{id}` to remove");
                sink.push(
                    Diagnostic::error(Code::UnknownName, span, message)
                        .did_you_mean(suggest(id, ids.iter().map(String::as_str)))
                        .expected(format!("the id of a {sort} of the file that is extended")),
                );
            }
            (None, _) => {
                if let Some(id) = id {
                    places.insert(id, laid.len());
                }
                laid.push(Some(child));
            }
        }
    }
    things.extend(laid.into_iter().flatten());
}

/// Whether a `remove` is `true`; reports one that is not.
fn is_removal(node: &Node<'_>, sink: &Sink) -> bool {
    let removed = node.as_bool() == Some(true);
    if !removed {
        let message = "`remove` can only be `true`";
        sink.push(
            Diagnostic::error(Code::BadValue, node.span, message)
                .expected("`remove = true`, or no removal"),
        );
    }
    removed
}

/// Merges two figures: a table by the same dimension entry by entry; another form takes the place of the old one.
fn merge_figure<'t>(into: &mut Table<'t>, child: &Table<'t>) {
    let same_form = |form: &&str| into.get(form).is_some() && child.get(form).is_some();
    let share = child.get("share").is_some() || into.get("share").is_some();
    let form = FORMS.iter().find(|form| child.get(form).is_some());
    match form {
        Some(form) if share || !same_form(form) => {
            for old in FORMS
                .iter()
                .chain(["of", "at_least", "at_most", "range_to"].iter())
                .chain(&CITED)
            {
                into.remove(old);
            }
        }
        _ => {}
    }
    for entry in child.entries() {
        let key = &*entry.key;
        match into.get_mut(key) {
            Some(old) if FORMS.contains(&key) => match (&mut old.value, &entry.node.value) {
                // The entries of a table: each a figure.
                (Value::Table(entries), Value::Table(child)) if key != "value" => {
                    for entry in child.entries() {
                        match (
                            entries.get_mut(&entry.key).map(|old| &mut old.value),
                            &entry.node.value,
                        ) {
                            (Some(Value::Table(old)), Value::Table(child)) => {
                                merge_figure(old, child)
                            }
                            _ => entries.insert(entry.clone()),
                        }
                    }
                }
                (Value::Table(old), Value::Table(child)) => merge_figure(old, child),
                _ => *old = entry.node.clone(),
            },
            _ => into.insert(entry.clone()),
        }
    }
}
