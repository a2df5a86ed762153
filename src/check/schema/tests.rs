//! The schemas and the readers know the same keys.

use super::{ALL, BILL, CASES, PATIENT, RULE};
use crate::directory;
use crate::load;
use crate::text::{Node, Sink, SourceMap, Span, Value as Toml, asked, parse};
use crate::vocabulary::Dimension;
use crate::{Bill, Case, Patient};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Read when files are laid over one another, before any table is.
const LAYERING: [&str; 1] = ["remove"];

/// Keys that a reader knows only to say why they do not belong there.
const REFUSED: [(&str, &str); 2] = [
    ("/$defs/ratio_figure_table", "share"),
    ("/$defs/shared_limit", "together_with"),
];

/// What a schema says of a table: under its place in the schema, the keys it knows, and whether others may stand there.
type Tables = BTreeMap<String, (BTreeSet<String>, bool)>;

/// A schema, and a place in it.
#[derive(Clone, Copy)]
struct At<'s> {
    root: &'s Value,
    here: &'s Value,
}

/// Every table of the schema that a value here may be, with its place.
fn tables_at<'s>(at: At<'s>, pointer: &str, out: &mut BTreeMap<String, At<'s>>) {
    let Value::Object(schema) = at.here else {
        return;
    };
    let go = |here, pointer: String, out: &mut _| tables_at(At { here, ..at }, &pointer, out);
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        go(at.root.pointer(pointer).unwrap(), pointer.to_owned(), out);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        let each = schema.get(key).and_then(Value::as_array);
        for (number, here) in each.into_iter().flatten().enumerate() {
            go(here, format!("{pointer}/{key}/{number}"), out);
        }
    }
    if schema.get("type").and_then(Value::as_str) == Some("object") {
        out.insert(pointer.to_owned(), at);
    }
}

/// The schemas of the elements of an array here.
fn items_at<'s>(at: At<'s>, pointer: &str, out: &mut Vec<(At<'s>, String)>) {
    let Value::Object(schema) = at.here else {
        return;
    };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        let here = at.root.pointer(pointer).unwrap();
        items_at(At { here, ..at }, pointer, out);
    }
    for key in ["anyOf", "oneOf"] {
        let each = schema.get(key).and_then(Value::as_array);
        for (number, here) in each.into_iter().flatten().enumerate() {
            items_at(At { here, ..at }, &format!("{pointer}/{key}/{number}"), out);
        }
    }
    if let Some(here) = schema.get("items") {
        out.push((At { here, ..at }, format!("{pointer}/items")));
    }
}

/// The keys of a table of a schema; `true` if others may stand there.
fn keys(table: &Value) -> (BTreeSet<String>, bool) {
    let known = table.get("properties").and_then(Value::as_object);
    let keys = known
        .into_iter()
        .flat_map(|known| known.keys().cloned())
        .collect();
    let others = table
        .get("additionalProperties")
        .is_some_and(|others| *others != false);
    (keys, others || table.get("patternProperties").is_some())
}

/// Finds, for every table of a file, the tables of the schema that it may be.
fn walk(places: &[(At<'_>, String)], node: &Node<'_>, out: &mut BTreeMap<Span, Tables>) {
    match &node.value {
        Toml::Table(table) => {
            let mut found = BTreeMap::new();
            for (at, pointer) in places {
                tables_at(*at, pointer, &mut found);
            }
            let tables = found.iter();
            let tables: Tables = tables.map(|(p, at)| (p.clone(), keys(at.here))).collect();
            for entry in table.entries() {
                let mut inner = Vec::new();
                for (pointer, at) in &found {
                    let properties = at.here.get("properties");
                    let known = properties.and_then(|known| known.get(&*entry.key));
                    let patterns = at.here.get("patternProperties").and_then(Value::as_object);
                    let pattern = patterns.and_then(|patterns| patterns.values().next());
                    let others = at.here.get("additionalProperties");
                    let here = known
                        .or(pattern)
                        .or(others)
                        .unwrap_or_else(|| panic!("{pointer} does not say what else it holds"));
                    inner.push((At { here, ..*at }, format!("{pointer}/…/{}", entry.key)));
                }
                walk(&inner, &entry.node, out);
            }
            out.insert(node.span, tables);
        }
        Toml::Array(nodes) => {
            let mut inner = Vec::new();
            for (at, pointer) in places {
                items_at(*at, pointer, &mut inner);
            }
            for node in nodes {
                walk(&inner, node, out);
            }
        }
        _ => {}
    }
}

/// Reads files that are laid over one another with one reader, and compares what each table was asked for with what the
/// schema knows. Adds to `seen` what was asked for under each place of the schema.
fn compare(
    schema: &Value,
    files: &[(String, Vec<u8>)],
    read: impl FnOnce(&[(String, Vec<u8>)]),
    seen: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let (mut sources, sink) = (SourceMap::new(), Sink::new());
    let mut tables = BTreeMap::new();
    let at = At {
        root: schema,
        here: schema,
    };
    for (name, bytes) in files {
        let node = parse(&mut sources, name, bytes, &sink).unwrap();
        walk(&[(at, String::new())], &node, &mut tables);
    }
    asked::take();
    read(files);
    for table in asked::take() {
        let place = sources.get(table.span.file).unwrap();
        let start = usize::try_from(table.span.start).unwrap();
        let place = format!("{}:{:?}", place.name(), place.position(start));
        let known = tables
            .get(&table.span)
            .unwrap_or_else(|| panic!("{place}: not a table of the file"));
        assert!(!known.is_empty(), "{place}: no table of the schema");
        let asked: BTreeSet<String> = table.keys.iter().map(|key| (*key).to_owned()).collect();
        let places: Vec<&String> = known.keys().collect();
        for key in &asked {
            let known = known.iter().any(|(pointer, (keys, _))| {
                let refused = REFUSED.contains(&(pointer.as_str(), key.as_str()));
                keys.contains(key) || refused
            });
            assert!(known, "{place}: `{key}` is not in the schema: {places:?}");
        }
        for (pointer, (_, open)) in known {
            // Where there are `yes` and `no`, the reader takes any key and refuses the others itself.
            let closed = pointer.ends_with("_by_referral");
            assert_eq!(*open || closed, table.open, "{place}: {pointer}");
            seen.entry(pointer.clone())
                .or_default()
                .extend(asked.clone());
        }
    }
}

/// Every key of every table that a schema reaches was asked for by the reader.
fn assert_all_asked(name: &str, schema: &Value, seen: &BTreeMap<String, BTreeSet<String>>) {
    let mut all = BTreeMap::new();
    every_table(schema, "", &mut all);
    // In a table of names nothing is asked for by its key.
    all.retain(|pointer, (_, open)| !*open && !pointer.ends_with("_by_referral"));
    let mut never = Vec::new();
    for (pointer, (keys, _)) in all {
        let asked = seen.get(&pointer);
        let read = |key: &&String| {
            asked.is_some_and(|asked| asked.contains(*key)) || LAYERING.contains(&key.as_str())
        };
        never.extend(
            keys.iter()
                .filter(|key| !read(key))
                .map(|key| format!("{pointer} {key}")),
        );
    }
    assert!(never.is_empty(), "{name}: nothing reads {never:?}");
}

/// Every `"type": "object"` of a schema, under the place by which `walk` knows it.
fn every_table(here: &Value, pointer: &str, out: &mut Tables) {
    match here {
        Value::Object(map) => {
            if map.get("type").and_then(Value::as_str) == Some("object")
                && map.get("additionalProperties") != Some(&Value::Bool(true))
            {
                out.insert(pointer.to_owned(), keys(here));
            }
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("properties", Value::Object(properties)) => {
                        for (name, inner) in properties {
                            every_table(inner, &format!("{pointer}/…/{name}"), out);
                        }
                    }
                    ("not" | "if" | "then" | "else" | "dependentSchemas", _) => {}
                    _ => every_table(inner, &format!("{pointer}/{key}"), out),
                }
            }
        }
        Value::Array(list) => {
            for (number, inner) in list.iter().enumerate() {
                every_table(inner, &format!("{pointer}/{number}"), out);
            }
        }
        _ => {}
    }
}

fn json(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

fn files(directory: &str, cases: bool) -> Vec<(String, Vec<u8>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    directory::read(&path, |name| name.ends_with(directory::CASES) == cases).unwrap()
}

#[test]
fn the_loader_and_the_schema_know_the_same_keys_of_rule_files() {
    let schema = json(RULE);
    let mut seen = BTreeMap::new();
    for directory in ["rules", "tests/mechanisms", "tests/worked", "tests/schema"] {
        let files = files(directory, false);
        let read = |files: &[(String, Vec<u8>)]| {
            let inputs = files
                .iter()
                .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            let (_, problems) = load::load_placed(inputs).finish();
            assert!(!problems.has_errors(), "{problems}");
        };
        compare(&schema, &files, read, &mut seen);
    }
    assert_all_asked("rule", &schema, &seen);
}

#[test]
fn the_reader_and_the_schema_know_the_same_keys_of_case_files() {
    let schema = json(CASES);
    let mut seen = BTreeMap::new();
    for directory in ["rules", "tests/mechanisms", "tests/worked"] {
        for file in files(directory, true) {
            let read = |files: &[(String, Vec<u8>)]| {
                for (name, bytes) in files {
                    Case::read_bytes(name, bytes).unwrap();
                }
            };
            compare(&schema, &[file], read, &mut seen);
        }
    }
    assert_all_asked("cases", &schema, &seen);
}

#[test]
fn bills_and_patients_are_those_of_cases() {
    let (cases, bill, patient) = (json(CASES), json(BILL), json(PATIENT));
    let mut seen = BTreeMap::new();
    type Read = fn(&str, &str);
    let each: [(&Value, &str, Read); 3] = [
        (&bill, "bill", |name, text| {
            Bill::from_toml(name, text).unwrap();
        }),
        (&bill, "year", |name, text| {
            Bill::year_from_toml(name, text).unwrap();
        }),
        (&patient, "patient", |name, text| {
            Patient::from_toml(name, text).unwrap();
        }),
    ];
    for (schema, name, read) in each {
        for file in files(&format!("examples/data/{name}.toml"), false) {
            let read = |files: &[(String, Vec<u8>)]| {
                for (name, bytes) in files {
                    read(name, std::str::from_utf8(bytes).unwrap());
                }
            };
            compare(schema, &[file], read, &mut seen);
        }
    }
    // What the three share is written in each, and is the same.
    let mut case_bill = cases["$defs"]["case_bill"].clone();
    case_bill["properties"]
        .as_object_mut()
        .unwrap()
        .remove("expect");
    case_bill["required"].as_array_mut().unwrap().pop();
    assert_eq!(case_bill["properties"], bill["$defs"]["bill"]["properties"]);
    assert_eq!(case_bill["required"], bill["$defs"]["bill"]["required"]);
    let all: Vec<(&str, Value)> = ALL.map(|(name, text)| (name, json(text))).into();
    for (name, schema) in &all {
        for (other_name, other) in &all {
            for (key, definition) in schema["$defs"].as_object().unwrap() {
                let other = &other["$defs"][key];
                let same = other.is_null() || other == definition;
                assert!(same, "`{key}` differs in {name} and {other_name}");
            }
        }
    }
}

#[test]
fn the_schemas_list_the_standard_words() {
    for (name, text) in ALL {
        let schema = json(text);
        let definitions = schema["$defs"].as_object().unwrap();
        let listed = |definition: &Value| -> Vec<(String, String)> {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let words = definition["anyOf"][0]["oneOf"].as_array().unwrap().iter();
            words
                .map(|word| (text(&word["const"]), text(&word["title"])))
                .collect()
        };
        for dimension in Dimension::ALL {
            let words = dimension.words();
            let words = words.iter().map(|word| (word.id, word.zh, word.en));
            let collectives = dimension.collectives().iter();
            let collectives = collectives.map(|word| (word.id, word.zh, word.en));
            let titled = |(id, zh, en): (&str, &str, &str)| (id.to_owned(), format!("{zh} / {en}"));
            let plain: Vec<_> = words.clone().map(titled).collect();
            let all: Vec<_> = collectives.chain(words).map(titled).collect();
            if plain.is_empty() {
                continue;
            }
            if let Some(found) = definitions.get(&format!("word_{}", dimension.id())) {
                assert_eq!(listed(found), plain, "{name}: {dimension}");
            }
            if let Some(found) = definitions.get(&format!("word_any_{}", dimension.id())) {
                assert_eq!(listed(found), all, "{name}: {dimension}");
            }
            for sort in ["ratio_figure", "amount_figure", "limit_figure"] {
                let Some(found) = definitions.get(&format!("{sort}_by_{}", dimension.id())) else {
                    continue;
                };
                let found = found["properties"].as_object().unwrap();
                let mut found: Vec<(String, String)> = found
                    .iter()
                    .filter(|(key, _)| *key != "other")
                    .map(|(key, entry)| (key.clone(), entry["title"].as_str().unwrap().to_owned()))
                    .collect();
                let mut all = all.clone();
                found.sort();
                all.sort();
                assert_eq!(found, all, "{name}: {sort} by {dimension}");
            }
        }
    }
}
