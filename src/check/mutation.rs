//! Mutation of the rules: which figure could be wrong without any case noticing.
//!
//! Each figure of a rule file is nudged in the text of the file, adjustments and tests of conditions are dropped, and
//! neighbouring steps are swapped. The changed text is loaded with the files that it needs, and the cases of the
//! policies that it reaches are run. A change that the loader refuses, or with which a case fails, is noticed; any
//! other says that the cases do not watch that figure.

mod edits;
mod order;
mod report;
mod witness;

use super::Project;
use crate::book::RuleBook;
use crate::case::Case;
use crate::load::{self, Placed};
use crate::policy::Policy;
use crate::text::{FileId, Sink, SourceMap, parse};
use edits::Edit;
pub use report::{Mutation, MutationCounts, MutationKind, MutationOutcome, MutationReport};
use std::sync::Arc;

/// Changes each figure of the project's rule files in turn and looks whether a case notices. `progress` is told how many
/// rule files are done, and of how many. Files with errors are passed over: [`Project::check`] tells of them.
///
/// ```
/// use payer_split::check::{MutationKind, Project, mutation};
///
/// let rules = r#"
///     [policy]
///     id = "example"
///     version = "1"
///     region = "unstated"
///     name = "例子"
///     from = 2020-01-01
///     to = "open"
///     source = "S"
///
///     [[source]]
///     id = "S"
///     title = "文件"
///     date = "undated"
///
///     [[payer]]
///     id = "basic"
///     name = "基本医保"
///     kind = "insurance"
///
///     [[step]]
///     id = "basic"
///     name = "基本医保"
///     payer = "basic"
///     source = "S"
///     deductible = 400
///     ratio = "80%"
/// "#;
/// // Without cases nobody notices a wrong figure.
/// let report = mutation(&Project::from_texts([("example.toml", rules)]), |_, _| ());
/// assert_eq!(report.counts(Some(MutationKind::Amount)).unnoticed, 4);
/// assert_eq!(report.counts(Some(MutationKind::Ratio)).unnoticed, 2);
/// ```
pub fn mutation(project: &Project, mut progress: impl FnMut(usize, usize)) -> MutationReport {
    let loaded = load::load_placed(project.rules());
    let book = RuleBook::of(
        loaded
            .policies
            .iter()
            .map(|placed| placed.policy.clone())
            .collect(),
    );
    let mut report = MutationReport::default();
    let mut effort = witness::EFFORT;
    let mut cases = Vec::new();
    for (name, bytes) in project.cases() {
        let read = Case::read_bytes(name, bytes).unwrap_or_default();
        for case in read {
            if case.run(&book).passed() {
                cases.push(case);
            } else {
                report.failing = report.failing.saturating_add(1);
            }
        }
    }
    let inputs: Vec<(&str, &[u8])> = project.rules().collect();
    let total = inputs.len();
    for number in 0..total {
        let bench = Bench::new(&inputs, number, &loaded.policies, &loaded.sources, &cases);
        if let Some(mut bench) = bench {
            bench.run(&mut report, &mut effort);
        }
        progress(number.saturating_add(1), total);
    }
    report
}

/// One rule file with all that is needed to try its changes.
struct Bench<'a> {
    /// The files to load, and which of them is changed.
    inputs: Vec<(&'a str, &'a [u8])>,
    changed: usize,
    /// The policies that the file is part of.
    affected: Vec<&'a Placed>,
    /// Its id among all files.
    file: FileId,
    /// Other versions, which the cases may also need.
    others: Vec<&'a Policy>,
    /// The cases of the affected policies; the one that noticed a change last comes first.
    cases: Vec<&'a Case>,
}

impl<'a> Bench<'a> {
    fn new(
        inputs: &[(&'a str, &'a [u8])],
        changed: usize,
        policies: &'a [Placed],
        sources: &SourceMap,
        cases: &'a [Case],
    ) -> Option<Bench<'a>> {
        let file = sources.nth(changed)?;
        let of: Vec<&Placed> = policies
            .iter()
            .filter(|placed| placed.files.contains(&file))
            .collect();
        let needed = |number: &usize| {
            let file = sources.nth(*number);
            file.is_some_and(|file| of.iter().any(|placed| placed.files.contains(&file)))
        };
        let numbers: Vec<usize> = (0..inputs.len()).filter(needed).collect();
        let affected: Vec<&Policy> = of.iter().map(|placed| &placed.policy).collect();
        let concerns = |policy: &Policy, case: &Case| {
            case.policy == policy.id()
                && case.layer == policy.layer()
                && case
                    .bills
                    .iter()
                    .any(|(bill, _)| policy.is_in_force(bill.date))
        };
        Some(Bench {
            changed: numbers.iter().position(|&number| number == changed)?,
            inputs: numbers
                .iter()
                .filter_map(|&number| inputs.get(number).copied())
                .collect(),
            others: policies
                .iter()
                .map(|placed| &placed.policy)
                .filter(|policy| affected.iter().any(|other| other.id() == policy.id()))
                .collect(),
            cases: cases
                .iter()
                .filter(|case| affected.iter().any(|policy| concerns(policy, case)))
                .collect(),
            affected: of,
            file,
        })
    }

    fn run(&mut self, report: &mut MutationReport, effort: &mut usize) {
        let Some((name, bytes)) = self.inputs.get(self.changed).copied() else {
            return;
        };
        let (mut sources, sink) = (SourceMap::new(), Sink::new());
        let Some(root) = parse(&mut sources, name, bytes, &sink) else {
            return;
        };
        let Some(source) = sources.get(root.span.file).map(Arc::clone) else {
            return;
        };
        // By line: the reason given there, and whether a change needed it.
        let mut reasons: Vec<(usize, &str, bool)> = (1..=source.line_count())
            .filter_map(|line| Some((line, unwatched(source.line(line))?, false)))
            .collect();
        let text = source.text();
        for edit in edits::edits(&root, &source) {
            let line = source.position(edit.at).0;
            let tried = self.try_edit(&edit, text);
            let reason = reasons.iter_mut().find(|(at, ..)| *at == line);
            let (outcome, case) = match (tried, reason) {
                (Err(_), Some((_, reason, needed))) => {
                    *needed = true;
                    (MutationOutcome::Excused((*reason).to_owned()), None)
                }
                (Err(changed), None) => self.explain(&edit, &changed, effort),
                (Ok(outcome), _) => (outcome, None),
            };
            report.mutations.push(Mutation {
                file: name.to_owned(),
                line,
                kind: edit.kind,
                old: edit.old,
                new: edit.new,
                outcome,
                case,
            });
        }
        let stale = reasons.iter().filter(|(.., needed)| !needed);
        report
            .stale
            .extend(stale.map(|(line, ..)| (name.to_owned(), *line)));
    }

    /// What came of a change; the changed policies if nobody noticed.
    fn try_edit(&mut self, edit: &Edit, text: &str) -> Result<MutationOutcome, Box<RuleBook>> {
        let changed = edit.apply(text);
        let inputs = self
            .inputs
            .iter()
            .enumerate()
            .map(|(number, &(name, bytes))| match number == self.changed {
                true => (name, changed.as_bytes()),
                false => (name, bytes),
            });
        let loaded = load::load_placed(inputs);
        if loaded.sink.error_count() > 0 {
            return Ok(MutationOutcome::Stopped);
        }
        let mut policies: Vec<Policy> = loaded
            .policies
            .into_iter()
            .map(|placed| placed.policy)
            .collect();
        let same = |placed: &&Placed| {
            let old = &placed.policy;
            let new = policies
                .iter()
                .find(|policy| policy.full_name() == old.full_name());
            new.is_some_and(|new| {
                *new == *old || (edit.kind == MutationKind::Order && order::is_equivalent(old, new))
            })
        };
        if self.affected.iter().all(same) {
            return Ok(MutationOutcome::Equivalent);
        }
        for other in &self.others {
            if !policies
                .iter()
                .any(|policy| policy.full_name() == other.full_name())
            {
                policies.push((*other).clone());
            }
        }
        let book = RuleBook::of(policies);
        match self.cases.iter().position(|case| !case.run(&book).passed()) {
            Some(number) => {
                if let Some(cases) = self.cases.get_mut(..=number) {
                    cases.rotate_right(1);
                }
                Ok(MutationOutcome::Noticed)
            }
            None => Err(Box::new(book)),
        }
    }

    /// Why nobody noticed a change, or else a case that would.
    fn explain(
        &self,
        edit: &Edit,
        changed: &RuleBook,
        effort: &mut usize,
    ) -> (MutationOutcome, Option<String>) {
        let mut case = || witness::case(edit, self.file, &self.affected, changed, effort);
        let behind = || witness::behind(edit, self.file, &self.affected);
        // Without one of its tests a condition is wider: what was behind another value may be no more.
        let first = match edit.kind {
            MutationKind::Condition => case(),
            _ => None,
        };
        match first {
            Some(case) => (MutationOutcome::Unnoticed, Some(case)),
            None => match behind() {
                Some(path) => (MutationOutcome::Behind(path), None),
                None => (MutationOutcome::Unnoticed, case()),
            },
        }
    }
}

/// The reason in a comment `# unwatched: …`.
fn unwatched(line: &str) -> Option<&str> {
    let (_, reason) = line.split_once("# unwatched:")?;
    Some(reason.trim())
}
