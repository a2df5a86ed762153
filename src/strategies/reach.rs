//! Bills and patients that reach what a policy has.

use super::aim::Aim;
use super::amounts::Amounts;
use super::any::{Vocabulary, day_of, share};
use super::bytes::{between, several};
use super::targets::{Targets, targets};
use crate::bill::{Bill, Facility};
use crate::date::Date;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::probe::{Bench, Chance, Kind, Model, Probe, Sampler, model_by_chance};
use crate::vocabulary::{Care, Class, Scheme};
use crate::year::YearToDate;
use std::borrow::Cow;

/// A patient and a bill without lines, and what its lines are for.
struct Draft {
    probe: Probe,
    /// The id of the step that it is for.
    step: Option<String>,
    kinds: Vec<Vec<Kind>>,
}

/// Makes bills and patients of one policy up.
#[derive(Debug)]
pub(super) struct Reach {
    sampler: Sampler<'static>,
    targets: Targets,
    pub(super) amounts: Amounts,
    pub(super) vocabulary: Vocabulary,
}

impl Reach {
    pub(super) fn new(policy: &Policy) -> Reach {
        let sampler = Sampler::of(Cow::Owned(policy.clone()));
        Reach {
            targets: targets(policy),
            amounts: Amounts::of(policy, sampler.named()),
            vocabulary: Vocabulary::of(policy),
            sampler,
        }
    }

    fn policy(&self) -> &Policy {
        self.sampler.policy()
    }

    pub(super) fn bill_and_patient(&self, c: &mut dyn Chance) -> (Bill, Patient) {
        let draft = self.draft(c, None);
        let Probe { bill, patient } = self.finish(c, draft, &mut Bench::default());
        (bill, patient)
    }

    /// Bills of one calendar year, in order, and their patient. Each bill is aimed with the year to date of those before
    /// it.
    pub(super) fn year_and_patient(&self, c: &mut dyn Chance) -> (Vec<Bill>, Patient) {
        let first = self.draft(c, None);
        let year = first.probe.bill.date.year();
        let mut drafts = vec![first];
        drafts.extend(several(c, 1, 5, |c| self.draft(c, Some(year))));
        let mut patients = drafts.iter().map(|draft| draft.probe.patient.clone());
        let mut patient = patients
            .next()
            .unwrap_or_else(|| Patient::new(Scheme::RESIDENT));
        for other in patients {
            // One patient meets what several bills are for.
            hold_too(&mut patient.categories, other.categories);
            hold_too(&mut patient.enrolments, other.enrolments);
            hold_too(&mut patient.certificates, other.certificates);
            patient.age = patient.age.or(other.age);
            patient.insured_years = patient.insured_years.or(other.insured_years);
        }
        drafts.sort_by_key(|draft| draft.probe.bill.date);
        let mut bench = Bench::default();
        let mut bills = Vec::new();
        for mut draft in drafts {
            draft.probe.patient = patient;
            let mut probe = self.finish(c, draft, &mut bench);
            if let Ok(settlement) = bench.settle(self.policy(), &probe) {
                let year_to_date = settlement.year_to_date().clone();
                probe.patient.year_to_date = Some(year_to_date);
            }
            bills.push(probe.bill);
            patient = probe.patient;
        }
        patient.year_to_date = None;
        (bills, patient)
    }

    /// Anything in the policy's words.
    pub(super) fn any_bill_and_patient(&self, c: &mut dyn Chance) -> (Bill, Patient) {
        let mut bill = self.vocabulary.bill(c);
        let mut patient = self.vocabulary.patient(c);
        if c.percent(50) {
            bill.date = self.day(c, None);
            if let Some(year_to_date) = &mut patient.year_to_date {
                year_to_date.year = bill.date.year();
            }
        }
        (bill, patient)
    }

    pub(super) fn year_to_date(&self, c: &mut dyn Chance) -> YearToDate {
        let year = self.day(c, None).year();
        self.vocabulary.year_to_date_of(c, year)
    }

    /// A patient and a bill for one of the targets; of a year, if one is given.
    fn draft(&self, c: &mut dyn Chance, year: Option<u16>) -> Draft {
        let policy = self.policy();
        let target = self.targets.one(c);
        let mut model = model_by_chance(policy, &target.ask, c).unwrap_or_default();
        if c.percent(80) {
            self.sampler.vary(&mut model, c);
        }
        let day = model
            .date
            .filter(|day| year.is_none_or(|year| day.year() == year));
        model.date = Some(day.unwrap_or_else(|| self.day(c, year)));
        let made = Probe::of(policy, &model).or_else(|| Probe::of(policy, &Model::default()));
        let mut probe = made.unwrap_or_else(|| Probe {
            patient: Patient::new(Scheme::RESIDENT),
            bill: Bill::new(policy.from(), Care::INPATIENT, Facility::default()),
        });
        for held in &mut probe.patient.categories {
            if c.percent(10) {
                held.to = Some(self.day(c, None));
            }
        }
        Draft {
            probe,
            step: target.step.clone(),
            kinds: self.sampler.taken(&target.covers),
        }
    }

    /// The draft with lines, at a threshold or a tie of the policy now and then, and mostly with every field that the
    /// policy asks for.
    fn finish(&self, c: &mut dyn Chance, draft: Draft, bench: &mut Bench) -> Probe {
        let policy = self.policy();
        let Draft {
            mut probe,
            step,
            kinds,
        } = draft;
        for _ in 0..c.one_of(&[0, 0, 1, 2, 3, 4]).unwrap_or(0) {
            let kind = self.sampler.kind(&kinds, c);
            let line = kind.and_then(|kind| self.line(c, &kind));
            probe.bill.lines.extend(line);
        }
        let amount = self.amounts.line(c);
        let last = self.sampler.kind(&kinds, c);
        let last = last.and_then(|kind| Some((kind.line(amount)?, kind)));
        let kind = last.map(|(line, kind)| {
            probe.bill.lines.push(line);
            kind
        });
        if c.percent(94) {
            bench.complete(policy, &mut probe, |_, _| ());
        }
        if let Some(kind) = kind {
            let mut aim = Aim {
                policy,
                bench,
                probe: &mut probe,
                step: step.as_deref(),
                kind: &kind,
                fen: amount.fen(),
            };
            // Where nothing can be aimed at, the bill stays as it is.
            let _ = match c.below(10) {
                0..4 => None,
                4..9 => aim.at_threshold(c),
                _ => aim.at_tie(c),
            };
        }
        probe
    }

    /// A line for something: as its class says, or with other shares, a price limit or parts of any size.
    fn line(&self, c: &mut dyn Chance, kind: &Kind) -> Option<Line> {
        let amount = self.amounts.line(c);
        let line = kind.line(amount)?;
        if !c.percent(50) {
            return Some(line);
        }
        let mut input = line.input().clone();
        if c.percent(30) {
            let fen = [(); 4].map(|()| Money::from_fen(between(c, 0, amount.fen() / 4)));
            let [own_expense, over_limit, first_self_payment, in_scope] = fen;
            input = LineInput {
                amount: None,
                first_share: None,
                parts: Some(Parts {
                    own_expense,
                    over_limit,
                    first_self_payment,
                    in_scope,
                }),
                ..input
            };
        } else if input.parts.is_none() && input.class == Some(Class::B) {
            input.first_share = Some(several(c, 1, 2, share));
        }
        if input.parts.is_none() && input.class != Some(Class::C) && c.percent(50) {
            input.price_limit = Some(self.amounts.line(c));
        }
        Line::from_input(input).ok()
    }

    /// A day on which the policy is in force, of a year if one is given in which it is.
    fn day(&self, c: &mut dyn Chance, year: Option<u16>) -> Date {
        let (from, to) = (self.policy().from(), self.policy().to());
        let year = year.unwrap_or_else(|| {
            let first = i64::from(from.year());
            let last = to.map_or(first.saturating_add(2), |to| i64::from(to.year()));
            u16::try_from(between(c, first, last)).unwrap_or(from.year())
        });
        let day = match c.below(10) {
            0 => from,
            1 => to.unwrap_or(from),
            _ => day_of(c, year),
        };
        let day = match day.year() == year {
            true => day,
            false => day_of(c, year),
        };
        let day = day.max(from);
        to.map_or(day, |to| day.min(to))
    }
}

/// Adds what is not held yet.
fn hold_too<T: PartialEq>(held: &mut Vec<Held<T>>, more: Vec<Held<T>>) {
    for one in more {
        if !held.iter().any(|known| known.what == one.what) {
            held.push(one);
        }
    }
}
