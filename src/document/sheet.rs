//! The one-stop sheet (一站式结算单), in the form that Hunan prints.

use super::Particulars;
use super::content::{self, Block, Content, Level, NONE, Row as Line, Table};
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
    let blocks = vec![
        Block::Table(payers(settlement, language)),
        Block::Table(self_paid(settlement, language)),
        Block::Notes(language.pick("说明", "Notes"), "", notes(language)),
    ];
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

/// The total, what each row of payers pays, their sum, and the person.
fn payers(settlement: &Settlement, language: Language) -> Table {
    let total = settlement.total();
    let cells = |amount: Money| vec![amount.to_string(), content::percent(amount, total)];
    let all = language.pick("医疗总费用", "Total of the bill");
    let mut rows = vec![Line::new(Level::Sum, all, cells(total))];
    for row in Row::ALL {
        let of_row = settlement
            .payers()
            .filter(|(payer, _)| Row::of(payer) == row);
        let of_row: Vec<(&Payer, Money)> = of_row.collect();
        let (zh, en) = row.names();
        let sum = sum(of_row.iter().map(|(_, amount)| *amount));
        let of_all = match (of_row.as_slice(), sum) {
            ([], _) | (_, None) => vec![NONE.into(), NONE.into()],
            (_, Some(sum)) => cells(sum),
        };
        rows.push(Line::new(Level::Plain, language.pick(zh, en), of_all));
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
    Table {
        columns: vec![
            language.pick("支付项目", "Who pays"),
            language.pick("金额", "Amount"),
            language.pick("占总费用", "Of total"),
        ],
        rows,
    }
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
                "大病保险起付线",
                "Deductible of major illness insurance",
                major_deductible(settlement),
            ),
        ],
    }
}

/// The deductible used in the steps of major illness insurance; `None` if none of them applied.
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
        ],
        Language::English => [
            "A dash is not zero: the policy has no such payer, or the settlement does not show the amount by itself.",
            "A first share of a stay outside the county that is not shown by itself is contained in that of class B.",
        ],
    };
    notes.map(str::to_owned).into()
}
