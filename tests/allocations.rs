//! Settling into a reused result takes nothing from the heap, once bills of the kind were seen: no policy, no patient, no
//! year to date and no form of the result does.

use allocation_counter::measure;
use payer_split::strategies::year_and_patient;
use payer_split::{
    Bill, Case, Category, Detail, Held, Icd10, Layer, Mark, Money, Patient, PayerKind, Policy,
    RuleBook, Settlement, Workspace, YearToDate, settle,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::path::Path;

/// A bill that settles, with its patient and what it comes to.
struct Input<'a> {
    policy: &'a Policy,
    bill: Bill,
    patient: Patient,
    settlement: Settlement,
}

/// Settles a year of bills, the year to date carried. What is refused is left out: a refusal says why, on the heap.
fn year<'a>(
    bills: impl IntoIterator<Item = (&'a Policy, Bill)>,
    mut patient: Patient,
) -> Vec<Input<'a>> {
    let mut inputs = Vec::new();
    for (policy, bill) in bills {
        let Ok(settlement) = settle(policy, &bill, &patient) else {
            continue;
        };
        let after = settlement.year_to_date().clone();
        inputs.push(Input {
            policy,
            bill,
            patient: patient.clone(),
            settlement,
        });
        patient.year_to_date = Some(after);
    }
    inputs
}

/// The bills of all cases below a directory, under the rule files of the book.
fn of_cases<'a>(book: &'a RuleBook, directory: &str) -> Vec<Input<'a>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let cases = Case::read_dir(&path).unwrap();
    let inputs = cases.into_iter().flat_map(|case| {
        let (id, layer) = (case.policy, case.layer);
        let bills = case.bills.into_iter().filter_map(move |(bill, _)| {
            let policy = book.find_id(&id, bill.date, layer).ok()?;
            Some((policy, bill))
        });
        year(bills, case.patient)
    });
    inputs.collect()
}

/// Bills made up for a policy: for each of its steps, tables and adjustments, at its thresholds, in years of two to six.
fn made_up(policy: &Policy, years: usize) -> Vec<Input<'_>> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::XorShift);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = year_and_patient(policy);
    let years = (0..years).flat_map(|_| {
        let (bills, patient) = strategy.new_tree(&mut runner).unwrap().current();
        year(bills.into_iter().map(|bill| (policy, bill)), patient)
    });
    years.collect()
}

/// A year to date as it comes from where it was stored.
fn read(year: &YearToDate) -> YearToDate {
    serde_json::from_str(&serde_json::to_string(year).unwrap()).unwrap()
}

/// How many counters of the year to date the policy does not know. They are copied by name, into the same year.
fn unknown(input: &Input<'_>) -> u64 {
    let year = input.patient.year_to_date.iter();
    let year = year.filter(|year| year.year() == input.bill.date.year());
    let counters = year.flat_map(YearToDate::counters);
    let unknown = counters.filter(|(name, _)| !input.policy.counters().any(|own| own == *name));
    unknown.map(|_| 1).sum()
}

/// How much settling a bill takes from the heap, with the result that comes out.
fn settled<'a>(
    workspace: &'a mut Workspace,
    input: &Input<'_>,
    detail: Detail,
) -> (u64, &'a Settlement) {
    let mut result = None;
    let taken = measure(|| {
        result = workspace
            .settle(input.policy, &input.bill, &input.patient, detail)
            .ok();
    });
    (taken.count_total, result.expect("it settled before"))
}

/// Settles every bill in both forms; then again, and looks that this takes nothing from the heap but the names of
/// counters that the policy does not know.
fn takes_nothing(inputs: &[Input<'_>]) {
    let mut workspace = Workspace::new();
    for is_first in [true, false] {
        for detail in [Detail::Lines, Detail::Totals] {
            for input in inputs {
                let (taken, settlement) = settled(&mut workspace, input, detail);
                assert_eq!(settlement.patient(), input.settlement.patient());
                assert!(
                    is_first || taken == unknown(input),
                    "{taken} allocations with {detail:?} under `{}` for {:#?} {:#?}",
                    input.policy.full_name(),
                    input.bill,
                    input.patient,
                );
            }
        }
    }
}

/// How many of the inputs are such.
fn count(inputs: &[Input<'_>], is_such: fn(&Input<'_>) -> bool) -> usize {
    inputs.iter().filter(|input| is_such(input)).count()
}

/// With a year to date, of several diagnoses, at a marked facility, and with a waiver by the hospital.
fn has_year(input: &Input<'_>) -> bool {
    input.patient.year_to_date.is_some()
}

fn has_several_diagnoses(input: &Input<'_>) -> bool {
    input.bill.diagnoses.len() > 1
}

fn is_marked(input: &Input<'_>) -> bool {
    !input.bill.facility.marks.is_empty()
}

fn is_waived(input: &Input<'_>) -> bool {
    let mut payers = input.settlement.payers();
    payers.any(|(payer, amount)| payer.kind == PayerKind::Hospital && amount > Money::ZERO)
}

#[test]
fn the_bills_of_all_cases() {
    let mut all = Vec::new();
    let books = ["rules", "tests/mechanisms"].map(|directory| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        (directory, RuleBook::read_dir(&path).unwrap())
    });
    for (directory, book) in &books {
        all.extend(of_cases(book, directory));
    }
    let found = [
        has_year as fn(&Input<'_>) -> bool,
        has_several_diagnoses,
        is_marked,
        is_waived,
    ]
    .map(|is_such| count(&all, is_such));
    let enough =
        all.len() > 1_300 && found[0] > 240 && found[1] > 4 && found[2] > 2 && found[3] > 50;
    assert!(enough, "{} bills, {found:?}", all.len());
    takes_nothing(&all);
}

#[test]
fn bills_made_up_for_all_shipped_policies() {
    let book = RuleBook::embedded();
    for policy in book.policies() {
        let inputs = made_up(policy, 60);
        // Where the sources do not state the figures, most bills are refused.
        let with_year = count(&inputs, has_year);
        let is_assumed = policy.layer() == Layer::Assumed;
        assert!(
            !is_assumed || with_year > 80,
            "{}: {with_year}",
            policy.full_name()
        );
        takes_nothing(&inputs);
    }
}

/// The same bills, each of several diagnoses, at a facility with all marks, and for a patient of several categories.
#[test]
fn several_diagnoses_marks_and_categories() {
    let book = RuleBook::embedded();
    let codes = ["K80.1", "I63.9", "C34.9", "A15.0", "Q21.0", "H25.1"].map(|code| code.parse());
    let codes: Vec<Icd10> = codes.into_iter().collect::<Result<_, _>>().unwrap();
    for policy in book
        .policies()
        .filter(|policy| policy.layer() == Layer::Assumed)
    {
        let inputs = made_up(policy, 30).into_iter().filter_map(|mut input| {
            input.bill.diagnoses.extend(codes.iter().cloned());
            let marks = Mark::WORDS.iter().map(|word| Mark::named(word.id));
            input.bill.facility.marks = marks.collect();
            let also = [Category::REGISTERED_POOR, Category::MINIMUM_LIVING];
            let categories = also.into_iter().map(Held::always);
            input.patient.categories.extend(categories);
            input.settlement = settle(policy, &input.bill, &input.patient).ok()?;
            Some(input)
        });
        let inputs: Vec<_> = inputs.collect();
        assert!(
            inputs.len() > 50,
            "{}: {}",
            policy.full_name(),
            inputs.len()
        );
        takes_nothing(&inputs);
    }
}

/// Also where the bills of all policies come mixed, into one result.
#[test]
fn policies_in_turn() {
    let book = RuleBook::embedded();
    let mut inputs: Vec<_> = (book.policies().map(|policy| made_up(policy, 5)))
        .flat_map(|of_policy| of_policy.into_iter().enumerate())
        .collect();
    inputs.sort_by_key(|(number, _)| *number);
    let inputs: Vec<_> = inputs.into_iter().map(|(_, input)| input).collect();
    takes_nothing(&inputs);
}

/// A year that was stored names its counters, and does not have them in the policy's order.
#[test]
fn a_year_to_date_that_was_read() {
    let book = RuleBook::embedded();
    for policy in book.policies() {
        let mut inputs = made_up(policy, 20);
        for input in &mut inputs {
            input.patient.year_to_date = input.patient.year_to_date.as_ref().map(read);
        }
        takes_nothing(&inputs);
    }
}

/// Counters that the policy does not know are carried on. Only their names are taken from the heap.
#[test]
fn counters_of_another_version() {
    let book = RuleBook::embedded();
    let policy = book.named("yuetang/2019/assumed").unwrap();
    let mut inputs = made_up(policy, 20);
    for input in &mut inputs {
        let mut stored = serde_json::json!({
            "policy": policy.id(), "year": input.bill.date.year(), "bills": 1, "counters": {
                "deductible/of-2018": "300.00", "billed/total": "4000.00", "limit/of-2018": "12.30"
            }
        });
        if let Some(year) = &input.patient.year_to_date {
            let own = serde_json::to_value(year).unwrap();
            let counters = own["counters"].as_object().unwrap().clone();
            stored["counters"].as_object_mut().unwrap().extend(counters);
        }
        let year = serde_json::from_value(stored).unwrap();
        input.patient.year_to_date = Some(year);
        input.settlement = settle(policy, &input.bill, &input.patient).unwrap();
        assert_eq!(unknown(input), 2);
        let after = input.settlement.year_to_date();
        assert_eq!(after.deductible("of-2018").to_string(), "300.00");
        assert_eq!(after.counter("limit/of-2018").to_string(), "12.30");
    }
    takes_nothing(&inputs);
}
