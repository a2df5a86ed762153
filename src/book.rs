//! The rule book: many policies, found by id, or by region and date.

use crate::date::Date;
use crate::load;
#[cfg(feature = "seal")]
use crate::load::texts::{RuleText, rule_texts};
use crate::policy::Policy;
use crate::policy::info::Layer;
use crate::text::Diagnostics;
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;

/// Policies loaded together, so that they may extend one another.
///
/// ```
/// use payer_split::{Layer, RuleBook};
///
/// let book = RuleBook::embedded();
/// assert!(book.policies().count() >= 9);
/// assert!(book.find("430304", "2020-06-01".parse()?, Layer::Stated).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct RuleBook {
    policies: Vec<Policy>,
    /// By region code, by id and by full name: the numbers of the policies, in the order of loading.
    regions: Index,
    ids: Index,
    names: Index,
    diagnostics: Diagnostics,
    /// By policy: the texts that it was loaded from; empty if they are not known.
    #[cfg(feature = "seal")]
    texts: Vec<Vec<RuleText>>,
}

/// Numbers of policies by a text of theirs.
type Index = BTreeMap<Box<str>, Vec<usize>>;

/// Lists the policies by their texts.
fn index<'a, T: AsRef<str>>(policies: &'a [Policy], texts: impl Fn(&'a Policy) -> Vec<T>) -> Index {
    let mut index = Index::new();
    for (number, policy) in policies.iter().enumerate() {
        for text in texts(policy) {
            let numbers = index.entry(text.as_ref().into()).or_default();
            // A region may be given twice.
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
    index
}

impl RuleBook {
    /// Loads rule files given as (name, text). The name is what messages call the file; it is not opened.
    ///
    /// # Errors
    ///
    /// Every problem of every file, when one of them is an error.
    ///
    /// ```
    /// use payer_split::RuleBook;
    ///
    /// let problems = RuleBook::from_texts([("county.toml", "[policy]\nid = 7")]).unwrap_err();
    /// assert!(problems.iter().any(|problem| problem.line() == Some(2)));
    /// ```
    pub fn from_texts<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<RuleBook, Diagnostics> {
        RuleBook::from_bytes(
            files
                .into_iter()
                .map(|(name, text)| (name, text.as_bytes())),
        )
    }

    /// Like [`from_texts`](Self::from_texts), with the bytes of files that may not be UTF-8.
    ///
    /// # Errors
    ///
    /// As [`from_texts`](Self::from_texts).
    pub fn from_bytes<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<RuleBook, Diagnostics> {
        let loaded = load::load_placed(files);
        #[cfg(feature = "seal")]
        let texts = rule_texts(&loaded);
        let (policies, diagnostics) = loaded.finish();
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        Ok(RuleBook {
            #[cfg(feature = "seal")]
            texts,
            ..RuleBook::with(policies, diagnostics)
        })
    }

    /// A book of policies loaded before.
    pub(crate) fn of(policies: Vec<Policy>) -> RuleBook {
        RuleBook::with(policies, Diagnostics::default())
    }

    fn with(policies: Vec<Policy>, diagnostics: Diagnostics) -> RuleBook {
        RuleBook {
            regions: index(&policies, |policy| policy.regions().collect()),
            ids: index(&policies, |policy| vec![policy.id()]),
            names: index(&policies, |policy| vec![policy.full_name()]),
            policies,
            diagnostics,
            #[cfg(feature = "seal")]
            texts: Vec::new(),
        }
    }

    /// The policies that an index lists under a text.
    fn listed<'a>(
        &'a self,
        index: &'a Index,
        text: &str,
    ) -> impl Iterator<Item = &'a Policy> + Clone {
        let numbers = index.get(text).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| self.policies.get(*number))
    }

    /// The warnings of loading.
    pub fn warnings(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// Every policy, in the order of loading.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter()
    }

    /// The policy with this full name: `id/version`, or `id/version/assumed`.
    pub fn named(&self, full_name: &str) -> Option<&Policy> {
        self.listed(&self.names, full_name).next()
    }

    /// The rule files that the policy of that full name was loaded from, with the hashes of their texts: what is extended
    /// first, the policy's own last. Empty if the book has no such policy.
    ///
    /// ```
    /// # let book = payer_split::RuleBook::embedded();
    /// let policy = book.named("yuetang/2019/assumed").ok_or("no such policy")?;
    /// let names: Vec<&str> = book.texts(policy).iter().map(|text| &*text.policy).collect();
    /// assert_eq!(names, ["yuetang/2019", "yuetang/2019/assumed"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "seal")]
    pub fn texts(&self, policy: &Policy) -> &[RuleText] {
        let numbers = self.names.get(&*policy.full_name());
        let number = numbers.and_then(|numbers| numbers.first());
        let texts = number.and_then(|number| self.texts.get(*number));
        texts.map_or(&[], Vec::as_slice)
    }

    /// The version of a region's policy that is in force on a day.
    ///
    /// # Errors
    ///
    /// [`FindError`] when no policy serves the region in this layer, or when none of its versions is in force on that
    /// day: a gap is never filled with an older version.
    pub fn find(&self, region: &str, day: Date, layer: Layer) -> Result<&Policy, FindError> {
        self.in_force("region", region, day, layer, &self.regions)
    }

    /// The version of the policy with this id that is in force on a day.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find).
    pub fn find_id(&self, id: &str, day: Date, layer: Layer) -> Result<&Policy, FindError> {
        self.in_force("id", id, day, layer, &self.ids)
    }

    fn in_force<'a>(
        &'a self,
        by: &'static str,
        name: &str,
        day: Date,
        layer: Layer,
        index: &'a Index,
    ) -> Result<&'a Policy, FindError> {
        let listed = self.listed(index, name);
        let versions = listed.filter(|policy| policy.layer() == layer);
        let mut found = versions.clone().filter(|policy| policy.is_in_force(day));
        match (found.next(), found.next()) {
            (Some(policy), None) => Ok(policy),
            (Some(first), Some(second)) => Err(FindError::Several {
                by,
                name: name.into(),
                day,
                first: first.full_name(),
                second: second.full_name(),
            }),
            (None, _) if versions.clone().next().is_none() => {
                // A code that is nearly the same is another county: only ids are suggested.
                let ids = self.policies.iter().map(Policy::id).filter(|_| by == "id");
                let suggestion = crate::suggest::suggest(name, ids).map(str::to_owned);
                Err(FindError::Unknown {
                    by,
                    name: name.into(),
                    layer: layer.id(),
                    suggestion,
                })
            }
            (None, _) => {
                let mut periods: Vec<(Date, Option<Date>, String)> = versions
                    .map(|policy| (policy.from(), policy.to(), policy.full_name()))
                    .collect();
                periods.sort();
                Err(FindError::Gap {
                    by,
                    name: name.into(),
                    day,
                    versions: Periods(periods),
                })
            }
        }
    }
}

/// Why no policy was found.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FindError {
    /// Nothing serves the region, or has the id, in this layer.
    #[error("unknown {by} `{name}` in the {layer} layer{}", .suggestion.as_deref().map_or_else(String::new, |known| format!("; did you mean `{known}`?")))]
    Unknown {
        /// `region` or `id`.
        by: &'static str,
        /// What was asked for.
        name: String,
        /// The layer.
        layer: &'static str,
        /// A known one that is nearly the same.
        suggestion: Option<String>,
    },
    /// There are versions, but none in force on the day.
    #[error("no version of the {by} `{name}` is in force on {day}: {versions}")]
    Gap {
        /// `region` or `id`.
        by: &'static str,
        /// What was asked for.
        name: String,
        /// The day.
        day: Date,
        /// The versions there are, by date.
        versions: Periods,
    },
    /// Policies with different ids serve the region on the day.
    #[error(
        "both `{first}` and `{second}` serve the {by} `{name}` on {day}: ask for one by its id"
    )]
    Several {
        /// `region` or `id`.
        by: &'static str,
        /// What was asked for.
        name: String,
        /// The day.
        day: Date,
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
}

/// The periods of some versions, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periods(Vec<(Date, Option<Date>, String)>);

impl fmt::Display for Periods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (from, to, name)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match to {
                Some(to) => write!(f, "`{name}` from {from} to {to}")?,
                None => write!(f, "`{name}` from {from} on")?,
            }
        }
        Ok(())
    }
}
