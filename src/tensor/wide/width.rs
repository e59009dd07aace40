//! Kernels with vectors of a width of one's choice, for tests that compare the bits: what an AVX-512 processor
//! computes and what one with AVX2 does. A processor that has no such vectors works their lanes off one by one, each
//! operation rounded alike. Not for the product, whose kernels always have the widest.

use pulp::{Scalar256b, Scalar512b, Simd, WithSimd};
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

/// A width of vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// 32 bytes, those of AVX2, and 16 registers.
    Narrow = 1,
    /// 64 bytes, those of AVX-512, and 32 registers.
    Wide = 2,
}

static FORCED: AtomicU8 = AtomicU8::new(0);
static IN_USE: Mutex<()> = Mutex::new(());

/// What kernels are to use at present, on whichever thread.
pub(super) fn forced() -> Option<Width> {
    match FORCED.load(SeqCst) {
        1 => Some(Width::Narrow),
        2 => Some(Width::Wide),
        _ => None,
    }
}

impl Width {
    /// Has all kernels use this width while `work` runs. One test at a time; others that run meanwhile use it, too,
    /// which changes nothing that they could see.
    pub(crate) fn during<T>(self, work: impl FnOnce() -> T) -> T {
        struct Back;
        impl Drop for Back {
            fn drop(&mut self) {
                FORCED.store(0, SeqCst);
            }
        }
        let _one = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        let _back = Back;
        FORCED.store(self as u8, SeqCst);
        work()
    }

    /// Runs a kernel.
    pub(super) fn dispatch<O: WithSimd>(self, op: O) -> O::Output {
        #[cfg(target_arch = "x86_64")]
        if let Some(v3) = pulp::x86::V3::try_new() {
            return match self {
                Self::Narrow => Simd::vectorize(v3, op),
                Self::Wide => match pulp::x86::V4::try_new() {
                    Some(v4) => Simd::vectorize(v4, op),
                    None => Simd::vectorize(
                        v3,
                        #[inline(always)]
                        || op.with_simd(Scalar512b),
                    ),
                },
            };
        }
        match self {
            Self::Narrow => Simd::vectorize(Scalar256b, op),
            Self::Wide => Simd::vectorize(Scalar512b, op),
        }
    }

    /// Runs a loop that the compiler makes vectors of: where there is no AVX-512, the other width is that of the least
    /// processor.
    pub(super) fn run<T>(self, op: impl FnOnce() -> T) -> T {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Narrow => {
                if let Some(v3) = pulp::x86::V3::try_new() {
                    return Simd::vectorize(v3, op);
                }
            }
            Self::Wide => {
                if let Some(v4) = pulp::x86::V4::try_new() {
                    return Simd::vectorize(v4, op);
                }
            }
        }
        op()
    }
}
