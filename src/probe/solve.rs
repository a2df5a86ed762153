//! Whether some patient and bill can meet conditions together, and which.
//!
//! The facts of a policy look at one field each, but for those that stand for "any of these conditions". So the search
//! chooses among the alternatives, and then gives each field a value by itself. That two fields may depend on one
//! another (a certificate and the bill's disease, say) is not looked at: "impossible" is certain, "possible" is not.

use super::chance::{Chance, Dice};
use crate::date::Date;
use crate::policy::Policy;
use crate::policy::facts::{Condition, FactSet, Subject};
use std::collections::BTreeMap;

/// What a patient and a bill must be like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    all: FactSet,
    none: FactSet,
    /// One of these values of the field.
    pins: Vec<(Subject, Vec<u16>)>,
    /// None of these.
    bans: Vec<(Subject, Vec<u16>)>,
    /// None of these conditions.
    broken: Vec<Condition>,
}

impl Ask {
    /// That a condition holds.
    pub(crate) fn of(condition: &Condition) -> Ask {
        Ask::default().and(condition)
    }

    /// That this condition holds too.
    pub(crate) fn and(mut self, condition: &Condition) -> Ask {
        self.all.unite(&condition.all);
        self.none.unite(&condition.none);
        self
    }

    /// That this condition does not hold.
    pub(crate) fn but_not(mut self, condition: &Condition) -> Ask {
        self.broken.push(*condition);
        self
    }

    /// That the field has one of these values.
    pub(crate) fn pin(mut self, subject: Subject, values: &[u16]) -> Ask {
        self.pins.push((subject, values.to_vec()));
        self
    }

    /// That the field has none of these values.
    pub(crate) fn ban(mut self, subject: Subject, values: &[u16]) -> Ask {
        self.bans.push((subject, values.to_vec()));
        self
    }

    fn without_fact(mut self, fact: usize) -> Ask {
        self.none.insert(fact);
        self
    }

    fn with_fact(mut self, fact: usize) -> Ask {
        self.all.insert(fact);
        self
    }
}

/// Fields of a patient and a bill, as numbers of the policy. What is not in it does not matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Model {
    pub(crate) values: BTreeMap<Subject, Vec<u16>>,
    pub(crate) numbers: BTreeMap<Subject, u32>,
    pub(crate) date: Option<Date>,
    pub(crate) hospital: Option<String>,
}

/// What came of a search.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Possible(Box<Model>),
    Impossible,
    /// Too many alternatives to try.
    Unknown,
}

impl Answer {
    pub(crate) fn is_impossible(&self) -> bool {
        matches!(self, Answer::Impossible)
    }

    pub(crate) fn model(self) -> Option<Model> {
        match self {
            Answer::Possible(model) => Some(*model),
            Answer::Impossible | Answer::Unknown => None,
        }
    }
}

/// So many choices are tried.
const TRIES: usize = 2_000;

/// Looks for a patient and a bill, with usual values where there is a choice.
pub(crate) fn solve(policy: &Policy, ask: &Ask) -> Answer {
    Search::new(policy, ask, None).run()
}

/// Different patients and bills, the most usual first; none if there can be none. Where too much would have to be tried,
/// one of which nothing is asked.
pub(crate) fn models(policy: &Policy, ask: &Ask, most: usize) -> Vec<Model> {
    let mut found = match solve(policy, ask) {
        Answer::Possible(model) => vec![*model],
        Answer::Impossible => return Vec::new(),
        Answer::Unknown => return vec![Model::default()],
    };
    let mut dice = Dice::default();
    for _ in 1..most {
        let another = Search::new(policy, ask, Some(&mut dice)).run().model();
        found.extend(another.filter(|model| !found.contains(model)));
    }
    found
}

/// A patient and a bill, the alternatives and values tried in an order by chance.
#[cfg(feature = "proptest")]
pub(crate) fn model_by_chance(
    policy: &Policy,
    ask: &Ask,
    chance: &mut dyn Chance,
) -> Option<Model> {
    Search::new(policy, ask, Some(chance)).run().model()
}

/// Whether every bill of which the one holds meets the other too.
pub(crate) fn implies(policy: &Policy, ask: &Ask, condition: &Condition) -> bool {
    let facts = policy.facts.subjects.len();
    (0..facts).all(|fact| {
        let all = condition.all.contains(fact);
        let none = condition.none.contains(fact);
        (!all || solve(policy, &ask.clone().without_fact(fact)).is_impossible())
            && (!none || solve(policy, &ask.clone().with_fact(fact)).is_impossible())
    })
}

struct Search<'a> {
    policy: &'a Policy,
    ask: &'a Ask,
    left: usize,
    /// Where a choice begins; without them at the usual.
    dice: Option<&'a mut dyn Chance>,
}

impl<'a> Search<'a> {
    fn new(policy: &'a Policy, ask: &'a Ask, dice: Option<&'a mut dyn Chance>) -> Search<'a> {
        Search {
            policy,
            ask,
            left: TRIES,
            dice,
        }
    }

    fn run(&mut self) -> Answer {
        let (ask, broken) = (self.ask, self.ask.broken.clone());
        self.expand(ask.all, ask.none, FactSet::EMPTY, broken)
    }

    /// Things in the order in which to try them.
    fn turned<T: Clone>(&mut self, things: &[T]) -> Vec<T> {
        let mut things = things.to_vec();
        let first = match &mut self.dice {
            Some(dice) => dice.below(things.len()),
            None => 0,
        };
        things.rotate_left(first);
        things
    }

    /// Chooses among the alternatives of one fact that stands for several conditions; `done` are those chosen for.
    /// `broken` are conditions that must not hold.
    fn expand(
        &mut self,
        all: FactSet,
        none: FactSet,
        done: FactSet,
        mut broken: Vec<Condition>,
    ) -> Answer {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Answer::Unknown;
        }
        if !all.and(&none).is_empty() {
            return Answer::Impossible;
        }
        if let Some(condition) = broken.pop() {
            // Any of its tests must come out the other way.
            let mut answer = Answer::Impossible;
            let facts: Vec<usize> = (0..self.policy.facts.subjects.len()).collect();
            for fact in self.turned(&facts) {
                let (mut more_all, mut more_none) = (all, none);
                if condition.all.contains(fact) {
                    more_none.insert(fact);
                } else if condition.none.contains(fact) {
                    more_all.insert(fact);
                } else {
                    continue;
                }
                match self.expand(more_all, more_none, done, broken.clone()) {
                    Answer::Impossible => {}
                    Answer::Unknown => answer = Answer::Unknown,
                    found => return found,
                }
            }
            return answer;
        }
        let policy = self.policy;
        let mut derived = policy.facts.derived.iter();
        let open = derived.find(|derived| {
            let asked = all.contains(derived.fact) || none.contains(derived.fact);
            asked && !done.contains(derived.fact)
        });
        let Some(derived) = open else {
            return self.assign(&all, &none);
        };
        let mut done = done;
        done.insert(derived.fact);
        if none.contains(derived.fact) {
            return self.expand(all, none, done, derived.any.clone());
        }
        let mut answer = Answer::Impossible;
        for condition in self.turned(&derived.any) {
            let (mut more_all, mut more_none) = (all, none);
            more_all.unite(&condition.all);
            more_none.unite(&condition.none);
            match self.expand(more_all, more_none, done, Vec::new()) {
                Answer::Impossible => {}
                Answer::Unknown => answer = Answer::Unknown,
                found => return found,
            }
        }
        answer
    }

    /// Gives every field that is asked about a value.
    fn assign(&mut self, all: &FactSet, none: &FactSet) -> Answer {
        let mut model = Model::default();
        for subject in Subject::ALL {
            let about = self.policy.facts.about(subject);
            let field = Field {
                policy: self.policy,
                ask: self.ask,
                subject,
                need: all.and(&about),
                ban: none.and(&about),
                turn: self.dice.as_mut().map_or(0, |dice| dice.below(TRIES)),
            };
            let found = match subject {
                _ if field.is_free() => Some(()),
                Subject::Age | Subject::InsuredYears | Subject::Admission => {
                    field.number().map(|number| {
                        model.numbers.insert(subject, number);
                    })
                }
                Subject::Date => field.date().map(|date| model.date = Some(date)),
                Subject::Hospital => field.hospital().map(|name| model.hospital = Some(name)),
                _ => field.values().map(|values| {
                    model.values.insert(subject, values);
                }),
            };
            if found.is_none() {
                return Answer::Impossible;
            }
        }
        Answer::Possible(Box::new(model))
    }
}

/// One field with the tests that must hold of it and those that must not.
struct Field<'a> {
    policy: &'a Policy,
    ask: &'a Ask,
    subject: Subject,
    need: FactSet,
    ban: FactSet,
    /// With which of the values to begin.
    turn: usize,
}

impl<'a> Field<'a> {
    fn turned<T>(&self, mut values: Vec<T>) -> Vec<T> {
        let first = self.turn.checked_rem(values.len()).unwrap_or(0);
        values.rotate_left(first);
        values
    }

    fn pins(&self) -> impl Iterator<Item = &'a [u16]> + use<'a> {
        let (pins, subject) = (&self.ask.pins, self.subject);
        let own = pins.iter().filter(move |(of, _)| *of == subject);
        own.map(|(_, values)| values.as_slice())
    }

    fn is_banned(&self, value: u16) -> bool {
        let mut bans = self.ask.bans.iter().filter(|(of, _)| *of == self.subject);
        bans.any(|(_, values)| values.contains(&value))
    }

    fn is_free(&self) -> bool {
        let banned = self.ask.bans.iter().any(|(of, _)| *of == self.subject);
        self.need.is_empty() && self.ban.is_empty() && self.pins().next().is_none() && !banned
    }

    /// Whether facts are all that is needed and nothing that is not allowed.
    fn fits(&self, facts: &FactSet) -> bool {
        self.need.without(facts).is_empty() && self.ban.and(facts).is_empty()
    }

    fn values(&self) -> Option<Vec<u16>> {
        let facts = |value: u16| self.policy.facts.of(self.subject, usize::from(value));
        let candidates = self.turned(candidates(self.policy, self.subject));
        let allowed = |value: u16| !self.is_banned(value) && self.ban.and(&facts(value)).is_empty();
        if !self.subject.is_multiple() {
            let pinned = |value: &u16| self.pins().all(|values| values.contains(value));
            let one = candidates
                .iter()
                .copied()
                .find(|value| pinned(value) && allowed(*value) && self.fits(&facts(*value)));
            // A bill may have no outpatient disease at all.
            let absent = self.subject == Subject::OutpatientDisease
                && self.pins().next().is_none()
                && self.need.is_empty();
            return match one {
                _ if absent => Some(Vec::new()),
                one => Some(vec![one?]),
            };
        }
        let mut held: Vec<u16> = Vec::new();
        for values in self.pins() {
            if !values.iter().any(|value| held.contains(value)) {
                held.push(values.iter().copied().find(|value| allowed(*value))?);
            }
        }
        for fact in (0..self.policy.facts.subjects.len()).filter(|fact| self.need.contains(*fact)) {
            if !held.iter().any(|value| facts(*value).contains(fact)) {
                let mut candidates = candidates.iter().copied();
                held.push(candidates.find(|v| allowed(*v) && facts(*v).contains(fact))?);
            }
        }
        Some(held)
    }

    fn number(&self) -> Option<u32> {
        let own = || {
            let numbers = self.policy.facts.numbers.iter();
            numbers.filter(|fact| fact.subject == self.subject)
        };
        let usual = match self.subject {
            Subject::Age => 50,
            Subject::InsuredYears => 5,
            _ => 1,
        };
        let mut candidates = vec![usual];
        for fact in own() {
            let around = [fact.low.checked_sub(1), Some(fact.low)];
            let above = [Some(fact.high), fact.high.checked_add(1)];
            candidates.extend(around.into_iter().chain(above).flatten());
        }
        for values in self.pins() {
            candidates.extend(values.iter().map(|value| u32::from(*value)));
        }
        candidates.extend((1..=20).filter(|_| self.subject == Subject::Admission));
        self.turned(candidates).into_iter().find(|number| {
            let mut facts = FactSet::EMPTY;
            for fact in own().filter(|fact| (fact.low..=fact.high).contains(number)) {
                facts.insert(fact.fact);
            }
            let value = u16::try_from(*number).ok();
            let pinned = |values: &[u16]| value.is_some_and(|value| values.contains(&value));
            let banned = value.is_some_and(|value| self.is_banned(value));
            let counted = self.subject != Subject::Admission || *number > 0;
            counted && self.fits(&facts) && self.pins().all(pinned) && !banned
        })
    }

    fn date(&self) -> Option<Date> {
        let (first, last) = (self.policy.from(), self.policy.to());
        let mut candidates = vec![first];
        for fact in &self.policy.facts.dates {
            candidates.extend(fact.from.and_then(Date::previous_day));
            candidates.extend(fact.from.into_iter().chain(fact.to));
            candidates.extend(fact.to.and_then(Date::next_day));
        }
        candidates.extend(last);
        self.turned(candidates).into_iter().find(|day| {
            let mut facts = FactSet::EMPTY;
            for fact in &self.policy.facts.dates {
                if fact.from.is_none_or(|from| from <= *day) && fact.to.is_none_or(|to| *day <= to)
                {
                    facts.insert(fact.fact);
                }
            }
            self.policy.is_in_force(*day) && self.fits(&facts)
        })
    }

    fn hospital(&self) -> Option<String> {
        let hospitals = &self.policy.facts.hospitals;
        let names = hospitals.iter().map(|(name, _)| &**name);
        let names = self.turned(names.chain([OTHER_HOSPITAL]).collect());
        let found = names.into_iter().find(|name| {
            let mut facts = FactSet::EMPTY;
            for (_, set) in hospitals.iter().filter(|(known, _)| **known == **name) {
                facts.unite(set);
            }
            self.fits(&facts)
        });
        found.map(str::to_owned)
    }
}

/// A hospital that no file names.
pub(crate) const OTHER_HOSPITAL: &str = "another hospital";

/// The usual value of a field, by its id.
pub(crate) fn usual(subject: Subject) -> Option<&'static str> {
    Some(match subject {
        Subject::Scheme => "resident",
        Subject::Care => "inpatient",
        Subject::Tier => "county",
        Subject::Grade => "two",
        Subject::Place => "in-county",
        Subject::OutpatientDisease | Subject::Certificate => "hypertension",
        _ => return None,
    })
}

/// The values that a field may have, the usual ones first.
fn candidates(policy: &Policy, subject: Subject) -> Vec<u16> {
    let Some(dimension) = subject.dimension() else {
        let count = match subject {
            Subject::Disease => policy.diseases.len(),
            // Yes before no.
            _ => return vec![1, 0],
        };
        return (0..u16::try_from(count).unwrap_or(u16::MAX)).collect();
    };
    let first = usual(subject).and_then(|id| policy.words.find(dimension, id));
    let all = 0..u16::try_from(policy.words.count(dimension)).unwrap_or(u16::MAX);
    first.into_iter().chain(all).collect()
}
