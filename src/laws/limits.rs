//! Law 3: what a limit has counted never passes its amount, on a bill or over the year.
//!
//! A limit may fall within the year, with a new version or another status of the patient; then what was used before
//! stays, and nothing more may be.

use super::{Broken, Found, Settled, Year};
use crate::money::Money;
use crate::policy::step::{Covers, Limit, LimitOn, LimitPer, Step};
use crate::settle::figures::{Bases, Resolver};
use crate::settle::situation::Situation;
use crate::settlement::StepRecord;

pub(super) fn check(year: &Year<'_>) -> Found {
    check_settled(&year.settle())
}

pub(super) fn check_settled(year: &[Settled<'_>]) -> Found {
    let mut kept = Found::Silent;
    for settled in year {
        let (policy, patient) = (settled.policy, &settled.patient);
        let Ok(situation) = Situation::observe(policy, settled.bill, patient) else {
            continue;
        };
        let bill = Limits { settled, situation };
        for record in &settled.settlement.steps {
            let Some(step) = policy.steps.get(record.step) else {
                continue;
            };
            for number in numbers(step) {
                match bill.check(number) {
                    None => {}
                    Some(Ok(())) => kept = Found::Kept,
                    Some(Err(what)) => {
                        return Found::broken(Broken {
                            bill: settled.number,
                            ..Broken::new(what)
                        });
                    }
                }
            }
        }
    }
    kept
}

/// The limits of a step.
fn numbers(step: &Step) -> impl Iterator<Item = usize> {
    let within = step.deductible.iter().filter_map(|of| of.within);
    let limits = step.cost_limits.iter().chain(&step.payment_limits);
    limits.copied().chain(within)
}

/// One bill's limits.
struct Limits<'a> {
    settled: &'a Settled<'a>,
    situation: Situation,
}

impl Limits<'_> {
    /// Whether a limit holds; `None` where its amount cannot be told or there is none.
    fn check(&self, number: usize) -> Option<Result<(), String>> {
        let policy = self.settled.policy;
        let limit = policy.limits.get(number)?;
        // A share of the base is another amount for each step: together they use no more than the largest.
        let amounts = self
            .sharing(number)
            .map(|record| self.amount(limit, record));
        let most = amounts.collect::<Option<Vec<i64>>>()?.into_iter().max()?;
        let id = policy.limits().get(number).map_or("", |named| &named.id);
        let exceeded = |what: &str, used: i64| {
            let (used, most) = (Money::from_fen(used), Money::from_fen(most));
            format!("the limit `{id}` is {most}, and {what} {used}")
        };
        let verdict = match &limit.per {
            LimitPer::Bill => {
                let used = self.used_on_bill(number, limit);
                let others = self.together(number, limit);
                let all = used.saturating_add(others);
                if used > 0 && all > most {
                    Err(exceeded("its bill uses", all))
                } else {
                    Ok(())
                }
            }
            LimitPer::Year(_) | LimitPer::DiseaseYear(_) => {
                let prefix = format!("limit/{id}");
                let now = self.settled.settlement.year_to_date().counters();
                let mut own = now.filter(|(name, _)| {
                    let rest = name.strip_prefix(&prefix);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("/disease/"))
                });
                let over = own.find(|(name, used)| {
                    let before = self.before(name).fen();
                    used.fen() > most.max(before)
                });
                over.map_or(Ok(()), |(name, used)| {
                    Err(exceeded(&format!("`{name}` counts"), used.fen()))
                })
            }
        };
        Some(verdict)
    }

    /// What a counter said before the bill.
    fn before(&self, name: &str) -> Money {
        let year = self.settled.patient.year_to_date.as_ref();
        let same = year.filter(|year| year.year() == self.settled.bill.date.year());
        same.map_or(Money::ZERO, |year| year.counter(name))
    }

    /// The records of the steps that share a limit.
    fn sharing(&self, number: usize) -> impl Iterator<Item = &StepRecord> {
        let steps = &self.settled.policy.steps;
        self.settled.settlement.steps.iter().filter(move |record| {
            let step = steps.get(record.step);
            step.is_some_and(|step| numbers(step).any(|other| other == number))
        })
    }

    /// What all steps that share a limit put into it on this bill.
    fn used_on_bill(&self, number: usize, limit: &Limit) -> i64 {
        self.sharing(number).fold(0, |sum, record| {
            let used = match limit.on {
                LimitOn::Payment => record.amount,
                LimitOn::Cost => record.base,
                LimitOn::Deductible => record.deductible,
                LimitOn::Bills => Money::ZERO,
            };
            sum.saturating_add(used.fen())
        })
    }

    /// What payers that count against the limit too had paid before the step; only what lies on its money for certain, as
    /// all does if it covers everything, or if they cover the same.
    fn together(&self, number: usize, limit: &Limit) -> i64 {
        let settlement = &self.settled.settlement;
        let covers = |record: &StepRecord| {
            let step = self.settled.policy.steps.get(record.step)?;
            Some((step, step.covers))
        };
        let own = self.sharing(number).next();
        let Some((own, (_, covered))) = own.and_then(|own| Some((own, covers(own)?))) else {
            return 0;
        };
        let earlier = settlement.steps.iter();
        let earlier = earlier.take_while(|record| record.step < own.step);
        let shares = earlier.filter_map(|record| {
            let (step, others) = covers(record)?;
            let is_on_it = covered == Covers::TOTAL || covered == others;
            let shares = settlement.shares.get(record.shares.clone())?;
            is_on_it.then(|| step.slots.clone().zip(shares))
        });
        let counts = |slot: usize| limit.together_with.get(slot) == Some(&true);
        let counted = shares.flatten().filter(|(slot, _)| counts(*slot));
        counted.fold(0, |sum, (_, share)| sum.saturating_add(share.amount.fen()))
    }

    /// The limit's amount for this bill.
    fn amount(&self, limit: &Limit, record: &StepRecord) -> Option<i64> {
        let settlement = &self.settled.settlement;
        // What the base was before the cost was limited, no record tells.
        let base = match limit.on {
            LimitOn::Cost => Money::MAX,
            LimitOn::Payment | LimitOn::Deductible | LimitOn::Bills => record.base,
        };
        let mut notes = Vec::new();
        let mut resolver = Resolver {
            policy: self.settled.policy,
            situation: &self.situation,
            bases: Bases {
                total: settlement.total().fen(),
                in_scope: settlement.parts().in_scope.fen(),
                base: base.fen(),
            },
            is_of_money: false,
            notes: &mut notes,
        };
        resolver.resolve(limit.figure).ok().flatten()
    }
}
