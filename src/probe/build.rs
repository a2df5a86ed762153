//! From a model to a patient and a bill: what the model asks for, and nothing beyond.

use super::Probe;
use super::solve::{Model, OTHER_HOSPITAL, usual};
use crate::bill::{Bill, Facility};
use crate::icd10::Icd10;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::vocabulary::{
    Care, Category, Dimension, Enrolment, Grade, Mark, OutpatientDisease, Place, Scheme, Tier,
};

impl Probe {
    /// The patient and the bill of a model, without lines.
    pub(crate) fn of(policy: &Policy, model: &Model) -> Option<Probe> {
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
    pub(crate) fn fill(&mut self, policy: &Policy, field: &str) -> Option<()> {
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
