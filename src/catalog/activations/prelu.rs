//! prelu: relu whose slope below 0 is trained, one for each unit, channel or feature. What it computes with them
//! stands with the layers: an activation of its own has no tensors.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What every slope starts at.
const START: f64 = 0.25;

pub(super) static PRELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "prelu",
        family: Family::Activation,
        summary: "relu with a trained slope below 0 for each unit, channel or feature",
        formula: "a = z above 0, else slope·z; the tensor `slope` starts at 0.25, and l1 and l2 leave it alone",
        range: "any",
        parameters: &[],
        example: "dense 16 prelu",
        source: "He et al. 2015",
        foreign: Foreign {
            names: &["parametric_relu"],
            hints: &[
                ("num_parameters", "each unit has a slope of its own: leave it out"),
                ("init", "slopes start at 0.25; `leaky_relu(slope=0.1)` has one that stays"),
            ],
            ..Foreign::NONE
        },
    },
    configure: |_| Box::new(PRelu),
};

/// As it starts.
#[derive(Clone, Debug)]
struct PRelu;

impl Pointwise for PRelu {
    const NAME: &'static str = "prelu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z * if z < R::ZERO { R::of(START) } else { R::ONE }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        if z > R::ZERO { R::ONE } else { R::of(START) }
    }

    fn range(&self, input: Values) -> Values {
        // Slopes may become anything, below 0 too.
        if input.low >= 0.0 { input } else { Values::ANY }
    }

    fn traits(&self) -> Traits {
        Traits { kinks: &[0.0], ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::PRelu
    }

    fn trained_slope(&self) -> Option<f64> {
        Some(START)
    }
}
