//! Steps and limits, as the settlement works them.

use super::facts::Condition;
use super::figure::FigureId;
use super::info::NoteId;
use crate::line::Part;
use crate::money::Money;
use crate::ratio::Ratio;
use crate::rounding::Rounding;
use std::ops::Range;

/// One step of the order of payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) condition: Condition,
    pub(crate) covers: Covers,
    pub(crate) base: Base,
    pub(crate) deductible: Option<Deductible>,
    pub(crate) formula: Formula,
    /// Limits on the cost that enters: own ones first, then shared ones, in file order.
    pub(crate) cost_limits: Vec<usize>,
    /// Limits on the payment, likewise.
    pub(crate) payment_limits: Vec<usize>,
    /// The share of the limited amount that is paid in the end, where adjustments of the payment say so.
    pub(crate) payment: Option<FigureId>,
    pub(crate) rounding: Rounding,
    /// The columns of payment: one for each of the step's payers.
    pub(crate) slots: Range<usize>,
    /// Its own note, and one for each part of it that an assumed layer gave.
    pub(crate) notes: Vec<NoteId>,
}

impl Step {
    /// Every limit that the step is under: on its cost, its deductible and its payment.
    pub(crate) fn limits(&self) -> impl Iterator<Item = usize> {
        let within = self.deductible.iter().filter_map(|own| own.within);
        let cost = self.cost_limits.iter().copied();
        cost.chain(within)
            .chain(self.payment_limits.iter().copied())
    }

    /// Every figure that working the step may ask for.
    pub(crate) fn figures(&self, limits: &[Limit]) -> impl Iterator<Item = FigureId> {
        let deductible = self.deductible.iter().map(|own| own.figure);
        let (bands, ratio) = match &self.formula {
            Formula::Ratio(ratio) => (&[][..], Some(*ratio)),
            Formula::Bands(bands) => (bands.bands.as_slice(), None),
            Formula::Guarantee(guarantee) => (&[][..], Some(guarantee.ratio)),
        };
        let limits = self.limits().filter_map(|limit| limits.get(limit));
        let own = deductible
            .chain(ratio)
            .chain(self.base.fixed)
            .chain(self.payment);
        own.chain(bands.iter().map(|band| band.ratio))
            .chain(limits.map(|limit| limit.figure))
    }

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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Base {
    /// What was billed; otherwise what is still unpaid.
    pub(crate) billed: bool,
    /// With `billed`: less the payments in these slots.
    pub(crate) less: Vec<Range<usize>>,
    /// Less the deductible that these steps used.
    pub(crate) less_deductible_of: Vec<usize>,
    /// Counts as this amount instead.
    pub(crate) fixed: Option<FigureId>,
}

impl Base {
    /// Whether all that is covered counts.
    pub(crate) fn leaves_nothing_out(&self) -> bool {
        self.less.is_empty() && self.less_deductible_of.is_empty()
    }
}

/// A step's deductible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deductible {
    pub(crate) figure: FigureId,
    /// Per year: the counter of what has been used.
    pub(crate) year: Option<usize>,
    /// A limit on deductibles.
    pub(crate) within: Option<usize>,
    /// Whether a later step leaves this deductible out of its base.
    pub(crate) is_left_out: bool,
}

/// The two formulas: a share (one ratio or bands) and a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Formula {
    Ratio(FigureId),
    Bands(Bands),
    Guarantee(Guarantee),
}

/// Ratios by slices of the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bands {
    /// The counter of the running total, when the bands count the year.
    pub(crate) year: Option<usize>,
    /// Edges on amounts from zero; otherwise above the deductible.
    pub(crate) absolute: bool,
    /// The whole amount at the ratio of the band in which it falls.
    pub(crate) whole: bool,
    pub(crate) bands: Vec<Band>,
}

/// One band: the fen above `over` up to and with `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) over: Money,
    pub(crate) to: Option<Money>,
    pub(crate) ratio: FigureId,
}

/// A floor under what is reimbursed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guarantee {
    pub(crate) ratio: FigureId,
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
