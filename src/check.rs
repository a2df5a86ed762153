//! The analyst's bench: everything that tells whether a rule file says what the policy says.
//!
//! A [`Project`] is some rule files and the case files beside them, as texts. [`Project::check`] loads them, looks for what
//! is probably meant otherwise, runs the cases, and gives a [`Report`]. The other tools take the same project or one of
//! its policies: how much of the rules the cases exercise (coverage), which figures no case watches (mutation),
//! a policy in plain sentences (summary), what a code means (explain), and the JSON Schemas of the files
//! (schema).

#[cfg(feature = "seal")]
pub mod certificate;
mod coverage;
mod explain;
mod leaves;
mod lint;
mod mutation;
mod paths;
mod report;
mod summary;

#[cfg(feature = "seal")]
pub use certificate::{Certificate, CertifiedFile, Claim, Claimed, Flaw, UnknownPolicy, certify};
pub use coverage::{Coverage, Exercise, Item, ItemKind, PolicyCoverage, coverage};
pub use explain::{Bilingual, Example, Explanation, UnknownCode, explain};
pub use mutation::{
    Mutation, MutationCounts, MutationKind, MutationOutcome, MutationReport, mutation,
};
pub use report::{CASE_FAILS, Failure, Short};

pub(crate) use summary::Speaker;
pub use summary::{Summary, summary};

pub mod schema;

use crate::book::RuleBook;
use crate::case::{Case, CaseReport};
use crate::directory::{self, DirectoryError};
use crate::load::{self, Loaded};
use crate::text::{Diagnostic, Diagnostics};
use std::path::Path;

/// Rule files and case files, as (name, bytes). Names are what messages call the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    rules: Vec<(String, Vec<u8>)>,
    cases: Vec<(String, Vec<u8>)>,
}

impl Project {
    /// A project of texts: files whose names end in `.cases.toml` are cases, the others rule files.
    ///
    /// ```
    /// use payer_split::check::Project;
    ///
    /// let report = Project::from_texts([("a.toml", "[policy]\nid = 7")]).check();
    /// assert!(report.diagnostics().has_errors());
    /// ```
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Project {
        Project::from_bytes(
            files
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())),
        )
    }

    /// Like [`from_texts`](Self::from_texts), with the bytes of files that may not be UTF-8.
    pub fn from_bytes(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Project {
        let (cases, rules) = files
            .into_iter()
            .partition(|(name, _)| name.ends_with(directory::CASES));
        Project { rules, cases }
    }

    /// Reads every `.toml` file below a directory, or one file.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] for what cannot be read. Problems of the files themselves are in the report.
    pub fn read_dir(path: impl AsRef<Path>) -> Result<Project, DirectoryError> {
        directory::read(path.as_ref(), |_| true).map(Project::from_bytes)
    }

    /// The shipped rule files, without cases.
    pub fn embedded() -> Project {
        Project::from_texts(RuleBook::embedded_files())
    }

    /// The rule files as (name, bytes).
    pub fn rules(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.rules
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// The case files as (name, bytes).
    pub fn cases(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.cases
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Loads the files, checks them, and runs the cases.
    pub fn check(&self) -> Report {
        let Loaded {
            policies,
            sources,
            sink,
        } = load::load_placed(self.rules());
        let mut cases = Vec::new();
        let mut found: Vec<Diagnostic> = Vec::new();
        for (name, bytes) in self.cases() {
            match Case::read_bytes(name, bytes) {
                Ok(read) => cases.extend(read),
                Err(problems) => found.extend(problems.iter().cloned()),
            }
        }
        lint::lint(&policies, &cases, &sink);
        let mut diagnostics = sink.finish(&sources);
        let book = RuleBook::of(policies.into_iter().map(|placed| placed.policy).collect());
        diagnostics.extend(found);
        let cases = cases
            .into_iter()
            .map(|case| {
                let report = case.run(&book);
                (case, report)
            })
            .collect();
        Report {
            diagnostics,
            book,
            cases,
        }
    }
}

/// What checking a project found.
#[derive(Debug, Clone)]
pub struct Report {
    diagnostics: Diagnostics,
    book: RuleBook,
    cases: Vec<(Case, CaseReport)>,
}

impl Report {
    /// Every problem of the rule files and the case files.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The policies that loaded without errors.
    pub fn book(&self) -> &RuleBook {
        &self.book
    }

    /// Every case that could be read, with what running it gave.
    pub fn cases(&self) -> &[(Case, CaseReport)] {
        &self.cases
    }

    /// Whether nothing is wrong: no error, and every case came out as expected. Warnings do not count.
    pub fn passed(&self) -> bool {
        !self.diagnostics.has_errors() && self.cases.iter().all(|(_, report)| report.passed())
    }
}
