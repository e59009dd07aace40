//! A product by few columns, as of one row of data: the left factor, which is used once or a few times, is read from
//! end to end, where it lies. The same chains of fused multiply-adds as by tiles.

use pulp::{Simd, WithSimd};

use super::{Factor, Start};
use crate::tensor::product::{
    near::{LANES, padded},
    pieces,
};
use crate::tensor::view::split_rows;
use crate::tensor::wide::dispatch;
use crate::tensor::{Real, Team, ViewMut};

/// Rows that are contiguous are taken eight at a time, number by number.
const ROWS: usize = 8;

/// Whether a product of so many columns is taken here.
pub(super) fn takes<R>(a: &Factor<'_, R>, columns: usize) -> bool {
    columns <= if a.by_row { 2 } else { 5 }
}

/// c ← start + a b.
pub(super) fn product<R: Real>(
    team: &Team,
    c: ViewMut<'_, R>,
    a: Factor<'_, R>,
    b: Factor<'_, R>,
    start: Start<'_, R>,
) {
    let (m, n) = c.shape();
    let height = pieces::width(m, n.saturating_mul(a.columns), 64);
    let mut parts = [const { None }; pieces::MOST];
    let (mut rest, mut used) = (c, 0);
    for first in (0..m).step_by(height) {
        let (part, below) = split_rows(rest, height.min(m - first));
        parts[used] = Some(part);
        (rest, used) = (below, used + 1);
    }
    team.each(&mut parts[..used], |i, part| {
        let Some(mut c) = part.take() else { return };
        let rows = (i * height, c.nrows());
        for mut c in c.column_iter_mut() {
            match start.part(rows) {
                Start::Bias(bias) => c.as_mut_slice().copy_from_slice(bias),
                Start::Zero => c.as_mut_slice().fill(R::ZERO),
                Start::Sums => {}
            }
        }
        dispatch(Few { c, a: a.part(rows, (0, a.columns)), b });
    });
}

/// One thread's rows, the sums begun.
struct Few<'a, 'c, R: Real> {
    c: ViewMut<'c, R>,
    a: Factor<'a, R>,
    b: Factor<'a, R>,
}

impl<R: Real> WithSimd for Few<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (depth, n) = (self.a.columns, self.c.ncols());
        if depth == 0 {
            return;
        }
        if self.a.by_row {
            return (0..n).for_each(|j| self.by_rows(j));
        }
        for p in 0..depth {
            (0..n).for_each(|j| self.add(simd, p, j));
        }
    }
}

impl<'a, R: Real> Few<'a, '_, R> {
    /// Adds a column of the left factor to one of c.
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, p: usize, j: usize) {
        let (a, b) = (self.column(p), R::splat(simd, self.b.at(p, j)));
        let mut c = self.c.column_mut(j);
        let ((c, c_rest), (a, a_rest)) = (R::split_mut::<S>(c.as_mut_slice()), R::split::<S>(a));
        for (c, &a) in c.iter_mut().zip(a) {
            *c = R::mul_add(simd, a, b, *c);
        }
        last::<R, S>(c_rest, R::mul_add(simd, padded::<R, S>(a_rest), b, padded::<R, S>(c_rest)));
    }

    /// A column of the left factor.
    #[inline(always)]
    fn column(&self, p: usize) -> &'a [R] {
        &self.a.data[p * self.a.stride..][..self.a.rows]
    }

    /// A column of c, where the left factor's rows are contiguous.
    #[inline(always)]
    fn by_rows(&mut self, j: usize) {
        let (Factor { data, stride, columns: depth, .. }, b) = (self.a, self.b);
        let mut c = self.c.column_mut(j);
        let (whole, rest) = c.as_mut_slice().as_chunks_mut::<ROWS>();
        let first = whole.len() * ROWS;
        for (group, sums) in whole.iter_mut().enumerate() {
            let rows = std::array::from_fn::<&[R], ROWS, _>(|r| &data[(group * ROWS + r) * stride..][..depth]);
            let mut taken = *sums;
            for p in 0..depth {
                let b = b.at(p, j);
                for (sum, row) in taken.iter_mut().zip(&rows) {
                    *sum = row[p].fused(b, *sum);
                }
            }
            *sums = taken;
        }
        for (r, sum) in rest.iter_mut().enumerate() {
            let row = &data[(first + r) * stride..][..depth];
            *sum = row.iter().enumerate().fold(*sum, |sum, (p, a)| a.fused(b.at(p, j), sum));
        }
    }
}

/// The first numbers of a vector to where they came from.
#[inline(always)]
fn last<R: Real, S: Simd>(rest: &mut [R], v: R::Vector<S>) {
    let mut whole = [R::ZERO; LANES];
    R::store::<S>(&mut whole, v);
    rest.copy_from_slice(&whole[..rest.len()]);
}
