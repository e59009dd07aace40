//! How data files are opened: by whoever calls the library. The library itself never opens a path.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Cursor, Error, ErrorKind, Read, Result};

use flate2::bufread::MultiGzDecoder;

use crate::diagnostic::{Diagnostic, codes};

/// Opens the files that a program names.
pub trait Files {
    /// The bytes of `path`, as the program or the command line writes it.
    fn open(&self, path: &str) -> Result<Box<dyn Read>>;

    /// What lies in the folder `path`, sorted by name, so that it is in one order on every machine. Whoever has no
    /// folders to hand out need not say.
    fn list(&self, _path: &str) -> Result<Vec<Entry>> {
        Err(Error::from(ErrorKind::Unsupported))
    }

    /// Bytes of memory that may still be taken for what is read; `None` where nobody knows.
    fn memory(&self) -> Option<u64> {
        None
    }
}

/// What lies in a folder. Entries are in order of their names' bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, without the folder's.
    pub name: String,
    /// Whether it is a folder itself.
    pub is_folder: bool,
}

/// Files held in memory, for tests and for callers that have no file system.
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds (or replaces) a file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(path.into(), bytes.into());
        self
    }
}

impl Files for Memory {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        match self.0.get(path) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(Error::from(ErrorKind::NotFound)),
        }
    }

    /// Folders are the beginnings of paths, up to a `/`.
    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        let folder = path.trim_end_matches('/');
        let entry = |file: &String| {
            let rest = if matches!(folder, "" | ".") { file } else { file.strip_prefix(folder)?.strip_prefix('/')? };
            let (name, is_folder) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
            Some(Entry { name: name.to_owned(), is_folder })
        };
        let entries: BTreeSet<Entry> = self.0.keys().filter_map(entry).collect();
        if !entries.is_empty() {
            return Ok(entries.into_iter().collect());
        }
        Err(Error::from(if self.0.contains_key(folder) { ErrorKind::NotADirectory } else { ErrorKind::NotFound }))
    }
}

/// What an input holds, unpacked where its first bytes say that it is gzip. Both are read as a stream: what an archive
/// claims to hold is never allocated.
pub(super) fn unpacked(input: Box<dyn Read>) -> Result<Box<dyn BufRead>> {
    let mut plain = BufReader::with_capacity(1 << 16, input);
    let zipped = plain.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if zipped { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) })
}

/// The report of a file that cannot be opened or read (NN110).
pub(super) fn unreadable(path: &str, error: &Error) -> Box<Diagnostic> {
    let kind = error.kind();
    let what = if kind == ErrorKind::NotFound {
        format!("the data file `{path}` does not exist")
    } else if kind == ErrorKind::PermissionDenied {
        format!("the data file `{path}` may not be read: permission denied")
    } else if kind == ErrorKind::IsADirectory {
        format!("`{path}` is a directory, not a data file")
    } else {
        format!("the data file `{path}` cannot be read: {error}")
    };
    let report = Diagnostic::error(codes::DATA_FILE, what);
    // Whoever looked for the file may know more.
    let looked = error.get_ref().filter(|_| kind == ErrorKind::NotFound);
    Box::new(looked.into_iter().fold(report, |report, looked| report.note_that(looked.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_memory_are_the_beginnings_of_paths() {
        let files = ["p/b/2.png", "p/b/1.png", "p/a/1.png", "p/labels.csv", "pq/x", "z"];
        let files = files.into_iter().fold(Memory::new(), |files, path| files.with(path, "x"));
        let listed = |path: &str| -> std::result::Result<Vec<String>, ErrorKind> {
            let shown = |entry: Entry| format!("{}{}", entry.name, if entry.is_folder { "/" } else { "" });
            files.list(path).map(|entries| entries.into_iter().map(shown).collect()).map_err(|error| error.kind())
        };
        for (path, entries) in [
            ("", &["p/", "pq/", "z"][..]),
            (".", &["p/", "pq/", "z"]),
            ("p", &["a/", "b/", "labels.csv"]),
            ("p/b/", &["1.png", "2.png"]),
        ] {
            assert_eq!(listed(path), Ok(entries.iter().map(|&e| e.to_owned()).collect()), "{path}");
        }
        for (path, kind) in [("q", ErrorKind::NotFound), ("p/labels.csv", ErrorKind::NotADirectory)] {
            assert_eq!(listed(path), Err(kind), "{path}");
        }
        let digests = crate::data::Digests::new(&files);
        assert_eq!(digests.list("p").ok(), files.list("p").ok());
        assert!(digests.seen().is_empty(), "what is listed is not read");
    }
}
