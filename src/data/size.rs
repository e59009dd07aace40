//! How much data is read into memory: no more values than a bound, and no more bytes than are free.

use crate::diagnostic::{Diagnostic, codes};
use crate::text::{bytes, grouped};

/// The most input values that are read into memory: 4 GiB of f32.
pub(super) const MOST_VALUES: usize = 1 << 30;
/// Bytes of a row besides its values: its key, its place in an order, its class.
const ROW_BYTES: u64 = 24;
/// Bytes of a target while it grows: exact, moved once to a larger place.
const TARGET_BYTES: u64 = 16;
/// Bytes that reading takes besides, at the most: blocks under way, of several threads.
const UNDER_WAY: u64 = 150 << 20;

/// What has been read so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Inputs of all rows.
    pub(super) inputs: usize,
    /// Value targets of all rows.
    pub(super) targets: usize,
    pub(super) rows: usize,
    /// Bytes of a number of the network.
    pub(super) number: u64,
}

impl Size {
    /// Whether it may be kept, with room for so many bytes where that is known.
    pub(super) fn check(self, room: Option<u64>) -> Result<(), Box<Diagnostic>> {
        if self.inputs.max(self.targets) > MOST_VALUES {
            return Err(too_many_values());
        }
        match room {
            Some(room) if self.needed() > room => Err(too_large(self.rows, self.needed(), room)),
            Some(_) | None => Ok(()),
        }
    }

    /// Bytes with what is taken on the way.
    fn needed(self) -> u64 {
        let kept = self.bytes();
        kept + kept / 2 + kept.min(UNDER_WAY)
    }

    /// Inputs as they are read and as the network takes them, of which neither is ever whole beside the other.
    fn bytes(self) -> u64 {
        let targets = self.targets as u64 * (TARGET_BYTES + self.number);
        self.inputs as u64 * (self.number + 1) + targets + self.rows as u64 * ROW_BYTES
    }
}

/// The report of rows that take more memory than there is.
fn too_large(rows: usize, taken: u64, room: u64) -> Box<Diagnostic> {
    let (rows, taken, room) = (grouped(rows as u64), bytes(taken), bytes(room));
    let text = format!("the first {rows} rows take {taken} of memory, and {room} were free before them");
    Box::new(Diagnostic::error(codes::DATA_FORMAT, text).help("train on fewer rows or columns, or on a larger machine"))
}

/// The report of more data than is read into memory.
pub(super) fn too_many_values() -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        codes::DATA_FORMAT,
        format!("the data holds more than {MOST_VALUES} values, the most that are read"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_read_and_what_does_not_is_told() {
        let of = |inputs: usize, targets: usize, rows: usize| Size { inputs, targets, rows, number: 4 };
        assert!(of(MOST_VALUES, 1, 1).check(None).is_ok());
        assert!(of(MOST_VALUES + 1, 1, 1).check(None).is_err() && of(1, MOST_VALUES + 1, 1).check(None).is_err());
        // 1000·5 + 100·20 + 100·24 bytes.
        let size = of(1000, 100, 100);
        assert!(size.check(Some(23_500)).is_ok());
        let told = size.check(Some(23_499)).expect_err("too large");
        assert_eq!(told.message, "the first 100 rows take 23.5 kB of memory, and 23.5 kB were free before them");
    }
}
