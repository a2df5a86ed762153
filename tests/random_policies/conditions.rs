//! Conditions, and what a step's condition leaves for the tables and adjusts in it.

use super::build::{Build, Mode};
use super::model::{Table, Value};
use super::words::{DIMENSIONS, HOSPITALS};

/// Where a figure or an adjust stands: what the conditions around it have spoken of already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// The keys of conditions and the dimensions of tables around it.
    pub(crate) taken: Vec<String>,
    /// The dimensions of which only these words are left.
    pub(crate) left: Vec<(String, Vec<String>)>,
}

impl Place {
    pub(crate) fn takes(&self, key: &str) -> bool {
        self.taken.iter().any(|taken| taken == key)
    }

    /// The same place inside a table by this dimension.
    pub(crate) fn inside(&self, dimension: &str) -> Place {
        let mut inside = self.clone();
        inside.taken.push(dimension.to_owned());
        inside
    }
}

/// The keys of conditions, the first of which are the most usual.
const KEYS: [&str; 21] = [
    "category",
    "care",
    "tier",
    "grade",
    "place",
    "referred",
    "disease",
    "scheme",
    "designated",
    "admission",
    "age",
    "outpatient_disease",
    "certificate",
    "certified",
    "enrolment",
    "insured_years",
    "medical",
    "hospital",
    "facility_mark",
    "mark",
    "date",
];

/// What a condition does to who meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The patient may pay less.
    Relieves,
    /// The patient may pay more.
    Burdens,
    /// Any, or none.
    Any,
}

impl Build<'_> {
    /// `when` and `unless` of a thing, put into it; the place behind them.
    pub(crate) fn conditions(
        &mut self,
        thing: &mut Table,
        place: &Place,
        effect: Effect,
        percent: u64,
    ) -> Place {
        let mut behind = place.clone();
        // By law 9 a poverty category may only relieve.
        let watched = self.mode == Mode::Poverty;
        let (in_when, in_unless) = match effect {
            Effect::Relieves => (true, !watched),
            Effect::Burdens => (!watched, true),
            Effect::Any => (!watched, !watched),
        };
        if self.c.chance(percent) {
            let several = self.c.chance(12);
            let when = match several {
                true => {
                    let count = self.c.between(2, 3);
                    let all = (0..count).map(|_| self.tests(place, in_when, 2));
                    let all: Vec<Table> = all.collect();
                    Value::from(all)
                }
                false => Value::from(self.tests(place, in_when, 3)),
            };
            behind = take(behind, &when, true);
            thing.put("when", when);
        }
        if self.c.chance(percent / 5) {
            let unless = Value::from(self.tests(&behind, in_unless, 2));
            behind = take(behind, &unless, false);
            thing.put("unless", unless);
        }
        behind
    }

    /// A table of one to so many tests, of keys that are not taken.
    fn tests(&mut self, place: &Place, category: bool, most: i64) -> Table {
        let mut tests = Table::new();
        for _ in 0..self.c.between(1, most) {
            let first = if self.c.chance(70) { 10 } else { KEYS.len() };
            let mut free: Vec<&str> = KEYS[..first].to_vec();
            free.retain(|key| {
                !place.takes(key) && !tests.has(key) && (category || *key != "category")
            });
            if free.is_empty() {
                free = KEYS.to_vec();
                free.retain(|key| {
                    !place.takes(key) && !tests.has(key) && (category || *key != "category")
                });
            }
            let key = *self.c.pick(&free);
            let wanted = self.wanted(key);
            tests.put(key, wanted);
        }
        tests
    }

    fn wanted(&mut self, key: &str) -> Value {
        match key {
            "designated" | "medical" | "referred" | "certified" => self.c.chance(50).into(),
            "age" => self.bounds(1, 80),
            "insured_years" => self.bounds(1, 20),
            "admission" => self.bounds(1, 4),
            "date" => {
                let (from, to) = (self.c.between(1, 6), self.c.between(7, 12));
                let mut bounds = Table::new();
                let open = self.c.below(3);
                if open != 1 {
                    bounds.put("from", Value::Day(format!("2020-{from:02}-15")));
                }
                if open != 2 {
                    bounds.put("to", Value::Day(format!("2020-{to:02}-15")));
                }
                bounds.into()
            }
            "hospital" => (*self.c.pick(&HOSPITALS)).into(),
            key => {
                let dimension = match key {
                    "certificate" => "outpatient_disease",
                    "facility_mark" => "mark",
                    key => key,
                };
                let words = self.some_words(dimension, 3);
                match words.as_slice() {
                    [one] => one.as_str().into(),
                    _ => words.into(),
                }
            }
        }
    }

    fn bounds(&mut self, low: i64, high: i64) -> Value {
        let (one, other) = (self.c.between(low, high), self.c.between(low, high));
        let (one, other) = (one.min(other), one.max(other));
        if self.c.chance(40) {
            return Value::Number(one);
        }
        let mut bounds = Table::new();
        let open = self.c.below(3);
        if open != 1 {
            let key = if self.c.chance(50) { "from" } else { "over" };
            bounds.put(key, Value::Number(one));
        }
        if open != 2 {
            let key = if self.c.chance(50) { "to" } else { "under" };
            // Above the lower bound, whichever of the two are included.
            bounds.put(key, Value::Number(other + 2));
        }
        bounds.into()
    }
}

/// The place behind a condition.
fn take(mut place: Place, condition: &Value, when: bool) -> Place {
    let tables: Vec<&Table> = match condition {
        Value::List(tables) => tables.iter().map(Value::table).collect(),
        other => vec![other.table()],
    };
    for (key, wanted) in tables.iter().flat_map(|table| &table.0) {
        place.taken.push(key.clone());
        let is_word = DIMENSIONS.contains(&key.as_str());
        if let (true, true, 1) = (when, is_word, tables.len()) {
            let words: Vec<String> = match wanted {
                Value::List(words) => words.iter().map(|word| word.text().to_owned()).collect(),
                word => vec![word.text().to_owned()],
            };
            let collective = words.iter().any(|word| word.starts_with("any-"));
            // A list or group is one entry of a table; a collective word stands for several.
            if !collective {
                place.left.push((key.clone(), words));
            }
        }
    }
    place
}
