//! [`CellStore`]: rows of cells, kept in few bytes without loss. A column is kept as decimals, its few cells of more
//! digits aside; where they are many, the column is kept in f64.

use std::ops::Range;
use std::sync::Arc;

use super::decimal::{Decimal, MISSING, Number};

/// How a block keeps its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Where each column's cell is in a row.
    places: Vec<CellPlace>,
    /// Decimals in a row. An odd number of them is followed by one that stands for nothing.
    decimals: usize,
    exacts: usize,
}

/// Where a column's cell is in a row: among the decimals, or among the numbers in f64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellPlace {
    Decimal(usize),
    Exact(usize),
}

/// Rows of cells.
#[derive(Clone, Debug)]
pub(super) struct CellStore {
    layout: Arc<Layout>,
    rows: usize,
    /// decimals × rows
    digits: Vec<u32>,
    /// decimals × rows, two in a byte.
    places: Vec<u8>,
    /// exacts × rows
    exact: Vec<f64>,
    /// Cells of columns of decimals that are none. Such a cell's places are [`MISSING`], and its digits say which of
    /// these it is, from 1 on.
    strays: Vec<f64>,
    /// How many of them each column has.
    strayed: Vec<usize>,
}

/// A row that is being read.
#[derive(Clone, Debug)]
pub(super) struct Row {
    digits: Vec<u32>,
    /// [`EXACT`] where the number is no decimal.
    places: Vec<u8>,
    exact: Vec<f64>,
}

/// More places than a decimal has.
const EXACT: u8 = 16;
/// A column with more strays than this and one in as many rows is kept in f64.
const STRAYS: usize = 16;

impl Row {
    /// So many cells, each 0.
    pub(super) fn new(width: usize) -> Self {
        Self {
            digits: vec![0; width.next_multiple_of(2)],
            places: vec![0; width.next_multiple_of(2)],
            exact: vec![0.0; width],
        }
    }

    /// Writes one cell.
    #[inline]
    pub(super) fn set(&mut self, column: usize, number: Number) {
        match number {
            Number::Decimal(Decimal { digits, places }) => {
                (self.digits[column], self.places[column]) = (digits, places);
            }
            Number::Exact(value) => (self.places[column], self.exact[column]) = (EXACT, value),
        }
    }

    /// Writes all cells.
    pub(super) fn fill(&mut self, numbers: impl Iterator<Item = f64>) {
        numbers.enumerate().for_each(|(column, value)| self.set(column, Number::Exact(value)));
    }

    /// Makes decimals of what may be.
    fn fit(&mut self, layout: &Layout) {
        for (column, place) in layout.places.iter().enumerate() {
            if self.places[column] == EXACT && matches!(place, CellPlace::Decimal(_)) {
                self.set(column, Number::of(self.exact[column]));
            }
        }
    }

    #[inline]
    fn value(&self, column: usize) -> f64 {
        match self.places[column] {
            EXACT => self.exact[column],
            places => Decimal { digits: self.digits[column], places }.value(),
        }
    }
}

impl Layout {
    /// So many columns of decimals.
    pub(super) fn new(width: usize) -> Self {
        Self::of(std::iter::repeat_n(false, width))
    }

    fn of(exact: impl Iterator<Item = bool>) -> Self {
        let mut layout = Self { places: Vec::new(), decimals: 0, exacts: 0 };
        for exact in exact {
            let (count, place): (_, fn(usize) -> CellPlace) =
                if exact { (&mut layout.exacts, CellPlace::Exact) } else { (&mut layout.decimals, CellPlace::Decimal) };
            layout.places.push(place(*count));
            *count += 1;
        }
        layout.decimals = layout.decimals.next_multiple_of(2);
        layout
    }

    fn exacts(&self) -> impl Iterator<Item = bool> {
        self.places.iter().map(|place| matches!(place, CellPlace::Exact(_)))
    }

    /// One in which the columns of each are kept.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self::of(self.exacts().zip(other.exacts()).map(|(a, b)| a || b))
    }
}

impl CellStore {
    /// No rows yet, and room for so many. Memory that is not written to costs nothing.
    pub(super) fn new(layout: Arc<Layout>, rows: usize) -> Self {
        Self {
            rows: 0,
            digits: Vec::with_capacity(rows * layout.decimals),
            places: Vec::with_capacity(rows * layout.decimals / 2),
            exact: Vec::with_capacity(rows * layout.exacts),
            strays: Vec::new(),
            strayed: vec![0; layout.places.len()],
            layout,
        }
    }

    pub(super) fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row. Its cells may be written in another way afterwards.
    #[inline]
    pub(super) fn push(&mut self, row: &mut Row) {
        if self.layout.exacts > 0 || row.places.iter().fold(0, |all, places| all | places) >= EXACT {
            return self.push_slowly(row);
        }
        self.digits.extend_from_slice(&row.digits);
        self.places.extend(row.places.as_chunks::<2>().0.iter().map(|[low, high]| low | high << 4));
        self.rows += 1;
    }

    fn push_slowly(&mut self, row: &mut Row) {
        row.fit(&self.layout);
        let first = self.digits.len();
        self.digits.resize(first + self.layout.decimals, 0);
        self.places.resize(self.digits.len() / 2, 0);
        let mut most = 0;
        for (column, place) in self.layout.places.iter().enumerate() {
            match *place {
                CellPlace::Exact(_) => self.exact.push(row.value(column)),
                CellPlace::Decimal(n) => {
                    let (mut digits, mut places) = (row.digits[column], row.places[column]);
                    if places == EXACT {
                        self.strays.push(row.exact[column]);
                        self.strayed[column] += 1;
                        most = most.max(self.strayed[column]);
                        (digits, places) = (self.strays.len() as u32, MISSING);
                    }
                    let n = first + n;
                    self.digits[n] = digits;
                    self.places[n / 2] |= places << (4 * (n % 2));
                }
            }
        }
        self.rows += 1;
        let many = |count: usize| count > STRAYS && count * STRAYS > self.rows;
        if many(most) {
            let strayed = self.layout.exacts().zip(&self.strayed);
            let layout = Layout::of(strayed.map(|(exact, &count)| exact || many(count)));
            self.widen(layout);
        }
    }

    /// Keeps all rows by a layout in which each column that is kept in f64 still is.
    #[cold]
    fn widen(&mut self, layout: Layout) {
        let before = std::mem::replace(self, Self::new(Arc::new(layout), self.rows));
        self.append(&before, 0..before.rows);
    }

    /// Adds rows of another block.
    pub(super) fn append(&mut self, from: &Self, rows: Range<usize>) {
        let layout = self.layout.with(&from.layout);
        if *self.layout != layout {
            self.widen(layout);
        }
        if self.layout == from.layout {
            let Layout { decimals, exacts, .. } = *self.layout;
            self.digits.extend_from_slice(&from.digits[rows.start * decimals..rows.end * decimals]);
            self.places.extend_from_slice(&from.places[rows.start * decimals / 2..rows.end * decimals / 2]);
            self.exact.extend_from_slice(&from.exact[rows.start * exacts..rows.end * exacts]);
            self.rows += rows.len();
            if !from.strays.is_empty() {
                self.take_strays(from, rows.len());
            }
            return;
        }
        let mut row = Row::new(from.layout.places.len());
        for at in rows {
            (0..from.layout.places.len()).for_each(|column| row.set(column, from.number(at, column)));
            self.push(&mut row);
        }
    }

    /// Takes over the strays of the last rows, which were another block's.
    fn take_strays(&mut self, from: &Self, rows: usize) {
        for at in self.rows - rows..self.rows {
            for (column, place) in self.layout.places.iter().enumerate() {
                let CellPlace::Decimal(n) = *place else { continue };
                let n = at * self.layout.decimals + n;
                if nibble(&self.places, n) == MISSING && self.digits[n] > 0 {
                    self.strays.push(from.strays[self.digits[n] as usize - 1]);
                    self.strayed[column] += 1;
                    self.digits[n] = self.strays.len() as u32;
                }
            }
        }
    }

    /// Reads rows one after the other, each from a multiple of `stride` on, which is even and not less than the
    /// columns.
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    pub(super) fn read(&self, rows: Range<usize>, stride: usize, out: &mut [f64]) {
        let Layout { decimals, exacts, ref places } = *self.layout;
        if exacts == 0 {
            let cells = rows.start * decimals..rows.end * decimals;
            let pairs = self.digits[cells.clone()].as_chunks::<2>().0;
            let bytes = &self.places[cells.start / 2..cells.end / 2];
            for ((out, pair), byte) in out.as_chunks_mut::<2>().0.iter_mut().zip(pairs).zip(bytes) {
                out[0] = Decimal { digits: pair[0], places: byte & 15 }.value();
                out[1] = Decimal { digits: pair[1], places: byte >> 4 }.value();
                if byte & 15 == MISSING || byte >> 4 == MISSING {
                    *out = [self.cell(pair[0], byte & 15), self.cell(pair[1], byte >> 4)];
                }
            }
            return;
        }
        for (at, out) in rows.zip(out.chunks_exact_mut(stride)) {
            let digits = &self.digits[at * decimals..][..decimals];
            let bytes = &self.places[at * decimals / 2..][..decimals / 2];
            let exact = &self.exact[at * exacts..][..exacts];
            for (out, place) in out.iter_mut().zip(places) {
                *out = match *place {
                    CellPlace::Decimal(n) => self.cell(digits[n], nibble(bytes, n)),
                    CellPlace::Exact(n) => exact[n],
                };
            }
        }
    }

    /// What is kept as a decimal.
    #[inline]
    fn cell(&self, digits: u32, places: u8) -> f64 {
        match (digits, places) {
            (stray @ 1.., MISSING) => self.strays[stray as usize - 1],
            (digits, places) => Decimal { digits, places }.value(),
        }
    }

    #[inline]
    fn number(&self, at: usize, column: usize) -> Number {
        match self.layout.places[column] {
            CellPlace::Exact(n) => Number::Exact(self.exact[at * self.layout.exacts + n]),
            CellPlace::Decimal(n) => {
                let n = at * self.layout.decimals + n;
                match (self.digits[n], nibble(&self.places, n)) {
                    (stray @ 1.., MISSING) => Number::Exact(self.strays[stray as usize - 1]),
                    (digits, places) => Number::Decimal(Decimal { digits, places }),
                }
            }
        }
    }

    /// One cell.
    #[inline]
    pub(super) fn get(&self, at: usize, column: usize) -> f64 {
        self.number(at, column).value()
    }

    /// Changes one cell.
    pub(super) fn set(&mut self, at: usize, column: usize, value: f64) {
        if let CellPlace::Decimal(n) = self.layout.places[column] {
            if let Some(Decimal { digits, places }) = Decimal::of(value) {
                let n = at * self.layout.decimals + n;
                self.digits[n] = digits;
                let byte = &mut self.places[n / 2];
                *byte = if n.is_multiple_of(2) { *byte & 0xf0 | places } else { *byte & 15 | places << 4 };
                return;
            }
            self.widen(Layout::of(self.layout.exacts().enumerate().map(|(n, exact)| exact || n == column)));
        }
        if let CellPlace::Exact(n) = self.layout.places[column] {
            self.exact[at * self.layout.exacts + n] = value;
        }
    }

    /// Forgets all rows, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
        self.digits.clear();
        self.places.clear();
        self.exact.clear();
        self.strays.clear();
        self.strayed.fill(0);
    }

    /// Lets go of all rows from `rows` on, and of their memory.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.rows = self.rows.min(rows);
        self.digits.truncate(self.rows * self.layout.decimals);
        self.places.truncate(self.rows * self.layout.decimals / 2);
        self.exact.truncate(self.rows * self.layout.exacts);
        self.shrink();
    }

    /// Gives back the room that is left.
    pub(super) fn shrink(&mut self) {
        self.digits.shrink_to_fit();
        self.places.shrink_to_fit();
        self.exact.shrink_to_fit();
    }
}

/// The n-th half of these bytes.
#[inline]
fn nibble(bytes: &[u8], n: usize) -> u8 {
    bytes[n / 2] >> (4 * (n % 2)) & 15
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(block: &CellStore, width: usize) -> Vec<Vec<f64>> {
        let stride = width.next_multiple_of(2);
        let mut read = vec![9.0; block.rows() * stride];
        block.read(0..block.rows(), stride, &mut read);
        let rows: Vec<Vec<f64>> = read.chunks(stride).map(|row| row[..width].to_vec()).collect();
        for (at, row) in rows.iter().enumerate() {
            assert!((0..width).all(|c| block.get(at, c).to_bits() == row[c].to_bits()));
        }
        rows
    }

    fn add(block: &mut CellStore, numbers: &[f64]) {
        let mut row = Row::new(numbers.len());
        row.fill(numbers.iter().copied());
        block.push(&mut row);
    }

    /// Rows of which a column has more and more digits.
    fn row(n: u32) -> Vec<f64> {
        let third = |yes: bool| if yes { f64::from(n) / 3.0 + 1.0 / 7.0 } else { f64::from(n) / 4.0 };
        vec![third(n > 40), -f64::from(n), third(n.is_multiple_of(30)), if n == 5 { f64::NAN } else { 1e-20 }]
    }

    fn same(found: &[Vec<f64>], wanted: impl Iterator<Item = u32>) {
        let bits = |row: &Vec<f64>| row.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        let wanted: Vec<_> = wanted.map(|n| bits(&row(n))).collect();
        assert_eq!(found.iter().map(bits).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_column_is_kept_in_f64_where_many_cells_have_many_digits() {
        let mut block = CellStore::new(Arc::new(Layout::new(4)), 0);
        for n in 0..100 {
            add(&mut block, &row(n));
        }
        let exacts: Vec<bool> = block.layout.exacts().collect();
        assert_eq!((exacts, block.strays.len()), (vec![true, false, false, true], 4));
        same(&all(&block, 4), 0..100);
        // Rows of other layouts join, in either order, and strays with them.
        let mut early = CellStore::new(Arc::new(Layout::new(4)), 0);
        (0..10).for_each(|n| add(&mut early, &row(n)));
        assert_eq!((early.layout.exacts, early.strays.len()), (0, 10));
        let mut joined = early.clone();
        joined.append(&block, 25..70);
        same(&all(&joined, 4), (0..10).chain(25..70));
        block.append(&early, 3..10);
        same(&all(&block, 4), (0..100).chain(3..10));
        let mut twice = early.clone();
        twice.append(&early, 2..8);
        same(&all(&twice, 4), (0..10).chain(2..8));
        block.truncate(60);
        same(&all(&block, 4), 0..60);
        block.clear();
        add(&mut block, &row(77));
        same(&all(&block, 4), 77..78);
    }

    #[test]
    fn a_cell_is_changed_alone() {
        let mut block = CellStore::new(Arc::new(Layout::new(3)), 0);
        add(&mut block, &[1.0, 2.0, f64::NAN]);
        add(&mut block, &[4.0, 5.5, 6.0]);
        block.set(0, 1, 2.125);
        block.set(1, 0, -0.5);
        assert!(block.get(0, 2).is_nan());
        block.set(0, 2, 0.1 + 0.2);
        assert_eq!(all(&block, 3), [[1.0, 2.125, 0.1 + 0.2], [-0.5, 5.5, 6.0]]);
    }

    #[test]
    fn many_rows_are_read_as_each_of_them() {
        for width in [1, 2, 7, 16, 20, 33] {
            let mut block = CellStore::new(Arc::new(Layout::new(width)), 0);
            let rows: Vec<Vec<f64>> = (0..29)
                .map(|r| (0..width).map(|c| f64::from((r * 37 + c as i32) % 100 - 50) / 8.0).collect())
                .collect();
            for row in &rows {
                add(&mut block, row);
            }
            assert_eq!(all(&block, width), rows, "{width} columns");
        }
    }
}
