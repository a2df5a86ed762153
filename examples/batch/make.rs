//! Bills made up for the built-in rule files, always the same: to try the example, and to measure it.

use super::csv_write;
use super::options::Format;
use super::progress::Progress;
use super::record::{Index, Record};
use payer_split::strategies::{bill_and_patient, year_and_patient};
use payer_split::{Bill, Layer, Patient, RuleBook};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;
use std::io::Write;

/// Bills are made in blocks, each from a seed of its own, so that they are the same on any number of cores.
const BLOCK: u64 = 500;

/// Writes so many bills.
pub(crate) fn make(
    count: u64,
    format: Format,
    out: &mut dyn Write,
    mut progress: Progress,
) -> Result<(), String> {
    let book = RuleBook::embedded();
    let index = Index::new(&book);
    let sources: Vec<_> = index
        .policies()
        .iter()
        .filter(|known| known.policy.layer() == Layer::Assumed)
        .map(|known| Source {
            index: &index,
            number: known.number,
            bills: bill_and_patient(known.policy),
            years: year_and_patient(known.policy),
        })
        .collect();
    if format == Format::Csv {
        write(out, &csv_write::header())?;
    }
    let blocks = count.div_ceil(BLOCK);
    let at_once = u64::try_from(rayon::current_num_threads()).unwrap_or(1) * 8;
    let mut first = 0;
    while first < blocks {
        let last = blocks.min(first + at_once);
        let texts: Vec<Result<String, String>> = (first..last)
            .into_par_iter()
            .map(|block| {
                let bills = BLOCK.min(count - block * BLOCK);
                text(&sources, block, bills, format)
            })
            .collect();
        for text in texts {
            write(out, &text?)?;
        }
        first = last;
        progress.show(first, count.min(first * BLOCK));
    }
    progress.finish();
    out.flush().map_err(|error| error.to_string())
}

fn write(out: &mut dyn Write, text: &str) -> Result<(), String> {
    out.write_all(text.as_bytes())
        .map_err(|error| error.to_string())
}

/// Makes bills up for one policy.
struct Source<'a, B, Y> {
    index: &'a Index<'a>,
    number: usize,
    bills: B,
    years: Y,
}

/// The text of a block of bills, of all policies in turn.
fn text<B, Y>(
    sources: &[Source<'_, B, Y>],
    block: u64,
    bills: u64,
    format: Format,
) -> Result<String, String>
where
    B: Strategy<Value = (Bill, Patient)>,
    Y: Strategy<Value = (Vec<Bill>, Patient)>,
{
    let mut seed = [0; 32];
    for (to, from) in seed.iter_mut().zip(block.to_le_bytes()) {
        *to = from;
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut out = String::new();
    let mut made = 0;
    let turns = (0..4).cycle();
    for (source, turn) in sources.iter().cycle().zip(turns) {
        let rest = bills - made;
        if rest == 0 {
            break;
        }
        // One in four is a person with several bills.
        let (year, mut patient) = match turn {
            0 => drawn(&source.years, &mut runner)?,
            _ => {
                let (bill, patient) = drawn(&source.bills, &mut runner)?;
                (vec![bill], patient)
            }
        };
        patient.year_to_date = None;
        let id = |number: u64| format!("{:09}", block * BLOCK + number + 1);
        let person = (year.len() > 1).then(|| format!("P{}", id(made)));
        for bill in year.into_iter().take(usize::try_from(rest).unwrap_or(0)) {
            let record = source.record(format!("B{}", id(made)), person.clone(), bill, &patient);
            match format {
                Format::Csv => out.push_str(&csv_write::rows(&record)),
                Format::JsonLines => {
                    let json = serde_json::to_string(&record).map_err(|error| error.to_string())?;
                    out.push_str(&json);
                    out.push('\n');
                }
            }
            made += 1;
        }
    }
    Ok(out)
}

fn drawn<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> Result<S::Value, String> {
    let tree = strategy
        .new_tree(runner)
        .map_err(|error| error.to_string())?;
    Ok(tree.current())
}

impl<B, Y> Source<'_, B, Y> {
    /// A bill with the region of its policy, or the policy's id where the region does not tell it.
    fn record(&self, id: String, person: Option<String>, bill: Bill, patient: &Patient) -> Record {
        let policy = self.index.policies().get(self.number);
        let policy = policy.map(|known| known.policy);
        let region = policy.and_then(|policy| policy.regions().next());
        let mut record = Record {
            id,
            region: region.map(str::to_owned),
            policy: None,
            layer: Some(Layer::Assumed),
            person,
            bill,
            patient: patient.clone(),
        };
        let found = self.index.find(&record).map(|known| known.number);
        if found != Ok(self.number) {
            record.region = None;
            record.policy = policy.map(|policy| policy.id().to_owned());
        }
        record
    }
}
