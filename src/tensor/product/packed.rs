//! Products of factors too great to be read again and again where they lie, on a product kernel that packs them, cut into pieces for a team. A piece is one call of the kernel on one thread, and
//! the cuts follow from the shape alone: hence the same bits for any number of threads.

use std::marker::PhantomData;

use super::pieces;
use crate::tensor::view::{split_columns, split_rows};
use crate::tensor::{Real, Team, View, ViewMut};

/// Cuts fall on multiples of these, the heights and widths of the kernel's tiles.
const GRAIN: (usize, usize) = (64, 48);

/// Most pieces: each packs the whole of the other factor.
const MOST: usize = 4;

/// A factor of a product, by strides.
#[derive(Clone, Copy)]
pub(super) struct Factor<'a, R> {
    data: *const R,
    rows: usize,
    columns: usize,
    row_stride: isize,
    column_stride: isize,
    borrow: PhantomData<&'a R>,
}

// SAFETY: a factor stands for a shared borrow of its numbers, made from a view alone.
#[allow(unsafe_code, reason = "a pointer that stands for a shared borrow")]
unsafe impl<R: Real> Sync for Factor<'_, R> {}

impl<'a, R: Real> Factor<'a, R> {
    pub(super) fn of(view: &View<'a, R>) -> Self {
        let ((rows, columns), (_, stride)) = (view.shape(), view.strides());
        Self { data: view.as_ptr(), rows, columns, row_stride: 1, column_stride: stride as isize, borrow: PhantomData }
    }

    pub(super) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// `count` rows from `first`.
    fn rows(self, first: usize, count: usize) -> Self {
        assert!(count > 0 && first + count <= self.rows);
        Self { data: self.data.wrapping_offset(first as isize * self.row_stride), rows: count, ..self }
    }

    /// `count` columns from `first`.
    fn columns(self, first: usize, count: usize) -> Self {
        self.transposed().rows(first, count).transposed()
    }
}

/// c ← a b + bias per column; an empty bias adds nothing.
pub(super) fn product<R: Real>(team: &Team, c: ViewMut<'_, R>, a: Factor<'_, R>, b: Factor<'_, R>, bias: &[R]) {
    let (m, n, k) = (c.nrows(), c.ncols(), a.columns);
    let by_rows = m >= n;
    let side = if by_rows { m } else { n };
    let (each, grain) = if by_rows { (n.saturating_mul(k), GRAIN.0) } else { (m.saturating_mul(k), GRAIN.1) };
    let width = pieces::width(side, each, grain).max(side.div_ceil(MOST).next_multiple_of(grain));
    // A factor that is used once, as by one row of data, is read fastest from end to end.
    if width >= side || m.min(n) < 8 {
        return kernel(c, a, b, bias);
    }
    let mut parts = [const { None }; pieces::MOST];
    let (mut rest, mut first, mut used) = (c, 0, 0);
    while first < side {
        let count = width.min(side - first);
        let (part, left) = if by_rows { split_rows(rest, count) } else { split_columns(rest, count) };
        parts[used] = Some(part);
        (rest, first, used) = (left, first + count, used + 1);
    }
    team.each(&mut parts[..used], |i, part| {
        let Some(part) = part.take() else { return };
        let (first, count) = (i * width, if by_rows { part.nrows() } else { part.ncols() });
        if by_rows {
            kernel(part, a.rows(first, count), b, if bias.is_empty() { bias } else { &bias[first..first + count] });
        } else {
            kernel(part, a, b.columns(first, count), bias);
        }
    });
}

/// One piece, on this thread.
fn kernel<R: Real>(mut c: ViewMut<'_, R>, a: Factor<'_, R>, b: Factor<'_, R>, bias: &[R]) {
    let ((m, n), stride, k) = (c.shape(), c.strides().1 as isize, a.columns);
    assert!(a.rows == m && b.rows == k && b.columns == n, "shapes of a product");
    if !bias.is_empty() {
        for mut column in c.column_iter_mut() {
            column.as_mut_slice().copy_from_slice(bias);
        }
    }
    // SAFETY: `c` is a mutable borrow of m × n numbers at these strides, `a` and `b` stand for shared borrows of
    // m × k and k × n numbers at theirs, and the shapes were compared above; the kernel touches no others.
    // R is f32 or f64, both of which it knows.
    #[allow(unsafe_code, reason = "the product kernel takes pointers and strides; 3 to 100 times a plain loop")]
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            stride,
            1,
            !bias.is_empty(),
            a.data,
            a.column_stride,
            a.row_stride,
            b.data,
            b.column_stride,
            b.row_stride,
            R::ONE,
            R::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
