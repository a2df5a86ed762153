//! A report as data, for other programs.

use super::table::{BillTable, bills};
use super::{CASE_FAILS, Failure, Report};
use crate::text::{Diagnostic, Label};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct ReportData<'a> {
    /// No error, and every case as expected.
    passed: bool,
    policies: Vec<String>,
    cases: Cases,
    /// Problems beyond those that are kept.
    omitted: usize,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Cases {
    total: usize,
    failed: usize,
    not_run: usize,
}

/// A problem of a file, or a failing case.
#[derive(Serialize)]
struct Problem<'a> {
    severity: String,
    code: &'a str,
    message: String,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    underlined: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_places: Vec<Place<'a>>,
    /// The bills of a failing case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bills: Vec<BillTable>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    label: Option<&'a str>,
}

impl<'a> From<&'a Label> for Place<'a> {
    fn from(label: &'a Label) -> Place<'a> {
        Place {
            file: label.file(),
            line: label.line(),
            column: label.column(),
            label: label.text(),
        }
    }
}

impl<'a> From<&'a Diagnostic> for Problem<'a> {
    fn from(found: &'a Diagnostic) -> Problem<'a> {
        Problem {
            severity: found.severity().to_string(),
            code: found.code().as_str(),
            message: found.message().to_owned(),
            file: found.file(),
            line: found.line(),
            column: found.column(),
            underlined: found.line().map(|_| found.underlined()),
            label: found.place().text(),
            expected: found.expectation(),
            suggestion: found.suggestion(),
            notes: found.notes().collect(),
            witness: found.witness(),
            other_places: found.other_places().iter().map(Place::from).collect(),
            bills: Vec::new(),
        }
    }
}

impl<'a> From<Failure<'a>> for Problem<'a> {
    fn from(failure: Failure<'a>) -> Problem<'a> {
        let (file, line) = &failure.case.place;
        Problem {
            severity: "error".to_owned(),
            code: CASE_FAILS,
            message: failure.message(),
            file,
            line: Some(*line),
            column: Some(1),
            underlined: None,
            label: None,
            expected: None,
            suggestion: None,
            notes: failure.case.source.as_deref().into_iter().collect(),
            witness: None,
            other_places: Vec::new(),
            bills: bills(failure.case, failure.report),
        }
    }
}

impl Serialize for Report {
    /// The same as its lines show: whether it passed, what was checked, and every problem with its place; a failing case
    /// with the rows of its bills.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let problems = self.diagnostics.iter().map(Problem::from);
        let data = ReportData {
            passed: self.passed(),
            policies: self
                .book
                .policies()
                .map(|policy| policy.full_name())
                .collect(),
            cases: Cases {
                total: self.cases.len(),
                failed: self.failures().count(),
                not_run: self.not_run(),
            },
            omitted: self.diagnostics.omitted(),
            problems: problems.chain(self.failures().map(Problem::from)).collect(),
        };
        data.serialize(serializer)
    }
}
