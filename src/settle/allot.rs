//! Allotment: dividing whole fen in proportion, by largest remainder.

use std::cmp::Reverse;

/// Buffers of an allotment, kept between calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allotment {
    /// The weighted shares that have not reached their caps.
    open: Vec<usize>,
    remainders: Vec<(Reverse<u128>, usize)>,
    small: Small,
}

/// Small weights, their shares and remainders, in groups of a few that are worked on together.
#[derive(Debug, Clone, Default)]
struct Small {
    weights: Vec<[u32; GROUP]>,
    shares: Vec<[u32; GROUP]>,
    rests: Vec<[i32; GROUP]>,
}

const GROUP: usize = 8;

/// So few are divided one by one.
const FEW: usize = 4;

/// Amounts below this one (some ten million yuan) are small.
const SMALL: u32 = 1 << 30;

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
        let whole = weights.iter().fold(0, sum);
        if amount == whole {
            shares.copy_from_slice(weights);
            return Some(());
        }
        let (left, whole) = as_small(amount, whole)?;
        let small = &mut self.small;
        small.resize(weights.len());
        let flat = small.weights.as_flattened_mut();
        let (own, padding) = flat.split_at_mut_checked(weights.len())?;
        for (small, weight) in own.iter_mut().zip(weights) {
            *small = low(weight.cast_unsigned());
        }
        padding.fill(0);
        let odd = small.round_down(left, whole)?;
        if odd > 0 {
            small.give(odd, whole, weights.len())?;
        }
        for (share, small) in shares.iter_mut().zip(small.shares.as_flattened()) {
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

/// The lower half of a number.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn low(number: u64) -> u32 {
    number as u32
}

/// An amount and a larger whole, if they are small.
fn as_small(amount: i64, whole: i64) -> Option<(u32, u32)> {
    let (left, whole) = (u32::try_from(amount).ok()?, u32::try_from(whole).ok()?);
    (left < whole && whole < SMALL).then_some((left, whole))
}

/// Divides a small amount between a few, one by one.
fn few(amount: i64, weights: &[i64; FEW], shares: &mut [i64; FEW]) -> Option<()> {
    let whole = weights
        .iter()
        .fold(0i64, |sum, weight| sum.wrapping_add(*weight));
    if amount <= whole && weights.contains(&whole) {
        // One has it all.
        *shares = weights.map(|weight| amount.min(weight));
        return Some(());
    }
    if amount == whole {
        *shares = *weights;
        return Some(());
    }
    let (left, whole) = as_small(amount, whole)?;
    let (left, whole) = (u64::from(left), u64::from(whole));
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

/// How often it is guessed where the least remainder is, and how few may be missing then.
const GUESSES: usize = 3;
const CLOSE: u32 = 8;

impl Small {
    fn resize(&mut self, count: usize) {
        let groups = count.div_ceil(GROUP);
        self.weights.resize(groups, [0; GROUP]);
        self.shares.resize(groups, [0; GROUP]);
        self.rests.resize(groups, [0; GROUP]);
    }

    /// The shares rounded down, with their remainders; how many odd fen are left.
    ///
    /// There is one division for all: a share is estimated by a reciprocal in 32 bits, and is one too little at most. So
    /// its remainder is below twice the whole, whatever is lost above 32 bits on the way.
    fn round_down(&mut self, left: u32, whole: u32) -> Option<u32> {
        let reciprocal = (u64::from(left) << 32).checked_div(u64::from(whole))?;
        let reciprocal = u64::from(low(reciprocal));
        let limit = whole.cast_signed();
        let shares = self.shares.as_flattened_mut().iter_mut();
        let rests = self.rests.as_flattened_mut().iter_mut();
        let mut odd = left;
        for ((share, rest), &weight) in shares.zip(rests).zip(self.weights.as_flattened()) {
            let estimate = low(u64::from(weight).wrapping_mul(reciprocal) >> 32);
            let over = weight.wrapping_mul(left);
            let over = over
                .wrapping_sub(estimate.wrapping_mul(whole))
                .cast_signed();
            let is_short = over >= limit;
            *share = estimate.wrapping_add(u32::from(is_short));
            *rest = over.wrapping_sub(if is_short { limit } else { 0 });
            odd = odd.wrapping_sub(*share);
        }
        Some(odd)
    }

    /// Gives one fen more to so many of the largest remainders, ties to the first.
    fn give(&mut self, odd: u32, whole: u32, count: usize) -> Option<()> {
        let rests = self.rests.as_flattened();
        // Looks for the least remainder that still gets one. Too many reach `below`, too few reach `least`.
        let (mut below, mut too_many) = (0, u32::try_from(count).ok()?);
        let (mut least, mut reached) = (whole.cast_signed(), 0u32);
        // At first where it would lie were the remainders evenly spread, then by halves until few are missing.
        for guesses in 0.. {
            let width = least.wrapping_sub(below).cast_unsigned();
            let missing = odd.wrapping_sub(reached);
            if missing == 0 || width <= 1 || (guesses >= GUESSES && missing <= CLOSE) {
                break;
            }
            let down = if guesses < GUESSES {
                let gaps = too_many.wrapping_sub(reached).wrapping_add(1);
                let step = width.checked_div(gaps)?.max(1);
                step.wrapping_mul(missing).min(width.wrapping_sub(1))
            } else {
                width >> 1
            };
            let guess = least.wrapping_sub(down.cast_signed());
            let reach = reaching(guess, rests);
            if reach > odd {
                (below, too_many) = (guess, reach);
            } else {
                (least, reached) = (guess, reach);
            }
        }
        // Then from one to the next below. Ratios are round numbers, so remainders lie together in places.
        while reached < odd {
            let below = |rest: &i32| if *rest < least { *rest } else { 0 };
            least = rests.iter().map(below).fold(0, i32::max);
            reached = reaching(least, rests);
        }
        let shares = self.shares.as_flattened_mut();
        for (share, rest) in shares.iter_mut().zip(rests) {
            *share = share.wrapping_add(u32::from(*rest >= least));
        }
        // Of those that have the least, the last get none.
        let mut ties = reached.wrapping_sub(odd);
        let mut all = shares.iter_mut().zip(rests).rev();
        while ties > 0 {
            let (share, _) = all.find(|(_, rest)| **rest == least)?;
            *share = share.wrapping_sub(1);
            ties = ties.wrapping_sub(1);
        }
        Some(())
    }
}

/// How many remainders reach this one.
fn reaching(least: i32, rests: &[i32]) -> u32 {
    let reaching = rests.iter().map(|rest| u32::from(*rest >= least));
    reaching.fold(0, u32::wrapping_add)
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
