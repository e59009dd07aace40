//! mish: z weighted by the tanh of its softplus.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static MISH: ActivationKind = ActivationKind {
    signature: Signature {
        name: "mish",
        family: Family::Activation,
        summary: "z weighted by the tanh of its softplus",
        formula: "a = z·tanh(ln(1 + eᶻ)); slope t + z(1 − t²)σ(z), t = tanh(ln(1 + eᶻ))",
        range: "≥ −0.31",
        parameters: &[],
        example: "dense 16 mish",
        source: "Misra 2020",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Mish),
};

#[derive(Clone, Debug)]
struct Mish;

impl Pointwise for Mish {
    const NAME: &'static str = "mish";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z * gate(z)
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        let t = gate(z);
        t + z * (R::ONE - t) * (R::ONE + t) * z.quick_sigmoid()
    }

    fn range(&self, input: Values) -> Values {
        // The minimum, −0.3088, lies at z = −1.1924.
        Values::within(-0.309, input.high.max(0.0))
    }

    fn traits(&self) -> Traits {
        Traits { max_slope: 1.0885, ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::Mish
    }
}

/// tanh(ln(1 + eᶻ)) = e(e + 2)/(e(e + 2) + 2), e = eᶻ: from 20 on it is 1 to the last digit, and e² would overflow.
#[inline(always)]
fn gate<R: Real>(z: R) -> R {
    let most = R::of(20.0);
    let e = (if z > most { most } else { z }).quick_exp();
    let n = e * (e + R::of(2.0));
    n / (n + R::of(2.0))
}
