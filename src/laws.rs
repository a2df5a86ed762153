//! The ten laws of settling, as checks that a test suite can run.
//!
//! Each [`Law`] has a number, a name, a sentence, and a [check](Law::check) over a policy, the bills of a year and their
//! patient. What breaks a law comes back as data, a [`Counterexample`], ready to be written down as a case. An [`Audit`]
//! runs all of them over many bills and knows the exceptions that rule files declare.
//!
//! Laws 1, 2, 3, 4, 5, 8 and 10 hold for every policy that loads: a break is an error of this crate. Laws 6, 7 and 9 are
//! about what a policy says; a rule file that means to break one declares an `[[exception]]` with its reason.
//!
//! ```
//! use payer_split::laws::{Audit, Law, Verdict};
//! use payer_split::{Bill, Care, Facility, Layer, Line, Patient, Place, RuleBook, Scheme, Tier};
//!
//! let book = RuleBook::embedded();
//! let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
//! let facility = Facility {
//!     tier: Some(Tier::COUNTY),
//!     place: Some(Place::IN_COUNTY),
//!     designated: Some(true),
//!     ..Facility::default()
//! };
//! let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility)
//!     .with_line(Line::class_a("treatment", "3800".parse()?)?);
//! let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
//!
//! let bills = [bill];
//! assert_eq!(Law::LargerBill.check(policy, &bills, &patient), Verdict::Kept);
//!
//! let mut audit = Audit::new();
//! audit.observe(policy, &bills, &patient);
//! assert_eq!(audit.undeclared().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audit;
mod compare;
mod limits;
mod split;

pub use audit::Audit;
pub(crate) use audit::exception;

use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::step::{Covers, Formula};
use crate::settle::settle;
use crate::settlement::Settlement;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One of the ten laws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Law {
    /// 1: lines, payers and totals sum to the bill.
    Conservation,
    /// 2: nobody pays a negative amount, and no step more than it may.
    NoNegative,
    /// 3: no limit is ever exceeded.
    Limits,
    /// 4: a guarantee is met.
    Guarantee,
    /// 5: neither the order of the lines nor how they are cut matters.
    Lines,
    /// 6: a larger bill never makes the patient pay less.
    LargerBill,
    /// 7: what counts by the year does not depend on how the year is cut into bills.
    AnnualSteps,
    /// 8: the same inputs give the same result, with and without details.
    Determinism,
    /// 9: one more poverty category never makes its holder pay more.
    Poverty,
    /// 10: settling never panics.
    NoPanic,
}

impl Law {
    /// All laws, by number.
    pub const ALL: [Law; 10] = [
        Law::Conservation,
        Law::NoNegative,
        Law::Limits,
        Law::Guarantee,
        Law::Lines,
        Law::LargerBill,
        Law::AnnualSteps,
        Law::Determinism,
        Law::Poverty,
        Law::NoPanic,
    ];

    /// The law of a number, from 1 to 10.
    ///
    /// ```
    /// # use payer_split::laws::Law;
    /// assert_eq!(Law::of_number(9), Some(Law::Poverty));
    /// assert_eq!(Law::of_number(11), None);
    /// ```
    pub fn of_number(number: u8) -> Option<Law> {
        Law::ALL.into_iter().find(|law| law.number() == number)
    }

    /// The number, from 1.
    pub const fn number(self) -> u8 {
        match self {
            Law::Conservation => 1,
            Law::NoNegative => 2,
            Law::Limits => 3,
            Law::Guarantee => 4,
            Law::Lines => 5,
            Law::LargerBill => 6,
            Law::AnnualSteps => 7,
            Law::Determinism => 8,
            Law::Poverty => 9,
            Law::NoPanic => 10,
        }
    }

    /// The name.
    pub const fn name(self) -> &'static str {
        self.words()[0]
    }

    /// The Chinese name.
    pub const fn name_zh(self) -> &'static str {
        self.words()[1]
    }

    /// What it says.
    pub const fn sentence(self) -> &'static str {
        self.words()[2]
    }

    /// What it says, in Chinese.
    pub const fn sentence_zh(self) -> &'static str {
        self.words()[3]
    }

    /// Whether a rule file may declare an exception to it.
    pub const fn may_be_broken(self) -> bool {
        matches!(self, Law::LargerBill | Law::AnnualSteps | Law::Poverty)
    }

    const fn words(self) -> [&'static str; 4] {
        match self {
            Law::Conservation => [
                "conservation",
                "守恒",
                "every line's payers sum to the line, every payer's lines to its total, and the totals to the bill",
                "每行各方之和等于该行，每方各行之和等于其合计，各方合计等于账单",
            ],
            Law::NoNegative => [
                "no negative amount",
                "不为负",
                "nobody pays a negative amount, and no step pays more than its base or than what was unpaid",
                "谁也不付负数；没有步骤付得比基数或未付的多",
            ],
            Law::Limits => [
                "limits hold",
                "限额",
                "no limit is exceeded, over any sequence of bills of a year",
                "一年之中无论多少账单，限额都不突破",
            ],
            Law::Guarantee => [
                "guarantees are met",
                "兜底",
                "where a guarantee applied and nothing bound it, its target is met and the patient pays no more than the rest",
                "兜底适用且没有受限时，达到所保证的比例，患者至多付其余",
            ],
            Law::Lines => [
                "lines do not matter",
                "行的次序和拆分",
                "neither the order of the lines nor cutting one in two of its kind changes a payer's total",
                "行的次序、把一行拆成同类的两行，都不改变任何一方的合计",
            ],
            Law::LargerBill => [
                "a larger bill",
                "账单越大",
                "raising a line never makes the patient pay less, beyond the rounding",
                "任何一行增加，患者都不会少付（取整除外）",
            ],
            Law::AnnualSteps => [
                "annual steps",
                "按年计的步骤",
                "what a step pays by the year does not depend on how its cost is cut into bills, beyond the rounding",
                "按年计的步骤，一年的支付不因费用分成几张账单而变（取整除外）",
            ],
            Law::Determinism => [
                "determinism",
                "确定性",
                "the same inputs give the same result, and the same totals with and without the lines",
                "同样的输入得同样的结果；算不算各行，合计都一样",
            ],
            Law::Poverty => [
                "poverty never costs",
                "贫困身份不增加负担",
                "one more poverty category never makes the patient pay more, beyond the rounding",
                "多一个贫困身份，患者不会多付（取整除外）",
            ],
            Law::NoPanic => [
                "no panic",
                "不崩溃",
                "a policy that loads settles or refuses every bill that can be made",
                "能载入的政策，对任何账单都给出结果或拒绝的理由",
            ],
        }
    }

    /// Whether the law holds for the bills of a year, in order, of this patient. Each bill is settled with the year to
    /// date of those before it; one that is refused leaves the year as it was.
    ///
    /// Laws 5, 6, 7 and 9 compare with other bills or another patient, which are made up from the given ones: lines turned
    /// round and cut, raised, bills cut in two, and each poverty category that the policy knows.
    pub fn check(self, policy: &Policy, bills: &[Bill], patient: &Patient) -> Verdict {
        let year = Year {
            policy,
            bills,
            patient,
        };
        let found = match self {
            Law::Conservation => year.each(split::conservation),
            Law::NoNegative => year.each(split::no_negative),
            Law::Limits => limits::check(&year),
            Law::Guarantee => year.each(split::guarantee),
            Law::Lines => compare::lines(&year),
            Law::LargerBill => compare::larger_bill(&year),
            Law::AnnualSteps => compare::annual_steps(&year),
            Law::Determinism => compare::determinism(&year),
            Law::Poverty => compare::poverty(&year),
            Law::NoPanic => return self.no_panic(&year),
        };
        match found {
            Found::Silent => Verdict::Silent,
            Found::Kept => Verdict::Kept,
            Found::Broken(broken) => Verdict::Broken(Box::new(broken.of(self, &year))),
        }
    }

    fn no_panic(self, year: &Year<'_>) -> Verdict {
        let settled = catch_unwind(AssertUnwindSafe(|| {
            for settled in year.settle() {
                let _ = settled.settlement.statement().to_string();
            }
        }));
        match settled {
            Ok(()) => Verdict::Kept,
            Err(_) => Verdict::Broken(Box::new(Broken::new("settling panicked").of(self, year))),
        }
    }
}

impl fmt::Display for Law {
    /// `law 6 (a larger bill)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "law {} ({})", self.number(), self.name())
    }
}

impl From<Law> for u8 {
    fn from(law: Law) -> u8 {
        law.number()
    }
}

impl TryFrom<u8> for Law {
    type Error = String;

    fn try_from(number: u8) -> Result<Law, String> {
        Law::of_number(number)
            .ok_or_else(|| format!("no law has the number `{number}`: expected 1 to 10"))
    }
}

/// What came of checking a law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The law holds.
    Kept,
    /// The law says nothing of these bills: they are refused, or nothing in them is what it speaks of.
    Silent,
    /// The law does not hold.
    Broken(Box<Counterexample>),
}

impl Verdict {
    /// The counterexample, if the law does not hold.
    pub fn broken(&self) -> Option<&Counterexample> {
        match self {
            Verdict::Broken(counterexample) => Some(counterexample),
            Verdict::Kept | Verdict::Silent => None,
        }
    }
}

/// Bills that break a law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Counterexample {
    /// The law.
    pub law: Law,
    /// The policy's full name.
    pub policy: String,
    /// The patient.
    pub patient: Patient,
    /// The bills of the year.
    pub bills: Vec<Bill>,
    /// The bill that shows it, from 1.
    pub bill: usize,
    /// For laws that compare: the other patient and bills, which should have come out no worse.
    pub other: Option<(Patient, Vec<Bill>)>,
    /// What is wrong, with the amounts.
    pub what: String,
    /// The id of the exception by which the rule file declares it.
    pub exception: Option<String>,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` breaks {}: bill {}: {}",
            self.policy, self.law, self.bill, self.what
        )
    }
}

/// What a check found.
enum Found {
    Silent,
    Kept,
    Broken(Box<Broken>),
}

impl Found {
    fn broken(broken: Broken) -> Found {
        Found::Broken(Box::new(broken))
    }
}

/// How a law is broken.
struct Broken {
    /// The bill's number, from 0.
    bill: usize,
    other: Option<(Patient, Vec<Bill>)>,
    what: String,
}

impl Broken {
    fn new(what: impl Into<String>) -> Broken {
        Broken {
            bill: 0,
            other: None,
            what: what.into(),
        }
    }

    fn of(self, law: Law, year: &Year<'_>) -> Counterexample {
        // An exception is for the bill that shows it; what counts by the year shows in all of them.
        let own = match law {
            Law::AnnualSteps => year.bills,
            _ => year
                .bills
                .get(self.bill)
                .map_or(&[][..], std::slice::from_ref),
        };
        let other = self.other.iter();
        let others = other.map(|(patient, bills)| (bills.as_slice(), patient));
        let exception = [(own, year.patient)]
            .into_iter()
            .chain(others)
            .find_map(|(bills, patient)| audit::exception(law, year.policy, bills, patient));
        Counterexample {
            law,
            policy: year.policy.full_name(),
            patient: year.patient.clone(),
            bills: year.bills.to_vec(),
            bill: self.bill.saturating_add(1),
            exception,
            other: self.other,
            what: self.what,
        }
    }
}

/// The bills of a year and their patient, under a policy.
struct Year<'a> {
    policy: &'a Policy,
    bills: &'a [Bill],
    patient: &'a Patient,
}

/// A bill of a year that was settled.
struct Settled<'a> {
    policy: &'a Policy,
    /// Its number, from 0.
    number: usize,
    bill: &'a Bill,
    /// The patient with the year to date before it.
    patient: Patient,
    settlement: Settlement,
}

impl Settled<'_> {
    /// The rounding unit of a step, in fen.
    fn unit(&self, step: usize) -> i64 {
        let step = self.policy.steps.get(step);
        step.map_or(1, |step| step.rounding.unit.fen())
    }

    /// Whether a step guarantees a share of the whole bill, of which it counts everything.
    fn guarantees_the_total(&self, step: usize) -> bool {
        let step = self.policy.steps.get(step);
        step.is_some_and(|step| match &step.formula {
            Formula::Guarantee(guarantee) => {
                let base = &step.base;
                guarantee.of == Covers::TOTAL
                    && base.less.is_empty()
                    && base.less_deductible_of.is_empty()
            }
            Formula::Ratio(_) | Formula::Bands(_) => false,
        })
    }
}

impl<'a> Year<'a> {
    /// Every bill that is settled, the year to date carried on.
    fn settle(&self) -> Vec<Settled<'a>> {
        let mut patient = self.patient.clone();
        let mut out = Vec::new();
        for (number, bill) in self.bills.iter().enumerate() {
            if let Ok(settlement) = settle(self.policy, bill, &patient) {
                let before = patient.clone();
                patient.year_to_date = Some(settlement.year_to_date().clone());
                out.push(Settled {
                    policy: self.policy,
                    number,
                    bill,
                    patient: before,
                    settlement,
                });
            }
        }
        out
    }

    /// A law of single settlements: silent where it is of none of them.
    fn each(&self, check: impl Fn(&Settled<'_>) -> Found) -> Found {
        let mut kept = Found::Silent;
        for settled in self.settle() {
            match check(&settled) {
                Found::Silent => {}
                Found::Kept => kept = Found::Kept,
                Found::Broken(broken) => {
                    return Found::broken(Broken {
                        bill: settled.number,
                        ..*broken
                    });
                }
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests;
