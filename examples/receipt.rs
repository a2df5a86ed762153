//! Seals a settled bill into a receipt, alters a copy of it, and settles the sealed bill again.
//!
//! `cargo run --example receipt`; with `json` as argument it prints the receipt itself. In a crate of your own this needs
//! the feature `seal`.

use payer_split::receipt::Receipt;
use payer_split::{
    Bill, Care, Facility, Layer, Line, Patient, Place, RuleBook, Scheme, Tier, settle,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args().nth(1).is_some_and(|word| word == "json");
    print!("{}", told(json)?);
    Ok(())
}

pub(crate) fn told(json: bool) -> Result<String, Box<dyn Error>> {
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
    let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
    let policy = book.find("430304", bill.date, Layer::Assumed)?;
    let settlement = settle(policy, &bill, &patient)?;

    let receipt = Receipt::seal(&book, &settlement, &bill, &patient)?;
    let written = serde_json::to_string_pretty(&receipt)?;
    if json {
        return Ok(written + "\n");
    }
    let mut out = format!("sealed      {}\n", receipt.seal);
    for rules in &receipt.rules {
        out += &format!("rule file   {} {}\n", rules.sha256, rules.policy);
    }

    // Whoever alters what was sealed is found out.
    let altered = written.replace("registered-poor", "minimum-living");
    let altered: Receipt = serde_json::from_str(&altered)?;
    match altered.verify() {
        Ok(()) => out += "the altered copy is the same\n",
        Err(error) => out += &format!("altered     {error}\n"),
    }

    // Years later: the same rules, and perhaps another version of this crate.
    let read: Receipt = serde_json::from_str(&written)?;
    read.verify()?;
    out += &format!(
        "settled again: {}\n",
        read.replay(&book)?.to_string().trim_end()
    );
    Ok(out)
}
