//! [`Lock`]: one run at a time writes a file. The lock is a hidden file beside it, which the system frees however the
//! program ends; not for readers.

use super::disk::folder_of;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Held for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl Lock {
    /// Takes the lock of an output; `None` where another program has it. Where no lock can be had, such as on a file
    /// system without any, nothing is locked.
    pub(crate) fn take(output: &Path) -> Option<Self> {
        // Any number of programs write to a device or a pipe.
        if std::fs::metadata(output).is_ok_and(|meta| !meta.is_file()) {
            return Some(Self { path: PathBuf::new(), file: None });
        }
        let name = output.file_name().map(|name| format!(".{}.lock", name.to_string_lossy())).unwrap_or_default();
        let path = folder_of(output).join(name);
        let none = Self { path: path.clone(), file: None };
        let Ok(file) = File::options().create(true).write(true).truncate(false).open(&path) else { return Some(none) };
        match file.try_lock() {
            Ok(()) => Some(Self { path, file: Some(file) }),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(_)) => Some(none),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Whoever opened it meanwhile locks a file that has no name any more: two runs that begin in the same
            // moment.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
