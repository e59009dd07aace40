//! [`Filled`]: which cells were missing and are filled in, for those who look at a single row.

use super::raw::Raw;

/// Cells that were missing and are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    columns: usize,
    /// A bit for each cell of each row, up to the last that was missing.
    bits: Vec<u64>,
}

impl Filled {
    /// The missing cells of these rows.
    pub(super) fn of(raw: &Raw) -> Self {
        let mut filled = Self { columns: raw.width(), bits: Vec::new() };
        let mut at = 0;
        raw.each(|row| {
            for value in row {
                if value.is_nan() {
                    filled.mark(at);
                }
                at += 1;
            }
        });
        filled
    }

    fn mark(&mut self, cell: usize) {
        if self.bits.len() <= cell / 64 {
            self.bits.resize(cell / 64 + 1, 0);
        }
        self.bits[cell / 64] |= 1 << (cell % 64);
    }

    /// Whether a cell is one of them. `column` counts the columns that are inputs.
    pub fn has(&self, row: usize, column: usize) -> bool {
        let cell = row * self.columns + column;
        column < self.columns && self.bits.get(cell / 64).is_some_and(|word| word >> (cell % 64) & 1 == 1)
    }

    /// Takes over those of other rows, which stand from `first` on.
    pub(super) fn join(&mut self, other: &Self, first: usize) {
        self.columns = self.columns.max(other.columns);
        for (at, &word) in other.bits.iter().enumerate().filter(|(_, word)| **word != 0) {
            for bit in (0..64).filter(|bit| word >> bit & 1 == 1) {
                self.mark(first * self.columns + at * 64 + bit);
            }
        }
    }
}
