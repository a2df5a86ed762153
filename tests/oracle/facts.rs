//! What a policy knows of a bill and its patient, and whether conditions on it hold.

use crate::model::*;
use payer_split::{Bill, Date, Held, Patient};

/// Why a bill is not settled: the kind of the handbook's chapter 21, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: &'static str,
    pub(crate) why: String,
}

pub(crate) fn refuse<T>(kind: &'static str, why: impl Into<String>) -> Result<T, Refusal> {
    let why = why.into();
    Err(Refusal { kind, why })
}

/// One line: its fee, class, marks and four parts in fen.
#[derive(Debug, Clone)]
pub(crate) struct LineFacts {
    pub(crate) fee: String,
    pub(crate) class: Option<String>,
    pub(crate) marks: Vec<String>,
    pub(crate) parts: [Q; 4],
}

#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) date: Date,
    pub(crate) scheme: String,
    pub(crate) categories: Vec<String>,
    pub(crate) enrolments: Vec<String>,
    pub(crate) certificates: Vec<String>,
    pub(crate) age: Option<u32>,
    pub(crate) insured_years: Option<u32>,
    pub(crate) care: String,
    pub(crate) tier: Option<String>,
    pub(crate) grade: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) designated: Option<bool>,
    pub(crate) medical: Option<bool>,
    pub(crate) hospital: Option<String>,
    pub(crate) facility_marks: Vec<String>,
    pub(crate) marks: Vec<String>,
    pub(crate) referred: Option<bool>,
    pub(crate) admission: Option<u32>,
    pub(crate) outpatient_disease: Option<String>,
    /// `None`: the bill has neither a diagnosis nor an outpatient disease.
    pub(crate) diseases: Option<Vec<String>>,
    pub(crate) lines: Vec<LineFacts>,
}

/// Three answers: a condition may need what is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Missing,
}

fn yes(holds: bool) -> Answer {
    match holds {
        true => Answer::Yes,
        false => Answer::No,
    }
}

fn id(policy: &Policy, dimension: &str, name: &str) -> Result<String, Refusal> {
    match policy.words.id(dimension, name) {
        Some(id) => Ok(id),
        None => refuse("unknown-name", format!("{dimension} {name}")),
    }
}

fn held<T>(
    policy: &Policy,
    dimension: &str,
    things: &[Held<T>],
    name: impl Fn(&T) -> &str,
    day: Date,
) -> Result<Vec<String>, Refusal> {
    let mut ids = Vec::new();
    for thing in things {
        let known = id(policy, dimension, name(&thing.what))?;
        if let (Some(from), Some(to)) = (thing.from, thing.to)
            && from > to
        {
            return refuse("inconsistent", format!("{known} from {from} to {to}"));
        }
        let begun = thing.from.is_none_or(|from| from <= day);
        let ended = thing.to.is_some_and(|to| to < day);
        // Held twice at once is held once.
        if begun && !ended && !ids.contains(&known) {
            ids.push(known);
        }
    }
    Ok(ids)
}

/// Full years from one day to another.
fn years(birth: Date, day: Date) -> i64 {
    let month_day = |date: Date| (date.month(), date.day());
    let years = i64::from(day.year()) - i64::from(birth.year());
    years - i64::from(month_day(day) < month_day(birth))
}

/// The code without its dots.
fn places(code: &str) -> String {
    code.replace('.', "").to_uppercase()
}

/// A code, a prefix, or a range of them.
fn matches(pattern: &str, code: &str) -> bool {
    let (first, last) = pattern.split_once('-').unwrap_or((pattern, pattern));
    let (first, last, code) = (places(first), places(last), places(code));
    let start: String = code.chars().take(last.len()).collect();
    code >= first && start <= last
}

impl Facts {
    pub(crate) fn new(policy: &Policy, bill: &Bill, patient: &Patient) -> Result<Facts, Refusal> {
        let day = bill.date;
        let optional = |dimension: &str, name: Option<&str>| match name {
            Some(name) => id(policy, dimension, name).map(Some),
            None => Ok(None),
        };
        let all_marks = |marks: &[payer_split::Mark]| -> Result<Vec<String>, Refusal> {
            marks
                .iter()
                .map(|mark| id(policy, "mark", mark.id()))
                .collect()
        };
        let facility = &bill.facility;
        let outpatient_disease = optional(
            "outpatient_disease",
            bill.outpatient_disease.as_ref().map(|disease| disease.id()),
        )?;
        let has_disease = |disease: &&Disease| {
            let by_code = disease.icd10.iter().any(|pattern| {
                bill.diagnoses
                    .iter()
                    .any(|code| matches(pattern, code.as_str()))
            });
            by_code
                || outpatient_disease
                    .as_ref()
                    .is_some_and(|id| disease.outpatient.contains(id))
        };
        let diseases = policy
            .diseases
            .iter()
            .filter(has_disease)
            .map(|disease| disease.id.clone());
        let known = outpatient_disease.is_some() || !bill.diagnoses.is_empty();
        let mut lines = Vec::new();
        for line in &bill.lines {
            let class = optional("class", line.class().map(|class| class.id()))?;
            lines.push(LineFacts {
                fee: id(policy, "fee", line.fee().id())?,
                marks: all_marks(line.marks())?,
                parts: parts(line, class.as_deref()),
                class,
            });
        }
        if lines.is_empty() {
            return refuse("inconsistent", "no lines");
        }
        let age = match (patient.birth_date, patient.age) {
            (None, age) => age,
            (Some(birth), given) => {
                if birth > day {
                    return refuse("inconsistent", "born after the bill");
                }
                let age = u32::try_from(years(birth, day)).expect("an age");
                if given.is_some_and(|given| given != age) {
                    return refuse("inconsistent", "age and birth date");
                }
                Some(age)
            }
        };
        if bill.admission == Some(0) {
            return refuse("inconsistent", "admission 0");
        }
        Ok(Facts {
            date: day,
            scheme: id(policy, "scheme", patient.scheme.id())?,
            categories: held(
                policy,
                "category",
                &patient.categories,
                |word| word.id(),
                day,
            )?,
            enrolments: held(
                policy,
                "enrolment",
                &patient.enrolments,
                |word| word.id(),
                day,
            )?,
            certificates: held(
                policy,
                "outpatient_disease",
                &patient.certificates,
                |word| word.id(),
                day,
            )?,
            age,
            insured_years: patient.insured_years,
            care: id(policy, "care", bill.care.id())?,
            tier: optional("tier", facility.tier.as_ref().map(|word| word.id()))?,
            grade: optional("grade", facility.grade.as_ref().map(|word| word.id()))?,
            place: optional("place", facility.place.as_ref().map(|word| word.id()))?,
            designated: facility.designated,
            medical: facility.medical,
            hospital: facility.name.clone(),
            facility_marks: all_marks(&facility.marks)?,
            marks: all_marks(&bill.marks)?,
            referred: bill.referred,
            admission: bill.admission,
            diseases: known.then(|| diseases.collect()),
            outpatient_disease,
            lines,
        })
    }

    /// Whether the bill's care is of a kind to which an outpatient disease belongs.
    fn has_outpatient_disease(&self) -> bool {
        ["chronic-outpatient", "special-outpatient"].contains(&self.care.as_str())
    }

    /// Whether any of these is the bill's value, where each of `None` is not given.
    pub(crate) fn among(&self, dimension: &str, ids: &[String]) -> Answer {
        let one = |value: &Option<String>| match value {
            Some(value) => yes(ids.contains(value)),
            None => Answer::Missing,
        };
        let any = |held: &[String]| yes(held.iter().any(|id| ids.contains(id)));
        match dimension {
            "category" => any(&self.categories),
            "enrolment" => any(&self.enrolments),
            "certificate" => any(&self.certificates),
            "mark" => any(&self.marks),
            "facility_mark" => any(&self.facility_marks),
            "scheme" => yes(ids.contains(&self.scheme)),
            "care" => yes(ids.contains(&self.care)),
            "tier" => one(&self.tier),
            "grade" => one(&self.grade),
            "place" => one(&self.place),
            "hospital" => one(&self.hospital),
            "outpatient_disease" => match one(&self.outpatient_disease) {
                Answer::Missing if !self.has_outpatient_disease() => Answer::No,
                answer => answer,
            },
            "disease" => self
                .diseases
                .as_ref()
                .map_or(Answer::Missing, |held| any(held)),
            "referred" => self.referred.map_or(Answer::Missing, |referred| {
                yes(ids[0] == if referred { "yes" } else { "no" })
            }),
            "admission" => self.admission.map_or(Answer::Missing, |admission| {
                yes(ids.contains(&admission.to_string()))
            }),
            _ => panic!("unknown dimension {dimension}"),
        }
    }

    fn test(&self, test: &Test) -> Answer {
        match &test.wanted {
            Wanted::Any(ids) => self.among(&test.key, ids),
            Wanted::Flag(wanted) => {
                let given = match test.key.as_str() {
                    "designated" => self.designated,
                    "medical" => self.medical,
                    "referred" => self.referred,
                    "certified" => match &self.outpatient_disease {
                        Some(disease) => Some(self.certificates.contains(disease)),
                        None if self.has_outpatient_disease() => None,
                        None => Some(false),
                    },
                    other => panic!("unknown flag {other}"),
                };
                given.map_or(Answer::Missing, |given| yes(given == *wanted))
            }
            Wanted::Number { low, high } => {
                let given = match test.key.as_str() {
                    "age" => self.age,
                    "insured_years" => self.insured_years,
                    "admission" => self.admission,
                    other => panic!("unknown number {other}"),
                };
                given.map_or(Answer::Missing, |given| {
                    let given = i64::from(given);
                    let above = low
                        .is_none_or(|(edge, included)| given > edge || (included && given == edge));
                    let below = high
                        .is_none_or(|(edge, included)| given < edge || (included && given == edge));
                    yes(above && below)
                })
            }
            Wanted::Days(from, to) => {
                let begun = from.is_none_or(|from| from <= self.date);
                yes(begun && to.is_none_or(|to| self.date <= to))
            }
        }
    }

    fn holds(&self, condition: &Condition, without: Answer) -> Answer {
        let Some(tables) = condition else {
            return without;
        };
        let answers = tables.iter().map(|tests| {
            let answers: Vec<Answer> = tests.iter().map(|test| self.test(test)).collect();
            match () {
                () if answers.contains(&Answer::No) => Answer::No,
                () if answers.contains(&Answer::Missing) => Answer::Missing,
                () => Answer::Yes,
            }
        });
        let answers: Vec<Answer> = answers.collect();
        match () {
            () if answers.contains(&Answer::Yes) => Answer::Yes,
            () if answers.contains(&Answer::Missing) => Answer::Missing,
            () => Answer::No,
        }
    }

    /// Whether something with these conditions applies. What is not given refuses the bill only if it decides.
    pub(crate) fn applies(
        &self,
        when: &Condition,
        unless: &Condition,
        what: &str,
    ) -> Result<bool, Refusal> {
        let when = self.holds(when, Answer::Yes);
        let unless = self.holds(unless, Answer::No);
        match (when, unless) {
            (Answer::No, _) | (_, Answer::Yes) => Ok(false),
            (Answer::Yes, Answer::No) => Ok(true),
            _ => refuse("missing", what),
        }
    }
}

/// A line's four parts in the handbook's order of work: over the price limit, first share of the rest, in scope; class C
/// is own expense whole. Parts that are given are taken.
fn parts(line: &payer_split::Line, class: Option<&str>) -> [Q; 4] {
    let input = line.input();
    let fen = |money: payer_split::Money| q(money.fen());
    if let Some(parts) = input.parts {
        return [
            fen(parts.own_expense),
            fen(parts.over_limit),
            fen(parts.first_self_payment),
            fen(parts.in_scope),
        ];
    }
    let amount = fen(input.amount.expect("an amount"));
    if class == Some("C") {
        return [amount, q(0), q(0), q(0)];
    }
    let limit = input.price_limit.map(fen).unwrap_or_else(|| amount.clone());
    let within = amount.clone().min(limit);
    // One share after the other, each of what the one before left, each rounded to the fen.
    let mut rest = within.clone();
    for share in input.first_share.iter().flatten() {
        let share = &rest * Q::new(share.millionths().into(), 1_000_000.into());
        rest -= (share + Q::new(1.into(), 2.into())).floor();
    }
    let first = &within - &rest;
    [q(0), amount - &within, first, rest]
}

/// Whether a line is among those that a step or scope covers.
pub(crate) fn covers(covers: &Covers, line: &LineFacts) -> Result<bool, Refusal> {
    let marked = |marks: &[String]| line.marks.iter().any(|mark| marks.contains(mark));
    let fee = covers
        .fees
        .as_ref()
        .is_none_or(|fees| fees.contains(&line.fee));
    if !fee || covers.except_fees.contains(&line.fee) {
        return Ok(false);
    }
    let mark = covers.marks.as_ref().is_none_or(|marks| marked(marks));
    if !mark || marked(&covers.except_marks) {
        return Ok(false);
    }
    match (&covers.classes, &line.class) {
        (None, _) => Ok(true),
        (Some(classes), Some(class)) => Ok(classes.contains(class)),
        (Some(_), None) => refuse("missing", "the line's class"),
    }
}
