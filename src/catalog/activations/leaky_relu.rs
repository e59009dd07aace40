//! `leaky_relu`: relu with a small slope below zero.

use super::{ActivationKind, Pointwise, Traits};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::Real;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const SLOPE: Key<f64> = Key::new("slope");
}

pub(super) static LEAKY_RELU: ActivationKind = ActivationKind {
    signature: Signature {
        name: "leaky_relu",
        family: Family::Activation,
        summary: "relu with a small slope below 0",
        formula: "a = z above 0, else slope·z",
        range: "any",
        parameters: &[Parameter::positional(
            key::SLOPE,
            Kind::Number(Range::ANY),
            DefaultValue::Number(0.01),
            "the slope below 0",
        )],
        example: "dense 16 leaky_relu(slope=0.1)",
        source: "Maas, Hannun and Ng 2013",
        foreign: Foreign {
            names: &["lrelu"],
            parameters: &[("negative_slope", "slope"), ("alpha", "slope")],
            ..Foreign::NONE
        },
    },
    configure: |arguments| Box::new(LeakyRelu { slope: arguments.value(key::SLOPE) }),
};

#[derive(Clone, Debug)]
struct LeakyRelu {
    slope: f64,
}

impl Pointwise for LeakyRelu {
    const NAME: &'static str = "leaky_relu";
    const NEEDS_SUMS: bool = true;

    #[inline(always)]
    fn value<R: Real>(&self, z: R) -> R {
        // A NaN is on neither side of 0 and stays what it is.
        // One factor or the other, lest the compiler makes a branch of it.
        let slope = R::of(self.slope);
        z * if z < R::ZERO { slope } else { R::ONE }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, z: R, a: R) -> R {
        let _ = a;
        let slope = R::of(self.slope);
        if z > R::ZERO { R::ONE } else { slope }
    }

    fn range(&self, input: Values) -> Values {
        if self.slope >= 0.0 {
            let f = |z: f64| {
                if z > 0.0 {
                    z
                } else if self.slope == 0.0 {
                    0.0
                } else {
                    self.slope * z
                }
            };
            input.rising(f)
        } else {
            Values::ANY
        }
    }

    fn traits(&self) -> Traits {
        let kinks: &[f64] = if self.slope == 1.0 { &[] } else { &[0.0] };
        // Without a slope below 0 it is relu.
        let dies_below = (self.slope == 0.0).then_some(0.0);
        Traits { kinks, dies_below, max_slope: self.slope.abs().max(1.0), ..Traits::RECTIFIER }
    }

    fn op(&self) -> Op {
        Op::LeakyRelu { alpha: self.slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_is_that_of_the_side_below_zero() {
        let values = Values::within(-4.0, 3.0);
        // Its value and slope at −2, its range, its largest slope.
        let cases = [
            (0.25, -0.5, Values::within(-1.0, 3.0), 1.0),
            (3.0, -6.0, Values::within(-12.0, 3.0), 3.0),
            (0.0, 0.0, Values::within(0.0, 3.0), 1.0),
            (-2.0, 4.0, Values::ANY, 2.0),
        ];
        for (slope, at, range, max_slope) in cases {
            let leaky = LeakyRelu { slope };
            assert_eq!((leaky.value(-2.0), leaky.value(3.0)), (at, 3.0));
            assert_eq!((Pointwise::slope(&leaky, -2.0, at), Pointwise::slope(&leaky, 3.0, 3.0)), (slope, 1.0));
            assert_eq!((leaky.range(values), leaky.traits().max_slope), (range, max_slope));
            assert_eq!(leaky.traits().dies_below, (slope == 0.0).then_some(0.0));
            assert_eq!(leaky.traits().kinks, [0.0]);
        }
        let (relu, line) = (LeakyRelu { slope: 0.0 }, LeakyRelu { slope: 1.0 });
        assert_eq!(relu.range(Values::ANY), Values::within(0.0, f64::INFINITY), "0 times −∞ is no number");
        assert_eq!((line.traits().kinks, line.value(-2.0)), (&[][..], -2.0));
    }
}
