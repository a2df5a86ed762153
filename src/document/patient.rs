//! The patient's statement: what the bill came to and who paid it, in plain words.

use super::Particulars;
use super::clauses;
use super::content::{self, Block, Content, Level, Row, Segment, Table};
use crate::language::Language;
use crate::line::Part;
use crate::money::Money;
use crate::settlement::Settlement;
use crate::statement::{path_name, split, word};

pub(super) fn content(
    settlement: &Settlement,
    particulars: &Particulars,
    language: Language,
) -> Content {
    let mut facts = content::facts(particulars, language);
    facts.retain(|(_, value)| !value.is_empty());
    let date = settlement.date().to_string();
    facts.push((language.pick("结算日期", "Settled"), date));
    let segments = segments(settlement, language);
    let mut blocks = vec![
        Block::Totals(totals(settlement, language)),
        Block::Table(payers(settlement, &segments, language)),
        Block::Table(own_share(settlement, language)),
    ];
    if settlement.total() > Money::ZERO {
        blocks.insert(1, Block::Bar(segments));
    }
    blocks.extend(notes(settlement, language));
    Content {
        language,
        title: language
            .pick("患者费用告知单", "Your medical bill: who pays what")
            .into(),
        subtitle: content::policy(settlement, language),
        facts,
        blocks,
        signatures: Vec::new(),
        footer: content::footer(settlement, particulars, language),
    }
}

fn totals(settlement: &Settlement, language: Language) -> Vec<(&'static str, String)> {
    let (total, patient) = (settlement.total(), settlement.patient());
    let paid = total.checked_sub(patient).unwrap_or_default();
    vec![
        (language.pick("总费用", "Total"), total.to_string()),
        (
            language.pick("各方为您支付", "Paid for you"),
            paid.to_string(),
        ),
        (language.pick("您支付", "You pay"), patient.to_string()),
        (
            language.pick("实际报销比例", "Reimbursed"),
            settlement.reimbursed().to_string(),
        ),
    ]
}

/// Who paid, in the order in which they pay, and last the patient.
fn segments(settlement: &Settlement, language: Language) -> Vec<Segment> {
    let payers = content::in_order(settlement).into_iter();
    let payers = payers.map(|(payer, amount)| (content::payer_name(language, payer), amount));
    content::segments(settlement, payers, language.pick("您", "You"))
}

fn payers(settlement: &Settlement, segments: &[Segment], language: Language) -> Table {
    let row = |segment: &Segment| {
        let cells = vec![segment.amount.to_string(), segment.percent.clone()];
        let level = match segment.mark {
            Some(_) => Level::Plain,
            None => Level::Sum,
        };
        let mark = segment.mark;
        Row {
            mark,
            ..Row::new(level, &segment.name, cells)
        }
    };
    let mut rows: Vec<Row> = segments.iter().map(row).collect();
    let total = settlement.total();
    let cells = vec![total.to_string(), content::percent(total, total)];
    let all = language.pick("总费用", "Total");
    rows.push(Row::new(Level::Sum, all, cells));
    Table {
        columns: vec![
            language.pick(
                "谁付了多少（按付款顺序）",
                "Who paid, in the order in which they pay",
            ),
            language.pick("金额", "Amount"),
            language.pick("占总费用", "Of total"),
        ],
        rows,
    }
}

fn own_share(settlement: &Settlement, language: Language) -> Table {
    let parts = settlement.patient_parts();
    let row = |part: Part| {
        let (zh, en) = match part {
            Part::OwnExpense => (
                "全自费：医保目录以外的项目",
                "Wholly self-paid: not in the catalogue of insurance",
            ),
            Part::OverLimit => (
                "超限价自费：超过限价的部分",
                "Above the price limits of the catalogue",
            ),
            Part::FirstSelfPayment => (
                "先行自付：乙类项目由个人先付的部分",
                "First share: class B items that the patient pays first",
            ),
            Part::InScope => (
                "政策范围内：各方支付以后剩下的部分",
                "In scope: what all the payers left",
            ),
        };
        let amount = parts.get(part).to_string();
        Row::new(Level::Plain, language.pick(zh, en), vec![amount])
    };
    let mut rows: Vec<Row> = Part::ALL.into_iter().map(row).collect();
    let patient = settlement.patient().to_string();
    rows.push(Row::new(
        Level::Sum,
        language.pick("您支付", "You pay"),
        vec![patient],
    ));
    Table {
        columns: vec![
            language.pick("您支付的是哪些费用", "What your share consists of"),
            language.pick("金额", "Amount"),
        ],
        rows,
    }
}

fn notes(settlement: &Settlement, language: Language) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut add =
        |zh: &'static str, en: &'static str, before: &'static str, entries: Vec<String>| {
            if !entries.is_empty() {
                blocks.push(Block::Notes(language.pick(zh, en), before, entries));
            }
        };
    add(
        "依据",
        "The clauses",
        "",
        clauses::of_steps(settlement, language),
    );
    add(
        "本次没有支付",
        "Paid nothing this time",
        "",
        idle(settlement, language),
    );
    add(
        "其他待遇",
        "Other benefits",
        "",
        benefits(settlement, language),
    );
    let before = language.pick(
        "以下数字没有明文规定，本单按假定计算，应以经办机构的规定为准：",
        "No text of the policy states these figures. They are assumed here; what the agency rules is what counts:",
    );
    add(
        "所依的假定",
        "What was assumed",
        before,
        assumptions(settlement, language),
    );
    blocks
}

/// The payers of the policy that paid nothing.
fn idle(settlement: &Settlement, language: Language) -> Vec<String> {
    let idle = settlement
        .payers()
        .filter(|(_, amount)| *amount == Money::ZERO);
    idle.map(|(payer, _)| content::payer_name(language, payer))
        .collect()
}

fn benefits(settlement: &Settlement, language: Language) -> Vec<String> {
    let benefits = settlement.benefits();
    benefits
        .map(|benefit| content::name(language.pick(&benefit.name, &benefit.name_en)))
        .collect()
}

/// The figures that were assumed: of each step those that come from one place together.
fn assumptions(settlement: &Settlement, language: Language) -> Vec<String> {
    let mut assumed: Vec<Assumed<'_>> = Vec::new();
    for citation in settlement.assumptions() {
        let place = clauses::place(settlement, citation, language);
        let (path, _) = split(&citation.what);
        let (id, key) = path.split_once('.').unwrap_or((path, ""));
        let is_of_step = settlement.step(id).is_some();
        let figure = match key {
            _ if !is_of_step => None,
            "" => Some(language.pick("整项", "as a whole")),
            key => Some(word(key, language)),
        };
        let mut known = assumed.iter_mut();
        match known.find(|known| known.id == id && known.place == place) {
            Some(known) => {
                let is_new = |figure: &&str| !known.figures.contains(figure);
                known.figures.extend(figure.filter(is_new));
            }
            None => assumed.push(Assumed {
                id,
                name: content::name(&path_name(settlement, id, language)),
                figures: Vec::from_iter(figure),
                place,
            }),
        }
    }
    assumed.iter().map(|known| known.shown(language)).collect()
}

/// The figures of a step, or of another thing of the rule file, that were assumed.
struct Assumed<'a> {
    id: &'a str,
    name: String,
    /// None of what is not a step.
    figures: Vec<&'static str>,
    place: String,
}

impl Assumed<'_> {
    fn shown(&self, language: Language) -> String {
        let (name, place) = (&self.name, &self.place);
        let figures = self.figures.join(language.pick("、", ", "));
        match (language, figures.is_empty()) {
            (Language::Chinese, true) => format!("{name}：{place}"),
            (Language::English, true) => format!("{name}: {place}"),
            (Language::Chinese, false) => format!("{name}（{figures}）：{place}"),
            (Language::English, false) => format!("{name} ({figures}): {place}"),
        }
    }
}
