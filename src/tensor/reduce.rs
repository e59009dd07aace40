//! Sums and judgements over a slice, in an order that depends on its length alone.

use super::{Real, wide};

/// Running sums of a reduction: enough for the widest vectors and their latency.
const LANES: usize = 16;

/// Σ xᵢ, in f64.
pub fn sum<R: Real>(xs: &[R]) -> f64 {
    sum_of(xs, R::f64)
}

/// Σ xᵢ², in f64.
pub fn sum_of_squares<R: Real>(xs: &[R]) -> f64 {
    sum_of(xs, |x| x.f64() * x.f64())
}

/// Neither a NaN nor an infinity among them.
pub fn is_all_finite<R: Real>(xs: &[R]) -> bool {
    wide(
        #[inline(always)]
        || {
            // No early way out within a block, so that the loop is vectors; one between blocks.
            xs.chunks(1024).all(|block| block.iter().fold(true, |all, x| all & x.is_finite()))
        },
    )
}

/// Σ f(xᵢ): lane l takes every sixteenth number from l, then the lanes are added pairwise.
#[inline]
fn sum_of<R: Real>(xs: &[R], f: impl Fn(R) -> f64) -> f64 {
    wide(
        #[inline(always)]
        || {
            let mut lanes = [0.0; LANES];
            let (blocks, rest) = xs.as_chunks::<LANES>();
            for block in blocks {
                for (lane, &x) in lanes.iter_mut().zip(block) {
                    *lane += f(x);
                }
            }
            for (lane, &x) in lanes.iter_mut().zip(rest) {
                *lane += f(x);
            }
            let mut width = LANES;
            while width > 1 {
                width /= 2;
                for l in 0..width {
                    lanes[l] += lanes[l + width];
                }
            }
            lanes[0]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_every_length() {
        for count in 0..70 {
            let xs: Vec<f32> = (0..count).map(|i| i as f32).collect();
            let n = f64::from(count);
            assert_eq!(sum(&xs), n * (n - 1.0) / 2.0);
            assert_eq!(sum_of_squares(&xs), (n - 1.0) * n * (2.0 * n - 1.0) / 6.0);
        }
    }

    #[test]
    fn one_bad_number_anywhere_is_seen() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in [0, 1, 17, 1023, 1024, 2999] {
                let mut xs = vec![f32::MAX; 3000];
                assert!(is_all_finite(&xs));
                xs[at] = bad;
                assert!(!is_all_finite(&xs));
            }
        }
        assert!(is_all_finite::<f64>(&[]));
    }
}
