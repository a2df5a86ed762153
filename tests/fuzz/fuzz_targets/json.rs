//! JSON bills, patients, years to date and settlements: reading refuses or takes them, what is taken is written and read
//! back the same, and a bill and a patient that were read settle or are refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use payer_split::{
    Bill, Detail, Facility, Held, Line, Patient, RuleBook, Settlement, Workspace, YearToDate,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::sync::LazyLock;

static BOOK: LazyLock<RuleBook> = LazyLock::new(RuleBook::embedded);

/// What may stand in a file. Tried one by one, so that none hides another's errors.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Visit {
    patient: Patient,
    bills: Vec<Bill>,
}

fuzz_target!(|bytes: &[u8]| {
    again::<Line>(bytes);
    again::<Facility>(bytes);
    again::<Held<payer_split::Category>>(bytes);
    again::<YearToDate>(bytes);
    if let Some(settlement) = again::<Settlement>(bytes) {
        assert!(!settlement.statement().to_string().is_empty());
        let _ = settlement.reimbursed().to_percent(2);
        let _ = settlement.reimbursed_in_scope().to_percent(2);
    }
    if let Some(patient) = again::<Patient>(bytes) {
        again::<Patient>(&serde_json::to_vec(&patient).expect("written"));
    }
    if let Some(bill) = again::<Bill>(bytes) {
        settle(
            &[bill],
            Patient::new("resident").with_category("registered-poor"),
        );
    }
    if let Some(visit) = again::<Visit>(bytes) {
        settle(&visit.bills, visit.patient);
    }
});

/// Reads a thing, writes it, and reads it back.
fn again<T: Debug + PartialEq + Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let thing: T = serde_json::from_slice(bytes).ok()?;
    let text = serde_json::to_string(&thing).expect("what was read is written");
    let back: T = serde_json::from_str(&text).expect("what was written is read");
    assert_eq!(back, thing);
    assert_eq!(serde_json::to_string(&back).expect("written"), text);
    Some(thing)
}

/// Settles a year under every policy.
fn settle(bills: &[Bill], patient: Patient) {
    let mut workspace = Workspace::new();
    for policy in BOOK.policies() {
        let mut patient = patient.clone();
        for bill in bills {
            match workspace.settle(policy, bill, &patient, Detail::Lines) {
                Ok(settlement) => {
                    assert_eq!(Some(settlement.total()), bill.total());
                    let text = serde_json::to_string(settlement).expect("written");
                    let back: Settlement = serde_json::from_str(&text).expect("read");
                    assert_eq!(&back, settlement);
                    patient.year_to_date = Some(settlement.year_to_date().clone());
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}
