//! The products of a dense layer, forward and backward. Two ways by size: where the left factor stays near the
//! processor, tiles over the factors where they lie (one neuron, one row of data and a whole batch alike); for greater
//! ones tiles over packed blocks. Not for layers: bias and activation of the engine's steps live there.
//!
//! Either way a number is one chain of fused multiply-adds in the order of the inner side, from its bias on: the way,
//! the pieces for a [`Team`] and the processor's vectors and caches decide the time, and not a bit.
//!
//! Letters: a layer with `in` inputs and `out` neurons has weights W: out × in, input X: in × batch, output
//! Y: out × batch; dY is ∂L/∂Y.

mod interleaved;
mod near;
mod packed;
mod pieces;

use super::view::{flat, flat_mut, strided};
use super::{Real, Team, View, ViewMut, wide};
pub use interleaved::{
    ABREAST, Abreast, affine_abreast, gradients_abreast, input_gradient_abreast, lay_abreast, lay_in_rows,
};
use near::{ByColumn, ByRow};
use packed::Factor;

/// Whether threads do well to take rows of their own through a layer: where the weights are near. A row's bits are
/// the same whichever rows are computed with it, but each thread would pack greater weights anew.
pub fn is_row_independent<R: Real>(out: usize, inputs: usize) -> bool {
    near::fits::<R>(out, inputs) && out <= near::DEEPEST
}

/// Y ← W X + b, b added to every column; an empty `b` adds nothing.
///
/// # Panics
/// Where the shapes do not fit: y: out × batch, w: out × in, b: out or none, x: in × batch.
#[inline]
pub fn affine<R: Real>(team: &Team, mut y: ViewMut<'_, R>, w: View<'_, R>, b: &[R], x: View<'_, R>) {
    let (out, batch, inputs) = (y.nrows(), y.ncols(), w.ncols());
    assert!(w.nrows() == out && x.shape() == (inputs, batch) && (b.is_empty() || b.len() == out), "shapes of W X + b");
    if near::fits::<R>(out, inputs)
        && let (Some(y), Some(w), Some(x)) = (flat_mut(&mut y), flat(&w), flat(&x))
    {
        return near::product(team, y, out, w, b, ByColumn { data: x, k: inputs, n: batch });
    }
    packed::product(team, y, Factor::of(&w), Factor::of(&x), b);
}

/// dW ← dY Xᵀ, the sum over the batch.
///
/// # Panics
/// Where the shapes do not fit: dw: out × in, dy: out × batch, x: in × batch.
#[inline]
pub fn weight_gradient<R: Real>(team: &Team, mut dw: ViewMut<'_, R>, dy: View<'_, R>, x: View<'_, R>) {
    let (out, inputs, batch) = (dw.nrows(), dw.ncols(), dy.ncols());
    assert!(dy.nrows() == out && x.shape() == (inputs, batch), "shapes of dY Xᵀ");
    if near::fits::<R>(out, batch)
        && let (Some(dw), Some(dy)) = (flat_mut(&mut dw), flat(&dy))
    {
        if let Some(x) = flat(&x).filter(|_| out == 1) {
            // One row is a column on its side: X dyᵀ fills vectors, dy Xᵀ would not.
            return near::product(team, dw, inputs, x, &[], ByColumn { data: dy, k: batch, n: 1 });
        }
        let (data, stride) = strided(&x);
        return near::product(team, dw, out, dy, &[], ByRow { data, k: batch, n: inputs, stride });
    }
    packed::product(team, dw, Factor::of(&dy), Factor::of(&x).transposed(), &[]);
}

/// How many columns of a weights' gradient are worth a piece of their own: all where they cannot be cut.
pub fn weight_gradient_together(out: usize, inputs: usize, batch: usize) -> usize {
    if out == 1 { inputs } else { pieces::width(inputs, out.saturating_mul(batch), 8) }
}

/// db ← the sum of dY's columns.
///
/// # Panics
/// Where `db` is not as long as dY has rows.
#[inline]
pub fn bias_gradient<R: Real>(db: &mut [R], dy: View<'_, R>) {
    assert_eq!(db.len(), dy.nrows(), "shapes of the bias gradient");
    wide(
        #[inline(always)]
        || {
            let mut row = 0;
            while row + 64 <= db.len() {
                row_sums::<R, 64>(&mut db[row..], &dy, row);
                row += 64;
            }
            while row + 16 <= db.len() {
                row_sums::<R, 16>(&mut db[row..], &dy, row);
                row += 16;
            }
            while row < db.len() {
                row_sums::<R, 1>(&mut db[row..], &dy, row);
                row += 1;
            }
        },
    );
}

/// The sums of L rows from `row`.
#[inline(always)]
fn row_sums<R: Real, const L: usize>(db: &mut [R], dy: &View<'_, R>, row: usize) {
    let mut sums = [R::ZERO; L];
    for column in dy.column_iter() {
        for (sum, &d) in sums.iter_mut().zip(&column.as_slice()[row..row + L]) {
            *sum += d;
        }
    }
    db[..L].copy_from_slice(&sums);
}

/// dX ← Wᵀ dY.
///
/// # Panics
/// Where the shapes do not fit: dx: in × batch, w: out × in, dy: out × batch.
#[inline]
pub fn input_gradient<R: Real>(team: &Team, mut dx: ViewMut<'_, R>, w: View<'_, R>, dy: View<'_, R>) {
    let (inputs, batch, out) = (dx.nrows(), dx.ncols(), w.nrows());
    assert!(w.ncols() == inputs && dy.shape() == (out, batch), "shapes of Wᵀ dY");
    if near::fits::<R>(inputs, out)
        && out <= near::DEEPEST
        && let (Some(dx), Some(w), Some(dy)) = (flat_mut(&mut dx), flat(&w), flat(&dy))
    {
        return near::transposed_product(team, dx, inputs, w, ByColumn { data: dy, k: out, n: batch });
    }
    packed::product(team, dx, Factor::of(&w).transposed(), Factor::of(&dy), &[]);
}

#[cfg(test)]
mod tests;
