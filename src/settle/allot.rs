//! Allotment: dividing whole fen in proportion, by largest remainder.

use std::cmp::Reverse;

/// Buffers of an allotment, kept between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotment {
    shares: Vec<i64>,
    /// The weighted shares that have not reached their caps.
    open: Vec<usize>,
    remainders: Vec<(Reverse<u128>, usize)>,
}

impl Allotment {
    /// Divides `amount` in proportion to `weights`, each share at most its cap: shares are rounded down and the odd
    /// fen go to the largest remainders, ties to the first. A weight of zero gets nothing.
    ///
    /// Weights and caps are not negative, and the caps of the weighted sum to at least `amount`; what a cap cuts off
    /// goes to the others in proportion. `None` on overflow, or where the caps leave no room.
    pub(crate) fn allot(&mut self, amount: i64, weights: &[i64], caps: &[i64]) -> Option<&[i64]> {
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
