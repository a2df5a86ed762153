//! A stretch of a file's text.

use std::ops::Range;

use super::source::FileId;

/// A stretch of the text of one file, in bytes of that text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Span {
    /// The file.
    pub(crate) file: FileId,
    /// The first byte.
    pub(crate) start: u32,
    /// The byte after the last.
    pub(crate) end: u32,
}

impl Span {
    /// The stretch `range` of `file`. Files are far smaller than 4 GiB, so nothing is cut.
    pub(crate) fn new(file: FileId, range: Range<usize>) -> Self {
        let offset = |bytes| u32::try_from(bytes).unwrap_or(u32::MAX);
        Self {
            file,
            start: offset(range.start),
            end: offset(range.end.max(range.start)),
        }
    }

    /// The empty stretch at the start of `file`.
    pub(crate) fn start_of(file: FileId) -> Self {
        Self::new(file, 0..0)
    }
}
