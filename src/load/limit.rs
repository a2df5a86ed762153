//! Limits: a step's own, and shared ones.

use super::cite::Cited;
use super::condition::Reach;
use super::figure::{Place, Sort};
use super::names::Ids;
use super::policy::Build;
use crate::policy::facts::Subject;
use crate::policy::figure::Adjust;
use crate::policy::info::Named;
use crate::policy::step::{DiseaseCounters, Limit, LimitOn, LimitPer};
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Span};
use crate::vocabulary::Dimension;

/// Adjustments of a figure with where they stand and the bills they reach.
pub(super) type Adjusts = Vec<(Adjust, Span, Reach)>;

impl<'s> Build<'s> {
    /// The shared limits of the file.
    pub(super) fn shared_limits(&mut self, root: &Cursor<'_, 's>, outer: &Cited) {
        for cursor in root.tables("limit") {
            let id = self.id(&cursor, &self.shared);
            let text = id.as_ref().map_or("", |(id, _)| id.as_str()).to_owned();
            let names = self.names(&cursor, &text);
            let cited = self.cite(&cursor, outer);
            let place = Place {
                path: format!("limit.{text}"),
                cited,
                reach: Reach::default(),
                sort: Sort::LIMIT,
                named: false,
            };
            let mut ids = Ids::default();
            let mut adjusts = Vec::new();
            for cursor in cursor.tables("adjust") {
                let id = self.id(&cursor, &ids);
                if let Some((id, span)) = &id {
                    ids.add(id, *span);
                }
                let id = id.map_or_else(String::new, |(id, _)| id);
                adjusts.extend(self.adjust(&id, &cursor, &place));
                cursor.finish();
            }
            let limit = self.limit(&cursor, &text, &place, adjusts, true);
            if let Some((id, span)) = id {
                let (name, name_en) = names.unwrap_or_else(|| (id.clone(), id.clone()));
                let number =
                    limit.and_then(|limit| self.add_limit(limit, id.clone(), name, name_en));
                self.shared.add(&id, span);
                self.shared_limits.push(number);
            }
            cursor.finish();
        }
    }

    pub(super) fn add_limit(
        &mut self,
        limit: Limit,
        id: String,
        name: String,
        name_en: String,
    ) -> Option<usize> {
        let citation = self.citation(limit.note)?.clone();
        self.limits.push(limit);
        self.limit_names.push(Named {
            id,
            name,
            name_en,
            citation,
        });
        Some(self.limits.len().saturating_sub(1))
    }

    /// The keys that own and shared limits have in common. `id` is the limit's full id.
    pub(super) fn limit(
        &mut self,
        cursor: &Cursor<'_, 's>,
        id: &str,
        place: &Place,
        adjusts: Adjusts,
        shared: bool,
    ) -> Option<Limit> {
        let figure = cursor.req("amount").and_then(|node| {
            let name = format!("limit {id}");
            self.figure(node, &name, place, adjusts, Rounding::default())
        });
        let mut words = vec![("payment", LimitOn::Payment), ("cost", LimitOn::Cost)];
        if shared {
            words.push(("deductible", LimitOn::Deductible));
        } else {
            words.push(("bills", LimitOn::Bills));
        }
        let on = cursor
            .req("on")
            .and_then(|node| self.word(node, &cursor.name_of("on"), &words));
        let per = cursor.req("per").and_then(|node| {
            self.word(
                node,
                &cursor.name_of("per"),
                &[("bill", 0), ("year", 1), ("disease-year", 2)],
            )
        });
        let mut together_with = Vec::new();
        if let Some(named) = cursor.opt_strings("together_with") {
            if shared || on != Some(LimitOn::Payment) || per != Some(0) {
                let message = format!(
                    "{} goes only with another kind of limit",
                    cursor.name_of("together_with")
                );
                let diagnostic =
                    Diagnostic::error(Code::Conflict, cursor.key_span("together_with"), message);
                self.sink.push(
                    diagnostic.expected(
                        "a step's own limit with `per = \"bill\"` and `on = \"payment\"`",
                    ),
                );
            }
            // By payer here; turned into slots when all steps are known.
            together_with = self.payer_set(named);
        }
        if on == Some(LimitOn::Deductible) && per.is_some_and(|per| per != 1) {
            let message = format!("{} is on deductibles, but not per year", cursor.what());
            let diagnostic = Diagnostic::error(Code::Conflict, cursor.key_span("per"), message);
            self.sink.push(
                diagnostic.expected("`per = \"year\"`: a ceiling on the deductibles of a year"),
            );
        }
        if on == Some(LimitOn::Bills) && per == Some(0) {
            let message = format!("{} is on a number of bills, but per bill", cursor.what());
            let diagnostic = Diagnostic::error(Code::Conflict, cursor.key_span("per"), message);
            self.sink.push(diagnostic.expected(
                "`per = \"year\"` or `\"disease-year\"`: on how many bills of it the step pays",
            ));
        }
        let per = match per? {
            0 => LimitPer::Bill,
            1 => LimitPer::Year(self.counter(format!("limit/{id}"))),
            _ => LimitPer::DiseaseYear(self.disease_counters(id, &place.reach)),
        };
        let note = self.note(&place.path, &place.cited, cursor.span());
        Some(Limit {
            figure: figure?,
            on: on?,
            per,
            together_with,
            note,
        })
    }

    /// One counter for each disease that a bill may be for: outpatient diseases, the file's own, and all others together.
    fn disease_counters(&mut self, id: &str, reach: &Reach) -> DiseaseCounters {
        let outpatient = self.counters.len();
        let words = self.words.count(Dimension::OutpatientDisease);
        for number in 0..u16::try_from(words).unwrap_or(u16::MAX) {
            let word = self
                .words
                .id(Dimension::OutpatientDisease, number)
                .to_owned();
            self.counter(format!("limit/{id}/outpatient-disease/{word}"));
        }
        let diseases = self.counters.len();
        for number in 0..self.disease_ids.len() {
            if !self.counts_on() {
                break;
            }
            let disease = self.disease_ids.id(number).to_owned();
            self.counter(format!("limit/{id}/disease/{disease}"));
        }
        DiseaseCounters {
            outpatient,
            diseases,
            other: self.counter(format!("limit/{id}/other-disease")),
            only: reach.of(Subject::Disease).unwrap_or_default().to_vec(),
        }
    }

    /// A list of payer ids (or `"all"`), as a set by payer.
    pub(super) fn payer_set(&self, named: Vec<(&str, Span)>) -> Vec<bool> {
        let mut set = vec![false; self.payers.len()];
        for (name, span) in named {
            if name == "all" {
                set.fill(true);
                continue;
            }
            let number = self.find(&self.payers, "payer", name, span);
            if let Some(member) = number.and_then(|number| set.get_mut(number)) {
                *member = true;
            }
        }
        set
    }

    /// Turns the payers of `together_with` into slots, now that all steps are known.
    pub(super) fn finish_limits(&mut self) {
        let slots = &self.slots;
        for limit in &mut self.limits {
            if !limit.together_with.is_empty() {
                let payers = std::mem::take(&mut limit.together_with);
                limit.together_with = slots
                    .iter()
                    .map(|slot| payers.get(slot.payer).copied().unwrap_or(false))
                    .collect();
            }
        }
    }
}
