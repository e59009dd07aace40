//! sin: a wave, for signals that repeat.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static SIN: ActivationKind = ActivationKind {
    signature: Signature {
        name: "sin",
        family: Family::Activation,
        summary: "a wave, for signals that repeat",
        formula: "a = sin z; slope cos z",
        range: "[−1, 1]",
        parameters: &[],
        example: "dense 16 sin",
        source: "Sitzmann et al. 2020",
        foreign: Foreign { names: &["sine"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Sin),
};

#[derive(Clone, Debug)]
struct Sin;

impl Pointwise for Sin {
    const NAME: &'static str = "sin";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z.sin()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        z.cos()
    }

    fn range(&self, input: Values) -> Values {
        let _ = input;
        Values::within(-1.0, 1.0)
    }

    fn traits(&self) -> Traits {
        Traits::PLAIN
    }

    fn op(&self) -> Op {
        Op::Sin
    }
}
