//! The hashes of rule files' texts (with the feature `seal`).

use super::Loaded;
use crate::sha256::sha256;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A rule file under a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RuleText {
    /// The full name of the policy that the file holds.
    pub policy: String,
    /// The SHA-256 of its text.
    pub sha256: String,
}

/// By policy: the rule files that it was loaded from, with the hashes of their texts.
pub(crate) fn rule_texts(loaded: &Loaded) -> Vec<Vec<RuleText>> {
    // A file holds one policy, and is the last of that policy's files.
    let own = loaded.policies.iter().filter_map(|placed| {
        let file = *placed.files.last()?;
        let text = RuleText {
            policy: placed.policy.full_name(),
            sha256: sha256(loaded.sources.get(file)?.text().as_bytes()),
        };
        Some((file, text))
    });
    let own: HashMap<_, _> = own.collect();
    let texts_of = |files: &[_]| {
        files
            .iter()
            .filter_map(|file| own.get(file).cloned())
            .collect()
    };
    let policies = loaded.policies.iter();
    policies.map(|placed| texts_of(&placed.files)).collect()
}
