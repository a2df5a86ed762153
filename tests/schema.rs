//! The JSON Schemas: what loads is valid, what is wrong in form is refused by both, and editors find them.

use boon::{Compiler, SchemaIndex, Schemas};
use payer_split::check::schema;
use payer_split::{Bill, Case, Patient, RuleBook};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "schema/wrong.rs"]
mod wrong;

/// The compiled schemas.
struct Checker {
    schemas: Schemas,
    /// As [`schema::ALL`].
    indices: Vec<(&'static str, SchemaIndex)>,
}

impl Checker {
    fn new() -> Checker {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let mut schemas = Schemas::new();
        let indices = schema::ALL.map(|(name, text)| {
            let url = format!("file:///{name}.schema.json");
            compiler
                .add_resource(&url, serde_json::from_str(text).unwrap())
                .unwrap();
            // Compiling holds the schema against the schema of schemas.
            let index = compiler.compile(&url, &mut schemas);
            (name, index.unwrap_or_else(|error| panic!("{error:#}")))
        });
        let indices = indices.into();
        Checker { schemas, indices }
    }

    /// What the schema of that name has against a value.
    fn fault(&self, name: &str, value: &Value) -> Option<String> {
        let (_, index) = self.indices.iter().find(|(known, _)| *known == name)?;
        let result = self.schemas.validate(value, *index);
        result.err().map(|error| format!("{error:#}"))
    }

    /// What the schema of that name has against a TOML text.
    fn fault_of_toml(&self, name: &str, text: &str) -> Option<String> {
        match text.parse::<toml::Table>() {
            Ok(table) => self.fault(name, &json_of(toml::Value::Table(table))),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// A TOML value as JSON: a date becomes its text, as language servers have it.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            let entries = table.into_iter();
            Value::Object(entries.map(|(key, value)| (key, json_of(value))).collect())
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every TOML file below a directory of the project.
fn toml_files(directory: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(directory)];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The schema for a file, by its name.
fn schema_for(path: &Path) -> &'static str {
    let name = path.file_name().unwrap().to_str().unwrap();
    match name {
        "bill.toml" | "year.toml" => "bill",
        "patient.toml" => "patient",
        _ if name.ends_with(".cases.toml") => "cases",
        _ => "rule",
    }
}

#[test]
fn every_shipped_file_is_valid_and_names_its_schema() {
    let checker = Checker::new();
    let mut count = 0;
    for directory in ["rules", "examples/data"] {
        for path in toml_files(directory) {
            let text = fs::read_to_string(&path).unwrap();
            let name = schema_for(&path);
            let shown = path.display();
            assert_eq!(checker.fault_of_toml(name, &text), None, "{shown}");
            let line = text.lines().next().unwrap();
            let named = line.strip_prefix("#:schema ");
            let named = named.unwrap_or_else(|| panic!("{shown}: the first line names no schema"));
            let named = path.parent().unwrap().join(named).canonicalize().unwrap();
            let expected = root().join(format!("rules/schema/{name}.schema.json"));
            assert_eq!(named, expected.canonicalize().unwrap(), "{shown}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_file_of_the_tests_that_loads_is_valid() {
    let checker = Checker::new();
    for directory in ["tests/mechanisms", "tests/worked", "tests/schema"] {
        for path in toml_files(directory) {
            let text = fs::read_to_string(&path).unwrap();
            let fault = checker.fault_of_toml(schema_for(&path), &text);
            assert_eq!(fault, None, "{}", path.display());
        }
    }
}

#[test]
fn every_block_of_the_handbooks_is_valid() {
    let checker = Checker::new();
    let mut count = 0;
    for handbook in ["rules/README.md", "rules/README.en.md"] {
        let text = fs::read_to_string(root().join(handbook)).unwrap();
        let (_, prelude) = text.split_once("\n```toml rule prelude\n").unwrap();
        let (prelude, _) = prelude.split_once("\n```").unwrap();
        for block in text.split("\n```toml ").skip(1) {
            let (mark, rest) = block.split_once('\n').unwrap();
            let (block, _) = rest.split_once("\n```").unwrap();
            let (name, text) = match mark {
                "case" => ("cases", block.to_owned()),
                "step" => ("rule", format!("{prelude}\n{block}")),
                _ => ("rule", block.to_owned()),
            };
            let fault = checker.fault_of_toml(name, &text);
            assert_eq!(fault, None, "{handbook}:\n{block}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn bills_and_patients_in_json_are_valid_as_they_are_written() {
    let checker = Checker::new();
    let text = fs::read_to_string(root().join("examples/data/bill.json")).unwrap();
    let bill: Bill = serde_json::from_str(&text).unwrap();
    let year: Vec<&Bill> = vec![&bill, &bill];
    for value in [
        serde_json::from_str(&text).unwrap(),
        json!(bill),
        json!(year),
    ] {
        assert_eq!(checker.fault("bill", &value), None);
    }
    for toml in toml_files("examples/data") {
        let text = fs::read_to_string(&toml).unwrap();
        if schema_for(&toml) == "patient" {
            let patient = Patient::from_toml("patient.toml", &text).unwrap();
            assert_eq!(checker.fault("patient", &json!(patient)), None);
        }
    }
    // What patients and years to date look like when they are written, from every case of the project.
    for case in Case::read_dir(root().join("tests/mechanisms")).unwrap() {
        assert_eq!(checker.fault("patient", &json!(case.patient)), None);
        for (bill, _) in &case.bills {
            assert_eq!(checker.fault("bill", &json!(bill)), None);
        }
    }
}

#[test]
fn what_is_wrong_in_form_is_refused_by_the_reader_and_the_schema() {
    let checker = Checker::new();
    let mut count = 0;
    for (name, good, edits) in wrong::files() {
        let refused = |text: &str| match name {
            "rule" => RuleBook::from_texts([("wrong.toml", text)]).is_err(),
            "cases" => Case::read("wrong.cases.toml", text).is_err(),
            "bill" => Bill::from_toml("wrong.toml", text).is_err(),
            _ => Patient::from_toml("wrong.toml", text).is_err(),
        };
        assert!(!refused(good), "the good {name} is refused");
        assert_eq!(checker.fault_of_toml(name, good), None, "the good {name}");
        for (from, to) in edits {
            assert_eq!(good.matches(from).count(), 1, "{name}: `{from}`");
            let text = good.replacen(from, to, 1);
            assert!(refused(&text), "{name}: the reader takes `{to}`");
            let fault = checker.fault_of_toml(name, &text);
            assert!(fault.is_some(), "{name}: the schema takes `{to}`");
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
}

#[test]
fn what_is_wrong_in_json_is_refused_by_the_reader_and_the_schema() {
    let checker = Checker::new();
    for (name, good, edits) in wrong::json() {
        let refused = |text: &str| match name {
            "bill" => serde_json::from_str::<Bill>(text).is_err(),
            _ => serde_json::from_str::<Patient>(text).is_err(),
        };
        let fault = |text: &str| checker.fault(name, &serde_json::from_str(text).unwrap());
        assert!(!refused(good), "the good {name} is refused");
        assert_eq!(fault(good), None, "the good {name}");
        for (from, to) in edits {
            assert_eq!(good.matches(from).count(), 1, "{name}: `{from}`");
            let text = good.replacen(from, to, 1);
            assert!(refused(&text), "{name}: the reader takes `{to}`");
            assert!(fault(&text).is_some(), "{name}: the schema takes `{to}`");
        }
    }
}

/// Every key has a title and a description in Chinese and English, and every table says what else may stand in it.
#[test]
fn every_key_is_described_in_both_languages() {
    fn both(schema: &Value, key: &str, place: &str) {
        let text = schema[key].as_str().unwrap_or_default();
        let is_zh = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        let is_en = |c: char| c.is_ascii_alphabetic();
        let both = text.contains(is_zh) && text.contains(is_en);
        assert!(both, "{place}: `{key}` is `{text}`");
    }
    fn walk(schema: &Value, place: &str, count: &mut usize) {
        if let Value::Array(list) = schema {
            for (number, inner) in list.iter().enumerate() {
                walk(inner, &format!("{place}/{number}"), count);
            }
        }
        let Value::Object(map) = schema else { return };
        if map.get("type").is_some_and(|of| of == "object") {
            assert!(map.contains_key("additionalProperties"), "{place}");
        }
        for (key, inner) in map {
            let place = format!("{place}/{key}");
            let Value::Object(properties) = inner else {
                walk(inner, &place, count);
                continue;
            };
            match key.as_str() {
                // Only constraints on keys that are described elsewhere.
                "if" | "then" | "else" | "not" | "dependentSchemas" | "complete" | "one_form" => {}
                "properties" | "$defs" => {
                    for (name, property) in properties {
                        let place = format!("{place}/{name}");
                        both(property, "title", &place);
                        // A word as a key: its names say what it is.
                        if !place.contains("_by_") {
                            both(property, "description", &place);
                            *count += 1;
                        }
                        if !matches!(name.as_str(), "complete" | "one_form") {
                            walk(property, &place, count);
                        }
                    }
                }
                _ => walk(inner, &place, count),
            }
        }
    }
    let mut count = 0;
    for (name, text) in schema::ALL {
        let schema: Value = serde_json::from_str(text).unwrap();
        both(&schema, "title", name);
        both(&schema, "description", name);
        walk(&schema, name, &mut count);
    }
    assert!(count > 300, "{count}");
}
