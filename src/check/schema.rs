//! JSON Schemas (draft 2020-12) of rule files, case files, bills and patients.
//!
//! An editor with a TOML language server completes and checks a file while it is typed if the file's first line names
//! its schema: `#:schema ../../schema/rule.schema.json`. A schema knows the form of a file; whether names are defined,
//! tables complete and bands joined is found by [`Project::check`](super::Project::check).
//!
//! ```
//! use payer_split::check::schema;
//!
//! assert!(schema::RULE.contains("2020-12"));
//! let names: Vec<&str> = schema::ALL.iter().map(|(name, _)| *name).collect();
//! assert_eq!(names, ["rule", "cases", "bill", "patient"]);
//! ```

/// The schema of rule files.
pub const RULE: &str = include_str!("../../rules/schema/rule.schema.json");

/// The schema of case files.
pub const CASES: &str = include_str!("../../rules/schema/cases.schema.json");

/// The schema of a bill, or of a year of bills. An amount may be text or whole yuan, as JSON holds it, or a number, as
/// TOML does; a fraction in a JSON number passes the schema, and the reader refuses it.
pub const BILL: &str = include_str!("../../rules/schema/bill.schema.json");

/// The schema of a patient.
pub const PATIENT: &str = include_str!("../../rules/schema/patient.schema.json");

/// Every schema by its name: the file is `rules/schema/NAME.schema.json`.
pub const ALL: [(&str, &str); 4] = [
    ("rule", RULE),
    ("cases", CASES),
    ("bill", BILL),
    ("patient", PATIENT),
];

#[cfg(test)]
mod tests;
