//! The settlement of a bill around its steps: what comes before the first and after the last.

use crate::divide::{divide, sum};
use crate::facts::{Facts, Refusal, covers, refuse};
use crate::model::*;
use crate::steps::PARTS;
use payer_split::{Bill, Money, Patient};
use std::collections::BTreeMap;

/// What one patient's bills of a year have used, by the names of chapter 19. Amounts in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Year {
    pub(crate) policy: String,
    pub(crate) year: u16,
    pub(crate) bills: u32,
    pub(crate) counters: BTreeMap<String, Q>,
}

impl Year {
    pub(crate) fn used(&self, counter: &str) -> Q {
        self.counters.get(counter).cloned().unwrap_or_else(|| q(0))
    }

    pub(crate) fn count(&mut self, counter: String, amount: &Q) {
        *self.counters.entry(counter).or_insert_with(|| q(0)) += amount;
    }
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) patient: Q,
    pub(crate) payers: BTreeMap<String, Q>,
    /// Of the steps that applied.
    pub(crate) steps: BTreeMap<String, Q>,
    pub(crate) deductibles: BTreeMap<String, Q>,
    /// By line: each payer in file order, then the patient.
    pub(crate) lines: Vec<Vec<Q>>,
    pub(crate) benefits: Vec<String>,
    pub(crate) year: Year,
}

/// All money of one part on the lines that no step can tell apart.
pub(crate) struct Pot {
    pub(crate) part: usize,
    pub(crate) lines: Vec<usize>,
    pub(crate) billed: Q,
    pub(crate) unpaid: Q,
    /// By step: what it paid here, and what of its deductible fell here.
    pub(crate) paid: BTreeMap<String, Q>,
    pub(crate) deductible: BTreeMap<String, Q>,
    /// By step and payer, in the order of payment.
    pub(crate) payments: Vec<(String, Q)>,
}

pub(crate) struct Work<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) facts: Facts,
    pub(crate) pots: Vec<Pot>,
    pub(crate) total: Q,
    pub(crate) in_scope: Q,
    pub(crate) year: Year,
    pub(crate) steps: BTreeMap<String, Q>,
    pub(crate) deductibles: BTreeMap<String, Q>,
}

/// Settles a bill.
pub(crate) fn settle(
    policy: &Policy,
    bill: &Bill,
    patient: &Patient,
    before: Option<&Year>,
) -> Result<Outcome, Refusal> {
    if bill.date < policy.from || policy.to.is_some_and(|to| to < bill.date) {
        return refuse("out-of-force", bill.date.to_string());
    }
    let mut year = Year {
        policy: policy.id.clone(),
        year: bill.date.year(),
        bills: 0,
        counters: BTreeMap::new(),
    };
    // A new year starts from nothing, so nothing is asked of an earlier one.
    if let Some(before) = before.filter(|before| before.year >= year.year) {
        if before.policy != policy.id {
            return refuse("other-policy", before.policy.clone());
        }
        if before.year > year.year {
            return refuse("other-year", before.year.to_string());
        }
        year = before.clone();
    }
    let mut facts = Facts::new(policy, bill, patient)?;
    move_scopes(policy, &mut facts)?;
    let pots = pots(policy, &facts)?;
    let total = sum(pots.iter().map(|pot| &pot.billed));
    if total > q(Money::MAX.fen()) {
        return refuse("overflow", "the bill");
    }
    let in_scope = pots.iter().filter(|pot| PARTS[pot.part] == "in-scope");
    let in_scope = sum(in_scope.map(|pot| &pot.billed));
    let mut work = Work {
        policy,
        facts,
        pots,
        total,
        in_scope,
        year,
        steps: BTreeMap::new(),
        deductibles: BTreeMap::new(),
    };
    for step in &policy.steps {
        work.step(step)?;
    }
    work.finish()
}

/// Before the first step, scopes count parts of lines as other parts.
fn move_scopes(policy: &Policy, facts: &mut Facts) -> Result<(), Refusal> {
    let place = |part: &str| PARTS.iter().position(|known| *known == part).unwrap();
    for scope in &policy.scopes {
        let moved: Vec<usize> = scope.moved.iter().map(|part| place(part)).collect();
        let mut concerned = Vec::new();
        for (number, line) in facts.lines.iter().enumerate() {
            let something = moved.iter().any(|&part| line.parts[part] > q(0));
            if something && covers(&scope.covers, line)? {
                concerned.push(number);
            }
        }
        if concerned.is_empty() || !facts.applies(&scope.when, &scope.unless, "a scope")? {
            continue;
        }
        for number in concerned {
            let parts = &mut facts.lines[number].parts;
            for &part in &moved {
                let amount = std::mem::replace(&mut parts[part], q(0));
                parts[place(&scope.to)] += amount;
            }
        }
    }
    Ok(())
}

/// Adds up the lines that no step or scope can tell apart, each part by itself. Their order, which decides ties, is that
/// of the choices of lines in the file: first what none of the later choices takes.
fn pots(policy: &Policy, facts: &Facts) -> Result<Vec<Pot>, Refusal> {
    let mut choices: Vec<Covers> = Vec::new();
    let scopes = policy.scopes.iter().map(|scope| &scope.covers);
    for covers in scopes.chain(policy.steps.iter().map(|step| &step.covers)) {
        let choice = covers.choice();
        if !choices.contains(&choice) {
            choices.push(choice);
        }
    }
    let mut kinds: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for (number, line) in facts.lines.iter().enumerate() {
        let taken = choices.iter().rev().map(|choice| covers(choice, line));
        let taken = taken.collect::<Result<Vec<bool>, Refusal>>()?;
        kinds.entry(taken).or_default().push(number);
    }
    let mut pots = Vec::new();
    for lines in kinds.into_values() {
        for part in 0..PARTS.len() {
            let billed = sum(lines.iter().map(|&line| &facts.lines[line].parts[part]));
            pots.push(Pot {
                part,
                lines: lines.clone(),
                unpaid: billed.clone(),
                billed,
                paid: BTreeMap::new(),
                deductible: BTreeMap::new(),
                payments: Vec::new(),
            });
        }
    }
    Ok(pots)
}

impl Work<'_> {
    /// Divides the pots among their lines, and closes the year's counters.
    fn finish(mut self) -> Result<Outcome, Refusal> {
        let mut benefits = Vec::new();
        for (id, when, unless) in &self.policy.benefits {
            if self.facts.applies(when, unless, id)? {
                benefits.push(id.clone());
            }
        }
        let payers = &self.policy.payers;
        let mut lines = vec![vec![q(0); payers.len() + 1]; self.facts.lines.len()];
        for pot in &self.pots {
            let part = |&line: &usize| self.facts.lines[line].parts[pot.part].clone();
            let mut left: Vec<Q> = pot.lines.iter().map(part).collect();
            for (key, amount) in &pot.payments {
                let payer = key.split_once('/').unwrap().1;
                let column = payers.iter().position(|known| known == payer).unwrap();
                for (place, paid) in divide(amount, &left, &left).into_iter().enumerate() {
                    left[place] -= &paid;
                    lines[pot.lines[place]][column] += paid;
                }
            }
            for (&line, left) in pot.lines.iter().zip(left) {
                *lines[line].last_mut().unwrap() += left;
            }
        }
        let column = |column: usize| sum(lines.iter().map(|line| &line[column]));
        let patient = column(payers.len());
        let totals: BTreeMap<String, Q> = payers
            .iter()
            .enumerate()
            .map(|(place, payer)| (payer.clone(), column(place)))
            .collect();
        for (payer, amount) in &totals {
            self.year.count(format!("paid/{payer}"), amount);
        }
        self.year.count("paid/patient".into(), &patient);
        self.year.count("billed/total".into(), &self.total);
        self.year.count("billed/in-scope".into(), &self.in_scope);
        self.year.bills += 1;
        if self
            .year
            .counters
            .values()
            .any(|amount| *amount > q(Money::MAX.fen()))
        {
            return refuse("overflow", "the year");
        }
        self.year
            .counters
            .retain(|name, amount| *amount != q(0) && !name.starts_with("bill/"));
        Ok(Outcome {
            patient,
            payers: totals,
            steps: self.steps,
            deductibles: self.deductibles,
            lines,
            benefits,
            year: self.year,
        })
    }
}
