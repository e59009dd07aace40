//! Draws a line within the frame: thinned to what the pixels can show, cut at the frame, its best point and its end
//! marked.

use super::frame::Bounds;
use super::trace::Trace;
use crate::picture::drawing::{Drawing, Frame, Point, Segment, Stroke};
use crate::picture::palette::Ink;

/// All lines together have about this many points.
const MOST_POINTS: usize = 60_000;

impl Trace<'_> {
    /// The line, its dots where it has few points, its best point and its end. `among`: how many lines there are.
    pub(super) fn draw(&self, drawing: &mut Drawing, plot: Frame, bounds: &Bounds, ink: Ink, among: usize) {
        let columns = (MOST_POINTS / 4 / among.max(1)).clamp(16, plot.width as usize);
        let count = self.finite().count();
        let dots = count <= 25 && among <= 4;
        let width = if among > 20 { 1.2 } else { 2.0 };
        for (k, piece) in self.pieces.iter().enumerate() {
            let mut pixels = thinned(piece.iter().map(|p| bounds.at(plot, *p)), plot, columns);
            pixels.extend(self.leaving(plot, bounds).filter(|_| k + 1 == self.pieces.len()));
            for &at in pixels.iter().filter(|p| (dots || piece.len() == 1) && p.1 >= plot.y) {
                drawing.circle(at, 3.0, Some(ink), None);
            }
            drawing.path(clipped(&pixels, plot.y, plot.bottom()), self.stroke(ink, width));
        }
        if let Some(best) = self.best {
            let at = bounds.at(plot, best);
            if at.1 >= plot.y - 1.0 {
                drawing.circle(at, 4.5, Some(Ink::Card), Some(Stroke::new(ink, 2.0)));
            }
        }
        self.draw_end(drawing, plot, bounds, ink);
    }

    /// Where a line whose values are lost leaves the frame, unless it has left it before: at its top, where the first
    /// value that is no number would be.
    fn leaving(&self, plot: Frame, bounds: &Bounds) -> Option<Point> {
        let end = bounds.at(plot, self.end()?);
        let x = bounds.at(plot, (self.lost_at?, 0.0)).0;
        (end.1 > plot.y).then_some((x, plot.y))
    }

    /// A cross where a diverged line ends or leaves the frame, a dot where another ends before the frame does.
    fn draw_end(&self, drawing: &mut Drawing, plot: Frame, bounds: &Bounds, ink: Ink) {
        let Some(end) = self.end().map(|end| bounds.at(plot, end)) else { return };
        if self.diverged {
            let last = self.pieces.last().into_iter().flatten().map(|p| bounds.at(plot, *p));
            let last: Vec<Point> = last.chain(self.leaving(plot, bounds)).collect();
            let seen = match clipped(&last, plot.y, plot.bottom()).last() {
                Some(Segment::Line(to) | Segment::Move(to)) => *to,
                Some(Segment::Curve(..)) | None => (end.0, end.1.max(plot.y)),
            };
            cross(drawing, seen, ink);
        } else if end.0 < plot.right() - 1.0 && end.1 >= plot.y - 1.0 {
            drawing.circle(end, 3.0, Some(ink), None);
        }
    }
}

fn cross(drawing: &mut Drawing, (x, y): Point, ink: Ink) {
    for stroke in [Stroke::new(Ink::Card, 5.0), Stroke::new(ink, 2.2)] {
        let (low, high) = ((x - 4.5, y - 4.5), (x + 4.5, y + 4.5));
        drawing.line(low, high, stroke);
        drawing.line((x - 4.5, y + 4.5), (x + 4.5, y - 4.5), stroke);
    }
}

/// At most four points (first, lowest, highest, last) of each of so many columns: no peak is lost.
fn thinned(points: impl Iterator<Item = Point>, plot: Frame, columns: usize) -> Vec<Point> {
    let points: Vec<Point> = points.collect();
    if points.len() <= columns * 2 {
        return points;
    }
    let column = |p: &Point| ((p.0 - plot.x) / plot.width * columns as f64) as i64;
    let mut kept = Vec::new();
    for run in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_y = |i: &usize, j: &usize| run[*i].1.total_cmp(&run[*j].1);
        let (low, high) = ((0..run.len()).min_by(by_y).unwrap_or(0), (0..run.len()).max_by(by_y).unwrap_or(0));
        let mut places = vec![0, low, high, run.len() - 1];
        places.sort_unstable();
        places.dedup();
        kept.extend(places.into_iter().map(|i| run[i]));
    }
    kept
}

/// The part of a line between `top` and `bottom`.
fn clipped(points: &[Point], top: f64, bottom: f64) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut pen: Option<Point> = None;
    for pair in points.windows(2) {
        let Some((from, to)) = within(pair[0], pair[1], top, bottom) else { continue };
        if pen != Some(from) {
            segments.push(Segment::Move(from));
        }
        segments.push(Segment::Line(to));
        pen = Some(to);
    }
    segments
}

fn within(a: Point, b: Point, top: f64, bottom: f64) -> Option<(Point, Point)> {
    if (a.1 < top && b.1 < top) || (a.1 > bottom && b.1 > bottom) {
        return None;
    }
    let cut = |p: Point| {
        let y = p.1.clamp(top, bottom);
        if y == p.1 { p } else { (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y) }
    };
    Some((cut(a), cut(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Frame = Frame { x: 0.0, y: 0.0, width: 100.0, height: 100.0 };

    #[test]
    fn thinning_keeps_a_lone_peak() {
        let points = (0..100_000).map(|i| (f64::from(i) / 1000.0, if i == 77_777 { 0.0 } else { 50.0 }));
        let kept = thinned(points, PLOT, 100);
        assert!(kept.len() <= 404 && kept.iter().any(|p| p.1 == 0.0), "{}", kept.len());
    }

    #[test]
    fn a_line_is_cut_at_the_frame() {
        let segments = clipped(&[(0.0, 50.0), (10.0, -50.0), (20.0, -60.0), (30.0, 60.0)], 0.0, 100.0);
        assert_eq!(
            segments,
            [
                Segment::Move((0.0, 50.0)),
                Segment::Line((5.0, 0.0)),
                Segment::Move((25.0, 0.0)),
                Segment::Line((30.0, 60.0))
            ]
        );
    }
}
