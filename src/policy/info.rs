//! What a policy says of itself: names, periods, sources, payers, benefits and the clauses it leaves out.

use crate::date::Date;
use crate::laws::Law;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Number of a note in its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NoteId(pub(crate) u32);

/// Whether a rule file holds what its sources state, or assumptions laid over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// Only what the sources state; what they do not state is `unstated`.
    Stated,
    /// Everything in the file is an assumption, laid over the file that it extends.
    Assumed,
}

impl Layer {
    /// The word for the layer in rule files: `stated` or `assumed`.
    pub fn id(self) -> &'static str {
        match self {
            Layer::Stated => "stated",
            Layer::Assumed => "assumed",
        }
    }
}

/// How sure a figure or a clause is (确定程度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The system's own text says it (明文).
    Stated,
    /// It follows from what the text says (推得).
    Derived,
    /// The text says "about" (约).
    About,
    /// The text says "not less than" (不低于).
    NotLessThan,
    /// No text of the system says it (假定).
    Assumed,
}

impl Certainty {
    /// All degrees of certainty.
    pub const ALL: [Certainty; 5] = [
        Certainty::Stated,
        Certainty::Derived,
        Certainty::About,
        Certainty::NotLessThan,
        Certainty::Assumed,
    ];

    /// The word in rule files.
    pub fn id(self) -> &'static str {
        match self {
            Certainty::Stated => "stated",
            Certainty::Derived => "derived",
            Certainty::About => "about",
            Certainty::NotLessThan => "not-less-than",
            Certainty::Assumed => "assumed",
        }
    }

    /// The Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Certainty::Stated => "明文",
            Certainty::Derived => "推得",
            Certainty::About => "约",
            Certainty::NotLessThan => "不低于",
            Certainty::Assumed => "假定",
        }
    }
}

/// The kind of a payer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PayerKind {
    /// A social insurance fund (医保基金).
    Insurance,
    /// A commercial supplement (商业补充保险).
    Commercial,
    /// Medical aid (医疗救助).
    Aid,
    /// A charity or foundation (慈善).
    Charity,
    /// A government budget (财政).
    Budget,
    /// Public health money (公共卫生).
    PublicHealth,
    /// The hospital (医院).
    Hospital,
    /// No source says who pays.
    Unstated,
}

impl PayerKind {
    /// All kinds.
    pub const ALL: [PayerKind; 8] = [
        PayerKind::Insurance,
        PayerKind::Commercial,
        PayerKind::Aid,
        PayerKind::Charity,
        PayerKind::Budget,
        PayerKind::PublicHealth,
        PayerKind::Hospital,
        PayerKind::Unstated,
    ];

    /// The word in rule files.
    pub fn id(self) -> &'static str {
        match self {
            PayerKind::Insurance => "insurance",
            PayerKind::Commercial => "commercial",
            PayerKind::Aid => "aid",
            PayerKind::Charity => "charity",
            PayerKind::Budget => "budget",
            PayerKind::PublicHealth => "public-health",
            PayerKind::Hospital => "hospital",
            PayerKind::Unstated => "unstated",
        }
    }
}

/// A document that a rule file cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// Its id in the rule file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// When; `None` if undated.
    pub date: Option<Date>,
    /// Anything to know about the copy.
    pub note: Option<String>,
}

/// Someone who pays, other than the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Payer {
    /// Its id in the rule file.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// Its kind.
    pub kind: PayerKind,
    /// The fund code of the national interface (`fund_pay_type`), as this region uses it.
    pub code: Option<String>,
}

/// Where a step, figure, limit or clause comes from, and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Citation {
    /// What is cited: the thing's path in the rule file, such as `basic-inpatient.ratio`.
    pub what: String,
    /// The id of the [`Source`].
    pub source: String,
    /// The clause, paragraph or section.
    pub clause: Option<String>,
    /// How sure it is.
    pub certainty: Certainty,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        if let Some(clause) = &self.clause {
            write!(f, " {clause}")?;
        }
        if self.certainty != Certainty::Stated {
            write!(f, " ({})", self.certainty.id())?;
        }
        Ok(())
    }
}

/// A named thing of a policy: a step or a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Named {
    /// Its id in the rule file; a step's own limit is `step/limit`.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// Where it comes from.
    pub citation: Citation,
}

/// A clause that a rule file knowingly leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LeftOut {
    /// Its id in the rule file.
    pub id: String,
    /// What the clause says, in Chinese.
    pub text: String,
    /// What it says, in English.
    pub text_en: Option<String>,
    /// Why it is left out, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: Option<String>,
    /// Where the clause stands.
    pub citation: Citation,
}

/// A law of settling that a policy breaks on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Exception {
    /// Its id in the rule file.
    pub id: String,
    /// Which law.
    pub law: Law,
    /// Why, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: Option<String>,
    /// Where the policy says so.
    pub citation: Citation,
}

/// A policy's identity and its names: what a settlement needs to speak of steps and payers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Info {
    pub(crate) id: Arc<str>,
    pub(crate) version: Box<str>,
    pub(crate) layer: Layer,
    pub(crate) regions: Vec<Box<str>>,
    pub(crate) name: Box<str>,
    pub(crate) name_en: Box<str>,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) citation: Option<Citation>,
    pub(crate) sources: Vec<Source>,
    pub(crate) payers: Vec<Payer>,
    pub(crate) steps: Vec<Named>,
    pub(crate) limits: Vec<Named>,
    pub(crate) benefits: Vec<Named>,
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) notes: Vec<Citation>,
}

impl Info {
    /// `id/version`, with `/assumed` for an assumption layer.
    pub(crate) fn full_name(&self) -> String {
        match self.layer {
            Layer::Stated => format!("{}/{}", self.id, self.version),
            Layer::Assumed => format!("{}/{}/assumed", self.id, self.version),
        }
    }

    pub(crate) fn note(&self, note: NoteId) -> Option<&Citation> {
        self.notes.get(usize::try_from(note.0).ok()?)
    }
}
