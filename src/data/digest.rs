//! [`Digests`]: data files that remember what was read from them, so that a model can say which data it was trained on.

use super::files::{Entry, Files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io::{Read, Result};
use std::rc::Rc;

/// A data file, as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Its path, as the program writes it.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The SHA-256 of some bytes, in hexadecimal, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as two digits each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Files that are hashed while they are read.
pub struct Digests<'f> {
    files: &'f dyn Files,
    seen: Rc<RefCell<Vec<DataFile>>>,
}

impl<'f> Digests<'f> {
    /// Of these files.
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, seen: Rc::default() }
    }

    /// The files that were read, each once, in order of their paths.
    pub fn seen(&self) -> Vec<DataFile> {
        let mut seen = self.seen.borrow().clone();
        seen.sort_by(|a, b| a.path.cmp(&b.path));
        seen.dedup_by(|a, b| a.path == b.path);
        seen
    }
}

impl Files for Digests<'_> {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        let input = self.files.open(path)?;
        let (path, seen) = (path.to_owned(), Rc::clone(&self.seen));
        Ok(Box::new(Hashed { input, path, bytes: 0, hash: Sha256::new(), ended: false, seen }))
    }

    fn memory(&self) -> Option<u64> {
        self.files.memory()
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        self.files.list(path)
    }
}

/// One file under way.
struct Hashed {
    input: Box<dyn Read>,
    path: String,
    bytes: u64,
    hash: Sha256,
    ended: bool,
    seen: Rc<RefCell<Vec<DataFile>>>,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.input.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        self.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Drop for Hashed {
    /// What the reader had no need of belongs to the file too. A file that cannot be read to its end has no digest.
    fn drop(&mut self) {
        let mut buffer = [0; 1 << 13];
        while !self.ended {
            match self.read(&mut buffer) {
                Err(e) if e.kind() != std::io::ErrorKind::Interrupted => return,
                Ok(_) | Err(_) => {}
            }
        }
        let sha256 = hexadecimal(&self.hash.finalize_reset());
        self.seen.borrow_mut().push(DataFile { path: std::mem::take(&mut self.path), bytes: self.bytes, sha256 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Memory;

    /// Fails with each of these, then ends.
    struct Failing(Vec<std::io::ErrorKind>);

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> Result<usize> {
            self.0.pop().map_or(Ok(0), |kind| Err(kind.into()))
        }
    }

    impl Files for Failing {
        fn open(&self, _: &str) -> Result<Box<dyn Read>> {
            Ok(Box::new(Self(self.0.clone())))
        }
    }

    #[test]
    fn an_interrupted_read_goes_on_and_a_failed_one_has_no_digest() {
        use std::io::ErrorKind::{Interrupted, TimedOut};
        for (kinds, files) in
            [(vec![Interrupted, Interrupted], 1), (vec![TimedOut], 0), (vec![TimedOut, Interrupted], 0)]
        {
            let failing = Failing(kinds);
            let digests = Digests::new(&failing);
            drop(digests.open("a"));
            assert_eq!(digests.seen().len(), files, "{:?}", failing.0);
        }
    }

    #[test]
    fn files_are_known_by_their_sha_256_however_little_was_asked_of_them() {
        let memory = Memory::new().with("b", "abc").with("a", vec![b'x'; 100_000]);
        let digests = Digests::new(&memory);
        for path in ["b", "a", "b"] {
            let mut first = [0; 2];
            digests.open(path).and_then(|mut file| file.read_exact(&mut first)).expect("two bytes");
        }
        let seen = digests.seen();
        let told: Vec<_> = seen.iter().map(|f| (f.path.as_str(), f.bytes, &f.sha256[..8])).collect();
        // By `sha256sum`.
        assert_eq!(told, [("a", 100_000, "d69e6898"), ("b", 3, "ba7816bf")]);
    }
}
