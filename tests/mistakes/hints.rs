//! What a policy speaks of, read from the text of its rule files: words, hospitals, diagnoses and figures. Bills that are
//! made of these reach the policy's conditions and edges.

use payer_split::{Dimension, Icd10, Money, Policy};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// The rule files of one book, by full name.
pub(crate) struct Files(BTreeMap<String, File>);

struct File {
    extends: Vec<String>,
    root: Table,
}

/// What a policy speaks of. No list is empty but those of words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hints {
    /// By dimension: the words that the policy names, and all that it knows.
    words: BTreeMap<&'static str, (Vec<String>, Vec<String>)>,
    /// Names of hospitals.
    pub(crate) hospitals: Vec<String>,
    /// Diagnosis codes.
    pub(crate) codes: Vec<Icd10>,
    /// Amounts that figures name.
    pub(crate) figures: Vec<Money>,
    /// Small whole numbers: ages, admissions, insured years.
    pub(crate) numbers: Vec<u32>,
    /// The conditions of steps and adjustments.
    pub(crate) conditions: Vec<Vec<Wish>>,
    /// What groups, diseases and lists of diseases stand for.
    members: BTreeMap<String, Vec<String>>,
}

/// What one key of a condition asks for.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// A word of a subject: its key, and the words of which any will do.
    Word(String, Vec<String>),
    Flag(String, bool),
    /// A number from the first to the second.
    Number(String, i64, i64),
    Diagnosis(Vec<Icd10>),
}

impl Files {
    /// Reads the texts of a book.
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Files {
        let mut files = BTreeMap::new();
        for text in texts {
            let root: Table = toml::from_str(text).unwrap();
            let policy = root["policy"].as_table().unwrap();
            let extends = match policy.get("extends") {
                Some(names) => strings_of(names),
                None => Vec::new(),
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
        let mut hints = Hints {
            hospitals: vec!["某医院".to_owned()],
            codes: ["Z99", "K80.1", "I10", "C34.9", "N18.6"].map(code).into(),
            figures: vec![Money::from_fen(1)],
            numbers: vec![1],
            ..Hints::default()
        };
        let (mut named, mut terms) = (Words::new(), Words::new());
        let (mut open, mut seen) = (vec![policy.full_name()], BTreeSet::new());
        while let Some(name) = open.pop() {
            if seen.insert(name.clone()) {
                let file = &self.0[&name];
                open.extend(file.extends.iter().cloned());
                hints.read_members(&file.root);
                hints.read("", &Value::Table(file.root.clone()), &mut named);
                for term in file
                    .root
                    .get("term")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                {
                    let text = |key| term[key].as_str().unwrap().to_owned();
                    terms.entry(text("of")).or_default().insert(text("id"));
                }
            }
        }
        for dimension in Dimension::ALL {
            let of = |words: &Words| words.get(dimension.id()).cloned().unwrap_or_default();
            let standard = dimension.words().iter().map(|word| word.id.to_owned());
            let all: Vec<String> = of(&terms).into_iter().chain(standard).collect();
            let named: Vec<String> = of(&terms).into_iter().chain(of(&named)).collect();
            let named = if named.is_empty() { all.clone() } else { named };
            hints.words.insert(dimension.id(), (named, all));
        }
        hints
    }
}

/// Words by dimension.
type Words = BTreeMap<String, BTreeSet<String>>;

fn code(text: &str) -> Icd10 {
    Icd10::parse(text).unwrap()
}

fn strings(values: &[Value]) -> impl Iterator<Item = String> {
    values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
}

impl Hints {
    fn read(&mut self, key: &str, value: &Value, named: &mut Words) {
        match value {
            Value::Table(table) => {
                if key == "when" {
                    let wishes = table
                        .iter()
                        .filter_map(|(key, value)| self.wish(key, value));
                    self.conditions.push(wishes.collect());
                }
                for (key, value) in table {
                    name_word(key, named);
                    self.read(key, value, named);
                }
            }
            Value::Array(all) => all.iter().for_each(|value| self.read(key, value, named)),
            Value::String(text) => match key {
                "hospital" => self.hospitals.push(text.clone()),
                "icd10" => {
                    let codes = text.split('-').filter_map(|code| Icd10::parse(code).ok());
                    self.codes.extend(codes);
                }
                _ => name_word(text, named),
            },
            Value::Integer(number) => {
                self.figures.extend(Money::from_yuan(*number));
                let number = u32::try_from(*number).ok();
                self.numbers.extend(number.filter(|number| *number < 200));
            }
            Value::Float(number) => self.figures.extend(Money::parse(&number.to_string())),
            _ => {}
        }
    }

    fn read_members(&mut self, root: &Table) {
        for (section, key) in [
            ("group", "categories"),
            ("disease", "icd10"),
            ("disease", "outpatient"),
            ("disease_list", "diseases"),
        ] {
            for thing in root
                .get(section)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let (Some(id), Some(members)) = (thing["id"].as_str(), thing.get(key)) {
                    let known = self.members.entry(id.to_owned()).or_default();
                    known.extend(strings_of(members));
                }
            }
        }
    }

    /// What stands behind a name: itself, or the members of the group or list, and theirs.
    fn expand(&self, name: &str) -> Vec<String> {
        match self.members.get(name) {
            Some(members) => members.iter().flat_map(|name| self.expand(name)).collect(),
            None => vec![name.to_owned()],
        }
    }

    fn wish(&self, key: &str, value: &Value) -> Option<Wish> {
        let key = key.to_owned();
        Some(match value {
            Value::Boolean(flag) => Wish::Flag(key, *flag),
            Value::Integer(number) => Wish::Number(key, *number, *number),
            Value::Table(bounds) => {
                let bound = |key: &str| bounds.get(key).and_then(Value::as_integer);
                let low = bound("from")
                    .or(bound("over").map(|over| over + 1))
                    .unwrap_or(0);
                let high = bound("to").or(bound("under").map(|under| under - 1));
                Wish::Number(key, low, high.unwrap_or(low + 20))
            }
            _ => {
                let names = strings_of(value);
                let names: Vec<String> = names.iter().flat_map(|name| self.expand(name)).collect();
                match key.as_str() {
                    "disease" => {
                        let codes = names.iter().flat_map(|code| code.split('-'));
                        let codes = codes.filter_map(|code| Icd10::parse(code).ok());
                        Wish::Diagnosis(codes.collect())
                    }
                    _ => Wish::Word(key, names.iter().flat_map(|name| members(name)).collect()),
                }
            }
        })
    }

    /// The words of a dimension of which the policy speaks, and all that it knows.
    pub(crate) fn words(&self, dimension: Dimension) -> (&[String], &[String]) {
        let (named, all) = &self.words[dimension.id()];
        (named, all)
    }
}

/// A string or an array of strings.
fn strings_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => strings(all).collect(),
        value => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// The words for which a collective word stands, or the word itself.
fn members(name: &str) -> Vec<String> {
    let collective = Dimension::ALL.into_iter().flat_map(Dimension::collectives);
    let mut collective = collective.filter(|word| word.id == name || word.zh == name);
    match collective.next() {
        Some(word) => word.members.iter().map(|id| (*id).to_owned()).collect(),
        None => vec![name.to_owned()],
    }
}

/// Takes a text down as every word that it is, in any dimension.
fn name_word(text: &str, named: &mut Words) {
    for dimension in Dimension::ALL {
        let words = dimension.words().iter().filter(|word| word.is_called(text));
        let collective = dimension.collectives().iter();
        let collective = collective.filter(|word| word.id == text || word.zh == text);
        let members = collective.flat_map(|word| word.members).copied();
        for id in words.map(|word| word.id).chain(members) {
            let words = named.entry(dimension.id().to_owned()).or_default();
            words.insert(id.to_owned());
        }
    }
}
