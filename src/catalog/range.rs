//! [`Values`]: what is known of the numbers on an edge before any is computed.

use crate::text::short;
use std::fmt;

/// An interval that holds every value on an edge, and whether each row is a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values {
    /// No value lies below.
    pub low: f64,
    /// No value lies above.
    pub high: f64,
    /// Each row is non-negative and sums to one.
    pub simplex: bool,
}

impl Values {
    /// Nothing is known.
    pub const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY, simplex: false };
    /// A distribution over the units.
    pub const SIMPLEX: Self = Self { low: 0.0, high: 1.0, simplex: true };

    /// All values within `low..=high`.
    pub const fn within(low: f64, high: f64) -> Self {
        Self { low, high, simplex: false }
    }

    /// What is true of the sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::within(self.low + other.low, self.high + other.high)
    }

    /// What is true of the product of two.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let ends = [self.low, self.high].into_iter().flat_map(|a| [other.low, other.high].map(|b| (a, b)));
        // 0 times an end that no value reaches is 0.
        let products = ends.map(|(a, b)| if a == 0.0 || b == 0.0 { 0.0 } else { a * b });
        let (low, high) = products.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p), high.max(p)));
        Self::within(low, high)
    }

    /// What is true of values of which each is of one or the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::within(self.low.min(other.low), self.high.max(other.high))
    }

    /// What `f` makes of it, for an `f` that never falls.
    #[must_use]
    pub fn rising(self, f: impl Fn(f64) -> f64) -> Self {
        Self::within(f(self.low), f(self.high))
    }

    /// Whether it lies within `low..=high`.
    pub fn lies_within(&self, low: f64, high: f64) -> bool {
        low <= self.low && self.high <= high
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.simplex {
            return f.write_str("0…1, sum 1");
        }
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, false) => f.write_str("any"),
            (true, false) => write!(f, "≥ {}", short(self.low, 4)),
            (false, true) => write!(f, "≤ {}", short(self.high, 4)),
            (true, true) => write!(f, "{}…{}", short(self.low, 4), short(self.high, 4)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_add_up_contain_and_are_written() {
        let (a, b) = (Values::within(-1.0, 2.0), Values::within(0.5, 8.0));
        assert_eq!((a.plus(b), a.rising(|v| 2.0 * v)), (Values::within(-0.5, 10.0), Values::within(-2.0, 4.0)));
        assert_eq!(a.plus(a), Values::within(-2.0, 4.0));
        assert_eq!((a.times(b), a.or(b)), (Values::within(-8.0, 16.0), Values::within(-1.0, 8.0)));
        let unit = Values::within(0.0, 1.0);
        assert_eq!((Values::ANY.times(unit), a.times(unit)), (Values::ANY, a));
        assert_eq!(Values::SIMPLEX.times(Values::within(0.0, f64::INFINITY)), Values::within(0.0, f64::INFINITY));
        let inside = [(-1.0, 2.0), (-1.5, 3.0), (-0.5, 2.0), (-1.0, 1.5)].map(|(low, high)| a.lies_within(low, high));
        assert_eq!(inside, [true, true, false, false]);
        let infinite = f64::INFINITY;
        let written =
            [Values::ANY, Values::SIMPLEX, a, Values::within(0.123_456, infinite), Values::within(-infinite, -2.0)];
        assert_eq!(written.map(|v| v.to_string()), ["any", "0…1, sum 1", "-1…2", "≥ 0.1235", "≤ -2"]);
    }
}
