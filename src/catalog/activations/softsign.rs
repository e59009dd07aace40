//! softsign: a step from −1 to 1 that levels out slowly.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static SOFTSIGN: ActivationKind = ActivationKind {
    signature: Signature {
        name: "softsign",
        family: Family::Activation,
        summary: "a step from −1 to 1 that levels out slowly",
        formula: "a = z / (1 + |z|); slope (1 − |a|)²",
        range: "(−1, 1)",
        parameters: &[],
        example: "dense 16 softsign",
        source: "Turian, Bergstra and Bengio 2009",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Softsign),
};

#[derive(Clone, Debug)]
struct Softsign;

impl Pointwise for Softsign {
    const NAME: &'static str = "softsign";
    const NEEDS_SUMS: bool = false;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z / (R::ONE + z.abs())
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = z;
        let rest = R::ONE - a.abs();
        rest * rest
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| if z.is_infinite() { z.signum() } else { z / (1.0 + z.abs()) })
    }

    fn traits(&self) -> Traits {
        // 1/(1 + |z|)² is 7 % at |z| = 2.78.
        Traits { saturates: Some((-2.78, 2.78)), asymptotes: Some((-1.0, 1.0)), ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Softsign
    }
}
