//! From the text of rule files to checked policies.
//!
//! The files are parsed into trees that know their places ([`text`](crate::text)), laid over the files that they extend
//! ([`layer`], [`merge`]), and read key by key into policies ([`policy`] and the modules it calls). All problems are
//! collected; only policies without any come out.

mod adjust;
mod base;
mod cite;
mod condition;
mod figure;
mod formula;
mod layer;
mod limit;
mod merge;
mod names;
mod order;
mod outcomes;
mod policy;
mod sections;
mod selector;
mod step;
#[cfg(feature = "seal")]
pub(crate) mod texts;
mod value;
mod words;

use crate::limits::MAX_FILES;
use crate::policy::Policy;
use crate::policy::info::Layer;
use crate::text::{
    Code, Diagnostic, Diagnostics, FileId, Sink, SourceFile, SourceMap, Span, parse,
};
use std::collections::HashMap;

/// A rule file: the name by which the user knows it, and its bytes.
pub(crate) type Input<'a> = (&'a str, &'a [u8]);

/// A policy with the places of what it says, for tools that point into files.
pub(crate) struct Placed {
    pub(crate) policy: Policy,
    /// The beginning of its period, or its header.
    pub(crate) period: Span,
    /// By note: where the cited thing stands.
    pub(crate) notes: Vec<Span>,
    /// By payer: where its id stands.
    pub(crate) payers: Vec<Span>,
    /// The files it is made of: what it extends first, its own last.
    pub(crate) files: Vec<FileId>,
}

/// What came of loading some files: the policies that are without errors, and every problem so far.
pub(crate) struct Loaded {
    pub(crate) policies: Vec<Placed>,
    pub(crate) sources: SourceMap,
    pub(crate) sink: Sink,
}

impl Loaded {
    /// The policies that are without errors, and every problem found.
    pub(crate) fn finish(self) -> (Vec<Policy>, Diagnostics) {
        let policies = self.policies.into_iter().map(|placed| placed.policy);
        (policies.collect(), self.sink.finish(&self.sources))
    }
}

/// Loads rule files together: the policies with their places, and every problem.
pub(crate) fn load_placed<'a>(inputs: impl IntoIterator<Item = Input<'a>>) -> Loaded {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let mut files = Vec::new();
    let mut unread = 0usize;
    for (number, (name, bytes)) in inputs.into_iter().enumerate() {
        if number == MAX_FILES {
            let file = sources.add(SourceFile::new(name, ""));
            let message = format!("more than {MAX_FILES} rule files");
            sink.push(
                Diagnostic::file_error(Code::TooMany, file, message)
                    .expected("the rule files of some regions, loaded by themselves"),
            );
            unread = unread.saturating_add(1);
            break;
        }
        let node = parse(&mut sources, name, bytes, &sink);
        match node.and_then(|node| layer::File::read(node, &sink)) {
            Some(file) => files.push(file),
            None => unread = unread.saturating_add(1),
        }
    }
    let layers: HashMap<FileId, Layer> = files.iter().map(|file| (file.file, file.layer)).collect();
    let mut policies: Vec<Placed> = Vec::new();
    let merged = layer::resolve(&files, unread, &sink);
    // What the merged trees share with the files' goes with the last that needs it.
    drop(files);
    for merged in merged {
        policies.extend(policy::read(merged, &layers, &sink));
    }
    report_overlaps(&policies, &sink);
    Loaded {
        policies,
        sources,
        sink,
    }
}

/// No two files of one id and layer may be in force on the same day.
fn report_overlaps(policies: &[Placed], sink: &Sink) {
    let mut known: HashMap<(&str, Layer), Vec<&Placed>> = HashMap::new();
    for placed in policies {
        let Placed { policy, period, .. } = placed;
        let versions = known.entry((policy.id(), policy.layer())).or_default();
        for Placed {
            policy: other,
            period: other_period,
            ..
        } in versions.iter()
        {
            let other_version = policy.version() != other.version();
            let starts_before = |a: &Policy, b: &Policy| b.to().is_none_or(|to| a.from() <= to);
            if other_version && starts_before(policy, other) && starts_before(other, policy) {
                let message = format!(
                    "`{}` and `{}` are in force on the same day",
                    other.full_name(),
                    policy.full_name()
                );
                let day = policy.from().max(other.from());
                let diagnostic = Diagnostic::error(Code::VersionOverlap, *period, message)
                    .label(format!("both are in force on {day}"))
                    .secondary(*other_period, "the other version")
                    .expected("the `to` of one version to be before the `from` of the next");
                sink.push(diagnostic);
            }
        }
        versions.push(placed);
    }
}
