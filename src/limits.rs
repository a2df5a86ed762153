//! How large files, policies and bills may be.
//!
//! Every bound has its constant here, its error, and a test at it and beyond it. Up to them the memory and time of loading
//! and settling grow in step with the input, so that nothing that is taken in takes the machine with it. They lie far
//! beyond what any county needs: the largest shipped rule file has 22 steps and some ten thousand bytes. Where things
//! multiply (tables that name tables, adjustments that meet, limits for each of many diseases) it is the product that is
//! bounded.
//!
//! What is too large in a rule file or case file is an error of loading ([`Code::FileTooLarge`], [`Code::TooDeep`],
//! [`Code::TooMany`], [`Code::BadAmount`]); in a bill or a patient it is [`SettleError::TooMany`] or
//! [`SettleError::Overflow`].
//!
//! ```
//! use payer_split::{Money, limits};
//!
//! assert_eq!(limits::MAX_AMOUNT, Money::from_yuan(10_000_000_000).unwrap());
//! assert!(Money::parse("10000000000.01").is_err());
//! ```
//!
//! [`Code::FileTooLarge`]: crate::Code::FileTooLarge
//! [`Code::TooDeep`]: crate::Code::TooDeep
//! [`Code::TooMany`]: crate::Code::TooMany
//! [`Code::BadAmount`]: crate::Code::BadAmount
//! [`SettleError::TooMany`]: crate::SettleError::TooMany
//! [`SettleError::Overflow`]: crate::SettleError::Overflow

use crate::money::Money;

/// Bytes of a rule file, or of any other TOML that is read: 1 MiB.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// How deep tables and arrays of a file may be nested within one entry or header, counting the dots of keys.
pub const MAX_NESTING: usize = 32;

/// Files that one file extends, one after another.
pub const MAX_LAYERS: usize = 32;

/// Rule files that are loaded together.
pub const MAX_FILES: usize = 10_000;

/// Steps of a policy.
pub const MAX_STEPS: usize = 1_000;

/// Diseases of a policy.
pub const MAX_DISEASES: usize = 10_000;

/// Entries of any other section with ids: sources, payers, terms, groups, disease lists, tables, limits, scope rules,
/// benefits, clauses left out, exceptions.
pub const MAX_ENTRIES: usize = 1_000;

/// Adjustments or own limits of one step or figure, and its bands.
pub const MAX_IN_STEP: usize = 100;

/// Different tests in the conditions of a policy.
pub const MAX_FACTS: usize = 256;

/// Different choices of lines in the `covers` of a policy.
pub const MAX_SELECTORS: usize = 64;

/// How many values are looked at to check the figures of a policy: each value, those of a table up to three times more
/// wherever it is named, and again what every adjustment can make of each. The members of a list or group count wherever it
/// is named, and a value that depends on many words counts once more for every hundred of them.
pub const MAX_VALUES: usize = 200_000;

/// Running totals of a year: of a limit per disease and year, one for every disease.
pub const MAX_COUNTERS: usize = 100_000;

/// Lines of a bill.
pub const MAX_LINES: usize = 100_000;

/// Kinds of lines of a bill: lines that a policy can tell apart by fee, class or marks.
pub const MAX_KINDS: usize = 1_000;

/// Of each of these: the diagnoses of a bill, the categories, enrolments and certificates of a patient, and the marks of a
/// bill, a facility or a line.
pub const MAX_NAMED: usize = 100;

/// The largest amount: of a line, a bill, a figure, or anything that is added up over a year.
pub const MAX_AMOUNT: Money = Money::MAX;
