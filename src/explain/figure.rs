//! The chain behind a figure: the entry of its table, then its adjustments, each with where it comes from.

use super::how::{Adjustment, ChangeKind, How};
use super::why::{Kind, Value, Why, Words};
use crate::check::Speaker;
use crate::language::Language;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::{
    Adjust, Best, Change, Count, Figure, FigureId, Node, ShareOf, Table, Value as Given,
};
use crate::policy::info::{Citation, NoteId};
use crate::ratio::Ratio;
use crate::rounding::{Rounding, RoundingUnit};
use crate::settle::figures::Bases;
use crate::settle::situation::Situation;

/// What the numbers of a figure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Ratio,
    Amount,
}

impl Unit {
    fn value(self, number: i64) -> Value {
        match self {
            Unit::Ratio => Value::Ratio(Ratio::from_millionths(number)),
            Unit::Amount => Value::Money(Money::from_fen(number)),
        }
    }
}

/// Says what a policy's figures come to in a situation.
pub(super) struct Figures<'a> {
    pub(super) policy: &'a Policy,
    pub(super) situation: &'a Situation,
    zh: Speaker<'a>,
    en: Speaker<'a>,
}

impl<'a> Figures<'a> {
    pub(super) fn new(policy: &'a Policy, situation: &'a Situation) -> Figures<'a> {
        Figures {
            policy,
            situation,
            zh: Speaker::of(policy, Language::Chinese, situation),
            en: Speaker::of(policy, Language::English, situation),
        }
    }

    /// The same text of both speakers.
    pub(super) fn say(&self, text: impl Fn(&Speaker<'a>) -> String) -> Words {
        Words::new(text(&self.zh), text(&self.en))
    }

    pub(super) fn note(&self, note: NoteId) -> Option<Citation> {
        self.policy.info.note(note).cloned()
    }

    /// A figure as it was worked; `None` where it is refused.
    pub(super) fn figure(&self, id: FigureId, unit: Unit, bases: Bases) -> Option<Why> {
        let figure = self.policy.figure(id)?;
        Chain {
            of: self,
            unit,
            bases,
            best: figure.best,
        }
        .adjusted(figure)
    }

    /// The entry of a table in words: "tier is county".
    fn entry(&self, keys: &[(Subject, Vec<u16>)]) -> Words {
        self.say(|speaker| {
            let tests = keys.iter().map(|(subject, values)| {
                let (field, values) = (speaker.field(*subject), speaker.values(*subject, values));
                match values.as_str() {
                    "" => speaker.t(format!("其余{field}"), format!("any other {field}")),
                    _ => speaker.t(format!("{field}为{values}"), format!("{field} is {values}")),
                }
            });
            let tests: Vec<String> = tests.collect();
            tests.join(speaker.t("，", ", "))
        })
    }
}

/// One figure.
struct Chain<'f, 'a> {
    of: &'f Figures<'a>,
    unit: Unit,
    bases: Bases,
    /// Of the figure asked for, also in the named tables that it uses.
    best: Best,
}

/// The keys of tables that led to an entry.
type Keys = Vec<(Subject, Vec<u16>)>;

impl Chain<'_, '_> {
    fn adjusted(&self, figure: &Figure) -> Option<Why> {
        let mut why = self.node(&figure.root, &Keys::new())?;
        for adjust in &figure.adjusts {
            if adjust.condition.holds(&self.of.situation.known).ok()? {
                why = self.adjust(adjust, why)?;
            }
        }
        // Rounded once, after the adjustments.
        let rounding = figure.rounding;
        match why.value {
            Value::Exact(_) => rounded(why, rounding),
            Value::Money(_) if rounding.unit != RoundingUnit::Fen => rounded(why, rounding),
            _ => Some(why),
        }
    }

    fn node(&self, node: &Node, keys: &Keys) -> Option<Why> {
        match node {
            Node::Leaf(leaf) => {
                let why = self.given(leaf.value, Kind::Entry)?;
                let why = why.named("", self.of.entry(keys));
                Some(why.cited(self.of.note(leaf.note)))
            }
            Node::Named(id) => {
                let named = self.of.policy.figure(*id)?;
                let name = named.name.strip_prefix("table.").unwrap_or(&named.name);
                let why = Why::worked(Kind::Table, How::Same, vec![self.adjusted(named)?])?;
                Some(why.named(name, Words::new(name, name)))
            }
            Node::Table(table) => self.table(table, keys),
        }
    }

    fn table(&self, table: &Table, keys: &Keys) -> Option<Why> {
        let values = self.of.situation.values(table.subject)?;
        let within = |values: Vec<u16>| {
            let mut keys = keys.clone();
            keys.push((table.subject, values));
            keys
        };
        let mut found = Vec::new();
        for entry in &table.entries {
            let held = |value: &&u16| entry.values.contains(*value);
            let held: Vec<u16> = values.iter().filter(held).copied().collect();
            if !held.is_empty() {
                found.push(self.node(&entry.node, &within(held))?);
            }
        }
        match (found.len(), &table.other) {
            (0, Some(other)) => self.node(other, &within(Vec::new())),
            (0, None) => None,
            (1, _) => found.pop(),
            _ => {
                // What is unstated could be anything, so it wins, and the bill is refused.
                if let Some(unstated) = found.iter().find(|why| why.value == Value::Unstated) {
                    return Some(unstated.clone());
                }
                let how = match self.best {
                    Best::Highest => How::Greatest,
                    Best::Lowest => How::Least,
                };
                Why::worked(Kind::Best, how, found)
            }
        }
    }

    /// A value of the rule file, with shares worked out.
    fn given(&self, value: Given, kind: Kind) -> Option<Why> {
        let (share, of, at_least, at_most) = match value {
            Given::Number(number) => return Some(Why::given(kind, self.unit.value(number))),
            Given::NoLimit => return Some(Why::given(kind, Value::NoLimit)),
            Given::Unstated => return Some(Why::given(kind, Value::Unstated)),
            Given::Share {
                share,
                of,
                at_least,
                at_most,
            } => (share, of, at_least, at_most),
        };
        let (fen, name) = match of {
            ShareOf::Total => (self.bases.total, Words::new("总费用", "the whole bill")),
            ShareOf::InScope => (
                self.bases.in_scope,
                Words::new("政策范围内费用", "the in-scope cost"),
            ),
            ShareOf::Base => (self.bases.base, Words::new("本步骤基数", "the step's base")),
        };
        let money = Why::money(Kind::ShareOf, fen).named("", name);
        let ratio = Why::given(Kind::Ratio, Value::Ratio(share));
        let product = Why::worked(kind, How::Product, vec![money, ratio])?;
        match (at_least, at_most) {
            (None, None) => Some(product),
            _ => {
                let how = How::Clamped { at_least, at_most };
                Why::worked(Kind::Bounded, how, vec![product])
            }
        }
    }

    fn adjust(&self, adjust: &Adjust, before: Why) -> Option<Why> {
        let ratio = |ratio| Why::given(Kind::By, Value::Ratio(ratio));
        let amount = |number| Why::given(Kind::By, self.unit.value(number));
        let (change, by) = match adjust.change {
            Change::Set(to) => (ChangeKind::Set, Some(self.given(to, Kind::By)?)),
            Change::Add(by) => (ChangeKind::Add, Some(amount(by))),
            Change::Subtract(by) => (ChangeKind::Subtract, Some(amount(by))),
            Change::Multiply(by) => (ChangeKind::Multiply, Some(ratio(by))),
            Change::Bound => (ChangeKind::Bound, None),
        };
        let (times, in_all) = match adjust.per {
            None => (1, None),
            Some((count, bound)) => (self.count(count, adjust)?, bound),
        };
        let value = |number: Option<i64>| number.map(|number| self.unit.value(number));
        let how = How::Adjusted(Adjustment {
            change,
            times,
            in_all: value(in_all),
            at_least: value(adjust.at_least),
            at_most: value(adjust.at_most),
            rounding: adjust.rounding,
        });
        let from = std::iter::once(before).chain(by).collect();
        let why = Why::worked(Kind::Adjusted, how, from)?;
        let condition = self.of.say(|speaker| speaker.condition(&adjust.condition));
        let why = why.named(&adjust.id, condition);
        Some(why.cited(self.of.note(adjust.note)))
    }

    fn count(&self, count: Count, adjust: &Adjust) -> Option<i64> {
        let situation = self.of.situation;
        let number = |subject| {
            let values = situation.values(subject)?;
            Some(i64::from(values.first().copied().unwrap_or(0)))
        };
        match count {
            Count::InsuredYear => number(Subject::InsuredYears),
            Count::EarlierAdmission => number(Subject::Admission)?.checked_sub(1),
            Count::FurtherCertificate => {
                let held = situation.values(Subject::Certificate).unwrap_or_default();
                let counted = held.iter().filter(|held| adjust.counts_certificate(**held));
                i64::try_from(counted.count().saturating_sub(1)).ok()
            }
        }
    }
}

fn rounded(why: Why, rounding: Rounding) -> Option<Why> {
    let how = How::Rounded {
        rounding,
        at_most: None,
    };
    Why::worked(Kind::Bounded, how, vec![why])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::RuleBook;
    use crate::policy::step::{Covers, Formula, Step};
    use crate::probe::{Ask, Dice, Sampler};
    use crate::settle::figures::Resolver;

    /// Whether a step uses a figure as a ratio.
    fn is_ratio(step: &Step, id: FigureId) -> bool {
        let formula = match &step.formula {
            Formula::Ratio(ratio) => *ratio == id,
            Formula::Bands(bands) => bands.bands.iter().any(|band| band.ratio == id),
            Formula::Guarantee(guarantee) => guarantee.ratio == id,
        };
        formula || step.payment == Some(id)
    }

    /// The second working of figures, with its chain, gives what the first gives: every figure of every shipped policy.
    #[test]
    fn the_chain_of_a_figure_ends_at_what_the_engine_resolves() {
        let mut compared = 0;
        for policy in RuleBook::embedded().policies() {
            let mut dice = Dice::default();
            let sampler = Sampler::new(policy);
            for step in &policy.steps {
                let near = sampler.near(policy, &Ask::of(&step.condition), &[Covers::TOTAL]);
                for _ in 0..12 {
                    let Some(probe) = sampler.probe(&near, &mut dice) else {
                        continue;
                    };
                    let situation =
                        Situation::observe(policy, &probe.bill, &probe.patient).unwrap();
                    let figures = Figures::new(policy, &situation);
                    let bases = Bases {
                        total: 1_234_567,
                        in_scope: 765_433,
                        base: 234_511,
                    };
                    for id in step.figures(&policy.limits) {
                        let unit = match is_ratio(step, id) {
                            true => Unit::Ratio,
                            false => Unit::Amount,
                        };
                        let mut resolver = Resolver {
                            policy,
                            situation: &situation,
                            bases,
                            is_of_money: false,
                            notes: &mut Vec::new(),
                        };
                        let expected = resolver.resolve(id).map(|number| match number {
                            Some(number) => unit.value(number),
                            None => Value::NoLimit,
                        });
                        let found = figures.figure(id, unit, bases).map(|why| {
                            assert!(why.holds(), "{why:#?}");
                            why.value
                        });
                        let found = found.filter(|value| *value != Value::Unstated);
                        assert_eq!(found, expected.ok(), "`{}`", policy.full_name());
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 5_000, "{compared}");
    }
}
