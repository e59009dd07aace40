//! Numbers and tables of `why`, `trace` and `sweep`, as people read them: few digits, decimal points in one column.

/// Six significant digits at most, without zeros at the end: `0.5`, `-0.170345`, `3.1e-7`.
pub(crate) fn short(value: f64) -> String {
    digits(value, 6)
}

/// So many significant digits at most, without zeros at the end.
pub(crate) fn digits(value: f64, count: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        // Not -0: its sign means nothing to a reader.
        return format!("{}", value + 0.0);
    }
    let scientific = format!("{value:.*e}", count - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5..count.max(7) as i32).contains(&exponent) {
        trim(&format!("{value:.*}", (count as i32 - 1 - exponent).max(0) as usize)).to_owned()
    } else {
        format!("{}e{exponent}", trim(mantissa))
    }
}

fn trim(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// The fewest digits that read back to the same number, with an exponent where it is very small or large.
pub(crate) fn exact(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A negative number in parentheses, where an operator stands before it.
pub(crate) fn operand(value: f64) -> String {
    if value < 0.0 { format!("({})", short(value)) } else { short(value) }
}

/// Numbers one under the other: decimal points in one column, all of one width.
pub(crate) fn stacked(values: &[String]) -> Vec<String> {
    let point = |v: &str| v.find(['.', 'e']).unwrap_or(v.len());
    let before = values.iter().map(|v| point(v)).max().unwrap_or(0);
    let after = values.iter().map(|v| v.len() - point(v)).max().unwrap_or(0);
    let stack = |v: &String| {
        let at = point(v);
        format!("{}{v}{}", " ".repeat(before - at), " ".repeat(after - (v.len() - at)))
    };
    values.iter().map(stack).collect()
}

/// A count with its thousands set apart: `8,256`.
pub(crate) fn count(value: u128) -> String {
    let text = value.to_string();
    let mut out = String::new();
    for (i, digit) in text.chars().enumerate() {
        if i > 0 && (text.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
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
            assert_eq!(short(value), text);
        }
        let exact = [0.1, 2.0, 1e-300, -1.5e20, 123_456_789.0].map(exact);
        assert_eq!(exact, ["0.1", "2", "1e-300", "-1.5e20", "123456789"]);
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(stacked(&["-1.5".into(), "20".into(), "0.25".into()]), ["-1.5 ", "20   ", " 0.25"]);
    }
}
