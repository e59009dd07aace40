//! elu: relu that bends smoothly to −α.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::Real;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const ALPHA: Key<f64> = Key::new("alpha");
}

pub(super) static ELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "elu",
        family: Family::Activation,
        summary: "relu that bends smoothly to −alpha",
        formula: "a = z above 0, else alpha·(eᶻ − 1); slope 1 above 0, else a + alpha",
        range: "> −alpha",
        parameters: &[Parameter::positional(
            key::ALPHA,
            Kind::Number(Range::POSITIVE),
            DefaultValue::Number(1.0),
            "minus the limit at −∞",
        )],
        example: "dense 16 elu(alpha=1)",
        source: "Clevert, Unterthiner and Hochreiter 2016",
        foreign: Foreign::NONE,
    },
    configure: |arguments| Box::new(Elu { alpha: arguments.value(key::ALPHA) }),
};

#[derive(Clone, Debug)]
struct Elu {
    alpha: f64,
}

impl Pointwise for Elu {
    const NAME: &'static str = "elu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side of 0 and stays what it is.
        let below = R::of(self.alpha) * z.quick_exp_m1();
        if z < R::ZERO { below } else { z }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let below = a + R::of(self.alpha);
        if z > R::ZERO { R::ONE } else { below }
    }

    fn range(&self, input: Values) -> Values {
        input.rising(|z| if z > 0.0 { z } else { self.alpha * z.exp_m1() })
    }

    fn traits(&self) -> Traits {
        let kinks: &[f64] = if self.alpha == 1.0 { &[] } else { &[0.0] };
        Traits { kinks, max_slope: self.alpha.max(1.0), ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::Elu { alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_the_depth_of_the_curve() {
        let below = |z: f64| 2.0 * z.exp_m1();
        let elu = Elu { alpha: 2.0 };
        for (z, value, slope) in [(-1.0, below(-1.0), 2.0 * f64::exp(-1.0)), (0.0, 0.0, 2.0), (3.0, 3.0, 1.0)] {
            assert!((elu.value(z) - value).abs() < 1e-12, "{z}");
            assert!((Pointwise::slope(&elu, z, value) - slope).abs() < 1e-12, "{z}");
        }
        assert_eq!(elu.range(Values::within(-1.0, 3.0)), Values::within(below(-1.0), 3.0));
        assert_eq!((elu.traits().kinks, elu.traits().max_slope), (&[0.0][..], 2.0));
    }
}
