//! (a) The line × payer matrix of the specialist.
//!
//! Each part's lines lie side by side as 32-bit amounts, in groups of eight, so that the compiler can divide several lines
//! at once. A division by the part's whole becomes a product with its reciprocal; the odd fen are given by a threshold that
//! as many remainders reach as there are odd fen, guessed and then found by counting, without sorting.
//!
//! It is safe Rust for any processor, as the library is: no intrinsics, nothing built for newer processors.

use crate::hand::{COLUMNS, PARTS, PAYERS};
use payer_split::Line;

/// How many lines are in a group.
const LANES: usize = 8;

/// Up to how many lines are divided one by one.
const FEW: usize = 4;

/// How many guesses there are at the threshold.
const GUESSES: usize = 3;

/// Amounts below it keep every product and remainder within the lanes.
const NARROW: i64 = 1 << 30;

/// The lines that have money in one part.
#[derive(Debug, Default)]
struct Column {
    /// How many there are; what lies behind them in the last group is zero.
    len: usize,
    /// Where their rows of the matrix begin.
    rows: Vec<usize>,
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
            if column.rows.len() < lines.len() + 1 {
                column.rows.resize(lines.len() + 1, 0);
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
                if fen != 0 {
                    *sum += fen;
                    column.rows[column.len] = place * COLUMNS;
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
        if let [row] = &mut matrix[..] {
            // One line has it all.
            row[PAYERS.len()] = sums.iter().sum();
            for paid in paid {
                for (cell, paid) in row.iter_mut().zip(paid) {
                    *cell += paid;
                }
            }
            row[PAYERS.len()] -= row[..PAYERS.len()].iter().sum::<i64>();
            return;
        }
        if !self.is_narrow {
            return self.divide_wide(paid, sums, matrix);
        }
        let cells = matrix.as_flattened_mut();
        for ((column, paid), sum) in self.columns.iter_mut().zip(paid).zip(sums) {
            if column.len == 0 {
                continue;
            }
            let groups = column.len.div_ceil(LANES);
            let rows = &column.rows[..column.len];
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
                    add(&mut cells[payer..], rows, unpaid.as_flattened());
                    whole = 0;
                    break;
                }
                if column.len == 1 {
                    unpaid[0][0] -= amount;
                    shares[0][0] = amount;
                } else if column.len <= FEW {
                    let (unpaid, _) = unpaid[0].split_first_chunk_mut().expect("lanes for a few");
                    let (shares, _) = shares[0].split_first_chunk_mut().expect("lanes for a few");
                    allot_few(amount, whole, unpaid, shares);
                } else {
                    allot(column.len, amount, whole, unpaid, shares, remainders);
                }
                whole -= amount;
                add(&mut cells[payer..], rows, shares.as_flattened());
            }
            if whole != 0 {
                add(&mut cells[PAYERS.len()..], rows, unpaid.as_flattened());
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

/// Adds the lines' amounts to one column of the matrix.
fn add(cells: &mut [i64], rows: &[usize], amounts: &[u32]) {
    for (&row, &amount) in rows.iter().zip(amounts) {
        // At most the line, which is no more than a bill may be.
        cells[row] = cells[row].wrapping_add(i64::from(amount));
    }
}

/// Divides `amount`, which is less than `whole`, the sum of what is unpaid; takes the shares off. `len` of the lanes
/// are lines.
fn allot(
    len: usize,
    amount: u32,
    whole: u32,
    unpaid: &mut [[u32; LANES]],
    shares: &mut [[u32; LANES]],
    remainders: &mut [[i32; LANES]],
) {
    // Flat, so that the loops are over lanes; the length is still known to be a multiple.
    let unpaid = unpaid.as_flattened_mut();
    let shares = &mut shares.as_flattened_mut()[..unpaid.len()];
    let remainders = &mut remainders.as_flattened_mut()[..unpaid.len()];
    let odd = quotas(amount, whole, unpaid, shares, remainders);
    let (threshold, ties) = threshold(len, odd, whole, remainders);
    for ((unpaid, share), &remainder) in unpaid.iter_mut().zip(&mut *shares).zip(&*remainders) {
        *share = share.wrapping_add(u32::from(remainder >= threshold));
        *unpaid = unpaid.wrapping_sub(*share);
    }
    if ties > 0 {
        give_ties(threshold - 1, ties, unpaid, shares, remainders);
    }
}

/// The shares rounded down, and their remainders; how many odd fen are left.
fn quotas(
    amount: u32,
    whole: u32,
    unpaid: &[u32],
    shares: &mut [u32],
    remainders: &mut [i32],
) -> u32 {
    let reciprocal = (u64::from(amount) << 32) / u64::from(whole);
    // Below one, so that 32 bits hold it; said to the compiler, for which the product is then one of 32 bits.
    let reciprocal = u64::from(reciprocal as u32);
    let mut given = 0u32;
    for ((&weight, share), remainder) in unpaid.iter().zip(shares).zip(remainders) {
        let low = (u64::from(weight).wrapping_mul(reciprocal) >> 32) as u32;
        let rest = weight
            .wrapping_mul(amount)
            .wrapping_sub(low.wrapping_mul(whole)) as i32;
        // The reciprocal is rounded down: the share may be one too low.
        let above = rest >= whole as i32;
        *share = low.wrapping_add(u32::from(above));
        *remainder = rest.wrapping_sub(if above { whole as i32 } else { 0 });
        given = given.wrapping_add(*share);
    }
    amount.wrapping_sub(given)
}

/// The remainder from which on shares get an odd fen, and how many of those one below it get one too.
fn threshold(len: usize, odd: u32, whole: u32, remainders: &[i32]) -> (i32, u32) {
    if odd == 0 {
        return (whole as i32, 0);
    }
    // Too many remainders reach `low`, too few `high`.
    let (mut low, mut too_many) = (0, len as u32);
    let (mut high, mut too_few) = (whole as i32, 0);
    for _ in 0..GUESSES {
        // Remainders lie evenly, more or less: a guess in the middle of the gap where the last odd fen should be.
        let gaps = 2 * (too_many - too_few) + 2;
        let width = (high - low) as u32;
        let guess = low + (width / gaps * (gaps - 1 - 2 * (odd - too_few))) as i32 + 1;
        let reached = reaching(guess, remainders);
        if reached == odd {
            return (guess, 0);
        }
        if reached > odd {
            (low, too_many) = (guess, reached);
        } else {
            (high, too_few) = (guess, reached);
        }
    }
    // Then from remainder to remainder, from the nearer side: ratios are round numbers, so that remainders lie close
    // together in places, where guessing takes long.
    if too_many - odd < odd - too_few {
        while too_many > odd {
            // Counted from there, what lies below wraps round to the top: the first of all is the least that reaches it.
            let first = remainders.iter().fold(u32::MAX, |first, &remainder| {
                first.min(remainder.wrapping_sub(low) as u32)
            });
            low += first as i32 + 1;
            too_many = reaching(low, remainders);
        }
        return (low, odd - too_many);
    }
    loop {
        let last = remainders.iter().fold(0, |last: u32, &remainder| {
            last.max(remainder.wrapping_sub(high) as u32)
        });
        let greatest = high.wrapping_add(last as i32);
        let reached = reaching(greatest, remainders);
        if reached > odd {
            return (greatest + 1, odd - too_few);
        }
        (high, too_few) = (greatest, reached);
        if reached == odd {
            return (high, 0);
        }
    }
}

/// How many remainders reach this one.
fn reaching(from: i32, remainders: &[i32]) -> u32 {
    let below = remainders.iter().fold(0u32, |below, &remainder| {
        below.wrapping_add(u32::from(remainder < from))
    });
    remainders.len() as u32 - below
}

/// The same for a few lines, one by one.
fn allot_few(amount: u32, whole: u32, unpaid: &mut [u32; FEW], shares: &mut [u32; FEW]) {
    let (amount, whole) = (u64::from(amount), u64::from(whole));
    let reciprocal = (amount << 32) / whole;
    let mut remainders = [0u64; FEW];
    let mut odd = amount;
    for lane in 0..FEW {
        let weight = u64::from(unpaid[lane]);
        let mut share = weight.wrapping_mul(reciprocal) >> 32;
        let mut rest = weight
            .wrapping_mul(amount)
            .wrapping_sub(share.wrapping_mul(whole));
        if rest >= whole {
            share = share.wrapping_add(1);
            rest = rest.wrapping_sub(whole);
        }
        shares[lane] = share as u32;
        remainders[lane] = rest;
        odd = odd.wrapping_sub(share);
    }
    while odd > 0 {
        let mut largest = 0;
        for lane in 1..FEW {
            if remainders[lane] > remainders[largest] {
                largest = lane;
            }
        }
        shares[largest] = shares[largest].wrapping_add(1);
        remainders[largest] = 0;
        odd = odd.wrapping_sub(1);
    }
    for lane in 0..FEW {
        unpaid[lane] = unpaid[lane].wrapping_sub(shares[lane]);
    }
}

/// Gives an odd fen to the first of equal remainders.
#[cold]
fn give_ties(tied: i32, ties: u32, unpaid: &mut [u32], shares: &mut [u32], remainders: &[i32]) {
    let places = (0..remainders.len()).filter(|&place| remainders[place] == tied);
    for place in places.take(ties as usize) {
        shares[place] += 1;
        unpaid[place] -= 1;
    }
}
