//! Profiles: every combination of facts that the conditions and tables of a policy can tell apart.
//!
//! The policy is gone through as settling does, step by step, and whatever is asked of the bill and the patient is
//! answered in each way that the answers so far leave open. So a question that no bill gets to is never asked, and
//! each way through is one profile, with a patient and a bill that have it.

use super::super::leaves::of_step;
use crate::date::Date;
use crate::policy::Policy;
use crate::policy::facts::{Condition, Subject};
use crate::policy::figure::{Adjust, Change, Count, FigureId, Node};
use crate::probe::{Model, OTHER_HOSPITAL, Probe, choices, usual};
use crate::settle::situation::Situation;
use std::collections::BTreeMap;

/// More ways through one policy than this are not gone.
const MOST: usize = 200_000;

/// Counts (years, certificates, stays) beyond this are taken for this.
const MOST_COUNTED: u16 = 60;

/// The bill has no outpatient disease.
const NONE: u16 = u16::MAX;

/// The profiles of a policy.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    /// Each with its patient and a bill without lines.
    pub(super) probes: Vec<Probe>,
    /// Combinations that no patient and bill were found to have: two diseases that share their codes, say.
    pub(super) impossible: usize,
    /// There are more than were gone through.
    pub(super) is_cut_short: bool,
}

/// Goes through a policy in every way.
pub(super) fn profiles(policy: &Policy) -> Profiles {
    let mut out = Profiles::default();
    let mut asker = Asker {
        policy,
        days: days(policy),
        choices: choices(policy),
        turns: Vec::new(),
        at: 0,
        fields: BTreeMap::new(),
        answers: Vec::new(),
    };
    for _ in 0..MOST {
        asker.go();
        match asker.probe() {
            Some(probe) => out.probes.push(probe),
            None => out.impossible = out.impossible.saturating_add(1),
        }
        if !asker.turn() {
            return out;
        }
    }
    out.is_cut_short = true;
    out
}

/// The first day of every period that the dates of the policy can tell apart.
fn days(policy: &Policy) -> Vec<Date> {
    let mut days = vec![policy.from()];
    for fact in &policy.facts.dates {
        days.extend(fact.from);
        days.extend(fact.to.and_then(Date::next_day));
    }
    days.retain(|day| policy.is_in_force(*day));
    days.sort_unstable();
    days.dedup();
    days
}

struct Asker<'p> {
    policy: &'p Policy,
    days: Vec<Date>,
    choices: Vec<(Subject, Vec<u16>)>,
    /// The answers to be given: which of how many.
    turns: Vec<(usize, usize)>,
    at: usize,
    fields: BTreeMap<Subject, Field>,
    /// What was asked, and the answer.
    answers: Vec<(Question, bool)>,
}

/// What is left of a field.
enum Field {
    /// It has one of these values.
    One(Vec<u16>),
    /// It has all of the one, and none of the other.
    Many { held: Vec<u16>, banned: Vec<u16> },
}

impl Field {
    fn many() -> Field {
        Field::Many {
            held: Vec::new(),
            banned: Vec::new(),
        }
    }
}

enum Question {
    Fact(usize),
    AnyOf(Subject, Vec<u16>),
}

impl Asker<'_> {
    /// One way through the policy.
    fn go(&mut self) {
        self.at = 0;
        self.fields.clear();
        self.answers.clear();
        let policy = self.policy;
        for scope in &policy.scopes {
            self.condition(&scope.condition);
        }
        for step in &policy.steps {
            if self.condition(&step.condition) {
                for (_, figure) in of_step(policy, step) {
                    self.figure(figure);
                }
            }
        }
    }

    /// Makes the next way ready; false when all were gone.
    fn turn(&mut self) -> bool {
        self.turns.truncate(self.at);
        while let Some((taken, of)) = self.turns.pop() {
            let next = taken.saturating_add(1);
            if next < of {
                self.turns.push((next, of));
                return true;
            }
        }
        false
    }

    /// Which of several ways to go here.
    fn choose(&mut self, of: usize) -> usize {
        let turn = self.turns.get(self.at).map_or(0, |(taken, _)| *taken);
        if self.at == self.turns.len() {
            self.turns.push((0, of));
        }
        self.at = self.at.saturating_add(1);
        turn
    }

    fn condition(&mut self, condition: &Condition) -> bool {
        let facts = 0..self.policy.facts.subjects.len();
        let mut all = facts.clone().filter(|fact| condition.all.contains(*fact));
        let mut none = facts.filter(|fact| condition.none.contains(*fact));
        all.all(|fact| self.fact(fact)) && !none.any(|fact| self.fact(fact))
    }

    fn fact(&mut self, fact: usize) -> bool {
        let policy = self.policy;
        let Some(Some(subject)) = policy.facts.subjects.get(fact) else {
            let mut derived = policy.facts.derived.iter();
            let derived = derived.find(|derived| derived.fact == fact);
            let mut any = derived.into_iter().flat_map(|derived| &derived.any);
            return any.any(|condition| self.condition(condition));
        };
        let values = self.values(*subject);
        let values: Vec<u16> = values
            .into_iter()
            .filter(|value| self.is_true(*subject, *value, fact))
            .collect();
        let answer = self.any_of(*subject, &values);
        self.answers.push((Question::Fact(fact), answer));
        answer
    }

    /// Whether a value of a field makes a fact true.
    fn is_true(&self, subject: Subject, value: u16, fact: usize) -> bool {
        let facts = &self.policy.facts;
        match subject {
            Subject::Age | Subject::InsuredYears | Subject::Admission => {
                let mut numbers = facts.numbers.iter();
                let number = numbers.find(|number| number.fact == fact);
                number.is_some_and(|fact| (fact.low..=fact.high).contains(&u32::from(value)))
            }
            Subject::Date => {
                let day = self.days.get(usize::from(value));
                let date = facts.dates.iter().find(|date| date.fact == fact);
                day.zip(date).is_some_and(|(day, date)| {
                    date.from.is_none_or(|from| from <= *day) && date.to.is_none_or(|to| *day <= to)
                })
            }
            Subject::Hospital => {
                let hospital = facts.hospitals.get(usize::from(value));
                hospital.is_some_and(|(name, _)| {
                    let mut same = facts.hospitals.iter().filter(|(other, _)| other == name);
                    same.any(|(_, set)| set.contains(fact))
                })
            }
            _ => facts.of(subject, usize::from(value)).contains(fact),
        }
    }

    /// Every value that a field can have.
    fn values(&self, subject: Subject) -> Vec<u16> {
        let count = |count: usize| 0..u16::try_from(count).unwrap_or(u16::MAX);
        match subject {
            Subject::Age => (0..=120).collect(),
            Subject::InsuredYears => (0..=MOST_COUNTED).collect(),
            Subject::Admission => (1..=MOST_COUNTED).collect(),
            Subject::Date => count(self.days.len()).collect(),
            // One more, that no file names.
            Subject::Hospital => {
                let named = self.policy.facts.hospitals.len();
                count(named.saturating_add(1)).collect()
            }
            Subject::Disease => count(self.policy.diseases.len()).collect(),
            Subject::OutpatientDisease => {
                let words = self
                    .policy
                    .words
                    .count(crate::vocabulary::Dimension::OutpatientDisease);
                std::iter::once(NONE).chain(count(words)).collect()
            }
            _ => match subject.dimension() {
                Some(dimension) => count(self.policy.words.count(dimension)).collect(),
                None => vec![0, 1],
            },
        }
    }

    /// Whether a field has any of these values.
    fn any_of(&mut self, subject: Subject, values: &[u16]) -> bool {
        let mut field = self.fields.remove(&subject).unwrap_or_else(|| {
            if subject.is_multiple() {
                Field::many()
            } else {
                Field::One(self.values(subject))
            }
        });
        let answer = match &mut field {
            Field::One(left) => {
                let (with, without): (Vec<u16>, Vec<u16>) =
                    left.iter().partition(|value| values.contains(value));
                let answer = match (with.is_empty(), without.is_empty()) {
                    (true, _) => false,
                    (_, true) => true,
                    (false, false) => self.choose(2) == 0,
                };
                *left = if answer { with } else { without };
                answer
            }
            Field::Many { held, banned } => {
                if values.iter().any(|value| held.contains(value)) {
                    true
                } else {
                    // One stands for all that are treated alike.
                    let open: Vec<u16> = self
                        .told_apart(subject)
                        .filter(|value| values.contains(value) && !banned.contains(value))
                        .collect();
                    // None of them; or the first that is held, those before it not.
                    let turn = match open.len() {
                        0 => 0,
                        open => self.choose(open.saturating_add(1)),
                    };
                    let before = turn.checked_sub(1).unwrap_or(open.len());
                    banned.extend(open.iter().take(before));
                    let first = turn.checked_sub(1).and_then(|turn| open.get(turn));
                    held.extend(first);
                    first.is_some()
                }
            }
        };
        self.fields.insert(subject, field);
        answer
    }

    fn figure(&mut self, figure: FigureId) {
        let Some(figure) = self.policy.figure(figure) else {
            return;
        };
        self.node(&figure.root);
        for adjust in &figure.adjusts {
            if self.condition(&adjust.condition) {
                self.count(adjust);
            }
        }
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Leaf(_) => {}
            Node::Named(figure) => self.figure(*figure),
            Node::Table(table) => {
                let mut any = false;
                for entry in &table.entries {
                    let answer = self.any_of(table.subject, &entry.values);
                    let question = Question::AnyOf(table.subject, entry.values.clone());
                    self.answers.push((question, answer));
                    if answer {
                        any = true;
                        self.node(&entry.node);
                    }
                }
                if let (false, Some(other)) = (any, &table.other) {
                    self.node(other);
                }
            }
        }
    }

    /// Every number that an adjustment with a count can tell apart.
    fn count(&mut self, adjust: &Adjust) {
        let Some((count, bound)) = adjust.per else {
            return;
        };
        let (Change::Add(by) | Change::Subtract(by)) = adjust.change else {
            return;
        };
        let most = bound.and_then(|bound| bound.checked_div(by));
        let most = most.and_then(|most| u16::try_from(most).ok());
        let most = most.map_or(MOST_COUNTED, |most| {
            most.saturating_add(1).min(MOST_COUNTED)
        });
        let (subject, first) = match count {
            Count::InsuredYear => (Subject::InsuredYears, 0),
            Count::EarlierAdmission => (Subject::Admission, 1),
            Count::FurtherCertificate => return self.certificates(adjust, most),
        };
        for number in 0..most {
            let number = number.saturating_add(first);
            let question = Question::AnyOf(subject, vec![number]);
            let answer = self.any_of(subject, &[number]);
            if subject == Subject::Admission {
                self.answers.push((question, answer));
            }
            if answer {
                break;
            }
        }
    }

    /// Each number of certificates that count, the first of which does not.
    fn certificates(&mut self, adjust: &Adjust, most: u16) {
        let counted: Vec<u16> = self
            .values(Subject::Certificate)
            .into_iter()
            .filter(|certificate| adjust.counts_certificate(*certificate))
            .take(usize::from(most).saturating_add(1))
            .collect();
        let number = self.choose(counted.len().saturating_add(1));
        let field = self
            .fields
            .entry(Subject::Certificate)
            .or_insert_with(Field::many);
        if let Field::Many { held, .. } = field {
            held.extend(counted.into_iter().take(number));
            held.sort_unstable();
            held.dedup();
        }
    }

    /// The values of a field that the policy tells apart: one of each sort.
    fn told_apart(&self, subject: Subject) -> impl Iterator<Item = u16> {
        let mut choices = self.choices.iter();
        let own = choices.find(|(of, _)| *of == subject);
        own.into_iter()
            .flat_map(|(_, values)| values.iter().copied())
    }

    /// A patient and a bill that answer as was answered.
    fn probe(&self) -> Option<Probe> {
        let mut probe = Probe::of(self.policy, &self.model())?;
        // What was not asked is given all the same, so that no bill is refused for it.
        for subject in Subject::ALL {
            let is_open = match subject {
                Subject::OutpatientDisease => false,
                Subject::Disease => probe.bill.diagnoses.is_empty(),
                _ => !subject.is_multiple() && !self.fields.contains_key(&subject),
            };
            if is_open {
                let _ = probe.fill(self.policy, subject.field());
            }
        }
        let situation = Situation::observe(self.policy, &probe.bill, &probe.patient).ok()?;
        let answers = |(question, answer): &(Question, bool)| match question {
            Question::Fact(fact) => situation.known.holds.contains(*fact) == *answer,
            Question::AnyOf(subject, values) => {
                let found = situation.values(*subject).unwrap_or_default();
                found.iter().any(|value| values.contains(value)) == *answer
            }
        };
        let is_known = situation.known.unknown.is_empty();
        (is_known && self.answers.iter().all(answers)).then_some(probe)
    }

    fn model(&self) -> Model {
        let mut model = Model::default();
        for (subject, field) in &self.fields {
            let values = match field {
                Field::Many { held, .. } => held.clone(),
                Field::One(left) => self.usual(*subject, left).into_iter().collect(),
            };
            let first = values.first().copied();
            match subject {
                Subject::Age | Subject::InsuredYears | Subject::Admission => {
                    let number = first.map(u32::from);
                    model
                        .numbers
                        .extend(number.map(|number| (*subject, number)));
                }
                Subject::Date => {
                    model.date = first.and_then(|day| self.days.get(usize::from(day)).copied());
                }
                Subject::Hospital => {
                    let known =
                        first.and_then(|place| self.policy.facts.hospitals.get(usize::from(place)));
                    let name = known.map_or(OTHER_HOSPITAL, |(name, _)| name);
                    model.hospital = Some(name.to_owned());
                }
                _ => {
                    let values = values.into_iter().filter(|value| *value != NONE);
                    model.values.insert(*subject, values.collect());
                }
            }
        }
        model
    }

    /// Of several values that may be, the usual one.
    fn usual(&self, subject: Subject, left: &[u16]) -> Option<u16> {
        let usual = match subject {
            Subject::Age => Some(50),
            Subject::InsuredYears => Some(5),
            _ => subject
                .dimension()
                .zip(usual(subject))
                .and_then(|(dimension, id)| self.policy.words.find(dimension, id)),
        };
        usual
            .filter(|usual| left.contains(usual))
            .or_else(|| left.first().copied())
    }
}
