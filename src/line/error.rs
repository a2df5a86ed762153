//! Why a line cannot be made.

use crate::money::Money;
use crate::ratio::Ratio;
use crate::vocabulary::Class;

/// Why an input is not a [`Line`](crate::Line).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// A field is missing and `parts` too.
    #[error("`{field}` is missing: expected `amount` and `class`, or `parts`")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// Class B without a first share.
    #[error(
        "`first_share` is missing: a line of class B needs one, such as `10%` (`0%` if the \
         patient pays nothing first)"
    )]
    MissingFirstShare,
    /// A class from which the parts do not follow.
    #[error("`class` is `{class}`, which is not A, B or C: expected `parts` beside it")]
    UnknownClass {
        /// The class given.
        class: String,
    },
    /// A field that the class does not have.
    #[error("`{field}` does not go with class {class}: leave it out, or give another `class`")]
    NotForClass {
        /// The field.
        field: &'static str,
        /// The class.
        class: Class,
    },
    /// A field from which parts follow, beside parts.
    #[error("`{field}` does not go with `parts`: leave one of them out")]
    BesideParts {
        /// The field.
        field: &'static str,
    },
    /// An amount below zero.
    #[error("`{field}` is `{amount}`: expected an amount of at least zero")]
    Negative {
        /// The field.
        field: &'static str,
        /// The amount given.
        amount: Money,
    },
    /// An amount, or the sum of the parts, beyond [`Money::MAX`].
    #[error("`{field}` is too large: expected at most {} yuan", Money::MAX)]
    TooLarge {
        /// The field.
        field: &'static str,
    },
    /// A first share that is no share.
    #[error("`first_share` is `{share}`: expected a ratio from `0%` to `100%`")]
    ShareOutOfRange {
        /// The share given.
        share: Ratio,
    },
    /// The amount is not the sum of the parts.
    #[error("`amount` is `{amount}`, but `parts` add up to `{sum}`: expected the same amount")]
    SumDiffers {
        /// The amount given.
        amount: Money,
        /// The sum of the parts given.
        sum: Money,
    },
}
