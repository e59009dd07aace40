//! Formulas of the exponential and its kin in f32, one number at a time, without a branch, so that loops over them
//! become vectors. The same bits on every machine. Each error below is the greatest relative one, found by trying.

/// eˣ to 1.5·10⁻⁷: the reduced one, times 2ⁿ.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let Reduced { less_one, factors: (first, second), .. } = reduced(x);
    (less_one + 1.0) * first * second
}

/// eˣ − 1 to 2.3·10⁻⁷: as [`exp`], with the 1 taken off before it can hide the rest.
#[inline(always)]
pub(super) fn exp_m1(x: f32) -> f32 {
    let Reduced { less_one, n, factors: (first, second) } = reduced(x);
    // 2ⁿ p + (2ⁿ − 1)
    let large = first * (second * less_one + second);
    if n == 0 { less_one } else { large - 1.0 }
}

/// x = n ln 2 + r, |r| ≤ ln 2 / 2.
struct Reduced {
    /// eʳ − 1
    less_one: f32,
    n: i32,
    /// 2ⁿ in two factors, so that n = 128 and numbers below the normal ones come out right.
    factors: (f32, f32),
}

/// Splits x, and takes eʳ − 1 by a polynomial in r (Cephes, `expf`).
#[inline(always)]
fn reduced(x: f32) -> Reduced {
    // Adding 1.5·2²³ leaves the nearest whole number in the low bits.
    const ROUND: f32 = 12_582_912.0;
    // Beyond these the result is infinity and zero; a NaN fails both comparisons and stays.
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if x < -104.0 { -104.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // ln 2 in two parts, the first with few enough bits that n times it is exact.
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let n = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
    let half = n >> 1;
    Reduced { less_one: p * (r * r) + r, n, factors: (power_of_two(half), power_of_two(n.wrapping_sub(half))) }
}

/// ln(1 + x) to 2.5·10⁻⁷ for x ≥ 0: ln w · x / (w − 1) makes good what 1 + x = w lost (Kahan).
#[inline(always)]
pub(super) fn ln_1p(x: f32) -> f32 {
    let w = 1.0 + x;
    let lost = if w == 1.0 { 1.0 } else { w - 1.0 };
    let y = ln(w) * (x / lost);
    if w == 1.0 { x } else { y }
}

/// erf x to 3·10⁻⁷ for |x| < 1, and so is 1 + erf |x| for all: a rational function on ±4, beyond which it is ±1 (the
/// coefficients of Eigen's `erf`).
#[inline(always)]
pub(super) fn erf(x: f32) -> f32 {
    let x = if x > 4.0 { 4.0 } else { x };
    let x = if x < -4.0 { -4.0 } else { x };
    let x2 = x * x;
    let mut p = -2.726_142_3e-10;
    p = p * x2 + 2.770_681_4e-8;
    p = p * x2 + -2.101_024e-6;
    p = p * x2 + -5.692_506_4e-5;
    p = p * x2 + -7.349_906_3e-4;
    p = p * x2 + -2.954_6e-3;
    p = p * x2 + -1.609_603_3e-2;
    let mut q = -1.456_607_2e-5;
    q = q * x2 + -2.133_740_6e-4;
    q = q * x2 + -1.682_827e-3;
    q = q * x2 + -7.373_329e-3;
    q = q * x2 + -1.426_473_9e-2;
    x * (p / q)
}

#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// tanh x to 1.3·10⁻⁷: near zero an odd polynomial (Cephes, `tanhf`), elsewhere by e⁻²ˣ.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    let x2 = x * x;
    let mut p = -5.704_988_7e-3;
    p = p * x2 + 2.063_909e-2;
    p = p * x2 + -5.373_971_6e-2;
    p = p * x2 + 1.333_144_2e-1;
    p = p * x2 + -3.333_328e-1;
    let near = p * x2 * x + x;
    let t = exp(-2.0 * x.abs());
    let far = 1.0 - 2.0 * t / (1.0 + t);
    // The sign last: the polynomial's sum would lose that of −0.
    (if x.abs() < 0.625 { near } else { far }).copysign(x)
}

/// 1 / (1 + e⁻ˣ) to 2.4·10⁻⁷, small values included.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    let t = exp(-x.abs());
    let y = 1.0 / (1.0 + t);
    if x < 0.0 { t * y } else { y }
}

/// ln x to 1.2·10⁻⁷ for positive normal x: x = 2ᵉ m, √½ ≤ m < √2, a polynomial in m − 1 (Cephes, `logf`).
#[inline(always)]
pub(super) fn ln(x: f32) -> f32 {
    // The bits of √½ and of 1.
    const LOW: i32 = 0x3f35_04f3;
    const ONE: i32 = 0x3f80_0000;
    let bits = (x.to_bits() as i32).wrapping_add(ONE - LOW);
    let e = ((bits >> 23) - 127) as f32;
    let m = f32::from_bits(((bits & 0x007f_ffff) + LOW) as u32) - 1.0;
    let mut p = 7.037_683_6e-2;
    p = p * m - 1.151_461e-1;
    p = p * m + 1.167_699_9e-1;
    p = p * m - 1.242_014_1e-1;
    p = p * m + 1.424_932_3e-1;
    p = p * m - 1.666_805_7e-1;
    p = p * m + 2.000_071_5e-1;
    p = p * m - 2.499_999_4e-1;
    p = p * m + 3.333_333e-1;
    let m2 = m * m;
    // ln 2 in two parts, as in `exp`.
    let y = p * m * m2 + e * -2.121_944_4e-4 - 0.5 * m2;
    let y = m + y + e * 0.693_359_4;
    if x <= f32::MAX { y } else { x }
}
