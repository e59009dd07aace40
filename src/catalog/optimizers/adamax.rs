//! adamax: adam by the largest gradient of late in place of the root of the mean square.

use super::adam::{BETA1, BETA2, EPSILON, key};
use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{Family, Signature};
use crate::tensor::{Real, update};

pub(super) static ADAMAX: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "adamax",
        family: Family::Optimizer,
        summary: "adam, by the largest gradient of late in place of the root of their mean square",
        formula: "m ← β₁m + (1 − β₁)g; u ← max(β₂u, |g| + epsilon); w ← w − η·m̂ / u, m̂ = m/(1 − β₁ᵗ)",
        range: "",
        parameters: &[BETA1, BETA2, EPSILON],
        example: "optimizer = adamax",
        source: "Kingma and Ba 2015, section 7.1",
        foreign: super::adam::FOREIGN,
    },
    configure: |arguments| {
        let [beta1, beta2, epsilon] = [key::BETA1, key::BETA2, key::EPSILON].map(|key| arguments.value(key));
        Box::new(Adamax { beta1, beta2, epsilon })
    },
};

#[derive(Debug)]
struct Adamax {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
}

impl Optimizer for Adamax {
    fn name(&self) -> &'static str {
        "adamax"
    }
    fn slots(&self) -> usize {
        2
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["first_moment", "largest"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Adamax {
    fn update(&self, w: &mut [R], g: &[R], slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let t = i32::try_from(step.done + 1).unwrap_or(i32::MAX);
        let rate = R::of(step.learning_rate / (1.0 - self.beta1.powi(t)));
        let (beta1, beta2, epsilon) = (R::of(self.beta1), R::of(self.beta2), R::of(self.epsilon));
        let rest = R::of(1.0 - self.beta1);
        update(
            w,
            slots,
            g,
            #[inline(always)]
            |w, [m, u], g| {
                let m = beta1 * m + rest * g;
                let (faded, now) = (beta2 * u, g.abs() + epsilon);
                let u = if faded > now { faded } else { now };
                // Where `update` is called beyond the end, all of it is 0 and `u` is epsilon.
                (w - rate * m / u, [m, u])
            },
        );
    }
}
