//! From the text of a file to a tree whose every value knows its place, and from
//! problems found in it to messages that show the place.
//!
//! [`parse()`] reads TOML into a [`Node`]; a [`Cursor`] reads the tables of that tree and
//! remembers which keys were asked for; whatever is wrong goes into a [`Sink`], which
//! becomes the [`Diagnostics`] that a caller sees.

mod cursor;
mod diagnostic;
mod hints;
mod node;
mod parse;
mod render;
mod sink;
mod source;
mod span;

pub(crate) use crate::suggest::suggest;
pub(crate) use cursor::Cursor;
#[cfg(test)]
pub(crate) use cursor::asked;
pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub(crate) use node::{Entry, Node, Table, Value};
pub(crate) use parse::parse;
pub(crate) use sink::Sink;
pub(crate) use source::{FileId, SourceFile, SourceMap};
pub(crate) use span::Span;
