//! What a network makes of one input: the fitted curve of each output, with rows of data as points.

use super::drawing::{Anchor, Drawing, Frame, Segment, Stroke, Text};
use super::font;
use super::palette::Ink;
use super::split::Split;
use super::spots::{self, Spot};
use super::ticks::Axis;

/// Curves over one input.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Above the picture.
    pub title: String,
    /// The input, and from where to where.
    pub x: (String, f64, f64),
    /// What is along y.
    pub y_name: String,
    /// Curves, each with a name.
    pub outputs: Vec<Output>,
    /// Rows of data: a spot's `of` is its output's number.
    pub points: Vec<Spot>,
    /// How many rows of each split there are.
    pub rows: Vec<(Split, usize)>,
    /// A height to mark, and what it is: where a decision changes.
    pub level: Option<(f64, String)>,
    /// Whether y is a share: from 0 to 1, whatever the curves reach.
    pub share: bool,
    /// Lines under the picture, such as what other inputs are held at.
    pub notes: Vec<String>,
}

/// One curve.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// x and y in the order of x; what is not finite is a gap.
    pub curve: Vec<(f64, f64)>,
}

const MARGIN: f64 = 20.0;
const SIZE: f64 = 12.0;
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 320.0;
/// No more curves are drawn, no more notes written.
const MOST_OUTPUTS: usize = 16;
const MOST_NOTES: usize = 12;
/// No name is wider.
const MOST_TEXT: f64 = 240.0;
/// What lies beyond the frame by this many of its heights is as good as further.
const FAR: f64 = 50.0;

/// The axes and the frame between them.
struct Axes {
    plot: Frame,
    x: Axis,
    y: Axis,
}

impl Axes {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let up = self.y.share(y).clamp(-FAR, FAR);
        (self.plot.x + self.x.share(x) * self.plot.width, self.plot.bottom() - up * self.plot.height)
    }
}

impl Fit {
    /// The picture. Of more than 2000 points every n-th is drawn.
    pub fn draw(&self) -> Drawing {
        let outputs = &self.outputs[..self.outputs.len().min(MOST_OUTPUTS)];
        let (low, high) = if self.x.1.is_finite() && self.x.2.is_finite() { (self.x.1, self.x.2) } else { (0.0, 1.0) };
        let y = self.y_axis(outputs);
        let widest = y.marks.iter().map(|m| font::width(&m.1, SIZE, false)).fold(20.0, f64::max);
        let plot = Frame { x: MARGIN + widest + 8.0, y: 76.0, width: WIDTH, height: HEIGHT };
        let place = Axes { plot, x: Axis::linear(low, high, 8, false, false), y };
        let splits = spots::legend(&self.rows);
        let names: Vec<String> = outputs.iter().map(|o| font::fit(&o.name, SIZE, false, MOST_TEXT)).collect();
        let aside =
            names.iter().map(|n| font::width(n, SIZE, false) + 50.0).fold(spots::legend_width(&splits), f64::max);
        let width = plot.right() + aside + MARGIN;
        let notes: Vec<String> =
            self.notes.iter().take(MOST_NOTES).flat_map(|n| font::wrapped(n, SIZE, width - 2.0 * MARGIN)).collect();
        let floor = plot.bottom().max(plot.y + spots::PITCH * (names.len() + splits.len()) as f64 - 20.0);
        let height = floor + 56.0 + 18.0 * notes.len() as f64;
        let mut drawing = Drawing::new(width, height, format!("{}: {} over {}", self.title, self.y_name, self.x.0));
        self.draw_axes(&mut drawing, &place, width);
        self.draw_points(&mut drawing, &place);
        for (k, output) in outputs.iter().enumerate() {
            draw_curve(&mut drawing, &place, output, self.curve_ink(k));
        }
        self.draw_key(&mut drawing, plot, names, &splits);
        for (i, note) in notes.into_iter().enumerate() {
            drawing.text(Text::new((MARGIN, floor + 62.0 + 18.0 * i as f64), note, SIZE, Ink::Muted));
        }
        drawing
    }

    fn y_axis(&self, outputs: &[Output]) -> Axis {
        let curves = outputs.iter().flat_map(|o| o.curve.iter().map(|p| p.1));
        let all = curves.chain(self.points.iter().map(|p| p.y)).filter(|y| y.is_finite());
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(y), h.max(y)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        if self.share {
            let mut axis = Axis::linear(low.min(-0.06), high.max(1.06), 6, false, false);
            axis.marks.retain(|m| (-1e-9..=1.0 + 1e-9).contains(&m.0));
            return axis;
        }
        // Halves, for the difference may be more than a number can be.
        let rim = (high / 2.0 - low / 2.0) * 0.1;
        Axis::linear((low - rim).max(-f64::MAX), (high + rim).min(f64::MAX), 8, false, false)
    }

    /// One curve is the network's, drawn as text is; several have colours, and their points theirs.
    fn curve_ink(&self, output: usize) -> Ink {
        if self.outputs.len() == 1 { Ink::Text } else { Ink::class(output) }
    }

    fn draw_axes(&self, drawing: &mut Drawing, place: &Axes, width: f64) {
        let plot = place.plot;
        let title = font::fit(&self.title, 15.0, true, width - 2.0 * MARGIN);
        drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
        for (value, label) in &place.y.marks {
            let y = plot.bottom() - place.y.share(*value) * plot.height;
            drawing.line((plot.x, y), (plot.right(), y), Stroke::new(Ink::Grid, 1.0));
            drawing.text(Text::new((plot.x - 8.0, y + 4.2), label, SIZE, Ink::Muted).anchor(Anchor::End));
        }
        drawing.line((plot.x, plot.bottom()), (plot.right(), plot.bottom()), Stroke::new(Ink::Axis, 1.0));
        place.x.draw_below(drawing, plot);
        let (x_name, y_name) = (font::fit(&self.x.0, SIZE, false, WIDTH), font::fit(&self.y_name, SIZE, false, WIDTH));
        let middle = (plot.x + plot.width / 2.0, plot.bottom() + 40.0);
        drawing.text(Text::new(middle, x_name, SIZE, Ink::Muted).anchor(Anchor::Middle));
        drawing.text(Text::new((MARGIN, plot.y - 14.0), y_name, SIZE, Ink::Muted));
        if let Some((level, name)) = &self.level
            && (0.0..=1.0).contains(&place.y.share(*level))
        {
            let y = plot.bottom() - place.y.share(*level) * plot.height;
            drawing.line((plot.x, y), (plot.right(), y), Stroke::new(Ink::Axis, 1.2).dash(Some((4.0, 4.0))));
            let name = font::fit(name, SIZE, false, MOST_TEXT);
            let text = Text::new((plot.right() - 4.0, y - 6.0), name, SIZE, Ink::Muted);
            drawing.text(text.anchor(Anchor::End));
        }
    }

    fn draw_points(&self, drawing: &mut Drawing, place: &Axes) {
        let (spots, radius) = spots::drawn(&self.points);
        for spot in spots {
            let shares = (place.x.share(spot.x), place.y.share(spot.y));
            if (0.0..=1.0).contains(&shares.0) && (0.0..=1.0).contains(&shares.1) {
                let ink = if self.outputs.len() == 1 { Ink::Split(spot.split) } else { Ink::class(spot.of) };
                spots::mark(drawing, place.at(spot.x, spot.y), spot.split, ink, radius);
            }
        }
    }

    fn draw_key(&self, drawing: &mut Drawing, plot: Frame, names: Vec<String>, splits: &[(Split, String)]) {
        let (x, mut y) = (plot.right() + 14.0, plot.y + 8.0);
        for (k, name) in names.into_iter().enumerate() {
            drawing.line((x, y), (x + 18.0, y), Stroke::new(self.curve_ink(k), 2.5));
            drawing.text(Text::new((x + 26.0, y + 4.2), name, SIZE, Ink::Text));
            y += spots::PITCH;
        }
        y += if splits.is_empty() { 0.0 } else { 10.0 };
        let ink = |split| if self.outputs.len() == 1 { Ink::Split(split) } else { Ink::Muted };
        spots::draw_legend(drawing, (x + 9.0, y), splits, ink);
    }
}

fn draw_curve(drawing: &mut Drawing, place: &Axes, output: &Output, ink: Ink) {
    let finite = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite();
    let mut segments = Vec::new();
    for piece in output.curve.chunk_by(|a, b| finite(a) && finite(b)).filter(|piece| piece.iter().all(finite)) {
        let places = piece.iter().map(|p| place.at(p.0, p.1));
        segments.extend(places.enumerate().map(|(i, at)| if i == 0 { Segment::Move(at) } else { Segment::Line(at) }));
    }
    // On a rim in the card's colour it is seen among many points.
    drawing.path(segments.clone(), Stroke::new(Ink::Card, 4.6).opacity(0.8));
    drawing.path(segments, Stroke::new(ink, 2.2));
}

#[cfg(test)]
mod tests;
