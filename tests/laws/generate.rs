//! Bills and patients: mostly valid ones for a policy, and any at all.

use crate::hints::Hints;
use payer_split::{
    Bill, Date, Dimension, Facility, Held, Icd10, Line, LineInput, Money, Parts, Patient, Policy,
    Ratio,
};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

/// The largest line of a mostly valid bill, in fen; six such lines are less than a million yuan.
const LARGEST: i64 = 15_000_000;

/// A word of which the policy speaks, or now and then another one that it knows.
fn word(hints: &Hints, dimension: Dimension) -> BoxedStrategy<String> {
    let (named, all) = hints.words(dimension);
    if all.is_empty() {
        return Just(String::new()).boxed();
    }
    prop_oneof![4 => select(named), 1 => select(all)].boxed()
}

/// Several words of which the policy speaks; none where it has none.
fn words(hints: &Hints, dimension: Dimension, most: usize) -> BoxedStrategy<Vec<String>> {
    let known = word(hints, dimension);
    vec(known, 0..=most)
        .prop_map(|words| words.into_iter().filter(|word| !word.is_empty()).collect())
        .boxed()
}

/// An amount around a figure of the policy, or any other.
fn amount(hints: &Hints) -> BoxedStrategy<Money> {
    let any = prop_oneof![
        3 => 0..=500_000i64,
        3 => 0..=LARGEST,
        1 => 0..=300i64,
        1 => (0..=150i64).prop_map(|yuan| yuan * 100_000),
    ];
    let figures: Vec<i64> = hints.figures.iter().map(|figure| figure.fen()).collect();
    let fen = if figures.is_empty() {
        any.boxed()
    } else {
        let near = (select(figures), -2..=2i64).prop_map(|(figure, away)| figure + away);
        prop_oneof![2 => near, 3 => any].boxed()
    };
    fen.prop_map(|fen| Money::from_fen(fen.clamp(0, LARGEST)))
        .boxed()
}

fn ratio() -> impl Strategy<Value = Ratio> {
    prop_oneof![
        4 => (0..=20i64).prop_map(|fives| Ratio::from_millionths(fives * 50_000)),
        1 => (0..=1_000_000i64).prop_map(Ratio::from_millionths),
    ]
}

/// A line of any class, or with its parts given.
fn line(hints: &Hints) -> BoxedStrategy<Line> {
    let head = (
        word(hints, Dimension::Fee),
        prop_oneof![3 => Just(vec![]), 1 => words(hints, Dimension::Mark, 2)],
    );
    let form = prop_oneof![
        4 => amount(hints).prop_map(|amount| input("A", amount, None, None)),
        3 => (amount(hints), vec(ratio(), 1..=2), weighted(0.3, amount(hints)))
            .prop_map(|(amount, shares, limit)| input("B", amount, Some(shares), limit)),
        2 => amount(hints).prop_map(|amount| input("C", amount, None, None)),
        1 => (vec(amount(hints), 4), select(vec!["A", "B", "C"])).prop_map(|(amounts, class)| LineInput {
            class: Some(class.into()),
            parts: Some(parts(amounts.iter().map(|amount| amount.fen() / 4))),
            ..LineInput::default()
        }),
    ];
    (head, form)
        .prop_map(|((fee, marks), form)| {
            let input = LineInput {
                fee: fee.into(),
                marks: marks.into_iter().map(Into::into).collect(),
                ..form
            };
            Line::from_input(input).unwrap()
        })
        .boxed()
}

fn input(
    class: &str,
    amount: Money,
    first_share: Option<Vec<Ratio>>,
    price_limit: Option<Money>,
) -> LineInput {
    LineInput {
        class: Some(class.into()),
        amount: Some(amount),
        first_share,
        price_limit,
        ..LineInput::default()
    }
}

fn parts(fen: impl IntoIterator<Item = i64>) -> Parts {
    let mut amounts = fen.into_iter().map(Money::from_fen);
    let mut next = || amounts.next().unwrap_or_default();
    Parts {
        own_expense: next(),
        over_limit: next(),
        first_self_payment: next(),
        in_scope: next(),
    }
}

/// A day in force.
fn day(policy: &Policy) -> BoxedStrategy<Date> {
    let (from, to) = (policy.from(), policy.to());
    let last = to.map_or(from.year() + 2, Date::year);
    let within = (from.year()..=last, 1..=12u8, 1..=28u8)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
        .prop_map(move |day| day.max(from).min(to.unwrap_or(day)));
    prop_oneof![8 => within, 1 => Just(from), 1 => Just(to.unwrap_or(from))].boxed()
}

fn number(hints: &Hints, others: std::ops::Range<u32>) -> BoxedStrategy<u32> {
    let mut numbers = hints.numbers.clone();
    numbers.push(1);
    let near =
        (select(numbers), 0..3u32).prop_map(|(number, more)| (number + more).saturating_sub(1));
    prop_oneof![near, others].boxed()
}

fn diagnoses(hints: &Hints) -> BoxedStrategy<Vec<Icd10>> {
    let mut known: Vec<Icd10> = hints
        .codes
        .iter()
        .filter_map(|code| Icd10::parse(code).ok())
        .collect();
    for code in ["K80.1", "I10", "C34.9", "N18.6", "Z99"] {
        known.push(Icd10::parse(code).unwrap());
    }
    vec(select(known), 1..=3).boxed()
}

/// A bill that the policy mostly settles.
pub(crate) fn bill(policy: &Policy, hints: &Hints) -> BoxedStrategy<Bill> {
    let some = |dimension| weighted(0.97, word(hints, dimension));
    let mut hospitals = hints.hospitals.clone();
    hospitals.push("某医院".to_owned());
    let facility = (
        some(Dimension::Tier),
        some(Dimension::Grade),
        some(Dimension::Place),
        weighted(0.97, prop_oneof![4 => Just(true), 1 => Just(false)]),
        weighted(0.97, prop_oneof![4 => Just(true), 1 => Just(false)]),
        weighted(0.97, select(hospitals)),
        prop_oneof![3 => Just(vec![]), 1 => words(hints, Dimension::Mark, 1)],
    );
    let facility =
        facility.prop_map(
            |(tier, grade, place, designated, medical, name, marks)| Facility {
                tier: tier.map(Into::into),
                grade: grade.map(Into::into),
                place: place.map(Into::into),
                designated,
                medical,
                name,
                marks: marks.into_iter().map(Into::into).collect(),
            },
        );
    let rest = (
        weighted(0.97, any::<bool>()),
        weighted(
            0.97,
            number(hints, 1..6).prop_map(|number| number.clamp(1, 9)),
        ),
        diagnoses(hints),
        weighted(0.6, word(hints, Dimension::OutpatientDisease)),
        prop_oneof![3 => Just(vec![]), 1 => words(hints, Dimension::Mark, 1)],
        vec(line(hints), 1..=6),
    );
    (day(policy), word(hints, Dimension::Care), facility, rest)
        .prop_map(
            |(date, care, facility, (referred, admission, diagnoses, outpatient, marks, lines))| {
                Bill {
                    referred,
                    admission,
                    diagnoses,
                    outpatient_disease: outpatient.map(Into::into),
                    marks: marks.into_iter().map(Into::into).collect(),
                    lines,
                    ..Bill::new(date, care, facility)
                }
            },
        )
        .boxed()
}

/// A patient that the policy knows.
pub(crate) fn patient(policy: &Policy, hints: &Hints) -> BoxedStrategy<Patient> {
    fn held<T: From<String>>(words: Vec<String>, period: (bool, Date)) -> Vec<Held<T>> {
        let (at_all_times, day) = period;
        words
            .into_iter()
            .map(|word| match at_all_times {
                true => Held::always(word.into()),
                false => Held::during(word.into(), None, day),
            })
            .collect()
    }
    let period = || (prop::bool::weighted(0.9), day(policy));
    (
        prop_oneof![3 => Just("resident".to_owned()), 1 => word(hints, Dimension::Scheme)],
        (
            prop_oneof![1 => Just(vec![]), 5 => words(hints, Dimension::Category, 3)],
            period(),
        ),
        (words(hints, Dimension::Enrolment, 2), period()),
        (words(hints, Dimension::OutpatientDisease, 2), period()),
        weighted(0.97, number(hints, 0..100)),
        weighted(0.97, number(hints, 0..30)),
    )
        .prop_map(
            |(scheme, categories, enrolments, certificates, age, insured_years)| Patient {
                categories: held(categories.0, categories.1),
                enrolments: held(enrolments.0, enrolments.1),
                certificates: held(certificates.0, certificates.1),
                age,
                insured_years,
                ..Patient::new(scheme)
            },
        )
        .boxed()
}

/// A bill, and how to cut its lines: which to move where, and what of each part to split off.
pub(crate) fn year_of_bills(policy: &Policy, hints: &Hints) -> BoxedStrategy<Vec<Bill>> {
    let year = day(policy).prop_map(Date::year);
    let (from, to) = (policy.from(), policy.to());
    (year, vec(bill(policy, hints), 2..=6))
        .prop_map(move |(year, bills)| {
            let in_year = |bill: Bill| Bill {
                date: Date::new(year, bill.date.month(), bill.date.day().min(28))
                    .unwrap()
                    .max(from)
                    .min(to.unwrap_or(bill.date.max(from)).max(from)),
                ..bill
            };
            bills.into_iter().map(in_year).collect()
        })
        .boxed()
}

/// The line as two of the same kind, with the same parts in sum: each part is cut at a share of 256.
pub(crate) fn split(line: &Line, at: [u8; 4]) -> [Line; 2] {
    let whole = line.parts();
    let fen = [
        whole.own_expense,
        whole.over_limit,
        whole.first_self_payment,
        whole.in_scope,
    ]
    .map(Money::fen);
    let first: Vec<i64> = fen
        .iter()
        .zip(at)
        .map(|(fen, at)| fen * i64::from(at) / 256)
        .collect();
    let second = fen.iter().zip(&first).map(|(fen, first)| fen - first);
    [parts(first.iter().copied()), parts(second)].map(|parts| {
        let input = LineInput {
            parts: Some(parts),
            amount: None,
            first_share: None,
            price_limit: None,
            ..line.input().clone()
        };
        Line::from_input(input).unwrap()
    })
}

/// Any word: a standard one of any dimension, one of the policy, or nonsense.
fn any_word(hints: &Hints) -> BoxedStrategy<String> {
    let mut known: Vec<String> = Dimension::ALL
        .into_iter()
        .flat_map(|dimension| hints.words(dimension).1)
        .collect();
    known.extend(["", "某", "none", "unstated", "other", "🏥", "a\u{0}b"].map(str::to_owned));
    prop_oneof![6 => select(known), 1 => ".{0,6}"].boxed()
}

fn any_date() -> impl Strategy<Value = Date> {
    (1900..=2199u16, 1..=12u8, 1..=28u8)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn any_money(hints: &Hints) -> BoxedStrategy<Money> {
    prop_oneof![
        3 => amount(hints),
        1 => (0..=Money::MAX.fen()).prop_map(Money::from_fen),
        1 => Just(Money::MAX),
        1 => any::<i64>().prop_map(Money::from_fen),
    ]
    .boxed()
}

fn any_line(hints: &Hints) -> BoxedStrategy<Line> {
    let any_ratio = prop_oneof![3 => ratio(), 1 => any::<i64>().prop_map(Ratio::from_millionths)];
    (
        any_word(hints),
        weighted(0.7, any_money(hints)),
        weighted(0.8, prop_oneof![4 => select(vec!["A", "B", "C"]).prop_map(str::to_owned), 1 => any_word(hints)]),
        weighted(0.4, vec(any_ratio, 0..=3)),
        weighted(0.3, any_money(hints)),
        weighted(0.3, vec(any_money(hints), 4)),
        vec(any_word(hints), 0..=2),
    )
        .prop_map(|(fee, amount, class, first_share, price_limit, given, marks)| LineInput {
            fee: fee.into(),
            amount,
            class: class.map(Into::into),
            first_share,
            price_limit,
            parts: given.map(|amounts| parts(amounts.iter().map(|amount| amount.fen()))),
            marks: marks.into_iter().map(Into::into).collect(),
            name: None,
        })
        .prop_filter_map("no line", |input| Line::from_input(input).ok())
        .boxed()
}

/// Any bill that can be constructed.
pub(crate) fn any_bill(policy: &Policy, hints: &Hints) -> BoxedStrategy<Bill> {
    let word = || any_word(hints);
    let marks = || vec(any_word(hints), 0..=2);
    let facility = (
        weighted(0.7, word()),
        weighted(0.7, word()),
        weighted(0.7, word()),
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        weighted(0.5, word()),
        marks(),
    );
    let rest = (
        any::<Option<bool>>(),
        weighted(0.7, prop_oneof![0..5u32, any::<u32>()]),
        diagnoses(hints),
        weighted(0.5, word()),
        marks(),
        vec(any_line(hints), 0..=5),
    );
    // Half of the bills are of a day on which the policy is in force, so that more than the date is looked at.
    let date = prop_oneof![day(policy), any_date()];
    (date, word(), facility, rest)
        .prop_map(|(date, care, facility, rest)| {
            let (tier, grade, place, designated, medical, name, facility_marks) = facility;
            let (referred, admission, diagnoses, outpatient, marks, lines) = rest;
            let facility = Facility {
                tier: tier.map(Into::into),
                grade: grade.map(Into::into),
                place: place.map(Into::into),
                designated,
                medical,
                name,
                marks: facility_marks.into_iter().map(Into::into).collect(),
            };
            Bill {
                referred,
                admission,
                diagnoses,
                outpatient_disease: outpatient.map(Into::into),
                marks: marks.into_iter().map(Into::into).collect(),
                lines,
                ..Bill::new(date, care, facility)
            }
        })
        .boxed()
}

/// Any patient that can be constructed, with the counters of these names in the year to date.
pub(crate) fn any_patient(
    policy: &Policy,
    hints: &Hints,
    counters: Vec<String>,
) -> BoxedStrategy<Patient> {
    let held = || {
        let days = (weighted(0.3, any_date()), weighted(0.3, any_date()));
        vec((any_word(hints), days), 0..=3)
    };
    fn to_held<T: From<String>>(all: Vec<(String, (Option<Date>, Option<Date>))>) -> Vec<Held<T>> {
        let held = all
            .into_iter()
            .map(|(word, (from, to))| Held::during(word.into(), from, to));
        held.collect()
    }
    let id = policy.id().to_owned();
    let mut names = counters;
    names.push("any/name".to_owned());
    let amount = prop_oneof![3 => amount(hints), 1 => Just(Money::MAX)];
    let year = (
        day(policy),
        vec((select(names), amount), 0..=6),
        prop::bool::weighted(0.9),
    )
        .prop_map(move |(date, counters, own)| {
            let counters: serde_json::Map<String, serde_json::Value> = counters
                .into_iter()
                .map(|(name, amount)| (name, amount.to_string().into()))
                .collect();
            let id = if own { id.as_str() } else { "another" };
            let data = serde_json::json!({
                "policy": id, "year": date.year(), "bills": u32::MAX, "counters": counters
            });
            serde_json::from_value(data).unwrap()
        });
    (
        any_word(hints),
        (held(), held(), held()),
        weighted(0.7, prop_oneof![0..120u32, any::<u32>()]),
        weighted(0.3, any_date()),
        weighted(0.7, prop_oneof![0..40u32, any::<u32>()]),
        weighted(0.5, year),
    )
        .prop_map(
            |(scheme, held, age, birth_date, insured_years, year_to_date)| Patient {
                categories: to_held(held.0),
                enrolments: to_held(held.1),
                certificates: to_held(held.2),
                age,
                birth_date,
                insured_years,
                year_to_date,
                ..Patient::new(scheme)
            },
        )
        .boxed()
}
