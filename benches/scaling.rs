//! How the time of settling grows: with lines, with steps that apply and that do not, and with policies. Into a result
//! that is used again. Run with `cargo bench --bench scaling`.

#[path = "../tests/counties/mod.rs"]
mod counties;
mod inputs;

use counties::{counties, named};
use divan::Bencher;
use divan::counter::ItemsCount;
use inputs::{Input, inputs};
use payer_split::{Detail, Layer, Line, Money, Policy, RuleBook, Workspace};

/// So many bills in an iteration; and where policies are many.
const BILLS: usize = 16;
const MANY: usize = 4_096;

fn main() {
    divan::main();
}

/// Settles all of the inputs in an iteration, and counts something in them.
fn all(bencher: Bencher<'_, '_>, inputs: &[Input<'_>], count: usize, detail: Detail) {
    let mut workspace = Workspace::new();
    let bencher = bencher.counter(ItemsCount::new(count));
    bencher.bench_local(|| {
        for input in inputs {
            let settled = workspace.settle(input.policy, &input.bill, &input.patient, detail);
            divan::black_box_drop(settled.expect("it settled before").patient());
        }
    });
}

/// Twenty thousand lines in bills of so many, under one policy; lines are counted. So all bills together take the same
/// memory whatever their length.
fn of_lines(bencher: Bencher<'_, '_>, lines: usize, detail: Detail) {
    let book = RuleBook::embedded();
    let policy = book.named("yuetang/2019/assumed").expect("it is shipped");
    let inputs = inputs(&[policy], lines, 20_000 / lines);
    all(bencher, &inputs, 20_000, detail);
}

/// Twenty thousand lines in bills of so many, with the matrix.
#[divan::bench(args = [1, 10, 20, 100, 1_000, 10_000])]
fn lines_with_matrix(bencher: Bencher<'_, '_>, lines: usize) {
    of_lines(bencher, lines, Detail::Lines);
}

/// Twenty thousand lines in bills of so many, without the matrix.
#[divan::bench(args = [1, 10, 20, 100, 1_000, 10_000])]
fn lines_without_matrix(bencher: Bencher<'_, '_>, lines: usize) {
    of_lines(bencher, lines, Detail::Totals);
}

/// A policy of so many steps that apply to every bill, and before each of them so many that apply to none. Each pays 5 % of
/// what is left above a deductible, up to a limit in yuan.
fn policy_of(applying: usize, others_before_each: usize, limit: u32) -> RuleBook {
    let head = "[policy]\nid = \"steps\"\nversion = \"1\"\nregion = \"unstated\"\nname = \"测速\"\n\
        from = 2020-01-01\nto = \"open\"\n\
        [[source]]\nid = \"S\"\ntitle = \"t\"\ndate = \"undated\"\n\
        [[payer]]\nid = \"p\"\nname = \"付款方\"\nkind = \"insurance\"\n";
    let step = |id: String, when: &str| {
        format!(
            "[[step]]\nid = \"{id}\"\nname = \"{id}\"\npayer = \"p\"\nsource = \"S\"\n{when}\
            deductible = 10\nratio = \"5%\"\n\
            [[step.limit]]\nid = \"{id}\"\non = \"payment\"\nper = \"year\"\namount = {limit}\n"
        )
    };
    let never = "when = { scheme = \"employee\", care = \"inpatient\" }\n";
    let steps = (0..applying).flat_map(|number| {
        let others = (0..others_before_each)
            .map(move |other| step(format!("other-{number}-{other}"), never));
        others.chain([step(format!("step-{number}"), "")])
    });
    let text = head.to_owned() + &steps.collect::<String>();
    RuleBook::from_texts([("steps.toml", text.as_str())]).expect("a rule file without mistakes")
}

fn of_steps(bencher: Bencher<'_, '_>, applying: usize, others_before_each: usize) {
    let book = policy_of(applying, others_before_each, 10_000);
    let policies: Vec<&Policy> = book.policies().collect();
    let inputs = inputs(&policies, 20, BILLS);
    all(bencher, &inputs, BILLS, Detail::Lines);
}

/// So many steps that apply; bills of 20 lines.
#[divan::bench(args = [2, 4, 8, 16, 32, 64])]
fn steps_that_apply(bencher: Bencher<'_, '_>, steps: usize) {
    of_steps(bencher, steps, 0);
}

/// Eight steps that apply, and before each none, one or ten that do not.
#[divan::bench(args = [0, 1, 10])]
fn others_before_each_of_eight_steps(bencher: Bencher<'_, '_>, others: usize) {
    of_steps(bencher, 8, others);
}

/// A bill of which 30 yuan are paid: a fen each to a third of the lines, or to fewer. Their amounts are all different.
#[divan::bench(args = [1_000, 10_000])]
fn little_for_many_lines(bencher: Bencher<'_, '_>, lines: u32) {
    let book = policy_of(1, 0, 30);
    let policies: Vec<&Policy> = book.policies().collect();
    let mut inputs = inputs(&policies, 1, 1);
    let amounts = (0..lines).map(|number| Money::from_fen(1 + i64::from(number * 7_919 % 10_007)));
    let lines = amounts.map(|amount| Line::class_a("bed", amount).expect("a line"));
    inputs[0].bill.lines = lines.collect();
    let count = inputs[0].bill.lines.len();
    all(bencher, &inputs, count, Detail::Lines);
}

/// The rule files of so many counties, all loaded, with their assumptions.
fn loaded(count: usize) -> RuleBook {
    RuleBook::from_texts(named(&counties(count, true))).expect("files without mistakes")
}

fn assumed(book: &RuleBook) -> Vec<&Policy> {
    let policies = book.policies();
    policies
        .filter(|policy| policy.layer() == Layer::Assumed)
        .collect()
}

/// The same number of bills, of 20 lines, under the policies of all counties in turn: the next bill is of another county,
/// of which the processor has nothing at hand.
#[divan::bench(args = [1, 30, 300, 3_000], sample_count = 20)]
fn counties_in_turn(bencher: Bencher<'_, '_>, count: usize) {
    let book = loaded(count);
    let inputs = inputs(&assumed(&book), 20, MANY);
    all(bencher, &inputs, MANY, Detail::Totals);
}

/// The same number of bills, but all of a county together, as sorted batches have them: of up to 64 policies among those
/// of all counties.
#[divan::bench(args = [1, 30, 300, 3_000], sample_count = 20)]
fn counties_one_by_one(bencher: Bencher<'_, '_>, count: usize) {
    let book = loaded(count);
    let all_loaded = assumed(&book);
    let apart = all_loaded.len().div_ceil(64);
    let policies: Vec<&Policy> = all_loaded.into_iter().step_by(apart).collect();
    let mut inputs = inputs(&policies, 20, MANY);
    inputs.sort_by_key(|input| (input.policy.id(), input.policy.version()));
    all(bencher, &inputs, MANY, Detail::Totals);
}

/// Finding the policy of a bill by its id, among those of so many counties.
#[divan::bench(args = [1, 30, 300, 3_000])]
fn find_by_id(bencher: Bencher<'_, '_>, count: usize) {
    let book = loaded(count);
    let policies = assumed(&book);
    let mut turn = policies.iter().cycle();
    bencher.bench_local(|| {
        let policy = turn.next().expect("there are policies");
        let found = book.find_id(policy.id(), policy.from(), Layer::Assumed);
        found.expect("it is loaded").from()
    });
}
