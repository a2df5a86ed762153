//! Steps: who pays, on what, how much, up to which limits.

use super::cite::Cited;
use super::figure::{Place, Sort};
use super::limit::Adjusts;
use super::names::Ids;
use super::policy::Build;
use crate::money::Money;
use crate::policy::info::Named;
use crate::policy::step::{Band, Bands, Base, Covers, Deductible, Formula, Guarantee, LimitOn, Slot, Step};
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Node, Span, suggest};
use std::ops::Range;

/// The adjustments of a step, by the figure that they change.
#[derive(Default)]
struct StepAdjusts {
    ratio: Adjusts,
    deductible: Adjusts,
    fixed: Adjusts,
    /// By limit id.
    limits: Vec<(String, Adjusts)>,
}

impl<'s> Build<'s> {
    pub(super) fn step(&mut self, number: usize, cursor: Cursor<'_, 's>, outer: &Cited) {
        // The id was checked when the ids were collected.
        let id = cursor.opt("id").and_then(Node::as_str).unwrap_or_default().to_owned();
        for key in ["before", "after", "remove"] {
            cursor.opt(key);
        }
        let names = self.names(&cursor, &id);
        let cited = self.cite(&cursor, outer);
        let note = self.note(&id, &cited, cursor.span());
        let (condition, reach) = self.condition(&cursor);
        let place = Place { path: id.clone(), cited, reach, sort: Sort::RATIO, named: false };

        let covers = self.covers(&cursor);
        let mut adjusts = self.step_adjusts(&cursor, &place);
        let base = self.base(number, &cursor, &place, std::mem::take(&mut adjusts.fixed));
        let deductible = self.deductible(number, &id, &cursor, &place, std::mem::take(&mut adjusts.deductible));
        let slots = self.step_payers(&cursor);
        let formula = self.formula(&id, &cursor, &place, covers, &base, adjusts.ratio, deductible.is_some(), slots.start);
        let (cost_limits, payment_limits) = self.step_limits(&id, &cursor, &place, adjusts.limits);
        let rounding = self.rounding(&cursor);
        cursor.finish();

        let citation = self.citation(note).cloned();
        let (Some((name, name_en)), Some(formula), Some(citation)) = (names, formula, citation) else { return };
        self.step_names.push(Named { id, name, name_en, citation });
        self.steps.push(Step {
            condition,
            covers,
            base,
            deductible,
            formula,
            cost_limits,
            payment_limits,
            rounding,
            slots,
            note,
        });
    }

    fn covers(&mut self, cursor: &Cursor<'_, 's>) -> Covers {
        let Some(covers) = cursor.opt_table("covers") else { return Covers::IN_SCOPE };
        let parts = match covers.opt("parts") {
            Some(node) => self.parts(node, &covers.name_of("parts")),
            None => Covers::IN_SCOPE.parts,
        };
        Covers { parts, selector: self.selector(covers) }
    }

    /// The adjustments, sorted by what they change.
    fn step_adjusts(&mut self, cursor: &Cursor<'_, 's>, place: &Place) -> StepAdjusts {
        let mut ids = Ids::default();
        let mut adjusts = StepAdjusts::default();
        let own: Vec<String> = cursor
            .opt("limit")
            .and_then(Node::as_array)
            .unwrap_or_default()
            .iter()
            .filter_map(|limit| limit.as_table()?.get("id")?.as_str().map(str::to_owned))
            .collect();
        for cursor in cursor.tables("adjust") {
            let id = self.id(&cursor, &ids);
            let target = cursor.req_str("figure");
            if let (Some((id, span)), Some((target, target_span))) = (&id, target) {
                ids.add(id, *span);
                let sort = match target {
                    "ratio" => Some(Sort::RATIO),
                    "deductible" => Some(Sort::DEDUCTIBLE),
                    "fixed" => Some(Sort::FIXED),
                    other if own.iter().any(|limit| limit == other) => Some(Sort::LIMIT),
                    _ => None,
                };
                match sort {
                    Some(sort) => {
                        let place = Place { path: format!("{}.{target}", place.path), sort, ..place.clone() };
                        let read = self.adjust(id, &cursor, &place);
                        let list = match target {
                            "ratio" => &mut adjusts.ratio,
                            "deductible" => &mut adjusts.deductible,
                            "fixed" => &mut adjusts.fixed,
                            limit => {
                                adjusts.limits.push((limit.to_owned(), Vec::new()));
                                match adjusts.limits.last_mut() {
                                    Some((_, list)) => list,
                                    None => &mut adjusts.ratio,
                                }
                            }
                        };
                        list.extend(read);
                    }
                    None => {
                        let message = format!("unknown figure `{target}` in {}", cursor.what());
                        let known = ["ratio", "deductible", "fixed"].into_iter().chain(own.iter().map(String::as_str));
                        let diagnostic = Diagnostic::error(Code::UnknownName, target_span, message).did_you_mean(suggest(target, known));
                        self.sink.push(diagnostic.expected("`ratio`, `deductible`, `fixed`, or the id of one of the step's limits"));
                    }
                }
            }
            cursor.finish();
        }
        adjusts
    }

    fn base(&mut self, number: usize, cursor: &Cursor<'_, 's>, place: &Place, adjusts: Adjusts) -> Base {
        let mut base = Base::default();
        let table = cursor.opt_table("base");
        let Some(table) = table else {
            self.no_figure(&adjusts, "fixed");
            return base;
        };
        if let Some(node) = table.opt("of") {
            base.billed = self.word(node, &table.name_of("of"), &[("unpaid", false), ("billed", true)]).unwrap_or(false);
        }
        for (name, span) in table.opt_strings("less").unwrap_or_default() {
            if let Some(step) = self.earlier_step(number, name, span) {
                base.less.extend(self.steps.get(step).map(|step| step.slots.clone()));
            }
        }
        if !base.less.is_empty() && !base.billed && !cursor.has("guarantee") {
            let message = format!("{} without `of = \"billed\"`", table.name_of("less"));
            let diagnostic = Diagnostic::error(Code::Conflict, table.key_span("less"), message);
            self.sink.push(diagnostic.expected("`of = \"billed\"` beside it: what is unpaid is already less every payment"));
        }
        for (name, span) in table.opt_strings("less_deductible_of").unwrap_or_default() {
            let Some(earlier) = self.earlier_step(number, name, span) else { continue };
            match self.steps.get_mut(earlier).map(|step| &mut step.deductible) {
                Some(Some(deductible)) => deductible.is_left_out = true,
                // A step that could not be read.
                None => {}
                Some(None) => {
                    let diagnostic = Diagnostic::error(Code::Conflict, span, format!("the step `{name}` has no deductible"));
                    self.sink.push(diagnostic.expected("a step with a `deductible`"));
                }
            }
            base.less_deductible_of.push(earlier);
        }
        match table.opt("fixed") {
            Some(node) => {
                let place = Place { path: format!("{}.fixed", place.path), sort: Sort::FIXED, ..place.clone() };
                base.fixed = self.figure(node, "fixed", &place, adjusts, Rounding::default());
            }
            None => self.no_figure(&adjusts, "fixed"),
        }
        table.finish();
        base
    }

    /// The number of an earlier step; reports one that is not there or comes later.
    fn earlier_step(&self, number: usize, name: &str, span: Span) -> Option<usize> {
        let found = self.find(&self.step_ids, "step", name, span)?;
        if found >= number {
            let diagnostic = Diagnostic::error(Code::Forward, span, format!("the step `{name}` does not come before this one"));
            self.sink.push(diagnostic.expected("a step that pays earlier"));
            return None;
        }
        Some(found)
    }

    /// Reports adjustments of a figure that the step does not have.
    fn no_figure(&self, adjusts: &Adjusts, figure: &str) {
        for (adjust, span, _) in adjusts {
            let message = format!("the adjustment `{}` changes a `{figure}` that the step does not have", adjust.id);
            self.sink.push(Diagnostic::error(Code::StepNeverApplies, *span, message).expected(format!("a step with a `{figure}`")));
        }
    }

    fn deductible(&mut self, number: usize, id: &str, cursor: &Cursor<'_, 's>, place: &Place, adjusts: Adjusts) -> Option<Deductible> {
        let Some(node) = cursor.opt("deductible") else {
            self.no_figure(&adjusts, "deductible");
            return None;
        };
        let place = Place { path: format!("{id}.deductible"), sort: Sort::DEDUCTIBLE, ..place.clone() };
        if node.as_table().is_none() {
            let figure = self.figure(node, "deductible", &place, adjusts, Rounding::default())?;
            return Some(Deductible { figure, year: None, within: None, is_left_out: false });
        }
        let table = cursor.opt_table("deductible")?;
        let per_year = match table.opt("per") {
            Some(node) => self.word(node, &table.name_of("per"), &[("bill", false), ("year", true)]).unwrap_or(false),
            None => false,
        };
        let within = table.opt_str("within").and_then(|(name, span)| {
            let shared = self.find(&self.shared, "limit", name, span)?;
            let limit = self.shared_limits.get(shared).copied().flatten()?;
            if self.limits.get(limit).is_some_and(|limit| limit.on != LimitOn::Deductible) {
                let message = format!("the limit `{name}` is not on deductibles");
                self.sink.push(Diagnostic::error(Code::Conflict, span, message).expected("a limit with `on = \"deductible\"`"));
            }
            Some(limit)
        });
        let mut year = None;
        match table.opt_str("with") {
            Some((name, span)) => {
                let earlier = self.earlier_step(number, name, span);
                year = earlier.and_then(|step| self.steps.get(step)?.deductible.as_ref()?.year);
                if year.is_none() && earlier.is_some() {
                    let message = format!("the step `{name}` has no deductible per year");
                    self.sink.push(Diagnostic::error(Code::Conflict, span, message).expected("a step whose deductible has `per = \"year\"`"));
                }
                if !per_year {
                    let message = format!("{} without `per = \"year\"`", table.name_of("with"));
                    self.sink.push(Diagnostic::error(Code::Conflict, table.key_span("with"), message).expected("`per = \"year\"` beside it"));
                }
            }
            None if per_year => year = Some(self.counter(format!("deductible-counted/{id}"))),
            None => {}
        }
        let rounding = self.rounding(&table);
        let root = self.figure_table(&table, &place);
        table.finish();
        let figure = self.add_figure(root?, "deductible", node.span, &place, adjusts, rounding)?;
        Some(Deductible { figure, year, within, is_left_out: false })
    }

    /// `payer = "x"`, or `payers = { x = "50%", y = "50%" }`, as slots.
    fn step_payers(&mut self, cursor: &Cursor<'_, 's>) -> Range<usize> {
        let start = self.slots.len();
        if let Some(payers) = cursor.opt_table("payers") {
            if cursor.has("payer") {
                let message = format!("{} has `payer` and `payers`", cursor.what());
                self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span("payers"), message).expected("one of them"));
            }
            let mut sum = Some(Ratio::ZERO);
            for entry in payers.entries() {
                let payer = self.find(&self.payers, "payer", &entry.key, entry.key_span);
                let share = self.ratio(&entry.node, &payers.name_of(&entry.key));
                sum = sum.zip(share).and_then(|(sum, share)| sum.checked_add(share));
                if let (Some(payer), Some(share)) = (payer, share) {
                    self.slots.push(Slot { payer, share });
                }
            }
            if let Some(sum) = sum.filter(|sum| *sum != Ratio::ONE) {
                let message = format!("the shares of {} sum to {sum}", cursor.what());
                self.sink.push(Diagnostic::error(Code::SharesSum, cursor.key_span("payers"), message).expected("shares that sum to 100%"));
            }
        } else {
            let payer = match cursor.opt_str("payer") {
                Some((name, span)) => self.find(&self.payers, "payer", name, span),
                None if cursor.has("payer") => None,
                None => {
                    let message = format!("missing key `payer` in {}", cursor.what());
                    self.sink.push(Diagnostic::error(Code::MissingKey, cursor.span(), message).expected("`payer = \"id\"`, or `payers = { … }` with shares"));
                    None
                }
            };
            self.slots.extend(payer.map(|payer| Slot { payer, share: Ratio::ONE }));
        }
        start..self.slots.len()
    }

    #[expect(clippy::too_many_arguments, reason = "what the formula's three forms need of the step")]
    fn formula(
        &mut self,
        id: &str,
        cursor: &Cursor<'_, 's>,
        place: &Place,
        covers: Covers,
        base: &Base,
        adjusts: Adjusts,
        has_deductible: bool,
        first_slot: usize,
    ) -> Option<Formula> {
        let given: Vec<&'static str> = ["ratio", "bands", "guarantee"].into_iter().filter(|key| cursor.has(key)).collect();
        let place = Place { path: format!("{id}.ratio"), sort: Sort::RATIO, ..place.clone() };
        match given.as_slice() {
            ["ratio"] => {
                let node = cursor.opt("ratio")?;
                self.figure(node, "ratio", &place, adjusts, Rounding::default()).map(Formula::Ratio)
            }
            ["bands"] => {
                let place = Place { path: format!("{id}.bands"), ..place };
                let table = cursor.opt_table("bands")?;
                let place = Place { cited: place.cited.and(self, &table), ..place };
                self.bands(id, table, &place, &adjusts, has_deductible).map(Formula::Bands)
            }
            ["guarantee"] => {
                let place = Place { path: format!("{id}.guarantee"), ..place };
                let table = cursor.opt_table("guarantee")?;
                let place = Place { cited: place.cited.and(self, &table), ..place };
                if has_deductible {
                    let message = format!("{} has a guarantee and a deductible", cursor.what());
                    self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span("deductible"), message).expected("a guarantee without a deductible"));
                }
                self.guarantee(table, &place, covers, base, adjusts, first_slot).map(Formula::Guarantee)
            }
            [] => {
                let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), format!("{} has no formula", cursor.what()));
                self.sink.push(diagnostic.expected("one of `ratio`, `bands`, `guarantee`"));
                None
            }
            [.., second] => {
                let all: Vec<String> = given.iter().map(|key| format!("`{key}`")).collect();
                let message = format!("{} has {}", cursor.what(), all.join(" and "));
                self.sink.push(Diagnostic::error(Code::Conflict, cursor.key_span(second), message).expected("one of them"));
                None
            }
        }
    }

    fn bands(&mut self, id: &str, table: Cursor<'_, 's>, place: &Place, adjusts: &Adjusts, has_deductible: bool) -> Option<Bands> {
        let per_year = table.req("per").and_then(|node| self.word(node, &table.name_of("per"), &[("bill", false), ("year", true)]));
        let scales = [("absolute", true), ("above-deductible", false)];
        let absolute = match table.opt("scale") {
            Some(node) => self.word(node, &table.name_of("scale"), &scales),
            None if has_deductible => {
                let diagnostic = Diagnostic::error(Code::MissingKey, table.span(), format!("missing key `scale` in {}", table.what()));
                self.sink.push(diagnostic.expected("`\"absolute\"` (edges count from zero) or `\"above-deductible\"`"));
                None
            }
            None => Some(true),
        };
        let whole = match table.opt("apply") {
            Some(node) => self.word(node, &table.name_of("apply"), &[("marginal", false), ("whole", true)]),
            None => Some(false),
        };
        if whole == Some(true) && per_year == Some(true) {
            let message = format!("{} of the year's running total", table.name_of("apply"));
            let diagnostic = Diagnostic::error(Code::Conflict, table.key_span("apply"), message);
            self.sink.push(diagnostic.expected("`apply = \"whole\"` only with `per = \"bill\"`"));
        }
        let mut bands: Vec<Band> = Vec::new();
        let mut complete = true;
        let mut last: Option<(Option<Money>, Span)> = None;
        let rows = match table.req("band") {
            Some(_) => table.tables("band"),
            None => return None,
        };
        for (number, row) in rows.into_iter().enumerate() {
            let (low, high) = (self.edge(&row, "over", "from", true), self.edge(&row, "to", "under", false));
            let path = format!("{}.{}", place.path, number.saturating_add(1));
            let ratio = row.req("ratio").and_then(|node| {
                let place = Place { path, ..place.clone() };
                self.figure(node, "ratio", &place, adjusts.clone(), Rounding::default())
            });
            self.check_edges(&row, low, high, &mut last);
            match (low, ratio) {
                (Some((Some(over), _)), Some(ratio)) if high.is_some() => {
                    bands.push(Band { over, to: high.and_then(|(to, _)| to), ratio });
                }
                _ => complete = false,
            }
            row.finish();
        }
        if last.is_none() && complete {
            self.sink.error(Code::BadValue, table.key_span("band"), format!("{} is empty", table.name_of("band")));
            complete = false;
        }
        let year = (per_year == Some(true)).then(|| self.counter(format!("bands/{id}")));
        table.finish();
        complete.then_some(())?;
        per_year?;
        Some(Bands { year, absolute: absolute?, whole: whole?, bands })
    }

    /// A band's edge, as "over" or "up to and with" in fen: `from` and `under` count the fen before. The outer `None`
    /// is an edge that is wrong; an absent upper edge is `Some((None, _))`.
    fn edge(&self, row: &Cursor<'_, 's>, exact: &'static str, shifted: &'static str, required: bool) -> Option<(Option<Money>, Span)> {
        let key = match (row.has(exact), row.has(shifted)) {
            (true, true) => {
                let message = format!("{} has `{exact}` and `{shifted}`", row.what());
                self.sink.push(Diagnostic::error(Code::Conflict, row.key_span(shifted), message).expected("one of them"));
                return None;
            }
            (false, false) if required => {
                let diagnostic = Diagnostic::error(Code::MissingKey, row.span(), format!("missing key `{exact}` in {}", row.what()));
                self.sink.push(diagnostic.expected(format!("`{exact} = …` or `{shifted} = …`: where the band begins")));
                return None;
            }
            (false, false) => return Some((None, row.span())),
            (true, false) => exact,
            (false, true) => shifted,
        };
        let node = row.opt(key)?;
        let amount = self.amount(node, &row.name_of(key))?;
        let fen = Money::from_fen(1);
        let edge = match key == shifted {
            // `from = 0` begins where `over = 0` does: no bill has a fen of nothing.
            true if amount == Money::ZERO => amount,
            true => amount.checked_sub(fen)?,
            false => amount,
        };
        Some((Some(edge), node.span))
    }

    /// Bands rise and join exactly.
    fn check_edges(
        &self,
        row: &Cursor<'_, 's>,
        low: Option<(Option<Money>, Span)>,
        high: Option<(Option<Money>, Span)>,
        last: &mut Option<(Option<Money>, Span)>,
    ) {
        if let (Some((Some(low), low_span)), Some((last_high, last_span))) = (low, *last) {
            match last_high {
                None => {
                    let diagnostic = Diagnostic::error(Code::BandOverlap, low_span, "a band after one without an upper edge");
                    self.sink.push(diagnostic.secondary(last_span, "this band has no end").expected("`to` or `under` in every band but the last"));
                }
                Some(high) if low > high => {
                    let message = format!("the amounts over {high} up to {low} are in no band");
                    let diagnostic = Diagnostic::error(Code::BandGap, low_span, message).secondary(last_span, "the band before ends here");
                    self.sink.push(diagnostic.expected("a band that begins where the one before ends: `over` after `to`, `from` after `under`"));
                }
                Some(high) if low < high => {
                    let message = format!("the amounts over {low} up to {high} are in two bands");
                    let diagnostic = Diagnostic::error(Code::BandOverlap, low_span, message).secondary(last_span, "the band before ends here");
                    self.sink.push(diagnostic.expected("a band that begins where the one before ends: `over` after `to`, `from` after `under`"));
                }
                Some(_) => {}
            }
        }
        if let (Some((Some(low), low_span)), Some((Some(high), high_span))) = (low, high)
            && high <= low
        {
            let diagnostic = Diagnostic::error(Code::BandOrder, high_span, "a band that ends before it begins");
            self.sink.push(diagnostic.secondary(low_span, "it begins here").expected("an upper edge above the lower one"));
        }
        if let Some((high, span)) = high {
            *last = Some((high, span));
        } else {
            *last = Some((None, row.span()));
        }
    }

    fn guarantee(&mut self, table: Cursor<'_, 's>, place: &Place, covers: Covers, base: &Base, adjusts: Adjusts, first_slot: usize) -> Option<Guarantee> {
        let ratio = table.req("ratio").and_then(|node| self.figure(node, "ratio", place, adjusts, Rounding::default()));
        let forms = [("covered", covers), ("in-scope", Covers::IN_SCOPE), ("total", Covers::TOTAL)];
        let of = table.req("of").and_then(|node| self.word(node, &table.name_of("of"), &forms));
        let counting = table.opt_strings("counting").map(|named| self.payer_set(named));
        let not_counting = table.opt_strings("not_counting").map(|named| self.payer_set(named));
        if counting.is_some() && not_counting.is_some() {
            let message = format!("{} has `counting` and `not_counting`", table.what());
            self.sink.push(Diagnostic::error(Code::Conflict, table.key_span("not_counting"), message).expected("one of them"));
        }
        let counts = |payer: usize| {
            let of = |set: &Vec<bool>| set.get(payer).copied().unwrap_or(false);
            counting.as_ref().map_or_else(|| !not_counting.as_ref().is_some_and(of), of)
        };
        // What is left out of the money is no reimbursement of it either.
        let left_out = |slot: usize| base.less.iter().any(|slots| slots.contains(&slot));
        let slots = self.slots.iter().take(first_slot).enumerate();
        let counts = slots.map(|(number, slot)| counts(slot.payer) && !left_out(number)).collect();
        table.finish();
        Some(Guarantee { ratio: ratio?, of: of?, counts })
    }

    /// Own limits, then shared ones: those on cost, and those on payment.
    fn step_limits(&mut self, id: &str, cursor: &Cursor<'_, 's>, place: &Place, adjusts: Vec<(String, Adjusts)>) -> (Vec<usize>, Vec<usize>) {
        let mut numbers = Vec::new();
        let mut ids = Ids::default();
        for limit in cursor.tables("limit") {
            let own = self.id(&limit, &ids);
            let Some((own, span)) = own else {
                // Its other keys are read all the same, for their problems.
                self.limit(&limit, id, place, Vec::new(), false);
                limit.finish();
                continue;
            };
            ids.add(&own, span);
            let full = format!("{id}/{own}");
            let name = limit.opt_str("name").map_or_else(|| full.clone(), |(name, _)| name.to_owned());
            let name_en = limit.opt_str("name_en").map_or_else(|| full.replace('-', " "), |(name, _)| name.to_owned());
            let cited = place.cited.and(self, &limit);
            let place = Place { path: format!("{id}.limit.{own}"), cited, sort: Sort::LIMIT, ..place.clone() };
            let own_adjusts = adjusts.iter().filter(|(limit, _)| *limit == own).flat_map(|(_, list)| list.clone()).collect();
            if let Some(limit) = self.limit(&limit, &full, &place, own_adjusts, false) {
                numbers.extend(self.add_limit(limit, full, name, name_en));
            }
            limit.finish();
        }
        for (name, span) in cursor.opt_strings("shared_limits").unwrap_or_default() {
            let shared = self.find(&self.shared, "limit", name, span);
            let number = shared.and_then(|shared| self.shared_limits.get(shared).copied().flatten());
            if let Some(number) = number {
                if self.limits.get(number).is_some_and(|limit| limit.on == LimitOn::Deductible) {
                    let message = format!("the limit `{name}` is on deductibles");
                    self.sink.push(Diagnostic::error(Code::Conflict, span, message).expected("it in `within` of a `deductible`"));
                }
                numbers.push(number);
            }
        }
        let on = |on: LimitOn| {
            let limits = numbers.iter().copied();
            limits.filter(|&number| self.limits.get(number).is_some_and(|limit| limit.on == on)).collect::<Vec<usize>>()
        };
        (on(LimitOn::Cost), on(LimitOn::Payment))
    }
}
