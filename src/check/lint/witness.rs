//! Witnesses: the patient and the bill that show a problem, settled by the real engine and written as a case.

use super::solve::{Model, OTHER_HOSPITAL, usual};
use super::text::case;
use crate::bill::{Bill, Facility};
use crate::icd10::Icd10;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::step::Covers;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::Settlement;
use crate::vocabulary::{
    Care, Category, Class, Dimension, Enrolment, Fee, Grade, Mark, OutpatientDisease, Place,
    Scheme, Tier,
};

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

    /// Settles a probe, with the usual values of whatever is found missing, and looks at what came of it. `None` when it
    /// is refused all the same.
    pub(super) fn settle<R>(
        &mut self,
        probe: &mut Probe,
        look: impl Fn(&Probe, &Settlement) -> R,
    ) -> Option<R> {
        for _ in Subject::ALL {
            let (bill, patient) = (&probe.bill, &probe.patient);
            let settled = self
                .workspace
                .settle(self.policy, bill, patient, Detail::Totals);
            match settled {
                Ok(settlement) => return Some(look(probe, settlement)),
                Err(SettleError::Missing { field, .. }) => probe.fill(self.policy, &field)?,
                Err(_) => return None,
            }
        }
        None
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
            let shown = self.settle(&mut probe, |probe, settlement| {
                is_so(settlement).then(|| case(policy, name, probe, settlement))
            });
            if let Some(case) = shown.flatten() {
                return Some(case);
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
