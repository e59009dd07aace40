//! Optimizers: how a step moves the weights, given their gradients. Each parameter moves by itself.

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod lbfgs;
mod lion;
mod nadam;
mod rmsprop;
mod sgd;
#[cfg(test)]
pub(super) mod tests;

use super::bind::Arguments;
use super::signature::Signature;
use crate::tensor::Real;
pub(crate) use adam::key::EPSILON;
use std::fmt::Debug;

/// One kind of optimizer.
pub struct OptimizerKind {
    /// Its reference entry.
    pub signature: Signature,
    /// Makes it from sound arguments.
    pub configure: fn(&Arguments) -> Box<dyn Optimizer>,
}

/// Every optimizer, in the order of the reference.
pub static OPTIMIZERS: &[&OptimizerKind] = &[
    &sgd::SGD,
    &adam::ADAM,
    &adam::ADAMW,
    &rmsprop::RMSPROP,
    &adagrad::ADAGRAD,
    &adadelta::ADADELTA,
    &nadam::NADAM,
    &adamax::ADAMAX,
    &lion::LION,
    &lbfgs::LBFGS,
];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static OptimizerKind> {
    let known = OPTIMIZERS.iter();
    #[cfg(test)]
    let known = known.chain(tests::OPTIMIZERS);
    known.copied().find(|o| o.signature.name == name)
}

/// A configured optimizer.
pub trait Optimizer: Update<f32> + Update<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn name(&self) -> &'static str;
    /// How many numbers it remembers for each parameter; all start at 0.
    fn slots(&self) -> usize;
    /// The names of what it remembers, in storage order: `momentum`, `first_moment`.
    fn slot_names(&self) -> &'static [&'static str];
    /// η·λ below which a quadratic of curvature λ converges; `None` where steps are scaled by the gradients, so that
    /// the limit moves with what is remembered.
    fn stability(&self) -> Option<f64>;
    /// Whether a step moves each weight by about η, whatever the size of its gradient.
    fn is_bounded(&self) -> bool {
        false
    }
    /// λ: what a step takes off every parameter apart from its gradient, as a share and times η.
    fn decoupled_decay(&self) -> f64 {
        0.0
    }
    /// Whether it moves all weights at once by looking at the loss of all rows at other weights too
    /// ([`Update::search`]): then the loss must be one function of the weights, the same for each step.
    fn searches(&self) -> bool {
        false
    }
    /// Whether a step is w − η·g and no more.
    fn is_plain(&self) -> bool {
        false
    }
}

/// One step's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// η
    pub learning_rate: f64,
    /// Steps done before this one.
    pub done: u64,
}

/// Most numbers that an optimizer remembers for each parameter.
pub const MOST_SLOTS: usize = 2;

/// The update in one precision. Each parameter is on its own, so that threads can each move some.
pub trait Update<R: Real> {
    /// w ← w moved by g. `slots` are [`Optimizer::slots`] stretches of w's length; the others are empty.
    fn update(&self, w: &mut [R], g: &[R], slots: [&mut [R]; MOST_SLOTS], step: Step);
    /// Moves all weights of a landscape whose value and gradient at them are known, where [`Optimizer::searches`].
    fn search(&self, _landscape: &mut dyn Landscape<R>, _value: f64, _step: Step) {}
}

/// What is minimised, as a function of all weights.
pub trait Landscape<R> {
    /// The weights, the gradient at those where the value was asked for last, and what the optimizer remembers.
    fn parts(&mut self) -> Parts<'_, R>;
    /// The value at the weights as they are; writes the gradient.
    fn evaluate(&mut self) -> f64;
}

/// What an optimizer that searches works on.
#[derive(Debug)]
pub struct Parts<'m, R> {
    /// All weights.
    pub weights: &'m mut [R],
    /// Their gradient.
    pub gradient: &'m mut [R],
    /// [`Optimizer::slots`] times as many numbers.
    pub memory: &'m mut [R],
}
