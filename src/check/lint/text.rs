//! A patient and a bill written as a case.

use super::witness::Probe;
use crate::bill::Facility;
use crate::icd10::Icd10;
use crate::line::{Line, Parts};
use crate::policy::Policy;
use crate::policy::info::Layer;
use crate::settlement::Settlement;
use crate::vocabulary::{Grade, Mark, Place, Tier};
use std::fmt::{Display, Write as _};

/// A probe as a case that expects what the rules as they stand come to.
pub(super) fn case(policy: &Policy, name: &str, probe: &Probe, settlement: &Settlement) -> String {
    let mut text = String::new();
    let Probe { patient, bill } = probe;
    let mut put = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    put("[[case]]".into());
    put(format!("name = {}", quoted(name)));
    put(format!("policy = {}", quoted(policy.id())));
    if policy.layer() == Layer::Assumed {
        put("layer = \"assumed\"".into());
    }
    put(String::new());
    put("[case.patient]".into());
    put(format!("scheme = {}", quoted(patient.scheme.id())));
    let ids = |ids: Vec<&str>| ids.into_iter().map(quoted).collect::<Vec<_>>().join(", ");
    let mut list = |key: &str, words: Vec<&str>| {
        if !words.is_empty() {
            put(format!("{key} = [{}]", ids(words)));
        }
    };
    let held = patient.categories.iter().map(|held| held.what.id());
    list("categories", held.collect());
    let held = patient.enrolments.iter().map(|held| held.what.id());
    list("enrolments", held.collect());
    let held = patient.certificates.iter().map(|held| held.what.id());
    list("certificates", held.collect());
    for (key, number) in [
        ("age", patient.age),
        ("insured_years", patient.insured_years),
    ] {
        if let Some(number) = number {
            put(format!("{key} = {number}"));
        }
    }
    put(String::new());
    put("[[case.bill]]".into());
    put(format!("date = {}", bill.date));
    put(format!("care = {}", quoted(bill.care.id())));
    put(format!("facility = {}", facility(&bill.facility)));
    if let Some(referred) = bill.referred {
        put(format!("referred = {referred}"));
    }
    if let Some(admission) = bill.admission {
        put(format!("admission = {admission}"));
    }
    if !bill.diagnoses.is_empty() {
        let codes = bill.diagnoses.iter().map(Icd10::as_str);
        put(format!("diagnoses = [{}]", ids(codes.collect())));
    }
    if let Some(disease) = &bill.outpatient_disease {
        put(format!("outpatient_disease = {}", quoted(disease.id())));
    }
    if !bill.marks.is_empty() {
        let marks = bill.marks.iter().map(Mark::id).collect();
        put(format!("marks = [{}]", ids(marks)));
    }
    let lines: Vec<String> = bill.lines.iter().map(line).collect();
    put(format!("lines = [{}]", lines.join(", ")));
    put(String::new());
    put("[case.bill.expect]".into());
    put(format!("patient = {}", settlement.patient()));
    let steps: Vec<String> = settlement
        .steps()
        .map(|step| format!("{} = {}", step.id(), step.amount()))
        .collect();
    if !steps.is_empty() {
        put(format!("steps = {{ {} }}", steps.join(", ")));
    }
    text
}

fn facility(facility: &Facility) -> String {
    let word = |key: &str, word: Option<&str>| word.map(|id| format!("{key} = {}", quoted(id)));
    let flag = |key: &str, flag: Option<bool>| flag.map(|flag| format!("{key} = {flag}"));
    let marks: Vec<String> = facility
        .marks
        .iter()
        .map(|mark| quoted(mark.id()))
        .collect();
    let keys: Vec<String> = [
        word("tier", facility.tier.as_ref().map(Tier::id)),
        word("grade", facility.grade.as_ref().map(Grade::id)),
        word("place", facility.place.as_ref().map(Place::id)),
        flag("designated", facility.designated),
        flag("medical", facility.medical),
        word("name", facility.name.as_deref()),
        (!marks.is_empty()).then(|| format!("marks = [{}]", marks.join(", "))),
    ]
    .into_iter()
    .flatten()
    .collect();
    match keys.as_slice() {
        [] => "{}".into(),
        keys => format!("{{ {} }}", keys.join(", ")),
    }
}

fn line(line: &Line) -> String {
    let input = line.input();
    let mut text = format!("{{ fee = {}", quoted(input.fee.id()));
    let mut put = |key: &str, value: &dyn Display| {
        let _ = write!(text, ", {key} = {value}");
    };
    if let Some(class) = &input.class {
        put("class", &quoted(class.id()));
    }
    if let Some(amount) = input.amount {
        put("amount", &amount);
    }
    if let Some(parts) = input.parts {
        let Parts {
            own_expense,
            in_scope,
            ..
        } = parts;
        let parts = format!(
            "{{ own_expense = {own_expense}, over_limit = 0, first_self_payment = 0, in_scope = {in_scope} }}"
        );
        put("parts", &parts);
    }
    if !input.marks.is_empty() {
        let marks: Vec<String> = input.marks.iter().map(|mark| quoted(mark.id())).collect();
        put("marks", &format!("[{}]", marks.join(", ")));
    }
    text.push_str(" }");
    text
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
