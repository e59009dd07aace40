//! The disk: files that programs name, and files written whole or not at all.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use crate::data::Files;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// Files relative to a folder.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Files beside `path`.
    pub(crate) fn beside(path: &Path) -> Self {
        Self { folder: folder_of(path) }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Files in `folder`.
    pub(crate) fn folder(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Files for Disk {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read>> {
        if path == "-" {
            return Ok(Box::new(io::stdin()));
        }
        let path = self.folder.join(path);
        let file = File::open(&path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        Ok(Box::new(file))
    }
}

/// The folder that a path lies in; empty for the current one.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Writes a file whole or not at all: to a temporary name beside it, synced, then renamed over it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
        // A device or a pipe is written to, not replaced.
        Ok(meta) if !meta.is_file() => return File::options().write(true).open(path)?.write_all(bytes),
        Ok(_) | Err(_) => {}
    }
    let mut file = temporary(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// A temporary file beside `path`, to be renamed over it.
pub(crate) fn temporary(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    builder(path).tempfile_in(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder })
}

/// Temporary files as other programs make files: readable as the user's mask says, not by the owner alone; a file that
/// is there already keeps its permissions.
#[cfg(unix)]
fn builder(path: &Path) -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let kept = std::fs::metadata(path).map(|meta| meta.permissions());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nn-").permissions(kept.unwrap_or_else(|_| std::fs::Permissions::from_mode(0o666)));
    builder
}

#[cfg(not(unix))]
fn builder(_path: &Path) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nn-");
    builder
}

/// The way from one folder to another, with `/` between names; absolute where there is none.
pub(crate) fn way(from: &Path, to: &Path) -> String {
    let absolute = |p: &Path| {
        let p = if p.as_os_str().is_empty() { Path::new(".") } else { p };
        std::fs::canonicalize(p).unwrap_or_else(|_| p.to_path_buf())
    };
    let (from, to) = (absolute(from), absolute(to));
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec!["..".to_owned(); from.len() - shared];
    parts.extend(to[shared..].iter().map(|c| match c {
        Component::Normal(name) => name.to_string_lossy().into_owned(),
        other => other.as_os_str().to_string_lossy().into_owned(),
    }));
    parts.join("/")
}
