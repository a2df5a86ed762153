//! What is known of a bill and its patient, in the policy's own numbers.

use super::error::SettleError;
use crate::bill::Bill;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::{Known, Subject};
use crate::vocabulary::{Care, Dimension};

/// The facts that hold, and the values by which tables are looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Situation {
    pub(crate) known: Known,
    /// By subject: the values held, as numbers; booleans are 0 and 1.
    values: [Values; Subject::ALL.len()],
}

/// The values of one subject; buffers are kept between bills.
#[derive(Debug, Clone, Default)]
struct Values {
    numbers: Vec<u16>,
    /// The field is absent.
    unknown: bool,
}

impl Situation {
    /// The values of a subject; `None` when the field is absent.
    pub(crate) fn values(&self, subject: Subject) -> Option<&[u16]> {
        let values = self.values.get(subject.index())?;
        (!values.unknown).then_some(&values.numbers)
    }

    fn add(&mut self, policy: &Policy, subject: Subject, value: u16) {
        if let Some(values) = self.values.get_mut(subject.index())
            && !values.numbers.contains(&value)
        {
            values.numbers.push(value);
        }
        self.known
            .holds
            .unite(&policy.facts.of(subject, usize::from(value)));
    }

    fn absent(&mut self, policy: &Policy, subject: Subject) {
        if let Some(values) = self.values.get_mut(subject.index()) {
            values.unknown = true;
        }
        self.known.unknown.unite(&policy.facts.about(subject));
    }

    /// Reads a bill and its patient.
    pub(crate) fn observe(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<(), SettleError> {
        self.known = Known::default();
        for values in &mut self.values {
            values.numbers.clear();
            values.unknown = false;
        }
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
                self.add(policy, $subject, number);
            }};
        }
        macro_rules! held_word {
            ($subject:expr, $dimension:expr, $held:expr) => {{
                consistent($held, $subject.field())?;
                let number = number!($subject, $dimension, &$held.what);
                if $held.on(day) {
                    self.add(policy, $subject, number);
                }
            }};
        }
        macro_rules! word_or_absent {
            ($subject:expr, $dimension:expr, $word:expr) => {
                match $word {
                    Some(word) => word!($subject, $dimension, word),
                    None => self.absent(policy, $subject),
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
        match &bill.outpatient_disease {
            Some(disease) => word!(
                Subject::OutpatientDisease,
                Dimension::OutpatientDisease,
                disease
            ),
            // Only care for a certified disease has one.
            None if [Care::CHRONIC_OUTPATIENT, Care::SPECIAL_OUTPATIENT].contains(&bill.care) => {
                self.absent(policy, Subject::OutpatientDisease)
            }
            None => {}
        }
        self.observe_certified(policy);
        self.observe_diseases(policy, bill);
        for (subject, flag) in [
            (Subject::Designated, facility.designated),
            (Subject::Medical, facility.medical),
            (Subject::Referred, bill.referred),
        ] {
            match flag {
                Some(flag) => self.add(policy, subject, u16::from(flag)),
                None => self.absent(policy, subject),
            }
        }
        self.observe_numbers(policy, bill, patient)?;
        match &facility.name {
            Some(name) => {
                for (hospital, facts) in &policy.facts.hospitals {
                    if **hospital == **name {
                        self.known.holds.unite(facts);
                    }
                }
            }
            None => self.absent(policy, Subject::Hospital),
        }
        for fact in &policy.facts.dates {
            if fact.from.is_none_or(|from| from <= day) && fact.to.is_none_or(|to| day <= to) {
                self.known.holds.insert(fact.fact);
            }
        }
        for derived in &policy.facts.derived {
            let mut unknown = false;
            let mut holds = false;
            for condition in &derived.any {
                match condition.holds(&self.known) {
                    Ok(true) => holds = true,
                    Ok(false) => {}
                    Err(_) => unknown = true,
                }
            }
            if holds {
                self.known.holds.insert(derived.fact);
            } else if unknown {
                self.known.unknown.insert(derived.fact);
            }
        }
        Ok(())
    }

    /// Whether the bill's outpatient disease is one for which a certificate is held.
    fn observe_certified(&mut self, policy: &Policy) {
        match self.values(Subject::OutpatientDisease) {
            None => self.absent(policy, Subject::Certified),
            Some(disease) => {
                let held = self.values(Subject::Certificate).unwrap_or_default();
                let certified = disease
                    .first()
                    .is_some_and(|disease| held.contains(disease));
                self.add(policy, Subject::Certified, u16::from(certified));
            }
        }
    }

    /// The policy's diseases that the diagnoses or the outpatient disease match.
    fn observe_diseases(&mut self, policy: &Policy, bill: &Bill) {
        let outpatient = self
            .values(Subject::OutpatientDisease)
            .and_then(<[u16]>::first)
            .copied();
        if bill.diagnoses.is_empty() && outpatient.is_none() {
            self.absent(policy, Subject::Disease);
            return;
        }
        for (number, disease) in (0u16..).zip(&policy.diseases) {
            if bill.diagnoses.iter().any(|code| disease.matches(code))
                || outpatient.is_some_and(|outpatient| disease.outpatient.contains(&outpatient))
            {
                self.add(policy, Subject::Disease, number);
            }
        }
    }

    fn observe_numbers(
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
            let Some(number) = number else {
                self.absent(policy, subject);
                continue;
            };
            if let Some(values) = self.values.get_mut(subject.index()) {
                values
                    .numbers
                    .push(u16::try_from(number).unwrap_or(u16::MAX));
            }
            for fact in policy
                .facts
                .numbers
                .iter()
                .filter(|fact| fact.subject == subject)
            {
                if (fact.low..=fact.high).contains(&number) {
                    self.known.holds.insert(fact.fact);
                }
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
