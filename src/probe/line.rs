//! Lines that steps can tell apart.

use crate::line::{Line, LineInput, Parts};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::step::Covers;
use crate::ratio::Ratio;
use crate::vocabulary::{Class, Dimension, Fee, Mark};

/// What a line is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    fee: Fee,
    class: Class,
    marks: Vec<Mark>,
    division: Division,
}

/// How the amount of a line is divided among its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Division {
    /// As its class says: A is in scope, C the patient's own, B has a first share.
    OfClass,
    InScope,
    OwnExpense,
    /// The same to each of the four.
    Even,
}

/// The classes that need no parts beside them.
const PLAIN: [Class; 3] = [Class::A, Class::B, Class::C];

impl Kind {
    /// An ordinary line that is wholly in scope.
    pub(crate) fn in_scope() -> Kind {
        Kind {
            fee: Fee::TREATMENT,
            class: Class::A,
            marks: Vec::new(),
            division: Division::OfClass,
        }
    }

    /// A line at the patient's own expense.
    pub(crate) fn own_expense() -> Kind {
        Kind {
            class: Class::C,
            ..Kind::in_scope()
        }
    }

    /// A line that a step covers.
    pub(crate) fn covered(policy: &Policy, covers: Covers) -> Option<Kind> {
        let [.., in_scope] = covers.parts;
        let (first, division) = match in_scope {
            true => (Class::A, Division::InScope),
            false => (Class::C, Division::OwnExpense),
        };
        let mut all = every(policy, first.id());
        let (_, kind) =
            all.find(|(signature, _)| signature & covers.selector == covers.selector)?;
        let division = match kind.class == first {
            true => Division::OfClass,
            false => division,
        };
        Some(Kind { division, ..kind })
    }

    /// The lines that the policy can tell apart, the ordinary first, with the selectors that take them.
    pub(crate) fn all(policy: &Policy) -> Vec<(u64, Kind)> {
        let mut out: Vec<(u64, Kind)> = Vec::new();
        for (signature, kind) in every(policy, Class::A.id()) {
            let same =
                |(known, other): &(u64, Kind)| *known == signature && other.class == kind.class;
            if !out.iter().any(same) {
                out.push((signature, kind));
            }
        }
        out
    }

    /// The same with its amount in all parts.
    pub(super) fn even(self) -> Kind {
        Kind {
            division: Division::Even,
            ..self
        }
    }

    /// A line of this kind with an amount.
    pub(crate) fn line(&self, amount: Money) -> Option<Line> {
        let input = LineInput {
            fee: self.fee.clone(),
            class: Some(self.class.clone()),
            marks: self.marks.clone(),
            ..LineInput::default()
        };
        let parts = match self.division {
            Division::OfClass => None,
            Division::InScope => Some(Parts {
                in_scope: amount,
                ..Parts::default()
            }),
            Division::OwnExpense => Some(Parts {
                own_expense: amount,
                ..Parts::default()
            }),
            Division::Even => {
                let quarter = Money::from_fen(amount.fen().checked_div(4).unwrap_or(0).max(1));
                Some(Parts {
                    own_expense: quarter,
                    over_limit: quarter,
                    first_self_payment: quarter,
                    in_scope: quarter,
                })
            }
        };
        let first_share = self.class == Class::B && parts.is_none();
        let tenth = || vec![Ratio::from_millionths(Ratio::SCALE.wrapping_div(10))];
        Line::from_input(LineInput {
            amount: parts.is_none().then_some(amount),
            parts,
            first_share: first_share.then(tenth),
            ..input
        })
        .ok()
    }
}

/// Every kind of line, the ordinary first: without a mark before with one, treatment before other fees, this class before
/// other classes.
fn every(policy: &Policy, first: &str) -> impl Iterator<Item = (u64, Kind)> {
    let words = |dimension: Dimension, first: &str| {
        let first = policy.words.find(dimension, first);
        let all = 0..u16::try_from(policy.words.count(dimension)).unwrap_or(u16::MAX);
        let others = all.filter(move |number| Some(*number) != first);
        first.into_iter().chain(others).collect::<Vec<u16>>()
    };
    let marks = words(Dimension::Mark, "essential-drug").into_iter();
    let fees = words(Dimension::Fee, Fee::TREATMENT.id());
    let classes = words(Dimension::Class, first);
    let marks = std::iter::once(None).chain(marks.map(Some));
    marks.flat_map(move |mark| {
        let classes = classes.clone();
        fees.clone().into_iter().flat_map(move |fee| {
            classes.clone().into_iter().filter_map(move |class| {
                let selectors = &policy.selectors;
                let signature = selectors.signature(fee, Some(class), mark.into_iter())?;
                let word = |dimension, number| policy.words.id(dimension, number);
                let class = Class::named(word(Dimension::Class, class));
                let division = match PLAIN.contains(&class) {
                    true => Division::OfClass,
                    false => Division::InScope,
                };
                let kind = Kind {
                    fee: Fee::named(word(Dimension::Fee, fee)),
                    class,
                    marks: mark
                        .map(|mark| Mark::named(word(Dimension::Mark, mark)))
                        .into_iter()
                        .collect(),
                    division,
                };
                Some((signature, kind))
            })
        })
    })
}

/// Amounts to try, from small to large.
pub(crate) fn amounts() -> Vec<Money> {
    [
        100, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000,
    ]
    .into_iter()
    .filter_map(Money::from_yuan)
    .collect()
}
