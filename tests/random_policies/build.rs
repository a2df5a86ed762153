//! Builds valid rule files of the whole language: everything but the steps.

use super::conditions::{Effect, Place};
use super::figures::Sort;
use super::model::{Table, Value};
use super::words::standard;
use crate::choices::Choices;

/// Which rule files are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Any.
    Any,
    /// Those under which a larger bill never makes the patient pay less (law 6).
    LargerBill,
    /// Those that count by the year, for law 7.
    Year,
    /// Those in which a poverty category only relieves (law 9).
    Poverty,
}

impl Mode {
    pub(crate) const ALL: [Mode; 4] = [Mode::Any, Mode::LargerBill, Mode::Year, Mode::Poverty];

    /// Whether every step covers the same money and works on what is unpaid of it.
    pub(crate) fn one_pot(self) -> bool {
        matches!(self, Mode::LargerBill | Mode::Poverty)
    }
}

/// A named table, as a step that uses it needs to know it.
#[derive(Debug)]
pub(crate) struct NamedTable {
    pub(crate) id: String,
    pub(crate) ratio: bool,
    /// Every key and word of it, among them the conditions and dimensions of which it speaks.
    pub(crate) keys: Vec<String>,
}

/// A shared limit.
#[derive(Debug)]
pub(crate) struct SharedLimit {
    pub(crate) id: String,
    pub(crate) on: &'static str,
}

/// A rule file as far as it is built.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    pub(crate) c: &'a mut Choices,
    pub(crate) mode: Mode,
    pub(crate) tables: Vec<NamedTable>,
    pub(crate) limits: Vec<SharedLimit>,
    /// Words of its own, groups, diseases and lists, by dimension.
    own: Vec<(&'static str, String)>,
    /// In a file of one pot, what every step covers.
    pub(crate) covers: Option<Table>,
    pub(crate) steps: Vec<Table>,
    /// The payers of the steps so far.
    pub(crate) paying: Vec<String>,
}

/// The sections whose things must be used.
const USED: [&str; 8] = [
    "source",
    "payer",
    "term",
    "group",
    "disease",
    "disease_list",
    "table",
    "limit",
];

/// A valid rule file.
pub(crate) fn file(c: &mut Choices, mode: Mode) -> Table {
    let mut build = Build {
        c,
        mode,
        tables: Vec::new(),
        limits: Vec::new(),
        own: Vec::new(),
        covers: None,
        steps: Vec::new(),
        paying: Vec::new(),
    };
    let mut file = build.file();
    prune(&mut file);
    file
}

/// Takes away what nothing uses, which a rule file may not hold.
pub(crate) fn prune(file: &mut Table) {
    loop {
        let whole = file.clone();
        for (section, things) in &mut file.0 {
            if let (true, Value::List(things)) = (USED.contains(&section.as_str()), things) {
                things.retain(|thing| is_used(&whole, thing.table()));
            }
        }
        file.0
            .retain(|(_, things)| !matches!(things, Value::List(things) if things.is_empty()));
        if *file == whole {
            return;
        }
    }
}

/// Whether anything but the thing itself speaks of it.
fn is_used(file: &Table, thing: &Table) -> bool {
    let mut texts = Vec::new();
    for (_, value) in &file.0 {
        match value {
            Value::List(things) => things
                .iter()
                .filter(|other| other.table() != thing)
                .for_each(|other| other.texts(&mut texts)),
            other => other.texts(&mut texts),
        }
    }
    texts.contains(&thing.text("id"))
}

impl Build<'_> {
    pub(crate) fn source(&mut self) -> &'static str {
        self.c.pick::<&str>(&["S1", "S2", "S3"])
    }

    /// One to so many different words of a dimension, the file's own among them.
    pub(crate) fn some_words(&mut self, dimension: &str, most: i64) -> Vec<String> {
        if dimension == "care" && self.c.chance(15) {
            let all = ["any-inpatient", "any-outpatient"];
            return vec![(*self.c.pick(&all)).to_owned()];
        }
        let own = self.own.iter().filter(|(of, _)| *of == dimension);
        let standard = standard(dimension).iter().map(|word| (*word).to_owned());
        let words: Vec<String> = standard.chain(own.map(|(_, id)| id.clone())).collect();
        let mut some = Vec::new();
        for word in self.c.several(1, most, |c| c.pick(&words).clone()) {
            if !some.contains(&word) {
                some.push(word);
            }
        }
        some
    }

    fn own(&mut self, dimension: &'static str, id: &str) {
        self.own.push((dimension, id.to_owned()));
    }

    fn file(&mut self) -> Table {
        let header = self.header();
        let terms = self.terms();
        let groups = self.groups();
        let (diseases, lists) = self.diseases();
        let tables = self.named_tables();
        let limits = self.shared_limits();
        // Law 7 says little of steps that cover different money.
        if self.mode.one_pot() || self.mode == Mode::Year && self.c.chance(75) {
            self.covers = Some(self.any_covers());
        }
        let scopes = self.scopes();
        for number in 0..self.c.between(1, 6) {
            let step = self.step(number);
            self.steps.push(step);
        }
        let benefits = self.several("benefit", 2, |build, benefit| {
            build.conditions(benefit, &Place::default(), Effect::Any, 70);
        });
        let left_out = self.several("left-out", 2, |_, left_out| {
            left_out.0.retain(|(key, _)| key != "name");
            left_out.put("text", "家庭医生上门");
            left_out.put("reason", "不影响账单");
        });
        let exceptions = self.exceptions();
        let sources = ["S1", "S2", "S3"].map(|id| {
            let date = Value::Day("2019-12-20".into());
            let undated = self.c.chance(30);
            let mut source = Table::new()
                .with("id", id)
                .with("title", format!("文件 {id}"));
            source.put("date", if undated { "undated".into() } else { date });
            source.may("publisher", self.c.chance(30).then_some("某县"));
            source.may("note", self.c.chance(10).then_some("缺页 \"末\""));
            source
        });
        let steps = std::mem::take(&mut self.steps);
        Table::new()
            .with("policy", header)
            .with("source", sources.to_vec())
            .with("payer", self.payers())
            .with("term", terms)
            .with("group", groups)
            .with("disease", diseases)
            .with("disease_list", lists)
            .with("table", tables)
            .with("limit", limits)
            .with("scope", scopes)
            .with("step", steps)
            .with("benefit", benefits)
            .with("left_out", left_out)
            .with("exception", exceptions)
    }

    /// Exceptions to the laws that depend on the policy; none where such a law is to be kept.
    fn exceptions(&mut self) -> Vec<Table> {
        let most = if self.mode == Mode::Any { 3 } else { 0 };
        self.several("exception", most, |build, exception| {
            exception.0.retain(|(key, _)| key != "name");
            exception.put("law", Value::Number(*build.c.pick(&[6, 7, 9])));
            exception.put("reason", "政策如此");
            let in_english = build.c.chance(40).then_some("The policy says so");
            exception.may("reason_en", in_english);
            exception.may("clause", build.c.chance(40).then_some("第9条"));
            build.conditions(exception, &Place::default(), Effect::Any, 50);
        })
    }

    fn header(&mut self) -> Table {
        let mut header = Table::new()
            .with("id", "random")
            .with("version", "2020")
            .with("region", *self.c.pick(&["unstated", "430304"]))
            .with("name", "某县")
            .with("from", Value::Day("2020-01-01".into()))
            .with("source", "S1");
        let to = *self.c.pick(&["open", "2020-12-31", "2022-06-30"]);
        header.put(
            "to",
            match to {
                "open" => "open".into(),
                day => Value::Day(day.to_owned()),
            },
        );
        header.may("name_en", self.c.chance(50).then_some("Some county"));
        header.may("clause", self.c.chance(50).then_some("第1条"));
        header.may("certainty", self.c.chance(20).then_some("derived"));
        if header.text("region") != "unstated" && self.c.chance(30) {
            header.put("also_regions", vec!["430302"]);
        }
        header
    }

    fn payers(&mut self) -> Vec<Table> {
        const KINDS: [&str; 8] = [
            "insurance",
            "aid",
            "commercial",
            "budget",
            "charity",
            "public-health",
            "hospital",
            "unstated",
        ];
        (0..4)
            .map(|number| {
                let mut payer = Table::named(&format!("payer-{number}"));
                payer.put("kind", *self.c.pick(&KINDS));
                payer.may("name_en", self.c.chance(40).then_some("Payer"));
                let code = self.c.chance(30).then(|| format!("39{number}100"));
                payer.may("code", code);
                payer
            })
            .collect()
    }

    fn terms(&mut self) -> Vec<Table> {
        const OF: [&str; 7] = [
            "category",
            "enrolment",
            "fee",
            "mark",
            "outpatient_disease",
            "tier",
            "scheme",
        ];
        let terms = OF.map(|of| {
            let id = format!("own-{}", of.replace('_', "-"));
            self.own(of, &id);
            let mut term = Table::named(&id).with("of", of);
            term.may("poverty", (of == "category").then_some(true));
            term.may("code", self.c.chance(20).then(|| format!("X-{of}")));
            term
        });
        terms.to_vec()
    }

    fn groups(&mut self) -> Vec<Table> {
        let groups: Vec<Table> = (0..2)
            .map(|number| {
                let members = self.some_words("category", 3);
                Table::named(&format!("group-{number}")).with("categories", members)
            })
            .collect();
        // A group of groups is no group of categories.
        for group in &groups {
            self.own("category", group.text("id"));
        }
        groups
    }

    fn diseases(&mut self) -> (Vec<Table>, Vec<Table>) {
        const CODES: [&str; 6] = ["K80", "C00-C97", "J18.9", "I10", "E10-E14", "N18.0"];
        let diseases: Vec<Table> = (0..3)
            .map(|number| {
                let codes = self.c.several(1, 2, |c| *c.pick(&CODES));
                let mut disease = Table::named(&format!("disease-{number}"));
                let outpatient = self.c.chance(30);
                if !outpatient || self.c.chance(50) {
                    let mut different = codes.clone();
                    different.dedup();
                    disease.put("icd10", different);
                }
                if outpatient {
                    let words = self.some_words("outpatient_disease", 2);
                    disease.put("outpatient", words);
                }
                disease
            })
            .collect();
        for disease in &diseases {
            self.own("disease", disease.text("id"));
        }
        let mut lists = Vec::new();
        if self.c.chance(50) {
            let members = self.some_words("disease", 3);
            lists.push(Table::named("list-0").with("diseases", members));
            self.own("disease", "list-0");
        }
        (diseases, lists)
    }

    fn named_tables(&mut self) -> Vec<Table> {
        let mut tables = Vec::new();
        for number in 0..self.c.between(0, 2) {
            let ratio = self.c.chance(60);
            let sort = if ratio { Sort::Ratio } else { Sort::Price };
            let id = format!("table-{number}");
            let mut table = Table::named(&id)
                .with("kind", if ratio { "ratio" } else { "amount" })
                .with("source", self.source());
            let value = self.figure(sort, &Place::default());
            table.put("value", value);
            let adjusts = self.adjusts(sort, &Place::default(), 2);
            if !ratio && self.c.chance(30) {
                let round = self.round();
                table.put("round", round);
            }
            if !adjusts.is_empty() {
                table.put("adjust", adjusts);
            }
            let whole = Value::from(table);
            let mut texts = Vec::new();
            whole.texts(&mut texts);
            let mut keys: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            let inner = self.tables.iter().filter(|inner| keys.contains(&inner.id));
            let inner: Vec<String> = inner.flat_map(|inner| inner.keys.clone()).collect();
            keys.extend(inner);
            self.tables.push(NamedTable { id, ratio, keys });
            tables.push(whole.table().clone());
        }
        tables
    }

    fn shared_limits(&mut self) -> Vec<Table> {
        let mut limits = Vec::new();
        let most = if self.mode.one_pot() { 0 } else { 2 };
        for number in 0..self.c.between(0, most) {
            let id = format!("limit-{number}");
            let on = *self.c.pick(&["payment", "deductible", "cost"]);
            let per = match on {
                "deductible" => "year",
                _ => *self.c.pick(&["year", "bill", "disease-year"]),
            };
            let mut limit = Table::named(&id)
                .with("on", on)
                .with("per", per)
                .with("source", self.source());
            let amount = self.figure(Sort::Limit(true), &Place::default());
            limit.put("amount", amount);
            let adjusts = self.adjusts(Sort::Limit(true), &Place::default(), 1);
            if !adjusts.is_empty() {
                limit.put("adjust", adjusts);
            }
            self.limits.push(SharedLimit { id, on });
            limits.push(limit);
        }
        limits
    }

    fn scopes(&mut self) -> Vec<Table> {
        const PARTS: [&str; 4] = [
            "first-self-payment",
            "in-scope",
            "own-expense",
            "over-limit",
        ];
        let only_relief = self.mode == Mode::Poverty;
        self.several("scope", 1, |build, scope| {
            let (moved, to) = match only_relief {
                true => (0, 1),
                false => (build.c.below(4) as usize, build.c.below(3) as usize),
            };
            let others: Vec<&str> = PARTS
                .into_iter()
                .filter(|part| *part != PARTS[moved])
                .collect();
            let to = if only_relief { "in-scope" } else { others[to] };
            build.conditions(scope, &Place::default(), Effect::Any, 60);
            if build.c.chance(50) {
                let covers = build.lines();
                if !covers.0.is_empty() {
                    scope.put("covers", covers);
                }
            }
            scope.put("move", vec![PARTS[moved]]);
            scope.put("to", to);
        })
    }

    /// Some things of a sort, each with an id, a name and a source.
    fn several(
        &mut self,
        sort: &str,
        most: i64,
        make: impl Fn(&mut Self, &mut Table),
    ) -> Vec<Table> {
        let count = self.c.between(0, most);
        (0..count)
            .map(|number| {
                let mut thing = Table::named(&format!("{sort}-{number}"));
                thing.put("source", self.source());
                make(self, &mut thing);
                thing
            })
            .collect()
    }
}
