//! `cross_entropy`: −log of the probability that the network gives the true class. Computed from logits when a
//! softmax stands before it, so that it cannot overflow.

use super::{Center, FusedInterleaved, Loss, LossKind, Objective, Outputs, TargetRows, Targets};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{ABREAST, Abreast, Real, wide};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const LABEL_SMOOTHING: Key<f64> = Key::new("label_smoothing");
}

/// What suits classes that exclude each other.
pub static CROSS_ENTROPY: LossKind = LossKind {
    signature: Signature {
        name: "cross_entropy",
        family: Family::Loss,
        summary: "minus the log of the probability given to the true class",
        formula: "L = −Σ t′ᵢ ln aᵢ, t′ = (1 − label_smoothing)·t + label_smoothing/C",
        range: "≥ 0",
        parameters: &[Parameter::named(
            key::LABEL_SMOOTHING,
            Kind::Number(Range::BELOW_ONE),
            DefaultValue::Number(0.0),
            "the share of each target that is spread over all classes",
        )],
        example: "loss = cross_entropy",
        source: "Good 1952; label smoothing: Szegedy et al. 2016",
        foreign: Foreign {
            names: &[
                "categorical_crossentropy",
                "sparse_categorical_crossentropy",
                "cross_entropy_loss",
                "crossentropy",
                "ce",
            ],
            ..Foreign::NONE
        },
    },
    configure: |arguments| Box::new(CrossEntropy { smoothing: arguments.value(key::LABEL_SMOOTHING) }),
};

/// What other losses of distributions rest on.
#[derive(Debug)]
pub(super) struct CrossEntropy {
    smoothing: f64,
}

impl CrossEntropy {
    /// Of targets as they are.
    pub(super) const fn plain() -> Self {
        Self { smoothing: 0.0 }
    }

    /// t′ = keep·t + spread
    fn smoothing<R: Real>(&self, width: usize) -> (R, R) {
        (R::of(1.0 - self.smoothing), R::of(self.smoothing / width as f64))
    }
}

impl Loss for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }
    fn targets(&self) -> Targets {
        Targets::Distribution
    }
    fn fuses(&self, _width: usize) -> Option<&'static str> {
        Some(Outputs::Distribution.activation().signature.name)
    }
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Distribution
    }
    fn center(&self) -> Center {
        Center::Mean
    }
    fn best_constant(&self, targets: &TargetRows) -> Vec<f64> {
        let (keep, spread) = self.smoothing::<f64>(targets.width);
        (0..targets.width).map(|unit| keep * targets.mean(|t| t[unit]) + spread).collect()
    }
    fn least_of_logits(&self, targets: &[f64], low: f64, high: f64) -> Option<f64> {
        let is_class = targets.iter().filter(|&&t| t == 1.0).count() == 1 && targets.iter().sum::<f64>() == 1.0;
        is_class.then(|| confined(targets.len(), high - low, self.smoothing))
    }
    /// Rows of k labels each need k·ln k at least, all of the mass shared among them; the mean of that is no less
    /// than its value at the mean k, since k·ln k is convex.
    fn least_of_labels(&self, labels: f64) -> Option<f64> {
        (self.smoothing == 0.0).then(|| if labels > 1.0 { labels * labels.ln() } else { 0.0 })
    }
    fn is_surprise(&self) -> bool {
        true
    }
    fn uninformed(&self, outputs: usize) -> Option<f64> {
        Some((outputs as f64).ln())
    }
    fn fused_slope(&self, _outputs: usize) -> String {
        if self.smoothing > 0.0 { "a - t, t smoothed" } else { "a - t" }.to_owned()
    }
}

/// The least cross-entropy where the logits of `classes` classes differ by `spread` at most: with t for the true class
/// and o for each other, that of a lead of ln t/o of the true class's logit, or of as much of it as there is.
fn confined(classes: usize, spread: f64, smoothing: f64) -> f64 {
    let others = (classes - 1) as f64;
    let other = smoothing / classes as f64;
    let lead = spread.min(((1.0 - smoothing + other) / other).ln());
    // ln(e^lead + others) − t·lead, the targets' sum being 1.
    let missed = others * other;
    (others * (-lead).exp()).ln_1p() + if missed > 0.0 { missed * lead } else { 0.0 }
}

impl<R: Real> Objective<R> for CrossEntropy {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        let (keep, spread) = self.smoothing::<R>(width);
        for ((row, a), t) in rows.iter_mut().zip(a.chunks_exact(width)).zip(t.chunks_exact(width)) {
            // A class that is no part of the target adds nothing, whatever its probability: 0 · ln 0 = 0.
            let terms = a.iter().zip(t).map(|(&a, &t)| (a, keep * t + spread));
            *row = terms.filter(|(_, t)| *t != R::ZERO).map(|(a, t)| -t * a.ln()).sum();
        }
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let (keep, spread) = self.smoothing::<R>(width);
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        for (((g, a), t), &weight) in rows.zip(weights) {
            for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                let t = keep * t + spread;
                *g = if t == R::ZERO { R::ZERO } else { -weight * t / a };
            }
        }
    }

    /// L = Σ t′ᵢ (log Σ e^zⱼ − zᵢ), the largest z taken off first. The exponentials are taken over all rows in one
    /// loop, which fills vectors where a row of a few classes would not.
    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        let (keep, spread) = self.smoothing::<R>(width);
        wide(
            #[inline(always)]
            || {
                for ((row, z), t) in rows.iter_mut().zip(values.chunks_exact_mut(width)).zip(t.chunks_exact(width)) {
                    let largest = z.iter().fold(z[0], |top, &z| if z > top { z } else { top });
                    let mut along = R::ZERO;
                    for (z, &t) in z.iter_mut().zip(t) {
                        *z -= largest;
                        along += (keep * t + spread) * *z;
                    }
                    *row = along;
                }
                for z in values.iter_mut() {
                    *z = z.quick_exp();
                }
                for ((row, a), t) in rows.iter_mut().zip(values.chunks_exact_mut(width)).zip(t.chunks_exact(width)) {
                    let (mut sum, mut mass) = (R::ZERO, R::ZERO);
                    for (&a, &t) in a.iter().zip(t) {
                        sum += a;
                        mass += keep * t + spread;
                    }
                    *row = mass * sum.quick_ln() - *row;
                    let scale = R::ONE / sum;
                    for a in a {
                        *a *= scale;
                    }
                }
            },
        );
    }

    fn fused_abreast(&self, rows: &mut Abreast<R>, batch: FusedInterleaved<'_, R>) -> bool {
        let FusedInterleaved { values, gradient, targets, weights } = batch;
        let (keep, spread) = self.smoothing::<R>(values.len());
        wide(
            #[inline(always)]
            || {
                let mut top = values[0];
                for z in values.iter() {
                    for (top, &z) in top.iter_mut().zip(z) {
                        *top = if z > *top { z } else { *top };
                    }
                }
                let [mut along, mut mass, mut sum] = [[R::ZERO; ABREAST]; 3];
                for (z, t) in values.iter_mut().zip(targets) {
                    for r in 0..ABREAST {
                        let (below, t) = (z[r] - top[r], keep * t[r] + spread);
                        along[r] += t * below;
                        mass[r] += t;
                        z[r] = below.quick_exp();
                        sum[r] += z[r];
                    }
                }
                for r in 0..ABREAST {
                    rows[r] = mass[r] * sum[r].quick_ln() - along[r];
                    sum[r] = R::ONE / sum[r];
                }
                for ((a, g), t) in values.iter_mut().zip(gradient).zip(targets) {
                    for r in 0..ABREAST {
                        a[r] *= sum[r];
                        g[r] = (a[r] * mass[r] - (keep * t[r] + spread)) * weights[r];
                    }
                }
            },
        );
        true
    }

    /// ∂L/∂z = a·Σt′ − t′
    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let (keep, spread) = self.smoothing::<R>(width);
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        wide(
            #[inline(always)]
            || {
                for (((g, a), t), &weight) in rows.zip(weights) {
                    let mut mass = R::ZERO;
                    for &t in t {
                        mass += keep * t + spread;
                    }
                    for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                        *g = (a * mass - (keep * t + spread)) * weight;
                    }
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn confined_logits_have_the_closed_form_floor() {
        let e = std::f64::consts::E;
        for (classes, floor) in [(2, 0.313_261_687_518), (3, (1.0 + 2.0 / e).ln()), (10, (1.0 + 9.0 / e).ln())] {
            near(confined(classes, 1.0, 0.0), floor);
        }
        near(confined(4, f64::INFINITY, 0.0), 0.0);
        // Smoothed by 0.1 over 3 classes: 1/30 for each other one. Free logits come to the targets' entropy.
        near(confined(3, 1.0, 0.1), (e + 2.0).ln() - 28.0 / 30.0);
        let entropy = -(28.0 / 30.0) * (28.0f64 / 30.0).ln() - (2.0 / 30.0) * (1.0f64 / 30.0).ln();
        near(confined(3, f64::INFINITY, 0.1), entropy);
        near(confined(3, 9.0, 0.1), entropy);
    }

    #[test]
    fn smoothed_targets_have_no_floor_of_labels_and_another_slope() {
        let smoothed = CrossEntropy { smoothing: 0.1 };
        let targets = TargetRows { width: 2, values: vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0], weights: vec![1.0; 3] };
        let best = smoothed.best_constant(&targets);
        near(best[0], 0.9 * 2.0 / 3.0 + 0.05);
        near(best[1], 0.9 / 3.0 + 0.05);
        assert_eq!((smoothed.least_of_labels(2.0), smoothed.fused_slope(3)), (None, "a - t, t smoothed".to_owned()));
    }
}
