//! Text and places in it: [`Source`] is one `.nn` file, [`Span`] a range of its bytes.
//!
//! Spans carry no text and no file: they are two integers that survive into the IR and the training
//! loop. The text is attached once, when a report is rendered. Not for data files, which are never
//! held whole: places in those are [`crate::diagnostic::Excerpt`]s.

use std::fmt;

/// A half-open range of bytes in the one `.nn` file at hand. Always on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The empty range at `at`.
    pub const fn at(at: usize) -> Self {
        Self::new(at, at)
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies within this range.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range of `usize`, to slice text with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A value and the place where the user wrote it; `span` is `None` for a default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written, if it was.
    pub span: Option<Span>,
}

impl<T> Spanned<T> {
    /// A value that the user wrote at `span`.
    pub const fn written(value: T, span: Span) -> Self {
        Self { value, span: Some(span) }
    }

    /// A value that was filled in.
    pub const fn default(value: T) -> Self {
        Self { value, span: None }
    }
}

/// One `.nn` file: its name as reports show it, its text, and where its lines start.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: Vec<u32>,
}

/// A place as people count it: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Text with the characters that a terminal, a log or a reader would obey or not see written as escapes (`\n`,
/// `\u{1b}`): what came from data or a file goes through here before people see it.
pub fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out.into()
}

/// Whether a character moves the cursor, rings the bell, turns the direction of writing, or is not seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl Source {
    /// Takes `text` as the file called `name`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self { name: name.into(), text, lines }
    }

    /// The name that reports show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`, clamped to the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset, clamped to the file and to a character's start.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|&start| start as usize <= offset);
        let start = self.lines[line - 1] as usize;
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The bytes of a line (from 1) without its line break; empty past the end.
    pub fn line_span(&self, line: usize) -> Span {
        let Some(&start) = line.checked_sub(1).and_then(|l| self.lines.get(l)) else {
            return Span::at(self.text.len());
        };
        let end = self.lines.get(line).map_or(self.text.len(), |&next| next as usize - 1);
        let end = if self.text[start as usize..end].ends_with('\r') { end - 1 } else { end };
        Span::new(start as usize, end)
    }

    /// How many lines the file has (at least one).
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_clamp() {
        let s = Source::new("a.nn", "é = 1\r\nb");
        assert_eq!(s.position(3), Position { line: 1, column: 3 });
        assert_eq!(s.position(1), Position { line: 1, column: 1 }, "inside é");
        assert_eq!(s.position(8), Position { line: 2, column: 1 });
        assert_eq!(s.position(999), Position { line: 2, column: 2 });
        assert_eq!(s.slice(s.line_span(1)), "é = 1");
        assert_eq!(s.slice(s.line_span(2)), "b");
        assert_eq!(s.slice(s.line_span(3)), "");
    }
}
