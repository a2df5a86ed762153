//! Settling many bills, one after another, into one result.

use super::error::SettleError;
use super::{Detail, Workspace};
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::settlement::Settlement;
use std::borrow::Borrow;

/// Settles bills one after another, each like [`settle`](crate::settle), into one result that is used again: nothing is
/// allocated for a bill, however many there are.
///
/// An item is a key of the caller's own (a line number, an id, or `()`), a policy, a bill and a patient, each owned or
/// borrowed: a county's bills all come with one `&Policy`, a province's each with its own. `each` gets the item's key
/// and its settlement, which the next bill overwrites, or the error for which the bill was refused. A refused bill stops
/// nothing. To use all cores, call it once for each of several parts of the bills.
///
/// Bills are independent of one another. An item is not asked for before the one ahead of it has been handed to `each`,
/// so the caller can give a patient the year to date that an earlier bill left, by way of a cell that both share.
///
/// ```
/// use payer_split::{
///     Bill, Care, Detail, Facility, Layer, Line, Money, Patient, Place, RuleBook, Scheme, Tier, settle_many,
/// };
///
/// let book = RuleBook::embedded();
/// let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// let facility = Facility {
///     tier: Some(Tier::COUNTY),
///     place: Some(Place::IN_COUNTY),
///     designated: Some(true),
///     ..Facility::default()
/// };
/// let bill = |date: &str| -> Result<Bill, Box<dyn std::error::Error>> {
///     let line = Line::class_a("treatment", "3000".parse()?)?;
///     Ok(Bill::new(date.parse()?, Care::INPATIENT, facility.clone()).with_line(line))
/// };
/// let bills = [bill("2020-06-01")?, bill("1999-06-01")?, bill("2020-06-02")?];
/// let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
///
/// let mut budget = Money::ZERO;
/// let mut refused = Vec::new();
/// let items = (1..).zip(&bills).map(|(number, bill)| (number, policy, bill, &patient));
/// settle_many(items, Detail::Totals, |number, settled| match settled {
///     Ok(settlement) => {
///         let paid = settlement.paid("basic").unwrap_or_default();
///         budget = budget.checked_add(paid).unwrap_or(Money::MAX);
///     }
///     Err(error) => refused.push((number, error.kind())),
/// });
/// assert_eq!(budget.to_string(), "4680.00");
/// assert_eq!(refused, [(2, "out-of-force")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn settle_many<K, P, B, Q>(
    items: impl IntoIterator<Item = (K, P, B, Q)>,
    detail: Detail,
    each: impl FnMut(K, Result<&Settlement, SettleError>),
) where
    P: Borrow<Policy>,
    B: Borrow<Bill>,
    Q: Borrow<Patient>,
{
    Workspace::new().settle_many(items, detail, each);
}

impl Workspace {
    /// Settles bills one after another like [`settle_many`], with what this workspace knows from earlier ones: for bills
    /// that come in portions.
    ///
    /// ```
    /// # use payer_split::{Bill, Detail, Patient, Policy, Workspace};
    /// # fn settle_portions(policy: &Policy, portions: Vec<Vec<(u32, Bill, Patient)>>) {
    /// let mut workspace = Workspace::new();
    /// for portion in portions {
    ///     let items = portion.into_iter().map(|(id, bill, patient)| (id, policy, bill, patient));
    ///     workspace.settle_many(items, Detail::Totals, |id, settled| match settled {
    ///         Ok(settlement) => println!("{id}: {}", settlement.patient()),
    ///         Err(error) => println!("{id}: {error}"),
    ///     });
    /// }
    /// # }
    /// ```
    pub fn settle_many<K, P, B, Q>(
        &mut self,
        items: impl IntoIterator<Item = (K, P, B, Q)>,
        detail: Detail,
        mut each: impl FnMut(K, Result<&Settlement, SettleError>),
    ) where
        P: Borrow<Policy>,
        B: Borrow<Bill>,
        Q: Borrow<Patient>,
    {
        for (key, policy, bill, patient) in items {
            let settled = self.settle(policy.borrow(), bill.borrow(), patient.borrow(), detail);
            each(key, settled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Care, Facility, Layer, Line, Money, Place, RuleBook, Scheme, Tier, settle};
    use std::cell::RefCell;

    fn bill(date: &str, yuan: i64) -> Bill {
        let facility = Facility {
            tier: Some(Tier::COUNTY),
            place: Some(Place::IN_COUNTY),
            designated: Some(true),
            medical: Some(true),
            ..Facility::default()
        };
        let amount = Money::from_yuan(yuan).unwrap();
        let line = Line::class_a("treatment", amount).unwrap();
        let mut bill = Bill::new(date.parse().unwrap(), Care::INPATIENT, facility).with_line(line);
        bill.diagnoses = vec!["I63.9".parse().unwrap()];
        bill
    }

    fn poor() -> Patient {
        let mut patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
        patient.age = Some(73);
        patient
    }

    #[test]
    fn each_bill_is_settled_as_alone_whatever_stands_beside_it() {
        let book = RuleBook::embedded();
        let policy = |region, date: &str| {
            book.find(region, date.parse().unwrap(), Layer::Assumed)
                .unwrap()
        };
        let yuetang = policy("430304", "2020-06-01");
        let anhui = policy("340000", "2019-03-05");
        let patient = poor();
        let mut no_lines = bill("2020-06-01", 1);
        no_lines.lines.clear();
        let items = [
            (yuetang, bill("2020-06-01", 4_549)),
            (anhui, bill("2019-03-05", 12_000)),
            (yuetang, bill("2019-03-05", 1)),
            (yuetang, no_lines),
            (anhui, bill("2016-01-01", 80)),
            (yuetang, bill("2020-12-31", 123_456)),
        ];
        let alone: Vec<_> = items
            .iter()
            .map(|(policy, bill)| settle(policy, bill, &patient))
            .collect();
        assert!(alone.iter().any(Result::is_ok) && alone.iter().any(Result::is_err));

        let mut together = Vec::new();
        let numbered = (0..).zip(&items);
        settle_many(
            numbered.map(|(number, (policy, bill))| (number, *policy, bill, &patient)),
            Detail::Lines,
            |number: usize, settled| together.push((number, settled.cloned())),
        );
        assert_eq!(together, (0..).zip(alone).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_stands_for_nothing() {
        let none: [((), &Policy, Bill, Patient); 0] = [];
        settle_many(none, Detail::Lines, |(), _| panic!("there was no bill"));
    }

    #[test]
    fn a_year_to_date_can_be_handed_on() {
        let book = RuleBook::embedded();
        let day = "2019-03-05".parse().unwrap();
        let policy = book.find("340000", day, Layer::Assumed).unwrap();
        let bills = [12_000, 20_000, 15_000].map(|yuan| bill("2019-03-05", yuan));

        let mut patient = poor();
        let one_by_one = bills.each_ref().map(|bill| {
            let settlement = settle(policy, bill, &patient).unwrap();
            patient.year_to_date = Some(settlement.year_to_date().clone());
            settlement
        });

        let year = RefCell::new(None);
        let mut streamed = Vec::new();
        let items = bills.iter().map(|bill| {
            let mut patient = poor();
            patient.year_to_date = year.borrow_mut().take();
            ((), policy, bill, patient)
        });
        settle_many(items, Detail::Lines, |(), settled| {
            let settlement = settled.unwrap();
            year.replace(Some(settlement.year_to_date().clone()));
            streamed.push(settlement.clone());
        });
        assert_eq!(streamed, one_by_one);
        assert_eq!(streamed[2].year_to_date().bills(), 3);
    }

    #[test]
    fn ten_times_the_bills_allocate_no_more() {
        let book = RuleBook::embedded();
        let day = "2020-06-01".parse().unwrap();
        let policy = book.find("430304", day, Layer::Assumed).unwrap();
        let patient = poor();
        let bills = [300, 4_549, 123_456].map(|yuan| bill("2020-06-01", yuan));
        let allocations = |count| {
            let items = bills.iter().cycle().take(count);
            let mut settled = 0;
            let info = allocation_counter::measure(|| {
                let items = items.map(|bill| ((), policy, bill, &patient));
                settle_many(items, Detail::Lines, |(), result| {
                    settled += usize::from(result.is_ok());
                });
            });
            assert_eq!(settled, count);
            info.count_total
        };
        assert_eq!(allocations(1_000), allocations(100));
    }
}
