//! Steps: who pays, on what, how much, up to which limits.

use super::cite::Cited;
use super::figure::{Place, Sort};
use super::formula::Standing;
use super::limit::Adjusts;
use super::names::Ids;
use super::policy::Build;
use crate::policy::figure::{FigureId, Leaf, Node as FigureNode, Value};
use crate::policy::info::{Layer, Named, NoteId};
use crate::policy::step::{Covers, Deductible, Formula, Limit, LimitOn, LimitPer, Slot, Step};
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Node, suggest};
use std::ops::Range;

/// The parts of a step that carry no citation of their own.
const PARTS: [&str; 10] = [
    "when",
    "unless",
    "covers",
    "base",
    "payer",
    "payers",
    "round",
    "shared_limits",
    "before",
    "after",
];

/// The adjustments of a step, by the figure that they change.
#[derive(Default)]
struct StepAdjusts {
    ratio: Adjusts,
    deductible: Adjusts,
    fixed: Adjusts,
    payment: Adjusts,
    /// By limit id.
    limits: Vec<(String, Adjusts)>,
}

impl<'s> Build<'s> {
    pub(super) fn step(&mut self, number: usize, cursor: Cursor<'_, 's>, outer: &Cited) {
        // The id was checked when the ids were collected.
        let id = cursor
            .opt("id")
            .and_then(Node::as_str)
            .unwrap_or_default()
            .to_owned();
        let placed = ["before", "after"].map(|key| cursor.opt_str(key));
        if placed.iter().all(Option::is_some) {
            let message = format!("{} has `before` and `after`", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("after"), message)
                    .expected("one of them"),
            );
        }
        let names = self.names(&cursor, &id);
        let cited = self.cite(&cursor, outer);
        let mut notes = self.step_notes(&id, &cited, &cursor);
        self.assumed_members.take();
        let (condition, reach) = self.condition(&cursor);
        if let Some(members) = self.assumed_members.take() {
            notes.push(self.note(&format!("{id}.when"), &cited, members));
        }
        let place = Place {
            path: id.clone(),
            cited,
            reach,
            sort: Sort::RATIO,
            named: false,
        };

        let covers = self.covers(&cursor);
        let mut adjusts = self.step_adjusts(&cursor, &place);
        let base = self.base(number, &cursor, &place, std::mem::take(&mut adjusts.fixed));
        let deductible = self.deductible(
            number,
            &id,
            &cursor,
            &place,
            std::mem::take(&mut adjusts.deductible),
        );
        // One that cannot be read is still there, for the steps that refer to it.
        let unread = || Deductible {
            figure: FigureId(0),
            year: None,
            within: None,
            is_left_out: false,
        };
        let deductible = deductible.or_else(|| cursor.has("deductible").then(unread));
        let slots = self.step_payers(&cursor);
        let standing = Standing {
            covers,
            base: &base,
            has_deductible: deductible.is_some(),
            first_slot: slots.start,
        };
        let formula = self.formula(&cursor, &place, &standing, adjusts.ratio);
        let (cost_limits, payment_limits) = self.step_limits(&id, &cursor, &place, adjusts.limits);
        let payment = self.payment(&place, adjusts.payment, &cursor);
        if matches!(formula, Some(Formula::Guarantee(_)))
            && (base.fixed.is_some() || !cost_limits.is_empty())
        {
            let message = format!(
                "{} has a guarantee with a fixed base or a limit on cost",
                cursor.what()
            );
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("guarantee"), message)
                    .expected("a guarantee of what was billed, limited on the payment only"),
            );
        }
        let rounding = self.rounding(&cursor);
        cursor.finish();

        let citation = notes.first().and_then(|note| self.citation(*note)).cloned();
        // A step that cannot be read keeps its place, so that later ones find those they refer to.
        let (name, name_en) = names.unwrap_or_else(|| (id.clone(), id.clone()));
        let formula = formula.unwrap_or(Formula::Ratio(FigureId(0)));
        let Some(citation) = citation else { return };
        self.step_names.push(Named {
            id,
            name,
            name_en,
            citation,
        });
        self.steps.push(Step {
            condition,
            covers,
            base,
            deductible,
            formula,
            cost_limits,
            payment_limits,
            payment,
            rounding,
            slots,
            notes,
        });
    }

    fn covers(&mut self, cursor: &Cursor<'_, 's>) -> Covers {
        let Some(covers) = cursor.opt_table("covers") else {
            return Covers::IN_SCOPE;
        };
        let parts = match covers.opt("parts") {
            Some(node) => self.parts(node, &covers.name_of("parts")),
            None => Covers::IN_SCOPE.parts,
        };
        Covers {
            parts,
            selector: self.selector(covers),
        }
    }

    /// The step's note, and one for each part beside its figures that an assumed layer gave.
    fn step_notes(&mut self, id: &str, cited: &Cited, cursor: &Cursor<'_, 's>) -> Vec<NoteId> {
        let mut notes = vec![self.note(id, cited, cursor.span())];
        for entry in cursor.table().entries() {
            let assumed = self.layer_of(entry.key_span.file) == Layer::Assumed;
            if assumed && entry.key_span.file != cursor.span().file && PARTS.contains(&&*entry.key)
            {
                notes.push(self.note(&format!("{id}.{}", entry.key), cited, entry.key_span));
            }
        }
        notes
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
            if let Some((id, span)) = &id {
                ids.add(id, *span);
            }
            let Some((target, target_span)) = cursor.req_str("figure") else {
                cursor.leave();
                continue;
            };
            let sort = match target {
                "ratio" | "payment" => Sort::RATIO,
                "deductible" => Sort::DEDUCTIBLE,
                "fixed" => Sort::FIXED,
                other if own.iter().any(|limit| limit == other) => Sort::LIMIT,
                _ => {
                    let message = format!("unknown figure `{target}` in {}", cursor.what());
                    let known = ["ratio", "deductible", "fixed", "payment"]
                        .into_iter()
                        .chain(own.iter().map(String::as_str));
                    let diagnostic = Diagnostic::error(Code::UnknownName, target_span, message)
                        .did_you_mean(suggest(target, known));
                    self.sink.push(diagnostic.expected(
                        "`ratio`, `deductible`, `fixed`, `payment`, or the id of one of the step's limits",
                    ));
                    // What it names is used all the same.
                    Cited::default().and(self, &cursor);
                    self.condition(&cursor);
                    cursor.leave();
                    continue;
                }
            };
            let place = Place {
                path: format!("{}.{target}", place.path),
                sort,
                ..place.clone()
            };
            let id = id.map_or_else(String::new, |(id, _)| id);
            let read = self.adjust(&id, &cursor, &place);
            match target {
                "ratio" => adjusts.ratio.extend(read),
                "deductible" => adjusts.deductible.extend(read),
                "fixed" => adjusts.fixed.extend(read),
                "payment" => adjusts.payment.extend(read),
                limit => {
                    let read = read.into_iter().collect();
                    adjusts.limits.push((limit.to_owned(), read));
                }
            }
            cursor.finish();
        }
        adjusts
    }

    /// The share of the result that is paid: all of it, changed by adjustments of the payment.
    fn payment(
        &mut self,
        place: &Place,
        adjusts: Adjusts,
        cursor: &Cursor<'_, 's>,
    ) -> Option<FigureId> {
        if adjusts.is_empty() {
            return None;
        }
        let place = Place {
            path: format!("{}.payment", place.path),
            ..place.clone()
        };
        let note = self.note(&place.path, &place.cited, cursor.span());
        let all = FigureNode::Leaf(Leaf {
            value: Value::Number(Ratio::SCALE),
            note,
        });
        self.add_figure(
            all,
            "payment",
            cursor.span(),
            &place,
            adjusts,
            Rounding::default(),
        )
    }

    /// `payer = "x"`, or `payers = { x = "50%", y = "50%" }`, as slots.
    fn step_payers(&mut self, cursor: &Cursor<'_, 's>) -> Range<usize> {
        let start = self.slots.len();
        if let Some(payers) = cursor.opt_table("payers") {
            if cursor.has("payer") {
                let message = format!("{} has `payer` and `payers`", cursor.what());
                self.sink.push(
                    Diagnostic::error(Code::Conflict, cursor.key_span("payers"), message)
                        .expected("one of them"),
                );
            }
            let mut sum = Some(Ratio::ZERO);
            for entry in payers.entries() {
                let payer = self.find(&self.payers, "payer", &entry.key, entry.key_span);
                let share = self.ratio(&entry.node, &payers.name_of(&entry.key));
                sum = sum
                    .zip(share)
                    .and_then(|(sum, share)| sum.checked_add(share));
                if let (Some(payer), Some(share)) = (payer, share) {
                    self.slots.push(Slot { payer, share });
                }
            }
            if let Some(sum) = sum.filter(|sum| *sum != Ratio::ONE) {
                let message = format!("the shares of {} sum to {sum}", cursor.what());
                self.sink.push(
                    Diagnostic::error(Code::SharesSum, cursor.key_span("payers"), message)
                        .expected("shares that sum to 100%"),
                );
            }
        } else {
            let payer = match cursor.opt_str("payer") {
                Some((name, span)) => self.find(&self.payers, "payer", name, span),
                None if cursor.has("payer") || cursor.has("payers") => None,
                None => {
                    let message = format!("missing key `payer` in {}", cursor.what());
                    self.sink.push(
                        Diagnostic::error(Code::MissingKey, cursor.span(), message)
                            .expected("`payer = \"id\"`, or `payers = { … }` with shares"),
                    );
                    None
                }
            };
            self.slots.extend(payer.map(|payer| Slot {
                payer,
                share: Ratio::ONE,
            }));
        }
        start..self.slots.len()
    }

    /// Own limits, then shared ones: those on cost, and those on payment.
    fn step_limits(
        &mut self,
        id: &str,
        cursor: &Cursor<'_, 's>,
        place: &Place,
        adjusts: Vec<(String, Adjusts)>,
    ) -> (Vec<usize>, Vec<usize>) {
        let mut numbers = Vec::new();
        let mut ids = Ids::default();
        for limit in cursor.tables("limit") {
            let own = self.id(&limit, &ids);
            let Some((own, span)) = own else {
                // Its other keys are read all the same, for their problems.
                let place = Place {
                    sort: Sort::LIMIT,
                    ..place.clone()
                };
                self.limit(&limit, id, &place, Vec::new(), false);
                limit.finish();
                continue;
            };
            ids.add(&own, span);
            let full = format!("{id}/{own}");
            let text = |key| limit.opt_str(key).map(|(text, _)| text.to_owned());
            let (name, name_en) = (text("name"), text("name_en"));
            let cited = place.cited.and(self, &limit);
            let place = Place {
                path: format!("{id}.limit.{own}"),
                cited,
                sort: Sort::LIMIT,
                ..place.clone()
            };
            let own_adjusts = adjusts
                .iter()
                .filter(|(limit, _)| *limit == own)
                .flat_map(|(_, list)| list.clone())
                .collect();
            let read = self.limit(&limit, &full, &place, own_adjusts, false);
            limit.finish();
            if let Some(limit) = read {
                let (usual, usual_en) = usual_name(&limit);
                let name = name.unwrap_or_else(|| usual.to_owned());
                let name_en = name_en.unwrap_or_else(|| usual_en.to_owned());
                numbers.extend(self.add_limit(limit, full, name, name_en));
            }
        }
        for (name, span) in self.once(cursor.opt_strings("shared_limits").unwrap_or_default()) {
            let shared = self.find(&self.shared, "limit", name, span);
            let number =
                shared.and_then(|shared| self.shared_limits.get(shared).copied().flatten());
            if let Some(number) = number {
                if self
                    .limits
                    .get(number)
                    .is_some_and(|limit| limit.on == LimitOn::Deductible)
                {
                    let message = format!("the limit `{name}` is on deductibles");
                    self.sink.push(
                        Diagnostic::error(Code::Conflict, span, message)
                            .expected("a limit on payment or cost; one on deductibles goes in `within` of a `deductible`"),
                    );
                }
                numbers.push(number);
            }
        }
        numbers.into_iter().partition(|&number| {
            let limit = self.limits.get(number);
            limit.is_some_and(|limit| limit.on == LimitOn::Cost)
        })
    }
}

/// What a step's own limit is called when the file gives it no name.
fn usual_name(limit: &Limit) -> (&'static str, &'static str) {
    match (&limit.per, limit.on) {
        (LimitPer::Bill | LimitPer::Year(_), LimitOn::Bills) => {
            ("年度次数", "number of bills of a year")
        }
        (LimitPer::DiseaseYear(_), LimitOn::Bills) => {
            ("单病种年度次数", "number of bills of a disease and year")
        }
        (LimitPer::Bill, LimitOn::Cost) => ("单次费用限额", "limit on the cost of a bill"),
        (LimitPer::Bill, _) => ("单次支付限额", "limit of a bill"),
        (LimitPer::Year(_), LimitOn::Cost) => ("年度费用限额", "limit on the cost of a year"),
        (LimitPer::Year(_), _) => ("年度支付限额", "limit of a year"),
        (LimitPer::DiseaseYear(_), LimitOn::Cost) => (
            "单病种年度费用限额",
            "limit on the cost of a disease and year",
        ),
        (LimitPer::DiseaseYear(_), _) => ("单病种年度支付限额", "limit of a disease and year"),
    }
}
