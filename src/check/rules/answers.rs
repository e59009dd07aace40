//! The training rows' targets as the loss sees them.

use super::Subject;
use crate::catalog::losses::TargetRows;
use crate::check::with_rows;
use crate::data::{Dataset, Encoding};
use crate::tensor::Real;

/// Those of a program.
pub(super) fn of(subject: &Subject<'_>) -> TargetRows {
    with_rows!(subject.data, data => gather(subject, data))
}

fn gather<R: Real>(subject: &Subject<'_>, data: &Dataset<R>) -> TargetRows {
    let encoding = Encoding::new(subject.program);
    let width = subject.program.network.output().shape.size();
    let rows = || data.train.iter().map(|&row| row as usize);
    let (mut values, mut weights) = (vec![0.0; width * data.train.len()], vec![0.0; data.train.len()]);
    encoding.targets(&data.targets, rows(), &mut values);
    encoding.weights(&data.targets, rows(), &mut weights);
    if let Some(own) = &data.weights {
        weights.iter_mut().zip(rows()).for_each(|(weight, row)| *weight *= own[row].f64());
    }
    for target in &mut values {
        *target = subject.program.training.loss.wanted(*target);
    }
    TargetRows { width, values, weights }
}
