//! Rows into a machine: inputs, targets in the form the loss takes, and row weights.

use crate::catalog::Precision;
use crate::data::{Dataset, Targets};
use crate::engine::Machine;
use crate::ir::spec::TargetFacts;
use crate::ir::{Program, TargetUse};

/// Puts the inputs of a dataset's rows in, as the machine's batch.
pub(super) fn put_in<R: Precision>(machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
    machine.set_batch(rows.len());
    machine.put_in(|first, inputs| {
        for (to, &row) in inputs.chunks_exact_mut(data.features).zip(&rows[first..]) {
            to.copy_from_slice(data.row(row));
        }
    });
}

/// Multiplies the weights of the machine's rows; without any they stay.
fn weigh<R: Precision>(machine: &mut Machine<'_, R>, weights: impl Iterator<Item = R>) {
    machine.weights_mut().iter_mut().zip(weights).for_each(|(to, weight)| *to *= weight);
}

/// How the rows of a program are put in.
#[derive(Clone, Debug)]
pub struct Filling<R> {
    target: TargetUse,
    /// The value that each class stands for, where classes are read as values.
    class_values: Vec<R>,
    class_weights: Option<Vec<R>>,
}

impl<R: Precision> Filling<R> {
    /// The filling that a program needs.
    pub fn new(program: &Program) -> Self {
        let class_values = match &program.facts.target {
            TargetFacts::Classes { names, .. } if program.training.target == TargetUse::Values => {
                names.iter().map(|name| R::of(name.parse().unwrap_or(f64::NAN))).collect()
            }
            TargetFacts::Classes { .. } | TargetFacts::Values { .. } => Vec::new(),
        };
        let class_weights =
            program.training.class_weights.as_ref().map(|w| w.value.iter().map(|&w| R::of(w)).collect());
        Self { target: program.training.target, class_values, class_weights }
    }

    /// Puts rows of a dataset in.
    pub fn fill(&self, machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: &[u32]) {
        put_in(machine, data, rows);
        self.fill_targets(machine, &data.targets, rows.iter().map(|&r| r as usize));
        if let Some(weights) = &data.weights {
            weigh(machine, rows.iter().map(|&r| weights[r as usize]));
        }
    }

    /// Puts consecutive rows in, from inputs and targets that hold nothing else.
    pub fn fill_all(&self, machine: &mut Machine<'_, R>, inputs: &[R], targets: &Targets<R>, rows: usize) {
        machine.set_batch(rows);
        machine.input_mut().copy_from_slice(inputs);
        self.fill_targets(machine, targets, 0..rows);
    }

    /// As [`Self::fill_all`], with a weight for each row, where there are any.
    pub fn fill_weighted(
        &self,
        machine: &mut Machine<'_, R>,
        inputs: &[R],
        targets: &Targets<R>,
        weights: &[R],
        rows: usize,
    ) {
        self.fill_all(machine, inputs, targets, rows);
        weigh(machine, weights.iter().copied());
    }

    fn fill_targets(
        &self,
        machine: &mut Machine<'_, R>,
        targets: &Targets<R>,
        rows: impl Iterator<Item = usize> + Clone,
    ) {
        let width = machine.output_width();
        match targets {
            Targets::Classes(classes) => {
                self.fill_classes(machine.target_mut(), width, rows.clone().map(|r| classes[r]));
                match &self.class_weights {
                    Some(weights) => {
                        for (to, row) in machine.weights_mut().iter_mut().zip(rows) {
                            *to = weights[classes[row] as usize];
                        }
                    }
                    None => machine.weights_mut().fill(R::ONE),
                }
            }
            Targets::Values { width, values } => {
                let to = machine.target_mut();
                if *width == 1 {
                    to.iter_mut().zip(rows).for_each(|(to, row)| *to = values[row]);
                } else {
                    for (to, row) in to.chunks_exact_mut(*width).zip(rows) {
                        to.copy_from_slice(&values[row * width..][..*width]);
                    }
                }
                machine.weights_mut().fill(R::ONE);
            }
        }
    }

    fn fill_classes(&self, to: &mut [R], width: usize, classes: impl Iterator<Item = u32>) {
        match self.target {
            TargetUse::Binary => {
                for (to, class) in to.iter_mut().zip(classes) {
                    *to = R::of(f64::from(class));
                }
            }
            TargetUse::Values => {
                for (to, class) in to.iter_mut().zip(classes) {
                    *to = self.class_values[class as usize];
                }
            }
            TargetUse::OneHot | TargetUse::Labels | TargetUse::Distribution => {
                to.fill(R::ZERO);
                for (row, class) in to.chunks_exact_mut(width).zip(classes) {
                    row[class as usize] = R::ONE;
                }
            }
        }
    }
}
