//! Why a bill was not settled.

use crate::date::Date;
use crate::money::Money;
use thiserror::Error;

/// Why a bill was not settled. Nothing is lost: the inputs are untouched and nothing was paid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettleError {
    /// A bill or patient that contradicts itself.
    #[error("inconsistent `{field}`: {problem}")]
    Inconsistent {
        /// The field, such as `bill.lines`.
        field: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A word that neither the standard vocabulary nor the policy knows.
    #[error("unknown name `{name}` in `{field}`: expected a {dimension} of the standard vocabulary or of `{policy}`{}", suggest(.suggestion.as_deref()))]
    UnknownName {
        /// The field.
        field: String,
        /// The word as written.
        name: String,
        /// The dimension of the vocabulary.
        dimension: &'static str,
        /// The policy's full name.
        policy: String,
        /// A known word that is nearly the same.
        suggestion: Option<String>,
    },
    /// The day of settlement is outside the policy's period.
    #[error("out of force: `{policy}` is in force from {from} {}, and the bill's `date` is {date}", until(.to))]
    OutOfForce {
        /// The policy's full name.
        policy: String,
        /// Its first day.
        from: Date,
        /// Its last day, if it has one.
        to: Option<Date>,
        /// The bill's date.
        date: Date,
    },
    /// The year to date was settled under another policy.
    #[error("the year to date belongs to the policy `{found}`, expected one of `{expected}`")]
    OtherPolicy {
        /// The policy id of the year to date.
        found: String,
        /// The id of the policy that was to settle.
        expected: String,
    },
    /// The year to date is of a later year than the bill.
    #[error("the bill's `date` {date} is older than its year to date, which is of {year}")]
    OtherYear {
        /// The year to date's year.
        year: u16,
        /// The bill's date.
        date: Date,
    },
    /// A field that the policy needs for this bill and that was not given.
    #[error("missing `{field}`: {needed_by} needs it")]
    Missing {
        /// The field.
        field: String,
        /// What needs it.
        needed_by: String,
    },
    /// A value that no source states and that the bill needs.
    #[error(
        "unstated `{figure}` of `{step}` ({name}){}: neither a source nor an assumption says `{path}` ({cited})",
        for_values(.values)
    )]
    Unstated {
        /// The step's id.
        step: Box<str>,
        /// The step's Chinese name.
        name: Box<str>,
        /// Which figure: `ratio`, `deductible`, or a limit.
        figure: Box<str>,
        /// Where the figure is a table: the bill's values, such as (`tier`, `city`).
        values: Vec<(&'static str, String)>,
        /// The path of the value in the rule file.
        path: Box<str>,
        /// Where the clause stands that leaves it open.
        cited: Box<str>,
    },
    /// More of something than the [limits](crate::limits) allow.
    #[error("too many in `{field}`: {count} {what}, and there may be {most}")]
    TooMany {
        /// The field, such as `bill.lines`.
        field: String,
        /// What there are too many of, such as `lines`.
        what: &'static str,
        /// How many were given.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A sum beyond [`Money::MAX`].
    #[error("overflow in {what}: amounts go up to {}", Money::MAX)]
    Overflow {
        /// What was being worked out.
        what: String,
    },
}

impl SettleError {
    /// A stable word for the kind of error: `inconsistent`, `unknown-name`, `out-of-force`, `other-policy`, `other-year`,
    /// `missing`, `unstated`, `too-many` or `overflow`. Cases name refusals by it.
    pub fn kind(&self) -> &'static str {
        match self {
            SettleError::Inconsistent { .. } => "inconsistent",
            SettleError::UnknownName { .. } => "unknown-name",
            SettleError::OutOfForce { .. } => "out-of-force",
            SettleError::OtherPolicy { .. } => "other-policy",
            SettleError::OtherYear { .. } => "other-year",
            SettleError::Missing { .. } => "missing",
            SettleError::Unstated { .. } => "unstated",
            SettleError::TooMany { .. } => "too-many",
            SettleError::Overflow { .. } => "overflow",
        }
    }

    /// All kinds, as [`kind`](Self::kind) gives them.
    pub const KINDS: [&'static str; 9] = [
        "inconsistent",
        "unknown-name",
        "out-of-force",
        "other-policy",
        "other-year",
        "missing",
        "unstated",
        "too-many",
        "overflow",
    ];

    pub(crate) fn inconsistent(field: &str, problem: impl Into<String>) -> SettleError {
        SettleError::Inconsistent {
            field: field.into(),
            problem: problem.into(),
        }
    }

    /// The error for more than `most` in a field, if there are.
    #[inline]
    pub(crate) fn unless_within(
        field: &str,
        what: &'static str,
        count: usize,
        most: usize,
    ) -> Result<(), SettleError> {
        match count > most {
            true => Err(SettleError::too_many(field, what, count, most)),
            false => Ok(()),
        }
    }

    #[cold]
    fn too_many(field: &str, what: &'static str, count: usize, most: usize) -> SettleError {
        SettleError::TooMany {
            field: field.into(),
            what,
            count,
            most,
        }
    }

    pub(crate) fn overflow(what: &str) -> SettleError {
        SettleError::Overflow { what: what.into() }
    }
}

fn suggest(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}

fn for_values(values: &[(&str, String)]) -> String {
    let values: Vec<String> = values
        .iter()
        .map(|(key, value)| format!("{key} `{value}`"))
        .collect();
    if values.is_empty() {
        String::new()
    } else {
        format!(" for {}", values.join(", "))
    }
}

fn until(to: &Option<Date>) -> String {
    to.map_or_else(|| "on".into(), |to| format!("to {to}"))
}
