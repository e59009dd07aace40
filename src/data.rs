//! From the `data` block to rows ready for training ([`load`]), and from a new file to rows that a saved model
//! takes ([`Preparation::open`]). Not for opening files: the caller hands in [`Files`].
//!
//! Rows come from a delimited file, a table in the program, a generator, or a pair of IDX files. What is
//! settled here, beyond the language's own page:
//!
//! - Blanks around a cell do not count; blank lines are passed over. A cell is missing when it is empty or one of
//!   [`MISSING`]. `inf` in any spelling, and a number too large for the precision, is an error.
//! - A cell in quotes is a text or a number; it is missing where it is empty, or where `missing_values` names it.
//! - A column holds numbers when, among the first 1000 rows, more of its cells are numbers than other texts. A text
//!   in it is then an error. Numbers and dates in a form that is not read are told of (NN117), and never become
//!   categories in silence. Every other column holds texts, and as an input gives one 0/1 input for each distinct
//!   value (at most 1000); those are never scaled.
//! - Classes and categories are in order: numbers by value, texts by their characters; `classes` fixes another.
//! - A numeric target of zeros and ones is a class target `0`, `1` that may also be read as a value, unless
//!   `target_scale` says that it is one.
//! - Cells are kept as they were written: numbers in f64, whatever the run's precision, categories by their text.
//!   What is learnt from them, scaling included, is computed in f64; the network's inputs and targets alone are
//!   rounded to the run's precision, and metrics judge by the exact targets.
//! - With a decimal comma `0.42` is still a number, for it can be nothing else; `1.234` is not, unless a setting says
//!   which.
//! - `missing = mean`, `median`, `mode` and `constant(…)` fill inputs before they are scaled; texts take their most
//!   frequent value with each. A missing target is never made up.
//! - Dates are days since 1970 at UTC, with the time of day as a fraction; the order of day and month, once the
//!   training file has shown it, is kept with the model.
//! - A split of s holds out round(s · rows) rows, at least one; each class keeps a row to train on. Which rows
//!   follows from what they say and from `split_seed` alone, so that a model knows its training rows again in data
//!   that was sorted, appended to or cut. What a row weighs does not count for that.
//! - A category that only held-out rows have is none of the known ones there (all zeros, with a warning); in a new
//!   file it is an error. With `unseen = unknown` it is an input of its own instead, in both. An unknown class is an
//!   error anywhere.
//! - A picture (a row of two dimensions or more) is scaled as a whole, a vector of an IDX file place by place.

mod batches;
mod categories;
mod cell;
mod cell_store;
mod dataset;
mod dates;
mod decimal;
mod delimited;
mod digest;
mod drawn;
mod encode;
mod encoder;
mod excerpt;
mod faults;
mod files;
mod filled;
mod fit;
mod forms;
mod groups;
mod hash;
mod header;
mod held_out;
mod idx;
mod keys;
mod lacking;
mod layout;
mod load;
mod loading;
mod model_reader;
mod names;
mod plain;
mod preparation;
mod propose;
mod raw;
mod reader;
mod rows;
mod size;
mod sound;
mod sources;
mod split;
mod survey;
mod target;
#[cfg(test)]
mod tests;
mod view;
mod weights;

pub use batches::Batches;
pub use cell::MISSING;
pub use dataset::{Batch, Dataset, Sides, Targets};
pub use digest::{DataFile, Digests, hexadecimal, sha256};
pub use encode::Encoding;
pub use files::{Entry, Files, Memory};
pub use filled::Filled;
pub(crate) use forms::are_numbers;
pub use groups::{Groups, speaks_of_entities};
pub use keys::{Marks, folded, glanced, recurring};
pub use load::load;
pub use loading::Prior;
pub use model_reader::Use;
pub use preparation::{
    InputColumn, InputKind, Inputs, Original, Preparation, Scaling, TargetRule, Unnamed, ValueColumn,
};
pub use sources::NewData;
pub use split::{SplitRule, Stratum};
