//! linear: the weighted sum itself.

use super::{ActivationKind, Pointwise};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What an output of any number ends in.
pub static LINEAR: ActivationKind = ActivationKind {
    signature: Signature {
        name: "linear",
        family: Family::Activation,
        summary: "the weighted sum itself",
        formula: "a = z",
        range: "any",
        parameters: &[],
        example: "dense 1 linear",
        source: "",
        foreign: Foreign { names: &["identity", "none"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Linear),
};

#[derive(Clone, Debug)]
struct Linear;

impl Pointwise for Linear {
    const NAME: &'static str = "linear";
    const NEEDS_SUMS: bool = false;
    const IS_LINEAR: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        z
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = (z, a);
        R::ONE
    }

    fn range(&self, input: Values) -> Values {
        input
    }

    fn op(&self) -> Op {
        Op::Identity
    }
}
