//! How each source is read: a file here for each that [`crate::catalog::sources`] tells of. A source is read whole
//! where a program learns from it, and a batch at a time where a model takes its rows.

mod delimited;
mod generated;
mod idx;
mod inline;

use super::dataset::{Batch, Dataset};
use super::files::Files;
use super::loading::Loading;
use super::model_reader::Use;
use super::preparation::Preparation;
use crate::diagnostic::Diagnostic;
use crate::ir::spec::DataSource;
use crate::tensor::Real;

/// Where new rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewData<'a> {
    /// A file of rows with a header: tabs where its name ends in `.tsv`, else commas.
    Delimited(&'a str),
    /// IDX files; targets may be left out to predict.
    Idx {
        /// Inputs.
        inputs: &'a str,
        /// Labels or values.
        targets: Option<&'a str>,
    },
}

impl<'a> NewData<'a> {
    /// The rows of a source that is files of its own.
    pub(super) fn of(source: &'a DataSource) -> Option<Self> {
        match source {
            DataSource::Delimited { path } => Some(Self::Delimited(path)),
            DataSource::Idx { inputs, targets } => Some(Self::Idx { inputs, targets: Some(targets) }),
            DataSource::Inline(_) | DataSource::Generator { .. } => None,
        }
    }
}

/// A source that a program learns from.
trait Reader {
    /// Reads all rows and prepares them; what is wrong with them is reported.
    fn load<R: Real>(self, loading: &mut Loading<'_>) -> Option<Dataset<R>>;
}

/// A source of rows for a model, held-out rows of a program among them.
trait NewReader {
    /// Opens it and sees whether its rows fit.
    fn open<'p, R: Real>(
        self,
        preparation: &'p Preparation,
        files: &dyn Files,
        purpose: Use,
    ) -> Result<Box<dyn NewRows<R> + 'p>, Vec<Diagnostic>>;
}

/// Rows that are read by a model.
pub(super) trait NewRows<R> {
    /// The next rows, `most` at most, prepared; none at the end.
    fn read(&mut self, most: usize) -> Result<Batch<R>, Vec<Diagnostic>>;

    /// The warnings since they were last asked for.
    fn warnings(&mut self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Rows left out so far because a cell was missing.
    fn dropped(&self) -> usize {
        0
    }
}

/// Reads a program's own source.
pub(super) fn load<R: Real>(source: &DataSource, loading: &mut Loading<'_>) -> Option<Dataset<R>> {
    match source {
        DataSource::Delimited { path } => delimited::Lines(path).load(loading),
        DataSource::Inline(table) => inline::InProgram(table).load(loading),
        DataSource::Idx { inputs, targets } => idx::Pair { inputs, targets: Some(targets) }.load(loading),
        DataSource::Generator { generator, samples, noise, seed } => {
            generated::Drawn { generator, samples: *samples, noise: *noise, seed: *seed }.load(loading)
        }
    }
}

/// Opens rows for a model.
pub(super) fn open<'p, R: Real>(
    data: NewData<'_>,
    preparation: &'p Preparation,
    files: &dyn Files,
    purpose: Use,
) -> Result<Box<dyn NewRows<R> + 'p>, Vec<Diagnostic>> {
    match data {
        NewData::Delimited(path) => delimited::Lines(path).open(preparation, files, purpose),
        NewData::Idx { inputs, targets } => idx::Pair { inputs, targets }.open(preparation, files, purpose),
    }
}
