//! Text whose cells are separated by one character, plain or gzip, read as a stream: quoted fields with doubled
//! quotes and line breaks inside, LF and CRLF, a byte order mark. Blank lines are passed over. Not for what the cells
//! mean.
//!
//! Written out rather than taken from the `csv` crate because a report must show a line as it stands in the
//! file, with its own quotes, and because the first rows are read twice (once to see which columns hold
//! numbers). The tests hold it to that crate's reading.
//!
//! A separator of one blank stands for any number of blanks and tabs, as in files that are set in columns.

use std::io::{ErrorKind, Read};

use super::cell::trim;
use super::excerpt::excerpt;
use super::files::{unpacked, unreadable};
use super::rows::{Line, RowPlace, Rows};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::dialect::Dialect;

/// Bytes read at a time.
const CHUNK: usize = 1 << 18;
/// The separator that stands for any number of blanks.
const BLANK: u8 = b' ';
/// A longer record is taken for a quote that is never closed.
const LONGEST: usize = 1 << 24;
/// Bytes of a block of plain lines.
const BLOCK: usize = 1 << 22;
/// Bytes remembered while the first rows are looked at.
const HELD: usize = 1 << 23;

/// A stream of records.
pub(super) struct Delimited {
    path: String,
    input: Box<dyn Read>,
    delimiter: u8,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are filled.
    filled: usize,
    /// Nothing more comes.
    ended: bool,
    /// Where the next record starts, and its line.
    next: Mark,
    held: Option<Mark>,
    record: Record,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    line: usize,
}

/// The current record.
#[derive(Default)]
struct Record {
    line: usize,
    start: usize,
    end: usize,
    /// Where each field's bytes start and end in the buffer, quotes included.
    fields: Vec<(usize, usize)>,
    /// The fields that have quotes, and where each one's text stands in `texts`.
    quoted: Vec<(usize, std::ops::Range<usize>)>,
    /// Texts without their quotes.
    texts: Vec<u8>,
}

/// What looking for a record's end came to.
enum Scan {
    /// It ends here; the next starts there.
    Done { end: usize, next: usize },
    /// The buffer ends first, outside quotes or within.
    Short { quoted: bool },
}

impl Delimited {
    /// A stream over the file `path`, past the lines that the dialect skips.
    pub(super) fn open(path: &str, files: &dyn super::Files, dialect: &Dialect) -> Result<Self, Box<Diagnostic>> {
        let input = files.open(path).and_then(unpacked).map_err(|e| unreadable(path, &e))?;
        let mut rows = Self {
            path: path.to_owned(),
            input,
            delimiter: dialect.separator.unwrap_or_else(|| usual(path)),
            buffer: vec![0; CHUNK],
            filled: 0,
            ended: false,
            next: Mark { at: 0, line: 1 },
            held: None,
            record: Record::default(),
        };
        rows.start()?;
        for _ in 0..dialect.skip_lines {
            rows.skip()?;
            // There may be far more lines to skip than the file has.
            if rows.ended && rows.next.at == rows.filled {
                break;
            }
        }
        Ok(rows)
    }

    /// Looks at the first bytes: a mark to pass over, or a file that is no such text.
    fn start(&mut self) -> Result<(), Box<Diagnostic>> {
        while self.filled < 4 && !self.ended {
            self.fill()?;
        }
        let kind = match &self.buffer[..self.filled] {
            [0xef, 0xbb, 0xbf, ..] => {
                self.next.at = 3;
                return Ok(());
            }
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16 text",
            [0x1f, 0x8b, ..] => "a gzip archive in a gzip archive",
            [b'P', b'K', 3, 4, ..] => "a zip archive or a spreadsheet",
            _ => return Ok(()),
        };
        Err(Diagnostic::error(codes::DATA_FORMAT, format!("`{}` is {kind}, not UTF-8 text", self.path))
            .help("save it as CSV in UTF-8")
            .into())
    }

    /// Passes over one line, whatever is in it.
    fn skip(&mut self) -> Result<(), Box<Diagnostic>> {
        loop {
            match self.buffer[self.next.at..self.filled].iter().position(|&b| b == b'\n') {
                Some(length) => {
                    self.next = Mark { at: self.next.at + length + 1, line: self.next.line + 1 };
                    return Ok(());
                }
                None if self.ended => {
                    self.next.at = self.filled;
                    return Ok(());
                }
                None => {
                    if self.filled - self.next.at > LONGEST {
                        return Err(too_long(&self.path, self.next.line));
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Reads more, making room first. What lies before the next record and the held place is let go.
    fn fill(&mut self) -> Result<(), Box<Diagnostic>> {
        let keep = self.held.map_or(self.next.at, |held| held.at);
        if keep > 0 {
            self.buffer.copy_within(keep..self.filled, 0);
            self.filled -= keep;
            self.next.at -= keep;
            if let Some(held) = &mut self.held {
                held.at -= keep;
            }
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(count) => {
                    self.filled += count;
                    self.ended = count == 0;
                    return Ok(());
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(unreadable(&self.path, &e)),
            }
        }
    }

    /// Finds the record that starts at `next`.
    fn scan(&mut self) -> Scan {
        let Self { buffer, filled, delimiter, ended, record, next, .. } = self;
        let (bytes, delimiter) = (&buffer[..*filled], *delimiter);
        record.fields.clear();
        record.quoted.clear();
        record.texts.clear();
        let mut at = if delimiter == BLANK { past_blanks(bytes, next.at) } else { next.at };
        loop {
            let start = at;
            let mut text = None;
            if bytes.get(at) == Some(&b'"') {
                text = Some(record.texts.len());
                match unquote(bytes, at + 1, *ended, &mut record.texts) {
                    Some(after) => at = after,
                    None => return Scan::Short { quoted: true },
                }
            }
            let stop = if delimiter == BLANK { find_blank(bytes, at) } else { find(bytes, at, delimiter) };
            let (stop, mut last) = match stop {
                Some(stop) => (stop, bytes[stop] == b'\n'),
                None if *ended => (bytes.len(), true),
                None => return Scan::Short { quoted: false },
            };
            let carriage = last && stop > start && bytes[stop - 1] == b'\r';
            let end = stop - usize::from(carriage);
            if let Some(from) = text {
                record.texts.extend_from_slice(&bytes[at.min(end)..end]);
                record.quoted.push((record.fields.len(), from..record.texts.len()));
            }
            record.fields.push((start, end));
            at = (stop + 1).min(bytes.len());
            if delimiter == BLANK && !last {
                // Blanks at a line's end separate nothing.
                at = past_blanks(bytes, at);
                match &bytes[at..] {
                    [] | [b'\r'] if !*ended => return Scan::Short { quoted: false },
                    [] | [b'\r'] => (last, at) = (true, bytes.len()),
                    [b'\n', ..] => (last, at) = (true, at + 1),
                    [b'\r', b'\n', ..] => (last, at) = (true, at + 2),
                    _ => {}
                }
            }
            if last {
                return Scan::Done { end, next: at };
            }
        }
    }

    fn unclosed(&self) -> Box<Diagnostic> {
        let line = &self.buffer[self.next.at..self.filled];
        let line = &line[..line.iter().position(|&b| b == b'\n').unwrap_or(line.len())];
        let at = self.record.fields.last().map_or(0, |f| (f.1 + 1).saturating_sub(self.next.at)).min(line.len());
        let label = "this quote has no end".to_owned();
        let shown = excerpt(&self.path, self.next.line, line, at, (at + 1).min(line.len()), label);
        let text = format!("a quote opened in line {} of `{}` is never closed", self.next.line, self.path);
        Diagnostic::error(codes::DATA_FORMAT, text).quoting(shown).into()
    }
}

/// What separates the cells of a file where nothing is said: a tab where it is called `.tsv`, else a comma.
pub(super) fn usual(path: &str) -> u8 {
    let lower = path.to_ascii_lowercase();
    let extension = lower.strip_suffix(".gz").unwrap_or(&lower).rsplit_once('.').map(|(_, extension)| extension);
    if extension == Some("tsv") { b'\t' } else { b',' }
}

/// Where something other than blanks and tabs stands, from `at` on.
fn past_blanks(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(bytes.len() - at)
}

/// The first blank, tab or line break from `at` on.
fn find_blank(bytes: &[u8], at: usize) -> Option<usize> {
    bytes[at..].iter().position(|b| matches!(b, b' ' | b'\t' | b'\n')).map(|n| at + n)
}

/// The first delimiter or line break from `at` on. Looks at sixteen bytes at a time, more than most cells have: a
/// byte of a word is 0 where the lowest bit flagged below is set (flags above the lowest may be wrong, and are not
/// looked at).
#[inline]
pub(super) fn find(bytes: &[u8], mut at: usize, delimiter: u8) -> Option<usize> {
    const ONES: u128 = u128::from_le_bytes([1; 16]);
    let zero = |word: u128| word.wrapping_sub(ONES) & !word & (ONES << 7);
    while let Some(&sixteen) = bytes[at..].first_chunk::<16>() {
        let word = u128::from_le_bytes(sixteen);
        let found = zero(word ^ (ONES * u128::from(delimiter))) | zero(word ^ (ONES * u128::from(b'\n')));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 16;
    }
    bytes[at..].iter().position(|&b| b == delimiter || b == b'\n').map(|n| at + n)
}

/// Copies a quoted text that starts at `at` into `text`; where it ends, past its closing quote.
fn unquote(bytes: &[u8], mut at: usize, ended: bool, text: &mut Vec<u8>) -> Option<usize> {
    loop {
        let quote = at + bytes[at..].iter().position(|&b| b == b'"')?;
        text.extend_from_slice(&bytes[at..quote]);
        match bytes.get(quote + 1) {
            Some(b'"') => {
                text.push(b'"');
                at = quote + 2;
            }
            None if !ended => return None,
            _ => return Some(quote + 1),
        }
    }
}

impl Rows for Delimited {
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>> {
        loop {
            match self.scan() {
                Scan::Done { end, next } => {
                    let start = self.next.at;
                    if start >= self.filled {
                        return Ok(false);
                    }
                    let quoted = !self.record.quoted.is_empty();
                    let inner = if quoted { breaks(&self.buffer[start..end]) } else { 0 };
                    (self.record.line, self.record.start, self.record.end) = (self.next.line, start, end);
                    self.next = Mark { at: next, line: self.next.line + inner + 1 };
                    let is_blank = |b: u8| b == b' ' || (b == b'\t' && self.delimiter == BLANK);
                    let blank = start >= end || self.buffer[start..end].iter().all(|&b| is_blank(b));
                    if !blank {
                        return Ok(true);
                    }
                }
                Scan::Short { quoted: true } if self.ended => return Err(self.unclosed()),
                Scan::Short { quoted } => {
                    if self.filled - self.next.at > LONGEST {
                        return Err(if quoted { self.unclosed() } else { too_long(&self.path, self.next.line) });
                    }
                    self.fill()?;
                }
            }
        }
    }

    fn width(&self) -> usize {
        self.record.fields.len()
    }

    fn cell(&self, column: usize) -> &[u8] {
        let (start, end) = self.record.fields[column];
        let quoted = self.record.quoted.binary_search_by_key(&column, |(field, _)| *field);
        trim(match quoted {
            Err(_) => &self.buffer[start..end],
            Ok(at) => &self.record.texts[self.record.quoted[at].1.clone()],
        })
    }

    fn is_quoted(&self, column: usize) -> bool {
        self.record.quoted.binary_search_by_key(&column, |(field, _)| *field).is_ok()
    }

    fn line(&self) -> Option<Line<'_>> {
        let Record { line, start, end, .. } = self.record;
        Some(Line { number: line, text: &self.buffer[start..end], separator: self.delimiter })
    }

    fn place(&self, column: Option<usize>, label: String) -> RowPlace {
        let record = &self.record;
        let bytes = &self.buffer[record.start..record.end];
        let field = column.and_then(|c| record.fields.get(c));
        let (start, end) = field.map_or((0, bytes.len()), |f| (f.0 - record.start, f.1 - record.start));
        // A quoted field may hold line breaks: the line that the cell starts on is shown.
        let line_start = bytes[..start].iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let line_end = bytes[start..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |at| start + at);
        let number = record.line + breaks(&bytes[..line_start]);
        let line = &bytes[line_start..line_end];
        let end = end.min(line_end);
        RowPlace::File(excerpt(&self.path, number, line, start - line_start, end - line_start, label))
    }

    fn hold(&mut self) {
        self.held = Some(self.next);
    }

    fn is_full(&self) -> bool {
        self.held.is_some_and(|held| self.next.at - held.at > HELD)
    }

    fn rewind(&mut self) {
        if let Some(held) = self.held.take() {
            self.next = held;
        }
    }

    fn block(&mut self, most: usize) -> Result<Option<(&[u8], u8)>, Box<Diagnostic>> {
        if self.delimiter == BLANK {
            return Ok(None);
        }
        if self.filled - self.next.at < BLOCK / 4 {
            while self.filled - self.next.at < BLOCK && !self.ended {
                self.fill()?;
            }
        }
        let bytes = &self.buffer[self.next.at..self.filled];
        let bytes = &bytes[..bytes.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1)];
        let bytes = &bytes[..line_ends(bytes, most)];
        Ok((!bytes.is_empty() && !bytes.contains(&b'"')).then_some((bytes, self.delimiter)))
    }

    fn pass(&mut self, bytes: usize, lines: usize) {
        self.next = Mark { at: self.next.at + bytes, line: self.next.line + lines };
    }
}

/// Where the first `most` lines end.
fn line_ends(bytes: &[u8], mut most: usize) -> usize {
    // No line is shorter than its break.
    if most >= bytes.len() {
        return bytes.len();
    }
    let mut at = 0;
    for part in bytes.chunks(1 << 12) {
        let lines: usize = part.iter().map(|&b| usize::from(b == b'\n')).sum();
        if lines >= most {
            let last = part.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(most.saturating_sub(1));
            return last.map_or(at, |(n, _)| at + n + 1);
        }
        most -= lines;
        at += part.len();
    }
    at
}

/// How many line breaks there are.
fn breaks(bytes: &[u8]) -> usize {
    bytes.split(|&b| b == b'\n').count() - 1
}

fn too_long(path: &str, line: usize) -> Box<Diagnostic> {
    let text = format!("line {line} of `{path}` is longer than {} megabytes", LONGEST >> 20);
    Diagnostic::error(codes::DATA_FORMAT, text).into()
}

#[cfg(test)]
mod tests;
