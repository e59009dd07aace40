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
    allowance: Rc<Allowance>,
}

/// What may still be read.
struct Allowance {
    left: Cell<usize>,
    exceeded: Cell<bool>,
}

impl Allowance {
    /// Takes so many bytes off. Once there were too few, there are none.
    fn take(&self, bytes: usize) -> Result<()> {
        match self.left.get().checked_sub(bytes) {
            Some(left) if !self.exceeded.get() => {
                self.left.set(left);
                Ok(())
            }
            Some(_) | None => {
                self.exceeded.set(true);
                Err(Error::from(ErrorKind::FileTooLarge))
            }
        }
    }
}

impl<'a> LimitedFiles<'a> {
    /// Those of `files`.
    pub(super) fn new(files: &'a dyn Files) -> Self {
        let allowance = Allowance { left: Cell::new(MOST_BYTES), exceeded: Cell::new(false) };
        Self { files, allowance: Rc::new(allowance) }
    }

    /// Whether more was asked for.
    pub(super) fn is_exceeded(&self) -> bool {
        self.allowance.exceeded.get()
    }
}

impl Files for LimitedFiles<'_> {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        let reader = self.files.open(path)?;
        Ok(Box::new(Metered { reader, allowance: Rc::clone(&self.allowance) }))
    }

    /// Names count as what they hold does: a folder of very many files is one that a check must not wait for.
    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        let entries = self.files.list(path)?;
        self.allowance.take(entries.iter().map(|entry| entry.name.len()).sum())?;
        Ok(entries)
    }

    fn memory(&self) -> Option<u64> {
        self.files.memory()
    }
}

struct Metered {
    reader: Box<dyn Read>,
    allowance: Rc<Allowance>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // Nothing more, once more was asked for.
        self.allowance.take(0)?;
        let count = self.reader.read(buffer)?;
        self.allowance.take(count)?;
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
