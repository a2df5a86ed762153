//! The steps of a policy, their limits and adjusts, read into plain data.

use crate::merge::DEDUCTIBLE_SETTINGS;
use crate::model::*;
use crate::read::{Keys, Reader, amount, known, round};
use std::collections::BTreeMap;
use toml::{Table, Value};

pub(crate) const PARTS: [&str; 4] = [
    "own-expense",
    "over-limit",
    "first-self-payment",
    "in-scope",
];

fn entries(value: Option<Value>) -> Vec<Value> {
    value.map_or_else(Vec::new, |value| value.as_array().expect("a list").clone())
}

/// One of the words that a key may have.
fn one_of(keys: &mut Keys, key: &str, default: Option<&str>, known: &[&str]) -> String {
    let word = keys.word(key).or_else(|| default.map(str::to_owned));
    let word = word.unwrap_or_else(|| panic!("no {key}"));
    assert!(known.contains(&word.as_str()), "{key} = {word}");
    word
}

/// The certificates that a condition names, if it cannot hold without one of them; otherwise none.
fn named_certificates(when: &Condition) -> Vec<String> {
    let mut named = Vec::new();
    for tests in when.iter().flatten() {
        let before = named.len();
        for test in tests.iter().filter(|test| test.key == "certificate") {
            if let Wanted::Any(ids) = &test.wanted {
                named.extend(ids.iter().cloned());
            }
        }
        if named.len() == before {
            return Vec::new();
        }
    }
    named
}

impl Reader<'_> {
    pub(crate) fn adjusts(&self, value: Option<Value>, figure: Option<&str>) -> Vec<Adjust> {
        entries(value)
            .iter()
            .map(|entry| self.adjust(entry, figure))
            .collect()
    }

    fn adjust(&self, entry: &Value, figure: Option<&str>) -> Adjust {
        let mut keys = Keys::new(entry, "adjust");
        keys.need("id");
        let (when, unless) = self.conditions(&mut keys);
        let mut changes: Vec<Change> = Vec::new();
        type Make = fn(Amount) -> Change;
        let makes: [(&str, Make); 4] = [
            ("set", Change::Set),
            ("add", Change::Add),
            ("subtract", Change::Subtract),
            ("multiply", Change::Multiply),
        ];
        for (key, make) in makes {
            changes.extend(keys.take(key).map(|value| make(amount(&value))));
        }
        if let Some(waive) = keys.take("waive") {
            assert_eq!(waive.as_bool(), Some(true), "waive");
            changes.push(Change::Waive);
        }
        assert!(changes.len() <= 1, "one change at a time: {changes:?}");
        let mut bound = |key: &str| keys.take(key).map(|value| known(&value));
        let (at_least, at_most) = (bound("at_least"), bound("at_most"));
        let add_at_most = bound("add_at_most");
        let adjust = Adjust {
            figure: figure.map_or_else(|| keys.need("figure"), str::to_owned),
            when,
            unless,
            change: changes.pop().unwrap_or(Change::Bound),
            at_least,
            at_most,
            per: keys.word("per"),
            add_at_most,
            certificates: Vec::new(),
            round: round(keys.take("round")),
        };
        keys.done();
        adjust
    }

    pub(crate) fn limit(&self, entry: &Value) -> Limit {
        let mut keys = Keys::new(entry, "limit");
        let together_with = keys.words("together_with");
        let limit = Limit {
            id: keys.need("id"),
            amount: self.figure(&keys.take("amount").expect("amount")),
            per: one_of(&mut keys, "per", None, &["bill", "year", "disease-year"]),
            on: one_of(
                &mut keys,
                "on",
                None,
                &["payment", "cost", "deductible", "bills"],
            ),
            together_with: together_with.map(|payers| match payers.as_slice() {
                [all] if all == "all" => Vec::new(),
                _ => payers,
            }),
            adjusts: self.adjusts(keys.take("adjust"), Some("amount")),
        };
        keys.done();
        limit
    }

    fn covers(&self, value: Option<Value>) -> Covers {
        let value = value.unwrap_or_else(|| Value::Table(Table::new()));
        let mut keys = Keys::new(&value, "covers");
        let parts = keys
            .words("parts")
            .unwrap_or_else(|| vec!["in-scope".into()]);
        let mut ids = |key: &str, dimension: &str| {
            let names = keys.words(key)?;
            let ids = names.iter().flat_map(|name| self.names(dimension, name));
            Some(ids.collect::<Vec<String>>())
        };
        let covers = Covers {
            parts: match parts.as_slice() {
                [all] if all == "all" => PARTS.map(str::to_owned).to_vec(),
                _ => parts,
            },
            fees: ids("fees", "fee"),
            except_fees: ids("except_fees", "fee").unwrap_or_default(),
            classes: ids("classes", "class"),
            marks: ids("marks", "mark"),
            except_marks: ids("except_marks", "mark").unwrap_or_default(),
        };
        keys.done();
        assert!(
            covers
                .parts
                .iter()
                .all(|part| PARTS.contains(&part.as_str()))
        );
        covers
    }

    pub(crate) fn scope(&self, entry: &Value) -> Scope {
        let mut keys = Keys::new(entry, "scope");
        keys.need("id");
        let (when, unless) = self.conditions(&mut keys);
        let scope = Scope {
            when,
            unless,
            covers: self.covers(keys.take("covers")),
            moved: keys.words("move").expect("move"),
            to: one_of(&mut keys, "to", None, &PARTS),
        };
        keys.done();
        scope
    }

    fn deductible(&self, value: &Value) -> Deductible {
        let mut figure = value.clone();
        let mut settings = Table::new();
        if let Some(table) = figure.as_table_mut() {
            for key in DEDUCTIBLE_SETTINGS {
                settings.extend(table.remove(key).map(|value| (key.to_owned(), value)));
            }
        }
        let mut keys = Keys::new(&Value::Table(settings), "deductible");
        let deductible = Deductible {
            amount: self.figure(&figure),
            yearly: one_of(&mut keys, "per", Some("bill"), &["bill", "year"]) == "year",
            within: keys.word("within"),
            with: keys.word("with"),
            round: round(keys.take("round")),
        };
        keys.done();
        deductible
    }

    fn formula(&self, keys: &mut Keys, has_deductible: bool) -> Formula {
        let mut found = Vec::new();
        if let Some(ratio) = keys.take("ratio") {
            found.push(Formula::Ratio(self.figure(&ratio)));
        }
        if let Some(bands) = keys.take("bands") {
            let mut keys = Keys::new(&bands, "bands");
            let scale = match has_deductible {
                true => None,
                false => Some("absolute"),
            };
            found.push(Formula::Bands {
                yearly: one_of(&mut keys, "per", None, &["bill", "year"]) == "year",
                absolute: one_of(&mut keys, "scale", scale, &["absolute", "above-deductible"])
                    == "absolute",
                whole: one_of(&mut keys, "apply", Some("marginal"), &["marginal", "whole"])
                    == "whole",
                bands: entries(keys.take("band"))
                    .iter()
                    .map(|band| self.band(band))
                    .collect(),
            });
            keys.done();
        }
        if let Some(guarantee) = keys.take("guarantee") {
            let mut keys = Keys::new(&guarantee, "guarantee");
            found.push(Formula::Guarantee {
                ratio: self.figure(&keys.take("ratio").expect("ratio")),
                of: one_of(&mut keys, "of", None, &["covered", "in-scope", "total"]),
                counting: keys.words("counting"),
                not_counting: keys.words("not_counting").unwrap_or_default(),
            });
            keys.done();
        }
        assert_eq!(found.len(), 1, "one formula: {found:?}");
        found.pop().unwrap()
    }

    fn band(&self, entry: &Value) -> Band {
        let mut keys = Keys::new(entry, "band");
        let mut edge =
            |name: &str, included: bool| keys.take(name).map(|value| (known(&value), included));
        let (low, low_included) = edge("over", false)
            .or(edge("from", true))
            .expect("a low edge");
        let band = Band {
            low,
            low_included,
            high: edge("to", true).or(edge("under", false)),
            ratio: self.figure(&keys.take("ratio").expect("ratio")),
        };
        keys.done();
        band
    }

    pub(crate) fn step(&self, entry: &Value, shared: &BTreeMap<String, Limit>) -> Step {
        let mut keys = Keys::new(entry, "step");
        let id = keys.need("id");
        let payers = match (keys.word("payer"), keys.take("payers")) {
            (Some(payer), None) => vec![(payer, q(1))],
            (None, Some(shares)) => {
                // In the order of the file's payers: a table has none of its own.
                let all = self.policy.payers.iter();
                all.filter_map(|payer| Some((payer.clone(), known(shares.get(payer)?))))
                    .collect()
            }
            _ => panic!("{id}: one way to say who pays"),
        };
        let (when, unless) = self.conditions(&mut keys);
        let mut adjusts = self.adjusts(keys.take("adjust"), None);
        for adjust in &mut adjusts {
            let own = named_certificates(&adjust.when);
            adjust.certificates = match own.is_empty() {
                true => named_certificates(&when),
                false => own,
            };
        }
        let base = keys
            .take("base")
            .unwrap_or_else(|| Value::Table(Table::new()));
        let mut base = Keys::new(&base, "base");
        let deductible = keys.take("deductible").map(|value| self.deductible(&value));
        let names = keys.words("shared_limits").unwrap_or_default();
        let step = Step {
            payers,
            when,
            unless,
            covers: self.covers(keys.take("covers")),
            billed: one_of(&mut base, "of", Some("unpaid"), &["unpaid", "billed"]) == "billed",
            less: base.words("less").unwrap_or_default(),
            less_deductible_of: base.words("less_deductible_of").unwrap_or_default(),
            fixed: base.take("fixed").map(|fixed| self.figure(&fixed)),
            formula: self.formula(&mut keys, deductible.is_some()),
            deductible,
            limits: entries(keys.take("limit"))
                .iter()
                .map(|limit| self.limit(limit))
                .collect(),
            shared: names.iter().map(|name| shared[name].clone()).collect(),
            adjusts,
            round: round(keys.take("round")),
            id,
        };
        base.done();
        keys.done();
        step
    }
}
