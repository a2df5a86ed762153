//! Mutation of the rules: which figure could be wrong without any case noticing.
//!
//! Each figure of a rule file is nudged in the text of the file, adjustments and tests of conditions are dropped, and
//! neighbouring steps are swapped. The changed text is loaded with the files that it needs, and the cases of the
//! policies that it reaches are run. A change that the loader refuses, or with which a case fails, is noticed; any
//! other says that the cases do not watch that figure.

mod edits;
mod order;
mod witness;

use super::Project;
use crate::book::RuleBook;
use crate::case::Case;
use crate::load::{self, Placed};
use crate::policy::Policy;
use crate::text::{FileId, Sink, SourceMap, parse};
use edits::Edit;
use std::fmt;
use std::sync::Arc;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MutationKind {
    /// An amount, by a fen or by a yuan. Where two bands join, both edges move together.
    Amount,
    /// A ratio, by a point.
    Ratio,
    /// A number or a day of a condition, by one.
    Number,
    /// An adjustment, dropped.
    Adjust,
    /// A test of a condition, dropped.
    Condition,
    /// Two neighbouring steps, in each other's place.
    Order,
}

impl MutationKind {
    /// Every kind.
    pub const ALL: [MutationKind; 6] = [
        MutationKind::Amount,
        MutationKind::Ratio,
        MutationKind::Number,
        MutationKind::Adjust,
        MutationKind::Condition,
        MutationKind::Order,
    ];

    /// A word for the kind.
    pub fn id(self) -> &'static str {
        match self {
            MutationKind::Amount => "amount",
            MutationKind::Ratio => "ratio",
            MutationKind::Number => "number",
            MutationKind::Adjust => "adjust",
            MutationKind::Condition => "condition",
            MutationKind::Order => "order",
        }
    }
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MutationOutcome {
    /// The loader refused it.
    Stopped,
    /// A case failed with it.
    Noticed,
    /// It can change no result: the policies are the same as before, or the steps that changed places have nothing to
    /// do with one another.
    Equivalent,
    /// No case can notice it: each bill that would get there needs a value first that no source states. Its path.
    Behind(String),
    /// No case failed, and the line says why in a comment `# unwatched: …`.
    Excused(String),
    /// No case failed.
    Unnoticed,
}

/// One change of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Mutation {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What sort of thing was changed.
    pub kind: MutationKind,
    /// The text that was changed.
    pub old: String,
    /// What it became.
    pub new: String,
    /// What came of it.
    pub outcome: MutationOutcome,
    /// If nobody noticed: a case that would, with the result that the rules as they stand come to; `None` if none was
    /// found, and also where enough others were looked for.
    pub case: Option<String>,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {} -> {}",
            self.file, self.line, self.old, self.new
        )?;
        match &self.outcome {
            MutationOutcome::Excused(reason) => write!(f, " ({reason})"),
            MutationOutcome::Behind(path) => {
                write!(f, " (behind `{path}`, which no source states)")
            }
            _ => Ok(()),
        }
    }
}

/// How many changes of one kind came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MutationCounts {
    /// Refused by the loader.
    pub stopped: usize,
    /// Noticed by a case.
    pub noticed: usize,
    /// Without any effect.
    pub equivalent: usize,
    /// Unnoticed because an unstated value stands before it, or for a reason that the file names.
    pub excused: usize,
    /// Unnoticed.
    pub unnoticed: usize,
}

impl MutationCounts {
    /// All changes together.
    pub fn total(&self) -> usize {
        [
            self.stopped,
            self.noticed,
            self.equivalent,
            self.excused,
            self.unnoticed,
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }
}

/// What changing the rules showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MutationReport {
    mutations: Vec<Mutation>,
    stale: Vec<(String, usize)>,
    failing: usize,
}

impl MutationReport {
    /// Every change, in the order of the files.
    pub fn mutations(&self) -> &[Mutation] {
        &self.mutations
    }

    /// The changes that no case notices, and for which no reason is named.
    pub fn unnoticed(&self) -> impl Iterator<Item = &Mutation> {
        self.mutations
            .iter()
            .filter(|mutation| mutation.outcome == MutationOutcome::Unnoticed)
    }

    /// The changes that no case notices because an unstated value stands before them, or for a reason that the file names.
    pub fn excused(&self) -> impl Iterator<Item = &Mutation> {
        self.mutations.iter().filter(|mutation| {
            matches!(
                mutation.outcome,
                MutationOutcome::Behind(_) | MutationOutcome::Excused(_)
            )
        })
    }

    /// File and line of each comment `# unwatched: …` on whose line every change is noticed.
    pub fn stale(&self) -> &[(String, usize)] {
        &self.stale
    }

    /// How many cases could not be used, because they fail without any change.
    pub fn failing(&self) -> usize {
        self.failing
    }

    /// The counts of a kind; of all kinds with `None`.
    pub fn counts(&self, kind: Option<MutationKind>) -> MutationCounts {
        let mut counts = MutationCounts::default();
        let wanted = |mutation: &&Mutation| kind.is_none_or(|kind| kind == mutation.kind);
        for mutation in self.mutations.iter().filter(wanted) {
            let count = match mutation.outcome {
                MutationOutcome::Stopped => &mut counts.stopped,
                MutationOutcome::Noticed => &mut counts.noticed,
                MutationOutcome::Equivalent => &mut counts.equivalent,
                MutationOutcome::Behind(_) | MutationOutcome::Excused(_) => &mut counts.excused,
                MutationOutcome::Unnoticed => &mut counts.unnoticed,
            };
            *count = count.saturating_add(1);
        }
        counts
    }
}

impl fmt::Display for MutationReport {
    /// The counts by kind, then the changes that nobody notices.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<10} {:>8} {:>8} {:>8} {:>10} {:>8} {:>9}",
            "changed", "changes", "stopped", "noticed", "equivalent", "excused", "unnoticed"
        )?;
        let kinds = MutationKind::ALL.into_iter().map(Some).chain([None]);
        for kind in kinds {
            let counts = self.counts(kind);
            writeln!(
                f,
                "{:<10} {:>8} {:>8} {:>8} {:>10} {:>8} {:>9}",
                kind.map_or("all", MutationKind::id),
                counts.total(),
                counts.stopped,
                counts.noticed,
                counts.equivalent,
                counts.excused,
                counts.unnoticed
            )?;
        }
        for mutation in self.excused() {
            writeln!(f, "excused: {mutation}")?;
        }
        for mutation in self.unnoticed() {
            writeln!(f, "no case notices: {mutation}")?;
        }
        for (file, line) in &self.stale {
            writeln!(
                f,
                "{file}:{line}: `unwatched` is not needed: every change is noticed"
            )?;
        }
        Ok(())
    }
}

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
    fn try_edit(&mut self, edit: &Edit, text: &str) -> Result<MutationOutcome, RuleBook> {
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
            None => Err(book),
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
