//! What a training step is made of: the rule by which parameters are updated, the loss of its batch, what clipping
//! did, and the parts that can be timed.

use crate::catalog::Precision;
use crate::catalog::optimizers::{Optimizer, Step};
use crate::ir::Training;

/// How a step updates the parameters once their gradients are there: the optimizer, penalties and clipping.
#[derive(Clone, Copy, Debug)]
pub struct UpdateRule<'m> {
    /// By what rule.
    pub optimizer: &'m dyn Optimizer,
    /// The step's numbers.
    pub step: Step,
    /// Penalty on Σ|w|.
    pub l1: f64,
    /// Penalty on Σw².
    pub l2: f64,
    /// The most that the norm of all gradients together may be.
    pub clip_norm: Option<f64>,
}

impl<'m> UpdateRule<'m> {
    /// A program's, at a learning rate, after so many steps.
    pub fn of(training: &'m Training, learning_rate: f64, done: u64) -> Self {
        Self {
            optimizer: training.optimizer.as_ref(),
            step: Step { learning_rate, done },
            l1: training.l1.value,
            l2: training.l2.value,
            clip_norm: training.clip_norm.map(|bound| bound.value),
        }
    }
}

/// The loss of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// Σ weight·row loss / Σ weight
    pub mean: f64,
    /// Σ weight
    pub weight: f64,
}

/// A part of a step that is done, for those who measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rows are in.
    Rows,
    /// A node's forward pass.
    Forward(usize),
    /// The loss.
    Loss,
    /// ∂L/∂output.
    LossGradient,
    /// A node's backward pass.
    Backward(usize),
    /// Penalties and clipping.
    Bounds,
    /// The parameters have moved.
    Update,
    /// What metrics are read off is counted.
    Metrics,
}

/// What bounding the norm of all gradients came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clipped {
    /// The norm before.
    pub norm: f64,
    /// What every gradient was multiplied by: 1 within the bound.
    pub factor: f64,
}

/// What the batch left behind at the weights that the step started from: metrics are read off it, and running
/// statistics go on from it.
#[derive(Debug)]
pub(super) struct Left<R> {
    pub(super) output: Vec<R>,
    pub(super) state: Vec<R>,
}

impl<R: Precision> Left<R> {
    /// Room for so many outputs and running statistics.
    pub(super) fn new(output: usize, state: usize) -> Self {
        Self { output: vec![R::ZERO; output], state: vec![R::ZERO; state] }
    }
}
