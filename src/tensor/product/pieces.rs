//! How products are cut for a team: by their shape alone, never by the number of threads, so that the bits do not
//! depend on it.

/// Most pieces of one product.
pub(super) const MOST: usize = 8;

/// Multiplications worth a piece of their own, measured: two microseconds, many times what handing it over takes.
const WORTH: usize = 128 * 1024;

/// How many of `count` columns (or rows) make a piece where each takes `each` multiplications: a multiple of
/// `grain`, or `count`.
pub(super) fn width(count: usize, each: usize, grain: usize) -> usize {
    let pieces = (count.saturating_mul(each) / WORTH).clamp(1, MOST);
    if pieces == 1 { count } else { count.div_ceil(pieces).next_multiple_of(grain) }
}
