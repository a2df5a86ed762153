//! A request of the national interface: what it says of a bill and its patient.

use super::amounts::{Given, GivenList};
use super::codes::RegionCodes;
use super::error::InterfaceError;
use super::fee::FeeLine;
use crate::bill::{Bill, Facility};
use crate::date::Date;
use crate::icd10::Icd10;
use crate::patient::{Held, Patient};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// What the national interface says of a bill and its patient, by the national names.
///
/// What it does not say, the caller gives: the facility's tier, place, marks, whether it is designated and medical as a
/// [`Facility`]; whether the patient was referred, the number of the admission, the bill's and its lines' marks,
/// enrolments, certificates, age, years insured and year to date by setting those fields of the [`Bill`] and the
/// [`Patient`]. Nothing is guessed: a policy that needs one of them and does not find it refuses the bill.
///
/// A field that this does not list is refused, so that none is overlooked for a slip.
///
/// ```
/// use payer_split::interface::{RegionCodes, Request};
/// use payer_split::{Care, Facility, Place, Tier};
///
/// let request: Request = serde_json::from_str(r#"{
///     "setl_time": "2020-06-01 10:12:00",
///     "med_type": "21",
///     "insutype": "390",
///     "hosp_lv": "22",
///     "idetinfo": [{ "sp_psn_type": "3", "begntime": "2019-01-01" }],
///     "diag_code": ["K80.1"],
///     "feedetail": [{
///         "med_chrgitm_type": "09", "chrgitm_lv": "02", "det_item_fee_sumamt": "4.52",
///         "pric_uplmt_amt": 999999, "selfpay_prop": "0.05"
///     }]
/// }"#)?;
/// let codes = RegionCodes::default();
/// let hospital = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), ..Facility::default() };
/// let mut bill = request.bill(hospital, &codes)?;
/// bill.referred = Some(false);
/// assert_eq!(bill.care, Care::INPATIENT);
/// assert_eq!(bill.lines[0].parts().first_self_payment.to_string(), "0.23");
/// assert_eq!(request.patient(&codes)?.categories.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// 结算时间: the day of settlement, `2020-06-01`; a time of day may follow.
    #[serde(deserialize_with = "setl_time")]
    pub setl_time: Date,
    /// 医疗类别, such as `21`.
    #[serde(deserialize_with = "med_type")]
    pub med_type: String,
    /// 险种, such as `390`.
    #[serde(deserialize_with = "insutype")]
    pub insutype: String,
    /// 医院等级, such as `22`; the one for deductibles, where the hospital has several.
    #[serde(default, deserialize_with = "text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosp_lv: Option<String>,
    /// 门诊慢特病病种, such as `M00105`.
    #[serde(default, deserialize_with = "text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opsp_dise_code: Option<String>,
    /// 诊断代码 (ICD-10), the main one first.
    #[serde(default, deserialize_with = "diag_code")]
    pub diag_code: Vec<String>,
    /// 特殊身份: the person's identities.
    #[serde(default)]
    pub idetinfo: Vec<Identity>,
    /// 费用明细: the lines.
    pub feedetail: Vec<FeeLine>,
}

/// An identity of the person, for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// 特殊人员类型, such as `3`.
    #[serde(deserialize_with = "sp_psn_type")]
    pub sp_psn_type: String,
    /// The first day; always, if there is none.
    #[serde(default, deserialize_with = "begntime")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begntime: Option<Date>,
    /// The last day; until further notice, if there is none.
    #[serde(default, deserialize_with = "endtime")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endtime: Option<Date>,
}

impl Request {
    /// The bill, at a facility of which the caller knows the rest.
    ///
    /// # Errors
    ///
    /// [`InterfaceError`], naming the field and its value: unknown codes, parts that are missing, do not sum, or do not
    /// follow from what they are said to follow from; a grade that is not the facility's.
    pub fn bill(&self, facility: Facility, codes: &RegionCodes) -> Result<Bill, InterfaceError> {
        let mut bill = Bill::new(
            self.setl_time,
            codes.care("med_type", &self.med_type)?,
            facility,
        );
        if let Some(code) = &self.hosp_lv {
            let grade = codes.grade("hosp_lv", code)?;
            let known = bill.facility.grade.get_or_insert_with(|| grade.clone());
            if *known != grade {
                let expected = format!("a code of the grade `{known}` that the facility has");
                return Err(InterfaceError::does_not_fit("hosp_lv", code, &expected));
            }
        }
        if let Some(code) = &self.opsp_dise_code {
            bill.outpatient_disease = Some(codes.outpatient_disease("opsp_dise_code", code)?);
        }
        for (number, code) in self.diag_code.iter().enumerate() {
            let diagnosis = Icd10::parse(code).map_err(|_| {
                let field = format!("diag_code[{number}]");
                InterfaceError::does_not_fit(&field, code, "an ICD-10 code, such as `K80.1`")
            })?;
            bill.diagnoses.push(diagnosis);
        }
        if self.feedetail.is_empty() {
            return Err(InterfaceError::missing("feedetail", "at least one line"));
        }
        for (number, line) in self.feedetail.iter().enumerate() {
            bill.lines
                .push(line.line(&format!("feedetail[{number}]"), codes)?);
        }
        Ok(bill)
    }

    /// The patient, of whom the message says the scheme and the identities.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::UnknownCode`]; [`InterfaceError::DoesNotFit`] for an identity that ends before it begins.
    pub fn patient(&self, codes: &RegionCodes) -> Result<Patient, InterfaceError> {
        let mut patient = Patient::new(codes.scheme("insutype", &self.insutype)?);
        for (number, identity) in self.idetinfo.iter().enumerate() {
            let field = |name: &str| format!("idetinfo[{number}].{name}");
            let category = codes.category(&field("sp_psn_type"), &identity.sp_psn_type)?;
            let (from, to) = (identity.begntime, identity.endtime);
            if let (Some(from), Some(to)) = (from, to)
                && to < from
            {
                return Err(InterfaceError::does_not_fit(
                    &field("endtime"),
                    &to.to_string(),
                    &format!("a day from `{from}` on, when it begins"),
                ));
            }
            patient.categories.push(Held::during(category, from, to));
        }
        Ok(patient)
    }
}

/// A text that may be absent, `null` or empty.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Given::deserialize(from)?.text())
}

/// A code that must be there; the field is named where it is not.
fn code<'de, D: Deserializer<'de>>(
    from: D,
    field: &str,
    expected: &str,
) -> Result<String, D::Error> {
    let given = Given::deserialize(from)?;
    given.required(field, expected).map_err(Error::custom)
}

fn med_type<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    code(from, "med_type", "a code such as `21`")
}

fn insutype<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    code(from, "insutype", "a code such as `390`")
}

fn sp_psn_type<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    code(from, "idetinfo.sp_psn_type", "a code such as `3`")
}

fn diag_code<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(GivenList::deserialize(from)?.texts())
}

fn setl_time<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let day = day(from, "setl_time")?;
    day.ok_or_else(|| Error::custom(InterfaceError::missing("setl_time", TIME)))
}

fn begntime<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    day(from, "idetinfo.begntime")
}

fn endtime<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    day(from, "idetinfo.endtime")
}

fn day<'de, D: Deserializer<'de>>(from: D, field: &str) -> Result<Option<Date>, D::Error> {
    let Some(text) = text(from)? else {
        return Ok(None);
    };
    match read_day(&text) {
        Some(day) => Ok(Some(day)),
        None => Err(Error::custom(InterfaceError::does_not_fit(
            field, &text, TIME,
        ))),
    }
}

/// What a point in time is.
const TIME: &str = "a day from 1900 to 2199, such as `2020-05-01` or `2020-05-01 10:12:00`";

/// A day, after which there may be a time of day.
fn read_day(text: &str) -> Option<Date> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00:00"));
    let is_time = time.len() == 8
        && time.char_indices().all(|(place, c)| match place {
            2 | 5 => c == ':',
            _ => c.is_ascii_digit(),
        });
    Date::parse(day).ok().filter(|_| is_time)
}
