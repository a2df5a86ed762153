//! What each code means: in plain words, with a wrong and a right example.

mod bands;
mod example;
mod figures;
mod files;
mod layers;
mod likely;
mod sense;
mod values;

use super::report::CASE_FAILS;
use crate::suggest::suggest;
use crate::text::Code;
pub use example::Example;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A text in Chinese and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bilingual {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// What a code means. `Display` shows all of it in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The code as messages show it.
    pub code: &'static str,
    /// What it says, in one sentence.
    pub meaning: Bilingual,
    /// Why it matters.
    pub why: Bilingual,
    /// What to do about it.
    pub remedy: Bilingual,
    /// A file that has the problem.
    pub wrong: Example,
    /// The same without it.
    pub right: Example,
}

/// Explains a code: what it means, why it matters, what to do, and how it looks.
///
/// ```
/// use payer_split::Code;
/// use payer_split::check::explain;
///
/// let explanation = explain(Code::TableMisses);
/// assert!(explanation.meaning.en.contains("table"));
/// let report = explanation.wrong.project().check();
/// assert_eq!(report.diagnostics().iter().next().unwrap().code(), Code::TableMisses);
/// assert!(explanation.right.project().check().diagnostics().is_empty());
/// ```
#[must_use]
pub fn explain(code: Code) -> Explanation {
    match code {
        Code::Syntax => files::SYNTAX,
        Code::NotUtf8 => files::NOT_UTF8,
        Code::EmptyFile => files::EMPTY_FILE,
        Code::FileTooLarge => files::FILE_TOO_LARGE,
        Code::TooDeep => files::TOO_DEEP,
        Code::MissingKey => files::MISSING_KEY,
        Code::UnknownKey => files::UNKNOWN_KEY,
        Code::TooMany => files::TOO_MANY,
        Code::WrongType => values::WRONG_TYPE,
        Code::UnknownName => values::UNKNOWN_NAME,
        Code::DuplicateId => values::DUPLICATE_ID,
        Code::BadId => values::BAD_ID,
        Code::BadAmount => values::BAD_AMOUNT,
        Code::BadRatio => values::BAD_RATIO,
        Code::BadDate => values::BAD_DATE,
        Code::BadRegion => values::BAD_REGION,
        Code::BadCode => values::BAD_CODE,
        Code::BadValue => values::BAD_VALUE,
        Code::Conflict => values::CONFLICT,
        Code::BandGap => bands::BAND_GAP,
        Code::BandOverlap => bands::BAND_OVERLAP,
        Code::BandOrder => bands::BAND_ORDER,
        Code::BandEnds => bands::BAND_ENDS,
        Code::RatioFalls => bands::RATIO_FALLS,
        Code::RatioOver100 => figures::RATIO_OVER_100,
        Code::RatioBelow0 => figures::RATIO_BELOW_0,
        Code::AmountBelow0 => figures::AMOUNT_BELOW_0,
        Code::RatioTooFine => figures::RATIO_TOO_FINE,
        Code::TableMisses => figures::TABLE_MISSES,
        Code::LimitUnused => sense::LIMIT_UNUSED,
        Code::LimitSharedByOne => sense::LIMIT_SHARED_BY_ONE,
        Code::Unused => sense::UNUSED,
        Code::SourceUncited => sense::SOURCE_UNCITED,
        Code::StepNeverApplies => sense::STEP_NEVER_APPLIES,
        Code::Forward => sense::FORWARD,
        Code::SharesSum => sense::SHARES_SUM,
        Code::VersionOverlap => layers::VERSION_OVERLAP,
        Code::PeriodOrder => layers::PERIOD_ORDER,
        Code::ExtendsUnknown => layers::EXTENDS_UNKNOWN,
        Code::ExtendsCycle => layers::EXTENDS_CYCLE,
        Code::VersionGap => layers::VERSION_GAP,
        Code::CounterLost => layers::COUNTER_LOST,
        Code::AssumptionShadows => layers::ASSUMPTION_SHADOWS,
        Code::RatioTiny => figures::RATIO_TINY,
        Code::PatientsShare => figures::PATIENTS_SHARE,
        Code::OrderUnusual => figures::ORDER_UNUSUAL,
        Code::AmountAbsurd => figures::AMOUNT_ABSURD,
        Code::AmountTiny => figures::AMOUNT_TINY,
        Code::CapBelowDeductible => likely::CAP_BELOW_DEDUCTIBLE,
        Code::AdjustShadowed => likely::ADJUST_SHADOWED,
        Code::StepNeverPays => likely::STEP_NEVER_PAYS,
        Code::PayerNeverPays => likely::PAYER_NEVER_PAYS,
        Code::SameRole => likely::SAME_ROLE,
        Code::GuaranteeOutOfReach => likely::GUARANTEE_OUT_OF_REACH,
        Code::PovertyPaysMore => likely::POVERTY_PAYS_MORE,
    }
}

impl Explanation {
    /// The explanation of a code by its text: any [`Code`], or [`CASE_FAILS`].
    ///
    /// # Errors
    ///
    /// [`UnknownCode`], with the nearest code there is.
    ///
    /// ```
    /// use payer_split::check::Explanation;
    ///
    /// assert_eq!(Explanation::of("table-misses")?.code, "table-misses");
    /// assert_eq!(Explanation::of("case-fails")?.code, "case-fails");
    /// let error = Explanation::of("table-missed").unwrap_err();
    /// assert_eq!(error.suggestion(), Some("table-misses"));
    /// # Ok::<(), payer_split::check::UnknownCode>(())
    /// ```
    pub fn of(code: &str) -> Result<Explanation, UnknownCode> {
        match code == CASE_FAILS {
            true => Ok(sense::CASE_FAILS),
            false => code.parse().map(explain),
        }
    }

    /// Every explanation, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Explanation> {
        let codes = Code::ALL.iter().copied().map(explain);
        codes.chain([sense::CASE_FAILS])
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.code)?;
        for (heading, text) in [
            ("意思 / meaning", self.meaning),
            ("为什么 / why", self.why),
            ("怎样做 / what to do", self.remedy),
        ] {
            writeln!(f, "\n{heading}\n  {}\n  {}", text.zh, text.en)?;
        }
        write!(f, "\n错 / wrong\n{}\n", self.wrong)?;
        writeln!(f, "\n对 / right\n{}", self.right)
    }
}

/// A text that is no code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown code `{text}`{}", .suggestion.map_or(String::new(), |near| format!(": did you mean `{near}`?")))]
pub struct UnknownCode {
    text: String,
    suggestion: Option<&'static str>,
}

impl UnknownCode {
    /// The code that may have been meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&'static str> {
        self.suggestion
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    /// The code that messages show so.
    ///
    /// ```
    /// # use payer_split::Code;
    /// assert_eq!("band-gap".parse(), Ok(Code::BandGap));
    /// ```
    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        let text = text.trim();
        let found = Code::ALL.iter().find(|code| code.as_str() == text);
        found.copied().ok_or_else(|| {
            let codes = Code::ALL.iter().map(|code| code.as_str());
            UnknownCode {
                text: text.to_owned(),
                suggestion: suggest(text, codes.chain([CASE_FAILS])),
            }
        })
    }
}

/// An explanation; each text is Chinese, then English.
const fn entry(
    code: Code,
    meaning: [&'static str; 2],
    why: [&'static str; 2],
    remedy: [&'static str; 2],
    [wrong, right]: [Example; 2],
) -> Explanation {
    Explanation {
        code: code.as_str(),
        meaning: bilingual(meaning),
        why: bilingual(why),
        remedy: bilingual(remedy),
        wrong,
        right,
    }
}

const fn bilingual([zh, en]: [&'static str; 2]) -> Bilingual {
    Bilingual { zh, en }
}

#[cfg(test)]
mod tests;
