//! The one-stop sheet (一站式结算单), in the form that Hunan prints.

use super::Particulars;
use super::clauses;
use super::content::{self, Block, Content, Level, NONE, Row as Line, Segment, Table};
use super::rows::Row;
use crate::language::Language;
use crate::line::Part;
use crate::money::Money;
use crate::policy::info::Payer;
use crate::settlement::Settlement;

pub(super) fn content(
    settlement: &Settlement,
    particulars: &Particulars,
    language: Language,
) -> Content {
    let mut facts = content::facts(particulars, language);
    let date = settlement.date().to_string();
    facts.push((language.pick("结算日期", "Settled"), date));
    let payers = payers(settlement, language);
    let mut blocks = Vec::new();
    if settlement.total() > Money::ZERO {
        blocks.push(Block::Bar(payers.segments));
    }
    blocks.push(Block::Table(payers.table));
    blocks.push(Block::Table(self_paid(settlement, language)));
    let clauses = clauses::of_steps(settlement, language);
    if !clauses.is_empty() {
        let heading = language.pick("依据", "The clauses");
        blocks.push(Block::Notes(heading, "", clauses));
    }
    let heading = language.pick("说明", "Notes");
    blocks.push(Block::Notes(heading, "", notes(language)));
    let clerk = content::given(particulars.clerk.as_ref());
    Content {
        language,
        title: language
            .pick("健康扶贫“一站式”结算单", "One-stop settlement sheet")
            .into(),
        subtitle: content::policy(settlement, language),
        facts,
        blocks,
        signatures: vec![
            (language.pick("经办人", "Prepared by"), clerk),
            (
                language.pick("患者（家属）签字", "Patient or family"),
                String::new(),
            ),
            (language.pick("日期", "Date"), String::new()),
        ],
        footer: content::footer(settlement, particulars, language),
    }
}

/// Who pays, as a table and as a bar.
struct Payers {
    table: Table,
    segments: Vec<Segment>,
}

/// The total, what each row of payers pays, their sum, and the person. Rows that pay have a stretch of the bar.
fn payers(settlement: &Settlement, language: Language) -> Payers {
    let total = settlement.total();
    let cells = |amount: Money| vec![amount.to_string(), content::percent(amount, total)];
    let all = language.pick("医疗总费用", "Total of the bill");
    let mut rows = vec![Line::new(Level::Sum, all, cells(total))];
    let mut paying = Vec::new();
    for row in Row::ALL {
        let of_row = settlement
            .payers()
            .filter(|(payer, _)| Row::of(payer) == row);
        let of_row: Vec<(&Payer, Money)> = of_row.collect();
        let (zh, en) = row.names();
        let name = language.pick(zh, en);
        let sum = sum(of_row.iter().map(|(_, amount)| *amount));
        let of_all = match (of_row.as_slice(), sum) {
            ([], _) | (_, None) => vec![NONE.into(), NONE.into()],
            (_, Some(sum)) => cells(sum),
        };
        if let Some(sum) = sum.filter(|sum| *sum > Money::ZERO) {
            paying.push((rows.len(), name.to_owned(), sum));
        }
        rows.push(Line::new(Level::Plain, name, of_all));
        if row == Row::Other {
            let paid = of_row.iter().filter(|(_, amount)| *amount > Money::ZERO);
            rows.extend(paid.map(|(payer, amount)| {
                let name = content::payer_name(language, payer);
                Line::new(Level::Part, &name, cells(*amount))
            }));
        }
    }
    let paid = total.checked_sub(settlement.patient()).unwrap_or_default();
    let paid_name = language.pick("各方支付合计", "Paid by all of them");
    rows.push(Line::new(Level::Sum, paid_name, cells(paid)));
    let person = language.pick("个人支付", "Paid by the patient");
    rows.push(Line::new(Level::Sum, person, cells(settlement.patient())));
    let places: Vec<usize> = paying.iter().map(|(place, ..)| *place).collect();
    let paying = paying.into_iter().map(|(_, name, sum)| (name, sum));
    let patient = language.pick("个人", "Patient");
    let segments = content::segments(settlement, paying, patient);
    for (place, segment) in places.into_iter().zip(&segments) {
        if let Some(row) = rows.get_mut(place) {
            row.mark = segment.mark;
        }
    }
    let table = Table {
        columns: vec![
            language.pick("支付项目", "Who pays"),
            language.pick("金额", "Amount"),
            language.pick("占总费用", "Of total"),
        ],
        rows,
    };
    Payers { table, segments }
}

/// What is the patient's by rule, of the bill and after all have paid.
fn self_paid(settlement: &Settlement, language: Language) -> Table {
    let (of_bill, of_patient) = (settlement.parts(), settlement.patient_parts());
    let part = |zh: &str, en: &str, part: Part| {
        let cells = [of_bill.get(part), of_patient.get(part)].map(|amount| amount.to_string());
        Line::new(Level::Plain, language.pick(zh, en), cells.into())
    };
    let untold = |zh: &str, en: &str, amount: Option<Money>| {
        let amount = amount.map_or_else(|| NONE.into(), |amount| amount.to_string());
        Line::new(
            Level::Plain,
            language.pick(zh, en),
            vec![amount, NONE.into()],
        )
    };
    Table {
        columns: vec![
            language.pick("自付部分", "Self-paid parts"),
            language.pick("本次费用", "Of the bill"),
            language.pick("个人支付", "By patient"),
        ],
        rows: vec![
            part("全自费", "Wholly self-paid", Part::OwnExpense),
            part("超限价自费", "Over price limits", Part::OverLimit),
            part(
                "乙类先行自付",
                "First share of class B",
                Part::FirstSelfPayment,
            ),
            untold(
                "县外就医先行自付",
                "First share of a stay outside the county",
                None,
            ),
            untold(
                "计入大病保险起付线的费用",
                "Cost within the deductible of major illness",
                major_deductible(settlement),
            ),
        ],
    }
}

/// The cost that the deductible of major illness insurance took in, whoever paid it in the end; `None` if none of them applied.
fn major_deductible(settlement: &Settlement) -> Option<Money> {
    let steps = settlement.steps();
    let is_major = |(payer, _): (&Payer, Money)| Row::of(payer) == Row::Major;
    let major = steps.filter(|step| step.payers().any(is_major));
    let deductibles: Vec<Money> = major.map(|step| step.deductible()).collect();
    match deductibles.as_slice() {
        [] => None,
        deductibles => sum(deductibles.iter().copied()),
    }
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    let mut amounts = amounts.into_iter();
    amounts.try_fold(Money::ZERO, |sum, amount| sum.checked_add(amount))
}

fn notes(language: Language) -> Vec<String> {
    let notes = match language {
        Language::Chinese => [
            "“-”表示本地政策没有这一项，或者结算结果不能把它单列出来，不是 0。",
            "县外就医先行自付没有单列时，已含在乙类先行自付之内。",
            "计入大病保险起付线的费用，大病保险不付，可以由其他各方支付：不是起付线标准，也不全由个人支付。",
        ],
        Language::English => [
            "A dash is not zero: the policy has no such payer, or the settlement does not show the amount by itself.",
            "A first share of a stay outside the county that is not shown by itself is contained in that of class B.",
            "Cost within the deductible of major illness insurance is not paid by that insurance, but others may pay it: it is neither the deductible itself nor all the patient's.",
        ],
    };
    notes.map(str::to_owned).into()
}
