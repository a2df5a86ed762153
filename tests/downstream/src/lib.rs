//! Bills of 青石县, a county that is made up.

use payer_split::{Bill, Diagnostics, Patient, Policy, RuleBook, SettleError, Settlement, settle};

/// The county's rules.
///
/// # Errors
///
/// What is wrong with the rule file.
pub fn rules() -> Result<RuleBook, Diagnostics> {
    RuleBook::from_texts([("qingshi.toml", include_str!("../rules/qingshi.toml"))])
}

/// What the county charges the patient for a bill.
///
/// # Errors
///
/// Why the bill is refused.
pub fn split(policy: &Policy, bill: &Bill, patient: &Patient) -> Result<Settlement, SettleError> {
    settle(policy, bill, patient)
}
