//! [`Arena`]: a batch's matrices, one after another in one piece of memory; [`ArenaRows`]: some rows of all of them,
//! for one thread. The one place where several threads write to the same memory. Not for what the matrices mean.

use std::marker::PhantomData;
use std::ops::Range;

use super::Real;

/// Matrices `width × batch`, a row of data contiguous, for batches of at most `capacity` rows.
#[derive(Debug)]
pub struct Arena<R> {
    numbers: Vec<R>,
    matrices: Vec<Matrix>,
    capacity: usize,
}

/// Where a matrix lies: `width · capacity` numbers from `start` are its own.
#[derive(Clone, Copy, Debug)]
struct Matrix {
    start: usize,
    width: usize,
}

impl<R: Real> Arena<R> {
    /// One matrix of zeros for each width.
    pub fn new(widths: impl IntoIterator<Item = usize>, capacity: usize) -> Self {
        let mut end = 0;
        let place = |width| {
            let start = end;
            end += width * capacity;
            Matrix { start, width }
        };
        let matrices = widths.into_iter().map(place).collect();
        Self { numbers: vec![R::ZERO; end], matrices, capacity }
    }

    /// The first `batch` rows of a matrix.
    ///
    /// # Panics
    /// Where there is no such matrix, or it has no room for so many rows.
    pub fn matrix(&self, index: usize, batch: usize) -> &[R] {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        let Matrix { start, width } = self.matrices[index];
        &self.numbers[start..start + width * batch]
    }

    /// The first `batch` rows of some matrices, to read.
    ///
    /// # Panics
    /// Where there is no room for so many rows.
    pub fn inputs<'s>(&'s self, indices: &'s [usize], batch: usize) -> Inputs<'s, R> {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        let numbers = self.numbers.as_ptr();
        Inputs { numbers, matrices: &self.matrices, rows: (0, batch), indices, borrow: PhantomData }
    }

    /// As [`Self::matrix`], to write.
    ///
    /// # Panics
    /// As there.
    pub fn matrix_mut(&mut self, index: usize, batch: usize) -> &mut [R] {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        let Matrix { start, width } = self.matrices[index];
        &mut self.numbers[start..start + width * batch]
    }

    /// The first `batch` rows of several matrices, all to write.
    ///
    /// # Panics
    /// As [`Self::matrix`], and where one is asked for twice.
    pub fn apart_of<const N: usize>(&mut self, indices: [usize; N], batch: usize) -> [&mut [R]; N] {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        let ranges = indices.map(|index| {
            let Matrix { start, width } = self.matrices[index];
            start..start + width * batch
        });
        let apart = self.numbers.get_disjoint_mut(ranges);
        apart.unwrap_or_else(|error| panic!("matrices that lie apart: {error}"))
    }

    /// The first `batch` rows of every matrix.
    ///
    /// # Panics
    /// Where there is no room for so many rows.
    pub fn all(&mut self, batch: usize) -> ArenaRows<'_, R> {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        ArenaRows {
            numbers: self.numbers.as_mut_ptr(),
            matrices: &self.matrices,
            stretch: 0..batch,
            borrow: PhantomData,
        }
    }

    /// The first `batch` rows of every matrix, cut into stretches of `height`, the last one lower.
    ///
    /// # Panics
    /// Where there is no room for so many rows, or `height` is 0.
    pub fn cut(&mut self, batch: usize, height: usize) -> impl Iterator<Item = ArenaRows<'_, R>> {
        assert!(batch <= self.capacity, "{batch} rows in an arena for {}", self.capacity);
        let (numbers, matrices) = (self.numbers.as_mut_ptr(), self.matrices.as_slice());
        (0..batch).step_by(height).map(move |first| {
            let stretch = first..batch.min(first + height);
            ArenaRows { numbers, matrices, stretch, borrow: PhantomData }
        })
    }
}

/// The same rows of every matrix of an arena, to read and write.
#[derive(Debug)]
pub struct ArenaRows<'a, R> {
    numbers: *mut R,
    matrices: &'a [Matrix],
    stretch: Range<usize>,
    borrow: PhantomData<&'a mut [R]>,
}

// SAFETY: it stands for a mutable borrow of the numbers of its own rows, and `R: Send` lets another thread have them.
#[allow(unsafe_code, reason = "a pointer that stands for a mutable borrow of some rows")]
unsafe impl<R: Send> Send for ArenaRows<'_, R> {}
// SAFETY: through a shared `ArenaRows` its numbers can be read alone.
#[allow(unsafe_code, reason = "a pointer that stands for a mutable borrow of some rows")]
unsafe impl<R: Sync> Sync for ArenaRows<'_, R> {}

impl<R: Real> ArenaRows<'_, R> {
    /// How many rows.
    pub fn count(&self) -> usize {
        self.stretch.len()
    }

    /// Its numbers in one matrix: the first of them, and how many.
    fn place(&self, index: usize) -> (*mut R, usize) {
        let Matrix { start, width } = self.matrices[index];
        (self.numbers.wrapping_add(start + width * self.stretch.start), width * self.stretch.len())
    }

    /// Its rows of a matrix.
    ///
    /// # Panics
    /// Where there is no such matrix.
    #[inline]
    pub fn get(&self, index: usize) -> &[R] {
        let (first, count) = self.place(index);
        // SAFETY: `Arena::cut` or `all` gave these rows, which lie inside the matrix, which lies inside the arena;
        // they borrow the arena mutably for as long as any stretch lives, and give no row twice. So these numbers are
        // reached through `self` alone, which is borrowed shared here.
        #[allow(unsafe_code, reason = "threads work on rows of their own in one arena")]
        unsafe {
            std::slice::from_raw_parts(first, count)
        }
    }

    /// As [`Self::get`], to write.
    ///
    /// # Panics
    /// Where there is no such matrix.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> &mut [R] {
        let [rows] = self.apart([Some(index)]);
        rows
    }

    /// Its rows of some matrices, all to write; nothing for `None`.
    ///
    /// # Panics
    /// Where there is no such matrix, or one is asked for twice.
    #[inline]
    pub fn apart<const N: usize>(&mut self, indices: [Option<usize>; N]) -> [&mut [R]; N] {
        for (i, index) in indices.iter().enumerate() {
            assert!(index.is_none() || !indices[..i].contains(index), "one matrix to write twice");
        }
        indices.map(|index| {
            let Some((first, count)) = index.map(|index| self.place(index)) else { return &mut [][..] };
            // SAFETY: as in `get`, with `self` borrowed mutably; different matrices share no number, and no matrix is
            // asked for twice.
            #[allow(unsafe_code, reason = "threads work on rows of their own in one arena")]
            unsafe {
                std::slice::from_raw_parts_mut(first, count)
            }
        })
    }

    /// Its rows of some matrices, to read.
    #[inline]
    pub fn inputs<'s>(&'s self, indices: &'s [usize]) -> Inputs<'s, R> {
        let (numbers, matrices, rows) = (self.numbers, self.matrices, (self.stretch.start, self.stretch.len()));
        Inputs { numbers, matrices, rows, indices, borrow: PhantomData }
    }

    /// Its rows of one matrix to write, and of some others to read.
    ///
    /// # Panics
    /// Where there is no such matrix, or the one to write is also to be read.
    #[inline]
    pub fn write<'s>(&'s mut self, index: usize, reads: &'s [usize]) -> (&'s mut [R], Inputs<'s, R>) {
        assert!(!reads.contains(&index), "one matrix to read and to write");
        let (first, count) = self.place(index);
        // SAFETY: as in `get_mut`; through the inputs other matrices alone are read, which share no number with this
        // one.
        #[allow(unsafe_code, reason = "threads work on rows of their own in one arena")]
        let written = unsafe { std::slice::from_raw_parts_mut(first, count) };
        (written, self.inputs(reads))
    }
}

/// The same rows of some matrices, to read: what a layer takes its values from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a, R> {
    numbers: *const R,
    matrices: &'a [Matrix],
    /// The first row, and how many.
    rows: (usize, usize),
    indices: &'a [usize],
    borrow: PhantomData<&'a [R]>,
}

impl<'a, R: Real> Inputs<'a, R> {
    /// How many matrices.
    pub fn count(self) -> usize {
        self.indices.len()
    }

    /// The rows of one of them, by its place among them.
    ///
    /// # Panics
    /// Where there is no such matrix.
    #[inline]
    pub fn get(self, place: usize) -> &'a [R] {
        let Matrix { start, width } = self.matrices[self.indices[place]];
        let (first, count) = self.rows;
        let numbers = self.numbers.wrapping_add(start + width * first);
        // SAFETY: an arena or its `ArenaRows` gave these rows, which lie inside the matrix, which lies inside the
        // arena, and is borrowed for as long as this lives: shared, but for one matrix that is none of these.
        #[allow(unsafe_code, reason = "threads work on rows of their own in one arena")]
        unsafe {
            std::slice::from_raw_parts(numbers, width * count)
        }
    }

    /// The rows of the first: of the only one, for most layers.
    #[inline]
    pub fn first(self) -> &'a [R] {
        self.get(0)
    }

    /// Each in turn.
    pub fn iter(self) -> impl Iterator<Item = &'a [R]> {
        (0..self.count()).map(move |place| self.get(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Team;

    #[test]
    fn stretches_cover_every_row_of_every_matrix_once() {
        for batch in 0..=10 {
            for height in 1..=11 {
                let mut arena = Arena::<f32>::new([3, 0, 1], 10);
                let mut strips: Vec<_> = arena.cut(batch, height).collect();
                assert_eq!(strips.iter().map(ArenaRows::count).sum::<usize>(), batch);
                Team::new(3).each(&mut strips, |_, rows| {
                    let [three, none, one, nothing] = rows.apart([Some(0), Some(1), Some(2), None]);
                    assert!(none.is_empty() && nothing.is_empty());
                    three.iter_mut().chain(one).for_each(|x| *x += 1.0);
                });
                drop(strips);
                assert!(arena.matrix(0, batch).iter().chain(arena.matrix(2, batch)).all(|&x| x == 1.0));
                assert_eq!(arena.numbers.iter().sum::<f32>(), 4.0 * batch as f32);
            }
        }
    }

    #[test]
    fn a_stretch_has_its_rows_and_no_other() {
        let mut arena = Arena::<f64>::new([2, 1], 4);
        arena.matrix_mut(0, 4).copy_from_slice(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        let mut strips = arena.cut(4, 3);
        let (mut first, mut last) = (strips.next().expect("rows"), strips.next().expect("rows"));
        assert_eq!((first.get(0).len(), last.get(0)), (6, &[6.0, 7.0][..]));
        let (written, read) = last.write(1, &[0, 0]);
        written[0] = read.first()[1];
        assert_eq!((read.count(), read.get(1)), (2, &[6.0, 7.0][..]));
        assert!(first.get_mut(1).len() == 3 && strips.next().is_none());
        drop(strips);
        assert_eq!(arena.inputs(&[1, 0], 3).iter().map(<[f64]>::len).collect::<Vec<_>>(), [3, 6]);
        assert_eq!(arena.matrix(1, 4), [0.0, 0.0, 0.0, 7.0]);
    }

    #[test]
    #[should_panic(expected = "one matrix to write twice")]
    fn a_matrix_is_handed_out_once() {
        let mut arena = Arena::<f32>::new([1, 1], 1);
        arena.cut(1, 1).for_each(|mut rows| assert!(rows.apart([Some(0), None, Some(0)])[0].is_empty()));
    }

    #[test]
    #[should_panic(expected = "one matrix to read and to write")]
    fn a_matrix_is_written_or_read() {
        let mut arena = Arena::<f32>::new([1, 1], 1);
        arena.cut(1, 1).for_each(|mut rows| assert!(rows.write(1, &[0, 1]).0.is_empty()));
    }

    #[test]
    #[should_panic(expected = "3 rows in an arena for 2")]
    fn there_is_no_row_beyond_the_capacity() {
        Arena::<f32>::new([1], 2).cut(3, 1).for_each(drop);
    }
}
