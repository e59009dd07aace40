//! What one cell's text says: a number, nothing, something that is not finite, or a text. Not for what a
//! column makes of it.

use std::ops::Range;

use super::decimal::{Number, POWERS};

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

/// The decimal number that `text` is, correctly rounded; infinite where it is too large; `None` where it is none.
///
/// Up to 19 digits without an exponent are read here, the rest by the standard library. Clinger's fast path (1990): a
/// mantissa below 2⁵³ divided by an exact power of ten is rounded once, hence correctly. For larger ones see
/// [`divide`].
fn number(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if !matches!(digits, [b'0'..=b'9' | b'.', ..]) {
        return None;
    }
    let (mantissa, whole) = accumulate(digits, 0);
    let (mantissa, fraction, written) = match &digits[whole..] {
        [] => (mantissa, 0, whole),
        [b'.', rest @ ..] => {
            let (mantissa, fraction) = accumulate(rest, mantissa);
            if fraction < rest.len() {
                return library(text);
            }
            (mantissa, fraction, whole + fraction)
        }
        _ => return library(text),
    };
    // Nineteen digits cannot wrap a u64.
    if written == 0 || written > 19 {
        return library(text);
    }
    let value = if mantissa < 1 << 53 {
        mantissa as f64 / POWERS[fraction]
    } else {
        match divide(mantissa, fraction) {
            Some(value) => value,
            None => return library(text),
        }
    };
    Some(if negative { -value } else { value })
}

/// Takes leading digits up behind those in `mantissa` (which may wrap); how many there were.
#[inline]
fn accumulate(text: &[u8], mut mantissa: u64) -> (u64, usize) {
    let mut at = 0;
    while let Some(&byte @ b'0'..=b'9') = text.get(at) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        at += 1;
    }
    (mantissa, at)
}

/// The number in `block[cell]`, for those that are up to sixteen bytes long and have no exponent, which most are;
/// `None` says nothing. All digits are taken at once, and without a branch on how many there are: columns of numbers
/// are random in sign and length, and each branch on them would be mistaken half of the time. Rounded correctly, see
/// [`number`].
#[allow(clippy::inline_always, reason = "what it gives should stay in registers")]
#[inline(always)]
pub(super) fn quick(block: &[u8], cell: Range<usize>) -> Option<Number> {
    const BYTES: usize = 16;
    let last: &[u8; BYTES] = block.get(..cell.end)?.last_chunk()?;
    let negative = *block.get(cell.start)? == b'-';
    let length = cell.len().checked_sub(usize::from(negative))?;
    if length == 0 || length > BYTES {
        return None;
    }
    // The digits and the point, zeros before them; the first in the lowest byte.
    let own = BEHIND[BYTES - length];
    let word = (u128::from_le_bytes(*last) & own) | (each_byte(b'0') & !own);
    // The lowest byte that is a point, by the borrow of a byte that is 0 (higher flags may be wrong).
    let points = word ^ each_byte(b'.');
    let point = points.wrapping_sub(each_byte(1)) & !points & each_byte(0x80);
    let (word, fraction) = if point == 0 {
        (word, 0)
    } else {
        // What stands before the point moves up into its place.
        let at = (point.trailing_zeros() / 8) as usize;
        let moved = (word & !BEHIND[at]) << 8 | (word & BEHIND[at + 1]);
        (moved | u128::from(b'0'), BYTES - 1 - at)
    };
    // Each byte is a digit when its high half is 3 and stays 3 with 6 added.
    let threes = |word: u128| word & each_byte(0xf0) == each_byte(b'0');
    let digits = threes(word) & threes(word.wrapping_add(each_byte(6)));
    let mantissa = eight_digits(word as u64) * 100_000_000 + eight_digits((word >> 64) as u64);
    if !digits || mantissa >= 1 << 53 || (point != 0 && length == 1) {
        return None;
    }
    Some(Number::written(negative, mantissa, fraction))
}

/// All bits but those of the first n bytes.
const BEHIND: [u128; 17] = {
    let mut masks = [0; 17];
    let mut n = 0;
    while n < 16 {
        masks[n] = u128::MAX << (8 * n);
        n += 1;
    }
    masks
};

const fn each_byte(byte: u8) -> u128 {
    u128::from_le_bytes([byte; 16])
}

/// The number that eight digits are, the first in the lowest byte: pairs, then fours, then all; each step multiplies
/// the earlier ones up and adds the later.
#[inline]
fn eight_digits(word: u64) -> u64 {
    let ones = word & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = (ones.wrapping_mul(10 << 8 | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 << 32 | 1) >> 32
}

/// For each k up to 19: 5⁻ᵏ as a 64-bit number with its top bit set, rounded down, and how many times it was doubled
/// beyond 63.
const FIFTHS: [(u64, u32); 20] = {
    let mut fifths = [(0, 0); 20];
    let mut k = 0;
    while k < 20 {
        let power = 5u128.pow(k as u32);
        let doubled = (power - 1).checked_ilog2();
        let doubled = match doubled {
            Some(log) => log + 1,
            None => 0,
        };
        fifths[k] = (((1u128 << (63 + doubled)) / power) as u64, doubled);
        k += 1;
    }
    fifths
};

/// mantissa / 10ᵏ, correctly rounded, or `None` where 64 bits do not tell which way (one time in some hundreds).
///
/// The first step of Eisel and Lemire (2021): the product with a reciprocal that is rounded down is too small by less
/// than two units of its upper word, so the rounding is certain unless the bits cut off are that close below a half,
/// or at it.
fn divide(mantissa: u64, k: usize) -> Option<f64> {
    let zeros = mantissa.leading_zeros();
    let (fifth, doubled) = FIFTHS[k];
    let upper = ((u128::from(mantissa << zeros) * u128::from(fifth)) >> 64) as u64;
    let cut = 11 - upper.leading_zeros();
    let half = 1 << (cut - 1);
    let rest = upper & ((1 << cut) - 1);
    if (half - 2..=half).contains(&rest) {
        return None;
    }
    let rounded = (upper >> cut) + u64::from(rest > half);
    // upper stands for mantissa · 2^zeros · 5⁻ᵏ · 2^(63 + doubled) / 2⁶⁴.
    let exponent = 1 + cut as i32 - zeros as i32 - doubled as i32 - k as i32;
    Some(rounded as f64 * f64::from_bits(((1023 + exponent) as u64) << 52))
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

    #[test]
    fn ties_and_near_ties_are_rounded_correctly() {
        // Halves between neighbouring numbers, exactly and one digit off.
        for text in [
            "9007199254740993",
            "9007199254740993.1",
            "9007199254740992.9",
            "9007199254740995",
            "4503599627370497.5",
            "4503599627370496.5",
            "0.9007199254740993",
            "18014398509481990",
            "18014398509481989",
            "1152921504606847104",
            "1152921504606846976",
            "1152921504606847105",
            "9999999999999999999",
            ".9999999999999999999",
        ] {
            assert_eq!(number(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]
        #[test]
        fn numbers_are_those_of_the_standard_library(text in r"[+-]?[0-9]{0,22}(\.[0-9]{0,25})?(e-?[0-9]{1,3})?") {
            let expected = text.parse::<f64>().ok();
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits));
        }

        #[test]
        fn quick_numbers_are_the_same(before in "[0-9,. ]{0,20}", text in r"[+-]?[0-9]{0,17}(\.[0-9]{0,17})?e?-?") {
            let block = format!("{before}{text}");
            let found = quick(block.as_bytes(), before.len()..block.len()).map(|n| n.value().to_bits());
            prop_assert!(found.is_none() || found == text.parse::<f64>().ok().map(f64::to_bits), "{block}");
        }

        #[test]
        fn most_numbers_are_quick(value in -1e5f32..1e5) {
            let block = format!("1.25,0.000012345,{value}");
            prop_assert_eq!(quick(block.as_bytes(), 17..block.len()).map(Number::value), Some(value.to_string().parse::<f64>().expect("a number")));
        }

        #[test]
        fn long_numbers_are_those_of_the_standard_library(digits in 1u64<<53..u64::MAX / 2, k in 0usize..=19) {
            let mut text = format!("{digits:019}");
            text.truncate(19);
            text.insert(19 - k.min(19), '.');
            let expected = text.parse::<f64>().ok();
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits), "{}", text);
        }

        #[test]
        fn every_number_reads_back(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(number(value.to_string().as_bytes()).map(f64::to_bits), Some(value.to_bits()));
        }
    }
}
