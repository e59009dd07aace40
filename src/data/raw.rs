//! [`Raw`]: cells as they were read, columns × rows, before anything is learnt from them: numbers in f64 whatever the
//! run's precision, categories by their number. Kept in blocks that are let go one by one while rows are prepared, so
//! that the raw and the prepared matrix are never both whole in memory.

/// Bytes of a block, about: so many that the allocator asks the system for each by itself, and gives it back at once.
const BLOCK: usize = 34 << 20;

/// Rows of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Raw {
    width: usize,
    rows: usize,
    /// log₂ of the rows in a block.
    shift: u32,
    /// columns × 2^shift rows each, the last one with what is left.
    blocks: Vec<Vec<f64>>,
}

impl Raw {
    /// No rows yet, of so many columns.
    pub(super) fn new(width: usize) -> Self {
        let rows = BLOCK.div_ceil(size_of::<f64>() * width.max(1)).next_power_of_two();
        Self { width, shift: rows.trailing_zeros(), ..Self::default() }
    }

    /// Columns.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whole rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// All cells.
    pub(super) fn len(&self) -> usize {
        self.rows * self.width
    }

    /// Adds whole rows. cells: columns × rows.
    pub(super) fn extend(&mut self, mut cells: &[f64]) {
        if self.width == 0 {
            return;
        }
        while !cells.is_empty() {
            let full = self.width << self.shift;
            if self.blocks.last().is_none_or(|block| block.len() == full) {
                // Memory that is not written to costs nothing.
                self.blocks.push(Vec::with_capacity(full));
            }
            let Some(block) = self.blocks.last_mut() else { return };
            let (now, later) = cells.split_at(cells.len().min(full - block.len()));
            block.extend_from_slice(now);
            self.rows += now.len() / self.width;
            cells = later;
        }
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.rows = 0;
    }

    /// One row.
    #[inline]
    pub(super) fn row(&self, row: u32) -> &[f64] {
        let (block, at) = self.place(row);
        &self.blocks[block][at * self.width..][..self.width]
    }

    /// All rows in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &[f64]> {
        self.blocks.iter().flat_map(|block| block.chunks_exact(self.width))
    }

    /// One cell.
    #[inline]
    pub(super) fn get(&self, row: u32, column: usize) -> f64 {
        let (block, at) = self.place(row);
        self.blocks[block][at * self.width + column]
    }

    /// Changes each cell of a column.
    pub(super) fn change(&mut self, column: usize, mut change: impl FnMut(&mut f64)) {
        let width = self.width;
        for block in &mut self.blocks {
            block.iter_mut().skip(column).step_by(width).for_each(&mut change);
        }
    }

    #[inline]
    fn place(&self, row: u32) -> (usize, usize) {
        let row = row as usize;
        (row >> self.shift, row & ((1 << self.shift) - 1))
    }

    /// Takes the last column out.
    pub(super) fn take_last(&mut self) -> Vec<f64> {
        let Some(last) = self.width.checked_sub(1) else { return Vec::new() };
        let taken = self.all().map(|row| row[last]).collect();
        for block in &mut self.blocks {
            let mut at = 0;
            block.retain(|_| {
                at += 1;
                at % self.width != 0
            });
        }
        self.width = last;
        taken
    }

    /// Hands over every row in order, and lets go of those that are done with.
    pub(super) fn consume(self, mut take: impl FnMut(&[f64])) {
        for block in self.blocks {
            block.chunks_exact(self.width).for_each(&mut take);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_in_order_across_blocks() {
        let mut raw = Raw { width: 3, shift: 13, ..Raw::default() };
        let cells: Vec<f64> = (0..3 * 20_000).map(f64::from).collect();
        for part in cells.chunks(3 * 777) {
            raw.extend(part);
        }
        assert_eq!((raw.rows(), raw.len()), (20_000, 60_000));
        assert_eq!((raw.row(8192), raw.get(19_999, 2)), (&cells[3 * 8192..][..3], 59_999.0));
        raw.change(1, |x| *x = -*x);
        assert_eq!(raw.row(8191), [24_573.0, -24_574.0, 24_575.0]);
        let last = raw.take_last();
        assert_eq!((last.len(), last[8192], raw.len()), (20_000, cells[3 * 8192 + 2], 40_000));
        let mut seen = 0;
        raw.consume(|row| {
            assert_eq!(row, [f64::from(seen) * 3.0, -f64::from(seen) * 3.0 - 1.0]);
            seen += 1;
        });
        assert_eq!(seen, 20_000);
    }
}
