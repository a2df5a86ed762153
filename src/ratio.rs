//! Ratios, exact to a millionth.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::Money;

/// A ratio: a whole number of millionths, that is a percentage with at most four decimals.
///
/// It is written as text with a percent sign, as policies write it: `85%`, `0.5%`.
///
/// ```
/// use payer_split::{Money, Ratio, Rounding};
///
/// let ratio: Ratio = "85%".parse()?;
/// assert_eq!(ratio.millionths(), 850_000);
///
/// // 85% of 0.03 yuan is 2.55 fen, rounded half up to 3 fen.
/// let exact = ratio.of(Money::from_fen(3)).unwrap();
/// assert_eq!(Rounding::default().round(exact), Some(Money::from_fen(3)));
///
/// assert!("0.85".parse::<Ratio>().is_err());
/// # Ok::<(), payer_split::RatioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ratio(i64);

impl Ratio {
    /// How many millionths make one whole.
    pub const SCALE: i64 = 1_000_000;

    /// 0%.
    pub const ZERO: Ratio = Ratio(0);

    /// 100%.
    pub const ONE: Ratio = Ratio(Ratio::SCALE);

    /// The ratio of so many millionths: 850 000 for 85%.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Ratio {
        Ratio(millionths)
    }

    /// The number of millionths.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Reads a percentage: an optional minus, digits, at most four decimals, and the percent
    /// sign.
    ///
    /// # Errors
    ///
    /// [`RatioError::MissingPercent`] for a number without the sign, [`RatioError::TooFine`] for
    /// more than four decimals, [`RatioError::TooLarge`] for a number out of range and
    /// [`RatioError::Syntax`] for any other text.
    pub fn parse(text: &str) -> Result<Ratio, RatioError> {
        let syntax = || RatioError::Syntax {
            text: text.to_owned(),
        };
        let (number, has_percent) = match text.strip_suffix('%') {
            Some(number) => (number, true),
            None => (text, false),
        };
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !decimals.is_none_or(is_number) {
            return Err(syntax());
        }
        if !has_percent {
            return Err(RatioError::MissingPercent {
                text: text.to_owned(),
            });
        }
        let decimals = decimals.unwrap_or("");
        if decimals.len() > 4 {
            return Err(RatioError::TooFine {
                text: text.to_owned(),
            });
        }
        // Only digits are left, so the one thing that can fail is the size.
        format!("{whole}{decimals:0<4}")
            .parse::<i64>()
            .ok()
            .and_then(|size| {
                if negative {
                    size.checked_neg()
                } else {
                    Some(size)
                }
            })
            .map(Ratio)
            .ok_or_else(|| RatioError::TooLarge {
                text: text.to_owned(),
            })
    }

    /// The sum, in points: 85% and 5% are 90%. `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Ratio) -> Option<Ratio> {
        self.0.checked_add(other.0).map(Ratio)
    }

    /// The difference, in points. `None` when it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Ratio) -> Option<Ratio> {
        self.0.checked_sub(other.0).map(Ratio)
    }

    /// The product, or `None` when it is finer than a millionth or does not fit.
    ///
    /// ```
    /// # use payer_split::Ratio;
    /// let half = Ratio::from_millionths(500_000);
    /// assert_eq!(half.checked_mul_exact(half), Some(Ratio::from_millionths(250_000)));
    /// let millionth = Ratio::from_millionths(1);
    /// assert_eq!(half.checked_mul_exact(millionth), None);
    /// ```
    #[must_use]
    pub fn checked_mul_exact(self, other: Ratio) -> Option<Ratio> {
        let product = self.0.checked_mul(other.0)?;
        (product % Ratio::SCALE == 0).then_some(Ratio(product / Ratio::SCALE))
    }

    /// This share of an amount, exactly: in millionths of a fen, for
    /// [`Rounding::round`](crate::Rounding::round). `None` when it does not fit, which cannot
    /// happen for a ratio up to 100% of an amount up to [`Money::MAX`].
    #[must_use]
    pub fn of(self, money: Money) -> Option<i64> {
        money.fen().checked_mul(self.0)
    }

    /// How many decimals the ratio needs when it is written as a number, from 0 to 6: two for
    /// 85% (0.85), three for 0.5% (0.005).
    #[must_use]
    pub fn decimals(self) -> u32 {
        let mut scale = 1_i64;
        let mut decimals = 0_u32;
        while scale < Ratio::SCALE
            && self
                .0
                .checked_mul(scale)
                .is_none_or(|n| n % Ratio::SCALE != 0)
        {
            scale = scale.saturating_mul(10);
            decimals = decimals.saturating_add(1);
        }
        decimals
    }
}

impl FromStr for Ratio {
    type Err = RatioError;

    fn from_str(text: &str) -> Result<Ratio, RatioError> {
        Ratio::parse(text)
    }
}

impl fmt::Display for Ratio {
    /// A percentage without needless zeros: `85%`, `0.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let number = format!("{}.{:04}", size / 10_000, size % 10_000);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        f.pad_integral(self.0 >= 0, "", &format!("{number}%"))
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ratio, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ratio::parse(&text).map_err(D::Error::custom)
    }
}

/// Why a text is not a [`Ratio`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RatioError {
    /// The text is not a number with a percent sign.
    #[error("`{text}` is not a ratio: expected a percentage such as `85%`")]
    Syntax {
        /// What was given.
        text: String,
    },
    /// The number has no percent sign.
    #[error("`{text}` has no percent sign: expected a percentage such as `85%`, which means 0.85")]
    MissingPercent {
        /// What was given.
        text: String,
    },
    /// The percentage has too many decimals.
    #[error("`{text}` is too fine: expected a percentage with at most four decimals")]
    TooFine {
        /// What was given.
        text: String,
    },
    /// The number does not fit.
    #[error("`{text}` is too large: expected a percentage such as `85%`")]
    TooLarge {
        /// What was given.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Ratio {
        Ratio::parse(text).unwrap()
    }

    #[test]
    fn parses_and_prints() {
        for (text, millionths, shown) in [
            ("85%", 850_000, "85%"),
            ("0.5%", 5_000, "0.5%"),
            ("100.0000%", 1_000_000, "100%"),
            ("0%", 0, "0%"),
            ("33.3333%", 333_333, "33.3333%"),
            ("-10%", -100_000, "-10%"),
            ("100%", 1_000_000, "100%"),
        ] {
            assert_eq!(ratio(text).millionths(), millionths);
            assert_eq!(ratio(text).to_string(), shown);
            assert_eq!(text.parse(), Ok(ratio(text)));
        }
    }

    #[test]
    fn refuses_anything_else() {
        assert!(matches!(
            Ratio::parse("0.85"),
            Err(RatioError::MissingPercent { .. })
        ));
        assert!(matches!(
            Ratio::parse("1.00001%"),
            Err(RatioError::TooFine { .. })
        ));
        assert!(matches!(
            Ratio::parse("9999999999999999999%"),
            Err(RatioError::TooLarge { .. })
        ));
        for text in [
            "", "%", "85 %", "+5%", "85％", "八成", ".5%", "5.%", "8%5%", "half",
        ] {
            assert!(
                matches!(Ratio::parse(text), Err(RatioError::Syntax { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(ratio("85%").checked_add(ratio("5%")), Some(ratio("90%")));
        assert_eq!(ratio("85%").checked_sub(ratio("5%")), Some(ratio("80%")));
        assert_eq!(
            ratio("85%").checked_mul_exact(ratio("50%")),
            Some(ratio("42.5%"))
        );
        assert_eq!(ratio("0.0001%").checked_mul_exact(ratio("50%")), None);
        assert_eq!(ratio("5%").of(Money::from_fen(452)), Some(22_600_000));
        assert_eq!(Ratio::ONE.of(Money::MAX), Some(1_000_000_000_000_000_000));
    }

    #[test]
    fn counts_decimals() {
        for (text, decimals) in [
            ("0%", 0),
            ("100%", 0),
            ("80%", 1),
            ("85%", 2),
            ("0.5%", 3),
            ("0.0001%", 6),
        ] {
            assert_eq!(ratio(text).decimals(), decimals, "{text}");
        }
        assert_eq!(Ratio::from_millionths(i64::MAX).decimals(), 6);
    }

    #[test]
    fn is_text_in_json() {
        let json = serde_json::to_string(&ratio("0.5%")).unwrap();
        assert_eq!(json, r#""0.5%""#);
        assert_eq!(serde_json::from_str::<Ratio>(&json).unwrap(), ratio("0.5%"));
        assert!(serde_json::from_str::<Ratio>("0.5").is_err());
    }
}
