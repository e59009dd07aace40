//! Packing: a factor's numbers as strips of some rows each, in a strip one column after the other. Not for arithmetic.

use super::Factor;
use crate::tensor::Real;
use crate::tensor::real::Columns;

/// `a`, which has columns, as strips of `height` rows, the last filled up with zeros. In a strip column p is at `p ·
/// height`.
#[inline(always)]
pub(super) fn pack<R: Real>(strips: &mut [R], a: Factor<'_, R>, height: usize) {
    let depth = a.columns;
    for (strip, first) in strips.chunks_mut(height * depth).zip((0..a.rows).step_by(height)) {
        let rows = height.min(a.rows - first);
        if rows < height {
            strip.fill(R::ZERO);
        }
        if a.by_row {
            let from = Columns { data: &a.data[first * a.stride..], stride: a.stride };
            R::transpose(Columns { data: strip, stride: height }, from, (rows, depth));
        } else if rows == height {
            // A height that is known to the compiler: a copy is a few vectors.
            for (p, to) in strip.chunks_exact_mut(height).enumerate() {
                to.copy_from_slice(&a.data[p * a.stride + first..][..height]);
            }
        } else {
            for (p, to) in strip.chunks_exact_mut(height).enumerate() {
                to[..rows].copy_from_slice(&a.data[p * a.stride + first..][..rows]);
            }
        }
    }
}
