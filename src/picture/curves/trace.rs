//! One line of a picture: its points in order, where it has gaps, and where it ends.

use super::{Line, Series};
use crate::picture::drawing::{Point, Stroke};
use crate::picture::palette::Ink;

/// A line ready to draw.
pub(super) struct Trace<'a> {
    pub(super) name: &'a str,
    /// Runs of finite points in the order of x.
    pub(super) pieces: Vec<Vec<Point>>,
    /// The best point, if one is marked and finite.
    pub(super) best: Option<Point>,
    /// Whether it ends in a cross.
    pub(super) diverged: bool,
    /// The x at which the values at its end that are not finite begin.
    pub(super) lost_at: Option<f64>,
    line: Line,
}

impl<'a> Trace<'a> {
    pub(super) fn new(series: &'a Series) -> Self {
        let mut points: Vec<Point> = series.points.iter().copied().filter(|p| p.0.is_finite()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let pieces: Vec<Vec<Point>> =
            points.split(|p| !p.1.is_finite()).filter(|piece| !piece.is_empty()).map(<[Point]>::to_vec).collect();
        let known = points.iter().rposition(|p| p.1.is_finite()).map_or(0, |last| last + 1);
        let lost_at = points.get(known).map(|p| p.0);
        let best = series.best.and_then(|i| series.points.get(i)).copied();
        Self {
            name: &series.name,
            pieces,
            best: best.filter(|p| p.0.is_finite() && p.1.is_finite()),
            diverged: series.diverged || lost_at.is_some(),
            lost_at,
            line: series.line,
        }
    }

    pub(super) fn finite(&self) -> impl Iterator<Item = Point> {
        self.pieces.iter().flatten().copied()
    }

    /// The last finite point.
    pub(super) fn end(&self) -> Option<Point> {
        self.pieces.last().and_then(|piece| piece.last()).copied()
    }

    pub(super) fn stroke(&self, ink: Ink, width: f64) -> Stroke {
        Stroke::new(ink, width).dash((self.line == Line::Dashed).then_some((6.0, 4.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_ends_are_told_apart() {
        let series = |ys: &[f64]| Series {
            points: ys.iter().enumerate().map(|(i, y)| (i as f64, *y)).collect(),
            ..Series::default()
        };
        let gap = series(&[1.0, f64::NAN, 2.0]);
        let gap = Trace::new(&gap);
        assert_eq!((gap.pieces.len(), gap.diverged, gap.lost_at), (2, false, None));
        let lost = series(&[1.0, 2.0, f64::INFINITY, f64::NAN]);
        let lost = Trace::new(&lost);
        assert_eq!((lost.pieces.len(), lost.diverged, lost.lost_at), (1, true, Some(2.0)));
    }
}
