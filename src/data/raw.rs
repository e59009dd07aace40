//! [`Raw`]: cells as they were read, columns × rows, before anything is learnt from them: numbers to the last bit
//! whatever the run's precision, categories by their number. Kept in blocks that are let go bit by bit while rows are
//! prepared, so that the raw and the prepared matrix are never both whole in memory.

use std::ops::Range;
use std::sync::Arc;

use super::cell_store::{CellStore, Layout, Row};

/// Bytes of a block's decimals, about: so many that the allocator asks the system for each by itself, and gives back at
/// once what is let go.
const BLOCK: usize = 34 << 20;
/// Rows that are let go at a time.
const STEP: usize = 1 << 14;
/// Cells that are read at once, about: as many as stay near the processor.
const TILE: usize = 512;

/// Rows of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Raw {
    width: usize,
    rows: usize,
    /// Rows that a block has room for.
    full: usize,
    blocks: Vec<CellStore>,
    /// The first row of each block.
    firsts: Vec<usize>,
}

impl Raw {
    /// No rows yet, of so many columns.
    pub(super) fn new(width: usize) -> Self {
        Self { width, full: BLOCK.div_ceil(size_of::<u32>() * width.max(1)), ..Self::default() }
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

    /// How the next row is kept.
    pub(super) fn layout(&self) -> Arc<Layout> {
        self.blocks.last().map_or_else(|| Arc::new(Layout::new(self.width)), |block| Arc::clone(block.layout()))
    }

    /// A block that takes rows of this layout, and how many it has room for. What a block holds is not written anew for
    /// another layout, for that would take it twice the memory: another block is begun.
    fn open(&mut self, layout: &Arc<Layout>) -> (&mut CellStore, usize) {
        let takes = |block: &mut CellStore| block.rows() < self.full && block.layout() == layout;
        if !self.blocks.last_mut().is_some_and(takes) {
            if let Some(last) = self.blocks.last_mut() {
                last.shrink();
            }
            self.blocks.push(CellStore::new(Arc::clone(layout), self.full));
            self.firsts.push(self.rows);
        }
        let last = self.blocks.len() - 1;
        let block = &mut self.blocks[last];
        let room = self.full - block.rows();
        (block, room)
    }

    /// Adds a row. Its cells may be written in another way afterwards.
    pub(super) fn push(&mut self, row: &mut Row) {
        if self.width > 0 {
            let layout = self.layout();
            self.open(&layout).0.push(row);
            self.rows += 1;
        }
    }

    /// Adds the first rows of a block.
    pub(super) fn extend(&mut self, from: &CellStore, rows: usize) {
        if self.width == 0 {
            return;
        }
        let layout = Arc::new(self.layout().with(from.layout()));
        let mut done = 0;
        while done < rows {
            let (block, room) = self.open(&layout);
            let count = room.min(rows - done);
            block.append(from, done..done + count);
            done += count;
            self.rows += count;
        }
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.firsts.clear();
        self.rows = 0;
    }

    /// Hands over every row in order.
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    pub(super) fn each(&self, mut take: impl FnMut(&[f64])) {
        let mut tile = Tile::new(self.width);
        for block in &self.blocks {
            for first in (0..block.rows()).step_by(tile.most) {
                tile.read(block, first..block.rows().min(first + tile.most));
                tile.rows().for_each(&mut take);
            }
        }
    }

    /// Hands over the rows asked for, faster where they ascend.
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    pub(super) fn pick(&self, rows: &[u32], mut take: impl FnMut(&[f64])) {
        let mut tile = Tile::new(self.width);
        // The rows in the tile, by their numbers.
        let mut held = 0..0;
        for &row in rows {
            if !held.contains(&row) {
                let (block, at) = self.place(row);
                let count = tile.most.min(self.blocks[block].rows() - at);
                tile.read(&self.blocks[block], at..at + count);
                held = row..row + count as u32;
            }
            take(tile.row((row - held.start) as usize));
        }
    }

    /// One cell.
    #[inline]
    pub(super) fn get(&self, row: u32, column: usize) -> f64 {
        let (block, at) = self.place(row);
        self.blocks[block].get(at, column)
    }

    /// A column's cells in order.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = f64> {
        self.blocks.iter().flat_map(move |block| (0..block.rows()).map(move |at| block.get(at, column)))
    }

    /// Changes each cell of a column.
    pub(super) fn change(&mut self, column: usize, change: impl Fn(f64) -> f64) {
        for block in &mut self.blocks {
            for at in 0..block.rows() {
                let value = change(block.get(at, column));
                block.set(at, column, value);
            }
        }
    }

    fn place(&self, row: u32) -> (usize, usize) {
        let block = self.firsts.partition_point(|&first| first <= row as usize).saturating_sub(1);
        (block, row as usize - self.firsts[block])
    }

    /// Takes the last column out.
    pub(super) fn take_last(&mut self) -> Vec<f64> {
        let Some(last) = self.width.checked_sub(1) else { return Vec::new() };
        let taken = self.column(last).collect();
        let mut kept = Self { width: last, full: self.full, ..Self::default() };
        let mut tile = Tile::new(self.width);
        let mut left = Row::new(last);
        for block in std::mem::take(&mut self.blocks) {
            for at in 0..block.rows() {
                tile.read(&block, at..at + 1);
                left.fill(tile.row(0)[..last].iter().copied());
                kept.push(&mut left);
            }
        }
        *self = kept;
        taken
    }

    /// Hands over every row with its place, the last ones first, and lets go of those that are done with.
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    pub(super) fn consume(mut self, mut take: impl FnMut(usize, &[f64])) {
        let mut tile = Tile::new(self.width);
        while let Some(mut block) = self.blocks.pop() {
            let first = self.firsts[self.blocks.len()];
            while block.rows() > 0 {
                let kept = block.rows().saturating_sub(STEP);
                for at in (kept..block.rows()).step_by(tile.most) {
                    tile.read(&block, at..block.rows().min(at + tile.most));
                    tile.rows().enumerate().for_each(|(n, row)| take(first + at + n, row));
                }
                block.truncate(kept);
            }
        }
    }
}

/// Some rows as f64.
struct Tile {
    width: usize,
    stride: usize,
    /// Rows that it holds at most.
    most: usize,
    held: usize,
    cells: Vec<f64>,
}

impl Tile {
    fn new(width: usize) -> Self {
        let stride = width.next_multiple_of(2).max(2);
        let most = (TILE / stride).max(1);
        Self { width, stride, most, held: 0, cells: vec![0.0; stride * most] }
    }

    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    fn read(&mut self, block: &CellStore, rows: Range<usize>) {
        self.held = rows.len();
        block.read(rows, self.stride, &mut self.cells);
    }

    #[inline]
    fn row(&self, n: usize) -> &[f64] {
        &self.cells[n * self.stride..][..self.width]
    }

    #[inline]
    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.stride).take(self.held).map(|row| &row[..self.width])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of three, of which the middle one has more digits than a decimal in a tenth of the rows.
    fn cells(row: u32) -> [f64; 3] {
        let middle =
            if row > 12_000 && row.is_multiple_of(10) { f64::from(row).sqrt() } else { f64::from(row) / 100.0 };
        [f64::from(row), middle, -f64::from(row)]
    }

    #[test]
    fn rows_are_kept_in_order_across_blocks() {
        let mut raw = Raw { width: 3, full: 8192, ..Raw::default() };
        let mut row = Row::new(3);
        let mut part = CellStore::new(Arc::new(Layout::new(3)), 0);
        for n in 0..20_100 {
            row.fill(cells(n).into_iter());
            if n < 9000 { raw.push(&mut row) } else { part.push(&mut row) }
        }
        raw.extend(&part, 11_000);
        assert_eq!((raw.rows(), raw.len()), (20_000, 60_000));
        let mut n = 0;
        raw.each(|row| {
            assert_eq!(row, cells(n));
            n += 1;
        });
        assert_eq!((n, raw.get(19_999, 2)), (20_000, -19_999.0));
        let some = [3, 4, 8191, 8192, 19_999, 5, 12_010];
        let mut asked = some.iter();
        raw.pick(&some, |row| assert_eq!(Some(row), asked.next().map(|&n| cells(n)).as_ref().map(|r| &r[..])));
        assert_eq!(asked.next(), None);
        raw.change(1, |x| -x / 3.0);
        assert_eq!((raw.get(8191, 0), raw.get(8191, 1)), (8191.0, -81.91 / 3.0));
        let last = raw.take_last();
        assert_eq!((last.len(), last[8192], raw.len(), raw.width()), (20_000, -8192.0, 40_000, 2));
        let mut met = vec![false; 20_000];
        raw.consume(|at, row| {
            met[at] = true;
            assert_eq!(row, [at as f64, -cells(at as u32)[1] / 3.0]);
        });
        assert!(met.iter().all(|&met| met));
    }
}
