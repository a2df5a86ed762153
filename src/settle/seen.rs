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

/// The values of all subjects at which the policy looks, in the order in which they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen(Vec<Sight>);

/// What is seen of one subject, packed into one number: in the upper half the subject, in the lower its value and one
/// more, or nothing where the field is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sight(u64);

impl Sight {
    fn new(subject: Subject, value: Option<u32>) -> Sight {
        let value = value.map_or(0, |value| u64::from(value).saturating_add(1));
        Sight((subject as u64) << 40 | value)
    }

    pub(crate) fn subject(self) -> Option<Subject> {
        let index = usize::try_from(self.0 >> 40).ok()?;
        Subject::ALL.get(index).copied()
    }

    /// A word, a disease, a hospital, or 0 and 1 for no and yes; of a number the least that is treated alike; of a date a
    /// fact that holds. Nothing where the field is absent.
    pub(crate) fn value(self) -> Option<u32> {
        let value = (self.0 & ((1 << 40) - 1)).checked_sub(1)?;
        u32::try_from(value).ok()
    }
}

impl Seen {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Sight> {
        self.0.iter().copied()
    }

    fn push(&mut self, subject: Subject, value: Option<u32>) {
        self.0.push(Sight::new(subject, value));
    }

    /// A value that may come again.
    fn add(&mut self, subject: Subject, value: u16) {
        let sight = Sight::new(subject, Some(u32::from(value)));
        if !self.0.contains(&sight) {
            self.0.push(sight);
        }
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

        let looks_at = |subject| policy.facts.looks_at(subject);

        // All words are checked; what the policy does not look at is not seen.
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
        macro_rules! one {
            ($subject:expr, $dimension:expr, $word:expr) => {
                let number = number!($subject, $dimension, $word);
                if looks_at($subject) {
                    self.push($subject, Some(u32::from(number)));
                }
            };
        }
        macro_rules! one_or_absent {
            ($subject:expr, $dimension:expr, $word:expr) => {
                match $word {
                    Some(word) => {
                        one!($subject, $dimension, word);
                    }
                    None => self.absent(policy, $subject),
                }
            };
        }
        macro_rules! several {
            ($subject:expr, $dimension:expr, $words:expr) => {
                for word in $words {
                    let number = number!($subject, $dimension, word);
                    if looks_at($subject) {
                        self.add($subject, number);
                    }
                }
            };
        }
        macro_rules! several_held {
            ($subject:expr, $dimension:expr, $all:expr) => {
                for held in $all {
                    consistent(held, $subject.field())?;
                    let number = number!($subject, $dimension, &held.what);
                    if looks_at($subject) && held.on(day) {
                        self.add($subject, number);
                    }
                }
            };
        }
        one!(Subject::Scheme, Dimension::Scheme, &patient.scheme);
        one!(Subject::Care, Dimension::Care, &bill.care);
        one_or_absent!(Subject::Tier, Dimension::Tier, &facility.tier);
        one_or_absent!(Subject::Grade, Dimension::Grade, &facility.grade);
        one_or_absent!(Subject::Place, Dimension::Place, &facility.place);
        several!(Subject::FacilityMark, Dimension::Mark, &facility.marks);
        several!(Subject::Mark, Dimension::Mark, &bill.marks);
        several_held!(Subject::Category, Dimension::Category, &patient.categories);
        several_held!(
            Subject::Enrolment,
            Dimension::Enrolment,
            &patient.enrolments
        );
        several_held!(
            Subject::Certificate,
            Dimension::OutpatientDisease,
            &patient.certificates
        );
        let outpatient = match &bill.outpatient_disease {
            Some(disease) => {
                let subject = Subject::OutpatientDisease;
                let number = number!(subject, Dimension::OutpatientDisease, disease);
                if looks_at(subject) {
                    self.add(subject, number);
                }
                Some(number)
            }
            None => {
                // Only care for a certified disease has one.
                let certified = [Care::CHRONIC_OUTPATIENT, Care::SPECIAL_OUTPATIENT];
                if certified.contains(&bill.care) {
                    self.absent(policy, Subject::OutpatientDisease);
                }
                None
            }
        };
        if looks_at(Subject::Disease) {
            self.read_diseases(policy, bill, outpatient);
        }
        for (subject, flag) in [
            (Subject::Designated, facility.designated),
            (Subject::Medical, facility.medical),
            (Subject::Referred, bill.referred),
        ] {
            if looks_at(subject) {
                self.push(subject, flag.map(u32::from));
            }
        }
        self.read_numbers(policy, bill, patient)?;
        if looks_at(Subject::Hospital) {
            self.read_hospital(policy, bill);
        }
        for fact in &policy.facts.dates {
            if fact.from.is_none_or(|from| from <= day) && fact.to.is_none_or(|to| day <= to) {
                self.push(Subject::Date, u32::try_from(fact.fact).ok());
            }
        }
        Ok(())
    }

    fn absent(&mut self, policy: &Policy, subject: Subject) {
        if policy.facts.looks_at(subject) {
            self.push(subject, None);
        }
    }

    fn read_hospital(&mut self, policy: &Policy, bill: &Bill) {
        let Some(name) = &bill.facility.name else {
            return self.push(Subject::Hospital, None);
        };
        let mut hospitals = (0..).zip(&policy.facts.hospitals);
        if let Some((number, _)) = hospitals.find(|(_, (known, _))| **known == **name) {
            self.push(Subject::Hospital, Some(number));
        }
    }

    /// The policy's diseases that the diagnoses or the outpatient disease match.
    fn read_diseases(&mut self, policy: &Policy, bill: &Bill, outpatient: Option<u16>) {
        if bill.diagnoses.is_empty() && outpatient.is_none() {
            return self.push(Subject::Disease, None);
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
            if policy.facts.looks_at(subject) {
                let alike = |number| policy.facts.alike(subject, number);
                self.push(subject, number.map(alike));
            }
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
