//! adadelta: steps whose unit is that of the weights, by a running mean of squared steps over one of squared gradients.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const RHO: Key<f64> = Key::new("rho");
    pub(super) const EPSILON: Key<f64> = Key::new("epsilon");
}

pub(super) static ADADELTA: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "adadelta",
        family: Family::Optimizer,
        summary: "steps as long as earlier ones were, over the size of the gradients; its usual learning rate is 1",
        formula: "v ← rho·v + (1 − rho)g²; Δ = g·√(u + epsilon)/√(v + epsilon); u ← rho·u + (1 − rho)Δ²; w ← w − ηΔ",
        range: "",
        parameters: &[
            Parameter::named(
                key::RHO,
                Kind::Number(Range::BELOW_ONE),
                DefaultValue::Number(0.9),
                "memory of the squares",
            ),
            Parameter::named(
                key::EPSILON,
                Kind::Number(Range::POSITIVE),
                DefaultValue::Number(1e-6),
                "keeps the quotient finite, and the first step from 0",
            ),
        ],
        example: "optimizer = adadelta(rho=0.95)",
        source: "Zeiler 2012",
        foreign: Foreign { parameters: &[("eps", "epsilon"), ("decay_rate", "rho")], ..Foreign::NONE },
    },
    configure: |arguments| {
        Box::new(Adadelta { rho: arguments.value(key::RHO), epsilon: arguments.value(key::EPSILON) })
    },
};

#[derive(Debug)]
struct Adadelta {
    rho: f64,
    epsilon: f64,
}

impl Optimizer for Adadelta {
    fn name(&self) -> &'static str {
        "adadelta"
    }
    fn slots(&self) -> usize {
        2
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["mean_square", "mean_square_step"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
}

impl<R: Real> Update<R> for Adadelta {
    fn update(&self, w: &mut [R], g: &[R], slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let (rate, epsilon) = (R::of(step.learning_rate), R::of(self.epsilon));
        let (rho, rest) = (R::of(self.rho), R::of(1.0 - self.rho));
        update(
            w,
            slots,
            g,
            #[inline(always)]
            |w, [v, u], g| {
                let v = rho * v + rest * (g * g);
                let delta = g * ((u + epsilon).sqrt() / (v + epsilon).sqrt());
                let u = rho * u + rest * (delta * delta);
                (w - rate * delta, [v, u])
            },
        );
    }
}
