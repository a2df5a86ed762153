//! Ways to settle the same bills, measured side by side. See the README of this package.

pub mod bills;
pub mod check;
pub mod decimal;
pub mod engines;
#[cfg(feature = "engines")]
pub mod expression;
pub mod hand;
pub mod ours;
pub mod plain;
pub mod targets;
pub mod timing;
pub mod totals;
#[cfg(feature = "engines")]
pub mod zen;
