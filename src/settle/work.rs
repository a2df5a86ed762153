//! Working one step: the eight sub-steps, in order.
//!
//! The sub-steps are: applies? – resolve its figures – base – formula – limits – round – allot – record.
//! Figures are resolved where they are needed, so that a bill to which an unstated figure makes no difference is not
//! refused for it.

use super::allot::Allotment;
use super::cells::Cells;
use super::columns::{Columns, PARTS, Row};
use super::error::SettleError;
use super::figures::{Bases, Refusal, Resolver};
use super::profile::{Applied, Profile};
use super::ready::{NO_LIMIT, Resolved};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::NoteId;
use crate::policy::step::Step;
use crate::ratio::Ratio;
use crate::settlement::{Rate, Settlement, StepRecord, Used};

/// What the steps of one bill work on.
pub(crate) struct Work<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) profile: &'a Profile,
    pub(crate) cells: &'a mut Cells,
    pub(crate) allotment: &'a mut Allotment,
    pub(crate) buffers: &'a mut Buffers,
    /// The result: the record, and the year to date, which starts as the one given and is counted on.
    pub(crate) out: &'a mut Settlement,
    pub(crate) bases: Bases,
}

/// Buffers kept between bills.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffers {
    pub(super) weights: Vec<Row>,
    pub(super) caps: Vec<Row>,
    pub(super) shares: Vec<Row>,
    pub(super) by_payer: Vec<i64>,
    pub(super) payer_weights: Vec<i64>,
    pub(super) payer_caps: Vec<i64>,
    /// By limit: what this bill has used of it.
    pub(super) limits_used: Vec<i64>,
    /// By step: the deductible used in this bill, for the steps whose deductible others leave out.
    pub(super) deducted: Columns,
    /// Of the figure at hand.
    notes: Vec<NoteId>,
}

/// What came of a step, in fen.
#[derive(Debug, Clone, Copy)]
struct Worked {
    base: i64,
    deductible: i64,
    rate: Rate,
    /// In millionths of a fen.
    exact: i64,
    all_paid: bool,
    payment: Ratio,
    amount: i64,
}

impl Default for Worked {
    fn default() -> Worked {
        Worked {
            base: 0,
            deductible: 0,
            rate: Rate::Unused,
            exact: 0,
            all_paid: false,
            payment: Ratio::ONE,
            amount: 0,
        }
    }
}

impl Buffers {
    /// Makes ready for a bill of so many kinds, under so many limits.
    pub(crate) fn restart(&mut self, kinds: usize, limits: usize) {
        for rows in [&mut self.weights, &mut self.caps, &mut self.shares] {
            rows.resize(kinds, [0; PARTS]);
        }
        self.limits_used.clear();
        self.limits_used.resize(limits, 0);
        self.deducted.restart(kinds);
    }
}

/// Millionths of a fen: the unit of exact products.
pub(crate) const EXACT: i64 = Ratio::SCALE;

impl Work<'_> {
    /// Works every step that applies, in the order of payment.
    pub(crate) fn steps(&mut self) -> Result<(), SettleError> {
        for applied in &self.profile.steps {
            let worked = self.step(applied);
            worked.map_err(|refusal| self.refused(refusal, applied.number))?;
        }
        Ok(())
    }

    pub(super) fn step(&mut self, applied: &Applied) -> Result<(), Refusal> {
        let step = self.policy.steps.get(applied.number);
        let step = step.ok_or(Refusal::Overflow)?;
        // 1. Applies? A step that could neither pay nor count anything of the bill needs no field to say so.
        if let Some(fact) = applied.untold {
            return self.cannot_tell(step, applied, fact);
        }
        let out = &*self.out;
        let (bands, limits, shares) = (out.bands.len(), out.limits.len(), out.shares.len());
        let used = out.used.len();
        // 2. and 3. Base: the covered money, less deductibles of other steps, up to a limit on cost.
        let money = self.weigh(step);
        let mut base = self.base(step, applied, money)?;
        let works = base > 0 && (money.payable > 0 || applied.counts_the_year);
        let mut worked = Worked::default();
        if works {
            self.bases.base = base;
            base = self.enter(step, base)?;
            // A share of the base is of what entered.
            self.bases.base = base;
            worked.base = base;
        } else {
            // A step without anything to work on leans on nothing.
            self.out.used.truncate(used);
        }
        // Where a limit on the cost lets nothing enter, no figure is needed.
        if works && base > 0 {
            // 4. Formula.
            worked.deductible = self.deductible(step, applied.number, base)?;
            let needed = money.payable > 0;
            (worked.exact, worked.rate) =
                self.formula(step, applied, base, worked.deductible, needed)?;
            // 5. Limits, and 6. Round.
            if worked.exact > 0 {
                self.limit(step, money.payable, &mut worked)?;
            }
        }
        // 7. Allot.
        self.pay(step, worked.amount, money)?;
        // 8. Record.
        let out = &mut *self.out;
        out.steps.push(StepRecord {
            step: applied.number,
            base: Money::from_fen(worked.base),
            deductible: Money::from_fen(worked.deductible),
            rate: worked.rate,
            exact: worked.exact,
            limits: limits..out.limits.len(),
            all_paid: worked.all_paid,
            payment: worked.payment,
            amount: Money::from_fen(worked.amount),
            bands: bands..out.bands.len(),
            shares: shares..out.shares.len(),
            used: used..out.used.len(),
            works,
        });
        Ok(())
    }

    #[cold]
    fn cannot_tell(&self, step: &Step, applied: &Applied, fact: usize) -> Result<(), Refusal> {
        match self.concerns(step, applied) {
            false => Ok(()),
            true => {
                let known = &self.profile.situation.known;
                Err(Refusal::Missing(self.policy.facts.subject_of(fact, known)))
            }
        }
    }

    /// What is paid of the exact amount: up to the limits, then rounded. A rounding never lifts a payment over a limit.
    fn limit(&mut self, step: &Step, payable: i64, worked: &mut Worked) -> Result<(), Refusal> {
        let (room, bound) = self.room(step, payable.min(worked.base))?;
        let mut limited = worked.exact;
        let most = room.saturating_mul(EXACT);
        if limited > most {
            limited = most;
            worked.all_paid = bound.is_none() && room == payable;
            self.out.limits.extend(bound);
        }
        if let Some(payment) = step.payment.filter(|_| limited > 0) {
            worked.payment = self.ratio(payment)?;
            limited = share_of(limited, worked.payment).ok_or(Refusal::Overflow)?;
        }
        let rounded = step.rounding.round(limited).ok_or(Refusal::Overflow)?;
        worked.amount = rounded.fen().min(room);
        self.count_payment(step, worked.amount)
    }

    /// The part of the base that limits on cost let enter; counted against them.
    fn enter(&mut self, step: &Step, base: i64) -> Result<i64, Refusal> {
        let (mut entering, mut bound) = (base, None);
        for &limit in &step.cost_limits {
            let left = self.left(limit)?;
            if left < entering {
                (entering, bound) = (left, Some(limit));
            }
        }
        self.out.limits.extend(bound);
        for &limit in &step.cost_limits {
            self.use_limit(limit, entering)?;
        }
        Ok(entering)
    }

    /// What a figure comes to, in fen or millionths; [`NO_LIMIT`] for none.
    #[inline]
    pub(super) fn figure(&mut self, id: FigureId) -> Result<i64, Refusal> {
        match self.profile.figure(id) {
            Resolved::Number(number) => {
                self.out.used.push(Used::Figure(id));
                Ok(number)
            }
            Resolved::OfMoney | Resolved::Unused => self.figure_of_money(id),
            Resolved::Refused(refusal) => Err(refusal),
        }
    }

    /// A figure that depends on the bill's money, and perhaps on it what it leans on.
    #[cold]
    fn figure_of_money(&mut self, id: FigureId) -> Result<i64, Refusal> {
        let notes = &mut self.buffers.notes;
        notes.clear();
        let mut resolver = Resolver {
            policy: self.policy,
            situation: &self.profile.situation,
            bases: self.bases,
            is_of_money: false,
            notes,
        };
        let value = resolver.resolve(id)?;
        self.out.used.extend(notes.iter().copied().map(Used::Note));
        Ok(value.unwrap_or(NO_LIMIT))
    }

    pub(super) fn amount(&mut self, figure: FigureId) -> Result<i64, Refusal> {
        match self.figure(figure)? {
            NO_LIMIT => Err(Refusal::Overflow),
            amount => Ok(amount),
        }
    }

    pub(super) fn ratio(&mut self, figure: FigureId) -> Result<Ratio, Refusal> {
        match self.figure(figure)? {
            millionths if millionths <= Ratio::SCALE => Ok(Ratio::from_millionths(millionths)),
            _ => Err(Refusal::Overflow),
        }
    }

    /// Words for a refusal; only here are strings made.
    fn refused(&self, refusal: Refusal, number: usize) -> SettleError {
        let info = &self.policy.info;
        let (id, name) = info
            .steps
            .get(number)
            .map_or(("", ""), |step| (step.id.as_str(), step.name.as_str()));
        match refusal {
            Refusal::Overflow => SettleError::overflow(&format!("the step `{id}`")),
            Refusal::Missing(subject) => SettleError::Missing {
                field: subject.field().into(),
                needed_by: format!("the step `{id}` ({name})"),
            },
            Refusal::Unstated(figure, note) => {
                let figure = self.policy.figure(figure);
                let mut subjects = Vec::new();
                if let Some(figure) = figure {
                    figure.root.subjects(&mut subjects);
                }
                let values = subjects.into_iter().flat_map(|subject| {
                    let values = self.profile.situation.values(subject).unwrap_or_default();
                    let name =
                        |&value: &u16| (subject.key(), self.policy.value_name(subject, value));
                    values.iter().map(name).collect::<Vec<_>>()
                });
                let path = info.note(note).map_or("", |note| &note.what);
                let cited = info
                    .note(note)
                    .map_or_else(String::new, ToString::to_string);
                SettleError::Unstated {
                    step: id.into(),
                    name: name.into(),
                    figure: figure.map_or("", |figure| &figure.name).into(),
                    values: values.collect(),
                    path: path.into(),
                    cited: cited.into(),
                }
            }
        }
    }
}

/// A share of an exact amount, in millionths of a fen. What lies beyond them is kept as one millionth where the amount
/// would otherwise look like a tie or a whole fen, so that every rounding comes out as of the exact product.
pub(crate) fn share_of(exact: i64, share: Ratio) -> Option<i64> {
    let product = i128::from(exact).checked_mul(i128::from(share.millionths()))?;
    let whole = i64::try_from(product.checked_div(i128::from(EXACT))?).ok()?;
    let rest = product.checked_rem(i128::from(EXACT))? != 0;
    let boundary = whole.checked_rem(EXACT / 2)? == 0;
    if rest && boundary {
        whole.checked_add(1)
    } else {
        Some(whole)
    }
}

/// Adds to a counter of the year to date.
pub(crate) fn count(amounts: &mut [Money], counter: usize, amount: i64) -> Result<(), Refusal> {
    let sum = amounts.get_mut(counter).ok_or(Refusal::Overflow)?;
    let counted = sum.fen().saturating_add(amount);
    if counted > Money::MAX.fen() {
        return Err(Refusal::Overflow);
    }
    *sum = Money::from_fen(counted);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_beyond_millionths_does_not_look_like_a_tie_or_a_whole_fen() {
        let half = Ratio::from_millionths(500_000);
        for (exact, expected) in [
            (1_000_000, 500_000),
            (1_000_001, 500_001),
            (1_000_002, 500_001),
            (1_000_003, 500_001),
            (2_000_001, 1_000_001),
        ] {
            assert_eq!(share_of(exact, half), Some(expected), "half of {exact}");
        }
    }
}
