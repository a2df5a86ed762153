//! Why: a bill is settled, and then asked about.
//!
//! The published bill of Yuetang: 4549.20 yuan, of which the patient paid 454.92. Why did the government pay what it did,
//! why did the major illness insurance pay nothing, and what would a patient have paid who is not registered as poor?
//! In Chinese; with `en` as argument in English.

use payer_split::explain::{Asked, compare, explain};
use payer_split::{
    Bill, Care, Facility, Language, Layer, Line, Patient, Place, RuleBook, Scheme, Tier,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let language = match std::env::args().nth(1).as_deref() {
        Some("en") => Language::English,
        _ => Language::Chinese,
    };
    print!("{}", answers(language)?);
    Ok(())
}

pub(crate) fn answers(language: Language) -> Result<String, Box<dyn Error>> {
    let book = RuleBook::embedded();
    let facility = Facility {
        tier: Some(Tier::COUNTY),
        place: Some(Place::IN_COUNTY),
        designated: Some(true),
        ..Facility::default()
    };
    let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility)
        .with_line(Line::class_a("western-medicine", "3800".parse()?)?)
        .with_line(Line::class_c("material", "749.20".parse()?)?);
    let poor = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
    let other = Patient::new(Scheme::RESIDENT);

    let policy = book.find("430304", bill.date, Layer::Assumed)?;
    let explanation = explain(policy, &bill, &poor)?;
    let why = explanation.why(&Asked::Payer("government".into()));
    let why_not = explanation.why_not("major");
    let what_if = compare(&explain(policy, &bill, &other)?, &explanation);
    Ok([
        why.ok_or("no such payer")?.text(language),
        why_not.ok_or("it paid")?.text(language),
        what_if.text(language),
    ]
    .join("\n"))
}
