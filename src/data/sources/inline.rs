//! Rows of a table in the program.

use super::Reader;
use crate::data::cell::trim;
use crate::data::dataset::Dataset;
use crate::data::loading::Loading;
use crate::data::rows::{RowPlace, Rows};
use crate::diagnostic::Diagnostic;
use crate::syntax::tree::{Cell, Table};
use crate::tensor::Real;

/// A table.
pub(super) struct InProgram<'t>(pub(super) &'t Table);

impl Reader for InProgram<'_> {
    fn load<R: Real>(self, loading: &mut Loading<'_>) -> Option<Dataset<R>> {
        loading.table(Inline::new(self.0), "the table", loading.spec)
    }
}

/// The rows of a table in the program.
struct Inline<'t> {
    table: &'t Table,
    /// The row to go to next.
    next: usize,
    held: usize,
}

impl<'t> Inline<'t> {
    fn new(table: &'t Table) -> Self {
        Self { table, next: 0, held: 0 }
    }

    fn current(&self) -> &'t [Cell] {
        self.next.checked_sub(1).and_then(|row| self.table.rows.get(row)).map_or(&[], Vec::as_slice)
    }
}

impl Rows for Inline<'_> {
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>> {
        let more = self.next < self.table.rows.len();
        self.next += usize::from(more);
        Ok(more)
    }

    fn width(&self) -> usize {
        self.current().len()
    }

    fn cell(&self, column: usize) -> &[u8] {
        trim(self.current()[column].text.as_bytes())
    }

    fn is_quoted(&self, column: usize) -> bool {
        let cell = &self.current()[column];
        cell.span.range().len() > cell.text.len()
    }

    fn place(&self, column: Option<usize>, label: String) -> RowPlace {
        let row = self.current();
        let whole = || match (row.first(), row.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.table.keyword,
        };
        let span = column.and_then(|c| row.get(c)).map_or_else(whole, |cell| cell.span);
        RowPlace::Program(span, label)
    }

    fn hold(&mut self) {
        self.held = self.next;
    }

    fn is_full(&self) -> bool {
        false
    }

    fn rewind(&mut self) {
        self.next = self.held;
    }
}

#[cfg(test)]
mod tests;
