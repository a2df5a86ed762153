//! Allotment: dividing whole fen in proportion, by largest remainder.

use std::cmp::Reverse;

/// Buffers of an allotment, kept between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotment {
    shares: Vec<i64>,
    /// The weighted shares that have not reached their caps.
    open: Vec<usize>,
    remainders: Vec<(Reverse<u128>, usize)>,
    /// The remainders of a small allotment, and as many again to select from.
    small: Vec<u64>,
}

/// Products of two amounts up to here (some forty million yuan) fit into 64 bits.
const SMALL: u64 = 1 << 32;

impl Allotment {
    /// Divides `amount` in proportion to `weights`, each share at most its cap: shares are rounded down and the odd
    /// fen go to the largest remainders, ties to the first. A weight of zero gets nothing.
    ///
    /// Weights and caps are not negative, and the caps of the weighted sum to at least `amount`; what a cap cuts off
    /// goes to the others in proportion. `None` on overflow, or where the caps leave no room.
    pub(crate) fn allot(&mut self, amount: i64, weights: &[i64], caps: &[i64]) -> Option<&[i64]> {
        if self.small(amount, weights, caps).is_some() {
            return Some(&self.shares);
        }
        self.shares.clear();
        self.shares.resize(weights.len(), 0);
        self.open.clear();
        let mut left = u128::try_from(amount).ok()?;
        let mut whole = 0u128;
        for (index, &weight) in weights.iter().enumerate() {
            if weight != 0 {
                whole = whole.checked_add(u128::try_from(weight).ok()?)?;
                self.open.push(index);
            }
        }
        self.fill_caps(&mut left, &mut whole, weights, caps)?;

        self.remainders.clear();
        let mut odd = left;
        for &index in &self.open {
            let product = left.checked_mul(u128::try_from(*weights.get(index)?).ok()?)?;
            let quota = product.checked_div(whole)?;
            *self.shares.get_mut(index)? = i64::try_from(quota).ok()?;
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
                let share = self.shares.get_mut(index)?;
                *share = share.checked_add(1)?;
            }
        }
        Some(&self.shares)
    }

    /// The same for small amounts of which no share reaches its cap: `None` where there is more to it.
    ///
    /// There is one division for all: a share is estimated by a reciprocal in 32 bits, and is one too little at most.
    fn small(&mut self, amount: i64, weights: &[i64], caps: &[i64]) -> Option<()> {
        let open = |(&weight, &cap): (&i64, &i64)| if weight == 0 { 0 } else { cap };
        let sum = |sum: i64, amount: i64| sum.saturating_add(amount);
        if amount == weights.iter().zip(caps).map(open).fold(0, sum) {
            // Each has its cap: so it is where all is paid.
            self.shares.clear();
            self.shares.extend(weights.iter().zip(caps).map(open));
            return Some(());
        }
        let whole = weights.iter().copied().fold(0, sum);
        let (left, whole) = (u64::try_from(amount).ok()?, u64::try_from(whole).ok()?);
        if whole >= SMALL || left > whole {
            return None;
        }
        let reciprocal = (left << 32).checked_div(whole)?;
        self.shares.clear();
        self.small.clear();
        let mut odd = left;
        for (&weight, &cap) in weights.iter().zip(caps) {
            let weight = u64::try_from(weight).ok()?;
            // All of these are below 2^64.
            let product = left.wrapping_mul(weight);
            let mut share = weight.wrapping_mul(reciprocal) >> 32;
            let mut rest = product.wrapping_sub(share.wrapping_mul(whole));
            if rest >= whole {
                (share, rest) = (share.wrapping_add(1), rest.wrapping_sub(whole));
            }
            let signed = i64::try_from(share).ok()?;
            if signed >= cap && weight != 0 {
                return None;
            }
            odd = odd.wrapping_sub(share);
            self.shares.push(signed);
            self.small.push(rest);
        }
        let Some(last) = usize::try_from(odd).ok()?.checked_sub(1) else {
            return Some(());
        };
        // What the last of those has that get a fen more; of several that have it the first.
        let count = self.small.len();
        self.small.extend_from_within(..);
        let (rests, order) = self.small.split_at_mut_checked(count)?;
        let (above, least, _) =
            (last < count).then(|| order.select_nth_unstable_by(last, |one, two| two.cmp(one)))?;
        let mut ties = odd;
        for rest in above {
            ties = ties.wrapping_sub(u64::from(*rest > *least));
        }
        for (share, rest) in self.shares.iter_mut().zip(rests) {
            let is_tie = *rest == *least && ties > 0;
            ties = ties.wrapping_sub(u64::from(is_tie));
            *share = share.saturating_add(i64::from(*rest > *least || is_tie));
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
                    *self.shares.get_mut(index)? = cap;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn allot(amount: i64, weights: &[i64], caps: &[i64]) -> Option<Vec<i64>> {
        Allotment::default()
            .allot(amount, weights, caps)
            .map(<[i64]>::to_vec)
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
