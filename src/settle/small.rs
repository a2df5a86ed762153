//! Dividing small amounts in 32 bits, several at once.
//!
//! The same rule as [`allot`](super::allot), for weights that are their own caps and sum to some ten million yuan at most.
//! There is one division for all: a share is estimated by a reciprocal, and the odd fen are given by a threshold that as
//! many remainders reach as there are odd fen. It is guessed and then found by counting, without sorting.

/// Whether amounts of this sum are small: then every product and remainder keeps within 32 bits.
pub(super) fn is_small(whole: i64) -> bool {
    whole < 1 << 30
}

/// The lower half of a number.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn low(number: u64) -> u32 {
    number as u32
}

/// So many weights are worked on together.
const GROUP: usize = 8;

/// Small weights, and the shares that they got last.
#[derive(Debug, Clone, Default)]
pub(super) struct Small {
    count: usize,
    whole: u32,
    /// Zero from the last one to the end of its group.
    weights: Vec<[u32; GROUP]>,
    shares: Vec<[u32; GROUP]>,
    rests: Vec<[i32; GROUP]>,
}

impl Small {
    /// Empties it, with room for so many weights.
    pub(super) fn restart(&mut self, most: usize) {
        (self.count, self.whole) = (0, 0);
        let groups = most.div_ceil(GROUP);
        if self.weights.len() < groups {
            self.weights.resize(groups, [0; GROUP]);
            self.shares.resize(groups, [0; GROUP]);
            self.rests.resize(groups, [0; GROUP]);
        }
    }

    /// One weight more, of as many as there is room for. Nothing may be divided whose sum is not small.
    #[inline]
    pub(super) fn push(&mut self, weight: i64) {
        let own = self.weights.as_flattened_mut().get_mut(self.count);
        if let Some(own) = own {
            *own = low(weight.cast_unsigned());
            self.whole = self.whole.wrapping_add(*own);
            self.count = self.count.wrapping_add(1);
        }
    }

    /// Fills up the last group.
    pub(super) fn close(&mut self) {
        let rest = self.weights.as_flattened_mut().get_mut(self.count..);
        let rest = rest.unwrap_or_default().iter_mut();
        rest.take(GROUP).for_each(|weight| *weight = 0);
    }

    pub(super) fn weights(&self) -> &[u32] {
        let flat = self.weights.as_flattened();
        flat.get(..self.count).unwrap_or_default()
    }

    pub(super) fn shares(&self) -> &[u32] {
        let flat = self.shares.as_flattened();
        flat.get(..self.count).unwrap_or_default()
    }

    /// Divides an amount in proportion to the weights, and takes each share off its weight. `None` where the weights have
    /// less.
    pub(super) fn divide(&mut self, amount: i64) -> Option<()> {
        let groups = self.count.div_ceil(GROUP);
        let weights = self.weights.get_mut(..groups)?.as_flattened_mut();
        let shares = self.shares.get_mut(..groups)?.as_flattened_mut();
        let rests = self.rests.get_mut(..groups)?.as_flattened_mut();
        let amount = u32::try_from(amount).ok()?;
        let left = self.whole.checked_sub(amount)?;
        if left == 0 {
            shares.copy_from_slice(weights);
            weights.fill(0);
            self.whole = 0;
            return Some(());
        }
        if let ([weight, ..], [share, ..], 1) = (&mut *weights, &mut *shares, self.count) {
            // One has it all.
            (*weight, *share, self.whole) = (left, amount, left);
            return Some(());
        }
        let odd = round_down(amount, self.whole, weights, shares, rests)?;
        let count = u32::try_from(self.count).ok()?;
        let (least, ties) = threshold(odd, self.whole, count, rests)?;
        let all = weights.iter_mut().zip(&mut *shares).zip(&*rests);
        for ((weight, share), rest) in all {
            *share = share.wrapping_add(u32::from(*rest >= least));
            *weight = weight.wrapping_sub(*share);
        }
        if ties > 0 {
            take_back(ties, least, weights, shares, rests);
        }
        self.whole = left;
        Some(())
    }
}

/// The shares rounded down, with their remainders; how many odd fen are left.
///
/// A share is estimated by the reciprocal in 32 bits, and is one too little at most. So its remainder is below twice the
/// whole, whatever is lost above 32 bits on the way.
fn round_down(
    amount: u32,
    whole: u32,
    weights: &[u32],
    shares: &mut [u32],
    rests: &mut [i32],
) -> Option<u32> {
    let reciprocal = (u64::from(amount) << 32).checked_div(u64::from(whole))?;
    let reciprocal = u64::from(low(reciprocal));
    let limit = whole.cast_signed();
    let mut given = 0u32;
    for ((weight, share), rest) in weights.iter().zip(shares).zip(rests) {
        let estimate = low(u64::from(*weight).wrapping_mul(reciprocal) >> 32);
        let over = weight.wrapping_mul(amount);
        let over = over
            .wrapping_sub(estimate.wrapping_mul(whole))
            .cast_signed();
        let is_short = over >= limit;
        *share = estimate.wrapping_add(u32::from(is_short));
        *rest = over.wrapping_sub(if is_short { limit } else { 0 });
        given = given.wrapping_add(*share);
    }
    Some(amount.wrapping_sub(given))
}

/// From so few remainders on one goes from one to the next.
const CLOSE: u32 = 2;
/// How often it is guessed; after that the range is halved.
const GUESSES: usize = 3;

/// The least remainder that gets an odd fen, and how many of those that have just it get none.
fn threshold(odd: u32, whole: u32, count: u32, rests: &[i32]) -> Option<(i32, u32)> {
    // Too few reach `least`, too many `below`: the remainders sum to the odd fen times the whole, and each is less.
    let (mut least, mut reached) = (whole.cast_signed(), 0);
    let (mut below, mut too_many) = (1, count);
    for guesses in 0.. {
        let missing = odd.wrapping_sub(reached);
        let spare = too_many.wrapping_sub(odd);
        let width = least.wrapping_sub(below).cast_unsigned();
        if missing == 0 {
            break;
        } else if missing <= CLOSE {
            let lower = |rest: &i32| if *rest < least { *rest } else { 0 };
            least = rests.iter().map(lower).fold(0, i32::max);
            reached = reaching(least, rests);
        } else if spare <= CLOSE {
            let higher = |rest: &i32| if *rest < below { i32::MAX } else { *rest };
            let next = rests.iter().map(higher).fold(i32::MAX, i32::min);
            below = next.wrapping_add(1);
            too_many = reaching(below, rests);
            if too_many <= odd {
                (least, reached) = (below, too_many);
            }
            if too_many < odd {
                (least, reached) = (next, reaching(next, rests));
            }
        } else {
            // Where it would lie were the remainders evenly spread.
            let gaps = too_many.wrapping_sub(reached).wrapping_add(1);
            let down = match guesses < GUESSES {
                true => width.checked_div(gaps)?.wrapping_mul(missing),
                false => width >> 1,
            };
            let guess = least.wrapping_sub(down.max(1).cast_signed());
            let reach = reaching(guess, rests);
            match reach > odd && width > 1 {
                true => (below, too_many) = (guess, reach),
                false => (least, reached) = (guess, reach),
            }
        }
        if reached >= odd {
            break;
        }
    }
    Some((least, reached.wrapping_sub(odd)))
}

/// How many remainders reach this one.
fn reaching(least: i32, rests: &[i32]) -> u32 {
    let reaching = rests.iter().map(|rest| u32::from(*rest >= least));
    reaching.fold(0, u32::wrapping_add)
}

/// Takes the odd fen back from so many of those that have just the least remainder, the last first.
fn take_back(ties: u32, least: i32, weights: &mut [u32], shares: &mut [u32], rests: &[i32]) {
    let all = weights.iter_mut().zip(shares).zip(rests).rev();
    let tied = all.filter(|(_, rest)| **rest == least);
    let ties = usize::try_from(ties).unwrap_or(usize::MAX);
    for ((weight, share), _) in tied.take(ties) {
        *share = share.wrapping_sub(1);
        *weight = weight.wrapping_add(1);
    }
}
