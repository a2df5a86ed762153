//! The cells of the matrix: how a step's amount was divided, between its payers, the cells that it covers, and their lines.

use super::how::How;
use super::money::less;
use super::step::part_words;
use super::why::{Kind, Value, Why, Words};
use super::{Explanation, Slot};
use crate::line::Part;
use crate::ratio::Ratio;
use crate::settle::columns::PARTS;
use crate::settle::observed::ObservedStep;

/// So many lines of a cell are listed.
const LISTED: usize = 8;

/// One share of a division.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    fen: i64,
    /// What was divided, and in proportion to what, when its turn came.
    of: i64,
    whole: i64,
    how: Rank,
}

/// How a share was rounded.
#[derive(Debug, Clone, Copy, Default)]
enum Rank {
    /// It is all that there was.
    #[default]
    Capped,
    /// Rounded down, or up if its place by remainder is within the odd fen.
    Open { odd: u64, place: u64 },
}

/// Divides fen in proportion to weights, none above its cap: rounded down, and the odd fen to the largest remainders.
fn divide(amount: i64, weights: &[i64], caps: &[i64]) -> Option<Vec<Share>> {
    let mut shares = vec![Share::default(); weights.len()];
    let mut open: Vec<(usize, i128, i64)> = Vec::new();
    for (index, (weight, cap)) in weights.iter().zip(caps).enumerate() {
        if *weight > 0 {
            open.push((index, i128::from(*weight), *cap));
        }
    }
    let mut left = i128::from(amount);
    loop {
        let whole: i128 = open
            .iter()
            .fold(0, |sum, (_, weight, _)| sum.saturating_add(*weight));
        if left == 0 || whole == 0 {
            return Some(shares);
        }
        let quota = |weight: i128| left.checked_mul(weight)?.checked_div(whole);
        let is_full = |weight, cap| Some(quota(weight)? >= i128::from(cap));
        let (full, rest): (Vec<_>, Vec<_>) = open
            .iter()
            .copied()
            .partition(|(_, weight, cap)| is_full(*weight, *cap) == Some(true));
        let (of, all) = (i64::try_from(left).ok()?, i64::try_from(whole).ok()?);
        if full.is_empty() {
            let mut ranked = Vec::new();
            let mut odd = left;
            for (index, weight, _) in rest {
                let down = quota(weight)?;
                odd = odd.checked_sub(down)?;
                let remainder = left.checked_mul(weight)?.checked_rem(whole)?;
                ranked.push((std::cmp::Reverse(remainder), index, down));
            }
            ranked.sort_unstable();
            let odd = u64::try_from(odd).ok()?;
            for (place, (_, index, down)) in (1..).zip(ranked) {
                let up = i128::from(place <= odd);
                *shares.get_mut(index)? = Share {
                    fen: i64::try_from(down.checked_add(up)?).ok()?,
                    of,
                    whole: all,
                    how: Rank::Open { odd, place },
                };
            }
            return Some(shares);
        }
        for (index, _, cap) in full {
            left = left.checked_sub(i128::from(cap))?;
            *shares.get_mut(index)? = Share {
                fen: cap,
                of,
                whole: all,
                how: Rank::Capped,
            };
        }
        open = rest;
    }
}

/// An amount divided in proportion to weights.
pub(super) fn shares(amount: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let shares = divide(amount, weights, &vec![i64::MAX; weights.len()])?;
    Some(shares.into_iter().map(|share| share.fen).collect())
}

/// Why a share is what it is. `of` is what was divided, `weight` that by which it went.
fn portion(kind: Kind, share: Share, of: Why, weight: Why) -> Option<Why> {
    match share.how {
        Rank::Capped => {
            let all = Why::money(Kind::Unpaid, share.fen);
            Why::worked(kind, How::Capped, vec![all, of])
        }
        // The only one.
        Rank::Open { .. } if of.fen() == share.fen => Why::worked(kind, How::Same, vec![of]),
        Rank::Open { odd, place } => {
            let whole = match weight.value {
                Value::Ratio(_) => Value::Ratio(Ratio::from_millionths(share.whole)),
                _ => Why::money(Kind::Whole, share.whole).value,
            };
            // What caps took out of the division beforehand is not divided.
            let of = match of.fen() == share.of {
                true => of,
                false => {
                    let taken = of.fen().checked_sub(share.of)?;
                    let taken = Why::money(Kind::PaidBefore, taken)
                        .named("", Words::new("已付满的费用", "what was paid in full"));
                    Why::worked(Kind::StepShare, How::Less, vec![of, taken])?
                }
            };
            let from = vec![of, weight, Why::given(Kind::Whole, whole)];
            Why::worked(kind, How::Portion { odd, place }, from)
        }
    }
}

impl Explanation {
    /// The tree of a step, and its amount.
    fn step_why(&self, number: usize) -> Option<&Why> {
        self.steps.get(number)?.why.as_ref()
    }

    fn slots_of(&self, step: usize) -> impl Iterator<Item = (usize, &Slot)> {
        let slots = self.slots.iter().enumerate();
        slots.filter(move |(_, slot)| slot.step == step)
    }

    /// What a slot pays: the step's whole amount, or its payer's portion of it.
    pub(super) fn slot_why(&self, slot: usize) -> Option<Why> {
        let own = self.slots.get(slot)?;
        let why = self.step_why(own.step)?;
        let slots: Vec<(usize, &Slot)> = self.slots_of(own.step).collect();
        if slots.len() == 1 {
            return Some(why.clone());
        }
        let weights: Vec<i64> = slots
            .iter()
            .map(|(_, slot)| slot.share.millionths())
            .collect();
        let shares = divide(why.fen(), &weights, &vec![i64::MAX; weights.len()])?;
        let place = slots.iter().position(|(number, _)| *number == slot)?;
        let weight = Why::given(Kind::PayerShare, Value::Ratio(own.share));
        let share = *shares.get(place)?;
        if share.how.is_nothing(share.fen) {
            return Some(Why::money(Kind::StepShare, 0));
        }
        let (id, name) = self.payer(own.payer);
        Some(portion(Kind::StepShare, share, why.clone(), weight)?.named(&id, name))
    }

    /// What a slot pays of a cell.
    fn cell_why(&self, slot: usize, place: usize, part: usize) -> Option<Why> {
        let own = self.slots.get(slot)?;
        let mut steps = self.observed.steps.iter();
        let found = steps.find(|found| found.number == own.step)?;
        let why = self.step_why(own.step)?;
        let index = place.checked_mul(PARTS)?.checked_add(part)?;
        let (weights, caps) = weights_and_caps(found);
        let shares = divide(why.fen(), &weights, &caps)?;
        let slots: Vec<(usize, &Slot)> = self.slots_of(own.step).collect();
        let name = self.cell_name(place, part);
        if slots.len() == 1 {
            let weight = Why::money(Kind::Weight, *weights.get(index)?);
            let share = *shares.get(index)?;
            return Some(portion(Kind::StepOfCell, share, why.clone(), weight)?.named("", name));
        }
        // Several payers: each takes its part of what is left of the cells' shares.
        let mut left: Vec<i64> = shares.iter().map(|share| share.fen).collect();
        for (number, _) in slots {
            let of = self.slot_why(number)?;
            let shares = divide(of.fen(), &left, &left)?;
            if number == slot {
                let weight = Why::money(Kind::Weight, *left.get(index)?);
                let share = *shares.get(index)?;
                return Some(portion(Kind::StepOfCell, share, of, weight)?.named("", name));
            }
            for (left, share) in left.iter_mut().zip(shares) {
                *left = left.checked_sub(share.fen)?;
            }
        }
        None
    }

    /// The lines of a cell: numbers from 1, and the part.
    fn cell_name(&self, place: usize, part: usize) -> Words {
        let lines = (1usize..).zip(&self.observed.cells.lines);
        let lines = lines.filter(|(_, (kind, row))| {
            *kind == place && row.get(part).is_some_and(|fen| *fen != 0)
        });
        let lines: Vec<String> = lines.map(|(number, _)| number.to_string()).collect();
        let part = Part::ALL.get(part).copied().unwrap_or(Part::InScope);
        let count = lines.len();
        let (zh, en) = match lines.as_slice() {
            [only] => (format!("第 {only} 行"), format!("line {only}")),
            [first, .., last] if count > LISTED => (
                format!("第 {first} 至 {last} 行中的 {count} 行"),
                format!("{count} lines among {first} to {last}"),
            ),
            lines => (
                format!("第 {} 行", lines.join("、")),
                format!("lines {}", lines.join(", ")),
            ),
        };
        Words::new(
            format!("{zh}的{}", part.zh()),
            format!("{} of {en}", part.en()),
        )
    }

    /// By slot that paid of it: what it pays of one part of one line.
    fn line_whys(&self, line: usize, part: usize) -> Option<Vec<(usize, Why)>> {
        let cells = &self.observed.cells;
        let (place, _) = *cells.lines.get(line)?;
        let owing = cells.lines.iter().enumerate();
        let owing: Vec<(usize, i64)> = owing
            .filter(|(_, (kind, _))| *kind == place)
            .filter_map(|(number, (_, row))| Some((number, *row.get(part)?)))
            .filter(|(_, fen)| *fen != 0)
            .collect();
        let Some(own) = owing.iter().position(|(number, _)| *number == line) else {
            return Some(Vec::new());
        };
        let mut unpaid: Vec<i64> = owing.iter().map(|(_, fen)| *fen).collect();
        let mut whys = Vec::new();
        for (slot, column) in &cells.payments {
            let fen = *column.get(place)?.get(part)?;
            if fen == 0 {
                continue;
            }
            let shares = divide(fen, &unpaid, &unpaid)?;
            let share = *shares.get(own)?;
            if !share.how.is_nothing(share.fen) {
                let of = self.cell_why(*slot, place, part)?;
                let weight = Why::money(Kind::Weight, *unpaid.get(own)?);
                let (id, name) = self.step_name(self.slots.get(*slot)?.step);
                let why = portion(Kind::StepOfLine, share, of, weight)?;
                whys.push((*slot, why.named(&id, name)));
            }
            for (unpaid, share) in unpaid.iter_mut().zip(shares) {
                *unpaid = unpaid.checked_sub(share.fen)?;
            }
        }
        Some(whys)
    }

    /// What a payer pays of a line.
    pub(super) fn cell_of(&self, line: usize, payer: usize) -> Option<Why> {
        let mut from = Vec::new();
        for part in 0..PARTS {
            let whys = self.line_whys(line, part)?.into_iter();
            let own = whys.filter(|(slot, _)| {
                let slot = self.slots.get(*slot);
                slot.is_some_and(|slot| slot.payer == payer)
            });
            from.extend(own.map(|(_, why)| why));
        }
        let (id, name) = self.payer(payer);
        Some(Why::worked(Kind::Cell, How::Sum, from)?.named(&id, name))
    }

    /// What the patient pays of a line.
    pub(super) fn patient_of(&self, line: usize) -> Option<Why> {
        let (_, row) = *self.observed.cells.lines.get(line)?;
        let mut parts = Vec::new();
        for (part, fen) in Part::ALL.into_iter().zip(row) {
            if fen == 0 {
                continue;
            }
            let paid = self.line_whys(line, part.index())?.into_iter();
            let billed = Why::money(Kind::Billed, fen).named("", part_words(part));
            parts.push(less(billed, paid.map(|(_, why)| why).collect(), part)?);
        }
        Why::worked(Kind::PatientOfLine, How::Sum, parts)
    }
}

impl Rank {
    fn is_nothing(self, fen: i64) -> bool {
        fen == 0 && matches!(self, Rank::Capped)
    }
}

fn weights_and_caps(found: &ObservedStep) -> (Vec<i64>, Vec<i64>) {
    let weights = found.weights.iter().flatten();
    let unpaid = found.unpaid.iter().flatten();
    let caps = weights.clone().zip(unpaid);
    let caps = caps.map(|(weight, unpaid)| if *weight > 0 { *unpaid } else { 0 });
    (weights.copied().collect(), caps.collect())
}
