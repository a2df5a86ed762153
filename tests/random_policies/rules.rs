//! Random rule files: as plain data, built validly, and printed.

pub(crate) mod build;
mod conditions;
mod figures;
pub(crate) mod layer;
pub(crate) mod model;
pub(crate) mod print;
pub(crate) mod same;
mod steps;
mod words;
