//! softmax: a distribution over the units. Couples them, so it is not pointwise.

use super::{Activation, ActivationKind, Compute};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::{self, Real};

/// What gives a distribution over the outputs.
pub static SOFTMAX: ActivationKind = ActivationKind {
    signature: Signature {
        name: "softmax",
        family: Family::Activation,
        summary: "a distribution over the units",
        formula: "aᵢ = e^zᵢ / Σⱼ e^zⱼ; ∂aᵢ/∂zⱼ = aᵢ([i = j] − aⱼ)",
        range: "(0, 1), sum 1",
        parameters: &[],
        example: "dense classes softmax",
        source: "Bridle 1990",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(Softmax),
};

#[derive(Clone, Debug)]
struct Softmax;

impl Activation for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }
    fn range(&self, _input: Values) -> Values {
        Values::SIMPLEX
    }
    fn op(&self) -> Op {
        Op::Softmax
    }
    fn needs_sums(&self) -> bool {
        false
    }
    fn couples(&self) -> bool {
        true
    }
    fn boxed(&self) -> Box<dyn Activation> {
        Box::new(self.clone())
    }
}

impl<R: Real> Compute<R> for Softmax {
    fn forward(&self, values: &mut [R], width: usize) {
        let rows = values.len() / width;
        tensor::softmax(tensor::view_mut(values, width, rows));
    }

    fn backward(&self, gradient: &mut [R], _z: &[R], a: &[R], width: usize) {
        for (g, a) in gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)) {
            // ∂L/∂zᵢ = aᵢ(gᵢ − Σⱼ gⱼ aⱼ)
            let dot: R = g.iter().zip(a).map(|(&g, &a)| g * a).sum();
            for (g, &a) in g.iter_mut().zip(a) {
                *g = a * (*g - dot);
            }
        }
    }
}
