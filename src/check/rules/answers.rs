//! [`Answers`]: the training rows' targets as the loss sees them.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use super::Subject;
use crate::check::Loaded;
use crate::data::{Dataset, Targets};
use crate::ir::TargetUse;
use crate::ir::spec::TargetFacts;
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
    let training = &subject.program.training;
    let width = subject.program.network.output().shape.size();
    let own = |row: &u32| data.weights.as_ref().map_or(1.0, |weights| weights[*row as usize].f64());
    match &data.targets {
        Targets::Values { width, values } => {
            let rows = data.train.iter().map(|&r| &values[r as usize * width..][..*width]);
            let values = rows.flatten().map(|v| v.f64()).collect();
            Answers { width: *width, values, weights: data.train.iter().map(own).collect() }
        }
        Targets::Classes(classes) => {
            let number = |class: u32| match &data.facts.target {
                TargetFacts::Classes { names, .. } if training.target == TargetUse::Values => {
                    names.get(class as usize).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN)
                }
                _ => f64::from(class),
            };
            let mut values = Vec::with_capacity(width * data.train.len());
            for &row in &data.train {
                let class = classes[row as usize];
                if width == 1 {
                    values.push(number(class));
                } else {
                    values.extend((0..width).map(|unit| f64::from(u8::from(unit == class as usize))));
                }
            }
            let weight = |row: &u32| match &training.class_weights {
                Some(weights) => own(row) * weights.value.get(classes[*row as usize] as usize).copied().unwrap_or(1.0),
                None => own(row),
            };
            Answers { width, values, weights: data.train.iter().map(weight).collect() }
        }
    }
}
