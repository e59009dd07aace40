//! `hard_sigmoid`: a step from 0 to 1 of three straight lines.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static HARD_SIGMOID: ActivationKind = ActivationKind {
    signature: Signature {
        name: "hard_sigmoid",
        family: Family::Activation,
        summary: "a step from 0 to 1 of three straight lines",
        formula: "a = min(max(z/6 + ½, 0), 1); slope 1/6 where 0 < a < 1, else 0",
        range: "[0, 1]",
        parameters: &[],
        example: "dense 16 hard_sigmoid",
        source: "Courbariaux, Bengio and David 2015",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(HardSigmoid),
};

#[derive(Clone, Debug)]
struct HardSigmoid;

impl Pointwise for HardSigmoid {
    const NAME: &'static str = "hard_sigmoid";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side and stays what it is.
        let line = z * R::of(1.0 / 6.0) + R::of(0.5);
        let above = if line < R::ZERO { R::ZERO } else { line };
        if above > R::ONE { R::ONE } else { above }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        if a > R::ZERO && a < R::ONE { R::of(1.0 / 6.0) } else { R::ZERO }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| (z / 6.0 + 0.5).clamp(0.0, 1.0))
    }

    fn traits(&self) -> Traits {
        Traits { saturates: Some((-3.0, 3.0)), kinks: &[-3.0, 3.0], max_slope: 1.0 / 6.0, ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::HardSigmoid { alpha: 1.0 / 6.0, beta: 0.5 }
    }
}
