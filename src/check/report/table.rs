//! One bill of a failing case as a table: what was expected beside what came out.

use super::one_line;
use crate::bill::Bill;
use crate::case::{Case, CaseReport, Expectation, Mismatch};
use crate::money::Money;
use crate::ratio::Ratio;
use crate::settlement::{BandRecord, Rate, Settlement, StepView};
use crate::statement::yuan;
use serde::Serialize;
use std::fmt;
use unicode_width::UnicodeWidthStr as _;

/// The columns of a label; longer ones push their row to the right.
const LABEL: usize = 36;

/// A bill of a failing case.
#[derive(Debug, Serialize)]
pub(super) struct BillTable {
    /// Its number in the case, from 1.
    bill: usize,
    date: String,
    /// The full name of the policy that settled it.
    policy: Option<String>,
    /// Why it was refused.
    refused: Option<String>,
    passed: bool,
    rows: Vec<Row>,
    /// What differs and is no row.
    others: Vec<Other>,
}

/// One amount, expected and computed.
#[derive(Debug, Serialize)]
struct Row {
    /// The path in `expect`, such as `payers.basic`.
    what: String,
    /// A name for it.
    name: String,
    expected: Option<String>,
    computed: String,
    differs: bool,
    /// How a step came to its amount.
    arithmetic: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Other {
    what: String,
    expected: String,
    computed: String,
}

/// The bills of a case. Those that came out as expected have no rows.
pub(super) fn bills(case: &Case, report: &CaseReport) -> Vec<BillTable> {
    let bills = (1..).zip(&case.bills).zip(&report.results);
    let bills = bills.map(|((number, (bill, expected)), result)| {
        let of_bill = report.mismatches.iter();
        let mismatches: Vec<&Mismatch> = of_bill.filter(|found| found.bill == number).collect();
        let settlement = result.as_ref().ok();
        let mut rows = match settlement {
            Some(settlement) if !mismatches.is_empty() => rows(expected, settlement),
            _ => Vec::new(),
        };
        let mut others = Vec::new();
        for found in &mismatches {
            match rows.iter_mut().find(|row| row.what == found.what) {
                Some(row) => row.differs = true,
                None => others.push(Other {
                    what: found.what.clone(),
                    expected: found.expected.clone(),
                    computed: found.found.clone(),
                }),
            }
        }
        table(number, bill, mismatches.is_empty(), result, rows, others)
    });
    bills.collect()
}

fn table<E: fmt::Display>(
    bill: usize,
    of: &Bill,
    passed: bool,
    result: &Result<Settlement, E>,
    rows: Vec<Row>,
    others: Vec<Other>,
) -> BillTable {
    BillTable {
        bill,
        date: of.date.to_string(),
        policy: result.as_ref().ok().map(Settlement::policy),
        refused: result.as_ref().err().map(E::to_string),
        passed,
        rows,
        others,
    }
}

/// Every step that applied or was expected to, every payer, and whatever else was expected.
fn rows(expected: &Expectation, settlement: &Settlement) -> Vec<Row> {
    let mut rows = Vec::new();
    for step in settlement.steps() {
        let id = step.id();
        let name = step.named().map_or("", |named| &named.name);
        let amount = find(&expected.steps, id).map(|amount| amount.to_string());
        let mut own = row(
            format!("steps.{id}"),
            format!("{id} {name}"),
            amount,
            step.amount().to_string(),
        );
        own.arithmetic = arithmetic(step);
        rows.push(own);
        if let Some(deductible) = find(&expected.deductibles, id) {
            rows.push(row(
                format!("deductibles.{id}"),
                "  its deductible".into(),
                Some(deductible.to_string()),
                step.deductible().to_string(),
            ));
        }
        if let Some((_, limit)) = expected.limited.iter().find(|(step, _)| step == id) {
            let bound: Vec<&str> = step.limits().map(|limit| limit.id.as_str()).collect();
            let bound = match bound.is_empty() {
                true => "none".into(),
                false => bound.join(", "),
            };
            let what = format!("limited.{id}");
            rows.push(row(what, "  limited by".into(), Some(limit.clone()), bound));
        }
    }
    let absent = |rows: &mut Vec<Row>, what: &str, id: &str, amount: String| {
        if settlement.step(id).is_none() {
            let name = format!("{id} (did not apply)");
            rows.push(row(format!("{what}.{id}"), name, Some(amount), "-".into()));
        }
    };
    for (id, amount) in &expected.steps {
        absent(&mut rows, "steps", id, amount.to_string());
    }
    for (id, amount) in &expected.deductibles {
        absent(&mut rows, "deductibles", id, amount.to_string());
    }
    for (payer, amount) in settlement.payers() {
        let expected = find(&expected.payers, &payer.id).map(|amount| amount.to_string());
        let name = format!("payer {} {}", payer.id, payer.name);
        rows.push(row(
            format!("payers.{}", payer.id),
            name,
            expected,
            amount.to_string(),
        ));
    }
    let patient = expected.patient.map(|amount| amount.to_string());
    rows.push(row(
        "patient".into(),
        "the patient 个人".into(),
        patient,
        settlement.patient().to_string(),
    ));
    rows
}

fn row(what: String, name: String, expected: Option<String>, computed: String) -> Row {
    Row {
        what,
        name,
        expected,
        computed,
        differs: false,
        arithmetic: Vec::new(),
    }
}

fn find(amounts: &[(String, Money)], id: &str) -> Option<Money> {
    let found = amounts.iter().find(|(known, _)| known == id);
    found.map(|(_, amount)| *amount)
}

/// How a step came to its amount.
fn arithmetic(step: StepView<'_>) -> Vec<String> {
    let exact = yuan(step.exact_millionths());
    let base = match step.deductible() {
        Money::ZERO => step.base().to_string(),
        deductible => format!("({} - {deductible})", step.base()),
    };
    let mut lines = match step.rate() {
        Rate::Unused => vec!["nothing left to pay".to_owned()],
        Rate::Ratio(ratio) => vec![format!("{base} * {ratio} = {exact}")],
        Rate::Bands => {
            let bands = step.bands().iter().map(band);
            let bands: Vec<String> = bands.collect();
            match bands.is_empty() {
                true => vec![format!("{base}: no band is reached")],
                false => vec![format!("{base}: {} = {exact}", bands.join(" + "))],
            }
        }
        Rate::Guarantee {
            ratio,
            of,
            reimbursed,
        } => {
            vec![format!("{of} * {ratio} - {reimbursed} = {exact}")]
        }
    };
    let limits: Vec<&str> = step.limits().map(|limit| limit.id.as_str()).collect();
    if !limits.is_empty() {
        lines.push(format!("limited by {}", limits.join(", ")));
    }
    if step.is_all_paid() {
        lines.push("nothing more was unpaid".into());
    }
    let share = step.payment_ratio();
    if share != Ratio::ONE {
        lines.push(format!("{share} of it is paid"));
    }
    lines
}

fn band(band: &BandRecord) -> String {
    let BandRecord { amount, ratio, .. } = *band;
    format!("{amount} * {}", Ratio::to_string(&ratio))
}

impl fmt::Display for BillTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "   bill {} of {}", self.bill, self.date)?;
        if let Some(policy) = &self.policy {
            write!(f, ", {policy}")?;
        }
        if self.passed {
            return f.write_str(": as expected");
        }
        if let Some(refused) = &self.refused {
            write!(f, ": refused: {}", one_line(refused))?;
        }
        if !self.rows.is_empty() {
            line(f, "", "expected", "computed", "")?;
        }
        for row in &self.rows {
            let expected = row.expected.as_deref().unwrap_or_default();
            let mark = if row.differs { "!=" } else { "" };
            let mut arithmetic = row.arithmetic.iter();
            let first = arithmetic.next().map_or("", String::as_str);
            let mark = match first {
                "" => mark.to_owned(),
                first => format!("{mark:<4}{first}"),
            };
            line(f, &row.name, expected, &row.computed, &mark)?;
            for more in arithmetic {
                line(f, "", "", "", &format!("    {more}"))?;
            }
        }
        for other in &self.others {
            let (expected, computed) = (one_line(&other.expected), one_line(&other.computed));
            let what = &other.what;
            write!(
                f,
                "\n     `{what}`: expected `{expected}`, computed `{computed}`"
            )?;
        }
        Ok(())
    }
}

/// A row of the table.
fn line(
    f: &mut fmt::Formatter<'_>,
    label: &str,
    expected: &str,
    computed: &str,
    rest: &str,
) -> fmt::Result {
    let label = one_line(label);
    let blank = LABEL.saturating_sub(label.width());
    let text = format!(
        "     {label}{:blank$} {expected:>12} {computed:>12}  {rest}",
        ""
    );
    write!(f, "\n{}", text.trim_end())
}
