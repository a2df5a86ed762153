//! What of a policy can be exercised, and whether a settlement does.

use super::ItemKind;
use crate::check::leaves::{Reached, leaves, of_step, with_named};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::{Change, FigureId, Value};
use crate::policy::info::NoteId;
use crate::policy::step::{Formula, Step};
use crate::probe::Ask;
use crate::settle::error::SettleError;
use crate::settlement::{Rate, Settlement, StepRecord};

/// One thing of a policy that a bill may exercise.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) kind: ItemKind,
    /// The note by whose place the thing is known.
    pub(super) note: NoteId,
    /// Its path, where it is not that of the note.
    pub(super) path: String,
    what: What,
    /// The step in which it stands, if in one.
    pub(super) step: Option<usize>,
    /// What a bill must be like at least.
    pub(super) ask: Ask,
}

/// How it is seen in a settlement.
#[derive(Debug, Clone)]
enum What {
    Applied,
    Paid,
    /// A leaf of a figure.
    Used,
    Adjusted,
    /// The leaves of the figure that could have been adjusted.
    NotAdjusted(Vec<NoteId>),
    Band(Money),
    Binds(usize),
    /// The leaves of the limit's amount.
    Free(usize, Vec<NoteId>),
    Lifts,
    LiftsNot,
    Moved,
    Granted(usize),
}

impl Target {
    /// Whether a bill that came to this exercises it.
    pub(super) fn is_touched(
        &self,
        policy: &Policy,
        result: Result<&Settlement, &SettleError>,
    ) -> bool {
        match result {
            Ok(settlement) => self.is_touched_by(settlement),
            // A refusal exercises what it names: the step, and the value that is not stated.
            Err(SettleError::Unstated { step, path, .. }) => match self.what {
                What::Applied => {
                    let named = self.step.and_then(|number| policy.steps().get(number));
                    named.is_some_and(|named| *named.id == **step)
                }
                What::Used | What::Adjusted => **path == *self.path,
                _ => false,
            },
            Err(_) => false,
        }
    }

    fn is_touched_by(&self, settlement: &Settlement) -> bool {
        let notes = |record: &StepRecord| {
            let notes = settlement.notes(record);
            notes.collect::<Vec<NoteId>>()
        };
        let bound = |record: &StepRecord| {
            settlement
                .limits
                .get(record.limits.clone())
                .unwrap_or_default()
        };
        let any = |test: &dyn Fn(&StepRecord) -> bool| settlement.steps.iter().any(test);
        let own = |record: &StepRecord| Some(record.step) == self.step;
        let guarantee =
            |record: &StepRecord| own(record) && matches!(record.rate, Rate::Guarantee { .. });
        match &self.what {
            What::Applied => any(&own),
            What::Paid => any(&|record| own(record) && record.amount > Money::ZERO),
            What::Used | What::Adjusted => any(&|record| notes(record).contains(&self.note)),
            What::NotAdjusted(leaves) => any(&|record| {
                let notes = notes(record);
                own(record)
                    && !notes.contains(&self.note)
                    && leaves.iter().any(|leaf| notes.contains(leaf))
            }),
            What::Band(over) => any(&|record| {
                let bands = settlement
                    .bands
                    .get(record.bands.clone())
                    .unwrap_or_default();
                own(record) && bands.iter().any(|band| band.over == *over)
            }),
            What::Binds(limit) => any(&|record| bound(record).contains(limit)),
            What::Free(limit, leaves) => any(&|record| {
                let notes = notes(record);
                !bound(record).contains(limit) && leaves.iter().any(|leaf| notes.contains(leaf))
            }),
            What::Lifts => any(&|record| guarantee(record) && record.exact > 0),
            What::LiftsNot => any(&|record| guarantee(record) && record.exact == 0),
            What::Moved => settlement.scope_notes().any(|note| note == self.note),
            What::Granted(benefit) => settlement.terms.benefits.contains(benefit),
        }
    }
}

/// Everything of a policy that a bill may exercise.
pub(super) fn targets(policy: &Policy) -> Vec<Target> {
    let mut finder = Finder {
        policy,
        out: Vec::new(),
    };
    for (number, step) in policy.steps.iter().enumerate() {
        finder.step(number, step);
    }
    for (number, limit) in policy.limits.iter().enumerate() {
        finder.limit(number, limit.figure, limit.note);
    }
    for scope in &policy.scopes {
        let target = finder.target(ItemKind::Scope, scope.note, What::Moved, None);
        finder.out.push(Target {
            ask: Ask::of(&scope.condition),
            ..target
        });
    }
    for (number, (condition, benefit)) in policy.benefits.iter().zip(policy.benefits()).enumerate()
    {
        let path = &benefit.citation.what;
        let note = policy
            .citations()
            .iter()
            .position(|citation| citation.what == *path);
        let note = note.and_then(|note| u32::try_from(note).ok()).map(NoteId);
        if let Some(note) = note {
            let target = finder.target(ItemKind::Benefit, note, What::Granted(number), None);
            finder.out.push(Target {
                ask: Ask::of(condition),
                ..target
            });
        }
    }
    finder.out
}

struct Finder<'p> {
    policy: &'p Policy,
    out: Vec<Target>,
}

impl Finder<'_> {
    fn target(&self, kind: ItemKind, note: NoteId, what: What, step: Option<usize>) -> Target {
        let citation = self.policy.info.note(note);
        let of = step.and_then(|number| self.policy.steps.get(number));
        Target {
            kind,
            note,
            path: citation.map_or_else(String::new, |citation| citation.what.clone()),
            what,
            step,
            ask: of.map_or_else(Ask::default, |step| Ask::of(&step.condition)),
        }
    }

    fn step(&mut self, number: usize, step: &Step) {
        let Some(&note) = step.notes.first() else {
            return;
        };
        let mut put = |kind, what| {
            let target = self.target(kind, note, what, Some(number));
            self.out.push(target);
        };
        put(ItemKind::StepApplies, What::Applied);
        put(ItemKind::StepPays, What::Paid);
        if let Formula::Guarantee(_) = &step.formula {
            put(ItemKind::GuaranteeLifts, What::Lifts);
            put(ItemKind::GuaranteeLiftsNot, What::LiftsNot);
        }
        if let Formula::Bands(bands) = &step.formula {
            for band in &bands.bands {
                let leaf = leaves(self.policy, band.ratio).into_iter().next();
                if let Some(Reached { leaf, .. }) = leaf {
                    let target = self.target(
                        ItemKind::Band,
                        leaf.note,
                        What::Band(band.over),
                        Some(number),
                    );
                    self.out.push(target);
                }
            }
        }
        for (_, figure) in of_step(self.policy, step) {
            self.figure(number, step, figure);
        }
    }

    fn figure(&mut self, number: usize, step: &Step, id: FigureId) {
        let is_band = matches!(&step.formula, Formula::Bands(bands) if bands.bands.iter().any(|band| band.ratio == id));
        let leaves = leaves(self.policy, id);
        // A band with one ratio is an item already, and the share of the payment that is paid stands nowhere.
        let is_item = (is_band && leaves.len() == 1) || step.payment == Some(id);
        for reached in leaves.iter().filter(|_| !is_item) {
            let note = reached.leaf.note;
            let target = self.target(ItemKind::Figure, note, What::Used, Some(number));
            self.out.push(Target {
                ask: reached.ask(&target.ask),
                ..target
            });
        }
        let notes: Vec<NoteId> = leaves.iter().map(|reached| reached.leaf.note).collect();
        let figures = with_named(self.policy, id).into_iter();
        for adjust in figures.flat_map(|figure| &figure.adjusts) {
            let target = self.target(
                ItemKind::AdjustApplies,
                adjust.note,
                What::Adjusted,
                Some(number),
            );
            self.out.push(Target {
                ask: target.ask.clone().and(&adjust.condition),
                ..target
            });
            let (asked, barred) = (adjust.condition.all, adjust.condition.none);
            let implied = asked.without(&step.condition.all).is_empty()
                && barred.without(&step.condition.none).is_empty();
            // The change by an unstated amount refuses the bill: there is no working step to compare with.
            let unstated = adjust.change == Change::Set(Value::Unstated);
            if !implied && !unstated {
                let what = What::NotAdjusted(notes.clone());
                let target =
                    self.target(ItemKind::AdjustAppliesNot, adjust.note, what, Some(number));
                self.out.push(Target {
                    ask: target.ask.clone().but_not(&adjust.condition),
                    ..target
                });
            }
        }
    }

    fn limit(&mut self, number: usize, figure: FigureId, note: NoteId) {
        let leaves = leaves(self.policy, figure);
        let has_amount = leaves
            .iter()
            .any(|reached| matches!(reached.leaf.value, Value::Number(_) | Value::Share { .. }));
        if !has_amount {
            return;
        }
        let notes: Vec<NoteId> = leaves.iter().map(|reached| reached.leaf.note).collect();
        let uses = |step: &Step| {
            let within = step
                .deductible
                .as_ref()
                .and_then(|deductible| deductible.within);
            step.cost_limits.contains(&number)
                || step.payment_limits.contains(&number)
                || within == Some(number)
        };
        let step = self.policy.steps.iter().position(uses);
        for (kind, what) in [
            (ItemKind::LimitBinds, What::Binds(number)),
            (ItemKind::LimitBindsNot, What::Free(number, notes)),
        ] {
            let target = self.target(kind, note, what, step);
            self.out.push(target);
        }
    }
}
