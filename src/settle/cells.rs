//! Cells: a bill's lines added up by kind and part.

use super::columns::{Columns, PARTS, Row, across, add, row, total, within, zip};
use super::error::SettleError;
use super::seen::unknown_name;
use super::situation::Situation;
use crate::bill::Bill;
use crate::limits::{MAX_KINDS, MAX_NAMED};
#[cfg(feature = "seal")]
use crate::line::Part;
use crate::line::{Line, Parts};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::policy::step::{Covers, Scope};
use crate::vocabulary::Dimension;

/// The cells of a bill: kind × part, in the policy's own order of kinds (by signature).
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    /// The kinds that the bill has.
    pub(crate) kinds: Vec<Kind>,
    /// By line: its kind, by the number under which it was found.
    pub(crate) kind_of_line: Vec<usize>,
    /// What was billed.
    pub(crate) billed: Vec<Row>,
    /// What nobody has paid yet.
    pub(crate) unpaid: Vec<Row>,
    /// By slot: what was paid.
    pub(crate) payments: Columns,
}

/// Lines that no step of the policy can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) signature: u64,
    /// Its number before the kinds were put in order.
    pub(crate) found: usize,
    /// By part: as which part the policy counts it.
    counts_as: [usize; PARTS],
    /// What was billed, before the policy's scope rules.
    given: Row,
}

/// Each part counts as itself.
const AS_GIVEN: [usize; PARTS] = [0, 1, 2, 3];

impl Kind {
    /// Amounts by part as the policy's scope rules count them.
    pub(crate) fn counted(&self, given: Row) -> Row {
        if self.counts_as == AS_GIVEN {
            return given;
        }
        let mut counted = [0; PARTS];
        for (fen, part) in given.into_iter().zip(self.counts_as) {
            if let Some(sum) = counted.get_mut(part) {
                *sum = fen.saturating_add(*sum);
            }
        }
        counted
    }
}

impl Cells {
    /// Adds up a bill's lines. `used` is told the scope rules that moved anything.
    pub(crate) fn gather(
        &mut self,
        policy: &Policy,
        bill: &Bill,
        situation: &Situation,
        mut used: impl FnMut(&Scope),
    ) -> Result<(), SettleError> {
        self.kinds.clear();
        self.kind_of_line.clear();
        if policy.selectors.count == 0 {
            self.gather_alike(policy, bill)?;
        } else {
            for line in &bill.lines {
                let number = self.kind(signature(policy, line)?)?;
                self.kind_of_line.push(number);
                if let Some(kind) = self.kinds.get_mut(number) {
                    kind.given = add(&kind.given, &row(&line.parts()));
                }
            }
            // In the policy's own order, so that no order of lines can be told from the result.
            self.kinds.sort_unstable();
        }
        self.billed.clear();
        for kind in &mut self.kinds {
            if !policy.scopes.is_empty() {
                kind.counts_as = counts_as(policy, situation, kind, &mut used)?;
            }
            self.billed.push(kind.counted(kind.given));
        }
        if total(&self.billed) > Money::MAX.fen() {
            return Err(SettleError::overflow("`bill.lines`"));
        }
        self.unpaid.clone_from(&self.billed);
        self.payments.restart(self.kinds.len());
        Ok(())
    }

    /// Adds up the lines of a bill where the policy knows one kind only.
    fn gather_alike(&mut self, policy: &Policy, bill: &Bill) -> Result<(), SettleError> {
        let mut given = [0; PARTS];
        for line in &bill.lines {
            if !line.is_standard() {
                signature(policy, line)?;
            }
            given = add(&given, &row(&line.parts()));
        }
        let kind = self.add_kind(0)?;
        self.kind_of_line.resize(bill.lines.len(), kind);
        self.kinds.iter_mut().for_each(|kind| kind.given = given);
        Ok(())
    }

    /// The number of the kind of this signature. A bill has a handful of them.
    fn kind(&mut self, signature: u64) -> Result<usize, SettleError> {
        let mut known = self.kinds.iter();
        match known.position(|kind| kind.signature == signature) {
            Some(number) => Ok(number),
            None => self.add_kind(signature),
        }
    }

    fn add_kind(&mut self, signature: u64) -> Result<usize, SettleError> {
        let found = self.kinds.len();
        let count = found.saturating_add(1);
        SettleError::unless_within("bill.lines", "kinds of lines", count, MAX_KINDS)?;
        self.kinds.push(Kind {
            signature,
            found,
            counts_as: AS_GIVEN,
            given: [0; PARTS],
        });
        Ok(found)
    }

    /// All that these covers take in of a column.
    pub(crate) fn total_of(&self, covers: Covers, rows: &[Row]) -> i64 {
        let kinds = self.kinds.iter().zip(rows);
        let covered = kinds.map(|(kind, row)| within(row, &covers.mask(kind.signature)));
        across(&covered.fold([0; PARTS], |sum, row| add(&sum, &row)))
    }

    /// What all have paid in the covered cells.
    pub(crate) fn paid(&self, covers: Covers) -> i64 {
        let billed = self.total_of(covers, &self.billed);
        billed.wrapping_sub(self.total_of(covers, &self.unpaid))
    }

    /// What the marked slots have paid in the covered cells.
    pub(crate) fn paid_by(&self, slots: &[bool], covers: Covers) -> i64 {
        let counted = self
            .payments
            .iter()
            .filter(|(slot, _)| slots.get(*slot) == Some(&true));
        counted.fold(0, |sum, (_, paid)| {
            self.total_of(covers, paid).wrapping_add(sum)
        })
    }

    /// Divides a slot's payment among the cells by `allot`; what they get is no longer unpaid.
    pub(crate) fn pay(
        &mut self,
        slot: usize,
        allot: impl FnOnce(&mut [i64]) -> Option<()>,
    ) -> Option<&[Row]> {
        let shares = self.payments.add(slot);
        allot(shares.as_flattened_mut())?;
        for (unpaid, share) in self.unpaid.iter_mut().zip(&*shares) {
            *unpaid = zip(unpaid, share, i64::wrapping_sub);
        }
        Some(shares)
    }

    /// The kind (by its signature) and part of all money of the bill; `None` if it is of several.
    #[cfg(feature = "seal")]
    pub(crate) fn only(&self) -> Option<(u64, Part)> {
        let mut cells = self.kinds.iter().zip(&self.billed).flat_map(|(kind, row)| {
            let cells = Part::ALL.into_iter().zip(row);
            let cells = cells.filter(|(_, fen)| **fen != 0);
            cells.map(|(part, _)| (kind.signature, part))
        });
        let only = cells.next()?;
        cells.next().is_none().then_some(only)
    }
}

/// The bill's parts of one column of cells.
pub(crate) fn parts(rows: &[Row]) -> Parts {
    let sum = rows.iter().fold([0; PARTS], |sum, row| add(&sum, row));
    let [own_expense, over_limit, first_self_payment, in_scope] = sum.map(Money::from_fen);
    Parts {
        own_expense,
        over_limit,
        first_self_payment,
        in_scope,
    }
}

/// Which of the policy's selectors a line matches.
fn signature(policy: &Policy, line: &Line) -> Result<u64, SettleError> {
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

/// As which part the policy counts each part of lines of this kind.
fn counts_as(
    policy: &Policy,
    situation: &Situation,
    kind: &Kind,
    used: &mut impl FnMut(&Scope),
) -> Result<[usize; PARTS], SettleError> {
    let mut counts_as = AS_GIVEN;
    for scope in &policy.scopes {
        let moves = |part: usize| scope.moves.get(part).copied().unwrap_or(false);
        // A rule that would move nothing needs no field, and is not leaned on.
        let mut given = counts_as.iter().zip(kind.given);
        let any = given.any(|(part, given)| given != 0 && moves(*part));
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
