//! The pure settlement: a policy, a bill and a patient in, an itemised split out.
//!
//! How a bill flows: [`seen`] is what the policy sees of the bill and its patient; for it there is a [`profile`], made
//! once: the facts of the [`situation`], the steps that apply, and [`ready`] what their [`figures`] come to.
//! [`cells`] adds the lines up by kind and part; [`work`] works each step of the profile on the cells: [`base`],
//! [`formula`], [`limits`] and [`pay`]; [`allot`] divides whole fen, and [`small`] amounts quickly; at the end [`lines`]
//! divides each payer's amount in a cell among its lines. [`many`] does it for many bills,
//! [`observed`] once more, step by step, for an explanation.

pub(crate) mod allot;
pub(crate) mod base;
pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod error;
pub(crate) mod figures;
mod formula;
pub(crate) mod limits;
pub(crate) mod lines;
pub(crate) mod many;
pub(crate) mod observed;
mod pay;
pub(crate) mod profile;
pub(crate) mod ready;
pub(crate) mod seen;
pub(crate) mod situation;
mod small;
pub(crate) mod work;

use crate::bill::Bill;
use crate::limits::{MAX_LINES, MAX_NAMED};
use crate::patient::Patient;
use crate::policy::Policy;
use crate::settlement::{Settlement, Used};
use allot::Allotment;
use cells::Cells;
use error::SettleError;
use figures::Bases;
use lines::Lines;
use profile::{Profile, Profiles};
use work::{Buffers, Work};

/// Settles a bill: who pays how much of it, to the fen.
///
/// A pure function: it reads its three inputs and nothing else, and the same inputs give the same result to the byte.
/// The year to date that the patient brings is not changed; the result holds the new one.
///
/// # Errors
///
/// A [`SettleError`] when the bill or the patient is inconsistent, uses a word that nobody knows, is dated outside the
/// policy's period, brings the year to date of another policy or a later year, lacks a field that the policy needs, needs
/// a value that no source states, has more of something than the [limits](crate::limits) allow, or when a sum goes beyond
/// [`Money::MAX`](crate::Money::MAX).
///
/// ```
/// use payer_split::{Bill, Care, Facility, Layer, Line, Patient, Place, RuleBook, Scheme, Tier, settle};
///
/// let book = RuleBook::embedded();
/// let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// let facility = Facility {
///     tier: Some(Tier::COUNTY),
///     place: Some(Place::IN_COUNTY),
///     designated: Some(true),
///     ..Facility::default()
/// };
/// let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility)
///     .with_line(Line::class_a("western-medicine", "3800".parse()?)?)
///     .with_line(Line::class_c("material", "749.20".parse()?)?);
/// let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
///
/// let settlement = settle(policy, &bill, &patient)?;
/// assert_eq!(settlement.total().to_string(), "4549.20");
/// assert_eq!(settlement.patient().to_string(), "454.92");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn settle(policy: &Policy, bill: &Bill, patient: &Patient) -> Result<Settlement, SettleError> {
    let mut workspace = Workspace::new();
    workspace.settle(policy, bill, patient, Detail::Lines)?;
    let settled = workspace.settlement;
    settled.ok_or_else(|| SettleError::overflow("`bill`"))
}

/// How much of a settlement is worked out. The totals are the same in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Detail {
    /// Everything: totals, the record of steps and the line × payer matrix.
    Lines,
    /// Totals and the record of steps, without the matrix.
    Totals,
}

/// Buffers for settling many bills: the form of [`settle`] that reuses its result.
///
/// ```
/// use payer_split::{Bill, Care, Detail, Facility, Layer, Line, Patient, RuleBook, Scheme, Workspace};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let book = RuleBook::embedded();
/// let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// let mut workspace = Workspace::new();
/// # let facility = Facility { tier: Some(payer_split::Tier::COUNTY), place: Some(payer_split::Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// for yuan in [1_000, 2_000] {
///     let amount = payer_split::Money::from_yuan(yuan).ok_or("too large")?;
///     let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility.clone())
///         .with_line(Line::class_a("treatment", amount)?);
///     let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
///     let settlement = workspace.settle(policy, &bill, &patient, Detail::Totals)?;
///     assert_eq!(settlement.total(), amount);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    profiles: Profiles,
    cells: Cells,
    allotment: Allotment,
    buffers: Buffers,
    lines: Lines,
    settlement: Option<Settlement>,
}

impl Workspace {
    /// Empty buffers; they grow with the first bills.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// Settles a bill like [`settle`], into the workspace's own result, which the next call overwrites.
    ///
    /// # Errors
    ///
    /// As [`settle`].
    pub fn settle(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
        detail: Detail,
    ) -> Result<&Settlement, SettleError> {
        check(policy, bill, patient)?;
        let profile = self.profiles.of(policy, bill, patient)?;
        let out = self
            .settlement
            .get_or_insert_with(|| Settlement::empty(&profile.terms));
        out.restart(policy, &profile.terms, bill, patient);
        let cells = &mut self.cells;
        cells.gather(policy, bill, &profile.situation, |scope| {
            out.used.push(Used::Note(scope.note));
        })?;
        out.parts = cells::parts(&cells.billed);
        let overflow = || SettleError::overflow("`bill.lines`");
        out.total = out.parts.total().ok_or_else(overflow)?;

        let buffers = &mut self.buffers;
        buffers.restart(cells.kinds.len(), policy.limits.len());
        let bases = Bases {
            total: out.total.fen(),
            in_scope: out.parts.in_scope.fen(),
            base: 0,
        };
        let mut work = Work {
            policy,
            profile,
            cells,
            allotment: &mut self.allotment,
            buffers,
            bases,
            out,
        };
        work.steps()?;

        out.patient_parts = cells::parts(&cells.unpaid);
        out.patient = out.patient_parts.total().ok_or_else(overflow)?;
        for (counter, amount) in [
            (policy.counters.billed, out.total),
            (policy.counters.in_scope, out.parts.in_scope),
            (policy.counters.patient, out.patient),
        ] {
            let counted = work::count(&mut out.year_to_date.amounts, counter, amount.fen());
            counted.map_err(|_| SettleError::overflow("the year to date"))?;
        }
        if detail == Detail::Lines {
            let allotment = &mut self.allotment;
            let divided = self
                .lines
                .divide(policy, bill, cells, allotment, &mut out.lines);
            divided.ok_or_else(overflow)?;
        }
        match profile.untold_benefit {
            None => Ok(out),
            Some((benefit, fact)) => Err(untold(policy, profile, benefit, fact)),
        }
    }
}

/// The error for a benefit of which it cannot be told whether it is granted.
fn untold(policy: &Policy, profile: &Profile, benefit: usize, fact: usize) -> SettleError {
    let subject = policy.facts.subject_of(fact, &profile.situation.known);
    let named = policy.benefits().get(benefit);
    let needed_by = named.map(|named| format!("the benefit `{}` ({})", named.id, named.name));
    SettleError::Missing {
        field: subject.field().into(),
        needed_by: needed_by.unwrap_or_default(),
    }
}

/// The checks that need no policy figures.
fn check(policy: &Policy, bill: &Bill, patient: &Patient) -> Result<(), SettleError> {
    if !policy.is_in_force(bill.date) {
        return Err(SettleError::OutOfForce {
            policy: policy.full_name(),
            from: policy.from(),
            to: policy.to(),
            date: bill.date,
        });
    }
    if bill.lines.is_empty() {
        return Err(SettleError::inconsistent(
            "bill.lines",
            "expected at least one line",
        ));
    }
    let within = SettleError::unless_within;
    let facility = &bill.facility;
    within("bill.lines", "lines", bill.lines.len(), MAX_LINES)?;
    for (field, what, count) in [
        ("bill.diagnoses", "diagnoses", bill.diagnoses.len()),
        ("bill.marks", "marks", bill.marks.len()),
        ("bill.facility.marks", "marks", facility.marks.len()),
        ("patient.categories", "categories", patient.categories.len()),
        ("patient.enrolments", "enrolments", patient.enrolments.len()),
        (
            "patient.certificates",
            "certificates",
            patient.certificates.len(),
        ),
    ] {
        within(field, what, count, MAX_NAMED)?;
    }
    if bill.admission == Some(0) {
        return Err(SettleError::inconsistent(
            "bill.admission",
            "admissions of a year are counted from 1",
        ));
    }
    if let Some(year) = &patient.year_to_date {
        // A newer year starts from nothing, under whatever policy the old one was.
        if *year.policy != *policy.info.id && year.year >= bill.date.year() {
            return Err(SettleError::OtherPolicy {
                found: year.policy().into(),
                expected: policy.id().into(),
            });
        }
        if year.year > bill.date.year() {
            return Err(SettleError::OtherYear {
                year: year.year,
                date: bill.date,
            });
        }
    }
    Ok(())
}
