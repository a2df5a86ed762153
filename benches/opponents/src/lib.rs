//! Ways to settle the same bills, measured side by side. See the README of this package.

pub mod bills;
pub mod check;
pub mod decimal;
pub mod hand;
pub mod hand_lines;
pub mod ours;
pub mod plain;
pub mod timing;
