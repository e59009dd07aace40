//! Rows into a machine: inputs, targets in the form the loss takes, and row weights.

use crate::catalog::Precision;
use crate::data::{Dataset, Encoding, Targets};
use crate::engine::Machine;
use crate::ir::Program;

/// Puts the inputs of a dataset's rows in, as the machine's batch.
pub(super) fn put_in<R: Precision>(machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
    put_each(machine, data.features, rows, |row, to| to.copy_from_slice(data.row(row)));
}

/// Has the machine's team put rows of `features` numbers in, as its batch: `put` writes one row to its place.
fn put_each<R: Precision>(
    machine: &mut Machine<'_, R>,
    features: usize,
    rows: &[u32],
    put: impl Fn(u32, &mut [R]) + Sync,
) {
    machine.set_batch(rows.len());
    machine.put_in(|first, inputs| {
        for (to, &row) in inputs.chunks_exact_mut(features).zip(&rows[first..]) {
            put(row, to);
        }
    });
}

/// A row to train on, written to its place in the batch.
///
/// This is the one place where rows of a step pass from the data to the network, and rows that are only judged do not
/// come by: whatever changes rows in training alone belongs here, on the copy. It may be called on any thread and for
/// rows in any order, so what it draws is to come from a stream of its own [`crate::tensor::Purpose`], made anew for
/// each row from the run's seed, the epoch and the row's number; then the bits hang neither on the batch nor on the
/// threads.
#[inline]
fn put_training_row<R: Precision>(data: &Dataset<R>, row: u32, to: &mut [R]) {
    to.copy_from_slice(data.row(row));
}

/// Multiplies the weights of the machine's rows; without any they stay.
fn weigh<R: Precision>(machine: &mut Machine<'_, R>, weights: impl Iterator<Item = R>) {
    machine.weights_mut().iter_mut().zip(weights).for_each(|(to, weight)| *to *= weight);
}

/// How the rows of a program are put in.
#[derive(Clone, Debug)]
pub struct BatchLoader<R> {
    encoding: Encoding<R>,
}

impl<R: Precision> BatchLoader<R> {
    /// The filling that a program needs.
    pub fn new(program: &Program) -> Self {
        Self { encoding: Encoding::new(program) }
    }

    /// Puts rows of a dataset in, as they are.
    pub fn fill(&self, machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
        put_in(machine, data, rows);
        self.fill_beside(machine, data, rows);
    }

    /// Puts rows of a dataset in to train on them.
    pub fn fill_training(&self, machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
        put_each(machine, data.features, rows, |row, to| put_training_row(data, row, to));
        self.fill_beside(machine, data, rows);
    }

    /// What goes beside the inputs: targets, and what rows weigh.
    fn fill_beside(&self, machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
        self.fill_targets(machine, &data.targets, rows.iter().map(|&r| r as usize));
        if let Some(weights) = &data.weights {
            weigh(machine, rows.iter().map(|&r| weights[r as usize]));
        }
    }

    /// Puts consecutive rows in, from inputs and targets that hold nothing else.
    pub fn load_consecutive(&self, machine: &mut Machine<'_, R>, inputs: &[R], targets: &Targets<R>, rows: usize) {
        machine.set_batch(rows);
        machine.input_mut().copy_from_slice(inputs);
        self.fill_targets(machine, targets, 0..rows);
    }

    /// As [`Self::load_consecutive`], with a weight for each row, where there are any.
    pub fn fill_weighted(
        &self,
        machine: &mut Machine<'_, R>,
        inputs: &[R],
        targets: &Targets<R>,
        weights: &[R],
        rows: usize,
    ) {
        self.load_consecutive(machine, inputs, targets, rows);
        weigh(machine, weights.iter().copied());
    }

    fn fill_targets(
        &self,
        machine: &mut Machine<'_, R>,
        targets: &Targets<R>,
        rows: impl Iterator<Item = usize> + Clone,
    ) {
        self.encoding.targets(targets, rows.clone(), machine.target_mut());
        self.encoding.weights(targets, rows, machine.weights_mut());
    }
}
