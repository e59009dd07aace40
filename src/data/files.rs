//! How data files are opened: by whoever calls the library. The library itself never opens a path.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Error, ErrorKind, Read, Result};

use flate2::bufread::MultiGzDecoder;

use crate::diagnostic::{Diagnostic, codes};

/// Opens the files that a program names.
pub trait Files {
    /// The bytes of `path`, as the program or the command line writes it.
    fn open(&self, path: &str) -> Result<Box<dyn Read>>;
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
