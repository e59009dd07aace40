//! [`Dataset`]: rows ready for training, and what is known of them.

use super::preparation::{Preparation, statistics};
use crate::ir::spec::{Facts, Statistics};
use crate::tensor::Real;

/// Rows ready for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<R> {
    /// features × rows, one row contiguous; scaled, categories one-hot.
    pub inputs: Vec<R>,
    /// Numbers in one row of `inputs`.
    pub features: usize,
    /// One for each row.
    pub targets: Targets<R>,
    /// What multiplies the loss of each row, where the program names a column of that; 1 for rows that are held out.
    pub weights: Option<Vec<R>>,
    /// Rows to train on, ascending.
    pub train: Vec<u32>,
    /// Rows that watch training, ascending.
    pub validation: Vec<u32>,
    /// Rows that judge the result, ascending.
    pub test: Vec<u32>,
    /// Rows left out because a cell was missing.
    pub dropped: usize,
    /// What the rest of the program needs to know.
    pub facts: Facts,
    /// How a new row is prepared.
    pub preparation: Preparation,
}

/// What is to be predicted for each row.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets<R> {
    /// The number of a class, one a row.
    Classes(Vec<u32>),
    /// width × rows, one row contiguous, scaled.
    Values {
        /// Numbers in one row.
        width: usize,
        /// The numbers.
        values: Vec<R>,
    },
}

impl<R: Real> Dataset<R> {
    /// All rows, held-out ones included.
    pub fn rows(&self) -> usize {
        match &self.targets {
            Targets::Classes(classes) => classes.len(),
            Targets::Values { width, values } => values.len() / width,
        }
    }

    /// The inputs of one row.
    pub fn row(&self, row: u32) -> &[R] {
        &self.inputs[row as usize * self.features..][..self.features]
    }

    /// What is known of each prepared input over the training rows (after scaling; before it, see
    /// [`super::InputKind`]).
    pub fn input_statistics(&self) -> Vec<Statistics> {
        statistics(&self.inputs, self.features, &self.train)
    }
}
