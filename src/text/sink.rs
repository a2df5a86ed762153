//! Where problems are collected while files are read and checked.

use std::cell::{Cell, RefCell};

use super::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use super::node::{Node, Value};
use super::source::SourceMap;
use super::span::Span;

/// At most this many errors, and as many warnings, are kept of one load.
const KEPT: usize = 200;

/// Collects problems. Shared by reference, so that every reader may report.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    list: RefCell<Vec<Diagnostic>>,
    errors: Cell<usize>,
    warnings: Cell<usize>,
    /// How many only repeat a kept one.
    repeated: Cell<usize>,
}

impl Sink {
    /// No problems yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes a problem in. One that files inherit from one another is counted for each of them and kept once.
    pub(crate) fn push(&self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity() {
            Severity::Error => &self.errors,
            Severity::Warning => &self.warnings,
        };
        let mut list = self.list.borrow_mut();
        if list.iter().any(|known| known.repeats(&diagnostic)) {
            self.repeated.set(self.repeated.get().saturating_add(1));
        } else {
            let kept = |known: &&Diagnostic| known.severity() == diagnostic.severity();
            if list.iter().filter(kept).count() < KEPT {
                list.push(diagnostic);
            }
        }
        count.set(count.get().saturating_add(1));
    }

    /// Takes in an error that needs no more than a message.
    pub(crate) fn error(&self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// Takes in the error that a value is of another type than expected. `place` names the
    /// value, `expected` says what may stand there: "a string".
    pub(crate) fn wrong_type(&self, node: &Node<'_>, place: &str, expected: &str) {
        let found = match &node.value {
            Value::Integer(text) | Value::Float(text) => format!("the number `{text}`"),
            Value::Boolean(value) => format!("`{value}`"),
            Value::Date(text) => format!("the date `{text}`"),
            Value::Array(nodes) if nodes.is_empty() => "an empty array".to_owned(),
            other => other.kind().to_owned(),
        };
        let message = format!("{place}: expected {expected}, found {found}");
        self.error(Code::WrongType, node.span, message);
    }

    /// How many errors there are so far; to tell whether a stage went well.
    pub(crate) fn error_count(&self) -> usize {
        self.errors.get()
    }

    /// Whether no further errors are kept, so that none needs to be worked out.
    pub(crate) fn is_full(&self) -> bool {
        self.errors.get() > self.repeated.get().saturating_add(KEPT)
    }

    /// The problems in the order of the files, each with its text.
    pub(crate) fn finish(self, sources: &SourceMap) -> Diagnostics {
        let list = self.list.into_inner();
        let found = self.errors.get().saturating_add(self.warnings.get());
        let omitted = found
            .saturating_sub(self.repeated.get())
            .saturating_sub(list.len());
        Diagnostics::resolve(list, omitted, sources)
    }
}
