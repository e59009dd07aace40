//! Numbers as people read them on a picture: short, rounded to what matters, with a real minus sign.

use crate::text::{grouped, trimmed};

/// Four significant digits at most: `0.0213`, `12.5`, `3.1×10⁻⁷`.
pub(super) fn short(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "−∞".into() };
    }
    if value == 0.0 {
        return "0".into();
    }
    // Rounded first: 9.9996 has the exponent of 10.
    let scientific = format!("{value:.3e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        signed(trimmed(&format!("{value:.*}", (3 - exponent).max(0) as usize)))
    } else {
        format!("{}×10{}", signed(trimmed(digits)), raised(exponent))
    }
}

/// The label of `value` on an axis with marks `step` apart.
pub(super) fn tick(value: f64, step: f64) -> String {
    if value == 0.0 || value.abs() < step * 1e-6 {
        return "0".into();
    }
    let finest = step.log10().floor() as i32;
    let size = value.abs().log10().floor() as i32;
    if size >= 7 || finest < -6 {
        let digits = (size - finest).clamp(0, 6) as usize;
        let scientific = format!("{value:.digits$e}");
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let mantissa = signed(trimmed(digits));
        let power = format!("10{}", raised(exponent.parse().unwrap_or(0)));
        return match mantissa.as_str() {
            "1" => power,
            "−1" => format!("−{power}"),
            _ => format!("{mantissa}×{power}"),
        };
    }
    signed(&with_groups(trimmed(&format!("{value:.*}", (-finest).max(0) as usize))))
}

/// `part` (1, 2, 5) times ten to `decade`: `0.02`, `500`, `10⁻⁶`, `2×10⁷`.
pub(super) fn power(part: i32, decade: i32) -> String {
    if (-4..=4).contains(&decade) {
        let value = f64::from(part) * 10f64.powi(decade);
        return with_groups(&format!("{value:.*}", (-decade).max(0) as usize));
    }
    let power = format!("10{}", raised(decade));
    if part == 1 { power } else { format!("{part}×{power}") }
}

fn signed(digits: &str) -> String {
    digits.replace('-', "−")
}

/// The digits before the point set apart by thousands.
fn with_groups(digits: &str) -> String {
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
    format!("{sign}{}{rest}", whole.parse::<u128>().map_or_else(|_| whole.to_owned(), grouped))
}

fn raised(exponent: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => c.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(c),
    };
    exponent.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        let cases = [
            (0.0, "0"),
            (0.021_345, "0.02134"),
            (-1.5, "−1.5"),
            (9.999_96, "10"),
            (123_456.7, "123457"),
            (3.14e-7, "3.14×10⁻⁷"),
            (-1e30, "−1×10³⁰"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "∞"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn powers() {
        assert_eq!((power(1, -3), power(5, 4), power(2, 7)), ("0.001".into(), "50,000".into(), "2×10⁷".into()));
    }
}
