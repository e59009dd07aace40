//! What the `data` block means ([`DataSpec`]) and what the data, once read, tells the rest of the program ([`Facts`]).

use serde::{Deserialize, Serialize};

use super::dialect::Dialect;
pub use crate::catalog::sources::DataSource;
use crate::source::{Span, Spanned};
use crate::tensor::Shape;

/// The `data` block, names checked, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSpec {
    /// Where rows come from.
    pub source: DataSource,
    /// The place of the source, for reports about it.
    pub source_span: Span,
    /// Columns to predict; empty where the source itself says (IDX, generators) or the user must.
    pub target: Vec<ColumnName>,
    /// The `target` setting's place.
    pub target_span: Option<Span>,
    /// Whether a target must be named, and none is: told together with the columns that there are.
    pub lacks_target: bool,
    /// Columns to learn from, `None` for every other one.
    pub inputs: Option<Vec<ColumnName>>,
    /// Columns to leave out.
    pub ignore: Vec<ColumnName>,
    /// Numeric columns to take as classes.
    pub category: Vec<ColumnName>,
    /// How inputs are scaled.
    pub scale: Spanned<Scale>,
    /// How value targets are scaled.
    pub target_scale: Spanned<Scale>,
    /// What happens to missing cells.
    pub missing: Spanned<Missing>,
    /// Whether a category that no training row has is an input of its own.
    pub unseen: bool,
    /// Rows held out to watch training.
    pub validation: Option<Spanned<Holdout>>,
    /// Rows held out to judge the result.
    pub test: Option<Spanned<Holdout>>,
    /// Decides, with what the rows say, which of them are held out.
    pub split_seed: Spanned<u64>,
    /// Whether splits keep the classes' shares (for class targets).
    pub stratify: Spanned<bool>,
    /// The order of classes, where the user fixes it.
    pub classes: Option<Spanned<Vec<String>>>,
    /// Of two classes the one that metrics speak of, where the user names it.
    pub positive: Option<ColumnName>,
    /// The column of the training rows' weights.
    pub weight: Option<ColumnName>,
    /// Columns of dates, as the dialect has them.
    pub dates: Vec<ColumnName>,
    /// How the table is written.
    pub dialect: Dialect,
    /// Where the block has places to write more.
    pub places: Places,
}

impl DataSpec {
    /// The files that it names, held-out ones included, as written.
    pub fn files(&self) -> Vec<&str> {
        [self.source.files(), self.held_out_files()].concat()
    }

    /// The files whose rows are held out, as written.
    pub fn held_out_files(&self) -> Vec<&str> {
        [&self.validation, &self.test].into_iter().flatten().flat_map(|held| held.value.files()).collect()
    }
}

/// Where settings that a report proposes are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The end of the block's last setting.
    pub end: Option<usize>,
    /// Settings that the block has, with their values' places.
    pub given: Vec<(&'static str, Span)>,
}

/// A column as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnName {
    /// The name.
    pub name: String,
    /// Where it was written.
    pub span: Span,
}

/// How a column's numbers are scaled; statistics come from training rows alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As they are.
    None,
    /// (x − mean) / standard deviation (population form); a constant column becomes 0.
    Standard,
    /// To 0…1 by the training rows' minimum and maximum; a constant column becomes 0.
    Minmax,
}

/// What happens to a missing cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Missing {
    /// It is an error.
    Error,
    /// Its row is left out.
    Drop,
    /// It becomes the training rows' mean (text columns: the most frequent value).
    Mean,
    /// It becomes the training rows' most frequent value.
    Mode,
    /// It becomes the training rows' median (text columns: the most frequent value).
    Median,
    /// It becomes this number (text columns: the most frequent value).
    Constant(f64),
}

impl Missing {
    /// Whether such a cell is filled.
    pub const fn fills(self) -> bool {
        matches!(self, Self::Mean | Self::Mode | Self::Median | Self::Constant(_))
    }
}

/// Rows held out.
#[derive(Clone, Debug, PartialEq)]
pub enum Holdout {
    /// This share of the rows, in (0, 1).
    Share(f64),
    /// The rows of another source.
    Source(DataSource),
}

impl Holdout {
    /// The files that it names, as written.
    pub fn files(&self) -> Vec<&str> {
        match self {
            Self::Share(_) => Vec::new(),
            Self::Source(source) => source.files(),
        }
    }
}

/// What the data tells the network and the training: enough to lower them, whether or not rows were read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The shape of one row's inputs: `[features]`, or an image's dimensions.
    pub input: Shape,
    /// The encoded inputs' names, where they are columns (`species=setosa` for one-hot ones).
    pub input_names: Vec<String>,
    /// The inputs' columns in order, and how many encoded inputs each gives; empty where they are no columns.
    pub input_columns: Vec<(String, usize)>,
    /// What is predicted.
    pub target: TargetFacts,
    /// How many rows there are to train on.
    pub training_rows: usize,
    /// How many rows watch training.
    pub validation_rows: usize,
    /// How many rows judge the result.
    pub test_rows: usize,
    /// Rows of the files that are not used.
    #[serde(default)]
    pub left_out: LeftOut,
}

/// Rows that are left out because a cell of theirs is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Of the source.
    pub source: usize,
    /// Of the files that hold rows to watch training.
    pub validation: usize,
    /// Of the files that hold rows to judge the result.
    pub test: usize,
    /// How many of the source's rows lack a cell of each column, of those that any lacks: inputs in order, then
    /// targets.
    pub lacking: Vec<(String, usize)>,
    /// Whether any of the source's lacks a target.
    pub lacks_target: bool,
}

impl LeftOut {
    /// Of all files.
    pub fn rows(&self) -> usize {
        self.source.saturating_add(self.validation).saturating_add(self.test)
    }
}

impl Facts {
    /// Whether one of two classes is predicted.
    pub fn target_is_binary(&self) -> bool {
        matches!(&self.target, TargetFacts::Classes { names, .. } if names.len() == 2)
    }
}

/// What is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TargetFacts {
    /// One of these classes.
    Classes {
        /// The column, or `label`.
        name: String,
        /// Their names in order.
        names: Vec<String>,
        /// Training rows of each.
        counts: Vec<usize>,
        /// True for a numeric column of zeros and ones, which may also be the target of one sigmoid or a value.
        binary_numbers: bool,
    },
    /// One or many numbers.
    Values {
        /// The columns.
        names: Vec<String>,
        /// Statistics of each over the training rows, after `target_scale`.
        statistics: Vec<Statistics>,
        /// Whether every training row is a distribution: none below 0, sum 1 within 1e-6.
        distribution: bool,
        /// Whether every training value is 0 or 1.
        binary: bool,
        /// Of a single target of whole numbers: how many different ones there are, as far as they may be classes.
        #[serde(default)]
        whole: Option<usize>,
    },
}

/// What is known of one column over the training rows.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Statistics {
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (population form).
    pub std: f64,
}
