//! A settlement as documents to hand out: the one-stop sheet and the patient's statement, as text and as one A4 page of
//! HTML.
//!
//! [`sheet`] and [`patient`] say what stands on each document, as [`content`] that knows nothing of how it is drawn;
//! [`text`] and [`html`] draw it. [`rows`] sorts payers into the sheet's rows, [`clauses`] says by what was
//! settled, and [`bar`] divides the bar.

mod bar;
mod clauses;
mod content;
mod html;
mod patient;
mod rows;
mod sheet;
mod text;

use crate::language::Language;
use crate::settlement::Settlement;
use content::Content;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What only the counter knows of a bill that is printed: names, numbers and dates, as they are to be read.
///
/// Nothing is checked, and everything may be left out. Line breaks become blanks, characters that would change how the
/// rest of the page is read are shown as `�`, and what is longer than its place is cut off with three dots.
///
/// ```
/// use payer_split::Particulars;
///
/// let particulars = Particulars {
///     patient: Some("张三".into()),
///     bill_number: Some("20200601-0042".into()),
///     ..Particulars::default()
/// };
/// assert_eq!(particulars.hospital, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Particulars {
    /// The patient's name.
    pub patient: Option<String>,
    /// The number of the patient's identity or insurance card.
    pub id_number: Option<String>,
    /// What the patient is registered as, such as 建档立卡贫困人口.
    pub identity: Option<String>,
    /// The hospital.
    pub hospital: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// The diagnosis.
    pub diagnosis: Option<String>,
    /// The bill's number.
    pub bill_number: Option<String>,
    /// When the stay began.
    pub admitted: Option<String>,
    /// When it ended.
    pub discharged: Option<String>,
    /// Who prepared the document.
    pub clerk: Option<String>,
    /// When it was printed.
    pub printed: Option<String>,
}

/// A settlement as a document to hand out, in Chinese or English: [`text`](Self::text) with aligned columns, or
/// [`html`](Self::html) that prints on one A4 page.
///
/// ```
/// # use payer_split::*;
/// # let book = RuleBook::embedded();
/// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "4549.20".parse()?)?);
/// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
/// let settlement = settle(policy, &bill, &patient)?;
/// let particulars = Particulars { patient: Some("李<四>".into()), ..Particulars::default() };
///
/// let sheet = Document::one_stop(&settlement, &particulars, Language::Chinese);
/// assert!(sheet.text().contains("医疗救助"));
/// let statement = Document::for_patient(&settlement, &particulars, Language::English);
/// assert!(statement.html().contains("李&lt;四&gt;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    settlement: &'a Settlement,
    particulars: &'a Particulars,
    language: Language,
    make: fn(&Settlement, &Particulars, Language) -> Content,
}

impl<'a> Document<'a> {
    /// The one-stop sheet (一站式结算单) in the form that Hunan prints: the total, what each kind of payer pays, with a
    /// bar, the person, the parts that are the patient's by rule, and the clauses, with places to sign.
    ///
    /// A payer stands in a row if its fund code is the row's and its kind agrees with it, or, where it has no code, if its
    /// kind and its Chinese name say so; the hospital has its row by its kind. Any other stands by name under 其它. A dash
    /// is what the policy has no payer for, or what a settlement does not tell, such as the first share of a stay outside
    /// the county, which is contained in the first share of class B.
    pub fn one_stop(
        settlement: &'a Settlement,
        particulars: &'a Particulars,
        language: Language,
    ) -> Document<'a> {
        Document {
            settlement,
            particulars,
            language,
            make: sheet::content,
        }
    }

    /// The patient's statement (患者费用告知单): the total, who paid what in the order in which they pay, with a bar, the
    /// patient's own share by part, the clauses, benefits, and what was assumed.
    pub fn for_patient(
        settlement: &'a Settlement,
        particulars: &'a Particulars,
        language: Language,
    ) -> Document<'a> {
        Document {
            settlement,
            particulars,
            language,
            make: patient::content,
        }
    }

    /// The document as text for a fixed-width font, at most 78 columns wide, where a Chinese character takes two. It ends
    /// with a line break.
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// The document as a complete page of HTML, with its styles in it: it loads nothing, runs nothing, and prints on one
    /// page of A4, where up to twenty payers paid, or a dozen with names of several lines: the more there is, the smaller the
    /// type, and at last a line says how many notes are left out. It needs a Chinese font on the system. Every text is
    /// escaped. It ends with a line break.
    pub fn html(&self) -> String {
        html::draw(&self.content())
    }

    fn content(&self) -> Content {
        (self.make)(self.settlement, self.particulars, self.language)
    }
}

impl fmt::Display for Document<'_> {
    /// As [`Document::text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::draw(&self.content(), f)
    }
}
