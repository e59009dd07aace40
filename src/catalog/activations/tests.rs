//! An activation that only tests know.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::Family;
use crate::catalog::tests::signature;
use crate::tensor::Real;

pub(in crate::catalog) static ACTIVATIONS: &[&ActivationKind] = &[&RAMP];

static RAMP: ActivationKind =
    ActivationKind { signature: signature("ramp", Family::Activation, &[]), configure: |_| Box::new(Ramp) };

/// A straight line from 0 at −2 to 1 at 2, flat beyond: dead below, saturated above.
#[derive(Clone, Debug)]
struct Ramp;

impl Pointwise for Ramp {
    const NAME: &'static str = "ramp";
    const NEEDS_SUMS: bool = true;

    fn value<R: Real>(&self, z: R) -> R {
        let line = z * R::of(0.25) + R::of(0.5);
        if line < R::ZERO {
            R::ZERO
        } else if line > R::ONE {
            R::ONE
        } else {
            line
        }
    }

    fn slope<R: Real>(&self, z: R, _a: R) -> R {
        if z.abs() < R::of(2.0) { R::of(0.25) } else { R::ZERO }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| (z * 0.25 + 0.5).clamp(0.0, 1.0))
    }

    fn traits(&self) -> Traits {
        Traits { saturates: Some((-2.0, 2.0)), kinks: &[-2.0, 2.0], max_slope: 0.25, ..Traits::PLAIN }
    }

    fn op(&self) -> Op {
        Op::Sigmoid
    }
}
