//! Numbers as reports say them, and numbers as a person would write them in a program.

use crate::text;

/// At most three significant digits: `0.00613`, `2180`, `1.2e-7`.
pub(in crate::check) fn short(value: f64) -> String {
    text::short(value, 3)
}

/// At most two significant digits, rounded: `0.55`.
pub(in crate::check) fn few(value: f64) -> String {
    text::short(value, 2)
}

/// The next lower number of the row 1, 2, 5, 10, …: what a person tries.
pub(in crate::check) fn neat(value: f64) -> String {
    if !(value.is_finite() && value > 0.0) {
        return short(value);
    }
    let power = 10f64.powi(value.log10().floor() as i32);
    let lead = [5.0, 2.0, 1.0].into_iter().find(|l| l * power <= value * (1.0 + 1e-9)).unwrap_or(1.0);
    text::short(lead * power, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([2178.8, 0.006_130_4, 1.234e-7, 0.0, 1e7].map(short), ["2180", "0.00613", "1.23e-7", "0", "1e7"]);
        assert_eq!(few(0.5477), "0.55");
    }

    #[test]
    fn suggestions_are_round_and_not_above() {
        assert_eq!([0.024_7, 0.006, 0.5, 1e-3, 0.000_09].map(neat), ["0.02", "0.005", "0.5", "0.001", "5e-5"]);
    }
}
