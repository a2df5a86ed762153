//! A policy as plain data.

use crate::words::Words;
use num_bigint::BigInt;
use num_rational::BigRational;
use payer_split::Date;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An exact number: of fen, or a ratio.
pub(crate) type Q = BigRational;

pub(crate) fn q(number: i64) -> Q {
    Q::from_integer(BigInt::from(number))
}

/// What a figure may come to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Amount {
    Known(Q),
    /// `"none"`: no limit.
    Unlimited,
    Unstated,
}

#[derive(Debug, Clone)]
pub(crate) enum Figure {
    Plain(Amount),
    /// By a dimension: each entry's ids, and `other`.
    By {
        dimension: String,
        entries: Vec<(Vec<String>, Figure)>,
        other: Option<Box<Figure>>,
    },
    Share {
        share: Box<Figure>,
        of: String,
        at_least: Option<Q>,
        at_most: Option<Q>,
    },
    Named(Rc<NamedTable>),
}

#[derive(Debug)]
pub(crate) struct NamedTable {
    pub(crate) value: Figure,
    pub(crate) is_ratio: bool,
    pub(crate) adjusts: Vec<Adjust>,
    pub(crate) round: Round,
}

#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) unit: Q,
    pub(crate) mode: String,
}

impl Round {
    /// To the fen, half up.
    pub(crate) fn fen() -> Round {
        Round {
            unit: q(1),
            mode: "half-up".into(),
        }
    }
}

/// Any of these must hold; of each, all tests. `None`: no condition.
pub(crate) type Condition = Option<Vec<Vec<Test>>>;

#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) key: String,
    pub(crate) wanted: Wanted,
}

#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Any(Vec<String>),
    Flag(bool),
    /// Bounds, each with whether it is itself included.
    Number {
        low: Option<(i64, bool)>,
        high: Option<(i64, bool)>,
    },
    Days(Option<Date>, Option<Date>),
}

#[derive(Debug, Clone)]
pub(crate) enum Change {
    Set(Amount),
    Add(Amount),
    Subtract(Amount),
    Multiply(Amount),
    Waive,
    Bound,
}

#[derive(Debug, Clone)]
pub(crate) struct Adjust {
    pub(crate) figure: String,
    pub(crate) when: Condition,
    pub(crate) unless: Condition,
    pub(crate) change: Change,
    pub(crate) at_least: Option<Q>,
    pub(crate) at_most: Option<Q>,
    pub(crate) per: Option<String>,
    pub(crate) add_at_most: Option<Q>,
    /// The certificates that its step's condition names: only these count as further certificates. Empty: all do.
    pub(crate) certificates: Vec<String>,
    pub(crate) round: Round,
}

#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub(crate) id: String,
    pub(crate) amount: Figure,
    pub(crate) per: String,
    pub(crate) on: String,
    /// `None`: not given; an empty list: all payers.
    pub(crate) together_with: Option<Vec<String>>,
    /// Only of a shared limit.
    pub(crate) adjusts: Vec<Adjust>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Covers {
    pub(crate) parts: Vec<String>,
    pub(crate) fees: Option<Vec<String>>,
    pub(crate) except_fees: Vec<String>,
    pub(crate) classes: Option<Vec<String>>,
    pub(crate) marks: Option<Vec<String>>,
    pub(crate) except_marks: Vec<String>,
}

impl Covers {
    /// The choice of lines alone, whatever the parts; names in one order.
    pub(crate) fn choice(&self) -> Covers {
        let sorted = |names: &Vec<String>| {
            let mut names = names.clone();
            names.sort();
            names
        };
        Covers {
            parts: Vec::new(),
            fees: self.fees.as_ref().map(sorted),
            except_fees: sorted(&self.except_fees),
            classes: self.classes.as_ref().map(sorted),
            marks: self.marks.as_ref().map(sorted),
            except_marks: sorted(&self.except_marks),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Deductible {
    pub(crate) amount: Figure,
    pub(crate) yearly: bool,
    pub(crate) within: Option<String>,
    pub(crate) with: Option<String>,
    pub(crate) round: Round,
}

#[derive(Debug, Clone)]
pub(crate) struct Band {
    pub(crate) low: Q,
    pub(crate) low_included: bool,
    pub(crate) high: Option<(Q, bool)>,
    pub(crate) ratio: Figure,
}

#[derive(Debug, Clone)]
pub(crate) enum Formula {
    Ratio(Figure),
    Bands {
        yearly: bool,
        absolute: bool,
        whole: bool,
        bands: Vec<Band>,
    },
    Guarantee {
        ratio: Figure,
        of: String,
        counting: Option<Vec<String>>,
        not_counting: Vec<String>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) id: String,
    /// Each payer with its share.
    pub(crate) payers: Vec<(String, Q)>,
    pub(crate) when: Condition,
    pub(crate) unless: Condition,
    pub(crate) covers: Covers,
    pub(crate) billed: bool,
    pub(crate) less: Vec<String>,
    pub(crate) less_deductible_of: Vec<String>,
    pub(crate) fixed: Option<Figure>,
    pub(crate) deductible: Option<Deductible>,
    pub(crate) formula: Formula,
    pub(crate) limits: Vec<Limit>,
    pub(crate) shared: Vec<Limit>,
    pub(crate) adjusts: Vec<Adjust>,
    pub(crate) round: Round,
}

#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) when: Condition,
    pub(crate) unless: Condition,
    pub(crate) covers: Covers,
    pub(crate) moved: Vec<String>,
    pub(crate) to: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Disease {
    pub(crate) id: String,
    pub(crate) icd10: Vec<String>,
    pub(crate) outpatient: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) id: String,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) words: Words,
    pub(crate) payers: Vec<String>,
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    pub(crate) diseases: Vec<Disease>,
    pub(crate) lists: BTreeMap<String, Vec<String>>,
    pub(crate) limits: BTreeMap<String, Limit>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) steps: Vec<Step>,
    pub(crate) benefits: Vec<(String, Condition, Condition)>,
}
