//! Aiming: the amount of one line of a bill is moved until the bill sits at a threshold of a step, or a step comes out at
//! an exact half.
//!
//! Where a threshold of a later step lies depends on what the steps before it pay. So the bill is settled at two amounts
//! between which something about the step changes, and the interval halved until they are one fen apart.

use super::amounts::LARGEST;
use crate::money::Money;
use crate::policy::Policy;
use crate::probe::{Bench, Chance, Kind, Probe};
use crate::ratio::Ratio;
use crate::settlement::{Settlement, StepView};

/// A bill of which the last line is to be moved.
pub(super) struct Aim<'a> {
    pub(super) policy: &'a Policy,
    pub(super) bench: &'a mut Bench,
    pub(super) probe: &'a mut Probe,
    /// What the last line is for.
    pub(super) kind: &'a Kind,
    /// Its amount in fen.
    pub(super) fen: i64,
}

/// What of a step changes at its thresholds.
#[derive(Debug, PartialEq, Eq)]
struct State {
    is_above_deductible: bool,
    bands: usize,
    limits: Vec<String>,
    is_all_paid: bool,
    is_due: bool,
}

impl State {
    fn of(step: &StepView<'_>) -> State {
        State {
            is_above_deductible: step.base() > step.deductible(),
            bands: step.bands().len(),
            limits: step.limits().map(|limit| limit.id.clone()).collect(),
            is_all_paid: step.is_all_paid(),
            is_due: step.exact_millionths() > 0,
        }
    }
}

impl Aim<'_> {
    /// Moves the line to a threshold of a step, or next to it.
    pub(super) fn at_threshold(&mut self, c: &mut dyn Chance) -> Option<()> {
        let step = self.step(c, |_| true)?;
        let start = self.fen;
        let here = self.state(&step)?;
        let ends = match c.percent(50) {
            true => [1, LARGEST],
            false => [LARGEST, 1],
        };
        for end in ends {
            let (mut same, mut other) = (start, end);
            self.move_to(end)?;
            if self.state(&step).is_none_or(|there| there == here) {
                continue;
            }
            while same.abs_diff(other) > 1 {
                // Both are amounts of lines, so their sum is small.
                let middle = same.saturating_add(other) / 2;
                self.move_to(middle)?;
                match self.state(&step).is_some_and(|state| state == here) {
                    true => same = middle,
                    false => other = middle,
                }
            }
            let beside = c.one_of(&[0, 0, 1, -1]).unwrap_or(0);
            let at = c.one_of(&[same, other])?;
            return self.move_to(at.saturating_add(beside).max(0));
        }
        self.move_to(start)
    }

    /// Moves the line to where what a step pays is an exact half of its unit of rounding.
    pub(super) fn at_tie(&mut self, c: &mut dyn Chance) -> Option<()> {
        const TRIES: usize = 8;
        let step = self.step(c, |step| step.exact_millionths() > 0)?;
        let unit = self.unit(&step)?;
        let half = unit / 2;
        let start = self.fen;
        for _ in 0..TRIES {
            let here = self.exact(&step)?;
            if here.checked_rem(unit)? == half {
                return Some(());
            }
            let at = self.fen;
            self.move_to(at.saturating_add(1))?;
            // So much a fen of the line adds; where that is nothing, the next one may add.
            let slope = self.exact(&step)?.checked_sub(here)?;
            if slope > 0 {
                let rest = |more: &i64| {
                    let there = slope.checked_mul(*more)?.checked_add(here)?;
                    there.checked_rem(unit)
                };
                let Some(more) = (1..=2_000).find(|more| rest(more) == Some(half)) else {
                    break;
                };
                self.move_to(at.saturating_add(more))?;
            }
        }
        self.move_to(start)
    }

    /// The id of one of the steps that apply.
    fn step(&mut self, c: &mut dyn Chance, fits: impl Fn(&StepView<'_>) -> bool) -> Option<String> {
        let settlement = self.bench.settle(self.policy, self.probe).ok()?;
        let steps = settlement.steps().filter(fits);
        c.one_of(&steps.map(|step| step.id().to_owned()).collect::<Vec<_>>())
    }

    fn settle(&mut self) -> Option<&Settlement> {
        self.bench.settle(self.policy, self.probe).ok()
    }

    fn state(&mut self, step: &str) -> Option<State> {
        Some(State::of(&self.settle()?.step(step)?))
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
