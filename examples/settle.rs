//! Settles bills from the command line and prints their statements: `cargo run --example settle -- --help`.

use payer_split::{
    Bill, Date, DirectoryError, Layer, Money, Patient, Payer, Policy, RuleBook, Settlement, settle,
};
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

const HELP: &str = "\
Settles medical bills and prints an itemised statement of each.

usage: settle [OPTIONS]

Without a bill it settles Yuetang's published one: 4549.20 yuan, of which the
patient pays 454.92.

  --bill FILE       a bill (.toml or .json); needs --patient and a policy
  --year FILE       a year of bills, settled in order with the year to date
                    carried over: [[bill]] tables in .toml, an array in .json
  --patient FILE    the patient (.toml or .json)
  --policy ID       the policy by its id; its version by the bill's date
  --region CODE     the policy by a region code, such as 430304
  --date DATE       settle the bill as of this day (YYYY-MM-DD), not its own
  --stated          only what the sources state; what they leave open is refused
  --assumed         with assumed figures where the sources state none
                    (neither: assumed where there is such a layer, else stated)
  --rules DIR       the rule files below a directory, not the built-in ones
  --json            settlements as JSON, not statements
  --list            list the policies and stop
  --help            show this and stop

Exit code: 0; 1 if something could not be read or settled; 2 for wrong usage.
";

const BILL: &str = include_str!("data/bill.toml");
const PATIENT: &str = include_str!("data/patient.toml");

fn main() -> ExitCode {
    let outcome = run(env::args_os().skip(1));
    // A reader that has seen enough, such as `head`, closes the pipe.
    let _ = io::stdout().write_all(outcome.stdout.as_bytes());
    let _ = io::stderr().write_all(outcome.stderr.as_bytes());
    ExitCode::from(outcome.code)
}

/// What a run says, and its exit code.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: u8,
}

pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(failure) = try_run(args, &mut outcome) {
        outcome.stderr.push_str(&failure.message);
        outcome.stderr.push('\n');
        outcome.code = failure.code;
    }
    outcome
}

struct Failure {
    code: u8,
    message: String,
}

fn usage(message: impl Display) -> Failure {
    let message = format!("error: {message}\n`--help` shows the options");
    Failure { code: 2, message }
}

fn failed(message: impl Display) -> Failure {
    let message = format!("error: {message}");
    Failure { code: 1, message }
}

/// Problems of files, which show themselves as errors and warnings with their places.
fn problems(problems: impl Display) -> Failure {
    let message = problems.to_string();
    Failure { code: 1, message }
}

fn try_run(args: impl IntoIterator<Item = OsString>, out: &mut Outcome) -> Result<(), Failure> {
    let options = Options::parse(args)?;
    if options.help {
        out.stdout.push_str(HELP);
        return Ok(());
    }
    if !options.list {
        options.check()?;
    }
    let book = book(&options)?;
    for warning in book.warnings() {
        out.stderr.push_str(&format!("{warning}\n"));
    }
    if options.list {
        list(&book, &mut out.stdout);
        return Ok(());
    }
    let mut patient = match &options.patient {
        Some(file) => read(file, Patient::from_toml)?,
        None => Patient::from_toml("patient.toml", PATIENT).map_err(problems)?,
    };
    let bills = bills(&options)?;

    let mut settlements = Vec::new();
    let mut failure = None;
    for (number, bill) in (1..).zip(&bills) {
        match settle_one(&options, &book, bill, &patient) {
            Ok(settlement) => {
                patient.year_to_date = Some(settlement.year_to_date().clone());
                settlements.push(settlement);
            }
            Err(message) => {
                let place = match options.year {
                    Some(_) => format!("bill {number}: "),
                    None => String::new(),
                };
                failure = Some(failed(format!("{place}{message}")));
                break;
            }
        }
    }
    // What was settled before a failure is printed all the same.
    let is_year = options.year.is_some();
    match options.json {
        true => out.stdout.push_str(&json(&settlements, is_year)?),
        false => out.stdout.push_str(&statements(&settlements, is_year)),
    }
    failure.map_or(Ok(()), Err)
}

#[derive(Default)]
struct Options {
    bill: Option<String>,
    year: Option<String>,
    patient: Option<String>,
    policy: Option<String>,
    region: Option<String>,
    date: Option<Date>,
    layer: Option<Layer>,
    rules: Option<String>,
    json: bool,
    list: bool,
    help: bool,
}

impl Options {
    fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Options, Failure> {
        let mut options = Options::default();
        let mut date = None;
        let mut args = args.into_iter().map(|arg| {
            arg.into_string()
                .map_err(|arg| usage(format!("`{}` is not UTF-8 text", arg.display())))
        });
        while let Some(arg) = args.next().transpose()? {
            let value = match arg.as_str() {
                "--bill" => &mut options.bill,
                "--year" => &mut options.year,
                "--patient" => &mut options.patient,
                "--policy" => &mut options.policy,
                "--region" => &mut options.region,
                "--date" => &mut date,
                "--rules" => &mut options.rules,
                "--stated" | "--assumed" => {
                    let layer = match arg.as_str() {
                        "--stated" => Layer::Stated,
                        _ => Layer::Assumed,
                    };
                    if options.layer.is_some_and(|other| other != layer) {
                        return Err(usage("`--stated` and `--assumed` exclude each other"));
                    }
                    options.layer = Some(layer);
                    continue;
                }
                "--json" => {
                    options.json = true;
                    continue;
                }
                "--list" => {
                    options.list = true;
                    continue;
                }
                "--help" | "-h" => {
                    options.help = true;
                    continue;
                }
                _ => return Err(usage(format!("unknown option `{arg}`"))),
            };
            let given = args.next().transpose()?;
            let given = given.filter(|given| !given.starts_with("--"));
            let given = given.ok_or_else(|| usage(format!("expected a value after `{arg}`")))?;
            if value.replace(given).is_some() {
                return Err(usage(format!("`{arg}` is given twice")));
            }
        }
        if let Some(date) = date {
            let date = date
                .parse()
                .map_err(|error| usage(format!("`--date`: {error}")))?;
            options.date = Some(date);
        }
        Ok(options)
    }

    /// Options that exclude or need each other.
    fn check(&self) -> Result<(), Failure> {
        let own_bills = self.bill.is_some() || self.year.is_some();
        let names_policy = self.policy.is_some() || self.region.is_some();
        let problem = if self.bill.is_some() && self.year.is_some() {
            "`--bill` and `--year` exclude each other"
        } else if self.policy.is_some() && self.region.is_some() {
            "`--policy` and `--region` exclude each other"
        } else if self.year.is_some() && self.date.is_some() {
            "`--date` goes with one bill, not with `--year`"
        } else if own_bills && self.patient.is_none() {
            "expected `--patient` with a bill of your own"
        } else if own_bills && !names_policy {
            "expected `--policy` or `--region` with a bill of your own"
        } else {
            return Ok(());
        };
        Err(usage(problem))
    }
}

fn book(options: &Options) -> Result<RuleBook, Failure> {
    match &options.rules {
        None => Ok(RuleBook::embedded()),
        Some(rules) => RuleBook::read_dir(rules).map_err(|error| match error {
            DirectoryError::Problems(found) => problems(found),
            error => failed(error),
        }),
    }
}

fn bills(options: &Options) -> Result<Vec<Bill>, Failure> {
    if let Some(file) = &options.year {
        let bills = read(file, Bill::year_from_toml)?;
        return match bills.is_empty() {
            true => Err(failed(format!("`{file}` has no bills"))),
            false => Ok(bills),
        };
    }
    let mut bill = match &options.bill {
        Some(file) => read(file, Bill::from_toml)?,
        None => Bill::from_toml("bill.toml", BILL).map_err(problems)?,
    };
    bill.date = options.date.unwrap_or(bill.date);
    Ok(vec![bill])
}

/// Reads a file by the ending of its name.
fn read<T: DeserializeOwned, E: Display>(
    file: &str,
    from_toml: impl Fn(&str, &str) -> Result<T, E>,
) -> Result<T, Failure> {
    let is = |ending| {
        Path::new(file)
            .extension()
            .is_some_and(|found| found == ending)
    };
    if !is("toml") && !is("json") {
        return Err(failed(format!(
            "expected a `.toml` or `.json` file, found `{file}`"
        )));
    }
    let text = fs::read_to_string(file)
        .map_err(|error| failed(format!("cannot read `{file}`: {error}")))?;
    match is("json") {
        true => serde_json::from_str(&text).map_err(|error| failed(format!("`{file}`: {error}"))),
        false => from_toml(file, &text).map_err(problems),
    }
}

fn settle_one(
    options: &Options,
    book: &RuleBook,
    bill: &Bill,
    patient: &Patient,
) -> Result<Settlement, String> {
    let find = |layer| match &options.region {
        Some(region) => book.find(region, bill.date, layer),
        None => {
            let id = options.policy.as_deref().unwrap_or("yuetang");
            book.find_id(id, bill.date, layer)
        }
    };
    let policy = match options.layer {
        Some(layer) => find(layer),
        None => find(Layer::Assumed).or_else(|_| find(Layer::Stated)),
    };
    let policy = policy.map_err(|error| error.to_string())?;
    settle(policy, bill, patient).map_err(|error| error.to_string())
}

fn list(book: &RuleBook, out: &mut String) {
    let mut policies: Vec<&Policy> = book.policies().collect();
    policies.sort_by_key(|policy| policy.full_name());
    for policy in policies {
        let to = policy
            .to()
            .map_or_else(|| "open".into(), |to| to.to_string());
        let regions: Vec<&str> = policy.regions().collect();
        out.push_str(&format!(
            "{:<38}{} to {to:<12}{} {}\n",
            policy.full_name(),
            policy.from(),
            policy.name(),
            policy.name_en(),
        ));
        if !regions.is_empty() {
            out.push_str(&format!("{:<38}{}\n", "", regions.join(" ")));
        }
    }
}

fn json(settlements: &[Settlement], is_year: bool) -> Result<String, Failure> {
    let json = match (is_year, settlements) {
        (_, []) => return Ok(String::new()),
        (false, [settlement, ..]) => serde_json::to_string_pretty(settlement),
        (true, _) => serde_json::to_string_pretty(settlements),
    };
    json.map(|json| json + "\n").map_err(failed)
}

fn statements(settlements: &[Settlement], is_year: bool) -> String {
    let mut out = String::new();
    for settlement in settlements {
        out.push_str(&format!("{}\n", settlement.statement()));
    }
    if is_year && !settlements.is_empty() {
        summary(settlements, &mut out);
    }
    out
}

/// The bills of a year in a table, and what each payer paid of them.
fn summary(settlements: &[Settlement], out: &mut String) {
    let amounts = |settlement: &Settlement| {
        let payers = settlement.reimbursed().part;
        [settlement.total(), payers, settlement.patient()]
    };
    let mut sums = [Money::ZERO; 3];
    out.push_str("全年  The year\n");
    out.push_str("  结算日 date     总费用 total     各方 payers    个人 patient\n");
    for settlement in settlements {
        let amounts = amounts(settlement);
        sums = [0, 1, 2].map(|column| add(sums[column], amounts[column]));
        out.push_str(&format!("  {}  {}\n", settlement.date(), columns(amounts)));
    }
    out.push_str(&format!("  合计 total  {}\n\n", columns(sums)));

    let mut payers: Vec<(&Payer, Money)> = Vec::new();
    for (payer, amount) in settlements.iter().flat_map(Settlement::payers) {
        match payers.iter_mut().find(|(known, _)| known.id == payer.id) {
            Some((_, sum)) => *sum = add(*sum, amount),
            None => payers.push((payer, amount)),
        }
    }
    out.push_str("各方全年付款  The payers in the year\n");
    for (payer, amount) in payers {
        out.push_str(&format!("{amount:>16}  {} {}\n", payer.name, payer.name_en));
    }
}

fn columns(amounts: [Money; 3]) -> String {
    amounts.map(|amount| format!("{amount:>16}")).concat()
}

/// A sum beyond the largest amount stays there.
fn add(sum: Money, amount: Money) -> Money {
    sum.checked_add(amount).unwrap_or(Money::MAX)
}
