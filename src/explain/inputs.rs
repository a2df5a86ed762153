//! A step as a function of what went into it, so that two settlements can be compared by replacing one thing at a time.

use super::how::How;
use super::step::Worked;
use super::why::{Kind, Why};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::step::{Formula, Step};
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use crate::settle::work::{EXACT, share_of};

/// What went into a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inputs {
    base: i64,
    /// What is unpaid of it.
    payable: i64,
    /// What there is of the deductible: used up to the base.
    deductible: i64,
    rate: Rate,
    /// What the limits leave.
    limits: i64,
    payment: Ratio,
    rounding: Rounding,
    /// Its payers by id, with their shares.
    payers: Vec<(String, Ratio)>,
}

/// The formula without the money.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rate {
    Ratio(Ratio),
    Bands {
        bands: Vec<(i64, i64, Ratio)>,
        absolute: bool,
        whole: bool,
        before: i64,
    },
    Guarantee {
        promised: i64,
        reimbursed: i64,
    },
}

/// A part of a step's formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Factor {
    /// The bill itself, for the patient.
    Bill,
    /// Whether the step was worked at all.
    Applies,
    /// The money that it worked on, and what was unpaid of it.
    Base,
    /// The deductible.
    Deductible,
    /// The ratio, the bands, or what a guarantee promises and counts.
    Rate,
    /// The limits.
    Limits,
    /// The share of the result that is paid.
    Payment,
    /// The rounding.
    Rounding,
    /// The division between several payers.
    Payers,
}

impl Factor {
    /// Those of a step that was worked both times, in the order of the formula.
    pub(super) const OF_STEP: [Factor; 7] = [
        Factor::Base,
        Factor::Deductible,
        Factor::Rate,
        Factor::Limits,
        Factor::Payment,
        Factor::Rounding,
        Factor::Payers,
    ];
}

impl Inputs {
    pub(super) fn of(policy: &Policy, worked: &Worked<'_>) -> Inputs {
        let (step, record) = (worked.step, worked.record);
        let base = record.base.fen();
        let limits = step
            .payment_limits
            .iter()
            .filter_map(|&limit| worked.limit(limit));
        let limits = limits.filter_map(|limit| limit.value.money());
        let deductible = worked.deductible();
        let from = deductible.iter().flat_map(|why| &why.from);
        // Not the base, which only cuts it off.
        let figures = from.filter(|why| why.kind != Kind::Base);
        let figures = figures.filter_map(|why| why.value.money());
        let slots = policy.slots.get(step.slots.clone()).unwrap_or_default();
        let payers = slots.iter().filter_map(|slot| {
            let payer = policy.info.payers.get(slot.payer)?;
            Some((payer.id.clone(), slot.share))
        });
        Inputs {
            base,
            payable: worked.payable,
            deductible: figures.map(Money::fen).min().unwrap_or(0),
            rate: rate(step, worked),
            limits: limits.map(Money::fen).min().unwrap_or(i64::MAX),
            payment: record.payment,
            rounding: step.rounding,
            payers: payers.collect(),
        }
    }

    /// These with one part of the formula of another step.
    pub(super) fn with(&self, factor: Factor, of: &Inputs) -> Inputs {
        let mut new = self.clone();
        match factor {
            Factor::Base => (new.base, new.payable) = (of.base, of.payable),
            Factor::Deductible => new.deductible = of.deductible,
            Factor::Rate => new.rate = of.rate.clone(),
            Factor::Limits => new.limits = of.limits,
            Factor::Payment => new.payment = of.payment,
            Factor::Rounding => new.rounding = of.rounding,
            Factor::Payers => new.payers.clone_from(&of.payers),
            Factor::Bill | Factor::Applies => {}
        }
        new
    }

    /// What the step pays by these, by payer; nothing on overflow, which no settled bill comes to.
    pub(super) fn paid(&self) -> Vec<(&str, i64)> {
        let amount = self.amount().unwrap_or(0);
        let weights: Vec<i64> = self
            .payers
            .iter()
            .map(|(_, share)| share.millionths())
            .collect();
        let shares = super::cells::shares(amount, &weights).unwrap_or_default();
        let payers = self.payers.iter().map(|(id, _)| id.as_str());
        payers.zip(shares).collect()
    }

    fn amount(&self) -> Option<i64> {
        let exact = self.exact()?;
        let room = self.limits.min(self.payable).min(self.base).max(0);
        let limited = exact.min(room.saturating_mul(EXACT));
        let paid = share_of(limited, self.payment)?;
        Some(self.rounding.round(paid)?.fen().min(room))
    }

    fn exact(&self) -> Option<i64> {
        let deductible = self.deductible.min(self.base);
        let above = self.base.checked_sub(deductible)?;
        match &self.rate {
            Rate::Ratio(ratio) => ratio.of(Money::from_fen(above)),
            Rate::Bands {
                bands,
                absolute,
                whole,
                before,
            } => {
                let (low, high) = match absolute {
                    true => (deductible, self.base),
                    false => (0, above),
                };
                let (low, high) = (low.checked_add(*before)?, high.checked_add(*before)?);
                let mut exact = 0i64;
                for (over, to, ratio) in bands {
                    let fen = match whole {
                        true if *over < high && high <= *to => high.checked_sub(low)?,
                        true => 0,
                        false => high.min(*to).saturating_sub(low.max(*over)).max(0),
                    };
                    exact = exact.checked_add(ratio.of(Money::from_fen(fen))?)?;
                }
                Some(exact)
            }
            Rate::Guarantee {
                promised,
                reimbursed,
            } => Some(promised.checked_sub(reimbursed.checked_mul(EXACT)?)?.max(0)),
        }
    }
}

fn rate(step: &Step, worked: &Worked<'_>) -> Rate {
    let ratio = |why: Option<Why>| match why.map(|why| why.value) {
        Some(super::why::Value::Ratio(ratio)) => ratio,
        // Nobody asked for it.
        _ => Ratio::ZERO,
    };
    match &step.formula {
        Formula::Ratio(figure) => Rate::Ratio(ratio(worked.ratio(*figure))),
        Formula::Bands(bands) => {
            let edges = bands.bands.iter().map(|band| {
                let to = band.to.map_or(i64::MAX, Money::fen);
                (band.over.fen(), to, ratio(worked.ratio(band.ratio)))
            });
            Rate::Bands {
                bands: edges.collect(),
                absolute: bands.absolute,
                whole: bands.whole,
                before: bands.year.map_or(0, |counter| worked.counted(counter)),
            }
        }
        Formula::Guarantee(_) => {
            let why = worked.formula().filter(|why| why.how == How::Less);
            let found = |kind| {
                let found = why.as_ref().and_then(|why| why.find(kind));
                found
                    .and_then(|found| found.value.millionths())
                    .unwrap_or(0)
            };
            let exact = |millionths: i128| i64::try_from(millionths).unwrap_or(i64::MAX);
            let reimbursed = found(Kind::Reimbursed).checked_div(i128::from(EXACT));
            Rate::Guarantee {
                promised: exact(found(Kind::Promised)),
                reimbursed: exact(reimbursed.unwrap_or(0)),
            }
        }
    }
}
