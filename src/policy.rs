//! The checked policy: what a rule file means, ready to settle bills by.
//!
//! A [`Policy`] is made only by loading rule files ([`RuleBook`](crate::RuleBook)), and loading does all the checking:
//! a `Policy` that exists is consistent. It knows nothing of TOML or of places in a text.

pub(crate) mod facts;
pub(crate) mod figure;
pub(crate) mod info;
pub(crate) mod selectors;
pub(crate) mod step;
pub(crate) mod words;

use crate::date::Date;
use crate::icd10::{Icd10, Icd10Pattern};
use crate::vocabulary::{Category, Dimension};
use crate::year::CounterNames;
use facts::{Condition, Facts, Subject};
use figure::{Figure, FigureId};
use info::{Citation, Exception, Info, Layer, LeftOut, Named, Payer, Source};
use selectors::Selectors;
use std::collections::BTreeSet;
use std::sync::Arc;
use step::{Limit, Scope, Slot, Step};
use words::Words;

/// A checked policy: one version of one place's rules, stated or with assumptions.
///
/// ```
/// use payer_split::{Layer, RuleBook};
///
/// let book = RuleBook::embedded();
/// let policy = book.find("430304", "2020-06-01".parse()?, Layer::Stated)?;
/// assert_eq!(policy.id(), "yuetang");
/// assert_eq!(policy.name(), "岳塘区健康扶贫");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) info: Arc<Info>,
    pub(crate) words: Words,
    pub(crate) facts: Facts,
    pub(crate) diseases: Vec<Disease>,
    pub(crate) selectors: Selectors,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) limits: Vec<Limit>,
    pub(crate) steps: Vec<Step>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) benefits: Vec<Condition>,
    /// For which bills each exception is.
    pub(crate) exceptions: Vec<Condition>,
    pub(crate) counters: Counters,
}

/// A disease of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disease {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) patterns: Vec<Icd10Pattern>,
    /// Outpatient diseases that are this disease too.
    pub(crate) outpatient: Vec<u16>,
}

impl Disease {
    pub(crate) fn matches(&self, code: &Icd10) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(code))
    }
}

/// The year-to-date counters of a policy and where the fixed ones stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) names: Arc<CounterNames>,
    /// By payer: what it has paid this year.
    pub(crate) paid: usize,
    /// By step: the deductible used this year.
    pub(crate) deductibles: usize,
    /// What was billed this year, what of it was in scope, and what the patient paid.
    pub(crate) billed: usize,
    pub(crate) in_scope: usize,
    pub(crate) patient: usize,
}

impl Policy {
    /// The id of the place's rules, the same for all versions and layers: a year to date belongs to it.
    pub fn id(&self) -> &str {
        &self.info.id
    }

    /// The version's label.
    pub fn version(&self) -> &str {
        &self.info.version
    }

    /// Whether this is the stated text or an assumption layer over it.
    pub fn layer(&self) -> Layer {
        self.info.layer
    }

    /// `id/version`, and `/assumed` for an assumption layer: the name by which files extend one another.
    pub fn full_name(&self) -> String {
        self.info.full_name()
    }

    /// The region codes (GB/T 2260) that the policy serves; empty for an unnamed place.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.info.regions.iter().map(|region| &**region)
    }

    /// The Chinese name.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// The English name.
    pub fn name_en(&self) -> &str {
        &self.info.name_en
    }

    /// The first day in force.
    pub fn from(&self) -> Date {
        self.info.from
    }

    /// The last day in force; `None` when the end is open.
    pub fn to(&self) -> Option<Date> {
        self.info.to
    }

    /// Where the period in force comes from.
    pub fn citation(&self) -> Option<&Citation> {
        self.info.citation.as_ref()
    }

    /// Whether the policy is in force on a day of settlement.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.info.from <= day && self.info.to.is_none_or(|to| day <= to)
    }

    /// The documents that the rule files cite.
    pub fn sources(&self) -> &[Source] {
        &self.info.sources
    }

    /// The payers, in file order.
    pub fn payers(&self) -> &[Payer] {
        &self.info.payers
    }

    /// The steps, in the order in which they pay.
    pub fn steps(&self) -> &[Named] {
        &self.info.steps
    }

    /// The limits, own and shared.
    pub fn limits(&self) -> &[Named] {
        &self.info.limits
    }

    /// The benefits that are not money on a bill.
    pub fn benefits(&self) -> &[Named] {
        &self.info.benefits
    }

    /// The clauses that the rule file knowingly leaves out.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.info.left_out
    }

    /// The laws that the policy breaks on purpose, and why.
    pub fn exceptions(&self) -> &[Exception] {
        &self.info.exceptions
    }

    /// The names of the counters that the policy keeps in a [`YearToDate`](crate::YearToDate).
    pub fn counters(&self) -> impl Iterator<Item = &str> {
        self.counters.names.iter()
    }

    /// Where every step, figure, limit and adjustment comes from, and how sure it is.
    pub fn citations(&self) -> &[Citation] {
        &self.info.notes
    }

    /// The name of a subject's value, for messages.
    pub(crate) fn value_name(&self, subject: Subject, value: u16) -> String {
        match (subject.dimension(), subject) {
            (Some(dimension), _) => self.words.id(dimension, value).into(),
            (None, Subject::Disease) => {
                let disease = self.diseases.get(usize::from(value));
                disease.map_or_else(String::new, |disease| disease.id.to_string())
            }
            (None, Subject::Admission) => value.to_string(),
            (None, _) => if value == 0 { "no" } else { "yes" }.into(),
        }
    }

    /// The poverty categories that the policy tells apart, by number.
    pub(crate) fn poverty(&self) -> Vec<u16> {
        let words = Dimension::Category.words();
        let locals = self.words.locals(Dimension::Category);
        let standard = words.iter().map(|word| word.poverty);
        let poverty = standard.chain(locals.iter().map(|word| word.poverty));
        let mut in_tables = BTreeSet::new();
        for figure in &self.figures {
            figure.root.values_of(Subject::Category, &mut in_tables);
        }
        let told_apart = |number: &u16| {
            let facts = self.facts.of(Subject::Category, usize::from(*number));
            !facts.is_empty() || in_tables.contains(number)
        };
        (0u16..)
            .zip(poverty)
            .filter(|(number, poverty)| *poverty && told_apart(number))
            .map(|(number, _)| number)
            .collect()
    }

    /// The poverty categories that the policy tells apart.
    pub(crate) fn poverty_categories(&self) -> Vec<Category> {
        let numbers = self.poverty().into_iter();
        let category = |number| Category::named(self.words.id(Dimension::Category, number));
        numbers.map(category).collect()
    }

    pub(crate) fn figure(&self, id: FigureId) -> Option<&Figure> {
        self.figures.get(id.0)
    }
}
