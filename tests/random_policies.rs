//! Random rule files: what is built is what is loaded, both engines settle by it alike, and the laws hold under it.
//!
//! Rule files are built of random choices over the whole language of the handbook ([`rules::build`]), printed as TOML in
//! one of the many ways in which it can be written ([`rules::print`]), and loaded. The bills are those of the second
//! engine's tests.
//!
//! Laws 1 to 5, 8 and 10 hold under every rule file. The others hold under those that do not say otherwise:
//!
//! - Law 6, a larger bill: under files in which every step covers the same money and works on what is unpaid of it.
//!   Left out: `base.of = "billed"` and `base.less`, `counting` and `not_counting` (two steps pay for the same yuan);
//!   `base.fixed` (the law excepts fixed prices); bands that apply to the whole amount (a step at an edge); a limit that
//!   is a share of money (several rise together with one line); shared limits, `together_with`, `within` and `with` (a
//!   guarantee that pays less frees a limit for a later step, and a deductible used here is not used there); a guarantee
//!   of other money than the step covers, and steps that cover different money (a payment after a deductible is divided
//!   in proportion, so that raising one line frees money of another).
//! - Law 7, what counts by the year: the law itself says which steps count by the year. Left out: `base.of = "billed"`
//!   (what is left unpaid of a bill bounds the payment).
//! - Law 9, one more poverty category: as for law 6, where what one step uses up may be worth more in another; besides,
//!   left out is `base.less_deductible_of` of a step for a category (its deductible lowers the base of another step only
//!   for who has the category), and a category stands only where it relieves: in `when` of a step, in the entries of a
//!   table that are no worse than `other`, in adjusts that relieve, and in `unless` of those that do not.
//!
//! A usual run builds 200 rule files for printing and loading, 60 of each sort for both engines, and 150 for each other
//! test, all from one seed, and settles 20 bills under each. The environment asks for more: `RANDOM_POLICIES` for a number
//! of rule files in every test, `RANDOM_BILLS` for a number of bills under each, `RANDOM_SEED` for another seed,
//! `RANDOM_SHRINK` for more or fewer attempts to make a counterexample smaller.

#[path = "mistakes/choices.rs"]
mod choices;
#[expect(
    dead_code,
    reason = "shared: other tests read directories and shrink bills"
)]
#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/divide.rs"]
mod divide;
#[path = "oracle/facts.rs"]
mod facts;
#[path = "oracle/figures.rs"]
mod figures;
#[path = "oracle/generate.rs"]
mod generate;
#[path = "oracle/merge.rs"]
mod merge;
#[path = "oracle/model.rs"]
mod model;
#[path = "oracle/read.rs"]
mod read;
#[path = "random_policies/rules.rs"]
mod rules;
#[path = "oracle/settle.rs"]
mod settle;
#[path = "oracle/steps.rs"]
mod steps;
#[path = "oracle/words.rs"]
mod words;
#[path = "oracle/work.rs"]
mod work;

use choices::{Choices, made};
use compare::{Pair, Tally, pairs_of, same_year};
use generate::{Palette, Random};
use payer_split::check::summary;
use payer_split::laws::{Law, Verdict};
use payer_split::{Bill, Layer, Patient, Policy, RuleBook};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rules::build::{self, Mode};
use rules::layer::layer;
use rules::model::Table;
use rules::print::print;
use rules::same;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Random bytes for a rule file.
const BYTES: usize = 4000;

/// A random rule file, perhaps with an assumption file over it, as data and as text.
struct Written {
    files: Vec<Table>,
    texts: Vec<String>,
    /// The same, printed otherwise.
    again: Vec<String>,
    seed: u64,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}\n{}", self.seed, self.texts.join("\n# ----\n"))
    }
}

fn written(c: &mut Choices, mode: Mode) -> Written {
    // The first bytes: what shrinks best comes last.
    let seed = c.below(u64::MAX);
    let stated = build::file(c, mode);
    let assumed = c.chance(35).then(|| layer(c, &stated, mode));
    let files: Vec<Table> = [stated].into_iter().chain(assumed).collect();
    let texts = files.iter().map(|file| print(file, c)).collect();
    let again = files.iter().map(|file| print(file, c)).collect();
    Written {
        files,
        texts,
        again,
        seed,
    }
}

fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).map_or(usual, |number| number.parse().unwrap())
}

fn for_every_file(
    mode: Mode,
    files: u32,
    property: impl Fn(&Written) -> Result<(), TestCaseError>,
) {
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: asked("RANDOM_SHRINK", 200),
        ..Config::with_cases(asked("RANDOM_POLICIES", files))
    };
    let seed = [asked("RANDOM_SEED", 1).to_le_bytes(); 4].concat();
    let rng = TestRng::from_seed(RngAlgorithm::XorShift, &seed);
    let values = made(BYTES, |c| written(c, mode));
    let result = TestRunner::new_with_rng(config, rng).run(&values, |written| property(&written));
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn book(texts: &[String]) -> Result<RuleBook, TestCaseError> {
    let names = ["stated.toml", "assumed.toml"];
    let texts = texts.iter().map(String::as_str);
    let book = RuleBook::from_texts(names.into_iter().zip(texts));
    book.map_err(|problems| TestCaseError::fail(problems.to_string()))
}

fn load_texts(texts: &[String]) -> Result<Vec<Policy>, TestCaseError> {
    Ok(book(texts)?.policies().cloned().collect())
}

fn load(written: &Written) -> Result<Vec<Pair>, TestCaseError> {
    Ok(pairs_of(&book(&written.texts)?, &written.texts))
}

/// Years of random bills, of this many bills in all.
fn years(pair: &Pair, seed: u64, bills: u32) -> Vec<(Vec<Bill>, Patient)> {
    let palette = Palette::new(&pair.plain, &pair.table);
    let mut random = Random(seed);
    let mut years: Vec<(Vec<Bill>, Patient)> = Vec::new();
    let bills = usize::try_from(bills).unwrap();
    while years.iter().map(|(bills, _)| bills.len()).sum::<usize>() < bills {
        years.push(palette.year(&mut random));
    }
    years
}

/// TOML reads what was built; the crate loads it without an error, as what was built, and again as the same however it is
/// printed.
#[test]
fn what_is_printed_is_read() {
    for_every_file(Mode::Any, 200, |written| {
        for (file, text) in written.files.iter().zip(&written.texts) {
            let read: toml::Table = text
                .parse()
                .unwrap_or_else(|error| panic!("{error}\n{text}"));
            let same = rules::model::Value::from(file.clone()).is(&toml::Value::Table(read));
            prop_assert!(same, "TOML reads something else");
        }
        let policies = load_texts(&written.texts)?;
        prop_assert_eq!(policies.len(), written.files.len());
        for policy in &policies {
            let files = match policy.layer() {
                Layer::Stated => &written.files[..1],
                Layer::Assumed => &written.files[..],
            };
            let difference = same::difference(policy, &files.iter().collect::<Vec<_>>());
            prop_assert!(difference.is_none(), "{}", difference.unwrap());
        }
        // However it is printed, the same is loaded.
        let again = load_texts(&written.again)?;
        for (policy, again) in policies.iter().zip(&again) {
            prop_assert_eq!(told(policy), told(again));
        }
        Ok(())
    });
}

/// All that a policy tells of itself. Its citations stand in the order of the text; the order of keys means nothing.
fn told(policy: &Policy) -> (String, String, Vec<String>, Vec<&str>) {
    let citations = policy.citations().iter();
    let mut citations: Vec<String> = citations
        .map(|citation| format!("{} {citation}", citation.what))
        .collect();
    citations.sort();
    let said = summary(policy);
    (said.zh(), said.en(), citations, policy.counters().collect())
}

/// Both engines settle, or refuse, the same bills alike.
#[test]
fn both_engines_settle_alike() {
    let tally = RefCell::new(Tally::default());
    for mode in Mode::ALL {
        for_every_file(mode, 60, |written| {
            for pair in load(written)? {
                for (bills, patient) in years(&pair, written.seed, asked("RANDOM_BILLS", 20)) {
                    let found = same_year(&pair, &bills, &patient, &mut tally.borrow_mut());
                    let year = || serde_json::to_string(&(&patient, &bills)).unwrap();
                    prop_assert!(found.is_none(), "{}\n{}", found.unwrap(), year());
                }
            }
            Ok(())
        });
    }
    let tally = tally.into_inner();
    println!("{} bills: {tally:?}", tally.bills());
    assert!(tally.settled * 10 >= tally.bills() * 4, "{tally:?}");
}

/// How often a law was kept, and how often it said nothing.
type Counts = BTreeMap<Law, (u32, u32)>;

/// Checks laws over random years of random rule files; a break is the year and what is wrong.
fn keep(mode: Mode, laws: &[Law], files: u32) {
    let counts = RefCell::new(Counts::new());
    for_every_file(mode, files, |written| {
        for pair in load(written)? {
            for (bills, patient) in years(&pair, written.seed, asked("RANDOM_BILLS", 20)) {
                for law in laws {
                    let verdict = law.check(&pair.policy, &bills, &patient);
                    let mut counts = counts.borrow_mut();
                    let (kept, silent) = counts.entry(*law).or_default();
                    match verdict {
                        Verdict::Kept => *kept += 1,
                        Verdict::Silent => *silent += 1,
                        Verdict::Broken(found) => {
                            let year = serde_json::to_string(&*found).unwrap();
                            return Err(TestCaseError::fail(format!("{found}\n{year}")));
                        }
                    }
                }
            }
        }
        Ok(())
    });
    println!("{mode:?}: {counts:?}");
    for (law, (kept, silent)) in counts.into_inner() {
        assert!(
            kept > 0 && kept * 10 >= silent,
            "{law}: kept {kept}, silent {silent}"
        );
    }
}

#[test]
fn laws_1_to_5_8_and_10_hold_under_every_file() {
    let laws = [
        Law::Conservation,
        Law::NoNegative,
        Law::Limits,
        Law::Guarantee,
        Law::Lines,
        Law::Determinism,
        Law::NoPanic,
    ];
    keep(Mode::Any, &laws, 150);
}

#[test]
fn law_6_a_larger_bill() {
    keep(Mode::LargerBill, &[Law::LargerBill], 150);
}

#[test]
fn law_7_annual_steps() {
    keep(Mode::Year, &[Law::AnnualSteps], 150);
}

#[test]
fn law_9_poverty() {
    keep(Mode::Poverty, &[Law::Poverty], 150);
}
