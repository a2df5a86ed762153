//! Allotment: dividing whole fen in proportion, by largest remainder.

use std::cmp::Reverse;

/// Buffers of an allotment, kept between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotment {
    /// The weighted shares that have not reached their caps.
    open: Vec<usize>,
    remainders: Vec<(Reverse<u128>, usize)>,
    /// The remainders of small amounts.
    rests: Vec<u64>,
}

/// Amounts below this one (some twenty million yuan) are small: their products fit into 64 bits.
const SMALL: u64 = 1 << 31;

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
    #[inline]
    fn small(&mut self, amount: i64, weights: &[i64], shares: &mut [i64]) -> Option<()> {
        let (left, mut whole) = (amount.cast_unsigned(), 0u64);
        for weight in weights {
            whole = whole.wrapping_add(weight.cast_unsigned());
        }
        if left == whole {
            shares.copy_from_slice(weights);
            return Some(());
        }
        if left > whole || whole >= SMALL {
            return None;
        }
        // One division for all: a share is estimated by a reciprocal, and is one too little at most.
        let reciprocal = (left << 32).checked_div(whole)?;
        self.rests.resize(weights.len(), 0);
        let mut odd = left;
        for ((share, weight), rest) in shares.iter_mut().zip(weights).zip(&mut self.rests) {
            let weight = weight.cast_unsigned() & LOW;
            let estimate = weight.wrapping_mul(reciprocal & LOW) >> 32;
            let over = left
                .wrapping_mul(weight)
                .wrapping_sub(estimate.wrapping_mul(whole));
            let short = 1 ^ is_less(over, whole);
            let own = estimate.wrapping_add(short);
            odd = odd.wrapping_sub(own);
            *share = own.cast_signed();
            *rest = over.wrapping_sub(whole & short.wrapping_neg());
        }
        give(odd, whole, &self.rests, shares)
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

/// The lower half of a number.
const LOW: u64 = (1 << 32) - 1;

/// 1 if it is, otherwise 0; of numbers that differ by less than 2^63. Without a branch, so that several are compared
/// at once.
fn is_less(one: u64, two: u64) -> u64 {
    one.wrapping_sub(two) >> 63
}

/// Gives one fen more to so many of the largest remainders, ties to the first. All remainders are below `whole`.
fn give(odd: u64, whole: u64, rests: &[u64], shares: &mut [i64]) -> Option<()> {
    if odd == 0 {
        return Some(());
    }
    // Looks for the least remainder that still gets one: at first where it would lie were they evenly spread.
    let count = u64::try_from(rests.len()).ok()?;
    let spread = whole.wrapping_mul(count.checked_sub(odd)?);
    let mut least = spread.checked_div(count)?;
    let (mut low, mut high) = (0, whole);
    let mut ties = loop {
        let (mut more, mut less) = (0u64, 0u64);
        for &rest in rests {
            more = more.wrapping_add(is_less(least, rest));
            less = less.wrapping_add(is_less(rest, least));
        }
        if more >= odd {
            low = least.wrapping_add(1);
        } else if count.wrapping_sub(less) < odd {
            high = least;
        } else {
            break odd.wrapping_sub(more);
        }
        let mut between = rests.iter().copied();
        least = between.find(|rest| (low..high).contains(rest))?;
    };
    for (share, &rest) in shares.iter_mut().zip(rests) {
        let is_tie = rest == least && ties > 0;
        ties = ties.wrapping_sub(u64::from(is_tie));
        *share = share.wrapping_add(i64::from(rest > least || is_tie));
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
}
