#![doc = include_str!("../README.md")]
//!
//! # How a bill flows
//!
//! | module | from | to |
//! |---|---|---|
//! | `text` | bytes | a tree that knows its places, and [`Diagnostics`] |
//! | `load` | trees | checked policies ([`Policy`], in a [`RuleBook`]) |
//! | `policy` | | what a rule file means, without TOML or places |
//! | `bill`, `line`, `patient`, `year` | | the inputs: [`Bill`], [`Line`], [`Patient`], [`YearToDate`] |
//! | `settle` | policy, bill, patient | [`Settlement`]; pure |
//! | [`limits`] | | how large inputs may be |
//! | `statement`, `document`, `case` | settlements | printed statements, documents to hand out, checked cases |
//! | [`interface`] | messages of the national interface | bills, patients; settlements as records |
//! | `receipt` (with the feature `seal`) | settlements | sealed receipts, and what changed since |
//! | [`explain`](mod@explain) | policy, bill, patient | why every amount is what it is, why a step did not pay, and what would differ |
//! | `probe` | policies | patients and bills made up for them |
//! | [`check`], [`laws`], `strategies` (with the feature `proptest`) | policies | whether they say what is meant, and what always holds |
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::float_cmp,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        clippy::print_stdout,
        clippy::print_stderr,
    )
)]

mod bill;
mod book;
mod case;
pub mod check;
mod date;
mod directory;
mod document;
mod embedded;
pub mod explain;
mod icd10;
mod input;
pub mod interface;
mod language;
pub mod laws;
pub mod limits;
mod line;
mod load;
mod money;
mod page;
mod patient;
mod policy;
mod probe;
mod ratio;
#[cfg(feature = "seal")]
pub mod receipt;
mod rounding;
mod settle;
mod settlement;
#[cfg(feature = "seal")]
mod sha256;
mod statement;
#[cfg(feature = "proptest")]
pub mod strategies;
mod suggest;
mod text;
mod vocabulary;
mod year;

#[cfg(doc)]
#[doc = include_str!("docs/performance.md")]
pub mod performance {}

pub use bill::{Bill, Facility};
pub use book::{FindError, Periods, RuleBook};
pub use case::{Case, CaseReport, Expectation, Mismatch, Refusal};
pub use date::{Date, DateError};
pub use directory::DirectoryError;
pub use document::{Document, Particulars};
pub use icd10::{Icd10, Icd10Error, Icd10Pattern};
pub use language::Language;
pub use line::{Line, LineError, LineInput, Part, Parts};
pub use money::{Money, MoneyError};
pub use patient::{Held, Patient};
pub use policy::Policy;
pub use policy::info::{
    Certainty, Citation, Exception, Layer, LeftOut, Named, Payer, PayerKind, Source,
};
pub use ratio::{Ratio, RatioError};
pub use rounding::{Rounding, RoundingMode, RoundingUnit};
pub use rust_decimal;
pub use settle::error::SettleError;
pub use settle::many::settle_many;
pub use settle::{Detail, Workspace, settle};
pub use settlement::{BandRecord, LineSplit, Proportion, Rate, Settlement, StepView};
pub use statement::Statement;
pub use text::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use vocabulary::{
    Care, Category, Class, Collective, Dimension, Enrolment, Fee, Grade, Mark, OutpatientDisease,
    Place, Scheme, Tier, Word,
};
pub use year::YearToDate;
