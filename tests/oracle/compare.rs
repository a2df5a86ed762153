//! Both engines on one bill.

use crate::merge;
use crate::model::{Policy as Plain, Q, q};
use crate::read::read;
use crate::settle::{Outcome, Year, settle};
use payer_split::{Bill, Money, Patient, Policy, RuleBook, Settlement, YearToDate};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

/// One rule file, as each engine reads it.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) policy: Policy,
    pub(crate) plain: Plain,
    pub(crate) table: toml::Table,
}

/// Every rule file below a directory.
pub(crate) fn pairs(directory: &Path) -> Vec<Pair> {
    let book = RuleBook::read_dir(directory).unwrap_or_else(|error| panic!("{error}"));
    pairs_of(&book, &merge::texts(directory))
}

/// The rule files of a book, of which these are the texts.
pub(crate) fn pairs_of(book: &RuleBook, texts: &[String]) -> Vec<Pair> {
    let mut tables = merge::policies(texts);
    let pairs: Vec<Pair> = book
        .policies()
        .map(|policy| {
            let table = tables.remove(&policy.full_name());
            let table = table.expect("the same full name");
            Pair {
                policy: policy.clone(),
                plain: read(&table),
                table,
            }
        })
        .collect();
    assert!(tables.is_empty(), "not loaded: {:?}", tables.keys());
    pairs
}

fn fen(money: Money) -> Q {
    q(money.fen())
}

fn year(year: &YearToDate) -> Year {
    let counters = year
        .counters()
        .map(|(name, amount)| (name.to_owned(), fen(amount)));
    Year {
        policy: year.policy().to_owned(),
        year: year.year(),
        bills: year.bills(),
        counters: counters.collect(),
    }
}

/// The differences between two tables in which what is absent is zero.
fn amounts(
    found: &mut String,
    what: &str,
    ours: &BTreeMap<String, Q>,
    theirs: &BTreeMap<String, Q>,
) {
    let zero = q(0);
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for name in names {
        let amount = |table: &BTreeMap<String, Q>| table.get(name).unwrap_or(&zero).clone();
        unequal(
            found,
            &format!("{what} {name}"),
            &amount(ours),
            &amount(theirs),
        );
    }
}

/// A number as a person would write it.
fn plain(text: &str) -> String {
    text.replace("Ratio { numer: ", "")
        .replace(", denom: 1 }", "")
}

fn unequal<T: PartialEq + Debug>(found: &mut String, what: &str, ours: &T, theirs: &T) {
    if ours != theirs {
        let difference = format!("\n    {what}: oracle {ours:?}, engine {theirs:?}");
        *found += &plain(&difference);
    }
}

fn differences(ours: &Outcome, theirs: &Settlement) -> String {
    let mut found = String::new();
    unequal(&mut found, "patient", &ours.patient, &fen(theirs.patient()));
    let payers = theirs
        .payers()
        .map(|(payer, amount)| (payer.id.clone(), fen(amount)));
    amounts(&mut found, "payer", &ours.payers, &payers.collect());
    let steps = theirs
        .steps()
        .map(|step| (step.id().to_owned(), fen(step.amount())));
    amounts(&mut found, "step", &ours.steps, &steps.collect());
    let deductibles = theirs
        .steps()
        .map(|step| (step.id().to_owned(), fen(step.deductible())));
    amounts(
        &mut found,
        "deductible",
        &ours.deductibles,
        &deductibles.collect(),
    );
    let benefits: Vec<String> = theirs
        .benefits()
        .map(|benefit| benefit.id.clone())
        .collect();
    unequal(&mut found, "benefits", &ours.benefits, &benefits);
    let lines: Vec<Vec<Q>> = theirs
        .lines()
        .map(|line| line.amounts().iter().copied().map(fen).collect())
        .collect();
    unequal(&mut found, "lines", &ours.lines, &lines);
    let after = year(theirs.year_to_date());
    amounts(&mut found, "counter", &ours.year.counters, &after.counters);
    let head = |year: &Year| (year.policy.clone(), year.year, year.bills);
    unequal(&mut found, "year", &head(&ours.year), &head(&after));
    found
}

/// Settles a bill twice. Agreed: the new year to date, or the kind of refusal. Otherwise: what differs.
pub(crate) fn same(
    pair: &Pair,
    bill: &Bill,
    patient: &Patient,
) -> Result<Result<YearToDate, &'static str>, String> {
    let before = patient.year_to_date.as_ref().map(year);
    let ours = settle(&pair.plain, bill, patient, before.as_ref());
    let theirs = payer_split::settle(&pair.policy, bill, patient);
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => {
            let found = differences(&ours, &theirs);
            match found.is_empty() {
                true => Ok(Ok(theirs.year_to_date().clone())),
                false => Err(found),
            }
        }
        (Err(ours), Err(theirs)) if ours.kind == theirs.kind() => Ok(Err(ours.kind)),
        (Err(ours), Err(theirs)) => Err(format!(
            "oracle {}: {}, engine {theirs}",
            ours.kind, ours.why
        )),
        (Err(ours), Ok(_)) => Err(format!("oracle refuses {}: {}", ours.kind, ours.why)),
        (Ok(_), Err(theirs)) => Err(format!("engine refuses: {theirs}")),
    }
}

/// How the bills of a year came out: how many were settled, and each refusal.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) settled: usize,
    pub(crate) refused: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(crate) fn bills(&self) -> usize {
        self.settled + self.refused.values().sum::<usize>()
    }
}

/// Settles a year of bills twice, one after the other. The first difference, if there is one.
pub(crate) fn same_year(
    pair: &Pair,
    bills: &[Bill],
    patient: &Patient,
    tally: &mut Tally,
) -> Option<String> {
    let mut patient = patient.clone();
    for bill in bills {
        match same(pair, bill, &patient) {
            Ok(Ok(year)) => {
                tally.settled += 1;
                patient.year_to_date = Some(year);
            }
            Ok(Err(kind)) => *tally.refused.entry(kind).or_default() += 1,
            Err(difference) => return Some(difference),
        }
    }
    None
}

/// Takes away whatever can be taken away while the engines still differ.
pub(crate) fn shrink(pair: &Pair, bills: &mut Vec<Bill>, patient: &mut Patient) -> String {
    let differ =
        |bills: &[Bill], patient: &Patient| same_year(pair, bills, patient, &mut Tally::default());
    let mut found = differ(bills, patient).expect("a difference");
    loop {
        let mut smaller: Vec<(Vec<Bill>, Patient)> = Vec::new();
        for number in 0..bills.len() {
            let mut fewer = bills.clone();
            fewer.remove(number);
            smaller.push((fewer, patient.clone()));
            let mut change = |change: &dyn Fn(&mut Bill) -> bool| {
                let mut changed = bills.clone();
                if change(&mut changed[number]) {
                    smaller.push((changed, patient.clone()));
                }
            };
            for line in 0..bills[number].lines.len() {
                change(&|bill| {
                    bill.lines.remove(line);
                    !bill.lines.is_empty()
                });
            }
            change(&|bill| bill.diagnoses.pop().is_some());
            change(&|bill| bill.marks.pop().is_some());
            change(&|bill| bill.facility.marks.pop().is_some());
            change(&|bill| bill.outpatient_disease.take().is_some());
        }
        let mut change = |change: &dyn Fn(&mut Patient) -> bool| {
            let mut changed = patient.clone();
            if change(&mut changed) {
                smaller.push((bills.clone(), changed));
            }
        };
        change(&|patient| patient.categories.pop().is_some());
        change(&|patient| patient.enrolments.pop().is_some());
        change(&|patient| patient.certificates.pop().is_some());
        let next = smaller.into_iter().find_map(|(bills, patient)| {
            let difference = differ(&bills, &patient)?;
            Some((bills, patient, difference))
        });
        let Some(next) = next else {
            return found;
        };
        (*bills, *patient, found) = next;
    }
}
