//! Layers: which file extends which.

use super::merge::{BY_ID, lay_over};
use super::names::id_twice;
use super::order;
use crate::limits::{MAX_DISEASES, MAX_ENTRIES, MAX_IN_STEP, MAX_LAYERS, MAX_STEPS};
use crate::policy::info::Layer;
use crate::text::{Code, Cursor, Diagnostic, FileId, Node, Sink, Span, Table, suggest};
use std::collections::{HashMap, hash_map};
use std::fmt;

/// A file's own tree and what its header says of its place among the others.
pub(crate) struct File<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) file: FileId,
    pub(crate) layer: Layer,
    id: Option<String>,
    version: Option<String>,
    /// The file that this one extends.
    extends: Option<(String, Span)>,
    /// Files whose own contents are laid between the two: assumptions shared with another version.
    with: Vec<(String, Span)>,
    /// What it extends could not be read.
    is_broken: bool,
    span: Span,
}

impl<'t> File<'t> {
    /// Reads what is needed of the header; the rest is read after merging. `None` when the file has no header at all.
    pub(crate) fn read(node: Node<'t>, sink: &Sink) -> Option<File<'t>> {
        let root = Cursor::root(&node, sink)?;
        if !root.has("policy") {
            let message = "missing section `[policy]` in the file";
            let diagnostic = Diagnostic::error(Code::MissingKey, root.span(), message);
            sink.push(diagnostic.expected(
                "`[policy]` with `id`, `version`, `region`, `name`, `from` and `to`, or with `extends`",
            ));
        }
        let policy = root.opt_table("policy")?;
        report_twice(node.as_table()?, sink);
        let span = policy.span();
        let text = |key| policy.opt(key).and_then(Node::as_str).map(str::to_owned);
        let layer = match policy.opt_str("layer") {
            None | Some(("stated", _)) => Layer::Stated,
            Some(("assumed", _)) => Layer::Assumed,
            Some((other, span)) => {
                let diagnostic =
                    Diagnostic::error(Code::BadValue, span, format!("unknown layer `{other}`"));
                sink.push(
                    diagnostic
                        .expected("`stated` or `assumed`")
                        .did_you_mean(suggest(other, ["stated", "assumed"])),
                );
                Layer::Stated
            }
        };
        let mut named = policy
            .opt_strings("extends")
            .unwrap_or_default()
            .into_iter()
            .map(|(name, span)| (name.to_owned(), span));
        let extends = named.next();
        let with: Vec<(String, Span)> = named.collect();
        let is_broken = extends.is_none() && policy.has("extends");
        if policy
            .opt("extends")
            .and_then(Node::as_array)
            .is_some_and(<[Node<'_>]>::is_empty)
        {
            let span = policy.key_span("extends");
            sink.push(
                Diagnostic::error(Code::BadValue, span, "`extends` is empty")
                    .expected("the full name of a file, or no `extends`"),
            );
        }
        for (index, (name, span)) in with.iter().enumerate() {
            let earlier = extends.iter().chain(with.iter().take(index));
            if earlier.clone().any(|(earlier, _)| earlier == name) {
                let message = format!("`{name}` stands twice in `extends`");
                sink.push(
                    Diagnostic::error(Code::DuplicateId, *span, message).expected("each file once"),
                );
            }
        }
        if let Some((version, span)) = policy.opt_str("version")
            && (version.is_empty() || version.contains('/'))
        {
            let diagnostic = Diagnostic::error(
                Code::BadId,
                span,
                format!("`{version}` cannot be a version"),
            );
            sink.push(diagnostic.expected("a label without `/`, such as `\"2019\"`"));
        }
        let (id, version) = (text("id"), text("version"));
        if extends.is_none() && !is_broken && layer == Layer::Assumed {
            let diagnostic = Diagnostic::error(
                Code::MissingKey,
                span,
                "missing key `extends` in an assumed layer",
            );
            sink.push(diagnostic.expected(
                "the file that the assumptions are laid over, such as `extends = \"yuetang/2019\"`",
            ));
        }
        Some(File {
            file: span.file,
            layer,
            id,
            version,
            extends,
            with,
            is_broken,
            span,
            node,
        })
    }
}

/// Reports the ids that a file gives to two things: merging would take them for one.
fn report_twice(table: &Table<'_>, sink: &Sink) {
    let lists = table.entries().iter();
    for entry in lists.filter(|entry| BY_ID.contains(&&*entry.key)) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let things = entry.node.as_array().unwrap_or_default();
        for thing in things.iter().filter_map(Node::as_table) {
            if let Some(node) = thing.get("id")
                && let Some(id) = node.as_str()
            {
                match seen.entry(id) {
                    hash_map::Entry::Occupied(first) => {
                        sink.push(id_twice(id, node.span, *first.get()));
                    }
                    hash_map::Entry::Vacant(new) => {
                        new.insert(node.span);
                    }
                }
            }
            report_twice(thing, sink);
        }
    }
}

/// The merged tree of one file, with the file it is named for.
pub(crate) struct Merged<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) file: FileId,
    pub(crate) layer: Layer,
    /// The file's own header.
    pub(crate) span: Span,
    /// The files that were laid over one another, the last on top.
    pub(crate) files: Vec<FileId>,
}

/// Lays every file over the one it extends. A file whose chain is broken is reported and left out. `unread` further
/// files could not be read for their errors.
pub(crate) fn resolve<'t>(files: &[File<'t>], unread: usize, sink: &Sink) -> Vec<Merged<'t>> {
    let names = Names::of(files, unread);
    report_duplicates(files, &names, sink);
    let mut out = Vec::new();
    for index in 0..files.len() {
        if let Some(chain) = chain(files, &names, index, sink) {
            let mut merged: Option<Node<'t>> = None;
            let mut laid = Vec::new();
            for file in chain.iter().rev().filter_map(|&index| files.get(index)) {
                let with = file.with.iter().filter_map(|(name, span)| {
                    Some((named(files, &names, name, *span, sink)?, false))
                });
                for (file, with_header) in with.chain([(file, true)]) {
                    laid.push(file.file);
                    merged = Some(match merged {
                        None => file.node.clone(),
                        Some(parent) => lay_over(parent, &file.node, with_header, sink),
                    });
                }
            }
            if let (Some(mut node), Some(file)) = (merged, files.get(index)) {
                // More than that is refused before anything walks it.
                if report_too_many(&node, file.file, sink) {
                    continue;
                }
                order::place_steps(&mut node, sink);
                out.push(Merged {
                    node,
                    file: file.file,
                    layer: file.layer,
                    span: file.span,
                    files: laid,
                });
            }
        }
    }
    out
}

/// `id/version` or `id/version/assumed`; the id and the version may come from what the file extends.
fn full_name(files: &[File<'_>], index: usize) -> Option<String> {
    let file = files.get(index)?;
    let (mut id, mut version) = (file.id.clone(), file.version.clone());
    // `extends` itself names the id and the version.
    let parent = file
        .extends
        .as_ref()
        .map(|(name, _)| name.split('/').map(str::to_owned).collect::<Vec<_>>());
    if let Some(parent) = parent {
        id = id.or_else(|| parent.first().cloned());
        version = version.or_else(|| parent.get(1).cloned());
    }
    let (id, version) = (id?, version?);
    Some(match file.layer {
        Layer::Stated => format!("{id}/{version}"),
        Layer::Assumed => format!("{id}/{version}/assumed"),
    })
}

/// The full names of the files.
struct Names {
    /// By name: the number of the first file of that name.
    numbers: HashMap<String, usize>,
    /// By file: its name, as far as it can be told.
    names: Vec<Option<String>>,
    /// Whether the name of every file is known.
    complete: bool,
}

impl Names {
    fn of(files: &[File<'_>], unread: usize) -> Names {
        let names: Vec<Option<String>> = (0..files.len())
            .map(|index| full_name(files, index))
            .collect();
        let mut numbers = HashMap::new();
        for (number, name) in names.iter().enumerate() {
            if let Some(name) = name {
                numbers.entry(name.clone()).or_insert(number);
            }
        }
        Names {
            complete: unread == 0 && names.iter().all(Option::is_some),
            numbers,
            names,
        }
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }
}

fn report_duplicates(files: &[File<'_>], names: &Names, sink: &Sink) {
    for (index, (file, name)) in files.iter().zip(&names.names).enumerate() {
        let Some(name) = name else { continue };
        let first = names.number(name).filter(|first| *first < index);
        if let Some(first) = first.and_then(|first| files.get(first)) {
            let message = format!("the policy `{name}` is in two files");
            let diagnostic = Diagnostic::error(Code::DuplicateId, file.span, message);
            sink.push(
                diagnostic
                    .secondary(first.span, "the other")
                    .expected("each file with its own `id`, `version` and `layer`"),
            );
        }
    }
}

/// The file and all it builds on, youngest first.
fn chain(files: &[File<'_>], names: &Names, index: usize, sink: &Sink) -> Option<Vec<usize>> {
    let mut chain = vec![index];
    let mut at = files.get(index)?;
    while let Some((parent, span)) = &at.extends {
        named(files, names, parent, *span, sink)?;
        let next = names.number(parent)?;
        if chain.len() > MAX_LAYERS {
            let message = format!(
                "{} files extended one after another, and there may be {MAX_LAYERS}",
                chain.len()
            );
            sink.error(Code::TooMany, *span, message);
            return None;
        }
        if chain.contains(&next) {
            let message = format!("`extends` leads back to `{parent}`");
            sink.push(
                Diagnostic::error(Code::ExtendsCycle, *span, message)
                    .expected("a file that does not build on this one"),
            );
            return None;
        }
        let above = files.get(next)?;
        if at.layer == Layer::Stated && above.layer == Layer::Assumed {
            let message = format!("a stated file cannot extend the assumptions `{parent}`");
            sink.push(
                Diagnostic::error(Code::Conflict, *span, message)
                    .expected("a stated file in `extends`, or `layer = \"assumed\"`"),
            );
            return None;
        }
        chain.push(next);
        at = above;
    }
    // What extends nothing and should was reported when it was read.
    (at.layer == Layer::Stated && !at.is_broken).then_some(chain)
}

/// The file with a full name; reports a name that no file has, unless there is one whose name cannot be read.
fn named<'f, 't>(
    files: &'f [File<'t>],
    names: &Names,
    name: &str,
    span: Span,
    sink: &Sink,
) -> Option<&'f File<'t>> {
    let found = names.number(name);
    if found.is_none() && names.complete {
        let near = suggest(name, names.names.iter().flatten().map(String::as_str));
        let diagnostic = Diagnostic::error(
            Code::ExtendsUnknown,
            span,
            format!("unknown policy `{name}` in `extends`"),
        );
        sink.push(
            diagnostic
                .did_you_mean(near)
                .expected("the full name of a loaded file: `id/version` or `id/version/assumed`"),
        );
    }
    files.get(found?)
}

/// Reports the sections that have too many entries; tells whether any has.
fn report_too_many(root: &Node<'_>, file: FileId, sink: &Sink) -> bool {
    let mut found = false;
    // Put into words only when there are too many.
    let mut report = |what: fmt::Arguments<'_>, table: &Table<'_>, key: &str, most: usize| {
        let count = table
            .get(key)
            .and_then(Node::as_array)
            .map_or(0, <[Node<'_>]>::len);
        if count > most {
            let message = format!("{count} {what}, and a policy may have {most}");
            sink.error(Code::TooMany, Span::start_of(file), message);
            found = true;
        }
    };
    let Some(root) = root.as_table() else {
        return false;
    };
    for key in BY_ID {
        match key {
            "step" => report(format_args!("steps"), root, key, MAX_STEPS),
            "disease" => report(format_args!("diseases"), root, key, MAX_DISEASES),
            key => report(
                format_args!("entries of `[[{key}]]`"),
                root,
                key,
                MAX_ENTRIES,
            ),
        }
        let things = root.get(key).and_then(Node::as_array).unwrap_or_default();
        let section = key.replace('_', " ");
        for thing in things.iter().filter_map(Node::as_table) {
            for inner in ["adjust", "limit"] {
                report(
                    format_args!("entries of `[[{key}.{inner}]]` in one {section}"),
                    thing,
                    inner,
                    MAX_IN_STEP,
                );
            }
            if let Some(bands) = thing.get("bands").and_then(Node::as_table) {
                report(
                    format_args!("bands in one step"),
                    bands,
                    "band",
                    MAX_IN_STEP,
                );
            }
        }
    }
    found
}
