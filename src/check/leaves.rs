//! The figures of a policy: which a step has, and the values in them with the bills that they are for.

use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::{Figure, FigureId, Leaf, Node, Value};
use crate::policy::step::{Formula, LimitOn, Step};
use crate::probe::Ask;

/// What a figure is for in its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::check) enum Role {
    Ratio,
    /// The ratio of a band, by its number.
    Band(usize),
    Guarantee,
    /// The share of the payment that is paid in the end.
    Payment,
    Deductible,
    Fixed,
    /// The number of a limit, and what it limits.
    Limit(usize, LimitOn),
}

impl Role {
    pub(in crate::check) fn is_ratio(self) -> bool {
        matches!(
            self,
            Role::Ratio | Role::Band(_) | Role::Guarantee | Role::Payment
        )
    }
}

/// The figures of a step.
pub(in crate::check) fn of_step(policy: &Policy, step: &Step) -> Vec<(Role, FigureId)> {
    let mut figures = Vec::new();
    match &step.formula {
        Formula::Ratio(figure) => figures.push((Role::Ratio, *figure)),
        Formula::Guarantee(guarantee) => figures.push((Role::Guarantee, guarantee.ratio)),
        Formula::Bands(bands) => {
            let bands = bands.bands.iter().enumerate();
            figures.extend(bands.map(|(number, band)| (Role::Band(number), band.ratio)));
        }
    }
    figures.extend(step.payment.map(|figure| (Role::Payment, figure)));
    figures.extend(step.base.fixed.map(|figure| (Role::Fixed, figure)));
    if let Some(deductible) = &step.deductible {
        figures.push((Role::Deductible, deductible.figure));
    }
    let within = step.deductible.iter().filter_map(|d| d.within);
    let limits = step.cost_limits.iter().chain(&step.payment_limits).copied();
    for number in limits.chain(within) {
        if let Some(limit) = policy.limits.get(number) {
            figures.push((Role::Limit(number, limit.on), limit.figure));
        }
    }
    figures
}

/// A value of a figure, and the choices that lead to it.
#[derive(Debug, Clone)]
pub(in crate::check) struct Reached {
    pub(in crate::check) leaf: Leaf,
    /// By table on the way: the values of its entry, or, for `other`, those of all its entries.
    pub(in crate::check) choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) enum Choice {
    Entry(Subject, Vec<u16>),
    Other(Subject, Vec<u16>),
}

impl Reached {
    /// A plain number, in fen or millionths.
    pub(in crate::check) fn number(&self) -> Option<i64> {
        match self.leaf.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// What is asked, and that the figure has this value.
    pub(in crate::check) fn ask(&self, ask: &Ask) -> Ask {
        self.choices
            .iter()
            .fold(ask.clone(), |ask, choice| match choice {
                Choice::Entry(subject, values) => ask.pin(*subject, values),
                Choice::Other(subject, values) => ask.ban(*subject, values),
            })
    }
}

/// Every value in a figure, also through the named tables that it uses.
pub(in crate::check) fn leaves(policy: &Policy, figure: FigureId) -> Vec<Reached> {
    let mut out = Vec::new();
    if let Some(figure) = policy.figure(figure) {
        walk(policy, &figure.root, &[], &mut out);
    }
    out
}

fn walk(policy: &Policy, node: &Node, choices: &[Choice], out: &mut Vec<Reached>) {
    match node {
        Node::Leaf(leaf) => out.push(Reached {
            leaf: *leaf,
            choices: choices.to_vec(),
        }),
        Node::Named(figure) => {
            if let Some(figure) = policy.figure(*figure) {
                walk(policy, &figure.root, choices, out);
            }
        }
        Node::Table(table) => {
            let with = |choice: Choice| {
                let mut choices = choices.to_vec();
                choices.push(choice);
                choices
            };
            for entry in &table.entries {
                let choice = Choice::Entry(table.subject, entry.values.clone());
                walk(policy, &entry.node, &with(choice), out);
            }
            if let Some(other) = &table.other {
                let entries = table.entries.iter();
                let values = entries.flat_map(|entry| entry.values.clone()).collect();
                walk(
                    policy,
                    other,
                    &with(Choice::Other(table.subject, values)),
                    out,
                );
            }
        }
    }
}

/// A figure with all the named tables that it uses: whichever holds adjustments.
pub(in crate::check) fn with_named(policy: &Policy, figure: FigureId) -> Vec<&Figure> {
    let mut out = Vec::new();
    if let Some(figure) = policy.figure(figure) {
        out.push(figure);
        named(policy, &figure.root, &mut out);
    }
    out
}

fn named<'a>(policy: &'a Policy, node: &Node, out: &mut Vec<&'a Figure>) {
    match node {
        Node::Leaf(_) => {}
        Node::Named(figure) => {
            if let Some(figure) = policy.figure(*figure) {
                out.push(figure);
                named(policy, &figure.root, out);
            }
        }
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            for node in entries.chain(&table.other) {
                named(policy, node, out);
            }
        }
    }
}
