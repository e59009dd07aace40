//! Whether one column is another in a different unit: °C and °F, a wage and its logarithm.

/// Rows that a first look takes, so that columns that are no such thing cost little.
const GLANCE: usize = 32;
/// Of the spread of a column, what rounding may move a number.
const ROUNDING: f64 = 1e-5;
/// Fewer different values may lie in order by chance.
const FEWEST: usize = 20;

/// Whether `x` rises (or falls: `false`) with `y` in all rows without an exception, and tells apart what `y` tells
/// apart. `None` where it does neither, or rows have too few values to say so.
pub(super) fn rises_with(rows: &[u32], x: impl Fn(u32) -> f64, y: impl Fn(u32) -> f64) -> Option<bool> {
    let part: Vec<u32> = (0..GLANCE.min(rows.len())).map(|k| rows[k * rows.len() / GLANCE.min(rows.len())]).collect();
    in_order(&part, &x, &y, 2)?;
    in_order(rows, &x, &y, FEWEST)
}

fn in_order(rows: &[u32], x: impl Fn(u32) -> f64, y: impl Fn(u32) -> f64, fewest: usize) -> Option<bool> {
    let mut pairs: Vec<(f64, f64)> = rows.iter().map(|&row| (y(row), x(row))).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (first, last) = (pairs.first()?.1, pairs.last()?.1);
    let slack = ROUNDING * (last - first).abs();
    let rises = last > first;
    let (mut answers, mut values) = (1, 1);
    for pair in pairs.windows(2) {
        let ((y0, x0), (y1, x1)) = (pair[0], pair[1]);
        let step = if rises { x1 - x0 } else { x0 - x1 };
        // Equal answers have equal values; greater ones none that lies the other way.
        if step < -slack || (y0 == y1 && step > slack) {
            return None;
        }
        answers += usize::from(y0 < y1);
        values += usize::from(y0 < y1 && step > 0.0);
    }
    // A number that is the same for many answers is coarser, and no unit of theirs.
    (values >= fewest && 10 * values >= 9 * answers).then_some(rises)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: impl Fn(f64) -> f64, count: u32) -> Option<bool> {
        // A walk through all numbers below `count` in another order.
        let y = |row: u32| f64::from(row * 7 % count);
        let rows: Vec<u32> = (0..count).collect();
        rises_with(&rows, |row| x(y(row)), y)
    }

    #[test]
    fn another_unit_is_known_whatever_its_shape() {
        assert_eq!(of(|y| 1.8 * y + 32.0, 40), Some(true));
        assert_eq!(of(|y| (1.0 + y).ln(), 40), Some(true));
        assert_eq!(of(|y| -y, 40), Some(false));
    }

    #[test]
    fn what_is_coarser_or_out_of_order_or_short_is_none() {
        assert_eq!(of(|y| (y / 4.0).floor(), 40), None);
        assert_eq!(of(|y| if y == 17.0 { 40.0 } else { y }, 40), None);
        assert_eq!(of(|y| (y - 20.0).powi(2), 40), None);
        assert_eq!(of(|y| y, 19), None);
        assert_eq!(of(|y| y, 20), Some(true));
    }
}
