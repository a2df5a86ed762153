//! Why a message of the national interface was not understood, or cannot be written.

use crate::date::Date;
use crate::money::Money;
use thiserror::Error;

/// Why a message was not understood, or cannot be written. It names the field, by its national name, and the value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InterfaceError {
    /// A field that is needed is not there.
    #[error("`{field}` is missing: expected {expected}")]
    Missing {
        /// The field.
        field: String,
        /// What belongs there.
        expected: String,
    },
    /// A value that does not fit its field.
    #[error("`{field}` is `{value}`: expected {expected}")]
    DoesNotFit {
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What fits, with the field's width.
        expected: String,
    },
    /// A code of which it is not known what it means here.
    #[error("`{field}` is `{value}`{}", unknown(.name, .list, .suggestion))]
    UnknownCode {
        /// The field.
        field: String,
        /// The code.
        value: String,
        /// What the national list calls it, where it has the code.
        name: Option<&'static str>,
        /// The list of [`RegionCodes`](super::RegionCodes) in which its meaning may be given.
        list: &'static str,
        /// A code or name that is nearly the same.
        suggestion: Option<String>,
    },
    /// A payer without a fund code.
    #[error(
        "the payer `{payer}` ({name}) of `{policy}` has no `fund_pay_type`: expected a `code` in the rule file, or one \
         in the region's list `fund_pay_type`"
    )]
    NoFundCode {
        /// The payer's id.
        payer: String,
        /// Its Chinese name.
        name: String,
        /// The policy's full name.
        policy: String,
    },
    /// A payer whose fund code cannot be its own.
    #[error(
        "the payer `{payer}` ({name}) of `{policy}` has the `fund_pay_type` `{code}`: {problem}"
    )]
    FundCode {
        /// The payer's id.
        payer: String,
        /// Its Chinese name.
        name: String,
        /// The policy's full name.
        policy: String,
        /// The code.
        code: String,
        /// What is wrong with it, and what was expected.
        problem: String,
    },
    /// Amounts that do not sum to the one that is their sum.
    #[error("`{field}` is `{value}`, but {of} come to `{sum}`: expected the same amount")]
    Sum {
        /// The field that holds the sum.
        field: String,
        /// Its amount.
        value: Money,
        /// The fields that should sum to it.
        of: String,
        /// What they sum to.
        sum: Money,
    },
    /// A value that does not follow from those beside it.
    #[error("`{field}` is `{value}`, but {by} make it `{expected}`: expected the same amount")]
    Disagrees {
        /// The field.
        field: String,
        /// Its amount.
        value: Money,
        /// From what it follows.
        by: String,
        /// What follows.
        expected: Money,
    },
    /// A sum or a product beyond [`Money::MAX`].
    #[error("{of} is too large: expected at most {} yuan", Money::MAX)]
    TooLarge {
        /// What was worked out, of which fields and, of a line, which values.
        of: String,
    },
    /// A record that does not reverse the other.
    #[error(
        "not a reversal: `{field}` is `{value}` after `{reversed}`, expected the same amount with the other sign"
    )]
    NotItsReversal {
        /// The field, or the fund's row.
        field: String,
        /// The amount of the reversal.
        value: Money,
        /// The amount that was to be reversed.
        reversed: Money,
    },
    /// A reversal of a settlement under another policy than the year to date's.
    #[error(
        "the settlement is of the policy `{settlement}`, and the year to date of `{year}`: expected the same policy"
    )]
    OtherPolicy {
        /// The settlement's policy id.
        settlement: String,
        /// That of the year to date.
        year: String,
    },
    /// A reversal of a settlement of another year than the year to date's.
    #[error("the settlement is of {date}, and the year to date of {year}: expected the same year")]
    OtherYear {
        /// The settlement's date.
        date: Date,
        /// The year of the year to date.
        year: u16,
    },
    /// The year to date from which a settlement is said to have started is not the one.
    #[error(
        "the settlement did not start from this year to date: `{counter}` is `{before}` before and `{after}` after it"
    )]
    NotItsStart {
        /// The counter, or `bills`.
        counter: String,
        /// What it was before, as said.
        before: String,
        /// What it was after.
        after: String,
    },
    /// A counter of the year to date from which a settlement was to be taken away holds less than that.
    #[error(
        "the settlement is not in the year to date: `{counter}` is `{now}`, and the settlement counted `{counted}` in it"
    )]
    NotCounted {
        /// The counter, or `bills`.
        counter: String,
        /// What the year to date holds.
        now: String,
        /// What the settlement added.
        counted: String,
    },
}

impl InterfaceError {
    pub(super) fn missing(field: &str, expected: &str) -> InterfaceError {
        InterfaceError::Missing {
            field: field.into(),
            expected: expected.into(),
        }
    }

    pub(super) fn does_not_fit(field: &str, value: &str, expected: &str) -> InterfaceError {
        InterfaceError::DoesNotFit {
            field: field.into(),
            value: value.into(),
            expected: expected.into(),
        }
    }

    pub(super) fn too_large(of: &str) -> InterfaceError {
        InterfaceError::TooLarge {
            of: format!("the sum of {of}"),
        }
    }
}

/// What is not known of a code, and what was expected.
fn unknown(name: &Option<&str>, list: &str, suggestion: &Option<String>) -> String {
    let suggestion = match suggestion {
        Some(known) => format!("; did you mean `{known}`?"),
        None => String::new(),
    };
    match name {
        Some(name) => format!(
            " ({name}), which is not the same everywhere: expected its meaning in the region's list `{list}`"
        ),
        None => format!(
            ": expected a code of the national list, or its meaning in the region's list `{list}`{suggestion}"
        ),
    }
}
