//! Made-up bills as a flat table, in the columns that `csv` reads.

use super::csv::Column;
use super::record::Record;
use payer_split::{Held, LineInput};
use std::fmt::Display;

/// The header with every column.
pub(crate) fn header() -> String {
    let names: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    names.join(",") + "\n"
}

/// The rows of a bill, in the columns of [`header`]; what the bill says stands in the first.
pub(crate) fn rows(record: &Record) -> String {
    let mut out = String::new();
    for (number, line) in (1..).zip(&record.bill.lines) {
        let fields = Column::ALL.iter().map(|&column| {
            let text = match column {
                Column::Bill => record.id.clone(),
                Column::Line => format!("{number}"),
                column if column.is_of_line() => of_line(line.input(), column),
                column if number == 1 => of_bill(record, column),
                _ => String::new(),
            };
            quoted(text)
        });
        out.push_str(&fields.collect::<Vec<String>>().join(","));
        out.push('\n');
    }
    out
}

fn quoted(text: String) -> String {
    match text.contains(['"', ',']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

fn shown<T: Display>(value: Option<&T>) -> String {
    value.map_or_else(String::new, T::to_string)
}

fn joined<T: Display>(values: &[T]) -> String {
    let texts: Vec<String> = values.iter().map(T::to_string).collect();
    texts.join(";")
}

fn held<T: Display>(held: &[Held<T>]) -> String {
    let texts = held.iter().map(|held| match (held.from, held.to) {
        (None, None) => held.what.to_string(),
        (from, to) => format!(
            "{}[{}..{}]",
            held.what,
            shown(from.as_ref()),
            shown(to.as_ref())
        ),
    });
    texts.collect::<Vec<String>>().join(";")
}

fn of_bill(record: &Record, column: Column) -> String {
    let (bill, patient) = (&record.bill, &record.patient);
    let facility = &bill.facility;
    match column {
        Column::Region => shown(record.region.as_ref()),
        Column::Policy => shown(record.policy.as_ref()),
        Column::Layer => record
            .layer
            .map_or_else(String::new, |layer| layer.id().into()),
        Column::Person => shown(record.person.as_ref()),
        Column::Date => bill.date.to_string(),
        Column::Care => bill.care.to_string(),
        Column::Tier => shown(facility.tier.as_ref()),
        Column::Grade => shown(facility.grade.as_ref()),
        Column::Place => shown(facility.place.as_ref()),
        Column::Designated => shown(facility.designated.as_ref()),
        Column::Medical => shown(facility.medical.as_ref()),
        Column::Facility => shown(facility.name.as_ref()),
        Column::FacilityMarks => joined(&facility.marks),
        Column::Referred => shown(bill.referred.as_ref()),
        Column::Admission => shown(bill.admission.as_ref()),
        Column::Diagnoses => joined(&bill.diagnoses),
        Column::OutpatientDisease => shown(bill.outpatient_disease.as_ref()),
        Column::BillMarks => joined(&bill.marks),
        Column::Scheme => patient.scheme.to_string(),
        Column::Categories => held(&patient.categories),
        Column::Enrolments => held(&patient.enrolments),
        Column::Certificates => held(&patient.certificates),
        Column::Age => shown(patient.age.as_ref()),
        Column::BirthDate => shown(patient.birth_date.as_ref()),
        Column::InsuredYears => shown(patient.insured_years.as_ref()),
        _ => String::new(),
    }
}

fn of_line(line: &LineInput, column: Column) -> String {
    let parts = line.parts.as_ref();
    match column {
        Column::Fee => line.fee.to_string(),
        Column::Amount => shown(line.amount.as_ref()),
        Column::Class => shown(line.class.as_ref()),
        Column::FirstShare => joined(line.first_share.as_deref().unwrap_or_default()),
        Column::PriceLimit => shown(line.price_limit.as_ref()),
        Column::OwnExpense => shown(parts.map(|parts| &parts.own_expense)),
        Column::OverLimit => shown(parts.map(|parts| &parts.over_limit)),
        Column::FirstSelfPayment => shown(parts.map(|parts| &parts.first_self_payment)),
        Column::InScope => shown(parts.map(|parts| &parts.in_scope)),
        Column::Marks => joined(&line.marks),
        Column::Name => shown(line.name.as_ref()),
        _ => String::new(),
    }
}
