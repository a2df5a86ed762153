//! The files that were read, and where in them a byte stands.

use std::sync::Arc;

/// The byte order mark that some editors put before UTF-8 text.
pub(crate) const BOM: char = '\u{feff}';

/// A file's text, able to tell the line and column of a byte.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    name: String,
    text: String,
    /// Where each line starts; the first entry is 0.
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// A file under the name that the user gave it. A byte order mark at the start is
    /// dropped, so it counts neither in offsets nor in columns.
    pub(crate) fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with(BOM) {
            text.remove(0);
        }
        let after_breaks = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Self {
            name: name.into(),
            text,
            line_starts,
        }
    }

    /// The name as the user gave it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How many lines the text has.
    pub(crate) fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The text from byte `start` to before byte `end`; empty if they are not within it.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The line and the column of a byte, both from 1; columns count characters. A byte
    /// of a line's end, or past it, stands in the column after the line's last character.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let before = self.split_line(line, offset).0;
        (line, before.chars().count().saturating_add(1))
    }

    /// A line's text without its end; lines count from 1.
    pub(crate) fn line(&self, line: usize) -> &str {
        let start = self.line_start(line);
        let end = self.line_starts.get(line).copied();
        let text = self.slice(start, end.unwrap_or(self.text.len()));
        let text = text.strip_suffix('\n').unwrap_or(text);
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// A line's text before and from a byte of the file.
    pub(crate) fn split_line(&self, line: usize, offset: usize) -> (&str, &str) {
        let text = self.line(line);
        let mut at = offset.saturating_sub(self.line_start(line)).min(text.len());
        while !text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        text.split_at_checked(at).unwrap_or((text, ""))
    }

    /// Where a line starts; lines count from 1.
    pub(crate) fn line_start(&self, line: usize) -> usize {
        let index = line.saturating_sub(1);
        self.line_starts.get(index).copied().unwrap_or(0)
    }
}

/// Which of the files in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FileId(u32);

/// The files of one load, in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// No files.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes in a file.
    pub(crate) fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(file));
        id
    }

    /// The id of the file that was read as number `index`, from 0.
    pub(crate) fn nth(&self, index: usize) -> Option<FileId> {
        let id = FileId(u32::try_from(index).ok()?);
        self.get(id).map(|_| id)
    }

    /// The file of an id that this map gave out.
    pub(crate) fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(usize::try_from(id.0).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("a", "一二三\nx");
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(6), (1, 3));
        assert_eq!(file.position(7), (1, 3), "inside a character");
        assert_eq!(file.position(9), (1, 4), "the line's end");
        assert_eq!(file.position(10), (2, 1));
        assert_eq!(file.position(11), (2, 2), "the end of the file");
        assert_eq!(file.position(99), (2, 2), "past the end");
    }

    #[test]
    fn a_byte_order_mark_does_not_count() {
        let file = SourceFile::new("a", "\u{feff}ab");
        assert_eq!(file.line(1), "ab");
        assert_eq!(file.position(1), (1, 2));
    }

    #[test]
    fn crlf_is_one_line_end() {
        let file = SourceFile::new("a", "ab\r\n\r\ncd\r\n");
        assert_eq!(file.line(1), "ab");
        assert_eq!(file.position(2), (1, 3));
        assert_eq!(file.position(3), (1, 3));
        assert_eq!(file.position(4), (2, 1));
        assert_eq!(file.position(6), (3, 1));
        assert_eq!(file.line(3), "cd");
        assert_eq!(file.position(10), (4, 1));
        assert_eq!(file.line(4), "");
    }

    #[test]
    fn an_empty_file_has_one_line() {
        let file = SourceFile::new("a", "");
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.line(1), "");
    }
}
