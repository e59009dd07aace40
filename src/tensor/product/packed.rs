//! Products of factors too great to be read again and again where they lie: blocks of both are packed into strips,
//! which tiles of the result then read from end to end. A number of the result is one chain of fused multiply-adds in
//! the order of the inner side, its bias first, for a block goes on with the sums that the block before it left. So
//! neither blocks nor pieces nor the processor's vectors and caches decide a bit.

mod few;
mod room;
mod strips;
mod tiles;

use super::pieces;
use crate::tensor::view::{flat_mut, split_columns, split_rows, strided, view_mut};
use crate::tensor::wide::dispatch;
use crate::tensor::{Real, Team, View, ViewMut};
use room::{Use, with_room};
use strips::pack;
use tiles::{Block, COLUMNS, MOST_ROWS};

/// The inner side of a block: a strip of either factor stays in the first cache.
const DEPTH: usize = 256;
/// Columns of the right factor that are packed at once: they stay in the last cache.
const WIDTH: usize = 2048;
/// Bytes of a block's columns of the left factor: the block stays in the second cache.
const HEIGHT: usize = 768;

/// A factor of a product: a matrix, or one to be read transposed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor<'a, R> {
    /// A contiguous run of numbers every `stride`.
    data: &'a [R],
    stride: usize,
    rows: usize,
    columns: usize,
    /// Whether the runs are rows, not columns.
    by_row: bool,
}

impl<'a, R: Real> Factor<'a, R> {
    pub(super) fn of(view: &View<'a, R>) -> Self {
        let ((rows, columns), (data, stride)) = (view.shape(), strided(view));
        Self { data, stride, rows, columns, by_row: false }
    }

    pub(super) fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, by_row: !self.by_row, ..self }
    }

    /// One number.
    #[inline(always)]
    fn at(&self, row: usize, column: usize) -> R {
        let (run, within) = if self.by_row { (row, column) } else { (column, row) };
        self.data[run * self.stride + within]
    }

    /// `count` rows from `first`, `depth` columns from `from`.
    fn part(self, (first, count): (usize, usize), (from, depth): (usize, usize)) -> Self {
        assert!(first + count <= self.rows && from + depth <= self.columns, "a part of a factor");
        let start = if self.by_row { first * self.stride + from } else { from * self.stride + first };
        Self { data: self.data.get(start..).unwrap_or_default(), rows: count, columns: depth, ..self }
    }
}

/// What the sums of a block start from.
#[derive(Clone, Copy, Debug)]
enum Start<'a, R> {
    Bias(&'a [R]),
    Zero,
    /// What is there.
    Sums,
}

impl<R> Start<'_, R> {
    /// For the rows of a part.
    fn part(&self, (first, count): (usize, usize)) -> Self {
        match self {
            Self::Bias(bias) => Self::Bias(&bias[first..first + count]),
            Self::Zero => Self::Zero,
            Self::Sums => Self::Sums,
        }
    }
}

/// c ← a b + bias per column; an empty bias adds nothing.
pub(super) fn product<R: Real>(team: &Team, mut c: ViewMut<'_, R>, a: Factor<'_, R>, b: Factor<'_, R>, bias: &[R]) {
    let ((m, n), k) = (c.shape(), a.columns);
    assert!(a.rows == m && b.rows == k && b.columns == n, "shapes of a product");
    if m == 1
        && let Some(row) = flat_mut(&mut c)
    {
        // One row is a column on its side, and fills vectors so.
        row.fill(bias.first().copied().unwrap_or(R::ZERO));
        return begun(team, view_mut(row, n, 1), b.transposed(), a.transposed(), Start::Sums);
    }
    begun(team, c, a, b, if bias.is_empty() { Start::Zero } else { Start::Bias(bias) });
}

/// c ← start + a b.
fn begun<R: Real>(team: &Team, mut c: ViewMut<'_, R>, a: Factor<'_, R>, b: Factor<'_, R>, first: Start<'_, R>) {
    let ((m, n), k) = (c.shape(), a.columns);
    if m == 0 || n == 0 {
        return;
    }
    if few::takes(&a, n) || k == 0 {
        return few::product(team, c, a, b, first);
    }
    let (b, columns) = (b.transposed(), n.min(WIDTH));
    with_room(Use::Right, columns.next_multiple_of(COLUMNS) * k.min(DEPTH), |room| {
        for column in (0..n).step_by(WIDTH) {
            let columns = (column, WIDTH.min(n - column));
            for from in (0..k).step_by(DEPTH) {
                let inner = (from, DEPTH.min(k - from));
                pack_right(team, room, b.part(columns, inner));
                let c = c.columns_mut(columns.0, columns.1);
                let start = if from == 0 { first } else { Start::Sums };
                multiply(team, c, a.part((0, m), inner), room, start);
            }
        }
    });
}

/// Has the team pack columns of the right factor, which are the rows of `b`.
fn pack_right<R: Real>(team: &Team, room: &mut [R], b: Factor<'_, R>) {
    let width = pieces::width(b.rows, 8 * b.columns, COLUMNS);
    let mut parts = [const { None }; pieces::MOST];
    let count = b.rows.div_ceil(width);
    for (part, room) in parts.iter_mut().zip(room.chunks_mut(width.next_multiple_of(COLUMNS) * b.columns)) {
        *part = Some(room);
    }
    team.each(&mut parts[..count], |i, room| {
        let (first, Some(strips)) = (i * width, room.take()) else { return };
        pack(strips, b.part((first, width.min(b.rows - first)), (0, b.columns)), COLUMNS);
    });
}

/// Has the team make c's numbers of one packed part of the right factor, or take them further.
fn multiply<R: Real>(team: &Team, c: ViewMut<'_, R>, a: Factor<'_, R>, b: &[R], start: Start<'_, R>) {
    let ((m, n), depth) = (c.shape(), a.columns);
    let height = pieces::width(m, n.saturating_mul(depth), MOST_ROWS);
    // Where there are few rows, the columns are cut, too.
    let width = pieces::width(n, height.saturating_mul(depth), COLUMNS)
        .max(n.div_ceil(pieces::MOST / m.div_ceil(height)).next_multiple_of(COLUMNS));
    let mut parts = [const { None }; pieces::MOST];
    let (mut rest, mut used) = (c, 0);
    for first in (0..m).step_by(height) {
        let (mut rows, below) = split_rows(rest, height.min(m - first));
        for column in (0..n).step_by(width) {
            let (part, right) = split_columns(rows, width.min(n - column));
            parts[used] = Some((first, column, part));
            (rows, used) = (right, used + 1);
        }
        rest = below;
    }
    team.each(&mut parts[..used], |_, part| {
        let Some((first, column, c)) = part.take() else { return };
        let rows = (first, c.nrows());
        piece(c, a.part(rows, (0, depth)), &b[column * depth..], start.part(rows));
    });
}

/// One thread's part, block by block.
fn piece<R: Real>(mut c: ViewMut<'_, R>, a: Factor<'_, R>, b: &[R], start: Start<'_, R>) {
    let (m, height) = (c.nrows(), HEIGHT / size_of::<R>());
    with_room(Use::Left, height.min(m).next_multiple_of(MOST_ROWS) * a.columns, |room| {
        for first in (0..m).step_by(height) {
            let rows = (first, height.min(m - first));
            let c = c.rows_mut(rows.0, rows.1);
            dispatch(Block { c, a: a.part(rows, (0, a.columns)), room: &mut *room, b, start: start.part(rows) });
        }
    });
}
