//! What changing the rules showed.

use std::fmt;

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
    pub(super) mutations: Vec<Mutation>,
    pub(super) stale: Vec<(String, usize)>,
    pub(super) failing: usize,
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
