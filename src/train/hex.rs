//! Numbers as the hexadecimal digits of their bits, in one text: no digit is lost, and NaN has its digits too.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Numbers of so many digits each, one after the other.
pub(super) fn written(numbers: impl ExactSizeIterator<Item = u64>, digits: u32) -> String {
    let mut text = String::with_capacity(numbers.len() * digits as usize);
    for bits in numbers {
        text.extend((0..digits).rev().map(|k| DIGITS[(bits >> (4 * k) & 15) as usize] as char));
    }
    text
}

/// The numbers of a text.
///
/// # Errors
/// A sentence where it does not hold numbers of so many digits.
pub(super) fn read(text: &str, digits: usize) -> Result<Vec<u64>, String> {
    if !text.len().is_multiple_of(digits) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!("numbers are {digits} hexadecimal digits each"));
    }
    let number = |at: usize| u64::from_str_radix(&text[at * digits..][..digits], 16).map_err(|e| e.to_string());
    (0..text.len() / digits).map(number).collect()
}
