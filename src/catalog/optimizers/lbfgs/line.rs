//! [`Line`]: a place on a line that satisfies Wolfe's strong conditions (Nocedal and Wright 2006, algorithms 3.5 and
//! 3.6).

/// Share of the slope by which a step must lower the value.
const FALL: f64 = 1e-4;
/// Share of the slope that may be left.
const FLAT: f64 = 0.9;
/// Places looked at, at the most.
const MOST: usize = 30;

/// A point on the line.
#[derive(Clone, Copy, Debug)]
struct Point {
    alpha: f64,
    value: f64,
    slope: f64,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    /// The place looked at last.
    Here,
    /// An earlier one, which is lower though not flat enough.
    At(f64),
    /// No place is lower.
    Nowhere,
}

/// The line from where the value and its slope are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    start: Point,
}

impl Line {
    pub(super) fn new(value: f64, slope: f64) -> Self {
        Self { start: Point { alpha: 0.0, value, slope } }
    }

    /// Looks at `first` and on from there; `look` gives value and slope at a place.
    pub(super) fn search(self, first: f64, mut look: impl FnMut(f64) -> (f64, f64)) -> Found {
        // Between `low`, the lowest place so far that fell enough, and `high` there is one to be found, once there is a
        // `high`.
        let (mut low, mut high) = (self.start, None::<Point>);
        let (mut alpha, mut last) = (first, 0.0);
        for _ in 0..MOST {
            let (value, slope) = look(alpha);
            last = alpha;
            let here = Point { alpha, value, slope };
            if !self.falls(here) || low.alpha > 0.0 && here.value >= low.value {
                high = Some(here);
            } else if slope.abs() <= -FLAT * self.start.slope {
                return Found::Here;
            } else {
                // Downhill leads away from `high`, or from `low` where there is none.
                let beyond = high.map_or(1.0, |high| high.alpha - low.alpha);
                if slope * beyond >= 0.0 {
                    high = Some(low);
                }
                low = here;
            }
            let next = match high {
                None => 4.0 * low.alpha,
                Some(high) => between(low, high),
            };
            // Too near to be another place, or too far to be one.
            if !next.is_finite() || (next - low.alpha).abs() <= f64::EPSILON * low.alpha.abs().max(f64::MIN_POSITIVE) {
                break;
            }
            alpha = next;
        }
        match low.alpha {
            0.0 => Found::Nowhere,
            best if best == last => Found::Here,
            best => Found::At(best),
        }
    }

    /// Whether a place is as much lower as it should be.
    fn falls(self, here: Point) -> bool {
        here.slope.is_finite() && here.value <= self.start.value + FALL * here.alpha * self.start.slope
    }
}

/// Where the cubic through two places with their slopes is least, kept off their ends; their middle, where there is
/// none.
fn between(a: Point, b: Point) -> f64 {
    let width = b.alpha - a.alpha;
    let (middle, margin) = (a.alpha + 0.5 * width, 0.1 * width.abs());
    if !(b.value.is_finite() && b.slope.is_finite()) {
        return a.alpha + 0.1 * width;
    }
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.alpha - b.alpha);
    let root = d1 * d1 - a.slope * b.slope;
    if root.is_nan() || root < 0.0 {
        return middle;
    }
    let d2 = root.sqrt().copysign(width);
    let least = b.alpha - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2);
    let (low, high) = (a.alpha.min(b.alpha) + margin, a.alpha.max(b.alpha) - margin);
    if least.is_finite() { least.clamp(low, high) } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches along f from 0, and holds what is found to Wolfe's conditions.
    fn found(first: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
        let (value, slope) = f(0.0);
        let mut last = 0.0;
        let found = Line::new(value, slope).search(first, |alpha| {
            last = alpha;
            f(alpha)
        });
        assert_eq!(found, Found::Here);
        let (end, flat) = f(last);
        assert!(end <= value + FALL * last * slope, "{last}: {end} from {value}");
        assert!(flat.abs() <= FLAT * slope.abs(), "{last}: slope {flat} of {slope}");
        last
    }

    #[test]
    fn wolfe_s_conditions_hold_from_any_first_step() {
        for first in [1e-6, 1e-3, 0.5, 1.0, 30.0, 1e6] {
            found(first, |x| ((x - 2.0) * (x - 2.0), 2.0 * (x - 2.0)));
            found(first, |x| ((x - 2.0).powi(4), 4.0 * (x - 2.0).powi(3)));
            // Moré and Thuente's first function, with a pole in place of a wall.
            found(first, |x| (-x / (x * x + 2.0), (x * x - 2.0) / (x * x + 2.0).powi(2)));
            // No number beyond 5.
            let log = |x: f64| {
                if x < 5.0 {
                    (-x.mul_add(0.0, x) - (5.0 - x).ln(), -1.0 + 1.0 / (5.0 - x))
                } else {
                    (f64::NAN, f64::NAN)
                }
            };
            found(first, log);
        }
    }

    #[test]
    fn where_there_is_no_way_down_it_says_so() {
        // The slope lies.
        assert_eq!(Line::new(0.0, -1.0).search(1.0, |x| (x, 1.0)), Found::Nowhere);
        // Straight down for ever: the furthest place looked at.
        assert_eq!(Line::new(0.0, -1.0).search(1.0, |x| (-x, -1.0)), Found::Here);
    }
}
