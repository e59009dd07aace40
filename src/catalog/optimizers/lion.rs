//! lion: steps of one size, by the sign of a mixture of gradient and momentum.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const BETA1: Key<f64> = Key::new("beta1");
    pub(super) const BETA2: Key<f64> = Key::new("beta2");
    pub(super) const WEIGHT_DECAY: Key<f64> = Key::new("weight_decay");
}

pub(super) static LION: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "lion",
        family: Family::Optimizer,
        summary: "steps of one size, by the sign of a mixture of gradient and momentum",
        formula: "w ← w − η·weight_decay·w − η·sign(β₁m + (1 − β₁)g); m ← β₂m + (1 − β₂)g",
        range: "",
        parameters: &[
            Parameter::named(
                key::BETA1,
                Kind::Number(Range::BELOW_ONE),
                DefaultValue::Number(0.9),
                "the momentum's share of the step",
            ),
            Parameter::named(
                key::BETA2,
                Kind::Number(Range::BELOW_ONE),
                DefaultValue::Number(0.99),
                "memory of the momentum",
            ),
            Parameter::named(
                key::WEIGHT_DECAY,
                Kind::Number(Range::NON_NEGATIVE),
                DefaultValue::Number(0.0),
                "the share by which every parameter shrinks, times η",
            ),
        ],
        example: "optimizer = lion(weight_decay=0.1)",
        source: "Chen et al. 2023",
        foreign: Foreign::NONE,
    },
    configure: |arguments| {
        let [beta1, beta2, weight_decay] = [key::BETA1, key::BETA2, key::WEIGHT_DECAY].map(|key| arguments.value(key));
        Box::new(Lion { beta1, beta2, weight_decay })
    },
};

#[derive(Debug)]
struct Lion {
    beta1: f64,
    beta2: f64,
    weight_decay: f64,
}

impl Optimizer for Lion {
    fn name(&self) -> &'static str {
        "lion"
    }
    fn slots(&self) -> usize {
        1
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["momentum"]
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

impl<R: Real> Update<R> for Lion {
    fn update(&self, w: &mut [R], g: &[R], [m, _]: [&mut [R]; MOST_SLOTS], step: Step) {
        let rate = R::of(step.learning_rate);
        let keep = R::of(1.0 - step.learning_rate * self.weight_decay);
        let (beta1, beta2) = (R::of(self.beta1), R::of(self.beta2));
        let (rest1, rest2) = (R::of(1.0 - self.beta1), R::of(1.0 - self.beta2));
        update(
            w,
            [m],
            g,
            #[inline(always)]
            |w, [m], g| {
                let mixed = beta1 * m + rest1 * g;
                let up = if mixed > R::ZERO { rate } else { R::ZERO };
                let down = if mixed < R::ZERO { rate } else { R::ZERO };
                // What is no number has no sign: it is to be seen in the weights too.
                let nothing = R::ZERO * mixed;
                (w * keep - (up - down + nothing), [beta2 * m + rest2 * g])
            },
        );
    }
}
