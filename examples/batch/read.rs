//! From the bytes of the input to what is settled as one: a line of JSON Lines, or the rows of one bill.
//!
//! Never more than a chunk is held, and never more than [`MOST_BYTES`] of one line or bill.

use super::csv::{Columns, Rows};
use std::io::{self, BufRead, Read as _};

/// What is kept of a line, or of the rows of one bill: 16 MiB. What is longer is rejected.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// One bill's text.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    /// The number of its first line, from 1.
    pub(crate) line: u64,
    /// Where it starts in the input, and how many bytes it has there without the last line's end.
    pub(crate) offset: u64,
    pub(crate) length: u64,
    /// Its lines, without the last one's end; the beginning where `is_cut`.
    pub(crate) text: Vec<u8>,
    pub(crate) is_cut: bool,
    /// The number of a line beside it that may belong to it: one that does not say whose it is.
    pub(crate) doubt: Option<u64>,
    /// Blank lines behind it.
    blank: u64,
}

impl Unit {
    fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }

    /// Takes in the next row of the same bill.
    fn append(&mut self, row: &Unit) {
        self.length = (row.offset + row.length).saturating_sub(self.offset);
        if self.is_cut || row.is_cut || self.text.len() + row.text.len() > MOST_BYTES {
            self.is_cut = true;
            return;
        }
        // Blank lines are kept, so that rows keep their numbers.
        self.text.extend((0..=self.blank).map(|_| b'\n'));
        self.text.extend_from_slice(&row.text);
        self.blank = 0;
    }
}

/// Reads units in order.
pub(crate) struct Reader<'a> {
    input: Box<dyn BufRead + Send + 'a>,
    /// Lines and bytes read so far.
    line: u64,
    offset: u64,
    csv: Option<Table>,
}

/// What there is to know of a CSV file while it is read.
struct Table {
    columns: Columns,
    rows: Rows,
    /// The bill whose rows are being read, and its id if it can be told.
    current: Option<(Option<Vec<u8>>, Unit)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn json_lines(input: Box<dyn BufRead + Send + 'a>) -> Reader<'a> {
        Reader {
            input,
            line: 0,
            offset: 0,
            csv: None,
        }
    }

    /// Reads the header of a CSV file; an empty file has none and needs none.
    pub(crate) fn csv(input: Box<dyn BufRead + Send + 'a>) -> Result<Reader<'a>, String> {
        let mut reader = Reader::json_lines(input);
        while let Some(header) = reader.next_line().map_err(|error| error.to_string())? {
            if header.is_blank() {
                continue;
            }
            let mut rows = Rows::default();
            let columns = Columns::parse(&mut rows, &header.text)
                .map_err(|problem| format!("line {}: {problem}", header.line))?;
            reader.csv = Some(Table {
                columns,
                rows,
                current: None,
            });
            break;
        }
        Ok(reader)
    }

    /// The columns of a CSV file.
    pub(crate) fn columns(&self) -> Option<&Columns> {
        self.csv.as_ref().map(|table| &table.columns)
    }

    /// How many bytes have been read.
    pub(crate) fn bytes(&self) -> u64 {
        self.offset
    }

    /// The next units: at most so many, and fewer where they are large; none at the end.
    pub(crate) fn chunk(&mut self, most: usize) -> io::Result<Vec<Unit>> {
        let mut units = Vec::new();
        let mut bytes = 0;
        while units.len() < most && bytes < MOST_BYTES {
            let unit = match self.csv {
                None => self.json_line()?,
                Some(_) => self.csv_bill()?,
            };
            let Some(unit) = unit else { break };
            bytes += unit.text.len();
            units.push(unit);
        }
        Ok(units)
    }

    fn json_line(&mut self) -> io::Result<Option<Unit>> {
        loop {
            match self.next_line()? {
                Some(line) if line.is_blank() => {}
                line => return Ok(line),
            }
        }
    }

    /// The consecutive rows with the same id. A row that does not say whose it is stands alone, and casts doubt on the
    /// bills on both sides: without it they might be settled for too little.
    fn csv_bill(&mut self) -> io::Result<Option<Unit>> {
        loop {
            let row = self.next_line()?;
            let Some(Table {
                columns,
                rows,
                current,
            }) = &mut self.csv
            else {
                return Ok(None);
            };
            let Some(mut row) = row else {
                return Ok(current.take().map(|(_, bill)| bill));
            };
            if row.is_blank() {
                if let Some((_, bill)) = current {
                    bill.blank += 1;
                }
                continue;
            }
            let id = columns.bill_id(rows, &row.text);
            let Some((known, bill)) = current else {
                *current = Some((id, row));
                continue;
            };
            if id.is_some() && id == *known {
                bill.append(&row);
                continue;
            }
            if known.is_none() {
                row.doubt = Some(bill.line);
            }
            if id.is_none() {
                bill.doubt = bill.doubt.or(Some(row.line));
            }
            let done = current.replace((id, row));
            return Ok(done.map(|(_, bill)| bill));
        }
    }

    /// The next line of the input without its end, blank or not.
    fn next_line(&mut self) -> io::Result<Option<Unit>> {
        let mut text = Vec::new();
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
        let mut length = (&mut self.input).take(most).read_until(b'\n', &mut text)?;
        if length == 0 {
            return Ok(None);
        }
        let is_cut = length == MOST_BYTES && text.last() != Some(&b'\n') && {
            let rest = skip_line(&mut self.input)?;
            length += rest;
            rest > 0
        };
        let (offset, read) = (self.offset, u64::try_from(length).unwrap_or(u64::MAX));
        self.offset += read;
        self.line += 1;
        let full = text.len();
        if text.last() == Some(&b'\n') {
            text.pop();
            if text.last() == Some(&b'\r') {
                text.pop();
            }
        }
        let ending = full - text.len();
        let mark = match self.line {
            1 if text.starts_with(b"\xef\xbb\xbf") => 3,
            _ => 0,
        };
        text.drain(..mark);
        let outside = u64::try_from(ending + mark).unwrap_or(0);
        Ok(Some(Unit {
            line: self.line,
            offset: offset + u64::try_from(mark).unwrap_or(0),
            length: read.saturating_sub(outside),
            text,
            is_cut,
            ..Unit::default()
        }))
    }
}

/// Skips to the end of the line; how many bytes that were.
fn skip_line(input: &mut dyn BufRead) -> io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(buffer.len(), |end| end + 1);
        input.consume(count);
        skipped += count;
        if end.is_some() || count == 0 {
            return Ok(skipped);
        }
    }
}
