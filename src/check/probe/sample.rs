//! Making patients and bills up, at random but always the same.

use super::Probe;
use crate::bill::{Bill, Facility};
use crate::icd10::Icd10;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::policy::facts::{Condition, FactSet, Subject};
use crate::policy::figure::{Figure, Node, Value};
use crate::policy::step::{Covers, Formula};
use crate::ratio::Ratio;
use crate::vocabulary::{
    Care, Category, Class, Dimension, Enrolment, Fee, Grade, Mark, OutpatientDisease, Place,
    Scheme, Tier,
};

/// Near what probes are to be made up: mostly so that one of these conditions holds, with lines that are covered.
#[derive(Debug, Clone, Default)]
pub(in crate::check) struct Focus {
    /// Any of these; none for every bill.
    pub(in crate::check) any: Vec<Condition>,
    /// Values of tables that must be met (`true`) or avoided.
    pub(in crate::check) values: Vec<(Subject, Vec<u16>, bool)>,
    pub(in crate::check) covers: Vec<Covers>,
}

impl Focus {
    /// Near bills for which all of these conditions hold.
    pub(in crate::check) fn on(policy: &Policy, all: &[Condition]) -> Focus {
        Focus {
            any: alternatives(policy, all),
            ..Focus::default()
        }
    }
}

/// Conditions without facts that stand for others: any of them holds where all of the given ones do. Exceptions of
/// several tests are kept as they are.
pub(in crate::check) fn alternatives(policy: &Policy, all: &[Condition]) -> Vec<Condition> {
    let mut both = Condition::default();
    for condition in all {
        both.all.unite(&condition.all);
        both.none.unite(&condition.none);
    }
    let mut out = Vec::new();
    let mut open = vec![both];
    while let Some(condition) = open.pop() {
        let derived = policy
            .facts
            .derived
            .iter()
            .find(|derived| condition.all.contains(derived.fact));
        match derived {
            Some(derived) if out.len() < MOST => {
                let mut this = FactSet::EMPTY;
                this.insert(derived.fact);
                let rest = condition.all.without(&this);
                for alternative in &derived.any {
                    let (mut all, mut none) = (rest, condition.none);
                    all.unite(&alternative.all);
                    none.unite(&alternative.none);
                    open.push(Condition { all, none });
                }
            }
            // Enough: without this test the condition is wider, and so still met.
            Some(derived) => {
                let mut this = FactSet::EMPTY;
                this.insert(derived.fact);
                open.push(Condition {
                    all: condition.all.without(&this),
                    none: condition.none,
                });
            }
            None => out.push(condition),
        }
    }
    out
}

/// At most this many alternatives are looked at.
const MOST: usize = 64;

/// Makes probes up for one policy.
#[derive(Debug)]
pub(in crate::check) struct Sampler<'p> {
    policy: &'p Policy,
    state: u64,
    /// Amounts that the policy names, in fen.
    named: Vec<i64>,
}

/// Usual values of subjects with words, where nothing asks for others.
const USUAL: [(Subject, &str); 5] = [
    (Subject::Scheme, "resident"),
    (Subject::Care, "inpatient"),
    (Subject::Tier, "county"),
    (Subject::Grade, "two"),
    (Subject::Place, "in-county"),
];

impl<'p> Sampler<'p> {
    pub(in crate::check) fn new(policy: &'p Policy) -> Sampler<'p> {
        let mut named = Vec::new();
        let mut figure = |figure: &Figure| amounts(&figure.root, &mut named);
        let of_steps = policy.steps.iter().flat_map(|step| {
            let deductible = step.deductible.iter().map(|deductible| deductible.figure);
            deductible.chain(step.base.fixed)
        });
        let of_limits = policy.limits.iter().map(|limit| limit.figure);
        for id in of_steps.chain(of_limits) {
            if let Some(found) = policy.figure(id) {
                figure(found);
                if let Node::Named(id) = &found.root
                    && let Some(table) = policy.figure(*id)
                {
                    figure(table);
                }
            }
        }
        for step in &policy.steps {
            if let Formula::Bands(bands) = &step.formula {
                named.extend(bands.bands.iter().map(|band| band.over.fen()));
            }
        }
        named.retain(|fen| *fen > 0);
        named.sort_unstable();
        named.dedup();
        Sampler {
            policy,
            state: 0x9e37_79b9_7f4a_7c15,
            named,
        }
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.state.checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let number = self.below(from.len());
        from.get(number).copied()
    }

    /// How many values a subject has.
    fn size(&self, subject: Subject) -> u16 {
        let size = match subject.dimension() {
            Some(dimension) => self.policy.words.count(dimension),
            None if subject == Subject::Disease => self.policy.diseases.len(),
            None => 2,
        };
        u16::try_from(size).unwrap_or(u16::MAX)
    }

    /// Another probe.
    pub(in crate::check) fn probe(&mut self, focus: &Focus) -> Probe {
        let near = self.below(focus.any.len());
        let near = focus.any.get(near).copied().unwrap_or_default();
        let word = |sampler: &mut Self, subject| {
            let values = sampler.values(focus, &near, subject);
            let dimension = subject.dimension()?;
            let id = sampler.policy.words.id(dimension, *values.first()?);
            Some(id.to_owned())
        };
        let words = |sampler: &mut Self, subject: Subject| -> Vec<String> {
            let values = sampler.values(focus, &near, subject);
            let Some(dimension) = subject.dimension() else {
                return Vec::new();
            };
            let id = |value: &u16| sampler.policy.words.id(dimension, *value).to_owned();
            values.iter().map(id).collect()
        };
        let flag = |sampler: &mut Self, subject| {
            let values = sampler.values(focus, &near, subject);
            values.first().map(|value| *value == 1)
        };
        let number = |sampler: &mut Self, subject, usual: u32| {
            let mut numbers = vec![usual];
            for fact in &sampler.policy.facts.numbers {
                if fact.subject == subject {
                    let edges = [fact.low, fact.high];
                    let off = edges.map(|edge| edge.saturating_add(1).min(120));
                    let below = edges.map(|edge| edge.saturating_sub(1).min(120));
                    let edges = edges.map(|edge| edge.min(120));
                    numbers.extend(edges.into_iter().chain(off).chain(below));
                }
            }
            if sampler.percent(30) {
                numbers = (0..9).collect();
            }
            sampler.one_of(&numbers)
        };

        let scheme = word(self, Subject::Scheme).unwrap_or_default();
        let mut patient = Patient::new(Scheme::named(&scheme));
        let held = words(self, Subject::Category);
        patient.categories = held
            .iter()
            .map(|id| Held::always(Category::named(id)))
            .collect();
        let held = words(self, Subject::Enrolment);
        patient.enrolments = held
            .iter()
            .map(|id| Held::always(Enrolment::named(id)))
            .collect();
        let mut certificates = words(self, Subject::Certificate);
        let care = word(self, Subject::Care).unwrap_or_default();
        let mut outpatient = word(self, Subject::OutpatientDisease);
        let long_term = [Care::CHRONIC_OUTPATIENT, Care::SPECIAL_OUTPATIENT];
        let asked = focus
            .values
            .iter()
            .any(|(subject, ..)| *subject == Subject::OutpatientDisease);
        let about = [Subject::OutpatientDisease, Subject::Certified]
            .iter()
            .any(|subject| !near.all.and(&self.policy.facts.about(*subject)).is_empty());
        if !long_term.contains(&Care::named(&care)) && !asked && !about && self.percent(80) {
            outpatient = None;
        }
        if flag(self, Subject::Certified) == Some(true) {
            certificates.extend(outpatient.clone());
        }
        certificates.dedup();
        patient.certificates = certificates
            .iter()
            .map(|id| Held::always(OutpatientDisease::named(id)))
            .collect();
        patient.age = number(self, Subject::Age, 50);
        patient.insured_years = number(self, Subject::InsuredYears, 5);

        let facility = Facility {
            tier: word(self, Subject::Tier).map(Tier::from),
            grade: word(self, Subject::Grade).map(Grade::from),
            place: word(self, Subject::Place).map(Place::from),
            designated: flag(self, Subject::Designated),
            medical: flag(self, Subject::Medical),
            name: self.hospital(),
            marks: words(self, Subject::FacilityMark)
                .into_iter()
                .map(Mark::from)
                .collect(),
        };
        let date = self.date();
        let mut bill = Bill::new(date, Care::named(&care), facility);
        bill.referred = flag(self, Subject::Referred);
        bill.admission = number(self, Subject::Admission, 1).map(|number| number.clamp(1, 9));
        bill.marks = words(self, Subject::Mark)
            .into_iter()
            .map(Mark::from)
            .collect();
        bill.outpatient_disease = outpatient.map(OutpatientDisease::from);
        for disease in self.values(focus, &near, Subject::Disease) {
            let Some(disease) = self.policy.diseases.get(usize::from(disease)) else {
                continue;
            };
            match (disease.patterns.first(), disease.outpatient.first()) {
                (Some(pattern), _) => {
                    let pattern = pattern.to_string();
                    let first = pattern.split('-').next().unwrap_or_default();
                    bill.diagnoses.extend(Icd10::parse(first));
                }
                (None, Some(outpatient)) => {
                    let id = self
                        .policy
                        .words
                        .id(Dimension::OutpatientDisease, *outpatient);
                    bill.outpatient_disease = Some(OutpatientDisease::named(id));
                }
                (None, None) => {}
            }
        }
        if bill.diagnoses.is_empty() {
            bill.diagnoses.extend(Icd10::parse("R69"));
        }
        let lines = [1, 1, 1, 2, 2, 3];
        for _ in 0..self.one_of(&lines).unwrap_or(1) {
            bill.lines.extend(self.line(&focus.covers));
        }
        Probe { patient, bill }
    }

    /// Values of a subject: near the focus, or at random.
    fn values(&mut self, focus: &Focus, near: &Condition, subject: Subject) -> Vec<u16> {
        let facts = &self.policy.facts;
        let about = facts.about(subject);
        let (asked, barred) = (near.all.and(&about), near.none.and(&about));
        let tables = focus.values.iter().filter(|(known, ..)| *known == subject);
        let fits = |value: &u16| {
            let of = facts.of(subject, usize::from(*value));
            of.and(&barred).is_empty()
                && tables
                    .clone()
                    .all(|(_, values, inside)| values.contains(value) == *inside)
        };
        let wanted = !asked.is_empty() || tables.clone().any(|(.., inside)| *inside);
        let all: Vec<u16> = (0..self.size(subject)).filter(fits).collect();
        let best: Vec<u16> = all
            .iter()
            .copied()
            .filter(|value| {
                asked
                    .without(&facts.of(subject, usize::from(*value)))
                    .is_empty()
            })
            .collect();
        let astray = self.percent(4);
        if subject.is_multiple() {
            let mut values = Vec::new();
            if wanted && !astray {
                values.extend(self.one_of(&best));
                if best.is_empty() {
                    // Several that satisfy the tests together.
                    let some: Vec<u16> = all
                        .iter()
                        .copied()
                        .filter(|value| {
                            !self
                                .policy
                                .facts
                                .of(subject, usize::from(*value))
                                .and(&asked)
                                .is_empty()
                        })
                        .collect();
                    values = some;
                }
            }
            let more = if wanted { 15 } else { 45 };
            if self.percent(more) {
                values.extend(self.one_of(&all));
            }
            values.sort_unstable();
            values.dedup();
            return values;
        }
        let usual = USUAL.iter().find(|(known, _)| *known == subject);
        let usual = usual.and_then(|(_, id)| self.policy.words.find(subject.dimension()?, id));
        if wanted && !astray {
            return self.one_of(&best).into_iter().collect();
        }
        match usual.filter(|usual| all.contains(usual)) {
            Some(usual) if self.percent(40) => vec![usual],
            _ if subject.dimension().is_none() && all.contains(&1) && self.percent(60) => vec![1],
            _ => self.one_of(&all).into_iter().collect(),
        }
    }

    fn hospital(&mut self) -> Option<String> {
        let names = &self.policy.facts.hospitals;
        let number = self.below(names.len().saturating_add(1));
        let known = names.get(number).map(|(name, _)| name.to_string());
        Some(known.unwrap_or_else(|| "某医院".to_owned()))
    }

    fn date(&mut self) -> crate::date::Date {
        let mut days = vec![self.policy.from()];
        for fact in &self.policy.facts.dates {
            for day in [fact.from, fact.to].into_iter().flatten() {
                days.extend(
                    [Some(day), day.next_day(), day.previous_day()]
                        .into_iter()
                        .flatten(),
                );
            }
        }
        days.retain(|day| self.policy.is_in_force(*day));
        self.one_of(&days).unwrap_or(self.policy.from())
    }

    /// An amount in fen: near those that the policy names, or anything up to a million.
    fn amount(&mut self) -> i64 {
        let named = self.named.clone();
        let amount = match self.below(6) {
            0 => self.one_of(&named).unwrap_or(0),
            1 => {
                let both = [self.one_of(&named), self.one_of(&named)];
                both.into_iter().flatten().fold(0, i64::saturating_add)
            }
            _ => {
                let magnitudes = [
                    1_000,
                    10_000,
                    100_000,
                    1_000_000,
                    5_000_000,
                    20_000_000,
                    100_000_000,
                ];
                let most = self.one_of(&magnitudes).unwrap_or(1_000);
                i64::try_from(self.below(most)).unwrap_or(1)
            }
        };
        let off = [0, 0, 1, -1, 2, 10, 100];
        amount.saturating_add(self.one_of(&off).unwrap_or(0)).max(1)
    }

    /// A line, mostly one that is covered.
    fn line(&mut self, covers: &[Covers]) -> Option<Line> {
        let count =
            |dimension| u16::try_from(self.policy.words.count(dimension)).unwrap_or(u16::MAX);
        let (fees, marks) = (count(Dimension::Fee), count(Dimension::Mark));
        let asked = self.below(covers.len());
        let covers = covers.get(asked).copied().filter(|_| self.percent(85));
        let mut fee = self
            .policy
            .words
            .find(Dimension::Fee, "treatment")
            .unwrap_or(0);
        if self.percent(25) {
            fee = u16::try_from(self.below(usize::from(fees))).unwrap_or(0);
        }
        let mut mark = None;
        if marks > 0 && self.percent(15) {
            mark = u16::try_from(self.below(usize::from(marks))).ok();
        }
        let classes = ["A", "A", "A", "B", "C", "parts"];
        let mut class = self.one_of(&classes).unwrap_or("A");
        if let Some(covers) = covers {
            // Tries until a line is found that the selector takes.
            for _ in 0..200 {
                let number = self.policy.words.find(Dimension::Class, class);
                let number = number.or_else(|| self.policy.words.find(Dimension::Class, "A"));
                let signature = self
                    .policy
                    .selectors
                    .signature(fee, number, mark.into_iter());
                if signature.is_some_and(|signature| signature & covers.selector == covers.selector)
                {
                    break;
                }
                fee = u16::try_from(self.below(usize::from(fees))).unwrap_or(0);
                class = self.one_of(&classes).unwrap_or("A");
                mark = None;
                if marks > 0 && self.percent(50) {
                    mark = u16::try_from(self.below(usize::from(marks))).ok();
                }
            }
        }
        let words = &self.policy.words;
        let fee = Fee::named(words.id(Dimension::Fee, fee));
        let marks = mark
            .iter()
            .map(|mark| Mark::named(words.id(Dimension::Mark, *mark)))
            .collect();
        let amount = self.amount();
        let money = Money::from_fen(amount);
        let input = match class {
            "parts" => {
                let part = || Money::from_fen(amount.checked_div(4).unwrap_or(0).max(1));
                LineInput {
                    class: Some(Class::A),
                    parts: Some(Parts {
                        own_expense: part(),
                        over_limit: part(),
                        first_self_payment: part(),
                        in_scope: part(),
                    }),
                    ..LineInput::default()
                }
            }
            class => LineInput {
                class: Some(Class::named(class)),
                amount: Some(money),
                first_share: (class == "B")
                    .then(|| vec![Ratio::from_millionths(Ratio::SCALE.wrapping_div(10))]),
                ..LineInput::default()
            },
        };
        Line::from_input(LineInput {
            fee,
            marks,
            ..input
        })
        .ok()
    }
}

/// The amounts in a figure.
fn amounts(node: &Node, out: &mut Vec<i64>) {
    match node {
        Node::Leaf(leaf) => match leaf.value {
            Value::Number(fen) => out.push(fen),
            Value::Share {
                at_least, at_most, ..
            } => {
                out.extend([at_least, at_most].into_iter().flatten().map(Money::fen));
            }
            Value::NoLimit | Value::Unstated => {}
        },
        Node::Table(table) => {
            let entries = table.entries.iter().map(|entry| &entry.node);
            entries
                .chain(&table.other)
                .for_each(|node| amounts(node, out));
        }
        Node::Named(_) => {}
    }
}
