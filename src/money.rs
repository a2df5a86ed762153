//! Amounts of money, exact to the fen.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of money: a whole number of fen (1 yuan = 100 fen).
///
/// It is written as decimal text in yuan, with at most two decimals. In JSON and the like it is
/// such a text, or an integer for whole yuan; a float is refused, since it cannot hold fen
/// exactly.
///
/// ```
/// use payer_split::Money;
///
/// let paid: Money = "454.92".parse()?;
/// assert_eq!(paid.fen(), 45_492);
/// assert_eq!(paid.to_string(), "454.92");
/// assert!("454.925".parse::<Money>().is_err());
/// # Ok::<(), payer_split::MoneyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// Ten billion yuan, the largest amount of a bill.
    ///
    /// No amount is read, and no sum or difference made, that lies further from zero; so a
    /// [`Ratio`](crate::Ratio) up to 100% of an amount always fits the exact arithmetic.
    pub const MAX: Money = Money(1_000_000_000_000);

    /// The amount of so many fen. The bound [`Money::MAX`] is not checked here.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Money {
        Money(fen)
    }

    /// The amount of so many yuan; `None` beyond [`Money::MAX`] either way.
    ///
    /// ```
    /// # use payer_split::Money;
    /// assert_eq!(Money::from_yuan(3), Some(Money::from_fen(300)));
    /// assert_eq!(Money::from_yuan(i64::MAX), None);
    /// ```
    #[must_use]
    pub fn from_yuan(yuan: i64) -> Option<Money> {
        yuan.checked_mul(100).and_then(Money::bounded)
    }

    /// The number of fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads decimal text in yuan: an optional minus, digits, and at most two decimals.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Syntax`] for any other text (also a plus, an exponent, spaces or
    /// separators), [`MoneyError::TooFine`] for more than two decimals and
    /// [`MoneyError::TooLarge`] beyond [`Money::MAX`].
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let syntax = || MoneyError::Syntax {
            text: text.to_owned(),
        };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !decimals.is_none_or(is_number) {
            return Err(syntax());
        }
        let decimals = decimals.unwrap_or("");
        if decimals.len() > 2 {
            return Err(MoneyError::TooFine {
                text: text.to_owned(),
            });
        }
        // Only digits are left, so the one thing that can fail is the size.
        format!("{whole}{decimals:0<2}")
            .parse::<i64>()
            .ok()
            .and_then(|fen| {
                if negative {
                    fen.checked_neg()
                } else {
                    Some(fen)
                }
            })
            .and_then(Money::bounded)
            .ok_or_else(|| MoneyError::TooLarge {
                text: text.to_owned(),
            })
    }

    /// The sum, or `None` when it lies beyond [`Money::MAX`] either way.
    #[must_use]
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).and_then(Money::bounded)
    }

    /// The difference, or `None` when it lies beyond [`Money::MAX`] either way.
    #[must_use]
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).and_then(Money::bounded)
    }

    /// The same amount with the other sign, or `None` when it lies beyond [`Money::MAX`].
    #[must_use]
    pub fn checked_neg(self) -> Option<Money> {
        self.0.checked_neg().and_then(Money::bounded)
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0.is_negative()
    }

    /// The amount of so many fen, if it is within the bound.
    pub(crate) fn bounded(fen: i64) -> Option<Money> {
        (fen.unsigned_abs() <= Money::MAX.0.unsigned_abs()).then_some(Money(fen))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Money, MoneyError> {
        Money::parse(text)
    }
}

impl TryFrom<Decimal> for Money {
    type Error = MoneyError;

    /// The same amount, never rounded: a decimal finer than a fen is an error.
    fn try_from(yuan: Decimal) -> Result<Money, MoneyError> {
        let plain = yuan.normalize();
        let factor = match plain.scale() {
            0 => 100,
            1 => 10,
            2 => 1,
            _ => {
                return Err(MoneyError::TooFine {
                    text: yuan.to_string(),
                });
            }
        };
        plain
            .mantissa()
            .checked_mul(factor)
            .and_then(|fen| i64::try_from(fen).ok())
            .and_then(Money::bounded)
            .ok_or_else(|| MoneyError::TooLarge {
                text: yuan.to_string(),
            })
    }
}

impl From<Money> for Decimal {
    /// The amount in yuan, with two decimals.
    fn from(money: Money) -> Decimal {
        Decimal::new(money.0, 2)
    }
}

impl fmt::Display for Money {
    /// Yuan with two decimals, `11804.00`; a width pads on the left.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        f.pad_integral(
            !self.is_negative(),
            "",
            &format!("{}.{:02}", fen / 100, fen % 100),
        )
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        deserializer.deserialize_any(MoneyVisitor)
    }
}

struct MoneyVisitor;

impl Visitor<'_> for MoneyVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount in yuan: text such as \"454.92\", or an integer")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, yuan: i64) -> Result<Money, E> {
        Money::from_yuan(yuan).ok_or_else(|| {
            E::custom(MoneyError::TooLarge {
                text: yuan.to_string(),
            })
        })
    }

    fn visit_u64<E: serde::de::Error>(self, yuan: u64) -> Result<Money, E> {
        i64::try_from(yuan)
            .ok()
            .and_then(Money::from_yuan)
            .ok_or_else(|| {
                E::custom(MoneyError::TooLarge {
                    text: yuan.to_string(),
                })
            })
    }

    fn visit_f64<E: serde::de::Error>(self, yuan: f64) -> Result<Money, E> {
        Err(E::custom(format_args!(
            "{} is not exact: write the amount as a string, such as \"454.92\"",
            Unexpected::Float(yuan)
        )))
    }
}

/// Why something is not an amount of [`Money`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is not a plain decimal number.
    #[error(
        "`{text}` is not an amount: expected yuan as digits with at most two decimals, \
         such as `454.92`"
    )]
    Syntax {
        /// What was given.
        text: String,
    },
    /// The amount is finer than a fen.
    #[error("`{text}` is finer than a fen: expected at most two decimals")]
    TooFine {
        /// What was given.
        text: String,
    },
    /// The amount lies beyond [`Money::MAX`].
    #[error("`{text}` is too large: expected an amount up to {} yuan", Money::MAX)]
    TooLarge {
        /// What was given.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints() {
        for (text, fen, shown) in [
            ("11804", 1_180_400, "11804.00"),
            ("0.5", 50, "0.50"),
            ("-0.05", -5, "-0.05"),
            ("-0", 0, "0.00"),
            ("10000000000.00", Money::MAX.fen(), "10000000000.00"),
        ] {
            let money = Money::parse(text).unwrap();
            assert_eq!(money.fen(), fen);
            assert_eq!(money.to_string(), shown);
            assert_eq!(text.parse(), Ok(money));
        }
        assert_eq!(
            Money::from_fen(i64::MIN).to_string(),
            "-92233720368547758.08"
        );
        assert_eq!(format!("{:>8}|", Money::from_fen(-5)), "   -0.05|");
    }

    #[test]
    fn refuses_anything_else() {
        for text in [
            "", "-", "+1", "1.", ".5", "1e3", "1_000", "1,000", " 1", "--1", "1.-5", "１",
        ] {
            let text = text.to_owned();
            assert_eq!(Money::parse(&text), Err(MoneyError::Syntax { text }));
        }
        assert!(matches!(
            Money::parse("0.005"),
            Err(MoneyError::TooFine { .. })
        ));
        for text in ["10000000000.01", "-10000000000.01", "99999999999999999999"] {
            assert!(matches!(
                Money::parse(text),
                Err(MoneyError::TooLarge { .. })
            ));
        }
    }

    #[test]
    fn converts_decimals_exactly() {
        let money = Money::from_fen(-45_492);
        assert_eq!(Money::try_from(Decimal::from(money)), Ok(money));
        assert_eq!(
            Money::try_from(Decimal::new(1_000, 4)),
            Ok(Money::from_fen(10))
        );
        assert!(matches!(
            Money::try_from(Decimal::new(1, 3)),
            Err(MoneyError::TooFine { .. })
        ));
        assert!(matches!(
            Money::try_from(Decimal::MAX),
            Err(MoneyError::TooLarge { .. })
        ));
    }

    #[test]
    fn sums_stay_within_the_bound() {
        let fen = Money::from_fen(1);
        assert_eq!(Money::MAX.checked_add(fen), None);
        assert_eq!(
            Money::MAX.checked_sub(fen).unwrap().checked_add(fen),
            Some(Money::MAX)
        );
        assert_eq!(fen.checked_neg(), Some(Money::from_fen(-1)));
        assert_eq!(Money::from_fen(i64::MIN).checked_neg(), None);
    }

    #[test]
    fn reads_text_and_integers_but_no_floats() {
        assert_eq!(
            serde_json::to_string(&Money::from_fen(45_492)).unwrap(),
            r#""454.92""#
        );
        let read = serde_json::from_str::<Money>;
        assert_eq!(read(r#""454.92""#).unwrap(), Money::from_fen(45_492));
        assert_eq!(read("-3").unwrap(), Money::from_fen(-300));
        let error = read("454.92").unwrap_err().to_string();
        assert!(error.contains("write the amount as a string"), "{error}");
        let error = read("true").unwrap_err().to_string();
        assert!(error.contains("expected an amount in yuan"), "{error}");
        assert!(
            read("18446744073709551615")
                .unwrap_err()
                .to_string()
                .contains("too large")
        );
    }
}
