//! Bills and patients, mostly valid ones for a policy: made from the text of its rule files, not by the crate's own
//! strategies, which look for them as the checker does that is tested here.

use crate::choices::Choices;
use crate::hints::{Hints, Wish};
use payer_split::{
    Bill, Date, Dimension, Facility, Held, Icd10, Line, LineInput, Money, Parts, Patient, Policy,
    Ratio,
};

/// The largest line of a mostly valid bill, in fen; six such lines are less than a million yuan.
const LARGEST: i64 = 15_000_000;

/// A word of which the policy speaks, or now and then another one that it knows.
fn word(c: &mut Choices, hints: &Hints, dimension: Dimension) -> String {
    let (named, all) = hints.words(dimension);
    let of = if c.chance(20) { all } else { named };
    match of.is_empty() {
        true => String::new(),
        false => c.pick(of).clone(),
    }
}

/// Several words of which the policy speaks; none where it has none.
fn words<T: From<String>>(
    c: &mut Choices,
    hints: &Hints,
    dimension: Dimension,
    most: i64,
) -> Vec<T> {
    let words = c.several(0, most, |c| word(c, hints, dimension));
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.map(T::from).collect()
}

/// An amount around a figure of the policy, or any other.
fn amount(c: &mut Choices, hints: &Hints) -> Money {
    let fen = match c.below(8) {
        0 | 1 => c.between(0, 500_000),
        2 | 3 => c.between(0, LARGEST),
        4 => c.between(0, 300),
        5 => c.between(0, 150) * 100_000,
        _ => c.pick(&hints.figures).fen() + c.between(-2, 2),
    };
    Money::from_fen(fen.clamp(0, LARGEST))
}

fn ratio(c: &mut Choices) -> Ratio {
    Ratio::from_millionths(match c.chance(20) {
        true => c.between(0, 1_000_000),
        false => c.between(0, 20) * 50_000,
    })
}

/// A line of any class, or with its parts given.
fn line(c: &mut Choices, hints: &Hints) -> Line {
    let mut input = LineInput {
        fee: word(c, hints, Dimension::Fee).into(),
        ..LineInput::default()
    };
    match c.below(10) {
        0..4 => {
            input.class = Some("A".into());
            input.amount = Some(amount(c, hints));
        }
        4..7 => {
            input.class = Some("B".into());
            input.amount = Some(amount(c, hints));
            input.first_share = Some(c.several(1, 2, ratio));
            input.price_limit = c.maybe(30, |c| amount(c, hints));
        }
        7..9 => {
            input.class = Some("C".into());
            input.amount = Some(amount(c, hints));
        }
        _ => {
            input.class = Some((*c.pick(&["A", "B", "C"])).into());
            input.parts = Some(parts([(); 4].map(|()| amount(c, hints).fen() / 4)));
        }
    }
    if c.chance(25) {
        input.marks = words(c, hints, Dimension::Mark, 2);
    }
    Line::from_input(input).unwrap()
}

fn parts([own_expense, over_limit, first_self_payment, in_scope]: [i64; 4]) -> Parts {
    Parts {
        own_expense: Money::from_fen(own_expense),
        over_limit: Money::from_fen(over_limit),
        first_self_payment: Money::from_fen(first_self_payment),
        in_scope: Money::from_fen(in_scope),
    }
}

/// A day on which the policy is in force.
fn day(c: &mut Choices, policy: &Policy) -> Date {
    let (from, to) = (policy.from(), policy.to());
    let last = to.map_or(from.year() + 2, Date::year);
    let first = i64::from(from.year());
    let year = u16::try_from(c.between(first, i64::from(last))).unwrap();
    let (month, day) = (c.between(1, 12), c.between(1, 28));
    let (month, day) = (u8::try_from(month).unwrap(), u8::try_from(day).unwrap());
    let date = match c.below(10) {
        0 => from,
        1 => to.unwrap_or(from),
        _ => Date::new(year, month, day).unwrap(),
    };
    let date = match date.year() == year {
        true => date,
        false => Date::new(year, month, day).unwrap(),
    };
    date.max(from).min(to.unwrap_or(date.max(from)))
}

fn number(c: &mut Choices, hints: &Hints, most: i64) -> u32 {
    let number = match c.chance(50) {
        true => i64::from(*c.pick(&hints.numbers)) + c.between(-1, 1),
        false => c.between(0, most),
    };
    u32::try_from(number.max(0)).unwrap()
}

fn diagnoses(c: &mut Choices, hints: &Hints) -> Vec<Icd10> {
    c.several(1, 3, |c| *c.pick(&hints.codes))
}

/// A bill that the policy mostly settles.
fn bill(c: &mut Choices, policy: &Policy, hints: &Hints) -> Bill {
    const KNOWN: u64 = 97;
    let facility = Facility {
        tier: c.maybe(KNOWN, |c| word(c, hints, Dimension::Tier).into()),
        grade: c.maybe(KNOWN, |c| word(c, hints, Dimension::Grade).into()),
        place: c.maybe(KNOWN, |c| word(c, hints, Dimension::Place).into()),
        designated: c.maybe(KNOWN, |c| c.chance(80)),
        medical: c.maybe(KNOWN, |c| c.chance(80)),
        name: c.maybe(KNOWN, |c| c.pick(&hints.hospitals).clone()),
        marks: match c.chance(25) {
            true => words(c, hints, Dimension::Mark, 1),
            false => Vec::new(),
        },
    };
    Bill {
        referred: c.maybe(KNOWN, |c| c.chance(50)),
        admission: c.maybe(KNOWN, |c| number(c, hints, 5).clamp(1, 9)),
        diagnoses: diagnoses(c, hints),
        outpatient_disease: c.maybe(60, |c| word(c, hints, Dimension::OutpatientDisease).into()),
        marks: match c.chance(25) {
            true => words(c, hints, Dimension::Mark, 1),
            false => Vec::new(),
        },
        lines: c.several(1, 6, |c| line(c, hints)),
        ..Bill::new(day(c, policy), word(c, hints, Dimension::Care), facility)
    }
}

/// Makes a bill and its patient meet up to three of the policy's conditions; the last wins where they disagree.
fn meet_conditions(c: &mut Choices, hints: &Hints, bill: &mut Bill, patient: &mut Patient) {
    if hints.conditions.is_empty() {
        return;
    }
    for _ in 0..c.below(4) {
        for wish in c.pick(&hints.conditions) {
            meet(c, wish, bill, patient);
        }
    }
}

fn meet(c: &mut Choices, wish: &Wish, bill: &mut Bill, patient: &mut Patient) {
    match wish {
        Wish::Word(key, words) => {
            let word = c.pick(words).as_str();
            match key.as_str() {
                "category" => patient.categories.push(Held::always(word.into())),
                "enrolment" => patient.enrolments.push(Held::always(word.into())),
                "certificate" => patient.certificates.push(Held::always(word.into())),
                "scheme" => patient.scheme = word.into(),
                "care" => bill.care = word.into(),
                "tier" => bill.facility.tier = Some(word.into()),
                "grade" => bill.facility.grade = Some(word.into()),
                "place" => bill.facility.place = Some(word.into()),
                "facility_mark" => bill.facility.marks.push(word.into()),
                "hospital" => bill.facility.name = Some(word.into()),
                "mark" => bill.marks.push(word.into()),
                "outpatient_disease" => bill.outpatient_disease = Some(word.into()),
                key => panic!("a condition on `{key}`"),
            }
        }
        Wish::Flag(key, flag) => match key.as_str() {
            "designated" => bill.facility.designated = Some(*flag),
            "medical" => bill.facility.medical = Some(*flag),
            "referred" => bill.referred = Some(*flag),
            "certified" => {
                let disease = bill.outpatient_disease.clone();
                let held = disease.filter(|_| *flag).map(Held::always);
                patient.certificates.extend(held);
            }
            key => panic!("a condition on `{key}`"),
        },
        Wish::Number(key, low, high) => {
            let number = u32::try_from(c.between(*low, *high)).unwrap();
            match key.as_str() {
                "age" => patient.age = Some(number),
                "insured_years" => patient.insured_years = Some(number),
                "admission" => bill.admission = Some(number.max(1)),
                "date" => {}
                key => panic!("a condition on `{key}`"),
            }
        }
        Wish::Diagnosis(codes) if codes.is_empty() => {}
        Wish::Diagnosis(codes) => bill.diagnoses = vec![*c.pick(codes)],
    }
}

/// A bill that the policy mostly settles, and its patient.
pub(crate) fn bill_and_patient(c: &mut Choices, policy: &Policy, hints: &Hints) -> (Bill, Patient) {
    let mut bill = bill(c, policy, hints);
    let mut patient = patient(c, policy, hints);
    meet_conditions(c, hints, &mut bill, &mut patient);
    (bill, patient)
}

/// A patient that the policy knows.
fn patient(c: &mut Choices, policy: &Policy, hints: &Hints) -> Patient {
    fn held<T>(c: &mut Choices, policy: &Policy, words: Vec<T>) -> Vec<Held<T>> {
        let hold = |word| match c.chance(10) {
            true => Held::during(word, None, day(c, policy)),
            false => Held::always(word),
        };
        words.into_iter().map(hold).collect()
    }
    let categories = words(c, hints, Dimension::Category, 3);
    let enrolments = words(c, hints, Dimension::Enrolment, 2);
    let certificates = words(c, hints, Dimension::OutpatientDisease, 2);
    let scheme = match c.chance(25) {
        true => word(c, hints, Dimension::Scheme),
        false => "resident".to_owned(),
    };
    Patient {
        categories: held(c, policy, categories),
        enrolments: held(c, policy, enrolments),
        certificates: held(c, policy, certificates),
        age: c.maybe(97, |c| number(c, hints, 100)),
        insured_years: c.maybe(97, |c| number(c, hints, 30)),
        ..Patient::new(scheme)
    }
}
