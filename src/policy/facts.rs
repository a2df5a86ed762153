//! Facts: what a policy's conditions can tell apart about a bill and its patient.
//!
//! Every test that a condition makes (`tier = ["county", "township"]`) is one numbered *fact*. The loader numbers them
//! and notes, for each word of the vocabulary, which facts that word makes true; settling a bill then unites a handful
//! of sets, and a condition is two of them: the facts that must hold and those that must not.

use crate::date::Date;
use crate::limits::MAX_FACTS;
use crate::vocabulary::Dimension;

const BLOCKS: usize = MAX_FACTS / 64;

/// A set of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct FactSet([u64; BLOCKS]);

impl FactSet {
    pub(crate) const EMPTY: FactSet = FactSet([0; BLOCKS]);

    pub(crate) fn insert(&mut self, fact: usize) {
        if let Some(block) = self.0.get_mut(fact >> 6) {
            *block |= 1 << (fact & 63);
        }
    }

    pub(crate) fn contains(&self, fact: usize) -> bool {
        self.0
            .get(fact >> 6)
            .is_some_and(|block| block & (1 << (fact & 63)) != 0)
    }

    pub(crate) fn unite(&mut self, other: &FactSet) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a |= b;
        }
    }

    pub(crate) fn and(&self, other: &FactSet) -> FactSet {
        let mut out = *self;
        for (a, b) in out.0.iter_mut().zip(other.0) {
            *a &= b;
        }
        out
    }

    pub(crate) fn without(&self, other: &FactSet) -> FactSet {
        let mut out = *self;
        for (a, b) in out.0.iter_mut().zip(other.0) {
            *a &= !b;
        }
        out
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0 == [0; BLOCKS]
    }

    /// The lowest fact of the set.
    pub(crate) fn first(&self) -> Option<usize> {
        let (block, bits) = self.0.iter().enumerate().find(|(_, bits)| **bits != 0)?;
        let bit = usize::try_from(bits.trailing_zeros()).ok()?;
        Some((block << 6) | bit)
    }
}

/// What is known of a bill and its patient: the facts that hold, and those that cannot be told because a field is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Known {
    pub(crate) holds: FactSet,
    pub(crate) unknown: FactSet,
}

/// A conjunction: all of these facts and none of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Condition {
    pub(crate) all: FactSet,
    pub(crate) none: FactSet,
}

impl Condition {
    /// Whether the condition holds; `Err` names a fact that it needs and that cannot be told. A condition that fails on
    /// something known needs nothing else.
    pub(crate) fn holds(&self, known: &Known) -> Result<bool, usize> {
        let missing = self.all.without(&known.holds);
        let forbidden = self.none.and(&known.holds);
        if !missing.without(&known.unknown).is_empty() || !forbidden.is_empty() {
            return Ok(false);
        }
        match missing
            .first()
            .or_else(|| self.none.and(&known.unknown).first())
        {
            None => Ok(true),
            Some(fact) => Err(fact),
        }
    }
}

/// The fields of a bill and a patient that a condition or a table can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Subject {
    Category,
    Scheme,
    Enrolment,
    Certificate,
    Care,
    Tier,
    Grade,
    Place,
    FacilityMark,
    Mark,
    OutpatientDisease,
    Disease,
    Designated,
    Medical,
    Referred,
    Certified,
    Hospital,
    Age,
    InsuredYears,
    Admission,
    Date,
}

impl Subject {
    pub(crate) const ALL: [Subject; 21] = [
        Subject::Category,
        Subject::Scheme,
        Subject::Enrolment,
        Subject::Certificate,
        Subject::Care,
        Subject::Tier,
        Subject::Grade,
        Subject::Place,
        Subject::FacilityMark,
        Subject::Mark,
        Subject::OutpatientDisease,
        Subject::Disease,
        Subject::Designated,
        Subject::Medical,
        Subject::Referred,
        Subject::Certified,
        Subject::Hospital,
        Subject::Age,
        Subject::InsuredYears,
        Subject::Admission,
        Subject::Date,
    ];

    /// The key by which conditions name the field.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Subject::Category => "category",
            Subject::Scheme => "scheme",
            Subject::Enrolment => "enrolment",
            Subject::Certificate => "certificate",
            Subject::Care => "care",
            Subject::Tier => "tier",
            Subject::Grade => "grade",
            Subject::Place => "place",
            Subject::FacilityMark => "facility_mark",
            Subject::Mark => "mark",
            Subject::OutpatientDisease => "outpatient_disease",
            Subject::Disease => "disease",
            Subject::Designated => "designated",
            Subject::Medical => "medical",
            Subject::Referred => "referred",
            Subject::Certified => "certified",
            Subject::Hospital => "hospital",
            Subject::Age => "age",
            Subject::InsuredYears => "insured_years",
            Subject::Admission => "admission",
            Subject::Date => "date",
        }
    }

    /// Where the field stands in a bill or a patient, for error messages.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Subject::Category => "patient.categories",
            Subject::Scheme => "patient.scheme",
            Subject::Enrolment => "patient.enrolments",
            Subject::Certificate => "patient.certificates",
            Subject::Care => "bill.care",
            Subject::Tier => "bill.facility.tier",
            Subject::Grade => "bill.facility.grade",
            Subject::Place => "bill.facility.place",
            Subject::FacilityMark => "bill.facility.marks",
            Subject::Mark => "bill.marks",
            Subject::OutpatientDisease => "bill.outpatient_disease",
            Subject::Disease => "bill.diagnoses",
            Subject::Designated => "bill.facility.designated",
            Subject::Medical => "bill.facility.medical",
            Subject::Referred => "bill.referred",
            Subject::Certified => "bill.outpatient_disease",
            Subject::Hospital => "bill.facility.name",
            Subject::Age => "patient.age",
            Subject::InsuredYears => "patient.insured_years",
            Subject::Admission => "bill.admission",
            Subject::Date => "bill.date",
        }
    }

    /// Whether a bill or patient can have several values at once.
    pub(crate) fn is_multiple(self) -> bool {
        matches!(
            self,
            Subject::Category
                | Subject::Enrolment
                | Subject::Certificate
                | Subject::FacilityMark
                | Subject::Mark
                | Subject::Disease
        )
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The dimension of the vocabulary from which the subject's words come.
    pub(crate) fn dimension(self) -> Option<Dimension> {
        Some(match self {
            Subject::Category => Dimension::Category,
            Subject::Scheme => Dimension::Scheme,
            Subject::Enrolment => Dimension::Enrolment,
            Subject::Certificate | Subject::OutpatientDisease => Dimension::OutpatientDisease,
            Subject::Care => Dimension::Care,
            Subject::Tier => Dimension::Tier,
            Subject::Grade => Dimension::Grade,
            Subject::Place => Dimension::Place,
            Subject::FacilityMark | Subject::Mark => Dimension::Mark,
            _ => return None,
        })
    }
}

/// A fact about a number: `low ..= high`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberFact {
    pub(crate) fact: usize,
    pub(crate) subject: Subject,
    pub(crate) low: u32,
    pub(crate) high: u32,
}

/// A fact about the day of settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFact {
    pub(crate) fact: usize,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

/// A fact that stands for "any of these conditions".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DerivedFact {
    pub(crate) fact: usize,
    pub(crate) any: Vec<Condition>,
}

/// All facts of a policy, laid out by what makes them true.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// By subject and value: the facts that this value makes true. Booleans: 0 no, 1 yes.
    pub(crate) by_value: Vec<Vec<FactSet>>,
    /// By subject: all facts that look at it, unknown when the field is absent.
    pub(crate) about: Vec<FactSet>,
    pub(crate) hospitals: Vec<(Box<str>, FactSet)>,
    pub(crate) numbers: Vec<NumberFact>,
    pub(crate) dates: Vec<DateFact>,
    pub(crate) derived: Vec<DerivedFact>,
    /// By fact: the subject it looks at; `None` for a derived fact.
    pub(crate) subjects: Vec<Option<Subject>>,
    /// Numbers of which not only facts count, but the number itself.
    pub(crate) counted: Vec<Subject>,
    /// By subject: whether any condition, table or limit looks at it.
    pub(crate) looked_at: [bool; Subject::ALL.len()],
}

impl Facts {
    /// The facts that value number `value` of a subject makes true.
    pub(crate) fn of(&self, subject: Subject, value: usize) -> FactSet {
        self.by_value
            .get(subject.index())
            .and_then(|values| values.get(value))
            .copied()
            .unwrap_or_default()
    }

    /// All facts that look at a subject.
    pub(crate) fn about(&self, subject: Subject) -> FactSet {
        self.about.get(subject.index()).copied().unwrap_or_default()
    }

    /// Whether the policy looks at a subject at all.
    pub(crate) fn looks_at(&self, subject: Subject) -> bool {
        self.looked_at.get(subject.index()) == Some(&true)
    }

    /// The least number that is treated like this one.
    pub(crate) fn alike(&self, subject: Subject, number: u32) -> u32 {
        if self.counted.contains(&subject) {
            return number;
        }
        let facts = self.numbers.iter();
        let facts = facts.filter(|fact| fact.subject == subject);
        let edges = facts.flat_map(|fact| [fact.low, fact.high.saturating_add(1)]);
        edges.filter(|edge| *edge <= number).max().unwrap_or(0)
    }

    /// The field that an unknown fact lacks: through derived facts down to a field.
    pub(crate) fn subject_of(&self, fact: usize, known: &Known) -> Subject {
        let mut fact = fact;
        for _ in 0..MAX_FACTS {
            if let Some(Some(subject)) = self.subjects.get(fact) {
                return *subject;
            }
            let next = self
                .derived
                .iter()
                .filter(|derived| derived.fact == fact)
                .flat_map(|derived| &derived.any)
                .find_map(|condition| condition.holds(known).err());
            match next {
                Some(next) => fact = next,
                None => break,
            }
        }
        Subject::Date
    }
}
