//! Probes: patients and bills made up to find one with which something happens.
//!
//! `solve` looks whether what is asked can be, and for values with which it is; `build` makes a patient and a bill of
//! them, `line` their lines. Where that is not enough, `sample` makes many up around such models, among the values
//! that the policy can tell apart (`choices`). `shrink` makes one that was found as plain as it can be, and `write`
//! writes it as a case.

mod build;
mod chance;
mod choices;
mod line;
mod sample;
mod shrink;
mod solve;
#[cfg(test)]
mod tests;
mod write;

#[cfg(feature = "proptest")]
pub(crate) use chance::Chance;
pub(crate) use chance::Dice;
#[cfg(feature = "seal")]
pub(crate) use choices::choices;
pub(crate) use line::{Kind, amounts};
pub(crate) use sample::{Near, Sampler};
pub(crate) use shrink::shrink;
#[cfg(feature = "proptest")]
pub(crate) use solve::model_by_chance;
pub(crate) use solve::{Ask, Model, implies, solve};
#[cfg(feature = "seal")]
pub(crate) use solve::{OTHER_HOSPITAL, usual};
pub(crate) use write::case;

use crate::bill::Bill;
use crate::patient::Patient;
use crate::policy::Policy;
use crate::policy::facts::Subject;
use crate::settle::error::SettleError;
use crate::settle::{Detail, Workspace};
use crate::settlement::Settlement;

/// A patient with a bill.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Probe {
    pub(crate) patient: Patient,
    pub(crate) bill: Bill,
}

/// Settles probes, in buffers that it keeps.
#[derive(Debug, Default)]
pub(crate) struct Bench {
    workspace: Workspace,
}

impl Bench {
    pub(crate) fn settle(
        &mut self,
        policy: &Policy,
        probe: &Probe,
    ) -> Result<&Settlement, SettleError> {
        let Probe { patient, bill } = probe;
        self.workspace.settle(policy, bill, patient, Detail::Totals)
    }

    /// Settles a probe, with the usual values of whatever is found missing in it, and looks at what came of it.
    pub(crate) fn complete<R>(
        &mut self,
        policy: &Policy,
        probe: &mut Probe,
        look: impl FnOnce(&Probe, Result<&Settlement, &SettleError>) -> R,
    ) -> R {
        for _ in Subject::ALL {
            let result = self.settle(policy, probe);
            match &result {
                Err(SettleError::Missing { field, .. }) if probe.fill(policy, field).is_some() => {}
                _ => return look(probe, result.as_ref().map(|settlement| *settlement)),
            }
        }
        let result = self.settle(policy, probe);
        look(probe, result.as_ref().map(|settlement| *settlement))
    }
}
