//! Where a field over the plane is 0, as lines: marching squares, each square's saddle settled by its middle.

use crate::picture::drawing::{Point, Segment};

/// A field's samples: values at every x and y, by rows from the first y.
pub(super) struct Lattice<'a> {
    /// Where the columns lie.
    pub(super) xs: &'a [f64],
    /// Where the rows lie.
    pub(super) ys: &'a [f64],
    /// One for each place.
    pub(super) values: &'a [f64],
}

impl Lattice<'_> {
    /// The lines along which the field is 0; squares with a corner that is not finite are passed over.
    pub(super) fn zeros(&self) -> Vec<Segment> {
        let mut segments = Vec::new();
        for row in 1..self.ys.len() {
            for column in 1..self.xs.len() {
                self.square(column, row, &mut segments);
            }
        }
        segments
    }

    fn square(&self, column: usize, row: usize, segments: &mut Vec<Segment>) {
        // Around the square: each side runs from a corner to the next.
        let places = [(column - 1, row - 1), (column, row - 1), (column, row), (column - 1, row)];
        let corners = places.map(|(c, r)| ((self.xs[c], self.ys[r]), self.values[r * self.xs.len() + c]));
        if corners.iter().any(|(_, v)| !v.is_finite()) {
            return;
        }
        let crossing = |i: usize| {
            let ((a, u), (b, v)) = (corners[i], corners[(i + 1) % 4]);
            ((u < 0.0) != (v < 0.0)).then(|| between(a, b, u / (u - v)))
        };
        let found: Vec<Point> = (0..4).filter_map(crossing).collect();
        let mut pair = |a: Point, b: Point| segments.extend([Segment::Move(a), Segment::Line(b)]);
        match *found.as_slice() {
            [a, b] => pair(a, b),
            [a, b, c, d] => {
                let middle: f64 = corners.iter().map(|(_, v)| v).sum();
                // The middle goes with the first corner: its opposite is joined to it, and the other two are cut off.
                if (middle < 0.0) == (corners[0].1 < 0.0) {
                    pair(a, b);
                    pair(c, d);
                } else {
                    pair(a, d);
                    pair(b, c);
                }
            }
            _ => {}
        }
    }
}

fn between(a: Point, b: Point, share: f64) -> Point {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zeros_of_a_circle_lie_on_it() {
        let ends: Vec<f64> = (0..=40).map(|i| f64::from(i) / 10.0 - 2.0).collect();
        let values: Vec<f64> = ends.iter().flat_map(|y| ends.iter().map(move |x| x.hypot(*y) - 1.5)).collect();
        let segments = Lattice { xs: &ends, ys: &ends, values: &values }.zeros();
        assert!(segments.len() > 80, "{}", segments.len());
        for segment in segments {
            let (Segment::Move((x, y)) | Segment::Line((x, y)) | Segment::Curve(_, _, (x, y))) = segment;
            assert!((x.hypot(y) - 1.5).abs() < 0.01, "{x} {y}");
        }
    }

    #[test]
    fn saddles_and_gaps_are_settled() {
        let saddle = |middle: f64| {
            let values = [1.0 + middle, -1.0, 1.0, -1.0].map(|v: f64| v);
            Lattice { xs: &[0.0, 1.0], ys: &[0.0, 1.0], values: &[values[0], values[1], values[3], values[2]] }
                .zeros()
                .len()
        };
        assert_eq!((saddle(0.5), saddle(-0.5)), (4, 4));
        let gap = Lattice { xs: &[0.0, 1.0], ys: &[0.0, 1.0], values: &[1.0, -1.0, f64::NAN, 1.0] };
        assert!(gap.zeros().is_empty());
    }
}
