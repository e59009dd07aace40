//! One block of a product on one thread: its part of the left factor packed, and its numbers made, a tile of some
//! vectors by six columns at a time, in registers.

use pulp::{Simd, WithSimd};

use super::strips::pack;
use super::{Factor, Start};
use crate::tensor::product::near::{add, vectors};
use crate::tensor::wide::has_many_registers;
use crate::tensor::{Real, ViewMut};

/// Columns of a strip of the right factor.
pub(super) const COLUMNS: usize = 6;
/// Most rows of a strip of the left factor: four vectors of sixteen.
pub(super) const MOST_ROWS: usize = 64;

/// Columns of c, by up to which the left factor is read where it lies, measured.
const FEW: usize = 36;
/// Bytes between places of memory that share a set of the first cache.
const ALIAS: usize = 4096;

/// Some rows of c, to be made of as many of `a` and the strips of b, or to be taken further.
pub(super) struct Block<'a, 'c, R: Real> {
    pub(super) c: ViewMut<'c, R>,
    pub(super) a: Factor<'a, R>,
    /// Where `a` is packed to.
    pub(super) room: &'a mut [R],
    pub(super) b: &'a [R],
    pub(super) start: Start<'a, R>,
}

impl<R: Real> WithSimd for Block<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // The sums of a tile, a column of the left factor and a number of the right fill the registers.
        if has_many_registers::<S>() {
            self.compute::<S, 4>(simd);
        } else {
            self.compute::<S, 2>(simd);
        }
    }
}

impl<R: Real> Block<'_, '_, R> {
    /// All of c in tiles as high as V vectors.
    #[inline(always)]
    fn compute<S: Simd, const V: usize>(&mut self, simd: S) {
        let ((m, n), height) = (self.c.shape(), V * R::lanes::<S>());
        // Rows that are read where they lie.
        let there = if reads_in_place(&self.a, n) { m / height * height } else { 0 };
        let room = std::mem::take(&mut self.room);
        pack(room, self.a.part((there, m - there), (0, self.a.columns)), height);
        let room: &[R] = room;
        for column in (0..n).step_by(COLUMNS) {
            for row in (0..there).step_by(height) {
                self.tiles::<S, V>(simd, (row, column), &self.a.data[row..], self.a.stride);
            }
            for row in (there..m).step_by(height) {
                let a = &room[(row - there) * self.a.columns..];
                match (m - row).div_ceil(R::lanes::<S>()).min(V) {
                    1 => self.tiles::<S, 1>(simd, (row, column), a, height),
                    2 => self.tiles::<S, 2>(simd, (row, column), a, height),
                    // Where a strip is two vectors high, neither is ever compiled.
                    3 if V > 2 => self.tiles::<S, 3>(simd, (row, column), a, height),
                    _ if V > 2 => self.tiles::<S, 4>(simd, (row, column), a, height),
                    _ => {}
                }
            }
        }
    }

    /// U vectors of rows and six columns of c, as far as there are columns.
    #[inline(always)]
    fn tiles<S: Simd, const U: usize>(&mut self, simd: S, place: (usize, usize), a: &[R], stride: usize) {
        match self.c.ncols() - place.1 {
            1 | 2 => self.tile::<S, U, 2>(simd, place, a, stride),
            3 | 4 => self.tile::<S, U, 4>(simd, place, a, stride),
            _ => self.tile::<S, U, COLUMNS>(simd, place, a, stride),
        }
    }

    /// U vectors of rows and J columns of c from those rows of the left factor, whose columns are `stride` apart.
    #[inline(always)]
    fn tile<S: Simd, const U: usize, const J: usize>(
        &mut self,
        simd: S,
        (row, column): (usize, usize),
        a: &[R],
        stride: usize,
    ) {
        let (lanes, depth) = (R::lanes::<S>(), self.a.columns);
        let b = &self.b[column * depth..][..COLUMNS * depth];
        let (rows, columns) = ((self.c.nrows() - row).min(U * lanes), (self.c.ncols() - column).min(J));
        let mut sums = self.begin::<S, U, J>(simd, (row, rows), (column, columns));
        for (p, b) in b.as_chunks::<COLUMNS>().0.iter().enumerate() {
            let Some(&b) = b.first_chunk::<J>() else { break };
            add(simd, &mut sums, vectors::<R, S, U>(simd, &a[p * stride..]), b);
        }
        for (j, sums) in sums.iter().enumerate().take(columns) {
            let mut c = self.c.column_mut(column + j);
            let c = &mut c.as_mut_slice()[row..row + rows];
            if rows == U * lanes {
                for (v, &sum) in sums.iter().enumerate() {
                    R::store::<S>(&mut c[v * lanes..], sum);
                }
            } else {
                let mut whole = [R::ZERO; MOST_ROWS];
                for (v, &sum) in sums.iter().enumerate() {
                    R::store::<S>(&mut whole[v * lanes..], sum);
                }
                c.copy_from_slice(&whole[..rows]);
            }
        }
    }

    /// What the sums of a tile start from.
    #[inline(always)]
    fn begin<S: Simd, const U: usize, const J: usize>(
        &self,
        simd: S,
        (row, rows): (usize, usize),
        (column, columns): (usize, usize),
    ) -> [[R::Vector<S>; U]; J] {
        let mut sums = [[R::splat(simd, R::ZERO); U]; J];
        match self.start {
            Start::Zero => {}
            Start::Bias(bias) => sums = [first_vectors::<R, S, U>(simd, &bias[row..row + rows]); J],
            Start::Sums => {
                for (j, sums) in sums.iter_mut().enumerate().take(columns) {
                    let c = self.c.column(column + j);
                    *sums = first_vectors::<R, S, U>(simd, &c.as_slice()[row..row + rows]);
                }
            }
        }
        sums
    }
}

/// Whether the left factor is read where it lies: by so few columns that packing it would take longer, and not from
/// places that share a set of the cache.
fn reads_in_place<R>(a: &Factor<'_, R>, columns: usize) -> bool {
    !a.by_row && columns <= FEW && !(a.stride * size_of::<R>()).is_multiple_of(ALIAS)
}

/// V vectors of the numbers there are, and zeros.
#[inline(always)]
fn first_vectors<R: Real, S: Simd, const V: usize>(simd: S, xs: &[R]) -> [R::Vector<S>; V] {
    if xs.len() == V * R::lanes::<S>() {
        return vectors::<R, S, V>(simd, xs);
    }
    let mut whole = [R::ZERO; MOST_ROWS];
    whole[..xs.len()].copy_from_slice(xs);
    vectors::<R, S, V>(simd, &whole)
}
