//! Figures: plain, by one or more dimensions, from named tables, shares of money, with notes.

use super::build::{Build, Mode};
use super::conditions::{Effect, Place};
use super::model::{Table, Value};

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Ratio,
    Deductible,
    /// The amount of a limit; of a limit that several steps share, if true.
    Limit(bool),
    Fixed,
    /// An amount of a named table: it may stand anywhere.
    Price,
}

pub(crate) fn percent(points: i64) -> Value {
    format!("{points}%").into()
}

impl Build<'_> {
    /// A ratio of the payer, which is rarely 100 %.
    pub(crate) fn ratio(&mut self) -> i64 {
        match self.c.below(10) {
            0 => self.c.between(0, 100),
            1 => 100,
            _ => self.c.between(1, 19) * 5,
        }
    }

    /// An amount in fen, mostly round.
    pub(crate) fn fen(&mut self, sort: Sort) -> i64 {
        let most = match sort {
            Sort::Ratio | Sort::Deductible | Sort::Price => 30,
            Sort::Limit(_) | Sort::Fixed => 120,
        };
        match self.c.below(12) {
            0 => self.c.between(0, most * 10_000),
            1 if sort == Sort::Deductible => 0,
            _ => self.c.between(1, most) * 10_000,
        }
    }

    fn plain(&mut self, sort: Sort) -> Value {
        match (sort, self.c.below(40)) {
            (_, 39) => "unstated".into(),
            (Sort::Limit(_), 37..39) => "none".into(),
            (Sort::Ratio, _) => percent(self.ratio()),
            _ => Value::Fen(self.fen(sort)),
        }
    }

    pub(crate) fn figure(&mut self, sort: Sort, place: &Place) -> Value {
        self.nested(sort, place, 0)
    }

    fn nested(&mut self, sort: Sort, place: &Place, depth: i64) -> Value {
        let dimensions = self.c.chance(if depth == 0 { 40 } else { 25 }) && depth < 3;
        if dimensions && let Some(table) = self.by_dimension(sort, place, depth) {
            return table;
        }
        if sort != Sort::Ratio && self.c.chance(15) && self.may_share(sort) {
            return self.share(sort);
        }
        if self.c.chance(10)
            && sort != Sort::Price
            && let Some(table) = self.named_table(sort, place)
        {
            return table;
        }
        let value = self.plain(sort);
        if self.c.chance(12) {
            return self.noted(value);
        }
        value
    }

    /// Raising a line raises a share; of several limits that rise together the patient may pay less (law 6).
    fn may_share(&self, sort: Sort) -> bool {
        match sort {
            Sort::Limit(_) | Sort::Price => self.mode == Mode::Any || self.mode == Mode::Year,
            _ => true,
        }
    }

    fn share(&mut self, sort: Sort) -> Value {
        let mut of = vec!["total", "in-scope"];
        if matches!(sort, Sort::Deductible | Sort::Limit(_)) {
            of.push("base");
        }
        let share = self.c.between(1, 10) * 5;
        let mut table = Table::new()
            .with("share", percent(share))
            .with("of", *self.c.pick(&of));
        let (low, high) = (self.fen(Sort::Deductible), self.fen(Sort::Deductible));
        table.may("at_least", self.c.chance(40).then_some(Value::Fen(low)));
        let high = self.c.chance(40).then_some(Value::Fen(low + high));
        table.may("at_most", high);
        table.into()
    }

    /// A value with where it comes from and how sure it is.
    fn noted(&mut self, value: Value) -> Value {
        let upper = match &value {
            Value::Fen(fen) => Some(Value::Fen(fen + 10_000)),
            Value::Text(text) => text
                .strip_suffix('%')
                .and_then(|points| points.parse::<i64>().ok())
                .filter(|points| *points <= 95)
                .map(|points| percent(points + 5)),
            _ => None,
        };
        let mut table = Table::new().with("value", value);
        self.notes(&mut table);
        table.may("range_to", upper.filter(|_| self.c.chance(30)));
        table.into()
    }

    pub(crate) fn notes(&mut self, table: &mut Table) {
        const CERTAINTIES: [&str; 5] = ["stated", "derived", "about", "not-less-than", "assumed"];
        if self.c.chance(40) {
            let source = self.source();
            table.put("source", source);
        }
        let clause = self.c.maybe(60, |c| format!("第{}条", c.below(40)));
        table.may("clause", clause);
        let certainty = *self.c.pick(&CERTAINTIES);
        table.may("certainty", self.c.chance(60).then_some(certainty));
    }

    fn named_table(&mut self, sort: Sort, place: &Place) -> Option<Value> {
        let ratio = sort == Sort::Ratio;
        let fit: Vec<String> = self
            .tables
            .iter()
            .filter(|table| table.ratio == ratio)
            .filter(|table| !table.keys.iter().any(|key| place.takes(key)))
            .map(|table| table.id.clone())
            .collect();
        let id = (!fit.is_empty()).then(|| self.c.pick(&fit).clone())?;
        Some(Table::new().with("table", id).into())
    }

    /// A table by a dimension of which the conditions around it have not spoken, with `other`; or by one of which they
    /// have left some words, with just these.
    fn by_dimension(&mut self, sort: Sort, place: &Place, depth: i64) -> Option<Value> {
        const ALL: [&str; 10] = [
            "tier",
            "category",
            "grade",
            "place",
            "referred",
            "disease",
            "care",
            "scheme",
            "outpatient_disease",
            "admission",
        ];
        let left = place.left.iter();
        let left: Vec<_> = left.filter(|(key, _)| key != "category").cloned().collect();
        if !left.is_empty() && self.c.chance(40) {
            let (key, words) = self.c.pick(&left).clone();
            let mut inside = place.clone();
            inside.left.retain(|(known, _)| *known != key);
            let mut entries = Table::new();
            for word in words {
                let entry = self.nested(sort, &inside, depth + 1);
                entries.put(&word, entry);
            }
            return Some(Table::new().with(&key, entries).into());
        }
        let free: Vec<&str> = ALL.into_iter().filter(|key| !place.takes(key)).collect();
        let key = *(!free.is_empty()).then(|| self.c.pick(&free))?;
        if key == "category" && self.mode == Mode::Poverty {
            return self.by_poverty(sort);
        }
        let words: Vec<String> = match key {
            "referred" => vec!["yes".into(), "no".into()],
            "admission" => self.c.several(1, 3, |c| c.between(1, 4).to_string()),
            key => self.some_words(key, 3),
        };
        let inside = place.inside(key);
        let mut entries = Table::new();
        for word in words {
            if !entries.has(&word) {
                let entry = self.nested(sort, &inside, depth + 1);
                entries.put(&word, entry);
            }
        }
        if key != "referred" {
            let other = self.nested(sort, &inside, depth + 1);
            entries.put("other", other);
        }
        let mut table = Table::new().with(key, entries);
        if self.c.chance(10) {
            self.notes(&mut table);
        }
        Some(table.into())
    }

    /// Every category has a better figure than who has none (law 9).
    fn by_poverty(&mut self, sort: Sort) -> Option<Value> {
        let better = match sort {
            Sort::Ratio | Sort::Limit(_) => 1,
            Sort::Deductible => -1,
            Sort::Fixed | Sort::Price => return None,
        };
        let value = |amount: i64| match sort {
            Sort::Ratio => percent(amount),
            _ => Value::Fen(amount),
        };
        let (low, high, unit) = match sort {
            Sort::Ratio => (0, 100, 1),
            _ => (0, i64::MAX, 10_000),
        };
        let other = match sort {
            Sort::Ratio => self.ratio(),
            _ => self.fen(sort),
        };
        let mut entries = Table::new();
        for word in self.some_words("category", 3) {
            let by = self.c.between(0, 30) * unit * better;
            entries.put(&word, value((other + by).clamp(low, high)));
        }
        entries.put("other", value(other));
        Some(Table::new().with("category", entries).into())
    }

    /// The adjusts of a named table or a shared limit.
    pub(crate) fn adjusts(&mut self, sort: Sort, place: &Place, most: i64) -> Vec<Table> {
        let count = self.c.between(0, most);
        (0..count)
            .map(|number| {
                let adjust = Table::new().with("id", format!("a{number}"));
                self.adjust(adjust, sort, place, false)
            })
            .collect()
    }

    /// What an adjust does, and for which bills.
    pub(crate) fn adjust(
        &mut self,
        mut adjust: Table,
        sort: Sort,
        place: &Place,
        multiply: bool,
    ) -> Table {
        let ratio = sort == Sort::Ratio;
        let high = match sort {
            Sort::Ratio | Sort::Limit(_) => Effect::Relieves,
            Sort::Deductible => Effect::Burdens,
            Sort::Fixed | Sort::Price => Effect::Any,
        };
        let low = match high {
            Effect::Relieves => Effect::Burdens,
            Effect::Burdens => Effect::Relieves,
            Effect::Any => Effect::Any,
        };
        let kind = self.c.below(7);
        let effect = match kind {
            0 | 5 => high,
            1 | 2 | 4 | 6 => low,
            _ => Effect::Any,
        };
        self.conditions(&mut adjust, place, effect, 80);
        let value = |build: &mut Self| match ratio {
            true => percent(build.c.between(1, 6) * 5),
            false => Value::Fen(build.fen(Sort::Deductible)),
        };
        let bound = |build: &mut Self| match ratio {
            true => percent(build.ratio()),
            false => Value::Fen(build.fen(sort)),
        };
        let by = value(self);
        let zero = if ratio { percent(0) } else { Value::Fen(0) };
        let most = if ratio {
            percent(100)
        } else {
            Value::Fen(50_000_000)
        };
        match kind {
            0 | 1 => {
                adjust.put(if kind == 0 { "add" } else { "subtract" }, by);
                let (key, bound) = match kind {
                    0 => ("at_most", most),
                    _ => ("at_least", zero),
                };
                if kind == 1 || ratio {
                    adjust.put(key, bound);
                }
                self.count(&mut adjust, ratio);
            }
            2 if multiply || !ratio => {
                let by = self.c.between(1, 10) * 10;
                adjust.put("multiply", percent(by));
            }
            3 => {
                let to = if self.c.chance(90) {
                    bound(self)
                } else {
                    "unstated".into()
                };
                adjust.put("set", to);
            }
            4 if sort != Sort::Price => adjust.put("waive", true),
            5 => {
                let bound = bound(self);
                adjust.put("at_least", bound);
            }
            _ => {
                let bound = bound(self);
                adjust.put("at_most", bound);
            }
        }
        let works_out = ["add", "subtract", "multiply"];
        let works_out = works_out.iter().any(|key| adjust.has(key));
        if !ratio && works_out && self.c.chance(25) {
            let round = self.round();
            adjust.put("round", round);
        }
        if self.c.chance(20) {
            self.notes(&mut adjust);
        }
        adjust
    }

    /// Once for each of something.
    fn count(&mut self, adjust: &mut Table, ratio: bool) {
        if !self.c.chance(25) {
            return;
        }
        let what = ["insured-year", "further-certificate", "earlier-admission"];
        adjust.put("per", *self.c.pick(&what));
        let most = match ratio {
            true => percent(self.c.between(2, 6) * 5),
            false => Value::Fen(self.fen(Sort::Deductible)),
        };
        adjust.put("add_at_most", most);
    }

    pub(crate) fn round(&mut self) -> Table {
        let unit = *self.c.pick(&["fen", "jiao", "yuan"]);
        let modes = ["half-up", "half-even", "half-down", "up", "down"];
        let mode = *self.c.pick(&modes);
        let mut round = Table::new().with("unit", unit);
        round.may("mode", self.c.chance(80).then_some(mode));
        round
    }
}
