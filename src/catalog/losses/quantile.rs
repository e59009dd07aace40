//! quantile: errors below the target weigh otherwise than those above, so that the output comes to a quantile.

use super::{Center, Elementwise, LossKind};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::Real;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const Q: Key<f64> = Key::new("q");
}

pub(super) static QUANTILE: LossKind = LossKind {
    signature: Signature {
        name: "quantile",
        family: Family::Loss,
        summary: "absolute, weighted by side: least at a quantile of the target",
        formula: "L = mean over outputs of max(q·d, (q − 1)·d), d = t − a; slope −q below t, 1 − q above, 0 at a = t",
        range: "≥ 0",
        parameters: &[Parameter::positional(
            key::Q,
            Kind::Number(Range { low: 0.0, low_in: false, high: 1.0, high_in: false }),
            DefaultValue::Number(0.5),
            "the share of targets that lie below the output",
        )],
        example: "loss = quantile(0.9)",
        source: "Koenker and Bassett 1978",
        foreign: Foreign { names: &["pinball"], parameters: &[("tau", "q")], ..Foreign::NONE },
    },
    configure: |arguments| Box::new(Quantile { q: arguments.value(key::Q) }),
};

#[derive(Debug)]
struct Quantile {
    q: f64,
}

impl Elementwise for Quantile {
    const NAME: &'static str = "quantile";

    #[inline(always)]
    fn of<R: Real>(&self, d: R) -> R {
        let (below, above) = (R::of(-self.q) * d, R::of(1.0 - self.q) * d);
        if d > R::ZERO { above } else { below }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, d: R) -> R {
        if d > R::ZERO {
            R::of(1.0 - self.q)
        } else if d < R::ZERO {
            R::of(-self.q)
        } else {
            R::ZERO * d
        }
    }

    fn center(&self) -> Center {
        Center::Quantile(self.q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_low_weighs_q_and_what_is_too_high_the_rest() {
        let quantile = Quantile { q: 0.75 };
        for (d, loss, slope) in [(0.0, 0.0, 0.0), (2.0, 0.5, 0.25), (-2.0, 1.5, -0.75)] {
            assert_eq!((quantile.of(d), Elementwise::slope(&quantile, d)), (loss, slope), "{d}");
        }
        assert!(Elementwise::slope(&quantile, f64::NAN).is_nan());
        assert_eq!(Elementwise::center(&quantile), Center::Quantile(0.75));
    }
}
