//! silu: z weighted by its own sigmoid.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static SILU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "silu",
        family: Family::Activation,
        summary: "z weighted by its own sigmoid",
        formula: "a = z·σ(z); slope σ(z) + a(1 − σ(z))",
        range: "≥ −0.28",
        parameters: &[],
        example: "dense 16 silu",
        source: "Elfwing, Uchibe and Doya 2018",
        foreign: Foreign { names: &["swish"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Silu),
};

#[derive(Clone, Debug)]
struct Silu;

impl Pointwise for Silu {
    const NAME: &'static str = "silu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z * z.quick_sigmoid()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let s = z.quick_sigmoid();
        s + a * (R::ONE - s)
    }

    fn range(&self, input: Values) -> Values {
        // The minimum, −0.2785, lies at z = −1.2785.
        Values::within(-0.279, input.high.max(0.0))
    }

    fn traits(&self) -> Traits {
        Traits { max_slope: 1.1, ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::Silu
    }
}
