//! The steps of random rule files.

use super::build::{Build, Mode};
use super::conditions::{Effect, Place};
use super::figures::Sort;
use super::model::{Table, Value};

const PARTS: [&str; 4] = [
    "in-scope",
    "first-self-payment",
    "over-limit",
    "own-expense",
];

impl Build<'_> {
    /// The step of this number, which may speak of those before it.
    pub(crate) fn step(&mut self, number: i64) -> Table {
        let id = format!("step-{number}");
        let mut step = Table::named(&id).with("source", self.source());
        step.may(
            "name_en",
            self.c.chance(40).then(|| format!("Step {number}")),
        );
        step.may("clause", self.c.chance(60).then(|| format!("第{number}条")));
        step.may("certainty", self.c.chance(10).then_some("assumed"));
        self.step_payers(&mut step);
        let place = self.conditions(&mut step, &Place::default(), Effect::Relieves, 65);
        match &self.covers {
            Some(covers) => step.put("covers", covers.clone()),
            None if self.c.chance(50) => {
                let covers = self.any_covers();
                step.put("covers", covers);
            }
            None => {}
        }
        // No guarantee counts by the year.
        let formula = self.c.below(if self.mode == Mode::Year { 8 } else { 10 });
        let guarantee = formula >= 8;
        let base = self.base(guarantee, &place);
        let fixed = base.has("fixed");
        if !base.0.is_empty() {
            step.put("base", base);
        }
        let has_deductible = !guarantee && self.c.chance(50);
        if has_deductible {
            let deductible = self.deductible(&place);
            step.put("deductible", deductible);
        }
        match formula {
            0..5 => {
                let ratio = self.figure(Sort::Ratio, &place);
                step.put("ratio", ratio);
            }
            5..8 => {
                let bands = self.bands(&place, has_deductible);
                step.put("bands", bands);
            }
            _ => {
                let guarantee = self.guarantee(&place);
                step.put("guarantee", guarantee);
            }
        }
        let adjustable = self.limits_of(&mut step, guarantee, &place);
        self.step_adjusts(&mut step, &place, has_deductible, fixed, &adjustable);
        if self.c.chance(20) {
            let round = self.round();
            step.put("round", round);
        }
        step
    }

    fn step_payers(&mut self, step: &mut Table) {
        const SHARES: [&[&str]; 4] = [
            &["50%", "50%"],
            &["33.3333%", "66.6667%"],
            &["0%", "100%"],
            &["20%", "30%", "50%"],
        ];
        let first = self.c.below(4);
        let shares = *self.c.pick(&SHARES);
        let first = first.min(4 - shares.len() as u64);
        let payer = |number: u64| format!("payer-{}", first + number);
        if self.c.chance(80) {
            self.paying.push(payer(0));
            step.put("payer", payer(0));
            return;
        }
        // Of equal shares, the payer who is named first has the odd fen; the second engine reads them by name.
        let mut payers = Table::new();
        for (number, share) in (0..).zip(shares) {
            self.paying.push(payer(number));
            payers.put(&payer(number), *share);
        }
        step.put("payers", payers);
    }

    /// Which lines: fees, classes, marks.
    pub(crate) fn lines(&mut self) -> Table {
        let mut lines = Table::new();
        for (key, dimension, chance) in [
            ("fees", "fee", 35),
            ("except_fees", "fee", 20),
            ("classes", "class", 20),
            ("marks", "mark", 20),
            ("except_marks", "mark", 20),
        ] {
            if self.c.chance(chance) {
                let words = self.some_words(dimension, 2);
                lines.put(key, words);
            }
        }
        lines
    }

    pub(crate) fn any_covers(&mut self) -> Table {
        let mut covers = match self.c.chance(50) {
            true => self.lines(),
            false => Table::new(),
        };
        match self.c.below(3) {
            0 => covers.put("parts", "all"),
            1 => {
                let mut parts: Vec<&str> =
                    PARTS.into_iter().filter(|_| self.c.chance(50)).collect();
                if parts.is_empty() {
                    parts.push("in-scope");
                }
                covers.put("parts", parts);
            }
            _ if covers.0.is_empty() => covers.put("parts", vec!["in-scope"]),
            _ => {}
        }
        covers
    }

    /// The ids of some earlier steps of which this holds.
    fn earlier(&mut self, is_one: impl Fn(&Table) -> bool) -> Vec<String> {
        let steps = self.steps.iter().filter(|step| is_one(step));
        let mut ids: Vec<String> = steps.map(|step| step.text("id").to_owned()).collect();
        ids.retain(|_| self.c.chance(60));
        ids
    }

    fn base(&mut self, guarantee: bool, place: &Place) -> Table {
        let mut base = Table::new();
        if self.c.chance(20) {
            let any = self.mode != Mode::Poverty;
            let steps =
                self.earlier(|step| step.has("deductible") && (any || !names_a_category(step)));
            if !steps.is_empty() {
                base.put("less_deductible_of", steps);
            }
        }
        if self.mode.one_pot() {
            return base;
        }
        let billed = self.mode == Mode::Any && self.c.chance(20);
        if billed {
            base.put("of", "billed");
        }
        if (billed || guarantee) && self.c.chance(40) {
            let steps = self.earlier(|_| true);
            if !steps.is_empty() {
                base.put("less", steps);
            }
        }
        if !guarantee && self.c.chance(8) {
            let fixed = self.figure(Sort::Fixed, place);
            base.put("fixed", fixed);
        }
        base
    }

    fn yearly(&mut self) -> bool {
        self.c.chance(if self.mode == Mode::Year { 97 } else { 45 })
    }

    fn deductible(&mut self, place: &Place) -> Value {
        let figure = self.figure(Sort::Deductible, place);
        let mut long = match figure {
            Value::Table(table) => table,
            plain if self.mode != Mode::Year && self.c.chance(50) => return plain,
            plain => Table::new().with("value", plain),
        };
        let yearly = self.yearly();
        if yearly || self.c.chance(30) {
            long.put("per", if yearly { "year" } else { "bill" });
        }
        let ceilings = self.limits.iter().filter(|limit| limit.on == "deductible");
        let ceilings: Vec<String> = ceilings.map(|limit| limit.id.clone()).collect();
        if !ceilings.is_empty() && self.c.chance(60) {
            long.put("within", self.c.pick(&ceilings).clone());
        }
        if yearly && !self.mode.one_pot() && self.c.chance(30) {
            let steps = self.earlier(|step| match step.get("deductible") {
                Some(Value::Table(table)) => table.text_is("per", "year"),
                _ => false,
            });
            long.may("with", steps.first().cloned());
        }
        if self.c.chance(20) {
            let round = self.round();
            long.put("round", round);
        }
        long.into()
    }

    fn bands(&mut self, place: &Place, has_deductible: bool) -> Table {
        let yearly = self.yearly();
        let mut bands = Table::new().with("per", if yearly { "year" } else { "bill" });
        if has_deductible || self.c.chance(30) {
            let absolute = self.mode != Mode::Year && self.c.chance(50);
            let scale = if absolute {
                "absolute"
            } else {
                "above-deductible"
            };
            bands.put("scale", scale);
        }
        let whole = !yearly && !self.mode.one_pot() && self.c.chance(30);
        if whole || self.c.chance(20) {
            bands.put("apply", if whole { "whole" } else { "marginal" });
        }
        let count = self.c.between(1, 3);
        let mut edge = match self.c.chance(20) {
            true => self.c.between(1, 10) * 50_000,
            false => 0,
        };
        let mut list = Vec::new();
        let mut included = self.c.chance(30);
        for number in 0..count {
            let ratio = self.figure(Sort::Ratio, place);
            let low = if included { "from" } else { "over" };
            let mut band = Table::new().with(low, Value::Fen(edge));
            if number + 1 < count || self.c.chance(10) {
                edge += self.c.between(1, 40) * 50_000;
                included = self.c.chance(30);
                band.put(if included { "under" } else { "to" }, Value::Fen(edge));
            }
            band.put("ratio", ratio);
            list.push(band);
        }
        bands.put("band", list);
        if self.c.chance(20) {
            self.notes(&mut bands);
        }
        bands
    }

    fn guarantee(&mut self, place: &Place) -> Table {
        let ratio = self.figure(Sort::Ratio, place);
        let one_pot = self.mode.one_pot();
        let of = match one_pot {
            true => "covered",
            false => *self.c.pick(&["covered", "total", "in-scope"]),
        };
        let mut guarantee = Table::new().with("ratio", ratio).with("of", of);
        if !one_pot && self.c.chance(35) {
            let key = *self.c.pick(&["counting", "not_counting"]);
            let payers = self.some_payers();
            guarantee.put(key, payers);
        }
        guarantee
    }

    /// Some payers of the steps so far.
    fn some_payers(&mut self) -> Vec<String> {
        let mut payers = self.paying.clone();
        payers.sort();
        payers.dedup();
        payers.retain(|_| self.c.chance(60));
        if payers.is_empty() {
            payers.extend(self.paying.first().cloned());
        }
        payers
    }

    /// Its own limits and those it shares; the ids of those that an adjust may change.
    fn limits_of(&mut self, step: &mut Table, guarantee: bool, place: &Place) -> Vec<String> {
        let mut adjustable = Vec::new();
        let mut limits = Vec::new();
        for number in 0..self.c.below(3).saturating_sub(self.c.below(2)) {
            let id = format!("cap-{number}");
            let sorts = if self.mode == Mode::Year { 7 } else { 10 };
            let on = match self.c.below(sorts) {
                0..7 => "payment",
                7 => "bills",
                _ if guarantee => "payment",
                _ => "cost",
            };
            let per = match (on, self.yearly()) {
                (_, true) => "year",
                ("bills", false) => "disease-year",
                (_, false) => *self.c.pick(&["bill", "disease-year"]),
            };
            let mut limit = Table::new()
                .with("id", id.as_str())
                .with("per", per)
                .with("on", on);
            if on == "bills" {
                let bills = self.c.between(1, 3) * 100;
                limit.put("amount", Value::Fen(bills));
            } else {
                let amount = self.figure(Sort::Limit(false), place);
                limit.put("amount", amount);
                adjustable.push(id);
            }
            if on == "payment" && per == "bill" && !self.mode.one_pot() && self.c.chance(30) {
                match self.c.chance(40) {
                    true => limit.put("together_with", "all"),
                    false => {
                        let payers = self.some_payers();
                        limit.put("together_with", payers);
                    }
                }
            }
            if self.c.chance(20) {
                self.notes(&mut limit);
            }
            limits.push(limit);
        }
        if !limits.is_empty() {
            step.put("limit", limits);
        }
        let shared = self.limits.iter();
        let shared =
            shared.filter(|limit| limit.on == "payment" || limit.on == "cost" && !guarantee);
        let mut shared: Vec<String> = shared.map(|limit| limit.id.clone()).collect();
        shared.retain(|_| self.c.chance(50));
        if !shared.is_empty() {
            step.put("shared_limits", shared);
        }
        adjustable
    }

    fn step_adjusts(
        &mut self,
        step: &mut Table,
        place: &Place,
        deductible: bool,
        fixed: bool,
        limits: &[String],
    ) {
        let mut figures = vec![("ratio", Sort::Ratio), ("ratio", Sort::Ratio)];
        figures.push(("payment", Sort::Ratio));
        if deductible {
            figures.extend([("deductible", Sort::Deductible); 2]);
        }
        if fixed {
            figures.push(("fixed", Sort::Fixed));
        }
        figures.extend(limits.iter().map(|id| (id.as_str(), Sort::Limit(false))));
        let mut adjusts = Vec::new();
        let mut multiplied = Vec::new();
        for number in 0..self.c.below(4).saturating_sub(self.c.below(2)) {
            let (figure, sort) = *self.c.pick(&figures);
            let adjust = Table::new()
                .with("id", format!("adjust-{number}"))
                .with("figure", figure);
            // Once each: a ratio has at most four decimals.
            let adjust = self.adjust(adjust, sort, place, !multiplied.contains(&figure));
            if adjust.has("multiply") {
                multiplied.push(figure);
            }
            adjusts.push(adjust);
        }
        if !adjusts.is_empty() {
            step.put("adjust", adjusts);
        }
    }
}

/// Whether a step is for some categories only.
fn names_a_category(step: &Table) -> bool {
    ["when", "unless"].iter().any(|key| match step.get(key) {
        Some(Value::List(tables)) => tables.iter().any(|table| table.table().has("category")),
        Some(table) => table.table().has("category"),
        None => false,
    })
}
