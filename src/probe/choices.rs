//! The values of each field that a policy can tell apart: one of those that it treats alike stands for all of them.

use crate::policy::Policy;
use crate::policy::facts::{FactSet, Subject};
use crate::policy::figure::Node;

/// For each field that the policy looks at and that has a list of values: one of each sort.
pub(crate) fn choices(policy: &Policy) -> Vec<(Subject, Vec<u16>)> {
    let mut sets: Vec<(Subject, Vec<u16>)> = Vec::new();
    for figure in &policy.figures {
        entries(&figure.root, &mut sets);
        for adjust in &figure.adjusts {
            sets.push((Subject::Certificate, adjust.certificates.clone()));
        }
    }
    for disease in &policy.diseases {
        sets.push((Subject::OutpatientDisease, disease.outpatient.clone()));
    }
    let mut out = Vec::new();
    for subject in Subject::ALL {
        let asked = !policy.facts.about(subject).is_empty();
        if asked
            || sets
                .iter()
                .any(|(of, values)| *of == subject && !values.is_empty())
        {
            let mut sorts: Vec<(FactSet, Vec<bool>)> = Vec::new();
            let mut values = Vec::new();
            for value in 0..size(policy, subject) {
                let own = sets.iter().filter(|(of, _)| *of == subject);
                let sort = (
                    policy.facts.of(subject, usize::from(value)),
                    own.map(|(_, values)| values.contains(&value)).collect(),
                );
                // Two diseases may share a bill, and a limit.
                if subject == Subject::Disease || !sorts.contains(&sort) {
                    sorts.push(sort);
                    values.push(value);
                }
            }
            if !values.is_empty() {
                out.push((subject, values));
            }
        }
    }
    out
}

/// How many values a field has; none for numbers, dates and names.
fn size(policy: &Policy, subject: Subject) -> u16 {
    let size = match (subject, subject.dimension()) {
        (_, Some(dimension)) => policy.words.count(dimension),
        (Subject::Disease, _) => policy.diseases.len(),
        (Subject::Designated | Subject::Medical | Subject::Referred | Subject::Certified, _) => 2,
        _ => 0,
    };
    u16::try_from(size).unwrap_or(u16::MAX)
}

fn entries(node: &Node, out: &mut Vec<(Subject, Vec<u16>)>) {
    if let Node::Table(table) = node {
        for entry in &table.entries {
            out.push((table.subject, entry.values.clone()));
            entries(&entry.node, out);
        }
        table.other.iter().for_each(|node| entries(node, out));
    }
}
