//! What a command is about: a program, or a saved model, told apart by their first bytes.

use super::disk::{Disk, folder_of, reason};
use super::foreign::foreign;
use super::shell::{Exit, Shell};
use crate::check::Override;
use crate::diagnostic::{COMMAND_LINE, Diagnostic};
use crate::source::Source;
use crate::train::model::{Model, looks_like_model};
use std::io::Read;
use std::path::Path;

/// The most bytes of a program: more is no program.
const MOST_BYTES: u64 = 16 << 20;

/// So many bytes tell a model from a program.
const HEAD: u64 = 64;

/// The most bytes of a program or a model that come by standard input.
const MOST_PIPED: u64 = 4 << 30;

/// Whether a path is `-`: the program, or the model, comes by standard input; its data lies in the current folder.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A program or a model.
pub(crate) enum Subject {
    /// A `.nn` file.
    Program(Source, Disk),
    /// A saved model, and where its program's data lies.
    Model(Box<Model>, Disk),
}

/// Reads a file and says what it is; what is wrong is told.
pub(crate) fn read(path: &Path, shell: &Shell) -> Result<Subject, Exit> {
    let shown = path.display().to_string();
    let cannot = |what: &str| shell.fault(&format!("`{shown}` {what}"));
    let unread = |error: std::io::Error| cannot(&format!("cannot be read: {}", reason(&error)));
    let bytes = if is_standard_input(path) {
        let mut bytes = Vec::new();
        std::io::stdin().take(MOST_PIPED).read_to_end(&mut bytes).map_err(unread)?;
        bytes
    } else {
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => return Err(cannot("is a folder, not a program or a model")),
            Ok(_) => {}
            Err(error) => return Err(cannot(&format!("cannot be opened: {}", reason(&error)))),
        }
        bounded(path, MOST_BYTES + 1).map_err(unread)?
    };
    if looks_like_model(&bytes) {
        let model = Model::read(bytes, &shown).map_err(|faults| {
            shell.report_plain(&faults);
            Exit::Fault
        })?;
        let disk = Disk::folder(folder_of(path).join(&model.record.folder));
        return Ok(Subject::Model(Box::new(model), disk));
    }
    if let Some(form) = foreign(path, &bytes) {
        return Err(cannot(&form.instead(path)));
    }
    if bytes.len() as u64 > MOST_BYTES {
        return Err(cannot("is too large for a program: data belongs in a file of its own"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let source = Source::new(shown, text);
            let disk = Disk::beside(path, || super::outputs::named(&source, &[]));
            Ok(Subject::Program(source, disk))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(cannot(&format!("is not UTF-8 text (byte {at}): neither a program nor a model")))
        }
    }
}

/// The bytes of a safetensors file. Of anything else, which may have no end, the first ones, for the report.
pub(crate) fn read_tensors(path: &Path) -> std::io::Result<Vec<u8>> {
    bounded(path, HEAD)
}

/// The whole of a safetensors file, and at most so many bytes of anything else.
fn bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    let rest = if looks_like_model(&bytes) { u64::MAX } else { most.saturating_sub(HEAD) };
    file.take(rest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `NAME=VALUE` of `--set`.
pub(crate) fn parse_override(text: &str) -> Result<Override, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok(Override { name: name.trim().to_owned(), value: value.trim().to_owned() })
        }
        _ => Err("write NAME=VALUE, such as train.epochs=5".to_owned()),
    }
}

/// The data files of diagnostics, as a path from here rather than from the program.
pub(crate) fn locate_excerpts(diagnostics: &mut [Diagnostic], disk: &Disk) {
    let folder = disk.path();
    for excerpt in diagnostics.iter_mut().flat_map(|d| d.excerpts.iter_mut()) {
        if excerpt.path != "-" && excerpt.path != COMMAND_LINE {
            excerpt.path = folder.join(&excerpt.path).display().to_string();
        }
    }
}
