//! Figures: plain values, tables by a dimension, references to named tables, shares of money.

use super::cite::Cited;
use super::condition::Reach;
use super::layer::FORMS;
use super::limit::Adjusts;
use super::outcomes::check_outcomes;
use super::policy::Build;
use crate::money::{Money, MoneyError};
use crate::policy::facts::Subject;
use crate::policy::figure::{Adjust, Best, Change, Count, Entry, Figure, FigureId, Leaf, Node as FigureNode, ShareOf, Table, Value};
use crate::ratio::{Ratio, RatioError};
use crate::rounding::{Rounding, RoundingMode, RoundingUnit};
use crate::text::{Code, Cursor, Diagnostic, Node, Span, Value as Toml, suggest};

/// What a figure is for, which decides what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) ratio: bool,
    /// `"none"` may stand there: a limit.
    pub(super) no_limit: bool,
    /// Shares of the step's base may stand there.
    pub(super) of_base: bool,
    pub(super) best: Best,
}

impl Sort {
    pub(super) const RATIO: Sort = Sort { ratio: true, no_limit: false, of_base: false, best: Best::Highest };
    pub(super) const DEDUCTIBLE: Sort = Sort { ratio: false, no_limit: false, of_base: true, best: Best::Lowest };
    pub(super) const LIMIT: Sort = Sort { ratio: false, no_limit: true, of_base: true, best: Best::Highest };
    pub(super) const FIXED: Sort = Sort { ratio: false, no_limit: false, of_base: false, best: Best::Highest };
    pub(super) const TABLE: Sort = Sort { ratio: false, no_limit: true, of_base: true, best: Best::Highest };
}

/// Where a figure stands: its path, what it inherits, and the bills that reach it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) cited: Cited,
    pub(super) reach: Reach,
    pub(super) sort: Sort,
    /// In a named table, which is checked for missing entries where steps use it.
    pub(super) named: bool,
}

/// The dimensions by which a figure may vary.
const DIMENSIONS: [Subject; 10] = [
    Subject::Category,
    Subject::Scheme,
    Subject::Care,
    Subject::Tier,
    Subject::Grade,
    Subject::Place,
    Subject::Disease,
    Subject::OutpatientDisease,
    Subject::Referred,
    Subject::Admission,
];

impl<'s> Build<'s> {
    /// Reads a figure with its adjustments and checks what may come of them.
    pub(super) fn figure(&mut self, node: &Node, name: &str, place: &Place, adjusts: Adjusts, rounding: Rounding) -> Option<FigureId> {
        let root = self.figure_node(node, place)?;
        self.add_figure(root, name, node.span, place, adjusts, rounding)
    }

    /// Checks what may come of a figure, and adds it.
    pub(super) fn add_figure(
        &mut self,
        root: FigureNode,
        name: &str,
        span: Span,
        place: &Place,
        adjusts: Adjusts,
        rounding: Rounding,
    ) -> Option<FigureId> {
        let (adjusts, checked): (Vec<Adjust>, Vec<(Span, Reach)>) =
            adjusts.into_iter().map(|(adjust, span, reach)| (adjust, (span, reach))).unzip();
        let figure = Figure { root, adjusts, rounding, best: place.sort.best, name: name.into() };
        check_outcomes(self, &figure, span, &checked, &place.reach, place.sort.ratio);
        let id = FigureId(self.figures.len());
        self.figures.push(figure);
        Some(id)
    }

    fn figure_node(&mut self, node: &Node, place: &Place) -> Option<FigureNode> {
        match &node.value {
            Toml::Table(_) => {
                let cursor = Cursor::of(node, format!("`{}`", place.path), self.sink)?;
                let found = self.figure_table(&cursor, place);
                cursor.finish();
                found
            }
            _ => {
                let value = self.plain_value(node, &format!("`{}`", place.path), place.sort)?;
                let note = self.note(&place.path, &place.cited, node.span);
                Some(FigureNode::Leaf(Leaf { value, note }))
            }
        }
    }

    /// One of the forms that a table can take, in a cursor whose further keys the caller has read.
    pub(super) fn figure_table(&mut self, cursor: &Cursor<'_, 's>, place: &Place) -> Option<FigureNode> {
        let place = Place { cited: place.cited.and(self, cursor), ..place.clone() };
        let given: Vec<&'static str> = FORMS.into_iter().filter(|form| cursor.has(form)).collect();
        let range_to = cursor.opt("range_to");
        match given.as_slice() {
            [] => {
                let message = format!("{} has no value", cursor.what());
                let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), message);
                self.sink.push(diagnostic.expected("`value`, a dimension such as `tier`, `table`, or `share`"));
                None
            }
            ["value"] => {
                let node = cursor.opt("value")?;
                let found = self.figure_node(node, &place);
                if let Some(range_to) = range_to {
                    self.check_range(&found, range_to, &place);
                }
                found
            }
            ["share"] => self.share(cursor, &place),
            ["table"] => {
                let (name, span) = cursor.opt_str("table")?;
                let number = self.find(&self.tables, "table", name, span)?;
                let (figure, ratio) = self.table_figures.get(number).copied().flatten()?;
                if ratio != place.sort.ratio {
                    let (found, expected) = if ratio { ("ratios", "amounts") } else { ("amounts", "ratios") };
                    let message = format!("the table `{name}` holds {found}");
                    self.sink.push(Diagnostic::error(Code::WrongType, span, message).expected(format!("a table of {expected}")));
                    return None;
                }
                let root = self.figures.get(figure.0).map(|figure| figure.root.clone());
                if let (Some(root), false) = (root, place.named) {
                    self.check_entries(&root, &place.reach, &format!("table.{name}"), span);
                }
                Some(FigureNode::Named(figure))
            }
            [dimension] => {
                let subject = DIMENSIONS.into_iter().find(|subject| subject.key() == *dimension)?;
                self.dimension(subject, cursor.opt_table(dimension)?, &place)
            }
            [first, second, ..] => {
                let message = format!("{} has `{first}` and `{second}`", cursor.what());
                let diagnostic = Diagnostic::error(Code::Conflict, cursor.key_span(second), message);
                self.sink.push(diagnostic.expected("one of them; to vary by both, put one inside the entries of the other"));
                None
            }
        }
    }

    /// A table by one dimension.
    fn dimension(&mut self, subject: Subject, cursor: Cursor<'_, 's>, place: &Place) -> Option<FigureNode> {
        let mut entries = Vec::new();
        let mut other = None;
        let mut complete = true;
        let mut covered: Vec<u16> = Vec::new();
        for entry in cursor.entries() {
            let path = format!("{}.{}", place.path, entry.key);
            if entry.key == "other" {
                let left = self.possible(subject, &place.reach).map(|possible| {
                    possible.into_iter().filter(|value| !covered.contains(value)).collect::<Vec<u16>>()
                });
                let mut reach = place.reach.clone();
                if let (Some(left), false) = (&left, subject.is_multiple()) {
                    reach.restrict(subject, left);
                }
                other = self.figure_node(&entry.node, &Place { path, reach, ..place.clone() });
                complete &= other.is_some();
                continue;
            }
            let values = match subject {
                Subject::Referred => match entry.key.as_str() {
                    "yes" => Some(vec![1]),
                    "no" => Some(vec![0]),
                    key => {
                        self.bad_entry(subject, key, entry.key_span, "`yes`, `no` or `other`");
                        None
                    }
                },
                Subject::Admission => {
                    let number = entry.key.parse().ok().filter(|number| *number > 0);
                    if number.is_none() {
                        self.bad_entry(subject, &entry.key, entry.key_span, "an admission of the year such as `\"1\"`, or `other`");
                    }
                    number.map(|number| vec![number])
                }
                _ => self.values(subject, &entry.key, entry.key_span),
            };
            let mut reach = place.reach.clone();
            reach.restrict(subject, values.as_deref().unwrap_or_default());
            let reach = if values.is_some() { reach } else { place.reach.clone() };
            let node = self.figure_node(&entry.node, &Place { path, reach, ..place.clone() });
            match (values, node) {
                (Some(values), Some(node)) => {
                    if let Some(out) = place
                        .reach
                        .of(subject)
                        .filter(|reach| !subject.is_multiple() && !values.iter().any(|value| reach.contains(value)))
                    {
                        let names: Vec<String> = out.iter().map(|value| format!("`{}`", self.value_name(subject, *value))).collect();
                        let message = format!("the entry `{}` of `{}` is never reached", entry.key, place.path);
                        let diagnostic = Diagnostic::error(Code::StepNeverApplies, entry.key_span, message);
                        self.sink.push(diagnostic.expected(format!("a {} that the conditions around it let through: {}", subject.key(), names.join(", "))));
                    }
                    covered.extend(&values);
                    entries.push(Entry { values, node });
                }
                _ => complete = false,
            }
        }
        let span = cursor.span();
        if entries.is_empty() && complete {
            self.sink.error(Code::BadValue, span, format!("{} has no entries", cursor.what()));
            return None;
        }
        if other.is_none() && complete && !place.named {
            self.check_complete(subject, &covered, &place.reach, &place.path, span);
        }
        complete.then(|| FigureNode::Table(Box::new(Table { subject, entries, other })))
    }

    /// Every value that a bill may have at this point needs an entry.
    fn check_complete(&self, subject: Subject, covered: &[u16], reach: &Reach, path: &str, span: Span) {
        let diagnostic = match self.possible(subject, reach) {
            None => Diagnostic::error(Code::TableMisses, span, format!("`{path}` has no `other`"))
                .expected(format!("an entry `other` for a bill with no {} of the table", subject.key())),
            Some(possible) => {
                let missed: Vec<u16> = possible.into_iter().filter(|value| !covered.contains(value)).collect();
                if missed.is_empty() {
                    return;
                }
                let names: Vec<String> = missed.iter().take(8).map(|&value| format!("`{}`", self.value_name(subject, value))).collect();
                Diagnostic::error(Code::TableMisses, span, format!("`{path}` misses {}", names.join(", ")))
                    .expected(format!("an entry for each {} that a bill may have here, or `other`; `\"unstated\"` where no source says", subject.key()))
            }
        };
        self.sink.push(diagnostic);
    }

    /// Checks the entries of a named table for the bills that reach it from one place.
    fn check_entries(&self, node: &FigureNode, reach: &Reach, path: &str, span: Span) {
        let FigureNode::Table(table) = node else { return };
        let mut covered = Vec::new();
        for entry in &table.entries {
            covered.extend(&entry.values);
            let mut entry_reach = reach.clone();
            entry_reach.restrict(table.subject, &entry.values);
            if !entry_reach.is_empty() {
                self.check_entries(&entry.node, &entry_reach, path, span);
            }
        }
        match &table.other {
            Some(other) => self.check_entries(other, reach, path, span),
            None => self.check_complete(table.subject, &covered, reach, path, span),
        }
    }

    /// A plain ratio or amount.
    pub(super) fn plain_value(&self, node: &Node, place: &str, sort: Sort) -> Option<Value> {
        let word = node.as_str().map(str::trim);
        match word {
            Some("unstated") => return Some(Value::Unstated),
            Some("none") if sort.no_limit => return Some(Value::NoLimit),
            _ => {}
        }
        if sort.ratio {
            return self.ratio(node, place).map(|ratio| Value::Number(ratio.millionths()));
        }
        self.amount(node, place).map(|amount| Value::Number(amount.fen()))
    }

    /// A ratio of 0 to 100 %.
    pub(super) fn ratio(&self, node: &Node, place: &str) -> Option<Ratio> {
        let text = match &node.value {
            Toml::String(text) => text.as_str(),
            Toml::Integer(text) | Toml::Float(text) => {
                let diagnostic = Diagnostic::error(Code::BadRatio, node.span, format!("{place} cannot be the number `{text}`"));
                self.sink.push(diagnostic.expected("a ratio in quotes with its percent sign, such as `\"85%\"`"));
                return None;
            }
            _ => {
                self.sink.wrong_type(node, place, "a ratio such as `\"85%\"`");
                return None;
            }
        };
        match Ratio::parse(text.trim()) {
            Ok(ratio) if ratio > Ratio::ONE => {
                let diagnostic = Diagnostic::error(Code::RatioOver100, node.span, format!("{place} is `{text}`, more than 100%"));
                self.sink.push(diagnostic.expected("a ratio from `\"0%\"` to `\"100%\"`"));
                None
            }
            Ok(ratio) if ratio < Ratio::ZERO => {
                let diagnostic = Diagnostic::error(Code::RatioBelow0, node.span, format!("{place} is `{text}`, less than 0"));
                self.sink.push(diagnostic.expected("a ratio from `\"0%\"` to `\"100%\"`"));
                None
            }
            Ok(ratio) => Some(ratio),
            Err(error) => {
                let code = match error {
                    RatioError::TooFine { .. } => Code::RatioTooFine,
                    _ => Code::BadRatio,
                };
                let near = suggest(text, ["unstated"]);
                let diagnostic = Diagnostic::error(code, node.span, format!("{place}: {error}")).did_you_mean(near);
                self.sink.push(diagnostic.expected("a ratio in quotes with its percent sign, such as `\"85%\"`, or `\"unstated\"`"));
                None
            }
        }
    }

    /// An amount in yuan, from the text of its literal.
    pub(super) fn amount(&self, node: &Node, place: &str) -> Option<Money> {
        let text = match &node.value {
            Toml::Integer(text) | Toml::Float(text) => text,
            Toml::String(text) => {
                let near = suggest(text, ["unstated", "none"]);
                let diagnostic = Diagnostic::error(Code::BadAmount, node.span, format!("{place} cannot be the text `{text}`")).did_you_mean(near);
                self.sink.push(diagnostic.expected("an amount in yuan without quotes, such as `3000` or `454.92`, or a word such as `\"unstated\"`"));
                return None;
            }
            _ => {
                self.sink.wrong_type(node, place, "an amount such as `3000` or `454.92`");
                return None;
            }
        };
        match Money::parse(text) {
            Ok(amount) if amount.is_negative() => {
                let diagnostic = Diagnostic::error(Code::AmountBelow0, node.span, format!("{place} is `{text}`, less than 0"));
                self.sink.push(diagnostic.expected("an amount of 0 or more"));
                None
            }
            Ok(amount) => Some(amount),
            Err(error) => {
                let expected = match error {
                    MoneyError::TooFine { .. } => "an amount with at most two decimals",
                    _ => "an amount such as `3000` or `454.92`",
                };
                self.sink.push(Diagnostic::error(Code::BadAmount, node.span, format!("{place}: {error}")).expected(expected));
                None
            }
        }
    }

    /// `{ share = "20%", of = "total", at_least = 2000, at_most = 10000 }`.
    fn share(&mut self, cursor: &Cursor<'_, 's>, place: &Place) -> Option<FigureNode> {
        let node = cursor.opt("share")?;
        if place.sort.ratio {
            cursor.error(Code::Conflict, cursor.key_span("share"), format!("`share` in a ratio: {}", cursor.what()));
            return None;
        }
        let share = self.ratio(node, &cursor.name_of("share"));
        let mut words = vec![("total", ShareOf::Total), ("in-scope", ShareOf::InScope)];
        if place.sort.of_base {
            words.push(("base", ShareOf::Base));
        }
        let of = cursor.req("of").and_then(|node| self.word(node, &cursor.name_of("of"), &words));
        let bound = |key: &'static str| match cursor.opt(key) {
            Some(node) => self.amount(node, &cursor.name_of(key)).map(Some),
            None => Some(None),
        };
        let (at_least, at_most) = (bound("at_least"), bound("at_most"));
        let value = Value::Share { share: share?, of: of?, at_least: at_least?, at_most: at_most? };
        let note = self.note(&place.path, &place.cited, node.span);
        Some(FigureNode::Leaf(Leaf { value, note }))
    }

    /// `range_to` beside `value`: the upper end of a range, of which the value is the lower.
    fn check_range(&self, found: &Option<FigureNode>, node: &Node, place: &Place) {
        let Some(to) = self.plain_value(node, "`range_to`", place.sort) else { return };
        if let (Some(FigureNode::Leaf(Leaf { value: Value::Number(from), .. })), Value::Number(to)) = (found, to)
            && to <= *from
        {
            let diagnostic = Diagnostic::error(Code::BadValue, node.span, "`range_to` is not above `value`");
            self.sink.push(diagnostic.expected("the upper end of the range"));
        }
    }

    /// `{ unit = "yuan", mode = "half-up" }`.
    pub(super) fn rounding(&self, cursor: &Cursor<'_, 's>) -> Rounding {
        let Some(table) = cursor.opt_table("round") else { return Rounding::default() };
        let mut rounding = Rounding::default();
        if let Some(node) = table.opt("unit") {
            let units = RoundingUnit::ALL.map(|unit| (unit.id(), unit));
            rounding.unit = self.word(node, &table.name_of("unit"), &units).unwrap_or(rounding.unit);
        }
        if let Some(node) = table.opt("mode") {
            let modes = RoundingMode::ALL.map(|mode| (mode.id(), mode));
            rounding.mode = self.word(node, &table.name_of("mode"), &modes).unwrap_or(rounding.mode);
        }
        table.finish();
        rounding
    }

    /// Reads one adjustment of a figure of this sort; `cursor` still holds `id` and `figure`, which the caller reads.
    pub(super) fn adjust(&mut self, id: &str, cursor: &Cursor<'_, 's>, place: &Place) -> Option<(Adjust, Span, Reach)> {
        let sort = place.sort;
        let cited = place.cited.and(self, cursor);
        let (condition, reach) = self.condition(cursor);
        let reach = place.reach.and(&reach);
        let number = |build: &Self, key: &'static str| {
            let node = cursor.opt(key)?;
            let name = cursor.name_of(key);
            if sort.ratio { build.ratio(node, &name).map(Ratio::millionths) } else { build.amount(node, &name).map(Money::fen) }
        };
        let given: Vec<&'static str> = ["set", "add", "subtract", "multiply", "waive"].into_iter().filter(|key| cursor.has(key)).collect();
        if let [_, second, ..] = given.as_slice() {
            let message = format!("{} has {}", cursor.what(), given.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and "));
            self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span(second), message).expected("one of them"));
        }
        let (at_least, at_most) = (number(self, "at_least"), number(self, "at_most"));
        let rounding = self.rounding(cursor);
        let unstated = given.iter().any(|key| cursor.opt(key).and_then(Node::as_str) == Some("unstated"));
        let change = match given.first() {
            // Changed, but no source says by how much.
            Some(_) if unstated => Change::Set(Value::Unstated),
            Some(&"set") => Change::Set(self.plain_value(cursor.opt("set")?, &cursor.name_of("set"), sort)?),
            Some(&"add") => Change::Add(number(self, "add")?),
            Some(&"subtract") => Change::Subtract(number(self, "subtract")?),
            Some(&"multiply") => Change::Multiply(self.ratio(cursor.opt("multiply")?, &cursor.name_of("multiply"))?),
            Some(_) => {
                if let Some((false, span)) = cursor.opt_bool("waive") {
                    self.sink.push(Diagnostic::error(Code::BadValue, span, "`waive` can only be `true`").expected("`waive = true`, or no adjustment"));
                }
                Change::Set(Value::Number(0))
            }
            None if at_least.is_some() || at_most.is_some() => Change::Bound,
            None => {
                let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), format!("{} changes nothing", cursor.what()));
                self.sink.push(diagnostic.expected("one of `set`, `add`, `subtract`, `multiply`, `waive`, or a bound"));
                return None;
            }
        };
        let counts = Count::ALL.map(|count| (count.id(), count));
        let bound = number(self, "add_at_most");
        let per = cursor.opt("per").and_then(|node| {
            let count = self.word(node, &cursor.name_of("per"), &counts)?;
            if !matches!(change, Change::Add(_) | Change::Subtract(_)) {
                let message = format!("`per` without `add` or `subtract` in {}", cursor.what());
                self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span("per"), message).expected("`per` beside `add` or `subtract`"));
            }
            if bound.is_none() && at_least.is_none() && at_most.is_none() {
                let message = format!("`per` without a bound in {}", cursor.what());
                self.sink.push(Diagnostic::error(Code::MissingKey, cursor.key_span("per"), message).expected("`add_at_most`, `at_most` or `at_least`"));
            }
            Some((count, bound))
        });
        if per.is_none() && cursor.has("add_at_most") && !cursor.has("per") {
            let message = format!("`add_at_most` without `per` in {}", cursor.what());
            self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span("add_at_most"), message).expected("`per` beside it"));
        }
        if sort.ratio && cursor.has("round") {
            let message = format!("`round` of a ratio in {}", cursor.what());
            self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span("round"), message).expected("`round` only for amounts: ratios stay exact"));
        }
        let note = self.note(&format!("{}.{id}", place.path), &cited, cursor.span());
        let adjust = Adjust {
            id: id.into(),
            condition,
            change,
            per,
            at_least,
            at_most,
            rounding: (!sort.ratio).then_some(rounding),
            note,
        };
        Some((adjust, cursor.span(), reach))
    }

    /// The named tables of the file.
    pub(super) fn named_tables(&mut self, root: &Cursor<'_, 's>, outer: &Cited) {
        for cursor in root.tables("table") {
            let id = self.id(&cursor, &self.tables);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let kind = cursor.req("kind").and_then(|node| self.word(node, &cursor.name_of("kind"), &[("ratio", true), ("amount", false)]));
            let cited = self.cite(&cursor, outer);
            let rounding = self.rounding(&cursor);
            let sort = if kind == Some(true) { Sort::RATIO } else { Sort::TABLE };
            let path = id.as_ref().map_or(String::new(), |(id, _)| format!("table.{id}"));
            let place = Place { path: path.clone(), cited, reach: Reach::default(), sort, named: true };
            let mut ids = super::names::Ids::default();
            let mut adjusts = Vec::new();
            for cursor in cursor.tables("adjust") {
                let id = self.id(&cursor, &ids);
                if let Some((id, span)) = &id {
                    ids.add(id, *span);
                    adjusts.extend(self.adjust(id, &cursor, &place));
                }
                cursor.finish();
            }
            let figure = cursor.req("value").zip(kind).and_then(|(node, _)| self.figure(node, &path, &place, adjusts, rounding));
            if let Some((id, span)) = id {
                self.tables.add(&id, span);
                self.table_figures.push(figure.zip(kind));
            }
            cursor.finish();
        }
    }
}
