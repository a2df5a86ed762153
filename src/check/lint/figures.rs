//! Figures of a size or in an order that is probably not meant.

use super::{Lint, paid, used};
use crate::check::leaves::{Reached, Role, leaves, of_step, with_named};
use crate::money::Money;
use crate::policy::facts::Subject;
use crate::policy::figure::{Adjust, Change, FigureId, Node, Table, Value};
use crate::policy::info::PayerKind;
use crate::policy::step::{Formula, LimitOn, LimitPer, Step};
use crate::probe::Ask;
use crate::ratio::Ratio;
use crate::text::{Code, Diagnostic};
use crate::vocabulary::Dimension;

/// Ratios below this (1 %) are probably typed as a part of one: `0.65%` for `65%`.
const TINY_RATIO: i64 = 10_000;
/// Points and yearly steps may be smaller; below this (0.5 %) they too are suspicious.
const TINY_POINTS: i64 = 5_000;
/// A factor below this (10 %) was probably meant as points.
const TINY_FACTOR: i64 = 100_000;
/// A guarantee up to this (30 %) is probably what is left to the patient.
const PATIENTS_SHARE: i64 = 300_000;
/// No deductible is above a million yuan.
const MOST_DEDUCTIBLE: i64 = 100_000_000;
/// No limit and no price is above a hundred million yuan.
const MOST_LIMIT: i64 = 10_000_000_000;
/// No amount but zero is below a yuan.
const LEAST_AMOUNT: i64 = 100;
/// No yearly limit and no edge of a band but zero is below ten yuan.
const LEAST_LONG: i64 = 1_000;

pub(super) fn check(lint: &Lint<'_>) {
    for (number, step) in lint.policy.steps.iter().enumerate() {
        let at = At { lint, number, step };
        for (role, figure) in of_step(lint.policy, step) {
            for reached in leaves(lint.policy, figure) {
                match role.is_ratio() {
                    true => at.ratio(role, &reached),
                    false => at.amount(role, &reached),
                }
            }
            for figure in with_named(lint.policy, figure) {
                for adjust in &figure.adjusts {
                    at.adjust(role, adjust);
                }
            }
            at.order(role, figure);
        }
        at.edges();
    }
}

/// A step whose figures are looked at.
struct At<'a> {
    lint: &'a Lint<'a>,
    number: usize,
    step: &'a Step,
}

impl At<'_> {
    fn id(&self) -> &str {
        self.lint.step_id(self.number)
    }

    fn ask(&self) -> Ask {
        Ask::of(&self.step.condition)
    }

    /// A case in which the value counts.
    fn case_of(&self, reached: &Reached, name: &str) -> Option<String> {
        let path = self.lint.path(reached.leaf.note);
        let ask = reached.ask(&self.ask());
        self.lint
            .witness(&ask, self.step, name, |found| used(found, path))
    }

    fn ratio(&self, role: Role, reached: &Reached) {
        let Some(ratio) = reached.number().filter(|ratio| *ratio > 0) else {
            return;
        };
        let path = self.lint.path(reached.leaf.note);
        let shown = Ratio::from_millionths(ratio);
        let span = self.lint.span(reached.leaf.note);
        if ratio < TINY_RATIO {
            let message = format!("`{path}` is `{shown}`, less than one percent");
            let name = format!("`{path}` is `{shown}`");
            let diagnostic = self.lint.warn(Code::RatioTiny, span, message);
            self.lint.push(
                diagnostic
                    .expected(percentage(ratio))
                    .witnessed(self.case_of(reached, &name)),
            );
        } else if role == Role::Guarantee && ratio <= PATIENTS_SHARE {
            let rest = Ratio::from_millionths(Ratio::SCALE.saturating_sub(ratio));
            let message = format!("`{path}` guarantees only `{shown}`");
            let name = format!("`{path}` guarantees only `{shown}`");
            let diagnostic = self.lint.warn(Code::PatientsShare, span, message);
            self.lint.push(
                diagnostic
                    .label("probably what is left to the patient")
                    .expected(format!(
                        "what is reimbursed: `\"{rest}\"` where the patient pays {shown} at most"
                    ))
                    .witnessed(self.case_of(reached, &name)),
            );
        }
    }

    fn amount(&self, role: Role, reached: &Reached) {
        let lint = self.lint;
        let path = lint.path(reached.leaf.note);
        let span = lint.span(reached.leaf.note);
        if let Value::Share { share, .. } = reached.leaf.value {
            let ratio = share.millionths();
            if (1..TINY_RATIO).contains(&ratio) {
                let message =
                    format!("the share of money in `{path}` is `{share}`, less than one percent");
                let diagnostic = lint.warn(Code::RatioTiny, span, message);
                lint.push(diagnostic.expected(percentage(ratio)));
            }
        }
        // A number of bills is no amount.
        if matches!(role, Role::Limit(_, LimitOn::Bills)) {
            return;
        }
        let Some(fen) = reached.number() else { return };
        let most = match role {
            Role::Deductible => MOST_DEDUCTIBLE,
            _ => MOST_LIMIT,
        };
        let yearly = match role {
            Role::Limit(limit, _) => {
                let limit = lint.policy.limits.get(limit);
                limit.is_some_and(|limit| limit.per != LimitPer::Bill)
            }
            _ => false,
        };
        let least = if yearly { LEAST_LONG } else { LEAST_AMOUNT };
        let amount = Money::from_fen(fen);
        let name = format!("`{path}` is {amount} yuan");
        if fen > most {
            let message = format!("`{path}` is {amount} yuan");
            let most = Money::from_fen(most);
            lint.push(
                Diagnostic::error(Code::AmountAbsurd, span, message)
                    .expected(format!("an amount in yuan of at most {most}"))
                    .witnessed(self.case_of(reached, &name)),
            );
        } else if (1..least).contains(&fen) {
            let message = format!("`{path}` is {amount} yuan");
            lint.push(
                lint.warn(Code::AmountTiny, span, message)
                    .expected("an amount in yuan: ten thousand (`万`) is 10000")
                    .witnessed(self.case_of(reached, &name)),
            );
        }
    }

    /// The edges of bands are amounts too.
    fn edges(&self) {
        let Formula::Bands(bands) = &self.step.formula else {
            return;
        };
        for band in &bands.bands {
            let edge = band.over.fen();
            let path = leaves(self.lint.policy, band.ratio)
                .first()
                .map(|reached| reached.leaf.note);
            let (Some(note), true) = (path, (1..LEAST_LONG).contains(&edge)) else {
                continue;
            };
            let message = format!("a band of `{}` begins at {} yuan", self.id(), band.over);
            let diagnostic = self
                .lint
                .warn(Code::AmountTiny, self.lint.span(note), message);
            let id = self.id();
            let case = self.lint.witness(
                &self.ask(),
                self.step,
                &format!("a band begins at {} yuan", band.over),
                |found| paid(found, id).is_some_and(|paid| paid > Money::ZERO),
            );
            self.lint.push(
                diagnostic
                    .label("the ratio of this band")
                    .expected("edges in yuan: ten thousand (`万`) is 10000")
                    .witnessed(case),
            );
        }
    }

    fn adjust(&self, role: Role, adjust: &Adjust) {
        let lint = self.lint;
        let tiny = match adjust.change {
            Change::Set(Value::Number(ratio)) if role.is_ratio() => (1..TINY_RATIO)
                .contains(&ratio)
                .then(|| (ratio, percentage(ratio))),
            Change::Add(ratio) | Change::Subtract(ratio)
                if role.is_ratio() && adjust.per.is_none() =>
            {
                (1..TINY_POINTS)
                    .contains(&ratio)
                    .then(|| (ratio, percentage(ratio)))
            }
            Change::Multiply(factor) => {
                let ratio = factor.millionths();
                (1..TINY_FACTOR).contains(&ratio).then(|| {
                    let expected = match role.is_ratio() {
                        true => {
                            format!("`add = \"{factor}\"` where {factor} points more are meant")
                        }
                        false => percentage(ratio),
                    };
                    (ratio, expected)
                })
            }
            _ => None,
        };
        let path = lint.path(adjust.note);
        if let Some((ratio, expected)) = tiny {
            let message = format!(
                "the adjustment `{path}` is by `{}`",
                Ratio::from_millionths(ratio)
            );
            let ask = self.ask().and(&adjust.condition);
            let name = format!("the adjustment `{path}`");
            let case = lint.witness(&ask, self.step, &name, |found| used(found, path));
            let diagnostic = lint.warn(Code::RatioTiny, lint.span(adjust.note), message);
            lint.push(diagnostic.expected(expected).witnessed(case));
        }
        let counts = matches!(role, Role::Limit(_, LimitOn::Bills));
        if let (Change::Set(Value::Number(fen)), false) = (adjust.change, role.is_ratio() || counts)
        {
            let most = match role {
                Role::Deductible => MOST_DEDUCTIBLE,
                _ => MOST_LIMIT,
            };
            let amount = Money::from_fen(fen);
            let message = format!("the adjustment `{path}` sets {amount} yuan");
            let span = lint.span(adjust.note);
            if fen > most {
                let most = Money::from_fen(most);
                lint.push(
                    Diagnostic::error(Code::AmountAbsurd, span, message)
                        .expected(format!("an amount in yuan of at most {most}")),
                );
            } else if (1..LEAST_AMOUNT).contains(&fen) {
                lint.push(
                    lint.warn(Code::AmountTiny, span, message)
                        .expected("an amount in yuan: ten thousand (`万`) is 10000"),
                );
            }
        }
    }

    /// Ratios of insurance fall, and deductibles rise, from the village to the province, from grade one to three, and
    /// from the county outwards.
    fn order(&self, role: Role, figure: FigureId) {
        let rises = match role {
            Role::Ratio | Role::Band(_) if self.is_insurance() => false,
            Role::Deductible => true,
            _ => return,
        };
        if let Some(figure) = self.lint.policy.figure(figure) {
            self.order_in(&figure.root, rises);
        }
    }

    fn is_insurance(&self) -> bool {
        let slots = self.lint.policy.slots.get(self.step.slots.clone());
        let payers = self.lint.policy.payers();
        slots.unwrap_or_default().iter().all(|slot| {
            let payer = payers.get(slot.payer);
            payer.is_some_and(|payer| payer.kind == PayerKind::Insurance)
        })
    }

    fn order_in(&self, node: &Node, rises: bool) {
        let table = match node {
            Node::Leaf(_) => return,
            Node::Named(figure) => {
                if let Some(figure) = self.lint.policy.figure(*figure) {
                    self.order_in(&figure.root, rises);
                }
                return;
            }
            Node::Table(table) => table,
        };
        self.order_of(table, rises);
        let entries = table.entries.iter().map(|entry| &entry.node);
        for node in entries.chain(&table.other) {
            self.order_in(node, rises);
        }
    }

    fn order_of(&self, table: &Table, rises: bool) {
        let lint = self.lint;
        let (dimension, words): (Dimension, &[&str]) = match table.subject {
            Subject::Tier => (
                Dimension::Tier,
                &["village", "township", "county", "city", "province"],
            ),
            Subject::Grade => (Dimension::Grade, &["one", "two", "three"]),
            Subject::Place => (
                Dimension::Place,
                &["in-county", "in-city", "in-province", "elsewhere"],
            ),
            _ => return,
        };
        let mut last: Option<(i64, crate::policy::info::NoteId, &str)> = None;
        for word in words {
            let number = lint.policy.words.find(dimension, word);
            let mut entries = table.entries.iter();
            let entry = entries.find(|entry| number.is_some_and(|n| entry.values.contains(&n)));
            let Some(Node::Leaf(leaf)) = entry.map(|entry| &entry.node) else {
                continue;
            };
            let Value::Number(value) = leaf.value else {
                continue;
            };
            if let Some((before, note, near)) = last
                && (if rises {
                    value < before
                } else {
                    value > before
                })
            {
                let show = |value: i64| match rises {
                    true => Money::from_fen(value).to_string(),
                    false => Ratio::from_millionths(value).to_string(),
                };
                let (what, way) = match rises {
                    true => ("deductible", "lower"),
                    false => ("ratio", "higher"),
                };
                let message = format!(
                    "the {what} of `{}` for `{word}` is {way} than for `{near}`: `{}` and `{}`",
                    self.id(),
                    show(value),
                    show(before)
                );
                let expected = match rises {
                    true => "deductibles that rise with the tier, the grade and the distance",
                    false => {
                        "the payer's ratios, which fall with the tier, the grade and the distance; the patient's would rise"
                    }
                };
                let ask = self.ask().pin(table.subject, &[number.unwrap_or_default()]);
                let path = lint.path(leaf.note);
                let name = format!("`{path}`");
                let case = lint.witness(&ask, self.step, &name, |found| used(found, path));
                lint.push(
                    lint.warn(Code::OrderUnusual, lint.span(leaf.note), message)
                        .secondary(lint.span(note), "the nearer one")
                        .expected(expected)
                        .witnessed(case),
                );
            }
            last = Some((value, leaf.note, word));
        }
    }
}

/// What was probably meant by a tiny ratio.
fn percentage(ratio: i64) -> String {
    let meant = Ratio::from_millionths(ratio.saturating_mul(100));
    format!("a percentage: `\"{meant}\"` where {meant} is meant")
}
