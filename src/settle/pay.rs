//! Payment: a step's amount divided between its payers, and each payer's between the cells.

use super::base::Money as BaseMoney;
use super::columns::zip;
use super::figures::Refusal;
use super::work::{Buffers, Work};
use crate::money::Money;
use crate::policy::step::{Slot, Step};
use crate::settlement::ShareRecord;

impl Work<'_> {
    /// Divides the amount between the step's payers, and each payer's between the cells.
    pub(super) fn pay(
        &mut self,
        step: &Step,
        amount: i64,
        money: BaseMoney,
    ) -> Result<(), Refusal> {
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
        payer_caps.resize(slots.len(), i64::MAX);
        by_payer.resize(slots.len(), 0);
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
}
