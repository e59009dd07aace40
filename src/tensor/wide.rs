//! Loops with the widest vectors of the processor they run on, chosen at run time: a default build carries a version
//! for each. The bits are the same with either. Not for mathematics: what the loops compute is written where it
//! belongs.

use pulp::{Simd, WithSimd};

use super::Real;

#[cfg(test)]
pub(crate) mod width;

/// Runs a kernel with the widest vectors of this processor. What it computes must not depend on how wide they are:
/// chains of fused multiply-adds, one a number of the result, do not.
#[inline(always)]
pub(super) fn dispatch<O: WithSimd>(op: O) -> O::Output {
    #[cfg(test)]
    if let Some(width) = width::forced() {
        return width.dispatch(op);
    }
    pulp::Arch::new().dispatch(op)
}

/// Runs a kernel with vectors of 32 bytes, whatever the processor has: for sums across a vector, whose order is theirs.
#[inline(always)]
pub(super) fn dispatch_halves<O: WithSimd>(op: O) -> O::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(v3) = pulp::x86::V3::try_new() {
        return Simd::vectorize(v3, op);
    }
    Simd::vectorize(pulp::Scalar256b, op)
}

/// Whether there are 32 registers, as wherever a vector has 64 bytes.
#[inline(always)]
pub(super) fn has_many_registers<S: Simd>() -> bool {
    S::REGISTER_COUNT >= 32 || S::F32_LANES == 16
}

/// Runs `op` compiled for this processor's vectors. Write it as `#[inline(always)] || { loop over slices }` with
/// everything in it inlined; a call costs some nanoseconds, so wrap whole loops. No multiplication is fused with an
/// addition, so the bits are the same for every width.
#[inline]
pub fn wide<T>(op: impl FnOnce() -> T) -> T {
    #[cfg(test)]
    if let Some(width) = width::forced() {
        return width.run(op);
    }
    pulp::Arch::new().dispatch(op)
}

/// Numbers that a loop takes at once: an array of them becomes one vector or a few.
const BLOCK: usize = 16;

/// x ← f(x) for each; at the end `f` is called for numbers that are not there, too.
#[inline]
pub fn map<R: Real>(xs: &mut [R], f: impl Fn(R) -> R) {
    combine(xs, [], |x, []| f(x));
}

/// y ← f(y, x) for each pair; as [`map`].
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn zip<R: Real>(ys: &mut [R], xs: &[R], f: impl Fn(R, R) -> R) {
    combine(ys, [xs], |y, [x]| f(y, x));
}

/// y ← f(y, [x₁ … xₙ]) for each number and those at its place in `xs`; as [`map`].
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn combine<R: Real, const N: usize>(ys: &mut [R], xs: [&[R]; N], f: impl Fn(R, [R; N]) -> R) {
    assert!(xs.iter().all(|x| x.len() == ys.len()), "lengths of a pair");
    wide(
        #[inline(always)]
        || {
            let (ys, ys_rest) = ys.as_chunks_mut::<BLOCK>();
            let xs = xs.map(<[R]>::as_chunks::<BLOCK>);
            for (i, y) in ys.iter_mut().enumerate() {
                *y = combine_block(*y, std::array::from_fn(|n| xs[n].0[i]), &f);
                // A barrier, lest the compiler makes vectors across blocks, of one number each.
                std::hint::black_box(());
            }
            if !ys_rest.is_empty() {
                let y = combine_block(padded(ys_rest), xs.map(|x| padded(x.1)), &f);
                put(ys_rest, &y);
            }
        },
    );
}

/// One block.
#[inline(always)]
fn combine_block<R: Real, const N: usize>(
    mut ys: [R; BLOCK],
    xs: [[R; BLOCK]; N],
    f: &impl Fn(R, [R; N]) -> R,
) -> [R; BLOCK] {
    for l in 0..BLOCK {
        ys[l] = f(ys[l], std::array::from_fn(|n| xs[n][l]));
    }
    ys
}

/// An optimizer's loop: `(w, state) ← f(w, state, g)` for each weight `w`, its gradient `g` and its `N` numbers of
/// state. `f` should depend on nothing else; at the end it is called for numbers that are not there, too.
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn update<R: Real, const N: usize>(
    weights: &mut [R],
    state: [&mut [R]; N],
    gradient: &[R],
    f: impl Fn(R, [R; N], R) -> (R, [R; N]),
) {
    let count = weights.len();
    assert!(gradient.len() == count && state.iter().all(|s| s.len() == count), "lengths of an update");
    wide(
        #[inline(always)]
        || {
            let (weights, weights_rest) = weights.as_chunks_mut::<BLOCK>();
            let (gradient, gradient_rest) = gradient.as_chunks::<BLOCK>();
            let state = state.map(|s| s.as_chunks_mut::<BLOCK>());
            for (i, (w, g)) in weights.iter_mut().zip(gradient).enumerate() {
                let mut s = std::array::from_fn(|n| state[n].0[i]);
                update_block(w, &mut s, g, &f);
                for n in 0..N {
                    state[n].0[i] = s[n];
                }
                // A barrier, lest the compiler makes vectors across blocks, of one number each.
                std::hint::black_box(());
            }
            if !weights_rest.is_empty() {
                let mut w = padded(weights_rest);
                let mut s = std::array::from_fn(|n| padded(state[n].1));
                update_block(&mut w, &mut s, &padded(gradient_rest), &f);
                put(weights_rest, &w);
                for n in 0..N {
                    put(state[n].1, &s[n]);
                }
            }
        },
    );
}

#[inline(always)]
fn update_block<R: Real, const N: usize>(
    weights: &mut [R; BLOCK],
    state: &mut [[R; BLOCK]; N],
    gradient: &[R; BLOCK],
    f: &impl Fn(R, [R; N], R) -> (R, [R; N]),
) {
    for l in 0..BLOCK {
        let (w, s) = f(weights[l], std::array::from_fn(|n| state[n][l]), gradient[l]);
        weights[l] = w;
        for n in 0..N {
            state[n][l] = s[n];
        }
    }
}

/// `rest`, then zeros. Number by number: a call that copies would take as long as all else.
#[inline(always)]
fn padded<R: Real>(rest: &[R]) -> [R; BLOCK] {
    let mut block = [R::ZERO; BLOCK];
    for (to, &x) in block.iter_mut().zip(rest) {
        *to = x;
    }
    block
}

/// The first numbers of a block to where they came from.
#[inline(always)]
fn put<R: Real>(rest: &mut [R], block: &[R; BLOCK]) {
    for (to, &x) in rest.iter_mut().zip(block) {
        *to = x;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{softmax, sum, sum_of_squares, view_mut};

    #[test]
    fn every_length_is_done_whole_and_nothing_more() {
        for count in 0..50 {
            let numbers = |scale: f32| (0..count).map(|i| scale * i as f32).collect::<Vec<_>>();
            let (mut w, mut m, mut v, g) = (numbers(1.0), numbers(2.0), numbers(3.0), numbers(4.0));
            update(&mut w, [&mut m, &mut v], &g, |w, [m, v], g| (w + g, [m - w, v + m]));
            assert_eq!((w, m, v), (numbers(5.0), numbers(1.0), numbers(5.0)));
            let mut y = numbers(1.0);
            map(&mut y, |y| y * 2.0);
            zip(&mut y, &g, |y, x| y + x);
            assert_eq!(y, numbers(6.0));
        }
    }

    /// Every loop that is compiled for several widths, over some length.
    fn loops<R: Real>(count: usize) -> Vec<u64> {
        let numbers = |scale: f64| (0..count).map(|i| R::of(scale * (i as f64 * 0.7).sin())).collect::<Vec<R>>();
        let functions: [fn(R) -> R; 9] = [
            R::quick_exp,
            R::quick_tanh,
            R::quick_sigmoid,
            |x| (x.abs() + R::ONE).quick_ln(),
            R::quick_exp_m1,
            |x| x.abs().quick_ln_1p(),
            R::quick_erf,
            |x| (x.abs() + R::ONE).sqrt() * x - x * x,
            |x| x.max(R::ZERO).min(R::ONE) / (x + R::of(9.0)),
        ];
        let mut all = Vec::new();
        for f in functions {
            let mut xs = numbers(6.0);
            map(&mut xs, f);
            all.extend(xs);
        }
        let (mut w, mut m, mut v, g) = (numbers(1.0), numbers(0.1), numbers(0.2), numbers(3.0));
        update(&mut w, [&mut m, &mut v], &g, |w, [m, v], g| {
            let (m, v) = (R::of(0.9) * m + R::of(0.1) * g, R::of(0.999) * v + R::of(0.001) * g * g);
            (w - R::of(0.01) * m / (v.abs().sqrt() + R::of(1e-8)), [m, v])
        });
        let rows = 1 + count % 7;
        let mut columns = numbers(5.0)[..count / rows * rows].to_vec();
        softmax(view_mut(&mut columns, rows, count / rows));
        all.extend([w, m, v, columns].concat());
        let sums = [sum(&all), sum_of_squares(&all)];
        all.iter().map(|x| x.bits()).chain(sums.map(f64::to_bits)).collect()
    }

    #[test]
    fn loops_have_the_same_bits_at_every_width() {
        for count in [0, 1, 5, 15, 16, 17, 33, 100, 1000] {
            let [narrow, wide] = [width::Width::Narrow, width::Width::Wide]
                .map(|width| width.during(|| (loops::<f32>(count), loops::<f64>(count))));
            assert!(narrow == wide, "{count} numbers");
            assert!(narrow == (loops::<f32>(count), loops::<f64>(count)), "{count} numbers");
        }
    }

    #[test]
    #[should_panic(expected = "lengths of an update")]
    fn an_update_of_unequal_lengths_is_refused() {
        update(&mut [1.0, 2.0], [], &[1.0], |w, [], _| (w, []));
    }
}
