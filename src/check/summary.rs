//! A policy in plain sentences, Chinese or English, for a person who knows the policy text to confirm.

mod conditions;
mod figures;
mod sections;
mod steps;
mod words;

use crate::language::Language;
use crate::policy::Policy;
pub(crate) use words::Speaker;

/// A policy in plain sentences: see [`summary`].
#[derive(Debug, Clone, Copy)]
pub struct Summary<'a>(&'a Policy);

/// Says in plain sentences what a policy says: its header, every step in the order of payment with all its figures,
/// limits and sources, and what is beside the steps. What no source states is said to be unstated.
///
/// It is made from the checked policy, not from the file's text: what a reader confirms is what bills are settled by.
///
/// ```
/// use payer_split::{RuleBook, check};
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019").ok_or("no such policy")?;
/// let summary = check::summary(policy);
/// assert!(summary.zh().contains("政府兜底"));
/// assert!(summary.en().contains("Government floor"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn summary(policy: &Policy) -> Summary<'_> {
    Summary(policy)
}

impl Summary<'_> {
    /// The summary in Chinese; ends with a line break.
    pub fn zh(&self) -> String {
        sections::whole(&Speaker::new(self.0, Language::Chinese))
    }

    /// The summary in English, with the English names of the file; ends with a line break.
    pub fn en(&self) -> String {
        sections::whole(&Speaker::new(self.0, Language::English))
    }
}
