//! How much data is read into memory: no more values than a bound, and no more bytes than are free.

use super::files::Files;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{bytes, grouped};
use std::cell::OnceCell;

/// The most input values that are read into memory: 4 GiB of f32.
const MOST_VALUES: usize = 1 << 30;
/// Bytes of a row besides its values: its key, its place in an order, its class.
const ROW_BYTES: u64 = 24;
/// Bytes of a target while it grows: exact, moved once to a larger place.
const TARGET_BYTES: u64 = 16;
/// Bytes that reading takes besides, at the most: blocks under way, of several threads.
const UNDER_WAY: u64 = 150 << 20;

/// Less than this is read without asking what there is.
const WORTH_ASKING: u64 = 4 << 20;

/// What has been read so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Inputs of all rows.
    pub(super) inputs: usize,
    /// Value targets of all rows.
    pub(super) targets: usize,
    pub(super) rows: usize,
    /// Bytes of a number of the network.
    pub(super) number: usize,
}

impl Size {
    /// Bytes with what is taken on the way.
    fn needed(self) -> u64 {
        let kept = self.bytes();
        kept + kept / 2 + kept.min(UNDER_WAY)
    }

    /// Inputs as they are read and as the network takes them, of which neither is ever whole beside the other.
    fn bytes(self) -> u64 {
        let number = self.number as u64;
        let targets = self.targets as u64 * (TARGET_BYTES + number);
        self.inputs as u64 * (number + 1) + targets + self.rows as u64 * ROW_BYTES
    }
}

/// The memory that there is for what is read. It is asked for once, when it first matters.
pub(super) struct Room<'f> {
    files: Option<&'f dyn Files>,
    /// Bytes that were free before anything was read, where that is known.
    free: OnceCell<Option<u64>>,
}

impl<'f> Room<'f> {
    /// For what whoever has these files reads.
    pub(super) fn of(files: &'f dyn Files) -> Self {
        Self { files: Some(files), free: OnceCell::new() }
    }

    /// For a few rows at a time, which always find room.
    pub(super) fn enough() -> Self {
        Self { files: None, free: OnceCell::new() }
    }

    /// Whether so much may be kept.
    pub(super) fn holds(&self, size: Size) -> Result<(), Box<Diagnostic>> {
        if size.inputs.max(size.targets) > MOST_VALUES {
            return Err(too_many_values());
        }
        let needed = size.needed();
        if needed <= WORTH_ASKING {
            return Ok(());
        }
        let ask = || Some(self.files?.memory()?.saturating_add(size.bytes()));
        match self.free.get_or_init(ask) {
            Some(free) if needed > *free => Err(too_large(size.rows, needed, *free)),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether rows, of which `held` bytes are there as they were read, may take so many as the network has them: what
    /// is read is let go as it is prepared.
    pub(super) fn widens(&self, (rows, inputs): (usize, usize), wanted: u64, held: u64) -> Result<(), Box<Diagnostic>> {
        let free = if wanted > WORTH_ASKING { self.files.and_then(Files::memory) } else { None };
        match free {
            Some(free) if wanted > free.saturating_add(held) => {
                let (wanted, free) = (bytes(wanted), bytes(free));
                let text = format!("{rows} rows of {inputs} inputs take {wanted} of memory, and {free} are free");
                Err(Box::new(Diagnostic::error(codes::DATA_VALUE, text).help(LESS)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// What to do where memory is short.
const LESS: &str = "train on fewer rows or columns, or on a larger machine";

/// The report of rows that take more memory than there is.
fn too_large(rows: usize, taken: u64, room: u64) -> Box<Diagnostic> {
    let (rows, taken, room) = (grouped(rows as u64), bytes(taken), bytes(room));
    let text = format!("the first {rows} rows take {taken} of memory, and {room} were free before them");
    Box::new(Diagnostic::error(codes::DATA_FORMAT, text).help(LESS))
}

/// The report of more data than is read into memory.
fn too_many_values() -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        codes::DATA_FORMAT,
        format!("the data holds more than {MOST_VALUES} values, the most that are read"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many bytes are free.
    struct Free(u64);

    impl Files for Free {
        fn open(&self, _: &str) -> std::io::Result<Box<dyn std::io::Read>> {
            Err(std::io::ErrorKind::NotFound.into())
        }

        fn memory(&self) -> Option<u64> {
            Some(self.0)
        }
    }

    #[test]
    fn what_fits_is_read_and_what_does_not_is_told() {
        let of = |inputs: usize, targets: usize, rows: usize| Size { inputs, targets, rows, number: 4 };
        assert!(Room::enough().holds(of(MOST_VALUES, 1, 1)).is_ok());
        for size in [of(MOST_VALUES + 1, 1, 1), of(1, MOST_VALUES + 1, 1)] {
            assert!(Room::enough().holds(size).is_err());
        }
        // 1,000,000·5 + 100,000·20 + 100,000·24 bytes are there, and 1½ times as many are needed besides.
        let size = of(1_000_000, 100_000, 100_000);
        assert!(Room::of(&Free(14_100_000)).holds(size).is_ok());
        let told = Room::of(&Free(14_099_999)).holds(size).expect_err("too large");
        assert_eq!(told.message, "the first 100,000 rows take 23.5 MB of memory, and 23.5 MB were free before them");
        // A little is never asked for.
        assert!(Room::of(&Free(0)).holds(of(1000, 100, 100)).is_ok());
    }

    #[test]
    fn memory_is_asked_for_once() {
        let (files, room) = (Free(20_000_000), |files| Room::of(files));
        let room = room(&files);
        let of = |inputs: usize| Size { inputs, targets: 0, rows: 0, number: 4 };
        // 5 MB are there and 20 MB free: 25 in all, of which ten million inputs would take more.
        assert!(room.holds(of(1_000_000)).is_ok() && room.holds(of(2_000_000)).is_ok());
        assert!(room.holds(of(10_000_000)).is_err());
    }

    #[test]
    fn rows_that_are_spread_out_find_what_is_free_and_what_they_leave() {
        let free = Free(10_000_000);
        let room = Room::of(&free);
        assert!(room.widens((10, 1_000_000), 40_000_000, 30_000_000).is_ok());
        let told = room.widens((10, 1_000_000), 40_000_000, 29_999_999).expect_err("too large");
        assert_eq!(told.message, "10 rows of 1000000 inputs take 40.0 MB of memory, and 10.0 MB are free");
    }
}
