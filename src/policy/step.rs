//! Steps and limits, as the settlement works them.

use super::facts::Condition;
use super::figure::FigureId;
use super::info::NoteId;
use crate::line::Part;
use crate::money::Money;
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use std::ops::Range;

/// One step of the order of payment. Its figures and limits are numbers of the policy; for settling, what they come to is
/// put in their place (see [`Step::put_in`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step<F = FigureId, L = usize> {
    pub(crate) condition: Condition,
    pub(crate) covers: Covers,
    pub(crate) base: Base<F>,
    pub(crate) deductible: Option<Deductible<F, L>>,
    pub(crate) formula: Formula<F>,
    /// Limits on the cost that enters: own ones first, then shared ones, in file order.
    pub(crate) cost_limits: Vec<L>,
    /// Limits on the payment, likewise.
    pub(crate) payment_limits: Vec<L>,
    /// The share of the limited amount that is paid in the end, where adjustments of the payment say so.
    pub(crate) payment: Option<F>,
    pub(crate) rounding: Rounding,
    /// The columns of payment: one for each of the step's payers.
    pub(crate) slots: Range<usize>,
    /// Its own note, and one for each part of it that an assumed layer gave.
    pub(crate) notes: Vec<NoteId>,
}

impl Step {
    /// Whether the step counts cost over the year, also on a bill of which nothing is left to pay.
    pub(crate) fn counts_the_year(&self, limits: &[Limit]) -> bool {
        let bands = matches!(&self.formula, Formula::Bands(bands) if bands.year.is_some());
        let deductible = self
            .deductible
            .as_ref()
            .is_some_and(|deductible| deductible.year.is_some() || deductible.within.is_some());
        let per_year = |limit: &usize| {
            limits
                .get(*limit)
                .is_some_and(|limit| limit.per != LimitPer::Bill)
        };
        bands || deductible || self.cost_limits.iter().any(per_year)
    }

    /// The same step with something else in the place of its figures and limits.
    pub(crate) fn put_in<P: PutIn>(&self, what: &mut P) -> Step<P::Figure, P::Limit> {
        Step {
            condition: self.condition,
            covers: self.covers,
            base: Base {
                billed: self.base.billed,
                less: self.base.less.clone(),
                less_deductible_of: self.base.less_deductible_of.clone(),
                fixed: self.base.fixed.map(|fixed| what.figure(fixed)),
            },
            deductible: self.deductible.as_ref().map(|own| Deductible {
                figure: what.figure(own.figure),
                year: own.year,
                within: own.within.map(|limit| what.limit(limit)),
                is_left_out: own.is_left_out,
            }),
            formula: match &self.formula {
                Formula::Ratio(ratio) => Formula::Ratio(what.figure(*ratio)),
                Formula::Bands(own) => Formula::Bands(Bands {
                    year: own.year,
                    absolute: own.absolute,
                    whole: own.whole,
                    bands: own.bands.iter().map(|band| band.put_in(what)).collect(),
                }),
                Formula::Guarantee(own) => Formula::Guarantee(Guarantee {
                    ratio: what.figure(own.ratio),
                    of: own.of,
                    counts: own.counts.clone(),
                }),
            },
            cost_limits: what.limits(&self.cost_limits),
            payment_limits: what.limits(&self.payment_limits),
            payment: self.payment.map(|payment| what.figure(payment)),
            rounding: self.rounding,
            slots: self.slots.clone(),
            notes: self.notes.clone(),
        }
    }
}

impl Band {
    fn put_in<P: PutIn>(&self, what: &mut P) -> Band<P::Figure> {
        Band {
            over: self.over,
            to: self.to,
            ratio: what.figure(self.ratio),
        }
    }
}

/// What is put in the place of a step's figures and limits.
pub(crate) trait PutIn {
    type Figure;
    type Limit;

    fn figure(&mut self, id: FigureId) -> Self::Figure;

    fn limit(&mut self, number: usize) -> Self::Limit;

    fn limits(&mut self, numbers: &[usize]) -> Vec<Self::Limit> {
        numbers.iter().map(|number| self.limit(*number)).collect()
    }
}

/// The cells that a step looks at: the lines of one selector (all, without one), and some parts of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Covers {
    /// One bit of a kind's signature, or 0 for every line.
    pub(crate) selector: u64,
    pub(crate) parts: [bool; 4],
}

impl Covers {
    /// Every part of every line.
    pub(crate) const TOTAL: Covers = Covers {
        selector: 0,
        parts: [true; 4],
    };
    /// The in-scope part of every line.
    pub(crate) const IN_SCOPE: Covers = Covers {
        selector: 0,
        parts: [false, false, false, true],
    };

    /// The covered cells of lines with this signature: all bits or none, by part.
    pub(crate) fn mask(&self, signature: u64) -> [i64; 4] {
        let is_selected = signature & self.selector == self.selector;
        self.parts
            .map(|part| if is_selected && part { -1 } else { 0 })
    }

    /// Whether the step covers this part of lines with this signature.
    #[cfg(feature = "seal")]
    pub(crate) fn covers(&self, signature: u64, part: Part) -> bool {
        signature & self.selector == self.selector
            && self.parts.get(part.index()).copied().unwrap_or(false)
    }
}

/// What a step's base is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base<F = FigureId> {
    /// What was billed; otherwise what is still unpaid.
    pub(crate) billed: bool,
    /// With `billed`: less the payments in these slots.
    pub(crate) less: Vec<Range<usize>>,
    /// Less the deductible that these steps used.
    pub(crate) less_deductible_of: Vec<usize>,
    /// Counts as this amount instead.
    pub(crate) fixed: Option<F>,
}

impl<F> Default for Base<F> {
    /// What is unpaid of all that is covered.
    fn default() -> Base<F> {
        Base {
            billed: false,
            less: Vec::new(),
            less_deductible_of: Vec::new(),
            fixed: None,
        }
    }
}

impl<F> Base<F> {
    /// Whether all that is covered counts.
    pub(crate) fn leaves_nothing_out(&self) -> bool {
        self.less.is_empty() && self.less_deductible_of.is_empty()
    }
}

/// A step's deductible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deductible<F = FigureId, L = usize> {
    pub(crate) figure: F,
    /// Per year: the counter of what has been used.
    pub(crate) year: Option<usize>,
    /// A limit on deductibles.
    pub(crate) within: Option<L>,
    /// Whether a later step leaves this deductible out of its base.
    pub(crate) is_left_out: bool,
}

/// The two formulas: a share (one ratio or bands) and a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Formula<F = FigureId> {
    Ratio(F),
    Bands(Bands<F>),
    Guarantee(Guarantee<F>),
}

/// Ratios by slices of the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bands<F = FigureId> {
    /// The counter of the running total, when the bands count the year.
    pub(crate) year: Option<usize>,
    /// Edges on amounts from zero; otherwise above the deductible.
    pub(crate) absolute: bool,
    /// The whole amount at the ratio of the band in which it falls.
    pub(crate) whole: bool,
    pub(crate) bands: Vec<Band<F>>,
}

/// One band: the fen above `over` up to and with `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band<F = FigureId> {
    pub(crate) over: Money,
    pub(crate) to: Option<Money>,
    pub(crate) ratio: F,
}

/// A floor under what is reimbursed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guarantee<F = FigureId> {
    pub(crate) ratio: F,
    pub(crate) of: Covers,
    /// By slot: whether its payments count as reimbursed.
    pub(crate) counts: Vec<bool>,
}

/// A limit, own or shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) figure: FigureId,
    pub(crate) on: LimitOn,
    pub(crate) per: LimitPer,
    /// By slot: payments that count against it too (per bill, on the covered money).
    pub(crate) together_with: Vec<bool>,
    pub(crate) note: NoteId,
}

/// What a limit limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LimitOn {
    Payment,
    Cost,
    Deductible,
    /// The bills on which the step pays; a bill counts as one yuan of the amount.
    Bills,
}

/// How long a limit counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LimitPer {
    Bill,
    /// The year's counter.
    Year(usize),
    /// One counter for each disease.
    DiseaseYear(DiseaseCounters),
}

/// The counters of a limit per disease and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiseaseCounters {
    /// The first of those of outpatient diseases.
    pub(crate) outpatient: usize,
    /// The first of those of the policy's diseases.
    pub(crate) diseases: usize,
    /// Of every other disease.
    pub(crate) other: usize,
    /// The policy's diseases for which the step is; empty for all.
    pub(crate) only: Vec<u16>,
}

impl DiseaseCounters {
    pub(crate) fn counts(&self, disease: u16) -> bool {
        self.only.is_empty() || self.only.contains(&disease)
    }
}

/// A payer's share of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) payer: usize,
    pub(crate) share: Ratio,
}

/// Counts some parts of some lines as another part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) condition: Condition,
    pub(crate) selector: u64,
    pub(crate) moves: [bool; 4],
    pub(crate) to: Part,
    pub(crate) note: NoteId,
}
