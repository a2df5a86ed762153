//! Random years of bills that a rule file can tell apart: its own words, and amounts at and next to its thresholds.

use crate::model::*;
use crate::read::known;
use payer_split::{
    Bill, Class, Date, Facility, Fee, Held, Icd10, Line, LineInput, Mark, Money, Parts, Patient,
    Ratio, YearToDate,
};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A small generator of pseudo-random numbers (splitmix64): the same seed gives the same years everywhere.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from zero to below this one.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn between(&mut self, first: i64, last: i64) -> i64 {
        first + (self.next() % (last - first + 1) as u64) as i64
    }

    /// Whether something of so many per cent happens.
    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What a rule file can tell apart.
#[derive(Debug)]
pub(crate) struct Palette {
    policy: String,
    from: Date,
    to: Option<Date>,
    /// By the key of a condition or the dimension of a table: the words that the file has.
    named: BTreeMap<String, Vec<String>>,
    /// By dimension: all words.
    all: BTreeMap<String, Vec<String>>,
    /// Amounts of the file, in fen.
    amounts: Vec<i64>,
    /// Ages, years and counts.
    numbers: Vec<i64>,
    days: Vec<Date>,
    codes: Vec<String>,
}

const WORDS: [&str; 11] = [
    "category",
    "fee",
    "class",
    "care",
    "tier",
    "grade",
    "place",
    "scheme",
    "outpatient_disease",
    "mark",
    "enrolment",
];

impl Palette {
    pub(crate) fn new(policy: &Policy, table: &Table) -> Palette {
        let mut palette = Palette {
            policy: policy.id.clone(),
            from: policy.from,
            to: policy.to,
            named: BTreeMap::new(),
            all: WORDS
                .map(|word| (word.to_owned(), policy.words.all(word)))
                .into(),
            amounts: vec![1, 99, 10_000],
            numbers: vec![1, 2, 14, 60],
            days: vec![policy.from],
            codes: vec!["J18.900".into(), "S72.001".into()],
        };
        for disease in &policy.diseases {
            for pattern in &disease.icd10 {
                for end in pattern.split('-') {
                    palette.codes.push(end.to_owned());
                    if end.len() < 5 {
                        palette.codes.push(format!("{end}.900"));
                    }
                }
            }
            palette.name("outpatient_disease", &disease.outpatient);
        }
        for members in policy.groups.values() {
            palette.name("category", members);
        }
        let conditions = policy
            .steps
            .iter()
            .flat_map(|step| {
                let adjusts = step
                    .adjusts
                    .iter()
                    .flat_map(|adjust| [&adjust.when, &adjust.unless]);
                adjusts.chain([&step.when, &step.unless])
            })
            .chain(
                policy
                    .scopes
                    .iter()
                    .flat_map(|scope| [&scope.when, &scope.unless]),
            )
            .chain(
                policy
                    .benefits
                    .iter()
                    .flat_map(|(_, when, unless)| [when, unless]),
            );
        let tests: Vec<Test> = conditions.flatten().flatten().flatten().cloned().collect();
        for test in tests {
            match &test.wanted {
                Wanted::Any(ids) => palette.name(&test.key, ids),
                Wanted::Number { low, high } => {
                    let edges = [low, high].into_iter().flatten();
                    palette.numbers.extend(edges.map(|(edge, _)| edge.max(&1)));
                }
                Wanted::Days(from, to) => palette.days.extend([from, to].into_iter().flatten()),
                Wanted::Flag(_) => {}
            }
        }
        let steps = policy.steps.iter().map(|step| &step.covers);
        let scopes = policy.scopes.iter().map(|scope| &scope.covers);
        for covers in steps.chain(scopes) {
            palette.name("fee", covers.fees.as_deref().unwrap_or_default());
            palette.name("fee", &covers.except_fees);
            palette.name("mark", covers.marks.as_deref().unwrap_or_default());
            palette.name("mark", &covers.except_marks);
        }
        palette.walk("", &Value::Table(table.clone()), policy);
        palette
    }

    fn name(&mut self, key: &str, ids: &[String]) {
        let named = self.named.entry(key.to_owned()).or_default();
        for id in ids {
            if !named.contains(id) {
                named.push(id.clone());
            }
        }
    }

    /// Every amount of the file, and the words by which its tables are made.
    fn walk(&mut self, key: &str, value: &Value, policy: &Policy) {
        match value {
            Value::Integer(_) | Value::Float(_) => {
                let fen = known(value);
                self.amounts
                    .push(i64::try_from(fen.to_integer()).expect("an amount"));
            }
            Value::Array(values) => values
                .iter()
                .for_each(|value| self.walk(key, value, policy)),
            Value::Table(table) => {
                for (inner, value) in table
                    .iter()
                    .filter(|(key, _)| *key != "when" && *key != "unless")
                {
                    if WORDS.contains(&key) {
                        let ids = policy.words.ids(key, inner);
                        self.name(key, &ids.unwrap_or_default());
                    }
                    self.walk(inner, value, policy);
                }
            }
            _ => {}
        }
    }

    /// A word: one of the file's, or now and then any.
    fn some(&self, random: &mut Random, key: &str, dimension: &str) -> Option<String> {
        let named = self.named.get(key).filter(|named| !named.is_empty());
        let all = Some(&self.all[dimension]).filter(|all| !all.is_empty());
        let from = if random.percent(85) {
            named.or(all)
        } else {
            all
        }?;
        Some(random.pick(from).clone())
    }

    /// An amount in fen: a threshold or next to one, two of them, a small, or a large one.
    fn amount(&self, random: &mut Random) -> i64 {
        let near = |random: &mut Random| random.pick(&self.amounts) + random.between(-2, 2);
        let fen = match random.below(10) {
            0..3 => near(random),
            3 => near(random) + near(random),
            4 => near(random) * random.between(1, 40) / random.between(1, 40),
            5 => random.between(1, 99),
            6 => random.between(1, 50) * 100,
            7 => random.between(1, 200_000),
            8 => random.between(1, 5_000_000),
            _ => random.between(1, 60_000_000),
        };
        fen.clamp(1, 200_000_000)
    }

    fn number(&self, random: &mut Random) -> u32 {
        let number = match random.percent(50) {
            true => random.pick(&self.numbers) + random.between(-1, 1),
            false => random.between(1, 90),
        };
        number.max(0) as u32
    }

    fn day(&self, random: &mut Random, year: Option<u16>) -> Date {
        let mut day = *random.pick(&self.days);
        if random.percent(80) || year.is_some() {
            let last = self.to.map_or(self.from.year() + 3, |to| to.year());
            let chosen = random.between(self.from.year().into(), last.into()) as u16;
            let year = year.unwrap_or(chosen);
            let (month, date) = (random.between(1, 12) as u8, random.between(1, 28) as u8);
            day = Date::new(year, month, date).unwrap();
        }
        if random.percent(99) {
            day = day
                .max(self.from)
                .min(self.to.unwrap_or(day.max(self.from)));
        }
        day
    }

    /// A year of one to four bills, in order, and their patient.
    pub(crate) fn year(&self, random: &mut Random) -> (Vec<Bill>, Patient) {
        let first = self.day(random, None);
        let mut days = vec![first];
        while days.len() < 4 && random.percent(50) {
            let year = if random.percent(95) {
                first.year()
            } else {
                first.year() + 1
            };
            days.push(self.day(random, Some(year)));
        }
        days.sort();
        let mut patient = self.patient(random);
        let mut bills: Vec<Bill> = Vec::new();
        for day in days {
            let bill = self.bill(random, day);
            // Often the same place and kind of care again.
            bills.push(match bills.last() {
                Some(last) if random.percent(60) => Bill {
                    date: day,
                    lines: bill.lines,
                    ..last.clone()
                },
                _ => bill,
            });
        }
        // At most one thing is wrong: which of two is told first, nothing says.
        match random.below(50) {
            0 => self.spoil_patient(random, &mut patient),
            1 => {
                let number = random.below(bills.len());
                self.spoil_bill(random, &mut bills[number]);
            }
            _ => {}
        }
        (bills, patient)
    }

    fn held<T: From<String>>(
        &self,
        random: &mut Random,
        key: &str,
        dimension: &str,
        chance: usize,
    ) -> Vec<Held<T>> {
        let mut held = Vec::new();
        while held.len() < 3 && random.percent(chance) {
            let Some(id) = self.some(random, key, dimension) else {
                break;
            };
            let what = T::from(id);
            held.push(match random.percent(90) {
                true => Held::always(what),
                false => {
                    let (one, other) = (self.day(random, None), self.day(random, None));
                    Held::during(what, one.min(other), one.max(other))
                }
            });
        }
        held
    }

    fn patient(&self, random: &mut Random) -> Patient {
        let scheme = self.some(random, "scheme", "scheme").unwrap();
        let mut patient = Patient::new(scheme.as_str());
        patient.categories = self.held(random, "category", "category", 60);
        patient.enrolments = self.held(random, "enrolment", "enrolment", 50);
        let key = if random.percent(50) {
            "certificate"
        } else {
            "outpatient_disease"
        };
        patient.certificates = self.held(random, key, "outpatient_disease", 60);
        patient.age = random.percent(95).then(|| self.number(random));
        patient.insured_years = random.percent(95).then(|| self.number(random));
        patient
    }

    /// Something for which the patient must, or may, be refused.
    fn spoil_patient(&self, random: &mut Random, patient: &mut Patient) {
        let (one, other) = (self.day(random, None), self.day(random, None));
        match random.below(6) {
            0 => patient.scheme = "no-such-scheme".into(),
            1 => patient
                .categories
                .push(Held::always("no-such-category".into())),
            2 => {
                let period = Held::during("diabetes".into(), one.max(other), one.min(other));
                patient.certificates.push(period);
            }
            3 => patient.year_to_date = Some(YearToDate::new("another-policy", one.year())),
            4 => patient.year_to_date = Some(YearToDate::new(&self.policy, one.year() + 1)),
            _ => patient.birth_date = Some(one),
        }
    }

    /// Something for which the bill must, or may, be refused.
    fn spoil_bill(&self, random: &mut Random, bill: &mut Bill) {
        match random.below(6) {
            0 => bill.lines.clear(),
            1 => bill.admission = Some(0),
            2 => bill.facility.tier = Some("no-such-tier".into()),
            3 => bill.marks.push("no-such-mark".into()),
            4 => bill.outpatient_disease = Some("no-such-disease".into()),
            _ => {
                let huge = Money::from_fen(Money::MAX.fen() - random.between(0, 1_000_000_000));
                bill.lines.push(Line::class_a(Fee::BED, huge).unwrap());
            }
        }
    }

    fn bill(&self, random: &mut Random, date: Date) -> Bill {
        let given = |random: &mut Random, key: &str| match random.percent(98) {
            true => self.some(random, key, key),
            false => None,
        };
        let hospitals = self.named.get("hospital").cloned().unwrap_or_default();
        let name = match hospitals.is_empty() || random.percent(50) {
            true => "无名医院".to_owned(),
            false => random.pick(&hospitals).clone(),
        };
        let mut marks = |key: &str, chance: usize| -> Vec<Mark> {
            let mark = random
                .percent(chance)
                .then(|| self.some(random, key, "mark"));
            mark.flatten().into_iter().map(Mark::from).collect()
        };
        let (bill_marks, facility_marks) = (marks("mark", 40), marks("facility_mark", 40));
        let facility = Facility {
            tier: given(random, "tier").map(Into::into),
            grade: given(random, "grade").map(Into::into),
            place: given(random, "place").map(Into::into),
            designated: random.percent(98).then(|| random.percent(85)),
            medical: random.percent(98).then(|| random.percent(90)),
            name: random.percent(98).then_some(name),
            marks: facility_marks,
        };
        let care = self.some(random, "care", "care").unwrap();
        let mut bill = Bill::new(date, care.as_str(), facility);
        bill.referred = random.percent(98).then(|| random.percent(60));
        bill.admission = random.percent(98).then(|| self.number(random).clamp(1, 5));
        bill.marks = bill_marks;
        let wants = care.ends_with("c-outpatient") || care == "special-outpatient";
        if random.percent(if wants { 97 } else { 5 }) {
            let disease = self.some(random, "outpatient_disease", "outpatient_disease");
            bill.outpatient_disease = disease.map(Into::into);
        }
        while bill.diagnoses.len() < 3
            && random.percent(if bill.diagnoses.is_empty() { 95 } else { 25 })
        {
            bill.diagnoses
                .push(Icd10::parse(random.pick(&self.codes).as_str()).unwrap());
        }
        for _ in 0..=random.below(5).min(random.below(6)) {
            bill.lines.push(self.line(random));
        }
        bill
    }

    fn line(&self, random: &mut Random) -> Line {
        let fee = self.some(random, "fee", "fee").unwrap();
        let mut input = LineInput {
            fee: Fee::from(fee),
            ..LineInput::default()
        };
        while input.marks.len() < 2 && random.percent(20) {
            input
                .marks
                .extend(self.some(random, "mark", "mark").map(Mark::from));
        }
        let fen = |random: &mut Random| Money::from_fen(self.amount(random));
        match random.below(10) {
            0..4 => {
                input.class = Some(Class::A);
                input.amount = Some(fen(random));
            }
            4..6 => {
                input.class = Some(Class::B);
                input.amount = Some(fen(random));
                let share =
                    |random: &mut Random| Ratio::from_millionths(random.between(0, 500) * 1000);
                input.first_share = Some(match random.percent(80) {
                    true => vec![share(random)],
                    false => vec![share(random), share(random)],
                });
            }
            6..8 => {
                input.class = Some(Class::C);
                input.amount = Some(fen(random));
            }
            _ => {
                input.class = Some([Class::A, Class::B, Class::C][random.below(3)].clone());
                let some = |random: &mut Random| match random.percent(60) {
                    true => fen(random),
                    false => Money::ZERO,
                };
                input.parts = Some(Parts {
                    own_expense: some(random),
                    over_limit: some(random),
                    first_self_payment: some(random),
                    in_scope: fen(random),
                });
            }
        }
        if input.parts.is_none() && input.class != Some(Class::C) && random.percent(15) {
            input.price_limit = Some(fen(random));
        }
        Line::from_input(input).unwrap_or_else(|error| panic!("{error}"))
    }
}
