//! Aiming: the amount of one line of a bill is moved until the bill sits at a threshold of a step, or a step comes out at
//! an exact half.
//!
//! Where a threshold of a later step lies depends on what the steps before it pay. So the bill is settled at a few amounts,
//! and an interval in which something about a step changes is halved until its ends are one fen apart.

use super::amounts::LARGEST;
use crate::money::Money;
use crate::policy::Policy;
use crate::probe::{Bench, Chance, Kind, Probe};
use crate::ratio::Ratio;
use crate::settlement::{Rate, Settlement};
use std::collections::BTreeSet;

/// A bill of which the last line is to be moved.
pub(super) struct Aim<'a> {
    pub(super) policy: &'a Policy,
    pub(super) bench: &'a mut Bench,
    pub(super) probe: &'a mut Probe,
    /// The id of the step that the bill was made for.
    pub(super) step: Option<&'a str>,
    /// What the last line is for.
    pub(super) kind: &'a Kind,
    /// Its amount in fen.
    pub(super) fen: i64,
}

/// What a bill is within or beyond.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Deductible,
    /// The lower edge of a band but the first, which is the deductible.
    Band(Money),
    /// The id of a limit.
    Limit(String),
    /// What is left unpaid.
    Unpaid,
    /// The money from which a guarantee is due, or no more.
    Guarantee,
}

/// A threshold, with the id of its step.
type Threshold = (String, What);

/// What a settlement is beyond.
fn beyond(settlement: &Settlement) -> BTreeSet<Threshold> {
    let mut out = BTreeSet::new();
    for step in settlement.steps() {
        let mut insert = |what| out.insert((step.id().to_owned(), what));
        if step.base() > step.deductible() {
            insert(What::Deductible);
        }
        for band in step.bands().iter().skip(1) {
            insert(What::Band(band.over));
        }
        for limit in step.limits() {
            insert(What::Limit(limit.id.clone()));
        }
        if step.is_all_paid() {
            insert(What::Unpaid);
        }
        if matches!(step.rate(), Rate::Guarantee { .. }) && step.exact_millionths() > 0 {
            insert(What::Guarantee);
        }
    }
    out
}

/// Amounts between which thresholds are looked for, besides the line's own, in fen.
const LOOKED_AT: [i64; 6] = [1, 10_000, 100_000, 1_000_000, 10_000_000, LARGEST];

impl Aim<'_> {
    /// Moves the line to a threshold that it crosses as it grows, or a fen below or above.
    pub(super) fn at_threshold(&mut self, c: &mut dyn Chance) -> Option<()> {
        let start = self.fen;
        let mut points = LOOKED_AT.to_vec();
        points.push(start);
        points.sort_unstable();
        let mut seen: Option<(i64, BTreeSet<Threshold>)> = None;
        let mut crossed: Vec<(Threshold, i64, i64)> = Vec::new();
        for point in points {
            let Some(now) = self.beyond_at(point) else {
                continue;
            };
            if let Some((last, before)) = &seen {
                let changed = before.symmetric_difference(&now).cloned();
                crossed.extend(changed.map(|threshold| (threshold, *last, point)));
            }
            seen = Some((point, now));
        }
        if c.percent(50) {
            let own = |(threshold, ..): &(Threshold, i64, i64)| Some(&*threshold.0) == self.step;
            if crossed.iter().any(own) {
                crossed.retain(own);
            }
        }
        let Some((threshold, mut same, mut other)) = c.one_of(&crossed) else {
            return self.move_to(start);
        };
        let first = self.beyond_at(same)?.contains(&threshold);
        while other.saturating_sub(same) > 1 {
            // Both are amounts of lines, so their sum is small.
            let middle = same.saturating_add(other) / 2;
            match self.beyond_at(middle)?.contains(&threshold) == first {
                true => same = middle,
                false => other = middle,
            }
        }
        let beside = c.one_of(&[0, 1, -1])?;
        self.move_to(same.saturating_add(beside).max(0))
    }

    /// Moves the line to where what a step pays is an exact half of its unit of rounding.
    pub(super) fn at_tie(&mut self, c: &mut dyn Chance) -> Option<()> {
        let start = self.fen;
        let settlement = self.settle()?;
        let due = settlement
            .steps()
            .filter(|step| step.exact_millionths() > 0);
        let mut steps: Vec<String> = due.map(|step| step.id().to_owned()).collect();
        let own = steps.iter().position(|step| Some(&**step) == self.step);
        let first = match own.filter(|_| c.percent(50)) {
            Some(own) => own,
            None => c.below(steps.len()),
        };
        steps.rotate_left(first);
        for step in steps {
            if self.at_tie_of(&step).is_some() {
                return Some(());
            }
            self.move_to(start)?;
        }
        None
    }

    /// The same for one step; if there is none nearby, the line is somewhere beside.
    fn at_tie_of(&mut self, step: &str) -> Option<()> {
        // What the steps before pay is rounded, so the first guess may be beside.
        const TRIES: usize = 24;
        let unit = self.unit(step)?;
        let half = unit / 2;
        for _ in 0..TRIES {
            let here = self.exact(step)?;
            if here.checked_rem(unit)? == half {
                return Some(());
            }
            let at = self.fen;
            self.move_to(at.saturating_add(1))?;
            // So much a fen of the line adds; where that is nothing, the next one may add.
            let slope = self.exact(step)?.checked_sub(here)?;
            if slope > 0 {
                let rest = |more: &i64| {
                    let there = slope.checked_mul(*more)?.checked_add(here)?;
                    there.checked_rem(unit)
                };
                let more = (1..=2_000).find(|more| rest(more) == Some(half))?;
                let there = at.saturating_add(more);
                self.move_to(Some(there).filter(|there| *there <= LARGEST)?)?;
            }
        }
        None
    }

    fn settle(&mut self) -> Option<&Settlement> {
        self.bench.settle(self.policy, self.probe).ok()
    }

    fn beyond_at(&mut self, fen: i64) -> Option<BTreeSet<Threshold>> {
        self.move_to(fen)?;
        Some(beyond(self.settle()?))
    }

    fn exact(&mut self, step: &str) -> Option<i64> {
        Some(self.settle()?.step(step)?.exact_millionths())
    }

    /// The unit to which a step is rounded, in millionths of a fen.
    fn unit(&self, id: &str) -> Option<i64> {
        let number = self.policy.steps().iter().position(|step| step.id == id)?;
        let step = self.policy.steps.get(number)?;
        step.rounding.unit.fen().checked_mul(Ratio::SCALE)
    }

    fn move_to(&mut self, fen: i64) -> Option<()> {
        let line = self.kind.line(Money::from_fen(fen))?;
        *self.probe.bill.lines.last_mut()? = line;
        self.fen = fen;
        Some(())
    }
}
