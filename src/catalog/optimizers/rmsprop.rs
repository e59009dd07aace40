//! rmsprop: steps scaled by a running mean of the squared gradient.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const RHO: Key<f64> = Key::new("rho");
    pub(super) const EPSILON: Key<f64> = Key::new("epsilon");
}

pub(super) static RMSPROP: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "rmsprop",
        family: Family::Optimizer,
        summary: "steps scaled by a running mean of the squared gradient",
        formula: "v ← rho·v + (1 − rho)g²; w ← w − η·g / (√v + epsilon)",
        range: "",
        parameters: &[
            Parameter::named(
                key::RHO,
                Kind::Number(Range::BELOW_ONE),
                DefaultValue::Number(0.9),
                "memory of the square",
            ),
            Parameter::named(
                key::EPSILON,
                Kind::Number(Range::POSITIVE),
                DefaultValue::Number(1e-8),
                "keeps the quotient finite",
            ),
        ],
        example: "optimizer = rmsprop(rho=0.9)",
        source: "Hinton, Srivastava and Swersky 2012, lecture 6e",
        foreign: Foreign {
            names: &["rms_prop"],
            parameters: &[("eps", "epsilon"), ("alpha", "rho")],
            hints: &[
                ("momentum", "not in this version: `sgd(momentum=0.9)` and `adam` have momentum"),
                ("centered", "not in this version: `adam` subtracts no mean either"),
            ],
            ..Foreign::NONE
        },
    },
    configure: |arguments| Box::new(RmsProp { rho: arguments.value(key::RHO), epsilon: arguments.value(key::EPSILON) }),
};

#[derive(Debug)]
struct RmsProp {
    rho: f64,
    epsilon: f64,
}

impl Optimizer for RmsProp {
    fn name(&self) -> &'static str {
        "rmsprop"
    }
    fn slots(&self) -> usize {
        1
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["mean_square"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for RmsProp {
    fn update(&self, w: &mut [R], g: &[R], [v, _]: [&mut [R]; MOST_SLOTS], step: Step) {
        let (rate, epsilon) = (R::of(step.learning_rate), R::of(self.epsilon));
        let (rho, rest) = (R::of(self.rho), R::of(1.0 - self.rho));
        update(
            w,
            [v],
            g,
            #[inline(always)]
            |w, [v], g| {
                let v = rho * v + rest * (g * g);
                (w - rate * g / (v.sqrt() + epsilon), [v])
            },
        );
    }
}
