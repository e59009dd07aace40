//! [`Tensors`]: weights that a command is given in a file, and what reports call it.

use super::disk::reason;
use super::shell::{Exit, Shell};
use super::subject;
use crate::catalog::Precision;
use crate::diagnostic::Diagnostic;
use crate::engine::Machine;
use crate::train::model::{self, Model};
use std::path::Path;

/// A safetensors file.
#[derive(Clone, Debug)]
pub(crate) struct Tensors {
    /// As the user wrote it.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl Tensors {
    /// Reads a file; a failure is told.
    pub(crate) fn read(path: &Path, shell: &Shell) -> Result<Self, Exit> {
        let shown = path.display().to_string();
        match subject::read_tensors(path) {
            Ok(bytes) => Ok(Self { path: shown, bytes }),
            Err(error) => Err(shell.fault(&format!("`{shown}` cannot be read: {}", reason(&error)))),
        }
    }

    /// Those of a model.
    pub(crate) fn of(model: Model) -> Self {
        Self { path: model.path().to_owned(), bytes: model.into_bytes() }
    }

    /// Puts them into a machine; what does not fit comes back.
    pub(crate) fn restore<R: Precision>(&self, machine: &mut Machine<'_, R>) -> Result<(), Vec<Diagnostic>> {
        model::restore(machine, &self.bytes, &self.path)
    }
}
