//! (a) The line × payer matrix of the specialist.
//!
//! Each part's lines lie side by side as 32-bit amounts, four at a time, so that the compiler can divide four lines at
//! once. A division by the part's whole becomes a product with its reciprocal; the odd fen are given by a threshold
//! that as many remainders reach as there are odd fen, found by counting, without sorting.

use crate::hand::{COLUMNS, PARTS, PAYERS};
use payer_split::Line;

/// How many lines are divided at once.
const LANES: usize = 4;

/// Amounts below it keep every product and remainder within the lanes.
const NARROW: i64 = 1 << 30;

/// The lines that have money in one part.
#[derive(Debug, Default)]
struct Column {
    /// How many there are; what lies behind them in the last group is zero.
    len: usize,
    /// Their places in the bill.
    places: Vec<usize>,
    unpaid: Vec<[u32; LANES]>,
}

/// Buffers, kept between bills.
#[derive(Debug, Default)]
pub struct Lines {
    columns: [Column; PARTS],
    parts: Vec<[i64; PARTS]>,
    shares: Vec<[u32; LANES]>,
    remainders: Vec<[i32; LANES]>,
    lines: usize,
    is_narrow: bool,
}

impl Lines {
    /// Sums the parts, and lays the lines out for [`divide`](Self::divide).
    pub fn gather(&mut self, lines: &[Line]) -> [i64; PARTS] {
        self.lines = lines.len();
        for column in &mut self.columns {
            column.len = 0;
            if column.places.len() < lines.len() + 1 {
                column.places.resize(lines.len() + 1, 0);
                column.unpaid.resize(lines.len() / LANES + 2, [0; LANES]);
            }
        }
        let mut sums = [0i64; PARTS];
        for (place, line) in lines.iter().enumerate() {
            let parts = line.parts();
            let parts = [
                parts.own_expense.fen(),
                parts.over_limit.fen(),
                parts.first_self_payment.fen(),
                parts.in_scope.fen(),
            ];
            for ((sum, fen), column) in sums.iter_mut().zip(parts).zip(&mut self.columns) {
                *sum += fen;
                if fen != 0 {
                    column.places[column.len] = place;
                    column.unpaid.as_flattened_mut()[column.len] = fen as u32;
                    column.len += 1;
                }
            }
        }
        self.is_narrow = sums.iter().all(|sum| *sum < NARROW);
        if !self.is_narrow {
            self.parts.clear();
            self.parts.extend(lines.iter().map(|line| {
                let parts = line.parts();
                [
                    parts.own_expense.fen(),
                    parts.over_limit.fen(),
                    parts.first_self_payment.fen(),
                    parts.in_scope.fen(),
                ]
            }));
        }
        sums
    }

    /// Fills the matrix: each payer's amount in a part goes to the lines by what each still has unpaid of it, in the
    /// order of payment; the patient has the rest.
    pub fn divide(
        &mut self,
        paid: &[[i64; PAYERS.len()]; PARTS],
        sums: &[i64; PARTS],
        matrix: &mut Vec<[i64; COLUMNS]>,
    ) {
        matrix.clear();
        matrix.resize(self.lines, [0; COLUMNS]);
        if !self.is_narrow {
            return self.divide_wide(paid, sums, matrix);
        }
        for ((column, paid), sum) in self.columns.iter_mut().zip(paid).zip(sums) {
            if column.len == 0 {
                continue;
            }
            let groups = column.len.div_ceil(LANES);
            let places = &column.places[..column.len];
            let unpaid = &mut column.unpaid[..groups];
            unpaid.as_flattened_mut()[column.len..].fill(0);
            if self.shares.len() < groups {
                self.shares.resize(groups, [0; LANES]);
                self.remainders.resize(groups, [0; LANES]);
            }
            let shares = &mut self.shares[..groups];
            let remainders = &mut self.remainders[..groups];
            let mut whole = *sum as u32;
            for (payer, &amount) in paid.iter().enumerate() {
                let amount = amount as u32;
                if amount == 0 {
                    continue;
                }
                if amount == whole {
                    for (&place, unpaid) in places.iter().zip(unpaid.as_flattened_mut()) {
                        matrix[place][payer] += i64::from(*unpaid);
                        *unpaid = 0;
                    }
                    whole = 0;
                    break;
                }
                allot(amount, whole, unpaid, shares, remainders);
                whole -= amount;
                for (&place, share) in places.iter().zip(shares.as_flattened()) {
                    matrix[place][payer] += i64::from(*share);
                }
            }
            if whole != 0 {
                for (&place, unpaid) in places.iter().zip(unpaid.as_flattened()) {
                    matrix[place][PAYERS.len()] += i64::from(*unpaid);
                }
            }
        }
    }

    /// The same for bills of many millions.
    #[cold]
    fn divide_wide(
        &mut self,
        paid: &[[i64; PAYERS.len()]; PARTS],
        sums: &[i64; PARTS],
        matrix: &mut [[i64; COLUMNS]],
    ) {
        for part in 0..PARTS {
            let mut unpaid: Vec<i64> = self.parts.iter().map(|parts| parts[part]).collect();
            let mut shares = vec![0; unpaid.len()];
            let mut whole = sums[part];
            for (payer, &amount) in paid[part].iter().enumerate() {
                if amount == 0 {
                    continue;
                }
                crate::plain::largest_remainder(amount, whole, &unpaid, &mut shares);
                whole -= amount;
                for ((row, unpaid), share) in matrix.iter_mut().zip(&mut unpaid).zip(&shares) {
                    row[payer] += share;
                    *unpaid -= share;
                }
            }
            for (row, unpaid) in matrix.iter_mut().zip(&unpaid) {
                row[PAYERS.len()] += unpaid;
            }
        }
    }
}

/// Divides `amount`, which is less than `whole`, the sum of what is unpaid; takes the shares off.
fn allot(
    amount: u32,
    whole: u32,
    unpaid: &mut [[u32; LANES]],
    shares: &mut [[u32; LANES]],
    remainders: &mut [[i32; LANES]],
) {
    let reciprocal = (u64::from(amount) << 32) / u64::from(whole);
    let mut given = [0u32; LANES];
    for ((unpaid, share), remainder) in unpaid.iter().zip(&mut *shares).zip(&mut *remainders) {
        for lane in 0..LANES {
            let weight = unpaid[lane];
            let low = (u64::from(weight).wrapping_mul(reciprocal) >> 32) as u32;
            let rest = weight
                .wrapping_mul(amount)
                .wrapping_sub(low.wrapping_mul(whole)) as i32;
            // The reciprocal is rounded down: the share may be one too low.
            let above = rest >= whole as i32;
            share[lane] = low.wrapping_add(u32::from(above));
            remainder[lane] = rest.wrapping_sub(if above { whole as i32 } else { 0 });
            given[lane] = given[lane].wrapping_add(share[lane]);
        }
    }
    let given = given.iter().fold(0u32, |sum, lane| sum.wrapping_add(*lane));
    let odd = amount.wrapping_sub(given);
    let (threshold, ties) = threshold(odd, whole, remainders);
    for ((unpaid, share), remainder) in unpaid.iter_mut().zip(&mut *shares).zip(&*remainders) {
        for lane in 0..LANES {
            share[lane] = share[lane].wrapping_add(u32::from(remainder[lane] >= threshold));
            unpaid[lane] = unpaid[lane].wrapping_sub(share[lane]);
        }
    }
    if ties > 0 {
        give_ties(threshold - 1, ties, unpaid, shares, remainders);
    }
}

/// The remainder from which on shares get an odd fen, and how many of those one below it get one too.
fn threshold(odd: u32, whole: u32, remainders: &[[i32; LANES]]) -> (i32, u32) {
    let (mut low, mut high) = (0i32, whole as i32);
    let (mut from_low, mut from_high) = ((remainders.len() * LANES) as u32, 0u32);
    if odd == 0 {
        return (high, 0);
    }
    let mut halve = false;
    loop {
        // Remainders lie evenly, more or less; every other guess is the middle, in case they do not.
        let width = (high - low) as u32;
        let step = if halve {
            width / 2
        } else {
            (u64::from(width) * u64::from(from_low - odd) / u64::from(from_low - from_high)) as u32
        };
        let guess = (low + step as i32).clamp(low + 1, high - 1);
        let reached = count(remainders, guess);
        if reached == odd {
            return (guess, 0);
        }
        if reached > odd {
            (low, from_low) = (guess, reached);
        } else {
            (high, from_high) = (guess, reached);
        }
        if high - low == 1 {
            return (high, odd - from_high);
        }
        halve = !halve;
    }
}

/// How many remainders reach the threshold.
fn count(remainders: &[[i32; LANES]], threshold: i32) -> u32 {
    let mut counts = [0u32; LANES];
    for remainder in remainders {
        for lane in 0..LANES {
            counts[lane] = counts[lane].wrapping_add(u32::from(remainder[lane] >= threshold));
        }
    }
    counts
        .iter()
        .fold(0u32, |sum, lane| sum.wrapping_add(*lane))
}

/// Gives an odd fen to the first of equal remainders.
#[cold]
fn give_ties(
    tied: i32,
    ties: u32,
    unpaid: &mut [[u32; LANES]],
    shares: &mut [[u32; LANES]],
    remainders: &[[i32; LANES]],
) {
    let remainders = remainders.as_flattened();
    let places = (0..remainders.len()).filter(|&place| remainders[place] == tied);
    for place in places.take(ties as usize) {
        shares.as_flattened_mut()[place] += 1;
        unpaid.as_flattened_mut()[place] -= 1;
    }
}
