//! Exact sums over a range of amounts: `constant + Σ factor × atom`.
//!
//! An atom is the bill's amount `x` itself, or something that was rounded to whole fen on the way. Between the ends of a
//! range every atom lies within a known distance of a straight line, so that the sign of a sum can be told for the whole
//! range at once, or where in it the sign may change. And every atom repeats: after `period` more fen of the bill it has
//! grown by exactly `growth` fen. Both are sound as long as no decision on the way to an atom differs within the range.
//!
//! A sum is *gentle* if it rises by nothing or by one fen with every fen more of the bill. The amount itself is gentle.
//! If `s` is, so is `round(c × s + d)` to the fen for a ratio `c` from 0 to 1: what is rounded rises by 1 at most, and no
//! mode rounds two values so near to each other two fen apart (but half-even, where `c` is 1). And so is what is left of
//! `s` after it: where `s` stays, it stays, and where `s` rises by one it takes one or nothing.

use crate::rounding::{Rounding, RoundingMode};

/// One fen. Factors and values count in billionths of a thousandth, which holds the product of two ratios exactly.
pub(super) const FEN: i128 = 1_000_000_000_000;

/// Of a sum that does not grow, so many values are tried.
const MOST_TRIED: i128 = 4_096;

/// Periods longer than this are of no use.
const MOST: i128 = 1_000_000_000_000;

/// A sum over the bill's amount and rounded atoms. Equal sums are equal as values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sum {
    constant: i128,
    /// By atom, in order; no factor is zero.
    terms: Vec<(usize, i128)>,
}

impl Sum {
    pub(super) const ZERO: Sum = Sum {
        constant: 0,
        terms: Vec::new(),
    };

    /// The bill's amount.
    pub(super) fn amount() -> Sum {
        Sum {
            constant: 0,
            terms: vec![(0, FEN)],
        }
    }

    pub(super) fn fen(fen: i64) -> Sum {
        Sum {
            constant: i128::from(fen).saturating_mul(FEN),
            terms: Vec::new(),
        }
    }

    pub(super) fn plus(&self, other: &Sum) -> Sum {
        self.combine(other, 1)
    }

    pub(super) fn minus(&self, other: &Sum) -> Sum {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Sum, sign: i128) -> Sum {
        let mut terms = self.terms.clone();
        for (atom, factor) in &other.terms {
            let factor = factor.saturating_mul(sign);
            match terms.iter_mut().find(|(known, _)| known == atom) {
                Some((_, known)) => *known = known.saturating_add(factor),
                None => terms.push((*atom, factor)),
            }
        }
        terms.retain(|(_, factor)| *factor != 0);
        terms.sort_unstable();
        let constant = other.constant.saturating_mul(sign);
        Sum {
            constant: self.constant.saturating_add(constant),
            terms,
        }
    }

    /// Times a ratio; `None` where the product has more decimals than are kept.
    pub(super) fn times(&self, millionths: i64) -> Option<Sum> {
        const MILLION: i128 = 1_000_000;
        let times = |factor: i128| {
            let product = factor.checked_mul(i128::from(millionths))?;
            let is_exact = product.checked_rem(MILLION)? == 0;
            is_exact.then_some(product.checked_div(MILLION)?)
        };
        let terms = self.terms.iter();
        let terms: Option<Vec<(usize, i128)>> = terms
            .map(|(atom, factor)| Some((*atom, times(*factor)?)))
            .collect();
        let mut terms = terms?;
        terms.retain(|(_, factor)| *factor != 0);
        Some(Sum {
            constant: times(self.constant)?,
            terms,
        })
    }

    /// How many times the other, but for a constant, if it is that from nothing to once.
    fn part_of(&self, other: &Sum) -> Option<i128> {
        let (_, one) = self.terms.first()?;
        let (_, of) = other.terms.first()?;
        let times = |factor: i128, by: i128| factor.checked_mul(by);
        let is_alike = self.terms.len() == other.terms.len()
            && self.terms.iter().zip(&other.terms).all(|(own, others)| {
                let (left, right) = (times(own.1, *of), times(others.1, *one));
                own.0 == others.0 && left.is_some() && left == right
            });
        let part = times(*one, FEN)?.checked_div(*of)?;
        (is_alike && (0..=FEN).contains(&part)).then_some(part)
    }
}

/// What may be wrong with a range: somewhere in it a decision changes, or may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undecided {
    /// The first amount at which it may.
    pub(super) first: i64,
    /// The last.
    pub(super) last: i64,
}

/// The atoms over a range of amounts, both ends included.
#[derive(Debug)]
pub(super) struct Atoms {
    low: i64,
    high: i64,
    atoms: Vec<Atom>,
    /// Sums without a constant.
    gentle: Vec<Sum>,
}

#[derive(Debug)]
struct Atom {
    /// What was rounded, and how; an atom that is made the same way is the same.
    of: Option<(Sum, Made)>,
    /// On the straight line at either end.
    at_low: i128,
    at_high: i128,
    /// How far from the line it may be.
    off: i128,
    /// `None` when it is too long to be of use.
    period: Option<(i128, i128)>,
}

/// How an atom was made of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made {
    Rounded(Rounding),
    /// A payer's part of a payment: by its shares, and which of them.
    Allotted(Vec<i64>, usize),
    /// Nothing where it is below zero.
    AtLeastZero,
}

/// A sum at both ends, and how far off the line it may be.
struct Bounds {
    at_low: i128,
    at_high: i128,
    off: i128,
}

impl Atoms {
    pub(super) fn new(low: i64, high: i64) -> Atoms {
        let value = |fen: i64| i128::from(fen).saturating_mul(FEN);
        let amount = Atom {
            of: None,
            at_low: value(low),
            at_high: value(high),
            off: 0,
            period: Some((1, 1)),
        };
        Atoms {
            low,
            high,
            atoms: vec![amount],
            gentle: vec![Sum::amount()],
        }
    }

    fn bounds(&self, sum: &Sum) -> Bounds {
        let mut bounds = Bounds {
            at_low: sum.constant,
            at_high: sum.constant,
            off: 0,
        };
        for (atom, factor) in &sum.terms {
            let Some(atom) = self.atoms.get(*atom) else {
                continue;
            };
            // What is lost by dividing is less than one, and goes to what it may be off.
            let part = |value: i128| {
                let product = value.saturating_mul(*factor);
                product.checked_div(FEN).unwrap_or(0)
            };
            bounds.at_low = bounds.at_low.saturating_add(part(atom.at_low));
            bounds.at_high = bounds.at_high.saturating_add(part(atom.at_high));
            let lost = if atom.of.is_some() { 2 } else { 0 };
            let off = part(atom.off).saturating_abs().saturating_add(lost);
            bounds.off = bounds.off.saturating_add(off);
        }
        bounds
    }

    /// Whether a sum is above zero: for every amount of the range, or for none.
    pub(super) fn is_positive(&self, sum: &Sum) -> Result<bool, Undecided> {
        let Bounds {
            at_low,
            at_high,
            off,
        } = self.bounds(sum);
        if at_low.min(at_high).saturating_sub(off) > 0 {
            return Ok(true);
        }
        if at_low.max(at_high).saturating_add(off) <= 0 {
            return Ok(false);
        }
        if let Some((least, most)) = self.flat(sum)
            && (least > 0 || most <= 0)
        {
            return Ok(least > 0);
        }
        // Where the line is within `off` of zero.
        let rise = at_high.saturating_sub(at_low);
        let width = i128::from(self.high).saturating_sub(i128::from(self.low));
        let cross = |level: i128| {
            let way = level.saturating_sub(at_low).checked_mul(width)?;
            let way = way.checked_div(rise)?;
            i64::try_from(way.checked_add(i128::from(self.low))?).ok()
        };
        let (one, two) = (cross(off.saturating_neg()), cross(off));
        let whole = (self.low, self.high);
        let (first, last) = one.zip(two).map_or(whole, |(one, two)| {
            let first = one.min(two).saturating_sub(1).max(self.low);
            let last = one.max(two).saturating_add(1).min(self.high);
            (first.min(last), last)
        });
        Err(Undecided { first, last })
    }

    /// What is whole for certain, and the rest.
    fn whole_and_rest(&self, sum: Sum) -> (Sum, Sum) {
        let part = sum.constant.checked_rem_euclid(FEN).unwrap_or(0);
        let is_whole = |(atom, factor): &(usize, i128)| {
            let atom = self.atoms.get(*atom).and_then(|atom| atom.of.as_ref());
            let is_whole = atom.is_none_or(|(_, made)| *made != Made::AtLeastZero);
            is_whole && factor.checked_rem(FEN) == Some(0)
        };
        let (whole, rest) = sum.terms.into_iter().partition(is_whole);
        let whole = Sum {
            constant: sum.constant.saturating_sub(part),
            terms: whole,
        };
        let rest = Sum {
            constant: part,
            terms: rest,
        };
        (whole, rest)
    }

    /// A sum, or nothing where it is below. Of one that stays about zero, now above and now below, that is an atom.
    pub(super) fn at_least_zero(&mut self, sum: Sum) -> Result<Sum, Undecided> {
        match self.is_positive(&sum) {
            Ok(true) => Ok(sum),
            Ok(false) => Ok(Sum::ZERO),
            Err(_) if self.flat(&sum).is_some() => {
                Ok(self.atom(sum, Made::AtLeastZero, FEN, FEN, FEN))
            }
            Err(undecided) => Err(undecided),
        }
    }

    /// The least and the most of a sum that only repeats, and does not grow.
    pub(super) fn flat(&self, sum: &Sum) -> Option<(i128, i128)> {
        let (period, growth) = self.period_of(sum)?;
        if growth != 0 || period > MOST_TRIED {
            return None;
        }
        let low = i128::from(self.low);
        let mut ends: Option<(i128, i128)> = None;
        for fen in low..low.saturating_add(period) {
            let exact = self.exact(sum, fen)?;
            ends = Some(ends.map_or((exact, exact), |(least, most)| {
                (least.min(exact), most.max(exact))
            }));
        }
        ends
    }

    /// A sum above zero, rounded. What is whole already stays as it is.
    pub(super) fn round(&mut self, sum: Sum, rounding: Rounding) -> Sum {
        let unit = i128::from(rounding.unit.fen());
        let is_even = rounding.mode == RoundingMode::HalfEven;
        // Whole fen make no difference to how the rest is rounded: but a tie goes to the even neighbour of the whole, and
        // below zero it goes the other way.
        let (whole, rest) = match unit == 1 {
            true => self.whole_and_rest(sum),
            false => (Sum::ZERO, sum),
        };
        let is_above = rest.terms.iter().all(|(_, factor)| *factor > 0);
        let (whole, rest) = match rest.terms.is_empty() && rest.constant == 0 {
            true => return whole,
            false if is_above && !is_even => (whole, rest),
            false => (Sum::ZERO, whole.plus(&rest)),
        };
        if rest.terms.is_empty() {
            let constant = rounded(rest.constant, rounding).unwrap_or(0);
            return whole.plus(&Sum {
                constant,
                terms: Vec::new(),
            });
        }
        // Only two units more are the same again for a tie that goes to the even neighbour.
        let parity = if is_even { 2 } else { 1 };
        let step = unit.saturating_mul(parity).saturating_mul(FEN);
        let off = unit.saturating_mul(FEN);
        let atom = self.atom(rest.clone(), Made::Rounded(rounding), FEN, off, step);
        let most = if is_even { FEN.saturating_sub(1) } else { FEN };
        let mut gentle = self.gentle.iter();
        let of = gentle.find(|gentle| rest.part_of(gentle).is_some_and(|part| part <= most));
        if let Some(left) = of.filter(|_| unit == 1).map(|of| of.minus(&atom)) {
            self.gentle.extend([atom.clone(), left]);
        }
        whole.plus(&atom)
    }

    /// Whether a sum rises by nothing or one fen with every fen of the bill.
    pub(super) fn is_gentle(&self, sum: &Sum) -> bool {
        let mut gentle = self.gentle.iter();
        sum.terms.is_empty() || gentle.any(|gentle| gentle.terms == sum.terms)
    }

    /// What a sum comes to in fen at an amount, with every rounding done; `None` where something was allotted, or it is
    /// not whole.
    pub(super) fn value(&self, sum: &Sum, fen: i64) -> Option<i64> {
        let exact = self.exact(sum, i128::from(fen))?;
        let is_whole = exact.checked_rem(FEN)? == 0;
        i64::try_from(exact.checked_div(FEN)?)
            .ok()
            .filter(|_| is_whole)
    }

    fn exact(&self, sum: &Sum, fen: i128) -> Option<i128> {
        let mut exact = sum.constant;
        for (atom, factor) in &sum.terms {
            let value = match &self.atoms.get(*atom)?.of {
                None => fen.checked_mul(FEN)?,
                Some((of, Made::Rounded(rounding))) => rounded(self.exact(of, fen)?, *rounding)?,
                Some((of, Made::AtLeastZero)) => self.exact(of, fen)?.max(0),
                Some((_, Made::Allotted(..))) => return None,
            };
            let product = value.checked_mul(*factor)?;
            if product.checked_rem(FEN)? != 0 {
                return None;
            }
            exact = exact.checked_add(product.checked_div(FEN)?)?;
        }
        Some(exact)
    }

    /// A payer's part of a payment.
    pub(super) fn allot(&mut self, sum: &Sum, shares: &[i64], which: usize) -> Sum {
        let share = shares.get(which).copied().unwrap_or(0);
        let factor = i128::from(share).saturating_mul(FEN / 1_000_000);
        // Every share of the growth must be whole.
        let whole = shares.iter().fold(FEN, |step, share| {
            let share = i128::from(*share).saturating_mul(FEN / 1_000_000);
            let one = FEN.checked_div(gcd(share, FEN)).unwrap_or(1);
            let one = one.saturating_mul(FEN);
            lcm(step, one).unwrap_or(MOST.saturating_mul(FEN))
        });
        let made = Made::Allotted(shares.to_vec(), which);
        self.atom(sum.clone(), made, factor, FEN, whole)
    }

    /// A new atom near `factor` × a sum: at most `off` away, the same again when the sum has grown by a multiple of `step`.
    fn atom(&mut self, sum: Sum, made: Made, factor: i128, off: i128, step: i128) -> Sum {
        let key = Some((sum, made));
        let known = self.atoms.iter().position(|atom| atom.of == key);
        let number = known.unwrap_or_else(|| {
            let nothing = Sum::ZERO;
            let sum = key.as_ref().map_or(&nothing, |(sum, _)| sum);
            let bounds = self.bounds(sum);
            let times = |value: i128| {
                let product = value.checked_mul(factor);
                product.and_then(|product| product.checked_div(FEN))
            };
            // Beyond what can be multiplied it is given up: nothing can be decided on it.
            let (at_low, at_high) = (times(bounds.at_low), times(bounds.at_high));
            let lost = at_low.is_none() || at_high.is_none();
            let off = match lost {
                true => i128::MAX / 4,
                false => bounds.off.saturating_add(off).saturating_add(2),
            };
            let period = self.period_of(sum).and_then(|(period, growth)| {
                let times = step.checked_div(gcd(growth, step))?;
                let period = period.checked_mul(times)?;
                let growth = growth.checked_mul(times)?.checked_div(FEN)?;
                let growth = growth.checked_mul(factor)?.checked_div(FEN)?;
                (period <= MOST).then_some((period, growth))
            });
            self.atoms.push(Atom {
                of: key,
                at_low: at_low.unwrap_or(0),
                at_high: at_high.unwrap_or(0),
                off,
                period,
            });
            self.atoms.len().saturating_sub(1)
        });
        let atom = Sum {
            constant: 0,
            terms: vec![(number, FEN)],
        };
        // Of one that does not grow the values are known.
        match self.flat(&atom).zip(self.atoms.get_mut(number)) {
            Some(((least, most), _)) if least == most => Sum {
                constant: least,
                terms: Vec::new(),
            },
            Some(((least, most), known)) => {
                (known.at_low, known.at_high) = (least.midpoint(most), least.midpoint(most));
                known.off = most.saturating_sub(least);
                atom
            }
            None => atom,
        }
    }

    /// After how many fen more of the bill a sum is the same again but for its growth.
    fn period_of(&self, sum: &Sum) -> Option<(i128, i128)> {
        let mut period = 1i128;
        let mut growth = 0i128;
        for (atom, factor) in &sum.terms {
            let (own, by) = self.atoms.get(*atom)?.period?;
            let both = lcm(period, own)?;
            let known = growth.checked_mul(both.checked_div(period)?)?;
            let new = by
                .checked_mul(both.checked_div(own)?)?
                .checked_mul(*factor)?;
            growth = known.checked_add(new)?;
            period = both;
        }
        (period <= MOST).then_some((period, growth))
    }

    /// After how many fen more of the bill all atoms are the same again but for their growth.
    pub(super) fn period(&self) -> Option<i64> {
        let mut period = 1i128;
        for atom in &self.atoms {
            let (own, _) = atom.period?;
            period = lcm(period, own)?;
        }
        i64::try_from(period).ok()
    }
}

/// An exact value rounded: to whole units, but in the same small ones.
fn rounded(exact: i128, rounding: Rounding) -> Option<i128> {
    let unit = i128::from(rounding.unit.fen()).checked_mul(FEN)?;
    let whole = exact.checked_div_euclid(unit)?;
    let rest = exact.checked_rem_euclid(unit)?;
    let against_half = rest.checked_mul(2)?.cmp(&unit);
    let is_up = match rounding.mode {
        RoundingMode::HalfUp => against_half.is_ge(),
        RoundingMode::HalfEven if against_half.is_eq() => whole.checked_rem(2)? != 0,
        RoundingMode::HalfEven | RoundingMode::HalfDown => against_half.is_gt(),
        RoundingMode::Up => rest != 0,
        RoundingMode::Down => false,
    };
    whole.checked_add(i128::from(is_up))?.checked_mul(unit)
}

fn gcd(one: i128, other: i128) -> i128 {
    let (mut a, mut b) = (one.saturating_abs(), other.saturating_abs());
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a.max(1)
}

fn lcm(one: i128, other: i128) -> Option<i128> {
    one.checked_div(gcd(one, other))?.checked_mul(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_told_or_where_it_may_change() {
        let atoms = Atoms::new(0, 1_000);
        let over = |fen| Sum::amount().minus(&Sum::fen(fen));
        assert_eq!(atoms.is_positive(&over(-1)), Ok(true));
        assert_eq!(atoms.is_positive(&over(1_000)), Ok(false));
        let undecided = atoms.is_positive(&over(400)).unwrap_err();
        assert!((399..=400).contains(&undecided.first), "{undecided:?}");
        assert!((400..=401).contains(&undecided.last), "{undecided:?}");
        // What cancels is nothing.
        assert_eq!(atoms.is_positive(&over(7).minus(&over(7))), Ok(false));
    }

    #[test]
    fn a_rounded_sum_repeats() {
        let mut atoms = Atoms::new(0, 1_000_000);
        let paid = Sum::amount().times(655_000).unwrap();
        let paid = atoms.round(paid, Rounding::default());
        // 65.5 %: 200 fen more are 131 more.
        assert_eq!(atoms.period_of(&paid), Some((200, 131 * FEN)));
        let rest = Sum::amount().minus(&paid);
        let second = atoms.round(rest.times(500_000).unwrap(), Rounding::default());
        assert_eq!(atoms.period_of(&second), Some((400, 69 * FEN)));
        assert_eq!(atoms.period(), Some(400));
        // What is left is gentle, and so is what is left of it, to the fen.
        let left = rest.minus(&second);
        assert!(atoms.is_gentle(&left) && atoms.is_gentle(&second));
        assert!(!atoms.is_gentle(&Sum::amount().plus(&paid)));
        let values = |fen| (atoms.value(&paid, fen), atoms.value(&left, fen));
        // 65.5 % of 10.01 yuan is 6.55655; half of what is left is a tie.
        assert_eq!(values(1_001), (Some(656), Some(172)));
        // The same once more is no new atom.
        let again = Sum::amount().times(655_000).unwrap();
        assert_eq!(atoms.round(again, Rounding::default()), paid);
        assert_eq!(atoms.is_positive(&rest.minus(&Sum::fen(-2))), Ok(true));
    }
}
