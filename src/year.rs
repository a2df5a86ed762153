//! The year to date: what one patient's settled bills of a year have used up.

use crate::money::Money;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The names of a policy's counters.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct CounterNames {
    /// In the policy's order.
    names: Vec<Box<str>>,
    /// The places of the names in that order, sorted by name.
    by_name: Vec<u32>,
}

impl CounterNames {
    /// The names in the policy's order.
    pub(crate) fn new(names: Vec<Box<str>>) -> CounterNames {
        let mut by_name: Vec<(&str, u32)> = names.iter().map(|name| &**name).zip(0..).collect();
        by_name.sort_unstable();
        let by_name = by_name.into_iter().map(|(_, place)| place).collect();
        CounterNames { names, by_name }
    }

    /// The names in the policy's order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The place of a name in the policy's order.
    fn place(&self, name: &str) -> Option<usize> {
        let at = |place: u32| usize::try_from(place).ok();
        let name_at = |place: u32| self.names.get(at(place)?).map(|name| &**name);
        let found = self
            .by_name
            .binary_search_by(|place| name_at(*place).cmp(&Some(name)));
        at(*self.by_name.get(found.ok()?)?)
    }
}

/// What a patient's bills of one year have used of deductibles, bands and limits, and what each payer has paid.
///
/// Settling never changes the year to date that it is given: it returns a new one, to be stored and passed with the
/// next bill. It belongs to one year and to one policy id; its counters carry over to another version or layer of the
/// same id by their names. A counter that a version does not know is kept for the next one that does.
///
/// ```
/// use payer_split::YearToDate;
///
/// let year = YearToDate::new("yuetang", 2020);
/// assert_eq!(year.year(), 2020);
/// assert_eq!(year.paid("basic"), payer_split::Money::ZERO);
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "YearData", into = "YearData")]
pub struct YearToDate {
    pub(crate) policy: Arc<str>,
    pub(crate) year: u16,
    pub(crate) bills: u32,
    pub(crate) names: Arc<CounterNames>,
    pub(crate) amounts: Vec<Money>,
    /// Counters that the last policy did not know.
    pub(crate) carried: Vec<(Box<str>, Money)>,
}

impl YearToDate {
    /// A year in which nothing has been settled yet.
    pub fn new(policy_id: &str, year: u16) -> YearToDate {
        YearToDate {
            policy: policy_id.into(),
            year,
            bills: 0,
            names: Arc::default(),
            amounts: Vec::new(),
            carried: Vec::new(),
        }
    }

    /// The id of the policy (all its versions and layers) that the year was settled under.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The calendar year.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// How many bills were settled.
    pub fn bills(&self) -> u32 {
        self.bills
    }

    /// What a payer (by id) has paid this year; `patient` for the patient.
    pub fn paid(&self, payer: &str) -> Money {
        self.counter(&format!("paid/{payer}"))
    }

    /// The deductible used in a step (by id) this year.
    pub fn deductible(&self, step: &str) -> Money {
        self.counter(&format!("deductible/{step}"))
    }

    /// What has been billed this year.
    pub fn billed(&self) -> Money {
        self.counter("billed/total")
    }

    /// What of it was in scope.
    pub fn in_scope(&self) -> Money {
        self.counter("billed/in-scope")
    }

    /// A counter by its name; zero if nothing was counted under it. See [`counters`](Self::counters) for the names.
    pub fn counter(&self, name: &str) -> Money {
        self.counters()
            .find(|(known, _)| *known == name)
            .map_or(Money::ZERO, |(_, amount)| amount)
    }

    /// Every counter that is not zero: `paid/PAYER`, `deductible/STEP`, `bands/STEP`, `limit/LIMIT`,
    /// `limit/LIMIT/disease/DISEASE`, `billed/total`, `billed/in-scope`.
    pub fn counters(&self) -> impl Iterator<Item = (&str, Money)> {
        let known = self.names.iter().zip(self.amounts.iter().copied());
        let carried = self.carried.iter().map(|(name, amount)| (&**name, *amount));
        known
            .chain(carried)
            .filter(|(_, amount)| *amount != Money::ZERO)
    }

    /// Lays the counters out in the order of `names`, into `self`'s own buffers.
    pub(crate) fn start(
        &mut self,
        policy: &Arc<str>,
        year: u16,
        names: &Arc<CounterNames>,
        from: Option<&YearToDate>,
    ) {
        if !Arc::ptr_eq(&self.policy, policy) {
            self.policy = Arc::clone(policy);
        }
        if !Arc::ptr_eq(&self.names, names) {
            self.names = Arc::clone(names);
        }
        self.year = year;
        self.bills = 0;
        self.carried.clear();
        self.amounts.clear();
        let Some(from) = from else {
            self.amounts.resize(names.len(), Money::ZERO);
            return;
        };
        self.bills = from.bills;
        if Arc::ptr_eq(&from.names, names) {
            self.amounts.extend_from_slice(&from.amounts);
            self.carried.extend_from_slice(&from.carried);
            return;
        }
        // A year that was read, or of another version or layer: what the policy's own counters do not take is carried on.
        self.amounts.resize(names.len(), Money::ZERO);
        for (name, amount) in from.counters() {
            let own = names
                .place(name)
                .and_then(|place| self.amounts.get_mut(place));
            match own {
                Some(own) => *own = amount,
                None => self.carried.push((name.into(), amount)),
            }
        }
        self.carried.sort_unstable();
    }
}

impl PartialEq for YearToDate {
    fn eq(&self, other: &Self) -> bool {
        YearData::from(self.clone()) == YearData::from(other.clone())
    }
}

impl Eq for YearToDate {}

/// The written form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearData {
    policy: String,
    year: u16,
    bills: u32,
    #[serde(deserialize_with = "counters")]
    counters: BTreeMap<String, Money>,
}

/// Counters by name, each once.
fn counters<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Money>, D::Error> {
    struct Counters;

    impl<'de> Visitor<'de> for Counters {
        type Value = BTreeMap<String, Money>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("counters by name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut counters = BTreeMap::new();
            while let Some((name, amount)) = map.next_entry::<String, Money>()? {
                if let Some(first) = counters.get(&name) {
                    return Err(A::Error::custom(format_args!(
                        "the counter `{name}` of a year to date is there twice: `{first}` and `{amount}`"
                    )));
                }
                counters.insert(name, amount);
            }
            Ok(counters)
        }
    }

    from.deserialize_map(Counters)
}

impl From<YearToDate> for YearData {
    fn from(year: YearToDate) -> Self {
        YearData {
            policy: year.policy.as_ref().into(),
            year: year.year,
            bills: year.bills,
            counters: year
                .counters()
                .map(|(name, amount)| (name.into(), amount))
                .collect(),
        }
    }
}

impl TryFrom<YearData> for YearToDate {
    type Error = String;

    fn try_from(data: YearData) -> Result<Self, String> {
        let mut year = YearToDate::new(&data.policy, data.year);
        year.bills = data.bills;
        for (name, amount) in data.counters {
            if amount < Money::ZERO {
                return Err(format!(
                    "the counter `{name}` of a year to date is negative: `{amount}`"
                ));
            }
            year.carried.push((name.into(), amount));
        }
        Ok(year)
    }
}
