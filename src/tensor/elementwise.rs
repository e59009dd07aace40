//! Functions of single numbers over slices, in place. In f32 the transcendental ones are short polynomial or rational
//! kernels, within 3·10⁻⁷ of the true value (relative) wherever that is a normal number; in f64 they are the library's.
//! Their formulas, one number at a time, are in `real::quick`. Not for what an activation does with them.

use super::view::flat_mut;
use super::{ABREAST, Real, ViewMut, lay_abreast, lay_in_rows, map, wide};

/// x ← eˣ. Overflows to infinity, underflows gradually to 0.
pub fn exp<R: Real>(xs: &mut [R]) {
    map(xs, R::quick_exp);
}

/// x ← tanh x.
pub fn tanh<R: Real>(xs: &mut [R]) {
    map(xs, R::quick_tanh);
}

/// x ← 1 / (1 + e⁻ˣ).
pub fn sigmoid<R: Real>(xs: &mut [R]) {
    map(xs, R::quick_sigmoid);
}

/// Each column ← eˣ / Σ eˣ over the column, the largest x subtracted first. A column with a NaN becomes NaN.
pub fn softmax<R: Real>(mut columns: ViewMut<'_, R>) {
    let rows = columns.nrows();
    if rows == 0 {
        return;
    }
    if let Some(all) = flat_mut(&mut columns) {
        return softmax_of(all, rows);
    }
    for mut column in columns.column_iter_mut() {
        softmax_of(column.as_mut_slice(), rows);
    }
}

/// Columns that touch. Short ones are turned, sixteen at a time, so that each step is one vector's; for the others,
/// and those that are left, the exponentials are taken over all of them in one loop. A column's bits are the same
/// either way.
fn softmax_of<R: Real>(all: &mut [R], rows: usize) {
    wide(
        #[inline(always)]
        || {
            let turned = if rows <= SHORT { all.len() / (rows * ABREAST) * (rows * ABREAST) } else { 0 };
            let (turned, all) = all.split_at_mut(turned);
            for block in turned.chunks_exact_mut(rows * ABREAST) {
                softmax_abreast(block, rows);
            }
            for column in all.chunks_exact_mut(rows) {
                let top = column.iter().fold(column[0], |top, &x| if x > top { x } else { top });
                for x in column {
                    *x -= top;
                }
            }
            for x in all.iter_mut() {
                *x = x.quick_exp();
            }
            for column in all.chunks_exact_mut(rows) {
                let mut sum = R::ZERO;
                for &x in column.iter() {
                    sum += x;
                }
                let scale = R::ONE / sum;
                for x in column {
                    *x *= scale;
                }
            }
        },
    );
}

/// The longest column that is turned.
const SHORT: usize = 32;

/// Sixteen columns.
#[inline(always)]
fn softmax_abreast<R: Real>(block: &mut [R], rows: usize) {
    let mut all = [[R::ZERO; ABREAST]; SHORT];
    let all = &mut all[..rows];
    lay_abreast(all, block);
    let mut top = all[0];
    for row in all.iter() {
        for k in 0..ABREAST {
            top[k] = if row[k] > top[k] { row[k] } else { top[k] };
        }
    }
    let mut sum = [R::ZERO; ABREAST];
    for row in all.iter_mut() {
        for k in 0..ABREAST {
            row[k] = (row[k] - top[k]).quick_exp();
            sum[k] += row[k];
        }
    }
    let scale = sum.map(|sum| R::ONE / sum);
    for row in all.iter_mut() {
        for k in 0..ABREAST {
            row[k] *= scale[k];
        }
    }
    lay_in_rows(block, all);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::view_mut;

    /// The greatest relative error over `xs`, against f64's library.
    fn error(xs: impl Iterator<Item = f32>, quick: fn(&mut [f32]), exact: fn(f64) -> f64) -> f64 {
        let xs: Vec<f32> = xs.collect();
        let mut ys = xs.clone();
        quick(&mut ys);
        let mut worst = 0.0f64;
        for (&x, &y) in xs.iter().zip(&ys) {
            let truth = exact(f64::from(x));
            let error = if truth.abs() < f64::from(f32::MIN_POSITIVE) {
                // Below the normal numbers there are no seven digits: half a step of the grid, twice.
                assert!((f64::from(y) - truth).abs() <= 2e-45, "{x}: {y}, {truth}");
                0.0
            } else {
                ((f64::from(y) - truth) / truth).abs()
            };
            assert!(error <= 3e-7, "{x:e}: {y:e}, {truth:e}, {error:e}");
            worst = worst.max(error);
        }
        worst
    }

    /// Every exponent and sign, the mantissas in steps.
    fn whole_range() -> impl Iterator<Item = f32> {
        (0..=u32::MAX / 4099).map(|i| f32::from_bits(i * 4099)).filter(|x| x.is_finite())
    }

    fn between(low: f32, high: f32) -> impl Iterator<Item = f32> {
        (0..1_000_003).map(move |i| low + (high - low) * (i as f32 / 1_000_002.0))
    }

    /// Beyond this eˣ is infinite in f32.
    fn overflow_of_exp() -> f32 {
        88.722_82
    }

    fn logistic(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn f32_kernels_keep_their_bound() {
        let overflow = overflow_of_exp();
        assert!(error(whole_range().filter(|&x| x <= overflow), exp, f64::exp) > 0.0);
        error(between(-110.0, overflow), exp, f64::exp);
        error(between(-1.0, 1.0), exp, f64::exp);
        error(whole_range(), tanh, f64::tanh);
        error(between(-10.0, 10.0), tanh, f64::tanh);
        error(between(-1.0, 1.0), tanh, f64::tanh);
        error(whole_range(), sigmoid, logistic);
        error(between(-110.0, 20.0), sigmoid, logistic);
    }

    #[test]
    fn quick_functions_keep_their_bound() {
        let ln = |xs: &mut [f32]| map(xs, Real::quick_ln);
        error(whole_range().filter(|&x| x >= f32::MIN_POSITIVE && x != 1.0), ln, f64::ln);
        error(between(1.0, 20.0).skip(1), ln, f64::ln);
        let (exp_m1, ln_1p) =
            (|xs: &mut [f32]| map(xs, Real::quick_exp_m1), |xs: &mut [f32]| map(xs, Real::quick_ln_1p));
        error(whole_range().filter(|&x| x <= overflow_of_exp()), exp_m1, f64::exp_m1);
        error(between(-20.0, 20.0), exp_m1, f64::exp_m1);
        error(between(-1.0, 1.0), exp_m1, f64::exp_m1);
        error(whole_range().filter(|&x| x >= 0.0), ln_1p, f64::ln_1p);
        error(between(0.0, 2.0), ln_1p, f64::ln_1p);
        let erf = |xs: &mut [f32]| map(xs, Real::quick_erf);
        error(whole_range().filter(|x| x.abs() < 1.0), erf, libm::erf);
        error(between(-1.0, 1.0), erf, libm::erf);
        // Further out it nears 1, and what counts is 1 + erf.
        error(between(1.0, 5.0), |xs| map(xs, |x| 1.0 + x.quick_erf()), |x| 1.0 + libm::erf(x));
        error(whole_range().filter(|&x| x >= 1.0), |xs| map(xs, |x| 1.0 + x.quick_erf()), |x| 1.0 + libm::erf(x));
        let mut xs = [f32::NAN; 3];
        exp_m1(&mut xs[..1]);
        ln_1p(&mut xs[1..2]);
        erf(&mut xs[2..]);
        assert!(xs.iter().all(|x| x.is_nan()));
        let mut xs = [1.0, f32::INFINITY, f32::NAN];
        ln(&mut xs);
        assert_eq!(xs[..2], [0.0, f32::INFINITY]);
        assert!(xs[2].is_nan());
    }

    #[test]
    fn special_values() {
        let apply = |f: fn(&mut [f32]), x: f32| {
            let mut xs = [x];
            f(&mut xs);
            xs[0]
        };
        for f in [exp::<f32>, tanh, sigmoid] {
            assert!(apply(f, f32::NAN).is_nan());
        }
        assert_eq!(apply(exp, 0.0), 1.0);
        assert_eq!(apply(exp, -0.0), 1.0);
        assert_eq!(apply(exp, f32::INFINITY), f32::INFINITY);
        assert_eq!(apply(exp, f32::MAX), f32::INFINITY);
        assert_eq!(apply(exp, f32::NEG_INFINITY), 0.0);
        assert_eq!(apply(tanh, f32::INFINITY), 1.0);
        assert_eq!(apply(tanh, f32::NEG_INFINITY), -1.0);
        assert_eq!(apply(tanh, -0.0).to_bits(), (-0.0f32).to_bits());
        assert_eq!(apply(sigmoid, f32::INFINITY), 1.0);
        assert_eq!(apply(sigmoid, f32::NEG_INFINITY), 0.0);
        assert_eq!(apply(sigmoid, 0.0), 0.5);
    }

    #[test]
    fn values_stay_in_their_ranges() {
        let mut xs: Vec<f32> = whole_range().collect();
        tanh(&mut xs);
        assert!(xs.iter().all(|y| y.abs() <= 1.0));
        let mut xs: Vec<f32> = whole_range().collect();
        sigmoid(&mut xs);
        assert!(xs.iter().all(|y| (0.0..=1.0).contains(y)));
    }

    #[test]
    fn f64_is_the_library() {
        let xs: Vec<f64> = (-400..400).map(|i| f64::from(i) * 0.37).collect();
        let (mut e, mut t) = (xs.clone(), xs.clone());
        exp(&mut e);
        tanh(&mut t);
        for ((x, e), t) in xs.iter().zip(e).zip(t) {
            assert_eq!((e, t), (x.exp(), x.tanh()));
        }
    }

    #[test]
    fn softmax_sums_to_one_and_bears_huge_values() {
        let mut flat = [1.0f64, 2.0, 3.0, 1000.0, 1001.0, 999.0, -1e300, 0.0, 1e300];
        softmax(view_mut(&mut flat, 3, 3));
        let sum = 1.0 + (-1.0f64).exp() + (-2.0f64).exp();
        for (y, truth) in flat.iter().zip([-2.0f64, -1.0, 0.0, -1.0, 0.0, -2.0].map(|x| x.exp() / sum)) {
            assert!((y - truth).abs() < 1e-15);
        }
        assert_eq!(flat[6..], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_column_is_the_same_alone_and_among_others() {
        for rows in [1, 2, 10, SHORT, SHORT + 1] {
            let all: Vec<f32> = (0..rows * 37).map(|i| ((i * 7919) % 101) as f32 * 0.21 - 9.0).collect();
            let (mut together, mut alone) = (all.clone(), all);
            softmax(view_mut(&mut together, rows, 37));
            for column in alone.chunks_exact_mut(rows) {
                softmax(view_mut(column, rows, 1));
            }
            assert_eq!(together, alone, "{rows} rows");
        }
    }

    #[test]
    fn softmax_of_columns_that_lie_apart() {
        let mut data: Vec<f32> = (0..20).map(|i| i as f32 * 0.3).collect();
        let mut apart = data.clone();
        let mut whole = view_mut(&mut apart, 5, 4);
        softmax(whole.rows_mut(1, 3));
        for column in 0..4 {
            let part = &mut data[column * 5 + 1..][..3];
            softmax(view_mut(part, 3, 1));
        }
        assert_eq!(data, apart);
    }
}
