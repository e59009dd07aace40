//! [`Encoding`]: targets in the form that the loss takes, and what each row weighs. The one place that knows what a
//! class is to an output.

use super::dataset::Targets;
use crate::ir::spec::TargetFacts;
use crate::ir::{Program, TargetUse};
use crate::tensor::Real;

/// How a program's targets meet its outputs, in the precision of the outputs.
#[derive(Clone, Debug)]
pub struct Encoding<R> {
    target: TargetUse,
    /// Outputs of one row.
    width: usize,
    /// The value that each class stands for, where classes are read as values.
    class_values: Vec<R>,
    class_weights: Option<Vec<R>>,
}

impl<R: Real> Encoding<R> {
    /// That of a program.
    pub fn new(program: &Program) -> Self {
        let class_values = match &program.facts.target {
            TargetFacts::Classes { names, .. } if program.training.target == TargetUse::Values => {
                names.iter().map(|name| R::of(name.parse().unwrap_or(f64::NAN))).collect()
            }
            TargetFacts::Classes { .. } | TargetFacts::Values { .. } => Vec::new(),
        };
        let class_weights =
            program.training.class_weights.as_ref().map(|w| w.value.iter().map(|&w| R::of(w)).collect());
        let width = program.network.output().shape.size();
        Self { target: program.training.target, width, class_values, class_weights }
    }

    /// Writes rows' targets, `width × rows`.
    pub fn targets<D: Real>(&self, targets: &Targets<D>, rows: impl Iterator<Item = usize>, to: &mut [R]) {
        match targets {
            Targets::Classes(classes) => self.classes(rows.map(|row| classes[row] as usize), to),
            Targets::Values { width: 1, values } => {
                to.iter_mut().zip(rows).for_each(|(to, row)| *to = R::of(values[row].f64()));
            }
            Targets::Values { width, values } => {
                for (to, row) in to.chunks_exact_mut(*width).zip(rows) {
                    let own = &values[row * width..][..*width];
                    to.iter_mut().zip(own).for_each(|(to, value)| *to = R::of(value.f64()));
                }
            }
        }
    }

    /// Writes what multiplies rows' losses.
    pub fn weights<D>(&self, targets: &Targets<D>, rows: impl Iterator<Item = usize>, to: &mut [R]) {
        match (targets, &self.class_weights) {
            (Targets::Classes(classes), Some(weights)) => {
                to.iter_mut().zip(rows).for_each(|(to, row)| *to = weights[classes[row] as usize]);
            }
            (Targets::Classes(_) | Targets::Values { .. }, _) => to.fill(R::ONE),
        }
    }

    fn classes(&self, classes: impl Iterator<Item = usize>, to: &mut [R]) {
        match self.target {
            TargetUse::Binary => to.iter_mut().zip(classes).for_each(|(to, class)| *to = R::of(class as f64)),
            TargetUse::Values => to.iter_mut().zip(classes).for_each(|(to, class)| *to = self.class_values[class]),
            TargetUse::OneHot | TargetUse::Labels | TargetUse::Distribution => {
                to.fill(R::ZERO);
                for (row, class) in to.chunks_exact_mut(self.width).zip(classes) {
                    row[class] = R::ONE;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_targets_are_written_in_the_order_asked_for() {
        let encoding = |target, width| Encoding { target, width, class_values: vec![-1.0, 1.0], class_weights: None };
        let values = Targets::Values { width: 2, values: vec![1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0] };
        let mut to = [0.0f64; 4];
        encoding(TargetUse::Values, 2).targets(&values, [2, 0].into_iter(), &mut to);
        assert_eq!(to, [5.0, 6.0, 1.0, 2.0]);
        let classes = Targets::<f32>::Classes(vec![1, 0, 1]);
        let cases = [
            (TargetUse::OneHot, 2, vec![1.0, 0.0, 0.0, 1.0]),
            (TargetUse::Binary, 1, vec![0.0, 1.0]),
            (TargetUse::Values, 1, vec![-1.0, 1.0]),
        ];
        for (target, width, written) in cases {
            let mut to = vec![9.0f64; written.len()];
            encoding(target, width).targets(&classes, [1, 2].into_iter(), &mut to);
            assert_eq!(to, written, "{target:?}");
        }
    }
}
