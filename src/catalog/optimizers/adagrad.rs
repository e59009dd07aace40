//! adagrad: steps divided by the root of all squared gradients so far.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const EPSILON: Key<f64> = Key::new("epsilon");
}

pub(super) static ADAGRAD: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "adagrad",
        family: Family::Optimizer,
        summary: "steps divided by the root of all squared gradients so far",
        formula: "G ← G + g²; w ← w − η·g / (√G + epsilon)",
        range: "",
        parameters: &[Parameter::named(
            key::EPSILON,
            Kind::Number(Range::POSITIVE),
            DefaultValue::Number(1e-10),
            "keeps the quotient finite",
        )],
        example: "optimizer = adagrad",
        source: "Duchi, Hazan and Singer 2011",
        foreign: Foreign {
            names: &["adaptive_gradient"],
            parameters: &[("eps", "epsilon")],
            hints: &[
                ("lr_decay", "write a schedule for a rate that falls: `learning_rate = exponential(0.1)`"),
                ("initial_accumulator_value", "the squares add up from 0: leave it out"),
            ],
            ..Foreign::NONE
        },
    },
    configure: |arguments| Box::new(Adagrad { epsilon: arguments.value(key::EPSILON) }),
};

#[derive(Debug)]
struct Adagrad {
    epsilon: f64,
}

impl Optimizer for Adagrad {
    fn name(&self) -> &'static str {
        "adagrad"
    }
    fn slots(&self) -> usize {
        1
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["sum_of_squares"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    /// |g| ≤ √G, so no step is longer than η.
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Adagrad {
    fn update(&self, w: &mut [R], g: &[R], [sum, _]: [&mut [R]; MOST_SLOTS], step: Step) {
        let (rate, epsilon) = (R::of(step.learning_rate), R::of(self.epsilon));
        update(
            w,
            [sum],
            g,
            #[inline(always)]
            |w, [sum], g| {
                let sum = sum + g * g;
                (w - rate * g / (sum.sqrt() + epsilon), [sum])
            },
        );
    }
}
