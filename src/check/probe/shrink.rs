//! Making a probe plainer while it still does what it was found for.

use super::Probe;
use crate::line::{Line, LineInput};
use crate::money::Money;

/// The plainest probe that can be reached from one by leaving things out and rounding amounts, each time with `holds`.
pub(in crate::check) fn shrink(mut probe: Probe, mut holds: impl FnMut(&Probe) -> bool) -> Probe {
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
            let mut tried = probe.clone();
            if tried.bill.lines.len() > 1 {
                tried.bill.lines.remove(number);
                if holds(&tried) {
                    probe = tried;
                    continue;
                }
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

/// Each leaves one thing out.
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
        class: Some(crate::vocabulary::Class::A),
        first_share: None,
        parts: None,
        amount: Some(line.amount()),
        ..input.clone()
    });
    inputs.push(LineInput {
        class: Some(crate::vocabulary::Class::C),
        first_share: None,
        parts: None,
        amount: Some(line.amount()),
        ..input
    });
    for input in inputs {
        try_line(probe, number, input, holds);
    }
    // Rounder amounts, the roundest first.
    for unit in [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10] {
        let Some(input) = probe
            .bill
            .lines
            .get(number)
            .map(|line| line.input().clone())
        else {
            return;
        };
        let Some(amount) = input.amount else { return };
        let fen = amount.fen();
        let down = fen.checked_div(unit).unwrap_or(0).saturating_mul(unit);
        for rounder in [down, down.saturating_add(unit)] {
            if rounder > 0 && rounder != fen {
                let amount = Some(Money::from_fen(rounder));
                if try_line(
                    probe,
                    number,
                    LineInput {
                        amount,
                        ..input.clone()
                    },
                    holds,
                ) {
                    return;
                }
            }
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
