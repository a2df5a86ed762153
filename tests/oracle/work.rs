//! A step, as the handbook's chapter 18 tells it, in exact numbers.

use crate::divide::{divide, sum};
use crate::facts::{Refusal, covers, refuse};
use crate::figures::{Best, Money, adjusted, look_up, rounded};
use crate::model::*;
use crate::settle::Work;
use crate::steps::PARTS;

/// A limit of a step as it binds this bill.
struct Room {
    left: Option<Q>,
    counters: Vec<String>,
    bills: bool,
}

impl Work<'_> {
    fn covered(&self, step: &Step) -> Result<Vec<usize>, Refusal> {
        let mut covered = Vec::new();
        for (place, pot) in self.pots.iter().enumerate() {
            let line = &self.facts.lines[pot.lines[0]];
            let part = step.covers.parts.iter().any(|part| part == PARTS[pot.part]);
            if part && covers(&step.covers, line)? {
                covered.push(place);
            }
        }
        Ok(covered)
    }

    fn money(&self, base: &Q) -> Money {
        Money {
            total: self.total.clone(),
            in_scope: self.in_scope.clone(),
            base: base.clone(),
        }
    }

    /// A figure of a step, looked up and adjusted.
    fn figure(
        &self,
        step: &Step,
        figure: &Figure,
        name: &str,
        base: &Q,
    ) -> Result<Amount, Refusal> {
        let best = match name {
            "deductible" => Best::Lowest,
            _ => Best::Highest,
        };
        let value = look_up(figure, &self.facts, &self.money(base), best)?;
        adjusted(
            value,
            &step.adjusts,
            name,
            &self.facts,
            ["ratio", "payment"].contains(&name),
        )
    }

    fn known(&self, step: &Step, figure: &Figure, name: &str, base: &Q) -> Result<Q, Refusal> {
        match self.figure(step, figure, name, base)? {
            Amount::Known(value) => Ok(value),
            _ => refuse("unstated", format!("{} of {}", name, step.id)),
        }
    }

    pub(crate) fn step(&mut self, step: &Step) -> Result<(), Refusal> {
        let covered = self.covered(step)?;
        let mut unpaid = sum(covered.iter().map(|&pot| &self.pots[pot].unpaid));
        let billed = sum(covered.iter().map(|&pot| &self.pots[pot].billed));
        if unpaid == q(0) && !(counts_billed(step) && billed > q(0)) {
            return Ok(());
        }
        if !self.facts.applies(&step.when, &step.unless, &step.id)? {
            return Ok(());
        }
        self.steps.insert(step.id.clone(), q(0));
        let weights: Vec<Q> = covered.iter().map(|&pot| self.weight(step, pot)).collect();
        // Only what is put into the base can be paid.
        let weighted = covered
            .iter()
            .zip(&weights)
            .filter(|(_, weight)| **weight > q(0));
        unpaid = sum(weighted.map(|(&pot, _)| &self.pots[pot].unpaid));
        if unpaid == q(0) && !counts_billed(step) {
            return Ok(());
        }
        let mut base = sum(&weights);
        if let Some(fixed) = &step.fixed
            && base > q(0)
        {
            base = rounded(self.known(step, fixed, "fixed", &base)?, &Round::fen());
        }
        if base == q(0) {
            return Ok(());
        }
        let whole_base = base.clone();
        for room in self.rooms(step, &base, &covered, |limit| limit.on == "cost")? {
            if let Some(left) = room.left {
                base = base.min(left);
            }
        }
        for room in self.rooms(step, &whole_base, &covered, |limit| limit.on == "cost")? {
            for counter in room.counters {
                self.year.count(counter, &base);
            }
        }
        let used = self.deductible(step, &base)?;
        // What fell on each pot, in whole fen, for the steps that leave it out.
        // A fixed base may be more than the pots have: no more lies on a pot than it has.
        let laid = weights.iter().fold(q(0), |sum, weight| sum + weight);
        let laid = laid.min(used.clone());
        let shares = divide(&laid, &weights, &weights);
        for (&pot, share) in covered.iter().zip(shares) {
            self.pots[pot].deductible.insert(step.id.clone(), share);
        }
        let exact = self.formula(step, &covered, &base, &used, unpaid > q(0))?;
        if exact <= q(0) || unpaid == q(0) {
            return Ok(());
        }
        self.pay(step, &covered, &weights, &unpaid, exact, &base)
    }

    /// What a pot puts into the base of a step.
    fn weight(&self, step: &Step, pot: usize) -> Q {
        let pot = &self.pots[pot];
        let mut weight = match step.billed {
            true => pot.billed.clone(),
            false => pot.unpaid.clone(),
        };
        if let Formula::Guarantee { .. } = step.formula {
            return weight;
        }
        for earlier in &step.less {
            weight -= pot.paid.get(earlier).cloned().unwrap_or_else(|| q(0));
        }
        for earlier in &step.less_deductible_of {
            weight -= pot.deductible.get(earlier).cloned().unwrap_or_else(|| q(0));
        }
        weight.max(q(0))
    }

    /// Takes the deductible, and counts it.
    fn deductible(&mut self, step: &Step, base: &Q) -> Result<Q, Refusal> {
        let Some(deductible) = &step.deductible else {
            return Ok(q(0));
        };
        if *base == q(0) {
            return Ok(q(0));
        }
        let amount = self.known(step, &deductible.amount, "deductible", base)?;
        let mut amount = rounded(amount, &deductible.round);
        // One together with a step that is itself one with another is one with both.
        let (mut first, mut with) = (&step.id, &deductible.with);
        while let Some(earlier) = with {
            first = earlier;
            let mut steps = self.policy.steps.iter();
            let earlier = steps.find(|step| step.id == *earlier).unwrap();
            with = &earlier.deductible.as_ref().unwrap().with;
        }
        let counter = format!("deductible-counted/{first}");
        if deductible.yearly {
            amount = (amount - self.year.used(&counter)).max(q(0));
        }
        if let Some(within) = &deductible.within {
            let limit = &self.policy.limits[within];
            if let Some(left) = self.room(step, limit, true, base)?.left {
                amount = amount.min(left);
            }
        }
        let used = amount.min(base.clone());
        if deductible.yearly {
            self.year.count(counter, &used);
        }
        if let Some(within) = &deductible.within {
            self.year.count(format!("limit/{within}"), &used);
        }
        self.year.count(format!("deductible/{}", step.id), &used);
        self.deductibles.insert(step.id.clone(), used.clone());
        Ok(used)
    }

    /// The payment before limits.
    fn formula(
        &mut self,
        step: &Step,
        covered: &[usize],
        base: &Q,
        used: &Q,
        needed: bool,
    ) -> Result<Q, Refusal> {
        let above = base - used;
        match &step.formula {
            Formula::Ratio(ratio) => {
                if above == q(0) || !needed {
                    return Ok(q(0));
                }
                Ok(&above * self.known(step, ratio, "ratio", base)?)
            }
            Formula::Bands {
                yearly,
                absolute,
                whole,
                bands,
            } => {
                let (mut low, mut high) = match absolute {
                    true => (used.clone(), base.clone()),
                    false => (q(0), above.clone()),
                };
                if *yearly {
                    let counter = format!("bands/{}", step.id);
                    let before = self.year.used(&counter);
                    self.year.count(counter, &high);
                    low += &before;
                    high += &before;
                }
                if !needed || above == q(0) {
                    return Ok(q(0));
                }
                let mut amount = q(0);
                for band in bands {
                    let slice = if *whole {
                        let from = high > band.low || (band.low_included && high == band.low);
                        let to = band.high.as_ref().is_none_or(|(edge, included)| {
                            high < *edge || (*included && high == *edge)
                        });
                        if from && to { above.clone() } else { q(0) }
                    } else {
                        let top = match &band.high {
                            Some((edge, _)) => high.clone().min(edge.clone()),
                            None => high.clone(),
                        };
                        (top - low.clone().max(band.low.clone())).max(q(0))
                    };
                    if slice > q(0) {
                        amount += slice * self.known(step, &band.ratio, "ratio", base)?;
                    }
                }
                Ok(amount)
            }
            Formula::Guarantee {
                ratio,
                of,
                counting,
                not_counting,
            } => {
                let chosen: Vec<usize> = (0..self.pots.len())
                    .filter(|place| match of.as_str() {
                        "covered" => covered.contains(place),
                        "in-scope" => PARTS[self.pots[*place].part] == "in-scope",
                        _ => true,
                    })
                    .collect();
                let mut money = sum(chosen.iter().map(|&pot| &self.pots[pot].billed));
                let mut reimbursed = q(0);
                for &pot in &chosen {
                    let pot = &self.pots[pot];
                    for earlier in &step.less {
                        money -= pot.paid.get(earlier).cloned().unwrap_or_else(|| q(0));
                    }
                    for earlier in &step.less_deductible_of {
                        money -= pot.deductible.get(earlier).cloned().unwrap_or_else(|| q(0));
                    }
                    for (key, amount) in &pot.payments {
                        let (earlier, payer) = key.split_once('/').unwrap();
                        let counts = counting
                            .as_ref()
                            .is_none_or(|payers| payers.iter().any(|known| known == payer))
                            && !not_counting.iter().any(|known| known == payer)
                            && !step.less.iter().any(|known| known == earlier);
                        if counts {
                            reimbursed += amount;
                        }
                    }
                }
                if money <= q(0) {
                    return Ok(q(0));
                }
                Ok((self.known(step, ratio, "ratio", base)? * money - reimbursed).max(q(0)))
            }
        }
    }

    /// The limits of a step that are on this.
    fn rooms(
        &self,
        step: &Step,
        base: &Q,
        covered: &[usize],
        on: impl Fn(&Limit) -> bool,
    ) -> Result<Vec<Room>, Refusal> {
        let mut rooms = Vec::new();
        let own = step.limits.iter().map(|limit| (limit, false));
        let shared = step.shared.iter().map(|limit| (limit, true));
        for (limit, shared) in own.chain(shared).filter(|(limit, _)| on(limit)) {
            let mut room = self.room(step, limit, shared, base)?;
            if let (Some(left), Some(payers)) = (&mut room.left, &limit.together_with) {
                for &pot in covered {
                    for (key, amount) in &self.pots[pot].payments {
                        let payer = key.split_once('/').unwrap().1;
                        if payers.is_empty() || payers.iter().any(|known| known == payer) {
                            *left -= amount;
                        }
                    }
                }
                *left = left.clone().max(q(0));
            }
            rooms.push(room);
        }
        Ok(rooms)
    }

    /// What a limit leaves for this bill.
    fn room(&self, step: &Step, limit: &Limit, shared: bool, base: &Q) -> Result<Room, Refusal> {
        let amount = match shared {
            true => {
                let money = self.money(base);
                let value = look_up(&limit.amount, &self.facts, &money, Best::Highest)?;
                adjusted(value, &limit.adjusts, "amount", &self.facts, false)?
            }
            false => self.figure(step, &limit.amount, &limit.id, base)?,
        };
        let name = match shared {
            true => format!("limit/{}", limit.id),
            false => format!("limit/{}/{}", step.id, limit.id),
        };
        let counters: Vec<String> = match limit.per.as_str() {
            // What the steps that share it use on this bill.
            "bill" => vec![format!("bill/{name}")],
            "year" => vec![name],
            _ => self
                .diseases(if shared { &None } else { &step.when })?
                .iter()
                .map(|id| format!("{name}/{id}"))
                .collect(),
        };
        let left = match amount {
            Amount::Unstated => return refuse("unstated", format!("{} of {}", limit.id, step.id)),
            Amount::Unlimited => None,
            Amount::Known(amount) => {
                let amount = rounded(amount, &Round::fen());
                let used = counters.iter().map(|counter| self.year.used(counter)).max();
                Some((amount - used.unwrap_or_else(|| q(0))).max(q(0)))
            }
        };
        Ok(Room {
            left,
            counters,
            bills: limit.on == "bills",
        })
    }

    /// The diseases by which a limit per disease counts: where a condition names diseases, those that it names.
    fn diseases(&self, when: &Condition) -> Result<Vec<String>, Refusal> {
        let named = |tests: &Vec<Test>| {
            let test = tests.iter().find(|test| test.key == "disease");
            test.map(|test| match &test.wanted {
                Wanted::Any(ids) => ids.clone(),
                other => panic!("a disease, not {other:?}"),
            })
        };
        let named: Option<Vec<Vec<String>>> = when
            .as_ref()
            .and_then(|tables| tables.iter().map(named).collect());
        let named = named.map(|named| named.concat());
        let held = self.facts.diseases.clone().map(|mut held| {
            held.retain(|id| named.as_ref().is_none_or(|named| named.contains(id)));
            held
        });
        match (held, &self.facts.outpatient_disease) {
            (Some(diseases), _) if !diseases.is_empty() => {
                Ok(diseases.iter().map(|id| format!("disease/{id}")).collect())
            }
            (_, Some(disease)) => Ok(vec![format!("outpatient-disease/{disease}")]),
            (Some(_), None) => Ok(vec!["other-disease".into()]),
            (None, None) => refuse("missing", "the disease"),
        }
    }

    /// Limits, rounds, divides and records a payment.
    fn pay(
        &mut self,
        step: &Step,
        covered: &[usize],
        weights: &[Q],
        unpaid: &Q,
        exact: Q,
        base: &Q,
    ) -> Result<(), Refusal> {
        let mut amount = exact;
        // No step pays more than its base, or than what is unpaid.
        let mut most = unpaid.clone().min(base.clone());
        let rooms = self.rooms(step, base, covered, |limit| {
            ["payment", "bills"].contains(&limit.on.as_str())
        })?;
        for room in &rooms {
            match (&room.left, room.bills) {
                (Some(left), false) => most = most.min(left.clone()),
                (Some(left), true) if *left < q(100) => most = q(0),
                _ => {}
            }
        }
        amount = amount.min(most.clone());
        if amount == q(0) {
            return Ok(());
        }
        let payment = Figure::Plain(Amount::Known(q(1)));
        amount *= self.known(step, &payment, "payment", base)?;
        let amount = rounded(amount, &step.round).min(most);
        if amount == q(0) {
            return Ok(());
        }
        for room in &rooms {
            let used = match room.bills {
                true => q(100),
                false => amount.clone(),
            };
            for counter in &room.counters {
                self.year.count(counter.clone(), &used);
            }
        }
        self.steps.insert(step.id.clone(), amount.clone());
        let most: Vec<Q> = covered
            .iter()
            .map(|&pot| self.pots[pot].unpaid.clone())
            .collect();
        let mut in_pots = divide(&amount, weights, &most);
        for (&pot, paid) in covered.iter().zip(&in_pots) {
            self.pots[pot].unpaid -= paid;
            self.pots[pot].paid.insert(step.id.clone(), paid.clone());
        }
        let shares: Vec<Q> = step.payers.iter().map(|(_, share)| share.clone()).collect();
        let by_payer = divide(&amount, &shares, &vec![amount.clone(); shares.len()]);
        for ((payer, _), paid) in step.payers.iter().zip(by_payer) {
            let here = divide(&paid, &in_pots, &in_pots);
            for ((&pot, paid), left) in covered.iter().zip(here).zip(&mut in_pots) {
                *left -= &paid;
                let key = format!("{}/{payer}", step.id);
                self.pots[pot].payments.push((key, paid));
            }
        }
        Ok(())
    }
}

/// Whether a step counts by the year what was billed, whoever has paid it.
fn counts_billed(step: &Step) -> bool {
    let deductible = step.deductible.as_ref();
    let bands = matches!(step.formula, Formula::Bands { yearly: true, .. });
    let cost = step.limits.iter().chain(&step.shared);
    step.billed
        && (deductible.is_some_and(|deductible| deductible.yearly || deductible.within.is_some())
            || bands
            || cost
                .into_iter()
                .any(|limit| limit.on == "cost" && limit.per != "bill"))
}
