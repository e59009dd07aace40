//! [`Number`]: a cell's number as it was read. Most are written with few digits, and such a [`Decimal`] is kept in 36
//! bits without loss: its digits and how many of them stand behind the point, whose quotient is the f64 to the last
//! bit.

/// Powers of ten, as many as there are digits; f64 holds them exactly.
pub(super) const POWERS: [f64; 20] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19];

/// A number of few digits, or none where the cell is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// The digits without their point; the highest bit is the sign.
    pub(super) digits: u32,
    /// How many of the digits stand behind the point, or [`MISSING`].
    pub(super) places: u8,
}

/// A cell's number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// One of few digits.
    Decimal(Decimal),
    /// Any other.
    Exact(f64),
}

const SIGN: u32 = 1 << 31;
/// The places of a missing cell.
pub(super) const MISSING: u8 = 15;

/// What digits are divided by. f64 holds each, so that the quotient is rounded once, as the number was when it was
/// read.
const DIVISORS: [f64; 16] = {
    let mut divisors = [f64::NAN; 16];
    let mut places = 0;
    while places < MISSING as usize {
        divisors[places] = POWERS[places];
        places += 1;
    }
    divisors
};

impl Decimal {
    /// The number as f64; NaN where it is missing.
    #[allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]
    #[inline(always)]
    pub(super) fn value(self) -> f64 {
        let size = f64::from((self.digits & !SIGN) as i32) / DIVISORS[usize::from(self.places & 15)];
        f64::from_bits(size.to_bits() | u64::from(self.digits & SIGN) << 32)
    }

    /// The decimal that is this number to the last bit, if one is.
    pub(super) fn of(value: f64) -> Option<Self> {
        if value.is_nan() {
            return Some(Self { digits: 0, places: MISSING });
        }
        let size = value.abs();
        let sign = if value.is_sign_negative() { SIGN } else { 0 };
        for places in 0..MISSING {
            let digits = (size * POWERS[usize::from(places)]).round_ties_even();
            if digits >= f64::from(SIGN) {
                return None;
            }
            if digits / POWERS[usize::from(places)] == size {
                return Some(Self { digits: digits as u32 | sign, places });
            }
        }
        None
    }
}

impl Number {
    /// The number of so many digits and places behind the point. `digits` is below 2⁵³.
    #[allow(clippy::inline_always, reason = "each cell is read by it, and what it gives should stay in registers")]
    #[inline(always)]
    pub(super) fn written(negative: bool, digits: u64, places: usize) -> Self {
        if digits < u64::from(SIGN) && places < usize::from(MISSING) {
            let sign = if negative { SIGN } else { 0 };
            return Self::Decimal(Decimal { digits: digits as u32 | sign, places: places as u8 });
        }
        let value = digits as f64 / POWERS[places];
        Self::Exact(f64::from_bits(value.to_bits() | u64::from(negative) << 63))
    }

    /// A number however it was read.
    pub(super) fn of(value: f64) -> Self {
        Decimal::of(value).map_or(Self::Exact(value), Self::Decimal)
    }

    /// The number as f64; NaN where it is missing.
    #[inline]
    pub(super) fn value(self) -> f64 {
        match self {
            Self::Decimal(decimal) => decimal.value(),
            Self::Exact(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_few_digits_are_decimals_and_others_are_not() {
        for text in ["0", "-0", "0.1", "-12.50", "2147483647", "21474.83647", "0.00000000012345", "-1e-7", "3e8"] {
            let value: f64 = text.parse().expect("a number");
            let decimal = Decimal::of(value).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(decimal.value().to_bits(), value.to_bits(), "{text}");
        }
        assert!(Decimal::of(f64::NAN).is_some_and(|d| d.value().is_nan()));
        for value in [2_147_483_648.0, 1.0 / 3.0, 1e-15, 1e300, 0.123_456_789_012, f64::MAX, f64::MIN_POSITIVE] {
            assert_eq!(Decimal::of(value), None, "{value}");
            assert_eq!(Number::of(-value).value(), -value);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_kept_to_the_last_bit(negative: bool, digits in 0u64..1 << 53, cut in 0u32..53, places in 0usize..=15) {
            let digits = digits >> cut;
            let mut text = format!("{digits:016}");
            text.insert(16 - places.min(16), '.');
            let value: f64 = format!("{}{text}", if negative { "-" } else { "" }).parse().expect("a number");
            prop_assert_eq!(Number::written(negative, digits, places).value().to_bits(), value.to_bits());
            prop_assert_eq!(Number::of(value).value().to_bits(), value.to_bits());
        }

        #[test]
        fn any_number_is_kept(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(Number::of(value).value().to_bits(), value.to_bits());
        }
    }
}
