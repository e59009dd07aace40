//! gelu: z weighted by the normal distribution.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static GELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "gelu",
        family: Family::Activation,
        summary: "z weighted by the standard normal distribution function",
        formula: "a = z·Φ(z), Φ(z) = (1 + erf(z/√2)) / 2; slope Φ(z) + z·φ(z)",
        range: "≥ −0.17",
        parameters: &[],
        example: "dense 16 gelu",
        source: "Hendrycks and Gimpel 2016",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Gelu),
};

#[derive(Clone, Debug)]
struct Gelu;

impl Pointwise for Gelu {
    const NAME: &'static str = "gelu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z * normal_cdf(z)
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        // φ(z) = e^(−z²/2) / √(2π)
        normal_cdf(z) + z * (R::of(-0.5) * z * z).quick_exp() * R::of(0.398_942_280_401_432_7)
    }

    fn range(&self, input: Values) -> Values {
        // The minimum lies at z = −0.7518.
        Values::within(-0.17, input.high.max(0.0))
    }

    fn traits(&self) -> Traits {
        Traits { max_slope: 1.129, ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::Gelu
    }
}

/// Φ(z), the standard normal distribution function.
#[inline(always)]
fn normal_cdf<R: Real>(z: R) -> R {
    (R::ONE + (z * R::of(std::f64::consts::FRAC_1_SQRT_2)).quick_erf()) * R::of(0.5)
}
