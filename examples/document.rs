//! Prints a settled bill as a document to hand out: `cargo run --example document -- [sheet|patient] [zh|en] [text|html]`.
//!
//! The published bill of Yuetang, 4549.20 yuan. Without arguments it is the patient's statement in Chinese, as text; with
//! `html`, a page for a browser, which prints it on one sheet of A4:
//! `cargo run --example document -- patient zh html > statement.html`.

use payer_split::{
    Bill, Care, Document, Facility, Language, Layer, Line, Particulars, Patient, Place, RuleBook,
    Scheme, Tier, settle,
};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    print!("{}", document(&arguments)?);
    Ok(())
}

pub(crate) fn document(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let (mut sheet, mut language, mut html) = (false, Language::Chinese, false);
    for argument in arguments {
        match argument.as_str() {
            "sheet" => sheet = true,
            "patient" => sheet = false,
            "zh" => language = Language::Chinese,
            "en" => language = Language::English,
            "text" => html = false,
            "html" => html = true,
            other => {
                let expected = "expected `sheet` or `patient`, `zh` or `en`, `text` or `html`";
                return Err(format!("unknown argument `{other}`: {expected}").into());
            }
        }
    }

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

    // What only the counter knows; all of it may be left out.
    let particulars = Particulars {
        patient: Some("周桂英".into()),
        hospital: Some("湘潭市岳塘区人民医院".into()),
        diagnosis: Some("胆囊结石（K80.2）".into()),
        printed: Some("2020-06-01 15:20".into()),
        ..Particulars::default()
    };
    let document = match sheet {
        true => Document::one_stop(&settlement, &particulars, language),
        false => Document::for_patient(&settlement, &particulars, language),
    };
    Ok(match html {
        true => document.html(),
        false => document.text(),
    })
}
