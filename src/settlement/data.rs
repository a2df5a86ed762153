//! A settlement as plain data: what is written and read, with every name spelled out.

use super::{BandRecord, Rate, Settlement, ShareRecord, StepRecord, Terms, Used};
use crate::date::Date;
use crate::line::Parts;
use crate::money::Money;
use crate::policy::info::{Citation, Info, Layer, Named, NoteId, Payer, Source};
use crate::ratio::Ratio;
use crate::year::YearToDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettlementData {
    policy: PolicyData,
    date: Date,
    total: Money,
    parts: Parts,
    patient: Money,
    patient_parts: Parts,
    payers: Vec<PayerData>,
    steps: Vec<StepData>,
    lines: Vec<Vec<Money>>,
    benefits: Vec<Named>,
    scopes: Vec<Citation>,
    assumptions: Vec<Citation>,
    sources: Vec<Source>,
    year_to_date: YearToDate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyData {
    id: String,
    version: String,
    layer: Layer,
    regions: Vec<String>,
    name: String,
    name_en: String,
    from: Date,
    to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PayerData {
    payer: Payer,
    amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepData {
    step: Named,
    base: Money,
    deductible: Money,
    rate: Rate,
    bands: Vec<BandRecord>,
    exact_millionths_of_fen: i64,
    payment_ratio: Ratio,
    limited_by: Vec<Named>,
    all_paid: bool,
    amount: Money,
    payers: Vec<StepPayerData>,
    used: Vec<Citation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepPayerData {
    payer: String,
    amount: Money,
}

impl From<Settlement> for SettlementData {
    fn from(settlement: Settlement) -> Self {
        let info = settlement.info();
        let policy = PolicyData {
            id: info.id.as_ref().into(),
            version: info.version.as_ref().into(),
            layer: info.layer,
            regions: info
                .regions
                .iter()
                .map(|region| region.as_ref().into())
                .collect(),
            name: info.name.as_ref().into(),
            name_en: info.name_en.as_ref().into(),
            from: info.from,
            to: info.to,
        };
        let step = |step: super::StepView<'_>| {
            let payers = step.payers().map(|(payer, amount)| StepPayerData {
                payer: payer.id.clone(),
                amount,
            });
            Some(StepData {
                step: step.named()?.clone(),
                base: step.base(),
                deductible: step.deductible(),
                rate: step.rate(),
                bands: step.bands().to_vec(),
                exact_millionths_of_fen: step.exact_millionths(),
                payment_ratio: step.payment_ratio(),
                limited_by: step.limits().cloned().collect(),
                all_paid: step.is_all_paid(),
                amount: step.amount(),
                payers: payers.collect(),
                used: step.used().cloned().collect(),
            })
        };
        SettlementData {
            policy,
            date: settlement.date,
            total: settlement.total,
            parts: settlement.parts,
            patient: settlement.patient,
            patient_parts: settlement.patient_parts,
            payers: settlement
                .payers()
                .map(|(payer, amount)| PayerData {
                    payer: payer.clone(),
                    amount,
                })
                .collect(),
            steps: settlement.steps().filter_map(step).collect(),
            lines: settlement
                .lines()
                .map(|line| line.amounts().to_vec())
                .collect(),
            benefits: settlement.benefits().cloned().collect(),
            scopes: settlement.scopes().cloned().collect(),
            assumptions: settlement.assumptions().cloned().collect(),
            sources: info.sources.clone(),
            year_to_date: settlement.year_to_date.clone(),
        }
    }
}

impl TryFrom<SettlementData> for Settlement {
    type Error = String;

    /// Builds the names that the settlement speaks of anew. What is read must be whole: amounts that do not sum to the
    /// bill, or a payer that is not listed, are refused.
    fn try_from(data: SettlementData) -> Result<Self, String> {
        let payers: Vec<Payer> = data
            .payers
            .iter()
            .map(|payer| payer.payer.clone())
            .collect();
        let mut steps = Vec::new();
        let mut limits: Vec<Named> = Vec::new();
        let (mut records, mut bands, mut shares) = (Vec::new(), Vec::new(), Vec::new());
        let mut notes = data.scopes;
        for step in data.steps {
            let mut record = StepRecord::new(steps.len());
            record.base = step.base;
            record.deductible = step.deductible;
            record.rate = step.rate;
            record.exact = step.exact_millionths_of_fen;
            record.payment = step.payment_ratio;
            record.amount = step.amount;
            record.all_paid = step.all_paid;
            record.limits.start = limits.len();
            limits.extend(step.limited_by);
            record.limits.end = limits.len();
            record.bands.start = bands.len();
            bands.extend(step.bands);
            record.bands.end = bands.len();
            record.shares.start = shares.len();
            for share in step.payers {
                let payer = payers.iter().position(|payer| payer.id == share.payer);
                let payer = payer.ok_or_else(|| {
                    format!(
                        "unknown payer `{}` of the step `{}`",
                        share.payer, step.step.id
                    )
                })?;
                shares.push(ShareRecord {
                    payer,
                    amount: share.amount,
                });
            }
            record.shares.end = shares.len();
            record.used.start = notes.len();
            notes.extend(step.used);
            record.used.end = notes.len();
            records.push(record);
            steps.push(step.step);
        }
        let paid: Vec<Money> = data.payers.iter().map(|payer| payer.amount).collect();
        let columns: Vec<Money> = paid.iter().copied().chain([data.patient]).collect();
        let sums = [
            ("the payers and the patient", total(&columns), data.total),
            ("the parts", data.parts.total(), data.total),
            (
                "the patient's parts",
                data.patient_parts.total(),
                data.patient,
            ),
        ];
        for (what, sum, whole) in sums {
            if sum != Some(whole) {
                return Err(format!("{what} of a settlement must sum to `{whole}`"));
            }
        }
        for record in &records {
            let of_payers = shares.get(record.shares.clone()).unwrap_or_default();
            let of_payers: Vec<Money> = of_payers.iter().map(|share| share.amount).collect();
            if total(&of_payers) != Some(record.amount) {
                return Err(format!(
                    "the payers of a step must sum to its amount `{}`",
                    record.amount
                ));
            }
        }
        if data.lines.iter().any(|line| line.len() != columns.len()) {
            return Err(
                "each line of a settlement has an amount for every payer and one for the patient"
                    .into(),
            );
        }
        for (column, whole) in columns.iter().enumerate() {
            let cells: Vec<Money> = data
                .lines
                .iter()
                .filter_map(|line| line.get(column).copied())
                .collect();
            if !data.lines.is_empty() && total(&cells) != Some(*whole) {
                return Err(format!(
                    "the lines of a settlement must sum to `{whole}` in column {column}"
                ));
            }
        }
        let amounts = columns.iter().chain(data.lines.iter().flatten());
        let negative = amounts
            .chain(shares.iter().map(|share| &share.amount))
            .find(|amount| amount.is_negative());
        if let Some(amount) = negative {
            return Err(format!("an amount of a settlement is negative: `{amount}`"));
        }
        if data.date < data.policy.from || data.policy.to.is_some_and(|to| to < data.date) {
            return Err(format!(
                "the date `{}` of a settlement is outside its policy's period",
                data.date
            ));
        }

        let info = Info {
            id: data.policy.id.into(),
            version: data.policy.version.into(),
            layer: data.policy.layer,
            regions: data.policy.regions.into_iter().map(Into::into).collect(),
            name: data.policy.name.into(),
            name_en: data.policy.name_en.into(),
            from: data.policy.from,
            to: data.policy.to,
            citation: None,
            sources: data.sources,
            payers,
            steps,
            limits,
            benefits: data.benefits,
            left_out: Vec::new(),
            exceptions: Vec::new(),
            notes,
        };
        let notes = u32::try_from(info.notes.len()).map_err(|_| "too many citations")?;
        let settlement = Settlement {
            date: data.date,
            total: data.total,
            parts: data.parts,
            paid,
            patient: data.patient,
            patient_parts: data.patient_parts,
            steps: records,
            bands,
            shares,
            limits: (0..info.limits.len()).collect(),
            lines: data.lines.into_iter().flatten().collect(),
            used: (0..notes).map(|note| Used::Note(NoteId(note))).collect(),
            year_to_date: data.year_to_date,
            terms: Arc::new(Terms {
                benefits: (0..info.benefits.len()).collect(),
                info: Arc::new(info),
                step_notes: Vec::new(),
                figure_notes: Vec::new(),
            }),
        };
        if !settlement.assumptions().eq(&data.assumptions) {
            return Err("the assumptions of a settlement must be those of what it used".into());
        }
        Ok(settlement)
    }
}

/// The sum, if it is an amount.
fn total(amounts: &[Money]) -> Option<Money> {
    amounts
        .iter()
        .try_fold(Money::ZERO, |sum, amount| sum.checked_add(*amount))
}
