//! Loading and settling, timed. Run with `cargo bench`.

use payer_split::{
    Bill, Care, Detail, Facility, Line, Patient, Place, Policy, RuleBook, Scheme, Tier, Workspace,
};

fn main() {
    divan::main();
}

/// An inpatient bill of this many lines.
fn bill(lines: usize) -> Bill {
    let facility = Facility {
        tier: Some(Tier::COUNTY),
        place: Some(Place::IN_COUNTY),
        designated: Some(true),
        ..Facility::default()
    };
    let date = "2020-06-01".parse().expect("a date");
    (0..lines).fold(
        Bill::new(date, Care::INPATIENT, facility),
        |bill, number| {
            let amount = format!("{}.{:02}", 100 + number * 7, number % 100)
                .parse()
                .expect("an amount");
            let share = ["10%".parse().expect("a ratio")];
            let line = match number % 3 {
                0 => Line::class_a("western-medicine", amount),
                1 => Line::class_b("material", amount, &share),
                _ => Line::class_c("other", amount),
            };
            bill.with_line(line.expect("a line"))
        },
    )
}

fn policy(book: &RuleBook) -> &Policy {
    book.named("yuetang/2019/assumed")
        .expect("a shipped policy")
}

#[divan::bench(args = [1, 5, 20, 60])]
fn with_matrix(bencher: divan::Bencher<'_, '_>, lines: usize) {
    settle(bencher, lines, Detail::Lines);
}

#[divan::bench(args = [1, 5, 20, 60])]
fn without_matrix(bencher: divan::Bencher<'_, '_>, lines: usize) {
    settle(bencher, lines, Detail::Totals);
}

fn settle(bencher: divan::Bencher<'_, '_>, lines: usize, detail: Detail) {
    let book = RuleBook::embedded();
    let policy = policy(&book);
    let (bill, patient) = (
        bill(lines),
        Patient::new(Scheme::RESIDENT).with_category("registered-poor"),
    );
    let mut workspace = Workspace::new();
    bencher.bench_local(|| {
        let settlement = workspace
            .settle(policy, &bill, &patient, detail)
            .expect("a settlement");
        settlement.patient()
    });
}

#[divan::bench]
fn load_all() -> RuleBook {
    RuleBook::embedded()
}
