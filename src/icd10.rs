//! Diagnosis codes of ICD-10, and patterns of them.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest code: a code with eight places after the dot, a dagger, another such code and an
/// asterisk.
const CAPACITY: usize = 26;

/// A diagnosis code of ICD-10 or of its Chinese national editions.
///
/// A code is a letter and two digits, then perhaps a dot and up to eight digits or `x`
/// (`K80.1`, `K80.100x001`, `I10.x00`), then perhaps a dagger `+`, an asterisk `*`, or a dagger
/// and a second code with an asterisk (`A18.0+M49.0*`). The letters' case is normalised, and a
/// dot left out is put in.
///
/// ```
/// use payer_split::Icd10;
///
/// let gallstone: Icd10 = "k80.1".parse()?;
/// assert_eq!(gallstone.as_str(), "K80.1");
/// assert!(gallstone.starts_with(&Icd10::parse("K80")?));
/// assert!(Icd10::parse("K8").is_err());
/// # Ok::<(), payer_split::Icd10Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Icd10 {
    // Padded with zeros, so that the order of the arrays is that of the texts.
    bytes: [u8; CAPACITY],
}

impl Icd10 {
    /// Reads a code.
    ///
    /// # Errors
    ///
    /// [`Icd10Error::Syntax`] for a text that is not of the form of a code. Whether the
    /// classification has the code is not looked up.
    pub fn parse(text: &str) -> Result<Icd10, Icd10Error> {
        let normal = normalise(text).ok_or_else(|| Icd10Error::Syntax {
            text: text.to_owned(),
        })?;
        let mut bytes = [0; CAPACITY];
        for (place, byte) in bytes.iter_mut().zip(normal.bytes()) {
            *place = byte;
        }
        Ok(Icd10 { bytes })
    }

    /// The code's normal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // A code is ASCII, so this is never empty.
        str::from_utf8(&self.bytes).map_or("", |text| text.trim_end_matches('\0'))
    }

    /// Whether the code begins with the other one's text. The dot does not count.
    #[must_use]
    pub fn starts_with(&self, prefix: &Icd10) -> bool {
        self.as_far_as(prefix) == prefix.bytes
    }

    /// The bytes up to the other one's length, and then none. What a code begins with is a code, and the dot is at the
    /// same place in both if they are long enough to have one.
    fn as_far_as(&self, other: &Icd10) -> [u8; CAPACITY] {
        let mut bytes = self.bytes;
        for (own, other) in bytes.iter_mut().zip(other.bytes) {
            *own = if other == 0 { 0 } else { *own };
        }
        bytes
    }

    /// Whether the code carries a dagger or an asterisk.
    fn is_marked(&self) -> bool {
        self.bytes.iter().any(|byte| matches!(byte, b'+' | b'*'))
    }
}

/// A whole code in its normal form: upper-case letter, dot put in, lower-case `x`.
fn normalise(text: &str) -> Option<String> {
    if let Some((dagger, asterisk)) = text.split_once('+') {
        let mut code = plain(dagger)?;
        code.push('+');
        if !asterisk.is_empty() {
            code.push_str(&plain(asterisk.strip_suffix('*')?)?);
            code.push('*');
        }
        return Some(code);
    }
    match text.strip_suffix('*') {
        Some(asterisk) => plain(asterisk).map(|code| code + "*"),
        None => plain(text),
    }
}

/// A code without dagger and asterisk, in its normal form.
fn plain(text: &str) -> Option<String> {
    let (category, detail) = text.split_at_checked(3)?;
    let mut chars = category.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let digits = chars.as_str();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let after_dot = detail.strip_prefix('.');
    if after_dot == Some("") {
        return None;
    }
    let places = after_dot.unwrap_or(detail).to_ascii_lowercase();
    if places.len() > 8
        || !places
            .bytes()
            .all(|place| place.is_ascii_digit() || place == b'x')
    {
        return None;
    }
    let mut code = String::with_capacity(CAPACITY);
    code.push(letter.to_ascii_uppercase());
    code.push_str(digits);
    if !places.is_empty() {
        code.push('.');
        code.push_str(&places);
    }
    Some(code)
}

impl FromStr for Icd10 {
    type Err = Icd10Error;

    fn from_str(text: &str) -> Result<Icd10, Icd10Error> {
        Icd10::parse(text)
    }
}

impl fmt::Display for Icd10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Icd10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Icd10").field(&self.as_str()).finish()
    }
}

impl Serialize for Icd10 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Icd10 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Icd10, D::Error> {
        let text = String::deserialize(deserializer)?;
        Icd10::parse(&text).map_err(D::Error::custom)
    }
}

/// A set of diagnosis codes: all that begin with one code (`K80`), or with any code from a first
/// to a last (`C00-C97`).
///
/// ```
/// use payer_split::{Icd10, Icd10Pattern};
///
/// let cancer = Icd10Pattern::parse("C00-C97")?;
/// assert!(cancer.matches(&Icd10::parse("C97.x00")?));
/// assert!(!cancer.matches(&Icd10::parse("D00.0")?));
/// # Ok::<(), payer_split::Icd10Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Icd10Pattern {
    first: Icd10,
    last: Icd10,
}

impl Icd10Pattern {
    /// Reads a code, or two codes joined by a hyphen.
    ///
    /// # Errors
    ///
    /// [`Icd10Error::Syntax`] where a code does not read, [`Icd10Error::Marked`] for a code with
    /// a dagger or asterisk, [`Icd10Error::Reversed`] for a range whose last code is before its
    /// first.
    pub fn parse(text: &str) -> Result<Icd10Pattern, Icd10Error> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (Icd10::parse(first)?, Icd10::parse(last)?);
        if first.is_marked() || last.is_marked() {
            return Err(Icd10Error::Marked {
                text: text.to_owned(),
            });
        }
        let pattern = Icd10Pattern { first, last };
        // A range that does not reach its own first code holds nothing.
        if !pattern.matches(&first) {
            return Err(Icd10Error::Reversed {
                text: text.to_owned(),
            });
        }
        Ok(pattern)
    }

    /// Whether the code is in the set.
    #[must_use]
    pub fn matches(&self, code: &Icd10) -> bool {
        // The last code counts with all that begin with it: only its own length is compared.
        code.bytes >= self.first.bytes && code.as_far_as(&self.last) <= self.last.bytes
    }
}

impl FromStr for Icd10Pattern {
    type Err = Icd10Error;

    fn from_str(text: &str) -> Result<Icd10Pattern, Icd10Error> {
        Icd10Pattern::parse(text)
    }
}

impl fmt::Display for Icd10Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            f.pad(self.first.as_str())
        } else {
            f.pad(&format!("{}-{}", self.first, self.last))
        }
    }
}

impl Serialize for Icd10Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Icd10Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Icd10Pattern, D::Error> {
        let text = String::deserialize(deserializer)?;
        Icd10Pattern::parse(&text).map_err(D::Error::custom)
    }
}

/// Why a text is not an [`Icd10`] code or an [`Icd10Pattern`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Icd10Error {
    /// The text is not of the form of a code.
    #[error(
        "`{text}` is not a diagnosis code: expected a letter and two digits, then perhaps a dot \
         and more, such as `K80` or `K80.1`"
    )]
    Syntax {
        /// What was given.
        text: String,
    },
    /// A pattern's code carries a dagger or an asterisk.
    #[error(
        "`{text}` has a `+` or `*`: expected the bare code, which takes in every code that \
         begins with it"
    )]
    Marked {
        /// What was given.
        text: String,
    },
    /// A range's last code is before its first.
    #[error("`{text}` is not a range: expected the first code, then the last, such as `C00-C97`")]
    Reversed {
        /// What was given.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Icd10 {
        Icd10::parse(text).unwrap()
    }

    #[test]
    fn normalises() {
        for (text, normal) in [
            ("D25", "D25"),
            ("k80.1", "K80.1"),
            ("K801", "K80.1"),
            ("K80.100X001", "K80.100x001"),
            ("I10.x00", "I10.x00"),
            ("A17.0+", "A17.0+"),
            ("g01*", "G01*"),
            ("A01.000x005+g01.000x001*", "A01.000x005+G01.000x001*"),
        ] {
            assert_eq!(code(text).as_str(), normal);
        }
        let longest = "A01.000x0051+G01.000x0011*";
        assert_eq!(code(longest).as_str(), longest);
    }

    #[test]
    fn refuses_anything_else() {
        for text in [
            "",
            "C1",
            "C",
            "80.1",
            "K8a",
            "K80.",
            "K80.1y",
            "K80.1 ",
            "胆结石",
            "K80.-",
            "K80+K81",
            "K80*+",
            "+",
            "K80.123456789",
            "胆80",
            "K胆",
        ] {
            assert!(
                matches!(Icd10::parse(text), Err(Icd10Error::Syntax { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn prefixes_ignore_the_dot() {
        assert!(code("K80.1").starts_with(&code("K80")));
        assert!(code("K80.100x001").starts_with(&code("K80.1")));
        assert!(code("A18.003+M49.0*").starts_with(&code("A18.0")));
        assert!(!code("K80").starts_with(&code("K80.1")));
        assert!(!code("K81.0").starts_with(&code("K80")));
    }

    #[test]
    fn patterns() {
        for (pattern, inside, outside) in [
            ("K80", vec!["K80", "K80.1", "K80.900"], vec!["K79.9", "K81"]),
            (
                "C00-C97",
                vec!["C00", "C00.0", "C97", "C97.x00"],
                vec!["B99.9", "D00"],
            ),
            ("C00-D09", vec!["C97", "D09.9"], vec!["D10"]),
            (
                "K80.0-K80.5",
                vec!["K80.0", "K80.500x001"],
                vec!["K80", "K80.8", "K81.0"],
            ),
            ("K80.1-K81", vec!["K80.1", "K81.9"], vec!["K80.0", "K82"]),
        ] {
            let pattern = Icd10Pattern::parse(pattern).unwrap();
            assert_eq!(Icd10Pattern::parse(&pattern.to_string()), Ok(pattern));
            for text in inside {
                assert!(pattern.matches(&code(text)), "{text} in {pattern}");
            }
            for text in outside {
                assert!(!pattern.matches(&code(text)), "{text} not in {pattern}");
            }
        }
        assert!(matches!(
            Icd10Pattern::parse("C97-C00"),
            Err(Icd10Error::Reversed { .. })
        ));
        assert!(matches!(
            Icd10Pattern::parse("K80*"),
            Err(Icd10Error::Marked { .. })
        ));
        assert!(matches!(
            Icd10Pattern::parse("C1-C9"),
            Err(Icd10Error::Syntax { .. })
        ));
    }

    #[test]
    fn is_text_in_json() {
        let json = serde_json::to_string(&code("K80.1")).unwrap();
        assert_eq!(json, r#""K80.1""#);
        assert_eq!(serde_json::from_str::<Icd10>(&json).unwrap(), code("K80.1"));
    }
}
