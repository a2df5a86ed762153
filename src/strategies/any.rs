//! Any bill, patient and year to date that can be made, in the words of the standard vocabulary or of one policy.

use super::bytes::{between, maybe, several};
use crate::bill::{Bill, Facility};
use crate::date::Date;
use crate::icd10::Icd10;
use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::patient::{Held, Patient};
use crate::policy::Policy;
use crate::probe::Chance;
use crate::ratio::Ratio;
use crate::vocabulary::{Class, Dimension};
use crate::year::YearToDate;

/// What bills, patients and years to date are worded in.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    words: Vec<(Dimension, Vec<String>)>,
    codes: Vec<Icd10>,
    hospitals: Vec<String>,
    /// Of the year to date: the policy's id and its counters.
    policy: String,
    counters: Vec<String>,
}

impl Vocabulary {
    /// The standard words.
    pub(super) fn standard() -> Vocabulary {
        let words = |dimension: Dimension| {
            let words = dimension.words().iter().map(|word| word.id.to_owned());
            (dimension, words.collect())
        };
        let codes = ["Z99", "K80.1", "I10", "C34.9", "N18.6", "J18"].into_iter();
        Vocabulary {
            words: Dimension::ALL.map(words).into(),
            codes: codes.filter_map(|code| Icd10::parse(code).ok()).collect(),
            hospitals: vec!["某医院".to_owned()],
            policy: "anywhere".to_owned(),
            counters: ["paid/basic", "paid/patient", "limit/year", "billed/total"]
                .map(str::to_owned)
                .into(),
        }
    }

    /// The words that a policy knows, and the codes, hospitals and counters that it names.
    pub(super) fn of(policy: &Policy) -> Vocabulary {
        let mut vocabulary = Vocabulary::standard();
        for (dimension, words) in &mut vocabulary.words {
            let own = policy.words.locals(*dimension).iter();
            words.extend(own.map(|word| word.id.to_string()));
        }
        let patterns = policy.diseases.iter().flat_map(|disease| &disease.patterns);
        for pattern in patterns.map(ToString::to_string) {
            let codes = pattern
                .split('-')
                .filter_map(|code| Icd10::parse(code).ok());
            vocabulary.codes.extend(codes);
        }
        let hospitals = policy.facts.hospitals.iter();
        vocabulary
            .hospitals
            .extend(hospitals.map(|(name, _)| name.to_string()));
        vocabulary.policy = policy.id().to_owned();
        vocabulary.counters = policy.counters().map(str::to_owned).collect();
        vocabulary
            .counters
            .push("limit/of-another-version".to_owned());
        vocabulary
    }

    /// A word of the dimension; of a wild choice also one of another dimension, or nonsense.
    fn word(&self, c: &mut dyn Chance, dimension: Dimension, wild: bool) -> String {
        const NONSENSE: [&str; 8] = [
            "", "某", "none", "unstated", "other", "🏥", "a\u{0}b", "\u{202e}",
        ];
        if wild && c.percent(20) {
            return c.one_of(&NONSENSE).unwrap_or_default().to_owned();
        }
        let dimension = match wild && c.percent(20) {
            true => c.one_of(&Dimension::ALL).unwrap_or(dimension),
            false => dimension,
        };
        let mut all = self.words.iter();
        let words = all.find(|(of, _)| *of == dimension);
        words
            .and_then(|(_, words)| c.one_of(words))
            .unwrap_or_default()
    }

    fn words<T: From<String>>(
        &self,
        c: &mut dyn Chance,
        dimension: Dimension,
        wild: bool,
    ) -> Vec<T> {
        let words = several(c, 0, 2, |c| self.word(c, dimension, wild));
        // A dimension may have no standard words.
        let words = words.into_iter().filter(|word| wild || !word.is_empty());
        words.map(T::from).collect()
    }

    pub(super) fn bill(&self, c: &mut dyn Chance) -> Bill {
        let wild = c.percent(20);
        let facility = Facility {
            tier: maybe(c, 70, |c| self.word(c, Dimension::Tier, wild).into()),
            grade: maybe(c, 70, |c| self.word(c, Dimension::Grade, wild).into()),
            place: maybe(c, 70, |c| self.word(c, Dimension::Place, wild).into()),
            designated: maybe(c, 50, |c| c.percent(50)),
            medical: maybe(c, 50, |c| c.percent(50)),
            name: maybe(c, 50, |c| c.one_of(&self.hospitals).unwrap_or_default()),
            marks: self.words(c, Dimension::Mark, wild),
        };
        let referred = maybe(c, 50, |c| c.percent(50));
        let admission = maybe(c, 70, |c| number(c, 1, 9));
        let diagnoses = several(c, 0, 3, |c| c.one_of(&self.codes));
        let outpatient_disease = maybe(c, 50, |c| {
            self.word(c, Dimension::OutpatientDisease, wild).into()
        });
        let marks = self.words(c, Dimension::Mark, wild);
        let lines = several(c, 0, 5, |c| self.line(c, wild));
        let date = date(c);
        Bill {
            referred,
            admission,
            diagnoses: diagnoses.into_iter().flatten().collect(),
            outpatient_disease,
            marks,
            lines: lines.into_iter().flatten().collect(),
            ..Bill::new(date, self.word(c, Dimension::Care, wild), facility)
        }
    }

    /// A line of any class, or with its parts given.
    fn line(&self, c: &mut dyn Chance, wild: bool) -> Option<Line> {
        let input = LineInput {
            fee: self.word(c, Dimension::Fee, wild).into(),
            marks: self.words(c, Dimension::Mark, wild),
            name: maybe(c, 10, |_| "床位".to_owned()),
            ..LineInput::default()
        };
        let input = match c.below(4) {
            0 => LineInput {
                class: Some(Class::A),
                amount: Some(money(c)),
                price_limit: maybe(c, 20, money),
                ..input
            },
            1 => LineInput {
                class: Some(Class::C),
                amount: Some(money(c)),
                ..input
            },
            2 => LineInput {
                class: Some(Class::B),
                amount: Some(money(c)),
                first_share: Some(several(c, 1, 3, share)),
                price_limit: maybe(c, 20, money),
                ..input
            },
            _ => LineInput {
                class: maybe(c, 70, |c| self.word(c, Dimension::Class, wild).into()),
                parts: Some(parts(c)),
                ..input
            },
        };
        Line::from_input(input).ok()
    }

    pub(super) fn patient(&self, c: &mut dyn Chance) -> Patient {
        let wild = c.percent(20);
        let scheme = match wild || c.percent(30) {
            true => self.word(c, Dimension::Scheme, wild),
            false => "resident".to_owned(),
        };
        let categories = self.words(c, Dimension::Category, wild);
        let enrolments = self.words(c, Dimension::Enrolment, wild);
        let certificates = self.words(c, Dimension::OutpatientDisease, wild);
        Patient {
            categories: held(c, categories),
            enrolments: held(c, enrolments),
            certificates: held(c, certificates),
            age: maybe(c, 70, |c| number(c, 0, 110)),
            birth_date: maybe(c, 20, date),
            insured_years: maybe(c, 70, |c| number(c, 0, 60)),
            year_to_date: maybe(c, 20, |c| self.year_to_date(c)),
            ..Patient::new(scheme)
        }
    }

    pub(super) fn year_to_date(&self, c: &mut dyn Chance) -> YearToDate {
        let year = u16::try_from(between(c, 2010, 2030)).unwrap_or(2020);
        self.year_to_date_of(c, year)
    }

    /// A year to date of this year: each counter is there or not, small or as large as it can be.
    pub(super) fn year_to_date_of(&self, c: &mut dyn Chance, year: u16) -> YearToDate {
        let mut out = YearToDate::new(&self.policy, year);
        out.bills = match c.percent(10) {
            true => u32::MAX,
            false => number(c, 0, 20),
        };
        for counter in &self.counters {
            if c.percent(30) {
                out.carried.push((counter.as_str().into(), money(c)));
            }
        }
        out
    }
}

/// Each held always, or for some time.
fn held<T>(c: &mut dyn Chance, words: Vec<T>) -> Vec<Held<T>> {
    let mut hold = |word| {
        let (from, to) = (maybe(c, 20, date), maybe(c, 20, date));
        match (from, to) {
            (Some(from), Some(to)) => Held::during(word, from.min(to), from.max(to)),
            (from, to) => Held::during(word, from, to),
        }
    };
    words.into_iter().map(&mut hold).collect()
}

fn number(c: &mut dyn Chance, low: i64, high: i64) -> u32 {
    u32::try_from(between(c, low, high)).unwrap_or(0)
}

/// Any day from 1900 to 2199, most of them of these years.
pub(super) fn date(c: &mut dyn Chance) -> Date {
    let year = match c.percent(20) {
        true => between(c, 1900, 2199),
        false => between(c, 2015, 2026),
    };
    day_of(c, u16::try_from(year).unwrap_or(2020))
}

/// Any day of a year but the last ones of its months.
pub(super) fn day_of(c: &mut dyn Chance, year: u16) -> Date {
    let (month, day) = (number(c, 1, 12), number(c, 1, 28));
    let [month, day] = [month, day].map(|number| u8::try_from(number).unwrap_or(1));
    Date::new(year, month, day).unwrap_or(Date::FIRST)
}

/// Any amount, small or as large as it can be.
fn money(c: &mut dyn Chance) -> Money {
    let most = match c.below(8) {
        0 => 300,
        1..4 => 500_000,
        4..7 => 20_000_000,
        _ => Money::MAX.fen(),
    };
    match c.percent(2) {
        true => Money::MAX,
        false => Money::from_fen(between(c, 0, most)),
    }
}

/// Any ratio from 0 to 100 %, most of them multiples of 5 %.
pub(super) fn share(c: &mut dyn Chance) -> Ratio {
    Ratio::from_millionths(match c.percent(20) {
        true => between(c, 0, Ratio::SCALE),
        false => between(c, 0, 20).saturating_mul(50_000),
    })
}

fn parts(c: &mut dyn Chance) -> Parts {
    Parts {
        own_expense: money(c),
        over_limit: money(c),
        first_self_payment: money(c),
        in_scope: money(c),
    }
}
