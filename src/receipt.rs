//! Receipts (with the feature `seal`): a settlement sealed with everything it was made of, so that years later anybody can
//! see whether it was altered, and whether the same rules still give the same amounts.
//!
//! A [`Receipt`] is plain data: who made it, the policy and the hashes of the rule files it was loaded from, the bill, the
//! patient with the year to date, and the settlement. Each of these fields has its hash, and all of them together the
//! `seal`. [`Receipt::verify`] says which field is not what was sealed. [`Receipt::replay`] settles again with the rules
//! at hand, and gives a [`Replay`]: the same, or what changed, down to the amounts.
//!
//! # What is hashed
//!
//! - A rule file: its UTF-8 text as it was loaded, without a byte order mark, line ends as they are. The files of a policy
//!   are in the order of extension: the one that extends nothing first, the policy's own last. They are called by the
//!   policies they hold, not by their paths, so that a receipt says nothing of the machine.
//! - A field: its canonical form, which is JSON without blanks, keys in the order in which they are declared here, texts
//!   in UTF-8 with only `"`, `\` and control characters escaped. It is what [`serde_json`](https://docs.rs/serde_json)
//!   writes.
//! - The seal: the canonical form of the whole receipt, hashes included, without `seal`. On a command line,
//!   `jq -cj 'del(.seal)' receipt.json | sha256sum` gives it, where the file's keys are in the declared order, as they are
//!   written here, and jq keeps numbers above 2^53 (from 1.7 on; older ones round them).
//!
//! All hashes are SHA-256 in lower-case hexadecimal. A receipt that was written as JSON and read again is the same to the
//! byte, however the JSON was laid out in between.
//!
//! A seal is not a signature: whoever can change a receipt can seal it anew. Keep the seal where the receipt is not, or
//! sign it. A receipt also holds all that is known of the patient, so it is to be kept like the bill itself.

mod changes;
mod error;

pub use crate::load::texts::RuleText;
pub use changes::{Amount, Change, Replay};
pub use error::ReceiptError;

use crate::bill::Bill;
use crate::book::RuleBook;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::info::Layer;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::Settlement;
use crate::sha256::sha256;
use crate::suggest::suggest;
use serde::{Deserialize, Serialize};

/// The version of what settling comes to: how many entries of the changelog are marked as changing a result. Two versions
/// of this crate with the same one give the same amounts for the same rules.
pub const RESULT_VERSION: u32 = 6;

/// Who made a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Maker {
    /// The version of this crate.
    pub version: String,
    /// Its [`RESULT_VERSION`].
    pub result_version: u32,
}

/// The policy under a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SealedPolicy {
    /// Its id.
    pub id: String,
    /// Its version's label.
    pub version: String,
    /// Its layer.
    pub layer: Layer,
}

impl SealedPolicy {
    fn of(policy: &Policy) -> SealedPolicy {
        SealedPolicy {
            id: policy.id().to_owned(),
            version: policy.version().to_owned(),
            layer: policy.layer(),
        }
    }

    /// `id/version`, and `/assumed` for an assumption layer: see [`RuleBook::named`].
    pub fn full_name(&self) -> String {
        match self.layer {
            Layer::Stated => format!("{}/{}", self.id, self.version),
            Layer::Assumed => format!("{}/{}/assumed", self.id, self.version),
        }
    }
}

/// The hashes of a receipt's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hashes {
    /// Of [`Receipt::made_by`].
    pub made_by: String,
    /// Of [`Receipt::policy`].
    pub policy: String,
    /// Of [`Receipt::rules`].
    pub rules: String,
    /// Of [`Receipt::bill`].
    pub bill: String,
    /// Of [`Receipt::patient`].
    pub patient: String,
    /// Of [`Receipt::settlement`].
    pub settlement: String,
}

/// A settlement, sealed with everything it was made of. See the [module's documentation](self) for what is hashed.
///
/// ```
/// # use payer_split::*;
/// # use payer_split::receipt::Receipt;
/// # let book = RuleBook::embedded();
/// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "4549.20".parse()?)?);
/// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
/// let settlement = settle(policy, &bill, &patient)?;
/// let receipt = Receipt::seal(&book, &settlement, &bill, &patient)?;
///
/// // Years later:
/// receipt.verify()?;
/// let replay = receipt.replay(&book)?;
/// assert!(replay.is_same(), "{replay}");
///
/// let mut altered = receipt.clone();
/// altered.bill.admission = Some(2);
/// assert!(altered.verify().unwrap_err().to_string().contains("`bill`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Receipt {
    /// Who made it.
    pub made_by: Maker,
    /// The policy.
    pub policy: SealedPolicy,
    /// The rule files that the policy was loaded from: what is extended first, the policy's own last.
    pub rules: Vec<RuleText>,
    /// The bill.
    pub bill: Bill,
    /// The patient, with the year to date before the bill.
    pub patient: Patient,
    /// The settlement, with the year to date after it.
    pub settlement: Settlement,
    /// The hashes of the fields above.
    pub hashes: Hashes,
    /// The hash of all that.
    pub seal: String,
}

/// A receipt without its seal: what the seal is the hash of.
#[derive(Serialize)]
struct Unsealed<'a> {
    made_by: &'a Maker,
    policy: &'a SealedPolicy,
    rules: &'a [RuleText],
    bill: &'a Bill,
    patient: &'a Patient,
    settlement: &'a Settlement,
    hashes: &'a Hashes,
}

impl Receipt {
    /// Seals a settlement with the bill and the patient that it is of. The bill is settled again by the policy of the
    /// book, so that only what follows from the inputs is ever sealed.
    ///
    /// # Errors
    ///
    /// [`ReceiptError::UnknownPolicy`] if the book has no policy of the settlement's full name,
    /// [`ReceiptError::Refused`] if it refuses the bill, and [`ReceiptError::OtherResult`] if it comes to something else.
    pub fn seal(
        book: &RuleBook,
        settlement: &Settlement,
        bill: &Bill,
        patient: &Patient,
    ) -> Result<Receipt, ReceiptError> {
        let policy = policy(book, &settlement.policy())?;
        let again = settle_like(settlement, policy, bill, patient)?;
        if let Some(change) = changes::results(settlement, &again).first() {
            return Err(ReceiptError::OtherResult {
                policy: policy.full_name(),
                difference: change.with_words("given", "settled"),
            });
        }
        let mut receipt = Receipt {
            made_by: Maker {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                result_version: RESULT_VERSION,
            },
            policy: SealedPolicy::of(policy),
            rules: book.texts(policy).to_vec(),
            bill: bill.clone(),
            patient: patient.clone(),
            settlement: again,
            hashes: Hashes {
                made_by: String::new(),
                policy: String::new(),
                rules: String::new(),
                bill: String::new(),
                patient: String::new(),
                settlement: String::new(),
            },
            seal: String::new(),
        };
        receipt.hashes = receipt.hash_fields()?;
        receipt.seal = receipt.hash_all()?;
        Ok(receipt)
    }

    /// Whether the receipt is as it was sealed. It does not settle anything, and does not say who sealed it.
    ///
    /// # Errors
    ///
    /// [`ReceiptError::Tampered`] with the first field that is not what was sealed.
    pub fn verify(&self) -> Result<(), ReceiptError> {
        let now = self.hash_fields()?;
        let Hashes {
            made_by,
            policy,
            rules,
            bill,
            patient,
            settlement,
        } = &self.hashes;
        let fields = [
            ("made_by", made_by, &now.made_by),
            ("policy", policy, &now.policy),
            ("rules", rules, &now.rules),
            ("bill", bill, &now.bill),
            ("patient", patient, &now.patient),
            ("settlement", settlement, &now.settlement),
            ("seal", &self.seal, &self.hash_all()?),
        ];
        let wrong = fields.into_iter().find(|(_, sealed, now)| sealed != now);
        let Some((field, sealed, now)) = wrong else {
            return Ok(());
        };
        Err(ReceiptError::Tampered {
            field,
            value: self.value(field)?,
            sealed: sealed.clone(),
            now: now.clone(),
        })
    }

    /// Settles the receipt's bill again by the book's policy of the same full name, and says what changed since: the text
    /// of a rule file, the version of this crate, any amount.
    ///
    /// # Errors
    ///
    /// [`ReceiptError::Tampered`] as [`verify`](Self::verify), and [`ReceiptError::UnknownPolicy`] if the book has no
    /// policy of that name. That the policy now refuses the bill is no error but a [`Change::Refused`].
    pub fn replay(&self, book: &RuleBook) -> Result<Replay, ReceiptError> {
        self.verify()?;
        let policy = policy(book, &self.policy.full_name())?;
        let mut changes = changes::makers(&self.made_by);
        changes.extend(changes::texts(&self.rules, book.texts(policy)));
        match settle_like(&self.settlement, policy, &self.bill, &self.patient) {
            Ok(now) => changes.extend(changes::results(&self.settlement, &now)),
            Err(error) => changes.push(Change::Refused {
                kind: error.kind().to_owned(),
                reason: error.to_string(),
            }),
        }
        Ok(Replay::new(policy.full_name(), changes))
    }

    fn hash_fields(&self) -> Result<Hashes, ReceiptError> {
        Ok(Hashes {
            made_by: hash(&self.made_by)?,
            policy: hash(&self.policy)?,
            rules: hash(&self.rules)?,
            bill: hash(&self.bill)?,
            patient: hash(&self.patient)?,
            settlement: hash(&self.settlement)?,
        })
    }

    fn hash_all(&self) -> Result<String, ReceiptError> {
        hash(&Unsealed {
            made_by: &self.made_by,
            policy: &self.policy,
            rules: &self.rules,
            bill: &self.bill,
            patient: &self.patient,
            settlement: &self.settlement,
            hashes: &self.hashes,
        })
    }

    /// A field as it is now, for messages.
    fn value(&self, field: &str) -> Result<String, ReceiptError> {
        let json = match field {
            "made_by" => canonical(&self.made_by)?,
            "policy" => canonical(&self.policy)?,
            "rules" => canonical(&self.rules)?,
            "bill" => canonical(&self.bill)?,
            "patient" => canonical(&self.patient)?,
            "settlement" => canonical(&self.settlement)?,
            _ => self.seal.clone(),
        };
        Ok(crate::page::clip(&crate::page::clean(&json), 100))
    }
}

/// The canonical form of a field.
fn canonical(value: &impl Serialize) -> Result<String, ReceiptError> {
    serde_json::to_string(value).map_err(|error| ReceiptError::Unwritable {
        reason: error.to_string(),
    })
}

fn hash(value: &impl Serialize) -> Result<String, ReceiptError> {
    canonical(value).map(|json| sha256(json.as_bytes()))
}

/// A policy by its full name.
fn policy<'a>(book: &'a RuleBook, name: &str) -> Result<&'a Policy, ReceiptError> {
    book.named(name).ok_or_else(|| {
        let names: Vec<String> = book.policies().map(Policy::full_name).collect();
        let suggestion = suggest(name, names.iter().map(String::as_str));
        ReceiptError::UnknownPolicy {
            name: name.to_owned(),
            suggestion: suggestion.map(str::to_owned),
        }
    })
}

/// Settles with as much detail as another settlement has.
fn settle_like(
    known: &Settlement,
    policy: &Policy,
    bill: &Bill,
    patient: &Patient,
) -> Result<Settlement, SettleError> {
    let detail = match known.lines().next() {
        Some(_) => Detail::Lines,
        None => Detail::Totals,
    };
    let mut workspace = Workspace::new();
    workspace.settle(policy, bill, patient, detail).cloned()
}
