//! Vectors of f32 or f64 as one set of operations, so that a kernel written with vectors is written once.
//! Not for loops that the compiler makes vectors of by itself, which are most.

use pulp::Simd;

use super::transpose::{self, Columns};

/// The numbers that a vector can hold: f32 and f64 alone.
pub trait Lanes: Copy + pulp::bytemuck::Pod {
    /// A vector of the processor that `S` stands for.
    type Vector<S: Simd>: Copy;
    /// How many numbers it holds.
    fn lanes<S: Simd>() -> usize;
    /// The same number in each lane.
    fn splat<S: Simd>(simd: S, x: Self) -> Self::Vector<S>;
    /// a b + c, rounded once where the processor can.
    fn mul_add<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>, c: Self::Vector<S>) -> Self::Vector<S>;
    /// a b + c of one number, rounded once.
    #[must_use]
    fn fused(self, b: Self, c: Self) -> Self;
    /// The sum of the lanes, in an order that follows from their number: halves, and so on.
    fn reduce_sum<S: Simd>(simd: S, v: Self::Vector<S>) -> Self;
    /// The first lanes of `xs`.
    fn load<S: Simd>(xs: &[Self]) -> Self::Vector<S>;
    /// As many vectors as there are whole ones, and the numbers behind them.
    fn split<S: Simd>(xs: &[Self]) -> (&[Self::Vector<S>], &[Self]);
    /// As [`split`](Lanes::split), to write.
    fn split_mut<S: Simd>(xs: &mut [Self]) -> (&mut [Self::Vector<S>], &mut [Self]);
    /// Writes the lanes to the start of `xs`.
    fn store<S: Simd>(xs: &mut [Self], v: Self::Vector<S>);
    /// c ← aᵀ, c: m × k, a: k × m.
    fn transpose(c: Columns<&mut [Self]>, a: Columns<&[Self]>, shape: (usize, usize));
}

macro_rules! lanes {
    ($t:ident, $vector:ident, $count:ident, $splat:ident, $mul_add:ident, $reduce:ident, $read:ident, $write:ident, $transpose:expr) => {
        impl Lanes for $t {
            type Vector<S: Simd> = S::$vector;
            #[inline(always)]
            fn lanes<S: Simd>() -> usize {
                S::$count
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: Self) -> S::$vector {
                simd.$splat(x)
            }
            #[inline(always)]
            fn mul_add<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                simd.$mul_add(a, b, c)
            }
            #[inline(always)]
            fn fused(self, b: $t, c: $t) -> $t {
                self.mul_add(b, c)
            }
            #[inline(always)]
            fn reduce_sum<S: Simd>(simd: S, v: S::$vector) -> $t {
                simd.$reduce(v)
            }
            #[inline(always)]
            fn load<S: Simd>(xs: &[Self]) -> S::$vector {
                S::$read(&xs[..S::$count]).0[0]
            }
            #[inline(always)]
            fn split<S: Simd>(xs: &[Self]) -> (&[S::$vector], &[Self]) {
                S::$read(xs)
            }
            #[inline(always)]
            fn split_mut<S: Simd>(xs: &mut [Self]) -> (&mut [S::$vector], &mut [Self]) {
                S::$write(xs)
            }
            #[inline(always)]
            fn store<S: Simd>(xs: &mut [Self], v: S::$vector) {
                S::$write(&mut xs[..S::$count]).0[0] = v;
            }
            #[inline(always)]
            fn transpose(c: Columns<&mut [Self]>, a: Columns<&[Self]>, shape: (usize, usize)) {
                $transpose(c, a, shape);
            }
        }
    };
}

lanes!(
    f32,
    f32s,
    F32_LANES,
    splat_f32s,
    mul_add_e_f32s,
    reduce_sum_f32s,
    as_simd_f32s,
    as_mut_simd_f32s,
    transpose::single
);
lanes!(
    f64,
    f64s,
    F64_LANES,
    splat_f64s,
    mul_add_e_f64s,
    reduce_sum_f64s,
    as_simd_f64s,
    as_mut_simd_f64s,
    |c, a, shape| {
        transpose::by_squares(c, a, shape, transpose::plain);
    }
);
