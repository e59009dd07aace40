//! Losses: what training minimises, a mean over the rows of a batch.
//!
//! A loss sees predictions `a` and targets `t`, both `width × batch`, a row's values contiguous; classes come one-hot.
//! A loss that is computed from logits together with its output activation says so by [`Loss::fuses`].

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod binary_cross_entropy;
mod cross_entropy;
mod huber;
mod mae;
mod mse;

use super::bind::Arguments;
use super::signature::Signature;
use crate::tensor::{Abreast, Real, combine, wide};
use std::fmt::Debug;

/// One kind of loss.
pub struct LossKind {
    /// Its reference entry.
    pub signature: Signature,
    /// Makes it from sound arguments.
    pub configure: fn(&Arguments) -> Box<dyn Loss>,
}

/// Every loss, in the order of the reference.
pub static LOSSES: &[&LossKind] =
    &[&mse::MSE, &cross_entropy::CROSS_ENTROPY, &binary_cross_entropy::BINARY_CROSS_ENTROPY, &mae::MAE, &huber::HUBER];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static LossKind> {
    LOSSES.iter().find(|l| l.signature.name == name).copied()
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
}

/// A configured loss.
pub trait Loss: Objective<f32> + Objective<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn name(&self) -> &'static str;
    /// What it takes for targets.
    fn targets(&self) -> Targets;
    /// The output activation with which it is computed from logits.
    fn fuses(&self) -> Option<&'static str> {
        None
    }
}

/// Value and gradient in one precision. `rows` has one number for each row; `weights` multiplies each row's gradient.
pub trait Objective<R: Real> {
    /// rows ← the loss of each row.
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize);
    /// gradient ← ∂(Σ weight·row loss)/∂a.
    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize);
    /// As [`Self::value`], from logits: `values` holds z on entry and a = f(z) on return, f being what [`Loss::fuses`] names.
    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        self.value(rows, values, t, width);
    }
    /// As [`Self::gradient`], but ∂/∂z.
    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        self.gradient(gradient, a, t, weights, width);
    }
    /// As [`Self::fused_value`] and [`Self::fused_gradient`] together, for rows abreast, where the loss has a way of its
    /// own: gives whether it has.
    fn fused_abreast(&self, _rows: &mut Abreast<R>, _batch: FusedAbreast<'_, R>) -> bool {
        false
    }
}

/// Sixteen rows abreast, one output after the other.
#[derive(Debug)]
pub struct FusedAbreast<'b, R> {
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
}

impl<E: Elementwise> Loss for E {
    fn name(&self) -> &'static str {
        E::NAME
    }
    fn targets(&self) -> Targets {
        Targets::Values
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
