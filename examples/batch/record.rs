//! A bill as it is read: with its id, where its policy is to be found, and whose it is.

use payer_split::{Bill, Layer, Patient, Policy, RuleBook};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A bill, its patient, and the policy to settle it by: a line of JSON Lines, or some rows of CSV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) layer: Option<Layer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
    pub(crate) bill: Bill,
    pub(crate) patient: Patient,
}

/// Why a bill is rejected: a stable word to group by, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: &'static str,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(kind: &'static str, reason: impl Into<String>) -> Problem {
        let reason = reason.into();
        Problem { kind, reason }
    }
}

/// Reads a line of JSON.
pub(crate) fn from_json(line: &str) -> Result<Record, Problem> {
    serde_json::from_str(line).map_err(|error| {
        let kind = match error.is_data() {
            true => "not-a-bill",
            false => "not-json",
        };
        // A record is one line, and its number stands beside the reason.
        let place = format!(" at line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let reason = match text.strip_suffix(&place) {
            Some(reason) => format!("column {}: {reason}", error.column()),
            None => text,
        };
        Problem::new(kind, reason)
    })
}

/// A policy of a rule book, with its place there.
#[derive(Debug, Clone)]
pub(crate) struct Known<'a> {
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) policy: &'a Policy,
}

/// The policies of a rule book by region and by id, so that finding one takes the same time among three thousand
/// counties as among nine.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    book: &'a RuleBook,
    policies: Vec<Known<'a>>,
    by_region: HashMap<&'a str, Vec<usize>>,
    by_id: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(book: &'a RuleBook) -> Index<'a> {
        let mut index = Index {
            book,
            policies: Vec::new(),
            by_region: HashMap::new(),
            by_id: HashMap::new(),
        };
        for (number, policy) in book.policies().enumerate() {
            for region in policy.regions() {
                index.by_region.entry(region).or_default().push(number);
            }
            index.by_id.entry(policy.id()).or_default().push(number);
            let name = policy.full_name();
            index.policies.push(Known {
                number,
                name,
                policy,
            });
        }
        index
    }

    /// Every policy, in the order of the book.
    pub(crate) fn policies(&self) -> &[Known<'a>] {
        &self.policies
    }

    /// The policy in force for a record: of the layer that it names, else with assumptions where there is such a layer.
    pub(crate) fn find(&self, record: &Record) -> Result<&Known<'a>, Problem> {
        match record.layer {
            Some(layer) => self.find_in(record, layer),
            None => self
                .find_in(record, Layer::Assumed)
                .or_else(|_| self.find_in(record, Layer::Stated)),
        }
    }

    fn find_in(&self, record: &Record, layer: Layer) -> Result<&Known<'a>, Problem> {
        let day = record.bill.date;
        let versions = match (&record.region, &record.policy) {
            (Some(region), None) => self.by_region.get(region.as_str()),
            (None, Some(id)) => self.by_id.get(id.as_str()),
            _ => {
                let reason = "expected either `region` or `policy`";
                return Err(Problem::new("no-policy", reason));
            }
        };
        let mut found = versions
            .into_iter()
            .flatten()
            .filter_map(|&number| self.policies.get(number))
            .filter(|known| known.policy.layer() == layer && known.policy.is_in_force(day));
        if let (Some(known), None) = (found.next(), found.next()) {
            return Ok(known);
        }
        // The book itself says why there is none, or not just one.
        let asked = match (&record.region, &record.policy) {
            (Some(region), _) => self.book.find(region, day, layer),
            (None, id) => self
                .book
                .find_id(id.as_deref().unwrap_or_default(), day, layer),
        };
        let reason = asked.err().map(|error| error.to_string());
        Err(Problem::new("no-policy", reason.unwrap_or_default()))
    }
}
