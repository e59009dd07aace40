//! The products of a dense layer for sixteen rows of data interleaved: each neuron's values of the rows lie side by
//! side, so that a layer of one neuron fills vectors as well as one of many. For networks of a few neurons, where all
//! else costs more than the arithmetic. Not for larger layers: the weights' gradient takes a sum across a vector for
//! each weight, which is one of 32 bytes on every processor, for its width is the order of the sum.

use pulp::{Simd, WithSimd};

use crate::tensor::Real;
use crate::tensor::wide::{dispatch, dispatch_halves};

/// How many rows.
pub const ABREAST: usize = 16;

/// One neuron's numbers of the rows.
pub type Abreast<R> = [R; ABREAST];

/// Y ← W X + b; an empty `b` adds nothing. Y: out, X: in, W: out × in, column after column.
///
/// # Panics
/// Where the shapes do not fit.
pub fn affine_abreast<R: Real>(y: &mut [Abreast<R>], w: &[R], b: &[R], x: &[Abreast<R>]) {
    assert!(w.len() == y.len() * x.len() && (b.is_empty() || b.len() == y.len()), "shapes of W X + b");
    let strides = (1, y.len());
    dispatch(Weigh { y, w, strides, b, x });
}

/// dX ← Wᵀ dY. dX: in, dY: out, W as in [`affine_abreast`].
///
/// # Panics
/// Where the shapes do not fit.
pub fn input_gradient_abreast<R: Real>(dx: &mut [Abreast<R>], w: &[R], dy: &[Abreast<R>]) {
    assert!(w.len() == dx.len() * dy.len(), "shapes of Wᵀ dY");
    let strides = (dy.len(), 1);
    dispatch(Weigh { y: dx, w, strides, b: &[], x: dy });
}

/// dW ← dW + dY Xᵀ and db ← db + the sum of dY over the rows; no `db` where it is empty.
///
/// # Panics
/// Where the shapes do not fit: dW: out × in, db: out or none, dY: out, X: in.
pub fn gradients_abreast<R: Real>(dw: &mut [R], db: &mut [R], dy: &[Abreast<R>], x: &[Abreast<R>]) {
    assert!(dw.len() == dy.len() * x.len() && (db.is_empty() || db.len() == dy.len()), "shapes of dY Xᵀ");
    dispatch_halves(Gradients { dw, db, dy, x });
}

/// Rows of numbers, one after the other, side by side; zeros where there are no more.
#[inline(always)]
pub fn lay_abreast<R: Real>(interleaved: &mut [Abreast<R>], rows: &[R]) {
    let width = interleaved.len();
    if rows.len() < width * ABREAST {
        interleaved.fill([R::ZERO; ABREAST]);
    }
    for (r, row) in rows.chunks_exact(width).take(ABREAST).enumerate() {
        for (unit, &x) in interleaved.iter_mut().zip(row) {
            unit[r] = x;
        }
    }
}

/// The way back.
#[inline(always)]
pub fn lay_in_rows<R: Real>(rows: &mut [R], interleaved: &[Abreast<R>]) {
    for (r, row) in rows.chunks_exact_mut(interleaved.len()).take(ABREAST).enumerate() {
        for (x, unit) in row.iter_mut().zip(interleaved) {
            *x = unit[r];
        }
    }
}

/// y[u] ← b[u] + Σ w[u, i] x[i], the weight of u and i at `u · strides.0 + i · strides.1`.
struct Weigh<'a, R> {
    y: &'a mut [Abreast<R>],
    w: &'a [R],
    strides: (usize, usize),
    b: &'a [R],
    x: &'a [Abreast<R>],
}

impl<R: Real> WithSimd for Weigh<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = R::lanes::<S>();
        for (u, y) in self.y.iter_mut().enumerate() {
            let start = R::splat(simd, self.b.get(u).copied().unwrap_or(R::ZERO));
            let weights = &self.w[u * self.strides.0..];
            for (part, y) in y.chunks_exact_mut(lanes).enumerate() {
                let mut sum = start;
                for (x, &w) in self.x.iter().zip(weights.iter().step_by(self.strides.1)) {
                    sum = R::mul_add(simd, R::splat(simd, w), R::load::<S>(&x[part * lanes..]), sum);
                }
                R::store::<S>(y, sum);
            }
        }
    }
}

struct Gradients<'a, R> {
    dw: &'a mut [R],
    db: &'a mut [R],
    dy: &'a [Abreast<R>],
    x: &'a [Abreast<R>],
}

impl<R: Real> WithSimd for Gradients<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = R::lanes::<S>();
        let zero = R::splat(simd, R::ZERO);
        for (dw, x) in self.dw.chunks_exact_mut(self.dy.len()).zip(self.x) {
            for (dw, dy) in dw.iter_mut().zip(self.dy) {
                let mut sum = zero;
                for (dy, x) in dy.chunks_exact(lanes).zip(x.chunks_exact(lanes)) {
                    sum = R::mul_add(simd, R::load::<S>(dy), R::load::<S>(x), sum);
                }
                *dw += R::reduce_sum(simd, sum);
            }
        }
        let one = R::splat(simd, R::ONE);
        for (db, dy) in self.db.iter_mut().zip(self.dy) {
            let mut sum = zero;
            for dy in dy.chunks_exact(lanes) {
                sum = R::mul_add(simd, R::load::<S>(dy), one, sum);
            }
            *db += R::reduce_sum(simd, sum);
        }
    }
}
