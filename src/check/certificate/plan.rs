//! A plan: what is left of a policy for one profile and one kind of money, with its figures looked up.
//!
//! Two profiles with the same plan are settled alike, whatever the amount.

use super::super::leaves::{Role, of_step};
use crate::line::Part;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::{Figure, FigureId, Node, ShareOf, Value};
use crate::policy::step::{Covers, Formula};
use crate::probe::Probe;
use crate::ratio::Ratio;
use crate::rounding::{Rounding, RoundingUnit};
use crate::settle::cells::Cells;
use crate::settle::figures::{Bases, Refusal, Resolver};
use crate::settle::situation::Situation;

/// A figure as it was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Looked {
    /// Fen, or millionths.
    Number(i64),
    NoLimit,
    Unstated,
    /// A share of money of the bill, rounded to the fen, between two amounts.
    Share {
        share: Ratio,
        of: ShareOf,
        at_least: Option<Money>,
        at_most: Option<Money>,
        rounding: Rounding,
    },
    /// It depends on the bill's money in a way that is not followed.
    Beyond,
}

/// A step that applies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PlanStep {
    /// Its number in the policy.
    pub(super) number: usize,
    /// Whether it covers the money.
    pub(super) covers: bool,
    /// Whether the money of its guarantee covers it.
    pub(super) guarantees: bool,
    figures: Vec<(Role, Looked)>,
}

impl PlanStep {
    pub(super) fn figure(&self, role: Role) -> Looked {
        let mut figures = self.figures.iter();
        let found = figures.find(|(known, _)| *known == role);
        found.map_or(Looked::Beyond, |(_, looked)| *looked)
    }
}

/// The steps that apply, and how the money counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Plan {
    pub(super) steps: Vec<PlanStep>,
    pub(super) in_scope: bool,
}

/// The steps that apply to a profile, with their figures.
pub(super) struct Figures {
    situation: Situation,
    /// By step; nothing where it does not apply.
    steps: Vec<Option<Vec<(Role, Looked)>>>,
}

impl Figures {
    /// `None` where something that is asked of the bill cannot be told.
    pub(super) fn of(policy: &Policy, probe: &Probe) -> Option<Figures> {
        let situation = Situation::observe(policy, &probe.bill, &probe.patient).ok()?;
        let look = |(_, id): (Role, FigureId)| look(policy, &situation, id);
        let steps = policy.steps.iter().map(|step| {
            let applies = step.condition.holds(&situation.known).ok()?;
            let figures = of_step(policy, step).into_iter();
            let figures = figures.map(|(role, id)| (role, look((role, id))));
            Some(applies.then(|| figures.collect()))
        });
        let steps = steps.collect::<Option<Vec<_>>>()?;
        Some(Figures { situation, steps })
    }

    /// The plan for a bill, which is all of one kind and part.
    pub(super) fn plan(&self, policy: &Policy, probe: &Probe) -> Option<Plan> {
        let mut cells = Cells::default();
        let gathered = cells.gather(policy, &probe.bill, &self.situation, |_| ());
        gathered.ok()?;
        let (signature, part) = cells.only()?;
        let is_covered = |covers: Covers| covers.covers(signature, part);
        let steps = policy.steps.iter().zip(&self.steps).enumerate();
        let steps = steps.filter_map(|(number, (step, figures))| {
            let covers = is_covered(step.covers);
            let counts = covers || step.base.fixed.is_some();
            Some(PlanStep {
                number,
                covers,
                guarantees: match &step.formula {
                    Formula::Guarantee(guarantee) => is_covered(guarantee.of),
                    Formula::Ratio(_) | Formula::Bands(_) => false,
                },
                figures: figures.clone().filter(|_| counts)?,
            })
        });
        Some(Plan {
            steps: steps.collect(),
            in_scope: part == Part::InScope,
        })
    }
}

impl Plan {
    pub(super) fn step(&self, number: usize) -> Option<&PlanStep> {
        self.steps.iter().find(|step| step.number == number)
    }
}

/// Looks a figure up twice, with little and with much money: what comes out the same does not depend on it.
fn look(policy: &Policy, situation: &Situation, id: FigureId) -> Looked {
    let resolve = |money: i64| {
        let mut notes = Vec::new();
        let mut resolver = Resolver {
            policy,
            situation,
            bases: Bases {
                total: money,
                in_scope: money,
                base: money,
            },
            is_of_money: false,
            notes: &mut notes,
        };
        resolver.resolve(id)
    };
    let shares = policy.figure(id).and_then(|figure| share(policy, figure));
    match (resolve(0), resolve(10_000_019)) {
        (Ok(Some(one)), Ok(Some(two))) if one == two && shares.is_none() => Looked::Number(one),
        (Ok(None), Ok(None)) => Looked::NoLimit,
        (Err(Refusal::Unstated(..)), Err(Refusal::Unstated(..))) => Looked::Unstated,
        _ => shares.unwrap_or(Looked::Beyond),
    }
}

/// The share that a figure is, if it is nothing but one.
fn share(policy: &Policy, figure: &Figure) -> Option<Looked> {
    if !figure.adjusts.is_empty() || figure.rounding.unit != RoundingUnit::Fen {
        return None;
    }
    match &figure.root {
        Node::Named(id) => share(policy, policy.figure(*id)?),
        Node::Leaf(leaf) => match leaf.value {
            Value::Share {
                share,
                of,
                at_least,
                at_most,
            } => Some(Looked::Share {
                share,
                of,
                at_least,
                at_most,
                rounding: Rounding {
                    mode: figure.rounding.mode,
                    ..Rounding::default()
                },
            }),
            Value::Number(_) | Value::NoLimit | Value::Unstated => None,
        },
        Node::Table(_) => None,
    }
}
