//! How much data is read into memory: no more values than a bound, and no more bytes than are free.

use crate::diagnostic::{Diagnostic, codes};
use crate::text::{bytes, grouped};

/// The most input values that are read into memory: 4 GiB of f32.
pub(super) const MOST_VALUES: usize = 1 << 30;
/// Bytes of a row besides its values: its key, its place in an order, its class.
const ROW_BYTES: u64 = 24;

/// Whether so many values in so many rows may be kept, a number of the network having so many bytes, with room for so
/// many bytes where that is known.
pub(super) fn check(values: usize, rows: usize, number: u64, room: Option<u64>) -> Result<(), Box<Diagnostic>> {
    if values > MOST_VALUES {
        return Err(too_many_values());
    }
    // As they are read, and as the network takes them, of which neither is ever whole beside the other.
    let taken = values as u64 * (number + 1) + rows as u64 * ROW_BYTES;
    match room {
        Some(room) if taken > room => Err(too_large(rows, taken, room)),
        Some(_) | None => Ok(()),
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
        assert!(check(MOST_VALUES, 1, 4, None).is_ok());
        assert!(check(MOST_VALUES + 1, 1, 4, None).is_err());
        // 100 rows of 10 numbers in f32: 1000·5 + 100·24 bytes.
        assert!(check(1000, 100, 4, Some(7400)).is_ok());
        let told = check(1000, 100, 4, Some(7399)).expect_err("too large");
        assert_eq!(told.message, "the first 100 rows take 7.4 kB of memory, and 7.4 kB were free before them");
    }
}
