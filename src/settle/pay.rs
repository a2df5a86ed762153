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
            return slots
                .iter()
                .try_for_each(|slot| self.record_share(slot.payer, 0));
        }
        let Buffers {
            weights,
            caps,
            shares,
            ..
        } = &mut *self.buffers;
        let (weights, caps) = (weights.as_flattened(), caps.as_flattened());
        let allotment = &mut *self.allotment;
        let mut allot = |shares: &mut [i64]| match money.is_unpaid {
            true => allotment.divide(amount, weights, shares),
            false => allotment.allot(amount, weights, caps, shares),
        };
        if let [slot] = slots {
            let paid = self.cells.pay(step.slots.start, allot);
            paid.ok_or(Refusal::Overflow)?;
            return self.record_share(slot.payer, amount);
        }
        allot(shares.as_flattened_mut()).ok_or(Refusal::Overflow)?;
        self.pay_jointly(step.slots.start, slots, amount)
    }

    /// Divides the amount between several payers by their shares, and each payer's between the cells.
    fn pay_jointly(&mut self, first: usize, slots: &[Slot], amount: i64) -> Result<(), Refusal> {
        let Buffers {
            by_payer,
            payer_weights,
            payer_caps,
            ..
        } = &mut *self.buffers;
        payer_weights.clear();
        payer_weights.extend(slots.iter().map(|slot| slot.share.millionths()));
        payer_caps.resize(slots.len(), i64::MAX);
        by_payer.resize(slots.len(), 0);
        self.allotment
            .allot(amount, payer_weights, payer_caps, by_payer)
            .ok_or(Refusal::Overflow)?;
        for (place, slot) in slots.iter().enumerate() {
            let Buffers {
                by_payer, shares, ..
            } = &mut *self.buffers;
            let part = by_payer.get(place).copied().unwrap_or(0);
            let allotment = &mut *self.allotment;
            // What is left of the cells' shares is what the payers to come will pay.
            let left = shares.as_flattened();
            let allot = |shares: &mut [i64]| allotment.divide(part, left, shares);
            let number = first.saturating_add(place);
            let paid = self.cells.pay(number, allot).ok_or(Refusal::Overflow)?;
            for (left, paid) in shares.iter_mut().zip(paid) {
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
