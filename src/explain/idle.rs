//! Why a step paid nothing.

use super::facts::{Facts, Failed};
use super::how::How;
use super::step::{Steps, Worked, words};
use super::text::{cited, number};
use super::why::{Kind, Value, Why, Words};
use crate::language::Language;
use crate::money::Money;
use crate::page::clean;
use crate::policy::info::{Citation, Named};
use crate::policy::step::Step;
use crate::settle::observed::ObservedStep;
use crate::settlement::Rate;
use serde::Serialize;

/// Why a step paid nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WhyNot {
    /// The step's id.
    pub step: String,
    /// Its name.
    pub name: Words,
    /// Where it comes from.
    pub citation: Citation,
    /// The reason.
    pub reason: Reason,
    /// How its amount came to nothing, where it was worked.
    pub why: Option<Why>,
}

/// The reason for which a step paid nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// It is not for this bill: these tests of its condition failed.
    Condition(Vec<Failed>),
    /// It cannot be told whether it is for this bill, and it makes no difference: nothing was left that it could pay.
    Untold(Vec<Failed>),
    /// The bill has no money of the kind that it covers.
    NothingCovered,
    /// Earlier steps had paid all that it covers.
    AllPaid,
    /// What it leaves out of its base is all that there was.
    NothingCounts,
    /// A limit on cost had been used up.
    NoCostEnters,
    /// The base does not go beyond the deductible.
    BelowDeductible {
        /// The base.
        base: Money,
        /// What is left of the deductible.
        deductible: Value,
    },
    /// The money reaches no band that pays.
    NoBand,
    /// Its ratio is zero.
    RatioZero,
    /// The guarantee had been met.
    GuaranteeMet {
        /// What is promised.
        promised: Value,
        /// What had been reimbursed.
        reimbursed: Money,
    },
    /// A limit had been used up.
    LimitUsedUp {
        /// The limit's id.
        limit: String,
        /// Its name.
        name: Words,
        /// What it comes to.
        amount: Value,
        /// What had been used of it, with the steps that are counted together.
        used: Money,
    },
    /// It had paid as many bills as it may.
    BillsUsedUp {
        /// The limit's id.
        limit: String,
        /// Its name.
        name: Words,
        /// How many bills it allows.
        allowed: i64,
        /// How many had been paid.
        used: i64,
    },
    /// Nothing of the result is paid.
    PaymentRatioZero,
    /// The amount was rounded to nothing.
    RoundedToZero {
        /// Before rounding, in millionths of a fen.
        exact: i64,
    },
}

/// The reason for a step that was not worked.
pub(super) fn unworked(
    facts: &Facts<'_>,
    named: &Named,
    step: &Step,
    found: Option<&ObservedStep>,
) -> WhyNot {
    let reason = match found {
        None => Reason::Condition(facts.failed(&step.condition)),
        Some(_) => Reason::Untold(facts.untold(&step.condition)),
    };
    WhyNot {
        step: named.id.clone(),
        name: words(named),
        citation: named.citation.clone(),
        reason,
        why: None,
    }
}

/// The reason for a step that was worked and came to nothing.
pub(super) fn worked(of: &Steps<'_>, worked: &Worked<'_>, named: &Named, why: &Why) -> WhyNot {
    WhyNot {
        step: named.id.clone(),
        name: words(named),
        citation: named.citation.clone(),
        reason: reason(of, worked, why),
        why: Some(why.clone()),
    }
}

fn reason(of: &Steps<'_>, worked: &Worked<'_>, why: &Why) -> Reason {
    let (step, record) = (worked.step, worked.record);
    if worked.payable == 0 {
        let cells = &of.observed.cells;
        let signatures = cells.signatures.iter().zip(&cells.billed);
        let covered = signatures.filter(|(signature, row)| {
            let masked = row.iter().zip(step.covers.mask(**signature));
            masked.map(|(fen, mask)| fen & mask).any(|fen| fen > 0)
        });
        return match (covered.count(), worked.measured) {
            (0, _) => Reason::NothingCovered,
            (_, 0) if step.base.billed => Reason::NothingCounts,
            _ => Reason::AllPaid,
        };
    }
    if record.base.fen() == 0 {
        return match worked.covered > 0 {
            true => Reason::NoCostEnters,
            false => Reason::NothingCounts,
        };
    }
    match record.rate {
        Rate::Unused | Rate::Bands if record.exact == 0 => match below(worked, why) {
            Some(below) => below,
            None if record.rate == Rate::Bands => Reason::NoBand,
            None => Reason::NothingCovered,
        },
        Rate::Ratio(_) if record.exact == 0 => Reason::RatioZero,
        Rate::Guarantee { reimbursed, .. } if record.exact == 0 => Reason::GuaranteeMet {
            promised: why
                .find(Kind::Promised)
                .map_or(Value::Unstated, |own| own.value),
            reimbursed,
        },
        _ => {
            let mut limits = why.all().filter(|own| own.kind == Kind::Limit);
            let used_up = limits.find(|own| own.fen() == 0 && own.value.money().is_some());
            match used_up {
                Some(limit) if limit.how == How::Bills => {
                    let mut bills = limit.from.iter().map(|own| own.value.bills());
                    Reason::BillsUsedUp {
                        limit: limit.id.clone(),
                        name: limit.name.clone(),
                        allowed: bills.next().unwrap_or_default(),
                        used: bills.next().unwrap_or_default(),
                    }
                }
                Some(limit) => Reason::LimitUsedUp {
                    limit: limit.id.clone(),
                    name: limit.name.clone(),
                    amount: limit.from.first().map_or(Value::Unstated, |own| own.value),
                    used: limit
                        .from
                        .iter()
                        .skip(1)
                        .filter_map(|own| own.value.money())
                        .fold(Money::ZERO, |sum, own| {
                            Money::from_fen(sum.fen().saturating_add(own.fen()))
                        }),
                },
                None if record.payment.millionths() == 0 => Reason::PaymentRatioZero,
                None => Reason::RoundedToZero {
                    exact: record.exact,
                },
            }
        }
    }
}

/// That the base does not go beyond the deductible, if it does not.
fn below(worked: &Worked<'_>, why: &Why) -> Option<Reason> {
    let left = why.find(Kind::Deductible)?.from.first()?;
    let base = worked.record.base;
    (worked.record.deductible >= base).then_some(Reason::BelowDeductible {
        base,
        deductible: left.value,
    })
}

impl WhyNot {
    /// The reason in words, and below it how the step's amount came to nothing. Ends with a line break.
    pub fn text(&self, language: Language) -> String {
        let name = clean(self.name.text(language));
        let reason = self.reason.text(language);
        let others = self.why.iter().flat_map(|why| &why.citations);
        let others = others.filter(|other| **other != self.citation);
        let places = std::iter::once(&self.citation).chain(others);
        let places: String = places.map(|place| cited(place, language)).collect();
        let head = match language {
            Language::Chinese => format!("步骤“{name}”没有付：{reason}{places}\n"),
            Language::English => format!("the step \"{name}\" paid nothing: {reason}{places}\n"),
        };
        let from = self.why.iter().flat_map(|why| &why.from);
        let from = from.filter(|_| self.reason != Reason::NothingCovered);
        let trees = from.map(|why| why.text(language));
        let lines = trees.flat_map(|tree| {
            let lines = tree.lines().map(|line| {
                format!(
                    "  {line}
"
                )
            });
            lines.collect::<Vec<_>>()
        });
        head + &lines.collect::<String>()
    }
}

impl Reason {
    /// The reason in words, without a full stop.
    pub fn text(&self, language: Language) -> String {
        let t = |zh: String, en: String| match language {
            Language::Chinese => zh,
            Language::English => en,
        };
        let plain = |zh: &str, en: &str| language.pick(zh, en).to_owned();
        let yuan = |value: Value| number(value, language);
        match self {
            Reason::Condition(failed) => {
                let tests = tests(failed, language);
                t(
                    format!("条件不符，{tests}"),
                    format!("it is not for this bill: {tests}"),
                )
            }
            Reason::Untold(failed) => {
                let tests = tests(failed, language);
                t(
                    format!("无法判断是否适用（{tests}），但已没有它可付的费用"),
                    format!(
                        "whether it applies cannot be told ({tests}), but nothing was left for it to pay"
                    ),
                )
            }
            Reason::NothingCovered => plain(
                "账单上没有它所付范围内的费用",
                "the bill has no money that it covers",
            ),
            Reason::AllPaid => plain(
                "它所付范围内的费用前面各道已经付完",
                "the steps before it had paid all that it covers",
            ),
            Reason::NothingCounts => plain(
                "扣除不计的部分以后，基数为零",
                "nothing is left in its base after what is not counted",
            ),
            Reason::NoCostEnters => plain(
                "可以计入的费用限额已经用完",
                "the limit on the cost that enters was used up",
            ),
            Reason::BelowDeductible { base, deductible } => t(
                format!(
                    "没有超过起付线（基数 {base}，起付线 {}）",
                    yuan(*deductible)
                ),
                format!(
                    "the base {base} is not above the deductible {}",
                    yuan(*deductible)
                ),
            ),
            Reason::NoBand => plain(
                "没有进入任何付款的分段",
                "the money reaches no band that pays",
            ),
            Reason::RatioZero => plain("比例为零", "its ratio is zero"),
            Reason::GuaranteeMet {
                promised,
                reimbursed,
            } => t(
                format!(
                    "已达到保证（保证 {}，已报销 {reimbursed}）",
                    yuan(*promised)
                ),
                format!(
                    "the guarantee was met: {} promised, {reimbursed} reimbursed",
                    yuan(*promised)
                ),
            ),
            Reason::LimitUsedUp {
                limit,
                name,
                amount,
                used,
            } => {
                let (name, amount) = (limit_name(limit, name, language), yuan(*amount));
                t(
                    format!("限额“{name}”已经用完（限额 {amount}，此前已用 {used}）"),
                    format!("the limit \"{name}\" was used up: {used} of {amount}"),
                )
            }
            Reason::BillsUsedUp {
                limit,
                name,
                allowed,
                used,
            } => {
                let name = limit_name(limit, name, language);
                t(
                    format!("限额“{name}”已经用完（只付 {allowed} 次，此前已付 {used} 次）"),
                    format!("the limit \"{name}\" was used up: {used} of {allowed} bills"),
                )
            }
            Reason::PaymentRatioZero => plain("结果按零支付", "nothing of the result is paid"),
            Reason::RoundedToZero { exact } => {
                let exact = yuan(Value::Exact(*exact));
                t(
                    format!("取整后为零（取整前 {exact}）"),
                    format!("{exact} is rounded to nothing"),
                )
            }
        }
    }
}

/// A limit without a name goes by its id.
fn limit_name(limit: &str, name: &Words, language: Language) -> String {
    match name.zh == limit {
        true => clean(limit),
        false => clean(name.text(language)),
    }
}

/// The tests that failed, each with what was found.
pub(super) fn tests(failed: &[Failed], language: Language) -> String {
    let tests = failed.iter().map(|failed| {
        let found = failed.facts.iter().map(|fact| fact.assignment(language));
        let found = found.collect::<Vec<_>>().join("; ");
        let test = failed.test.text(language);
        match language {
            Language::Chinese => format!("要求{test}（{found}）"),
            Language::English => format!("asked: {test} ({found})"),
        }
    });
    tests.collect::<Vec<_>>().join(language.pick("；", "; "))
}
