//! `hard_tanh`: a step from −1 to 1 of three straight lines.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static HARD_TANH: ActivationKind = ActivationKind {
    signature: Signature {
        name: "hard_tanh",
        family: Family::Activation,
        summary: "a step from −1 to 1 of three straight lines",
        formula: "a = min(max(z, −1), 1); slope 1 where −1 < a < 1, else 0",
        range: "[−1, 1]",
        parameters: &[],
        example: "dense 16 hard_tanh",
        source: "Collobert 2004",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(HardTanh),
};

#[derive(Clone, Debug)]
struct HardTanh;

impl Pointwise for HardTanh {
    const NAME: &'static str = "hard_tanh";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side and stays what it is.
        let above = if z < -R::ONE { -R::ONE } else { z };
        if above > R::ONE { R::ONE } else { above }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        if a.abs() < R::ONE { R::ONE } else { R::ZERO }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| z.clamp(-1.0, 1.0))
    }

    fn traits(&self) -> Traits {
        Traits { saturates: Some((-1.0, 1.0)), kinks: &[-1.0, 1.0], ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Clip { min: -1.0, max: 1.0 }
    }
}
