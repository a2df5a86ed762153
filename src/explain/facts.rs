//! What was known of the bill and its patient: the facts at which a policy looks, and those that failed a condition.

use super::figure::Figures;
use super::why::Words;
use crate::bill::Bill;
use crate::date::Date;
use crate::language::Language;
use crate::page::clean;
use crate::patient::{Held, Patient};
use crate::policy::facts::{Condition, FactSet, Subject};
use crate::vocabulary::{Category, Enrolment, OutpatientDisease};
use serde::Serialize;

/// A field of a bill or a patient, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fact {
    /// Where it stands, such as `bill.referred`.
    pub field: &'static str,
    /// What it is called.
    pub name: Words,
    /// What it holds, as it was given: `false`, `county`, several with commas; `None` where it was not given.
    pub given: Option<String>,
    /// The same in words.
    pub text: Words,
    /// What is held on other days than the bill's, each with its period in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_that_day: Vec<Words>,
}

impl Fact {
    /// The field and what it holds: `bill.referred = false`.
    pub fn assignment(&self, language: Language) -> String {
        let field = self.field;
        let given = self.given.as_deref().map(clean);
        let held = given.iter().filter(|given| !given.is_empty()).cloned();
        let others = self.not_that_day.iter();
        let others = others.map(|other| clean(other.text(language)));
        let held: Vec<String> = held.chain(others).collect();
        match (held.is_empty(), given) {
            (false, _) => format!("{field} = {}", held.join(language.pick("；", "; "))),
            (true, Some(_)) => format!("{field} = {}", language.pick("无", "none")),
            (true, None) => format!("{field} {}", language.pick("没有给出", "not given")),
        }
    }
}

/// A test of a condition that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Failed {
    /// What was asked.
    pub test: Words,
    /// What was found instead: one fact, or several where one of several conditions was asked.
    pub facts: Vec<Fact>,
}

/// What is held on other days than this one, with its period.
fn other_days<T>(held: &[Held<T>], day: Date, id: impl Fn(&T) -> &str) -> Vec<Words> {
    let others = held.iter().filter(|own| !own.on(day));
    let words = others.map(|own| {
        let id = id(&own.what);
        match (own.from, own.to) {
            (_, Some(to)) if to < day => {
                Words::new(format!("{id}，{to} 已到期"), format!("{id}, ended {to}"))
            }
            (Some(from), _) => Words::new(
                format!("{id}，{from} 才开始"),
                format!("{id}, begins {from}"),
            ),
            _ => Words::new(id, id),
        }
    });
    words.collect()
}

/// A bill and its patient, seen by a policy.
pub(super) struct Facts<'a> {
    pub(super) figures: &'a Figures<'a>,
    pub(super) bill: &'a Bill,
    pub(super) patient: &'a Patient,
}

impl Facts<'_> {
    /// All that the policy looks at, and the day.
    pub(super) fn all(&self) -> Vec<Fact> {
        let facts = &self.figures.policy.facts;
        let subjects = Subject::ALL.into_iter();
        // The certificate for the bill's disease follows from two other fields.
        let subjects = subjects.filter(|subject| match subject {
            Subject::Certified => false,
            // Which may be the bill's disease as well as its diagnoses.
            Subject::OutpatientDisease if self.bill.outpatient_disease.is_some() => {
                facts.looks_at(*subject) || facts.looks_at(Subject::Disease)
            }
            Subject::Date => true,
            subject => facts.looks_at(*subject),
        });
        subjects.map(|subject| self.fact(subject)).collect()
    }

    pub(super) fn fact(&self, subject: Subject) -> Fact {
        let given = self.given(subject);
        let text = match &given {
            None => Words::new("没有给出", "not given"),
            Some(text) if text.is_empty() => Words::new("没有", "none"),
            Some(text) => self.text(subject, text),
        };
        Fact {
            field: subject.field(),
            name: self.name(subject),
            given,
            text,
            not_that_day: self.not_that_day(subject),
        }
    }

    /// What the patient holds, but not on the day of the bill.
    fn not_that_day(&self, subject: Subject) -> Vec<Words> {
        let (patient, day) = (self.patient, self.bill.date);
        match subject {
            Subject::Category => other_days(&patient.categories, day, Category::id),
            Subject::Enrolment => other_days(&patient.enrolments, day, Enrolment::id),
            Subject::Certificate => other_days(&patient.certificates, day, OutpatientDisease::id),
            _ => Vec::new(),
        }
    }

    fn name(&self, subject: Subject) -> Words {
        let (zh, en) = match subject {
            Subject::Designated => ("机构是否定点", "whether the facility is designated"),
            Subject::Medical => (
                "机构是否医疗机构",
                "whether the facility is a medical institution",
            ),
            Subject::Referred => ("是否按规定转诊", "whether properly referred"),
            Subject::Certified => (
                "是否持有本次门诊病种的证",
                "whether certified for the outpatient disease",
            ),
            Subject::Disease => ("病种（诊断）", "disease (diagnoses)"),
            Subject::Hospital => ("机构名称", "name of the facility"),
            Subject::Age => ("年龄", "age"),
            Subject::InsuredYears => ("连续参保年数", "years of continuous insurance"),
            Subject::Admission => ("年内住院次序", "number of the stay in the year"),
            Subject::Date => ("结算日", "day of settlement"),
            _ => return self.figures.say(|speaker| speaker.field(subject).into()),
        };
        Words::new(zh, en)
    }

    /// What the field holds, as it was given.
    fn given(&self, subject: Subject) -> Option<String> {
        let (bill, facility) = (self.bill, &self.bill.facility);
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        match subject {
            Subject::Designated => flag(facility.designated),
            Subject::Medical => flag(facility.medical),
            Subject::Referred => flag(bill.referred),
            Subject::Hospital => facility.name.clone(),
            Subject::Age => number(self.patient.age_on(bill.date)),
            Subject::InsuredYears => number(self.patient.insured_years),
            Subject::Admission => number(bill.admission),
            Subject::Date => Some(bill.date.to_string()),
            Subject::Disease => {
                let codes: Vec<String> = bill.diagnoses.iter().map(ToString::to_string).collect();
                (!codes.is_empty()).then(|| codes.join(", "))
            }
            Subject::OutpatientDisease => {
                let disease = bill.outpatient_disease.as_ref();
                disease.map(|disease| disease.id().to_owned())
            }
            Subject::Certified => {
                let values = self.figures.situation.values(subject)?;
                Some((values.first() == Some(&1)).to_string())
            }
            _ => {
                let values = self.figures.situation.values(subject)?;
                let policy = self.figures.policy;
                let names = values
                    .iter()
                    .map(|value| policy.value_name(subject, *value));
                Some(names.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn text(&self, subject: Subject, given: &str) -> Words {
        let values = self.figures.situation.values(subject).unwrap_or_default();
        match (subject.dimension(), given) {
            (Some(dimension), _) => self.figures.say(|speaker| {
                let names = values.iter().map(|value| speaker.word(dimension, *value));
                speaker.and(&names.collect::<Vec<_>>())
            }),
            (None, "true") => Words::new("是", "yes"),
            (None, "false") => Words::new("否", "no"),
            (None, given) => Words::new(clean(given), clean(given)),
        }
    }

    /// The tests of a condition that failed.
    pub(super) fn failed(&self, condition: &Condition) -> Vec<Failed> {
        let known = &self.figures.situation.known;
        let missing = condition.all.without(&known.holds).without(&known.unknown);
        let forbidden = condition.none.and(&known.holds);
        self.tests(&missing, true)
            .chain(self.tests(&forbidden, false))
            .collect()
    }

    /// The tests of a condition that cannot be told.
    pub(super) fn untold(&self, condition: &Condition) -> Vec<Failed> {
        let known = &self.figures.situation.known;
        let missing = condition.all.and(&known.unknown);
        let forbidden = condition.none.and(&known.unknown);
        self.tests(&missing, true)
            .chain(self.tests(&forbidden, false))
            .collect()
    }

    fn tests(&self, facts: &FactSet, holds: bool) -> impl Iterator<Item = Failed> {
        let facts = *facts;
        let count = self.figures.policy.facts.subjects.len();
        let tests = (0..count).filter(move |fact| facts.contains(*fact));
        tests.map(move |fact| Failed {
            test: self.figures.say(|speaker| speaker.says(fact, holds)),
            facts: self.facts_of(fact),
        })
    }

    /// The fields at which a fact looks: one, or those of the conditions of which any would do.
    fn facts_of(&self, fact: usize) -> Vec<Fact> {
        let mut subjects = Vec::new();
        self.subjects(fact, &mut subjects);
        let mut fields = Vec::new();
        for subject in subjects {
            // What follows from several fields is named by them.
            let own: &[Subject] = match subject {
                Subject::Disease if self.bill.outpatient_disease.is_some() => {
                    &[Subject::Disease, Subject::OutpatientDisease]
                }
                Subject::Certified => &[Subject::OutpatientDisease, Subject::Certificate],
                ref only => std::slice::from_ref(only),
            };
            for own in own {
                if !fields.contains(own) {
                    fields.push(*own);
                }
            }
        }
        fields
            .into_iter()
            .map(|subject| self.fact(subject))
            .collect()
    }

    fn subjects(&self, fact: usize, out: &mut Vec<Subject>) {
        let facts = &self.figures.policy.facts;
        match facts.subjects.get(fact) {
            Some(Some(subject)) if !out.contains(subject) => out.push(*subject),
            Some(Some(_)) => {}
            _ => {
                // Conditions of a derived fact only ask for facts numbered before it, or for plain ones.
                let derived = facts.derived.iter().filter(|derived| derived.fact == fact);
                for condition in derived.flat_map(|derived| &derived.any) {
                    let mut asked = condition.all;
                    asked.unite(&condition.none);
                    let count = facts.subjects.len();
                    for inner in (0..count).filter(|inner| asked.contains(*inner) && *inner != fact)
                    {
                        self.subjects(inner, out);
                    }
                }
            }
        }
    }
}
