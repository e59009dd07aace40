//! Predictions as rows of text: what `nn predict` writes and what a closing report shows.

use super::evaluate::largest;
use crate::catalog::Precision;
use crate::data::{Preparation, TargetRule};
use crate::ir::{Program, TargetUse};

/// How outputs are written.
#[derive(Clone, Debug)]
pub struct Writer {
    target: TargetUse,
    /// Class names, or the targets' own.
    names: Vec<String>,
    preparation: TargetRule,
}

impl Writer {
    /// The writer of a program's predictions.
    pub fn new(program: &Program, preparation: &Preparation) -> Self {
        let names = match &preparation.target {
            TargetRule::Classes { names, .. } if program.training.target.is_classes() => names.clone(),
            rule @ (TargetRule::Classes { .. } | TargetRule::Values(_)) => {
                rule.columns().into_iter().map(str::to_owned).collect()
            }
        };
        Self { target: program.training.target, names, preparation: preparation.target.clone() }
    }

    /// The columns' names: `prediction` and a probability for each class, or the targets' own.
    pub fn header(&self) -> Vec<String> {
        if !self.target.is_classes() {
            return self.names.clone();
        }
        let probabilities = self.names.iter().map(|n| format!("probability_{n}"));
        std::iter::once("prediction".to_owned()).chain(probabilities).collect()
    }

    /// One row's cells.
    pub fn row<R: Precision>(&self, output: &[R]) -> Vec<String> {
        match self.target {
            TargetUse::Binary => {
                let second = output[0].f64();
                let class = usize::from(output[0] >= R::of(0.5));
                let first = R::of(1.0 - second);
                vec![self.names[class].clone(), first.to_string(), output[0].to_string()]
            }
            TargetUse::OneHot => {
                let class = self.names[largest(output)].clone();
                std::iter::once(class).chain(output.iter().map(ToString::to_string)).collect()
            }
            TargetUse::Labels | TargetUse::Distribution | TargetUse::Values => {
                let undone = output.iter().enumerate().map(|(k, &a)| R::of(self.preparation.undo(k, a.f64())));
                undone.map(|v| v.to_string()).collect()
            }
        }
    }
}
