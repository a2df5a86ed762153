//! Coverage of the rules by the cases: what of a rule file no case exercises.
//!
//! An item is something that a rule file says and that a bill may exercise: a step, an entry of a figure, an adjustment
//! and its absence, a band, a limit that binds and one that does not. It belongs to the file in which it stands and counts
//! as exercised when a bill of any policy built on that file exercises it.

mod items;
mod suggest;

use super::Project;
use crate::book::RuleBook;
use crate::case::{Case, Refusal};
use crate::load::{self, Placed};
use crate::policy::Policy;
use crate::settle::error::SettleError;
use crate::settlement::Settlement;
use crate::text::{SourceMap, Span};
use items::Target;
use std::fmt;
pub(super) use suggest::Found;
use suggest::Search;

/// What is exercised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ItemKind {
    /// A step applied.
    StepApplies,
    /// A step paid.
    StepPays,
    /// A value of a figure was used; one that is `"unstated"`: a bill was refused for it.
    Figure,
    /// An adjustment applied.
    AdjustApplies,
    /// An adjustment did not apply although its step worked.
    AdjustAppliesNot,
    /// A band was reached.
    Band,
    /// A limit bound.
    LimitBinds,
    /// A limit was looked at and did not bind.
    LimitBindsNot,
    /// A guarantee paid.
    GuaranteeLifts,
    /// A guarantee had nothing to pay, because enough had been reimbursed.
    GuaranteeLiftsNot,
    /// A scope rule moved something.
    Scope,
    /// A benefit was granted.
    Benefit,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [ItemKind; 12] = [
        ItemKind::StepApplies,
        ItemKind::StepPays,
        ItemKind::Figure,
        ItemKind::AdjustApplies,
        ItemKind::AdjustAppliesNot,
        ItemKind::Band,
        ItemKind::LimitBinds,
        ItemKind::LimitBindsNot,
        ItemKind::GuaranteeLifts,
        ItemKind::GuaranteeLiftsNot,
        ItemKind::Scope,
        ItemKind::Benefit,
    ];

    /// What happens, in words.
    pub fn id(self) -> &'static str {
        match self {
            ItemKind::StepApplies => "step applies",
            ItemKind::StepPays => "step pays",
            ItemKind::Figure => "figure used",
            ItemKind::AdjustApplies => "adjust applies",
            ItemKind::AdjustAppliesNot => "adjust does not apply",
            ItemKind::Band => "band reached",
            ItemKind::LimitBinds => "limit binds",
            ItemKind::LimitBindsNot => "limit does not bind",
            ItemKind::GuaranteeLifts => "guarantee lifts",
            ItemKind::GuaranteeLiftsNot => "guarantee does not lift",
            ItemKind::Scope => "scope moves",
            ItemKind::Benefit => "benefit granted",
        }
    }

    /// The column of the table in which the kind is counted.
    fn column(self) -> usize {
        match self {
            ItemKind::StepApplies | ItemKind::StepPays => 0,
            ItemKind::Figure => 1,
            ItemKind::AdjustApplies | ItemKind::AdjustAppliesNot => 2,
            ItemKind::Band => 3,
            ItemKind::LimitBinds | ItemKind::LimitBindsNot => 4,
            ItemKind::GuaranteeLifts | ItemKind::GuaranteeLiftsNot => 5,
            ItemKind::Scope => 6,
            ItemKind::Benefit => 7,
        }
    }
}

/// The columns of the table.
const COLUMNS: [&str; 8] = [
    "steps", "figures", "adjusts", "bands", "limits", "floors", "scopes", "benefits",
];

/// Whether and how an item is exercised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exercise {
    /// By so many bills.
    By(usize),
    /// By none. A case that would, if one was found, with the result that the rules as they stand come to.
    Untouched {
        /// The case, ready to paste.
        case: Option<String>,
    },
    /// It cannot be: each bill that would get there needs a value first that no source states.
    Behind {
        /// The path of that value.
        unstated: String,
    },
    /// By none, and the line says why in a comment `# untouched: …`.
    Excused {
        /// The reason.
        reason: String,
    },
}

/// Something of a rule file that a bill may exercise.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Item {
    /// What happens to it.
    pub kind: ItemKind,
    /// Its path in the rule file, such as `basic.ratio.tier.county`.
    pub path: String,
    /// The line on which it stands, from 1.
    pub line: usize,
    /// Whether it is exercised.
    pub exercise: Exercise,
}

impl Item {
    /// Whether a case is to be expected that exercises it.
    fn is_expected(&self) -> bool {
        matches!(self.exercise, Exercise::By(_) | Exercise::Untouched { .. })
    }
}

/// The coverage of one rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyCoverage {
    /// The full name of the file's policy: `id/version`, and `/assumed` for an assumption layer.
    pub policy: String,
    /// The file.
    pub file: String,
    /// What it says, in the order of its text.
    pub items: Vec<Item>,
}

impl PolicyCoverage {
    /// How many items are exercised.
    pub fn touched(&self) -> usize {
        self.count(|item| matches!(item.exercise, Exercise::By(_)))
    }

    /// How many items there are to exercise: all but those behind an unstated value and those for which the file names
    /// a reason.
    pub fn expected(&self) -> usize {
        self.count(Item::is_expected)
    }

    /// The items that no case exercises, though one could and no reason is named.
    pub fn untouched(&self) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(|item| matches!(item.exercise, Exercise::Untouched { .. }))
    }

    /// What share of the items that can be exercised is: whole percent, rounded down; 100 if there are none.
    pub fn percent(&self) -> usize {
        percent(self.touched(), self.expected())
    }

    fn count(&self, wanted: impl Fn(&Item) -> bool) -> usize {
        self.items.iter().filter(|item| wanted(item)).count()
    }
}

fn percent(part: usize, whole: usize) -> usize {
    part.saturating_mul(100).checked_div(whole).unwrap_or(100)
}

/// How much of the rules the cases exercise, by rule file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    policies: Vec<PolicyCoverage>,
}

impl Coverage {
    /// The rule files.
    pub fn policies(&self) -> &[PolicyCoverage] {
        &self.policies
    }

    /// What share of all items that can be exercised is: whole percent, rounded down.
    pub fn percent(&self) -> usize {
        let sum = |count: fn(&PolicyCoverage) -> usize| {
            self.policies
                .iter()
                .map(count)
                .fold(0, usize::saturating_add)
        };
        percent(sum(PolicyCoverage::touched), sum(PolicyCoverage::expected))
    }
}

impl fmt::Display for Coverage {
    /// A table of the files, and under it what is untouched with the cases that would exercise it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = self.policies.iter().map(|policy| policy.policy.len()).max();
        let wide = wide.unwrap_or(0).max("rule file".len());
        write!(f, "{:<wide$}", "rule file")?;
        for column in COLUMNS {
            write!(f, " {column:>9}")?;
        }
        writeln!(f, " {:>6} {:>6}", "others", "%")?;
        for policy in &self.policies {
            write!(f, "{:<wide$}", policy.policy)?;
            for column in 0..COLUMNS.len() {
                let here = |item: &Item| item.kind.column() == column && item.is_expected();
                let touched =
                    policy.count(|item| here(item) && matches!(item.exercise, Exercise::By(_)));
                let cell = match policy.count(here) {
                    0 => "-".to_owned(),
                    all => format!("{touched}/{all}"),
                };
                write!(f, " {cell:>9}")?;
            }
            let others = policy.items.len().saturating_sub(policy.expected());
            writeln!(f, " {others:>6} {:>5}%", policy.percent())?;
        }
        for policy in &self.policies {
            for item in &policy.items {
                let Item {
                    kind,
                    path,
                    line,
                    exercise,
                } = item;
                let place = format!("{}:{line}: `{path}`: {}", policy.file, kind.id());
                match exercise {
                    Exercise::By(_) => {}
                    Exercise::Behind { unstated } => {
                        writeln!(f, "{place}: behind `{unstated}`, which no source states")?;
                    }
                    Exercise::Excused { reason } => writeln!(f, "{place}: no case ({reason})")?,
                    Exercise::Untouched { case: None } => {
                        writeln!(f, "{place}: no case, and no bill found that would")?;
                    }
                    Exercise::Untouched { case: Some(case) } => {
                        writeln!(f, "{place}: no case; this one would:\n\n{case}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Runs the project's cases and looks what of the rule files they exercise. For each item that is untouched a bill is
/// searched that would exercise it. Files with errors are passed over: [`Project::check`] tells of them.
///
/// ```
/// use payer_split::check::{Project, coverage};
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
///     ratio.tier = { county = "80%", other = "60%" }
/// "#;
/// let coverage = coverage(&Project::from_texts([("example.toml", rules)]));
/// let [example] = coverage.policies() else { panic!() };
/// assert_eq!(example.percent(), 0);
/// let untouched: Vec<&str> = example.untouched().map(|item| item.path.as_str()).collect();
/// assert_eq!(untouched, ["basic", "basic", "basic.ratio.tier.county", "basic.ratio.tier.other"]);
/// ```
pub fn coverage(project: &Project) -> Coverage {
    let loaded = load::load_placed(project.rules());
    let (policies, sources) = (&loaded.policies, &loaded.sources);
    let all = policies.iter().map(|placed| placed.policy.clone());
    let book = RuleBook::of(all.collect());
    let runs: Vec<Run> = project
        .cases()
        .flat_map(|(name, bytes)| Case::read_bytes(name, bytes).unwrap_or_default())
        .flat_map(|case| run(&case, &book, policies))
        .collect();
    let mut found: Vec<Candidate> = Vec::new();
    for (number, placed) in policies.iter().enumerate() {
        for target in items::targets(&placed.policy) {
            let place = usize::try_from(target.note.0)
                .ok()
                .and_then(|note| placed.notes.get(note));
            let Some(&place) = place else { continue };
            let same = |known: &&mut Candidate| {
                let Candidate {
                    place: there,
                    kind,
                    path,
                    ..
                } = known;
                *there == place && *kind == target.kind && *path == target.path
            };
            match found.iter_mut().find(same) {
                Some(known) => known.targets.push((number, target)),
                None => found.push(Candidate {
                    place,
                    kind: target.kind,
                    path: target.path.clone(),
                    targets: vec![(number, target)],
                }),
            }
        }
    }
    let mut searches: Vec<Option<Search<'_>>> = policies.iter().map(|_| None).collect();
    let mut out = Vec::new();
    for placed in policies {
        let Some(&file) = placed.files.last() else {
            continue;
        };
        let mut here: Vec<&Candidate> = found
            .iter()
            .filter(|item| item.place.file == file)
            .collect();
        here.sort_by_key(|item| (item.place.start, item.kind));
        let name = sources
            .get(file)
            .map_or_else(String::new, |file| file.name().to_owned());
        out.push(PolicyCoverage {
            policy: placed.policy.full_name(),
            file: name,
            items: here
                .iter()
                .map(|item| item.settled(policies, sources, &runs, &mut searches))
                .collect(),
        });
    }
    Coverage { policies: out }
}

/// Searches a bill for each thing that a policy says at a path.
pub(super) fn search_all(policy: &Policy, path: &str) -> Vec<Found> {
    let targets = items::targets(policy).into_iter();
    let here: Vec<Target> = targets.filter(|target| target.path == path).collect();
    let mut search = (!here.is_empty()).then(|| Search::new(policy));
    let search = search.iter_mut();
    let found = search.flat_map(|search| here.iter().map(|target| search.run(target)));
    found.collect()
}

/// A bill that was run under one of the policies.
struct Run {
    policy: usize,
    result: Result<Settlement, SettleError>,
}

fn run(case: &Case, book: &RuleBook, policies: &[Placed]) -> Vec<Run> {
    let results = case.run(book).results;
    let each = case
        .bills
        .iter()
        .zip(results)
        .filter_map(|((bill, _), result)| {
            let policy = book.find_id(&case.policy, bill.date, case.layer).ok()?;
            let name = policy.full_name();
            let policy = policies
                .iter()
                .position(|placed| placed.policy.full_name() == name)?;
            let result = match result {
                Ok(settlement) => Ok(settlement),
                Err(Refusal::Settle(error)) => Err(error),
                Err(Refusal::Find(_)) => return None,
            };
            Some(Run { policy, result })
        });
    each.collect()
}

/// An item with all that it is in the policies built on its file.
struct Candidate {
    place: Span,
    kind: ItemKind,
    path: String,
    targets: Vec<(usize, Target)>,
}

impl Candidate {
    /// The item, with a bill for it if no case has one; `searches` are those begun, by policy.
    fn settled<'p>(
        &self,
        policies: &'p [Placed],
        sources: &SourceMap,
        runs: &[Run],
        searches: &mut [Option<Search<'p>>],
    ) -> Item {
        let policy = |number: usize| policies.get(number).map(|placed| &placed.policy);
        let touched = runs.iter().filter(|run| {
            self.targets.iter().any(|(number, target)| {
                run.policy == *number
                    && policy(*number)
                        .is_some_and(|policy| target.is_touched(policy, run.result.as_ref()))
            })
        });
        let source = sources.get(self.place.file);
        let start = usize::try_from(self.place.start).unwrap_or(usize::MAX);
        let line = source.map_or(0, |source| source.position(start).0);
        let reason = source.and_then(|source| {
            let (_, reason) = source.line(line).split_once("# untouched:")?;
            Some(reason.trim().to_owned())
        });
        let exercise = match (touched.count(), reason) {
            (0, Some(reason)) => Exercise::Excused { reason },
            (0, None) => self.search(policies, searches),
            (bills, _) => Exercise::By(bills),
        };
        Item {
            kind: self.kind,
            path: self.path.clone(),
            line,
            exercise,
        }
    }

    fn search<'p>(&self, policies: &'p [Placed], searches: &mut [Option<Search<'p>>]) -> Exercise {
        let mut behind = None;
        for (number, target) in &self.targets {
            let Some((placed, search)) = policies.get(*number).zip(searches.get_mut(*number))
            else {
                continue;
            };
            let search = search.get_or_insert_with(|| Search::new(&placed.policy));
            match search.run(target) {
                Found::Case(case) => return Exercise::Untouched { case: Some(case) },
                Found::Behind(unstated) => behind = behind.or(Some(unstated)),
                Found::Nothing => {}
            }
        }
        match behind {
            Some(unstated) => Exercise::Behind { unstated },
            None => Exercise::Untouched { case: None },
        }
    }
}
