//! [`Model`]: a trained network in one safetensors file. Its tensors are the weights; its metadata holds under `nn`
//! all else that predicting, judging and training again need: the program, what was learnt from the data, the history.

pub use super::history::History;
pub use super::record::{Record, TrainedOn};
use super::sound;
use super::weights::{self, Stored};
use crate::catalog::Precision;
use crate::data::Prior;
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::engine::Machine;
use crate::ir::Program;
use crate::ir::lower::{begin, set};
use crate::source::Source;
use crate::syntax;
use crate::tensor::Dtype;
use safetensors::tensor::{SafeTensors, TensorView};
use std::collections::HashMap;

/// The metadata's key.
const KEY: &str = "nn";

/// A model file that was read: its record, its program lowered again, and its bytes, which hold the tensors.
#[derive(Debug)]
pub struct Model {
    /// What it says.
    pub record: Record,
    /// Its program.
    pub program: Program,
    path: String,
    bytes: Vec<u8>,
}

/// The bytes of a model file. The same record and tensors give the same bytes.
///
/// # Errors
/// What the format cannot hold, as a sentence.
pub fn bytes(record: &Record, tensors: &[Stored]) -> Result<Vec<u8>, String> {
    let text = serde_json::to_string(record).map_err(|e| e.to_string())?;
    let mut views = Vec::with_capacity(tensors.len());
    for tensor in tensors {
        let dtype = match tensor.dtype {
            Dtype::F32 => safetensors::Dtype::F32,
            Dtype::F64 => safetensors::Dtype::F64,
        };
        let view =
            TensorView::new(dtype, tensor.shape.dimensions().to_vec(), &tensor.bytes).map_err(|e| e.to_string())?;
        views.push((tensor.name.as_str(), view));
    }
    safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), text)]))).map_err(|e| e.to_string())
}

/// Whether bytes begin like a safetensors file: a length, then JSON.
pub fn looks_like_model(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{') && bytes[..8].iter().rev().take(4).all(|b| *b == 0)
}

/// The tensors of a safetensors file; `path` is how reports call it.
///
/// # Errors
/// NN115 where it is none.
pub fn tensors<'b>(bytes: &'b [u8], path: &str) -> Result<SafeTensors<'b>, Diagnostic> {
    SafeTensors::deserialize(bytes).map_err(|e| {
        Diagnostic::error(codes::MODEL_FILE, format!("`{path}` is not a whole safetensors file"))
            .note_that(e.to_string())
    })
}

/// Puts the tensors of a safetensors file into a machine; `path` is how reports call it.
///
/// # Errors
/// NN115 where it is none, or names or shapes do not fit.
pub fn restore<R: Precision>(machine: &mut Machine<'_, R>, bytes: &[u8], path: &str) -> Result<(), Vec<Diagnostic>> {
    let file = tensors(bytes, path).map_err(|d| vec![d])?;
    weights::restore(machine, &file, path)
}

/// This version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The version that wrote a record, where that is newer than this one: it may say what is not known here.
fn newer(record: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Written {
        version: String,
    }
    let number =
        |version: &str| -> Vec<u64> { version.split('.').take(2).map_while(|part| part.parse().ok()).collect() };
    let version = serde_json::from_str::<Written>(record).ok()?.version;
    (number(&version) > number(VERSION)).then_some(version)
}

impl Record {
    /// What was learnt from the data.
    pub fn prior(&self) -> Prior<'_> {
        Prior { preparation: &self.preparation, split: self.data.sides.as_ref().map(|sides| &sides.rule) }
    }
}

impl Model {
    /// Reads a model file and lowers its program again.
    ///
    /// # Errors
    /// NN115 where the file is none of nn's, or is not consistent.
    pub fn read(bytes: Vec<u8>, path: &str) -> Result<Self, Vec<Diagnostic>> {
        let wrong = |what: String| {
            vec![Diagnostic::error(codes::MODEL_FILE, format!("`{path}` is not a model of nn")).note_that(what)]
        };
        tensors(&bytes, path).map_err(|d| vec![d])?;
        let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(|e| wrong(e.to_string()))?;
        let text = metadata.metadata().as_ref().and_then(|m| m.get(KEY));
        let text = text.ok_or_else(|| wrong("its metadata has no entry `nn`".to_owned()))?;
        if let Some(newer) = newer(text) {
            let text = format!("`{path}` was written by nn {newer}, which is newer than this, nn {VERSION}");
            return Err(vec![Diagnostic::error(codes::MODEL_FILE, text).help("use that version, or train it again")]);
        }
        let record: Record = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
        if let Some(fault) = sound::fault(&record) {
            return Err(wrong(fault));
        }
        let program = lower(&record, path)?;
        let model = Self { record, program, path: path.to_owned(), bytes };
        model.check_size()?;
        Ok(model)
    }

    /// The network cannot have more weights than the file has bytes: what a file claims is not believed before that.
    fn check_size(&self) -> Result<(), Vec<Diagnostic>> {
        let claimed = self.program.network.parameter_count();
        if claimed > self.bytes.len() / 4 {
            let text = format!(
                "`{}` has {} bytes, too few for the {claimed} weights of its program",
                self.path,
                self.bytes.len()
            );
            return Err(vec![Diagnostic::error(codes::MODEL_FILE, text)]);
        }
        Ok(())
    }

    /// How reports call it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The file's bytes, which hold the tensors.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// As [`Self::bytes`], to keep.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The program's source, for reports that point into it.
    pub fn source(&self) -> Source {
        Source::new(self.record.name.clone(), self.record.program.clone())
    }

    /// Puts its tensors into a machine made for its network.
    ///
    /// # Errors
    /// NN115 where names or shapes do not fit.
    pub fn restore<R: Precision>(&self, machine: &mut Machine<'_, R>) -> Result<(), Vec<Diagnostic>> {
        restore(machine, &self.bytes, &self.path)
    }
}

fn lower(record: &Record, path: &str) -> Result<Program, Vec<Diagnostic>> {
    let source = Source::new(record.name.clone(), record.program.clone());
    let (mut file, mut diagnostics) = syntax::parse(&source);
    set(&source, &mut file, &record.overrides, &mut diagnostics)
        .map_err(|e| vec![Diagnostic::error(codes::MODEL_FILE, format!("`{path}`: {e}"))])?;
    let begun = begin(&file, &mut diagnostics);
    let data = begun.data.clone();
    match (data, begun.finish(Some(&record.facts), &mut diagnostics)) {
        (Some(data), Some((network, training))) if !has_errors(&diagnostics) => {
            Ok(Program { data, facts: record.facts.clone(), network, training })
        }
        _ => {
            diagnostics.retain(|d| d.level == crate::diagnostic::Level::Error);
            let text = format!("the program in `{path}` does not fit its own record");
            let notes = diagnostics.iter().map(|d| d.message.clone());
            Err(vec![notes.fold(Diagnostic::error(codes::MODEL_FILE, text), Diagnostic::note_that)])
        }
    }
}
