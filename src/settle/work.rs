//! Working one step: the eight sub-steps, in order.
//!
//! The sub-steps are: applies? – resolve its figures – base – formula – limits – round – allot – record.
//! Figures are resolved where they are needed, so that a bill to which an unstated figure makes no difference is not
//! refused for it.

use super::allot::Allotment;
use super::cells::{Cells, sum};
use super::columns::Columns;
use super::error::SettleError;
use super::figures::{Bases, Refusal};
use super::profile::Profile;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::NoteId;
use crate::policy::step::{Bands, Formula, LimitOn, Step};
use crate::ratio::Ratio;
use crate::settlement::{BandRecord, Rate, Settlement, ShareRecord, StepRecord};

/// What the steps of one bill work on.
pub(crate) struct Work<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) profile: &'a mut Profile,
    pub(crate) cells: &'a mut Cells,
    pub(crate) allotment: &'a mut Allotment,
    pub(crate) buffers: &'a mut Buffers,
    /// The result: the record, and the year to date, which starts as the one given and is counted on.
    pub(crate) out: &'a mut Settlement,
    pub(crate) bases: Bases,
}

/// Buffers kept between bills.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffers {
    pub(super) weights: Vec<i64>,
    pub(super) caps: Vec<i64>,
    shares: Vec<i64>,
    payer_weights: Vec<i64>,
    /// By limit: what this bill has used of it.
    pub(crate) limits_used: Vec<i64>,
    /// By step: the deductible used in this bill, for the steps whose deductible others leave out.
    pub(crate) deducted: Columns,
    pub(crate) notes: Vec<NoteId>,
}

/// Millionths of a fen: the unit of exact products.
const EXACT: i64 = Ratio::SCALE;

impl Work<'_> {
    /// Works the step with this number, unless it cannot be told whether it applies; the result records it.
    pub(crate) fn step(&mut self, number: usize, untold: Option<usize>) -> Result<(), SettleError> {
        self.buffers.notes.clear();
        match self.try_step(number, untold) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(self.refused(refusal, number)),
        }
    }

    fn try_step(&mut self, number: usize, untold: Option<usize>) -> Result<(), Refusal> {
        let policy = self.policy;
        let step = policy.steps.get(number).ok_or(Refusal::Overflow)?;
        // 1. Applies? A step that could neither pay nor count anything of the bill needs no field to say so.
        if let Some(fact) = untold {
            if !self.concerns(step) {
                return Ok(());
            }
            let known = &self.profile.situation.known;
            return Err(Refusal::Missing(policy.facts.subject_of(fact, known)));
        }
        self.buffers.notes.extend_from_slice(&step.notes);

        let mut record = StepRecord::new(number);
        record.bands.start = self.out.bands.len();
        record.limits.start = self.out.limits.len();

        // 2. and 3. Base: the covered money, less deductibles of other steps, up to a limit on cost.
        self.weigh(step)?;
        let payable = self.payable()?;
        let mut base = self.base(step, payable)?;
        self.bases.base = base;
        let works = base > 0 && (payable > 0 || step.counts_the_year(&self.policy.limits));
        if works {
            base = self.enter(step, base)?;
            // A share of the base is of what entered.
            self.bases.base = base;
            record.base = Money::from_fen(base);
        }
        // Where a limit on the cost lets nothing enter, no figure is needed.
        if works && base > 0 {
            // 4. Formula.
            let deductible = self.deductible(number, step, base)?;
            record.deductible = Money::from_fen(deductible);
            let needed = payable > 0;
            record.exact = self.formula(step, base, deductible, needed, &mut record.rate)?;
            // 5. Limits, and 6. Round: a rounding never lifts a payment over a limit.
            if record.exact > 0 {
                let (room, bound) = self.room(step, payable.min(base))?;
                let mut limited = record.exact;
                if limited > room.saturating_mul(EXACT) {
                    limited = room.saturating_mul(EXACT);
                    record.all_paid = bound.is_none() && room == payable;
                    self.out.limits.extend(bound);
                }
                if let Some(payment) = step.payment.filter(|_| limited > 0) {
                    record.payment = self.ratio(payment)?;
                    limited = share_of(limited, record.payment).ok_or(Refusal::Overflow)?;
                }
                let rounded = step.rounding.round(limited).ok_or(Refusal::Overflow)?;
                record.amount = Money::from_fen(rounded.fen().min(room));
                self.count_payment(step, record.amount.fen())?;
            }
        }
        record.bands.end = self.out.bands.len();
        record.limits.end = self.out.limits.len();
        // 7. Allot.
        self.pay(step, record.amount.fen(), &mut record)?;
        // 8. Record. A step without anything to work on leans on nothing.
        record.notes.start = self.out.notes.len();
        if works {
            self.out.notes.extend_from_slice(&self.buffers.notes);
        }
        record.notes.end = self.out.notes.len();
        self.out.steps.push(record);
        Ok(())
    }

    /// The part of the base that limits on cost let enter; counted against them.
    fn enter(&mut self, step: &Step, base: i64) -> Result<i64, Refusal> {
        let (mut entering, mut bound) = (base, None);
        for &limit in &step.cost_limits {
            if let Some(left) = self.left(limit)?.filter(|left| *left < entering) {
                entering = left;
                bound = Some(limit);
            }
        }
        self.out.limits.extend(bound);
        for &limit in &step.cost_limits {
            self.use_limit(limit, entering)?;
        }
        Ok(entering)
    }

    /// The deductible used: what there is of it (this year), at most the base.
    fn deductible(&mut self, number: usize, step: &Step, base: i64) -> Result<i64, Refusal> {
        let Some(deductible) = &step.deductible else {
            return Ok(0);
        };
        let mut left = self.figure(deductible.figure)?.ok_or(Refusal::Overflow)?;
        if let Some(counter) = deductible.year {
            left = left.saturating_sub(self.counted(counter)).max(0);
        }
        if let Some(limit) = deductible.within
            && let Some(room) = self.left(limit)?
            && room < left.min(base)
        {
            left = room;
            self.out.limits.push(limit);
        }
        let used = left.min(base);
        if let Some(counter) = deductible.year {
            self.count(counter, used)?;
        }
        if let Some(limit) = deductible.within {
            self.use_limit(limit, used)?;
        }
        self.count(
            self.policy.counters.deductibles.saturating_add(number),
            used,
        )?;
        if deductible.is_left_out {
            // It lies on the cells in proportion to the base.
            let Buffers {
                weights, deducted, ..
            } = &mut *self.buffers;
            // A fixed base may be more than the cells hold.
            let whole = sum(weights.iter().copied()).ok_or(Refusal::Overflow)?;
            let shares = self
                .allotment
                .allot(used.min(whole), weights, weights)
                .ok_or(Refusal::Overflow)?;
            deducted.push(number, shares);
        }
        Ok(used)
    }

    /// The exact amount, in millionths of a fen. Where nothing can be paid only the year is counted, and no ratio asked.
    fn formula(
        &mut self,
        step: &Step,
        base: i64,
        deductible: i64,
        needed: bool,
        rate: &mut Rate,
    ) -> Result<i64, Refusal> {
        match &step.formula {
            Formula::Ratio(figure) => {
                let rest = base.checked_sub(deductible).ok_or(Refusal::Overflow)?;
                if rest == 0 || !needed {
                    return Ok(0);
                }
                let ratio = self.ratio(*figure)?;
                *rate = Rate::Ratio(ratio);
                ratio.of(Money::from_fen(rest)).ok_or(Refusal::Overflow)
            }
            Formula::Bands(bands) => {
                *rate = Rate::Bands;
                self.bands(bands, base, deductible, needed)
            }
            Formula::Guarantee(guarantee) => {
                let money = self.money(step, guarantee.of)?;
                if money == 0 || !needed {
                    return Ok(0);
                }
                let ratio = self.ratio(guarantee.ratio)?;
                let reimbursed = self
                    .cells
                    .paid_by(&guarantee.counts, guarantee.of)
                    .ok_or(Refusal::Overflow)?;
                *rate = Rate::Guarantee {
                    ratio,
                    of: Money::from_fen(money),
                    reimbursed: Money::from_fen(reimbursed),
                };
                let target = ratio.of(Money::from_fen(money)).ok_or(Refusal::Overflow)?;
                let reimbursed = reimbursed.checked_mul(EXACT).ok_or(Refusal::Overflow)?;
                Ok(target
                    .checked_sub(reimbursed)
                    .ok_or(Refusal::Overflow)?
                    .max(0))
            }
        }
    }

    /// The sum over the bands that the amount reaches. The amount is an interval: from the deductible to the base on
    /// absolute amounts, from zero above the deductible; both moved up by the year's running total.
    fn bands(
        &mut self,
        bands: &Bands,
        base: i64,
        deductible: i64,
        needed: bool,
    ) -> Result<i64, Refusal> {
        let (mut low, mut high) = match bands.absolute {
            true => (deductible, base),
            false => (0, base.checked_sub(deductible).ok_or(Refusal::Overflow)?),
        };
        if let Some(counter) = bands.year {
            let before = self.counted(counter);
            self.count(counter, high)?;
            low = low.checked_add(before).ok_or(Refusal::Overflow)?;
            high = high.checked_add(before).ok_or(Refusal::Overflow)?;
        }
        if !needed {
            return Ok(0);
        }
        let mut exact = 0i64;
        for band in &bands.bands {
            let over = band.over.fen();
            let to = band.to.map_or(i64::MAX, Money::fen);
            let amount = match bands.whole {
                // The whole amount, at the ratio of the band into which it falls.
                true if over < high && high <= to => high.saturating_sub(low),
                true => 0,
                false => high.min(to).saturating_sub(low.max(over)),
            };
            if amount <= 0 {
                continue;
            }
            let ratio = self.ratio(band.ratio)?;
            let product = ratio.of(Money::from_fen(amount)).ok_or(Refusal::Overflow)?;
            exact = exact.checked_add(product).ok_or(Refusal::Overflow)?;
            self.out.bands.push(BandRecord {
                over: band.over,
                to: band.to,
                ratio,
                amount: Money::from_fen(amount),
            });
        }
        Ok(exact)
    }

    /// The most that the step may pay, and the limit that bounds it there; without one it is all that is unpaid.
    fn room(&mut self, step: &Step, payable: i64) -> Result<(i64, Option<usize>), Refusal> {
        let (mut room, mut bound) = (payable, None);
        for &limit in &step.payment_limits {
            let Some(mut left) = self.left(limit)? else {
                continue;
            };
            let known = self.policy.limits.get(limit);
            if known.is_some_and(|known| known.on == LimitOn::Bills) {
                // Either this bill is one of those on which the step pays, or it pays nothing.
                left = if left >= ONE_BILL { room } else { 0 };
            }
            let others = known.map_or(&[][..], |limit| &limit.together_with);
            let paid = self
                .cells
                .paid_by(others, step.covers)
                .ok_or(Refusal::Overflow)?;
            left = left.saturating_sub(paid).max(0);
            if left < room {
                (room, bound) = (left, Some(limit));
            }
        }
        Ok((room, bound))
    }

    fn count_payment(&mut self, step: &Step, amount: i64) -> Result<(), Refusal> {
        for &limit in &step.payment_limits {
            let on = self.policy.limits.get(limit).map(|limit| limit.on);
            match on {
                Some(LimitOn::Bills) if amount > 0 => self.use_limit(limit, ONE_BILL)?,
                _ => self.use_limit(limit, amount)?,
            }
        }
        Ok(())
    }

    /// Divides the amount between the step's payers, and each payer's between the cells.
    fn pay(&mut self, step: &Step, amount: i64, record: &mut StepRecord) -> Result<(), Refusal> {
        let policy = self.policy;
        record.shares.start = self.out.shares.len();
        let slots = policy.slots.get(step.slots.clone()).unwrap_or_default();
        let Buffers {
            weights,
            caps,
            shares,
            payer_weights,
            ..
        } = &mut *self.buffers;
        let start = self.out.shares.len();
        if amount == 0 {
            self.out.shares.extend(slots.iter().map(|slot| ShareRecord {
                payer: slot.payer,
                amount: Money::ZERO,
            }));
            record.shares.end = self.out.shares.len();
            return Ok(());
        }
        let cells = self
            .allotment
            .allot(amount, weights, caps)
            .ok_or(Refusal::Overflow)?;
        if let [slot] = slots {
            // One payer pays all of it.
            self.cells
                .pay(step.slots.start, cells)
                .ok_or(Refusal::Overflow)?;
            self.out.shares.push(ShareRecord {
                payer: slot.payer,
                amount: Money::from_fen(amount),
            });
            record.shares.end = self.out.shares.len();
            let paid = policy.counters.paid.saturating_add(slot.payer);
            return count(&mut self.out.year_to_date.amounts, paid, amount);
        }
        shares.clear();
        shares.extend_from_slice(cells);
        payer_weights.clear();
        payer_weights.extend(slots.iter().map(|slot| slot.share.millionths()));
        let whole = vec_of(payer_weights.len(), amount, weights);
        let by_payer = self
            .allotment
            .allot(amount, payer_weights, whole)
            .ok_or(Refusal::Overflow)?;
        self.out
            .shares
            .extend(slots.iter().zip(by_payer).map(|(slot, &fen)| ShareRecord {
                payer: slot.payer,
                amount: Money::from_fen(fen),
            }));
        record.shares.end = self.out.shares.len();
        for (index, slot) in step.slots.clone().enumerate() {
            let part = self
                .out
                .shares
                .get(start.saturating_add(index))
                .map_or(0, |share| share.amount.fen());
            // What is left of the cells' shares is what the payers to come will pay.
            let cells = self
                .allotment
                .allot(part, shares, shares)
                .ok_or(Refusal::Overflow)?;
            self.cells.pay(slot, cells).ok_or(Refusal::Overflow)?;
            for (left, &paid) in shares.iter_mut().zip(cells) {
                *left = left.checked_sub(paid).ok_or(Refusal::Overflow)?;
            }
            let payer = policy.slots.get(slot).map_or(0, |slot| slot.payer);
            count(
                &mut self.out.year_to_date.amounts,
                policy.counters.paid.saturating_add(payer),
                part,
            )?;
        }
        Ok(())
    }

    /// An amount in fen; `None` for "no limit".
    pub(super) fn figure(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        let notes = &mut self.buffers.notes;
        self.profile.figure(self.policy, id, self.bases, notes)
    }

    fn ratio(&mut self, id: FigureId) -> Result<Ratio, Refusal> {
        match self.figure(id)? {
            Some(millionths) if millionths <= Ratio::SCALE => {
                Ok(Ratio::from_millionths(millionths))
            }
            _ => Err(Refusal::Overflow),
        }
    }

    /// Words for a refusal; only here are strings made.
    fn refused(&self, refusal: Refusal, number: usize) -> SettleError {
        let info = &self.policy.info;
        let (id, name) = info
            .steps
            .get(number)
            .map_or(("", ""), |step| (step.id.as_str(), step.name.as_str()));
        match refusal {
            Refusal::Overflow => SettleError::overflow(&format!("the step `{id}`")),
            Refusal::Missing(subject) => SettleError::Missing {
                field: subject.field().into(),
                needed_by: format!("the step `{id}` ({name})"),
            },
            Refusal::Unstated(figure, note) => {
                let figure = self.policy.figure(figure);
                let mut subjects = Vec::new();
                if let Some(figure) = figure {
                    figure.root.subjects(&mut subjects);
                }
                let values = subjects.into_iter().flat_map(|subject| {
                    let values = self.profile.situation.values(subject).unwrap_or_default();
                    let name =
                        |&value: &u16| (subject.key(), self.policy.value_name(subject, value));
                    values.iter().map(name).collect::<Vec<_>>()
                });
                let path = info.note(note).map_or("", |note| &note.what);
                let cited = info
                    .note(note)
                    .map_or_else(String::new, ToString::to_string);
                SettleError::Unstated {
                    step: id.into(),
                    name: name.into(),
                    figure: figure.map_or("", |figure| &figure.name).into(),
                    values: values.collect(),
                    path: path.into(),
                    cited: cited.into(),
                }
            }
        }
    }
}

/// What a bill counts in a limit on bills.
const ONE_BILL: i64 = 100;

/// A share of an exact amount, in millionths of a fen. What lies beyond them is kept as one millionth where the amount
/// would otherwise look like a tie or a whole fen, so that every rounding comes out as of the exact product.
pub(super) fn share_of(exact: i64, share: Ratio) -> Option<i64> {
    let product = i128::from(exact).checked_mul(i128::from(share.millionths()))?;
    let whole = i64::try_from(product.checked_div(i128::from(EXACT))?).ok()?;
    let rest = product.checked_rem(i128::from(EXACT))? != 0;
    let boundary = whole.checked_rem(EXACT / 2)? == 0;
    if rest && boundary {
        whole.checked_add(1)
    } else {
        Some(whole)
    }
}

/// Adds to a counter of the year to date.
pub(crate) fn count(amounts: &mut [Money], counter: usize, amount: i64) -> Result<(), Refusal> {
    let sum = amounts.get_mut(counter).ok_or(Refusal::Overflow)?;
    let counted = sum
        .checked_add(Money::from_fen(amount))
        .filter(|sum| *sum <= Money::MAX);
    *sum = counted.ok_or(Refusal::Overflow)?;
    Ok(())
}

/// As many caps of the whole amount as there are payers, in a buffer.
fn vec_of(len: usize, amount: i64, buffer: &mut Vec<i64>) -> &[i64] {
    buffer.clear();
    buffer.resize(len, amount);
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_beyond_millionths_does_not_look_like_a_tie_or_a_whole_fen() {
        let half = Ratio::from_millionths(500_000);
        for (exact, expected) in [
            (1_000_000, 500_000),
            (1_000_001, 500_001),
            (1_000_002, 500_001),
            (1_000_003, 500_001),
            (2_000_001, 1_000_001),
        ] {
            assert_eq!(share_of(exact, half), Some(expected), "half of {exact}");
        }
    }
}
