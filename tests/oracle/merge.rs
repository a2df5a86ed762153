//! Rule files as plain tables, and the laying of one over another by id (handbook, chapter 20).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The sections whose entries have ids.
const BY_ID: [&str; 13] = [
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
];

/// The dimensions by which a figure may be tabled.
pub(crate) const DIMENSIONS: [&str; 10] = [
    "category",
    "scheme",
    "care",
    "tier",
    "grade",
    "place",
    "outpatient_disease",
    "disease",
    "referred",
    "admission",
];

/// The keys that say where a figure comes from, and change no amount.
pub(crate) const NOTES: [&str; 4] = ["source", "clause", "certainty", "range_to"];

/// All files below a directory with this ending, in order of their paths.
pub(crate) fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The texts of the rule files below a directory.
pub(crate) fn texts(directory: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for path in files(directory, ".toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        // The others are cases, and data of other tests.
        if text.lines().any(|line| line == "[policy]") {
            texts.push(text);
        }
    }
    texts
}

/// Every rule file, by full name, laid over what it extends.
pub(crate) fn policies(texts: &[String]) -> BTreeMap<String, Table> {
    let raw: Vec<Table> = texts.iter().map(|text| text.parse().unwrap()).collect();
    resolve_all(&raw)
}

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).map(|value| value.as_str().unwrap())
}

fn parents(table: &Table) -> Vec<String> {
    match table["policy"].get("extends") {
        None => Vec::new(),
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect(),
        Some(other) => panic!("extends = {other}"),
    }
}

/// The full name of a file: what `[policy]` does not give is inherited from the first parent, except the layer.
fn full_name(table: &Table, parent: Option<&Table>) -> String {
    let header = table["policy"].as_table().unwrap();
    let inherited = |key: &str| {
        text(header, key)
            .or_else(|| text(parent?["policy"].as_table().unwrap(), key))
            .unwrap()
            .to_owned()
    };
    let layer = match text(header, "layer") {
        None | Some("stated") => "",
        Some("assumed") => "/assumed",
        Some(other) => panic!("layer = {other}"),
    };
    format!("{}/{}{layer}", inherited("id"), inherited("version"))
}

/// Resolves file after file, as soon as all that one builds on is there.
fn resolve_all(raw: &[Table]) -> BTreeMap<String, Table> {
    let mut whole: BTreeMap<String, Table> = BTreeMap::new();
    let mut alone: BTreeMap<String, &Table> = BTreeMap::new();
    while alone.len() < raw.len() {
        let before = alone.len();
        for table in raw {
            let parents = parents(table);
            if !parents.iter().all(|parent| whole.contains_key(parent)) {
                continue;
            }
            let first = parents.first().map(|name| &whole[name]);
            let name = full_name(table, first);
            if alone.contains_key(&name) {
                continue;
            }
            let mut result = first.cloned().unwrap_or_default();
            if let Some(header) = result.get_mut("policy") {
                let header = header.as_table_mut().unwrap();
                header.remove("layer");
                header.remove("extends");
            }
            for further in parents.iter().skip(1) {
                let mut layer = alone[further].clone();
                layer.remove("policy");
                lay_over(&mut result, &layer);
            }
            lay_over(&mut result, table);
            whole.insert(name.clone(), result);
            alone.insert(name, table);
        }
        assert!(alone.len() > before, "files that extend what is not there");
    }
    whole
}

/// Lays a file over another.
fn lay_over(under: &mut Table, over: &Table) {
    for (section, value) in over {
        if section == "policy" {
            let header = under
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            for (key, value) in value.as_table().unwrap() {
                header
                    .as_table_mut()
                    .unwrap()
                    .insert(key.clone(), value.clone());
            }
        } else if BY_ID.contains(&section.as_str()) {
            let entries = under
                .entry(section)
                .or_insert_with(|| Value::Array(Vec::new()));
            lay_entries(section, entries, value);
        } else {
            panic!("unknown section {section}");
        }
    }
}

fn id(entry: &Value) -> &str {
    entry["id"].as_str().unwrap()
}

fn entries(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list of tables").clone()
}

/// Lays the entries of a section over those that are there: by id, never by position.
fn lay_entries(section: &str, under: &mut Value, over: &Value) {
    let under = under.as_array_mut().unwrap();
    for entry in entries(over) {
        let mut entry = entry.as_table().unwrap().clone();
        let name = entry["id"].as_str().unwrap().to_owned();
        let place = under.iter().position(|known| id(known) == name);
        if entry.remove("remove").is_some() {
            under.remove(place.expect("something to remove"));
            continue;
        }
        let before = entry.remove("before");
        let after = entry.remove("after");
        let merged = match place {
            None => {
                let mut new = Table::new();
                lay_thing(section, &mut new, &entry);
                new
            }
            Some(place) => {
                let mut known = under[place].as_table().unwrap().clone();
                lay_thing(section, &mut known, &entry);
                known
            }
        };
        let moved = before.is_some() || after.is_some();
        match place {
            Some(place) if !moved => under[place] = Value::Table(merged),
            _ => {
                if let Some(place) = place {
                    under.remove(place);
                }
                let find = |wanted: &Value| {
                    let place = under
                        .iter()
                        .position(|known| id(known) == wanted.as_str().unwrap());
                    place.expect("the step to stand beside")
                };
                let target = match (&before, &after) {
                    (Some(step), None) => find(step),
                    (None, Some(step)) => find(step) + 1,
                    (None, None) => under.len(),
                    _ => panic!("before and after"),
                };
                under.insert(target, Value::Table(merged));
            }
        }
    }
}

/// Lays the keys of one thing over those of the same thing.
fn lay_thing(section: &str, under: &mut Table, over: &Table) {
    for (key, value) in over {
        let is_step = section == "step";
        match key.as_str() {
            "adjust" | "limit" if is_step || section == "table" || section == "limit" => {
                let known = under.entry(key).or_insert_with(|| Value::Array(Vec::new()));
                lay_entries(key, known, value);
            }
            // One formula, and one way to say who pays, replaces another.
            "ratio" | "bands" | "guarantee" if is_step => {
                for other in ["ratio", "bands", "guarantee"] {
                    if other != key {
                        under.remove(other);
                    }
                }
                match key.as_str() {
                    "ratio" => lay_figure(under, key, value),
                    "guarantee" => lay_settings(under, key, value, &["ratio"]),
                    _ => drop(under.insert(key.clone(), value.clone())),
                }
            }
            "payer" | "payers" if is_step => {
                under.remove("payer");
                under.remove("payers");
                under.insert(key.clone(), value.clone());
            }
            "deductible" => lay_deductible(under, value),
            "amount" if section == "limit" => lay_figure(under, key, value),
            "value" if section == "table" => lay_figure(under, key, value),
            _ => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

/// The dimension of a figure that is tabled by one.
fn dimension(value: &Value) -> Option<&'static str> {
    let table = value.as_table()?;
    let mut found = DIMENSIONS
        .into_iter()
        .filter(|key| table.contains_key(*key));
    found.next()
}

/// A figure by the same dimension is merged entry by entry; any other takes the place of the old one.
fn lay_figure(under: &mut Table, key: &str, over: &Value) {
    let same = under
        .get(key)
        .and_then(|known| Some(dimension(known)? == dimension(over)?));
    if same != Some(true) {
        under.insert(key.to_owned(), over.clone());
        return;
    }
    let by = dimension(over).unwrap();
    let known = under[key].as_table_mut().unwrap();
    for (note, value) in over.as_table().unwrap() {
        if note == by {
            let entries = known[by].as_table_mut().unwrap();
            for (entry, value) in value.as_table().unwrap() {
                lay_figure(entries, entry, value);
            }
        } else {
            known.insert(note.clone(), value.clone());
        }
    }
}

/// Lays a table of settings over another, of which some keys are figures.
fn lay_settings(under: &mut Table, key: &str, over: &Value, figures: &[&str]) {
    let Some(known) = under.get_mut(key) else {
        under.insert(key.to_owned(), over.clone());
        return;
    };
    let known = known.as_table_mut().unwrap();
    for (setting, value) in over.as_table().unwrap() {
        if figures.contains(&setting.as_str()) {
            lay_figure(known, setting, value);
        } else {
            known.insert(setting.clone(), value.clone());
        }
    }
}

/// The keys of a deductible that are not its figure.
pub(crate) const DEDUCTIBLE_SETTINGS: [&str; 4] = ["per", "within", "with", "round"];

/// A deductible is a figure with settings in one table: the settings stay unless they are given anew, and the figure is
/// laid over the figure.
fn lay_deductible(under: &mut Table, over: &Value) {
    let mut figure = over.clone();
    let mut settings = Table::new();
    if let Some(known) = under.get("deductible").and_then(Value::as_table) {
        for key in DEDUCTIBLE_SETTINGS {
            if let Some(value) = known.get(key) {
                settings.insert(key.to_owned(), value.clone());
            }
        }
    }
    if let Some(table) = figure.as_table_mut() {
        for key in DEDUCTIBLE_SETTINGS {
            if let Some(value) = table.remove(key) {
                settings.insert(key.to_owned(), value);
            }
        }
    }
    let empty = figure
        .as_table()
        .is_some_and(|table| table.keys().all(|key| NOTES.contains(&key.as_str())));
    if !empty {
        if let Some(known) = under.get_mut("deductible").and_then(Value::as_table_mut) {
            for key in DEDUCTIBLE_SETTINGS {
                known.remove(key);
            }
        }
        lay_figure(under, "deductible", &figure);
    }
    if settings.is_empty() {
        return;
    }
    let known = under.get_mut("deductible").unwrap();
    if !known.is_table() {
        let mut table = Table::new();
        table.insert("value".into(), known.clone());
        *known = Value::Table(table);
    }
    known.as_table_mut().unwrap().extend(settings);
}
