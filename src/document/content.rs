//! What stands on a document, whatever it is drawn with. Every text is in one line and without disturbing characters; it
//! is not yet escaped for any format.

use super::Particulars;
use crate::language::Language;
use crate::money::Money;
use crate::page::{clean, clip};
use crate::policy::info::{Layer, Payer, Source};
use crate::settlement::{Proportion, Settlement};

/// The columns that a name of a rule file may take, and a value of the counter.
const NAME: usize = 112;
const VALUE: usize = 64;

/// The marks of payers, in order; further ones go without.
const MARKS: &str = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What stands for an amount that there is none of.
pub(super) const NONE: &str = "-";

pub(super) struct Content {
    pub(super) language: Language,
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Names and values; an empty value is a place to write.
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) blocks: Vec<Block>,
    /// Who signs, if anybody.
    pub(super) signatures: Vec<(&'static str, String)>,
    pub(super) footer: String,
}

pub(super) enum Block {
    /// The few amounts that matter most.
    Totals(Vec<(&'static str, String)>),
    /// Who pays how much, drawn to scale.
    Bar(Vec<Segment>),
    Table(Table),
    /// A heading, a sentence before the entries, and the entries.
    Notes(&'static str, &'static str, Vec<String>),
}

/// A stretch of a bar.
pub(super) struct Segment {
    /// One character; none for the patient.
    pub(super) mark: Option<char>,
    pub(super) name: String,
    pub(super) amount: Money,
    pub(super) percent: String,
}

pub(super) struct Table {
    /// The heading of the names, and of each column of amounts.
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
}

/// What a row is to its table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Plain,
    /// A part of the row above.
    Part,
    /// A sum of rows, or a row to be seen first.
    Sum,
}

pub(super) struct Row {
    pub(super) level: Level,
    /// The mark of the payer's stretch of the bar.
    pub(super) mark: Option<char>,
    pub(super) name: String,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn new(level: Level, name: &str, cells: Vec<String>) -> Row {
        Row {
            level,
            mark: None,
            name: name.to_owned(),
            cells,
        }
    }
}

/// A text of the counter or of a rule file, fit to be shown in a place of that many columns.
pub(super) fn shown(text: &str, columns: usize) -> String {
    clip(&clean(text), columns)
}

/// A name of a rule file.
pub(super) fn name(name: &str) -> String {
    shown(name, NAME)
}

pub(super) fn payer_name(language: Language, payer: &Payer) -> String {
    name(language.pick(&payer.name, &payer.name_en))
}

pub(super) fn percent(part: Money, whole: Money) -> String {
    Proportion { part, whole }.to_percent(2)
}

/// Every payer that paid, in the order in which the steps pay.
pub(super) fn in_order(settlement: &Settlement) -> Vec<(&Payer, Money)> {
    let mut order: Vec<(&Payer, Money)> = Vec::new();
    let of_steps = settlement.steps().flat_map(|step| step.payers());
    for (payer, paid) in of_steps {
        let total = settlement.paid(&payer.id).unwrap_or_default();
        if paid > Money::ZERO && order.iter().all(|(known, _)| known.id != payer.id) {
            order.push((payer, total));
        }
    }
    order
}

/// The bar of who paid, and last the patient, by that name.
pub(super) fn segments(
    settlement: &Settlement,
    payers: impl Iterator<Item = (String, Money)>,
    patient: &str,
) -> Vec<Segment> {
    let total = settlement.total();
    let mut marks = MARKS.chars();
    let mut segments: Vec<Segment> = payers
        .map(|(name, amount)| Segment {
            mark: Some(marks.next().unwrap_or('+')),
            name,
            amount,
            percent: percent(amount, total),
        })
        .collect();
    segments.push(Segment {
        mark: None,
        name: patient.to_owned(),
        amount: settlement.patient(),
        percent: percent(settlement.patient(), total),
    });
    segments
}

/// What the counter gave of these; an empty text where it gave nothing.
pub(super) fn given(value: Option<&String>) -> String {
    value.map(|value| shown(value, VALUE)).unwrap_or_default()
}

/// The fields of the counter, with their names.
pub(super) fn facts(particulars: &Particulars, language: Language) -> Vec<(&'static str, String)> {
    let fields = [
        ("姓名", "Patient", &particulars.patient),
        ("证件号码", "ID number", &particulars.id_number),
        ("人员类别", "Registered as", &particulars.identity),
        ("医疗机构", "Hospital", &particulars.hospital),
        ("科室", "Department", &particulars.department),
        ("诊断", "Diagnosis", &particulars.diagnosis),
        ("单据号", "Bill number", &particulars.bill_number),
        ("入院日期", "Admitted", &particulars.admitted),
        ("出院日期", "Discharged", &particulars.discharged),
    ];
    let facts = fields.map(|(zh, en, value)| (language.pick(zh, en), given(value.as_ref())));
    facts.into()
}

/// The policy by which it was settled.
pub(super) fn policy(settlement: &Settlement, language: Language) -> String {
    let (zh, en) = (settlement.policy_name(), settlement.policy_name_en());
    name(language.pick(zh, en))
}

/// Which version of the rules it was settled by, and when it was printed.
pub(super) fn footer(
    settlement: &Settlement,
    particulars: &Particulars,
    language: Language,
) -> String {
    let layer = match settlement.info().layer {
        Layer::Stated => language.pick("明文层", "stated figures only"),
        Layer::Assumed => language.pick("含假定的数字", "with assumed figures"),
    };
    let policy = name(&settlement.policy());
    let mut footer = match language {
        Language::Chinese => format!("政策版本 {policy}（{layer}）；金额单位：元"),
        Language::English => format!("Rules {policy} ({layer}); amounts in yuan"),
    };
    let printed = given(particulars.printed.as_ref());
    if !printed.is_empty() {
        footer += language.pick("；打印时间 ", "; printed ");
        footer += &printed;
    }
    footer
}

/// A source's title, or its id where no source is known by it.
pub(super) fn title(settlement: &Settlement, source: &str) -> String {
    let mut sources = settlement.info().sources.iter();
    let found: Option<&Source> = sources.find(|known| known.id == source);
    clean(found.map_or(source, |known| &known.title))
}
