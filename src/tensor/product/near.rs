//! Products whose left factor stays in the processor's own caches: tiles of the result in registers, over the factors
//! where they lie. No packing, the bias for nothing, some tens of nanoseconds a call, and near the arithmetic peak
//! from sixteen neurons on. Every sum is taken in the order of the inner side, fused, so a number's bits do not
//! depend on the tile or the piece that it falls in.

use pulp::{Simd, WithSimd};

use super::pieces;
use crate::tensor::real::Columns;
use crate::tensor::wide::{dispatch, has_many_registers};
use crate::tensor::{Real, Team};

/// Bytes of the left factor up to which reading it where it lies beats packing it, measured: a common second cache.
const NEAR: usize = 1 << 20;

/// Whether a product with a left factor m × k belongs here.
pub(super) fn fits<R>(m: usize, k: usize) -> bool {
    m.saturating_mul(k).saturating_mul(size_of::<R>()) <= NEAR
}

/// The right factor: k × n.
pub(super) trait Right<R>: Copy + Sync {
    fn inner(self) -> usize;
    fn columns(self) -> usize;
    /// `count` columns from `first`.
    fn part(self, first: usize, count: usize) -> Self;
    /// Rows p = 0, 1, … of J columns from `column`.
    fn stretch<const J: usize>(self, column: usize) -> impl Fn(usize) -> [R; J];
}

/// A right factor held column after column.
#[derive(Clone, Copy)]
pub(super) struct ByColumn<'a, R> {
    pub(super) data: &'a [R],
    pub(super) k: usize,
    pub(super) n: usize,
}

impl<R: Real> Right<R> for ByColumn<'_, R> {
    #[inline(always)]
    fn inner(self) -> usize {
        self.k
    }

    #[inline(always)]
    fn columns(self) -> usize {
        self.n
    }

    fn part(self, first: usize, count: usize) -> Self {
        Self { data: &self.data[first * self.k..], n: count, ..self }
    }

    #[inline(always)]
    fn stretch<const J: usize>(self, column: usize) -> impl Fn(usize) -> [R; J] {
        let (all, k) = (&self.data[column * self.k..][..J * self.k], self.k);
        let mut columns = [all; J];
        for (j, column) in columns.iter_mut().enumerate() {
            *column = &all[j * k..][..k];
        }
        #[inline(always)]
        move |p| {
            let mut row = [R::ZERO; J];
            for (x, column) in row.iter_mut().zip(&columns) {
                *x = column[p];
            }
            row
        }
    }
}

/// A right factor held row after row, `stride` apart.
#[derive(Clone, Copy)]
pub(super) struct ByRow<'a, R> {
    pub(super) data: &'a [R],
    pub(super) k: usize,
    pub(super) n: usize,
    pub(super) stride: usize,
}

impl<R: Real> Right<R> for ByRow<'_, R> {
    #[inline(always)]
    fn inner(self) -> usize {
        self.k
    }

    #[inline(always)]
    fn columns(self) -> usize {
        self.n
    }

    fn part(self, first: usize, count: usize) -> Self {
        Self { data: self.data.get(first..).unwrap_or(&[]), n: count, ..self }
    }

    #[inline(always)]
    fn stretch<const J: usize>(self, column: usize) -> impl Fn(usize) -> [R; J] {
        #[inline(always)]
        move |p| {
            let mut row = [R::ZERO; J];
            row.copy_from_slice(&self.data[p * self.stride + column..][..J]);
            row
        }
    }
}

/// c ← a b + bias per column. c: m × n, a: m × k, bias: m or empty.
#[inline]
pub(super) fn product<R: Real, B: Right<R>>(team: &Team, c: &mut [R], m: usize, a: &[R], bias: &[R], b: B) {
    by_columns(team, c, b, RowRange { of: m, first: 0, count: m }, a, bias);
}

/// c ← aᵀ b. c: m × n, a: k × m with k at most [`DEEPEST`].
#[inline]
pub(super) fn transposed_product<R: Real, B: Right<R>>(team: &Team, c: &mut [R], m: usize, a: &[R], b: B) {
    if b.inner() == 1 || m == 1 {
        // A vector lies the same way either way.
        return product(team, c, m, a, &[], b);
    }
    match a.len() {
        0..=64 => by_panels::<R, B, 64>(team, c, m, a, b),
        65..=256 => by_panels::<R, B, 256>(team, c, m, a, b),
        257..=1024 => by_panels::<R, B, 1024>(team, c, m, a, b),
        _ => by_panels::<R, B, 8192>(team, c, m, a, b),
    }
}

/// The greatest inner side of a transposed product: 32 rows of a panel must fit its array.
pub(super) const DEEPEST: usize = 256;

/// c ← aᵀ b by panels of aᵀ's rows, transposed into an array of ROOM numbers. The last panel first, see
/// [`Product::compute`].
#[inline(always)]
fn by_panels<R: Real, B: Right<R>, const ROOM: usize>(team: &Team, c: &mut [R], m: usize, a: &[R], b: B) {
    let k = b.inner();
    let mut panel = [R::ZERO; ROOM];
    let height = if m * k <= ROOM { m } else { ROOM / k / 32 * 32 };
    for first in (0..m).step_by(height.max(1)).rev() {
        let count = height.min(m - first);
        let panel = &mut panel[..count * k];
        let (to, from) = (Columns { data: &mut *panel, stride: count }, Columns { data: &a[first * k..], stride: k });
        R::transpose(to, from, (count, k));
        by_columns(team, c, b, RowRange { of: m, first, count }, panel, &[]);
    }
}

/// The rows of the result that a left factor makes.
#[derive(Clone, Copy)]
struct RowRange {
    of: usize,
    first: usize,
    count: usize,
}

/// Has the team make c's rows in pieces of some columns each.
#[inline(always)]
fn by_columns<R: Real, B: Right<R>>(team: &Team, c: &mut [R], b: B, rows: RowRange, a: &[R], bias: &[R]) {
    if c.is_empty() {
        return;
    }
    let (n, width) = (b.columns(), pieces::width(b.columns(), rows.count * b.inner(), 8));
    let piece = |c: &mut [R], b: B| dispatch(Product { c, rows, a, bias, b });
    if width >= n {
        return piece(c, b);
    }
    let mut parts = [const { None }; pieces::MOST];
    for (part, c) in parts.iter_mut().zip(c.chunks_mut(width * rows.of)) {
        *part = Some(c);
    }
    team.each(&mut parts[..n.div_ceil(width)], |i, c| {
        if let Some(c) = c {
            piece(c, b.part(i * width, width.min(n - i * width)));
        }
    });
}

/// One thread's part: some rows of c, all of its columns.
struct Product<'a, R, B> {
    c: &'a mut [R],
    rows: RowRange,
    a: &'a [R],
    bias: &'a [R],
    b: B,
}

impl<R: Real, B: Right<R>> WithSimd for Product<'_, R, B> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // Two vectors high, as wide as leaves a few registers for the factors.
        if has_many_registers::<S>() {
            self.compute::<S, 8>(simd);
        } else {
            self.compute::<S, 6>(simd);
        }
    }
}

/// Most lanes of a vector.
pub(super) const LANES: usize = 16;
/// A left factor and a result as small as this are copied to where a whole vector may be read and written at each
/// of their numbers.
const TINY: usize = 64;

impl<R: Real, B: Right<R>> Product<'_, R, B> {
    /// All of c in tiles of two vectors by J columns. The rows that do not fill a vector come first, because their
    /// tiles write too far down, over rows of the next columns that are yet to come.
    #[inline(always)]
    fn compute<S: Simd, const J: usize>(&mut self, simd: S) {
        let lanes = R::lanes::<S>();
        let tail = self.rows.count % lanes;
        let mut row = self.rows.count - tail;
        if tail > 0 {
            if self.rows.count == self.rows.of && self.a.len() <= TINY && self.c.len() <= TINY {
                return self.tiny::<S, J>(simd);
            }
            self.stretch::<S, 1, J, true>(simd, row, tail);
        }
        while row > 0 {
            if self.b.columns() == 1 && row >= 4 * lanes {
                row -= 4 * lanes;
                self.stretch::<S, 4, 1, false>(simd, row, 0);
            } else if row >= 2 * lanes {
                row -= 2 * lanes;
                self.stretch::<S, 2, J, false>(simd, row, 0);
            } else {
                row -= lanes;
                self.stretch::<S, 1, J, false>(simd, row, 0);
            }
        }
    }

    /// The same on copies with room behind them.
    #[inline(always)]
    fn tiny<S: Simd, const J: usize>(&mut self, simd: S) {
        let (mut a, mut c) = ([R::ZERO; TINY + LANES], [R::ZERO; TINY + LANES]);
        a[..self.a.len()].copy_from_slice(self.a);
        let mut copy = Product { c: &mut c, a: &a, ..*self };
        let lanes = R::lanes::<S>();
        let (tail, whole) = (self.rows.count % lanes, self.rows.count / lanes * lanes);
        copy.stretch::<S, 1, J, true>(simd, whole, tail);
        for row in (0..whole).step_by(lanes) {
            copy.stretch::<S, 1, J, false>(simd, row, 0);
        }
        self.c.copy_from_slice(&c[..self.c.len()]);
    }

    /// V vectors of rows of c from `row`, J columns at a time. Where `PART`, V is 1 and only `used` rows count.
    #[inline(always)]
    fn stretch<S: Simd, const V: usize, const J: usize, const PART: bool>(&mut self, simd: S, row: usize, used: usize) {
        let start: [R::Vector<S>; V] = if self.bias.is_empty() {
            [R::splat(simd, R::ZERO); V]
        } else if PART {
            [padded::<R, S>(&self.bias[row..]); V]
        } else {
            vectors::<R, S, V>(simd, &self.bias[row..])
        };
        let (mut column, n) = (0, self.b.columns());
        while column + J <= n {
            self.tile::<S, V, J, PART>(simd, row, used, column, &start);
            column += J;
        }
        if J > 4 && column + 4 <= n {
            self.tile::<S, V, 4, PART>(simd, row, used, column, &start);
            column += 4;
        }
        if J > 2 && column + 2 <= n {
            self.tile::<S, V, 2, PART>(simd, row, used, column, &start);
            column += 2;
        }
        if J > 1 && column < n {
            self.tile::<S, V, 1, PART>(simd, row, used, column, &start);
        }
    }

    /// V vectors of rows and J columns of c, each a sum in the order of k.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const J: usize, const PART: bool>(
        &mut self,
        simd: S,
        row: usize,
        used: usize,
        column: usize,
        start: &[R::Vector<S>; V],
    ) {
        let (m, k, a, lanes) = (self.rows.count, self.b.inner(), self.a, R::lanes::<S>());
        let b = self.b.stretch::<J>(column);
        let mut sums = [*start; J];
        // Up to here a whole vector lies from `row` on, if partly in the next columns; those lanes are not used.
        let whole = if PART { ((a.len() + m).saturating_sub(row + lanes) / m).min(k) } else { k };
        for p in 0..whole {
            add(simd, &mut sums, vectors::<R, S, V>(simd, &a[p * m + row..]), b(p));
        }
        for p in whole..k {
            add(simd, &mut sums, [padded::<R, S>(&a[p * m + row..]); V], b(p));
        }
        for (j, sums) in sums.iter().enumerate() {
            let c = &mut self.c[(column + j) * self.rows.of + self.rows.first + row..];
            if !PART || c.len() >= lanes {
                for (v, &sum) in sums.iter().enumerate() {
                    R::store::<S>(&mut c[v * lanes..], sum);
                }
            } else {
                let mut whole = [R::ZERO; LANES];
                R::store::<S>(&mut whole, sums[0]);
                c[..used].copy_from_slice(&whole[..used]);
            }
        }
    }
}

/// The first V vectors of `xs`.
#[inline(always)]
pub(super) fn vectors<R: Real, S: Simd, const V: usize>(simd: S, xs: &[R]) -> [R::Vector<S>; V] {
    let (lanes, mut vectors) = (R::lanes::<S>(), [R::splat(simd, R::ZERO); V]);
    let xs = &xs[..V * lanes];
    for (v, vector) in vectors.iter_mut().enumerate() {
        *vector = R::load::<S>(&xs[v * lanes..]);
    }
    vectors
}

/// One row of the right factor times V vectors of a column of the left.
#[inline(always)]
pub(super) fn add<R: Real, S: Simd, const V: usize, const J: usize>(
    simd: S,
    sums: &mut [[R::Vector<S>; V]; J],
    a: [R::Vector<S>; V],
    b: [R; J],
) {
    for (sums, b) in sums.iter_mut().zip(b) {
        let b = R::splat(simd, b);
        for (sum, a) in sums.iter_mut().zip(a) {
            *sum = R::mul_add(simd, a, b, *sum);
        }
    }
}

/// A vector of the first numbers of `xs`, zeros where there are too few.
#[inline(always)]
pub(super) fn padded<R: Real, S: Simd>(xs: &[R]) -> R::Vector<S> {
    let mut whole = [R::ZERO; LANES];
    for (whole, &x) in whole.iter_mut().zip(xs) {
        *whole = x;
    }
    R::load::<S>(&whole)
}
