//! What if: the difference of two settlements, attributed to the steps and figures that differ.

use super::facts::Fact;
use super::how::How;
use super::idle::Reason;
use super::inputs::{Factor, Inputs};
use super::why::{Kind, Why, Words};
use super::{Explained, Explanation};
use crate::money::Money;
use serde::Serialize;

/// The difference of two settlements: see [`compare`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The policies by their full names, left and right.
    pub policies: (String, String),
    /// The facts of the bill and the patient that differ, left and right.
    pub facts: Vec<(Fact, Fact)>,
    /// The bill's total.
    pub total: Difference,
    /// Every payer of either policy.
    pub payers: Vec<Difference>,
    /// The patient.
    pub patient: Difference,
}

/// What one pays, left and right, and to what the difference is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The payer's id; empty for the patient and the total.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Left.
    pub left: Money,
    /// Right.
    pub right: Money,
    /// The causes, in the left side's order of payment, then the steps that only the right has; they sum to right less
    /// left.
    pub causes: Vec<Cause>,
}

/// What one part of one step's formula does to an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The step's id; empty for the bill itself.
    pub step: String,
    /// Its name.
    pub name: Words,
    /// The part of the formula.
    pub factor: Factor,
    /// How much it adds on the right, or takes away.
    pub amount: Money,
    /// The figures that differ.
    pub figures: Vec<FigureDifference>,
    /// Why the step paid nothing on one side, where that is the cause.
    pub reason: Option<Reason>,
}

/// A number that differs, with where it comes from on both sides; `None` where a side has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FigureDifference {
    /// Left.
    pub left: Option<Why>,
    /// Right.
    pub right: Option<Why>,
}

/// Compares two settlements, of two patients, two bills, two policies or two versions of one.
///
/// Steps are matched by their ids. Where both were worked, what went in is replaced one by one, from the left to the right
/// settlement's, in the order of the formula: base, deductible, ratio, limits, ratio of payment, rounding, payers. What the
/// amount changes by each time is due to that. So the causes of a difference sum to it exactly.
///
/// ```
/// # use payer_split::*;
/// use payer_split::explain::{compare, explain};
///
/// let book = RuleBook::embedded();
/// let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "3800".parse()?)?);
/// let poor = explain(policy, &bill, &Patient::new(Scheme::RESIDENT).with_category("registered-poor"))?;
/// let other = explain(policy, &bill, &Patient::new(Scheme::RESIDENT))?;
/// let comparison = compare(&other, &poor);
/// let basic = comparison.payers.iter().find(|payer| payer.id == "basic").ok_or("no such payer")?;
/// assert_eq!(basic.causes.len(), 1);
/// assert_eq!(basic.causes[0].amount.to_string(), "340.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(left: &Explanation, right: &Explanation) -> Comparison {
    let (one, other) = (left.settlement(), right.settlement());
    let only_right = other
        .payers()
        .filter(|(payer, _)| one.paid(&payer.id).is_none());
    let both = one.payers().chain(only_right);
    let payers = both.map(|(payer, _)| Difference {
        id: payer.id.clone(),
        name: Words::new(&*payer.name, &*payer.name_en),
        left: one.paid(&payer.id).unwrap_or_default(),
        right: other.paid(&payer.id).unwrap_or_default(),
        causes: Vec::new(),
    });
    let mut payers: Vec<Difference> = payers.collect();
    let mut all = Vec::new();
    for (before, after) in paired(left, right) {
        for (factor, paid) in changes(before, after) {
            if paid.iter().all(|(_, fen)| *fen == 0) {
                continue;
            }
            let cause = cause(before, after, factor);
            let mut sum = 0i64;
            for (payer, fen) in paid {
                sum = sum.saturating_add(fen);
                let own = payers.iter_mut().find(|own| own.id == payer && fen != 0);
                if let Some(own) = own {
                    own.causes.push(Cause {
                        amount: Money::from_fen(fen),
                        ..cause.clone()
                    });
                }
            }
            // What is paid more by others is less for the patient.
            if sum != 0 {
                all.push(Cause {
                    amount: Money::from_fen(sum.saturating_neg()),
                    ..cause
                });
            }
        }
    }
    let totals = (one.total(), other.total());
    let bill = Cause {
        step: String::new(),
        name: Words::default(),
        factor: Factor::Bill,
        amount: minus(totals.1, totals.0),
        figures: Vec::new(),
        reason: None,
    };
    let bill: Vec<Cause> = Vec::from_iter((bill.amount != Money::ZERO).then_some(bill));
    Comparison {
        policies: (one.policy(), other.policy()),
        facts: differing_facts(left, right),
        total: Difference {
            id: String::new(),
            name: Words::new("总费用", "the bill"),
            left: totals.0,
            right: totals.1,
            causes: bill.clone(),
        },
        payers,
        patient: Difference {
            id: String::new(),
            name: Words::new("个人负担", "the patient"),
            left: one.patient(),
            right: other.patient(),
            causes: bill.into_iter().chain(all).collect(),
        },
    }
}

pub(super) fn minus(one: Money, other: Money) -> Money {
    one.checked_sub(other).unwrap_or_default()
}

type Pair<'a> = (Option<&'a Explained>, Option<&'a Explained>);

/// The steps of both by id, in the left's order, then what only the right has.
fn paired<'a>(left: &'a Explanation, right: &'a Explanation) -> Vec<Pair<'a>> {
    let same = |steps: &'a [Explained], id: &str| steps.iter().find(|own| own.named.id == id);
    let of_left = left.steps.iter();
    let mut pairs: Vec<Pair<'a>> = of_left
        .map(|own| (Some(own), same(&right.steps, &own.named.id)))
        .collect();
    let rest = right.steps.iter();
    let rest = rest.filter(|own| same(&left.steps, &own.named.id).is_none());
    pairs.extend(rest.map(|own| (None, Some(own))));
    pairs
}

/// By factor: what each payer pays more with it replaced.
fn changes<'a>(
    left: Option<&'a Explained>,
    right: Option<&'a Explained>,
) -> Vec<(Factor, Vec<(String, i64)>)> {
    let inputs = |side: Option<&'a Explained>| side.and_then(|own| own.inputs.as_ref());
    let owned = |inputs: &Inputs| -> Vec<(String, i64)> {
        let paid = inputs.paid().into_iter();
        paid.map(|(payer, fen)| (payer.to_owned(), fen)).collect()
    };
    match (inputs(left), inputs(right)) {
        (None, None) => Vec::new(),
        (Some(one), None) => vec![(Factor::Applies, less(Vec::new(), owned(one)))],
        (None, Some(other)) => vec![(Factor::Applies, owned(other))],
        (Some(one), Some(other)) => {
            let mut now = one.clone();
            let factors = Factor::OF_STEP.into_iter();
            let changes = factors.map(|factor| {
                let next = now.with(factor, other);
                let change = less(owned(&next), owned(&now));
                now = next;
                (factor, change)
            });
            changes.collect()
        }
    }
}

/// By payer: the one less the other.
fn less(mut one: Vec<(String, i64)>, other: Vec<(String, i64)>) -> Vec<(String, i64)> {
    for (payer, fen) in other {
        match one.iter_mut().find(|(own, _)| *own == payer) {
            Some((_, own)) => *own = own.saturating_sub(fen),
            None => one.push((payer, fen.saturating_neg())),
        }
    }
    one
}

/// What differs in a part of a step's formula; the amount is filled in later.
fn cause(left: Option<&Explained>, right: Option<&Explained>, factor: Factor) -> Cause {
    let named = left.or(right).map(|own| &own.named);
    let kinds: &[Kind] = match factor {
        Factor::Base => &[Kind::Base, Kind::Unpaid],
        Factor::Deductible => &[Kind::Deductible],
        Factor::Rate => &[
            Kind::Ratio,
            Kind::YearTotal,
            Kind::Guaranteed,
            Kind::Reimbursed,
        ],
        Factor::Limits => &[Kind::Limit],
        Factor::Payment => &[Kind::PaymentRatio],
        _ => &[],
    };
    let whys = [left, right].map(|side| side.and_then(|own| own.why.as_ref()));
    let reasons = [left, right].map(|side| {
        let not = side.and_then(|own| own.why_not.as_ref());
        not.map(|not| not.reason.clone())
    });
    let [one, other] = reasons;
    Cause {
        step: named.map_or_else(String::new, |named| named.id.clone()),
        name: named.map_or_else(Words::default, super::step::words),
        factor,
        amount: Money::ZERO,
        figures: differing(whys, kinds),
        reason: one.or(other).filter(|_| factor == Factor::Applies),
    }
}

/// A number that was given, or a figure, and the kinds of the numbers above it.
struct Leaf<'w> {
    way: Vec<Kind>,
    why: &'w Why,
}

impl Leaf<'_> {
    /// Whether they are the same thing of two settlements, though their values may differ.
    fn is_like(&self, other: &Leaf<'_>) -> bool {
        self.way == other.way && self.why.kind == other.why.kind && self.why.id == other.why.id
    }
}

/// What went into the numbers of these kinds and is not the same on both sides, each once.
fn differing(whys: [Option<&Why>; 2], kinds: &[Kind]) -> Vec<FigureDifference> {
    let [left, mut right] = whys.map(|why| why.map_or_else(Vec::new, |why| leaves(why, kinds)));
    let mut once: Vec<FigureDifference> = Vec::new();
    let mut add = |left: Option<&Why>, right: Option<&Why>| {
        let found = FigureDifference {
            left: left.cloned(),
            right: right.cloned(),
        };
        if left.map(|why| why.value) != right.map(|why| why.value) && !once.contains(&found) {
            once.push(found);
        }
    };
    for leaf in left {
        let mut like = right.iter();
        let same = like.position(|other| other.is_like(&leaf) && other.why.name == leaf.why.name);
        // A figure goes by another name if it is another entry of its table.
        let mut like = right.iter();
        let same = same
            .or_else(|| like.position(|other| other.is_like(&leaf) && is_figure(leaf.why.kind)));
        add(Some(leaf.why), same.map(|place| right.remove(place).why));
    }
    for leaf in right {
        add(None, Some(leaf.why));
    }
    once
}

/// What was given for the numbers of these kinds.
fn leaves<'w>(why: &'w Why, kinds: &[Kind]) -> Vec<Leaf<'w>> {
    let mut found = Vec::new();
    collect(why, kinds, &mut Vec::new(), &mut found);
    found
}

fn collect<'w>(why: &'w Why, kinds: &[Kind], way: &mut Vec<Kind>, found: &mut Vec<Leaf<'w>>) {
    let is_inside = !way.is_empty() || kinds.contains(&why.kind);
    if is_inside && (why.how == How::Given || is_figure(why.kind)) {
        return found.push(Leaf {
            way: way.clone(),
            why,
        });
    }
    if is_inside {
        way.push(why.kind);
    }
    for from in &why.from {
        collect(from, kinds, way, found);
    }
    if is_inside {
        way.pop();
    }
}

/// Whether it is a figure of the rule file: as it comes out it says more than its parts.
pub(super) fn is_figure(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Ratio | Kind::PaymentRatio | Kind::Fixed | Kind::DeductibleFigure | Kind::LimitAmount
    )
}

fn differing_facts(left: &Explanation, right: &Explanation) -> Vec<(Fact, Fact)> {
    let mut pairs = Vec::new();
    for fact in &left.facts {
        let other = right.facts.iter().find(|other| other.field == fact.field);
        if let Some(other) = other.filter(|other| other.given != fact.given) {
            pairs.push((fact.clone(), other.clone()));
        }
    }
    pairs
}
