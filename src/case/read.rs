//! Reading case files.

use super::{Case, Expectation};
use crate::input;
use crate::money::Money;
use crate::policy::info::Layer;
use crate::ratio::Ratio;
use crate::settle::error::SettleError;
use crate::text::{
    Code, Cursor, Diagnostic, Diagnostics, Node, Sink, SourceMap, Span, parse, suggest,
};

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Case>, Diagnostics> {
    let mut sources = SourceMap::new();
    let sink = Sink::new();
    let mut cases = Vec::new();
    if let Some(node) = parse(&mut sources, name, bytes, &sink)
        && let Some(root) = Cursor::root(&node, &sink)
    {
        not_empty(&root, "case");
        for cursor in root.tables("case") {
            let span = cursor.span();
            cases.extend(case(cursor).map(|case| Case {
                place: place(&sources, span),
                ..case
            }));
        }
        root.finish();
    }
    if sink.error_count() > 0 {
        Err(sink.finish(&sources))
    } else {
        Ok(cases)
    }
}

/// Reports an array that must have at least one table.
fn not_empty(cursor: &Cursor<'_, '_>, key: &'static str) {
    let empty = cursor
        .req(key)
        .and_then(Node::as_array)
        .is_some_and(<[Node<'_>]>::is_empty);
    if empty {
        let message = format!("{} is empty", cursor.name_of(key));
        cursor.error(Code::BadValue, cursor.key_span(key), message);
    }
}

fn place(sources: &SourceMap, span: Span) -> (String, usize) {
    let file = sources.get(span.file);
    let start = usize::try_from(span.start).unwrap_or(usize::MAX);
    file.map_or_else(Default::default, |file| {
        (file.name().to_owned(), file.position(start).0)
    })
}

fn case(cursor: Cursor<'_, '_>) -> Option<Case> {
    let name = cursor.req_str("name").map(|(name, _)| name.to_owned());
    let policy = cursor
        .req_str("policy")
        .map(|(policy, _)| policy.to_owned());
    let layer = match cursor.opt_str("layer") {
        None | Some(("stated", _)) => Layer::Stated,
        Some(("assumed", _)) => Layer::Assumed,
        Some((other, span)) => {
            let near = suggest(other, ["stated", "assumed"]);
            let diagnostic =
                Diagnostic::error(Code::BadValue, span, format!("unknown layer `{other}`"));
            cursor.sink().push(
                diagnostic
                    .did_you_mean(near)
                    .expected("`stated` or `assumed`"),
            );
            Layer::Stated
        }
    };
    let text = |key| cursor.opt_str(key).map(|(text, _)| text.to_owned());
    let (source, note) = (text("source"), text("note"));
    let patient = cursor.req_table("patient").and_then(|table| {
        let patient = input::patient(&table);
        table.finish();
        patient
    });
    not_empty(&cursor, "bill");
    let mut bills = Vec::new();
    for table in cursor.tables("bill") {
        let bill = input::bill(&table);
        let expected = table.req_table("expect").map(expectation);
        table.finish();
        bills.extend(bill.zip(expected));
    }
    cursor.finish();
    let place = (String::new(), 0);
    Some(Case {
        name: name?,
        place,
        policy: policy?,
        layer,
        source,
        note,
        patient: patient?,
        bills,
    })
}

fn expectation(cursor: Cursor<'_, '_>) -> Expectation {
    let refused = cursor.opt_str("refused").map(|(kind, span)| {
        if !SettleError::KINDS.contains(&kind) {
            let near = suggest(kind, SettleError::KINDS);
            let diagnostic = Diagnostic::error(
                Code::BadValue,
                span,
                format!("unknown kind of refusal `{kind}`"),
            );
            let kinds = SettleError::KINDS
                .map(|kind| format!("`{kind}`"))
                .join(", ");
            cursor.sink().push(
                diagnostic
                    .did_you_mean(near)
                    .expected(format!("one of {kinds}")),
            );
        }
        kind.to_owned()
    });
    let proportion = |key: &'static str| {
        let node = cursor.opt(key)?;
        input::ratio(&cursor, key, node)
            .map(|_: Ratio| node.as_str().unwrap_or_default().to_owned())
    };
    let strings = |key| -> Option<Vec<String>> {
        Some(
            cursor
                .opt_strings(key)?
                .into_iter()
                .map(|(text, _)| text.to_owned())
                .collect(),
        )
    };
    let expectation = Expectation {
        patient: cursor
            .opt("patient")
            .and_then(|node| input::amount(&cursor, "patient", node)),
        payers: amounts(&cursor, "payers"),
        steps: amounts(&cursor, "steps"),
        deductibles: amounts(&cursor, "deductibles"),
        limited: cursor.opt_table("limited").map_or_else(Vec::new, |table| {
            let entries = table.entries().iter();
            entries
                .filter_map(|entry| {
                    let limit = entry.node.as_str();
                    if limit.is_none() {
                        table.wrong_type(&entry.key, &entry.node, "the id of a limit in quotes");
                    }
                    Some((entry.key.to_string(), limit?.to_owned()))
                })
                .collect()
        }),
        benefits: strings("benefits"),
        assumptions: cursor.opt_bool("assumptions").map(|(flag, _)| flag),
        reimbursed: proportion("reimbursed"),
        reimbursed_in_scope: proportion("reimbursed_in_scope"),
        names: strings("names").unwrap_or_default(),
        refused,
    };
    if !expectation.names.is_empty() && expectation.refused.is_none() {
        let diagnostic = Diagnostic::error(
            Code::Conflict,
            cursor.key_span("names"),
            "`names` without `refused`",
        );
        cursor
            .sink()
            .push(diagnostic.expected("`refused` beside it: `names` are texts of a refusal"));
    }
    let settled = Expectation {
        refused: None,
        names: Vec::new(),
        ..expectation.clone()
    };
    if expectation.refused.is_some() && settled != Expectation::default() {
        let diagnostic = Diagnostic::error(
            Code::Conflict,
            cursor.key_span("refused"),
            "`refused` beside amounts",
        );
        cursor
            .sink()
            .push(diagnostic.expected("a refusal or amounts: a refused bill comes to nothing"));
    }
    if expectation == Expectation::default() {
        let diagnostic = Diagnostic::error(
            Code::BadValue,
            cursor.span(),
            format!("{} expects nothing", cursor.what()),
        );
        cursor.sink().push(
            diagnostic
                .expected("an amount such as `patient = 454.92`, or `refused = \"unstated\"`"),
        );
    }
    cursor.finish();
    expectation
}

fn amounts(cursor: &Cursor<'_, '_>, key: &'static str) -> Vec<(String, Money)> {
    let Some(table) = cursor.opt_table(key) else {
        return Vec::new();
    };
    let entries = table.entries().iter();
    entries
        .filter_map(|entry| {
            Some((
                entry.key.to_string(),
                input::amount(&table, &entry.key, &entry.node)?,
            ))
        })
        .collect()
}
