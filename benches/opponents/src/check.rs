//! Whether all give the same: checked to the fen before anything is timed.

use crate::bills::{self, Case, Whose};
use crate::decimal;
use crate::engines;
use crate::hand::{self, Hand};
use crate::ours::Ours;
use payer_split::{Care, Detail, Money, Rate, Settlement};
use rust_decimal::Decimal;

/// How many lines the compared bills have.
const LINES: [usize; 8] = [1, 2, 3, 4, 5, 8, 20, 60];

/// Compares everything on so many bills of each length, of anybody and of the assisted; how many bills there were.
///
/// # Errors
///
/// What differs first.
pub fn all(count: usize) -> Result<usize, String> {
    let (mut ours, mut hand) = (Ours::new(), Hand::default());
    let mut larger = Ours::with_eighty_more_steps();
    let mut compared = 0;
    for whose in [Whose::Anybody, Whose::Assisted] {
        for lines in LINES {
            let cases = bills::cases(bills::seed(lines), whose, lines, count, &mut ours);
            for (number, case) in cases.iter().enumerate() {
                let here = |what| format!("bill {number} of {lines} lines: {what}");
                compare(case, &mut ours, &mut hand).map_err(here)?;
                // The steps added are for other kinds of care than this one.
                if case.bill.care == Care::INPATIENT {
                    let expected = paid(ours.settle(&case.bill, &case.patient, Detail::Lines));
                    let found = larger.settle(&case.bill, &case.patient, Detail::Lines);
                    same("with more steps", expected, paid(found)).map_err(here)?;
                }
            }
            if whose == Whose::Assisted {
                engines::check(&cases, &mut ours)?;
            }
            compared += cases.len();
        }
    }
    Ok(compared)
}

/// Settles a case by the library and by the two functions, and compares everything that each of them gives.
///
/// # Errors
///
/// What differs.
fn compare(case: &Case, ours: &mut Ours, hand: &mut Hand) -> Result<(), String> {
    let settlement = ours.settle(&case.bill, &case.patient, Detail::Lines);
    let settled = hand
        .settle(&case.bill, &case.patient, case.year.as_ref(), true)
        .map_err(|refused| format!("hand refuses: {refused:?}"))?;
    with_hand(settlement, settled).map_err(|what| format!("hand: {what}"))?;
    let year = case.year.as_ref().map(decimal::Year::from);
    let plain = decimal::settle(&case.bill, &case.patient, year.as_ref(), true);
    with_decimal(settlement, &plain).map_err(|what| format!("decimal: {what}"))?;

    // Without the matrix all else is the same.
    let (whole, mut settled) = (settlement.clone(), settled.clone());
    settled.lines.clear();
    let totals = hand
        .settle(&case.bill, &case.patient, case.year.as_ref(), false)
        .map_err(|refused| format!("hand refuses: {refused:?}"))?;
    same(
        "hand's totals",
        format!("{settled:?}"),
        format!("{totals:?}"),
    )?;
    let totals = ours.settle(&case.bill, &case.patient, Detail::Totals);
    same("lines of totals", totals.lines().count(), 0)?;
    same("our totals", paid(&whole), paid(totals))?;
    same("our year", whole.year_to_date(), totals.year_to_date())?;
    let plain = decimal::settle(&case.bill, &case.patient, year.as_ref(), false);
    same("decimal's totals", yuan(&paid(totals)), plain.paid)
}

/// One thing compared.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, found: T) -> Result<(), String> {
    match expected == found {
        true => Ok(()),
        false => Err(format!("{what}: expected {expected:?}, found {found:?}")),
    }
}

fn fen(parts: payer_split::Parts) -> [i64; 4] {
    [
        parts.own_expense.fen(),
        parts.over_limit.fen(),
        parts.first_self_payment.fen(),
        parts.in_scope.fen(),
    ]
}

/// What each payer pays, in fen.
fn paid(settlement: &Settlement) -> Vec<i64> {
    settlement
        .payers()
        .map(|(_, amount)| amount.fen())
        .collect()
}

fn yuan(fen: &[i64]) -> Vec<Decimal> {
    fen.iter().map(|&fen| Decimal::new(fen, 2)).collect()
}

fn with_hand(ours: &Settlement, hand: &hand::Settlement) -> Result<(), String> {
    same("date", Some(ours.date()), hand.date)?;
    same("total", ours.total().fen(), hand.total)?;
    same("parts", fen(ours.parts()), hand.parts)?;
    same("payers", paid(ours), hand.paid.to_vec())?;
    same("patient", ours.patient().fen(), hand.patient)?;
    same(
        "patient's parts",
        fen(ours.patient_parts()),
        hand.patient_parts,
    )?;
    same("steps", ours.steps().count(), hand.applied)?;
    for (step, found) in ours.steps().zip(&hand.steps) {
        let id = step.id();
        let what = |what: &str| format!("{id}, {what}");
        same(&what("base"), step.base().fen(), found.base)?;
        same(
            &what("deductible"),
            step.deductible().fen(),
            found.deductible,
        )?;
        let rate = match step.rate() {
            Rate::Ratio(ratio) => hand::Rate::Ratio(ratio.millionths()),
            Rate::Bands => hand::Rate::Bands,
            Rate::Guarantee {
                ratio,
                of,
                reimbursed,
            } => hand::Rate::Guarantee {
                ratio: ratio.millionths(),
                of: of.fen(),
                reimbursed: reimbursed.fen(),
            },
            _ => hand::Rate::Unused,
        };
        same(&what("rate"), rate, found.rate)?;
        same(&what("exact"), step.exact_millionths(), found.exact)?;
        same(&what("limited"), step.limits().count() == 1, found.limited)?;
        same(&what("all paid"), step.is_all_paid(), false)?;
        same(&what("amount"), step.amount().fen(), found.amount)?;
        let used: Vec<&str> = step.used().map(|rule| &*rule.what).collect();
        same(&what("used"), used, found.used.to_vec())?;
        let bands: Vec<(usize, i64)> = step
            .bands()
            .iter()
            .map(|band| match band.over.fen() {
                0 => (0, band.amount.fen()),
                1_000_000 => (1, band.amount.fen()),
                _ => (2, band.amount.fen()),
            })
            .collect();
        let reached = hand.bands[..hand.reached].iter();
        let found: Vec<(usize, i64)> = match id {
            "major" => reached.map(|band| (band.band, band.amount)).collect(),
            _ => Vec::new(),
        };
        same(&what("bands"), bands, found)?;
    }
    let year = ours.year_to_date();
    let found = &hand.year;
    same(
        "year",
        (year.year(), year.bills()),
        (found.year, found.bills),
    )?;
    for (payer, paid) in hand::PAYERS.iter().zip(found.paid) {
        same(payer, year.paid(payer), Money::from_fen(paid))?;
    }
    let counters = [
        ("paid/patient", found.patient),
        ("billed/total", found.billed),
        ("billed/in-scope", found.in_scope),
        ("deductible/basic-inpatient", found.basic_deductible),
        ("deductible/major", found.major_deductible),
        ("deductible-counted/major", found.major_deductible),
        ("bands/major", found.major_bands),
        ("limit/basic-inpatient/year", found.basic_limit),
        ("limit/aid/year", found.aid_limit),
    ];
    for (name, fen) in counters {
        same(name, year.counter(name), Money::from_fen(fen))?;
    }
    // And ours counts nothing else.
    let known = counters.iter().filter(|(_, fen)| *fen != 0).count()
        + found.paid.iter().filter(|paid| **paid != 0).count();
    same("counters", year.counters().count(), known)?;
    same("lines", ours.lines().count(), hand.lines.len())?;
    for (number, (line, found)) in ours.lines().zip(&hand.lines).enumerate() {
        let line: Vec<i64> = line.amounts().iter().map(|amount| amount.fen()).collect();
        same(&format!("line {number}"), line, found.to_vec())?;
    }
    Ok(())
}

fn with_decimal(ours: &Settlement, plain: &decimal::Settlement) -> Result<(), String> {
    same("total", ours.total().into(), plain.total)?;
    same("parts", yuan(&fen(ours.parts())), plain.parts.clone())?;
    same("payers", yuan(&paid(ours)), plain.paid.clone())?;
    same("patient", ours.patient().into(), plain.patient)?;
    let parts = yuan(&fen(ours.patient_parts()));
    same("patient's parts", parts, plain.patient_parts.clone())?;
    same("steps", ours.steps().count(), plain.steps.len())?;
    for (step, found) in ours.steps().zip(&plain.steps) {
        let what = |what: &str| format!("{}, {what}", found.id);
        same("step", step.id(), found.id)?;
        same(&what("base"), step.base().into(), found.base)?;
        same(
            &what("deductible"),
            step.deductible().into(),
            found.deductible,
        )?;
        same(&what("amount"), step.amount().into(), found.amount)?;
        let exact = Decimal::new(step.exact_millionths(), 8);
        same(&what("exact"), exact, found.exact)?;
        let bands: Vec<Decimal> = step.bands().iter().map(|band| band.amount.into()).collect();
        let found_bands: Vec<Decimal> = found.bands.iter().map(|band| band.2).collect();
        same(&what("bands"), bands, found_bands)?;
    }
    let year = ours.year_to_date();
    for (name, found) in [
        ("billed/total", plain.year.billed),
        ("billed/in-scope", plain.year.in_scope),
        ("deductible/basic-inpatient", plain.year.basic_deductible),
        ("deductible/major", plain.year.major_deductible),
        ("bands/major", plain.year.major_bands),
        ("limit/basic-inpatient/year", plain.year.basic_limit),
        ("limit/aid/year", plain.year.aid_limit),
        ("paid/patient", plain.year.patient),
    ] {
        same(name, year.counter(name).into(), found)?;
    }
    for (payer, paid) in hand::PAYERS.iter().zip(&plain.year.paid) {
        same(payer, year.paid(payer).into(), *paid)?;
    }
    same("lines", ours.lines().count(), plain.lines.len())?;
    for (number, (line, found)) in ours.lines().zip(&plain.lines).enumerate() {
        let line: Vec<Decimal> = line.amounts().iter().map(|&amount| amount.into()).collect();
        same(&format!("line {number}"), &line, found)?;
    }
    Ok(())
}
