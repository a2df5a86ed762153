//! Witnesses: the patient and the bill that show a problem, settled by the real engine and written as a case.

use super::solve::{Model, OTHER_HOSPITAL, usual};
use crate::bill::{Bill, Facility};
use crate::icd10::Icd10;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::info::Layer;
use crate::policy::step::Covers;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::Settlement;
use crate::vocabulary::{
    Care, Category, Class, Dimension, Enrolment, Fee, Grade, Mark, OutpatientDisease, Place,
    Scheme, Tier,
};
use std::fmt::{Display, Write as _};

/// A patient and a bill without its lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Probe {
    pub(super) patient: Patient,
    pub(super) bill: Bill,
}

/// What a line is for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kind {
    fee: Fee,
    class: Class,
    marks: Vec<Mark>,
    in_scope: bool,
}

impl Kind {
    /// An ordinary line that is wholly in scope.
    pub(super) fn in_scope() -> Kind {
        Kind {
            fee: Fee::TREATMENT,
            class: Class::A,
            marks: Vec::new(),
            in_scope: true,
        }
    }

    /// A line at the patient's own expense.
    pub(super) fn own_expense() -> Kind {
        Kind {
            class: Class::C,
            in_scope: false,
            ..Kind::in_scope()
        }
    }

    /// A line that a step covers.
    pub(super) fn covered(policy: &Policy, covers: Covers) -> Option<Kind> {
        let words = |dimension: Dimension, first: &str| {
            let first = policy.words.find(dimension, first);
            let all = 0..u16::try_from(policy.words.count(dimension)).unwrap_or(u16::MAX);
            first.into_iter().chain(all).collect::<Vec<u16>>()
        };
        let [.., in_scope] = covers.parts;
        let first = if in_scope { "A" } else { "C" };
        let (fees, classes) = (
            words(Dimension::Fee, "treatment"),
            words(Dimension::Class, first),
        );
        let marks = words(Dimension::Mark, "essential-drug").into_iter();
        for mark in std::iter::once(None).chain(marks.map(Some)) {
            for &fee in &fees {
                for &class in &classes {
                    let signature =
                        policy
                            .selectors
                            .signature(fee, Some(class), mark.into_iter())?;
                    if signature & covers.selector == covers.selector {
                        return Some(Kind {
                            fee: Fee::named(policy.words.id(Dimension::Fee, fee)),
                            class: Class::named(policy.words.id(Dimension::Class, class)),
                            marks: mark
                                .iter()
                                .map(|mark| Mark::named(policy.words.id(Dimension::Mark, *mark)))
                                .collect(),
                            in_scope,
                        });
                    }
                }
            }
        }
        None
    }

    pub(super) fn line(&self, amount: Money) -> Option<Line> {
        let input = LineInput {
            fee: self.fee.clone(),
            class: Some(self.class.clone()),
            marks: self.marks.clone(),
            ..LineInput::default()
        };
        let plain = match self.in_scope {
            true => self.class == Class::A,
            false => self.class == Class::C,
        };
        let input = match (plain, self.in_scope) {
            (true, _) => LineInput {
                amount: Some(amount),
                ..input
            },
            (false, true) => LineInput {
                parts: Some(Parts {
                    in_scope: amount,
                    ..Parts::default()
                }),
                ..input
            },
            (false, false) => LineInput {
                parts: Some(Parts {
                    own_expense: amount,
                    ..Parts::default()
                }),
                ..input
            },
        };
        Line::from_input(input).ok()
    }
}

impl Probe {
    /// The patient and the bill of a model, and nothing beyond what it asks for.
    pub(super) fn of(policy: &Policy, model: &Model) -> Option<Probe> {
        let words = |subject: Subject| {
            let values = model.values.get(&subject).map_or(&[][..], Vec::as_slice);
            let dimension = subject.dimension();
            let ids = values.iter().filter_map(move |value| {
                let id = policy.words.id(dimension?, *value);
                Some(id).filter(|id| !id.is_empty())
            });
            ids.collect::<Vec<&str>>()
        };
        let word = |subject: Subject| words(subject).first().copied();
        let flag = |subject: Subject| {
            let values = model.values.get(&subject)?;
            values.first().map(|value| *value == 1)
        };
        let mut patient = Patient::new(Scheme::named(word(Subject::Scheme).unwrap_or("resident")));
        let categories = words(Subject::Category).into_iter();
        patient.categories = categories
            .map(|id| Held::always(Category::named(id)))
            .collect();
        let enrolments = words(Subject::Enrolment).into_iter();
        patient.enrolments = enrolments
            .map(|id| Held::always(Enrolment::named(id)))
            .collect();
        let mut certificates = words(Subject::Certificate);
        let mut outpatient = word(Subject::OutpatientDisease);
        if let Some(certified) = flag(Subject::Certified) {
            let disease = *outpatient.get_or_insert("hypertension");
            if certified && !certificates.contains(&disease) {
                certificates.push(disease);
            }
        }
        let held = |id: &str| Held::always(OutpatientDisease::named(id));
        patient.certificates = certificates.into_iter().map(held).collect();
        patient.age = model.numbers.get(&Subject::Age).copied();
        patient.insured_years = model.numbers.get(&Subject::InsuredYears).copied();

        let marks = |subject: Subject| words(subject).into_iter().map(Mark::named).collect();
        let facility = Facility {
            tier: word(Subject::Tier).map(Tier::named),
            grade: word(Subject::Grade).map(Grade::named),
            place: word(Subject::Place).map(Place::named),
            designated: flag(Subject::Designated),
            medical: flag(Subject::Medical),
            name: model.hospital.clone(),
            marks: marks(Subject::FacilityMark),
        };
        let care = word(Subject::Care).unwrap_or(match outpatient {
            Some(_) => "chronic-outpatient",
            None => "inpatient",
        });
        let date = model.date.unwrap_or(policy.from());
        let mut bill = Bill::new(date, Care::named(care), facility);
        bill.referred = flag(Subject::Referred);
        bill.admission = model.numbers.get(&Subject::Admission).copied();
        bill.outpatient_disease = outpatient.map(OutpatientDisease::named);
        bill.marks = marks(Subject::Mark);
        for disease in model.values.get(&Subject::Disease).into_iter().flatten() {
            let disease = policy.diseases.get(usize::from(*disease))?;
            match (disease.patterns.first(), disease.outpatient.first()) {
                (Some(pattern), _) => bill.diagnoses.push(first_code(&pattern.to_string())?),
                (None, Some(outpatient)) => {
                    let id = policy.words.id(Dimension::OutpatientDisease, *outpatient);
                    bill.outpatient_disease = Some(OutpatientDisease::named(id));
                }
                (None, None) => return None,
            }
        }
        Some(Probe { patient, bill })
    }

    /// Fills in a field that settling finds missing, with its usual value.
    fn fill(&mut self, policy: &Policy, field: &str) -> Option<()> {
        let subject = Subject::ALL
            .into_iter()
            .find(|subject| subject.field() == field)?;
        let usual = usual(subject).unwrap_or_default();
        let facility = &mut self.bill.facility;
        match subject {
            Subject::Tier => facility.tier = Some(Tier::named(usual)),
            Subject::Grade => facility.grade = Some(Grade::named(usual)),
            Subject::Place => facility.place = Some(Place::named(usual)),
            Subject::Designated => facility.designated = Some(true),
            Subject::Medical => facility.medical = Some(true),
            Subject::Hospital => facility.name = Some(OTHER_HOSPITAL.to_owned()),
            Subject::Referred => self.bill.referred = Some(true),
            Subject::Admission => self.bill.admission = Some(1),
            Subject::Age => self.patient.age = Some(50),
            Subject::InsuredYears => self.patient.insured_years = Some(5),
            Subject::OutpatientDisease => {
                self.bill.outpatient_disease = Some(OutpatientDisease::named("hypertension"));
            }
            Subject::Disease => {
                // A diagnosis of none of the policy's diseases.
                let codes = ["R69", "J18", "S82", "M54", "H25"];
                let mut codes = codes.iter().filter_map(|code| Icd10::parse(code).ok());
                let none = |code: &Icd10| !policy.diseases.iter().any(|known| known.matches(code));
                self.bill.diagnoses.push(codes.find(none)?);
            }
            _ => return None,
        }
        Some(())
    }
}

fn first_code(pattern: &str) -> Option<Icd10> {
    Icd10::parse(pattern.split('-').next()?).ok()
}

/// Where probes are settled.
pub(super) struct Bench<'a> {
    policy: &'a Policy,
    workspace: Workspace,
}

impl<'a> Bench<'a> {
    pub(super) fn new(policy: &'a Policy) -> Bench<'a> {
        let workspace = Workspace::new();
        Bench { policy, workspace }
    }

    /// Settles a probe, with the usual values of whatever is found missing. `None` when it is refused all the same.
    pub(super) fn settle(&mut self, probe: &mut Probe) -> Option<&Settlement> {
        for _ in Subject::ALL {
            let (bill, patient) = (&probe.bill, &probe.patient);
            let settled = self
                .workspace
                .settle(self.policy, bill, patient, Detail::Totals);
            match settled.map(|_| ()) {
                Ok(()) => break,
                Err(SettleError::Missing { field, .. }) => probe.fill(self.policy, &field)?,
                Err(_) => return None,
            }
        }
        let (bill, patient) = (&probe.bill, &probe.patient);
        let settled = self
            .workspace
            .settle(self.policy, bill, patient, Detail::Totals);
        settled.ok()
    }

    /// The case with the smallest amount of which something is so; each line has the amount.
    pub(super) fn smallest(
        &mut self,
        model: &Model,
        kinds: &[Kind],
        amounts: &[Money],
        name: &str,
        is_so: impl Fn(&Settlement) -> bool,
    ) -> Option<String> {
        let policy = self.policy;
        let empty = Probe::of(policy, model)?;
        for amount in amounts {
            let mut probe = empty.clone();
            let lines: Option<Vec<Line>> = kinds.iter().map(|kind| kind.line(*amount)).collect();
            probe.bill.lines = lines?;
            if let Some(settlement) = self.settle(&mut probe)
                && is_so(settlement)
            {
                return Some(case(policy, name, &probe, settlement));
            }
        }
        None
    }
}

/// Amounts to try, from small to large.
pub(super) fn amounts() -> Vec<Money> {
    [
        100, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000,
    ]
    .into_iter()
    .filter_map(Money::from_yuan)
    .collect()
}

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
