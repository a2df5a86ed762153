//! The tree of an explanation: numbers, each with the operation that gives it and the numbers that went in.

use super::how::How;
use crate::language::Language;
use crate::money::Money;
use crate::policy::info::{Certainty, Citation};
use crate::ratio::Ratio;
use serde::Serialize;

/// A number of a settlement, and why it is what it is.
///
/// What went in stands in [`from`](Why::from), in the order of the formula; [`how`](Why::how) says what was done with it.
/// Nothing else is needed to work it out again: see [`holds`](Why::holds). [`text`](Why::text) says it in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Why {
    /// What the number is.
    pub kind: Kind,
    /// The id in the rule file of what it is of: a step, a payer, a limit, an adjustment; empty without one.
    pub id: String,
    /// The name of what it is of: a step, a payer, a part, the entry of a table; may be empty.
    pub name: Words,
    /// The number.
    pub value: Value,
    /// How it comes about.
    pub how: How,
    /// What went in.
    pub from: Vec<Why>,
    /// Where it comes from in the sources, and how sure that is.
    pub citations: Vec<Citation>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[non_exhaustive]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Words {
    pub(super) fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in a language.
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.zh, &self.en)
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty()
    }
}

/// A number in an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Value {
    /// Whole fen.
    Money(Money),
    /// Millionths of a fen: before rounding.
    Exact(i64),
    /// A ratio.
    Ratio(Ratio),
    /// No limit.
    NoLimit,
    /// No source states it.
    Unstated,
}

impl Value {
    /// In millionths of a fen, or of one for a ratio; `None` for what is no number.
    pub fn millionths(self) -> Option<i128> {
        match self {
            Value::Money(money) => i128::from(money.fen()).checked_mul(UNIT),
            Value::Exact(exact) => Some(i128::from(exact)),
            Value::Ratio(ratio) => Some(i128::from(ratio.millionths())),
            Value::NoLimit | Value::Unstated => None,
        }
    }

    /// The number of whole fen, if it is one.
    pub fn money(self) -> Option<Money> {
        match self {
            Value::Money(money) => Some(money),
            _ => None,
        }
    }

    /// The bills of a limit that counts them, a yuan each.
    pub(super) fn bills(self) -> i64 {
        let fen = self.money().unwrap_or_default().fen();
        fen.checked_div(100).unwrap_or_default()
    }

    /// So many millionths, in the measure that fits both.
    pub(super) fn like(self, other: Value, millionths: i128) -> Option<Value> {
        let exact = i64::try_from(millionths).ok()?;
        Some(match (self, other) {
            (Value::Ratio(_), _) | (_, Value::Ratio(_)) => {
                Value::Ratio(Ratio::from_millionths(exact))
            }
            (Value::Exact(_), _) | (_, Value::Exact(_)) => Value::Exact(exact),
            _ => Value::Money(Money::from_fen(exact.checked_div(Ratio::SCALE)?)),
        })
    }
}

pub(super) const UNIT: i128 = 1_000_000;

/// What a number of an explanation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The whole bill.
    Total,
    /// What a payer pays of the bill.
    Payer,
    /// What the patient pays of the bill.
    Patient,
    /// What a payer pays of one line.
    Cell,
    /// What the patient pays of one line.
    PatientOfLine,
    /// What is left of one part.
    Part,
    /// What was billed in one part.
    Billed,
    /// What an earlier step paid.
    PaidBefore,
    /// The deductible of an earlier step.
    DeductibleBefore,
    /// What a step pays.
    Step,
    /// One payer's part of what a step pays.
    StepShare,
    /// The share of a step that is a payer's.
    PayerShare,
    /// What a step pays of one cell: the lines of one kind, one part of them.
    StepOfCell,
    /// What a step pays of one part of one line.
    StepOfLine,
    /// That by which a division goes.
    Weight,
    /// All that is divided by.
    Whole,
    /// What the formula gives, before limits and rounding.
    Formula,
    /// What the limits leave of it.
    Limited,
    /// The share of that which is paid in the end.
    PaymentRatio,
    /// That share taken.
    PaidShare,
    /// What one band gives.
    Band,
    /// What of the money falls into a band.
    Slice,
    /// Where the money of this bill begins in the bands.
    Low,
    /// Where it ends.
    High,
    /// The running total of the year, before this bill.
    YearTotal,
    /// What is above the deductible.
    Above,
    /// The money that a step works on.
    Base,
    /// What a fixed base stands for.
    Fixed,
    /// The base before the limits on cost.
    Covered,
    /// A deductible as it was used.
    Deductible,
    /// What the deductible comes to.
    DeductibleFigure,
    /// What is left of it this year.
    DeductibleLeft,
    /// What had been used before.
    Used,
    /// A ratio.
    Ratio,
    /// What a figure is before its adjustments.
    Entry,
    /// Of several entries that hold, the one best for the patient.
    Best,
    /// A shared table.
    Table,
    /// A figure after an adjustment.
    Adjusted,
    /// By what an adjustment changes.
    By,
    /// Money of which a figure is a share.
    ShareOf,
    /// A figure after rounding or bounds.
    Bounded,
    /// What is left of a limit.
    Limit,
    /// What a limit comes to.
    LimitAmount,
    /// What others have paid that counts against a limit.
    Together,
    /// What is still unpaid of what a step covers.
    Unpaid,
    /// What a guarantee promises.
    Promised,
    /// The money of which it is promised.
    Guaranteed,
    /// What had been reimbursed of it.
    Reimbursed,
}

impl Why {
    /// A number that was given.
    pub(super) fn given(kind: Kind, value: Value) -> Why {
        Why {
            kind,
            id: String::new(),
            name: Words::default(),
            value,
            how: How::Given,
            from: Vec::new(),
            citations: Vec::new(),
        }
    }

    pub(super) fn money(kind: Kind, fen: i64) -> Why {
        Why::given(kind, Value::Money(Money::from_fen(fen)))
    }

    /// A number that is worked out of others.
    pub(super) fn worked(kind: Kind, how: How, from: Vec<Why>) -> Option<Why> {
        let value = how.apply(&from)?;
        Some(Why {
            how,
            from,
            ..Why::given(kind, value)
        })
    }

    pub(super) fn named(mut self, id: &str, name: Words) -> Why {
        self.id = id.to_owned();
        self.name = name;
        self
    }

    pub(super) fn cited(mut self, citations: impl IntoIterator<Item = Citation>) -> Why {
        for citation in citations {
            if !self.citations.contains(&citation) {
                self.citations.push(citation);
            }
        }
        self
    }

    /// Whole fen; nothing for what is none.
    pub(super) fn fen(&self) -> i64 {
        self.value.money().unwrap_or_default().fen()
    }

    /// Whether every number of the tree comes out again when it is worked from those that went in.
    ///
    /// ```
    /// # use payer_split::*;
    /// # let book = RuleBook::embedded();
    /// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
    /// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
    /// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "3800".parse()?)?);
    /// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
    /// use payer_split::explain::{Asked, explain};
    ///
    /// let explanation = explain(policy, &bill, &patient)?;
    /// assert!(explanation.why(&Asked::Total).is_some_and(|why| why.holds()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn holds(&self) -> bool {
        let own = match self.how {
            How::Given => self.from.is_empty(),
            how => how.apply(&self.from) == Some(self.value),
        };
        own && self.from.iter().all(Why::holds)
    }

    /// This number and all that went into it, from the top.
    pub fn all(&self) -> impl Iterator<Item = &Why> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(next.from.iter().rev());
            Some(next)
        })
    }

    /// The first number of this kind in the tree.
    pub fn find(&self, kind: Kind) -> Option<&Why> {
        self.all().find(|why| why.kind == kind)
    }

    /// Which of the numbers that went in decided, where the least or greatest of them was taken.
    pub fn decided_by(&self) -> Option<usize> {
        let mut values = self.from.iter().map(|why| why.value.millionths());
        let own = self.value.millionths();
        match self.how {
            How::Least | How::Greatest => values.position(|value| value == own),
            _ => None,
        }
    }

    /// Of a portion: what it would be without rounding, rounded down to a millionth of a fen; and whether that is exact.
    pub fn quota(&self) -> Option<(Value, bool)> {
        let (How::Portion { .. }, [of, weight, whole]) = (self.how, self.from.as_slice()) else {
            return None;
        };
        let [of, weight, whole] = [of, weight, whole].map(|why| why.value.millionths());
        let (product, whole) = (of?.checked_mul(weight?)?, whole?);
        let exact = i64::try_from(product.checked_div(whole)?).ok()?;
        Some((Value::Exact(exact), product.checked_rem(whole)? == 0))
    }

    /// The assumptions on which the number leans, each once.
    pub fn assumptions(&self) -> Vec<&Citation> {
        let mut once: Vec<&Citation> = Vec::new();
        for citation in self.all().flat_map(|why| &why.citations) {
            if citation.certainty == Certainty::Assumed && !once.contains(&citation) {
                once.push(citation);
            }
        }
        once
    }
}
