//! The deductible and the two formulas: a share (one ratio or bands), and a guarantee.

use super::columns::total;
use super::figures::Refusal;
use super::profile::Applied;
use super::work::{Buffers, EXACT, Work};
use crate::money::Money;
use crate::policy::step::{Bands, Formula, Step};
use crate::settlement::{BandRecord, Rate};

impl Work<'_> {
    /// The deductible used: what there is of it (this year), at most the base.
    pub(super) fn deductible(
        &mut self,
        step: &Step,
        number: usize,
        base: i64,
    ) -> Result<i64, Refusal> {
        let Some(deductible) = &step.deductible else {
            return Ok(0);
        };
        let mut left = self.amount(deductible.figure)?;
        if let Some(counter) = deductible.year {
            left = left.saturating_sub(self.counted(counter)).max(0);
        }
        if let Some(limit) = deductible.within {
            let room = self.left(limit)?;
            if room < left.min(base) {
                left = room;
                self.out.limits.push(limit);
            }
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
            let amount = used.min(total(weights));
            let shares = deducted.add(number).as_flattened_mut();
            let divided = self
                .allotment
                .divide(amount, weights.as_flattened(), shares);
            divided.ok_or(Refusal::Overflow)?;
        }
        Ok(used)
    }

    /// The exact amount, in millionths of a fen. Where nothing can be paid only the year is counted, and no ratio asked.
    pub(super) fn formula(
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
}
