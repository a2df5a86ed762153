//! Names, lists, amounts and citations in one of the two languages.

use crate::language::Language;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::info::{Certainty, Citation, Named, NoteId};
use crate::rounding::Rounding;
use crate::settle::situation::Situation;
use crate::statement::rounded;
use crate::vocabulary::Dimension;
use std::cell::RefCell;

/// Lists of at least so many values are written out once, at the end.
const LONG: usize = 5;

/// Says things of a policy in one language, and remembers the long lists that it has named.
pub(crate) struct Speaker<'a> {
    pub(super) policy: &'a Policy,
    lang: Language,
    /// Of a long list only what this bill and its patient have is named; without one, it is written out at the end.
    situation: Option<&'a Situation>,
    lists: RefCell<Vec<(Subject, Vec<u16>)>>,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(policy: &'a Policy, lang: Language) -> Self {
        Speaker {
            policy,
            lang,
            situation: None,
            lists: RefCell::default(),
        }
    }

    /// One that speaks of a bill and its patient: of a long list it names what they have, and counts the rest.
    pub(crate) fn of(policy: &'a Policy, lang: Language, situation: &'a Situation) -> Self {
        Speaker {
            situation: Some(situation),
            ..Speaker::new(policy, lang)
        }
    }

    /// The text in the language.
    pub(crate) fn t<T>(&self, zh: T, en: T) -> T {
        match self.lang {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    pub(super) fn name(&self, named: &'a Named) -> &'a str {
        self.t(&named.name, &named.name_en)
    }

    pub(super) fn payer(&self, payer: usize) -> &'a str {
        let payer = self.policy.info.payers.get(payer);
        payer.map_or("", |payer| self.t(&payer.name, &payer.name_en))
    }

    /// The name of a step with its id, which tells steps of one name apart.
    pub(super) fn step(&self, step: usize) -> String {
        let named = self.policy.info.steps.get(step);
        named.map_or_else(String::new, |named| {
            self.t(
                format!("“{}”", named.name),
                format!("\"{}\"", named.name_en),
            )
        })
    }

    pub(crate) fn word(&self, dimension: Dimension, number: u16) -> String {
        if let Some(word) = dimension.words().get(usize::from(number)) {
            return self.t(word.zh, word.en).to_owned();
        }
        let id = self.policy.words.id(dimension, number);
        let locals = self.policy.words.locals(dimension);
        let local = locals.iter().find(|word| *word.id == *id);
        match local {
            Some(word) if self.lang == Language::Chinese => word.name.to_string(),
            _ => id.replace('-', " "),
        }
    }

    pub(super) fn disease(&self, number: u16) -> String {
        let disease = self.policy.diseases.get(usize::from(number));
        disease.map_or_else(String::new, |disease| {
            self.t(disease.name.to_string(), disease.id.replace('-', " "))
        })
    }

    /// One value of a subject; in quotes if it would be misread in a list.
    fn value(&self, subject: Subject, value: u16) -> String {
        match self.bare_value(subject, value) {
            text if self.lang == Language::English
                && (text.contains(',') || text.starts_with("not ")) =>
            {
                format!("\"{text}\"")
            }
            text => text,
        }
    }

    fn bare_value(&self, subject: Subject, value: u16) -> String {
        match (subject.dimension(), subject) {
            (Some(dimension), _) => self.word(dimension, value),
            (None, Subject::Disease) => self.disease(value),
            (None, Subject::Admission) => self.t(
                format!("年内第 {value} 次住院"),
                format!("stay {value} of the year"),
            ),
            (None, Subject::Referred) => match value {
                0 => self.t("未按规定转诊", "not referred"),
                _ => self.t("已按规定转诊", "referred"),
            }
            .into(),
            (None, _) => match value {
                0 => self.t("否", "no"),
                _ => self.t("是", "yes"),
            }
            .into(),
        }
    }

    /// Any of these values; a long list by its first member and a number under which it is written out at the end.
    pub(crate) fn values(&self, subject: Subject, values: &[u16]) -> String {
        if let Some(dimension) = subject.dimension() {
            let is_all_of = |members: &[&str]| {
                let numbers = members
                    .iter()
                    .map(|id| self.policy.words.find(dimension, id));
                members.len() == values.len()
                    && numbers
                        .into_iter()
                        .all(|number| number.is_some_and(|number| values.contains(&number)))
            };
            let collective = dimension
                .collectives()
                .iter()
                .find(|word| is_all_of(word.members));
            if let Some(word) = collective {
                return self.t(word.zh, word.en).to_owned();
            }
        }
        let Some((first, more)) = values.split_first().filter(|_| values.len() >= LONG) else {
            let names: Vec<String> = values
                .iter()
                .map(|value| self.value(subject, *value))
                .collect();
            return self.or(&names);
        };
        if let Some(situation) = self.situation {
            let held = situation.values(subject).unwrap_or_default().iter();
            let held = held.filter(|value| values.contains(value));
            let held: Vec<String> = held.map(|value| self.value(subject, *value)).collect();
            let (first, all) = (self.value(subject, *first), values.len());
            return match held.is_empty() {
                true => self.t(
                    format!("{first}等 {all} 项"),
                    format!("{first} or {} others", more.len()),
                ),
                false => {
                    let held = self.and(&held);
                    self.t(
                        format!("{held}，{all} 项之一"),
                        format!("{held}, one of {all}"),
                    )
                }
            };
        }
        let mut lists = self.lists.borrow_mut();
        let known = lists
            .iter()
            .position(|(of, list)| *of == subject && list == values);
        let index = known.unwrap_or_else(|| {
            lists.push((subject, values.to_vec()));
            lists.len().saturating_sub(1)
        });
        let number = index.saturating_add(1);
        let first = self.value(subject, *first);
        self.t(
            format!("{first}等 {} 项〔组 {number}〕", values.len()),
            format!("{first} or {} others [list {number}]", more.len()),
        )
    }

    /// The long lists that were named, each written out.
    pub(super) fn named_lists(&self) -> Vec<String> {
        let lists = self.lists.borrow();
        let lists = (1..).zip(lists.iter()).map(|(number, (subject, values))| {
            let names: Vec<String> = values
                .iter()
                .map(|value| self.value(*subject, *value))
                .collect();
            self.t(
                format!("组 {number}：{}", names.join("、")),
                format!("list {number}: {}", names.join(", ")),
            )
        });
        lists.collect()
    }

    /// "a、b 或 c".
    pub(crate) fn or(&self, names: &[String]) -> String {
        self.list(names, "或", "or")
    }

    /// "a、b 和 c".
    pub(crate) fn and(&self, names: &[String]) -> String {
        self.list(names, "和", "and")
    }

    fn list(&self, names: &[String], zh: &str, en: &str) -> String {
        match names.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, first)) => self.t(
                format!("{}{zh}{last}", first.join("、")),
                format!("{} {en} {last}", first.join(", ")),
            ),
        }
    }

    /// Yuan without needless zeros.
    pub(super) fn money(&self, money: Money) -> String {
        let text = money.to_string();
        let text = text.strip_suffix(".00").unwrap_or(&text);
        self.t(format!("{text} 元"), format!("{text} yuan"))
    }

    /// A remark in brackets.
    pub(super) fn aside(&self, text: &str) -> String {
        match text {
            "" => String::new(),
            text => self.t(format!("（{text}）"), format!(" ({text})")),
        }
    }

    pub(crate) fn certainty(&self, certainty: Certainty) -> &'static str {
        let en = match certainty {
            Certainty::NotLessThan => "not less than",
            certainty => certainty.id(),
        };
        self.t(certainty.zh(), en)
    }

    /// Source, clause and how sure it is.
    pub(super) fn citation(&self, citation: &Citation) -> String {
        let clause = citation.clause.as_deref().unwrap_or_default();
        let place = format!("{} {clause}", citation.source);
        let certainty = self.certainty(citation.certainty);
        format!("{}{}", place.trim(), self.aside(certainty))
    }

    /// The citation that most of these notes have; of equally frequent ones the first.
    pub(super) fn most_cited(&self, notes: &[NoteId]) -> Option<&'a Citation> {
        let cited: Vec<&Citation> = notes
            .iter()
            .filter_map(|note| self.policy.info.note(*note))
            .collect();
        let same = |a: &Citation, b: &Citation| {
            a.source == b.source && a.clause == b.clause && a.certainty == b.certainty
        };
        let count =
            |citation: &Citation| cited.iter().filter(|other| same(citation, other)).count();
        // The last of the greatest, so from behind.
        let from_behind = cited.iter().rev();
        from_behind.copied().max_by_key(|citation| count(citation))
    }

    /// Where something comes from and how sure it is, if it is not as what stands around it; in brackets.
    pub(super) fn own_citation(&self, note: NoteId, around: &Citation) -> String {
        let citation = self.policy.info.note(note);
        citation.map_or_else(String::new, |citation| self.unlike(citation, around))
    }

    /// A citation in brackets, as far as it is not that of what stands around it.
    pub(super) fn unlike(&self, citation: &Citation, around: &Citation) -> String {
        let mut said = Vec::new();
        let elsewhere = citation.source != around.source || citation.clause != around.clause;
        if elsewhere {
            let clause = citation.clause.as_deref().unwrap_or_default();
            said.push(format!("{} {clause}", citation.source).trim().to_owned());
        }
        let as_sure = citation.certainty == around.certainty;
        if !as_sure || (elsewhere && citation.certainty != Certainty::Stated) {
            said.push(self.certainty(citation.certainty).to_owned());
        }
        match said.is_empty() {
            true => String::new(),
            false => self.t(
                format!("〔{}〕", said.join("，")),
                format!(" [{}]", said.join(", ")),
            ),
        }
    }

    /// A rounding other than to the fen, half up.
    pub(crate) fn rounding(&self, rounding: Rounding) -> Option<String> {
        if rounding == Rounding::default() {
            return None;
        }
        Some(rounded(rounding, self.lang))
    }
}
