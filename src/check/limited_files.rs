//! [`LimitedFiles`]: files that end in an error where they are large, for a check that must not wait for them.

use crate::data::{Entry, Files};
use std::cell::Cell;
use std::io::{Error, ErrorKind, Read, Result};
use std::rc::Rc;

/// Bytes that are read of all files together, at the most.
const MOST_BYTES: usize = 2 << 20;

/// Files up to a size.
pub(super) struct LimitedFiles<'a> {
    files: &'a dyn Files,
    left: Rc<Cell<usize>>,
    exceeded: Rc<Cell<bool>>,
}

impl<'a> LimitedFiles<'a> {
    /// Those of `files`.
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self { files, left: Rc::new(Cell::new(MOST_BYTES)), exceeded: Rc::default() }
    }

    /// Takes so many bytes off what may still be read.
    fn take(&self, bytes: usize) -> Result<()> {
        if let Some(left) = self.left.get().checked_sub(bytes) {
            self.left.set(left);
            return Ok(());
        }
        self.exceeded.set(true);
        Err(Error::from(ErrorKind::FileTooLarge))
    }

    /// Whether more was asked for.
    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.get()
    }
}

impl Files for LimitedFiles<'_> {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        let reader = self.files.open(path)?;
        Ok(Box::new(Metered { reader, left: Rc::clone(&self.left), exceeded: Rc::clone(&self.exceeded) }))
    }

    /// Names count as what they hold does: a folder of very many files is one that a check must not wait for.
    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        let entries = self.files.list(path)?;
        self.take(entries.iter().map(|entry| entry.name.len()).sum())?;
        Ok(entries)
    }

    fn memory(&self) -> Option<u64> {
        self.files.memory()
    }
}

struct Metered {
    reader: Box<dyn Read>,
    left: Rc<Cell<usize>>,
    exceeded: Rc<Cell<bool>>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.exceeded.get() {
            return Err(Error::from(ErrorKind::FileTooLarge));
        }
        let count = self.reader.read(buffer)?;
        if let Some(left) = self.left.get().checked_sub(count) {
            self.left.set(left);
        } else {
            self.exceeded.set(true);
            return Err(Error::from(ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Memory;

    #[test]
    fn small_files_are_read_whole_and_large_ones_given_up() {
        let files = Memory::new().with("small", "abc").with("large", vec![b'x'; MOST_BYTES + 1]);
        let limited = LimitedFiles::new(&files);
        let read = |path| limited.open(path).and_then(|mut r| r.read_to_end(&mut Vec::new()));
        assert_eq!(read("small").ok(), Some(3));
        assert!(!limited.is_exceeded());
        assert!(read("large").is_err() && limited.is_exceeded());
    }

    #[test]
    fn folders_of_very_many_files_are_given_up() {
        let names = |count: usize| (0..count).fold(Memory::new(), |files, n| files.with(format!("f/{n:01000}"), ""));
        let (few, many) = (names(9), names(MOST_BYTES / 1000 + 1));
        let limited = LimitedFiles::new(&few);
        assert_eq!(limited.list("f").map(|entries| entries.len()).ok(), Some(9));
        assert!(limited.list("g").is_err() && !limited.is_exceeded());
        let limited = LimitedFiles::new(&many);
        assert!(limited.list("f").is_err() && limited.is_exceeded());
    }
}
