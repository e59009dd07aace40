//! softplus: a smooth relu.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What gives numbers above 0.
pub static SOFTPLUS: ActivationKind = ActivationKind {
    signature: Signature {
        name: "softplus",
        family: Family::Activation,
        summary: "a smooth relu",
        formula: "a = ln(1 + eᶻ); slope σ(z)",
        range: "> 0",
        parameters: &[],
        example: "dense 16 softplus",
        source: "Dugas et al. 2001",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Softplus),
};

#[derive(Clone, Debug)]
struct Softplus;

impl Pointwise for Softplus {
    const NAME: &'static str = "softplus";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|): never overflows, and keeps a NaN by its second term.
        z.max(R::ZERO) + (-z.abs()).quick_exp().quick_ln_1p()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        z.quick_sigmoid()
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| z.max(0.0) + (-z.abs()).exp().ln_1p())
    }

    fn traits(&self) -> Traits {
        Traits::RECTIFIER
    }

    fn op(&self) -> Op {
        Op::Softplus
    }
}
