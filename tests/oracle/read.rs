//! A policy read from its merged table. Whatever a reader does not know makes the test fail.

use crate::merge::{DIMENSIONS, NOTES};
use crate::model::*;
use crate::words::Words;
use num_bigint::BigInt;
use payer_split::Date;
use std::collections::BTreeMap;
use std::rc::Rc;
use toml::{Table, Value};

/// The keys of a table that have not been read yet.
#[derive(Debug)]
pub(crate) struct Keys {
    table: Table,
    place: String,
}

impl Keys {
    pub(crate) fn new(value: &Value, place: &str) -> Keys {
        let table = value.as_table();
        Keys {
            table: table
                .unwrap_or_else(|| panic!("{place}: a table, not {value}"))
                .clone(),
            place: place.to_owned(),
        }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.table.remove(key)
    }

    pub(crate) fn word(&mut self, key: &str) -> Option<String> {
        self.take(key).map(|value| string(&value))
    }

    pub(crate) fn need(&mut self, key: &str) -> String {
        let place = self.place.clone();
        self.word(key)
            .unwrap_or_else(|| panic!("{place}: no {key}"))
    }

    pub(crate) fn words(&mut self, key: &str) -> Option<Vec<String>> {
        self.take(key).map(|value| strings(&value))
    }

    /// All that is left must change no amount.
    pub(crate) fn done(mut self) {
        for key in NOTES.into_iter().chain(["name", "name_en"]) {
            self.take(key);
        }
        let left: Vec<&String> = self.table.keys().collect();
        assert!(left.is_empty(), "{}: cannot read {left:?}", self.place);
    }
}

pub(crate) fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a text, not {value}"))
        .to_owned()
}

pub(crate) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        one => vec![string(one)],
    }
}

pub(crate) fn day(value: &Value) -> Date {
    let text = value.as_datetime().expect("a date").to_string();
    Date::parse(&text).unwrap()
}

/// A decimal text as an exact number.
pub(crate) fn decimal(text: &str) -> Q {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().expect("a number");
    Q::new(digits, BigInt::from(10).pow(fraction.len() as u32))
}

/// A ratio `"85%"`, an amount in yuan, `"none"` or `"unstated"`. A decimal in TOML reads as the nearest float; what that
/// prints is the decimal that was written.
pub(crate) fn amount(value: &Value) -> Amount {
    Amount::Known(match value {
        Value::Integer(yuan) => q(*yuan) * q(100),
        Value::Float(yuan) => decimal(&yuan.to_string()) * q(100),
        Value::String(text) => match text.as_str() {
            "none" => return Amount::Unlimited,
            "unstated" => return Amount::Unstated,
            percent => decimal(percent.strip_suffix('%').expect("a ratio")) / q(100),
        },
        other => panic!("a figure, not {other}"),
    })
}

pub(crate) fn known(value: &Value) -> Q {
    match amount(value) {
        Amount::Known(number) => number,
        other => panic!("a number, not {other:?}"),
    }
}

pub(crate) fn round(value: Option<Value>) -> Round {
    let mut read = Round::fen();
    if let Some(value) = value {
        let mut keys = Keys::new(&value, "round");
        match keys.word("unit").as_deref() {
            None | Some("fen") => {}
            Some("jiao") => read.unit = q(10),
            Some("yuan") => read.unit = q(100),
            Some(other) => panic!("round.unit = {other}"),
        }
        if let Some(mode) = keys.word("mode") {
            read.mode = mode;
        }
        keys.done();
    }
    read
}

fn list<'a>(table: &'a Table, key: &str) -> &'a [Value] {
    table
        .get(key)
        .map_or(&[], |value| value.as_array().expect("a list"))
}

/// Reads a merged table.
pub(crate) fn read(table: &Table) -> Policy {
    let mut words = Words::standard();
    let terms: Vec<Table> = list(table, "term")
        .iter()
        .map(|term| term.as_table().unwrap().clone())
        .collect();
    words.add_terms(&terms);
    let header = table["policy"].as_table().unwrap();
    let mut policy = Policy {
        id: string(&header["id"]),
        from: day(&header["from"]),
        to: header["to"].as_datetime().map(|_| day(&header["to"])),
        words,
        payers: list(table, "payer")
            .iter()
            .map(|payer| string(&payer["id"]))
            .collect(),
        groups: BTreeMap::new(),
        diseases: Vec::new(),
        lists: BTreeMap::new(),
        limits: BTreeMap::new(),
        scopes: Vec::new(),
        steps: Vec::new(),
        benefits: Vec::new(),
    };
    for group in list(table, "group") {
        let mut keys = Keys::new(group, "group");
        let members = keys.words("categories").expect("categories");
        let ids = members
            .iter()
            .map(|name| policy.words.id("category", name).expect("a category"));
        policy.groups.insert(keys.need("id"), ids.collect());
        keys.done();
    }
    for disease in list(table, "disease") {
        let mut keys = Keys::new(disease, "disease");
        let outpatient = keys.words("outpatient").unwrap_or_default();
        let ids = outpatient
            .iter()
            .map(|name| policy.words.id("outpatient_disease", name).expect(name));
        policy.diseases.push(Disease {
            id: keys.need("id"),
            icd10: keys.words("icd10").unwrap_or_default(),
            outpatient: ids.collect(),
        });
        keys.done();
    }
    for disease_list in list(table, "disease_list") {
        let mut keys = Keys::new(disease_list, "disease_list");
        let members = keys.words("diseases").expect("diseases");
        policy.lists.insert(keys.need("id"), members);
        keys.done();
    }
    let mut reader = Reader {
        policy: &policy,
        tables: BTreeMap::new(),
    };
    reader.tables(list(table, "table"));
    let limits: BTreeMap<String, Limit> = list(table, "limit")
        .iter()
        .map(|limit| reader.limit(limit))
        .map(|limit| (limit.id.clone(), limit))
        .collect();
    let scopes = list(table, "scope").iter().map(|scope| reader.scope(scope));
    let scopes: Vec<Scope> = scopes.collect();
    let steps = list(table, "step")
        .iter()
        .map(|step| reader.step(step, &limits));
    let steps: Vec<Step> = steps.collect();
    let benefits = list(table, "benefit").iter().map(|benefit| {
        let mut keys = Keys::new(benefit, "benefit");
        let (when, unless) = reader.conditions(&mut keys);
        let id = keys.need("id");
        keys.done();
        (id, when, unless)
    });
    let benefits = benefits.collect();
    Policy {
        limits,
        scopes,
        steps,
        benefits,
        ..policy
    }
}

/// Reads what needs the policy's names.
pub(crate) struct Reader<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) tables: BTreeMap<String, Rc<NamedTable>>,
}

impl Reader<'_> {
    fn tables(&mut self, tables: &[Value]) {
        for table in tables {
            let mut keys = Keys::new(table, "table");
            let id = keys.need("id");
            let named = NamedTable {
                is_ratio: match keys.need("kind").as_str() {
                    "ratio" => true,
                    "amount" => false,
                    other => panic!("table.kind = {other}"),
                },
                value: self.figure(&keys.take("value").expect("value")),
                adjusts: self.adjusts(keys.take("adjust"), Some("value")),
                round: round(keys.take("round")),
            };
            keys.done();
            self.tables.insert(id, Rc::new(named));
        }
    }

    pub(crate) fn figure(&self, value: &Value) -> Figure {
        let Some(table) = value.as_table() else {
            return Figure::Plain(amount(value));
        };
        let mut keys = Keys::new(value, "figure");
        let by: Vec<&str> = DIMENSIONS
            .into_iter()
            .filter(|key| table.contains_key(*key))
            .collect();
        let figure = if let [dimension] = by[..] {
            self.by(dimension, &keys.take(dimension).unwrap())
        } else if let Some(share) = keys.take("share") {
            Figure::Share {
                share: Box::new(self.figure(&share)),
                of: keys.need("of"),
                at_least: keys.take("at_least").map(|bound| known(&bound)),
                at_most: keys.take("at_most").map(|bound| known(&bound)),
            }
        } else if let Some(name) = keys.word("table") {
            Figure::Named(Rc::clone(&self.tables[&name]))
        } else {
            self.figure(&keys.take("value").expect("a figure"))
        };
        keys.done();
        figure
    }

    fn by(&self, dimension: &str, table: &Value) -> Figure {
        let mut entries = Vec::new();
        let mut other = None;
        for (name, value) in table.as_table().expect("a table by a dimension") {
            let figure = self.figure(value);
            if name == "other" {
                other = Some(Box::new(figure));
            } else {
                entries.push((self.names(dimension, name), figure));
            }
        }
        Figure::By {
            dimension: dimension.into(),
            entries,
            other,
        }
    }

    /// The ids that a name in a condition or table stands for.
    pub(crate) fn names(&self, dimension: &str, name: &str) -> Vec<String> {
        let policy = self.policy;
        match dimension {
            "category" if policy.groups.contains_key(name) => policy.groups[name].clone(),
            "disease" => match policy.lists.get(name) {
                Some(members) => members.clone(),
                None => {
                    let known = policy.diseases.iter().any(|disease| disease.id == name);
                    assert!(known, "a disease, not {name}");
                    vec![name.into()]
                }
            },
            "referred" | "admission" | "hospital" => vec![name.into()],
            "certificate" => policy.words.ids("outpatient_disease", name).expect(name),
            "facility_mark" => policy.words.ids("mark", name).expect(name),
            _ => policy.words.ids(dimension, name).expect(name),
        }
    }

    pub(crate) fn conditions(&self, keys: &mut Keys) -> (Condition, Condition) {
        (
            self.condition(keys.take("when")),
            self.condition(keys.take("unless")),
        )
    }

    fn condition(&self, value: Option<Value>) -> Condition {
        let tables = match value? {
            Value::Array(tables) => tables,
            table => vec![table],
        };
        let all = |table: &Value| -> Vec<Test> {
            let tests = table.as_table().expect("a condition");
            tests
                .iter()
                .map(|(key, value)| self.test(key, value))
                .collect()
        };
        Some(tables.iter().map(all).collect())
    }

    fn test(&self, key: &str, value: &Value) -> Test {
        let wanted = match key {
            "certified" | "designated" | "medical" | "referred" => {
                Wanted::Flag(value.as_bool().expect(key))
            }
            "age" | "insured_years" | "admission" => number(value),
            "date" => {
                let mut keys = Keys::new(value, "date");
                let from = keys.take("from").map(|value| day(&value));
                let to = keys.take("to").map(|value| day(&value));
                keys.done();
                Wanted::Days(from, to)
            }
            "category" | "scheme" | "care" | "tier" | "grade" | "place" | "disease" | "mark"
            | "outpatient_disease" | "enrolment" | "certificate" | "hospital" | "facility_mark" => {
                let names = strings(value);
                Wanted::Any(
                    names
                        .iter()
                        .flat_map(|name| self.names(key, name))
                        .collect(),
                )
            }
            _ => panic!("unknown condition {key}"),
        };
        Test {
            key: key.into(),
            wanted,
        }
    }
}

fn number(value: &Value) -> Wanted {
    if let Some(exactly) = value.as_integer() {
        return Wanted::Number {
            low: Some((exactly, true)),
            high: Some((exactly, true)),
        };
    }
    let mut keys = Keys::new(value, "bounds");
    let mut bound = |name: &str, included: bool| {
        let value = keys.take(name)?;
        Some((value.as_integer().expect("a number"), included))
    };
    let low = bound("from", true).or(bound("over", false));
    let high = bound("to", true).or(bound("under", false));
    keys.done();
    Wanted::Number { low, high }
}
