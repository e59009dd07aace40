//! The products of a dense layer, forward and backward. Three ways by size: plain vectorised loops for a few
//! neurons, a matrix-vector loop for one row of data, the product kernel for the rest, cut into pieces for a
//! [`Team`] by shape alone. Not for layers: bias and activation of the engine's steps live there.
//!
//! Letters: a layer with `in` inputs and `out` neurons has weights W: out × in, input X: in × batch, output
//! Y: out × batch; dY is ∂L/∂Y.

mod large;
mod small;

use super::view::{flat, flat_mut};
use super::{Real, Team, View, ViewMut, wide};
use small::Right;

/// Y ← W X + b, b added to every column; an empty `b` adds nothing.
///
/// # Panics
/// Where the shapes do not fit: y: out × batch, w: out × in, b: out or none, x: in × batch.
pub fn affine<R: Real>(team: &Team, mut y: ViewMut<'_, R>, w: View<'_, R>, b: &[R], x: View<'_, R>) {
    let (out, batch, inner) = (y.nrows(), y.ncols(), w.ncols());
    assert!(w.nrows() == out && x.shape() == (inner, batch) && (b.is_empty() || b.len() == out), "shapes of W X + b");
    if (small::fits(out, batch, inner) || batch == 1)
        && let (Some(y), Some(w), Some(x)) = (flat_mut(&mut y), flat(&w), flat(&x))
    {
        return small::product(y, out, w, b, Right::columns(x, inner, batch));
    }
    for mut column in y.column_iter_mut() {
        if b.is_empty() {
            column.fill(R::ZERO);
        } else {
            column.copy_from_slice(b);
        }
    }
    large::add(team, y, large::Factor::of(&w), large::Factor::of(&x));
}

/// dW ← dY Xᵀ, the sum over the batch.
///
/// # Panics
/// Where the shapes do not fit: dw: out × in, dy: out × batch, x: in × batch.
pub fn weight_gradient<R: Real>(team: &Team, mut dw: ViewMut<'_, R>, dy: View<'_, R>, x: View<'_, R>) {
    let (out, inputs, batch) = (dw.nrows(), dw.ncols(), dy.ncols());
    assert!(dy.nrows() == out && x.shape() == (inputs, batch), "shapes of dY Xᵀ");
    if small::fits(out, inputs, batch)
        && let (Some(dw), Some(dy), Some(x)) = (flat_mut(&mut dw), flat(&dy), flat(&x))
    {
        return small::product(dw, out, dy, &[], Right::rows(x, batch, inputs));
    }
    dw.fill(R::ZERO);
    large::add(team, dw, large::Factor::of(&dy), large::Factor::of(&x).transposed());
}

/// db ← the sum of dY's columns.
///
/// # Panics
/// Where `db` is not as long as dY has rows.
pub fn bias_gradient<R: Real>(db: &mut [R], dy: View<'_, R>) {
    assert_eq!(db.len(), dy.nrows(), "shapes of the bias gradient");
    wide(
        #[inline(always)]
        || {
            db.fill(R::ZERO);
            for column in dy.column_iter() {
                for (b, &d) in db.iter_mut().zip(column.as_slice()) {
                    *b += d;
                }
            }
        },
    );
}

/// dX ← Wᵀ dY.
///
/// # Panics
/// Where the shapes do not fit: dx: in × batch, w: out × in, dy: out × batch.
pub fn input_gradient<R: Real>(team: &Team, mut dx: ViewMut<'_, R>, w: View<'_, R>, dy: View<'_, R>) {
    let (inputs, batch, out) = (dx.nrows(), dx.ncols(), w.nrows());
    assert!(w.ncols() == inputs && dy.shape() == (out, batch), "shapes of Wᵀ dY");
    if small::fits(inputs, batch, out)
        && let (Some(dx), Some(w), Some(dy)) = (flat_mut(&mut dx), flat(&w), flat(&dy))
    {
        return small::transposed_product(dx, inputs, w, Right::columns(dy, out, batch));
    }
    dx.fill(R::ZERO);
    large::add(team, dx, large::Factor::of(&w).transposed(), large::Factor::of(&dy));
}

#[cfg(test)]
mod tests;
