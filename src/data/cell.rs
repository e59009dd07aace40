//! What one cell's text says: a number, nothing, something that is not finite, or a text. Not for what a
//! column makes of it.

/// What one cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// A finite number, correctly rounded.
    Number(f64),
    /// Nothing: empty, or one of [`MISSING`].
    Missing,
    /// `inf` in one of its spellings, or a number too large for f64.
    Infinite,
    /// Anything else.
    Text,
}

/// The texts that mean that a cell holds nothing, beside the empty cell.
pub const MISSING: [&str; 10] = ["NA", "N/A", "#N/A", "na", "n/a", "NaN", "nan", "NAN", "null", "?"];

/// Reads a cell that stands in a column of numbers. `text` has no blanks around it.
pub(super) fn read(text: &[u8]) -> Cell {
    match number(text) {
        Some(value) if value.is_finite() => Cell::Number(value),
        Some(_) => Cell::Infinite,
        None if is_missing(text) => Cell::Missing,
        None if is_infinite(text) => Cell::Infinite,
        None => Cell::Text,
    }
}

/// Whether a cell holds nothing.
pub(super) fn is_missing(text: &[u8]) -> bool {
    text.is_empty() || (text.len() <= 4 && (MISSING.iter().any(|m| m.as_bytes() == text) || text == b"NULL"))
}

fn is_infinite(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity")
}

/// Without the blanks around it.
pub(super) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t' | b'\r'] = text {
        text = rest;
    }
    text
}

/// Powers of ten that f64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The decimal number that `text` is, correctly rounded; infinite where it is too large; `None` where it is none.
///
/// Clinger's fast path (1990): a mantissa below 2⁵³ times or divided by an exact power of ten is rounded
/// once, hence correctly. The rest goes to the standard library.
fn number(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if !matches!(digits, [b'0'..=b'9' | b'.', ..]) {
        return None;
    }
    let mut mantissa = 0u64;
    let mut point = None;
    for (at, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')),
            b'.' if point.is_none() => point = Some(at),
            _ => return library(text),
        }
    }
    let fraction = point.map_or(0, |at| digits.len() - at - 1);
    let written = digits.len() - usize::from(point.is_some());
    // Nineteen digits cannot wrap a u64.
    if written == 0 || written > 19 || mantissa >= 1 << 53 || fraction > 22 {
        return library(text);
    }
    let value = mantissa as f64 / POWERS[fraction];
    Some(if negative { -value } else { value })
}

#[cold]
fn library(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_texts_and_nothing() {
        for (text, value) in [("5", 5.0), ("-0.25", -0.25), ("+.5", 0.5), ("7.", 7.0), ("1e-3", 1e-3), ("0", 0.0)] {
            assert_eq!(read(text.as_bytes()), Cell::Number(value), "{text}");
        }
        for text in ["", "NA", "nan", "?", "null", "NULL", "N/A"] {
            assert_eq!(read(text.as_bytes()), Cell::Missing, "{text}");
        }
        for text in ["inf", "-Infinity", "+INF", "1e999"] {
            assert_eq!(read(text.as_bytes()), Cell::Infinite, "{text}");
        }
        for text in [".", "-", "1,5", "1 000", "0x10", "1e", "abc", "--1", "1.2.3", "-nano"] {
            assert_eq!(read(text.as_bytes()), Cell::Text, "{text}");
        }
        assert_eq!(read(b"\xff"), Cell::Text);
        assert_eq!(trim(b" a b \r"), b"a b");
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(text in r"[+-]?[0-9]{0,22}(\.[0-9]{0,25})?(e-?[0-9]{1,3})?") {
            let expected = text.parse::<f64>().ok();
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits));
        }

        #[test]
        fn every_number_reads_back(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(number(value.to_string().as_bytes()).map(f64::to_bits), Some(value.to_bits()));
        }
    }
}
