//! Rows of cells, whichever way they come: from a delimited file or from a table in the program. And the
//! [`RowPlace`] of a cell, so that a report can point at it.

use super::cell::{self, Cell};
use crate::diagnostic::{Diagnostic, Excerpt};
use crate::source::Span;

/// A source of rows of texts. The first row is the header.
pub(super) trait Rows {
    /// Goes to the next row; `false` at the end. After an error there is no next row.
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>>;
    /// How many cells the current row has.
    fn width(&self) -> usize;
    /// A cell of the current row, without the blanks around it.
    fn cell(&self, column: usize) -> &[u8];
    /// Whether a cell of the current row stands in quotes.
    fn is_quoted(&self, _column: usize) -> bool {
        false
    }
    /// What a cell of the current row says. A cell in quotes is a text or a number, and missing only where it is empty.
    #[inline]
    fn read(&self, column: usize) -> Cell {
        let text = self.cell(column);
        match cell::read(text) {
            Cell::Missing if !text.is_empty() && self.is_quoted(column) => Cell::Text,
            other @ (Cell::Number(_) | Cell::Missing | Cell::Infinite | Cell::Text) => other,
        }
    }
    /// Whether a cell of the current row holds nothing.
    fn is_missing(&self, column: usize) -> bool {
        let text = self.cell(column);
        cell::is_missing(text) && (text.is_empty() || !self.is_quoted(column))
    }
    /// Whether a column holds dates.
    fn is_date(&self, _column: usize) -> bool {
        false
    }
    /// The current row as it stands in its file, if it comes from one.
    fn line(&self) -> Option<Line<'_>> {
        None
    }
    /// Where a cell of the current row (or the whole row) stands.
    fn place(&self, column: Option<usize>, label: String) -> RowPlace;
    /// Remembers the current place, to [`Self::rewind`] to.
    fn hold(&mut self);
    /// Whether more than a few megabytes are being remembered.
    fn is_full(&self) -> bool;
    /// Goes back to where [`Self::hold`] was called.
    fn rewind(&mut self);
    /// The next lines as they stand, if they are whole, hold no quote, and are no more than `most`; and what separates
    /// their cells. They are still to come: see [`Self::pass`].
    fn block(&mut self, _most: usize) -> Result<Option<(&[u8], u8)>, Box<Diagnostic>> {
        Ok(None)
    }
    /// Passes over the first bytes of a block, which are so many lines.
    fn pass(&mut self, _bytes: usize, _lines: usize) {}
}

/// A row as it stands in its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'r> {
    /// The number of its first line, from 1.
    pub(super) number: usize,
    /// Its text, line breaks in quotes included, without the last.
    pub(super) text: &'r [u8],
    /// What is read as separating cells.
    pub(super) separator: u8,
}

/// A place in the data.
#[derive(Clone, Debug)]
pub(super) enum RowPlace {
    /// In a file.
    File(Excerpt),
    /// In the program's own table.
    Program(Span, String),
}

impl RowPlace {
    /// Marks the place in a report: a first place in the program is the report's own, further ones stand beside it.
    pub(super) fn mark(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::File(excerpt) => diagnostic.quoting(excerpt),
            Self::Program(span, label) if diagnostic.primary.is_some() => diagnostic.and(span, label),
            Self::Program(span, label) => diagnostic.at(span, label),
        }
    }
}
