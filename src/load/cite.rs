//! Citations: where a thing comes from, and how sure it is.

use super::merge::CITED;
use super::policy::Build;
use crate::policy::info::{Certainty, Citation, Layer, NoteId};
use crate::text::{Code, Cursor, Diagnostic, FileId, Node, Span, suggest};
use std::rc::Rc;

/// What things inherit: the citations of the policy, a step or a figure, innermost last, each with the file that gave it.
#[derive(Debug, Clone, Default)]
pub(super) struct Cited {
    /// Shared by all that inherits it.
    given: Rc<Vec<Given>>,
}

#[derive(Debug, Clone)]
struct Given {
    file: FileId,
    source: Option<String>,
    clause: Option<String>,
    certainty: Option<Certainty>,
}

impl Cited {
    /// Adds what a thing says itself: the keys `source`, `clause`, `certainty`, once for each layer that gives them.
    pub(super) fn and(&self, build: &mut Build<'_>, cursor: &Cursor<'_, '_>) -> Cited {
        let mut cited = self.clone();
        let [source, clause, certainty] = CITED;
        for key in CITED {
            cursor.opt(key);
        }
        let given_in = |key: &str, file: FileId| {
            cursor
                .table()
                .entries()
                .iter()
                .rev()
                .find(|entry| entry.key == key && entry.key_span.file == file)
        };
        let mut files: Vec<FileId> = Vec::new();
        for entry in cursor.table().entries() {
            if CITED.contains(&&*entry.key) && !files.contains(&entry.key_span.file) {
                files.push(entry.key_span.file);
            }
        }
        for file in files {
            let text = |key: &str| {
                let entry = given_in(key, file)?;
                let text = entry.node.as_str();
                if text.is_none() {
                    cursor.wrong_type(key, &entry.node, "a string in quotes");
                }
                Some((text?, entry.node.span))
            };
            let source = text(source).and_then(|(id, span)| build.source(id, span));
            let clause = text(clause).map(|(clause, _)| clause.to_owned());
            let certainty = text(certainty).and_then(|(word, span)| build.certainty(word, span));
            Rc::make_mut(&mut cited.given).push(Given {
                file,
                source,
                clause,
                certainty,
            });
        }
        cited
    }

    /// Without certainties: how sure a policy's period is says nothing of its steps.
    pub(super) fn without_certainty(mut self) -> Cited {
        for given in Rc::make_mut(&mut self.given) {
            given.certainty = None;
        }
        self
    }

    /// Whether a source is known at all.
    pub(super) fn has_source(&self) -> bool {
        self.given.iter().any(|given| given.source.is_some())
    }

    /// The citation of something that stands in `file`: what that file says innermost, or else what the others say.
    fn citation(&self, what: &str, file: FileId, layer: Layer) -> Option<Citation> {
        let last = |wanted: &dyn Fn(&Given) -> bool| self.given.iter().rposition(wanted);
        let own = last(&|given| given.file == file && given.source.is_some());
        let position = own.or_else(|| last(&|given| given.source.is_some()))?;
        let found = self.given.get(position)?;
        // A clause of an inner thing goes with the source of an outer one, but not the reverse.
        let inner = self.given.get(position..).unwrap_or_default().iter().rev();
        let clause = inner
            .filter(|given| given.file == found.file)
            .find_map(|given| given.clause.clone());
        let certainty = match layer {
            Layer::Assumed => Certainty::Assumed,
            Layer::Stated => last(&|given| given.file == file && given.certainty.is_some())
                .or_else(|| last(&|given| given.certainty.is_some()))
                .and_then(|position| self.given.get(position)?.certainty)
                .unwrap_or(Certainty::Stated),
        };
        Some(Citation {
            what: what.into(),
            source: found.source.clone()?,
            clause,
            certainty,
        })
    }
}

impl Build<'_> {
    /// Notes where something comes from.
    pub(super) fn note(&mut self, what: &str, cited: &Cited, span: Span) -> NoteId {
        let citation = cited.citation(what, span.file, self.layer_of(span.file));
        let citation = citation.unwrap_or_else(|| Citation {
            what: what.into(),
            source: String::new(),
            clause: None,
            certainty: Certainty::Stated,
        });
        let note = NoteId(u32::try_from(self.notes.len()).unwrap_or(u32::MAX));
        self.notes.push(citation);
        self.note_spans.push(span);
        note
    }

    /// The citation of a note.
    pub(super) fn citation(&self, note: NoteId) -> Option<&Citation> {
        self.notes.get(usize::try_from(note.0).ok()?)
    }

    /// A thing's own citations, which must name a source.
    pub(super) fn cite(&mut self, cursor: &Cursor<'_, '_>, outer: &Cited) -> Cited {
        let own = Cited::default().and(self, cursor);
        let has_default = self.layer_of(cursor.span().file) == Layer::Assumed && outer.has_source();
        if !cursor.has("source") && !has_default {
            let message = format!("missing key `source` in {}", cursor.what());
            let diagnostic = Diagnostic::error(Code::MissingKey, cursor.span(), message);
            self.sink
                .push(diagnostic.expected(
                    "the id of the `[[source]]` that says so, such as `source = \"S4\"`",
                ));
        }
        let mut cited = outer.clone();
        if !own.given.is_empty() {
            Rc::make_mut(&mut cited.given).extend(own.given.iter().cloned());
        }
        cited
    }

    fn source(&mut self, id: &str, span: Span) -> Option<String> {
        if !self.sources.use_id(id) {
            let message = format!("unknown source `{id}`");
            let near = self.near(id, self.sources.ids());
            // What was meant is cited.
            near.map(|near| self.sources.use_id(near));
            self.sink.push(
                Diagnostic::error(Code::UnknownName, span, message)
                    .did_you_mean(near)
                    .expected("the id of a `[[source]]` of this file or of one that it extends"),
            );
            return None;
        }
        Some(id.to_owned())
    }

    fn certainty(&self, word: &str, span: Span) -> Option<Certainty> {
        let found = Certainty::ALL
            .into_iter()
            .find(|certainty| certainty.id() == word);
        if found.is_none() {
            let words = Certainty::ALL.map(Certainty::id);
            let diagnostic =
                Diagnostic::error(Code::BadValue, span, format!("unknown certainty `{word}`"));
            self.sink.push(
                diagnostic
                    .did_you_mean(suggest(word, words))
                    .expected(super::names::one_of(&words)),
            );
        }
        found
    }

    /// A string that must be one of a few words.
    pub(super) fn word<T: Copy>(
        &self,
        node: &Node<'_>,
        place: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let ids: Vec<&'static str> = words.iter().map(|(id, _)| *id).collect();
        let Some(text) = node.as_str() else {
            self.sink
                .wrong_type(node, place, &super::names::one_of(&ids));
            return None;
        };
        let found = words
            .iter()
            .find(|(id, _)| *id == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let diagnostic = Diagnostic::error(
                Code::BadValue,
                node.span,
                format!("{place} cannot be `{text}`"),
            );
            let near = suggest(text, ids.iter().copied());
            self.sink.push(
                diagnostic
                    .did_you_mean(near)
                    .expected(super::names::one_of(&ids)),
            );
        }
        found
    }
}
