//! A sweep: a bill of one kind of money, from nothing to a highest amount, held to the laws at every fen.
//!
//! In a gentle piece nothing can be wrong: some amounts are settled, and must be what was worked out. Every fen of a piece
//! of which nothing is known is settled. Of a piece with a period the first two periods are and the last: between
//! them every amount is what it was a period before plus its growth, so that what holds in the first and in the last
//! holds in those between (sums and differences grow in a straight line, and the largest so far is in the one or in the
//! other). That the last period is the first plus its growth is itself checked, on every fen of it.

use super::super::leaves::Role;
use super::Claim;
use super::pieces::{Piece, Share, pieces};
use super::plan::{Looked, Plan};
use crate::line::{Line, Part};
use crate::money::Money;
use crate::policy::Policy;
use crate::policy::step::{Limit, LimitOn, Step};
use crate::probe::Probe;
use crate::ratio::Ratio;
use crate::settle::{Detail, Workspace};
use crate::settlement::{Rate, Settlement};

/// A bill whose one line grows.
#[derive(Debug, Clone)]
pub(super) struct Growing {
    pub(super) probe: Probe,
    pub(super) line: Line,
    pub(super) part: Part,
}

impl Growing {
    /// The bill with this amount.
    pub(super) fn at(&self, fen: i64) -> Probe {
        let mut probe = self.probe.clone();
        let mut line = self.line.clone();
        line.set(self.part, Money::from_fen(fen));
        probe.bill.lines = vec![line];
        probe
    }
}

/// What a sweep came to.
#[derive(Debug, Default)]
pub(super) struct Swept {
    pub(super) pieces: u64,
    /// Bills settled.
    pub(super) visited: u64,
    /// Amounts (in fen) that are refused.
    pub(super) refused: u64,
    pub(super) broken: Vec<Breach>,
}

/// A claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) claim: Claim,
    /// For claims that compare: the smaller amount, in fen.
    pub(super) from: Option<i64>,
    /// The amount at which it shows.
    pub(super) at: i64,
    pub(super) what: String,
}

/// Sweeps from nothing to `most` fen.
pub(super) fn sweep(policy: &Policy, plan: &Plan, growing: &Growing, most: i64) -> Swept {
    over(policy, plan, growing, pieces(policy, plan, 0, most))
}

/// Sweeps pieces that join.
pub(super) fn over(policy: &Policy, plan: &Plan, growing: &Growing, pieces: Vec<Piece>) -> Swept {
    let mut sweep = Sweep {
        policy,
        plan,
        growing: growing.at(0),
        part: growing.part,
        workspace: Workspace::new(),
        slack: slack(policy, plan),
        peak: Peak::default(),
        trough: Peak::default(),
        out: Swept::default(),
    };
    for piece in pieces {
        sweep.piece(piece);
    }
    sweep.out
}

/// As much may come of rounding, in fen. A payment of what is unpaid, to the fen, never brings the patient's share down
/// or up by more than the bill; one of what was billed may round up together with another, and a coarser unit shows.
fn slack(policy: &Policy, plan: &Plan) -> i64 {
    let steps = plan.steps.iter();
    let steps = steps.filter_map(|planned| policy.steps.get(planned.number));
    let of = |step: &Step| match step.rounding.unit.fen() {
        1 => i64::from(step.base.billed),
        unit => unit,
    };
    steps.map(of).fold(0, i64::saturating_add)
}

/// Amounts of a gentle piece that are settled at each end, and about as many between.
const ENDS: i64 = 16;
const SAMPLES: i64 = 37;

/// The largest so far, and where.
#[derive(Debug, Default)]
struct Peak {
    height: i64,
    at: i64,
}

impl Peak {
    /// How far below the largest so far this is.
    fn below(&mut self, height: i64, at: i64) -> i64 {
        if height >= self.height {
            (self.height, self.at) = (height, at);
        }
        self.height.saturating_sub(height)
    }
}

struct Sweep<'a> {
    policy: &'a Policy,
    plan: &'a Plan,
    growing: Probe,
    part: Part,
    workspace: Workspace,
    slack: i64,
    /// Of what the patient paid.
    peak: Peak,
    /// Of what was reimbursed.
    trough: Peak,
    out: Swept,
}

impl Sweep<'_> {
    fn piece(&mut self, piece: Piece) {
        self.out.pieces = self.out.pieces.saturating_add(1);
        match piece {
            Piece::Unknown { low, high } => self.visit_all(low, high),
            Piece::Refused { low, high } => {
                for end in [low, high] {
                    if self.visit(end).is_some() {
                        self.break_claim(
                            Claim::Exact,
                            None,
                            end,
                            "it is settled, not refused".into(),
                        );
                    }
                }
                let width = high.saturating_sub(low).saturating_add(1);
                let ends = if low == high { 1 } else { 2 };
                let others = u64::try_from(width).unwrap_or(0).saturating_sub(ends);
                self.out.refused = self.out.refused.saturating_add(others);
            }
            Piece::Gentle { low, high, share } => self.gentle(low, high, &share),
            Piece::Even { low, high, period } => self.even(low, high, period),
        }
    }

    /// Nothing can be wrong within: what was worked out is held against what settling gives at some amounts.
    fn gentle(&mut self, low: i64, high: i64, share: &Share) {
        let near = low.saturating_add(ENDS).min(high);
        let far = high.saturating_sub(ENDS).max(near);
        let step = far.saturating_sub(near).checked_div(SAMPLES);
        let step = step.and_then(|step| usize::try_from(step).ok());
        let between = (near..far).step_by(step.unwrap_or(1).max(1));
        for fen in (low..near).chain(between).chain(far..=high) {
            if self.visit(fen) != share.at(fen) {
                let what = "the patient does not pay what was worked out";
                self.break_claim(Claim::Exact, None, fen, what.into());
            }
        }
    }

    /// The first two periods and the last, which must be the first and its growth.
    fn even(&mut self, low: i64, high: i64, period: i64) {
        let width = high.saturating_sub(low).saturating_add(1);
        let Some(times) = width.checked_div(period).filter(|times| *times > 4) else {
            return self.visit_all(low, high);
        };
        let first = low.saturating_add(period.saturating_mul(2));
        let mut shares: Vec<Option<i64>> = Vec::new();
        for fen in low..first {
            let share = self.visit(fen);
            if fen < low.saturating_add(period) {
                shares.push(share);
            }
        }
        let last = low.saturating_add(period.saturating_mul(times.saturating_sub(1)));
        let mut growth: Option<i64> = None;
        for (fen, share) in (last..).zip(&shares) {
            let now = self.visit(fen);
            let Some((now, before)) = now.zip(*share) else {
                self.break_claim(Claim::Exact, None, fen, "it is refused, not settled".into());
                continue;
            };
            let grown = now.saturating_sub(before);
            if *growth.get_or_insert(grown) != grown {
                let what = "it is not what it was some periods before and its growth";
                self.break_claim(Claim::Exact, Some(low), fen, what.into());
            }
        }
        let rest = last.saturating_add(period);
        self.visit_all(rest, high);
    }

    fn visit_all(&mut self, low: i64, high: i64) {
        for fen in low..=high {
            self.visit(fen);
        }
    }

    /// Settles the bill at an amount and holds it to the laws; what the patient pays, or nothing if it is refused.
    fn visit(&mut self, fen: i64) -> Option<i64> {
        let line = self.growing.bill.lines.first_mut()?;
        line.set(self.part, Money::from_fen(fen));
        let Probe { patient, bill } = &self.growing;
        let settled = self
            .workspace
            .settle(self.policy, bill, patient, Detail::Totals);
        self.out.visited = self.out.visited.saturating_add(1);
        let Ok(settlement) = settled else {
            self.out.refused = self.out.refused.saturating_add(1);
            return None;
        };
        let share = settlement.patient().fen();
        let found = alone(self.policy, self.plan, settlement, fen);
        if let Some((claim, what)) = found {
            self.break_claim(claim, None, fen, what);
        }
        let fallen = self.peak.below(share, fen);
        if fallen > self.slack {
            let (from, yuan) = (self.peak.at, Money::from_fen);
            let what = format!(
                "the patient pays {} at {} and only {} at {}",
                yuan(self.peak.height),
                yuan(from),
                yuan(share),
                yuan(fen)
            );
            self.break_claim(Claim::NoFall, Some(from), fen, what);
        }
        let reimbursed = fen.saturating_sub(share);
        let risen = self.trough.below(reimbursed, fen);
        if risen > self.slack {
            let (from, yuan) = (self.trough.at, Money::from_fen);
            let what = format!(
                "{} is reimbursed at {} and only {} at {}",
                yuan(self.trough.height),
                yuan(from),
                yuan(reimbursed),
                yuan(fen)
            );
            self.break_claim(Claim::NoJump, Some(from), fen, what);
        }
        Some(share)
    }

    /// Notes the first breach of each claim.
    fn break_claim(&mut self, claim: Claim, from: Option<i64>, at: i64, what: String) {
        if !self.out.broken.iter().any(|breach| breach.claim == claim) {
            self.out.broken.push(Breach {
                claim,
                from,
                at,
                what,
            });
        }
    }
}

/// The claims about one settlement: what is broken.
fn alone(
    policy: &Policy,
    plan: &Plan,
    settlement: &Settlement,
    fen: i64,
) -> Option<(Claim, String)> {
    let share = settlement.patient.fen();
    let paid = settlement.paid.iter().map(|paid| paid.fen());
    let sum = paid.clone().fold(share, i64::saturating_add);
    if sum != fen || settlement.total.fen() != fen {
        let sum = Money::from_fen(sum);
        return Some((Claim::Sums, format!("all pay {sum} together")));
    }
    let mut unpaid = fen;
    for record in &settlement.steps {
        let (amount, base) = (record.amount.fen(), record.base.fen());
        if amount < 0 || amount > base.min(unpaid) {
            let what = format!("a step pays {} of {}", record.amount, record.base);
            return Some((Claim::Signs, what));
        }
        unpaid = unpaid.saturating_sub(amount);
    }
    if share < 0 || paid.clone().any(|paid| paid < 0) {
        return Some((Claim::Signs, "someone pays less than nothing".into()));
    }
    caps(policy, plan, settlement).or_else(|| floors(policy, settlement))
}

/// What every limit of the bill has counted.
fn caps(policy: &Policy, plan: &Plan, settlement: &Settlement) -> Option<(Claim, String)> {
    for record in &settlement.steps {
        let (Some(step), Some(planned)) = (policy.steps.get(record.step), plan.step(record.step))
        else {
            continue;
        };
        for &number in step.payment_limits.iter().chain(&step.cost_limits) {
            let Some(limit) = policy.limits.get(number) else {
                continue;
            };
            let Looked::Number(most) = planned.figure(Role::Limit(number, limit.on)) else {
                continue;
            };
            let used = used(policy, settlement, number, limit);
            if used > most {
                let id = policy.limits().get(number).map_or("", |limit| &limit.id);
                let (used, most) = (Money::from_fen(used), Money::from_fen(most));
                return Some((Claim::Caps, format!("`{id}` is {most}, and {used} is used")));
            }
        }
    }
    None
}

fn used(policy: &Policy, settlement: &Settlement, number: usize, limit: &Limit) -> i64 {
    let mut used = 0i64;
    for record in &settlement.steps {
        let step = policy.steps.get(record.step);
        let (payments, costs) = step.map_or((&[][..], &[][..]), |step| {
            (&*step.payment_limits, &*step.cost_limits)
        });
        let by = match limit.on {
            LimitOn::Payment if payments.contains(&number) => record.amount.fen(),
            LimitOn::Bills if payments.contains(&number) => {
                i64::from(record.amount != Money::ZERO).saturating_mul(100)
            }
            LimitOn::Cost if costs.contains(&number) => record.base.fen(),
            _ => 0,
        };
        used = used.saturating_add(by);
    }
    used
}

/// Every guarantee that nothing bound.
fn floors(policy: &Policy, settlement: &Settlement) -> Option<(Claim, String)> {
    for record in &settlement.steps {
        let Rate::Guarantee {
            ratio,
            of,
            reimbursed,
        } = record.rate
        else {
            continue;
        };
        let bound = !record.limits.is_empty() || record.all_paid || record.payment != Ratio::ONE;
        if bound || record.amount >= record.base {
            continue;
        }
        let unit = policy.steps.get(record.step);
        let unit = unit.map_or(1, |step| step.rounding.unit.fen());
        let target = ratio.of(of)?;
        let reached = reimbursed
            .fen()
            .saturating_add(record.amount.fen())
            .saturating_add(unit)
            .saturating_mul(Ratio::SCALE);
        if reached <= target {
            let what = format!("{ratio} of {of} is guaranteed, and missed");
            return Some((Claim::Floor, what));
        }
    }
    None
}
