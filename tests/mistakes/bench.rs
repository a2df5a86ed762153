//! What comes of a mistake: the rule file with it is checked with the files that it belongs to and their cases.

use crate::choices::made;
use crate::generate::bill_and_patient;
use crate::hints::Files;
use payer_split::check::Project;
use payer_split::{Bill, Case, Code, Line, Money, Patient, Policy, RuleBook, settle};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeSet;

/// Generated bills for each policy, besides those of its cases. `MISTAKES_BILLS` sets another number.
const BILLS: usize = 150;
/// The cost of a large line.
const LARGE: Money = Money::from_fen(1_000_000_000);
/// Random bytes for a bill and a patient.
const BYTES: usize = 500;

/// What came of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An error of loading or checking.
    Stopped(Code),
    /// A warning, and a bill settles otherwise.
    Warned(Code),
    /// Neither, but a case beside the files fails.
    Case,
    /// It loads, no case fails, and no bill was found that settles otherwise.
    Harmless,
    /// It loads without a word and no case fails, but a bill settles otherwise: this one.
    Unseen(String),
}

/// Files of one folder that belong together, with their cases, and bills to tell results apart by.
pub(crate) struct Bench {
    pub(crate) files: Vec<(String, String)>,
    cases: Vec<(String, String)>,
    policies: Vec<(Policy, Vec<Tried>)>,
}

/// A bill of a patient, and what it came to without the mistake.
type Tried = (Bill, Patient, Result);

/// What a bill came to: who pays how much by which step. To be refused for another reason is no other result.
#[derive(Debug, PartialEq)]
enum Result {
    Settled(Vec<(String, Money)>),
    Refused,
}

impl Bench {
    /// The shipped files, each with those that it extends or that extend it.
    pub(crate) fn all() -> Vec<Bench> {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/");
        let project = Project::read_dir(root).unwrap();
        let texts = |files: &mut dyn Iterator<Item = (&str, &[u8])>| -> Vec<(String, String)> {
            files
                .map(|(name, bytes)| {
                    let name = name.strip_prefix(root).unwrap_or(name).to_owned();
                    (name, String::from_utf8(bytes.to_vec()).unwrap())
                })
                .collect()
        };
        let mut left = texts(&mut project.rules());
        let cases = texts(&mut project.cases());
        let mut benches = Vec::new();
        while let Some(first) = left.pop() {
            let mut ids = ids(&first.1);
            let mut files = vec![first];
            while let Some(number) = left
                .iter()
                .position(|(_, text)| !self::ids(text).is_disjoint(&ids))
            {
                let file = left.remove(number);
                ids.extend(self::ids(&file.1));
                files.push(file);
            }
            files.sort();
            let of_these = cases.iter().filter(|(_, text)| {
                ids.iter()
                    .any(|id| text.contains(&format!("policy = \"{id}\"\n")))
            });
            benches.push(Bench::new(files, of_these.cloned().collect()));
        }
        benches.sort_by(|a, b| a.files.cmp(&b.files));
        benches
    }

    fn new(files: Vec<(String, String)>, cases: Vec<(String, String)>) -> Bench {
        let mut bench = Bench {
            files,
            cases,
            policies: Vec::new(),
        };
        let report = bench.project(None).check();
        assert!(
            report.passed() && report.diagnostics().is_empty(),
            "{}",
            report.diagnostics()
        );
        let bills = std::env::var("MISTAKES_BILLS").map_or(BILLS, |bills| bills.parse().unwrap());
        let hints = Files::new(bench.files.iter().map(|(_, text)| text.as_str()));
        let book = report.book();
        bench.policies = book
            .policies()
            .map(|policy| {
                let own = report.cases().iter().map(|(case, _)| case);
                let mut tried: Vec<Tried> = own
                    .filter(|case| case.policy == policy.id() && case.layer == policy.layer())
                    .flat_map(of_case)
                    .filter(|(bill, _)| policy.is_in_force(bill.date))
                    .map(|(bill, patient)| with_result(policy, bill, patient))
                    .collect();
                let hints = hints.hints(policy);
                let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
                let mut runner = TestRunner::new_with_rng(Config::default(), rng);
                let one = made(BYTES, |c| bill_and_patient(c, policy, &hints));
                for number in 0..bills {
                    let (mut bill, patient) = one.new_tree(&mut runner).unwrap().current();
                    // Some are too large for any hospital: they reach the last band and every limit.
                    if number % 5 == 0 {
                        bill.lines.push(Line::class_a("surgery", LARGE).unwrap());
                    }
                    tried.push(with_result(policy, bill, patient));
                }
                (policy.clone(), tried)
            })
            .collect();
        bench
    }

    /// The files with another text in the place of one, and the cases.
    pub(crate) fn project(&self, wrong: Option<(usize, &str)>) -> Project {
        let cases = self
            .cases
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        Project::from_texts(self.rules(wrong).chain(cases))
    }

    fn rules<'a>(
        &'a self,
        wrong: Option<(usize, &'a str)>,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().enumerate();
        files.map(move |(number, (name, text))| match wrong {
            Some((file, wrong)) if file == number => (name.as_str(), wrong),
            _ => (name.as_str(), text.as_str()),
        })
    }

    /// What comes of this text in the place of a file.
    pub(crate) fn outcome(&self, file: usize, text: &str) -> Outcome {
        let wrong = Some((file, text));
        match RuleBook::from_texts(self.rules(wrong)) {
            Err(problems) => {
                let first = problems.errors().next().map(|problem| problem.code());
                return Outcome::Stopped(first.unwrap());
            }
            // Blanks and the like: there is nothing to check.
            Ok(book) if self.is_same(&book) => return Outcome::Harmless,
            Ok(_) => {}
        }
        let report = self.project(wrong).check();
        let diagnostics = report.diagnostics();
        if let Some(error) = diagnostics.errors().next() {
            return Outcome::Stopped(error.code());
        }
        let failed = !report.passed();
        let warning = diagnostics.warnings().next();
        match (warning, failed) {
            (Some(warning), true) => Outcome::Warned(warning.code()),
            (None, true) => Outcome::Case,
            (warning, false) => match (warning, self.difference(report.book())) {
                (_, None) => Outcome::Harmless,
                (Some(warning), _) => Outcome::Warned(warning.code()),
                (None, Some(bill)) => Outcome::Unseen(bill),
            },
        }
    }

    fn is_same(&self, book: &RuleBook) -> bool {
        let mut policies = self.policies.iter().map(|(policy, _)| policy);
        let same = |policy: &Policy| book.named(&policy.full_name()) == Some(policy);
        policies.all(same) && book.policies().count() == self.policies.len()
    }

    /// A bill that settles otherwise under the other book.
    fn difference(&self, book: &RuleBook) -> Option<String> {
        self.policies.iter().find_map(|(old, tried)| {
            let name = old.full_name();
            let Some(new) = book.named(&name) else {
                return Some(format!("every bill of {name}"));
            };
            let mut tried = tried.iter().filter(|_| new != old);
            let (bill, patient, before) =
                tried.find(|(bill, patient, before)| result(new, bill, patient) != *before)?;
            let after = result(new, bill, patient);
            Some(format!("{name} {patient:?} {bill:?} {before:?} {after:?}"))
        })
    }
}

fn with_result(policy: &Policy, bill: Bill, patient: Patient) -> Tried {
    let before = result(policy, &bill, &patient);
    (bill, patient, before)
}

fn result(policy: &Policy, bill: &Bill, patient: &Patient) -> Result {
    match settle(policy, bill, patient) {
        Ok(settlement) => {
            let steps = settlement.steps();
            let paid = steps
                .filter(|step| step.amount() > Money::ZERO)
                .flat_map(|step| {
                    step.payers()
                        .map(|(payer, amount)| (format!("{} {}", step.id(), payer.id), amount))
                        .collect::<Vec<_>>()
                });
            let benefits = settlement
                .benefits()
                .map(|benefit| (benefit.id.clone(), Money::ZERO));
            // In whatever order the steps stand.
            let mut paid: Vec<(String, Money)> = paid.chain(benefits).collect();
            paid.sort();
            Result::Settled(paid)
        }
        Err(_) => Result::Refused,
    }
}

/// The bills of a case, each as if it were the first of the year.
fn of_case(case: &Case) -> impl Iterator<Item = (Bill, Patient)> {
    let bills = case.bills.iter().map(|(bill, _)| bill.clone());
    bills.map(|bill| (bill, case.patient.clone()))
}

/// The ids of a file: its own, and of those that it extends.
fn ids(text: &str) -> BTreeSet<String> {
    let root: toml::Table = toml::from_str(text).unwrap();
    let policy = root["policy"].as_table().unwrap();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    ids.extend(
        policy
            .get("id")
            .and_then(|id| id.as_str())
            .map(str::to_owned),
    );
    let extends = policy
        .get("extends")
        .into_iter()
        .flat_map(|names| match names {
            toml::Value::Array(names) => names.clone(),
            name => vec![name.clone()],
        });
    ids.extend(extends.filter_map(|name| Some(name.as_str()?.split('/').next()?.to_owned())));
    ids
}
