//! Loops with the widest vectors of the processor they run on, chosen at run time: a default build carries a
//! version for each. Not for mathematics: what the loops compute is written where it belongs.

use super::Real;

/// Runs `op` compiled for this processor's vectors. Write it as `#[inline(always)] || { loop over slices }` with
/// everything in it inlined; a call costs some nanoseconds, so wrap whole loops. No multiplication is fused with an
/// addition, so the bits are the same for every width.
#[inline]
pub fn wide<T>(op: impl FnOnce() -> T) -> T {
    pulp::Arch::new().dispatch(op)
}

/// x ← f(x) for each.
#[inline]
pub fn map<R: Real>(xs: &mut [R], f: impl Fn(R) -> R) {
    wide(
        #[inline(always)]
        || {
            for x in xs {
                *x = f(*x);
            }
        },
    );
}

/// y ← f(y, x) for each pair.
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn zip<R: Real>(ys: &mut [R], xs: &[R], f: impl Fn(R, R) -> R) {
    assert_eq!(ys.len(), xs.len());
    wide(
        #[inline(always)]
        || {
            for (y, &x) in ys.iter_mut().zip(xs) {
                *y = f(*y, x);
            }
        },
    );
}

/// An optimizer's loop: `(w, state) ← f(w, state, g)` for each weight `w`, its gradient `g` and its `N` numbers of state.
///
/// # Panics
/// Where the lengths differ.
#[inline]
pub fn update<R: Real, const N: usize>(
    weights: &mut [R],
    mut state: [&mut [R]; N],
    gradient: &[R],
    f: impl Fn(R, [R; N], R) -> (R, [R; N]),
) {
    let count = weights.len();
    assert_eq!(gradient.len(), count);
    assert!(state.iter().all(|s| s.len() == count));
    wide(
        #[inline(always)]
        || {
            for i in 0..count {
                let mut s = [R::ZERO; N];
                for (s, all) in s.iter_mut().zip(&state) {
                    *s = all[i];
                }
                let (w, new) = f(weights[i], s, gradient[i]);
                weights[i] = w;
                for (all, new) in state.iter_mut().zip(new) {
                    all[i] = new;
                }
            }
        },
    );
}
