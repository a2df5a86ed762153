//! What a step is worked on: its base and its deductible.

use super::figure::{Place, Sort};
use super::limit::Adjusts;
use super::policy::Build;
use crate::policy::step::{Base, Deductible, LimitOn};
use crate::rounding::Rounding;
use crate::text::{Code, Cursor, Diagnostic, Span};

impl<'s> Build<'s> {
    pub(super) fn base(
        &mut self,
        number: usize,
        cursor: &Cursor<'_, 's>,
        place: &Place,
        adjusts: Adjusts,
    ) -> Base {
        let mut base = Base::default();
        let table = cursor.opt_table("base");
        let Some(table) = table else {
            self.no_figure(&adjusts, "fixed");
            return base;
        };
        if let Some(node) = table.opt("of") {
            base.billed = self
                .word(
                    node,
                    &table.name_of("of"),
                    &[("unpaid", false), ("billed", true)],
                )
                .unwrap_or(false);
        }
        for (name, span) in self.once(table.opt_strings("less").unwrap_or_default()) {
            if let Some(step) = self.earlier_step(number, name, span) {
                base.less
                    .extend(self.steps.get(step).map(|step| step.slots.clone()));
            }
        }
        if !base.less.is_empty() && !base.billed && !cursor.has("guarantee") {
            let message = format!("{} without `of = \"billed\"`", table.name_of("less"));
            let diagnostic = Diagnostic::error(Code::Conflict, table.key_span("less"), message);
            self.sink.push(diagnostic.expected(
                "`of = \"billed\"` beside it: what is unpaid is already less every payment",
            ));
        }
        for (name, span) in self.once(table.opt_strings("less_deductible_of").unwrap_or_default()) {
            let Some(earlier) = self.earlier_step(number, name, span) else {
                continue;
            };
            match self.steps.get_mut(earlier).map(|step| &mut step.deductible) {
                Some(Some(deductible)) => deductible.is_left_out = true,
                // A step that could not be read.
                None => {}
                Some(None) => {
                    let diagnostic = Diagnostic::error(
                        Code::Conflict,
                        span,
                        format!("the step `{name}` has no deductible"),
                    );
                    self.sink
                        .push(diagnostic.expected("a step with a `deductible`"));
                }
            }
            base.less_deductible_of.push(earlier);
        }
        match table.opt("fixed") {
            Some(node) => {
                let place = Place {
                    path: format!("{}.fixed", place.path),
                    sort: Sort::FIXED,
                    ..place.clone()
                };
                base.fixed = self.figure(node, "fixed", &place, adjusts, Rounding::default());
            }
            None => self.no_figure(&adjusts, "fixed"),
        }
        table.finish();
        base
    }

    /// The number of an earlier step; reports one that is not there or comes later.
    pub(super) fn earlier_step(&self, number: usize, name: &str, span: Span) -> Option<usize> {
        let found = self.find(&self.step_ids, "step", name, span)?;
        if found >= number {
            let diagnostic = Diagnostic::error(
                Code::Forward,
                span,
                format!("the step `{name}` does not come before this one"),
            );
            self.sink
                .push(diagnostic.expected("a step that pays earlier"));
            return None;
        }
        Some(found)
    }

    /// Reports adjustments of a figure that the step does not have.
    pub(super) fn no_figure(&self, adjusts: &Adjusts, figure: &str) {
        for (adjust, span, _) in adjusts {
            let message = format!(
                "the adjustment `{}` changes a `{figure}` that the step does not have",
                adjust.id
            );
            self.sink.push(
                Diagnostic::error(Code::StepNeverApplies, *span, message)
                    .expected(format!("a step with a `{figure}`")),
            );
        }
    }

    pub(super) fn deductible(
        &mut self,
        number: usize,
        id: &str,
        cursor: &Cursor<'_, 's>,
        place: &Place,
        adjusts: Adjusts,
    ) -> Option<Deductible> {
        let Some(node) = cursor.opt("deductible") else {
            self.no_figure(&adjusts, "deductible");
            return None;
        };
        let place = Place {
            path: format!("{id}.deductible"),
            sort: Sort::DEDUCTIBLE,
            ..place.clone()
        };
        if node.as_table().is_none() {
            let figure = self.figure(node, "deductible", &place, adjusts, Rounding::default())?;
            return Some(Deductible {
                figure,
                year: None,
                within: None,
                is_left_out: false,
            });
        }
        let table = cursor.opt_table("deductible")?;
        let per_year = match table.opt("per") {
            Some(node) => self
                .word(
                    node,
                    &table.name_of("per"),
                    &[("bill", false), ("year", true)],
                )
                .unwrap_or(false),
            None => false,
        };
        let within = table.opt_str("within").and_then(|(name, span)| {
            let shared = self.find(&self.shared, "limit", name, span)?;
            let limit = self.shared_limits.get(shared).copied().flatten()?;
            if self
                .limits
                .get(limit)
                .is_some_and(|limit| limit.on != LimitOn::Deductible)
            {
                let message = format!("the limit `{name}` is not on deductibles");
                self.sink.push(
                    Diagnostic::error(Code::Conflict, span, message)
                        .expected("a limit with `on = \"deductible\"`"),
                );
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
                    self.sink.push(
                        Diagnostic::error(Code::Conflict, span, message)
                            .expected("a step whose deductible has `per = \"year\"`"),
                    );
                }
                if !per_year {
                    let message = format!("{} without `per = \"year\"`", table.name_of("with"));
                    self.sink.push(
                        Diagnostic::error(Code::Conflict, table.key_span("with"), message)
                            .expected("`per = \"year\"` beside it"),
                    );
                }
            }
            None if per_year => year = Some(self.counter(format!("deductible-counted/{id}"))),
            None => {}
        }
        let rounding = self.rounding(&table);
        let root = self.figure_table(&table, &place);
        table.finish();
        let figure = self.add_figure(root?, "deductible", node.span, &place, adjusts, rounding)?;
        Some(Deductible {
            figure,
            year,
            within,
            is_left_out: false,
        })
    }
}
