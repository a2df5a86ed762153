//! Laws 1, 2 and 4: what holds of every single settlement.

use super::{Broken, Found, Settled};
use crate::line::Part;
use crate::money::Money;
use crate::ratio::Ratio;
use crate::settlement::{Rate, Settlement};
use std::collections::BTreeMap;

/// Millionths of a fen in a fen.
const MILLION: i128 = 1_000_000;

/// The sum of amounts; beyond every amount there is none, so that nothing equals it.
fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    amounts
        .into_iter()
        .try_fold(Money::ZERO, Money::checked_add)
}

fn differ(what: &str, found: Option<Money>, expected: Option<Money>) -> Option<Broken> {
    let show = |amount: Option<Money>| amount.map_or("beyond any amount".into(), |a| a.to_string());
    (found.is_none() || found != expected).then(|| {
        let (found, expected) = (show(found), show(expected));
        Broken::new(format!("{what}: expected {expected}, found {found}"))
    })
}

fn found(broken: Option<Broken>) -> Found {
    broken.map_or(Found::Kept, Found::broken)
}

/// Law 1.
pub(super) fn conservation(settled: &Settled<'_>) -> Found {
    let Settled {
        bill, settlement, ..
    } = settled;
    let total = Some(settlement.total());
    let payers = || settlement.payers().map(|(_, amount)| amount);
    let of_all = payers().chain([settlement.patient()]);
    let totals = [
        differ("the total", total, bill.total()),
        differ("the parts", settlement.parts().total(), total),
        differ("the payers and the patient", sum(of_all), total),
        differ(
            "the patient's parts",
            settlement.patient_parts().total(),
            Some(settlement.patient()),
        ),
    ];
    let broken = totals.into_iter().flatten().next();
    found(
        broken
            .or_else(|| rows(settled))
            .or_else(|| columns(settlement))
            .or_else(|| steps(settlement)),
    )
}

/// Each line's payers sum to the line.
fn rows(settled: &Settled<'_>) -> Option<Broken> {
    let (bill, settlement) = (settled.bill, &settled.settlement);
    if settlement.lines().count() != bill.lines.len() {
        return Some(Broken::new("the bill and the split differ in their lines"));
    }
    let mut lines = (1..).zip(bill.lines.iter().zip(settlement.lines()));
    lines.find_map(|(number, (line, split))| {
        let split = sum(split.amounts().iter().copied());
        differ(&format!("line {number}"), split, Some(line.amount()))
    })
}

/// Each payer's lines sum to its total, and the patient's to the patient's.
fn columns(settlement: &Settlement) -> Option<Broken> {
    let totals = settlement.payers().map(|(payer, paid)| (&*payer.id, paid));
    let mut totals = totals
        .chain([("patient", settlement.patient())])
        .enumerate();
    totals.find_map(|(column, (payer, paid))| {
        let of_lines = settlement.lines();
        let column = sum(of_lines.filter_map(|line| line.amounts().get(column).copied()));
        differ(&format!("the lines of `{payer}`"), column, Some(paid))
    })
}

/// Each payer's steps sum to its total, and each step's payers to the step.
fn steps(settlement: &Settlement) -> Option<Broken> {
    let mut by_payer: BTreeMap<&str, Option<Money>> = BTreeMap::new();
    for step in settlement.steps() {
        let of_step = sum(step.payers().map(|(_, amount)| amount));
        let what = format!("the payers of `{}`", step.id());
        if let Some(broken) = differ(&what, of_step, Some(step.amount())) {
            return Some(broken);
        }
        for (payer, amount) in step.payers() {
            let paid = by_payer.entry(&payer.id).or_insert(Some(Money::ZERO));
            *paid = paid.and_then(|paid| paid.checked_add(amount));
        }
    }
    settlement.payers().find_map(|(payer, paid)| {
        let of_steps = by_payer.get(&*payer.id).copied();
        let of_steps = of_steps.unwrap_or(Some(Money::ZERO));
        differ(
            &format!("the steps of `{}`", payer.id),
            of_steps,
            Some(paid),
        )
    })
}

/// Law 2.
pub(super) fn no_negative(settled: &Settled<'_>) -> Found {
    let settlement = &settled.settlement;
    let patient_parts = settlement.patient_parts();
    let of_steps = settlement.steps().flat_map(|step| {
        let payers = step.payers().map(|(_, amount)| amount);
        payers
            .chain([step.amount(), step.base(), step.deductible()])
            .collect::<Vec<_>>()
    });
    let of_lines = settlement.lines().flat_map(|line| line.amounts().to_vec());
    let of_parts = Part::ALL.map(|part| patient_parts.get(part));
    let payers = settlement.payers().map(|(_, amount)| amount);
    let mut all = payers.chain(of_steps).chain(of_lines).chain(of_parts);
    if let Some(amount) = all.find(|amount| amount.is_negative()) {
        return Found::broken(Broken::new(format!("someone pays {amount}")));
    }
    let mut unpaid = settlement.total();
    for step in settlement.steps() {
        let (id, amount, base) = (step.id(), step.amount(), step.base());
        for (what, most) in [("its base", base), ("what is unpaid", unpaid)] {
            if amount > most {
                let what = format!("`{id}` pays {amount}, more than {what}, {most}");
                return Found::broken(Broken::new(what));
            }
        }
        if step.deductible() > base {
            let what = format!("`{id}` takes {} off {base}", step.deductible());
            return Found::broken(Broken::new(what));
        }
        unpaid = unpaid.checked_sub(amount).unwrap_or(Money::ZERO);
    }
    let whole = settlement.parts();
    let more = |part: &Part| patient_parts.get(*part) > whole.get(*part);
    match Part::ALL.into_iter().find(more) {
        Some(part) => Found::broken(Broken::new(format!(
            "the patient pays more of the part `{part}` than there is"
        ))),
        None => Found::Kept,
    }
}

/// Law 4: the target is met to a rounding unit where nothing bound the step.
pub(super) fn guarantee(settled: &Settled<'_>) -> Found {
    let settlement = &settled.settlement;
    let mut kept = Found::Silent;
    for (step, record) in settlement.steps().zip(&settlement.steps) {
        let Rate::Guarantee {
            ratio,
            of,
            reimbursed,
        } = step.rate()
        else {
            continue;
        };
        let reduced = step.payment_ratio() != Ratio::ONE;
        let bound = step.limits().next().is_some() || step.is_all_paid() || reduced;
        // A cost limit or a fixed base may keep it from paying what its money asks for.
        if bound || record.amount >= record.base {
            continue;
        }
        kept = Found::Kept;
        let Some(reached) = reimbursed.checked_add(step.amount()) else {
            continue;
        };
        // In millionths of a fen, so that nothing is rounded here.
        let target = i128::from(ratio.millionths()).saturating_mul(i128::from(of.fen()));
        let reached = i128::from(reached.fen()).saturating_mul(MILLION);
        let unit = i128::from(settled.unit(record.step)).saturating_mul(MILLION);
        if reached.saturating_add(unit) <= target {
            return Found::broken(Broken::new(format!(
                "`{}` guarantees {ratio} of {of} and leaves it at {reimbursed} + {}",
                step.id(),
                step.amount()
            )));
        }
        // What is reimbursed of the whole bill is not left to the patient.
        let rest = i128::from(settlement.patient().fen()).saturating_mul(MILLION);
        let whole = i128::from(of.fen()).saturating_mul(MILLION);
        let most = whole.saturating_sub(target).saturating_add(unit);
        if settled.guarantees_the_total(record.step) && rest >= most {
            return Found::broken(Broken::new(format!(
                "`{}` guarantees {ratio} of {of} and leaves {} to the patient",
                step.id(),
                settlement.patient()
            )));
        }
    }
    kept
}
