//! Why a receipt was not made, or cannot be relied on.

use crate::settle::error::SettleError;
use thiserror::Error;

/// Why a receipt was not made, or cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The book has no policy of that full name.
    #[error("unknown policy `{name}`: expected the full name of a policy of the rule book{}", .suggestion.as_deref().map_or_else(String::new, |known| format!("; did you mean `{known}`?")))]
    UnknownPolicy {
        /// The full name.
        name: String,
        /// A known one that is nearly the same.
        suggestion: Option<String>,
    },
    /// The policy refuses the bill that was to be sealed.
    #[error(transparent)]
    Refused(#[from] SettleError),
    /// The settlement that was to be sealed is not what the policy makes of the bill and the patient.
    #[error(
        "the settlement is not what `{policy}` makes of the bill and the patient: {difference}"
    )]
    OtherResult {
        /// The policy's full name.
        policy: String,
        /// The first difference.
        difference: String,
    },
    /// A field is not what was sealed.
    #[error("{}", tampered(.field, .value, .sealed, .now))]
    Tampered {
        /// The field; `seal` where the hashes or the seal itself were changed.
        field: &'static str,
        /// Its value as it is now, at most a hundred columns of it.
        value: String,
        /// The hash that the receipt gives.
        sealed: String,
        /// The hash of what it holds.
        now: String,
    },
    /// A field could not be written as JSON.
    #[error("the receipt cannot be written as JSON: {reason}")]
    Unwritable {
        /// Why.
        reason: String,
    },
}

/// What is wrong with a field. The seal is no field that has a hash, but the hash of all else.
fn tampered(field: &str, value: &str, sealed: &str, now: &str) -> String {
    match field {
        "seal" => format!(
            "the receipt's `seal` is `{sealed}`, but the hash of all else is `{now}`: expected the same hash"
        ),
        _ => format!(
            "the receipt's `{field}` is not what was sealed: the hash of `{value}` is `{now}`, expected `{sealed}`"
        ),
    }
}
