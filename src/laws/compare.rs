//! Laws 5 to 9: what holds between two settlements.

use super::{Broken, Found, Settled, Year};
use crate::bill::Bill;
use crate::line::{Line, LineInput, Part, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::figure::{FigureId, Node, Value};
use crate::policy::step::{Formula, LimitOn, LimitPer, Step};
use crate::settle::{Detail, Workspace, settle};
use crate::settlement::Settlement;
use crate::vocabulary::Category;
use std::collections::BTreeMap;

/// By how much law 6 raises a line, in fen.
const RAISES: [i64; 5] = [1, 100, 9_999, 100_000, 5_000_000];

/// Law 5: each bill with its lines turned round, and with each line cut in two.
pub(super) fn lines(year: &Year<'_>) -> Found {
    let mut kept = Found::Silent;
    for settled in year.settle() {
        let mut turned = settled.bill.clone();
        turned.lines.reverse();
        let mut cut = settled.bill.clone();
        cut.lines = settled.bill.lines.iter().flat_map(halves).collect();
        for (what, other) in [("turned round", turned), ("cut in two", cut)] {
            let again = settle(settled.policy, &other, &settled.patient);
            let alike = match &again {
                Ok(again) => totals(again) == totals(&settled.settlement),
                Err(_) => false,
            };
            if !alike {
                let what = match again {
                    Ok(again) => {
                        let (one, two) = (settled.settlement.patient(), again.patient());
                        format!(
                            "with its lines {what} the amounts differ: the patient pays {two} instead of {one}"
                        )
                    }
                    Err(error) => format!("with its lines {what} it is refused: {error}"),
                };
                return broken(&settled, settled.patient.clone(), other, what);
            }
            kept = Found::Kept;
        }
    }
    kept
}

/// Law 6: each line of each bill raised.
pub(super) fn larger_bill(year: &Year<'_>) -> Found {
    let mut kept = Found::Silent;
    let mut workspace = Workspace::new();
    for settled in year.settle() {
        for number in 0..settled.bill.lines.len() {
            for by in RAISES {
                let line = settled.bill.lines.get(number);
                let Some(line) = line.and_then(|line| raised(line, by)) else {
                    continue;
                };
                let mut other = settled.bill.clone();
                if let Some(old) = other.lines.get_mut(number) {
                    *old = line;
                }
                let again = workspace.settle(year.policy, &other, &settled.patient, Detail::Totals);
                let Ok(again) = again else { continue };
                kept = Found::Kept;
                let (before, after) = (settled.settlement.patient(), again.patient());
                let slack = units(year.policy, &settled.settlement).max(units(year.policy, again));
                if before.fen().saturating_sub(after.fen()) > slack {
                    let (line, by) = (number.saturating_add(1), Money::from_fen(by));
                    let what = format!(
                        "the patient pays {before}, and with line {line} raised by {by} only {after}"
                    );
                    return broken(&settled, settled.patient.clone(), other, what);
                }
            }
        }
    }
    kept
}

/// Law 7: every bill of the year cut in two.
pub(super) fn annual_steps(year: &Year<'_>) -> Found {
    if !annual(year.policy, &[]).contains(&true) {
        return Found::Silent;
    }
    let cut: Vec<Bill> = year.bills.iter().flat_map(half_bills).collect();
    let other = Year {
        bills: &cut,
        ..*year
    };
    let (whole, cut_up) = (year.settle(), other.settle());
    // Refusals leave bills out, so that there is nothing to compare.
    if whole.len() != year.bills.len() || cut_up.len() != cut.len() {
        return Found::Silent;
    }
    let (one, two) = (sums(&whole), sums(&cut_up));
    let mut kept = Found::Silent;
    let mut slack = 0i64;
    let annual = annual(year.policy, &whole);
    for (number, is_annual) in annual.into_iter().enumerate() {
        // Each bill is rounded by each step up to here.
        let unit = year.policy.steps.get(number);
        let unit = unit.map_or(1, |step| step.rounding.unit.fen());
        let bills = i64::try_from(cut.len()).unwrap_or(i64::MAX);
        slack = slack.saturating_add(unit.saturating_mul(bills));
        if !is_annual {
            continue;
        }
        let of = |sums: &BTreeMap<usize, i64>| sums.get(&number).copied().unwrap_or(0);
        let (one, two) = (of(&one), of(&two));
        if one != 0 || two != 0 {
            kept = Found::Kept;
        }
        if one.abs_diff(two) > slack.unsigned_abs() {
            let step = year.policy.steps().get(number);
            let what = format!(
                "over the year `{}` pays {}, and {} with every bill cut in two",
                step.map_or("", |step| &step.id),
                Money::from_fen(one),
                Money::from_fen(two)
            );
            return Found::broken(Broken {
                other: Some((year.patient.clone(), cut)),
                ..Broken::new(what)
            });
        }
    }
    kept
}

/// Law 8: settled again, in a reused workspace, and without the lines.
pub(super) fn determinism(year: &Year<'_>) -> Found {
    let mut kept = Found::Silent;
    let mut workspace = Workspace::new();
    for settled in year.settle() {
        for detail in [Detail::Totals, Detail::Lines] {
            let again = workspace.settle(year.policy, settled.bill, &settled.patient, detail);
            let same = again.is_ok_and(|again| match detail {
                Detail::Lines => *again == settled.settlement,
                Detail::Totals => {
                    let mut whole = settled.settlement.clone();
                    whole.lines.clear();
                    *again == whole
                }
            });
            if !same {
                let what = format!("settled again ({detail:?}) it comes out otherwise");
                return Found::broken(Broken {
                    bill: settled.number,
                    ..Broken::new(what)
                });
            }
            kept = Found::Kept;
        }
    }
    kept
}

/// Law 9: each poverty category that the policy tells apart, given to the patient besides.
pub(super) fn poverty(year: &Year<'_>) -> Found {
    let mut kept = Found::Silent;
    let mut workspace = Workspace::new();
    let categories = year.policy.poverty_categories();
    for settled in year.settle() {
        for category in &categories {
            let held = |held: &Held<Category>| held.what == *category && held.on(settled.bill.date);
            if settled.patient.categories.iter().any(held) {
                continue;
            }
            let with = settled.patient.clone().with_category(category.clone());
            let again = workspace.settle(year.policy, settled.bill, &with, Detail::Totals);
            let Ok(again) = again else { continue };
            kept = Found::Kept;
            let (before, after) = (settled.settlement.patient(), again.patient());
            let slack = units(year.policy, &settled.settlement).max(units(year.policy, again));
            if after.fen().saturating_sub(before.fen()) > slack {
                let what = format!(
                    "the patient pays {before}, and who is `{}` besides pays {after}",
                    category.id()
                );
                return broken(&settled, with, settled.bill.clone(), what);
            }
        }
    }
    kept
}

fn broken(settled: &Settled<'_>, patient: Patient, bill: Bill, what: String) -> Found {
    Found::broken(Broken {
        bill: settled.number,
        other: Some((patient, vec![bill])),
        what,
    })
}

/// What a settlement comes to: payers, steps, and the patient by part.
fn totals(settlement: &Settlement) -> (Vec<Money>, Vec<(usize, Money)>, Parts) {
    let payers = settlement.payers().map(|(_, amount)| amount).collect();
    let steps = settlement.steps.iter();
    let steps = steps.map(|record| (record.step, record.amount)).collect();
    (payers, steps, settlement.patient_parts())
}

/// The rounding units of all steps that paid, in fen: as much may come of rounding.
fn units(policy: &Policy, settlement: &Settlement) -> i64 {
    let paid = settlement.steps.iter();
    let paid = paid.filter(|record| record.amount != Money::ZERO);
    let unit = |step: usize| {
        let step = policy.steps.get(step);
        step.map_or(1, |step| step.rounding.unit.fen())
    };
    paid.fold(0, |sum, record| sum.saturating_add(unit(record.step)))
}

/// What each step paid over the year, in fen.
fn sums(year: &[Settled<'_>]) -> BTreeMap<usize, i64> {
    let mut sums = BTreeMap::new();
    for record in year.iter().flat_map(|settled| &settled.settlement.steps) {
        let sum = sums.entry(record.step).or_insert(0i64);
        *sum = sum.saturating_add(record.amount.fen());
    }
    sums
}

/// A line with its amount, or its in-scope part, raised; `None` where a price limit is given, or nothing is larger.
fn raised(line: &Line, by: i64) -> Option<Line> {
    let mut input = line.input().clone();
    let by = Money::from_fen(by);
    match (&mut input.parts, &mut input.amount) {
        (Some(parts), amount) => {
            parts.in_scope = parts.in_scope.checked_add(by)?;
            *amount = None;
        }
        (None, Some(amount)) if input.price_limit.is_none() => {
            *amount = amount.checked_add(by)?;
        }
        (None, _) => return None,
    }
    Line::from_input(input).ok()
}

/// A line as two of its kind, whose parts add up to its own.
fn halves(line: &Line) -> Vec<Line> {
    let half = |part: Part| {
        let fen = line.parts().get(part).fen();
        let first = fen.div_euclid(2);
        (first, fen.saturating_sub(first))
    };
    let parts = Part::ALL.map(half);
    let of = |choose: fn((i64, i64)) -> i64| {
        let [own_expense, over_limit, first_self_payment, in_scope] =
            parts.map(|part| Money::from_fen(choose(part)));
        let input = LineInput {
            parts: Some(Parts {
                own_expense,
                over_limit,
                first_self_payment,
                in_scope,
            }),
            amount: None,
            first_share: None,
            price_limit: None,
            ..line.input().clone()
        };
        Line::from_input(input).ok()
    };
    match (of(|(first, _)| first), of(|(_, second)| second)) {
        (Some(one), Some(two)) => vec![one, two],
        _ => vec![line.clone()],
    }
}

/// A bill as two of its kind.
fn half_bills(bill: &Bill) -> Vec<Bill> {
    let lines: Vec<Vec<Line>> = bill.lines.iter().map(halves).collect();
    let of = |place: usize| Bill {
        lines: lines
            .iter()
            .filter_map(|halves| halves.get(place))
            .cloned()
            .collect(),
        ..bill.clone()
    };
    vec![of(0), of(1)]
}

/// By step: whether what it pays in a year cannot depend on how the year is cut into bills.
///
/// Its own figures count by the year or in proportion, and so do those of every earlier step that pays money which it
/// covers; and such a step covers the same money, or pays the same share of all: else the cut decides how much of what
/// it pays lies on the money that this one covers.
fn annual(policy: &Policy, year: &[Settled<'_>]) -> Vec<bool> {
    let mut annual: Vec<bool> = Vec::new();
    for (number, step) in policy.steps.iter().enumerate() {
        let earlier = policy.steps.iter().zip(&annual);
        let mut of_same_money = earlier.filter(|(earlier, _)| {
            let (one, two) = (earlier.covers, step.covers);
            one.parts.iter().zip(two.parts).any(|(a, b)| *a && b)
        });
        annual.push(
            counts_by_the_year(policy, step)
                && !shares_a_deductible(policy, number, year)
                && of_same_money.all(|(earlier, annual)| {
                    *annual && (earlier.covers == step.covers || pays_in_proportion(earlier))
                }),
        );
    }
    annual
}

/// Whether a step and another that counts the same deductible both work on one bill of the year: the same cost then
/// counts in both, and the cut decides which of the two has the deductible to take off.
fn shares_a_deductible(policy: &Policy, number: usize, year: &[Settled<'_>]) -> bool {
    let counter = |number: usize| {
        let step = policy.steps.get(number)?;
        step.deductible.as_ref()?.year
    };
    let Some(own) = counter(number) else {
        return false;
    };
    year.iter().any(|settled| {
        let mut steps = settled.settlement.steps.iter().map(|record| record.step);
        let with_another = steps
            .clone()
            .any(|step| step != number && counter(step) == Some(own));
        with_another && steps.any(|step| step == number)
    })
}

/// Whether a step pays one share of whatever is unpaid of its money.
fn pays_in_proportion(step: &Step) -> bool {
    matches!(step.formula, Formula::Ratio(_))
        && step.deductible.is_none()
        && step.cost_limits.is_empty()
        && step.payment_limits.is_empty()
        && !step.base.billed
}

fn counts_by_the_year(policy: &Policy, step: &Step) -> bool {
    // A share of a bill's money is another amount for each bill.
    let is_plain = |figure: FigureId| {
        let figure = policy.figure(figure);
        figure.is_some_and(|figure| !shares(&figure.root, policy))
    };
    let deductible = step.deductible.as_ref().is_none_or(|of| {
        of.year.is_some() && of.within.is_none() && is_plain(of.figure) && !of.is_left_out
    });
    let formula = match &step.formula {
        Formula::Ratio(_) => true,
        Formula::Bands(bands) => bands.year.is_some() && !bands.whole && !bands.absolute,
        // What is left of a bill's own money is no sum.
        Formula::Guarantee(_) => false,
    };
    let limits = || step.cost_limits.iter().chain(&step.payment_limits);
    // Of a limit that several steps share, the cut decides which of them reaches it first.
    let alone = limits().all(|limit| {
        let using = policy.steps.iter().filter(|step| {
            let mut all = step.cost_limits.iter().chain(&step.payment_limits);
            all.any(|other| other == limit)
        });
        using.count() == 1
    });
    let limits = limits()
        .filter_map(|&limit| policy.limits.get(limit))
        .all(|limit| {
            limit.on != LimitOn::Bills
                && matches!(limit.per, LimitPer::Year(_))
                && limit.together_with.is_empty()
                && is_plain(limit.figure)
        });
    let base = step.base.fixed.is_none()
        && step.base.less_deductible_of.is_empty()
        && step.base.less.is_empty();
    // A share of what a limit let through is not the limit on the share.
    let payment = step.payment.is_none();
    deductible && formula && limits && alone && base && payment
}

/// Whether a figure has a share of money in it, which depends on the bill.
fn shares(node: &Node, policy: &Policy) -> bool {
    match node {
        Node::Leaf(leaf) => matches!(leaf.value, Value::Share { .. }),
        Node::Named(id) => policy
            .figure(*id)
            .is_some_and(|figure| shares(&figure.root, policy)),
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            entries.chain(&table.other).any(|node| shares(node, policy))
        }
    }
}
