//! Probes: patients and bills made up to find one with which something happens.
//!
//! [`sample`] makes them up near a condition, [`shrink`] makes one that was found as plain as it can be, and
//! [`write`] writes it as a case.

pub(super) mod sample;
pub(super) mod shrink;
pub(super) mod write;

use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::Settlement;

/// A patient with a bill.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Probe {
    pub(super) patient: Patient,
    pub(super) bill: Bill,
}

/// Settles probes, in buffers that it keeps.
#[derive(Debug, Default)]
pub(super) struct Bench {
    workspace: Workspace,
}

impl Bench {
    pub(super) fn settle(
        &mut self,
        policy: &Policy,
        probe: &Probe,
    ) -> Result<&Settlement, SettleError> {
        let Probe { patient, bill } = probe;
        self.workspace.settle(policy, bill, patient, Detail::Totals)
    }
}
