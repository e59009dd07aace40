//! [`Dataset`]: rows ready for training, and what is known of them; [`Batch`]: prepared rows of a new file.

use super::filled::Filled;
use super::groups::Groups;
use super::preparation::{Preparation, statistics};
use super::split::{SplitRule, Stratum};
use crate::ir::spec::{Facts, Statistics};
use crate::tensor::Real;
use serde::{Deserialize, Serialize};

/// Rows ready for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<R> {
    /// features × rows, one row contiguous; scaled, categories one-hot.
    pub inputs: Vec<R>,
    /// Numbers in one row of `inputs`.
    pub features: usize,
    /// One for each row.
    pub targets: Targets<R>,
    /// targets × rows: value targets as the data has them, neither scaled nor rounded to the run's precision, for
    /// metrics to judge by; empty where classes are predicted.
    pub exact: Vec<f64>,
    /// What multiplies the loss of each row, where the program names a column of that; 1 for rows that are held out.
    pub weights: Option<Vec<R>>,
    /// Rows to train on, ascending.
    pub train: Vec<u32>,
    /// Rows that watch training, ascending.
    pub validation: Vec<u32>,
    /// Rows that judge the result, ascending.
    pub test: Vec<u32>,
    /// How rows are divided, where a share of them is held out.
    pub sides: Option<Sides>,
    /// Of whom or what rows are, where a column that is no input says so.
    pub groups: Option<Groups>,
    /// Rows left out because a cell was missing.
    pub dropped: usize,
    /// Cells that were missing and are filled in.
    pub filled: Filled,
    /// What the rest of the program needs to know.
    pub facts: Facts,
    /// How a new row is prepared.
    pub preparation: Preparation,
}

/// Rows of a new file, prepared.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<R> {
    /// features × rows, one row contiguous.
    pub inputs: Vec<R>,
    /// One for each row, unless rows are only predicted.
    pub targets: Option<Targets<R>>,
    /// targets × rows: value targets as the file has them; empty for classes, or where rows are only predicted.
    pub exact: Vec<f64>,
    /// Cells that were missing and are filled in.
    pub filled: Filled,
    /// How many rows.
    pub rows: usize,
}

/// How the rows of a dataset are divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    /// The rule.
    pub rule: SplitRule,
    /// One number for what all rows say, in whatever order they stand.
    pub content: u64,
}

impl Sides {
    /// Whether every row that this holds out was held out by `before` too, over the same rows.
    pub fn keep_apart_what(&self, before: Option<&Self>) -> bool {
        let Some(before) = before else { return self.rule.strata.iter().all(|s| s.held_out() == 0) };
        let known = |class: &Option<String>| before.rule.strata.iter().find(|s| s.class == *class);
        let within = |s: &Stratum| known(&s.class).is_some_and(|b| s.held_out() <= b.held_out());
        self.content == before.content
            && self.rule.seed == before.rule.seed
            && self.rule.strata.iter().all(|s| s.held_out() == 0 || within(s))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(content: u64, seed: u64, strata: &[(Option<&str>, u64, u64)]) -> Sides {
        let stratum = |&(class, test, validation): &(Option<&str>, u64, u64)| Stratum {
            class: class.map(str::to_owned),
            test,
            validation,
        };
        Sides { rule: SplitRule { seed, strata: strata.iter().map(stratum).collect() }, content }
    }

    #[test]
    fn what_was_held_out_is_held_out_by_no_less() {
        let whole = |test, validation| sides(7, 1, &[(None, test, validation)]);
        let classes = |a, b| sides(7, 1, &[(Some("a"), a, 0), (Some("b"), 0, b)]);
        // What is held out now, what was before, and whether none of it was trained on.
        let cases = [
            (whole(0, 0), None, true),
            (whole(5, 0), None, false),
            (whole(0, 5), None, false),
            (whole(5, 9), Some(whole(5, 9)), true),
            (whole(5, 0), Some(whole(0, 5)), true),
            (whole(5, 9), Some(whole(5, 8)), false),
            (whole(5, 9), Some(whole(20, 0)), true),
            (whole(5, 9), Some(sides(8, 1, &[(None, 5, 9)])), false),
            (whole(5, 9), Some(sides(7, 2, &[(None, 5, 9)])), false),
            (classes(3, 4), Some(classes(3, 5)), true),
            (classes(3, 4), Some(classes(2, 5)), false),
            // A class that holds nothing out needs none before.
            (classes(3, 0), Some(sides(7, 1, &[(Some("a"), 3, 0)])), true),
            (classes(3, 1), Some(sides(7, 1, &[(Some("a"), 3, 0)])), false),
            (classes(3, 4), Some(whole(9, 9)), false),
        ];
        for (now, before, apart) in cases {
            assert_eq!(now.keep_apart_what(before.as_ref()), apart, "{now:?} after {before:?}");
        }
    }
}
