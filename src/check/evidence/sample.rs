//! [`Sample`]: rows of the data in f64, as many as are cheap to measure on.

use crate::check::{Loaded, with_rows};
use crate::data::{Dataset, Targets};
use crate::tensor::Real;

/// Some rows.
#[derive(Clone, Debug)]
pub(in crate::check) struct Sample {
    /// features × rows, one row contiguous.
    pub(in crate::check) inputs: Vec<f64>,
    /// Numbers in one row of `inputs`.
    pub(in crate::check) features: usize,
    /// One for each row.
    pub(in crate::check) targets: Targets<f64>,
    /// What multiplies the loss of each; empty where nothing does.
    pub(in crate::check) weights: Vec<f64>,
    /// How many.
    pub(in crate::check) rows: usize,
    /// Of how many.
    pub(in crate::check) all: usize,
}

impl Sample {
    /// `count` training rows, evenly spread.
    pub(super) fn spread(data: &Loaded, count: usize) -> Self {
        let train = train(data);
        let picked: Vec<u32> = (0..count).map(|k| train[k * train.len() / count]).collect();
        Self::gather(data, &picked)
    }

    /// `count` of its rows, evenly spread.
    pub(super) fn part(&self, count: usize) -> Self {
        let picked: Vec<usize> = (0..count).map(|k| k * self.rows / count).collect();
        let inputs = picked.iter().flat_map(|r| &self.inputs[r * self.features..][..self.features]).copied().collect();
        let targets = match &self.targets {
            Targets::Classes(classes) => Targets::Classes(picked.iter().map(|&r| classes[r]).collect()),
            Targets::Values { width, values } => {
                let values = picked.iter().flat_map(|r| &values[r * width..][..*width]).copied().collect();
                Targets::Values { width: *width, values }
            }
        };
        let weights = picked.iter().filter_map(|&r| self.weights.get(r)).copied().collect();
        Self { inputs, features: self.features, targets, weights, rows: count, all: self.all }
    }

    /// These rows.
    pub(super) fn gather(data: &Loaded, rows: &[u32]) -> Self {
        with_rows!(data, data => gather(data, rows))
    }
}

/// The training rows.
pub(super) fn train(data: &Loaded) -> &[u32] {
    with_rows!(data, data => &data.train)
}

fn gather<R: Real>(data: &Dataset<R>, rows: &[u32]) -> Sample {
    let inputs = rows.iter().flat_map(|&r| data.row(r)).map(|v| v.f64()).collect();
    let targets = match &data.targets {
        Targets::Classes(classes) => Targets::Classes(rows.iter().map(|&r| classes[r as usize]).collect()),
        Targets::Values { width, values } => {
            let values = rows.iter().flat_map(|&r| &values[r as usize * width..][..*width]).map(|v| v.f64()).collect();
            Targets::Values { width: *width, values }
        }
    };
    let weights = data.weights.iter().flat_map(|all| rows.iter().map(|&r| all[r as usize].f64())).collect();
    Sample { inputs, features: data.features, targets, weights, rows: rows.len(), all: data.train.len() }
}
