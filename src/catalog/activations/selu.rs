//! selu: a scaled elu whose units keep mean 0 and variance 1 from layer to layer.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::initializers::LECUN_NORMAL;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static SELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "selu",
        family: Family::Activation,
        summary: "a scaled elu that keeps mean 0 and variance 1",
        formula: "a = 1.0507·z above 0, else 1.0507·1.67326·(eᶻ − 1); slope 1.0507 above 0, else a + 1.7581",
        range: "> −1.7581",
        parameters: &[],
        example: "dense 16 selu",
        source: "Klambauer et al. 2017",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Selu),
};

/// λ
const SCALE: f64 = 1.050_700_987_355_480_5;
/// α
const ALPHA: f64 = 1.673_263_242_354_377_2;

#[derive(Clone, Debug)]
struct Selu;

impl Pointwise for Selu {
    const NAME: &'static str = "selu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side of 0 and stays what it is.
        let below = R::of(SCALE * ALPHA) * z.quick_exp_m1();
        if z < R::ZERO { below } else { R::of(SCALE) * z }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let below = a + R::of(SCALE * ALPHA);
        if z > R::ZERO { R::of(SCALE) } else { below }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| if z > 0.0 { SCALE * z } else { SCALE * ALPHA * z.exp_m1() })
    }

    fn traits(&self) -> Traits {
        Traits { suits: &LECUN_NORMAL, kinks: &[0.0], max_slope: SCALE * ALPHA, ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Selu
    }
}
