//! Numbers of `why`, `trace` and `sweep`: six digits, as people compare them.

use crate::text::digits;

/// Six significant digits at most, without zeros at the end: `0.5`, `-0.170345`, `3.1e-7`.
pub(crate) fn short(value: f64) -> String {
    digits(value, 6)
}

/// A negative number in parentheses, where an operator stands before it.
pub(crate) fn operand(value: f64) -> String {
    if value < 0.0 { format!("({})", short(value)) } else { short(value) }
}
