//! Cases: bills with the amounts that they must come to, written as data beside the rule files.
//!
//! A case names a policy, a patient and one bill or a year of bills, and what is expected of each. Analysts write them;
//! [`Case::run`] settles them and says what differs.

mod read;

use crate::bill::Bill;
use crate::book::{FindError, RuleBook};
use crate::money::Money;
use crate::patient::Patient;
use crate::policy::info::Layer;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::{Proportion, Settlement, StepView};
use crate::suggest::suggest;
use crate::text::Diagnostics;
use std::fmt;

/// One case: a patient, the bills of a year in order, and what each must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// What the case is called.
    pub name: String,
    /// The file in which it stands, and the line.
    pub place: (String, usize),
    /// The policy's id; the version is found by each bill's date.
    pub policy: String,
    /// The layer.
    pub layer: Layer,
    /// Where the expectation comes from.
    pub source: Option<String>,
    /// Anything to know about it.
    pub note: Option<String>,
    /// The patient, perhaps with a year to date.
    pub patient: Patient,
    /// The bills in order, each with what is expected of it.
    pub bills: Vec<(Bill, Expectation)>,
}

/// What is expected of a bill. What is not given is not checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Expectation {
    /// What the patient pays.
    pub patient: Option<Money>,
    /// By payer id: what it pays.
    pub payers: Vec<(String, Money)>,
    /// By step id: what it pays.
    pub steps: Vec<(String, Money)>,
    /// By step id: the deductible used.
    pub deductibles: Vec<(String, Money)>,
    /// By step id: a limit that bound it (on the cost, the deductible or the payment), or `none`.
    pub limited: Vec<(String, String)>,
    /// The ids of the benefits, exactly.
    pub benefits: Option<Vec<String>>,
    /// Whether the amounts lean on any assumption.
    pub assumptions: Option<bool>,
    /// The actual reimbursement ratio of the total, to the decimals written.
    pub reimbursed: Option<String>,
    /// The actual reimbursement ratio of the in-scope cost, to the decimals written.
    pub reimbursed_in_scope: Option<String>,
    /// The kind of refusal.
    pub refused: Option<String>,
    /// Texts that the refusal must name.
    pub names: Vec<String>,
}

/// Something that a case expected and that came out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The bill's number in the case, from 1.
    pub bill: usize,
    /// What was compared, such as `payers.basic`.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "bill {}: `{}` expected `{}`, found `{}`",
            self.bill, self.what, self.expected, self.found
        )
    }
}

/// What running a case gave: each bill's settlement or refusal, and what differed from the expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseReport {
    /// One result a bill. After a refusal the year to date goes on unchanged.
    pub results: Vec<Result<Settlement, Refusal>>,
    /// What differed.
    pub mismatches: Vec<Mismatch>,
}

impl CaseReport {
    /// Whether everything came out as expected.
    pub fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// Why a case's bill was not settled: no policy in force, or the settlement refused it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No policy was found.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The settlement refused.
    #[error(transparent)]
    Settle(#[from] SettleError),
}

impl Refusal {
    /// A stable word for the kind: that of the [`SettleError`], or `out-of-force` when no version is in force.
    pub fn kind(&self) -> &'static str {
        match self {
            Refusal::Find(FindError::Gap { .. }) => "out-of-force",
            Refusal::Find(_) => "unknown-name",
            Refusal::Settle(error) => error.kind(),
        }
    }
}

impl Case {
    /// Reads the cases of a file; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// Every problem of the text, with its place.
    ///
    /// ```
    /// use payer_split::{Case, RuleBook};
    ///
    /// let cases = Case::read("yuetang.cases.toml", r#"
    ///     [[case]]
    ///     name = "gallstones, ten percent left"
    ///     policy = "yuetang"
    ///     layer = "assumed"
    ///     patient = { scheme = "resident", categories = ["registered-poor"] }
    ///
    ///     [[case.bill]]
    ///     date = 2020-06-01
    ///     care = "inpatient"
    ///     facility = { tier = "county", place = "in-county", designated = true }
    ///     lines = [
    ///       { fee = "western-medicine", amount = 3800, class = "A" },
    ///       { fee = "material", amount = 749.20, class = "C" },
    ///     ]
    ///     expect = { patient = 454.92, reimbursed = "90%" }
    /// "#)?;
    /// let report = cases[0].run(&RuleBook::embedded());
    /// assert!(report.passed(), "{:?}", report.mismatches);
    /// # Ok::<(), payer_split::Diagnostics>(())
    /// ```
    pub fn read(name: &str, text: &str) -> Result<Vec<Case>, Diagnostics> {
        Case::read_bytes(name, text.as_bytes())
    }

    /// Like [`read`](Self::read), with the bytes of a file that may not be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Vec<Case>, Diagnostics> {
        read::read(name, bytes)
    }

    /// Settles the case's bills in order, carrying the year to date, and compares.
    pub fn run(&self, book: &RuleBook) -> CaseReport {
        let mut patient = self.patient.clone();
        let mut workspace = Workspace::new();
        let mut report = CaseReport {
            results: Vec::new(),
            mismatches: Vec::new(),
        };
        self.check_counters(book, &mut report.mismatches);
        for (number, (bill, expected)) in (1..).zip(&self.bills) {
            let result = match book.find_id(&self.policy, bill.date, self.layer) {
                Err(error) => Err(Refusal::from(error)),
                Ok(policy) => workspace
                    .settle(policy, bill, &patient, Detail::Lines)
                    .cloned()
                    .map_err(Refusal::from),
            };
            let mut compare = Compare {
                bill: number,
                out: &mut report.mismatches,
            };
            match &result {
                Ok(settlement) => {
                    compare.settlement(expected, settlement);
                    patient.year_to_date = Some(settlement.year_to_date().clone());
                }
                Err(refusal) => compare.refusal(expected, refusal),
            }
            report.results.push(result);
        }
        report
    }
}

impl Case {
    /// A year to date is carried whatever its counters are called; one that no version of the policy has is a slip.
    fn check_counters(&self, book: &RuleBook, out: &mut Vec<Mismatch>) {
        let Some(year) = &self.patient.year_to_date else {
            return;
        };
        let versions = book.policies().filter(|policy| policy.id() == self.policy);
        let known: Vec<&str> = versions.flat_map(|policy| policy.counters()).collect();
        for (name, _) in year.counters().filter(|(name, _)| !known.contains(name)) {
            // Sums for information have no effect: what is meant is a counter that has.
            let acting = known.iter().copied().filter(|known| {
                !["paid/", "billed/", "deductible/"]
                    .iter()
                    .any(|sum| known.starts_with(sum))
            });
            let near = suggest(name, acting);
            out.push(Mismatch {
                bill: 1,
                what: "year_to_date.counters".into(),
                expected: near.unwrap_or("a counter of the policy").into(),
                found: name.into(),
            });
        }
    }
}

/// Compares one bill's result with what was expected.
struct Compare<'a> {
    bill: usize,
    out: &'a mut Vec<Mismatch>,
}

impl Compare<'_> {
    fn check(
        &mut self,
        what: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) {
        let (expected, found) = (expected.to_string(), found.to_string());
        if expected != found {
            self.out.push(Mismatch {
                bill: self.bill,
                what: what.into(),
                expected,
                found,
            });
        }
    }

    fn refusal(&mut self, expected: &Expectation, refusal: &Refusal) {
        let kind = expected.refused.as_deref().unwrap_or("a settlement");
        if kind != refusal.kind() {
            self.check("refused", kind, format!("{}: {refusal}", refusal.kind()));
        }
        let text = refusal.to_string();
        for name in expected.names.iter().filter(|name| !text.contains(*name)) {
            self.check("names", name, &text);
        }
    }

    fn settlement<'a>(&mut self, expected: &Expectation, settlement: &'a Settlement) {
        if let Some(kind) = &expected.refused {
            return self.check("refused", kind, "a settlement");
        }
        if let Some(patient) = expected.patient {
            self.check("patient", patient, settlement.patient());
        }
        for (payer, amount) in &expected.payers {
            let found = settlement
                .paid(payer)
                .map_or_else(|| "no such payer".into(), |amount| amount.to_string());
            self.check(format!("payers.{payer}"), amount, found);
        }
        for (what, expected, amount) in [
            (
                "steps",
                &expected.steps,
                (|step| step.amount()) as fn(StepView<'_>) -> Money,
            ),
            ("deductibles", &expected.deductibles, |step| {
                step.deductible()
            }),
        ] {
            for (step, expected) in expected {
                let found = match settlement.step(step) {
                    Some(view) => amount(view).to_string(),
                    None if !settlement.has_step(step) => "no such step".into(),
                    // A step that does not apply pays nothing.
                    None if *expected == Money::ZERO => continue,
                    None => "a step that did not apply".into(),
                };
                self.check(format!("{what}.{step}"), expected, found);
            }
        }
        for (step, limit) in &expected.limited {
            // A step's own limit may be named without the step.
            let own = |id: &'a str| id.strip_prefix(step.as_str())?.strip_prefix('/');
            let bound = settlement
                .step(step)
                .into_iter()
                .flat_map(|step| step.limits());
            let bound: Vec<&str> = bound
                .map(|named| {
                    own(&named.id)
                        .filter(|_| !limit.contains('/'))
                        .unwrap_or(&named.id)
                })
                .collect();
            let found = match bound.as_slice() {
                _ if !settlement.has_step(step) => "no such step".into(),
                [] => "none".into(),
                _ if bound.contains(&limit.as_str()) => limit.clone(),
                _ => bound.join(", "),
            };
            self.check(format!("limited.{step}"), limit, found);
        }
        if let Some(benefits) = &expected.benefits {
            let found: Vec<&str> = settlement
                .benefits()
                .map(|benefit| benefit.id.as_str())
                .collect();
            self.check("benefits", benefits.join(", "), found.join(", "));
        }
        if let Some(assumptions) = expected.assumptions {
            self.check(
                "assumptions",
                assumptions,
                settlement.assumptions().next().is_some(),
            );
        }
        for (what, expected, found) in [
            ("reimbursed", &expected.reimbursed, settlement.reimbursed()),
            (
                "reimbursed_in_scope",
                &expected.reimbursed_in_scope,
                settlement.reimbursed_in_scope(),
            ),
        ] {
            if let Some(expected) = expected {
                self.check(what, expected, rounded_like(found, expected));
            }
        }
    }
}

/// A proportion with as many decimals as a text has.
fn rounded_like(proportion: Proportion, text: &str) -> String {
    let decimals = text
        .trim_end_matches('%')
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    proportion.to_percent(decimals)
}
