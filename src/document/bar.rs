//! How many units of a bar each amount takes.

use crate::money::Money;

/// Divides a bar of so many units among amounts: by largest remainder, and every amount above zero has at least one unit
/// where there are enough of them.
pub(super) fn divide(amounts: &[Money], units: u32) -> Vec<u32> {
    let sizes: Vec<i128> = amounts
        .iter()
        .map(|amount| i128::from(amount.fen().max(0)))
        .collect();
    let total: i128 = sizes.iter().copied().fold(0, i128::saturating_add);
    let share = |size: i128| {
        let scaled = size.saturating_mul(i128::from(units));
        let whole = scaled.checked_div(total).unwrap_or(0);
        (whole, scaled.checked_rem(total).unwrap_or(0))
    };
    let mut widths: Vec<i128> = Vec::new();
    for &size in &sizes {
        let (whole, _) = share(size);
        widths.push(if size > 0 { whole.max(1) } else { 0 });
    }
    let taken = |widths: &[i128]| widths.iter().copied().fold(0, i128::saturating_add);
    // What is left over goes to the largest remainders,
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|&place| {
        let (whole, rest) = share(sizes.get(place).copied().unwrap_or(0));
        // Whoever was raised to one unit has had more than its share.
        std::cmp::Reverse(if whole > 0 { rest } else { 0 })
    });
    let missing = i128::from(units).saturating_sub(taken(&widths));
    if total > 0 {
        for place in by_remainder
            .into_iter()
            .take(usize::try_from(missing).unwrap_or(0))
        {
            if let Some(width) = widths.get_mut(place) {
                *width = width.saturating_add(1);
            }
        }
    }
    // and what the small ones took too much comes from the widest.
    while taken(&widths) > i128::from(units) {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 1 => *widest = widest.saturating_sub(1),
            _ => break,
        }
    }
    let widths = widths
        .into_iter()
        .map(|width| u32::try_from(width).unwrap_or(0));
    widths.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(yuan: &[i64], units: u32) -> Vec<u32> {
        let amounts: Vec<Money> = yuan.iter().map(|&fen| Money::from_fen(fen)).collect();
        divide(&amounts, units)
    }

    #[test]
    fn units_are_in_proportion_and_fill_the_bar() {
        assert_eq!(bar(&[50, 30, 20], 10), [5, 3, 2]);
        assert_eq!(bar(&[1, 1, 1], 10), [4, 3, 3]);
        assert_eq!(bar(&[0, 7], 10), [0, 10]);
    }

    #[test]
    fn whoever_paid_is_seen() {
        assert_eq!(bar(&[1, 99_998, 1], 10), [1, 8, 1]);
        assert_eq!(bar(&[1, 1, 1], 2), [1, 1, 1]);
    }

    #[test]
    fn nothing_is_an_empty_bar() {
        assert_eq!(bar(&[0, 0], 10), [0, 0]);
        assert!(bar(&[], 10).is_empty());
    }
}
