//! What a policy sees of a bill and its patient, in its own numbers.
//!
//! Everything in which two bills can differ but for their money: if the same is seen of them, the same steps apply to
//! both, with the same figures.

use super::error::SettleError;
use crate::bill::Bill;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::vocabulary::{Care, Dimension};

/// The values of all subjects, in the order in which they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen(Vec<Sight>);

/// What is seen of one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sight {
    pub(crate) subject: Subject,
    /// A word, a disease, a hospital, or 0 and 1 for no and yes; of a number the least that is treated alike; of a date a
    /// fact that holds. Nothing where the field is absent.
    pub(crate) value: Option<u32>,
}

impl Seen {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Sight> {
        self.0.iter().copied()
    }

    fn push(&mut self, subject: Subject, value: Option<u32>) {
        self.0.push(Sight { subject, value });
    }

    /// A value that may come again.
    fn add(&mut self, subject: Subject, value: u16) {
        let value = Some(u32::from(value));
        if !self.0.contains(&Sight { subject, value }) {
            self.push(subject, value);
        }
    }

    fn absent(&mut self, subject: Subject) {
        self.push(subject, None);
    }

    /// Reads a bill and its patient.
    pub(crate) fn read(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<(), SettleError> {
        self.0.clear();
        let day = bill.date;
        let facility = &bill.facility;

        macro_rules! number {
            ($subject:expr, $dimension:expr, $word:expr) => {{
                let word = $word;
                let number = policy
                    .words
                    .number($dimension, word.standard_index(), word.local());
                number
                    .ok_or_else(|| unknown_name(policy, $subject.field(), $dimension, word.id()))?
            }};
        }
        macro_rules! word {
            ($subject:expr, $dimension:expr, $word:expr) => {{
                let number = number!($subject, $dimension, $word);
                self.add($subject, number);
                number
            }};
        }
        macro_rules! held_word {
            ($subject:expr, $dimension:expr, $held:expr) => {{
                consistent($held, $subject.field())?;
                let number = number!($subject, $dimension, &$held.what);
                if $held.on(day) {
                    self.add($subject, number);
                }
            }};
        }
        macro_rules! word_or_absent {
            ($subject:expr, $dimension:expr, $word:expr) => {
                match $word {
                    Some(word) => {
                        word!($subject, $dimension, word);
                    }
                    None => self.absent($subject),
                }
            };
        }
        word!(Subject::Scheme, Dimension::Scheme, &patient.scheme);
        word!(Subject::Care, Dimension::Care, &bill.care);
        word_or_absent!(Subject::Tier, Dimension::Tier, &facility.tier);
        word_or_absent!(Subject::Grade, Dimension::Grade, &facility.grade);
        word_or_absent!(Subject::Place, Dimension::Place, &facility.place);
        for mark in &facility.marks {
            word!(Subject::FacilityMark, Dimension::Mark, mark);
        }
        for mark in &bill.marks {
            word!(Subject::Mark, Dimension::Mark, mark);
        }
        for held in &patient.categories {
            held_word!(Subject::Category, Dimension::Category, held);
        }
        for held in &patient.enrolments {
            held_word!(Subject::Enrolment, Dimension::Enrolment, held);
        }
        for held in &patient.certificates {
            held_word!(Subject::Certificate, Dimension::OutpatientDisease, held);
        }
        let outpatient = match &bill.outpatient_disease {
            Some(disease) => Some(word!(
                Subject::OutpatientDisease,
                Dimension::OutpatientDisease,
                disease
            )),
            // Only care for a certified disease has one.
            None if [Care::CHRONIC_OUTPATIENT, Care::SPECIAL_OUTPATIENT].contains(&bill.care) => {
                self.absent(Subject::OutpatientDisease);
                None
            }
            None => None,
        };
        self.read_diseases(policy, bill, outpatient);
        for (subject, flag) in [
            (Subject::Designated, facility.designated),
            (Subject::Medical, facility.medical),
            (Subject::Referred, bill.referred),
        ] {
            self.push(subject, flag.map(u32::from));
        }
        self.read_numbers(policy, bill, patient)?;
        match &facility.name {
            Some(name) => {
                let mut hospitals = (0..).zip(&policy.facts.hospitals);
                if let Some((number, _)) = hospitals.find(|(_, (known, _))| **known == **name) {
                    self.push(Subject::Hospital, Some(number));
                }
            }
            None => self.absent(Subject::Hospital),
        }
        for fact in &policy.facts.dates {
            if fact.from.is_none_or(|from| from <= day) && fact.to.is_none_or(|to| day <= to) {
                self.push(Subject::Date, u32::try_from(fact.fact).ok());
            }
        }
        Ok(())
    }

    /// The policy's diseases that the diagnoses or the outpatient disease match.
    fn read_diseases(&mut self, policy: &Policy, bill: &Bill, outpatient: Option<u16>) {
        if bill.diagnoses.is_empty() && outpatient.is_none() {
            return self.absent(Subject::Disease);
        }
        for (number, disease) in (0..).zip(&policy.diseases) {
            if bill.diagnoses.iter().any(|code| disease.matches(code))
                || outpatient.is_some_and(|outpatient| disease.outpatient.contains(&outpatient))
            {
                self.push(Subject::Disease, Some(number));
            }
        }
    }

    fn read_numbers(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<(), SettleError> {
        let age = match patient.birth_date {
            None => patient.age,
            Some(birth) => {
                let age = patient.age_on(bill.date).ok_or_else(|| {
                    SettleError::inconsistent(
                        "patient.birth_date",
                        format!("{birth} is later than the bill's date {}", bill.date),
                    )
                })?;
                if patient.age.is_some_and(|given| given != age) {
                    return Err(SettleError::inconsistent(
                        "patient.age",
                        format!(
                            "a patient born on {birth} is {age} years old on {}",
                            bill.date
                        ),
                    ));
                }
                Some(age)
            }
        };
        for (subject, number) in [
            (Subject::Age, age),
            (Subject::InsuredYears, patient.insured_years),
            (Subject::Admission, bill.admission),
        ] {
            self.push(
                subject,
                number.map(|number| policy.facts.alike(subject, number)),
            );
        }
        Ok(())
    }
}

fn consistent<T>(held: &Held<T>, field: &str) -> Result<(), SettleError> {
    match (held.from, held.to) {
        (Some(from), Some(to)) if to < from => Err(SettleError::inconsistent(
            field,
            format!("a period that ends on {to} cannot begin on {from}"),
        )),
        _ => Ok(()),
    }
}

/// The error for a word that nobody knows, with a suggestion.
pub(crate) fn unknown_name(
    policy: &Policy,
    field: &str,
    dimension: Dimension,
    name: &str,
) -> SettleError {
    let suggestion = crate::suggest::suggest(name, policy.words.spellings(dimension));
    SettleError::UnknownName {
        field: field.into(),
        name: name.into(),
        dimension: dimension.en(),
        policy: policy.full_name(),
        suggestion: suggestion.map(Into::into),
    }
}
