//! What bills and patients of a policy are to reach: each step, each entry of its tables, each adjustment, scope, benefit
//! and exception, and the opposite of each step.

use crate::policy::Policy;
use crate::policy::figure::{FigureId, Node};
use crate::policy::step::{Covers, Formula, Step};
use crate::probe::{Ask, Chance};

/// Something to reach, with the lines that are for it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) ask: Ask,
    /// The id of the step that it is or is in.
    pub(super) step: Option<String>,
    pub(super) covers: Vec<Covers>,
}

/// What there is to reach, by sort.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    nothing: Target,
    steps: Vec<Target>,
    /// Entries of the tables of steps, and adjustments.
    figures: Vec<Target>,
    /// That a step does not apply.
    opposites: Vec<Target>,
    /// Scopes, benefits and exceptions.
    others: Vec<Target>,
}

impl Targets {
    /// One of them: first of the sorts, so that none is rare for being few.
    pub(super) fn one(&self, c: &mut dyn Chance) -> &Target {
        let sort = match c.below(10) {
            0 => &[][..],
            1..5 => self.steps.as_slice(),
            5..7 => self.figures.as_slice(),
            7 => self.opposites.as_slice(),
            _ => self.others.as_slice(),
        };
        let number = c.below(sort.len());
        sort.get(number).unwrap_or(&self.nothing)
    }
}

/// What there is to reach.
pub(super) fn targets(policy: &Policy) -> Targets {
    let target = |ask: Ask, covers: &[Covers]| Target {
        ask,
        step: None,
        covers: covers.to_vec(),
    };
    let all = [Covers::TOTAL];
    let mut out = Targets {
        nothing: target(Ask::default(), &all),
        steps: Vec::new(),
        figures: Vec::new(),
        opposites: Vec::new(),
        others: Vec::new(),
    };
    for (step, named) in policy.steps.iter().zip(policy.steps()) {
        let ask = Ask::of(&step.condition);
        let own = |ask: Ask| Target {
            step: Some(named.id.clone()),
            ..target(ask, &[step.covers])
        };
        out.steps.push(own(ask.clone()));
        let opposite = Ask::default().but_not(&step.condition);
        out.opposites.push(target(opposite, &[step.covers]));
        for figure in figures(policy, step) {
            let mut asks = Vec::new();
            of_figure(policy, figure, &ask, &mut asks);
            out.figures.extend(asks.into_iter().map(own));
        }
    }
    for scope in &policy.scopes {
        let covers = Covers {
            selector: scope.selector,
            parts: scope.moves,
        };
        out.others
            .push(target(Ask::of(&scope.condition), &[covers]));
    }
    for condition in policy.benefits.iter().chain(&policy.exceptions) {
        out.others.push(target(Ask::of(condition), &all));
    }
    out
}

/// The figures that a step may use.
fn figures(policy: &Policy, step: &Step) -> Vec<FigureId> {
    let mut out: Vec<FigureId> = Vec::new();
    match &step.formula {
        Formula::Ratio(id) => out.push(*id),
        Formula::Bands(bands) => out.extend(bands.bands.iter().map(|band| band.ratio)),
        Formula::Guarantee(guarantee) => out.push(guarantee.ratio),
    }
    out.extend(step.deductible.iter().map(|deductible| deductible.figure));
    out.extend(step.base.fixed.iter().chain(&step.payment));
    let within = step.deductible.iter().filter_map(|own| own.within);
    let limits = step.cost_limits.iter().chain(&step.payment_limits).copied();
    let limits = limits
        .chain(within)
        .filter_map(|limit| policy.limits.get(limit));
    out.extend(limits.map(|limit| limit.figure));
    out
}

/// What each entry of a figure's tables, and each of its adjustments, is for.
fn of_figure(policy: &Policy, id: FigureId, ask: &Ask, out: &mut Vec<Ask>) {
    let Some(figure) = policy.figure(id) else {
        return;
    };
    for adjust in &figure.adjusts {
        out.push(ask.clone().and(&adjust.condition));
    }
    match &figure.root {
        Node::Named(table) if *table != id => of_figure(policy, *table, ask, out),
        root => entries(root, ask, out),
    }
}

fn entries(node: &Node, ask: &Ask, out: &mut Vec<Ask>) {
    let Node::Table(table) = node else { return };
    let mut others = ask.clone();
    for entry in &table.entries {
        let own = ask.clone().pin(table.subject, &entry.values);
        others = others.ban(table.subject, &entry.values);
        entries(&entry.node, &own, out);
        out.push(own);
    }
    if let Some(other) = &table.other {
        entries(other, &others, out);
        out.push(others);
    }
}
