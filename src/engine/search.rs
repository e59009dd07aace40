//! A step of an optimizer that looks at other weights: the batch that is in the machine, as a function of them.

use super::machine::Machine;
use super::parameters::penalty;
use super::step::{Losses, UpdateRule};
use crate::catalog::Precision;
use crate::catalog::losses::Loss;
use crate::catalog::optimizers::{Landscape, Parts};

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

impl<R: Precision> Machine<'_, R> {
    /// Moves the parameters, whose loss and gradients are known, by an optimizer that looks at other weights. Besides
    /// them nothing changes.
    pub(super) fn search(&mut self, loss: &dyn Loss, fused: bool, moves: &UpdateRule<'_>, losses: Losses) {
        let Some(mut left) = self.left.take() else { return };
        let (last, rows) = (self.plan.places.len() - 1, self.batch);
        let width = self.output().len();
        left.output[..width].copy_from_slice(self.output());
        left.state.copy_from_slice(&self.state);
        let mut batch = Batch { machine: self, loss, fused, moves };
        let value = losses.mean + batch.penalty();
        R::update(moves.optimizer).search(&mut batch, value, moves.step);
        self.values.matrix_mut(last, rows).copy_from_slice(&left.output[..width]);
        self.state.copy_from_slice(&left.state);
        self.left = Some(left);
    }
}
