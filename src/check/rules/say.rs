//! How reports write numbers, ratios and lists.

use crate::text;

/// At most five significant digits, without an exponent where people would not write one.
pub(super) fn number(value: f64) -> String {
    text::short(value, 5)
}

/// The interval between two numbers: `3…103`.
pub(super) fn range(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{}…{}", number(low), number(high)),
        (true, false) => format!("{} and more", number(low)),
        (false, true) => format!("{} and less", number(high)),
        (false, false) => "any number".to_owned(),
    }
}

/// What a floor is of the loss that the best constant gives: `2.4 times`, `0.31 of`.
pub(super) fn share(floor: f64, base: f64) -> String {
    let ratio = floor / base;
    if ratio >= 1.0 { format!("{} times", number(ratio)) } else { format!("{} of", number(ratio)) }
}

/// A share of 1 in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", number(100.0 * share))
}

/// Names in backticks, the first few of many.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 4;
    text::all_of(&text::quoted(names), MOST)
}

/// `1 row`, `2 rows`
pub(super) fn count(count: usize, what: &str) -> String {
    text::count(count, what)
}
