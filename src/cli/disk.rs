//! The disk: files that programs name, and where they lie.

use crate::data::Files;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Files relative to a folder.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
    /// Where files were looked for too, in vain.
    other: Option<PathBuf>,
}

impl Disk {
    /// Files beside a program, of which it names some. A program behind a link may have them beside the link or beside
    /// the file that the link leads to: the folder with the first of them.
    pub(crate) fn beside(path: &Path, named: impl FnOnce() -> Vec<String>) -> Self {
        let (own, real) = (folder_of(path), folder_of(&real(path)));
        let is_link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
        let moved = is_link && named().first().is_some_and(|file| !own.join(file).exists() && real.join(file).exists());
        if moved { Self { folder: real, other: None } } else { Self { folder: own, other: is_link.then_some(real) } }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Files in `folder`.
    pub(crate) fn folder(folder: PathBuf) -> Self {
        Self { folder, other: None }
    }
}

impl Disk {
    /// A failure to find a file with the places where it was looked for, where the name alone does not say.
    fn looked(&self, name: &str, error: io::Error) -> io::Error {
        let places = std::iter::once(&self.folder).chain(&self.other).map(|folder| folder.join(name));
        let tried: Vec<String> = places.map(|place| format!("`{}`", place.display())).collect();
        if error.kind() != io::ErrorKind::NotFound || tried == [format!("`{name}`")] {
            return error;
        }
        io::Error::new(error.kind(), format!("it was looked for as {}", tried.join(" and ")))
    }
}

impl Files for Disk {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read>> {
        if path == "-" {
            return Ok(Box::new(io::stdin()));
        }
        let name = path;
        let path = self.folder.join(name);
        let file = File::open(&path).map_err(|error| self.looked(name, error))?;
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

/// The file that a path leads to, links followed as far as they go, whether or not it is there.
pub(crate) fn real(path: &Path) -> PathBuf {
    /// As many links as systems follow.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        let Ok(to) = std::fs::read_link(&path) else { break };
        path = folder_of(&path).join(to);
    }
    match (std::fs::canonicalize(here(&folder_of(&path))), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

/// A folder as the system takes it: the current one has a name.
pub(crate) fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The way from one folder to another, with `/` between names; absolute where there is none.
pub(crate) fn way(from: &Path, to: &Path) -> String {
    let absolute = |p: &Path| std::fs::canonicalize(here(p)).unwrap_or_else(|_| p.to_path_buf());
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

/// What the system says of a failure, without its number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied if error.raw_os_error().is_some() => "permission is denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        std::io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}
