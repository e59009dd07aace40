//! relu6: the positive part, up to 6.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static RELU6: ActivationKind = ActivationKind {
    signature: Signature {
        name: "relu6",
        family: Family::Activation,
        summary: "the positive part, up to 6",
        formula: "a = min(max(z, 0), 6); slope 1 where 0 < a < 6, else 0",
        range: "[0, 6]",
        parameters: &[],
        example: "dense 16 relu6",
        source: "Krizhevsky 2010",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Relu6),
};

#[derive(Clone, Debug)]
struct Relu6;

impl Pointwise for Relu6 {
    const NAME: &'static str = "relu6";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side and stays what it is.
        let above = if z < R::ZERO { R::ZERO } else { z };
        let most = R::of(6.0);
        if above > most { most } else { above }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        if a > R::ZERO && a < R::of(6.0) { R::ONE } else { R::ZERO }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| z.clamp(0.0, 6.0))
    }

    fn traits(&self) -> Traits {
        Traits {
            dies_below: Some(0.0),
            saturates: Some((f64::NEG_INFINITY, 6.0)),
            kinks: &[0.0, 6.0],
            ..Traits::RECTIFIER
        }
    }

    fn op(&self) -> Op {
        Op::Clip { min: 0.0, max: 6.0 }
    }
}
