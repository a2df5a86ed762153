//! The bills: made up from a fixed seed, the same on every machine and at every run.

use crate::hand::{self, Hand};
use crate::ours::Ours;
use payer_split::{
    Bill, Care, Category, Date, Detail, Facility, Held, Line, LineInput, Money, Patient, Ratio,
    Scheme, Tier,
};

/// A bill, its patient, and what the patient's earlier bill left for each way to settle.
#[derive(Debug, Clone)]
pub struct Case {
    pub bill: Bill,
    /// With the year to date as the library gave it.
    pub patient: Patient,
    /// The same year as the hand-written function keeps it.
    pub year: Option<hand::Year>,
}

/// Whom the bills are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Assisted inpatients only: all eight steps apply. These are measured.
    Assisted,
    /// Anybody, with bills of any kind and size. With these the results are checked.
    Anybody,
}

/// A small generator of numbers (SplitMix64).
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A place in a list of this length.
    fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("below a length")
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.place(choices.len())]
    }

    /// Whether something happens that does so in so many of a hundred cases.
    fn percent(&mut self, of_hundred: u64) -> bool {
        self.below(100) < of_hundred
    }
}

const FEES: [&str; 8] = [
    "bed",
    "examination",
    "laboratory",
    "treatment",
    "surgery",
    "nursing",
    "material",
    "western-medicine",
];

const ASSISTED: [Category; 5] = [
    Category::EXTREMELY_POOR,
    Category::MINIMUM_LIVING,
    Category::REGISTERED_POOR,
    Category::ORPHAN,
    Category::LOW_INCOME_FAMILY,
];

/// The seed for bills of so many lines.
pub fn seed(lines: usize) -> u64 {
    20_201_122 + lines as u64
}

/// Makes so many bills of so many lines.
pub fn cases(seed: u64, whose: Whose, lines: usize, count: usize, ours: &mut Ours) -> Vec<Case> {
    let mut chance = Chance(seed);
    let mut hand = Hand::default();
    (0..count)
        .map(|_| {
            let mut patient = patient(&mut chance, whose);
            let mut year = None;
            // A third of the patients come with an earlier bill of the year.
            let bills = if chance.percent(33) { 2 } else { 1 };
            let mut bill = bill(&mut chance, whose, lines);
            for _ in 1..bills {
                let settlement = ours.settle(&bill, &patient, Detail::Totals);
                let after = Some(settlement.year_to_date().clone());
                let settled = hand.settle(&bill, &patient, year.as_ref(), false);
                year = Some(settled.expect("what ours settles").year);
                patient.year_to_date = after;
                bill = self::bill(&mut chance, whose, lines);
            }
            Case {
                bill,
                patient,
                year,
            }
        })
        .collect()
}

fn patient(chance: &mut Chance, whose: Whose) -> Patient {
    let patient = Patient::new(Scheme::RESIDENT);
    let first = pick(chance, &ASSISTED);
    if whose == Whose::Assisted {
        return patient.with_category(first);
    }
    match chance.below(5) {
        0 => patient,
        1 => patient.with_category(Category::PREFERENTIAL_CARE),
        2 => {
            let second = pick(chance, &ASSISTED);
            patient.with_category(first).with_category(second)
        }
        3 => {
            // Only from some day in the year on.
            let month = u8::try_from(1 + chance.below(12)).expect("a month");
            let from = Date::new(2020, month, 15).expect("a day");
            let mut patient = patient;
            patient.categories.push(Held::during(first, from, None));
            patient
        }
        _ => patient.with_category(first),
    }
}

fn pick(chance: &mut Chance, categories: &[Category]) -> Category {
    categories[chance.place(categories.len())].clone()
}

fn bill(chance: &mut Chance, whose: Whose, lines: usize) -> Bill {
    let anybody = whose == Whose::Anybody;
    let tier = match chance.below(4) {
        0 => Tier::TOWNSHIP,
        1 | 2 => Tier::COUNTY,
        _ => Tier::CITY,
    };
    let facility = Facility {
        tier: Some(tier),
        ..Facility::default()
    };
    let care = match anybody && chance.percent(5) {
        true => Care::OUTPATIENT,
        false => Care::INPATIENT,
    };
    let mut bill = Bill::new(Date::new(2020, 6, 1).expect("a day"), care, facility);
    let total = total(chance, anybody);
    bill.lines = self::lines(chance, whose, total, lines);
    bill
}

/// The total in fen: from 800 to 120,000 yuan, as many between a number and its double anywhere.
fn total(chance: &mut Chance, anybody: bool) -> u64 {
    if anybody && chance.percent(15) {
        // A few fen, or more than any hospital bills.
        let below = chance.one_of(&[9, 90, 900, 9_000, 9_000_000, 900_000_000, 90_000_000_000]);
        return chance.below(below) + 1;
    }
    let doubled = chance.below(7);
    80_000 * (1 << doubled) + chance.below(80_000 * (1 << doubled))
}

/// Lines that sum to about this total.
fn lines(chance: &mut Chance, whose: Whose, total: u64, count: usize) -> Vec<Line> {
    let weights: Vec<u64> = (0..count).map(|_| 1 + chance.below(100)).collect();
    let whole: u64 = weights.iter().sum();
    weights
        .iter()
        .map(|weight| line(chance, whose, total.saturating_mul(*weight) / whole))
        .collect()
}

fn line(chance: &mut Chance, whose: Whose, fen: u64) -> Line {
    let fen = i64::try_from(fen).expect("far below the largest amount");
    let class = match chance.below(100) {
        0..70 => "A",
        70..90 => "B",
        _ => "C",
    };
    let mut input = LineInput {
        fee: chance.one_of(&FEES).into(),
        class: Some(class.into()),
        amount: Some(Money::from_fen(fen)),
        ..LineInput::default()
    };
    if class == "B" {
        let tenths = chance.one_of(&[100_000, 200_000]);
        input.first_share = Some(vec![Ratio::from_millionths(tenths)]);
    }
    if whose == Whose::Anybody && class != "C" && chance.percent(8) {
        input.price_limit = Some(Money::from_fen(fen - fen / 7));
    }
    Line::from_input(input).expect("a line")
}
