//! Products of a few neurons as plain loops over arrays that the compiler keeps in vector registers. A call costs
//! some nanoseconds, where the product kernel's packing costs some hundreds.

use crate::tensor::{Real, wide};

/// Largest number of multiplications for which these loops are the fastest, measured.
const MOST: usize = 16 * 1024;
/// Largest W that is transposed into a local array.
const MOST_TRANSPOSED: usize = 1024;

/// Whether a product m × k by k × n belongs here.
pub(super) fn fits(m: usize, n: usize, k: usize) -> bool {
    m.saturating_mul(n).saturating_mul(k) <= MOST
}

/// The right factor, k × n, by strides.
#[derive(Clone, Copy)]
pub(super) struct Right<'a, R> {
    data: &'a [R],
    k: usize,
    n: usize,
    row: usize,
    column: usize,
}

impl<'a, R> Right<'a, R> {
    /// `data` holds it column after column.
    pub(super) fn columns(data: &'a [R], k: usize, n: usize) -> Self {
        Self { data, k, n, row: 1, column: k }
    }

    /// `data` holds it row after row.
    pub(super) fn rows(data: &'a [R], k: usize, n: usize) -> Self {
        Self { data, k, n, row: n, column: 1 }
    }
}

/// c ← a b + bias per column. c: m × n, a: m × k, bias: m or empty.
pub(super) fn product<R: Real>(c: &mut [R], m: usize, a: &[R], bias: &[R], b: Right<'_, R>) {
    wide(
        #[inline(always)]
        || rows_of(c, m, a, bias, b),
    );
}

/// c ← aᵀ b. c: m × n, a: k × m.
pub(super) fn transposed_product<R: Real>(c: &mut [R], m: usize, a: &[R], b: Right<'_, R>) {
    let k = b.k;
    wide(
        #[inline(always)]
        || {
            if m * k <= MOST_TRANSPOSED {
                let mut transposed = [R::ZERO; MOST_TRANSPOSED];
                let transposed = &mut transposed[..m * k];
                for (i, column) in a.chunks_exact(k.max(1)).enumerate() {
                    for (p, &value) in column.iter().enumerate() {
                        transposed[p * m + i] = value;
                    }
                }
                rows_of(c, m, transposed, &[], b);
            } else {
                for (j, c) in c.chunks_exact_mut(m).enumerate() {
                    for (c, a) in c.iter_mut().zip(a.chunks_exact(k)) {
                        *c = dot(a, &b.data[j * k..][..k]);
                    }
                }
            }
        },
    );
}

/// Σ aᵢ bᵢ in sixteen running sums.
#[inline(always)]
fn dot<R: Real>(a: &[R], b: &[R]) -> R {
    let mut sums = [R::ZERO; 16];
    let (a16, a_rest) = a.as_chunks::<16>();
    let (b16, b_rest) = b.as_chunks::<16>();
    for (a, b) in a16.iter().zip(b16) {
        for l in 0..16 {
            sums[l] += a[l] * b[l];
        }
    }
    let mut width = 16;
    while width > 1 {
        width /= 2;
        for l in 0..width {
            sums[l] += sums[l + width];
        }
    }
    a_rest.iter().zip(b_rest).fold(sums[0], |sum, (&a, &b)| sum + a * b)
}

/// Takes c's rows in the widest stretches that fit.
#[inline(always)]
fn rows_of<R: Real>(c: &mut [R], m: usize, a: &[R], bias: &[R], b: Right<'_, R>) {
    let mut row = 0;
    while row + 32 <= m {
        stretch::<R, 32>(c, m, row, a, bias, b);
        row += 32;
    }
    if row + 16 <= m {
        stretch::<R, 16>(c, m, row, a, bias, b);
        row += 16;
    }
    if row + 8 <= m {
        stretch::<R, 8>(c, m, row, a, bias, b);
        row += 8;
    }
    if row + 4 <= m {
        stretch::<R, 4>(c, m, row, a, bias, b);
        row += 4;
    }
    while row < m {
        stretch::<R, 1>(c, m, row, a, bias, b);
        row += 1;
    }
}

/// L rows of c from `row`, four columns at a time.
#[inline(always)]
fn stretch<R: Real, const L: usize>(c: &mut [R], m: usize, row: usize, a: &[R], bias: &[R], b: Right<'_, R>) {
    let mut start = [R::ZERO; L];
    if !bias.is_empty() {
        start.copy_from_slice(&bias[row..row + L]);
    }
    let mut column = 0;
    while column + 4 <= b.n {
        tile::<R, L, 4>(c, m, row, column, a, start, b);
        column += 4;
    }
    while column < b.n {
        tile::<R, L, 1>(c, m, row, column, a, start, b);
        column += 1;
    }
}

/// L rows and J columns of c, each a sum in the order of k.
#[inline(always)]
fn tile<R: Real, const L: usize, const J: usize>(
    c: &mut [R],
    m: usize,
    row: usize,
    column: usize,
    a: &[R],
    start: [R; L],
    b: Right<'_, R>,
) {
    let mut sums = [start; J];
    for p in 0..b.k {
        let a = &a[p * m + row..][..L];
        for (j, sums) in sums.iter_mut().enumerate() {
            let b = b.data[p * b.row + (column + j) * b.column];
            for l in 0..L {
                sums[l] += a[l] * b;
            }
        }
    }
    for (j, sums) in sums.iter().enumerate() {
        c[(column + j) * m + row..][..L].copy_from_slice(sums);
    }
}
