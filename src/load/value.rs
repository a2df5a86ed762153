//! Values: ratios, amounts and shares of money, from the text of their literals.

use super::figure::{Place, Sort};
use super::policy::Build;
use crate::money::Money;
use crate::policy::figure::{Leaf, Node as FigureNode, ShareOf, Value};
use crate::ratio::{Ratio, RatioError};
use crate::rounding::{Rounding, RoundingMode, RoundingUnit};
use crate::text::{Code, Cursor, Diagnostic, Node, Value as Toml, suggest};

impl<'s> Build<'s> {
    /// A plain ratio or amount.
    pub(super) fn plain_value(&self, node: &Node<'_>, place: &str, sort: Sort) -> Option<Value> {
        let word = node.as_str().map(str::trim);
        match word {
            Some("unstated") => return Some(Value::Unstated),
            Some("none") if sort.no_limit => return Some(Value::NoLimit),
            _ => {}
        }
        if sort.ratio {
            return self
                .ratio(node, place)
                .map(|ratio| Value::Number(ratio.millionths()));
        }
        self.amount(node, place)
            .map(|amount| Value::Number(amount.fen()))
    }

    /// A ratio of 0 to 100 %.
    pub(super) fn ratio(&self, node: &Node<'_>, place: &str) -> Option<Ratio> {
        let text = match &node.value {
            Toml::String(text) => &**text,
            Toml::Integer(text) | Toml::Float(text) => {
                let diagnostic = Diagnostic::error(
                    Code::BadRatio,
                    node.span,
                    format!("{place} cannot be the number `{text}`"),
                );
                self.sink.push(
                    diagnostic
                        .expected("a ratio in quotes with its percent sign, such as `\"85%\"`"),
                );
                return None;
            }
            _ => {
                self.sink
                    .wrong_type(node, place, "a ratio such as `\"85%\"`");
                return None;
            }
        };
        match Ratio::parse(text.trim()) {
            Ok(ratio) if ratio > Ratio::ONE => {
                let diagnostic = Diagnostic::error(
                    Code::RatioOver100,
                    node.span,
                    format!("{place} is `{text}`, more than 100%"),
                );
                self.sink
                    .push(diagnostic.expected("a ratio from `\"0%\"` to `\"100%\"`"));
                None
            }
            Ok(ratio) if ratio < Ratio::ZERO => {
                let diagnostic = Diagnostic::error(
                    Code::RatioBelow0,
                    node.span,
                    format!("{place} is `{text}`, less than 0"),
                );
                self.sink
                    .push(diagnostic.expected("a ratio from `\"0%\"` to `\"100%\"`"));
                None
            }
            Ok(ratio) => Some(ratio),
            Err(error) => {
                let code = match error {
                    RatioError::TooFine { .. } => Code::RatioTooFine,
                    _ => Code::BadRatio,
                };
                let near = suggest(text, ["unstated"]);
                let diagnostic =
                    Diagnostic::of_error(code, node.span, place, &error).did_you_mean(near);
                self.sink.push(match code {
                    Code::RatioTooFine => diagnostic,
                    _ if text.contains('％') => {
                        let half_width = text.replace('％', "%");
                        diagnostic.expected(format!("a half-width percent sign: `\"{half_width}\"`"))
                    }
                    _ => diagnostic.expected("a ratio in quotes with its percent sign, such as `\"85%\"`, or `\"unstated\"`"),
                });
                None
            }
        }
    }

    /// An amount in yuan, from the text of its literal.
    pub(super) fn amount(&self, node: &Node<'_>, place: &str) -> Option<Money> {
        let text = match &node.value {
            Toml::Integer(text) | Toml::Float(text) => text,
            Toml::String(text) => {
                let near = suggest(text, ["unstated", "none"]);
                let diagnostic = Diagnostic::error(
                    Code::BadAmount,
                    node.span,
                    format!("{place} cannot be the text `{text}`"),
                )
                .did_you_mean(near);
                self.sink.push(diagnostic.expected(match &**text {
                    "none" => "an amount (`0` ends an inherited one), or no such key: `\"none\"` (no limit) is for limits",
                    _ => "an amount in yuan without quotes, such as `3000` or `454.92`, or a word such as `\"unstated\"`",
                }));
                return None;
            }
            _ => {
                self.sink
                    .wrong_type(node, place, "an amount such as `3000` or `454.92`");
                return None;
            }
        };
        match Money::parse(text) {
            Ok(amount) if amount.is_negative() => {
                let diagnostic = Diagnostic::error(
                    Code::AmountBelow0,
                    node.span,
                    format!("{place} is `{text}`, less than 0"),
                );
                self.sink
                    .push(diagnostic.expected("an amount of 0 or more"));
                None
            }
            Ok(amount) => Some(amount),
            Err(error) => {
                self.sink.push(Diagnostic::of_error(
                    Code::BadAmount,
                    node.span,
                    place,
                    &error,
                ));
                None
            }
        }
    }

    /// `{ share = "20%", of = "total", at_least = 2000, at_most = 10000 }`.
    pub(super) fn share(&mut self, cursor: &Cursor<'_, 's>, place: &Place) -> Option<FigureNode> {
        let node = cursor.opt("share")?;
        if place.sort.ratio {
            for key in ["of", "at_least", "at_most"] {
                cursor.opt(key);
            }
            let message = format!("{} is a ratio, not a `share` of money", cursor.what());
            self.sink.push(
                Diagnostic::error(Code::Conflict, cursor.key_span("share"), message)
                    .expected("a ratio such as `\"85%\"`"),
            );
            return None;
        }
        let share = self.ratio(node, &cursor.name_of("share"));
        let mut words = vec![("total", ShareOf::Total), ("in-scope", ShareOf::InScope)];
        if place.sort.of_base {
            words.push(("base", ShareOf::Base));
        }
        let of = cursor
            .req("of")
            .and_then(|node| self.word(node, &cursor.name_of("of"), &words));
        let bound = |key: &'static str| match cursor.opt(key) {
            Some(node) => self.amount(node, &cursor.name_of(key)).map(Some),
            None => Some(None),
        };
        let (at_least, at_most) = (bound("at_least"), bound("at_most"));
        self.check_bounds(cursor, at_least.flatten(), at_most.flatten());
        let value = Value::Share {
            share: share?,
            of: of?,
            at_least: at_least?,
            at_most: at_most?,
        };
        let note = self.note(&place.path, &place.cited, node.span);
        Some(FigureNode::Leaf(Leaf { value, note }))
    }

    /// `at_least` is not above `at_most`.
    pub(super) fn check_bounds<T: PartialOrd>(
        &self,
        cursor: &Cursor<'_, 's>,
        at_least: Option<T>,
        at_most: Option<T>,
    ) {
        if let (Some(at_least), Some(at_most), Some(node)) =
            (at_least, at_most, cursor.opt("at_most"))
            && at_most < at_least
        {
            let message = format!("{} is below its `at_least`", cursor.name_of("at_most"));
            self.sink.push(
                Diagnostic::error(Code::BadValue, node.span, message)
                    .expected("an upper bound that is not below the lower one"),
            );
        }
    }

    /// `range_to` beside `value`: the upper end of a range, of which the value is the lower.
    pub(super) fn check_range(&self, found: &Option<FigureNode>, node: &Node<'_>, place: &Place) {
        let Some(to) = self.plain_value(node, "`range_to`", place.sort) else {
            return;
        };
        if let (
            Some(FigureNode::Leaf(Leaf {
                value: Value::Number(from),
                ..
            })),
            Value::Number(to),
        ) = (found, to)
            && to <= *from
        {
            let diagnostic =
                Diagnostic::error(Code::BadValue, node.span, "`range_to` is not above `value`");
            self.sink
                .push(diagnostic.expected("the upper end of the range"));
        }
    }

    /// `{ unit = "yuan", mode = "half-up" }`.
    pub(super) fn rounding(&self, cursor: &Cursor<'_, 's>) -> Rounding {
        let Some(table) = cursor.opt_table("round") else {
            return Rounding::default();
        };
        let mut rounding = Rounding::default();
        if let Some(node) = table.opt("unit") {
            let units = RoundingUnit::ALL.map(|unit| (unit.id(), unit));
            rounding.unit = self
                .word(node, &table.name_of("unit"), &units)
                .unwrap_or(rounding.unit);
        }
        if let Some(node) = table.opt("mode") {
            let modes = RoundingMode::ALL.map(|mode| (mode.id(), mode));
            rounding.mode = self
                .word(node, &table.name_of("mode"), &modes)
                .unwrap_or(rounding.mode);
        }
        table.finish();
        rounding
    }
}
