//! Pieces: ranges of amounts on which a plan is worked by the same decisions throughout.
//!
//! A range is settled as [`crate::settle`] would, but with [`Sum`]s in the place of numbers: each choice that settling
//! makes (what is left of a limit, how far a band reaches, whether a guarantee has anything to add) must come out the
//! same for every amount of the range. Where it may not, the range is cut there.

use super::super::leaves::Role;
use super::linear::{Atoms, Sum, Undecided};
use super::plan::{Looked, Plan, PlanStep};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::ShareOf;
use crate::policy::step::{Bands, Formula, Limit, LimitOn, Step};
use crate::ratio::Ratio;
use std::collections::BTreeMap;

/// A range of amounts in fen, both ends included.
#[derive(Debug)]
pub(super) enum Piece {
    /// The same decisions throughout, and with every fen the patient's share rises by nothing or one fen.
    Gentle { low: i64, high: i64, share: Share },
    /// The same decisions throughout: after `period` more fen everything is the same but for its growth.
    Even { low: i64, high: i64, period: i64 },
    /// Every bill is refused.
    Refused { low: i64, high: i64 },
    /// Nothing is known of it.
    Unknown { low: i64, high: i64 },
}

/// The patient's share as a sum over a range.
#[derive(Debug)]
pub(super) struct Share {
    atoms: Atoms,
    sum: Sum,
}

impl Share {
    /// In fen, at an amount of the range.
    pub(super) fn at(&self, fen: i64) -> Option<i64> {
        self.atoms.value(&self.sum, fen)
    }
}

/// A range whose end is not worth cutting further: as many are soon visited.
const SMALL: i64 = 256;

/// Cuts a range into pieces, from low to high.
pub(super) fn pieces(policy: &Policy, plan: &Plan, low: i64, high: i64) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut open = vec![(low, high)];
    while let Some((low, high)) = open.pop() {
        if low > high {
            continue;
        }
        match (
            Work::new(policy, plan, low, high).run(),
            high.saturating_sub(low) < SMALL,
        ) {
            (Ok(share), _) => out.push(match share.atoms.period() {
                _ if share.atoms.is_gentle(&share.sum) => Piece::Gentle { low, high, share },
                Some(period) => Piece::Even { low, high, period },
                None => Piece::Unknown { low, high },
            }),
            (Err(Stop::Refused), _) => out.push(Piece::Refused { low, high }),
            (Err(Stop::Beyond), _) | (Err(Stop::Undecided(_)), true) => {
                out.push(Piece::Unknown { low, high });
            }
            (Err(Stop::Undecided(Undecided { first, last })), false) => {
                // Where it may change stands by itself; if that is everything, it is halved.
                if first <= low && last >= high {
                    let middle = low.midpoint(high);
                    open.extend([(middle.saturating_add(1), high), (low, middle)]);
                } else {
                    open.extend([
                        (last.saturating_add(1), high),
                        (first, last),
                        (low, first.saturating_sub(1)),
                    ]);
                }
            }
        }
    }
    out
}

/// Why a range could not be worked.
enum Stop {
    Undecided(Undecided),
    /// A figure that no source states is needed.
    Refused,
    /// Something that is not followed.
    Beyond,
}

impl From<Undecided> for Stop {
    fn from(undecided: Undecided) -> Stop {
        Stop::Undecided(undecided)
    }
}

/// Settling a range.
struct Work<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    atoms: Atoms,
    unpaid: Sum,
    /// By slot.
    paid: BTreeMap<usize, Sum>,
    /// By limit: what the bill has used of it; of limits on bills, whether it has.
    used: BTreeMap<usize, Sum>,
    /// By counter of the year.
    counted: BTreeMap<usize, Sum>,
    /// By step: the deductible that later steps may leave out.
    deducted: BTreeMap<usize, Sum>,
}

type Worked<T> = Result<T, Stop>;

impl<'a> Work<'a> {
    fn new(policy: &'a Policy, plan: &'a Plan, low: i64, high: i64) -> Work<'a> {
        Work {
            policy,
            plan,
            atoms: Atoms::new(low, high),
            unpaid: Sum::amount(),
            paid: BTreeMap::new(),
            used: BTreeMap::new(),
            counted: BTreeMap::new(),
            deducted: BTreeMap::new(),
        }
    }

    /// What is left for the patient.
    fn run(mut self) -> Worked<Share> {
        for planned in &self.plan.steps {
            let step = self.policy.steps.get(planned.number).ok_or(Stop::Beyond)?;
            self.step(planned, step)?;
        }
        Ok(Share {
            atoms: self.atoms,
            sum: self.unpaid,
        })
    }

    fn step(&mut self, planned: &PlanStep, step: &Step) -> Worked<()> {
        // 3. Base.
        let weight = self.weigh(planned, step)?;
        if !self.is_positive(&weight)? {
            return Ok(());
        }
        let payable = self.unpaid.clone();
        if !self.is_positive(&payable)? && !step.counts_the_year(&self.policy.limits) {
            return Ok(());
        }
        let mut base = match step.base.fixed {
            Some(_) => self
                .figure(planned, Role::Fixed, &weight)?
                .ok_or(Stop::Beyond)?,
            None => weight.clone(),
        };
        let measured = base.clone();
        for &limit in &step.cost_limits {
            let on = self.policy.limits.get(limit).ok_or(Stop::Beyond)?.on;
            if let Some(left) = self.left(planned, limit, on, &measured)? {
                base = self.least(base, left)?;
            }
        }
        for &limit in &step.cost_limits {
            self.use_limit(limit, &base);
        }
        if !self.is_positive(&base)? {
            return Ok(());
        }
        // 4. Formula.
        let deductible = self.deductible(planned, step, &base, &weight)?;
        let needed = self.is_positive(&payable)?;
        let exact = self.formula(planned, step, &base, &deductible, needed)?;
        // 5. Limits, and 6. Round. Where it is nothing, nothing is paid either way.
        let is_above = self.atoms.flat(&exact).is_some_and(|(least, _)| least >= 0);
        if !is_above && !self.is_positive(&exact)? {
            return Ok(());
        }
        let room = self.least(payable, base.clone())?;
        let room = self.room(planned, step, room, &base)?;
        let mut limited = self.least(exact, room.clone())?;
        if step.payment.is_some() {
            let share = self.number(planned, Role::Payment)?;
            limited = limited.times(share).ok_or(Stop::Beyond)?;
        }
        let rounded = self.atoms.round(limited, step.rounding);
        let amount = self.least(rounded, room)?;
        self.count_payment(step, &amount)?;
        // 7. Allot.
        self.pay(step, &amount);
        Ok(())
    }

    fn weigh(&mut self, planned: &PlanStep, step: &Step) -> Worked<Sum> {
        if !planned.covers {
            return Ok(Sum::ZERO);
        }
        let mut weight = match step.base.billed {
            true => Sum::amount(),
            false => self.unpaid.clone(),
        };
        if !matches!(step.formula, Formula::Guarantee(_)) {
            for column in self.left_out(step) {
                weight = self.at_least_zero(weight.minus(&column))?;
            }
        }
        Ok(weight)
    }

    /// What a step's base leaves out: payments, and deductibles of earlier steps.
    fn left_out(&self, step: &Step) -> Vec<Sum> {
        let slots = step.base.less.iter().cloned().flatten();
        let payments = slots.filter_map(|slot| self.paid.get(&slot).cloned());
        let earlier = step.base.less_deductible_of.iter();
        let deductibles = earlier.filter_map(|step| self.deducted.get(step).cloned());
        payments.chain(deductibles).collect()
    }

    fn deductible(
        &mut self,
        planned: &PlanStep,
        step: &Step,
        base: &Sum,
        weight: &Sum,
    ) -> Worked<Sum> {
        let Some(deductible) = &step.deductible else {
            return Ok(Sum::ZERO);
        };
        let mut left = self
            .figure(planned, Role::Deductible, base)?
            .ok_or(Stop::Beyond)?;
        if let Some(counter) = deductible.year {
            left = self.at_least_zero(left.minus(&self.count_of(counter)))?;
        }
        if let Some(limit) = deductible.within
            && let Some(room) = self.left(planned, limit, LimitOn::Deductible, base)?
        {
            let most = self.least(left.clone(), base.clone())?;
            if self.is_positive(&most.minus(&room))? {
                left = room;
            }
        }
        let used = self.least(left, base.clone())?;
        if let Some(counter) = deductible.year {
            self.count(counter, &used);
        }
        if let Some(limit) = deductible.within {
            self.use_limit(limit, &used);
        }
        if deductible.is_left_out {
            let whole = self.least(used.clone(), weight.clone())?;
            self.deducted.insert(planned.number, whole);
        }
        Ok(used)
    }

    fn formula(
        &mut self,
        planned: &PlanStep,
        step: &Step,
        base: &Sum,
        deductible: &Sum,
        needed: bool,
    ) -> Worked<Sum> {
        match &step.formula {
            Formula::Ratio(_) => {
                let rest = base.minus(deductible);
                if !needed || !self.is_positive(&rest)? {
                    return Ok(Sum::ZERO);
                }
                let ratio = self.number(planned, Role::Ratio)?;
                rest.times(ratio).ok_or(Stop::Beyond)
            }
            Formula::Bands(bands) => self.bands(planned, bands, base, deductible, needed),
            Formula::Guarantee(guarantee) => {
                let mut money = Sum::ZERO;
                let mut reimbursed = Sum::ZERO;
                if planned.guarantees {
                    money = Sum::amount();
                    for column in self.left_out(step) {
                        money = money.minus(&column);
                    }
                    money = self.at_least_zero(money)?;
                    let slots = self.paid.iter();
                    let counted = slots
                        .filter(|(slot, _)| guarantee.counts.get(**slot).copied().unwrap_or(false));
                    for (_, paid) in counted {
                        reimbursed = reimbursed.plus(paid);
                    }
                }
                if !needed || !self.is_positive(&money)? {
                    return Ok(Sum::ZERO);
                }
                let ratio = self.number(planned, Role::Guarantee)?;
                let target = money.times(ratio).ok_or(Stop::Beyond)?;
                self.at_least_zero(target.minus(&reimbursed))
            }
        }
    }

    fn bands(
        &mut self,
        planned: &PlanStep,
        bands: &Bands,
        base: &Sum,
        deductible: &Sum,
        needed: bool,
    ) -> Worked<Sum> {
        let (mut low, mut high) = match bands.absolute {
            true => (deductible.clone(), base.clone()),
            false => (Sum::ZERO, base.minus(deductible)),
        };
        if let Some(counter) = bands.year {
            let before = self.count_of(counter);
            self.count(counter, &high);
            low = low.plus(&before);
            high = high.plus(&before);
        }
        let mut exact = Sum::ZERO;
        if !needed {
            return Ok(exact);
        }
        for (number, band) in bands.bands.iter().enumerate() {
            let over = Sum::fen(band.over.fen());
            let to = band.to.map(|to| Sum::fen(to.fen()));
            let amount = match bands.whole {
                true => {
                    let reaches = self.is_positive(&high.minus(&over))?;
                    let passes = match &to {
                        Some(to) => self.is_positive(&high.minus(to))?,
                        None => false,
                    };
                    match reaches && !passes {
                        true => high.minus(&low),
                        false => Sum::ZERO,
                    }
                }
                false => {
                    let top = match to {
                        Some(to) => self.least(high.clone(), to)?,
                        None => high.clone(),
                    };
                    let bottom = self.most(low.clone(), over)?;
                    top.minus(&bottom)
                }
            };
            if self.is_positive(&amount)? {
                let ratio = self.number(planned, Role::Band(number))?;
                exact = exact.plus(&amount.times(ratio).ok_or(Stop::Beyond)?);
            }
        }
        Ok(exact)
    }

    /// The most that a step may pay.
    fn room(&mut self, planned: &PlanStep, step: &Step, mut room: Sum, base: &Sum) -> Worked<Sum> {
        for &number in &step.payment_limits {
            let limit: &Limit = self.policy.limits.get(number).ok_or(Stop::Beyond)?;
            let Some(mut left) = self.left(planned, number, limit.on, base)? else {
                continue;
            };
            if limit.on == LimitOn::Bills {
                // A whole bill must be left of it.
                let open = self.is_positive(&left.minus(&Sum::fen(99)))?;
                left = if open { room.clone() } else { Sum::ZERO };
            }
            if planned.covers {
                let slots = self.paid.clone();
                let together = slots
                    .into_iter()
                    .filter(|(slot, _)| limit.together_with.get(*slot).copied().unwrap_or(false));
                let others = together.fold(Sum::ZERO, |sum, (_, paid)| sum.plus(&paid));
                left = self.at_least_zero(left.minus(&others))?;
            }
            room = self.least(room, left)?;
        }
        Ok(room)
    }

    fn count_payment(&mut self, step: &Step, amount: &Sum) -> Worked<()> {
        for &number in &step.payment_limits {
            let on = self.policy.limits.get(number).ok_or(Stop::Beyond)?.on;
            if on != LimitOn::Bills {
                self.use_limit(number, amount);
            } else if self.is_positive(amount)? {
                self.use_limit(number, &Sum::fen(100));
            }
        }
        Ok(())
    }

    /// Divides a payment between the step's payers.
    fn pay(&mut self, step: &Step, amount: &Sum) {
        let slots = self.policy.slots.get(step.slots.clone());
        let shares: Vec<i64> = slots
            .unwrap_or_default()
            .iter()
            .map(|slot| slot.share.millionths())
            .collect();
        let mut rest = amount.clone();
        for (which, slot) in step.slots.clone().enumerate() {
            let is_last = which.saturating_add(1) == shares.len();
            let part = match is_last {
                true => rest.clone(),
                false => self.atoms.allot(amount, &shares, which),
            };
            rest = rest.minus(&part);
            let paid = self.paid.entry(slot).or_default();
            *paid = paid.plus(&part);
        }
        self.unpaid = self.unpaid.minus(amount);
    }

    /// What is left of a limit.
    fn left(
        &mut self,
        planned: &PlanStep,
        number: usize,
        on: LimitOn,
        measured: &Sum,
    ) -> Worked<Option<Sum>> {
        let Some(amount) = self.figure(planned, Role::Limit(number, on), measured)? else {
            return Ok(None);
        };
        let used = self.used.get(&number).cloned().unwrap_or_default();
        self.at_least_zero(amount.minus(&used)).map(Some)
    }

    fn use_limit(&mut self, number: usize, amount: &Sum) {
        let used = self.used.entry(number).or_default();
        *used = used.plus(amount);
    }

    fn count_of(&self, counter: usize) -> Sum {
        self.counted.get(&counter).cloned().unwrap_or_default()
    }

    fn count(&mut self, counter: usize, amount: &Sum) {
        let counted = self.counted.entry(counter).or_default();
        *counted = counted.plus(amount);
    }

    /// A ratio.
    fn number(&self, planned: &PlanStep, role: Role) -> Worked<i64> {
        match planned.figure(role) {
            Looked::Number(number) if number <= Ratio::SCALE => Ok(number),
            Looked::Unstated => Err(Stop::Refused),
            _ => Err(Stop::Beyond),
        }
    }

    /// An amount; `None` where there is no limit.
    fn figure(&mut self, planned: &PlanStep, role: Role, base: &Sum) -> Worked<Option<Sum>> {
        match planned.figure(role) {
            Looked::Number(number) => Ok(Some(Sum::fen(number))),
            Looked::NoLimit => Ok(None),
            Looked::Unstated => Err(Stop::Refused),
            Looked::Beyond => Err(Stop::Beyond),
            Looked::Share {
                share,
                of,
                at_least,
                at_most,
                rounding,
            } => {
                let money = match of {
                    ShareOf::Total => Sum::amount(),
                    ShareOf::InScope if self.plan.in_scope => Sum::amount(),
                    ShareOf::InScope => Sum::ZERO,
                    ShareOf::Base => base.clone(),
                };
                let exact = money.times(share.millionths()).ok_or(Stop::Beyond)?;
                let mut amount = self.atoms.round(exact, rounding);
                let fen = |amount: Money| Sum::fen(amount.fen());
                if let Some(at_least) = at_least {
                    amount = self.most(amount, fen(at_least))?;
                }
                if let Some(at_most) = at_most {
                    amount = self.least(amount, fen(at_most))?;
                }
                Ok(Some(amount))
            }
        }
    }

    fn is_positive(&self, sum: &Sum) -> Worked<bool> {
        Ok(self.atoms.is_positive(sum)?)
    }

    fn least(&mut self, one: Sum, two: Sum) -> Worked<Sum> {
        let more = self.at_least_zero(one.minus(&two))?;
        Ok(one.minus(&more))
    }

    fn most(&mut self, one: Sum, two: Sum) -> Worked<Sum> {
        let more = self.at_least_zero(one.minus(&two))?;
        Ok(two.plus(&more))
    }

    fn at_least_zero(&mut self, sum: Sum) -> Worked<Sum> {
        Ok(self.atoms.at_least_zero(sum)?)
    }
}
