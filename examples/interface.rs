//! A settlement through a pipe: a JSON request on standard input, a JSON reply on standard output.
//!
//! ```sh
//! cargo run --example interface < examples/interface/request.json
//! ```
//!
//! `request` has the national fields; beside it stands what they do not say. The reply is `{"infcode": 0, "output": ..}`,
//! or `{"infcode": -1, "err_msg": ".."}` with exit code 1. On a terminal, or with the argument `sample`, it replies to the
//! request of that file.

use payer_split::interface::{Account, RegionCodes, Reply, Request, decimals_as_text};
use payer_split::{
    Date, Enrolment, Facility, Held, Layer, Money, OutpatientDisease, RuleBook, YearToDate, settle,
};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

const REQUEST: &str = include_str!("interface/request.json");

fn main() -> ExitCode {
    let is_sample = std::env::args().nth(1).as_deref() == Some("sample");
    let reply = match is_sample || io::stdin().is_terminal() {
        true => reply(REQUEST),
        false => io::read_to_string(io::stdin())
            .map_err(Into::into)
            .and_then(|message| reply(&message)),
    };
    let (text, code) = match reply {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (failure(&*error), ExitCode::FAILURE),
    };
    // A reader that has seen enough, such as `head`, closes the pipe.
    let _ = io::stdout().write_all(text.as_bytes());
    code
}

/// A request with what its national fields do not say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    request: Request,
    /// The place whose rules settle, by its region code or by the policy's id.
    region: Option<String>,
    policy: Option<String>,
    layer: Layer,
    facility: Facility,
    #[serde(default)]
    codes: RegionCodes,
    /// What the person pays from the account; it must be said, if only `"0.00"`.
    acct_pay: Money,
    #[serde(default)]
    account: Account,
    referred: Option<bool>,
    admission: Option<u32>,
    age: Option<u32>,
    birth_date: Option<Date>,
    insured_years: Option<u32>,
    #[serde(default)]
    enrolments: Vec<Held<Enrolment>>,
    #[serde(default)]
    certificates: Vec<Held<OutpatientDisease>>,
    year_to_date: Option<YearToDate>,
}

#[derive(Serialize)]
struct Success<'a> {
    infcode: i32,
    output: Reply,
    /// To be stored, and sent with the patient's next bill.
    year_to_date: &'a YearToDate,
}

#[derive(Serialize)]
struct Failure {
    infcode: i32,
    err_msg: String,
}

/// The reply to a message, as JSON.
pub(crate) fn reply(message: &str) -> Result<String, Box<dyn Error>> {
    let message: Message = serde_json::from_str(&decimals_as_text(message))?;
    let mut bill = message.request.bill(message.facility, &message.codes)?;
    bill.referred = message.referred;
    bill.admission = message.admission;
    let mut patient = message.request.patient(&message.codes)?;
    patient.age = message.age;
    patient.birth_date = message.birth_date;
    patient.insured_years = message.insured_years;
    patient.enrolments = message.enrolments;
    patient.certificates = message.certificates;
    patient.year_to_date = message.year_to_date;

    let book = RuleBook::embedded();
    let policy = match (&message.region, &message.policy) {
        (Some(region), None) => book.find(region, bill.date, message.layer)?,
        (None, Some(id)) => book.find_id(id, bill.date, message.layer)?,
        _ => return Err("expected either `region` or `policy`".into()),
    };
    let settlement = settle(policy, &bill, &patient)?;
    json(&Success {
        infcode: 0,
        output: Reply::new(
            &settlement,
            message.acct_pay,
            message.account,
            &message.codes,
        )?,
        year_to_date: settlement.year_to_date(),
    })
}

/// The reply that says what was wrong.
pub(crate) fn failure(error: &dyn Error) -> String {
    let failure = Failure {
        infcode: -1,
        err_msg: error.to_string(),
    };
    // A text and a number can always be written.
    json(&failure).unwrap_or_default()
}

fn json(reply: &impl Serialize) -> Result<String, Box<dyn Error>> {
    Ok(serde_json::to_string_pretty(reply)? + "\n")
}
