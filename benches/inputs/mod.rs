//! Bills and patients made up from a fixed seed, for the benches of settling.

use payer_split::{
    Bill, Care, Category, Date, Facility, Grade, Icd10, Line, LineInput, Money, Patient, Place,
    Policy, Ratio, Scheme, Tier, settle,
};

/// A bill to be settled.
pub(crate) struct Input<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) bill: Bill,
    pub(crate) patient: Patient,
}

/// So many bills of so many lines, under these policies in turn. Bills that are refused are left out.
pub(crate) fn inputs<'a>(policies: &[&'a Policy], lines: usize, count: usize) -> Vec<Input<'a>> {
    let mut chance = Chance(20_201_122);
    let turns = policies.iter().cycle().take(policies.len() + 100 * count);
    let made = turns.map(|policy| Input {
        policy,
        bill: bill(&mut chance, policy, lines),
        patient: patient(&mut chance),
    });
    let inputs: Vec<_> = made
        .filter(|input| settle(input.policy, &input.bill, &input.patient).is_ok())
        .take(count)
        .collect();
    assert_eq!(inputs.len(), count, "few bills are refused");
    inputs
}

/// A small generator of numbers (SplitMix64).
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

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let place = self.below(choices.len() as u64);
        choices[usize::try_from(place).expect("below a length")].clone()
    }

    fn percent(&mut self, of_hundred: u64) -> bool {
        self.below(100) < of_hundred
    }
}

/// Two of three are poor.
fn patient(chance: &mut Chance) -> Patient {
    let mut patient = Patient::new(Scheme::RESIDENT);
    if chance.percent(66) {
        patient = patient.with_category(chance.one_of(&[
            Category::REGISTERED_POOR,
            Category::MINIMUM_LIVING,
            Category::EXTREMELY_POOR,
        ]));
    }
    patient.age = u32::try_from(chance.below(90)).ok();
    patient.insured_years = Some(3);
    patient
}

/// Four of five are of inpatients; in four tiers, at home and elsewhere.
fn bill(chance: &mut Chance, policy: &Policy, lines: usize) -> Bill {
    let (tier, grade, place) = chance.one_of(&[
        (Tier::TOWNSHIP, Grade::ONE, Place::IN_COUNTY),
        (Tier::COUNTY, Grade::TWO, Place::IN_COUNTY),
        (Tier::COUNTY, Grade::TWO, Place::IN_COUNTY),
        (Tier::CITY, Grade::THREE, Place::IN_CITY),
        (Tier::PROVINCE, Grade::THREE, Place::IN_PROVINCE),
    ]);
    let facility = Facility {
        tier: Some(tier),
        grade: Some(grade),
        place: Some(place),
        designated: Some(true),
        medical: Some(true),
        ..Facility::default()
    };
    let care = match chance.percent(80) {
        true => Care::INPATIENT,
        false => Care::OUTPATIENT,
    };
    let mut bill = Bill::new(day(chance, policy), care, facility);
    bill.referred = Some(chance.percent(80));
    bill.admission = u32::try_from(1 + chance.below(3)).ok();
    let diagnoses = ["K80.1", "I63.9", "C34.9", "K35.8", "N18.0", "J18.9"];
    let code: Icd10 = chance.one_of(&diagnoses).parse().expect("a code");
    bill.diagnoses = vec![code];
    bill.lines = self::lines(chance, lines);
    bill
}

/// A day of the policy's first year.
fn day(chance: &mut Chance, policy: &Policy) -> Date {
    let year = policy.from().year();
    let days = std::iter::repeat_with(|| {
        let month = u8::try_from(1 + chance.below(12)).expect("a month");
        let day = u8::try_from(1 + chance.below(28)).expect("a day");
        Date::new(year, month, day).expect("a date")
    });
    let mut days = days.filter(|day| policy.is_in_force(*day));
    days.next().expect("a policy is in force some day")
}

/// Lines that sum to 800 to 100,000 yuan: as many bills between a number and its double anywhere.
fn lines(chance: &mut Chance, count: usize) -> Vec<Line> {
    let least = 80_000 * (1 << chance.below(7));
    let total = least + chance.below(least);
    let weights: Vec<u64> = (0..count).map(|_| 1 + chance.below(100)).collect();
    let whole: u64 = weights.iter().sum();
    let weights = weights.into_iter();
    weights
        .map(|weight| line(chance, total * weight / whole))
        .collect()
}

fn line(chance: &mut Chance, fen: u64) -> Line {
    let class = chance.one_of(&["A", "A", "A", "A", "A", "A", "A", "B", "B", "C"]);
    let fees = ["bed", "examination", "laboratory", "treatment", "surgery"];
    let mut input = LineInput {
        fee: chance.one_of(&fees).into(),
        class: Some(class.into()),
        amount: i64::try_from(fen).ok().map(Money::from_fen),
        ..LineInput::default()
    };
    if class == "B" {
        input.first_share = Some(vec![Ratio::from_millionths(100_000)]);
    }
    Line::from_input(input).expect("a line")
}
