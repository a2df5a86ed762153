//! The result of settling a bill.

mod data;

use crate::bill::Bill;
use crate::date::Date;
use crate::line::Parts;
use crate::money::Money;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::figure::FigureId;
use crate::policy::info::{Certainty, Citation, Info, Named, NoteId, Payer};
use crate::ratio::Ratio;
use crate::year::YearToDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A settled bill: who pays how much of it, step by step and line by line, and the new year to date.
///
/// Amounts are exact: the payers' totals and the patient's share sum to the bill, and so does every line's row of the
/// matrix. As data (serde) it names its payers, steps and sources, so that it can be read without the policy.
///
/// ```
/// # use payer_split::*;
/// # let book = RuleBook::embedded();
/// # let policy = book.find("430304", "2020-06-01".parse()?, Layer::Assumed)?;
/// # let facility = Facility { tier: Some(Tier::COUNTY), place: Some(Place::IN_COUNTY), designated: Some(true), ..Facility::default() };
/// # let bill = Bill::new("2020-06-01".parse()?, Care::INPATIENT, facility).with_line(Line::class_a("treatment", "3800".parse()?)?);
/// # let patient = Patient::new(Scheme::RESIDENT).with_category("registered-poor");
/// let settlement = settle(policy, &bill, &patient)?;
/// for (payer, amount) in settlement.payers() {
///     println!("{} {amount}", payer.name);
/// }
/// let paid = settlement.payers().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(amount));
/// assert_eq!(paid.and_then(|paid| paid.checked_add(settlement.patient())), Some(settlement.total()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "data::SettlementData", into = "data::SettlementData")]
pub struct Settlement {
    pub(crate) terms: Arc<Terms>,
    pub(crate) date: Date,
    pub(crate) total: Money,
    pub(crate) parts: Parts,
    /// By payer.
    pub(crate) paid: Vec<Money>,
    pub(crate) patient: Money,
    pub(crate) patient_parts: Parts,
    pub(crate) steps: Vec<StepRecord>,
    pub(crate) bands: Vec<BandRecord>,
    pub(crate) shares: Vec<ShareRecord>,
    /// Numbers of limits that bound, by step.
    pub(crate) limits: Vec<usize>,
    /// Rows of lines, columns of payers and last the patient; empty when it was not asked for.
    pub(crate) lines: Vec<Money>,
    /// Everything that went into the amounts: first scope rules, then by step.
    pub(crate) used: Vec<Used>,
    pub(crate) year_to_date: YearToDate,
}

/// What a settlement speaks of by number: the same for all bills of which the policy sees the same.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) info: Arc<Info>,
    /// The benefits that are granted.
    pub(crate) benefits: Vec<usize>,
    /// By step, and by figure of the steps that apply: on what they lean.
    pub(crate) step_notes: Vec<Vec<NoteId>>,
    pub(crate) figure_notes: Vec<Vec<NoteId>>,
}

/// One step as it was worked; numbers only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepRecord {
    pub(crate) step: usize,
    pub(crate) base: Money,
    pub(crate) deductible: Money,
    pub(crate) rate: Rate,
    /// Before limits and rounding, in millionths of a fen.
    pub(crate) exact: i64,
    /// The limits that bound: on the cost, the deductible, the payment.
    pub(crate) limits: Range<usize>,
    /// Whether the payment was cut off because nothing more was unpaid.
    pub(crate) all_paid: bool,
    /// The share of the limited amount that was paid in the end.
    pub(crate) payment: Ratio,
    pub(crate) amount: Money,
    pub(crate) bands: Range<usize>,
    pub(crate) shares: Range<usize>,
    pub(crate) used: Range<usize>,
    /// Whether there was anything to work on, so that it leans on its own notes too.
    pub(crate) works: bool,
}

/// What an amount leans on: all notes of a figure that is the same for every bill of the profile, or just one note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Used {
    Figure(FigureId),
    Note(NoteId),
}

impl StepRecord {
    pub(crate) fn new(step: usize) -> StepRecord {
        StepRecord {
            step,
            base: Money::ZERO,
            deductible: Money::ZERO,
            rate: Rate::Unused,
            exact: 0,
            limits: 0..0,
            all_paid: false,
            payment: Ratio::ONE,
            amount: Money::ZERO,
            bands: 0..0,
            shares: 0..0,
            used: 0..0,
            works: false,
        }
    }
}

/// The formula of a step as it was worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Rate {
    /// There was nothing to pay on, so no figure was needed.
    Unused,
    /// One ratio.
    Ratio(Ratio),
    /// Bands; see [`StepView::bands`].
    Bands,
    /// A guarantee: up to a ratio of some money, less what had been reimbursed of it.
    Guarantee {
        /// The ratio promised.
        ratio: Ratio,
        /// The money of which it is taken.
        of: Money,
        /// What earlier payers had reimbursed of it.
        reimbursed: Money,
    },
}

/// One band as it was worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BandRecord {
    /// The band's lower edge.
    pub over: Money,
    /// Its upper edge.
    pub to: Option<Money>,
    /// Its ratio.
    pub ratio: Ratio,
    /// The amount that fell into it.
    pub amount: Money,
}

/// A payer's share of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShareRecord {
    pub(crate) payer: usize,
    pub(crate) amount: Money,
}

/// An actual reimbursement ratio: part of a whole, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Proportion {
    /// The part.
    pub part: Money,
    /// The whole.
    pub whole: Money,
}

impl Proportion {
    /// Whether the proportion is exactly this ratio.
    pub fn is(self, ratio: Ratio) -> bool {
        let part = i128::from(self.part.fen()).checked_mul(i128::from(Ratio::SCALE));
        part == i128::from(self.whole.fen()).checked_mul(i128::from(ratio.millionths()))
    }

    /// Whether the proportion is at least this ratio.
    pub fn is_at_least(self, ratio: Ratio) -> bool {
        let part = i128::from(self.part.fen()).checked_mul(i128::from(Ratio::SCALE));
        part >= i128::from(self.whole.fen()).checked_mul(i128::from(ratio.millionths()))
    }
}

impl Proportion {
    /// The proportion as a percentage with this many decimals (up to 12), rounded half up; a dash when the whole is zero.
    pub fn to_percent(self, decimals: usize) -> String {
        let decimals = decimals.min(12);
        let scale = u32::try_from(decimals)
            .ok()
            .and_then(|decimals| 10i128.checked_pow(decimals));
        let (part, whole) = (i128::from(self.part.fen()), i128::from(self.whole.fen()));
        let doubled = scale
            .and_then(|scale| part.checked_mul(200)?.checked_mul(scale))
            .and_then(|scaled| {
                scaled
                    .checked_add(whole)?
                    .checked_div(whole.checked_mul(2)?)
            });
        match (doubled, scale) {
            (Some(value), Some(1)) => format!("{value}%"),
            (Some(value), Some(scale)) => {
                format!(
                    "{}.{:0decimals$}%",
                    value.div_euclid(scale),
                    value.rem_euclid(scale)
                )
            }
            _ => "-".into(),
        }
    }
}

impl fmt::Display for Proportion {
    /// A percentage with two decimals, rounded half up; a dash when the whole is zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_percent(2))
    }
}

impl Settlement {
    pub(crate) fn empty(terms: &Arc<Terms>) -> Settlement {
        let info = &terms.info;
        Settlement {
            terms: Arc::clone(terms),
            date: info.from,
            total: Money::ZERO,
            parts: Parts::default(),
            paid: Vec::new(),
            patient: Money::ZERO,
            patient_parts: Parts::default(),
            steps: Vec::new(),
            bands: Vec::new(),
            shares: Vec::new(),
            limits: Vec::new(),
            lines: Vec::new(),
            used: Vec::new(),
            year_to_date: YearToDate::new(&info.id, info.from.year()),
        }
    }

    /// Makes ready for another bill, in the same buffers.
    pub(crate) fn restart(
        &mut self,
        policy: &Policy,
        terms: &Arc<Terms>,
        bill: &Bill,
        patient: &Patient,
    ) {
        if !Arc::ptr_eq(&self.terms, terms) {
            self.terms = Arc::clone(terms);
        }
        self.date = bill.date;
        self.total = Money::ZERO;
        self.parts = Parts::default();
        self.paid.clear();
        self.paid.resize(policy.info.payers.len(), Money::ZERO);
        self.patient = Money::ZERO;
        self.patient_parts = Parts::default();
        self.steps.clear();
        self.bands.clear();
        self.shares.clear();
        self.limits.clear();
        self.lines.clear();
        self.used.clear();
        let year = bill.date.year();
        // A newer year starts from nothing.
        let before = patient
            .year_to_date
            .as_ref()
            .filter(|before| before.year == year);
        self.year_to_date
            .start(&policy.info.id, year, &policy.counters.names, before);
        self.year_to_date.bills = self.year_to_date.bills.saturating_add(1);
    }

    pub(crate) fn info(&self) -> &Info {
        &self.terms.info
    }

    /// The notes on which a step leans.
    pub(crate) fn notes(&self, step: &StepRecord) -> impl Iterator<Item = NoteId> {
        let own = self.terms.step_notes.get(step.step);
        let own = own.filter(|_| step.works).into_iter().flatten();
        own.copied().chain(self.used(step.used.clone()))
    }

    /// The notes of the scope rules that moved anything.
    pub(crate) fn scope_notes(&self) -> impl Iterator<Item = NoteId> {
        let first = self.steps.first();
        self.used(0..first.map_or(self.used.len(), |step| step.used.start))
    }

    fn used(&self, used: Range<usize>) -> impl Iterator<Item = NoteId> {
        let used = self.used.get(used).unwrap_or_default().iter();
        let notes = used.flat_map(|used| match used {
            Used::Figure(figure) => {
                let notes = self.terms.figure_notes.get(figure.0);
                notes.map_or(&[][..], Vec::as_slice)
            }
            Used::Note(note) => std::slice::from_ref(note),
        });
        notes.copied()
    }

    /// The policy's id.
    pub fn policy_id(&self) -> &str {
        &self.info().id
    }

    /// The policy's full name: `id/version`, and `/assumed` for an assumption layer.
    pub fn policy(&self) -> String {
        self.info().full_name()
    }

    /// The policy's Chinese name.
    pub fn policy_name(&self) -> &str {
        &self.info().name
    }

    /// The policy's English name.
    pub fn policy_name_en(&self) -> &str {
        &self.info().name_en
    }

    /// The day of settlement.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The bill's total.
    pub fn total(&self) -> Money {
        self.total
    }

    /// The bill's four parts, after the policy's scope rules.
    pub fn parts(&self) -> Parts {
        self.parts
    }

    /// Every payer of the policy in file order, and what it pays.
    pub fn payers(&self) -> impl Iterator<Item = (&Payer, Money)> {
        self.info().payers.iter().zip(self.paid.iter().copied())
    }

    /// What a payer (by id) pays; `None` if the policy has no such payer.
    pub fn paid(&self, payer: &str) -> Option<Money> {
        self.payers()
            .find(|(known, _)| known.id == payer)
            .map(|(_, amount)| amount)
    }

    /// What the patient pays: everything that nobody else does.
    pub fn patient(&self) -> Money {
        self.patient
    }

    /// What the patient pays, by part.
    pub fn patient_parts(&self) -> Parts {
        self.patient_parts
    }

    /// The steps that applied, in the order in which they paid.
    pub fn steps(&self) -> impl Iterator<Item = StepView<'_>> {
        self.steps.iter().map(|record| StepView {
            settlement: self,
            record,
        })
    }

    /// A step by id, if it applied.
    pub fn step(&self, id: &str) -> Option<StepView<'_>> {
        self.steps()
            .find(|step| step.named().is_some_and(|named| named.id == id))
    }

    /// Whether the policy has a step with this id, applied or not.
    pub(crate) fn has_step(&self, id: &str) -> bool {
        self.info().steps.iter().any(|step| step.id == id)
    }

    /// For each line of the bill, in its order: what each payer pays of it, and last the patient. Empty when only
    /// totals were asked for.
    pub fn lines(&self) -> impl Iterator<Item = LineSplit<'_>> {
        let columns = self.info().payers.len().saturating_add(1);
        self.lines.chunks(columns).map(|amounts| LineSplit {
            settlement: self,
            amounts,
        })
    }

    /// How much of the total was reimbursed in fact (实际报销比例).
    pub fn reimbursed(&self) -> Proportion {
        let part = self.total.checked_sub(self.patient).unwrap_or(Money::ZERO);
        Proportion {
            part,
            whole: self.total,
        }
    }

    /// How much of the in-scope cost was reimbursed in fact (政策范围内报销比例).
    pub fn reimbursed_in_scope(&self) -> Proportion {
        let whole = self.parts.in_scope;
        Proportion {
            part: whole
                .checked_sub(self.patient_parts.in_scope)
                .unwrap_or(Money::ZERO),
            whole,
        }
    }

    /// The benefits that are not money.
    pub fn benefits(&self) -> impl Iterator<Item = &Named> {
        let benefits = self.terms.benefits.iter();
        benefits.filter_map(|&number| self.info().benefits.get(number))
    }

    /// The scope rules that moved parts of lines (see [`Settlement::parts`]).
    pub fn scopes(&self) -> impl Iterator<Item = &Citation> {
        self.scope_notes().filter_map(|note| self.info().note(note))
    }

    /// The assumptions that the amounts lean on, each once.
    pub fn assumptions(&self) -> impl Iterator<Item = &Citation> {
        let mut once: Vec<&Citation> = Vec::new();
        let steps = self.steps.iter().flat_map(|step| self.notes(step));
        let notes = self.scope_notes().chain(steps);
        for citation in notes.filter_map(|note| self.info().note(note)) {
            if citation.certainty == Certainty::Assumed && !once.contains(&citation) {
                once.push(citation);
            }
        }
        once.into_iter()
    }

    /// The new year to date, to be passed with the patient's next bill.
    pub fn year_to_date(&self) -> &YearToDate {
        &self.year_to_date
    }
}

impl PartialEq for Settlement {
    fn eq(&self, other: &Self) -> bool {
        data::SettlementData::from(self.clone()) == data::SettlementData::from(other.clone())
    }
}

impl Eq for Settlement {}

/// One step of a settlement.
#[derive(Debug, Clone, Copy)]
pub struct StepView<'a> {
    settlement: &'a Settlement,
    record: &'a StepRecord,
}

impl<'a> StepView<'a> {
    /// The step's id, names and citation.
    pub fn named(&self) -> Option<&'a Named> {
        self.settlement.info().steps.get(self.record.step)
    }

    /// The step's id.
    pub fn id(&self) -> &'a str {
        self.named().map_or("", |named| &named.id)
    }

    /// The money that the step worked on, after a limit on cost and before the deductible; zero where it had nothing to
    /// pay or count.
    pub fn base(&self) -> Money {
        self.record.base
    }

    /// The deductible used.
    pub fn deductible(&self) -> Money {
        self.record.deductible
    }

    /// The formula as it was worked.
    pub fn rate(&self) -> Rate {
        self.record.rate
    }

    /// The bands that the amount reached.
    pub fn bands(&self) -> &'a [BandRecord] {
        self.settlement
            .bands
            .get(self.record.bands.clone())
            .unwrap_or_default()
    }

    /// The exact result of the formula, before limits and rounding, in millionths of a fen.
    pub fn exact_millionths(&self) -> i64 {
        self.record.exact
    }

    /// The limits that bound: one on the cost that enters, one on the deductible, one on the payment.
    pub fn limits(&self) -> impl Iterator<Item = &'a Named> + use<'a> {
        let settlement = self.settlement;
        let limits = settlement
            .limits
            .get(self.record.limits.clone())
            .unwrap_or_default();
        limits
            .iter()
            .filter_map(|&number| settlement.info().limits.get(number))
    }

    /// Whether the payment was cut off because nothing more was unpaid.
    pub fn is_all_paid(&self) -> bool {
        self.record.all_paid
    }

    /// The share of the result, after limits, that was paid in the end: 100 % but where an adjustment of the payment says
    /// otherwise (a stay that was not properly referred gets 95 % of the result).
    pub fn payment_ratio(&self) -> Ratio {
        self.record.payment
    }

    /// What the step paid.
    pub fn amount(&self) -> Money {
        self.record.amount
    }

    /// Everything of the rule file that went into the step: the step itself, the entries of its figures that counted, and
    /// the adjustments that applied, each with its path in the file and where it comes from.
    pub fn used(&self) -> impl Iterator<Item = &'a Citation> + use<'a> {
        let settlement = self.settlement;
        let notes = settlement.notes(self.record);
        notes.filter_map(|note| settlement.info().note(note))
    }

    /// The step's payers and what each paid.
    pub fn payers(&self) -> impl Iterator<Item = (&'a Payer, Money)> + use<'a> {
        let Self { settlement, record } = *self;
        let shares = settlement
            .shares
            .get(record.shares.clone())
            .unwrap_or_default();
        shares
            .iter()
            .filter_map(|share| Some((settlement.info().payers.get(share.payer)?, share.amount)))
    }
}

/// One line of a bill, divided.
#[derive(Debug, Clone, Copy)]
pub struct LineSplit<'a> {
    settlement: &'a Settlement,
    amounts: &'a [Money],
}

impl<'a> LineSplit<'a> {
    /// Every payer in file order, and what it pays of the line.
    pub fn payers(&self) -> impl Iterator<Item = (&'a Payer, Money)> + use<'a> {
        self.settlement
            .info()
            .payers
            .iter()
            .zip(self.amounts.iter().copied())
    }

    /// What the patient pays of the line.
    pub fn patient(&self) -> Money {
        self.amounts.last().copied().unwrap_or(Money::ZERO)
    }

    /// The payers' columns and last the patient's.
    pub fn amounts(&self) -> &'a [Money] {
        self.amounts
    }
}
