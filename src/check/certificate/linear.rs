//! Exact sums over a range of amounts: `constant + Σ factor × atom`.
//!
//! An atom is the bill's amount `x` itself, or something that was rounded to whole fen on the way. Between the ends of a
//! range every atom lies within a known distance of a straight line, so that the sign of a sum can be told for the whole
//! range at once, or where in it the sign may change. And every atom repeats: after `period` more fen of the bill it has
//! grown by exactly `growth` fen. Both are sound as long as no decision on the way to an atom differs within the range.

use crate::rounding::{Rounding, RoundingMode};

/// One fen. Factors and values count in billionths of a thousandth, which holds the product of two ratios exactly.
pub(super) const FEN: i128 = 1_000_000_000_000;

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

    fn is_whole(&self) -> bool {
        let whole = |number: i128| number.checked_rem(FEN) == Some(0);
        whole(self.constant) && self.terms.iter().all(|(_, factor)| whole(*factor))
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

    /// A sum rounded. What is whole already stays as it is.
    pub(super) fn round(&mut self, sum: Sum, rounding: Rounding) -> Sum {
        let unit = i128::from(rounding.unit.fen());
        if unit == 1 && sum.is_whole() {
            return sum;
        }
        // A tie goes to the even neighbour: only two units more are the same again.
        let parity = if rounding.mode == RoundingMode::HalfEven {
            2
        } else {
            1
        };
        let step = unit.saturating_mul(parity).saturating_mul(FEN);
        let off = unit.saturating_mul(FEN);
        self.atom(sum, Made::Rounded(rounding), FEN, off, step)
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
        Sum {
            constant: 0,
            terms: vec![(number, FEN)],
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
        // The same once more is no new atom.
        let again = Sum::amount().times(655_000).unwrap();
        assert_eq!(atoms.round(again, Rounding::default()), paid);
        assert_eq!(atoms.is_positive(&rest.minus(&Sum::fen(-2))), Ok(true));
    }
}
