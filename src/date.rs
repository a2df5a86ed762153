//! Calendar days.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar, from 1900 to 2199; as text `2020-05-01`.
///
/// ```
/// use payer_split::Date;
///
/// let day = Date::new(2020, 5, 1)?;
/// assert_eq!(day, "2020-05-01".parse()?);
/// assert_eq!(day.to_string(), "2020-05-01");
/// assert!(Date::new(2021, 2, 29).is_err());
/// # Ok::<(), payer_split::DateError>(())
/// ```
// The order of the fields is the order of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first day there is.
    #[cfg(feature = "proptest")]
    pub(crate) const FIRST: Date = Date {
        year: 1900,
        month: 1,
        day: 1,
    };

    /// The day of that year, month (from 1) and day of the month (from 1).
    ///
    /// # Errors
    ///
    /// [`DateError::YearOutOfRange`] outside 1900 to 2199, [`DateError::NoSuchDay`] for a day
    /// that the calendar does not have.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Date, DateError> {
        if !(1900..=2199).contains(&year) {
            return Err(DateError::YearOutOfRange { year });
        }
        if day == 0 || day > days_in_month(year, month) {
            return Err(DateError::NoSuchDay { year, month, day });
        }
        Ok(Date { year, month, day })
    }

    /// Reads `2020-05-01`: four, two and two digits with hyphens.
    ///
    /// # Errors
    ///
    /// [`DateError::Syntax`] for any other text, and the errors of [`Date::new`].
    pub fn parse(text: &str) -> Result<Date, DateError> {
        let syntax = || DateError::Syntax {
            text: text.to_owned(),
        };
        let mut pieces = text.split('-');
        let mut digits = |count: usize| {
            pieces
                .next()
                .filter(|piece| piece.len() == count && piece.bytes().all(|b| b.is_ascii_digit()))
                .ok_or_else(syntax)
        };
        let year = digits(4)?.parse().map_err(|_| syntax())?;
        let month = digits(2)?.parse().map_err(|_| syntax())?;
        let day = digits(2)?.parse().map_err(|_| syntax())?;
        if pieces.next().is_some() {
            return Err(syntax());
        }
        Date::new(year, month, day)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The completed years from this day to a later one: someone's age, from the day of birth.
    /// Who was born on 29 February is a year older on 1 March in common years. `None` when
    /// `later` is earlier.
    ///
    /// ```
    /// # use payer_split::Date;
    /// let born = Date::new(1947, 2, 3)?;
    /// assert_eq!(born.full_years_until(Date::new(2020, 2, 2)?), Some(72));
    /// assert_eq!(born.full_years_until(Date::new(2020, 2, 3)?), Some(73));
    /// # Ok::<(), payer_split::DateError>(())
    /// ```
    #[must_use]
    pub fn full_years_until(self, later: Date) -> Option<u32> {
        let years = later.year.checked_sub(self.year)?;
        let before_birthday = (later.month, later.day) < (self.month, self.day);
        years.checked_sub(u16::from(before_birthday)).map(u32::from)
    }

    /// The day after; `None` after the last day of 2199.
    #[must_use]
    pub fn next_day(self) -> Option<Date> {
        let Date { year, month, day } = self;
        Date::new(year, month, day.checked_add(1)?)
            .or_else(|_| Date::new(year, month.saturating_add(1), 1))
            .or_else(|_| Date::new(year.saturating_add(1), 1, 1))
            .ok()
    }

    /// The day before; `None` before the first day of 1900.
    #[must_use]
    pub fn previous_day(self) -> Option<Date> {
        let Date { year, month, day } = self;
        let month_before = month.saturating_sub(1);
        Date::new(year, month, day.saturating_sub(1))
            .or_else(|_| Date::new(year, month_before, days_in_month(year, month_before)))
            .or_else(|_| Date::new(year.saturating_sub(1), 12, 31))
            .ok()
    }
}

/// The number of days of a month; 0 for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(if year.is_multiple_of(100) { 400 } else { 4 }) => 29,
        2 => 28,
        _ => 0,
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        Date::parse(text)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "{:04}-{:02}-{:02}",
            self.year, self.month, self.day
        ))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::parse(&text).map_err(D::Error::custom)
    }
}

/// Why something is not a [`Date`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text is not of the form `2020-05-01`.
    #[error("`{text}` is not a date: expected year, month and day such as `2020-05-01`")]
    Syntax {
        /// What was given.
        text: String,
    },
    /// The year is not one that policies and people of this field can have.
    #[error("the year {year} is out of range: expected 1900 to 2199")]
    YearOutOfRange {
        /// What was given.
        year: u16,
    },
    /// The calendar has no such day.
    #[error("`{year:04}-{month:02}-{day:02}` is not a day of the calendar")]
    NoSuchDay {
        /// The year given.
        year: u16,
        /// The month given.
        month: u8,
        /// The day given.
        day: u8,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn parses_and_prints() {
        for text in ["1900-01-01", "2000-02-29", "2020-12-31", "2199-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
        for text in [
            "",
            "2020-5-1",
            "2020/05/01",
            "2020-05",
            "2020-05-01-",
            "+020-05-01",
            "年-05-01",
        ] {
            assert!(
                matches!(Date::parse(text), Err(DateError::Syntax { .. })),
                "{text}"
            );
        }
        for text in [
            "2019-02-29",
            "1900-02-29",
            "2020-04-31",
            "2020-13-01",
            "2020-00-01",
            "2020-01-00",
        ] {
            assert!(
                matches!(Date::parse(text), Err(DateError::NoSuchDay { .. })),
                "{text}"
            );
        }
        assert_eq!(
            Date::parse("1899-12-31"),
            Err(DateError::YearOutOfRange { year: 1899 })
        );
    }

    #[test]
    fn ages() {
        let leap = date("2000-02-29");
        for (on, age) in [
            ("2001-02-28", 0),
            ("2001-03-01", 1),
            ("2004-02-28", 3),
            ("2004-02-29", 4),
        ] {
            assert_eq!(leap.full_years_until(date(on)), Some(age), "{on}");
        }
        assert_eq!(leap.full_years_until(leap), Some(0));
        assert_eq!(leap.full_years_until(date("2000-02-28")), None);
        assert_eq!(leap.full_years_until(date("1999-12-31")), None);
    }

    #[test]
    fn neighbouring_days() {
        let mut day = date("1900-01-01");
        assert_eq!(day.previous_day(), None);
        let mut count = 1;
        while let Some(next) = day.next_day() {
            assert!(next > day);
            assert_eq!(next.previous_day(), Some(day));
            day = next;
            count += 1;
        }
        assert_eq!(day, date("2199-12-31"));
        // 300 years, of which 73 are leap years: every fourth but 1900 and 2100.
        assert_eq!(count, 300 * 365 + 73);
    }

    #[test]
    fn is_text_in_json() {
        let json = serde_json::to_string(&date("2020-05-01")).unwrap();
        assert_eq!(json, r#""2020-05-01""#);
        assert_eq!(
            serde_json::from_str::<Date>(&json).unwrap(),
            date("2020-05-01")
        );
    }
}
