//! A year of one patient: three stays in a county hospital, settled in order with the year to date carried over.
//!
//! Anhui's "351" caps what a registered poor patient pays of the in-scope cost of a year's county stays at 3,000 yuan.
//! The second stay reaches the cap, and of the third the patient pays nothing.

use payer_split::{
    Bill, Care, Category, Facility, Fee, Layer, Line, Money, Patient, Place, RuleBook, Scheme,
    Tier, settle,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", year()?);
    Ok(())
}

pub(crate) fn year() -> Result<String, Box<dyn Error>> {
    let book = RuleBook::embedded();
    let mut patient = Patient::new(Scheme::RESIDENT).with_category(Category::REGISTERED_POOR);
    let hospital = Facility {
        tier: Some(Tier::COUNTY),
        place: Some(Place::IN_COUNTY),
        ..Facility::default()
    };
    let mut table = format!(
        "{:<12}{:>12}{:>12}{:>12}\n",
        "date", "bill", "payers", "patient"
    );
    for (date, amount) in [
        ("2019-03-05", "12000.00"),
        ("2019-07-20", "20000.00"),
        ("2019-11-11", "15000.00"),
    ] {
        let line = Line::class_a(Fee::WESTERN_MEDICINE, Money::parse(amount)?)?;
        let bill = Bill::new(date.parse()?, Care::INPATIENT, hospital.clone()).with_line(line);
        let policy = book.find_id("anhui", bill.date, Layer::Assumed)?;
        let settlement = settle(policy, &bill, &patient)?;
        let (payers, own) = (settlement.reimbursed().part, settlement.patient());
        table += &format!("{date:<12}{amount:>12}{payers:>12}{own:>12}\n");
        patient.year_to_date = Some(settlement.year_to_date().clone());
    }
    let year = patient.year_to_date.ok_or("no bill was settled")?;
    table += &format!("\npaid in {}\n", year.year());
    for payer in ["basic", "major", "aid", "budget", "patient"] {
        table += &format!("{payer:<12}{:>12}\n", year.paid(payer));
    }
    Ok(table)
}
