//! tanh: a smooth step from −1 to 1.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static TANH: ActivationKind = ActivationKind {
    signature: Signature {
        name: "tanh",
        family: Family::Activation,
        summary: "a smooth step from −1 to 1",
        formula: "a = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ); slope 1 − a²",
        range: "(−1, 1)",
        parameters: &[],
        example: "dense 16 tanh",
        source: "",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Tanh),
};

#[derive(Clone, Debug)]
struct Tanh;

impl Pointwise for Tanh {
    const NAME: &'static str = "tanh";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z.quick_tanh()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        R::ONE - a * a
    }

    fn range(&self, input: Values) -> Values {
        input.rising(f64::tanh)
    }

    fn traits(&self) -> Traits {
        Traits { saturates: Some((-2.0, 2.0)), asymptotes: Some((-1.0, 1.0)), ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Tanh
    }
}
