//! The national settlement interface, both ways.
//!
//! Hospitals' programs speak the interface of the National Healthcare Security Administration (transactions 2206 and 2207
//! for outpatients, 2303 and 2304 for stays). Here a message becomes our [`Bill`](crate::Bill) and
//! [`Patient`](crate::Patient), and a [`Settlement`](crate::Settlement) becomes `setlinfo`, `setldetail` and policy items.
//! Fields have their national names and widths; a value that does not fit is an error that names the field and the value,
//! and nothing is guessed.
//!
//! ```
//! use payer_split::interface::{Account, RegionCodes, Reply, Request, decimals_as_text};
//! use payer_split::{Facility, Layer, Money, Place, RuleBook, Tier, settle};
//!
//! let message = r#"{
//!     "setl_time": "2020-06-01", "med_type": "21", "insutype": "390",
//!     "idetinfo": [{ "sp_psn_type": "3" }],
//!     "feedetail": [
//!         { "med_chrgitm_type": "09", "chrgitm_lv": "01", "det_item_fee_sumamt": 3800.00, "pric_uplmt_amt": 999999 },
//!         { "med_chrgitm_type": "08", "chrgitm_lv": "03", "det_item_fee_sumamt": 749.20 }
//!     ]
//! }"#;
//! let request: Request = serde_json::from_str(&decimals_as_text(message))?;
//! let codes = RegionCodes::default();
//! let hospital = Facility {
//!     tier: Some(Tier::COUNTY),
//!     place: Some(Place::IN_COUNTY),
//!     designated: Some(true),
//!     ..Facility::default()
//! };
//! let (bill, patient) = (request.bill(hospital, &codes)?, request.patient(&codes)?);
//!
//! let book = RuleBook::embedded();
//! let policy = book.find("430304", bill.date, Layer::Assumed)?;
//! let settlement = settle(policy, &bill, &patient)?;
//! let reply = Reply::new(&settlement, Money::ZERO, Account::Apart, &codes)?;
//! let setlinfo = reply.record.setlinfo();
//! assert_eq!(setlinfo.medfee_sumamt.to_string(), "4549.20");
//! assert_eq!(setlinfo.oth_pay.to_string(), "775.28"); // 特惠保 and 政府兜底
//! assert_eq!(setlinfo.psn_cash_pay.to_string(), "454.92");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where `setlinfo` comes from
//!
//! | field | from |
//! |---|---|
//! | `medfee_sumamt` | the total |
//! | `fulamt_ownpay_amt`, `overlmt_selfpay`, `preselfpay_amt`, `inscp_scp_amt` | the four parts, after scope rules |
//! | `act_pay_dedc` | the deductibles used in the steps of the basic fund |
//! | `pool_prop_selfpay` | the ratio at which the basic fund paid (the fund's, not the person's); absent if by bands, by several, not to the whole or with other payers |
//! | `hifp_pay` | payers with the code 310100, 390100, 310101 or 390101 |
//! | `cvlserv_pay` | 320100, 320101 |
//! | `hifes_pay` | 370100, 370101 |
//! | `hifmi_pay` | 390200, 390201 |
//! | `hifob_pay` | 330100, 330101 |
//! | `maf_pay` | 610100, 610101 |
//! | `oth_pay` | payers with any other code |
//! | `hosp_part_amt` | payers of the kind `hospital` |
//! | `fund_pay_sumamt` | all payers but the hospital |
//! | `psn_part_amt`, `acct_pay`, `psn_cash_pay` | the patient; what the caller says of the account; the rest |
//! | `hifdm_pay` | zero: no code of the list is this fund's |
//! | `balc`, `acct_mulaid_pay` | absent: the account is not known here |
//!
//! A payer's code is the `code` in its rule file, or the region's in [`RegionCodes`]. Only the codes above mean the same
//! everywhere; 620101 is one thing in Hunan and may be another elsewhere. So 特惠保, charity and the government's floor
//! have no field of their own: they are rows of `setldetail` with their names, and `oth_pay` is their sum.
//!
//! A row of `setldetail` holds, beside code, name and amount, the settlement's in-scope cost (what the fund worked on is in
//! the policy items); the limit that cut its payment off, if one did; and its steps with their sources in words. The
//! hospital's row has 999996, and that of the account 310200; neither is in `fund_pay_sumamt` (but see [`Account`]).
//!
//! # Where a bill comes from
//!
//! | ours | field |
//! |---|---|
//! | `date` | `setl_time` |
//! | `care` | `med_type` |
//! | `facility.grade` | `hosp_lv` |
//! | `outpatient_disease` | `opsp_dise_code` |
//! | `diagnoses` | `diag_code` |
//! | `lines` | `feedetail`, see [`FeeLine`] |
//! | the patient's `scheme` | `insutype` |
//! | `categories`, each with its period | `idetinfo`, `sp_psn_type` |
//! | the facility's tier, place, designation, marks, `medical`; the bill's and its lines' marks; `referred`, `admission`; enrolments, certificates, age, `insured_years`, year to date | no field: the caller gives them |
//!
//! The codes are those of the tables in the handbook. A code that says less than our words (99xx, which is each region's
//! own; 9 其他 of `sp_psn_type`; 14, which is chronic and special disease in one) is told apart in [`RegionCodes`].

mod amounts;
mod codes;
mod error;
mod fee;
mod record;
mod reply;
mod request;
mod reversal;
mod setlinfo;

pub use amounts::{Number, Quantity, Share, UnitPrice, decimals_as_text};
pub use codes::RegionCodes;
pub use error::InterfaceError;
pub use fee::FeeLine;
pub use record::Record;
pub use reply::{ItemFund, PolicyItem, Reply};
pub use request::{Identity, Request};
pub use reversal::year_without;
pub use setlinfo::{Account, SetlDetail, SetlInfo};
