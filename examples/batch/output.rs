//! What is written: splits and rejects, each as a line of JSON.

use super::read::Unit;
use super::record::Problem;
use super::settle::Whose;
use payer_split::{Date, LineSplit, Money, Payer, Settlement, StepView};
use serde::{Serialize, Serializer};

/// A settled bill: who pays how much of it, and the steps in brief.
#[derive(Debug)]
pub(crate) struct Split<'a> {
    pub(crate) id: &'a str,
    pub(crate) person: Option<&'a str>,
    pub(crate) policy: &'a str,
    pub(crate) settlement: &'a Settlement,
}

impl Split<'_> {
    /// The split as a line of JSON, with its end.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Written<'a> {
            id: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            person: Option<&'a str>,
            policy: &'a str,
            date: Date,
            total: Money,
            #[serde(serialize_with = "payers")]
            payers: &'a Settlement,
            patient: Money,
            #[serde(serialize_with = "steps")]
            steps: &'a Settlement,
            #[serde(serialize_with = "lines", skip_serializing_if = "has_no_lines")]
            lines: &'a Settlement,
        }
        let Split {
            id,
            person,
            policy,
            settlement,
        } = *self;
        let written = Written {
            id,
            person,
            policy,
            date: settlement.date(),
            total: settlement.total(),
            payers: settlement,
            patient: settlement.patient(),
            steps: settlement,
            lines: settlement,
        };
        json_line(&written)
    }
}

fn payers<S: Serializer>(settlement: &&Settlement, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(settlement.payers().map(named))
}

fn named((payer, amount): (&Payer, Money)) -> (&str, Money) {
    (&payer.id, amount)
}

/// Each step that applied: its id, the money that it worked on, and what it paid.
fn steps<S: Serializer>(settlement: &&Settlement, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Step<'a> {
        id: &'a str,
        base: Money,
        amount: Money,
    }
    fn brief(step: StepView<'_>) -> Step<'_> {
        Step {
            id: step.id(),
            base: step.base(),
            amount: step.amount(),
        }
    }
    to.collect_seq(settlement.steps().map(brief))
}

/// Each line: what each payer pays of it, and last the patient.
fn lines<S: Serializer>(settlement: &&Settlement, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(settlement.lines().map(|line: LineSplit<'_>| line.amounts()))
}

fn has_no_lines(settlement: &&Settlement) -> bool {
    settlement.lines().next().is_none()
}

/// A bill that was not settled, with its text as it stood in the input.
#[derive(Debug, Serialize)]
pub(crate) struct Reject {
    /// The number of its first line.
    pub(crate) line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    later_bills: Option<String>,
    text: String,
    /// The bytes of a text that is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
    /// Where the whole of a text stands that is too long to repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    stands: Option<Stands>,
}

/// A place in the input, in bytes.
#[derive(Debug, Serialize)]
struct Stands {
    offset: u64,
    length: u64,
}

/// How much of a text that is too long is repeated, in bytes.
const BEGINNING: usize = 1_000;

impl Reject {
    pub(crate) fn new(unit: &Unit, whose: Option<Whose>, problem: Problem) -> Reject {
        let most = match unit.is_cut {
            true => BEGINNING,
            false => unit.text.len(),
        };
        let bytes = unit.text.get(..most).unwrap_or(&unit.text);
        let hex = std::str::from_utf8(bytes).is_err().then(|| {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            digits.collect()
        });
        let (id, person, later_bills) = match whose {
            Some(whose) => (Some(whose.id), whose.person, whose.later),
            None => (None, None, None),
        };
        Reject {
            line: unit.line,
            id,
            person,
            kind: problem.kind,
            reason: problem.reason,
            later_bills,
            text: String::from_utf8_lossy(bytes).into_owned(),
            hex,
            stands: unit.is_cut.then_some(Stands {
                offset: unit.offset,
                length: unit.length,
            }),
        }
    }

    /// The reject as a line of JSON, with its end.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        json_line(self)
    }
}

/// Plain data with text keys: writing it into memory cannot fail.
fn json_line(data: &impl Serialize) -> Vec<u8> {
    // Most lines are shorter.
    let mut out = Vec::with_capacity(1_000);
    let _ = serde_json::to_writer(&mut out, data);
    out.push(b'\n');
    out
}
