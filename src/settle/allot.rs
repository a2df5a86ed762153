//! Allotment: dividing whole fen in proportion, by largest remainder.

use super::small::{Small, is_small};
use std::cmp::Reverse;

/// Buffers of an allotment, kept between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotment {
    /// The weighted shares that have not reached their caps.
    open: Vec<usize>,
    remainders: Vec<(Reverse<u128>, usize)>,
    small: Small,
}

/// So few are divided one by one.
const FEW: usize = 4;

impl Allotment {
    /// Divides `amount` in proportion to `weights`, each share at most its cap: shares are rounded down and the odd
    /// fen go to the largest remainders, ties to the first. A weight of zero gets nothing.
    ///
    /// Weights and caps are not negative, and the caps of the weighted sum to at least `amount`; what a cap cuts off
    /// goes to the others in proportion. There are as many shares. `None` on overflow, or where the caps leave no room.
    pub(crate) fn allot(
        &mut self,
        amount: i64,
        weights: &[i64],
        caps: &[i64],
        shares: &mut [i64],
    ) -> Option<()> {
        let done = self.small(amount, weights, shares);
        let is_capped = |((weight, cap), share): ((&i64, &i64), &i64)| share >= cap && *weight != 0;
        let mut all = weights.iter().zip(caps).zip(&*shares);
        match done.is_some() && !all.any(is_capped) {
            true => Some(()),
            false => self.in_full(amount, weights, caps, shares),
        }
    }

    /// The same where the weights are their own caps.
    pub(crate) fn divide(
        &mut self,
        amount: i64,
        weights: &[i64],
        shares: &mut [i64],
    ) -> Option<()> {
        match self.small(amount, weights, shares) {
            Some(()) => Some(()),
            None => self.in_full(amount, weights, weights, shares),
        }
    }

    /// The same for small amounts and without caps; `None` where it may be more difficult.
    fn small(&mut self, amount: i64, weights: &[i64], shares: &mut [i64]) -> Option<()> {
        if let (Ok(weights), Ok(shares)) = (weights.try_into(), (&mut *shares).try_into()) {
            return few(amount, weights, shares);
        }
        let sum = |sum: i64, weight: &i64| sum.wrapping_add(*weight);
        if !is_small(weights.iter().fold(0, sum)) {
            return None;
        }
        let small = &mut self.small;
        small.restart(weights.len());
        weights.iter().for_each(|weight| small.push(*weight));
        small.close();
        small.divide(amount)?;
        for (share, small) in shares.iter_mut().zip(small.shares()) {
            *share = i64::from(*small);
        }
        Some(())
    }

    /// The rule itself, for any amounts.
    #[cold]
    fn in_full(
        &mut self,
        amount: i64,
        weights: &[i64],
        caps: &[i64],
        shares: &mut [i64],
    ) -> Option<()> {
        shares.fill(0);
        self.open.clear();
        let mut left = u128::try_from(amount).ok()?;
        let mut whole = 0u128;
        for (index, &weight) in weights.iter().enumerate() {
            if weight != 0 {
                whole = whole.checked_add(u128::try_from(weight).ok()?)?;
                self.open.push(index);
            }
        }
        self.fill_caps(&mut left, &mut whole, weights, caps, shares)?;

        self.remainders.clear();
        let mut odd = left;
        for &index in &self.open {
            let product = left.checked_mul(u128::try_from(*weights.get(index)?).ok()?)?;
            let quota = product.checked_div(whole)?;
            *shares.get_mut(index)? = i64::try_from(quota).ok()?;
            odd = odd.checked_sub(quota)?;
            self.remainders
                .push((Reverse(product.checked_rem(whole)?), index));
        }
        let odd = usize::try_from(odd).ok()?;
        if let Some(last) = odd.checked_sub(1) {
            if last >= self.remainders.len() {
                return None;
            }
            self.remainders.select_nth_unstable(last);
            for &(_, index) in self.remainders.iter().take(odd) {
                let share = shares.get_mut(index)?;
                *share = share.checked_add(1)?;
            }
        }
        Some(())
    }

    /// Gives the shares that would reach their caps just those, until none of the open ones does.
    fn fill_caps(
        &mut self,
        left: &mut u128,
        whole: &mut u128,
        weights: &[i64],
        caps: &[i64],
        shares: &mut [i64],
    ) -> Option<()> {
        loop {
            let (round_left, round_whole, before) = (*left, *whole, self.open.len());
            if round_left == 0 {
                self.open.clear();
                return Some(());
            }
            let mut failed = false;
            self.open.retain(|&index| {
                let mut keep = || {
                    let weight = u128::try_from(*weights.get(index)?).ok()?;
                    let cap = *caps.get(index)?;
                    let cap_wide = u128::try_from(cap).ok()?;
                    let quota = round_left.checked_mul(weight)?.checked_div(round_whole)?;
                    if quota < cap_wide {
                        return Some(true);
                    }
                    *shares.get_mut(index)? = cap;
                    *left = left.checked_sub(cap_wide)?;
                    *whole = whole.checked_sub(weight)?;
                    Some(false)
                };
                keep().unwrap_or_else(|| {
                    failed = true;
                    false
                })
            });
            if failed {
                return None;
            }
            if self.open.len() == before {
                return Some(());
            }
        }
    }
}

/// Divides a small amount between a few, one by one.
fn few(amount: i64, weights: &[i64; FEW], shares: &mut [i64; FEW]) -> Option<()> {
    let whole = weights
        .iter()
        .fold(0i64, |sum, weight| sum.wrapping_add(*weight));
    if amount == whole {
        *shares = *weights;
        return Some(());
    }
    if amount < whole && weights.contains(&whole) {
        // One has it all.
        *shares = weights.map(|weight| amount.min(weight));
        return Some(());
    }
    let (left, whole) = (u64::try_from(amount).ok()?, u64::try_from(whole).ok()?);
    if left > whole || !is_small(whole.cast_signed()) {
        return None;
    }
    let reciprocal = (left << 32).checked_div(whole)?;
    let mut rests = [0; FEW];
    let mut odd = left;
    for ((share, rest), weight) in shares.iter_mut().zip(&mut rests).zip(weights) {
        let weight = weight.cast_unsigned();
        let estimate = weight.wrapping_mul(reciprocal) >> 32;
        let over = weight.wrapping_mul(left);
        let over = over.wrapping_sub(estimate.wrapping_mul(whole));
        let is_short = over >= whole;
        *rest = over.wrapping_sub(if is_short { whole } else { 0 });
        let own = estimate.wrapping_add(u64::from(is_short));
        odd = odd.wrapping_sub(own);
        *share = own.cast_signed();
    }
    for _ in 0..odd {
        let largest = rests.iter().fold(0, |largest, rest| *rest.max(&largest));
        let mut all = shares.iter_mut().zip(&mut rests);
        let (share, rest) = all.find(|(_, rest)| **rest == largest)?;
        *share = share.wrapping_add(1);
        *rest = 0;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allot(amount: i64, weights: &[i64], caps: &[i64]) -> Option<Vec<i64>> {
        let mut shares = vec![0; weights.len()];
        let allotted = Allotment::default().allot(amount, weights, caps, &mut shares);
        allotted.map(|()| shares)
    }

    #[test]
    fn odd_fen_go_to_the_largest_remainders() {
        assert_eq!(allot(100, &[1, 1, 1], &[100; 3]), Some(vec![34, 33, 33]));
        assert_eq!(allot(10, &[5, 3, 3], &[10; 3]), Some(vec![4, 3, 3]));
        assert_eq!(allot(1, &[0, 1, 2], &[0, 1, 2]), Some(vec![0, 0, 1]));
    }

    #[test]
    fn caps_hand_on_what_they_cut_off() {
        assert_eq!(
            allot(90, &[50, 30, 20], &[10, 100, 100]),
            Some(vec![10, 48, 32])
        );
        assert_eq!(
            allot(30, &[50, 30, 20], &[0, 30, 20]),
            Some(vec![0, 18, 12])
        );
        assert_eq!(
            allot(50, &[50, 30, 20], &[0, 30, 20]),
            Some(vec![0, 30, 20])
        );
        assert_eq!(allot(51, &[50, 30, 20], &[0, 30, 20]), None);
        // A share that has reached its cap gets no odd fen.
        assert_eq!(allot(5, &[1, 1], &[2, 5]), Some(vec![2, 3]));
        assert_eq!(allot(100, &[50, 50], &[50, 50]), Some(vec![50, 50]));
    }

    #[test]
    fn nothing_to_divide() {
        assert_eq!(allot(0, &[], &[]), Some(vec![]));
        assert_eq!(allot(0, &[0, 5], &[0, 5]), Some(vec![0, 0]));
        assert_eq!(allot(1, &[], &[]), None);
    }

    /// Small amounts go a way of their own, which must come to the same: for few and many weights, alike and all
    /// different, and from one odd fen to all but one.
    #[test]
    fn small_amounts_are_divided_by_the_same_rule() {
        let mut allotment = Allotment::default();
        for count in [1, 3, 20, 61, 1_000] {
            for most in [1, 7, 100, 10_007] {
                let weights: Vec<i64> = (0..count).map(|number| number * 7_919 % most).collect();
                let whole: i64 = weights.iter().sum();
                let some = [1, 2, 3, 9, 10].map(|part| whole / 10 * part);
                let few = [0, 1, 2, count / 3, count / 2, count - 1, 997];
                let all_but = few.map(|fen| whole - fen);
                for amount in [&some[..], &few, &all_but].concat() {
                    let (mut quick, mut full) = (vec![0; weights.len()], vec![0; weights.len()]);
                    if !(0..=whole).contains(&amount) {
                        continue;
                    }
                    allotment.small(amount, &weights, &mut quick).unwrap();
                    let divided = allotment.in_full(amount, &weights, &weights, &mut full);
                    divided.unwrap();
                    assert_eq!(quick, full, "{amount} by {count} weights below {most}");
                }
            }
        }
    }
}
