//! Views: a matrix over numbers that lie elsewhere, one arena's range most often. Not for ownership.

use nalgebra::{DMatrixView, DMatrixViewMut, Dyn, Matrix, U1, ViewStorageMut};

use super::Real;

/// A matrix to read, column-major; columns may lie apart, the numbers of one column may not.
pub type View<'a, R> = DMatrixView<'a, R>;
/// A matrix to write, laid out as [`View`].
pub type ViewMut<'a, R> = DMatrixViewMut<'a, R>;

/// The first `rows × columns` numbers of `data`, column after column.
///
/// # Panics
/// Where `data` holds fewer.
#[inline]
pub fn view<R: Real>(data: &[R], rows: usize, columns: usize) -> View<'_, R> {
    View::from_slice(data, rows, columns)
}

/// As [`view()`], to write.
///
/// # Panics
/// Where `data` holds fewer.
#[inline]
pub fn view_mut<R: Real>(data: &mut [R], rows: usize, columns: usize) -> ViewMut<'_, R> {
    ViewMut::from_slice(data, rows, columns)
}

/// All numbers of a view, where its columns touch.
#[inline]
pub(super) fn flat<'a, R: Real>(view: &View<'a, R>) -> Option<&'a [R]> {
    let (rows, columns) = view.shape();
    // SAFETY: the view covers `rows * columns` numbers from its start without a gap, for 'a.
    #[allow(unsafe_code, reason = "nalgebra has no checked way from a view with run-time strides to its slice")]
    (view.strides().1 == rows || columns <= 1)
        .then(|| unsafe { std::slice::from_raw_parts(view.as_ptr(), rows * columns) })
}

/// All numbers of a view with what lies between its columns, and how far apart they are.
#[inline]
pub(super) fn strided<'a, R: Real>(view: &View<'a, R>) -> (&'a [R], usize) {
    let ((rows, columns), stride) = (view.shape(), view.strides().1);
    let count = if rows == 0 || columns == 0 { 0 } else { (columns - 1) * stride + rows };
    // SAFETY: a view's numbers lie in one slice that was borrowed for 'a, columns `stride` apart, up to the last number
    // of the last column; views are made from slices and from views alone.
    #[allow(unsafe_code, reason = "nalgebra has no checked way from a view with run-time strides to its slice")]
    (unsafe { std::slice::from_raw_parts(view.as_ptr(), count) }, stride)
}

/// As [`flat`], to write.
#[inline]
pub(super) fn flat_mut<'a, R: Real>(view: &'a mut ViewMut<'_, R>) -> Option<&'a mut [R]> {
    let (rows, columns) = view.shape();
    // SAFETY: as in `flat`; the view is borrowed mutably for as long as the slice lives.
    #[allow(unsafe_code, reason = "nalgebra has no checked way from a view with run-time strides to its slice")]
    (view.strides().1 == rows || columns <= 1)
        .then(|| unsafe { std::slice::from_raw_parts_mut(view.as_mut_ptr(), rows * columns) })
}

/// Cuts a view in two before column `at`.
///
/// # Panics
/// Where there is no such column.
#[inline]
pub fn split_columns<R: Real>(view: ViewMut<'_, R>, at: usize) -> (ViewMut<'_, R>, ViewMut<'_, R>) {
    let (rows, columns) = view.shape();
    assert!(at <= columns);
    let offset = if at == columns { 0 } else { at * view.strides().1 };
    halves(view, offset, (rows, at), (rows, columns - at))
}

/// Cuts a view in two above row `at`.
///
/// # Panics
/// Where there is no such row.
#[inline]
pub fn split_rows<R: Real>(view: ViewMut<'_, R>, at: usize) -> (ViewMut<'_, R>, ViewMut<'_, R>) {
    let (rows, columns) = view.shape();
    assert!(at <= rows);
    let offset = if at == rows { 0 } else { at };
    halves(view, offset, (at, columns), (rows - at, columns))
}

/// Two parts of a view that share no number: the first starts where it starts, the second at `offset`.
fn halves<R: Real>(
    mut view: ViewMut<'_, R>,
    offset: usize,
    first: (usize, usize),
    second: (usize, usize),
) -> (ViewMut<'_, R>, ViewMut<'_, R>) {
    let (strides, start) = ((U1, Dyn(view.strides().1)), view.as_mut_ptr());
    let part = |start: *mut R, (rows, columns): (usize, usize)| {
        // SAFETY: both callers name parts of `view`, by rows or by columns, that lie in it and share no number (an
        // empty part starts at the view's start and holds none); `view` is consumed, so nothing else reaches them.
        #[allow(unsafe_code, reason = "nalgebra splits a borrowed view only, which cannot be done in a loop")]
        unsafe {
            ViewStorageMut::from_raw_parts(start, (Dyn(rows), Dyn(columns)), strides)
        }
    };
    // An empty view has nowhere to step to.
    let offset = if second.0 == 0 || second.1 == 0 { 0 } else { offset };
    (Matrix::from_data(part(start, first)), Matrix::from_data(part(start.wrapping_add(offset), second)))
}
