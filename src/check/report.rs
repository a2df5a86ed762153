//! A report as text and as data: every problem of the files, and every case that fails, with the amounts that were
//! expected and those that came out side by side.

mod data;
mod table;

use super::Report;
use crate::book::FindError;
use crate::case::{Case, CaseReport, Mismatch, Refusal};
use std::fmt;
use table::bills;

/// The code under which a failing case is reported; the codes of what is wrong in files are a [`Code`](crate::Code).
pub const CASE_FAILS: &str = "case-fails";

/// A case that did not come out as expected. `Display` shows, for each bill that differs, what was expected and what
/// came out, step by step with the arithmetic, and payer by payer.
///
/// ```
/// use payer_split::check::Project;
///
/// let rules = include_str!("../../rules/hunan/yuetang/2019.toml");
/// let case = r#"
///     [[case]]
///     name = "no figures are stated"
///     policy = "yuetang"
///     patient = { scheme = "resident" }
///     [[case.bill]]
///     date = 2019-06-01
///     care = "outpatient"
///     facility = {}
///     lines = [{ fee = "western-medicine", amount = 200, class = "A" }]
///     expect = { patient = 20 }
/// "#;
/// let report = Project::from_texts([("2019.toml", rules), ("2019.cases.toml", case)]).check();
/// let failure = report.failures().next().expect("the patient pays 200");
/// assert!(failure.to_string().contains("20.00       200.00  !="), "{failure}");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    case: &'a Case,
    report: &'a CaseReport,
}

impl<'a> Failure<'a> {
    /// The case.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// What running it gave.
    pub fn report(&self) -> &'a CaseReport {
        self.report
    }

    /// The failure in one line: `path:line:column: error[case-fails]: message`.
    pub fn short(&self) -> String {
        let (file, line) = &self.case.place;
        let place = format!("{}:{line}:1", one_line(file));
        format!("{place}: error[{CASE_FAILS}]: {}", self.message())
    }

    /// What differs first, and how much more does.
    fn message(&self) -> String {
        let mut mismatches = self.report.mismatches.iter();
        let first = mismatches.next().map(Mismatch::to_string);
        let more = match mismatches.len() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let first = one_line(&first.unwrap_or_default());
        format!("`{}`: {first}{more}", one_line(&self.case.name))
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = &self.case.place;
        write!(
            f,
            "error[{CASE_FAILS}]: the case `{}` comes out otherwise\n  --> {}:{line}:1",
            one_line(&self.case.name),
            one_line(file)
        )?;
        if let Some(source) = &self.case.source {
            write!(f, "\n   = the case's source: {}", one_line(source))?;
        }
        bills(self.case, self.report)
            .iter()
            .try_for_each(|bill| write!(f, "\n{bill}"))
    }
}

/// Every problem in one line each: see [`Report::short`].
#[derive(Debug, Clone, Copy)]
pub struct Short<'a>(&'a Report);

impl Report {
    /// The cases that do not come out as expected, but for those [that could not be run](Self::not_run).
    pub fn failures(&self) -> impl Iterator<Item = Failure<'_>> {
        self.failed().filter(|failure| !self.lacks_rules(failure))
    }

    /// How many cases have no policy to be run by, because of errors in the rule files.
    pub fn not_run(&self) -> usize {
        self.failed()
            .filter(|failure| self.lacks_rules(failure))
            .count()
    }

    /// One line for every problem, `path:line:column: error[code]: message` or `warning[code]`, each ended by a line
    /// break; nothing when nothing is wrong.
    ///
    /// ```
    /// use payer_split::check::Project;
    ///
    /// let report = Project::from_texts([("a.toml", "[policy]\nid = 7")]).check();
    /// let lines = report.short().to_string();
    /// assert!(lines.starts_with("a.toml:1:1: error[missing-key]: "), "{lines}");
    /// ```
    pub fn short(&self) -> Short<'_> {
        Short(self)
    }

    fn failed(&self) -> impl Iterator<Item = Failure<'_>> {
        let failed = self.cases.iter().filter(|(_, report)| !report.passed());
        failed.map(|(case, report)| Failure { case, report })
    }

    /// Whether a case fails only because its rule file has errors and was not loaded.
    fn lacks_rules(&self, failure: &Failure<'_>) -> bool {
        let is_unfound = |result: &Result<_, Refusal>| {
            matches!(result, Err(Refusal::Find(FindError::Unknown { .. })))
        };
        self.diagnostics.has_errors() && failure.report.results.iter().all(is_unfound)
    }
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Short(report) = self;
        if !report.diagnostics.is_empty() {
            writeln!(f, "{:?}", report.diagnostics)?;
        }
        report
            .failures()
            .try_for_each(|failure| writeln!(f, "{}", failure.short()))
    }
}

impl fmt::Display for Report {
    /// Every problem with the lines at fault and every failing case, an empty line after each; and last in a line what
    /// was checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.diagnostics.is_empty() {
            writeln!(f, "{}\n", self.diagnostics)?;
        }
        for failure in self.failures() {
            writeln!(f, "{failure}\n")?;
        }
        writeln!(f, "{}", self.conclusion())
    }
}

impl Report {
    /// What was checked and how it went, in one line.
    fn conclusion(&self) -> String {
        let (errors, warnings) = (
            self.diagnostics.errors().count(),
            self.diagnostics.warnings().count(),
        );
        let policies = count(self.book.policies().count(), "policy", "policies");
        let problems = match (errors, warnings) {
            (0, 0) => "loaded without problems".to_owned(),
            (0, warnings) => format!("loaded with {}", count(warnings, "warning", "warnings")),
            (errors, 0) => count(errors, "error", "errors"),
            (errors, warnings) => format!(
                "{}, {}",
                count(errors, "error", "errors"),
                count(warnings, "warning", "warnings")
            ),
        };
        let (failed, not_run) = (self.failures().count(), self.not_run());
        let run = self.cases.len().saturating_sub(not_run);
        let mut said = vec![match (run, failed) {
            (0, _) => String::new(),
            (run, 0) => format!("{} as expected", count(run, "case", "cases")),
            (run, failed) => format!("{failed} of {} failed", count(run, "case", "cases")),
        }];
        said.push(match (run, not_run) {
            (0, 0) => "no cases".to_owned(),
            (_, 0) => String::new(),
            (_, not_run) => {
                let cases = count(not_run, "case", "cases");
                format!("{cases} not run, for the errors of their rules")
            }
        });
        said.retain(|text| !text.is_empty());
        format!("rules: {policies}, {problems}; {}", said.join("; "))
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    let what = if number == 1 { one } else { many };
    format!("{number} {what}")
}

/// A text of a file in one line, without what would disturb a terminal.
fn one_line(text: &str) -> String {
    let clean = |c: char| match c {
        c if c.is_control() => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(clean).collect()
}
