//! Making patients and bills up: from models of what is asked, varied at random but always the same.

use super::Probe;
use super::chance::Chance;
use super::choices::choices;
use super::line::Kind;
use super::solve::{Ask, Model, OTHER_HOSPITAL, models};
use crate::date::Date;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::{Figure, Node, Value};
use crate::policy::step::{Covers, Formula};
use std::borrow::Cow;

/// So many models of one thing that is asked are varied.
const MODELS: usize = 16;

/// Near what probes are made up: from these models, with lines of which any of these lists is for one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Near {
    models: Vec<Model>,
    kinds: Vec<Vec<Kind>>,
}

impl Near {
    /// Whether no bill can be what is asked.
    pub(crate) fn is_impossible(&self) -> bool {
        self.models.is_empty()
    }
}

/// Makes probes up for one policy.
#[derive(Debug)]
pub(crate) struct Sampler<'p> {
    policy: Cow<'p, Policy>,
    /// Amounts that the policy names, in fen.
    named: Vec<i64>,
    /// The lines that it can tell apart, with the selectors that take them.
    kinds: Vec<(u64, Kind)>,
    /// The values that it can tell apart.
    choices: Vec<(Subject, Vec<u16>)>,
    /// Numbers at which something changes, and next to them.
    numbers: Vec<(Subject, Vec<u32>)>,
    /// Days on which something changes.
    days: Vec<Date>,
}

impl<'p> Sampler<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Sampler<'p> {
        Sampler::of(Cow::Borrowed(policy))
    }

    /// With the policy its own.
    pub(crate) fn of(policy: Cow<'p, Policy>) -> Sampler<'p> {
        Sampler {
            named: named(&policy),
            kinds: Kind::all(&policy),
            choices: choices(&policy),
            numbers: [Subject::Age, Subject::InsuredYears, Subject::Admission]
                .map(|subject| (subject, numbers(&policy, subject)))
                .into(),
            days: days(&policy),
            policy,
        }
    }

    #[cfg(feature = "proptest")]
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Amounts that the policy names, in fen, each once and from small to large.
    #[cfg(feature = "proptest")]
    pub(crate) fn named(&self) -> &[i64] {
        &self.named
    }

    /// Near the bills of which something is asked, with lines for some steps. The other policy has the same words and may
    /// have other conditions.
    pub(crate) fn near(&self, policy: &Policy, ask: &Ask, covers: &[Covers]) -> Near {
        Near {
            models: models(policy, ask, MODELS),
            kinds: self.taken(covers),
        }
    }

    /// For each of these: the lines that it takes. Without those that take none.
    pub(crate) fn taken(&self, covers: &[Covers]) -> Vec<Vec<Kind>> {
        let taken = |covers: &Covers| -> Vec<Kind> {
            let all = self.kinds.iter();
            all.filter(|(signature, _)| signature & covers.selector == covers.selector)
                .map(|(_, kind)| kind.clone())
                .collect()
        };
        let mut kinds: Vec<Vec<Kind>> = covers.iter().map(taken).collect();
        kinds.retain(|kinds| !kinds.is_empty());
        kinds
    }

    /// Another probe; none if there can be none.
    pub(crate) fn probe(&self, near: &Near, dice: &mut dyn Chance) -> Option<Probe> {
        let mut model = dice.one_of(&near.models)?;
        self.vary(&mut model, dice);
        let mut probe = Probe::of(&self.policy, &model)?;
        let lines = [1, 1, 1, 2, 2, 3];
        for _ in 0..dice.one_of(&lines)? {
            let amount = Money::from_fen(self.amount(dice));
            let kind = self.kind(&near.kinds, dice);
            probe
                .bill
                .lines
                .extend(kind.and_then(|kind| kind.line(amount)));
        }
        Some(probe)
    }

    /// Gives some of the fields that are not asked about a value, and now and then another value to one that is.
    pub(crate) fn vary(&self, model: &mut Model, dice: &mut dyn Chance) {
        for (subject, values) in &self.choices {
            let asked = model.values.contains_key(subject);
            let often = match (subject.is_multiple(), asked) {
                (true, false) => 35,
                (true, true) => 15,
                (false, false) => 55,
                (false, true) => 3,
            };
            if !dice.percent(often) {
                continue;
            }
            let Some(value) = dice.one_of(values) else {
                continue;
            };
            let held = model.values.entry(*subject).or_default();
            if !subject.is_multiple() {
                held.clear();
            }
            if !held.contains(&value) {
                held.push(value);
            }
        }
        for (subject, numbers) in &self.numbers {
            if dice.percent(50)
                && let Some(number) = dice.one_of(numbers)
            {
                model.numbers.insert(*subject, number);
            }
        }
        if dice.percent(40) {
            model.date = dice.one_of(&self.days);
        }
        let hospitals = &self.policy.facts.hospitals;
        if !hospitals.is_empty() && dice.percent(20) {
            let known = dice.one_of(hospitals).map(|(name, _)| name.to_string());
            let known = known.filter(|_| dice.percent(70));
            model.hospital = Some(known.unwrap_or_else(|| OTHER_HOSPITAL.to_owned()));
        }
    }

    /// What a line is for: mostly something of one of these lists.
    pub(crate) fn kind(&self, asked: &[Vec<Kind>], dice: &mut dyn Chance) -> Option<Kind> {
        let asked = dice.one_of(asked).unwrap_or_default();
        let kind = match dice.below(100) {
            0..50 => asked.first().cloned(),
            50..85 => dice.one_of(&asked),
            _ => None,
        };
        let kind = match kind {
            Some(kind) => kind,
            None => dice.one_of(&self.kinds)?.1,
        };
        Some(match dice.percent(15) {
            true => kind.even(),
            false => kind,
        })
    }

    /// An amount in fen: near those that the policy names, or anything up to a million.
    fn amount(&self, dice: &mut dyn Chance) -> i64 {
        let named = &self.named;
        let amount = match dice.below(6) {
            0 => dice.one_of(named).unwrap_or(0),
            1 => {
                let both = [dice.one_of(named), dice.one_of(named)];
                both.into_iter().flatten().fold(0, i64::saturating_add)
            }
            _ => {
                let magnitudes = [
                    1_000,
                    10_000,
                    100_000,
                    1_000_000,
                    5_000_000,
                    20_000_000,
                    100_000_000,
                ];
                let most = dice.one_of(&magnitudes).unwrap_or(1_000);
                i64::try_from(dice.below(most)).unwrap_or(1)
            }
        };
        let off = [0, 0, 1, -1, 2, 10, 100];
        amount.saturating_add(dice.one_of(&off).unwrap_or(0)).max(1)
    }
}

/// The amounts that a policy names, in fen.
fn named(policy: &Policy) -> Vec<i64> {
    let mut named = Vec::new();
    let mut figure = |figure: &Figure| amounts(&figure.root, &mut named);
    let of_steps = policy.steps.iter().flat_map(|step| {
        let deductible = step.deductible.iter().map(|deductible| deductible.figure);
        deductible.chain(step.base.fixed)
    });
    let of_limits = policy.limits.iter().map(|limit| limit.figure);
    for id in of_steps.chain(of_limits) {
        if let Some(found) = policy.figure(id) {
            figure(found);
            if let Node::Named(id) = &found.root
                && let Some(table) = policy.figure(*id)
            {
                figure(table);
            }
        }
    }
    for step in &policy.steps {
        if let Formula::Bands(bands) = &step.formula {
            named.extend(bands.bands.iter().map(|band| band.over.fen()));
        }
    }
    named.retain(|fen| *fen > 0);
    named.sort_unstable();
    named.dedup();
    named
}

/// Numbers of a field at which a condition changes and those next to them, and small ones to count by.
fn numbers(policy: &Policy, subject: Subject) -> Vec<u32> {
    let facts = policy.facts.numbers.iter();
    let mut numbers: Vec<u32> = facts
        .filter(|fact| fact.subject == subject)
        .flat_map(|fact| [fact.low, fact.high])
        .flat_map(|edge| [edge.saturating_sub(1), edge, edge.saturating_add(1)])
        .map(|number| number.min(120))
        .collect();
    numbers.extend(1..9);
    numbers.retain(|number| subject != Subject::Admission || *number > 0);
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The first day and those at which a condition changes.
fn days(policy: &Policy) -> Vec<Date> {
    let mut days = vec![policy.from()];
    for fact in &policy.facts.dates {
        for day in [fact.from, fact.to].into_iter().flatten() {
            let around = [Some(day), day.next_day(), day.previous_day()];
            days.extend(around.into_iter().flatten());
        }
    }
    days.retain(|day| policy.is_in_force(*day));
    days
}

/// The amounts in a figure.
fn amounts(node: &Node, out: &mut Vec<i64>) {
    match node {
        Node::Leaf(leaf) => match leaf.value {
            Value::Number(fen) => out.push(fen),
            Value::Share {
                at_least, at_most, ..
            } => {
                out.extend([at_least, at_most].into_iter().flatten().map(Money::fen));
            }
            Value::NoLimit | Value::Unstated => {}
        },
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            entries
                .chain(&table.other)
                .for_each(|node| amounts(node, out));
        }
        Node::Named(_) => {}
    }
}
