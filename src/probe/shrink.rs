//! Making a probe plainer while it still does what it was found for.

use super::Probe;
use super::line::amounts;
use crate::line::{Line, LineInput};
use crate::money::Money;
use crate::vocabulary::{Care, Class, Scheme, Tier};

/// The plainest probe that can be reached from one by leaving things out, putting usual words for others and small round
/// amounts for others, each time with `holds`.
pub(crate) fn shrink(mut probe: Probe, mut holds: impl FnMut(&Probe) -> bool) -> Probe {
    for _ in 0..4 {
        let before = probe.clone();
        for simpler in simplifications() {
            loop {
                let mut tried = probe.clone();
                simpler(&mut tried);
                if tried == probe || !holds(&tried) {
                    break;
                }
                probe = tried;
            }
        }
        for number in (0..probe.bill.lines.len()).rev() {
            let mut fewer = without_line(&probe, number).into_iter();
            if let Some(fewer) = fewer.find(|fewer| holds(fewer)) {
                probe = fewer;
                continue;
            }
            shrink_line(&mut probe, number, &mut holds);
        }
        if probe == before {
            break;
        }
    }
    probe
}

type Simpler = fn(&mut Probe);

/// Each leaves one thing out, or puts the usual for it.
fn simplifications() -> Vec<Simpler> {
    vec![
        |probe| probe.bill.diagnoses.clear(),
        |probe| {
            probe.bill.diagnoses.pop();
        },
        |probe| {
            if !probe.bill.diagnoses.is_empty() {
                probe.bill.diagnoses.remove(0);
            }
        },
        |probe| probe.bill.outpatient_disease = None,
        |probe| probe.bill.marks.clear(),
        |probe| probe.bill.referred = None,
        |probe| probe.bill.admission = None,
        |probe| probe.bill.facility.marks.clear(),
        |probe| probe.bill.facility.name = None,
        |probe| probe.bill.facility.medical = None,
        |probe| probe.bill.facility.designated = None,
        |probe| probe.bill.facility.grade = None,
        |probe| probe.bill.facility.place = None,
        |probe| probe.bill.facility.tier = None,
        |probe| {
            if let Some(tier) = &mut probe.bill.facility.tier {
                *tier = Tier::COUNTY;
            }
        },
        |probe| probe.bill.care = Care::INPATIENT,
        |probe| probe.patient.scheme = Scheme::RESIDENT,
        |probe| probe.patient.age = None,
        |probe| probe.patient.insured_years = None,
        |probe| probe.patient.certificates.clear(),
        |probe| probe.patient.enrolments.clear(),
        |probe| probe.patient.categories.clear(),
        |probe| {
            probe.patient.categories.pop();
        },
        |probe| {
            if !probe.patient.categories.is_empty() {
                probe.patient.categories.remove(0);
            }
        },
    ]
}

/// The probe without one of its lines, and with its amount added to the first.
fn without_line(probe: &Probe, number: usize) -> Vec<Probe> {
    let mut rest = probe.clone();
    if number >= rest.bill.lines.len() || rest.bill.lines.len() < 2 {
        return Vec::new();
    }
    let gone = rest.bill.lines.remove(number);
    let mut added = rest.clone();
    let sum = added.bill.lines.first_mut().and_then(|first| {
        let input = first.input().clone();
        let amount = input.amount?.checked_add(gone.amount());
        *first = Line::from_input(LineInput { amount, ..input }).ok()?;
        Some(())
    });
    [rest].into_iter().chain(sum.map(|()| added)).collect()
}

fn shrink_line(probe: &mut Probe, number: usize, holds: &mut impl FnMut(&Probe) -> bool) {
    let Some(line) = probe.bill.lines.get(number).cloned() else {
        return;
    };
    let mut inputs = Vec::new();
    let input = line.input().clone();
    inputs.push(LineInput {
        marks: Vec::new(),
        ..input.clone()
    });
    inputs.push(LineInput {
        class: Some(Class::A),
        first_share: None,
        parts: None,
        amount: Some(line.amount()),
        ..input.clone()
    });
    inputs.push(LineInput {
        class: Some(Class::C),
        first_share: None,
        parts: None,
        amount: Some(line.amount()),
        ..input
    });
    for input in inputs {
        try_line(probe, number, input, holds);
    }
    // Small amounts, or else rounder ones, the roundest first, until it is as round as can be.
    let input = probe
        .bill
        .lines
        .get(number)
        .map(|line| line.input().clone());
    let Some((input, amount)) = input.and_then(|input| Some((input.clone(), input.amount?))) else {
        return;
    };
    let fen = amount.fen();
    let units = [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10].into_iter();
    let rounder = units.filter(|unit| *unit <= fen).flat_map(|unit: i64| {
        let down = fen.checked_div(unit).unwrap_or(0).saturating_mul(unit);
        [down, down.saturating_add(unit)].map(Money::from_fen)
    });
    let rounder = rounder.take_while(|rounder| *rounder != amount);
    let small = amounts().into_iter().filter(|small| *small < amount);
    for other in small.chain(rounder) {
        let amount = Some(other);
        let tried = LineInput {
            amount,
            ..input.clone()
        };
        if try_line(probe, number, tried, holds) {
            return;
        }
    }
}

fn try_line(
    probe: &mut Probe,
    number: usize,
    input: LineInput,
    holds: &mut impl FnMut(&Probe) -> bool,
) -> bool {
    let mut tried = probe.clone();
    if let (Ok(line), Some(place)) = (Line::from_input(input), tried.bill.lines.get_mut(number)) {
        *place = line;
    }
    let better = tried != *probe && holds(&tried);
    if better {
        *probe = tried;
    }
    better
}
