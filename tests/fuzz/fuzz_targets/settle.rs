//! A rule file of the project, as it is or with lines of it changed, and a year of bills made from the bytes: the laws hold
//! of what loads and settles.
//!
//! A year starts as that of a case, which its rule file settles, or from nothing; then words, amounts, days and lines of
//! it are changed. Laws 6, 7 and 9 speak of what a policy says, so only the shipped rule files, which declare their
//! exceptions, answer for them.

#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use payer_split::laws::{Audit, Law};
use payer_split::{
    Bill, Case, Date, Dimension, Facility, Held, Icd10, Line, LineInput, Money, Parts, Patient,
    Policy, Ratio, RuleBook,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// The laws that hold for whatever policy loads.
const OF_ALL: [Law; 7] = [
    Law::Conservation,
    Law::NoNegative,
    Law::Limits,
    Law::Guarantee,
    Law::Lines,
    Law::Determinism,
    Law::NoPanic,
];

/// A rule file with what bills for it are made of.
struct Subject {
    policy: Policy,
    laws: &'static [Law],
    years: Vec<(Patient, Vec<Bill>)>,
    /// Its file, after the one that it extends, where these load by themselves.
    files: Vec<(String, String)>,
    /// Whatever stands in quotes in its directory.
    words: Vec<String>,
    /// Whatever reads as an amount in its directory.
    amounts: Vec<Money>,
}

static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut subjects = Vec::new();
    for (directory, laws) in [
        ("rules", Law::ALL.as_slice()),
        ("tests/mechanisms", &OF_ALL),
        ("tests/worked", &OF_ALL),
        ("tests/practice", &OF_ALL),
    ] {
        let directory = root.join(directory);
        let book = RuleBook::read_dir(&directory).expect("rule files load");
        let cases = Case::read_dir(&directory).expect("cases are read");
        let (words, amounts) = spoken_of(&directory);
        let files = files_of(&directory);
        for policy in book.policies() {
            let of_policy = cases
                .iter()
                .filter(|case| case.policy == policy.id() && case.layer == policy.layer());
            let years = of_policy.map(|case| {
                let bills = case.bills.iter().map(|(bill, _)| bill.clone());
                (case.patient.clone(), bills.collect())
            });
            subjects.push(Subject {
                policy: policy.clone(),
                laws,
                years: years.collect(),
                files: files.get(&policy.full_name()).cloned().unwrap_or_default(),
                words: words.clone(),
                amounts: amounts.clone(),
            });
        }
    }
    subjects
});

/// The texts of the TOML files below a directory, by path.
fn texts(directory: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a directory");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "toml") {
            let text = std::fs::read_to_string(&path).expect("a file");
            texts.insert(path.display().to_string(), text);
        }
    }
    texts
}

/// By a policy's full name: its file, after the one over which it is laid, where these load by themselves.
fn files_of(directory: &Path) -> BTreeMap<String, Vec<(String, String)>> {
    let texts = texts(directory);
    let mut files = BTreeMap::new();
    for (name, text) in &texts {
        let below = name.strip_suffix(".assumed.toml");
        let below = below.and_then(|below| texts.get_key_value(&format!("{below}.toml")));
        let own: Vec<(String, String)> = below
            .into_iter()
            .chain([(name, text)])
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect();
        if let Some(policy) = load(&own) {
            files.insert(policy.full_name(), own);
        }
    }
    files
}

/// The policy of the last file.
fn load(files: &[(String, String)]) -> Option<Policy> {
    let texts = files.iter();
    let texts = texts.map(|(name, text)| (name.as_str(), text.as_str()));
    match RuleBook::from_texts(texts) {
        Ok(book) => book.policies().last().cloned(),
        Err(problems) => {
            assert!(problems.has_errors());
            None
        }
    }
}

/// The words and amounts in the TOML files below a directory.
fn spoken_of(directory: &Path) -> (Vec<String>, Vec<Money>) {
    let (mut words, mut amounts) = (BTreeSet::new(), BTreeSet::new());
    for text in texts(directory).values() {
        words.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        let number = |c: char| !c.is_ascii_digit() && c != '.';
        let numbers = text.split(number);
        amounts.extend(numbers.filter_map(|text| Money::parse(text).ok()));
    }
    words.retain(|word| word.len() <= 40);
    (words.into_iter().collect(), amounts.into_iter().collect())
}

fuzz_target!(|bytes: &[u8]| {
    // Too few bytes make no year.
    let _ = one(&mut Unstructured::new(bytes));
});

fn one(bytes: &mut Unstructured<'_>) -> Result<()> {
    let subject = bytes.choose(&SUBJECTS)?;
    let maker = Maker { subject };
    let (mut patient, mut bills) = match subject.years.is_empty() || bytes.ratio(1, 8)? {
        true => (Patient::new("resident"), vec![maker.bill(bytes)?]),
        false => bytes.choose(&subject.years)?.clone(),
    };
    bills.truncate(4);
    for _ in 0..bytes.int_in_range(0..=12)? {
        maker.change(bytes, &mut patient, &mut bills)?;
    }
    let mut audit = Audit::new();
    if !subject.files.is_empty() && bytes.ratio(1, 2)? {
        let files = maker.rewritten(bytes)?;
        let Some(policy) = load(&files) else {
            return Ok(());
        };
        audit.observe_laws(&policy, &OF_ALL, &bills, &patient);
    } else {
        audit.observe_laws(&subject.policy, subject.laws, &bills, &patient);
    }
    if let Some(broken) = audit.undeclared().next() {
        panic!(
            "{broken}\n{}",
            serde_json::to_string(broken).expect("written")
        );
    }
    Ok(())
}

struct Maker {
    subject: &'static Subject,
}

impl Maker {
    /// The subject's files with some lines of the last one changed: left out, doubled, or with another word or amount.
    fn rewritten(&self, bytes: &mut Unstructured<'_>) -> Result<Vec<(String, String)>> {
        let mut files = self.subject.files.clone();
        let Some((_, text)) = files.last_mut() else {
            return Ok(files);
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..bytes.int_in_range(1..=3)? {
            let number = bytes.choose_index(lines.len())?;
            match bytes.int_in_range(0..=9)? {
                0 => drop(lines.remove(number)),
                1 => lines.insert(number, lines[number].clone()),
                2 | 3 => {
                    let word = bytes.choose(&self.subject.words)?;
                    let mut parts: Vec<&str> = lines[number].split('"').collect();
                    if parts.len() > 2 {
                        let at = bytes.choose_index(parts.len() / 2)? * 2 + 1;
                        parts[at] = word;
                        lines[number] = parts.join("\"");
                    }
                }
                _ => {
                    let amount = match bytes.ratio(1, 2)? {
                        true => self.amount(bytes)?.to_string(),
                        false => bytes.int_in_range(0..=101)?.to_string(),
                    };
                    let line = &lines[number];
                    if let Some(start) = line.find(|c: char| c.is_ascii_digit()) {
                        let rest = line[start..].trim_start_matches(|c: char| c.is_ascii_digit());
                        lines[number] = format!("{}{amount}{rest}", &line[..start]);
                    }
                }
            }
            if lines.is_empty() {
                break;
            }
        }
        *text = lines.join("\n");
        Ok(files)
    }

    /// A word of the dimension, or of the rule files, or of nobody.
    fn word(&self, bytes: &mut Unstructured<'_>, dimension: Dimension) -> Result<String> {
        Ok(match bytes.int_in_range(0..=7)? {
            0 => "nobody's word".to_owned(),
            1 | 2 => bytes.choose(&self.subject.words)?.clone(),
            _ => bytes.choose(dimension.words())?.id.to_owned(),
        })
    }

    /// An amount at, next to or away from what the rule files speak of.
    fn amount(&self, bytes: &mut Unstructured<'_>) -> Result<Money> {
        let fen = match bytes.int_in_range(0..=7)? {
            0 => bytes.int_in_range(0..=Money::MAX.fen())?,
            1 => bytes.int_in_range(0..=300)?,
            2 | 3 => bytes.int_in_range(0..=10_000_000)?,
            _ => {
                let near = bytes.choose(&self.subject.amounts)?.fen();
                near.saturating_add(bytes.int_in_range(-2..=2)?)
            }
        };
        Ok(Money::from_fen(fen.clamp(0, Money::MAX.fen())))
    }

    fn day(&self, bytes: &mut Unstructured<'_>) -> Result<Date> {
        let (from, to) = (self.subject.policy.from(), self.subject.policy.to());
        let last = to.map_or(from.year().saturating_add(2), Date::year);
        let year = bytes.int_in_range(from.year()..=last)?;
        let (month, day) = (bytes.int_in_range(1..=12)?, bytes.int_in_range(1..=31)?);
        Ok(Date::new(year, month, day).unwrap_or(from))
    }

    fn line(&self, bytes: &mut Unstructured<'_>) -> Result<Line> {
        let mut input = LineInput {
            fee: self.word(bytes, Dimension::Fee)?.into(),
            ..LineInput::default()
        };
        if bytes.ratio(1, 4)? {
            input.parts = Some(Parts {
                own_expense: self.amount(bytes)?,
                over_limit: self.amount(bytes)?,
                first_self_payment: self.amount(bytes)?,
                in_scope: self.amount(bytes)?,
            });
        } else {
            let class = *bytes.choose(&["A", "B", "C"])?;
            input.amount = Some(self.amount(bytes)?);
            input.class = Some(class.into());
            if class == "B" {
                let share = bytes.int_in_range(0..=1_000_000)?;
                input.first_share = Some(vec![Ratio::from_millionths(share)]);
            }
            if class != "C" && bytes.ratio(1, 4)? {
                input.price_limit = Some(self.amount(bytes)?);
            }
        }
        if bytes.ratio(1, 4)? {
            input.marks = vec![self.word(bytes, Dimension::Mark)?.into()];
        }
        Line::from_input(input).map_err(|_| arbitrary::Error::IncorrectFormat)
    }

    fn bill(&self, bytes: &mut Unstructured<'_>) -> Result<Bill> {
        let facility = Facility {
            tier: Some(self.word(bytes, Dimension::Tier)?.into()),
            grade: Some(self.word(bytes, Dimension::Grade)?.into()),
            place: Some(self.word(bytes, Dimension::Place)?.into()),
            designated: Some(bytes.arbitrary()?),
            medical: Some(bytes.arbitrary()?),
            ..Facility::default()
        };
        let care = self.word(bytes, Dimension::Care)?;
        Ok(Bill::new(self.day(bytes)?, care, facility).with_line(self.line(bytes)?))
    }

    fn icd10(&self, bytes: &mut Unstructured<'_>) -> Result<Option<Icd10>> {
        let word = bytes.choose(&self.subject.words)?;
        Ok(word.split('-').find_map(|code| Icd10::parse(code).ok()))
    }

    fn held<T: From<String>>(
        &self,
        bytes: &mut Unstructured<'_>,
        dimension: Dimension,
    ) -> Result<Held<T>> {
        let what = T::from(self.word(bytes, dimension)?);
        Ok(match bytes.ratio(1, 4)? {
            true => Held::during(what, self.day(bytes)?, Some(self.day(bytes)?)),
            false => Held::always(what),
        })
    }

    /// Changes one thing of the year.
    fn change(
        &self,
        bytes: &mut Unstructured<'_>,
        patient: &mut Patient,
        bills: &mut Vec<Bill>,
    ) -> Result<()> {
        if bytes.ratio(1, 3)? {
            return self.change_patient(bytes, patient);
        }
        if bills.is_empty() || (bills.len() < 4 && bytes.ratio(1, 10)?) {
            let more = match bills.last() {
                Some(last) => last.clone(),
                None => self.bill(bytes)?,
            };
            bills.push(more);
            return Ok(());
        }
        let number = bytes.choose_index(bills.len())?;
        let Some(bill) = bills.get_mut(number) else {
            return Ok(());
        };
        match bytes.int_in_range(0..=15)? {
            0 => bill.date = self.day(bytes)?,
            1 => bill.care = self.word(bytes, Dimension::Care)?.into(),
            2 => bill.facility.tier = Some(self.word(bytes, Dimension::Tier)?.into()),
            3 => bill.facility.grade = Some(self.word(bytes, Dimension::Grade)?.into()),
            4 => bill.facility.place = Some(self.word(bytes, Dimension::Place)?.into()),
            5 => bill.facility.designated = bytes.arbitrary()?,
            6 => bill.facility.name = Some(self.word(bytes, Dimension::Tier)?),
            7 => bill.facility.marks = vec![self.word(bytes, Dimension::Mark)?.into()],
            8 => bill.referred = bytes.arbitrary()?,
            9 => bill.admission = Some(bytes.int_in_range(0..=5)?),
            10 => bill.diagnoses.extend(self.icd10(bytes)?),
            11 => {
                let disease = self.word(bytes, Dimension::OutpatientDisease)?;
                bill.outpatient_disease = Some(disease.into());
            }
            12 => bill.marks = vec![self.word(bytes, Dimension::Mark)?.into()],
            13 if bill.lines.len() > 1 => {
                bill.lines.pop();
            }
            _ => bill.lines.push(self.line(bytes)?),
        }
        Ok(())
    }

    fn change_patient(&self, bytes: &mut Unstructured<'_>, patient: &mut Patient) -> Result<()> {
        match bytes.int_in_range(0..=8)? {
            0 => patient.scheme = self.word(bytes, Dimension::Scheme)?.into(),
            1 | 2 => patient
                .categories
                .push(self.held(bytes, Dimension::Category)?),
            3 => patient.categories.clear(),
            4 => patient
                .enrolments
                .push(self.held(bytes, Dimension::Enrolment)?),
            5 => {
                let certificate = self.held(bytes, Dimension::OutpatientDisease)?;
                patient.certificates.push(certificate);
            }
            6 => patient.age = Some(bytes.int_in_range(0..=120)?),
            7 => patient.birth_date = Some(self.day(bytes)?),
            _ => patient.insured_years = Some(bytes.int_in_range(0..=40)?),
        }
        Ok(())
    }
}
