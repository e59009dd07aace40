//! The disk: files that programs name, and where they lie.

use crate::data::{Entry, Files};
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

    fn memory(&self) -> Option<u64> {
        super::memory::free()
    }

    fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        let folder = self.folder.join(path);
        let entries = std::fs::read_dir(here(&folder)).map_err(|error| self.looked(path, error))?;
        let entry = |entry: io::Result<std::fs::DirEntry>| {
            let entry = entry?;
            let unreadable = |name: std::ffi::OsString| {
                let name = name.to_string_lossy().into_owned();
                io::Error::new(io::ErrorKind::InvalidData, format!("the name `{name}` in it is not UTF-8"))
            };
            // Links are followed; one that leads nowhere is told of when it is opened.
            let is_folder = entry.path().is_dir();
            Ok(Entry { name: entry.file_name().into_string().map_err(unreadable)?, is_folder })
        };
        let mut entries = entries.map(entry).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        Ok(entries)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_listed_in_the_order_of_its_names() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("p/b")).expect("folders");
        for name in ["p/z.png", "p/B.png", "p/a.png"] {
            std::fs::write(folder.path().join(name), "x").expect("a file");
        }
        let disk = Disk::folder(folder.path().to_path_buf());
        let entries = disk.list("p").expect("a folder");
        let listed: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.is_folder)).collect();
        assert_eq!(listed, [("B.png", false), ("a.png", false), ("b", true), ("z.png", false)]);
        let kind = |path: &str| disk.list(path).err().map(|error| error.kind());
        assert_eq!(kind("q"), Some(io::ErrorKind::NotFound));
        assert_eq!(kind("p/a.png"), Some(io::ErrorKind::NotADirectory));
        assert!(disk.list("").is_ok_and(|entries| entries.len() == 1));
    }
}
