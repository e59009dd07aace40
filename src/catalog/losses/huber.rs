//! huber: squared near the target, absolute far from it.

use super::{Center, Elementwise, LossKind};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::Real;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const DELTA: Key<f64> = Key::new("delta");
}

pub(super) static HUBER: LossKind = LossKind {
    signature: Signature {
        name: "huber",
        family: Family::Loss,
        summary: "squared near the target, absolute far from it",
        formula: "L = mean over outputs of d²/2 where |d| ≤ delta, else delta·(|d| − delta/2), d = a − t",
        range: "≥ 0",
        parameters: &[Parameter::positional(
            key::DELTA,
            Kind::Number(Range::POSITIVE),
            DefaultValue::Number(1.0),
            "where squared turns to absolute",
        )],
        example: "loss = huber(delta=1)",
        source: "Huber 1964",
        foreign: Foreign::NONE,
    },
    configure: |arguments| Box::new(Huber { delta: arguments.value(key::DELTA) }),
};

#[derive(Debug)]
struct Huber {
    delta: f64,
}

impl Elementwise for Huber {
    const NAME: &'static str = "huber";

    #[inline(always)]
    fn of<R: Real>(&self, d: R) -> R {
        let (half, delta) = (R::of(0.5), R::of(self.delta));
        let size = d.abs();
        if size <= delta { half * d * d } else { delta * (size - half * delta) }
    }

    #[inline(always)]
    fn slope<R: Real>(&self, d: R) -> R {
        let delta = R::of(self.delta);
        if d > delta {
            delta
        } else if d < -delta {
            -delta
        } else {
            d
        }
    }

    fn center(&self) -> Center {
        Center::Between
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delta_is_where_squares_turn_to_distances() {
        // d, the loss and its slope where delta is 2.
        let cases = [(0.0, 0.0, 0.0), (1.0, 0.5, 1.0), (-2.0, 2.0, -2.0), (3.0, 4.0, 2.0), (-5.0, 8.0, -2.0)];
        for (d, loss, slope) in cases {
            let huber = Huber { delta: 2.0 };
            assert_eq!((huber.of(d), Elementwise::slope(&huber, d)), (loss, slope), "{d}");
        }
    }
}
