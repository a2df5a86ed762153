//! A line of a bill and the four parts into which it falls.

mod error;
mod parts;

pub use error::LineError;
pub use parts::{Part, Parts};

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use crate::vocabulary::{Class, Fee, Mark};

/// What may be given of a [`Line`]: its form in files.
///
/// Either `parts`, or an `amount` and a `class` from which the parts follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineInput {
    /// What the line is for.
    pub fee: Fee,
    /// The line's amount; needed unless `parts` are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The catalogue class; needed unless `parts` are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// Class B only: the shares that the patient pays first, each of what the one before left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_share: Option<Vec<Ratio>>,
    /// Classes A and B: the highest amount of this line that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_limit: Option<Money>,
    /// The parts, where they are known already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// The line's marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// What the bill calls the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Default for LineInput {
    /// Nothing but the fee [`Fee::OTHER`]: a start for a literal.
    fn default() -> LineInput {
        LineInput {
            fee: Fee::OTHER,
            amount: None,
            class: None,
            first_share: None,
            price_limit: None,
            parts: None,
            marks: Vec::new(),
            name: None,
        }
    }
}

/// A line of a bill.
///
/// Its parts are worked out when it is made, so a line is always consistent: every part is at
/// least zero, and they add up to the amount. What is above the price limit comes off first;
/// then each first share of class B, of what is left, rounded to the fen half up; the rest is in
/// scope. Class C is at own expense as a whole.
///
/// ```
/// use payer_split::{Fee, Line, Money, Ratio};
///
/// let share = Ratio::parse("5%")?;
/// let line = Line::class_b(Fee::WESTERN_MEDICINE, Money::parse("4.52")?, &[share])?;
/// assert_eq!(line.parts().first_self_payment, Money::parse("0.23")?);
/// assert_eq!(line.parts().in_scope, Money::parse("4.29")?);
///
/// assert!(Line::class_a(Fee::BED, Money::parse("-1")?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LineInput", into = "LineInput")]
pub struct Line {
    // As it was given, so that it is written as it was read.
    input: LineInput,
    amount: Money,
    parts: Parts,
}

impl Line {
    /// A line of class A: wholly in scope.
    ///
    /// # Errors
    ///
    /// As [`Line::from_input`].
    pub fn class_a(fee: impl Into<Fee>, amount: Money) -> Result<Line, LineError> {
        Line::from_input(LineInput {
            fee: fee.into(),
            amount: Some(amount),
            class: Some(Class::A),
            ..LineInput::default()
        })
    }

    /// A line of class B: in scope after the first shares, each of what the one before left.
    ///
    /// # Errors
    ///
    /// As [`Line::from_input`].
    pub fn class_b(
        fee: impl Into<Fee>,
        amount: Money,
        first_share: &[Ratio],
    ) -> Result<Line, LineError> {
        Line::from_input(LineInput {
            fee: fee.into(),
            amount: Some(amount),
            class: Some(Class::B),
            first_share: Some(first_share.to_vec()),
            ..LineInput::default()
        })
    }

    /// A line of class C: wholly at own expense.
    ///
    /// # Errors
    ///
    /// As [`Line::from_input`].
    pub fn class_c(fee: impl Into<Fee>, amount: Money) -> Result<Line, LineError> {
        Line::from_input(LineInput {
            fee: fee.into(),
            amount: Some(amount),
            class: Some(Class::C),
            ..LineInput::default()
        })
    }

    /// A line whose parts are known; its amount is their sum.
    ///
    /// # Errors
    ///
    /// As [`Line::from_input`].
    pub fn with_parts(fee: impl Into<Fee>, parts: Parts) -> Result<Line, LineError> {
        Line::from_input(LineInput {
            fee: fee.into(),
            parts: Some(parts),
            ..LineInput::default()
        })
    }

    /// The line that the input describes.
    ///
    /// # Errors
    ///
    /// A [`LineError`] where a field is missing, out of range, or at odds with another.
    pub fn from_input(input: LineInput) -> Result<Line, LineError> {
        let parts = match &input.parts {
            Some(parts) => given_parts(&input, *parts)?,
            None => parts_by_class(&input)?,
        };
        let amount = parts
            .total()
            .ok_or(LineError::TooLarge { field: "parts" })?;
        Ok(Line {
            input,
            amount,
            parts,
        })
    }

    /// The line with one more mark.
    #[must_use]
    pub fn marked(mut self, mark: impl Into<Mark>) -> Line {
        self.input.marks.push(mark.into());
        self
    }

    /// The line under that name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Line {
        self.input.name = Some(name.into());
        self
    }

    /// Makes one part the whole line.
    #[cfg(feature = "seal")]
    pub(crate) fn set(&mut self, part: Part, amount: Money) {
        let parts = Parts::of(part, amount);
        self.input.parts = Some(parts);
        self.input.amount = None;
        self.input.first_share = None;
        self.input.price_limit = None;
        (self.amount, self.parts) = (amount, parts);
    }

    /// What the line is for.
    #[must_use]
    pub fn fee(&self) -> &Fee {
        &self.input.fee
    }

    /// The catalogue class, if it was given.
    #[must_use]
    pub fn class(&self) -> Option<&Class> {
        self.input.class.as_ref()
    }

    /// The amount.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// The amount by its parts.
    #[must_use]
    pub fn parts(&self) -> Parts {
        self.parts
    }

    /// The marks.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.input.marks
    }

    /// The name, if it was given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.input.name.as_deref()
    }

    /// Whether the line has standard words only, and no marks.
    pub(crate) fn is_standard(&self) -> bool {
        let class = self.input.class.as_ref();
        self.input.marks.is_empty()
            && self.input.fee.local().is_none()
            && class.is_none_or(|class| class.local().is_none())
    }

    /// What the line was made from.
    #[must_use]
    pub fn input(&self) -> &LineInput {
        &self.input
    }
}

impl TryFrom<LineInput> for Line {
    type Error = LineError;

    fn try_from(input: LineInput) -> Result<Line, LineError> {
        Line::from_input(input)
    }
}

impl From<Line> for LineInput {
    fn from(line: Line) -> LineInput {
        line.input
    }
}

/// Checks parts that were given.
fn given_parts(input: &LineInput, parts: Parts) -> Result<Parts, LineError> {
    if input.first_share.is_some() {
        return Err(LineError::BesideParts {
            field: "first_share",
        });
    }
    if input.price_limit.is_some() {
        return Err(LineError::BesideParts {
            field: "price_limit",
        });
    }
    in_range("parts.own_expense", parts.own_expense)?;
    in_range("parts.over_limit", parts.over_limit)?;
    in_range("parts.first_self_payment", parts.first_self_payment)?;
    in_range("parts.in_scope", parts.in_scope)?;
    let sum = parts
        .total()
        .ok_or(LineError::TooLarge { field: "parts" })?;
    match input.amount {
        Some(amount) if amount != sum => Err(LineError::SumDiffers { amount, sum }),
        _ => Ok(parts),
    }
}

/// Works out the parts from the amount and the class.
fn parts_by_class(input: &LineInput) -> Result<Parts, LineError> {
    let amount = input.amount.ok_or(LineError::Missing { field: "amount" })?;
    in_range("amount", amount)?;
    let class = input
        .class
        .as_ref()
        .ok_or(LineError::Missing { field: "class" })?;
    if let Some(name) = class.local() {
        return Err(LineError::UnknownClass {
            class: name.to_owned(),
        });
    }
    if *class == Class::C {
        if input.price_limit.is_some() {
            return Err(LineError::NotForClass {
                field: "price_limit",
                class: class.clone(),
            });
        }
        if input.first_share.is_some() {
            return Err(LineError::NotForClass {
                field: "first_share",
                class: class.clone(),
            });
        }
        return Ok(Parts {
            own_expense: amount,
            ..Parts::default()
        });
    }
    let first_share = match input.first_share.as_deref() {
        Some(_) if *class != Class::B => {
            return Err(LineError::NotForClass {
                field: "first_share",
                class: class.clone(),
            });
        }
        None | Some([]) if *class == Class::B => return Err(LineError::MissingFirstShare),
        shares => shares.unwrap_or_default(),
    };

    let too_large = LineError::TooLarge { field: "amount" };
    let counted = match input.price_limit {
        Some(limit) => amount.min(in_range("price_limit", limit)?),
        None => amount,
    };
    let mut in_scope = counted;
    for &share in first_share {
        if !(Ratio::ZERO..=Ratio::ONE).contains(&share) {
            return Err(LineError::ShareOutOfRange { share });
        }
        in_scope = share
            .of(in_scope)
            .and_then(|exact| Rounding::default().round(exact))
            .and_then(|paid_first| in_scope.checked_sub(paid_first))
            .ok_or_else(|| too_large.clone())?;
    }
    Ok(Parts {
        own_expense: Money::ZERO,
        over_limit: amount
            .checked_sub(counted)
            .ok_or_else(|| too_large.clone())?,
        first_self_payment: counted.checked_sub(in_scope).ok_or(too_large)?,
        in_scope,
    })
}

/// The amount of a field, if a line can have it.
fn in_range(field: &'static str, amount: Money) -> Result<Money, LineError> {
    if amount.is_negative() {
        Err(LineError::Negative { field, amount })
    } else if amount > Money::MAX {
        Err(LineError::TooLarge { field })
    } else {
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn input(json: &str) -> LineInput {
        serde_json::from_str(json).unwrap()
    }

    /// The parts as text, in order, or the error's message.
    fn split(json: &str) -> String {
        match Line::from_input(input(json)) {
            Ok(line) => {
                let parts = line.parts();
                assert_eq!(parts.total(), Some(line.amount()));
                Part::ALL.map(|part| parts.get(part).to_string()).join(" ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn parts_follow_from_the_class() {
        for (json, parts) in [
            (
                r#"{"fee":"bed","amount":90,"class":"A"}"#,
                "0.00 0.00 0.00 90.00",
            ),
            (
                r#"{"fee":"bed","amount":90,"class":"甲类","price_limit":80}"#,
                "0.00 10.00 0.00 80.00",
            ),
            (
                r#"{"fee":"bed","amount":90,"class":"A","price_limit":100}"#,
                "0.00 0.00 0.00 90.00",
            ),
            (
                r#"{"fee":"bed","amount":90,"class":"C"}"#,
                "90.00 0.00 0.00 0.00",
            ),
            // 0.226 rounds up.
            (
                r#"{"fee":"bed","amount":"4.52","class":"B","first_share":["5%"]}"#,
                "0.00 0.00 0.23 4.29",
            ),
            // The limit first, then 10% of 80, then 5% of 72.
            (
                r#"{"fee":"bed","amount":90,"class":"B","first_share":["10%","5%"],"price_limit":80}"#,
                "0.00 10.00 11.60 68.40",
            ),
            (
                r#"{"fee":"bed","amount":90,"class":"B","first_share":["100%"]}"#,
                "0.00 0.00 90.00 0.00",
            ),
            (
                r#"{"fee":"bed","parts":{"own_expense":1,"over_limit":2,"first_self_payment":3,"in_scope":4}}"#,
                "1.00 2.00 3.00 4.00",
            ),
        ] {
            assert_eq!(split(json), parts, "{json}");
        }
    }

    #[test]
    fn refuses_what_does_not_agree() {
        let parts =
            r#""parts":{"own_expense":1,"over_limit":0,"first_self_payment":0,"in_scope":1}"#;
        for (fields, word) in [
            (r#""class":"A""#, "`amount` is missing"),
            (r#""amount":1"#, "`class` is missing"),
            (r#""amount":1,"class":"D""#, "`D`"),
            (r#""amount":1,"class":"B""#, "`first_share` is missing"),
            (
                r#""amount":1,"class":"B","first_share":[]"#,
                "`first_share` is missing",
            ),
            (r#""amount":1,"class":"A","first_share":["5%"]"#, "class A"),
            (r#""amount":1,"class":"C","first_share":["5%"]"#, "class C"),
            (r#""amount":1,"class":"C","price_limit":1"#, "`price_limit`"),
            (r#""amount":1,"class":"B","first_share":["101%"]"#, "`101%`"),
            (r#""amount":1,"class":"B","first_share":["-1%"]"#, "`-1%`"),
            (r#""amount":-1,"class":"A""#, "`amount` is `-1.00`"),
            (
                r#""amount":1,"class":"A","price_limit":-1"#,
                "`price_limit` is `-1.00`",
            ),
            (&format!(r#""amount":1,{parts}"#), "add up to `2.00`"),
            (
                &format!(r#""price_limit":1,{parts}"#),
                "`price_limit` does not go with `parts`",
            ),
            (
                &format!(r#""first_share":["1%"],{parts}"#),
                "`first_share` does not go with `parts`",
            ),
            (
                &parts.replace(":1,", ":-1,"),
                "`parts.own_expense` is `-1.00`",
            ),
            (
                &parts.replace(":1,", ":10000000000,"),
                "`parts` is too large",
            ),
        ] {
            let message = split(&format!(r#"{{"fee":"bed",{fields}}}"#));
            assert!(message.contains(word), "{message}");
        }
        assert_eq!(
            Line::class_a("bed", Money::from_fen(i64::MAX)),
            Err(LineError::TooLarge { field: "amount" })
        );
    }

    #[test]
    fn is_written_as_it_was_given() {
        let line = Line::class_b("手术费", yuan("500"), &[Ratio::parse("10%").unwrap()])
            .unwrap()
            .marked(Mark::IMPLANT)
            .named("支架");
        let json = serde_json::to_string(&line).unwrap();
        assert_eq!(
            json,
            r#"{"fee":"surgery","amount":"500.00","class":"B","first_share":["10%"],"marks":["implant"],"name":"支架"}"#
        );
        assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line);
        assert!(serde_json::from_str::<Line>(r#"{"fee":"bed","amount":1}"#).is_err());
        assert!(serde_json::from_str::<Line>(r#"{"fee":"bed","amount":1,"clas":"A"}"#).is_err());
    }

    #[test]
    fn parts_have_names() {
        for (index, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(part.index(), index);
            assert_eq!(Part::from_id(part.id()), Some(part));
            assert_eq!(serde_json::to_value(part).unwrap(), part.id());
        }
    }
}
