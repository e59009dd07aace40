//! relu: the positive part.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What suits hidden layers.
pub static RELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "relu",
        family: Family::Activation,
        summary: "the positive part",
        formula: "a = max(0, z); slope 1 above 0, else 0",
        range: "≥ 0",
        parameters: &[],
        example: "dense 16 relu",
        source: "Nair and Hinton 2010",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Relu),
};

#[derive(Clone, Debug)]
struct Relu;

impl Pointwise for Relu {
    const NAME: &'static str = "relu";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side of 0 and stays what it is.
        if z < R::ZERO { R::ZERO } else { z }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        if a > R::ZERO { R::ONE } else { R::ZERO }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| z.max(0.0))
    }

    fn traits(&self) -> Traits {
        Traits { dies_below: Some(0.0), kinks: &[0.0], ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::Relu
    }
}
