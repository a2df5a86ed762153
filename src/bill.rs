//! A bill: one visit or stay, as it comes to settlement.

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::icd10::Icd10;
use crate::line::Line;
use crate::money::Money;
use crate::vocabulary::{Care, Grade, Mark, OutpatientDisease, Place, Tier};

/// Where a patient was treated. What is not known is `None`; a policy that needs it then refuses
/// the bill.
///
/// ```
/// use payer_split::{Facility, Place, Tier};
///
/// let hospital = Facility {
///     tier: Some(Tier::COUNTY),
///     place: Some(Place::IN_COUNTY),
///     ..Facility::default()
/// };
/// assert_eq!(hospital.grade, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// The administrative tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// The hospital's grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Where it is, seen from the patient's insurance pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether the insurance has designated it (定点).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designated: Option<bool>,
    /// Whether it is a medical institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medical: Option<bool>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// A bill for one visit or stay. Plain data: whether its fields agree with one another is found
/// out when it is settled.
///
/// ```
/// use payer_split::{Bill, Care, Date, Facility, Fee, Line, Money};
///
/// let bill = Bill::new(Date::new(2020, 6, 1)?, Care::INPATIENT, Facility::default())
///     .with_line(Line::class_a(Fee::BED, Money::parse("120")?)?)
///     .with_line(Line::class_c("陪护费", Money::parse("80")?)?);
/// assert_eq!(bill.total(), Some(Money::parse("200")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// The day of settlement.
    pub date: Date,
    /// The kind of treatment.
    pub care: Care,
    /// Where the patient was treated.
    pub facility: Facility,
    /// Whether the patient was referred by the rules (转诊).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<bool>,
    /// The stay's number in the year, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<u32>,
    /// The diagnoses, the main one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<Icd10>,
    /// The chronic or special disease of an outpatient bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outpatient_disease: Option<OutpatientDisease>,
    /// The bill's marks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Bill {
    /// A bill with no lines yet, and nothing known beyond these three.
    #[must_use]
    pub fn new(date: Date, care: impl Into<Care>, facility: Facility) -> Bill {
        Bill {
            date,
            care: care.into(),
            facility,
            referred: None,
            admission: None,
            diagnoses: Vec::new(),
            outpatient_disease: None,
            marks: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// The bill with one more line.
    #[must_use]
    pub fn with_line(mut self, line: Line) -> Bill {
        self.lines.push(line);
        self
    }

    /// The sum of the lines; `None` beyond [`Money::MAX`].
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        self.lines
            .iter()
            .try_fold(Money::ZERO, |sum, line| sum.checked_add(line.amount()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_what_is_known() {
        let json = concat!(
            r#"{"date":"2020-06-01","care":"inpatient","facility":{"tier":"county"},"#,
            r#""diagnoses":["K80.1"],"lines":[{"fee":"bed","amount":"90.00","class":"A"}]}"#,
        );
        let bill: Bill = serde_json::from_str(json).unwrap();
        assert_eq!(bill.facility.tier, Some(Tier::COUNTY));
        assert_eq!(bill.total(), Money::from_yuan(90));
        assert_eq!(serde_json::to_string(&bill).unwrap(), json);
    }

    #[test]
    fn needs_its_required_fields() {
        let full = r#"{"date":"2020-06-01","care":"inpatient","facility":{},"lines":[]}"#;
        assert!(serde_json::from_str::<Bill>(full).is_ok());
        for (field, left) in [
            (r#""date":"2020-06-01","#, "date"),
            (r#""care":"inpatient","#, "care"),
            (r#""facility":{},"#, "facility"),
            (r#","lines":[]"#, "lines"),
        ] {
            let error = serde_json::from_str::<Bill>(&full.replace(field, "")).unwrap_err();
            assert!(error.to_string().contains(left), "{error}");
        }
    }

    #[test]
    fn a_total_beyond_the_bound_is_none() {
        let line = Line::class_a("bed", Money::MAX).unwrap();
        let date = Date::new(2020, 1, 1).unwrap();
        let bill = Bill::new(date, Care::INPATIENT, Facility::default()).with_line(line.clone());
        assert_eq!(bill.total(), Some(Money::MAX));
        assert_eq!(bill.with_line(line).total(), None);
    }
}
