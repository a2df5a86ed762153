//! Why a bill was not settled: what is missing, what needs it, and who would have to supply it.

use super::facts::{Fact, Facts, Failed};
use super::fault::fault;
use super::figure::Figures;
use super::idle::tests;
use super::step::words;
use super::why::Words;
use crate::bill::Bill;
use crate::language::Language;
use crate::page::clean;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::figure::FigureId;
use crate::policy::info::{Certainty, Citation, NoteId, Source};
use crate::settle::error::SettleError;
use crate::settle::figures::Refusal;
use crate::settle::observed::Stopped;
use crate::settle::situation::Situation;
use crate::statement::word;
use serde::Serialize;
use std::error::Error;
use std::fmt;

/// A bill that was not settled: what is missing, what needs it, and who would have to supply it. As an error it says what
/// its [`SettleError`] does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Refused {
    /// Why it was not settled, as [`settle`](crate::settle) says it.
    #[serde(serialize_with = "as_text")]
    pub error: SettleError,
    /// The step at which it stopped, by id and name.
    pub step: Option<(String, Words)>,
    /// What is missing.
    pub lack: Lack,
}

/// What is missing for a bill to be settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Lack {
    /// A value that no source states. Who issued the source would have to state it, or the author of the rule file would
    /// have to assume it in an assumption layer.
    Value {
        /// The figure in words.
        figure: Words,
        /// The path in the rule file, and the clause that leaves it open.
        citation: Citation,
        /// The document with that clause.
        source: Option<Source>,
        /// For which values of the bill it is needed, where it goes by any.
        values: Vec<Fact>,
    },
    /// A field of the bill or the patient that was not given. The cashier would have to fill it in.
    Field {
        /// The field.
        fact: Fact,
        /// The tests of the step's condition that need it.
        tests: Vec<Failed>,
        /// The figures of the step that go by it.
        figures: Vec<Words>,
    },
    /// Nothing: what was given contradicts itself, is too much, or belongs to another policy or year. Who gave it would
    /// have to correct it.
    Nothing,
}

fn as_text<S: serde::Serializer>(error: &SettleError, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}

impl Refused {
    pub(super) fn new(
        policy: &Policy,
        bill: &Bill,
        patient: &Patient,
        stopped: Stopped,
    ) -> Refused {
        let bare = Situation::default();
        let profile = stopped.profile.as_deref();
        let situation = profile.map_or(&bare, |profile| &profile.situation);
        let figures = &Figures::new(policy, situation);
        let facts = Facts {
            figures,
            bill,
            patient,
        };
        let number = stopped.step.map(|(number, _)| number);
        let named = number.and_then(|number| policy.info.steps.get(number));
        let lack = match (stopped.step, &stopped.error) {
            (Some((_, Refusal::Unstated(figure, note))), _) => value(&facts, figure, note),
            (Some((number, Refusal::Missing(subject))), _) => Some(field(&facts, number, subject)),
            (_, SettleError::Missing { field: path, .. }) => {
                let mut subjects = Subject::ALL.into_iter();
                let subject = subjects.find(|subject| subject.field() == path);
                Some(Lack::Field {
                    fact: subject.map_or_else(class, |subject| facts.fact(subject)),
                    tests: Vec::new(),
                    figures: Vec::new(),
                })
            }
            _ => None,
        };
        Refused {
            step: named.map(|named| (named.id.clone(), words(named))),
            lack: lack.unwrap_or(Lack::Nothing),
            error: stopped.error,
        }
    }
}

/// The one field that can be missing and that no condition looks at: lines are told apart by it.
fn class() -> Fact {
    Fact {
        field: "bill.lines.class",
        name: Words::new(
            "费用行的目录类别（甲、乙、丙）",
            "the catalogue class of a line",
        ),
        given: None,
        text: Words::new("没有给出", "not given"),
        not_that_day: Vec::new(),
    }
}

fn value(facts: &Facts<'_>, figure: FigureId, note: NoteId) -> Option<Lack> {
    let policy = facts.figures.policy;
    let own = policy.figure(figure)?;
    let citation = facts.figures.note(note)?;
    let mut sources = policy.info.sources.iter();
    let mut subjects = Vec::new();
    own.root.subjects(&mut subjects);
    Some(Lack::Value {
        figure: named(&own.name),
        source: sources.find(|source| source.id == citation.source).cloned(),
        values: subjects
            .into_iter()
            .map(|subject| facts.fact(subject))
            .collect(),
        citation,
    })
}

fn field(facts: &Facts<'_>, number: usize, subject: Subject) -> Lack {
    let policy = facts.figures.policy;
    let fact = facts.fact(subject);
    let step = policy.steps.get(number);
    let tests = step.map_or_else(Vec::new, |step| facts.untold(&step.condition));
    let mut figures = Vec::new();
    for id in step
        .into_iter()
        .flat_map(|step| step.figures(&policy.limits))
    {
        let own = policy.figure(id);
        let name = own
            .filter(|own| own.counted().contains(&subject))
            .map(|own| named(&own.name));
        figures.extend(name.filter(|name| !figures.contains(name)));
    }
    Lack::Field {
        tests: tests
            .into_iter()
            .filter(|test| test.facts.iter().any(|own| own.field == fact.field))
            .collect(),
        figures,
        fact,
    }
}

/// A figure by its key.
fn named(key: &str) -> Words {
    let first = key.split_once('.').map_or(key, |(first, _)| first);
    Words::new(word(first, Language::Chinese), key)
}

impl Refused {
    /// What is missing, what needs it and who would have to supply it, in words. Ends with a line break.
    pub fn text(&self, language: Language) -> String {
        let t = |zh: String, en: String| match language {
            Language::Chinese => zh,
            Language::English => en,
        };
        let step = self
            .step
            .as_ref()
            .map(|(_, name)| clean(name.text(language)));
        let mut lines = Vec::new();
        match &self.lack {
            Lack::Value {
                figure,
                citation,
                source,
                values,
            } => {
                let step = step.unwrap_or_default();
                let figure = figure.text(language);
                lines.push(t(
                    format!("这张账单不能结算：步骤“{step}”的{figure}没有写明"),
                    format!("this bill cannot be settled: the {figure} of the step \"{step}\" is unstated"),
                ));
                let path = &citation.what;
                lines.push(t(format!("缺少：{path}"), format!("missing: {path}")));
                if !values.is_empty() {
                    let values = values.iter().map(|fact| {
                        let (name, text) = (fact.name.text(language), fact.text.text(language));
                        t(format!("{name}为{text}"), format!("{name} {text}"))
                    });
                    let values = values.collect::<Vec<_>>().join(language.pick("，", ", "));
                    lines.push(t(format!("适用于：{values}"), format!("for: {values}")));
                }
                let clause = citation.clause.as_deref().unwrap_or_default();
                let place = clean(&format!("{} {clause}", citation.source));
                lines.push(t(
                    format!("留空的条文：{place}"),
                    format!("clause that leaves it open: {place}"),
                ));
                let issuer = source
                    .as_ref()
                    .map_or_else(String::new, |source| issuer(source, language));
                lines.push(match citation.certainty {
                    Certainty::Assumed => t(
                        format!("由谁补充：规则文件的作者，在假定层里（{issuer}）"),
                        format!(
                            "who would have to supply it: the author of the rule file, in the assumption layer ({issuer})"
                        ),
                    ),
                    _ => t(
                        format!(
                            "由谁补充：{issuer}的发布单位；或由规则文件的作者在假定层里写明一个假定"
                        ),
                        format!(
                            "who would have to supply it: who issued {issuer}; or the author of the rule file, as an assumption in an assumption layer"
                        ),
                    ),
                });
            }
            Lack::Field {
                fact,
                tests: asked,
                figures,
            } => {
                let (name, path) = (fact.name.text(language), fact.field);
                lines.push(t(
                    format!("这张账单不能结算：没有给出{name}"),
                    format!("this bill cannot be settled: not given: {name}"),
                ));
                lines.push(t(format!("缺少：{path}"), format!("missing: {path}")));
                if let Some(step) = step {
                    let asked = match asked.as_slice() {
                        [] => String::new(),
                        asked => tests(asked, language),
                    };
                    let figures = figures.iter().map(|figure| figure.text(language));
                    let figures = figures.collect::<Vec<_>>().join(language.pick("、", ", "));
                    let figures = match figures.as_str() {
                        "" => figures,
                        figures => t(
                            format!("按它查找{figures}"),
                            format!("looked up by it: {figures}"),
                        ),
                    };
                    let both = [asked, figures].into_iter().filter(|text| !text.is_empty());
                    let both = both.collect::<Vec<_>>().join(language.pick("；", "; "));
                    lines.push(t(
                        format!("谁需要它：步骤“{step}”，{both}"),
                        format!("what needs it: the step \"{step}\": {both}"),
                    ));
                }
                lines.push(t(
                    format!("由谁补充：收费员，填写 {path}"),
                    format!("who would have to supply it: the cashier, in {path}"),
                ));
            }
            Lack::Nothing => {
                let (what, who) = fault(&self.error);
                lines.push(t(
                    format!("这张账单不能结算：{}", what.text(Language::Chinese)),
                    format!(
                        "this bill cannot be settled: {}",
                        what.text(Language::English)
                    ),
                ));
                lines.push(who.text(language).to_owned());
            }
        }
        let mut text = lines.join("\n  ");
        text.push('\n');
        text
    }
}

fn issuer(source: &Source, language: Language) -> String {
    let title = clean(&source.title);
    let date = source.date.map_or_else(String::new, |date| match language {
        Language::Chinese => format!("（{date}）"),
        Language::English => format!(" ({date})"),
    });
    match language {
        Language::Chinese => format!("《{title}》{date}"),
        Language::English => format!("\"{title}\"{date}"),
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}
