//! step: 1 above 0 and 0 elsewhere. Nothing is learnt through it.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static STEP: ActivationKind = ActivationKind {
    signature: Signature {
        name: "step",
        family: Family::Activation,
        summary: "1 above 0, else 0; its slope is 0, so weights before it never move",
        formula: "a = [z > 0]; slope 0",
        range: "0 or 1",
        parameters: &[],
        example: "step",
        source: "McCulloch and Pitts 1943",
        foreign: Foreign { names: &["heaviside", "binary_step", "unit_step"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Step),
};

#[derive(Clone, Debug)]
struct Step;

impl Pointwise for Step {
    const NAME: &'static str = "step";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side and stays what it is.
        let below = if z <= R::ZERO { R::ZERO } else { z };
        if below > R::ZERO { R::ONE } else { below }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = (z, a);
        R::ZERO
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| if z > 0.0 { 1.0 } else { 0.0 })
    }

    fn traits(&self) -> Traits {
        Traits { dies_below: Some(0.0), max_slope: 0.0, ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Step
    }
}
