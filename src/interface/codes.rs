//! The national code lists, and what a region adds to them.

use super::error::InterfaceError;
use crate::suggest::suggest;
use crate::vocabulary::{
    Care, Category, Class, Dimension, Fee, Grade, OutpatientDisease, Scheme, Word,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a region's codes mean: plain data, for what the national lists leave open or the region uses otherwise.
///
/// Each list is from code to word, and goes before the national one: a region says here whether its `14` (门诊慢特病) is
/// its chronic or its special disease outpatients. `fund_pay_type` is from payer to code, for payers without a `code` in
/// their rule file.
///
/// ```
/// use payer_split::Care;
/// use payer_split::interface::RegionCodes;
///
/// let mut codes = RegionCodes::default();
/// let error = codes.care("med_type", "9907").unwrap_err();
/// assert!(error.to_string().starts_with("`med_type` is `9907`: expected a code of the national list"));
/// codes.med_type.insert("9907".into(), Care::CHRONIC_OUTPATIENT);
/// assert_eq!(codes.care("med_type", "9907")?, Care::CHRONIC_OUTPATIENT);
/// assert_eq!(codes.care("med_type", "21")?, Care::INPATIENT);
/// # Ok::<(), payer_split::interface::InterfaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegionCodes {
    /// From the id of a payer to its fund code.
    pub fund_pay_type: BTreeMap<String, String>,
    /// Kinds of care, such as the local codes 99xx.
    pub med_type: BTreeMap<String, Care>,
    /// Schemes, such as 391.
    pub insutype: BTreeMap<String, Scheme>,
    /// Identities, such as what 9 (其他) stands for.
    pub sp_psn_type: BTreeMap<String, Category>,
    /// Grades of hospitals.
    pub hosp_lv: BTreeMap<String, Grade>,
    /// Outpatient diseases.
    pub opsp_dise_code: BTreeMap<String, OutpatientDisease>,
    /// Fees.
    pub med_chrgitm_type: BTreeMap<String, Fee>,
    /// Catalogue classes.
    pub chrgitm_lv: BTreeMap<String, Class>,
}

/// The grades: level one, two and three, each with its sub-grades.
const GRADES: [(Grade, &[&str]); 3] = [
    (Grade::ONE, &["11", "12", "13", "14"]),
    (Grade::TWO, &["21", "22", "23"]),
    (Grade::THREE, &["30", "31", "32", "33"]),
];

/// Codes of the national lists to which no word of ours is the same, or not the same everywhere.
const UNTOLD: [(&str, &str, &str); 7] = [
    // Chronic and special disease in one: a region has the one word, the other, or both.
    ("med_type", "14", "门诊慢特病"),
    ("insutype", "320", "公务员"),
    ("insutype", "330", "大额"),
    ("insutype", "340", "离休"),
    ("insutype", "391", "城镇居民"),
    ("insutype", "392", "居民大病"),
    // The vocabulary has it as another poor person; who that is, each region says for itself.
    ("sp_psn_type", "9", "其他"),
];

macro_rules! lookups {
    ($($(#[$about:meta])* $method:ident $list:ident $word:ident;)*) => {
        impl RegionCodes {
            $(
                $(#[$about])*
                ///
                /// # Errors
                ///
                /// [`InterfaceError::UnknownCode`] for a code that neither list has, naming the field.
                pub fn $method(&self, field: &str, code: &str) -> Result<$word, InterfaceError> {
                    match self.$list.get(code) {
                        Some(word) => Ok(word.clone()),
                        None => national(stringify!($list), $word::DIMENSION, field, code)
                            .map($word::named),
                    }
                }
            )*
        }
    };
}

lookups! {
    /// The kind of care of a `med_type`.
    care med_type Care;
    /// The scheme of an `insutype`.
    scheme insutype Scheme;
    /// The category of an `sp_psn_type`.
    category sp_psn_type Category;
    /// The outpatient disease of an `opsp_dise_code`.
    outpatient_disease opsp_dise_code OutpatientDisease;
    /// The fee of a `med_chrgitm_type`.
    fee med_chrgitm_type Fee;
    /// The catalogue class of a `chrgitm_lv`.
    class chrgitm_lv Class;
}

impl RegionCodes {
    /// The grade of a `hosp_lv`. Where a hospital has several, the one for deductibles and ratios is meant.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::UnknownCode`] for a code that neither list has, naming the field.
    pub fn grade(&self, field: &str, code: &str) -> Result<Grade, InterfaceError> {
        if let Some(grade) = self.hosp_lv.get(code) {
            return Ok(grade.clone());
        }
        let found = GRADES.into_iter().find(|(_, codes)| codes.contains(&code));
        found.map(|(grade, _)| grade).ok_or_else(|| {
            let codes = GRADES.iter().flat_map(|(_, codes)| codes.iter().copied());
            unknown("hosp_lv", field, code, suggest(code, codes))
        })
    }
}

/// The id of the word that has a national code.
fn national(
    list: &'static str,
    dimension: Dimension,
    field: &str,
    code: &str,
) -> Result<&'static str, InterfaceError> {
    let is_told = |code: &str| {
        !UNTOLD
            .iter()
            .any(|(of, untold, _)| (*of, *untold) == (list, code))
    };
    let words = || dimension.words().iter();
    let known = words().find(|word| word.codes.contains(&code) && is_told(code));
    known.map(|word| word.id).ok_or_else(|| {
        // A name in the place of a code is as good as the code, or a code nearly the same may have been meant.
        let by_name = words().find(|word| word.is_called(code));
        let by_name = by_name.and_then(|word: &Word| word.codes.first().copied());
        let codes = words().flat_map(|word| word.codes.iter().copied());
        let near = by_name.or_else(|| suggest(code, codes));
        unknown(
            list,
            field,
            code,
            near.filter(|near| is_told(near) && *near != code),
        )
    })
}

fn unknown(
    list: &'static str,
    field: &str,
    code: &str,
    suggestion: Option<&str>,
) -> InterfaceError {
    let untold = UNTOLD
        .iter()
        .find(|(of, known, _)| (*of, *known) == (list, code));
    InterfaceError::UnknownCode {
        field: field.into(),
        value: code.into(),
        name: untold.map(|(_, _, name)| *name),
        list,
        suggestion: match untold {
            Some(_) => None,
            None => suggestion.map(Into::into),
        },
    }
}

/// Where a fund's payments stand in setlinfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fund {
    /// 基本统筹, of employees or residents.
    Basic,
    /// 公务员.
    CivilServants,
    /// 企业补充.
    Enterprise,
    /// 居民大病.
    MajorIllness,
    /// 职工大额.
    LargeSums,
    /// 医疗救助.
    Aid,
    /// Any other fund: there is no field of its own.
    Other,
    /// The patient's own account, which is no fund.
    Account,
    /// The hospital, which is no fund.
    Hospital,
}

/// The code of the personal account.
pub(super) const ACCOUNT: &str = "310200";

/// The code of the hospital.
pub(super) const HOSPITAL: &str = "999996";

impl Fund {
    /// The fund of a code. Only the codes of the national list, and their sub-funds (which end in 01), mean the same
    /// everywhere.
    pub(super) fn of(code: &str) -> Fund {
        match code {
            ACCOUNT | "310201" => Fund::Account,
            HOSPITAL => Fund::Hospital,
            "310100" | "310101" | "390100" | "390101" => Fund::Basic,
            "320100" | "320101" => Fund::CivilServants,
            "370100" | "370101" => Fund::Enterprise,
            "390200" | "390201" => Fund::MajorIllness,
            "330100" | "330101" => Fund::LargeSums,
            "610100" | "610101" => Fund::Aid,
            _ => Fund::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_national_codes_and_their_sub_funds_have_fields() {
        for (fund, codes) in [
            (
                Fund::Basic,
                ["310100", "310101", "390100", "390101"].as_slice(),
            ),
            (Fund::CivilServants, &["320100", "320101"]),
            (Fund::Enterprise, &["370100", "370101"]),
            (Fund::MajorIllness, &["390200", "390201"]),
            (Fund::LargeSums, &["330100", "330101"]),
            (Fund::Aid, &["610100", "610101"]),
            (Fund::Account, &["310200", "310201"]),
            (Fund::Hospital, &["999996"]),
            (
                Fund::Other,
                &[
                    "610102", "610103", "610104", "620101", "630101", "640101", "999109", "999997",
                ],
            ),
        ] {
            for code in codes {
                assert_eq!(Fund::of(code), fund, "{code}");
            }
        }
    }
}
