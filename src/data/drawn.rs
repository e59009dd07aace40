//! Made-up rows of the shape that a model takes, for measuring its speed without its data.

use super::dataset::{Dataset, Targets};
use super::preparation::Preparation;
use crate::ir::spec::{Facts, TargetFacts};
use crate::tensor::{Purpose, Real, Stream};

impl<R: Real> Dataset<R> {
    /// Rows drawn at random, all to train on: for a model whose data is not at hand.
    pub fn drawn(facts: &Facts, preparation: &Preparation, rows: usize) -> Self {
        let mut stream = Stream::new(1, Purpose::Generate);
        let features = facts.input.size();
        let mut draw = |count: usize| (0..count).map(|_| R::of(stream.uniform(-1.0, 1.0))).collect::<Vec<R>>();
        let inputs = draw(features * rows);
        let targets = match &facts.target {
            TargetFacts::Classes { names, .. } => {
                Targets::Classes((0..rows).map(|r| (r % names.len().max(1)) as u32).collect())
            }
            TargetFacts::Values { .. } => {
                let width = preparation.target.columns().len();
                Targets::Values { width, values: draw(width * rows) }
            }
        };
        Self {
            inputs,
            features,
            targets,
            exact: Vec::new(),
            weights: None,
            train: (0..rows as u32).collect(),
            validation: Vec::new(),
            test: Vec::new(),
            sides: None,
            groups: None,
            dropped: 0,
            filled: super::Filled::default(),
            facts: facts.clone(),
            preparation: preparation.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
