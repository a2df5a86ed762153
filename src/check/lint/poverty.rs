//! Whether a poverty category ever makes its holder pay more, tried out on bills.
//!
//! For every step, adjustment and entry of a table by category a patient and a bill are made that it is for, and varied in tier and
//! place and in amounts around the policy's own figures. Each is settled with and without each category.

use super::Lint;
use crate::check::leaves::{Choice, Reached, leaves, of_step, with_named};
use crate::laws::{self, Law};
use crate::line::Line;
use crate::money::Money;
use crate::patient::Held;
use crate::policy::Policy;
use crate::policy::facts::{FactSet, Subject};
use crate::policy::figure::Node;
use crate::policy::info::NoteId;
use crate::probe::{Ask, Bench, Kind, Model, Probe, amounts, case, solve};
use crate::settlement::Settlement;
use crate::text::Code;
use crate::vocabulary::{Category, Dimension};
use std::collections::{BTreeMap, BTreeSet};

/// So many bills of one policy are settled.
const MOST: usize = 1_500;

pub(super) fn check(lint: &Lint<'_>) {
    // Of those that the policy does not tell apart, one stands for the others.
    let told = Told::of(lint.policy, Subject::Category);
    let categories = told.apart(lint.policy.poverty().into_iter());
    if categories.is_empty() {
        return;
    }
    let beyond = lint.policy.steps.iter().any(|step| {
        let [own_expense, ..] = step.covers.parts;
        own_expense
    });
    let kinds = match beyond {
        true => vec![Kind::in_scope(), Kind::own_expense()],
        false => vec![Kind::in_scope()],
    };
    let mut trial = Trial {
        lint,
        bench: Bench::default(),
        categories,
        kinds,
        amounts: own_amounts(lint.policy),
        left: MOST,
        found: BTreeSet::new(),
    };
    for model in models(lint.policy) {
        trial.run(&model);
    }
}

struct Trial<'a> {
    lint: &'a Lint<'a>,
    bench: Bench,
    categories: Vec<u16>,
    kinds: Vec<Kind>,
    amounts: Vec<Money>,
    left: usize,
    /// What was reported: category and place.
    found: BTreeSet<(u16, NoteId)>,
}

/// What a patient pays, and what went into it.
#[derive(PartialEq)]
struct Outcome {
    patient: Money,
    /// By step that applied: its number and the notes that went in.
    steps: Vec<(usize, Money, Vec<NoteId>)>,
}

impl Outcome {
    fn of(settlement: &Settlement) -> Outcome {
        let steps = settlement.steps.iter();
        let steps = steps.map(|step| (step.step, step.amount, settlement.notes(step).collect()));
        Outcome {
            patient: settlement.patient(),
            steps: steps.collect(),
        }
    }
}

impl Trial<'_> {
    /// Settles a model's bills with and without each category.
    fn run(&mut self, model: &Model) {
        let held = model.values.get(&Subject::Category).cloned();
        let held = held.unwrap_or_default();
        let Some(mut probe) = Probe::of(self.lint.policy, model) else {
            return;
        };
        // What makes no difference to the first two amounts, to no step and no figure in it, makes none to the others:
        // no condition looks at amounts.
        let mut same: BTreeMap<u16, usize> = BTreeMap::new();
        for amount in self.amounts.clone() {
            // Without any of several categories comes out the same: once is enough.
            let mut known: Vec<(Vec<u16>, Option<Outcome>)> = Vec::new();
            for category in self.categories.clone() {
                if same.get(&category).is_some_and(|amounts| *amounts >= 2) {
                    continue;
                }
                let mut without = held.clone();
                without.retain(|known| *known != category);
                if !known.iter().any(|(of, _)| *of == without) {
                    let outcome = self.settle(&mut probe, &without, amount);
                    known.push((without.clone(), outcome));
                }
                let mut with = without.clone();
                with.push(category);
                let with_it = self.settle(&mut probe, &with, amount);
                let before = known.iter().find(|(of, _)| *of == without);
                if before.is_some_and(|(_, before)| before.is_some() && *before == with_it) {
                    let amounts = same.entry(category).or_default();
                    *amounts = amounts.saturating_add(1);
                }
                if let (Some(with_it), Some((_, Some(before)))) = (with_it, before)
                    && exceeds(with_it.patient, before.patient, self.tolerance())
                    && !self.is_declared(&probe)
                {
                    let note = self.culprit(before, &with_it);
                    if self.found.insert((category, note)) {
                        self.report(model, &without, category, note);
                    }
                }
            }
            if self.left == 0 {
                return;
            }
        }
    }

    /// Whether the rule file declares that its policy means so.
    fn is_declared(&self, probe: &Probe) -> bool {
        let bills = std::slice::from_ref(&probe.bill);
        laws::exception(Law::Poverty, self.lint.policy, bills, &probe.patient).is_some()
    }

    /// Gives a probe these categories, and lines of this amount.
    fn set(&self, probe: &mut Probe, held: &[u16], amount: Money) -> Option<()> {
        let words = &self.lint.policy.words;
        let held = held.iter();
        let held = held.map(|category| Category::named(words.id(Dimension::Category, *category)));
        probe.patient.categories = held.map(Held::always).collect();
        let lines: Option<Vec<Line>> = self.kinds.iter().map(|kind| kind.line(amount)).collect();
        probe.bill.lines = lines?;
        Some(())
    }

    /// The probe keeps what was found missing in it.
    fn settle(&mut self, probe: &mut Probe, held: &[u16], amount: Money) -> Option<Outcome> {
        self.left = self.left.checked_sub(1)?;
        self.set(probe, held, amount)?;
        self.bench.complete(self.lint.policy, probe, |_, found| {
            found.ok().map(Outcome::of)
        })
    }

    /// As much may come of rounding.
    fn tolerance(&self) -> i64 {
        let steps = self.lint.policy.steps.iter();
        steps.map(|step| step.rounding.unit.fen()).sum()
    }

    /// What the category brought into the first step that pays less with it; or else that step.
    fn culprit(&self, without: &Outcome, with: &Outcome) -> NoteId {
        let fallback = NoteId(0);
        for (number, paid, notes) in &without.steps {
            let same = with.steps.iter().find(|(step, ..)| step == number);
            match same {
                None => return notes.first().copied().unwrap_or(fallback),
                Some((_, now, found)) if now < paid => {
                    // The last adjustment decides.
                    let mut new = found.iter().filter(|note| !notes.contains(note));
                    let step = found.first();
                    return new.next_back().or(step).copied().unwrap_or(fallback);
                }
                Some(_) => {}
            }
        }
        let first = with.steps.first().and_then(|(_, _, notes)| notes.first());
        first.copied().unwrap_or(fallback)
    }

    fn report(&mut self, model: &Model, without: &[u16], category: u16, note: NoteId) {
        let lint = self.lint;
        let id = lint.policy.words.id(Dimension::Category, category);
        let path = lint.path(note);
        let message = format!("who is `{id}` pays more than who is not, by `{path}`");
        let mut diagnostic = lint
            .warn(Code::PovertyPaysMore, lint.span(note), message)
            .expected("with one more poverty category never less reimbursed")
            .note("where several entries of a table hold, the best for the patient counts; steps and adjustments have no such rule");
        if let Some((with_it, paid, instead)) = self.smallest(model, without, category) {
            diagnostic = diagnostic
                .label(format!("the patient pays {paid} instead of {instead}"))
                .witnessed(Some(with_it));
        }
        lint.push(diagnostic);
    }

    /// The smallest bill that shows it, and what is paid with and without the category.
    fn smallest(
        &mut self,
        model: &Model,
        without: &[u16],
        category: u16,
    ) -> Option<(String, Money, Money)> {
        let policy = self.lint.policy;
        let id = policy.words.id(Dimension::Category, category);
        let mut with = without.to_vec();
        with.push(category);
        let empty = Probe::of(policy, model)?;
        let kinds = self.kinds.clone();
        let plain = vec![Kind::in_scope()];
        let mut tries = amounts();
        tries.extend(self.amounts.clone());
        tries.sort_unstable();
        for kinds in [plain, kinds] {
            self.kinds = kinds;
            for amount in &tries {
                let (mut one, mut two) = (empty.clone(), empty.clone());
                self.set(&mut one, without, *amount)?;
                self.set(&mut two, &with, *amount)?;
                let before = self.bench.complete(policy, &mut one, |_, found| {
                    found.ok().map(Settlement::patient)
                });
                let Some(before) = before else { continue };
                let tolerance = self.tolerance();
                let name = format!("without `{id}` the patient pays {before}");
                let shown = self.bench.complete(policy, &mut two, |two, found| {
                    let paid = found.ok()?.patient();
                    let more = exceeds(paid, before, tolerance);
                    more.then(|| (case(policy, &name, two, found), paid, before))
                });
                if shown.is_some() {
                    return shown;
                }
            }
        }
        None
    }
}

fn exceeds(with: Money, without: Money, tolerance: i64) -> bool {
    with.fen().saturating_sub(without.fen()) > tolerance
}

/// How a policy tells the values of a subject apart: by the facts that they make true, and by the entries of tables.
struct Told<'a> {
    policy: &'a Policy,
    subject: Subject,
    entries: Vec<&'a [u16]>,
}

impl<'a> Told<'a> {
    fn of(policy: &'a Policy, subject: Subject) -> Told<'a> {
        let mut entries = Vec::new();
        for figure in &policy.figures {
            entries_by(&figure.root, subject, &mut entries);
        }
        Told {
            policy,
            subject,
            entries,
        }
    }

    fn facts(&self, value: u16) -> FactSet {
        self.policy.facts.of(self.subject, usize::from(value))
    }

    /// One value of each lot that comes to the same for every bill.
    fn apart(&self, values: impl Iterator<Item = u16>) -> Vec<u16> {
        let mut lots: Vec<(FactSet, Vec<bool>)> = Vec::new();
        let mut first_of_its_lot = |value: &u16| {
            let entries = self.entries.iter();
            let entries = entries.map(|values| values.contains(value)).collect();
            let lot = (self.facts(*value), entries);
            let new = !lots.contains(&lot);
            if new {
                lots.push(lot);
            }
            new
        };
        values.filter(|value| first_of_its_lot(value)).collect()
    }
}

/// The values of each entry of the tables by a subject.
fn entries_by<'a>(node: &'a Node, subject: Subject, out: &mut Vec<&'a [u16]>) {
    if let Node::Table(table) = node {
        for entry in &table.entries {
            if table.subject == subject {
                out.push(&entry.values);
            }
            entries_by(&entry.node, subject, out);
        }
        if let Some(other) = &table.other {
            entries_by(other, subject, out);
        }
    }
}

/// Amounts of a bill's line: some sizes, and the policy's own amounts.
fn own_amounts(policy: &Policy) -> Vec<Money> {
    let mut all: BTreeSet<Money> = [1_000, 10_000, 100_000, 500_000]
        .into_iter()
        .filter_map(Money::from_yuan)
        .collect();
    let steps = policy.steps.iter();
    let figures = steps.flat_map(|step| of_step(policy, step));
    let amounts = figures.filter(|(role, _)| !role.is_ratio());
    let own: BTreeSet<Money> = amounts
        .flat_map(|(_, figure)| leaves(policy, figure))
        .filter_map(|leaf: Reached| leaf.number())
        .filter(|fen| (1..100_000_000).contains(fen))
        .filter_map(|fen| fen.checked_mul(2).map(Money::from_fen))
        .collect();
    all.extend(own.into_iter().take(8));
    // The largest first: it reaches most.
    all.into_iter().rev().collect()
}

/// Patients and bills for everything that the policy tells apart by category, each once.
fn models(policy: &Policy) -> Vec<Model> {
    let mut asks: Vec<Ask> = Vec::new();
    for step in &policy.steps {
        let ask = Ask::of(&step.condition);
        for (_, figure) in of_step(policy, step) {
            for figure in with_named(policy, figure) {
                let adjusts = figure.adjusts.iter();
                asks.extend(adjusts.map(|adjust| ask.clone().and(&adjust.condition)));
            }
            let by_category = |leaf: &Reached| {
                let choice = leaf.choices.last();
                matches!(choice, Some(Choice::Entry(Subject::Category, _)))
            };
            let leaves = leaves(policy, figure).into_iter().filter(by_category);
            asks.extend(leaves.map(|leaf| leaf.ask(&ask)));
        }
        asks.push(ask);
    }
    let scopes = policy.scopes.iter();
    asks.extend(scopes.map(|scope| Ask::of(&scope.condition)));
    let mut out: Vec<Model> = Vec::new();
    let mut found: BTreeSet<Model> = BTreeSet::new();
    let mut push = |model: Model, out: &mut Vec<Model>| {
        if found.insert(model.clone()) {
            out.push(model);
        }
    };
    for ask in asks {
        if let Some(model) = solve(policy, &ask).model() {
            push(model, &mut out);
        }
    }
    // The hospitals after everything else, for when there are more than can be tried.
    for model in out.clone() {
        for (subject, dimension) in [
            (Subject::Tier, Dimension::Tier),
            (Subject::Place, Dimension::Place),
        ] {
            let count = u16::try_from(dimension.words().len()).unwrap_or(0);
            let values = Told::of(policy, subject).apart(0..count);
            // Where the policy does not ask, one value is as good as none.
            if model.values.contains_key(&subject) || values.len() < 2 {
                continue;
            }
            for value in values {
                let mut model = model.clone();
                model.values.insert(subject, vec![value]);
                push(model, &mut out);
            }
        }
    }
    out
}
