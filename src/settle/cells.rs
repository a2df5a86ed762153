//! Cells: a bill's lines added up by kind and part.

use super::columns::Columns;
use super::error::SettleError;
use super::seen::unknown_name;
use super::situation::Situation;
use crate::bill::Bill;
use crate::limits::{MAX_KINDS, MAX_NAMED};
use crate::line::Part;
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::step::{Covers, Scope};
use crate::vocabulary::Dimension;

/// How many parts a line has.
pub(crate) const PARTS: usize = Part::ALL.len();

/// The cells of a bill: kind × part, in the policy's own order of kinds (by signature).
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    /// The kinds that the bill has.
    kinds: Vec<Kind>,
    /// By the number under which a kind was found: its place in the policy's order.
    places: Vec<usize>,
    /// By line: its kind.
    pub(crate) kind_of_line: Vec<usize>,
    /// By line: its parts in fen, after the policy's scope rules.
    pub(crate) parts_of_line: Vec<[i64; PARTS]>,
    /// By cell: what was billed.
    pub(crate) billed: Vec<i64>,
    /// By cell: what nobody has paid yet.
    pub(crate) unpaid: Vec<i64>,
    /// By slot: what was paid.
    pub(crate) paid: Columns,
}

/// Lines that no step of the policy can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    signature: u64,
    /// The number under which lines knew the kind before the kinds were put in order.
    found: usize,
    /// By part: as which part the policy counts it.
    counts_as: [usize; PARTS],
    /// By part: whether any line of the kind has money in it.
    given: [bool; PARTS],
}

impl Cells {
    /// Adds up a bill's lines. `leaned_on` is told the scope rules that moved anything.
    pub(crate) fn gather(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        situation: &Situation,
        mut used: impl FnMut(&Scope),
    ) -> Result<(), SettleError> {
        self.kinds.clear();
        self.kind_of_line.clear();
        self.parts_of_line.clear();
        for line in &bill.lines {
            let signature = signature(policy, line)?;
            // A bill has a handful of kinds.
            let known = self
                .kinds
                .iter()
                .position(|kind| kind.signature == signature);
            let kind = known.unwrap_or(self.kinds.len());
            if known.is_none() {
                self.kinds.push(Kind {
                    signature,
                    found: kind,
                    counts_as: [0, 1, 2, 3],
                    given: [false; PARTS],
                });
                let count = self.kinds.len();
                SettleError::unless_within("bill.lines", "kinds of lines", count, MAX_KINDS)?;
            }
            self.kind_of_line.push(kind);
            if let Some(kind) = self.kinds.get_mut(kind) {
                for (given, part) in kind.given.iter_mut().zip(Part::ALL) {
                    *given |= line.parts().get(part) != Money::ZERO;
                }
            }
        }
        self.order_kinds();
        for kind in &mut self.kinds {
            kind.counts_as = counts_as(policy, situation, kind, &mut used)?;
        }
        let cells = self
            .kinds
            .len()
            .checked_mul(PARTS)
            .ok_or_else(|| SettleError::overflow("`bill.lines`"))?;
        self.billed.clear();
        self.billed.resize(cells, 0);
        for (line, &kind) in bill.lines.iter().zip(&self.kind_of_line) {
            let mut parts = [0i64; PARTS];
            let kind_cells = self.billed.iter_mut().skip(kind.saturating_mul(PARTS));
            let counts_as = self
                .kinds
                .get(kind)
                .map_or([0, 1, 2, 3], |kind| kind.counts_as);
            for (part, to) in Part::ALL.into_iter().zip(counts_as) {
                if let Some(sum) = parts.get_mut(to) {
                    *sum = sum
                        .checked_add(line.parts().get(part).fen())
                        .ok_or_else(|| SettleError::overflow("`bill.lines`"))?;
                }
            }
            for (sum, part) in kind_cells.zip(parts) {
                *sum = sum
                    .checked_add(part)
                    .ok_or_else(|| SettleError::overflow("`bill.lines`"))?;
            }
            self.parts_of_line.push(parts);
        }
        let total = sum(self.billed.iter().copied())
            .ok_or_else(|| SettleError::overflow("`bill.lines`"))?;
        if total > Money::MAX.fen() {
            return Err(SettleError::overflow("`bill.lines`"));
        }
        self.unpaid.clear();
        self.unpaid.extend_from_slice(&self.billed);
        self.paid.restart(cells);
        Ok(())
    }

    /// Puts the kinds in the policy's own order, so that no order of lines can be told from the result.
    fn order_kinds(&mut self) {
        self.kinds.sort_unstable();
        self.places.clear();
        self.places.resize(self.kinds.len(), 0);
        for (place, kind) in self.kinds.iter().enumerate() {
            if let Some(found) = self.places.get_mut(kind.found) {
                *found = place;
            }
        }
        for kind in &mut self.kind_of_line {
            *kind = self.places.get(*kind).copied().unwrap_or(*kind);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.billed.len()
    }

    /// For each cell in order: whether these covers take it in.
    pub(crate) fn covered(&self, covers: Covers) -> impl Iterator<Item = bool> {
        self.kinds.iter().flat_map(move |kind| {
            Part::ALL
                .into_iter()
                .map(move |part| covers.covers(kind.signature, part))
        })
    }

    /// The kind (by its signature) and part of all money of the bill; `None` if it is of several.
    #[cfg(feature = "seal")]
    pub(crate) fn only(&self) -> Option<(u64, Part)> {
        let mut cells = self.billed.iter().enumerate().filter(|(_, fen)| **fen != 0);
        let (cell, _) = cells.next()?;
        let kind = self.kinds.get(cell.checked_div(PARTS)?)?;
        let part = *Part::ALL.get(cell.checked_rem(PARTS)?)?;
        cells.next().is_none().then_some((kind.signature, part))
    }

    /// What was billed in the covered cells.
    pub(crate) fn billed_of(&self, covers: Covers) -> Option<i64> {
        sum(self
            .covered(covers)
            .zip(&self.billed)
            .filter(|(covered, _)| *covered)
            .map(|(_, &fen)| fen))
    }

    /// What the marked slots have paid in the covered cells.
    pub(crate) fn paid_by(&self, slots: &[bool], covers: Covers) -> Option<i64> {
        let counts = |slot: usize| slots.get(slot).copied().unwrap_or(false);
        let mut counted = self.paid.iter().filter(|(slot, _)| counts(*slot));
        counted.try_fold(0i64, |total, (_, paid)| {
            let paid = self.covered(covers).zip(paid);
            let paid = paid.filter(|(covered, _)| *covered);
            total.checked_add(sum(paid.map(|(_, &fen)| fen))?)
        })
    }

    /// Books a slot's payments: they are no longer unpaid.
    pub(crate) fn pay(&mut self, slot: usize, shares: &[i64]) -> Option<()> {
        self.paid.push(slot, shares);
        for (unpaid, &share) in self.unpaid.iter_mut().zip(shares) {
            *unpaid = unpaid.checked_sub(share)?;
        }
        Some(())
    }

    /// The bill's parts of one column of cells.
    pub(crate) fn parts(cells: &[i64]) -> [i64; PARTS] {
        let mut parts = [0i64; PARTS];
        for kind in cells.chunks(PARTS) {
            for (sum, fen) in parts.iter_mut().zip(kind) {
                *sum = sum.saturating_add(*fen);
            }
        }
        parts
    }
}

/// The sum, checked.
pub(crate) fn sum(mut amounts: impl Iterator<Item = i64>) -> Option<i64> {
    amounts.try_fold(0i64, i64::checked_add)
}

/// Which of the policy's selectors a line matches.
fn signature(policy: &Policy, line: &crate::line::Line) -> Result<u64, SettleError> {
    SettleError::unless_within("bill.lines.marks", "marks", line.marks().len(), MAX_NAMED)?;
    let words = &policy.words;
    let number = |dimension: Dimension,
                  standard: Option<usize>,
                  local: Option<&str>,
                  id: &str,
                  field: &str| {
        words
            .number(dimension, standard, local)
            .ok_or_else(|| unknown_name(policy, field, dimension, id))
    };
    let fee = line.fee();
    let fee = number(
        Dimension::Fee,
        fee.standard_index(),
        fee.local(),
        fee.id(),
        "bill.lines.fee",
    )?;
    let class = match line.class() {
        None => None,
        Some(class) => Some(number(
            Dimension::Class,
            class.standard_index(),
            class.local(),
            class.id(),
            "bill.lines.class",
        )?),
    };
    // Unknown marks are refused before the known ones are looked up, so that the iterator below cannot fail.
    for mark in line.marks() {
        number(
            Dimension::Mark,
            mark.standard_index(),
            mark.local(),
            mark.id(),
            "bill.lines.marks",
        )?;
    }
    let marks = line
        .marks()
        .iter()
        .filter_map(|mark| words.number(Dimension::Mark, mark.standard_index(), mark.local()));
    policy
        .selectors
        .signature(fee, class, marks)
        .ok_or_else(|| SettleError::Missing {
            field: "bill.lines.class".into(),
            needed_by: format!(
                "a step of `{}` that covers only some classes",
                policy.full_name()
            ),
        })
}

/// As which part the policy counts each part of lines with this signature.
fn counts_as(
    policy: &Policy,
    situation: &Situation,
    kind: &Kind,
    used: &mut impl FnMut(&Scope),
) -> Result<[usize; PARTS], SettleError> {
    let mut counts_as = [0, 1, 2, 3];
    for scope in &policy.scopes {
        let moves = |part: usize| scope.moves.get(part).copied().unwrap_or(false);
        // A rule that would move nothing needs no field, and is not leaned on.
        let any = counts_as
            .iter()
            .zip(kind.given)
            .any(|(part, given)| given && moves(*part));
        if kind.signature & scope.selector != scope.selector || !any {
            continue;
        }
        let applies = scope.condition.holds(&situation.known).map_err(|fact| {
            let subject: Subject = policy.facts.subject_of(fact, &situation.known);
            SettleError::Missing {
                field: subject.field().into(),
                needed_by: policy
                    .info
                    .note(scope.note)
                    .map_or_else(String::new, |note| {
                        format!("the scope rule `{}`", note.what)
                    }),
            }
        })?;
        if applies {
            used(scope);
            for part in &mut counts_as {
                if moves(*part) {
                    *part = scope.to.index();
                }
            }
        }
    }
    Ok(counts_as)
}
