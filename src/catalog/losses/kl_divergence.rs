//! `kl_divergence`: the cross-entropy less what the targets' own entropy makes of it. Computed from logits when a
//! softmax stands before it.

use super::cross_entropy::CrossEntropy;
use super::{Center, Loss, LossKind, Objective, Outputs, Targets};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static KL_DIVERGENCE: LossKind = LossKind {
    signature: Signature {
        name: "kl_divergence",
        family: Family::Loss,
        summary: "how far the outputs' distribution is from the targets'",
        formula: "L = Σ tᵢ ln(tᵢ/aᵢ)",
        range: "≥ 0",
        parameters: &[],
        example: "loss = kl_divergence",
        source: "Kullback and Leibler 1951",
        foreign: Foreign { names: &["kld", "kl_div", "kullback_leibler_divergence"], ..Foreign::NONE },
    },
    configure: |_| Box::new(KlDivergence { cross_entropy: CrossEntropy::plain() }),
};

/// Its gradient is the cross-entropy's: what they differ by does not depend on the outputs.
#[derive(Debug)]
struct KlDivergence {
    cross_entropy: CrossEntropy,
}

impl Loss for KlDivergence {
    fn name(&self) -> &'static str {
        "kl_divergence"
    }
    fn targets(&self) -> Targets {
        Targets::Distribution
    }
    fn fuses(&self, width: usize) -> Option<&'static str> {
        self.cross_entropy.fuses(width)
    }
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Distribution
    }
    fn center(&self) -> Center {
        Center::Mean
    }
    fn least_of_logits(&self, targets: &[f64], low: f64, high: f64) -> Option<f64> {
        // The entropy of a class is 0.
        self.cross_entropy.least_of_logits(targets, low, high)
    }
    fn least_of_labels(&self, labels: f64) -> Option<f64> {
        self.cross_entropy.least_of_labels(labels)
    }
    fn is_surprise(&self) -> bool {
        true
    }
    fn uninformed(&self, outputs: usize) -> Option<f64> {
        self.cross_entropy.uninformed(outputs)
    }
    fn fused_slope(&self, outputs: usize) -> String {
        self.cross_entropy.fused_slope(outputs)
    }
}

/// Takes the targets' entropy off: rows += Σ t ln t.
fn less_entropy<R: Real>(rows: &mut [R], t: &[R], width: usize) {
    for (row, t) in rows.iter_mut().zip(t.chunks_exact(width)) {
        *row += t.iter().filter(|t| **t != R::ZERO).map(|&t| t * t.ln()).sum::<R>();
    }
}

impl<R: Real> Objective<R> for KlDivergence {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        self.cross_entropy.value(rows, a, t, width);
        less_entropy(rows, t, width);
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        self.cross_entropy.gradient(gradient, a, t, weights, width);
    }

    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        self.cross_entropy.fused_value(rows, values, t, width);
        less_entropy(rows, t, width);
    }

    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        self.cross_entropy.fused_gradient(gradient, a, t, weights, width);
    }
}
