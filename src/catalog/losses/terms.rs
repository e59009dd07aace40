//! Losses that are, for a row, the mean over its outputs of one term each: what goes over the rows. Not for what a
//! term is.

use crate::tensor::Real;

/// rows ← the mean over a row's outputs of term(a, t). a, t: width × rows.
#[inline(always)]
pub(super) fn means<R: Real>(rows: &mut [R], a: &[R], t: &[R], width: usize, term: impl Fn(R, R) -> R) {
    let n = R::of(width as f64);
    for ((row, a), t) in rows.iter_mut().zip(a.chunks_exact(width)).zip(t.chunks_exact(width)) {
        *row = a.iter().zip(t).map(|(&a, &t)| term(a, t)).sum::<R>() / n;
    }
}

/// gradient ← weight·slope(a, t)/width, slope being a term's in a. gradient, a, t: width × rows; a weight for each row.
#[inline(always)]
pub(super) fn slopes<R: Real>(
    gradient: &mut [R],
    (a, t): (&[R], &[R]),
    weights: &[R],
    width: usize,
    slope: impl Fn(R, R) -> R,
) {
    let n = R::of(width as f64);
    let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
    for (((g, a), t), &weight) in rows.zip(weights) {
        for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
            *g = slope(a, t) * weight / n;
        }
    }
}
