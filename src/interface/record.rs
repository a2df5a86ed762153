//! A settlement record, whole: its amounts and its rows by fund, held against one another.

use super::codes::{ACCOUNT, Fund, HOSPITAL};
use super::error::InterfaceError;
use super::setlinfo::{Account, SetlDetail, SetlInfo, total};
use crate::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A settlement record whose amounts agree with one another: `setlinfo`, and a row of `setldetail` for each fund.
///
/// It can be made, and read, only so; see [`Record::new`]. The field `account` is ours: it is written only where the
/// account counts as a fund.
///
/// ```
/// use payer_split::interface::Record;
///
/// let json = r#"{
///     "setlinfo": {
///         "medfee_sumamt": "5792.53", "fulamt_ownpay_amt": "296.20", "overlmt_selfpay": 0,
///         "preselfpay_amt": "522.61", "inscp_scp_amt": "4973.72", "act_pay_dedc": 800,
///         "hifp_pay": "3106.54", "cvlserv_pay": 0, "hifes_pay": 0, "hifmi_pay": 0, "hifob_pay": 0,
///         "hifdm_pay": 0, "maf_pay": 0, "oth_pay": 0, "fund_pay_sumamt": "3106.54",
///         "hosp_part_amt": 0, "psn_part_amt": "2685.99", "acct_pay": 0, "psn_cash_pay": "2685.99"
///     },
///     "setldetail": [{ "fund_pay_type": "310100", "inscp_scp_amt": "4973.72", "fund_payamt": "3106.54" }]
/// }"#;
/// let record: Record = serde_json::from_str(json)?;
/// let reversal = record.reversal()?;
/// assert_eq!(reversal.setlinfo().psn_part_amt.to_string(), "-2685.99");
/// record.check_reversal(&reversal)?;
///
/// let wrong = serde_json::from_str::<Record>(&json.replace("3106.54", "3106.45"));
/// assert!(wrong.unwrap_err().to_string().contains(
///     "`setlinfo.medfee_sumamt` is `5792.53`, but `fund_pay_sumamt`, `hosp_part_amt` and `psn_part_amt` come to `5792.44`",
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RecordMessage")]
pub struct Record {
    setlinfo: SetlInfo,
    setldetail: Vec<SetlDetail>,
    #[serde(skip_serializing_if = "Account::is_apart")]
    account: Account,
}

#[derive(Deserialize)]
struct RecordMessage {
    setlinfo: SetlInfo,
    setldetail: Vec<SetlDetail>,
    #[serde(default)]
    account: Account,
}

impl TryFrom<RecordMessage> for Record {
    type Error = InterfaceError;

    fn try_from(message: RecordMessage) -> Result<Record, InterfaceError> {
        Record::new(message.setlinfo, message.setldetail, message.account)
    }
}

/// An amount of a row.
type Amount = fn(&SetlDetail) -> Money;

impl Record {
    /// The record of these amounts and rows.
    ///
    /// # Errors
    ///
    /// As [`SetlInfo::check`]; and where the rows of the funds do not sum to `fund_pay_sumamt`, those of the account
    /// (310200) to `acct_pay`, those of the hospital (999996) to `hosp_part_amt`, or those of a fund with a field of its own
    /// to that; or a text does not fit its field.
    pub fn new(
        setlinfo: SetlInfo,
        setldetail: Vec<SetlDetail>,
        account: Account,
    ) -> Result<Record, InterfaceError> {
        setlinfo.check(account)?;
        setldetail.iter().try_for_each(SetlDetail::check)?;
        for (field, value, whose) in [
            ("fund_pay_sumamt", setlinfo.fund_pay_sumamt, "the funds"),
            ("acct_pay", setlinfo.acct_pay, ACCOUNT),
            ("hosp_part_amt", setlinfo.hosp_part_amt, HOSPITAL),
        ] {
            let belongs = |row: &&SetlDetail| match Fund::of(&row.fund_pay_type) {
                Fund::Account if account == Account::WithFunds => whose != HOSPITAL,
                Fund::Account => whose == ACCOUNT,
                Fund::Hospital => whose == HOSPITAL,
                _ => field == "fund_pay_sumamt",
            };
            let of = format!("the rows of {whose} in `setldetail`");
            let sum = total(setldetail.iter().filter(belongs).map(|row| row.fund_payamt));
            let sum = sum.ok_or_else(|| InterfaceError::too_large(&of))?;
            if sum != value {
                return Err(InterfaceError::Sum {
                    field: format!("setlinfo.{field}"),
                    value,
                    of,
                    sum,
                });
            }
        }
        // Codes that mean the same everywhere have a field each.
        for (field, value, fund) in [
            ("hifp_pay", setlinfo.hifp_pay, Fund::Basic),
            ("cvlserv_pay", setlinfo.cvlserv_pay, Fund::CivilServants),
            ("hifes_pay", setlinfo.hifes_pay, Fund::Enterprise),
            ("hifmi_pay", setlinfo.hifmi_pay, Fund::MajorIllness),
            ("hifob_pay", setlinfo.hifob_pay, Fund::LargeSums),
            ("maf_pay", setlinfo.maf_pay, Fund::Aid),
        ] {
            let rows = setldetail.iter();
            let rows = rows.filter(|row| Fund::of(&row.fund_pay_type) == fund);
            let of = "the rows of its codes in `setldetail`";
            let sum = total(rows.map(|row| row.fund_payamt));
            let sum = sum.ok_or_else(|| InterfaceError::too_large(of))?;
            if sum != value {
                return Err(InterfaceError::Sum {
                    field: format!("setlinfo.{field}"),
                    value,
                    of: of.into(),
                    sum,
                });
            }
        }
        Ok(Record {
            setlinfo,
            setldetail,
            account,
        })
    }

    /// The amounts.
    #[must_use]
    pub fn setlinfo(&self) -> &SetlInfo {
        &self.setlinfo
    }

    /// The rows by fund.
    #[must_use]
    pub fn setldetail(&self) -> &[SetlDetail] {
        &self.setldetail
    }

    /// Whether the person's account counts as a fund.
    #[must_use]
    pub fn account(&self) -> Account {
        self.account
    }

    /// The record that takes this one back: the same amounts with the other sign.
    ///
    /// Ratios and limits stay as they are, and the account's balance is left out, since it is not known here.
    /// [`year_without`](super::year_without) takes the settlement out of the year to date.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::TooLarge`] for an amount beyond [`Money::MAX`], which no record that was read has.
    pub fn reversal(&self) -> Result<Record, InterfaceError> {
        let negated = || {
            Some(Record {
                setlinfo: self.setlinfo.negated()?,
                setldetail: self
                    .setldetail
                    .iter()
                    .map(SetlDetail::negated)
                    .collect::<Option<_>>()?,
                account: self.account,
            })
        };
        negated().ok_or_else(|| InterfaceError::too_large("`setlinfo`"))
    }

    /// Checks that a record takes this one back: every amount, and every fund's, comes to zero, and the account counts alike.
    ///
    /// # Errors
    ///
    /// [`InterfaceError::NotItsReversal`] with the first field that does not; [`InterfaceError::DoesNotFit`] for another
    /// `account`.
    pub fn check_reversal(&self, reversal: &Record) -> Result<(), InterfaceError> {
        if reversal.account != self.account {
            let word = |account| match account {
                Account::Apart => "apart",
                Account::WithFunds => "with-funds",
            };
            let expected = format!(
                "`{}`, as in the record that is reversed",
                word(self.account)
            );
            let value = word(reversal.account);
            return Err(InterfaceError::does_not_fit("account", value, &expected));
        }
        let rows = self.setldetail.iter().chain(&reversal.setldetail);
        let codes: BTreeSet<&str> = rows.map(|row| row.fund_pay_type.as_str()).collect();
        let of_fund = |record: &Record, code: &str, amount: Amount| {
            let rows = record.setldetail.iter();
            let rows = rows.filter(|row| row.fund_pay_type == code);
            total(rows.map(amount))
                .ok_or_else(|| InterfaceError::too_large(&format!("the rows of {code}")))
        };
        let amounts = self.setlinfo.amounts().into_iter();
        let mut pairs: Vec<(String, Money, Money)> = amounts
            .zip(reversal.setlinfo.amounts())
            .map(|((field, own), (_, other))| (format!("setlinfo.{field}"), own, other))
            .collect();
        for code in codes {
            let amount: Amount = |row| row.fund_payamt;
            let (own, other) = (
                of_fund(self, code, amount)?,
                of_fund(reversal, code, amount)?,
            );
            pairs.push((format!("setldetail.fund_payamt of {code}"), own, other));
            let amount: Amount = |row| row.inscp_scp_amt;
            let (own, other) = (
                of_fund(self, code, amount)?,
                of_fund(reversal, code, amount)?,
            );
            pairs.push((format!("setldetail.inscp_scp_amt of {code}"), own, other));
        }
        for (field, reversed, value) in pairs {
            if reversed.checked_neg() != Some(value) {
                return Err(InterfaceError::NotItsReversal {
                    field,
                    value,
                    reversed,
                });
            }
        }
        Ok(())
    }
}
