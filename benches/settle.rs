//! Settling bills under the shipped policies with their assumptions, in turn: mixed patients, tiers and amounts, from a
//! fixed seed. Every sample settles all the bills once. Run with `cargo bench --bench settle`.

mod inputs;

use divan::Bencher;
use divan::counter::ItemsCount;
use inputs::{Input, inputs};
use payer_split::{Bill, Detail, Layer, Money, Policy, RuleBook, Settlement, Workspace, settle};

/// So many bills, and so many settlements a sample.
const BILLS: u32 = 512;

fn main() {
    divan::main();
}

/// The shipped policies with their assumptions: without them most bills are refused.
fn assumed(book: &RuleBook) -> Vec<&Policy> {
    let policies = book.policies();
    policies
        .filter(|policy| policy.layer() == Layer::Assumed)
        .collect()
}

/// Does something with each of the bills in turn.
fn each<R>(bencher: Bencher<'_, '_>, lines: usize, mut work: impl FnMut(&Input<'_>) -> R) {
    let book = RuleBook::embedded();
    let inputs = inputs(&assumed(&book), lines, BILLS as usize);
    for input in &inputs {
        divan::black_box_drop(work(input));
    }
    let mut turn = inputs.iter().cycle();
    bencher
        .counter(ItemsCount::new(1u32))
        .bench_local(|| work(turn.next().expect("there are bills")));
}

fn reused(bencher: Bencher<'_, '_>, lines: usize, detail: Detail) {
    let mut workspace = Workspace::new();
    each(bencher, lines, |input| -> Money {
        let settled = workspace.settle(input.policy, &input.bill, &input.patient, detail);
        settled.expect("it settled before").patient()
    });
}

/// With the line × payer matrix, into a result that is used again.
#[divan::bench(args = [1, 5, 20, 60], sample_size = BILLS)]
fn with_matrix(bencher: Bencher<'_, '_>, lines: usize) {
    reused(bencher, lines, Detail::Lines);
}

/// Totals and the record of steps, into a result that is used again.
#[divan::bench(args = [1, 5, 20, 60], sample_size = BILLS)]
fn without_matrix(bencher: Bencher<'_, '_>, lines: usize) {
    reused(bencher, lines, Detail::Totals);
}

fn fresh(bencher: Bencher<'_, '_>, lines: usize, detail: Detail) {
    let mut workspace = Workspace::new();
    each(bencher, lines, |input| {
        let settled = workspace.settle(input.policy, &input.bill, &input.patient, detail);
        settled.expect("it settled before").clone()
    });
}

/// With the matrix, into a fresh result each time.
#[divan::bench(args = [1, 5, 20, 60], sample_size = BILLS)]
fn with_matrix_fresh(bencher: Bencher<'_, '_>, lines: usize) {
    fresh(bencher, lines, Detail::Lines);
}

/// Without the matrix, into a fresh result each time.
#[divan::bench(args = [1, 5, 20, 60], sample_size = BILLS)]
fn without_matrix_fresh(bencher: Bencher<'_, '_>, lines: usize) {
    fresh(bencher, lines, Detail::Totals);
}

/// By the plain function, which keeps nothing from bill to bill.
#[divan::bench(args = [1, 5, 20, 60], sample_size = BILLS)]
fn plain_function(bencher: Bencher<'_, '_>, lines: usize) {
    each(bencher, lines, |input| {
        settle(input.policy, &input.bill, &input.patient).expect("it settled before")
    });
}

/// Twelve bills of ten lines of one person, in the order of their dates, each with the year to date that the one before left.
#[divan::bench(args = ["yuetang/2019/assumed", "anhui/2016/assumed"])]
fn year_of_twelve_bills(bencher: Bencher<'_, '_>, policy: &str) {
    let book = RuleBook::embedded();
    let policy = book.named(policy).expect("a shipped policy");
    let inputs = inputs(&[policy], 10, 60);
    let mut patient = inputs[0].patient.clone();
    let mut bills: Vec<Bill> = inputs.into_iter().map(|input| input.bill).collect();
    bills.retain(|bill| settle(policy, bill, &patient).is_ok());
    bills.truncate(12);
    assert_eq!(bills.len(), 12, "few bills are refused");
    bills.sort_by_key(|bill| bill.date);
    let mut workspace = Workspace::new();
    bencher.counter(ItemsCount::new(12u32)).bench_local(|| {
        patient.year_to_date = None;
        for bill in &bills {
            let settled = workspace.settle(policy, bill, &patient, Detail::Lines);
            let year = settled.expect("it is not refused").year_to_date();
            patient.year_to_date = Some(year.clone());
        }
    });
}

/// The printed statement, in Chinese and English.
#[divan::bench(sample_size = BILLS)]
fn print_statement(bencher: Bencher<'_, '_>) {
    written(bencher, |settlement| settlement.statement().to_string());
}

/// All of a settlement as JSON.
#[divan::bench(sample_size = BILLS)]
fn print_json(bencher: Bencher<'_, '_>) {
    written(bencher, |settlement| {
        serde_json::to_string(settlement).expect("JSON")
    });
}

/// Writes the settlements of bills of 20 lines, settled beforehand.
fn written(bencher: Bencher<'_, '_>, write: impl Fn(&Settlement) -> String) {
    let book = RuleBook::embedded();
    let inputs = inputs(&assumed(&book), 20, BILLS as usize);
    let settlements: Vec<_> = inputs
        .iter()
        .map(|input| settle(input.policy, &input.bill, &input.patient).expect("it settled before"))
        .collect();
    let mut turn = settlements.iter().cycle();
    bencher.bench_local(|| write(turn.next().expect("there are settlements")));
}
