//! Why: every amount of a settlement, from the money billed to the last odd fen.
//!
//! [`explain`] settles a bill like [`settle`](crate::settle) and keeps what every step found. The [`Explanation`] answers
//! [why](Explanation::why) any amount of it is what it is, as a tree of numbers ([`Why`]) each with the numbers that went
//! in, and [why not](Explanation::why_not) for every step that paid nothing. [`compare`] attributes the difference of two
//! settlements to the steps and figures that differ. A bill that is not settled comes back as [`Refused`], which says what
//! is missing and who would have to supply it.
//!
//! Nothing of this is on the way of a bill that is only settled. It is made for a bill that somebody asks about: it keeps a
//! copy of the year's counters for each step and builds the tree of each, which for hundreds of steps and thousands of
//! counters, as [`limits`](crate::limits) allow them, takes much memory; a cell's division is worked again for each question.
//!
//! How it is made: `observe` works the steps once more and keeps what they found. From that `step` and `money` build the
//! tree of each step, with the chains of its figures (`figure`); every number in it is worked by `how`, a calculator of
//! its own, so that an explanation that does not come to what was paid is found out. `cells` divides amounts among payers,
//! cells and lines, `facts` names what was known of the bill, `fault` what is wrong with one, `idle` finds the reason of a step that paid nothing, and
//! `inputs` makes a step a function of what went into it, which `compare` varies. `text` and `compare_text` put it in words.

mod cells;
mod compare;
mod compare_text;
mod facts;
mod fault;
mod figure;
mod how;
mod idle;
mod inputs;
mod money;
mod refused;
mod step;
mod text;
mod why;

pub use compare::{Cause, Comparison, Difference, FigureDifference, compare};
pub use facts::{Fact, Failed};
pub use how::{Adjustment, ChangeKind, How};
pub use idle::{Reason, WhyNot};
pub use inputs::Factor;
pub use refused::{Lack, Refused};
pub use why::{Kind, Value, Why, Words};

use crate::bill::Bill;
use crate::line::Part;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::info::Named;
use crate::ratio::Ratio;
use crate::settle::columns::Row;
use crate::settle::observed::{Observed, observe};
use crate::settlement::Settlement;
use facts::Facts;
use figure::Figures;
use inputs::Inputs;
use money::less;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use step::{Steps, part_words, words};

/// A settlement that can say why.
#[derive(Debug, Clone)]
pub struct Explanation {
    observed: Observed,
    /// Of the policy, in the order in which they pay, applied or not.
    steps: Vec<Explained>,
    /// By slot.
    slots: Vec<Slot>,
    /// At which the policy looks.
    facts: Vec<Fact>,
}

/// As data: the settlement, the tree of the whole bill, the steps that paid nothing, and the facts.
impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut data = serializer.serialize_struct("Explanation", 4)?;
        data.serialize_field("settlement", self.settlement())?;
        data.serialize_field("why", &self.why(&Asked::Total))?;
        data.serialize_field("why_not", &self.idle().collect::<Vec<_>>())?;
        data.serialize_field("facts", &self.facts)?;
        data.end()
    }
}

/// One step of the policy.
#[derive(Debug, Clone)]
struct Explained {
    named: Named,
    /// If it was worked.
    why: Option<Why>,
    inputs: Option<Inputs>,
    /// If it paid nothing.
    why_not: Option<WhyNot>,
}

/// A payer's place in a step.
#[derive(Debug, Clone, Copy)]
struct Slot {
    step: usize,
    payer: usize,
    share: Ratio,
}

/// The amount that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asked {
    /// The whole bill: all payers and the patient.
    Total,
    /// What the patient pays.
    Patient,
    /// What a payer pays, by its id.
    Payer(String),
    /// What a step pays, by its id.
    Step(String),
    /// What a payer pays of a line.
    Cell {
        /// The line's place on the bill, from 0.
        line: usize,
        /// The payer's id.
        payer: String,
    },
    /// What the patient pays of a line, by its place on the bill, from 0.
    PatientOfLine(usize),
}

/// Settles a bill and keeps why.
///
/// # Errors
///
/// As [`settle`](crate::settle): a bill that is not settled comes back as [`Refused`].
///
/// ```
/// use payer_split::explain::{Asked, explain};
/// use payer_split::{Bill, Care, Facility, Language, Layer, Line, Patient, Place, RuleBook, Scheme, Tier};
///
/// let book = RuleBook::embedded();
/// let facility = Facility {
///     tier: Some(Tier::COUNTY),
///     place: Some(Place::IN_COUNTY),
///     designated: Some(true),
///     ..Facility::default()
/// };
/// let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility)
///     .with_line(Line::class_a("western-medicine", "3800".parse()?)?);
/// let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
///
/// let policy = book.find("430304", bill.date, Layer::Assumed)?;
/// let explanation = explain(policy, &bill, &patient)?;
/// let why = explanation.why(&Asked::Step("basic-inpatient".into())).ok_or("it did not apply")?;
/// assert!(why.text(Language::English).contains("by the formula: 3060.00 = 3400.00 × 90%"));
/// let why_not = explanation.why_not("major").ok_or("it paid")?;
/// assert!(why_not.text(Language::Chinese).contains("没有超过起付线"));
///
/// let stated = book.find("430304", bill.date, Layer::Stated)?;
/// let refused = explain(stated, &bill, &patient).unwrap_err();
/// assert!(refused.text(Language::English).contains("missing: basic-inpatient.deductible"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(
    policy: &Policy,
    bill: &Bill,
    patient: &Patient,
) -> Result<Explanation, Box<Refused>> {
    let observed = observe(policy, bill, patient);
    let observed =
        observed.map_err(|stopped| Box::new(Refused::new(policy, bill, patient, *stopped)))?;
    let figures = Figures::new(policy, &observed.profile.situation);
    let of = Steps {
        policy,
        observed: &observed,
        figures: &figures,
    };
    let facts = Facts {
        figures: &figures,
        bill,
        patient,
    };
    let mut steps = Vec::new();
    let mut slots = Vec::new();
    for (number, (step, named)) in policy.steps.iter().zip(&policy.info.steps).enumerate() {
        let found = observed.steps.iter().find(|found| found.number == number);
        let worked = found.and_then(|found| of.worked(found));
        // A tree that does not come to what was paid explains nothing.
        let why = worked.as_ref().and_then(|worked| {
            let why = worked.why();
            why.filter(|why| why.fen() == worked.record.amount.fen())
        });
        let why_not = match (&worked, &why) {
            (Some(worked), Some(why)) if worked.record.amount.fen() == 0 => {
                Some(idle::worked(&of, worked, named, why))
            }
            (Some(_), _) => None,
            (None, _) => Some(idle::unworked(&facts, named, step, found)),
        };
        steps.push(Explained {
            named: named.clone(),
            inputs: worked.map(|worked| Inputs::of(policy, &worked)),
            why,
            why_not,
        });
        let own = policy.slots.get(step.slots.clone()).unwrap_or_default();
        slots.extend(own.iter().map(|slot| Slot {
            step: number,
            payer: slot.payer,
            share: slot.share,
        }));
    }
    let facts = facts.all();
    // It looks at what was observed, which is kept.
    drop(figures);
    Ok(Explanation {
        facts,
        observed,
        steps,
        slots,
    })
}

impl Explanation {
    /// The settlement, the same as [`settle`](crate::settle) gives.
    pub fn settlement(&self) -> &Settlement {
        &self.observed.settlement
    }

    /// Why an amount is what it is; `None` for a payer, step or line that there is not, or a step that did not apply.
    pub fn why(&self, asked: &Asked) -> Option<Why> {
        let payer = |id: &String| {
            let mut payers = self.settlement().info().payers.iter();
            payers.position(|payer| payer.id == *id)
        };
        match asked {
            Asked::Total => {
                let payers = 0..self.settlement().info().payers.len();
                let payers: Option<Vec<Why>> = payers.map(|payer| self.payer_why(payer)).collect();
                let mut from = payers?;
                from.retain(|why| why.fen() != 0);
                from.push(self.patient_why()?);
                Why::worked(Kind::Total, How::Sum, from)
            }
            Asked::Patient => self.patient_why(),
            Asked::Payer(id) => self.payer_why(payer(id)?),
            Asked::Step(id) => {
                let step = self.steps.iter().find(|step| step.named.id == *id)?;
                step.why.clone()
            }
            Asked::Cell { line, payer: id } => self.cell_of(*line, payer(id)?),
            Asked::PatientOfLine(line) => self.patient_of(*line),
        }
    }

    /// Why a step of the policy, by its id, paid nothing; `None` if it paid, or if there is no such step.
    pub fn why_not(&self, step: &str) -> Option<&WhyNot> {
        let step = self.steps.iter().find(|own| own.named.id == step)?;
        step.why_not.as_ref()
    }

    /// Every step that paid nothing, in the order of payment.
    pub fn idle(&self) -> impl Iterator<Item = &WhyNot> {
        self.steps.iter().filter_map(|step| step.why_not.as_ref())
    }

    /// What the policy looks at of the bill and its patient.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// A payer's id and names.
    fn payer(&self, number: usize) -> (String, Words) {
        let payer = self.settlement().info().payers.get(number);
        payer.map_or_else(Default::default, |payer| {
            (payer.id.clone(), Words::new(&*payer.name, &*payer.name_en))
        })
    }

    fn step_name(&self, number: usize) -> (String, Words) {
        let step = self.steps.get(number);
        step.map_or_else(Default::default, |step| {
            (step.named.id.clone(), words(&step.named))
        })
    }

    fn payer_why(&self, payer: usize) -> Option<Why> {
        let mut from = Vec::new();
        for (number, slot) in self.slots.iter().enumerate() {
            let step = self.steps.get(slot.step)?;
            if slot.payer != payer || step.inputs.is_none() {
                continue;
            }
            // Without one of its steps the sum would be too small.
            if step.why.as_ref()?.fen() != 0 {
                from.push(self.slot_why(number)?);
            }
        }
        let (id, name) = self.payer(payer);
        Some(Why::worked(Kind::Payer, How::Sum, from)?.named(&id, name))
    }

    /// What nobody else pays, part by part.
    fn patient_why(&self) -> Option<Why> {
        let cells = &self.observed.cells;
        let mut parts = Vec::new();
        for part in Part::ALL {
            let sum = |rows: &[Row]| {
                let fen = rows.iter().filter_map(|row| row.get(part.index()));
                fen.fold(0i64, |sum, fen| sum.saturating_add(*fen))
            };
            let billed = sum(&cells.billed);
            if billed == 0 {
                continue;
            }
            let mut paid: Vec<Why> = Vec::new();
            for (slot, column) in &cells.payments {
                let (id, name) = self.step_name(self.slots.get(*slot)?.step);
                let fen = sum(column);
                match paid.last_mut() {
                    Some(last) if last.id == id => {
                        *last = Why::money(Kind::PaidBefore, last.fen().saturating_add(fen))
                            .named(&id, name);
                    }
                    _ if fen != 0 => {
                        paid.push(Why::money(Kind::PaidBefore, fen).named(&id, name));
                    }
                    _ => {}
                }
            }
            let billed = Why::money(Kind::Billed, billed).named("", part_words(part));
            parts.push(less(billed, paid, part)?);
        }
        Why::worked(Kind::Patient, How::Sum, parts)
    }
}
