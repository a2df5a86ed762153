//! The sections beside the steps: sources, payers, scope rules, benefits, and clauses left out.

use super::cite::Cited;
use super::names::Ids;
use super::policy::Build;
use crate::laws::Law;
use crate::policy::facts::Condition;
use crate::policy::info::{Exception, LeftOut, Named, Payer, PayerKind, Source};
use crate::policy::step::Scope;
use crate::text::{Code, Cursor, Diagnostic, Node, Value};

impl<'s> Build<'s> {
    pub(super) fn sources(&mut self, root: &Cursor<'_, 's>) -> Vec<Source> {
        let mut sources = Vec::new();
        for cursor in root.tables("source") {
            let id = self.id(&cursor, &self.sources);
            let text = |key| cursor.opt_str(key).map(|(text, _)| text.to_owned());
            let title = cursor.req_str("title").map(|(title, _)| title.to_owned());
            let (publisher, note) = (text("publisher"), text("note"));
            let date = match cursor.req("date") {
                Some(Node {
                    value: Value::String(text),
                    ..
                }) if text == "undated" => None,
                Some(
                    node @ Node {
                        value: Value::Date(_),
                        ..
                    },
                ) => cursor.date("date", node).map(|(date, _)| date),
                Some(node) => {
                    cursor.wrong_type(
                        "date",
                        node,
                        "a date such as `2020-12-12`, without quotes, or `\"undated\"`",
                    );
                    None
                }
                None => None,
            };
            // What is known by its id is known, whatever else is wrong with it.
            if let Some((id, span)) = &id {
                self.sources.add(id, *span);
            }
            if let (Some((id, _)), Some(title)) = (id, title) {
                sources.push(Source {
                    id,
                    title,
                    publisher,
                    date,
                    note,
                });
            }
            cursor.finish();
        }
        sources
    }

    pub(super) fn payers(&mut self, root: &Cursor<'_, 's>) -> Vec<Payer> {
        let mut payers = Vec::new();
        for cursor in root.tables("payer") {
            let id = self.id(&cursor, &self.payers);
            let names = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let kinds = PayerKind::ALL.map(|kind| (kind.id(), kind));
            let kind = cursor
                .req("kind")
                .and_then(|node| self.word(node, &cursor.name_of("kind"), &kinds));
            let code = cursor.opt_str("code").map(|(code, _)| code.to_owned());
            if let Some(("patient", span)) = id.as_ref().map(|(id, span)| (id.as_str(), *span)) {
                let diagnostic =
                    Diagnostic::error(Code::BadId, span, "the patient is no `[[payer]]`");
                self.sink.push(
                    diagnostic.expected("another id: the patient pays what nobody else does"),
                );
            }
            if let Some((id, span)) = &id {
                self.payers.add(id, *span);
            }
            if let (Some((id, _)), Some((name, name_en)), Some(kind)) = (id, names, kind) {
                payers.push(Payer {
                    id,
                    name,
                    name_en,
                    kind,
                    code,
                });
            }
            cursor.finish();
        }
        payers
    }

    pub(super) fn scopes(&mut self, root: &Cursor<'_, 's>, outer: &Cited) -> Vec<Scope> {
        let mut ids = Ids::default();
        let mut scopes = Vec::new();
        for cursor in root.tables("scope") {
            let id = self.id(&cursor, &ids);
            self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let cited = self.cite(&cursor, outer);
            let (condition, _) = self.condition(&cursor);
            let selector = cursor
                .opt_table("covers")
                .map_or(0, |covers| self.selector(covers));
            let moves = cursor
                .req("move")
                .map(|node| self.parts(node, &cursor.name_of("move")));
            let to = cursor
                .req("to")
                .and_then(|node| self.part(node, &cursor.name_of("to")));
            if let (Some((id, span)), Some(moves), Some(to)) = (id, moves, to) {
                let note = self.note(&format!("scope.{id}"), &cited, cursor.span());
                scopes.push(Scope {
                    condition,
                    selector,
                    moves,
                    to,
                    note,
                });
                ids.add(&id, span);
            }
            cursor.finish();
        }
        scopes
    }

    pub(super) fn benefits(
        &mut self,
        root: &Cursor<'_, 's>,
        outer: &Cited,
    ) -> (Vec<Condition>, Vec<Named>) {
        let mut ids = Ids::default();
        let (mut conditions, mut names) = (Vec::new(), Vec::new());
        for cursor in root.tables("benefit") {
            let id = self.id(&cursor, &ids);
            let named = self.names(&cursor, id.as_ref().map_or("", |(id, _)| id));
            let cited = self.cite(&cursor, outer);
            let (condition, _) = self.condition(&cursor);
            if let (Some((id, span)), Some((name, name_en))) = (id, named) {
                let note = self.note(&format!("benefit.{id}"), &cited, cursor.span());
                if let Some(citation) = self.citation(note).cloned() {
                    ids.add(&id, span);
                    conditions.push(condition);
                    names.push(Named {
                        id,
                        name,
                        name_en,
                        citation,
                    });
                }
            }
            cursor.finish();
        }
        (conditions, names)
    }

    pub(super) fn left_out(&mut self, root: &Cursor<'_, 's>, outer: &Cited) -> Vec<LeftOut> {
        let mut ids = Ids::default();
        let mut left_out = Vec::new();
        for cursor in root.tables("left_out") {
            let id = self.id(&cursor, &ids);
            let text = |key| cursor.opt_str(key).map(|(text, _)| text.to_owned());
            let (text_en, reason_en) = (text("text_en"), text("reason_en"));
            let text = cursor.req_str("text").map(|(text, _)| text.to_owned());
            let reason = cursor.req_str("reason").map(|(text, _)| text.to_owned());
            let cited = self.cite(&cursor, outer);
            if let (Some((id, span)), Some(text), Some(reason)) = (id, text, reason) {
                let note = self.note(&format!("left_out.{id}"), &cited, cursor.span());
                if let Some(citation) = self.citation(note).cloned() {
                    ids.add(&id, span);
                    left_out.push(LeftOut {
                        id,
                        text,
                        text_en,
                        reason,
                        reason_en,
                        citation,
                    });
                }
            }
            cursor.finish();
        }
        left_out
    }

    /// The laws that the policy breaks on purpose, and for which bills.
    pub(super) fn exceptions(
        &mut self,
        root: &Cursor<'_, 's>,
        outer: &Cited,
    ) -> (Vec<Exception>, Vec<Condition>) {
        let mut ids = Ids::default();
        let (mut exceptions, mut conditions) = (Vec::new(), Vec::new());
        for cursor in root.tables("exception") {
            let id = self.id(&cursor, &ids);
            let law = self.law(&cursor);
            let reason = cursor.req_str("reason").map(|(text, _)| text.to_owned());
            let reason_en = cursor.opt_str("reason_en").map(|(text, _)| text.to_owned());
            let cited = self.cite(&cursor, outer);
            let (condition, _) = self.condition(&cursor);
            if let (Some((id, span)), Some(law), Some(reason)) = (id, law, reason) {
                let note = self.note(&format!("exception.{id}"), &cited, cursor.span());
                if let Some(citation) = self.citation(note).cloned() {
                    ids.add(&id, span);
                    conditions.push(condition);
                    exceptions.push(Exception {
                        id,
                        law,
                        reason,
                        reason_en,
                        citation,
                    });
                }
            }
            cursor.finish();
        }
        (exceptions, conditions)
    }

    /// The number of a law that a policy may break.
    fn law(&self, cursor: &Cursor<'_, 's>) -> Option<Law> {
        let node = cursor.req("law")?;
        let allowed = Law::ALL.into_iter().filter(|law| law.may_be_broken());
        let numbers: Vec<String> = allowed.map(|law| format!("`{}`", law.number())).collect();
        let expected = format!(
            "the number of a law that a policy may break: {}",
            numbers.join(", ")
        );
        let Value::Integer(text) = &node.value else {
            cursor.wrong_type("law", node, &expected);
            return None;
        };
        let law = text.parse().ok().and_then(Law::of_number);
        if law.is_none_or(|law| !law.may_be_broken()) {
            let message = match law {
                Some(law) => format!("no policy may break law `{text}` ({})", law.name()),
                None => format!("there is no law `{text}`"),
            };
            self.sink
                .push(Diagnostic::error(Code::BadValue, node.span, message).expected(expected));
            return None;
        }
        law
    }
}
