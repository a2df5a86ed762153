//! Strategies: bills, patients and years made up for property tests, with the cargo feature `proptest`.
//!
//! [`any_bill`], [`any_patient`] and [`any_year`] make up whatever the types allow. For one [`Policy`],
//! [`bill_and_patient`] and [`year_and_patient`] make up what it mostly settles and what brings out what it says. So a
//! test suite can hold the ten [laws](crate::laws) over a rule file of its own:
//!
//! ```
//! use payer_split::laws::{Law, Verdict};
//! use payer_split::{Layer, RuleBook, strategies};
//! use proptest::prelude::*;
//!
//! let book = RuleBook::embedded(); // or RuleBook::read_dir("my-rules")
//! let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
//! let years = strategies::year_and_patient(policy);
//!
//! // 20 years to be quick; without the first argument there are 256.
//! proptest!(ProptestConfig::with_cases(20), |((bills, patient) in years)| {
//!     for law in Law::ALL {
//!         if let Verdict::Broken(found) = law.check(policy, &bills, &patient) {
//!             // A break that the rule file declares has the id of its exception.
//!             prop_assert!(found.exception.is_some(), "{found}");
//!         }
//!     }
//! });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate's own `tests/downstream` is a crate that does so, complete with its `Cargo.toml`.
//!
//! # What is reached
//!
//! A bill and patient of a policy are made for one thing in its rule file: a step (four in ten), an entry of a table or
//! an adjustment, a scope, benefit or exception (two in ten each), or that a step does not apply. The condition is solved,
//! so that rare combinations come up too; then other fields are varied among the values that the policy tells apart, and
//! numbers and days at the edges of its conditions. Lines are of kinds that the step covers, and of others.
//!
//! - **Amounts named**: deductibles, band edges, limits and fixed prices, also as adjusted, and one or two fen beside
//!   them, alone and two together ([`amount_at_edge`]).
//! - **Thresholds**: half of the bills are moved to where a step crosses its deductible, enters the next band, comes to a
//!   limit, to its guarantee or to what is left unpaid, or to a fen before or behind. Where that is for a later step or a
//!   later bill of a year is found by settling.
//! - **Ties**: one bill in ten is moved to where a step comes to an exact half of the unit to which it rounds, if there is
//!   such an amount nearby; and lines have amounts of which one of the policy's ratios is a half fen ([`amount_at_tie`]).
//!
//! Most bills have every field that the policy asks for; a few lack one, and are refused.
//!
//! Tests of this crate measure it on every shipped policy: among 1,000 bills some meet each condition and some do not;
//! among 2,000 with assumptions each threshold of each step is met to the fen, and missed by a fen on either side, and
//! each step that can comes to a half fen.
//!
//! # What is not
//!
//! - Words that a policy treats alike are not each tried: one stands for all of them. [`any_bill_and_patient`] tries all.
//! - Amounts of one line above a million yuan are only in [`any_bill`] and [`any_bill_and_patient`].
//! - A threshold that needs several lines or two bills at once to be just so is met only by chance. A figure that no
//!   source states refuses the bills that need it, so what lies behind it is not reached.
//! - A condition with very many alternatives (thousands must be tried) may not be met.
//!
//! Values shrink by taking back the choices that made them. The same seed makes the same values, with the same version of
//! this crate.

mod aim;
mod amounts;
mod any;
mod bytes;
mod reach;
mod targets;
#[cfg(test)]
mod tests;

use crate::bill::Bill;
use crate::money::Money;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::year::YearToDate;
use any::Vocabulary;
use bytes::{made, several};
use proptest::strategy::Strategy;
use reach::Reach;
use std::sync::Arc;

/// Random bytes for an amount, for a bill with its patient, and for a year of bills.
const AMOUNT: usize = 16;
const BILL: usize = 500;
const YEAR: usize = 2_500;

/// Any bill that can be made, in standard words: any date from 1900 to 2199, any care and facility, up to five lines that
/// every constructor accepts. One in five also has words that nobody knows.
///
/// Each line is at most [`Money::MAX`]; their sum may be more, which settling refuses.
///
/// ```
/// use payer_split::strategies::any_bill;
/// use proptest::prelude::*;
///
/// proptest!(|(bill in any_bill())| {
///     for line in &bill.lines {
///         prop_assert_eq!(line.parts().total(), Some(line.amount()));
///     }
/// });
/// ```
pub fn any_bill() -> impl Strategy<Value = Bill> + Clone {
    let words = Arc::new(Vocabulary::standard());
    made(BILL, move |c| words.bill(c))
}

/// Any patient that can be made, in standard words. One in five also has words that nobody knows, and one in five a year
/// to date of some policy `anywhere`.
///
/// ```
/// use payer_split::strategies::any_patient;
/// use proptest::prelude::*;
///
/// proptest!(|(patient in any_patient())| {
///     // What is held ends no sooner than it begins.
///     for held in &patient.categories {
///         prop_assert!(held.from.is_none() || held.to.is_none() || held.from <= held.to);
///     }
/// });
/// ```
pub fn any_patient() -> impl Strategy<Value = Patient> + Clone {
    let words = Arc::new(Vocabulary::standard());
    made(BILL, move |c| words.patient(c))
}

/// One to six bills, each as [`any_bill`] makes them, of one calendar year and in order of their dates.
///
/// ```
/// use payer_split::strategies::any_year;
/// use proptest::prelude::*;
///
/// proptest!(|(bills in any_year())| {
///     prop_assert!(bills.is_sorted_by_key(|bill| bill.date));
///     prop_assert!(bills.iter().all(|bill| bill.date.year() == bills[0].date.year()));
/// });
/// ```
pub fn any_year() -> impl Strategy<Value = Vec<Bill>> + Clone {
    let words = Arc::new(Vocabulary::standard());
    made(YEAR, move |c| {
        let year = any::date(c).year();
        let mut bills = several(c, 1, 6, |c| Bill {
            date: any::day_of(c, year),
            ..words.bill(c)
        });
        bills.sort_by_key(|bill| bill.date);
        bills
    })
}

/// Any bill and patient that can be made, in all words that a policy knows, half of them of a day on which it is in force:
/// most are refused. The year to date, if there is one, is of the policy, with counters up to [`Money::MAX`].
///
/// ```
/// use payer_split::strategies::any_bill_and_patient;
/// use payer_split::{RuleBook, settle};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|((bill, patient) in any_bill_and_patient(policy))| {
///     // Settling is never in doubt: a result, or the reason why there is none.
///     if let Err(refusal) = settle(policy, &bill, &patient) {
///         prop_assert!(!refusal.to_string().is_empty());
///     }
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn any_bill_and_patient(
    policy: &Policy,
) -> impl Strategy<Value = (Bill, Patient)> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(BILL, move |c| reach.any_bill_and_patient(c))
}

/// Any year to date of a policy: of a year in which it is in force, each counter there or not, with up to
/// [`Money::MAX`].
///
/// ```
/// use payer_split::strategies::year_to_date;
/// use payer_split::{Money, RuleBook};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|(year in year_to_date(policy))| {
///     prop_assert_eq!(year.policy(), "yuetang");
///     prop_assert!(year.counters().all(|(_, amount)| amount > Money::ZERO));
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn year_to_date(policy: &Policy) -> impl Strategy<Value = YearToDate> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(BILL, move |c| reach.year_to_date(c))
}

/// A bill that reaches what a policy has, and its patient, who has no year to date; see the [module](self).
///
/// Lines have from 0 fen to a million yuan.
///
/// ```
/// use payer_split::strategies::bill_and_patient;
/// use payer_split::{RuleBook, settle};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|((bill, patient) in bill_and_patient(policy))| {
///     if let Ok(settlement) = settle(policy, &bill, &patient) {
///         prop_assert!(settlement.patient() <= settlement.total());
///     }
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn bill_and_patient(policy: &Policy) -> impl Strategy<Value = (Bill, Patient)> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(BILL, move |c| reach.bill_and_patient(c))
}

/// Two to six bills of one calendar year, in order of their dates, and their patient as on the first of them: without a
/// year to date. Thresholds are those with the year to date that the bills before leave; see the [module](self).
///
/// ```
/// use payer_split::strategies::year_and_patient;
/// use payer_split::{RuleBook, settle};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|((bills, mut patient) in year_and_patient(policy))| {
///     for bill in &bills {
///         if let Ok(settlement) = settle(policy, bill, &patient) {
///             patient.year_to_date = Some(settlement.year_to_date().clone());
///         }
///     }
///     let aid = patient.year_to_date.map(|year| year.counter("limit/aid/year"));
///     prop_assert!(aid <= Some("30000".parse()?));
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn year_and_patient(
    policy: &Policy,
) -> impl Strategy<Value = (Vec<Bill>, Patient)> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(YEAR, move |c| reach.year_and_patient(c))
}

/// An amount that a policy names, or one or two fen beside it: a deductible, an edge of a band, a limit, a fixed price, as
/// written or as an adjustment makes it, up to a million yuan. If the policy names none, any amount.
///
/// ```
/// use payer_split::strategies::amount_at_edge;
/// use payer_split::{Money, RuleBook};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|(amount in amount_at_edge(policy))| {
///     // Whole yuan in this policy, and at most two fen beside them.
///     prop_assert!([0, 1, 2, 98, 99].contains(&(amount.fen() % 100)));
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn amount_at_edge(policy: &Policy) -> impl Strategy<Value = Money> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(AMOUNT, move |c| reach.amounts.edge(c))
}

/// An amount of which one of the ratios of a policy's steps, as written or as an adjustment makes it, is a whole number of
/// fen and a half: 90 % of 0.15 yuan are 13.5 fen. If the policy has no such ratio (80 %, say, of no amount), any amount.
///
/// ```
/// use payer_split::strategies::amount_at_tie;
/// use payer_split::{Money, RuleBook};
/// use proptest::prelude::*;
///
/// let book = RuleBook::embedded();
/// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
/// proptest!(|(amount in amount_at_tie(policy))| {
///     // Every ratio of this policy is a multiple of 0.25 %, also where it is multiplied by 95 %.
///     prop_assert!((1..400).any(|quarters| amount.fen() * quarters % 400 == 200));
/// });
/// # Ok::<(), &str>(())
/// ```
pub fn amount_at_tie(policy: &Policy) -> impl Strategy<Value = Money> + Clone + use<> {
    let reach = Arc::new(Reach::new(policy));
    made(AMOUNT, move |c| reach.amounts.tie(c))
}
