//! Adjustments: changes of a figure under a condition.

use super::condition::Reach;
use super::figure::Place;
use super::policy::Build;
use crate::money::Money;
use crate::policy::facts::Subject;
use crate::policy::figure::{Adjust, Change, Count, Value};
use crate::policy::info::Layer;
use crate::ratio::Ratio;
use crate::text::{Code, Cursor, Diagnostic, Node, Span};

impl<'s> Build<'s> {
    /// Reads one adjustment of a figure of this sort; `cursor` still holds `id` and `figure`, which the caller reads.
    pub(super) fn adjust(
        &mut self,
        id: &str,
        cursor: &Cursor<'_, 's>,
        place: &Place,
    ) -> Option<(Adjust, Span, Reach)> {
        let sort = place.sort;
        let cited = place.cited.and(self, cursor);
        let (condition, own_reach) = self.condition(cursor);
        let reach = place.reach.and(&own_reach);
        if reach.is_empty() && !place.reach.is_empty() && !own_reach.is_empty() {
            let span = cursor.key_span("when");
            let message = format!("{} can never apply where it stands", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::StepNeverApplies, span, message)
                    .expected("a condition that some bill can meet together with those around it"),
            );
        }
        let number = |build: &Self, key: &'static str| {
            let node = cursor.opt(key)?;
            let name = cursor.name_of(key);
            if sort.ratio {
                build.ratio(node, &name).map(Ratio::millionths)
            } else {
                build.amount(node, &name).map(Money::fen)
            }
        };
        // Read below, unless something else is wrong.
        for key in ["per", "add_at_most"] {
            cursor.opt(key);
        }
        let given: Vec<&'static str> = ["set", "add", "subtract", "multiply", "waive"]
            .into_iter()
            .filter(|key| cursor.has(key))
            .collect();
        if let [_, second, ..] = given.as_slice() {
            let message = format!(
                "{} has {}",
                cursor.what(),
                given
                    .iter()
                    .map(|key| format!("`{key}`"))
                    .collect::<Vec<_>>()
                    .join(" and ")
            );
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span(second), message)
                    .expected("one of them"),
            );
        }
        let (at_least, at_most) = (number(self, "at_least"), number(self, "at_most"));
        self.check_bounds(cursor, at_least, at_most);
        let rounding = self.rounding(cursor);
        let unstated = given
            .iter()
            .any(|key| cursor.opt(key).and_then(Node::as_str) == Some("unstated"));
        let change = match given.first() {
            // Changed, but no source says by how much.
            Some(_) if unstated => Change::Set(Value::Unstated),
            Some(&"set") => {
                Change::Set(self.plain_value(cursor.opt("set")?, &cursor.name_of("set"), sort)?)
            }
            Some(&"add") => Change::Add(number(self, "add")?),
            Some(&"subtract") => Change::Subtract(number(self, "subtract")?),
            Some(&"multiply") => {
                Change::Multiply(self.ratio(cursor.opt("multiply")?, &cursor.name_of("multiply"))?)
            }
            Some(_) => {
                if at_least.is_some() || at_most.is_some() {
                    let message = format!("`waive` with a bound in {}", cursor.what());
                    self.sink.push(
                        Diagnostic::error(Code::Conflict, cursor.key_span("waive"), message)
                            .expected("`waive = true` alone: the figure is 0; or `subtract` with `at_least`"),
                    );
                }
                if let Some((false, span)) = cursor.opt_bool("waive") {
                    self.sink.push(
                        Diagnostic::error(Code::BadValue, span, "`waive` can only be `true`")
                            .expected("`waive = true`, or no adjustment"),
                    );
                }
                Change::Set(Value::Number(0))
            }
            None if at_least.is_some() || at_most.is_some() => Change::Bound,
            None => {
                let diagnostic = Diagnostic::error(
                    Code::MissingKey,
                    cursor.span(),
                    format!("{} changes nothing", cursor.what()),
                );
                self.sink.push(
                    diagnostic.expected(
                        "one of `set`, `add`, `subtract`, `multiply`, `waive`, or a bound",
                    ),
                );
                return None;
            }
        };
        let counts = Count::ALL.map(|count| (count.id(), count));
        let bound = number(self, "add_at_most");
        let per = cursor.opt("per").and_then(|node| {
            let count = self.word(node, &cursor.name_of("per"), &counts)?;
            if !matches!(change, Change::Add(_) | Change::Subtract(_)) {
                let message = format!("`per` without `add` or `subtract` in {}", cursor.what());
                self.sink.push(
                    Diagnostic::error(Code::Conflict, cursor.key_span("per"), message)
                        .expected("`per` beside `add` or `subtract`"),
                );
            }
            if bound.is_none() && at_least.is_none() && at_most.is_none() {
                let message = format!("`per` without a bound in {}", cursor.what());
                self.sink.push(
                    Diagnostic::error(Code::MissingKey, cursor.key_span("per"), message)
                        .expected("`add_at_most`, `at_most` or `at_least`"),
                );
                return None;
            }
            Some((count, bound))
        });
        if per.is_none() && cursor.has("add_at_most") && !cursor.has("per") {
            let message = format!("`add_at_most` without `per` in {}", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("add_at_most"), message)
                    .expected("`per` beside it"),
            );
        }
        if sort.ratio && cursor.has("round") {
            let message = format!("`round` of a ratio in {}", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("round"), message)
                    .expected("`round` only for amounts: ratios stay exact"),
            );
        }
        // One inherited from what a layer has replaced by a plain value is of no use, and no mistake.
        let written_for = |key: &str| match key {
            "add" | "subtract" | "multiply" => true,
            plain => cursor.key_span(plain).file != cursor.key_span("round").file,
        };
        let has_use = given.first().is_some_and(|key| written_for(key));
        if !sort.ratio && cursor.has("round") && !has_use {
            let message = format!("`round` in {}, which works nothing out", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("round"), message)
                    .expected("`round` beside `add`, `subtract` or `multiply`; or the `round` of the deductible or table itself"),
            );
        }
        // Any part of it may be of an assumed layer.
        let spans = cursor.table().entries().iter().map(|entry| entry.key_span);
        let assumed = spans
            .chain(self.assumed_members.take())
            .find(|span| self.layer_of(span.file) == Layer::Assumed);
        let span = assumed.unwrap_or(cursor.span());
        let note = self.note(&format!("{}.{id}", place.path), &cited, span);
        let adjust = Adjust {
            id: id.into(),
            condition,
            change,
            per,
            at_least,
            at_most,
            rounding: (!sort.ratio).then_some(rounding),
            certificates: reach.of(Subject::Certificate).unwrap_or_default().to_vec(),
            note,
        };
        Some((adjust, cursor.span(), reach))
    }
}
