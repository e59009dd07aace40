//! A step of an optimizer that looks at other weights: the batch that is in the machine, as a function of them.

use super::machine::Machine;
use super::parameters::penalty;
use super::step::Losses;
use super::step::UpdateRule;
use crate::catalog::Precision;
use crate::catalog::losses::Loss;
use crate::catalog::optimizers::{Landscape, Parts};

/// What the batch left behind at the weights that the step started from: metrics are read off it, and running statistics go
/// on from it.
#[derive(Debug)]
pub(super) struct Left<R> {
    output: Vec<R>,
    state: Vec<R>,
}

impl<R: Precision> Left<R> {
    /// Room for so many outputs and running statistics.
    pub(super) fn new(output: usize, state: usize) -> Self {
        Self { output: vec![R::ZERO; output], state: vec![R::ZERO; state] }
    }
}

/// The loss of the batch with its penalties.
struct Batch<'b, 'a, R> {
    machine: &'b mut Machine<'a, R>,
    loss: &'b dyn Loss,
    fused: bool,
    moves: &'b UpdateRule<'b>,
}

impl<R: Precision> Batch<'_, '_, R> {
    fn penalty(&self) -> f64 {
        penalty(&self.machine.plan, &self.machine.parameters, (self.moves.l1, self.moves.l2))
    }
}

impl<R: Precision> Landscape<R> for Batch<'_, '_, R> {
    fn parts(&mut self) -> Parts<'_, R> {
        let Machine { parameters, gradients, slots, .. } = &mut *self.machine;
        Parts { weights: parameters, gradient: gradients, memory: slots }
    }

    fn evaluate(&mut self) -> f64 {
        let losses = self.machine.pass(self.loss, self.fused);
        self.machine.penalise(self.moves.l1, self.moves.l2);
        losses.mean + self.penalty()
    }
}

/// Moves the parameters, whose loss and gradients are in the machine. Besides them nothing changes.
pub(super) fn run<R: Precision>(
    machine: &mut Machine<'_, R>,
    loss: &dyn Loss,
    fused: bool,
    moves: &UpdateRule<'_>,
    losses: Losses,
) {
    let Some(mut left) = machine.left.take() else { return };
    let (last, rows) = (machine.plan.places.len() - 1, machine.batch);
    let width = machine.output().len();
    left.output[..width].copy_from_slice(machine.output());
    left.state.copy_from_slice(&machine.state);
    let mut batch = Batch { machine, loss, fused, moves };
    let value = losses.mean + batch.penalty();
    R::update(moves.optimizer).search(&mut batch, value, moves.step);
    machine.values.matrix_mut(last, rows).copy_from_slice(&left.output[..width]);
    machine.state.copy_from_slice(&left.state);
    machine.left = Some(left);
}
