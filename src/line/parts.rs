//! The four parts of a line (四段).

use crate::money::Money;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A part of a line's amount; rules name the parts that they cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// 全自费: outside the catalogue, wholly at the patient's own expense.
    OwnExpense,
    /// 超限价: above the price limit.
    OverLimit,
    /// 先行自付: the share of class B that the patient pays first.
    FirstSelfPayment,
    /// 政策范围内: within the scope of the policy.
    InScope,
}

impl Part {
    /// Every part.
    pub const ALL: [Part; 4] = [
        Part::OwnExpense,
        Part::OverLimit,
        Part::FirstSelfPayment,
        Part::InScope,
    ];

    /// The part's name in rule files: `own-expense`, `over-limit`, `first-self-payment`,
    /// `in-scope`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Part::OwnExpense => "own-expense",
            Part::OverLimit => "over-limit",
            Part::FirstSelfPayment => "first-self-payment",
            Part::InScope => "in-scope",
        }
    }

    /// The part of that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.id() == id)
    }

    /// The Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Part::OwnExpense => "全自费",
            Part::OverLimit => "超限价",
            Part::FirstSelfPayment => "先行自付",
            Part::InScope => "政策范围内",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Part::OwnExpense => "own expense",
            Part::OverLimit => "over the price limit",
            Part::FirstSelfPayment => "first self-payment",
            Part::InScope => "in scope",
        }
    }

    /// The position in [`Part::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Part::OwnExpense => 0,
            Part::OverLimit => 1,
            Part::FirstSelfPayment => 2,
            Part::InScope => 3,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// An amount by its four parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// See [`Part::OwnExpense`].
    pub own_expense: Money,
    /// See [`Part::OverLimit`].
    pub over_limit: Money,
    /// See [`Part::FirstSelfPayment`].
    pub first_self_payment: Money,
    /// See [`Part::InScope`].
    pub in_scope: Money,
}

impl Parts {
    /// All of an amount in one part.
    #[cfg(feature = "seal")]
    pub(crate) fn of(part: Part, amount: Money) -> Parts {
        let mut parts = Parts::default();
        *match part {
            Part::OwnExpense => &mut parts.own_expense,
            Part::OverLimit => &mut parts.over_limit,
            Part::FirstSelfPayment => &mut parts.first_self_payment,
            Part::InScope => &mut parts.in_scope,
        } = amount;
        parts
    }

    /// The sum of the parts; `None` beyond [`Money::MAX`].
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        self.own_expense
            .checked_add(self.over_limit)?
            .checked_add(self.first_self_payment)?
            .checked_add(self.in_scope)
    }

    /// The amount of one part.
    #[must_use]
    pub const fn get(&self, part: Part) -> Money {
        match part {
            Part::OwnExpense => self.own_expense,
            Part::OverLimit => self.over_limit,
            Part::FirstSelfPayment => self.first_self_payment,
            Part::InScope => self.in_scope,
        }
    }
}
