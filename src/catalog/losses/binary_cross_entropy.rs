//! `binary_cross_entropy`: the cross-entropy of yes-or-no outputs, each on its own. Computed from logits when a sigmoid
//! stands before it.

use super::{Center, Loss, LossKind, Objective, Outputs, Targets, terms};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::{Real, wide};

/// What suits labels of yes and no.
pub static BINARY_CROSS_ENTROPY: LossKind = LossKind {
    signature: Signature {
        name: "binary_cross_entropy",
        family: Family::Loss,
        summary: "the cross-entropy of yes-or-no outputs, each on its own",
        formula: "L = mean over outputs of −t ln a − (1 − t) ln(1 − a)",
        range: "≥ 0",
        parameters: &[],
        example: "loss = binary_cross_entropy",
        source: "",
        foreign: Foreign { classes: &["BCELoss"], names: &["binary_crossentropy", "bce"], ..Foreign::NONE },
    },
    configure: |_| Box::new(BinaryCrossEntropy),
};

#[derive(Debug)]
struct BinaryCrossEntropy;

impl Loss for BinaryCrossEntropy {
    fn name(&self) -> &'static str {
        "binary_cross_entropy"
    }
    fn targets(&self) -> Targets {
        Targets::Labels
    }
    fn fuses(&self, _width: usize) -> Option<&'static str> {
        Some(Outputs::Probabilities.activation().signature.name)
    }
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Probabilities
    }
    fn center(&self) -> Center {
        Center::Mean
    }
    /// The labels that hold share the whole, or all do where none holds: the terms are convex and alike, so equal
    /// shares are best.
    fn nearest_distribution(&self, targets: &[f64]) -> Option<Vec<f64>> {
        if !targets.iter().all(|&t| t == 0.0 || t == 1.0) {
            return None;
        }
        let labels = targets.iter().sum::<f64>();
        let even = vec![1.0 / targets.len() as f64; targets.len()];
        Some(if labels == 0.0 { even } else { targets.iter().map(|v| v / labels).collect() })
    }
    fn least_of_logits(&self, targets: &[f64], low: f64, high: f64) -> Option<f64> {
        let [low, high] = [low, high].map(|z| 1.0 / (1.0 + (-z).exp()));
        let terms = targets.iter().map(|&t| term(t.clamp(low, high), t));
        Some(terms.sum::<f64>() / targets.len() as f64)
    }
    fn is_surprise(&self) -> bool {
        true
    }
    fn uninformed(&self, _outputs: usize) -> Option<f64> {
        Some(std::f64::consts::LN_2)
    }
    fn fused_slope(&self, outputs: usize) -> String {
        if outputs == 1 { "a - t" } else { "(a - t) / outputs" }.to_owned()
    }
}

/// −t ln a − (1 − t) ln(1 − a), where a factor of 0 silences its logarithm.
fn term<R: Real>(a: R, t: R) -> R {
    let yes = if t == R::ZERO { R::ZERO } else { -t * a.ln() };
    let no = if t == R::ONE { R::ZERO } else { -(R::ONE - t) * (R::ONE - a).ln() };
    yes + no
}

/// ln(1 + e) for 0 ≤ e ≤ 1: what the sum loses of a small e is put back.
#[inline(always)]
fn quick_ln_1p<R: Real>(e: R) -> R {
    let u = R::ONE + e;
    u.quick_ln() + (e - (u - R::ONE)) / u
}

impl<R: Real> Objective<R> for BinaryCrossEntropy {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        terms::means(rows, a, t, width, term);
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        terms::slopes(gradient, (a, t), weights, width, |a, t| {
            let yes = if t == R::ZERO { R::ZERO } else { t / a };
            let no = if t == R::ONE { R::ZERO } else { (R::ONE - t) / (R::ONE - a) };
            no - yes
        });
    }

    /// L = max(z, 0) − t·z + ln(1 + e^−|z|)
    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        let n = R::of(width as f64);
        wide(
            #[inline(always)]
            || {
                for ((row, z), t) in rows.iter_mut().zip(values.chunks_exact_mut(width)).zip(t.chunks_exact(width)) {
                    let mut sum = R::ZERO;
                    for (z, &t) in z.iter_mut().zip(t) {
                        let e = (-z.abs()).quick_exp();
                        let positive = if *z > R::ZERO { *z } else { R::ZERO };
                        sum += positive - t * *z + quick_ln_1p(e);
                        let scale = R::ONE / (R::ONE + e);
                        *z = if *z < R::ZERO { e * scale } else { scale };
                    }
                    *row = sum / n;
                }
            },
        );
    }

    /// ∂L/∂z = (a − t) / width
    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let share = R::of(1.0 / width as f64);
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        wide(
            #[inline(always)]
            || {
                for (((g, a), t), &weight) in rows.zip(weights) {
                    for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                        *g = (a - t) * (weight * share);
                    }
                }
            },
        );
    }
}
