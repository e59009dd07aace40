//! sigmoid: a smooth step from 0 to 1.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What gives each output a probability of its own.
pub static SIGMOID: ActivationKind = ActivationKind {
    signature: Signature {
        name: "sigmoid",
        family: Family::Activation,
        summary: "a smooth step from 0 to 1",
        formula: "a = 1 / (1 + e⁻ᶻ); slope a(1 − a)",
        range: "(0, 1)",
        parameters: &[],
        example: "dense 1 sigmoid",
        source: "",
        foreign: Foreign { names: &["logistic"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Sigmoid),
};

#[derive(Clone, Debug)]
struct Sigmoid;

impl Pointwise for Sigmoid {
    const NAME: &'static str = "sigmoid";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z.quick_sigmoid()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        a * (R::ONE - a)
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| 1.0 / (1.0 + (-z).exp()))
    }

    fn traits(&self) -> Traits {
        Traits { saturates: Some((-4.0, 4.0)), max_slope: 0.25, asymptotes: Some((0.0, 1.0)), ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Sigmoid
    }
}
