//! The money of a step: what was billed of what it covers, and what earlier steps had paid of it, part by part.

use super::figure::Unit;
use super::how::How;
use super::step::{Steps, Worked, part_words};
use super::why::{Kind, Why};
use crate::line::Part;
use crate::policy::step::{Covers, Formula, Guarantee};
use crate::settle::columns::{PARTS, Row, within, zip};

impl Steps<'_> {
    /// By step, in order: what the marked slots had paid of the covered cells; steps without any are left out.
    pub(super) fn paid_before(
        &self,
        slots: impl Fn(usize) -> bool,
        of: impl Fn(usize, &Row) -> i64,
        kind: Kind,
    ) -> Vec<Why> {
        let mut steps: Vec<(usize, i64)> = Vec::new();
        let payments = self.observed.cells.payments.iter();
        for (slot, column) in payments.filter(|(slot, _)| slots(*slot)) {
            let mut owners = self.policy.steps.iter();
            let owner = owners.position(|step| step.slots.contains(slot));
            let rows = column.iter().enumerate();
            let paid = rows.fold(0i64, |sum, (place, row)| sum.saturating_add(of(place, row)));
            match (owner, steps.last_mut()) {
                (Some(owner), Some((last, sum))) if *last == owner => {
                    *sum = sum.saturating_add(paid);
                }
                (Some(owner), _) => steps.push((owner, paid)),
                (None, _) => {}
            }
        }
        let paid = steps.into_iter().filter(|(_, paid)| *paid != 0);
        paid.map(|(step, paid)| {
            let (id, name) = self.name(step);
            Why::money(kind, paid).named(id, name)
        })
        .collect()
    }
}

/// All of some cells.
fn all(row: &Row) -> i64 {
    row.iter().fold(0, |sum, fen| sum.saturating_add(*fen))
}

impl Worked<'_> {
    /// How much of a row a cover takes in.
    pub(super) fn covered_by(&self, covers: Covers) -> impl Fn(usize, &Row) -> i64 {
        let signatures = &self.of.observed.cells.signatures;
        move |place, row| {
            let signature = signatures.get(place).copied().unwrap_or_default();
            all(&within(row, &covers.mask(signature)))
        }
    }

    /// What is unpaid of the cells that count, part by part.
    pub(super) fn unpaid(&self) -> Option<Why> {
        let counts = |place: usize, part: usize| {
            let weight = self.found.weights.get(place)?.get(part)?;
            match self.step.base.billed || !self.step.base.leaves_nothing_out() {
                true => Some(*weight > 0),
                false => Some(self.mask(place).get(part)? != &0),
            }
        };
        let counts = |place, part| counts(place, part).unwrap_or(false);
        self.by_part(Kind::Unpaid, counts, |slot| slot < self.step.slots.start)
    }

    fn mask(&self, place: usize) -> Row {
        let signatures = &self.of.observed.cells.signatures;
        let signature = signatures.get(place).copied().unwrap_or_default();
        self.step.covers.mask(signature)
    }

    /// What was billed in some cells less what some slots paid of it, by part.
    fn by_part(
        &self,
        kind: Kind,
        counts: impl Fn(usize, usize) -> bool,
        slots: impl Fn(usize) -> bool,
    ) -> Option<Why> {
        let mut parts = Vec::new();
        for part in Part::ALL {
            let index = part.index();
            let of = |place: usize, row: &Row| match counts(place, index) {
                true => row.get(index).copied().unwrap_or(0),
                false => 0,
            };
            let rows = self.of.observed.cells.billed.iter().enumerate();
            let billed = rows.fold(0i64, |sum, (place, row)| sum.saturating_add(of(place, row)));
            if billed > 0 {
                let paid = self.of.paid_before(&slots, of, Kind::PaidBefore);
                let billed = Why::money(Kind::Billed, billed).named("", part_words(part));
                parts.push(less(billed, paid, part)?);
            }
        }
        Why::worked(kind, How::Sum, parts)
    }

    /// The money that the step worked on.
    pub(super) fn base(&self) -> Option<Why> {
        let mut why = self.measured()?;
        if let Some(fixed) = self.step.base.fixed.filter(|_| self.measured > 0) {
            let fixed = self.figure(fixed, Unit::Amount, self.measured)?;
            let fixed = self.titled(fixed, Kind::Fixed);
            why = Why::worked(Kind::Base, How::Same, vec![fixed])?;
        }
        if self.step.cost_limits.is_empty() || self.covered == 0 {
            return Some(why);
        }
        let mut from = vec![Why {
            kind: Kind::Covered,
            ..why
        }];
        for &limit in &self.step.cost_limits {
            from.push(self.limit(limit)?);
        }
        Why::worked(Kind::Base, How::Least, from)
    }

    /// What counts of the covered money.
    fn measured(&self) -> Option<Why> {
        let covers = |place: usize, part: usize| self.mask(place).get(part) != Some(&0);
        let base = &self.step.base;
        let unpaid_only = !base.billed;
        let is_guarantee = matches!(self.step.formula, Formula::Guarantee(_));
        let slots = |slot: usize| slot < self.step.slots.start && unpaid_only;
        if base.leaves_nothing_out() || is_guarantee {
            return self.by_part(Kind::Base, covers, slots);
        }
        // Each cell less what is left out of it, never below zero: cell by cell.
        let cells = &self.of.observed.cells;
        let mut parts = Vec::new();
        for part in Part::ALL {
            let index = part.index();
            let mut by_kind = Vec::new();
            for (place, row) in cells.billed.iter().enumerate() {
                let billed = row.get(index).copied().unwrap_or(0);
                if billed == 0 || !covers(place, index) {
                    continue;
                }
                let of = |at: usize, row: &Row| match at == place {
                    true => row.get(index).copied().unwrap_or(0),
                    false => 0,
                };
                let listed = |slot: usize| base.less.iter().any(|slots| slots.contains(&slot));
                let mut out = self.of.paid_before(
                    |slot| slots(slot) || (listed(slot) && slot < self.step.slots.start),
                    of,
                    Kind::PaidBefore,
                );
                for (step, column) in &cells.deducted {
                    let fen = column.get(place).map_or(0, |row| of(place, row));
                    if base.less_deductible_of.contains(step) && fen > 0 {
                        let (id, name) = self.of.name(*step);
                        out.push(Why::money(Kind::DeductibleBefore, fen).named(id, name));
                    }
                }
                let billed = Why::money(Kind::Billed, billed).named("", part_words(part));
                by_kind.push(less(billed, out, part)?);
            }
            match by_kind.len() {
                0 => {}
                1 => parts.extend(by_kind),
                _ => parts.push(
                    Why::worked(Kind::Part, How::Sum, by_kind)?.named(part.id(), part_words(part)),
                ),
            }
        }
        Why::worked(Kind::Base, How::Sum, parts)
    }

    /// The money of a guarantee.
    pub(super) fn guaranteed(&self, guarantee: &Guarantee) -> Option<Why> {
        let covers = self.covered_by(guarantee.of);
        let mut billed = Vec::new();
        for part in Part::ALL {
            let index = part.index();
            let only = |row: &Row| {
                let mut mask = [0; PARTS];
                if let Some(own) = mask.get_mut(index) {
                    *own = -1;
                }
                zip(row, &mask, |fen, mask| fen & mask)
            };
            let rows = self.of.observed.cells.billed.iter().enumerate();
            let fen = rows.fold(0i64, |sum, (place, row)| {
                sum.saturating_add(covers(place, &only(row)))
            });
            if fen > 0 {
                billed.push(Why::money(Kind::Billed, fen).named("", part_words(part)));
            }
        }
        let base = &self.step.base;
        let billed = Why::worked(Kind::Guaranteed, How::Sum, billed)?;
        if base.leaves_nothing_out() {
            return Some(billed);
        }
        let listed = |slot: usize| base.less.iter().any(|slots| slots.contains(&slot));
        let mut from = vec![billed];
        from.extend(self.of.paid_before(listed, &covers, Kind::PaidBefore));
        for (step, column) in &self.of.observed.cells.deducted {
            let rows = column.iter().enumerate();
            let fen = rows.fold(0i64, |sum, (place, row)| {
                sum.saturating_add(covers(place, row))
            });
            if base.less_deductible_of.contains(step) && fen > 0 {
                let (id, name) = self.of.name(*step);
                from.push(Why::money(Kind::DeductibleBefore, fen).named(id, name));
            }
        }
        Why::worked(Kind::Guaranteed, How::Less, from)
    }
}

/// A part less what was paid of it.
pub(super) fn less(billed: Why, paid: Vec<Why>, part: Part) -> Option<Why> {
    let from: Vec<Why> = std::iter::once(billed).chain(paid).collect();
    let how = match from.len() {
        1 => How::Same,
        _ => How::Less,
    };
    Some(Why::worked(Kind::Part, how, from)?.named(part.id(), part_words(part)))
}
