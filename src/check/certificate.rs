//! Certificates: the laws that concern one growing amount, shown for every fen of a bill.
//!
//! For one policy, [`certify`] finds every combination of facts that its conditions and tables can tell apart (its
//! *profiles*), and every kind of money that its steps can tell apart. For each profile and kind a bill of one line grows
//! from nothing to a highest amount, and at every fen six [claims](Claim) must hold.
//!
//! # Why not every fen needs to be settled
//!
//! Between the points at which a decision changes (a deductible is used up, a band or a limit is reached, a guarantee
//! begins to add) settling is nothing but sums, products with a fixed ratio, and roundings. To know where decisions may
//! change, every range is first settled with sums over an unknown amount instead of numbers; each comparison must come
//! out one way for the whole range, with every rounding allowed to lie anywhere within its unit. Where it may not, the
//! range is cut, and the small stretch around the point is settled fen by fen. (A comparison that stays within a rounding
//! of equal over the whole range, as of a guarantee that other payers meet but for a fen, becomes a number of the sum
//! that repeats.) What is left are ranges of two sorts.
//!
//! *Gentle* ones, nearly all: the patient's share is what is left after payments each of which is a ratio of what was
//! left before it, to the fen. With a fen more of the bill, what is left before a payment rises by nothing or a fen, so
//! that its product rises by a fen at most, and the rounded payment by nothing or a fen; and what is left after it, too,
//! rises by nothing or a fen. So the patient's share neither falls nor rises by more than the bill, whatever the
//! roundings do. Each payment lies between nothing and what is unpaid, and within its limits, by the comparisons
//! themselves. Here only some amounts are settled, those at both ends and some between, and the patient's share must be
//! what the sums give, to the fen.
//!
//! In the others a ratio is a fraction, so that after some number of fen, the *period*, every rounding falls the same way
//! again: each amount is then what it was a period before plus a fixed growth. The first two periods and the last are
//! settled: amounts grow in a straight line from period to period, so that a law that holds in the first and in the last
//! holds between. That the last period is the first plus its growth is checked on the way, as is that a range found to be
//! refused is refused at its ends.
//!
//! Tests compare both ways on whole policies: the pieces with every fen of them, and what a sweep of pieces finds with
//! what settling every fen finds.
//!
//! A certificate speaks of bills with one line of one kind, of a patient whose year has just begun, with every field
//! given.

mod linear;
mod pieces;
mod plan;
mod profiles;
mod sweep;

use super::Project;
use crate::laws::{self, Law};
use crate::line::{Line, Part};
use crate::load;
use crate::money::Money;
use crate::policy::Policy;
use crate::probe::{Kind, Probe};
use crate::sha256::sha256;
use plan::Plan;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use sweep::{Breach, Growing, sweep};

/// What must hold at every amount of a growing bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Claim {
    /// Law 1: all payers and the patient together pay the bill.
    Sums,
    /// Law 2: nobody pays less than nothing, and no step more than its base or than what was unpaid.
    Signs,
    /// Law 3: no limit is exceeded.
    Caps,
    /// Law 4: a guarantee that nothing bound is met.
    Floor,
    /// Law 6: a larger bill never makes the patient pay less.
    NoFall,
    /// Law 6, from the other side: the patient's share never rises by more than the bill, so that there is no cliff.
    NoJump,
    /// The certificate's own: what was worked out for a range is what settling gives.
    Exact,
}

impl Claim {
    /// All claims.
    pub const ALL: [Claim; 7] = [
        Claim::Sums,
        Claim::Signs,
        Claim::Caps,
        Claim::Floor,
        Claim::NoFall,
        Claim::NoJump,
        Claim::Exact,
    ];

    /// The law behind it; none behind the certificate's own.
    pub const fn law(self) -> Option<Law> {
        match self {
            Claim::Sums => Some(Law::Conservation),
            Claim::Signs => Some(Law::NoNegative),
            Claim::Caps => Some(Law::Limits),
            Claim::Floor => Some(Law::Guarantee),
            Claim::NoFall | Claim::NoJump => Some(Law::LargerBill),
            Claim::Exact => None,
        }
    }

    /// What it says.
    pub const fn sentence(self) -> &'static str {
        match self {
            Claim::Sums => "all payers and the patient together pay the bill",
            Claim::Signs => "nobody pays less than nothing, and no step more than there is",
            Claim::Caps => "no limit is exceeded",
            Claim::Floor => "guarantees are met",
            Claim::NoFall => "a larger bill never makes the patient pay less",
            Claim::NoJump => "the patient's share never rises by more than the bill",
            Claim::Exact => "what was worked out is what settling gives",
        }
    }
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Claimed {
    /// The claim.
    pub claim: Claim,
    /// Where it does not hold, undeclared: the smallest such bill.
    pub broken: Option<Flaw>,
    /// Where it does not hold and an exception of the rule file says so: the smallest such bill.
    pub declared: Option<Flaw>,
}

/// A bill for which a claim does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Flaw {
    /// The amount at which it shows.
    pub at: Money,
    /// What is wrong there.
    pub what: String,
    /// The id of the exception that declares it.
    pub exception: Option<String>,
    /// Ready cases: the bill, and before it the smaller one with which it is compared, as the rules settle them.
    pub cases: Vec<String>,
}

/// A rule file under a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CertifiedFile {
    /// Its name.
    pub name: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What was shown of one policy. See the [module's documentation](self) for what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Certificate {
    /// The policy's full name.
    pub policy: String,
    /// The version of this crate.
    pub version: String,
    /// The policy's files, the one that is extended before the one that extends it.
    pub files: Vec<CertifiedFile>,
    /// The highest amount of a bill; the lowest is nothing.
    pub most: Money,
    /// Combinations of facts that a bill and a patient can have.
    pub profiles: u64,
    /// Combinations of facts that no bill and patient were found to have.
    pub impossible: u64,
    /// Kinds of money (a kind of line and one of its parts).
    pub kinds: u64,
    /// Ways in which a bill is worked that differ among all profiles and kinds.
    pub plans: u64,
    /// Ranges of amounts with the same decisions, over all plans.
    pub pieces: u64,
    /// Bills that were settled.
    pub settled: u64,
    /// Bills, settled or not, that are refused because a figure that no source states is needed.
    pub refused: u64,
    /// Whether every combination was gone through.
    pub is_complete: bool,
    /// What came of each claim.
    pub claims: Vec<Claimed>,
}

impl Certificate {
    /// Whether every claim holds, but for declared exceptions, and every combination was gone through.
    pub fn holds(&self) -> bool {
        self.is_complete && self.claims.iter().all(|claimed| claimed.broken.is_none())
    }

    fn note(&mut self, policy: &Policy, growing: &Growing, breach: Breach) {
        let probe = growing.at(breach.at);
        let exception = breach.claim.law().and_then(|law| {
            laws::exception(
                law,
                policy,
                std::slice::from_ref(&probe.bill),
                &probe.patient,
            )
        });
        let Some(claimed) = self
            .claims
            .iter_mut()
            .find(|claimed| claimed.claim == breach.claim)
        else {
            return;
        };
        let place = match exception {
            Some(_) => &mut claimed.declared,
            None => &mut claimed.broken,
        };
        let at = Money::from_fen(breach.at);
        if place.as_ref().is_some_and(|known| known.at <= at) {
            return;
        }
        let amounts = breach.from.into_iter().chain([breach.at]);
        let cases = amounts.map(|fen| written(policy, &growing.at(fen), breach.claim));
        *place = Some(Flaw {
            at,
            what: breach.what,
            exception,
            cases: cases.collect(),
        });
    }
}

/// A bill as a case, with what the rules as they stand come to.
fn written(policy: &Policy, probe: &Probe, claim: Claim) -> String {
    let total = probe.bill.total().unwrap_or_default();
    let name = format!("{}: {total}", claim.sentence());
    let mut bench = crate::probe::Bench::default();
    let result = bench.settle(policy, probe);
    crate::probe::case(
        policy,
        &name,
        probe,
        result.as_ref().map(|settled| *settled),
    )
}

/// No policy of a project has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy of the project is called `{name}`: expected one of {known}")]
pub struct UnknownPolicy {
    name: String,
    known: String,
}

/// Certifies a policy of a project, by its full name, for bills up to an amount. `progress` is told how many plans are
/// done, and of how many.
///
/// # Errors
///
/// [`UnknownPolicy`] if no rule file of the project that loads has the name.
///
/// ```
/// use payer_split::Money;
/// use payer_split::check::{Project, certify};
///
/// let name = "county-6543/2020/assumed";
/// let certificate = certify(&Project::embedded(), name, Money::from_fen(500_000), |_, _| ())?;
/// assert!(certificate.holds());
/// assert!(certificate.profiles > 10);
/// # Ok::<(), payer_split::check::UnknownPolicy>(())
/// ```
pub fn certify(
    project: &Project,
    name: &str,
    most: Money,
    mut progress: impl FnMut(usize, usize),
) -> Result<Certificate, UnknownPolicy> {
    let loaded = load::load_placed(project.rules());
    let found = loaded
        .policies
        .iter()
        .find(|placed| placed.policy.full_name() == name);
    let Some(placed) = found else {
        let names = loaded.policies.iter();
        let names: Vec<String> = names
            .map(|placed| format!("`{}`", placed.policy.full_name()))
            .collect();
        return Err(UnknownPolicy {
            name: name.to_owned(),
            known: names.join(", "),
        });
    };
    let files = placed.files.iter().filter_map(|file| {
        let source = loaded.sources.get(*file)?;
        let mut rules = project.rules();
        let (name, bytes) = rules.find(|(name, _)| *name == source.name())?;
        Some(CertifiedFile {
            name: name.to_owned(),
            sha256: sha256(bytes),
        })
    });
    let mut certificate = Certificate {
        policy: name.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        files: files.collect(),
        most,
        profiles: 0,
        impossible: 0,
        kinds: 0,
        plans: 0,
        pieces: 0,
        settled: 0,
        refused: 0,
        is_complete: false,
        claims: Claim::ALL
            .map(|claim| Claimed {
                claim,
                broken: None,
                declared: None,
            })
            .to_vec(),
    };
    let policy = &placed.policy;
    let plans = plans(policy, &mut certificate);
    let total = plans.len();
    certificate.plans = u64::try_from(total).unwrap_or(u64::MAX);
    for (number, (plan, growing)) in plans.iter().enumerate() {
        progress(number, total);
        let swept = sweep(policy, plan, growing, most.fen());
        let sum = u64::saturating_add;
        certificate.pieces = sum(certificate.pieces, swept.pieces);
        certificate.settled = sum(certificate.settled, swept.visited);
        certificate.refused = sum(certificate.refused, swept.refused);
        for breach in swept.broken {
            certificate.note(policy, growing, breach);
        }
    }
    progress(total, total);
    Ok(certificate)
}

/// Every plan of a policy, with a bill that is worked so.
fn plans(policy: &Policy, certificate: &mut Certificate) -> Vec<(Plan, Growing)> {
    let found = profiles::profiles(policy);
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    certificate.profiles = count(found.probes.len());
    certificate.impossible = count(found.impossible);
    certificate.is_complete = !found.is_cut_short;
    let kinds: Vec<Line> = Kind::all(policy)
        .iter()
        .filter_map(|(_, kind)| kind.line(Money::from_fen(100)))
        .collect();
    certificate.kinds = count(kinds.len().saturating_mul(Part::ALL.len()));
    let mut known: HashSet<Plan> = HashSet::new();
    let mut plans = Vec::new();
    for probe in found.probes {
        let Some(figures) = plan::Figures::of(policy, &probe) else {
            continue;
        };
        for line in &kinds {
            for part in Part::ALL {
                let growing = Growing {
                    probe: probe.clone(),
                    line: line.clone(),
                    part,
                };
                let Some(plan) = figures.plan(policy, &growing.at(100)) else {
                    continue;
                };
                if known.insert(plan.clone()) {
                    plans.push((plan, growing));
                }
            }
        }
    }
    plans
}

impl fmt::Display for Certificate {
    /// The certificate as text: what was gone through, each claim, and for what does not hold the smallest bill.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} with payer-split {}", self.policy, self.version)?;
        for file in &self.files {
            writeln!(f, "  {}  {}", file.sha256, file.name)?;
        }
        writeln!(
            f,
            "  every fen from 0.00 to {}: {} profiles, {} kinds of money, {} plans",
            self.most, self.profiles, self.kinds, self.plans
        )?;
        writeln!(
            f,
            "  {} pieces, {} bills settled, {} refused for figures that no source states",
            self.pieces, self.settled, self.refused
        )?;
        if !self.is_complete {
            writeln!(
                f,
                "  NOT COMPLETE: there are more profiles than were gone through"
            )?;
        }
        for Claimed {
            claim,
            broken,
            declared,
        } in &self.claims
        {
            let verdict = match (broken, declared) {
                (Some(_), _) => "BROKEN",
                (None, Some(_)) => "declared",
                (None, None) => "holds",
            };
            writeln!(f, "  {verdict:<9} {}", claim.sentence())?;
            for flaw in broken.iter().chain(declared) {
                match &flaw.exception {
                    Some(id) => writeln!(f, "            exception `{id}`: {}", flaw.what)?,
                    None => writeln!(f, "            {}", flaw.what)?,
                }
                let cases = flaw.cases.iter().filter(|_| flaw.exception.is_none());
                for line in cases.flat_map(|case| case.lines().chain([""])) {
                    let line = format!("            {line}");
                    writeln!(f, "{}", line.trim_end())?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
