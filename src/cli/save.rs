//! Files written whole or not at all: to a temporary name beside their place, synced, then renamed. Whatever fails, and
//! whenever the program ends, the file that was there before is there still.

use super::disk::{folder_of, here, real, reason};
use super::shell::{Exit, Shell};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Once;
use std::time::Duration;
use tempfile::NamedTempFile;

/// How the names of temporary files begin.
const PREFIX: &str = ".nn-";

/// A temporary file that nobody holds is left over when it is so old: one that was just made may not be held yet.
const LEFT_OVER: Duration = Duration::from_mins(1);

/// What a save asks of the system, in this order. Tests let each of them fail.
trait System {
    fn temporary(&mut self, path: &Path) -> io::Result<NamedTempFile>;
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize>;
    fn sync(&mut self, file: &File) -> io::Result<()>;
    fn rename(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()>;
}

/// The system itself.
struct Real;

impl System for Real {
    fn temporary(&mut self, path: &Path) -> io::Result<NamedTempFile> {
        temporary(path)
    }

    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        file.persist(path).map(drop).map_err(|error| error.error)
    }
}

/// Whether a file could be written at `path`: there is a folder for it, and files may be made there.
pub(crate) fn try_folder(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(meta) if !meta.is_file() => Ok(()),
        Ok(_) | Err(_) => temporary(&real(path)).map(drop),
    }
}

/// Writes a file whole or not at all. A link stays, and what it leads to is written; a device or a pipe is written to,
/// not replaced.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &real(path);
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(meta) if !meta.is_file() => return File::options().write(true).open(path)?.write_all(bytes),
        Ok(_) | Err(_) => {}
    }
    write_by(&mut Real, path, bytes)
}

/// As [`write`]; a failure is told.
pub(crate) fn told(path: &Path, bytes: &[u8], shell: &Shell) -> Result<(), Exit> {
    write(path, bytes).map_err(|e| shell.fault(&format!("`{}` cannot be written: {}", path.display(), reason(&e))))
}

/// Puts other text into a file that a person wrote: its links, its owner and its mode stay, and one that is read-only
/// is left alone.
pub(crate) fn edit(path: &Path, text: &[u8]) -> io::Result<()> {
    let path = &real(path);
    let meta = std::fs::metadata(path)?;
    if meta.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    if !is_shared(&meta) {
        return write(path, text);
    }
    // A renamed file would be another one to whoever has it by its other name. Until the text is in its place, it
    // stands beside it.
    let mut copy = temporary(path)?;
    copy.write_all(text)?;
    copy.as_file().sync_all()?;
    let mut file = File::options().write(true).truncate(true).open(path)?;
    file.write_all(text)?;
    file.sync_all()
}

/// Whether a file has another name besides, or another owner than this program.
#[cfg(unix)]
fn is_shared(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    meta.nlink() > 1 || meta.uid() != rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_shared(_meta: &std::fs::Metadata) -> bool {
    false
}

fn write_by(system: &mut impl System, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let wanted = |error| with_room(error, path, bytes.len() as u64);
    let mut file = system.temporary(path)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        match system.write(file.as_file_mut(), rest) {
            Ok(0) => return Err(wanted(io::Error::from(io::ErrorKind::WriteZero))),
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(wanted(error)),
        }
    }
    put(system, file, path).map_err(wanted)
}

/// Puts a temporary file that is written in its place.
pub(crate) fn keep(file: NamedTempFile, path: &Path) -> io::Result<()> {
    put(&mut Real, file, path)
}

fn put(system: &mut impl System, file: NamedTempFile, path: &Path) -> io::Result<()> {
    static ONCE: Once = Once::new();
    system.sync(file.as_file())?;
    system.rename(file, path)?;
    let folder = folder_of(path);
    keep_names(here(&folder));
    ONCE.call_once(|| clean_up(here(&folder), LEFT_OVER));
    Ok(())
}

/// A full disk with what was wanted of it and what it has.
fn with_room(error: io::Error, path: &Path, wanted: u64) -> io::Error {
    if !matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return error;
    }
    let what = if error.kind() == io::ErrorKind::StorageFull { "the disk is full" } else { "the quota is used up" };
    let bytes = crate::text::bytes;
    let free = free(here(&folder_of(path))).map_or_else(String::new, |free| format!(", and {} are free", bytes(free)));
    io::Error::other(format!("{what}: {} are wanted{free}", bytes(wanted)))
}

/// Bytes that a user may still write where a folder lies.
#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(folder).ok()?;
    system.f_bavail.checked_mul(system.f_frsize)
}

#[cfg(not(unix))]
fn free(_folder: &Path) -> Option<u64> {
    None
}

/// Has the system keep the names in a folder, so that what was renamed is found after a crash too. Where a file system
/// cannot, the file itself is whole all the same.
#[cfg(unix)]
fn keep_names(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn keep_names(_folder: &Path) {}

/// A temporary file beside `path`, to be renamed over it. It is held as long as it is written, so that another program
/// can tell it from one that is left over.
pub(crate) fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let file = builder(path).tempfile_in(here(&folder_of(path)))?;
    // On a file system without locks nothing is ever taken for left over.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes what programs that were killed while they wrote have left in a folder.
fn clean_up(folder: &Path, age: Duration) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let random = ours.is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        let old = |meta: std::fs::Metadata| {
            meta.is_file() && meta.modified().is_ok_and(|m| m.elapsed().is_ok_and(|e| e >= age))
        };
        if !random || !entry.metadata().is_ok_and(old) {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        if file.try_lock().is_ok() {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Temporary files as other programs make files: readable as the user's mask says, not by the owner alone; a file that
/// is there already keeps its permissions.
#[cfg(unix)]
fn builder(path: &Path) -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let kept = std::fs::metadata(path).map(|meta| meta.permissions());
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).permissions(kept.unwrap_or_else(|_| std::fs::Permissions::from_mode(0o666)));
    builder
}

#[cfg(not(unix))]
fn builder(_path: &Path) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Fails at one of its calls; before that, writes a few bytes at a time.
    struct Failing {
        call: usize,
        at: usize,
        kind: io::ErrorKind,
    }

    impl Failing {
        fn go<T>(&mut self, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
            self.call += 1;
            if self.call == self.at { Err(io::Error::from(self.kind)) } else { call() }
        }
    }

    impl System for Failing {
        fn temporary(&mut self, path: &Path) -> io::Result<NamedTempFile> {
            self.go(|| builder(path).tempfile_in(folder_of(path)))
        }

        fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
            self.go(|| file.write(&bytes[..bytes.len().min(7)]))
        }

        fn sync(&mut self, file: &File) -> io::Result<()> {
            self.go(|| file.sync_all())
        }

        fn rename(&mut self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.go(|| Real.rename(file, path))
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn whichever_call_fails_the_file_before_is_whole_and_nothing_else_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.safetensors");
        let new = b"thirty bytes that are the new.";
        let mut ends = 0;
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::Other] {
            for at in 1.. {
                fs::write(&path, b"the old").expect("a file");
                let mut system = Failing { call: 0, at, kind };
                let done = write_by(&mut system, &path, new);
                assert_eq!(names(folder.path()), ["m.safetensors"], "{kind}, call {at}");
                let there = fs::read(&path).expect("a file");
                let Err(error) = done else {
                    assert_eq!(there, new);
                    // A temporary file, five pieces, synced, renamed.
                    assert_eq!((system.call, at), (8, 9), "{kind}");
                    ends += 1;
                    break;
                };
                assert_eq!(there, b"the old", "{kind}, call {at}");
                let says = error.to_string();
                if kind == io::ErrorKind::StorageFull && (2..=7).contains(&at) {
                    assert!(says.starts_with("the disk is full: 30 B are wanted, and "), "{at}: {says}");
                    assert!(says.ends_with(" are free"), "{says}");
                }
            }
        }
        assert_eq!(ends, 3);
    }

    #[test]
    #[cfg(unix)]
    fn an_edited_file_keeps_its_links_and_its_mode() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.nn"), "old text, which is longer").expect("a file");
        fs::set_permissions(path("a.nn"), fs::Permissions::from_mode(0o640)).expect("a mode");
        fs::hard_link(path("a.nn"), path("hard.nn")).expect("a link");
        std::os::unix::fs::symlink("a.nn", path("soft.nn")).expect("a link");
        edit(&path("soft.nn"), b"new").expect("written");
        assert!(path("soft.nn").is_symlink());
        for name in ["a.nn", "hard.nn", "soft.nn"] {
            assert_eq!(fs::read(path(name)).expect("a file"), b"new", "{name}");
        }
        let meta = fs::metadata(path("a.nn")).expect("a file");
        assert_eq!((meta.nlink(), meta.mode() & 0o777), (2, 0o640));
        fs::set_permissions(path("a.nn"), fs::Permissions::from_mode(0o440)).expect("a mode");
        assert_eq!(edit(&path("a.nn"), b"newer").expect_err("read-only").to_string(), "it is read-only");
        assert_eq!(fs::read(path("a.nn")).expect("a file"), b"new");
        assert_eq!(names(folder.path()), ["a.nn", "hard.nn", "soft.nn"]);
    }

    #[test]
    fn an_interrupted_call_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("f");
        write_by(&mut Failing { call: 0, at: 3, kind: io::ErrorKind::Interrupted }, &path, b"ten bytes.")
            .expect("written");
        assert_eq!(fs::read(&path).expect("a file"), b"ten bytes.");
    }

    #[test]
    fn what_killed_programs_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [".nn-a1B2c3", ".nn-longer-name", "kept", ".nn-a1B2c"] {
            fs::write(folder.path().join(name), b"x").expect("a file");
        }
        let held = temporary(&folder.path().join("m")).expect("a file");
        clean_up(folder.path(), Duration::from_mins(1));
        assert_eq!(names(folder.path()).len(), 5);
        clean_up(folder.path(), Duration::ZERO);
        assert!(held.path().exists());
        let held = held.path().file_name().expect("a name").to_string_lossy().into_owned();
        let mut expected = vec![".nn-a1B2c".to_owned(), ".nn-longer-name".into(), "kept".into(), held];
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }
}
