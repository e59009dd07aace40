//! How reports say numbers, ratios and lists.

/// At most five significant digits, without an exponent where people would not write one.
pub(super) fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    let size = rounded.abs();
    if size != 0.0 && size.is_finite() && !(1e-4..1e7).contains(&size) {
        return format!("{rounded:e}");
    }
    rounded.to_string()
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
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 4;
    let count = names.len();
    let mut listed: Vec<String> = names.take(MOST).map(|n| format!("`{n}`")).collect();
    if count > MOST {
        listed.push(format!("{} more", count - MOST));
    }
    match listed.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, [one])) => format!("{one} and {last}"),
        Some((last, rest)) => format!("{}, and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// `1 row`, `2 rows`
pub(super) fn count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_five_digits() {
        assert_eq!(
            [2178.804, 0.5, 0.0, 1e-9, 123_456.0, 1.2e9].map(number),
            ["2178.8", "0.5", "0", "1e-9", "123460", "1.2e9"]
        );
    }

    #[test]
    fn lists_read_as_prose() {
        let list = |all: &[&str]| names(all.iter().copied());
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b"]), "`a` and `b`");
        assert_eq!(list(&["a", "b", "c", "d", "e"]), "`a`, `b`, `c`, `d`, and 1 more");
    }
}
