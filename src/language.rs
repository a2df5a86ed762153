//! The language of what is printed.

use serde::{Deserialize, Serialize};

/// The language of an explanation or a printed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// 中文.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The one of two texts that is in this language.
    ///
    /// ```
    /// use payer_split::Language;
    ///
    /// assert_eq!(Language::English.pick("患者", "the patient"), "the patient");
    /// ```
    pub fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}
