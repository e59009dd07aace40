//! The two axes of a picture of curves: what they span and in which scale.

use super::trace::Trace;
use crate::picture::drawing::{Frame, Point};
use crate::picture::ticks::Axis;

/// Beyond this many decades below the highest value a logarithmic axis does not go.
const MOST_DECADES: i32 = 14;

/// The axes.
pub(super) struct Bounds {
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Bounds {
    /// Where a point lies in the frame; outside of it where the axes do not reach.
    pub(super) fn at(&self, plot: Frame, point: Point) -> Point {
        // What is below a logarithmic axis (0 always is) lies on its floor; far above is as good as further.
        let share = self.y.share(point.1).clamp(0.0, 1e3);
        (plot.x + self.x.share(point.0) * plot.width, plot.bottom() - share * plot.height)
    }
}

/// Axes for all lines; none where no point is finite.
pub(super) fn bounds(traces: &[Trace]) -> Option<Bounds> {
    let points = || traces.iter().flat_map(Trace::finite);
    span(points().map(|p| p.0))?;
    let (left, right) = span(points().map(|p| p.0).chain(traces.iter().filter_map(|t| t.lost_at)))?;
    let whole = points().all(|p| p.0.fract() == 0.0);
    let ceiling = ceiling(traces);
    let (low, high) = span(points().map(|p| p.1).filter(|y| *y <= ceiling)).or_else(|| span(points().map(|p| p.1)))?;
    Some(Bounds { x: Axis::linear(left, right, 8, whole, false), y: y_axis(low, high, points().map(|p| p.1)) })
}

fn y_axis(low: f64, high: f64, values: impl Iterator<Item = f64>) -> Axis {
    let positive = span(values.filter(|y| *y > 0.0 && *y <= high));
    if let Some((least, most)) = positive.filter(|(least, most)| low >= 0.0 && most / least > 100.0) {
        let least = least.max(most * 10f64.powi(-MOST_DECADES));
        let rim = (most.log10() - least.log10()) * 0.03;
        return Axis::log(10f64.powf(least.log10() - rim), 10f64.powf(most.log10() + rim), 8);
    }
    // Losses are read against zero where that costs little room.
    let low = if low > 0.0 && low < 0.4 * high { 0.0 } else { low };
    Axis::linear(low, high, 8, false, true)
}

/// Above this a diverged line is cut off: the others would be one flat line below it.
fn ceiling(traces: &[Trace]) -> f64 {
    let healthy = traces.iter().filter(|t| !t.diverged).flat_map(|t| t.finite().map(|p| p.1));
    let first = || traces.iter().filter_map(|t| t.finite().next()).map(|p| p.1);
    let Some((_, highest)) = span(healthy) else {
        // All diverge: where they begin is to be seen, and that they rise, not how far.
        let highest = first().fold(0.0, f64::max);
        return if highest > 0.0 { highest * 1e6 } else { f64::INFINITY };
    };
    // The first value of a diverging run counts only while it is near those of the others.
    first().filter(|y| *y <= highest.abs() * 4.0).fold(highest, f64::max) + highest.abs() * 0.5
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, v| span.map_or(Some((v, v)), |(low, high): (f64, f64)| Some((low.min(v), high.max(v)))))
}
