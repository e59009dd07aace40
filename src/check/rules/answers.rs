//! The training rows' targets as the loss sees them.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use super::Subject;
use crate::catalog::losses::TargetRows;
use crate::check::Loaded;
use crate::data::{Dataset, Targets};
use crate::ir::TargetUse;
use crate::ir::spec::TargetFacts;
use crate::tensor::Real;

/// Those of a program.
pub(super) fn of(subject: &Subject<'_>) -> TargetRows {
    match subject.data {
        Loaded::Single(data) => gather(subject, data),
        Loaded::Double(data) => gather(subject, data),
    }
}

fn gather<R: Real>(subject: &Subject<'_>, data: &Dataset<R>) -> TargetRows {
    let training = &subject.program.training;
    let width = subject.program.network.output().shape.size();
    match &data.targets {
        Targets::Values { width, values } => {
            let rows = data.train.iter().map(|&r| &values[r as usize * width..][..*width]);
            let values = rows.flatten().map(|v| v.f64()).collect();
            TargetRows { width: *width, values, weights: vec![1.0; data.train.len()] }
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
            let weight = |&row: &u32| match &training.class_weights {
                Some(weights) => weights.value.get(classes[row as usize] as usize).copied().unwrap_or(1.0),
                None => 1.0,
            };
            TargetRows { width, values, weights: data.train.iter().map(weight).collect() }
        }
    }
}
