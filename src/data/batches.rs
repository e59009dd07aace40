//! A new file, prepared as the training rows were, a batch of rows at a time: memory stays flat however many
//! rows come. The file's columns are found by name; others in it, and blank lines, are passed over.

use super::dataset::Batch;
use super::files::Files;
use super::model_reader::Use;
use super::preparation::Preparation;
use super::sources::{self, NewData, NewRows};
use crate::diagnostic::Diagnostic;
use crate::tensor::Real;

/// A new file, read a batch at a time.
pub struct Batches<'p, R> {
    rows: Box<dyn NewRows<R> + 'p>,
    preparation: &'p Preparation,
    /// Rows read.
    done: usize,
}

impl Preparation {
    /// Opens a new file and sees whether its rows fit (NN114 where they do not).
    pub fn open<R: Real>(
        &self,
        data: NewData<'_>,
        files: &dyn Files,
        purpose: Use,
    ) -> Result<Batches<'_, R>, Vec<Diagnostic>> {
        Ok(Batches { rows: sources::open(data, self, files, purpose)?, preparation: self, done: 0 })
    }
}

impl<R: Real> Batches<'_, R> {
    /// The next rows, `most` at most; `None` at the end. Where they are at fault, all faults from here to the file's
    /// end are reported, each counted once.
    pub fn read(&mut self, most: usize) -> Result<Option<Batch<R>>, Vec<Diagnostic>> {
        let batch = self.rows.read(most)?;
        if let Some(report) = self.preparation.beyond((&batch.inputs, self.done), batch.targets.as_ref()) {
            return Err(vec![report]);
        }
        self.done += batch.rows;
        Ok((batch.rows > 0).then_some(batch))
    }

    /// The warnings met so far, and not yet taken.
    pub fn warnings(&mut self) -> Vec<Diagnostic> {
        self.rows.warnings()
    }

    /// Rows left out so far because a cell was missing.
    pub fn dropped(&self) -> usize {
        self.rows.dropped()
    }
}

#[cfg(test)]
mod tests;
