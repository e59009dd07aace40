//! [`Outputs`]: what a command will write, held against what it reads before any work is done: an output never takes
//! the place of an input or of another output, and there is a folder for it that may be written.

use super::disk::{self, Disk, folder_of, reason};
use super::save;
use super::shell::{Exit, Shell};
use crate::check::Override;
use crate::ir::lower::{begin, set};
use crate::source::Source;
use crate::syntax;
use std::path::{Path, PathBuf};

/// The files of one command.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    /// What each is (`the program`), and where.
    inputs: Vec<(&'static str, PathBuf)>,
    /// What asks for it (`--log`), and where.
    outputs: Vec<(String, PathBuf)>,
}

impl Outputs {
    /// The file that a program was read from, itself or a model of it, and the files that it names.
    pub(crate) fn of_program(path: &Path, source: &Source, overrides: &[Override], disk: &Disk) -> Self {
        let is_program = Path::new(source.name()) == path;
        let what = if is_program { "the program" } else { "the model" };
        let beside = disk.path().join(source.name());
        let outputs = Self::default().reads(what, path).reads_data_of(source, overrides, disk);
        if is_program { outputs } else { outputs.reads("the program", &beside) }
    }

    /// A file that is read.
    #[must_use]
    pub(crate) fn reads(mut self, what: &'static str, path: &Path) -> Self {
        self.inputs.push((what, path.to_path_buf()));
        self
    }

    /// The data files that a program names.
    #[must_use]
    pub(crate) fn reads_data_of(mut self, source: &Source, overrides: &[Override], disk: &Disk) -> Self {
        self.inputs.extend(named(source, overrides).iter().map(|file| ("the data", disk.path().join(file))));
        self
    }

    /// A file that will be written, where an option asks for it.
    #[must_use]
    pub(crate) fn writes(mut self, option: &str, path: Option<&Path>) -> Self {
        self.outputs.extend(path.map(|path| (option.to_owned(), path.to_path_buf())));
        self
    }

    /// Refuses (and says why) what would lose an input or another output, and what cannot be written.
    pub(crate) fn settle(&self, shell: &Shell) -> Result<(), Exit> {
        let inputs: Vec<_> = self.inputs.iter().filter_map(|input| Some((input, Identity::of(&input.1)?))).collect();
        let mut taken: Vec<(&(String, PathBuf), Identity)> = Vec::new();
        for output in &self.outputs {
            let (option, path) = output;
            let Some(identity) = Identity::of(path) else { continue };
            let shown = path.display();
            if let Some(((what, input), _)) = inputs.iter().find(|(_, other)| *other == identity) {
                return Err(shell.usage(&format!(
                    "`{option} {shown}` would replace {what} `{}`: an output never replaces an input",
                    input.display()
                )));
            }
            if let Some(((other, first), _)) = taken.iter().find(|(_, other)| *other == identity) {
                return Err(shell.usage(&format!(
                    "`{option} {shown}` and `{other} {}` are one file: each output needs its own",
                    first.display()
                )));
            }
            save::try_folder(path)
                .map_err(|e| shell.fault(&format!("`{option} {shown}` cannot be written: {}", why(path, &e))))?;
            taken.push((output, identity));
        }
        Ok(())
    }
}

/// Refuses a picture of a kind that is not drawn.
pub(crate) fn picture(path: Option<&Path>, option: &str, shell: &Shell) -> Result<(), Exit> {
    let kind = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match path.map(kind) {
        Some(kind) if !matches!(kind.as_deref(), Some("svg" | "png")) => {
            Err(shell.usage(&format!("`{option}` draws .svg and .png")))
        }
        Some(_) | None => Ok(()),
    }
}

/// What keeps a path from being written, in words of the folder where the folder is at fault.
fn why(path: &Path, error: &std::io::Error) -> String {
    let folder = folder_of(path);
    let kind = error.kind();
    if kind == std::io::ErrorKind::NotFound {
        format!("there is no folder `{}`", folder.display())
    } else if kind == std::io::ErrorKind::NotADirectory {
        format!("`{}` is no folder", folder.display())
    } else {
        reason(error)
    }
}

/// The data files that a program's text names, whether or not the rest of it is sound.
pub(crate) fn named(source: &Source, overrides: &[Override]) -> Vec<String> {
    let (mut file, mut unsaid) = syntax::parse(source);
    // What cannot be set is told when the program is checked.
    let _ = set(source, &mut file, overrides, &mut unsaid);
    let data = begin(&file, &mut unsaid).data;
    data.map_or(Vec::new(), |data| data.files().into_iter().map(str::to_owned).collect())
}

/// What makes two paths one file, however they are written: the file itself where it is there already, else its place.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    File {
        device: u64,
        inode: u64,
    },
    Path(PathBuf),
}

impl Identity {
    /// `None` for what holds nothing that could be lost: devices, pipes.
    fn of(path: &Path) -> Option<Self> {
        match std::fs::metadata(path) {
            Ok(meta) if !meta.is_file() && !meta.is_dir() => None,
            #[cfg(unix)]
            Ok(meta) => {
                use std::os::unix::fs::MetadataExt;
                Some(Self::File { device: meta.dev(), inode: meta.ino() })
            }
            #[cfg(not(unix))]
            Ok(_) => Some(Self::Path(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()))),
            Err(_) => Some(Self::Path(disk::real(path))),
        }
    }
}
