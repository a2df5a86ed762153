//! A patient: what policies ask about the person.

use serde::{Deserialize, Serialize};

use crate::YearToDate;
use crate::date::Date;
use crate::vocabulary::{Category, Enrolment, OutpatientDisease, Scheme};

/// Something that a patient holds, perhaps only for some time.
///
/// ```
/// use payer_split::{Category, Date, Held};
///
/// let poor = Held::during(Category::REGISTERED_POOR, Date::new(2019, 1, 1)?, None);
/// assert!(!poor.on(Date::new(2018, 12, 31)?));
/// assert!(poor.on(Date::new(2019, 1, 1)?));
/// # Ok::<(), payer_split::DateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held<T> {
    /// What is held; `id` in files.
    #[serde(rename = "id")]
    pub what: T,
    /// The first day; `None` if it has always been held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day; `None` if it is held until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl<T> Held<T> {
    /// Held on every day.
    #[must_use]
    pub const fn always(what: T) -> Held<T> {
        Held {
            what,
            from: None,
            to: None,
        }
    }

    /// Held from a first to a last day, both included.
    #[must_use]
    pub fn during(what: T, from: impl Into<Option<Date>>, to: impl Into<Option<Date>>) -> Held<T> {
        Held {
            what,
            from: from.into(),
            to: to.into(),
        }
    }

    /// Whether it is held on that day.
    #[must_use]
    pub fn on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A patient. What is not known is `None`; a policy that needs it then refuses the bill.
///
/// ```
/// use payer_split::{Category, Patient, Scheme};
///
/// let patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
/// assert_eq!(patient.categories.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// The insurance scheme.
    pub scheme: Scheme,
    /// The identities that the patient holds; several may hold at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Held<Category>>,
    /// What the patient is enrolled for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrolments: Vec<Held<Enrolment>>,
    /// The certificates of outpatient diseases that the patient holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<Held<OutpatientDisease>>,
    /// The age in full years on the day of settlement, where the day of birth is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u32>,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// The years for which the patient has been insured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insured_years: Option<u32>,
    /// What earlier bills of the year used up; `None` if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_to_date: Option<YearToDate>,
}

impl Patient {
    /// A patient of whom nothing is known but the scheme.
    #[must_use]
    pub fn new(scheme: impl Into<Scheme>) -> Patient {
        Patient {
            scheme: scheme.into(),
            categories: Vec::new(),
            enrolments: Vec::new(),
            certificates: Vec::new(),
            age: None,
            birth_date: None,
            insured_years: None,
            year_to_date: None,
        }
    }

    /// The patient with one more category, held on every day.
    #[must_use]
    pub fn with_category(mut self, category: impl Into<Category>) -> Patient {
        self.categories.push(Held::always(category.into()));
        self
    }

    /// The age in full years: on that day if the day of birth is known, else as given. `None`
    /// if neither is known, or on a day before birth.
    #[must_use]
    pub fn age_on(&self, day: Date) -> Option<u32> {
        match self.birth_date {
            Some(birth_date) => birth_date.full_years_until(day),
            None => self.age,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn both_days_of_a_period_count() {
        let held = Held::during((), date("2019-01-01"), date("2019-12-31"));
        for (day, on) in [
            ("2018-12-31", false),
            ("2019-01-01", true),
            ("2019-12-31", true),
            ("2020-01-01", false),
        ] {
            assert_eq!(held.on(date(day)), on, "{day}");
        }
        assert!(Held::always(()).on(date("2199-12-31")));
        assert!(Held::during((), None, date("2019-12-31")).on(date("1900-01-01")));
    }

    #[test]
    fn the_day_of_birth_gives_the_age() {
        let mut patient = Patient::new("城乡居民");
        assert_eq!(patient.age_on(date("2020-06-01")), None);
        patient.age = Some(73);
        assert_eq!(patient.age_on(date("2020-06-01")), Some(73));
        patient.birth_date = Some(date("1947-06-02"));
        assert_eq!(patient.age_on(date("2020-06-01")), Some(72));
        assert_eq!(patient.age_on(date("1947-06-01")), None);
    }

    #[test]
    fn reads_and_writes_what_is_known() {
        let json = concat!(
            r#"{"scheme":"resident","categories":[{"id":"orphan","from":"2019-01-01"},"#,
            r#"{"id":"城市三无"}],"age":9}"#,
        );
        let patient: Patient = serde_json::from_str(json).unwrap();
        assert_eq!(patient.categories[1].what, Category::named("城市三无"));
        assert_eq!(serde_json::to_string(&patient).unwrap(), json);
        assert!(serde_json::from_str::<Patient>(r#"{"age":9}"#).is_err());
        assert!(serde_json::from_str::<Patient>(r#"{"scheme":"none","ages":9}"#).is_err());
    }
}
