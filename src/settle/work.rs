//! Working one step: the eight sub-steps, in order.
//!
//! The sub-steps are: applies? – resolve its figures – base – formula – limits – round – allot – record.
//! Figures are resolved where they are needed, so that a bill to which an unstated figure makes no difference is not
//! refused for it.

use super::allot::{Allotment, FEW};
use super::base;
use super::cells::Cells;
use super::columns::{Columns, PARTS, Row, total, zip};
use super::error::SettleError;
use super::figures::{Bases, Refusal, Resolver};
use super::profile::{Applied, Profile, Resolved};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::NoteId;
use crate::policy::step::{Bands, Formula, LimitOn, Slot, Step};
use crate::ratio::Ratio;
use crate::settlement::{BandRecord, Rate, Settlement, ShareRecord, StepRecord, Used};

/// What the steps of one bill work on.
pub(crate) struct Work<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) profile: &'a Profile,
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
    pub(super) weights: Vec<Row>,
    pub(super) caps: Vec<Row>,
    shares: Vec<Row>,
    /// Of a step's shares, what payers to come will pay.
    left: Vec<Row>,
    by_payer: Vec<i64>,
    payer_weights: Vec<i64>,
    payer_caps: Vec<i64>,
    /// By limit: what this bill has used of it.
    pub(super) limits_used: Vec<i64>,
    /// By step: the deductible used in this bill, for the steps whose deductible others leave out.
    pub(super) deducted: Columns,
    /// Of the figure at hand.
    notes: Vec<NoteId>,
}

/// What came of a step, in fen.
#[derive(Debug, Clone, Copy)]
struct Worked {
    base: i64,
    deductible: i64,
    rate: Rate,
    /// In millionths of a fen.
    exact: i64,
    all_paid: bool,
    payment: Ratio,
    amount: i64,
}

impl Default for Worked {
    fn default() -> Worked {
        Worked {
            base: 0,
            deductible: 0,
            rate: Rate::Unused,
            exact: 0,
            all_paid: false,
            payment: Ratio::ONE,
            amount: 0,
        }
    }
}

impl Buffers {
    /// Makes ready for a bill of so many kinds, under so many limits.
    pub(crate) fn restart(&mut self, kinds: usize, limits: usize) {
        for rows in [
            &mut self.weights,
            &mut self.caps,
            &mut self.shares,
            &mut self.left,
        ] {
            rows.resize(kinds, [0; PARTS]);
        }
        self.limits_used.clear();
        self.limits_used.resize(limits, 0);
        self.deducted.restart(kinds);
    }
}

/// Millionths of a fen: the unit of exact products.
const EXACT: i64 = Ratio::SCALE;

impl Work<'_> {
    /// Works every step that applies, in the order of payment.
    pub(crate) fn steps(&mut self) -> Result<(), SettleError> {
        for applied in &self.profile.steps {
            let worked = self.step(applied);
            worked.map_err(|refusal| self.refused(refusal, applied.number))?;
        }
        Ok(())
    }

    fn step(&mut self, applied: &Applied) -> Result<(), Refusal> {
        let Applied {
            number,
            untold,
            counts_the_year,
            ..
        } = *applied;
        let policy = self.policy;
        let step = policy.steps.get(number).ok_or(Refusal::Overflow)?;
        // 1. Applies? A step that could neither pay nor count anything of the bill needs no field to say so.
        if let Some(fact) = untold {
            return self.cannot_tell(step, fact, counts_the_year);
        }
        let out = &mut *self.out;
        let (bands, limits, shares) = (out.bands.len(), out.limits.len(), out.shares.len());
        let used = out.used.len();
        // 2. and 3. Base: the covered money, less deductibles of other steps, up to a limit on cost.
        let money = self.weigh(step, &applied.parts);
        let mut base = self.base(step, money, counts_the_year)?;
        let works = base > 0 && (money.payable > 0 || counts_the_year);
        let mut worked = Worked::default();
        if works {
            self.bases.base = base;
            base = self.enter(step, base)?;
            // A share of the base is of what entered.
            self.bases.base = base;
            worked.base = base;
        } else {
            // A step without anything to work on leans on nothing.
            self.out.used.truncate(used);
        }
        // Where a limit on the cost lets nothing enter, no figure is needed.
        if works && base > 0 {
            // 4. Formula.
            worked.deductible = self.deductible(number, step, base)?;
            let needed = money.payable > 0;
            (worked.exact, worked.rate) =
                self.formula(step, applied, base, worked.deductible, needed)?;
            // 5. Limits, and 6. Round.
            if worked.exact > 0 {
                self.limit(step, money.payable, &mut worked)?;
            }
        }
        // 7. Allot.
        self.pay(step, worked.amount, money)?;
        // 8. Record.
        let out = &mut *self.out;
        out.steps.push(StepRecord {
            step: number,
            base: Money::from_fen(worked.base),
            deductible: Money::from_fen(worked.deductible),
            rate: worked.rate,
            exact: worked.exact,
            limits: limits..out.limits.len(),
            all_paid: worked.all_paid,
            payment: worked.payment,
            amount: Money::from_fen(worked.amount),
            bands: bands..out.bands.len(),
            shares: shares..out.shares.len(),
            used: used..out.used.len(),
            works,
        });
        Ok(())
    }

    #[cold]
    fn cannot_tell(&self, step: &Step, fact: usize, counts_the_year: bool) -> Result<(), Refusal> {
        match self.concerns(step, counts_the_year) {
            false => Ok(()),
            true => {
                let known = &self.profile.situation.known;
                Err(Refusal::Missing(self.policy.facts.subject_of(fact, known)))
            }
        }
    }

    /// What is paid of the exact amount: up to the limits, then rounded. A rounding never lifts a payment over a limit.
    fn limit(&mut self, step: &Step, payable: i64, worked: &mut Worked) -> Result<(), Refusal> {
        let (room, bound) = self.room(step, payable.min(worked.base))?;
        let mut limited = worked.exact;
        if limited > room.saturating_mul(EXACT) {
            limited = room.saturating_mul(EXACT);
            worked.all_paid = bound.is_none() && room == payable;
            self.out.limits.extend(bound);
        }
        if let Some(payment) = step.payment.filter(|_| limited > 0) {
            worked.payment = self.ratio(payment)?;
            limited = share_of(limited, worked.payment).ok_or(Refusal::Overflow)?;
        }
        let rounded = step.rounding.round(limited).ok_or(Refusal::Overflow)?;
        worked.amount = rounded.fen().min(room);
        self.count_payment(step, worked.amount)
    }

    /// The part of the base that limits on cost let enter; counted against them.
    fn enter(&mut self, step: &Step, base: i64) -> Result<i64, Refusal> {
        if step.cost_limits.is_empty() {
            return Ok(base);
        }
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
                weights,
                shares,
                deducted,
                ..
            } = &mut *self.buffers;
            // A fixed base may be more than the cells hold.
            let whole = total(weights);
            let weights = weights.as_flattened();
            let allotted =
                self.allotment
                    .divide(used.min(whole), weights, shares.as_flattened_mut());
            allotted.ok_or(Refusal::Overflow)?;
            deducted.push(number, shares);
        }
        Ok(used)
    }

    /// The exact amount, in millionths of a fen. Where nothing can be paid only the year is counted, and no ratio asked.
    fn formula(
        &mut self,
        step: &Step,
        applied: &Applied,
        base: i64,
        deductible: i64,
        needed: bool,
    ) -> Result<(i64, Rate), Refusal> {
        match &step.formula {
            Formula::Ratio(figure) => {
                let rest = base.checked_sub(deductible).ok_or(Refusal::Overflow)?;
                if rest == 0 || !needed {
                    return Ok((0, Rate::Unused));
                }
                let ratio = self.ratio(*figure)?;
                let exact = ratio.of(Money::from_fen(rest)).ok_or(Refusal::Overflow)?;
                Ok((exact, Rate::Ratio(ratio)))
            }
            Formula::Bands(bands) => {
                let exact = self.bands(bands, base, deductible, needed)?;
                Ok((exact, Rate::Bands))
            }
            Formula::Guarantee(guarantee) => {
                let money = self.guaranteed(step, guarantee.of);
                if money == 0 || !needed {
                    return Ok((0, Rate::Unused));
                }
                let ratio = self.ratio(guarantee.ratio)?;
                let reimbursed = match applied.counts_all {
                    true => self.cells.paid(guarantee.of),
                    false => self.cells.paid_by(&guarantee.counts, guarantee.of),
                };
                let promised = ratio.of(Money::from_fen(money)).ok_or(Refusal::Overflow)?;
                let lacking = reimbursed
                    .checked_mul(EXACT)
                    .and_then(|reimbursed| promised.checked_sub(reimbursed))
                    .ok_or(Refusal::Overflow)?;
                let rate = Rate::Guarantee {
                    ratio,
                    of: Money::from_fen(money),
                    reimbursed: Money::from_fen(reimbursed),
                };
                Ok((lacking.max(0), rate))
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
            let paid = self.cells.paid_by(others, step.covers);
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
    fn pay(&mut self, step: &Step, amount: i64, money: base::Money) -> Result<(), Refusal> {
        let slots = self.policy.slots.get(step.slots.clone());
        let slots = slots.unwrap_or_default();
        if amount == 0 {
            for slot in slots {
                self.record_share(slot.payer, 0)?;
            }
            return Ok(());
        }
        let Buffers {
            weights,
            caps,
            shares,
            ..
        } = &mut *self.buffers;
        let (weights, flat) = (weights.as_flattened(), shares.as_flattened_mut());
        let allotted = match money.is_unpaid {
            true => self.allotment.divide(amount, weights, flat),
            false => {
                let caps = caps.as_flattened();
                self.allotment.allot(amount, weights, caps, flat)
            }
        };
        allotted.ok_or(Refusal::Overflow)?;
        match slots {
            [slot] => {
                self.cells.pay(step.slots.start, shares);
                self.record_share(slot.payer, amount)
            }
            _ => self.pay_jointly(step.slots.start, slots, amount),
        }
    }

    /// Divides the amount between several payers by their shares, and each payer's between the cells.
    fn pay_jointly(&mut self, first: usize, slots: &[Slot], amount: i64) -> Result<(), Refusal> {
        let Buffers {
            by_payer,
            payer_weights,
            payer_caps,
            left,
            shares,
            ..
        } = &mut *self.buffers;
        payer_weights.clear();
        payer_weights.extend(slots.iter().map(|slot| slot.share.millionths()));
        // A few are divided sooner than one or two.
        let count = slots.len().max(FEW);
        payer_weights.resize(count, 0);
        payer_caps.resize(count, i64::MAX);
        by_payer.resize(count, 0);
        self.allotment
            .allot(amount, payer_weights, payer_caps, by_payer)
            .ok_or(Refusal::Overflow)?;
        left.clone_from(shares);
        for (place, slot) in slots.iter().enumerate() {
            let Buffers {
                by_payer,
                left,
                shares,
                ..
            } = &mut *self.buffers;
            let part = by_payer.get(place).copied().unwrap_or(0);
            // What is left of the cells' shares is what the payers to come will pay.
            let flat = left.as_flattened();
            self.allotment
                .divide(part, flat, shares.as_flattened_mut())
                .ok_or(Refusal::Overflow)?;
            self.cells.pay(first.saturating_add(place), shares);
            for (left, paid) in left.iter_mut().zip(&*shares) {
                *left = zip(left, paid, i64::wrapping_sub);
            }
            self.record_share(slot.payer, part)?;
        }
        Ok(())
    }

    /// A payer's share: in the record, in its total of the bill, and in that of the year.
    fn record_share(&mut self, payer: usize, fen: i64) -> Result<(), Refusal> {
        let amount = Money::from_fen(fen);
        self.out.shares.push(ShareRecord { payer, amount });
        if fen == 0 {
            return Ok(());
        }
        if let Some(paid) = self.out.paid.get_mut(payer) {
            // No more than the bill.
            *paid = Money::from_fen(paid.fen().wrapping_add(fen));
        }
        self.count(self.policy.counters.paid.saturating_add(payer), fen)
    }

    /// An amount in fen; `None` for "no limit".
    #[inline]
    pub(super) fn figure(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        match self.profile.number(id) {
            Some(number) => {
                self.out.used.push(Used::Figure(id));
                Ok(Some(number))
            }
            None => self.no_number(id),
        }
    }

    #[cold]
    fn no_number(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        match self.profile.figure(id) {
            Resolved::Number(_) | Resolved::NoLimit => {
                self.out.used.push(Used::Figure(id));
                Ok(None)
            }
            Resolved::Refused(refusal) => Err(refusal),
            Resolved::OfMoney | Resolved::Unused => self.figure_of_money(id),
        }
    }

    /// A figure that depends on the bill's money, and perhaps on it what it leans on.
    fn figure_of_money(&mut self, id: FigureId) -> Result<Option<i64>, Refusal> {
        let notes = &mut self.buffers.notes;
        notes.clear();
        let mut resolver = Resolver {
            policy: self.policy,
            situation: &self.profile.situation,
            bases: self.bases,
            is_of_money: false,
            notes,
        };
        let value = resolver.resolve(id)?;
        self.out.used.extend(notes.iter().copied().map(Used::Note));
        Ok(value)
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
    let counted = sum.fen().saturating_add(amount);
    if counted > Money::MAX.fen() {
        return Err(Refusal::Overflow);
    }
    *sum = Money::from_fen(counted);
    Ok(())
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
