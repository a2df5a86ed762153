//! What a step paid, and why: the tree of its formula, from the money that it covers to the rounded amount.

use super::figure::{Figures, Unit};
use super::how::How;
use super::why::{Kind, Value, Why, Words};
use crate::line::Part;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::Named;
use crate::policy::step::{Band, Bands, Formula, LimitOn, Step};
use crate::settle::figures::Bases;
use crate::settle::observed::{Observed, ObservedStep};
use crate::settle::ready::Counts;
use crate::settlement::{Rate, StepRecord};

/// Explains the steps of one settlement.
pub(super) struct Steps<'a> {
    pub(super) policy: &'a Policy,
    pub(super) observed: &'a Observed,
    pub(super) figures: &'a Figures<'a>,
}

/// One step that was worked.
pub(super) struct Worked<'a> {
    pub(super) of: &'a Steps<'a>,
    number: usize,
    pub(super) step: &'a Step,
    named: &'a Named,
    pub(super) found: &'a ObservedStep,
    pub(super) record: &'a StepRecord,
    /// What counts of the covered money, and what can be paid of it.
    pub(super) measured: i64,
    pub(super) payable: i64,
    /// The base before limits on cost let it enter.
    pub(super) covered: i64,
}

impl<'a> Steps<'a> {
    pub(super) fn worked(&'a self, found: &'a ObservedStep) -> Option<Worked<'a>> {
        let step = self.policy.steps.get(found.number)?;
        let record = self.observed.settlement.steps.get(found.record?)?;
        let weights = found.weights.iter().flatten();
        let unpaid = found.unpaid.iter().flatten();
        let payable = weights.clone().zip(unpaid);
        let payable = payable.filter(|(weight, _)| **weight > 0);
        let mut worked = Worked {
            of: self,
            number: found.number,
            step,
            named: self.policy.info.steps.get(found.number)?,
            found,
            record,
            measured: weights.fold(0, |sum, fen| sum.saturating_add(*fen)),
            payable: payable.fold(0, |sum, (_, fen)| sum.saturating_add(*fen)),
            covered: 0,
        };
        worked.covered = match (step.base.fixed, worked.measured > 0) {
            (Some(fixed), true) if worked.payable > 0 || found.counts_the_year => {
                worked.figure(fixed, Unit::Amount, worked.measured)?.fen()
            }
            _ => worked.measured,
        };
        Some(worked)
    }

    /// The name of a step in both languages.
    pub(super) fn name(&self, number: usize) -> (&'a str, Words) {
        let named = self.policy.info.steps.get(number);
        named.map_or_else(Default::default, |named| (&*named.id, words(named)))
    }
}

pub(super) fn words(named: &Named) -> Words {
    Words::new(&*named.name, &*named.name_en)
}

pub(super) fn part_words(part: Part) -> Words {
    Words::new(part.zh(), part.en())
}

impl Worked<'_> {
    /// Why the step paid what it did.
    pub(super) fn why(&self) -> Option<Why> {
        let why = match self.record.exact {
            0 => Why::worked(Kind::Step, How::Same, vec![self.nothing()?])?,
            _ => self.paid()?,
        };
        let terms = &self.of.observed.settlement.terms;
        let notes = terms.step_notes.get(self.number).into_iter().flatten();
        let notes = notes.filter_map(|note| self.of.figures.note(*note));
        let own = std::iter::once(self.named.citation.clone());
        Some(
            why.named(&self.named.id, words(self.named))
                .cited(own.chain(notes.filter(|_| self.record.works))),
        )
    }

    /// Why there was nothing to pay.
    fn nothing(&self) -> Option<Why> {
        match self.record.rate {
            _ if self.payable == 0 => {
                let unpaid = self.unpaid()?;
                // What is paid already may count for the year all the same.
                match self.record.base.fen() > 0 {
                    true => Why::worked(Kind::Limited, How::Least, vec![unpaid, self.above()?]),
                    false => Some(unpaid),
                }
            }
            Rate::Unused if self.record.base.fen() == 0 => self.base(),
            Rate::Bands if self.record.deductible >= self.record.base => self.above(),
            Rate::Unused => match &self.step.formula {
                Formula::Guarantee(guarantee) => self.guaranteed(guarantee),
                Formula::Ratio(_) | Formula::Bands(_) => self.above(),
            },
            _ => whole(self.formula()?),
        }
    }

    fn paid(&self) -> Option<Why> {
        let mut from = vec![self.formula()?];
        let entered = self.record.base.fen();
        let is_guarantee = matches!(self.step.formula, Formula::Guarantee(_));
        let plain = self.covered == self.measured && self.payable == self.measured;
        if !plain || is_guarantee {
            from.push(self.unpaid()?);
        }
        if is_guarantee && entered < self.payable {
            from.push(self.base()?);
        }
        let mut room = self.payable.min(entered);
        for &limit in &self.step.payment_limits {
            let left = self.limit(limit)?;
            room = left.value.money().map_or(room, |left| room.min(left.fen()));
            from.push(left);
        }
        let mut why = match from.len() {
            1 => from.pop()?,
            _ => Why::worked(Kind::Limited, How::Least, from)?,
        };
        if let Some(payment) = self.step.payment.filter(|_| room > 0) {
            let ratio = self.figure(payment, Unit::Ratio, entered)?;
            let ratio = self.titled(ratio, Kind::PaymentRatio);
            why = Why::worked(Kind::PaidShare, How::Product, vec![why, ratio])?;
        }
        let how = How::Rounded {
            rounding: self.step.rounding,
            at_most: Some(Money::from_fen(room)),
        };
        Why::worked(Kind::Step, how, vec![why])
    }

    /// A figure under the name of what it is here.
    pub(super) fn titled(&self, why: Why, kind: Kind) -> Why {
        match why.kind {
            // An entry of a table, or a value without one.
            Kind::Entry => Why { kind, ..why },
            _ => match Why::worked(kind, How::Same, vec![why.clone()]) {
                Some(titled) => titled,
                None => Why { kind, ..why },
            },
        }
    }

    pub(super) fn figure(&self, id: FigureId, unit: Unit, base: i64) -> Option<Why> {
        let settlement = &self.of.observed.settlement;
        let bases = Bases {
            total: settlement.total.fen(),
            in_scope: settlement.parts.in_scope.fen(),
            base,
        };
        self.of.figures.figure(id, unit, bases)
    }

    pub(super) fn counted(&self, counter: usize) -> i64 {
        self.found.counters.get(counter).copied().unwrap_or(0)
    }

    /// What is left of a limit for this step.
    pub(super) fn limit(&self, number: usize) -> Option<Why> {
        let limit = self.of.policy.limits.get(number)?;
        let named = self.of.policy.info.limits.get(number)?;
        let base = match limit.on {
            LimitOn::Cost => self.covered,
            _ => self.record.base.fen(),
        };
        let amount = self.figure(limit.figure, Unit::Amount, base)?;
        let amount = self.titled(amount, Kind::LimitAmount);
        let used = match self.of.observed.profile.counts(number) {
            Counts::Bill => self.found.limits_used.get(number).copied().unwrap_or(0),
            Counts::Year(counter) => self.counted(*counter),
            Counts::Diseases(counters) => {
                let counted = counters.iter().map(|counter| self.counted(*counter));
                counted.max().unwrap_or(0)
            }
            Counts::Refused(_) => return None,
        };
        let used = Why::money(Kind::Used, used);
        let together = match limit.together_with.is_empty() || amount.value == Value::NoLimit {
            true => Vec::new(),
            false => {
                let covers = self.covered_by(self.step.covers);
                let counts = |slot: usize| {
                    limit.together_with.get(slot) == Some(&true) && slot < self.step.slots.start
                };
                self.of.paid_before(counts, covers, Kind::Together)
            }
        };
        let why = match (amount.value, limit.on) {
            (Value::NoLimit, _) => Why::worked(Kind::Limit, How::Same, vec![amount]),
            (_, LimitOn::Bills) => Why::worked(Kind::Limit, How::Bills, vec![amount, used]),
            _ => {
                let from = [amount, used].into_iter().chain(together).collect();
                Why::worked(Kind::Limit, How::Less, from)
            }
        };
        Some(
            why?.named(&named.id, words(named))
                .cited([named.citation.clone()]),
        )
    }

    /// The deductible as it was used.
    pub(super) fn deductible(&self) -> Option<Why> {
        let own = self.step.deductible.as_ref()?;
        let base = self.record.base.fen();
        let figure = self.figure(own.figure, Unit::Amount, base)?;
        let mut left = self.titled(figure, Kind::DeductibleFigure);
        if let Some(counter) = own.year {
            let used = Why::money(Kind::Used, self.counted(counter));
            left = Why::worked(Kind::DeductibleLeft, How::Less, vec![left, used])?;
        }
        let mut from = vec![left];
        if let Some(limit) = own.within {
            from.push(self.limit(limit)?);
        }
        let figure = from.iter().filter_map(|why| why.value.money()).min();
        if figure.is_none_or(|figure| figure.fen() > base) {
            from.push(self.base()?);
        }
        Why::worked(Kind::Deductible, How::Least, from)
    }

    /// What is above the deductible.
    fn above(&self) -> Option<Why> {
        let base = self.base()?;
        match self.step.deductible {
            Some(_) => Why::worked(Kind::Above, How::Less, vec![base, self.deductible()?]),
            None => Some(base),
        }
    }

    pub(super) fn ratio(&self, figure: FigureId) -> Option<Why> {
        let ratio = self.figure(figure, Unit::Ratio, self.record.base.fen())?;
        Some(self.titled(ratio, Kind::Ratio))
    }

    pub(super) fn formula(&self) -> Option<Why> {
        match &self.step.formula {
            Formula::Ratio(figure) => {
                let from = vec![self.above()?, self.ratio(*figure)?];
                Why::worked(Kind::Formula, How::Product, from)
            }
            Formula::Bands(bands) => self.bands(bands),
            Formula::Guarantee(guarantee) => {
                let from = vec![self.guaranteed(guarantee)?, self.ratio(guarantee.ratio)?];
                let promised = Why::worked(Kind::Promised, How::Product, from)?;
                let counts = |slot: usize| {
                    guarantee.counts.get(slot) == Some(&true) && slot < self.step.slots.start
                };
                let covers = self.covered_by(guarantee.of);
                let paid = self.of.paid_before(counts, covers, Kind::PaidBefore);
                let reimbursed = Why::worked(Kind::Reimbursed, How::Sum, paid)?;
                Why::worked(Kind::Formula, How::Less, vec![promised, reimbursed])
            }
        }
    }

    /// The bands that the money reaches.
    fn bands(&self, bands: &Bands) -> Option<Why> {
        let before = bands.year.map(|counter| self.counted(counter));
        let before = before.map(|fen| Why::money(Kind::YearTotal, fen));
        let edge = |kind, own: Option<Why>| {
            let mut from: Vec<Why> = before.iter().cloned().chain(own).collect();
            match from.len() {
                0 => Some(Why::money(kind, 0)),
                1 => Why::worked(kind, How::Same, vec![from.pop()?]),
                _ => Why::worked(kind, How::Sum, from),
            }
        };
        let (low, high) = match bands.absolute {
            true => {
                let deductible = match self.step.deductible {
                    Some(_) => Some(self.deductible()?),
                    None => None,
                };
                (
                    edge(Kind::Low, deductible)?,
                    edge(Kind::High, Some(self.base()?))?,
                )
            }
            false => (
                edge(Kind::Low, None)?,
                edge(Kind::High, Some(self.above()?))?,
            ),
        };
        let (mut reached, mut missed) = (Vec::new(), Vec::new());
        for band in &bands.bands {
            let how = How::Slice {
                over: band.over,
                to: band.to,
                whole: bands.whole,
            };
            let slice = Why::worked(Kind::Slice, how, vec![low.clone(), high.clone()])?;
            let name = edges(band);
            if slice.fen() > 0 {
                let from = vec![slice, self.ratio(band.ratio)?];
                reached.push(Why::worked(Kind::Band, How::Product, from)?.named("", name));
            } else {
                // No ratio is needed for it.
                missed.push(Why::worked(Kind::Band, How::Same, vec![slice])?.named("", name));
            }
        }
        let bands = if reached.is_empty() { missed } else { reached };
        Why::worked(Kind::Formula, How::Sum, bands)
    }
}

/// The edges of a band in words.
fn edges(band: &Band) -> Words {
    let over = band.over;
    match band.to {
        Some(to) => Words::new(format!("{over} 至 {to}"), format!("{over} to {to}")),
        None => Words::new(format!("{over} 以上"), format!("over {over}")),
    }
}

/// Whole fen of an exact amount, to the fen.
fn whole(why: Why) -> Option<Why> {
    let how = How::Rounded {
        rounding: crate::rounding::Rounding::default(),
        at_most: None,
    };
    Why::worked(Kind::Limited, how, vec![why])
}
