//! A settlement taken out of the year to date again.

use super::error::InterfaceError;
use crate::money::Money;
use crate::settlement::Settlement;
use crate::year::YearToDate;
use std::collections::{BTreeMap, BTreeSet};

/// The year to date without a settlement that is in it: what follows when the settlement is reversed.
///
/// `before` is the year to date that the patient brought to the settlement (nothing for the first bill of a year), and
/// `now` the one of today. Where nothing was settled in between, `now` is [`Settlement::year_to_date`], and the result is
/// `before` (where that is of an older year, an empty year to date: the new year started from nothing). Otherwise what the settlement counted is taken off each counter; bills that were settled later stand as they
/// were settled.
///
/// `before` is held to the settlement in `bills`, `paid/*`, `deductible/*` and `billed/*`. What it used of limits and bands,
/// and what it counted toward deductibles (`limit/*`, `bands/*`, `deductible-counted/*`), a settlement does not say: of
/// these it is only seen to that none is less after it than before.
///
/// # Errors
///
/// [`InterfaceError::OtherPolicy`] and [`InterfaceError::OtherYear`] where the year to date is not the settlement's;
/// [`InterfaceError::NotItsStart`] where the settlement did not start from `before`; [`InterfaceError::NotCounted`] where
/// `now` holds less than the settlement counted, as after a second reversal.
///
/// ```
/// # use payer_split::*;
/// use payer_split::interface::year_without;
/// # let book = RuleBook::embedded();
/// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "4549.20".parse()?)?);
/// # let mut patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
/// let first = settle(policy, &bill, &patient)?;
/// let before = first.year_to_date().clone();
/// patient.year_to_date = Some(before.clone());
/// let second = settle(policy, &bill, &patient)?;
///
/// assert_eq!(year_without(second.year_to_date(), &second, Some(&before))?, before);
/// // The first bill, after the second was settled.
/// let left = year_without(second.year_to_date(), &first, None)?;
/// assert_eq!((left.bills(), left.billed()), (1, second.total()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn year_without(
    now: &YearToDate,
    settlement: &Settlement,
    before: Option<&YearToDate>,
) -> Result<YearToDate, InterfaceError> {
    let date = settlement.date();
    // A newer year starts from nothing, whatever the old one was.
    let before = before.filter(|before| before.year() >= date.year());
    for year in [Some(now), before].into_iter().flatten() {
        if year.policy() != settlement.policy_id() {
            return Err(InterfaceError::OtherPolicy {
                settlement: settlement.policy_id().into(),
                year: year.policy().into(),
            });
        }
        if year.year() != date.year() {
            return Err(InterfaceError::OtherYear {
                date,
                year: year.year(),
            });
        }
    }
    let after = settlement.year_to_date();
    let bills_before = before.map_or(0, YearToDate::bills);
    if after.bills().checked_sub(1) != Some(bills_before) {
        return Err(InterfaceError::NotItsStart {
            counter: "bills".into(),
            before: bills_before.to_string(),
            after: after.bills().to_string(),
        });
    }
    let bills = now.bills().checked_sub(1);
    let bills = bills.ok_or_else(|| InterfaceError::NotCounted {
        counter: "bills".into(),
        now: now.bills().to_string(),
        counted: "1".into(),
    })?;
    let counters = counters_without(
        &now.counters().collect(),
        settlement,
        &before.map_or_else(BTreeMap::new, |before| before.counters().collect()),
    )?;
    let mut year = YearToDate::new(now.policy(), now.year());
    year.bills = bills;
    year.carried = counters;
    Ok(year)
}

type Counters<'a> = BTreeMap<&'a str, Money>;

/// Every counter of now, less what the settlement counted in it.
fn counters_without(
    now: &Counters<'_>,
    settlement: &Settlement,
    before: &Counters<'_>,
) -> Result<Vec<(Box<str>, Money)>, InterfaceError> {
    let after: Counters<'_> = settlement.year_to_date().counters().collect();
    // What each payer paid, the deductibles and what was billed are known of the settlement itself.
    let payers = settlement
        .payers()
        .map(|(payer, amount)| (payer.id.as_str(), amount));
    let paid = payers
        .chain([("patient", settlement.patient())])
        .map(|(payer, amount)| (format!("paid/{payer}"), amount));
    let deductibles = settlement
        .steps()
        .map(|step| (format!("deductible/{}", step.id()), step.deductible()));
    let billed = [
        ("billed/total".to_owned(), settlement.total()),
        ("billed/in-scope".to_owned(), settlement.parts().in_scope),
    ];
    let known: BTreeMap<String, Money> = paid.chain(deductibles).chain(billed).collect();
    let names: BTreeSet<&str> = now
        .keys()
        .chain(after.keys())
        .chain(before.keys())
        .copied()
        .collect();
    let of = |counters: &Counters<'_>, name: &str| counters.get(name).copied().unwrap_or_default();
    let mut left = Vec::new();
    for name in names {
        let (was, is, then) = (of(before, name), of(now, name), of(&after, name));
        let counted = then
            .checked_sub(was)
            .filter(|counted| !counted.is_negative());
        let counted =
            counted.filter(|counted| known.get(name).is_none_or(|known| known == counted));
        let counted = counted.ok_or_else(|| InterfaceError::NotItsStart {
            counter: name.into(),
            before: was.to_string(),
            after: then.to_string(),
        })?;
        let rest = is.checked_sub(counted).filter(|rest| !rest.is_negative());
        let rest = rest.ok_or_else(|| InterfaceError::NotCounted {
            counter: name.into(),
            now: is.to_string(),
            counted: counted.to_string(),
        })?;
        left.push((name.into(), rest));
    }
    Ok(left)
}
