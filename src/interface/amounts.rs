//! Numbers as they go over the wire: exact decimals of a width, never binary fractions.

use super::error::InterfaceError;
use crate::money::Money;
use crate::ratio::Ratio;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::RangeInclusive;

/// A number of the national interface: up to `DIGITS` digits, of which up to `DECIMALS` are decimals (`N16,4`).
///
/// ```
/// use payer_split::interface::{Quantity, Share};
///
/// let half = Quantity::read("cnt", "0.5000")?;
/// assert_eq!((half.to_string().as_str(), half.units()), ("0.5", 5_000));
/// let error = Share::read("selfpay_prop", "0.12345").unwrap_err();
/// assert_eq!(error.to_string(), "`selfpay_prop` is `0.12345`: expected a number of the width N5,4, such as `0.05`");
/// # Ok::<(), payer_split::interface::InterfaceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number<const DIGITS: u32, const DECIMALS: u32>(i64);

/// A quantity, N16,4.
pub type Quantity = Number<16, 4>;

/// A unit price or a limit on it, in yuan, N16,6.
pub type UnitPrice = Number<16, 6>;

/// A proportion, 1 for the whole, N5,4.
pub type Share = Number<5, 4>;

impl<const DIGITS: u32, const DECIMALS: u32> Number<DIGITS, DECIMALS> {
    /// How many units make one whole.
    const WHOLE: i64 = 10_i64.pow(DECIMALS);

    /// The number of so many units of its last decimal; `None` if it is too wide.
    #[must_use]
    pub fn from_units(units: i64) -> Option<Self> {
        let bound = 10_u64.checked_pow(DIGITS)?;
        (units.unsigned_abs() < bound).then_some(Number(units))
    }

    /// The number of units of its last decimal.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Reads decimal text: an optional minus, digits, and perhaps a point and decimals.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::DoesNotFit`] for anything else, and for more digits than the width has; it names the field.
    pub fn read(field: &str, text: &str) -> Result<Self, InterfaceError> {
        units(text, DECIMALS)
            .and_then(Self::from_units)
            .ok_or_else(|| InterfaceError::does_not_fit(field, text, &Self::expected()))
    }

    fn expected() -> String {
        format!("a number of the width N{DIGITS},{DECIMALS}, such as `0.05`")
    }
}

/// Decimal text in units of its last decimal.
fn units(text: &str, decimals: u32) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !fraction.is_none_or(is_number) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let width = usize::try_from(decimals).ok()?;
    match fraction.len() > width {
        true => None,
        false => format!("{sign}{whole}{fraction:0<width$}").parse().ok(),
    }
}

impl Share {
    /// From nothing to the whole, in units.
    pub(super) const UP_TO_WHOLE: RangeInclusive<i64> = 0..=Share::WHOLE;

    /// The whole and nothing less, in units.
    pub(super) const WHOLE_ONLY: RangeInclusive<i64> = Share::WHOLE..=Share::WHOLE;

    /// The same share as a ratio.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        // Five digits of ten-thousandths.
        Ratio::from_millionths(self.0.saturating_mul(100))
    }

    /// The ratio as a share; an error if it has more than four decimals.
    pub(super) fn of_ratio(field: &str, ratio: Ratio) -> Result<Share, InterfaceError> {
        let millionths = ratio.millionths();
        let share = match millionths % 100 {
            0 => Share::from_units(millionths / 100),
            _ => None,
        };
        share.ok_or_else(|| {
            InterfaceError::does_not_fit(field, &ratio.to_string(), &Share::expected())
        })
    }

    /// How much of a whole a part is, rounded half up to four decimals; zero of nothing.
    pub(super) fn of_amounts(part: Money, whole: Money) -> Option<Share> {
        if whole == Money::ZERO {
            return Share::from_units(0);
        }
        let doubled = i128::from(Share::WHOLE).checked_mul(2)?;
        let scaled = i128::from(part.fen()).checked_mul(doubled)?;
        let whole = i128::from(whole.fen());
        let rounded = scaled
            .checked_add(whole)?
            .checked_div(whole.checked_mul(2)?)?;
        Share::from_units(i64::try_from(rounded).ok()?)
    }
}

impl UnitPrice {
    /// No limit, where a limit is written: 999999.
    pub const NONE: UnitPrice = Number(999_999 * UnitPrice::WHOLE);

    /// The price of a quantity, rounded to the fen half up; `None` beyond [`Money::MAX`].
    #[must_use]
    pub fn times(self, quantity: Quantity) -> Option<Money> {
        const UNITS_PER_FEN: i128 = 100_000_000;
        // Two numbers of sixteen digits: the product has thirty-two.
        let product = i128::from(self.0).checked_mul(i128::from(quantity.0))?;
        let half = match product.is_negative() {
            true => -UNITS_PER_FEN / 2,
            false => UNITS_PER_FEN / 2,
        };
        let fen = product.checked_add(half)?.checked_div(UNITS_PER_FEN)?;
        Money::bounded(i64::try_from(fen).ok()?)
    }
}

impl<const DIGITS: u32, const DECIMALS: u32> fmt::Display for Number<DIGITS, DECIMALS> {
    /// Without needless zeros: `0.05`, `3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Self::WHOLE.unsigned_abs();
        let size = self.0.unsigned_abs();
        let width = usize::try_from(DECIMALS).unwrap_or_default();
        let (units, rest) = (size.checked_div(whole), size.checked_rem(whole));
        let (units, rest) = (units.unwrap_or_default(), rest.unwrap_or_default());
        let text = format!("{units}.{rest:0width$}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.pad_integral(self.0 >= 0, "", text)
    }
}

impl<const DIGITS: u32, const DECIMALS: u32> Serialize for Number<DIGITS, DECIMALS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A number or text that was given, as it was written; nothing for what is absent, `null` or empty.
///
/// Which field it is, and so what belongs there, is known to who takes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Given(Option<String>);

impl Given {
    pub(super) fn text(self) -> Option<String> {
        self.0
    }

    pub(super) fn required(self, field: &str, expected: &str) -> Result<String, InterfaceError> {
        self.0
            .ok_or_else(|| InterfaceError::missing(field, expected))
    }

    /// An amount, N16,2.
    pub(super) fn money(self, field: &str) -> Result<Option<Money>, InterfaceError> {
        let read = |text: String| {
            Money::parse(&text).map_err(|_| InterfaceError::does_not_fit(field, &text, AMOUNT))
        };
        self.0.map(read).transpose()
    }

    /// An amount that must be there.
    pub(super) fn amount(self, field: &str) -> Result<Money, InterfaceError> {
        self.money(field)?
            .ok_or_else(|| InterfaceError::missing(field, AMOUNT))
    }

    /// A number.
    pub(super) fn number<const DIGITS: u32, const DECIMALS: u32>(
        self,
        field: &str,
    ) -> Result<Option<Number<DIGITS, DECIMALS>>, InterfaceError> {
        self.0.map(|text| Number::read(field, &text)).transpose()
    }
}

/// What every amount is. Its width allows for more than [`Money::MAX`], which no bill reaches.
const AMOUNT: &str =
    "an amount in yuan of the width N16,2 and at most 10000000000.00, such as `454.92`";

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or an integer (decimals are exact as text only: see `decimals_as_text`)")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Given, E> {
        let text = text.trim();
        Ok(Given((!text.is_empty()).then(|| text.to_owned())))
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<Given, E> {
        // Nothing reads it, but then the field is named.
        Ok(Given(Some(truth.to_string())))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Given, E> {
        Ok(Given(Some(number.to_string())))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Given, E> {
        Ok(Given(Some(number.to_string())))
    }

    fn visit_i128<E: serde::de::Error>(self, number: i128) -> Result<Given, E> {
        Ok(Given(Some(number.to_string())))
    }

    fn visit_u128<E: serde::de::Error>(self, number: u128) -> Result<Given, E> {
        Ok(Given(Some(number.to_string())))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// One number or text, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct GivenList(Vec<String>);

impl GivenList {
    /// What is given, as it was written.
    pub(super) fn texts(self) -> Vec<String> {
        self.0
    }

    /// The numbers, if any are given.
    pub(super) fn numbers<const DIGITS: u32, const DECIMALS: u32>(
        self,
        field: &str,
    ) -> Result<Option<Vec<Number<DIGITS, DECIMALS>>>, InterfaceError> {
        let numbers = self.0.iter().map(|text| Number::read(field, text));
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        Ok((!numbers.is_empty()).then_some(numbers))
    }
}

impl<'de> Deserialize<'de> for GivenList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GivenList, D::Error> {
        deserializer.deserialize_any(GivenListVisitor)
    }
}

struct GivenListVisitor;

impl<'de> Visitor<'de> for GivenListVisitor {
    type Value = GivenList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        GivenVisitor.expecting(f)?;
        f.write_str(", or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<GivenList, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element::<Given>()? {
            all.extend(item.0);
        }
        Ok(GivenList(all))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_str(text)?.into())
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_bool(truth)?.into())
    }

    fn visit_i128<E: serde::de::Error>(self, number: i128) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_i128(number)?.into())
    }

    fn visit_u128<E: serde::de::Error>(self, number: u128) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_u128(number)?.into())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_i64(number)?.into())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<GivenList, E> {
        Ok(GivenVisitor.visit_u64(number)?.into())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<GivenList, E> {
        Ok(GivenList::default())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<GivenList, E> {
        Ok(GivenList::default())
    }
}

impl From<Given> for GivenList {
    fn from(given: Given) -> GivenList {
        GivenList(given.0.into_iter().collect())
    }
}

/// JSON in which the numbers with a point or an exponent are texts, digit for digit as they were written.
///
/// Programs on the other side write amounts as JSON numbers, and JSON readers make binary fractions of them, which do not
/// hold fen exactly. Everything of this module reads texts too. Numbers without a point are left alone, as
/// they are exact, unless they are so long that readers make fractions of them too.
/// Lines stay as they are, so that a JSON reader's messages name the right one.
///
/// ```
/// use payer_split::interface::decimals_as_text;
///
/// let json = r#"{"medfee_sumamt": 4549.20, "cnt": 3, "name": "1.5\" 缝线"}"#;
/// assert_eq!(decimals_as_text(json), r#"{"medfee_sumamt": "4549.20", "cnt": 3, "name": "1.5\" 缝线"}"#);
/// ```
#[must_use]
pub fn decimals_as_text(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut number = String::new();
    let (mut in_text, mut escaped) = (false, false);
    for c in json.chars() {
        let starts = c.is_ascii_digit() || c == '-';
        let goes_on = starts || matches!(c, '.' | 'e' | 'E' | '+');
        if !in_text && (starts || !number.is_empty() && goes_on) {
            number.push(c);
            continue;
        }
        write_number(&mut number, &mut out);
        out.push(c);
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            in_text = c == '"';
        }
    }
    write_number(&mut number, &mut out);
    out
}

/// How many characters an integer may have that every JSON reader of ours holds exactly.
const EXACT: usize = 18;

/// Writes a number that has ended, if there is one.
fn write_number(number: &mut String, out: &mut String) {
    let is_exact = number.len() <= EXACT && !number.contains(['.', 'e', 'E']);
    let quote = if is_exact { "" } else { "\"" };
    out.push_str(quote);
    out.push_str(number);
    out.push_str(quote);
    number.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_widths() {
        for (text, shown) in [
            ("0", Some("0")),
            ("-0.5", Some("-0.5")),
            ("1.2300", Some("1.23")),
            ("9.9999", Some("9.9999")),
            ("10", None),
            ("0.00001", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("1.", None),
            ("+1", None),
            ("1e1", None),
            ("１", None),
            ("99999999999999999999", None),
        ] {
            let read = Share::read("x", text).ok().map(|share| share.to_string());
            assert_eq!(read.as_deref(), shown, "{text}");
        }
        assert_eq!(
            UnitPrice::read("x", "9999999999.999999").unwrap().units(),
            9_999_999_999_999_999
        );
        assert!(UnitPrice::read("x", "10000000000").is_err());
        assert_eq!(Quantity::from_units(10_000_000_000_000_000), None);
    }

    #[test]
    fn a_price_times_a_quantity_is_rounded_half_up_once() {
        let price = |text| UnitPrice::read("pric", text).unwrap();
        let cnt = |text| Quantity::read("cnt", text).unwrap();
        for (pric, count, amount) in [
            ("1.234567", "3", "3.70"),
            ("0.005", "1", "0.01"),
            ("0.0049", "1", "0.00"),
            ("0.005", "-1", "-0.01"),
            ("12.5", "0.5", "6.25"),
        ] {
            let found = price(pric).times(cnt(count)).unwrap();
            assert_eq!(found.to_string(), amount, "{pric} * {count}");
        }
        assert_eq!(price("9999999999.99").times(cnt("999999999999")), None);
    }

    #[test]
    fn shares_of_amounts_are_rounded_half_up() {
        let share = |part, whole| {
            let share = Share::of_amounts(Money::from_fen(part), Money::from_fen(whole));
            share.unwrap().to_string()
        };
        assert_eq!(share(1, 3), "0.3333");
        assert_eq!(share(2, 3), "0.6667");
        assert_eq!(share(1, 20_000), "0.0001");
        assert_eq!(share(0, 0), "0");
        assert_eq!(share(5, 5), "1");
        let ratio = |text: &str| Share::of_ratio("x", text.parse().unwrap());
        assert_eq!(ratio("87%").unwrap().to_string(), "0.87");
        assert_eq!(ratio("87%").unwrap().ratio(), "87%".parse().unwrap());
        assert!(ratio("45.125%").is_err());
    }

    #[test]
    fn only_decimals_become_texts() {
        for (json, expected) in [
            ("1.50", "\"1.50\""),
            ("[1.5,-2.5e3,3,-4]", "[\"1.5\",\"-2.5e3\",3,-4]"),
            (r#"{"a\\":1.0}"#, r#"{"a\\":"1.0"}"#),
            (r#""1.0 \" 2.0""#, r#""1.0 \" 2.0""#),
            ("[true,false,null]", "[true,false,null]"),
            ("123456789012345678", "123456789012345678"),
            ("1234567890123456789", "\"1234567890123456789\""),
            ("", ""),
        ] {
            assert_eq!(decimals_as_text(json), expected, "{json}");
        }
    }
}
