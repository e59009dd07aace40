//! [`Answers`]: the training rows' targets as the loss sees them.

use super::Subject;
use crate::check::Loaded;
use crate::data::{Dataset, Encoding};
use crate::tensor::Real;

/// Targets of the training rows.
pub(super) struct Answers {
    /// Numbers in one row.
    pub(super) width: usize,
    /// width × rows, one row contiguous.
    pub(super) values: Vec<f64>,
    /// What multiplies each row's loss.
    pub(super) weights: Vec<f64>,
}

impl Answers {
    /// Those of a program.
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        match subject.data {
            Loaded::Single(data) => gather(subject, data),
            Loaded::Double(data) => gather(subject, data),
        }
    }

    /// Each row with its weight.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.values.chunks_exact(self.width).zip(self.weights.iter().copied())
    }

    /// The weighted mean over the rows of what `f` makes of each.
    pub(super) fn mean(&self, mut f: impl FnMut(&[f64]) -> f64) -> f64 {
        let (mut sum, mut whole) = (0.0, 0.0);
        for (row, weight) in self.rows() {
            sum += weight * f(row);
            whole += weight;
        }
        sum / whole
    }

    /// The smallest and the largest target.
    pub(super) fn bounds(&self) -> (f64, f64) {
        self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
    }
}

fn gather<R: Real>(subject: &Subject<'_>, data: &Dataset<R>) -> Answers {
    let encoding = Encoding::new(subject.program);
    let width = subject.program.network.output().shape.size();
    let rows = || data.train.iter().map(|&row| row as usize);
    let (mut values, mut weights) = (vec![0.0; width * data.train.len()], vec![0.0; data.train.len()]);
    encoding.targets(&data.targets, rows(), &mut values);
    encoding.weights(&data.targets, rows(), &mut weights);
    Answers { width, values, weights }
}
