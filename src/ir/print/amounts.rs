//! Numbers as people read them: counts, bytes, decimals. For text only; JSON has the numbers themselves.

/// `8,256`
pub(super) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `8,256 rows`
pub(super) fn plural(value: u64, what: &str) -> String {
    format!("{} {what}{}", count(value), if value == 1 { "" } else { "s" })
}

/// `840 B`, `1.3 kB`, `25.4 MB`: powers of 1000.
pub(super) fn bytes(value: u64) -> String {
    if value < 1000 {
        return format!("{value} B");
    }
    let mut value = value as f64 / 1000.0;
    for unit in ["kB", "MB", "GB"] {
        if value < 999.95 {
            return format!("{value:.1} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

/// At most four significant digits.
pub(super) fn decimal(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let size = rounded.abs();
    if rounded == 0.0 {
        "0".to_owned()
    } else if (1e-4..1e7).contains(&size) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [840, 1300, 999_949, 999_951, 25_400_000].map(bytes),
            ["840 B", "1.3 kB", "999.9 kB", "1.0 MB", "25.4 MB"]
        );
        assert_eq!(
            [0.0, -0.0, 0.547_722_5, 1e-6, 1234.56, -2.5e9].map(decimal),
            ["0", "0", "0.5477", "1e-6", "1235", "-2.5e9"]
        );
        assert_eq!([1, 2].map(|n| plural(n, "row")), ["1 row", "2 rows"]);
    }
}
