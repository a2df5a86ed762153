//! What a policy speaks of, read from the text of its rule files: words, hospitals, diagnoses and figures. Bills that are
//! made of these reach the policy's conditions and edges.

use payer_split::{Dimension, Money, Policy};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// The rule files of one book, by full name.
pub(crate) struct Files(BTreeMap<String, File>);

struct File {
    extends: Vec<String>,
    root: Table,
}

/// What a policy speaks of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hints {
    /// The words that conditions and tables name, by dimension.
    named: BTreeMap<&'static str, BTreeSet<String>>,
    /// The policy's own words, by dimension.
    terms: BTreeMap<String, BTreeSet<String>>,
    /// Names of hospitals.
    pub(crate) hospitals: Vec<String>,
    /// Diagnosis codes.
    pub(crate) codes: Vec<String>,
    /// Amounts that figures name.
    pub(crate) figures: Vec<Money>,
    /// Small whole numbers: ages, admissions, insured years.
    pub(crate) numbers: Vec<u32>,
}

impl Files {
    /// Reads the texts of a book.
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Files {
        let mut files = BTreeMap::new();
        for text in texts {
            let root: Table = toml::from_str(text).unwrap();
            let policy = root["policy"].as_table().unwrap();
            let extends = match policy.get("extends") {
                Some(Value::String(one)) => vec![one.clone()],
                Some(Value::Array(all)) => strings(all).collect(),
                _ => Vec::new(),
            };
            // The id and the version may come from what is extended.
            let parent: Vec<&str> = extends
                .first()
                .map_or(vec![], |name| name.split('/').collect());
            let text = |key, from_parent: usize| {
                let own = policy.get(key).and_then(Value::as_str);
                own.or(parent.get(from_parent).copied()).unwrap_or_default()
            };
            let layer = match policy.get("layer").and_then(Value::as_str) {
                Some("assumed") => "/assumed",
                _ => "",
            };
            let name = format!("{}/{}{layer}", text("id", 0), text("version", 1));
            files.insert(name, File { extends, root });
        }
        Files(files)
    }

    /// The hints of a policy: of its file and of all that it extends.
    pub(crate) fn hints(&self, policy: &Policy) -> Hints {
        let mut hints = Hints::default();
        let (mut open, mut seen) = (vec![policy.full_name()], BTreeSet::new());
        while let Some(name) = open.pop() {
            if seen.insert(name.clone()) {
                let file = &self.0[&name];
                open.extend(file.extends.iter().cloned());
                hints.read("", &Value::Table(file.root.clone()));
                hints.read_terms(&file.root);
            }
        }
        hints
    }
}

fn strings(values: &[Value]) -> impl Iterator<Item = String> {
    values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
}

impl Hints {
    fn read(&mut self, key: &str, value: &Value) {
        match value {
            Value::Table(table) => {
                for (key, value) in table {
                    self.word(key);
                    self.read(key, value);
                }
            }
            Value::Array(all) => all.iter().for_each(|value| self.read(key, value)),
            Value::String(text) => match key {
                "hospital" => self.hospitals.push(text.clone()),
                "icd10" => self.codes.extend(text.split('-').map(str::to_owned)),
                _ => self.word(text),
            },
            Value::Integer(number) => {
                self.figures.extend(Money::from_yuan(*number));
                self.numbers
                    .extend(u32::try_from(*number).ok().filter(|number| *number < 200));
            }
            Value::Float(number) => self.figures.extend(Money::parse(&number.to_string())),
            _ => {}
        }
    }

    fn word(&mut self, text: &str) {
        for dimension in Dimension::ALL {
            let words = dimension.words().iter().filter(|word| word.is_called(text));
            let members = dimension.collectives().iter();
            let members = members.filter(|all| all.id == text || all.zh == text);
            let ids = words
                .map(|word| word.id)
                .chain(members.flat_map(|all| all.members).copied());
            self.named
                .entry(dimension.id())
                .or_default()
                .extend(ids.map(str::to_owned));
        }
    }

    fn read_terms(&mut self, root: &Table) {
        let terms = root.get("term").and_then(Value::as_array);
        for term in terms.into_iter().flatten() {
            let text = |key| term[key].as_str().unwrap().to_owned();
            self.terms.entry(text("of")).or_default().insert(text("id"));
        }
    }

    /// The words of a dimension of which the policy speaks, and all that it knows.
    pub(crate) fn words(&self, dimension: Dimension) -> (Vec<String>, Vec<String>) {
        let empty = BTreeSet::new();
        let terms = self.terms.get(dimension.id()).unwrap_or(&empty);
        let named = self.named.get(dimension.id()).unwrap_or(&empty);
        let standard = dimension.words().iter().map(|word| word.id.to_owned());
        let all: Vec<String> = terms.iter().cloned().chain(standard).collect();
        let named: Vec<String> = terms.iter().chain(named).cloned().collect();
        if named.is_empty() {
            (all.clone(), all)
        } else {
            (named, all)
        }
    }
}
