//! A settlement observed: the bill is settled as ever, and then its steps are worked once more, by the same code, with a
//! copy of what each of them found. Only who asks for an explanation pays for it.
//!
//! This is all that an explanation takes from the engine's insides.

use super::columns::Row;
use super::error::SettleError;
use super::figures::{Bases, Refusal};
use super::profile::Profile;
use super::work::Work;
use super::{Detail, Workspace};
use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::settlement::Settlement;
use std::sync::Arc;

/// A settlement with what its steps found.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub(crate) settlement: Settlement,
    pub(crate) profile: Arc<Profile>,
    pub(crate) cells: ObservedCells,
    /// The steps that were worked, in the order of payment.
    pub(crate) steps: Vec<ObservedStep>,
}

/// The cells of a bill and everything that was paid of them, by kind and part.
#[derive(Debug, Clone, Default)]
pub(crate) struct ObservedCells {
    /// By kind: its signature, which tells what covers it.
    pub(crate) signatures: Vec<u64>,
    /// By line: the place of its kind, and its parts as the policy counts them.
    pub(crate) lines: Vec<(usize, Row)>,
    /// What was billed.
    pub(crate) billed: Vec<Row>,
    /// By slot, in the order of payment: what was paid.
    pub(crate) payments: Vec<(usize, Vec<Row>)>,
    /// By step whose deductible others leave out: how it lies on the cells.
    pub(crate) deducted: Vec<(usize, Vec<Row>)>,
}

/// What a step found.
#[derive(Debug, Clone)]
pub(crate) struct ObservedStep {
    pub(crate) number: usize,
    /// Its record in the settlement; none where it could neither pay nor count anything and a field was missing.
    pub(crate) record: Option<usize>,
    pub(crate) counts_the_year: bool,
    /// What was unpaid before it.
    pub(crate) unpaid: Vec<Row>,
    /// Each cell's weight in its base.
    pub(crate) weights: Vec<Row>,
    /// By counter of the year: what had been counted before it.
    pub(crate) counters: Vec<i64>,
    /// By limit: what this bill had used of it before.
    pub(crate) limits_used: Vec<i64>,
}

/// Why a bill was not settled, and where that was found.
#[derive(Debug, Clone)]
pub(crate) struct Stopped {
    pub(crate) error: SettleError,
    /// What is known of the bill, if that much was found out.
    pub(crate) profile: Option<Arc<Profile>>,
    /// The step at which it stopped, and why.
    pub(crate) step: Option<(usize, Refusal)>,
}

/// Settles a bill, and keeps what its steps found.
pub(crate) fn observe(
    policy: &Policy,
    bill: &Bill,
    patient: &Patient,
) -> Result<Observed, Box<Stopped>> {
    let mut workspace = Workspace::new();
    let settled = workspace.settle(policy, bill, patient, Detail::Lines);
    let settled = settled.cloned();
    let watched = watch(&mut workspace, policy, bill, patient);
    match (settled, watched) {
        (
            Ok(settlement),
            Ok(Watched {
                profile,
                steps,
                stopped: None,
            }),
        ) => Ok(Observed {
            settlement,
            profile,
            cells: cells(&workspace, bill),
            steps,
        }),
        (Err(error), watched) => {
            let profile = workspace.profiles.of(policy, bill, patient);
            Err(Box::new(Stopped {
                profile: profile.ok().map(Arc::clone),
                step: watched.ok().and_then(|watched| watched.stopped),
                error,
            }))
        }
        // The same work, which cannot come out otherwise.
        (Ok(_), _) => Err(Box::new(Stopped {
            error: SettleError::overflow("`bill`"),
            profile: None,
            step: None,
        })),
    }
}

struct Watched {
    profile: Arc<Profile>,
    steps: Vec<ObservedStep>,
    stopped: Option<(usize, Refusal)>,
}

/// Works the steps one by one.
fn watch(
    workspace: &mut Workspace,
    policy: &Policy,
    bill: &Bill,
    patient: &Patient,
) -> Result<Watched, SettleError> {
    let Workspace {
        profiles,
        cells,
        allotment,
        buffers,
        settlement,
        ..
    } = workspace;
    super::check(policy, bill, patient)?;
    let profile = Arc::clone(profiles.of(policy, bill, patient)?);
    let out = settlement.get_or_insert_with(|| Settlement::empty(&profile.terms));
    out.restart(policy, &profile.terms, bill, patient);
    cells.gather(policy, bill, &profile.situation, |_| {})?;
    buffers.restart(cells.kinds.len(), policy.limits.len());
    let parts = super::cells::parts(&cells.billed);
    let bases = Bases {
        total: parts.total().unwrap_or_default().fen(),
        in_scope: parts.in_scope.fen(),
        base: 0,
    };
    let mut work = Work {
        policy,
        profile: &profile,
        cells,
        allotment,
        buffers,
        bases,
        out,
    };
    let (mut steps, mut stopped) = (Vec::new(), None);
    for applied in &profile.steps {
        let amounts = work.out.year_to_date.amounts.iter();
        let mut observed = ObservedStep {
            number: applied.number,
            record: None,
            counts_the_year: applied.counts_the_year,
            unpaid: work.cells.unpaid.clone(),
            weights: Vec::new(),
            counters: amounts.map(|amount| amount.fen()).collect(),
            limits_used: work.buffers.limits_used.clone(),
        };
        let before = work.out.steps.len();
        if let Err(refusal) = work.step(applied) {
            stopped = Some((applied.number, refusal));
            break;
        }
        if work.out.steps.len() > before {
            observed.record = Some(before);
            observed.weights.clone_from(&work.buffers.weights);
        }
        steps.push(observed);
    }
    Ok(Watched {
        profile,
        steps,
        stopped,
    })
}

/// The cells as they are after the last step.
fn cells(workspace: &Workspace, bill: &Bill) -> ObservedCells {
    let cells = &workspace.cells;
    let lines = bill.lines.iter().zip(&cells.kind_of_line);
    let lines = lines.filter_map(|(line, found)| {
        let mut kinds = cells.kinds.iter().enumerate();
        let (place, kind) = kinds.find(|(_, kind)| kind.found == *found)?;
        Some((place, kind.counted(super::columns::row(&line.parts()))))
    });
    let owned = |(number, column): (usize, &[Row])| (number, column.to_vec());
    ObservedCells {
        signatures: cells.kinds.iter().map(|kind| kind.signature).collect(),
        lines: lines.collect(),
        billed: cells.billed.clone(),
        payments: cells.payments.iter().map(owned).collect(),
        deducted: workspace.buffers.deducted.iter().map(owned).collect(),
    }
}
