//! What loads and is probably not meant: the checks of a project beyond loading.
//!
//! A rule file that loads is consistent; whether it says what the policy says is another matter. These checks look at
//! the policies that loaded for what makes rule files wrong in practice: figures in the wrong unit or order
//! ([`figures`]), formulas that work against themselves ([`formulas`]), steps and adjustments that can never count
//! ([`reach`], [`steps`]), versions and assumptions ([`versions`]), and poverty categories that cost their holder money
//! ([`poverty`]). Each comes with its place and, where it is about values, with a [witness](Lint::witness).

mod figures;
mod formulas;
mod poverty;
mod reach;
mod steps;
mod versions;

use crate::case::Case;
use crate::line::Line;
use crate::load::Placed;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::info::{Citation, NoteId};
use crate::policy::step::Step;
use crate::probe::{Ask, Bench, Kind, Probe, amounts, case, solve};
use crate::settlement::Settlement;
use crate::text::{Code, Diagnostic, Sink, Span};

/// Checks the policies of a project; its cases tell what is meant.
pub(super) fn lint(policies: &[Placed], cases: &[Case], sink: &Sink) {
    for placed in policies {
        let lint = Lint {
            placed,
            policy: &placed.policy,
            sink,
        };
        figures::check(&lint);
        formulas::check(&lint);
        reach::check(&lint);
        steps::check(&lint);
        poverty::check(&lint);
    }
    versions::check(policies, cases, sink);
}

/// One policy, with the places of what it says.
struct Lint<'a> {
    placed: &'a Placed,
    policy: &'a Policy,
    sink: &'a Sink,
}

impl<'a> Lint<'a> {
    /// Where the cited thing stands.
    fn span(&self, note: NoteId) -> Span {
        let place = usize::try_from(note.0).ok();
        let span = place.and_then(|place| self.placed.notes.get(place));
        span.copied().unwrap_or(self.placed.period)
    }

    fn citation(&self, note: NoteId) -> Option<&'a Citation> {
        self.policy.info.note(note)
    }

    /// The path of the cited thing in its file.
    fn path(&self, note: NoteId) -> &'a str {
        self.citation(note).map_or("", |note| &note.what)
    }

    /// The path of a step: its id.
    fn citation_of(&self, step: &Step) -> &'a str {
        step.notes.first().map_or("", |note| self.path(*note))
    }

    /// A step's id.
    fn step_id(&self, number: usize) -> &'a str {
        let steps = self.policy.steps();
        steps.get(number).map_or("", |step| &step.id)
    }

    /// Where a step stands.
    fn step_span(&self, step: &Step) -> Span {
        let note = step.notes.first();
        note.map_or(self.placed.period, |note| self.span(*note))
    }

    fn warn(&self, code: Code, span: Span, message: String) -> Diagnostic {
        Diagnostic::warning(code, span, message)
    }

    fn push(&self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// The smallest case of what is asked for of which something is so. Its bill has a line that the step covers.
    fn witness(
        &self,
        ask: &Ask,
        step: &Step,
        name: &str,
        is_so: impl Fn(&Settlement) -> bool,
    ) -> Option<String> {
        let kind = Kind::covered(self.policy, step.covers)?;
        self.witness_of(ask, &[kind], name, is_so)
    }

    fn witness_of(
        &self,
        ask: &Ask,
        kinds: &[Kind],
        name: &str,
        is_so: impl Fn(&Settlement) -> bool,
    ) -> Option<String> {
        let model = solve(self.policy, ask).model()?;
        let empty = Probe::of(self.policy, &model)?;
        let mut bench = Bench::default();
        amounts().into_iter().find_map(|amount| {
            let mut probe = empty.clone();
            let lines: Option<Vec<Line>> = kinds.iter().map(|kind| kind.line(amount)).collect();
            probe.bill.lines = lines?;
            bench.complete(self.policy, &mut probe, |probe, found| {
                let shows = found.is_ok_and(&is_so);
                shows.then(|| case(self.policy, name, probe, found))
            })
        })
    }
}

/// What a step paid, if it applied.
fn paid(settlement: &Settlement, step: &str) -> Option<Money> {
    settlement.step(step).map(|step| step.amount())
}

/// Whether the thing with this path went into the amounts.
fn used(settlement: &Settlement, path: &str) -> bool {
    let mut steps = settlement.steps();
    steps.any(|step| step.used().any(|note| note.what == path))
}
