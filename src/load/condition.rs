//! Conditions: `when` and `unless`, turned into numbered facts.

use super::policy::Build;
use crate::date::Date;
use crate::policy::facts::{Condition, DateFact, DerivedFact, FactSet, Facts, NumberFact, Subject};
use crate::policy::info::Layer;
use crate::policy::words::Words;
use crate::text::{Code, Cursor, Diagnostic, Node, Span, Value, suggest};
use crate::vocabulary::Dimension;
use std::collections::HashSet;
use std::rc::Rc;

/// What a condition lets through: for each subject that it restricts, the values left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Reach {
    /// Shared, since the values may be thousands of diseases.
    values: Vec<(Subject, Rc<[u16]>)>,
    /// The condition has errors, so that it may let through less.
    unsure: bool,
}

impl Reach {
    /// The values left of a subject; `None` when it is not restricted.
    pub(super) fn of(&self, subject: Subject) -> Option<&[u16]> {
        self.values
            .iter()
            .find(|(known, _)| *known == subject)
            .map(|(_, values)| &**values)
    }

    /// Restricts a subject further. For a subject with one value at a time the values left are those common to both.
    pub(super) fn restrict(&mut self, subject: Subject, values: &[u16]) {
        match self.values.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, old)) if !subject.is_multiple() => {
                if !old.iter().all(|value| values.contains(value)) {
                    let both = old.iter().filter(|value| values.contains(value));
                    *old = both.copied().collect();
                }
            }
            Some((_, old)) => *old = values.into(),
            None => self.values.push((subject, values.into())),
        }
    }

    /// How many values it names.
    pub(super) fn size(&self) -> usize {
        let sizes = self.values.iter().map(|(_, values)| values.len());
        sizes.fold(0, usize::saturating_add)
    }

    /// Both at once.
    pub(super) fn and(&self, other: &Reach) -> Reach {
        let mut both = self.clone();
        for (subject, values) in &other.values {
            match both.values.iter_mut().find(|(known, _)| known == subject) {
                Some((_, old)) if subject.is_multiple() => *old = Rc::clone(values),
                Some(_) => both.restrict(*subject, values),
                None => both.values.push((*subject, Rc::clone(values))),
            }
        }
        both.unsure |= other.unsure;
        both
    }

    /// Whether the condition could not be read as a whole.
    pub(super) fn is_unsure(&self) -> bool {
        self.unsure
    }

    /// Whether no bill can pass: a subject with one value at a time has none left.
    pub(super) fn is_empty(&self) -> bool {
        self.values
            .iter()
            .any(|(subject, values)| !subject.is_multiple() && values.is_empty())
    }

    /// What either lets through.
    fn or(self, other: &Reach) -> Reach {
        let values = self.values.into_iter().filter_map(|(subject, values)| {
            let more = other.of(subject)?;
            let known: HashSet<u16> = values.iter().copied().collect();
            let more = more.iter().filter(|value| !known.contains(value));
            let either = values.iter().chain(more).copied();
            Some((subject, either.collect()))
        });
        Reach {
            values: values.collect(),
            unsure: self.unsure || other.unsure,
        }
    }
}

/// Numbers the tests that conditions make; the same test has one number.
#[derive(Debug, Default)]
pub(super) struct FactBuilder {
    tests: Vec<Test>,
}

/// One test of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Values(Subject, Vec<u16>),
    Hospitals(Vec<String>),
    Number(Subject, u32, u32),
    Date(Option<Date>, Option<Date>),
    Any(Vec<Condition>),
}

impl FactBuilder {
    fn fact(&mut self, test: Test) -> usize {
        match self.tests.iter().position(|known| *known == test) {
            Some(fact) => fact,
            None => {
                self.tests.push(test);
                self.tests.len().saturating_sub(1)
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }

    /// The tests that must hold for a condition.
    pub(super) fn tests(&self, condition: &Condition) -> impl Iterator<Item = &Test> {
        let all = condition.all;
        let tests = self.tests.iter().enumerate();
        tests.filter_map(move |(fact, test)| all.contains(fact).then_some(test))
    }

    /// Lays the facts out by what makes them true.
    pub(super) fn finish(self, words: &Words, diseases: usize) -> Facts {
        let sizes = Subject::ALL.map(|subject| match subject.dimension() {
            Some(dimension) => words.count(dimension),
            None if subject == Subject::Disease => diseases,
            None => 2,
        });
        let mut facts = Facts {
            by_value: sizes
                .iter()
                .map(|&size| vec![FactSet::EMPTY; size])
                .collect(),
            about: vec![FactSet::EMPTY; Subject::ALL.len()],
            ..Facts::default()
        };
        for (fact, test) in self.tests.into_iter().enumerate() {
            let subject = match &test {
                Test::Values(subject, _) | Test::Number(subject, ..) => Some(*subject),
                Test::Hospitals(_) => Some(Subject::Hospital),
                Test::Date(..) => Some(Subject::Date),
                Test::Any(_) => None,
            };
            facts.subjects.push(subject);
            if let Some(about) = subject.and_then(|subject| facts.about.get_mut(subject.index())) {
                about.insert(fact);
            }
            match test {
                Test::Values(subject, values) => {
                    for value in values {
                        let sets = facts.by_value.get_mut(subject.index());
                        if let Some(set) = sets.and_then(|sets| sets.get_mut(usize::from(value))) {
                            set.insert(fact);
                        }
                    }
                }
                Test::Hospitals(names) => {
                    for name in names {
                        let mut set = FactSet::EMPTY;
                        set.insert(fact);
                        facts.hospitals.push((name.into(), set));
                    }
                }
                Test::Number(subject, low, high) => facts.numbers.push(NumberFact {
                    fact,
                    subject,
                    low,
                    high,
                }),
                Test::Date(from, to) => facts.dates.push(DateFact { fact, from, to }),
                Test::Any(any) => facts.derived.push(DerivedFact { fact, any }),
            }
        }
        facts
    }
}

impl<'s> Build<'s> {
    /// The `when` and `unless` of a thing, and what they let through.
    pub(super) fn condition(&mut self, cursor: &Cursor<'_, 's>) -> (Condition, Reach) {
        let before = self.sink.error_count();
        let (mut condition, mut reach) = (Condition::default(), Reach::default());
        let mut excluded: Vec<(Subject, Rc<[u16]>)> = Vec::new();
        if let Some(alternatives) = cursor.opt_one_or_many_tables("when") {
            if alternatives
                .iter()
                .any(|table| table.table().entries().is_empty())
            {
                self.empty_condition(cursor, "when");
            }
            let mut read: Vec<(Condition, Reach)> = alternatives
                .into_iter()
                .map(|table| self.all_of(table))
                .collect();
            match read.len() {
                // Anything but an array was reported.
                0 if cursor.opt("when").is_some_and(is_empty) => {
                    self.empty_condition(cursor, "when");
                }
                0 => {}
                1 => {
                    if let Some((only, only_reach)) = read.pop() {
                        (condition, reach) = (only, only_reach);
                    }
                }
                _ => {
                    let any: Vec<Condition> =
                        read.iter().map(|(condition, _)| *condition).collect();
                    condition.all.insert(self.facts.fact(Test::Any(any)));
                    let mut reaches = read.into_iter().map(|(_, reach)| reach);
                    let first = reaches.next().unwrap_or_default();
                    reach = reaches.fold(first, |all, one| all.or(&one));
                }
            }
        }
        if let Some(alternatives) = cursor.opt_one_or_many_tables("unless") {
            if cursor.opt("unless").is_some_and(is_empty) {
                self.empty_condition(cursor, "unless");
            }
            for table in alternatives {
                let is_empty = table.table().entries().is_empty();
                let (exception, exception_reach) = self.all_of(table);
                // One test is excluded as such; several together are one fact of their own.
                let mut facts = (0..self.facts.len()).filter(|&fact| exception.all.contains(fact));
                match (facts.next(), facts.next()) {
                    (Some(fact), None) => {
                        condition.none.insert(fact);
                        excluded.extend(exception_reach.values);
                    }
                    (Some(_), Some(_)) => condition
                        .none
                        .insert(self.facts.fact(Test::Any(vec![exception]))),
                    (None, _) if is_empty => self.empty_condition(cursor, "unless"),
                    // Its keys were wrong.
                    (None, _) => {}
                }
            }
        }
        for (subject, values) in &excluded {
            if subject.is_multiple() {
                continue;
            }
            if let Some(possible) = self.possible(*subject, &reach) {
                let left = possible.into_iter().filter(|value| !values.contains(value));
                reach.restrict(*subject, &left.collect::<Vec<u16>>());
            }
        }
        if reach.is_empty() {
            let span = cursor.key_span(if cursor.has("unless") {
                "unless"
            } else {
                "when"
            });
            let diagnostic = Diagnostic::error(
                Code::StepNeverApplies,
                span,
                format!("{} can never apply", cursor.what()),
            );
            self.sink
                .push(diagnostic.expected("a condition that some bill can meet"));
        }
        reach.unsure |= self.sink.error_count() > before;
        (condition, reach)
    }

    fn empty_condition(&self, cursor: &Cursor<'_, 's>, key: &str) {
        let message = format!("{} is empty", cursor.name_of(key));
        self.sink.push(
            Diagnostic::error(Code::BadValue, cursor.key_span(key), message)
                .expected("such as `{ care = \"inpatient\" }`, or no condition at all"),
        );
    }

    /// One table of a condition: every key must hold.
    fn all_of(&mut self, table: Cursor<'_, 's>) -> (Condition, Reach) {
        let (mut condition, mut reach) = (Condition::default(), Reach::default());
        for subject in Subject::ALL {
            let Some(node) = table.opt(subject.key()) else {
                continue;
            };
            // Put into words only for a message.
            let place = || table.name_of(subject.key());
            let test = match subject {
                Subject::Designated | Subject::Medical | Subject::Referred | Subject::Certified => {
                    match node.as_bool() {
                        Some(flag) => Some(Test::Values(subject, vec![u16::from(flag)])),
                        None => {
                            self.sink.wrong_type(
                                node,
                                &place(),
                                "`true` or `false` without quotes",
                            );
                            None
                        }
                    }
                }
                Subject::Hospital => {
                    let names = table.strings(subject.key(), node);
                    if names.is_empty() {
                        self.sink
                            .error(Code::BadValue, node.span, format!("{} is empty", place()));
                    }
                    Some(Test::Hospitals(
                        names.into_iter().map(|(name, _)| name.to_owned()).collect(),
                    ))
                }
                Subject::Age | Subject::InsuredYears | Subject::Admission => {
                    self.number_test(subject, node, &place())
                }
                Subject::Date => self.date_test(node, &place()),
                _ => {
                    let mut values = Vec::new();
                    for (text, span) in table.strings(subject.key(), node) {
                        values.extend(self.values(subject, text, span).unwrap_or_default());
                    }
                    values.sort_unstable();
                    values.dedup();
                    if is_empty(node) {
                        self.sink
                            .error(Code::BadValue, node.span, format!("{} is empty", place()));
                    }
                    Some(Test::Values(subject, values))
                }
            };
            let Some(test) = test else { continue };
            if let Test::Values(subject, values) = &test {
                match values.is_empty() {
                    // A group or list whose members are wrong.
                    true => reach.unsure = true,
                    false => reach.restrict(*subject, values),
                }
            }
            condition.all.insert(self.facts.fact(test));
        }
        table.finish();
        (condition, reach)
    }

    /// Remembers that a condition uses a group or list whose members an assumed layer gave.
    fn lean_on_assumed(&self, members: Option<Span>) {
        let assumed = members.filter(|span| self.layer_of(span.file) == Layer::Assumed);
        self.assumed_members
            .set(assumed.or(self.assumed_members.get()));
    }

    /// The values that a word of a rule file stands for: one, or all of a group or list.
    pub(super) fn values(&self, subject: Subject, text: &str, span: Span) -> Option<Vec<u16>> {
        if subject == Subject::Disease {
            if let Some(list) = self.lists.find(text) {
                self.lean_on_assumed(self.lists.place(list));
                return self.members(self.list_members.get(list)?, span);
            }
            let found = self.disease_ids.find(text);
            if found.is_none() {
                self.unknown_word(
                    "disease",
                    text,
                    span,
                    self.disease_ids.ids().chain(self.lists.ids()),
                    "the id of a `[[disease]]` or `[[disease_list]]` of this file",
                );
            }
            return Some(vec![u16::try_from(found?).ok()?]);
        }
        if subject == Subject::Category && self.words.find(Dimension::Category, text).is_none() {
            if let Some(group) = self.groups.find(text) {
                self.lean_on_assumed(self.groups.place(group));
                return self.members(self.group_members.get(group)?, span);
            }
            self.unknown_word(
                "category",
                text,
                span,
                self.words
                    .spellings(Dimension::Category)
                    .chain(self.groups.ids()),
                "a category of the standard vocabulary or of this file, or a group of this file",
            );
            return None;
        }
        let dimension = subject.dimension()?;
        let collective = dimension
            .collectives()
            .iter()
            .find(|word| word.id == text || word.zh == text);
        if let Some(collective) = collective {
            let members = collective.members.iter();
            return members.map(|id| self.words.find(dimension, id)).collect();
        }
        self.dimension_word(dimension, text, span)
            .map(|number| vec![number])
    }

    /// The members of a group or list, which count wherever it is named.
    fn members(&self, members: &[u16], span: Span) -> Option<Vec<u16>> {
        let within = self.count_values(members.len(), span);
        within.then(|| members.to_vec())
    }

    fn number_test(&self, subject: Subject, node: &Node<'_>, place: &str) -> Option<Test> {
        if let Value::Integer(text) = &node.value
            && let Ok(number) = text.parse()
        {
            return Some(Test::Number(subject, number, number));
        }
        let table = Cursor::of(node, place, self.sink)?;
        let bounds = ["from", "over", "to", "under"].map(|key| table.opt_u32(key));
        let [from, over, to, under] = bounds.map(|bound| bound.map(|(number, _)| number));
        let over = over.map(|over| over.saturating_add(1));
        let low = from.unwrap_or(0).max(over.unwrap_or(0));
        let most = under.map(|under| under.saturating_sub(1));
        let high = to.unwrap_or(u32::MAX).min(most.unwrap_or(u32::MAX));
        if table.table().entries().is_empty() {
            let message = format!("{place} has no bounds");
            self.sink.push(
                Diagnostic::error(Code::BadValue, node.span, message)
                    .expected("bounds such as `{ from = 60 }` or `{ under = 14 }`"),
            );
        } else if low > high || under == Some(0) {
            let message = format!("{place} holds for no number");
            self.sink.push(
                Diagnostic::error(Code::StepNeverApplies, node.span, message)
                    .expected("a lower bound below the upper one"),
            );
        }
        table.finish();
        Some(Test::Number(subject, low, high))
    }

    fn date_test(&self, node: &Node<'_>, place: &str) -> Option<Test> {
        let table = Cursor::of(node, place, self.sink)?;
        let from = table.opt_date("from").map(|(date, _)| date);
        let to = table.opt_date("to").map(|(date, _)| date);
        if table.table().entries().is_empty() {
            let message = format!("{place} has no bounds");
            self.sink.push(
                Diagnostic::error(Code::BadValue, node.span, message)
                    .expected("bounds such as `{ from = 2019-07-01 }`"),
            );
        }
        let (first, last) = self.period;
        let too_late = from.is_some_and(|from| last.is_some_and(|last| last < from));
        let too_early = to.is_some_and(|to| to < first);
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            let message = format!("{place} ends before it begins");
            self.sink.push(
                Diagnostic::error(Code::PeriodOrder, node.span, message)
                    .expected("a `to` that is not before `from`"),
            );
        } else if too_late || too_early {
            let message = format!("{place} is outside the policy's period");
            self.sink.push(
                Diagnostic::error(Code::StepNeverApplies, node.span, message)
                    .expected("a period that the policy's `from` and `to` let through"),
            );
        }
        table.finish();
        Some(Test::Date(from, to))
    }

    /// The subject of a table's dimension, with the values that it may have at this point.
    pub(super) fn possible(&self, subject: Subject, reach: &Reach) -> Option<Vec<u16>> {
        if let Some(values) = reach.of(subject) {
            return Some(values.to_vec());
        }
        match subject {
            // Nothing may be held at all.
            subject if subject.is_multiple() => None,
            Subject::OutpatientDisease | Subject::Admission => None,
            Subject::Referred => Some(vec![0, 1]),
            _ => {
                let count = u16::try_from(self.words.count(subject.dimension()?)).ok()?;
                Some((0..count).collect())
            }
        }
    }

    /// The name of a value, for messages.
    pub(super) fn value_name(&self, subject: Subject, value: u16) -> String {
        match (subject.dimension(), subject) {
            (Some(dimension), _) => self.words.id(dimension, value).to_owned(),
            (None, Subject::Disease) => self.disease_ids.id(usize::from(value)).to_owned(),
            (None, Subject::Referred) => ["no", "yes"]
                .get(usize::from(value))
                .map_or(String::new(), |word| (*word).to_owned()),
            (None, _) => value.to_string(),
        }
    }

    /// A value as a condition writes it.
    pub(super) fn value_text(&self, subject: Subject, value: u16) -> String {
        match subject {
            Subject::Designated | Subject::Medical | Subject::Referred | Subject::Certified => {
                (value == 1).to_string()
            }
            Subject::Admission => value.to_string(),
            _ => format!("{:?}", self.value_name(subject, value)),
        }
    }

    /// Reports a key of a table of a dimension that is no value of it.
    pub(super) fn bad_entry(&self, subject: Subject, key: &str, span: Span, expected: &str) {
        let diagnostic = Diagnostic::error(
            Code::UnknownName,
            span,
            format!("`{key}` is no entry of a table by `{}`", subject.key()),
        );
        self.sink.push(
            diagnostic
                .did_you_mean(suggest(key, ["yes", "no", "other"]))
                .expected(expected),
        );
    }
}

/// Whether a node is an array without elements.
pub(super) fn is_empty(node: &Node<'_>) -> bool {
    node.as_array().is_some_and(<[Node<'_>]>::is_empty)
}
