//! What an engine that knows no bills is given, and what it is to find: sums instead of lines, totals instead of a matrix.

use crate::bills::Case;
use crate::hand;
use crate::ours::Ours;
use payer_split::Detail;
use rust_decimal::Decimal;
use std::fmt::Write;

/// A bill's sums and its patient, in yuan.
#[derive(Debug, Clone)]
pub struct Totals {
    pub tier: String,
    pub category: String,
    pub in_scope: Decimal,
    /// The three parts that are out of scope.
    pub out_of_scope: Decimal,
    /// Of the year: what its limits, deductible and bands have counted.
    pub basic_limit: Decimal,
    pub major_deductible: Decimal,
    pub major_bands: Decimal,
    pub aid_limit: Decimal,
}

/// What each payer pays in the order of the rule file, and last the patient, in yuan.
pub type Split = Vec<Decimal>;

impl From<&Case> for Totals {
    fn from(case: &Case) -> Totals {
        let sums = case.bill.lines.iter().fold([0, 0], |[scope, out], line| {
            let in_scope = line.parts().in_scope.fen();
            [scope + in_scope, out + line.amount().fen() - in_scope]
        });
        let yuan = |fen| Decimal::new(fen, 2);
        let year = case.year.unwrap_or_default();
        let tier = case.bill.facility.tier.as_ref();
        let category = case.patient.categories.first();
        Totals {
            tier: tier.map_or("", |tier| tier.id()).into(),
            category: category.map_or("", |held| held.what.id()).into(),
            in_scope: yuan(sums[0]),
            out_of_scope: yuan(sums[1]),
            basic_limit: yuan(year.basic_limit),
            major_deductible: yuan(year.major_deductible),
            major_bands: yuan(year.major_bands),
            aid_limit: yuan(year.aid_limit),
        }
    }
}

impl Totals {
    /// As a JSON object.
    pub fn to_json(&self) -> String {
        format!(
            "{{\"tier\":\"{}\",\"category\":\"{}\",\"in_scope\":{},\"out_of_scope\":{},\"basic_limit\":{},\
             \"major_deductible\":{},\"major_bands\":{},\"aid_limit\":{}}}",
            self.tier,
            self.category,
            self.in_scope,
            self.out_of_scope,
            self.basic_limit,
            self.major_deductible,
            self.major_bands,
            self.aid_limit,
        )
    }
}

/// What the library says.
pub fn expected(case: &Case, ours: &mut Ours) -> Split {
    let settlement = ours.settle(&case.bill, &case.patient, Detail::Totals);
    let payers = settlement.payers().map(|(_, amount)| amount);
    let all = payers.chain([settlement.patient()]);
    all.map(Decimal::from).collect()
}

/// The bills and what they come to as JSON, for peers in other languages.
pub fn export(cases: &[Case], ours: &mut Ours) -> String {
    let mut text = String::from("[\n");
    for (number, case) in cases.iter().enumerate() {
        let separator = if number == 0 { "" } else { ",\n" };
        let split = expected(case, ours);
        let names = hand::PAYERS.into_iter().chain(["patient"]);
        let pays: Vec<String> = names
            .zip(&split)
            .map(|(name, yuan)| format!("\"{name}\":{yuan}"))
            .collect();
        let totals = Totals::from(case).to_json();
        let pays = pays.join(",");
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}{{\"bill\":{totals},\"pays\":{{{pays}}}}}");
    }
    text + "\n]\n"
}
