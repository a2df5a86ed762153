//! Writing a probe as a case.

use super::Probe;
use crate::line::{Line, Part};
use crate::policy::Policy;
use crate::policy::info::Layer;
use crate::ratio::Ratio;
use crate::settle::error::SettleError;
use crate::settlement::Settlement;
use std::fmt::Write;

/// A case that expects what the rules as they stand come to.
pub(crate) fn case(
    policy: &Policy,
    name: &str,
    probe: &Probe,
    result: Result<&Settlement, &SettleError>,
) -> String {
    let Probe { patient, bill } = probe;
    let mut out = Vec::new();
    out.push("[[case]]".to_owned());
    out.push(format!("name = {}", quoted(name)));
    out.push(format!("policy = {}", quoted(policy.id())));
    if policy.layer() == Layer::Assumed {
        out.push("layer = \"assumed\"".to_owned());
    }
    out.push(String::new());
    out.push("[case.patient]".to_owned());
    out.push(format!("scheme = {}", quoted(patient.scheme.id())));
    list(
        &mut out,
        "categories",
        patient.categories.iter().map(|held| held.what.id()),
    );
    list(
        &mut out,
        "enrolments",
        patient.enrolments.iter().map(|held| held.what.id()),
    );
    list(
        &mut out,
        "certificates",
        patient.certificates.iter().map(|held| held.what.id()),
    );
    let number = |key: &str, number: Option<u32>| number.map(|number| format!("{key} = {number}"));
    out.extend(number("age", patient.age));
    out.extend(number("insured_years", patient.insured_years));
    out.push(String::new());
    out.push("[[case.bill]]".to_owned());
    out.push(format!("date = {}", bill.date));
    out.push(format!("care = {}", quoted(bill.care.id())));
    let facility = &bill.facility;
    let word = |key: &str, id: Option<&str>| id.map(|id| format!("{key} = {}", quoted(id)));
    let flag = |key: &str, flag: Option<bool>| flag.map(|flag| format!("{key} = {flag}"));
    let mut keys: Vec<String> = [
        word("tier", facility.tier.as_ref().map(|word| word.id())),
        word("grade", facility.grade.as_ref().map(|word| word.id())),
        word("place", facility.place.as_ref().map(|word| word.id())),
        flag("designated", facility.designated),
        flag("medical", facility.medical),
        word("name", facility.name.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    list(
        &mut keys,
        "marks",
        facility.marks.iter().map(|mark| mark.id()),
    );
    out.push(format!("facility = {}", inline(&keys)));
    out.extend(flag("referred", bill.referred));
    out.extend(number("admission", bill.admission));
    list(
        &mut out,
        "diagnoses",
        bill.diagnoses.iter().map(|code| code.as_str()),
    );
    out.extend(word(
        "outpatient_disease",
        bill.outpatient_disease.as_ref().map(|disease| disease.id()),
    ));
    list(&mut out, "marks", bill.marks.iter().map(|mark| mark.id()));
    let lines: Vec<String> = bill.lines.iter().map(line).collect();
    match lines.as_slice() {
        [line] => out.push(format!("lines = [{line}]")),
        lines => {
            out.push("lines = [".to_owned());
            out.extend(lines.iter().map(|line| format!("  {line},")));
            out.push("]".to_owned());
        }
    }
    out.push(String::new());
    out.push(format!("[case.bill.expect] # {CONFIRM}"));
    match result {
        Ok(settlement) => expectation(settlement, &mut out),
        Err(error) => {
            out.push(format!("refused = {}", quoted(error.kind())));
            match error {
                SettleError::Unstated { path, .. } => {
                    list(&mut out, "names", [&**path].into_iter())
                }
                SettleError::Missing { field, .. } => {
                    list(&mut out, "names", [&**field].into_iter())
                }
                _ => {}
            }
        }
    }
    let mut text = out.join("\n");
    text.push('\n');
    text
}

/// What stands beside a result that the engine worked out.
const CONFIRM: &str = "to be confirmed against the source";

fn expectation(settlement: &Settlement, out: &mut Vec<String>) {
    out.push(format!("patient = {}", settlement.patient()));
    // Where each step has one payer, the steps say it all.
    let shared = settlement.steps().any(|step| step.payers().count() > 1);
    let payers: Vec<String> = settlement
        .payers()
        .filter(|(_, amount)| shared && amount.fen() != 0)
        .map(|(payer, amount)| format!("{} = {amount}", payer.id))
        .collect();
    if !payers.is_empty() {
        out.push(format!("payers = {}", inline(&payers)));
    }
    let steps: Vec<String> = settlement
        .steps()
        .map(|step| format!("{} = {}", step.id(), step.amount()))
        .collect();
    if !steps.is_empty() {
        out.push(format!("steps = {}", inline(&steps)));
    }
    let limited: Vec<String> = settlement
        .steps()
        .filter_map(|step| {
            let limit = step.limits().next()?;
            Some(format!("{} = {}", step.id(), quoted(&limit.id)))
        })
        .collect();
    if !limited.is_empty() {
        out.push(format!("limited = {}", inline(&limited)));
    }
    let benefits: Vec<&str> = settlement
        .benefits()
        .map(|benefit| benefit.id.as_str())
        .collect();
    list(out, "benefits", benefits.into_iter());
}

fn inline(keys: &[String]) -> String {
    match keys {
        [] => "{}".to_owned(),
        keys => format!("{{ {} }}", keys.join(", ")),
    }
}

fn list<'a>(out: &mut Vec<String>, key: &str, ids: impl Iterator<Item = &'a str>) {
    let ids: Vec<String> = ids.map(quoted).collect();
    if !ids.is_empty() {
        out.push(format!("{key} = [{}]", ids.join(", ")));
    }
}

fn line(line: &Line) -> String {
    let input = line.input();
    let mut keys = vec![format!("fee = {}", quoted(input.fee.id()))];
    if let Some(class) = &input.class {
        keys.push(format!("class = {}", quoted(class.id())));
    }
    if let Some(amount) = input.amount {
        keys.push(format!("amount = {amount}"));
    }
    if let Some(shares) = &input.first_share {
        let shares: Vec<String> = shares.iter().map(Ratio::to_string).collect();
        list(&mut keys, "first_share", shares.iter().map(String::as_str));
    }
    if let Some(parts) = &input.parts {
        let mut each = String::new();
        for part in Part::ALL {
            let comma = if each.is_empty() { "" } else { ", " };
            let _ = write!(
                each,
                "{comma}{} = {}",
                part.id().replace('-', "_"),
                parts.get(part)
            );
        }
        keys.push(format!("parts = {{ {each} }}"));
    }
    list(&mut keys, "marks", input.marks.iter().map(|mark| mark.id()));
    inline(&keys)
}

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
