//! Numbers as text. [`written`] and [`exact`] read back to the same number; the others keep the digits that matter.

/// A number as it would be written in a program: `0.01`, `1e-8`, `100`.
pub fn written(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-4..1e15).contains(&size) { value.to_string() } else { format!("{value:e}") }
}

/// A share as it would be written in a program: `7%`. Fourteen digits take back what dividing by a hundred lost.
pub fn percent(share: f64) -> String {
    format!("{}%", written(rounded(share * 100.0, 14)))
}

/// The fewest digits that read back to the same number, with an exponent where it is very small or large.
pub fn exact(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// The nearest number of so many significant digits.
pub fn rounded(value: f64, count: usize) -> f64 {
    format!("{value:.*e}", count.saturating_sub(1)).parse().unwrap_or(value)
}

/// So many significant digits at most, whole numbers too: `2180` and `0.00613` of three. With an exponent below 1e-4,
/// and where more than three zeros would stand for digits.
pub fn short(value: f64, count: usize) -> String {
    // Not -0: its sign means nothing to a reader.
    let rounded = rounded(value, count) + 0.0;
    let size = rounded.abs();
    let most = 10_f64.powi((count + 3).max(6) as i32);
    if size == 0.0 || !size.is_finite() || (1e-4..most).contains(&size) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

/// So many significant digits at most, and all that stand before the point: `123456` and `-0.170345` of six. With an
/// exponent below 1e-5 and from 1e7 up.
pub fn digits(value: f64, count: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", value + 0.0);
    }
    let scientific = format!("{value:.*e}", count - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5..count.max(7) as i32).contains(&exponent) {
        trimmed(&format!("{value:.*}", (count as i32 - 1 - exponent).max(0) as usize)).to_owned()
    } else {
        format!("{}e{exponent}", trimmed(mantissa))
    }
}

/// So many significant digits exactly, and all that stand before the point, so that numbers of one size have one width:
/// `0.5000` and `123457` of four. With an exponent below 1e-4 and from 1e7 up.
pub fn fixed(value: f64, count: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let magnitude = value.abs().log10().floor() as i32;
    let last = count as i32 - 1;
    if (-4..7).contains(&magnitude) {
        format!("{value:.*}", (last - magnitude).max(0) as usize)
    } else {
        format!("{value:.*e}", last as usize)
    }
}

/// A decimal number without zeros at its end: `0.5` for `0.500`, `1` for `1.0`.
pub fn trimmed(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

/// A whole number with its thousands set apart: `8,256`.
pub fn grouped(value: impl Into<u128>) -> String {
    let digits = value.into().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {}", plural(number, what))
}

/// The same, its thousands set apart: `8,256 rows`.
pub fn amount(number: u64, what: &str) -> String {
    format!("{} {}", grouped(number), plural(number as usize, what))
}

/// A regular noun for so many things: `row`, `rows`.
pub fn plural(number: usize, what: &str) -> String {
    if number == 1 { what.to_owned() } else { format!("{what}s") }
}

/// `840 B`, `1.3 kB`, `25.4 MB`: powers of 1000.
pub fn bytes(value: u64) -> String {
    if value < 1000 {
        return format!("{value} B");
    }
    let mut value = value as f64 / 1000.0;
    for unit in ["kB", "MB", "GB"] {
        // What would be rounded to 1000.0 has the next unit.
        if value < 999.95 {
            return format!("{value:.1} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_program_has_them_read_back() {
        assert_eq!([0.01, 1e-8, 100.0, 0.0, 1e15].map(written), ["0.01", "1e-8", "100", "0", "1e15"]);
        assert_eq!([0.07, 0.29, 1.0 / 3.0].map(percent), ["7%", "29%", "33.333333333333%"]);
        assert_eq!(
            [0.1, 2.0, 1e-300, -1.5e20, 123_456_789.0].map(exact),
            ["0.1", "2", "1e-300", "-1.5e20", "123456789"]
        );
    }

    #[test]
    fn short_numbers_are_rounded_everywhere() {
        let cases = [
            (2178.804, 5, "2178.8"),
            (123_456.0, 5, "123460"),
            (1.2e9, 5, "1.2e9"),
            (1e-9, 5, "1e-9"),
            (-0.0, 5, "0"),
            (0.547_722_5, 4, "0.5477"),
            (1234.56, 4, "1235"),
            (-2.5e9, 4, "-2.5e9"),
            (1e-6, 4, "1e-6"),
            (0.0, 4, "0"),
            (2178.8, 3, "2180"),
            (2_512_000.0, 3, "2.51e6"),
            (0.006_130_4, 3, "0.00613"),
            (0.5477, 2, "0.55"),
            (f64::NAN, 3, "NaN"),
            (f64::NEG_INFINITY, 3, "-inf"),
        ];
        for (value, count, text) in cases {
            assert_eq!(short(value, count), text);
        }
    }

    #[test]
    fn digits_before_the_point_stay() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (0.5, "0.5"),
            (-0.170_344_9, "-0.170345"),
            (1.0 / 3.0, "0.333333"),
            (123_456.0, "123456"),
            (1_234_567.0, "1234567"),
            (12_345_678.0, "1.23457e7"),
            (3.1e-7, "3.1e-7"),
            (f64::NAN, "NaN"),
        ];
        for (value, text) in cases {
            assert_eq!(digits(value, 6), text);
        }
    }

    #[test]
    fn fixed_numbers_keep_their_zeros() {
        let cases = [(0.5, "0.5000"), (123_456.7, "123457"), (2.0, "2.000"), (1.5e-9, "1.500e-9"), (0.0, "0")];
        for (value, text) in cases {
            assert_eq!(fixed(value, 4), text);
        }
    }

    #[test]
    fn amounts_have_units_and_groups() {
        assert_eq!([0_u64, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 2].map(|n| count(n, "row")), ["0 rows", "1 row", "2 rows"]);
        assert_eq!([1, 8256].map(|n| amount(n, "row")), ["1 row", "8,256 rows"]);
        assert_eq!(
            [840, 1300, 999_949, 999_951, 25_400_000].map(bytes),
            ["840 B", "1.3 kB", "999.9 kB", "1.0 MB", "25.4 MB"]
        );
    }
}
