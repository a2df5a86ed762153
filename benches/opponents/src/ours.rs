//! The library, under the rule file of the bench.

use payer_split::{Bill, Detail, Patient, Policy, RuleBook, Settlement, Workspace};

/// The rule file.
pub const EIGHT_STEPS: &str = include_str!("../eight-steps.toml");

/// Kinds of care that no measured bill is of.
const OTHER_CARE: [&str; 10] = [
    "outpatient",
    "emergency",
    "chronic-outpatient",
    "special-outpatient",
    "maternity-inpatient",
    "single-disease",
    "day-surgery",
    "transferred-inpatient",
    "injury-inpatient",
    "emergency-inpatient",
];

/// A policy with the buffers to settle by it.
#[derive(Debug)]
pub struct Ours {
    policy: Policy,
    workspace: Workspace,
}

impl Ours {
    /// The eight steps.
    pub fn new() -> Ours {
        Ours::of(EIGHT_STEPS)
    }

    /// The eight steps, and behind each one ten copies of it, with limits and all, for other kinds of care.
    pub fn with_eighty_more_steps() -> Ours {
        let mut sections = EIGHT_STEPS.split("\n[[step]]\n");
        let mut text = String::from(sections.next().expect("a header"));
        for step in sections {
            let id = step.split('"').nth(1).expect("a step starts with its id");
            text += "\n[[step]]\n";
            text += step;
            for care in OTHER_CARE {
                let copy = step
                    .replacen(&format!("\"{id}\""), &format!("\"{id}-{care}\""), 1)
                    .replace("care = \"inpatient\"", &format!("care = \"{care}\""));
                assert_ne!(copy, step);
                text += "\n[[step]]\n";
                text += &copy;
            }
        }
        Ours::of(&text)
    }

    fn of(text: &str) -> Ours {
        let book = RuleBook::from_texts([("eight-steps.toml", text)])
            .unwrap_or_else(|problems| panic!("{problems}"));
        Ours {
            policy: book.policies().next().expect("one policy").clone(),
            workspace: Workspace::new(),
        }
    }

    /// Into the reused result.
    pub fn settle(&mut self, bill: &Bill, patient: &Patient, detail: Detail) -> &Settlement {
        self.workspace
            .settle(&self.policy, bill, patient, detail)
            .expect("a bill that can be settled")
    }

    /// Into a result of its own.
    pub fn settle_afresh(&self, bill: &Bill, patient: &Patient) -> Settlement {
        payer_split::settle(&self.policy, bill, patient).expect("a bill that can be settled")
    }
}

impl Default for Ours {
    fn default() -> Ours {
        Ours::new()
    }
}
