//! adam and adamw: steps scaled by running moments of the gradient; adamw also decays the weights, apart from the
//! gradient.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::bind::Arguments;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::Key;

    pub(crate) const BETA1: Key<f64> = Key::new("beta1");
    pub(crate) const BETA2: Key<f64> = Key::new("beta2");
    pub(crate) const EPSILON: Key<f64> = Key::new("epsilon");
    pub(crate) const WEIGHT_DECAY: Key<f64> = Key::new("weight_decay");
}

pub(super) const BETA1: Parameter =
    Parameter::named(key::BETA1, Kind::Number(Range::BELOW_ONE), DefaultValue::Number(0.9), "memory of the mean");
pub(super) const BETA2: Parameter =
    Parameter::named(key::BETA2, Kind::Number(Range::BELOW_ONE), DefaultValue::Number(0.999), "memory of the square");
pub(super) const EPSILON: Parameter = Parameter::named(
    key::EPSILON,
    Kind::Number(Range::POSITIVE),
    DefaultValue::Number(1e-8),
    "keeps the quotient finite",
);

/// What adam's parameters are called elsewhere.
pub(super) const FOREIGN: Foreign = Foreign { parameters: &[("eps", "epsilon")], ..Foreign::NONE };

pub(super) static ADAM: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "adam",
        family: Family::Optimizer,
        summary: "steps scaled by running moments of the gradient",
        formula: "m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − η·m̂ / (√v̂ + epsilon), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)",
        range: "",
        parameters: &[BETA1, BETA2, EPSILON],
        example: "optimizer = adam",
        source: "Kingma and Ba 2015",
        foreign: Foreign { hints: &[("amsgrad", "not in this version: `adam` without it")], ..FOREIGN },
    },
    configure: |arguments| Box::new(Adam::new("adam", arguments, 0.0)),
};

pub(super) static ADAMW: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "adamw",
        family: Family::Optimizer,
        summary: "adam, with weight decay apart from the gradient",
        formula: "w ← w − η·weight_decay·w, then as adam",
        range: "",
        parameters: &[
            Parameter::named(
                key::WEIGHT_DECAY,
                Kind::Number(Range::NON_NEGATIVE),
                DefaultValue::Number(0.01),
                "the share by which every parameter shrinks, times η",
            ),
            BETA1,
            BETA2,
            EPSILON,
        ],
        example: "optimizer = adamw(weight_decay=0.01)",
        source: "Loshchilov and Hutter 2019",
        foreign: Foreign { hints: &[("amsgrad", "not in this version: `adamw` without it")], ..FOREIGN },
    },
    configure: |arguments| Box::new(Adam::new("adamw", arguments, arguments.value(key::WEIGHT_DECAY))),
};

#[derive(Debug)]
struct Adam {
    name: &'static str,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
}

impl Adam {
    fn new(name: &'static str, arguments: &Arguments, weight_decay: f64) -> Self {
        let [beta1, beta2, epsilon] = [key::BETA1, key::BETA2, key::EPSILON].map(|key| arguments.value(key));
        Self { name, beta1, beta2, epsilon, weight_decay }
    }
}

impl Optimizer for Adam {
    fn name(&self) -> &'static str {
        self.name
    }
    fn slots(&self) -> usize {
        2
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
    fn decoupled_decay(&self) -> f64 {
        self.weight_decay
    }
}

impl<R: Real> Update<R> for Adam {
    fn update(&self, w: &mut [R], g: &[R], slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let t = i32::try_from(step.done + 1).unwrap_or(i32::MAX);
        // η m̂ / (√v̂ + ε) with the corrections gathered into two factors.
        let rate = R::of(step.learning_rate / (1.0 - self.beta1.powi(t)));
        let root = R::of(1.0 / (1.0 - self.beta2.powi(t)).sqrt());
        let (beta1, beta2, epsilon) = (R::of(self.beta1), R::of(self.beta2), R::of(self.epsilon));
        let (rest1, rest2) = (R::of(1.0 - self.beta1), R::of(1.0 - self.beta2));
        let keep = R::of(1.0 - step.learning_rate * self.weight_decay);
        update(
            w,
            slots,
            g,
            #[inline(always)]
            |w, [m, v], g| {
                let m = beta1 * m + rest1 * g;
                let v = beta2 * v + rest2 * (g * g);
                (w * keep - rate * m / (v.sqrt() * root + epsilon), [m, v])
            },
        );
    }
}
