//! Where generated bills sit, over all policies.

use payer_split::{Money, Policy, Rate, Settlement};
use std::collections::BTreeSet;

/// What generated bills sit at: the steps, by policy, of which each was seen.
#[derive(Default)]
pub(super) struct Seen {
    /// Deductibles in full, bases equal to them, and one fen above.
    pub(super) deductibles: BTreeSet<(String, String, Money)>,
    pub(super) bases: BTreeSet<(String, String, Money)>,
    pub(super) above_deductible: BTreeSet<(String, String)>,
    /// Payments that a limit bound, the same reached without it, and bound by no more than a fen.
    pub(super) bound: BTreeSet<(String, String, Money)>,
    pub(super) unbound: BTreeSet<(String, String, Money)>,
    pub(super) above_limit: BTreeSet<(String, String)>,
    /// Edges of bands above which there was one fen, with the band full below, and with nothing above.
    pub(super) above_edge: BTreeSet<(String, String, Money)>,
    pub(super) at_edge: BTreeSet<(String, String, Money)>,
    pub(super) edges: BTreeSet<(String, String, Money)>,
    /// Guarantees of which less than two fen were due, and those that were just met.
    pub(super) due: BTreeSet<(String, String)>,
    pub(super) met: BTreeSet<(String, String)>,
    pub(super) ties: BTreeSet<(String, String)>,
}

impl Seen {
    pub(super) fn look(&mut self, policy: &Policy, settlement: &Settlement) {
        const FEN: i64 = 1_000_000;
        for step in settlement.steps() {
            let of = || (policy.full_name(), step.id().to_owned());
            let at = |amount| (of().0, of().1, amount);
            let rest = step.base().fen() - step.deductible().fen();
            self.bases.insert(at(step.base()));
            if rest > 0 && step.deductible() > Money::ZERO {
                self.deductibles.insert(at(step.deductible()));
                self.above_deductible.extend((rest == 1).then(of));
            }
            let exact = step.exact_millionths();
            let over = exact - step.amount().fen() * FEN;
            match step.limits().next() {
                Some(_) if exact > 0 => {
                    self.bound.insert(at(step.amount()));
                    self.above_limit.extend((0 < over && over <= FEN).then(of));
                }
                _ => {
                    self.unbound.insert(at(step.amount()));
                }
            }
            if let [.., below, last] = step.bands() {
                self.edges.insert(at(last.over));
                self.above_edge
                    .extend((last.amount.fen() == 1).then(|| at(last.over)));
                self.edges.insert(at(below.over));
            }
            let below: i64 = step.bands().iter().map(|band| band.amount.fen()).sum();
            self.at_edge.insert(at(Money::from_fen(below)));
            if let Rate::Guarantee {
                of: whole,
                reimbursed,
                ratio,
            } = step.rate()
            {
                let target = ratio.of(whole).unwrap();
                self.due.extend((0 < exact && exact < 2 * FEN).then(of));
                let missing = target - reimbursed.fen() * FEN;
                self.met
                    .extend((-2 * FEN < missing && missing <= 0 && whole > Money::ZERO).then(of));
            }
            self.ties
                .extend((exact.rem_euclid(FEN) == FEN / 2).then(of));
        }
    }
}
