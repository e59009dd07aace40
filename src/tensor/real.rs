//! [`Real`]: the two precisions a network runs in. Training runs in f32 (or f64 by `precision`), gradient
//! checks and explanations in f64, on the same code.

use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

mod lanes;
mod quick;
mod transpose;

pub(super) use transpose::Columns;

/// The precision of a program's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// Single precision, 4 bytes.
    F32,
    /// Double precision, 8 bytes.
    F64,
}

impl Dtype {
    /// That of a type.
    pub const fn of<R: Real>() -> Self {
        if size_of::<R>() == 8 { Self::F64 } else { Self::F32 }
    }

    /// As a program writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }

    /// Of one number.
    pub const fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// An expression in the type that a [`Dtype`] names: `in_precision!(dtype, R => run::<R>())`.
macro_rules! in_precision {
    ($dtype:expr, $real:ident => $body:expr) => {
        match $dtype {
            $crate::tensor::Dtype::F32 => {
                type $real = f32;
                $body
            }
            $crate::tensor::Dtype::F64 => {
                type $real = f64;
                $body
            }
        }
    };
}
pub(crate) use in_precision;

/// f32 or f64. Sealed: kernels are compiled and measured for these two alone.
pub trait Real:
    lanes::Lanes
    + nalgebra::Scalar
    + Copy
    + Default
    + Debug
    + Display
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// The largest finite number.
    const LARGEST: Self;
    /// The nearest value of this precision.
    fn of(value: f64) -> Self;
    /// Exactly the same value, as f64.
    fn f64(self) -> f64;
    /// Its bits, those of an f32 the low ones.
    fn bits(self) -> u64;
    /// The value that has these bits.
    fn of_bits(bits: u64) -> Self;
    /// eˣ
    #[must_use]
    fn exp(self) -> Self;
    /// eˣ − 1
    #[must_use]
    fn exp_m1(self) -> Self;
    /// ln x
    #[must_use]
    fn ln(self) -> Self;
    /// ln(1 + x)
    #[must_use]
    fn ln_1p(self) -> Self;
    /// tanh x
    #[must_use]
    fn tanh(self) -> Self;
    /// eˣ for loops: without a branch and within 3·10⁻⁷ (relative) in f32, the library's in f64.
    #[must_use]
    fn quick_exp(self) -> Self;
    /// tanh x for loops, as [`quick_exp`](Real::quick_exp).
    #[must_use]
    fn quick_tanh(self) -> Self;
    /// 1 / (1 + e⁻ˣ) for loops, as [`quick_exp`](Real::quick_exp); tiny values keep their digits.
    #[must_use]
    fn quick_sigmoid(self) -> Self;
    /// ln x of a positive normal number for loops, as [`quick_exp`](Real::quick_exp); infinity and NaN stay.
    #[must_use]
    fn quick_ln(self) -> Self;
    /// eˣ − 1 for loops, as [`quick_exp`](Real::quick_exp).
    #[must_use]
    fn quick_exp_m1(self) -> Self;
    /// ln(1 + x) of a number that is not negative for loops, as [`quick_exp`](Real::quick_exp).
    #[must_use]
    fn quick_ln_1p(self) -> Self;
    /// The error function for loops, as [`quick_exp`](Real::quick_exp).
    #[must_use]
    fn quick_erf(self) -> Self;
    /// The error function, 2/√π ∫₀ˣ e^(−t²) dt.
    #[must_use]
    fn erf(self) -> Self;
    /// sin x
    #[must_use]
    fn sin(self) -> Self;
    /// cos x
    #[must_use]
    fn cos(self) -> Self;
    /// √x
    #[must_use]
    fn sqrt(self) -> Self;
    /// |x|
    #[must_use]
    fn abs(self) -> Self;
    /// The larger; `other` where `self` is NaN.
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// The smaller; `other` where `self` is NaN.
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// Neither NaN nor infinite.
    fn is_finite(self) -> bool;
}

macro_rules! real {
    ($t:ident, $of:expr, $quick:ident, $erf:path) => {
        impl Real for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const LARGEST: Self = $t::MAX;
            #[inline(always)]
            fn of(value: f64) -> Self {
                $of(value)
            }
            #[inline(always)]
            fn f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn bits(self) -> u64 {
                u64::from(self.to_bits())
            }
            #[inline(always)]
            fn of_bits(bits: u64) -> Self {
                $t::from_bits(bits as _)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $t::exp(self)
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                $t::exp_m1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $t::ln(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                $t::ln_1p(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                $t::tanh(self)
            }
            #[inline(always)]
            fn quick_exp(self) -> Self {
                $quick::exp(self)
            }
            #[inline(always)]
            fn quick_tanh(self) -> Self {
                $quick::tanh(self)
            }
            #[inline(always)]
            fn quick_sigmoid(self) -> Self {
                $quick::sigmoid(self)
            }
            #[inline(always)]
            fn quick_ln(self) -> Self {
                $quick::ln(self)
            }
            #[inline(always)]
            fn quick_exp_m1(self) -> Self {
                $quick::exp_m1(self)
            }
            #[inline(always)]
            fn quick_ln_1p(self) -> Self {
                $quick::ln_1p(self)
            }
            #[inline(always)]
            fn quick_erf(self) -> Self {
                $quick::erf(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn sin(self) -> Self {
                $t::sin(self)
            }
            #[inline(always)]
            fn cos(self) -> Self {
                $t::cos(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $t::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $t::abs(self)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                $t::max(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                $t::min(self, other)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                $t::is_finite(self)
            }
        }
    };
}

real!(f32, |v: f64| v as f32, quick, libm::erff);
real!(f64, |v: f64| v, exact, libm::erf);

/// The library's functions, under the names of [`quick`]'s.
mod exact {
    #[inline(always)]
    pub(super) fn exp(x: f64) -> f64 {
        x.exp()
    }

    #[inline(always)]
    pub(super) fn ln(x: f64) -> f64 {
        x.ln()
    }

    #[inline(always)]
    pub(super) fn exp_m1(x: f64) -> f64 {
        x.exp_m1()
    }

    #[inline(always)]
    pub(super) fn ln_1p(x: f64) -> f64 {
        x.ln_1p()
    }

    #[inline(always)]
    pub(super) fn erf(x: f64) -> f64 {
        libm::erf(x)
    }

    #[inline(always)]
    pub(super) fn tanh(x: f64) -> f64 {
        x.tanh()
    }

    #[inline(always)]
    pub(super) fn sigmoid(x: f64) -> f64 {
        let t = (-x.abs()).exp();
        if x < 0.0 { t / (1.0 + t) } else { 1.0 / (1.0 + t) }
    }
}
