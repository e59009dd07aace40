//! [`Bench`]: a program's network with its weights where one wants them, and one batch to measure on.

use super::Sample;
use crate::catalog::layers::Mode;
use crate::engine::{Losses, Machine, Plan};
use crate::ir::Program;
use crate::tensor::{Stream, Team};
use crate::train::batch::BatchLoader;

/// A machine, its start, and the batch.
pub(super) struct Bench<'a> {
    pub(super) program: &'a Program,
    pub(super) machine: Machine<'a, f64>,
    pub(super) sample: &'a Sample,
    filling: BatchLoader<f64>,
    streams: Vec<Stream>,
    state: Vec<f64>,
}

impl<'a> Bench<'a> {
    /// Weights at the start that training would give them.
    pub(super) fn new(program: &'a Program, sample: &'a Sample) -> Self {
        let training = &program.training;
        let plan = Plan::new(&program.network, sample.rows, false);
        let optimizer = Some(training.optimizer.as_ref());
        let machine = Machine::new(&program.network, plan, optimizer, training.seed, Team::solo());
        let (streams, state) = (machine.streams.clone(), machine.state.clone());
        Self { program, machine, sample, filling: BatchLoader::new(program), streams, state }
    }

    /// The forward pass in training's form; random layers draw the same each time, and states are as at the start.
    pub(super) fn forward(&mut self) -> Losses {
        self.machine.streams.clone_from(&self.streams);
        self.machine.state.copy_from_slice(&self.state);
        self.put_in();
        let training = &self.program.training;
        self.machine.forward_loss(Mode::Training, training.loss.as_ref(), training.fused)
    }

    /// The forward pass as a prediction would make it; states as training left them.
    pub(super) fn predict(&mut self) -> Losses {
        self.put_in();
        let training = &self.program.training;
        self.machine.forward_loss(Mode::Inference, training.loss.as_ref(), training.fused)
    }

    /// Both passes: the batch's loss without penalties, and in the machine the gradient, `penalised` or of the loss
    /// alone.
    pub(super) fn gradient(&mut self, penalised: bool) -> f64 {
        let losses = self.forward();
        let training = &self.program.training;
        self.machine.backward(Mode::Training, training.loss.as_ref(), training.fused, losses);
        if penalised {
            self.machine.penalise(training.l1.value, training.l2.value);
        }
        losses.mean
    }

    /// Puts the sample in.
    pub(super) fn put_in(&mut self) {
        let Sample { inputs, targets, weights, rows, .. } = self.sample;
        self.filling.fill_weighted(&mut self.machine, inputs, targets, weights, *rows);
    }

    /// Values at the output and targets, with a row's width and its weights: only after a forward pass.
    pub(super) fn targets(&mut self) -> (Vec<f64>, Vec<f64>, usize) {
        self.put_in();
        let width = self.machine.output_width();
        (self.machine.output_and_targets().1.to_vec(), self.machine.weights_mut().to_vec(), width)
    }
}
