//! Losses: what training minimises, a mean over the rows of a batch.
//!
//! A loss sees predictions `a` and targets `t`, both `width × batch`, a row's values contiguous; classes come one-hot.
//! A loss that is computed from logits together with its output activation says so by [`Loss::fuses`].

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod binary_cross_entropy;
mod cross_entropy;
mod facts;
mod focal;
mod hinge;
mod huber;
mod kl_divergence;
mod log_cosh;
mod mae;
mod mse;
mod poisson;
mod quantile;
mod rows;
mod terms;
#[cfg(test)]
pub(super) mod tests;

use super::bind::Arguments;
use super::signature::Signature;
use crate::tensor::{Abreast, Real, combine, wide};
use std::fmt::Debug;

pub use binary_cross_entropy::BINARY_CROSS_ENTROPY;
pub use cross_entropy::CROSS_ENTROPY;
pub use facts::{Center, Outputs};
pub use mse::MSE;
pub use rows::TargetRows;

/// One kind of loss.
pub struct LossKind {
    /// Its reference entry.
    pub signature: Signature,
    /// Makes it from sound arguments.
    pub configure: fn(&Arguments) -> Box<dyn Loss>,
}

/// Every loss, in the order of the reference.
pub static LOSSES: &[&LossKind] = &[
    &mse::MSE,
    &cross_entropy::CROSS_ENTROPY,
    &binary_cross_entropy::BINARY_CROSS_ENTROPY,
    &mae::MAE,
    &huber::HUBER,
    &log_cosh::LOG_COSH,
    &quantile::QUANTILE,
    &kl_divergence::KL_DIVERGENCE,
    &hinge::HINGE,
    &poisson::POISSON,
    &focal::FOCAL,
];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static LossKind> {
    let known = LOSSES.iter();
    #[cfg(test)]
    let known = known.chain(tests::LOSSES);
    known.copied().find(|l| l.signature.name == name)
}

/// What a loss takes for targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Any numbers.
    Values,
    /// One class a row, or a distribution over the outputs.
    Distribution,
    /// A probability for each output.
    Labels,
    /// −1 or 1 for each output, as a number, or as a class or label that is 0 or 1.
    Signs,
    /// Numbers of 0 or more.
    Amounts,
    /// As [`Self::Distribution`] where there are several outputs, as [`Self::Labels`] where there is one.
    ClassOrLabel,
}

/// A configured loss.
pub trait Loss: Objective<f32> + Objective<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn name(&self) -> &'static str;
    /// What it takes for targets.
    fn targets(&self) -> Targets;
    /// What it compares an output with, of a target as the data has it.
    fn wanted(&self, target: f64) -> f64 {
        target
    }
    /// The output activation with which it is computed from logits, where there are so many outputs.
    fn fuses(&self, _width: usize) -> Option<&'static str> {
        None
    }
    /// What outputs it compares with them, where there are so many.
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Any
    }
    /// From where on one output says yes, or the second of two classes.
    fn threshold(&self) -> f64 {
        0.5
    }
    /// The least mean loss that there can be, whatever the outputs.
    fn least(&self, _targets: &TargetRows) -> f64 {
        0.0
    }
    /// Which constant output is best.
    fn center(&self) -> Center;
    /// The constant outputs of least mean loss, one for each output.
    fn best_constant(&self, targets: &TargetRows) -> Vec<f64> {
        let best = |unit| match self.center() {
            Center::Mean => targets.mean(|t| t[unit]),
            Center::Quantile(share) => targets.quantile(unit, share),
            Center::Between => {
                let one = targets.output(unit);
                rows::least(targets.bounds(), |constant| {
                    let mut losses = vec![0.0; one.weights.len()];
                    Objective::<f64>::value(self, &mut losses, &vec![constant; one.values.len()], &one.values, 1);
                    let mut losses = losses.into_iter();
                    one.mean(|_| losses.next().unwrap_or(f64::NAN))
                })
            }
        };
        (0..targets.width).map(best).collect()
    }
    /// The output within `low..=high` of least loss for a target.
    fn nearest(&self, target: f64, low: f64, high: f64) -> f64 {
        target.clamp(low, high)
    }
    /// The distribution of least loss for a row's targets, where that is known.
    fn nearest_distribution(&self, _targets: &[f64]) -> Option<Vec<f64>> {
        None
    }
    /// The least loss of a row of which each logit lies within `low..=high`, where it is computed from logits and
    /// that is known.
    fn least_of_logits(&self, _targets: &[f64], _low: f64, _high: f64) -> Option<f64> {
        None
    }
    /// The least mean loss where a row has so many labels of 1, on the mean, and outputs sum to 1, where that is known.
    fn least_of_labels(&self, _labels: f64) -> Option<f64> {
        None
    }
    /// Its second derivative by one output, the outputs' number left out, where that is the same everywhere: then it
    /// is a quadratic.
    fn second_derivative(&self) -> Option<f64> {
        None
    }
    /// Whether it is −log of the probability of the truth, in nats, so that the targets' entropy bounds it.
    fn is_surprise(&self) -> bool {
        false
    }
    /// The loss of a class row or of labels where so many outputs give even chances; `None` where outputs are no
    /// chances.
    fn uninformed(&self, _outputs: usize) -> Option<f64> {
        None
    }
    /// ∂L/∂z of a row where it is computed from logits, as a formula.
    fn fused_slope(&self, _outputs: usize) -> String {
        String::new()
    }
}

/// Value and gradient in one precision. `rows` has one number for each row; `weights` multiplies each row's gradient.
pub trait Objective<R: Real> {
    /// rows ← the loss of each row.
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize);
    /// gradient ← ∂(Σ weight·row loss)/∂a.
    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize);
    /// As [`Self::value`], from logits: `values` holds z on entry and a = f(z) on return, f being what
    /// [`Loss::fuses`] names.
    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        self.value(rows, values, t, width);
    }
    /// As [`Self::gradient`], but ∂/∂z.
    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        self.gradient(gradient, a, t, weights, width);
    }
    /// As [`Self::fused_value`] and [`Self::fused_gradient`] together, for rows interleaved, where the loss has a way
    /// of its own: gives whether it has.
    fn fused_abreast(&self, _rows: &mut Abreast<R>, _batch: FusedInterleaved<'_, R>) -> bool {
        false
    }
}

/// Sixteen rows interleaved, one output after the other.
#[derive(Debug)]
pub struct FusedInterleaved<'b, R> {
    /// z on entry, a on return.
    pub values: &'b mut [Abreast<R>],
    /// ∂(Σ weight·row loss)/∂z, to be written whole.
    pub gradient: &'b mut [Abreast<R>],
    /// t
    pub targets: &'b [Abreast<R>],
    /// One for each row.
    pub weights: &'b Abreast<R>,
}

/// A loss that adds up over outputs one by one and means over them.
trait Elementwise: Debug + Send + Sync {
    const NAME: &'static str;
    /// The loss of one output, from the difference d = a − t.
    fn of<R: Real>(&self, d: R) -> R;
    /// Its slope.
    fn slope<R: Real>(&self, d: R) -> R;
    /// As [`Loss::center`].
    fn center(&self) -> Center;
    /// As [`Loss::nearest_distribution`].
    fn nearest_distribution(&self, _targets: &[f64]) -> Option<Vec<f64>> {
        None
    }
    /// As [`Loss::second_derivative`].
    fn second_derivative(&self) -> Option<f64> {
        None
    }
}

impl<E: Elementwise> Loss for E {
    fn name(&self) -> &'static str {
        E::NAME
    }
    fn targets(&self) -> Targets {
        Targets::Values
    }
    fn center(&self) -> Center {
        Elementwise::center(self)
    }
    fn nearest_distribution(&self, targets: &[f64]) -> Option<Vec<f64>> {
        Elementwise::nearest_distribution(self, targets)
    }
    fn second_derivative(&self) -> Option<f64> {
        Elementwise::second_derivative(self)
    }
}

impl<E: Elementwise, R: Real> Objective<R> for E {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        if width == 1 {
            return combine(rows, [a, t], |_, [a, t]| self.of(a - t));
        }
        let n = R::of(width as f64);
        wide(
            #[inline(always)]
            || {
                for ((row, a), t) in rows.iter_mut().zip(a.chunks_exact(width)).zip(t.chunks_exact(width)) {
                    let mut sum = R::ZERO;
                    for (&a, &t) in a.iter().zip(t) {
                        sum += self.of(a - t);
                    }
                    *row = sum / n;
                }
            },
        );
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        if width == 1 {
            return combine(gradient, [a, t, weights], |_, [a, t, weight]| self.slope(a - t) * weight);
        }
        let share = R::of(1.0 / width as f64);
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        wide(
            #[inline(always)]
            || {
                for (((g, a), t), &weight) in rows.zip(weights) {
                    for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                        *g = self.slope(a - t) * (weight * share);
                    }
                }
            },
        );
    }
}
