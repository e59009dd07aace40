//! Curves over epochs: losses and metrics of one run, or many runs of a sweep in one frame.
//!
//! The scale is logarithmic where positive values span more than two decades. Lines are named at their ends.
//! A line that ends in something that is no number, or that its run calls diverged, ends in a cross; a line is
//! broken where a value in between is no number. Not for scatter plots.

mod draw;
mod frame;
mod labels;
mod trace;

use super::Split;
use super::drawing::{Anchor, Drawing, Frame, Stroke, Text};
use super::number;
use super::palette::{Ink, RAMP, SERIES};
use frame::{Bounds, bounds};
use labels::Label;
use trace::Trace;

/// What to draw: lines over a common x.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    /// Above the picture, such as the file's name.
    pub title: String,
    /// What x counts, such as `epoch`.
    pub x_name: String,
    /// What y is, such as `cross entropy`.
    pub y_name: String,
    /// The lines, first drawn first.
    pub series: Vec<Series>,
    /// Whether the series follow an order (a learning rate that grows): their colours then do too.
    pub ordered: bool,
}

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Its name, at its end.
    pub name: String,
    /// x and y. What is not finite is a gap.
    pub points: Vec<(f64, f64)>,
    /// How it is drawn.
    pub line: Line,
    /// The split whose rows it tells of, where it does: it then has that split's colour.
    pub split: Option<Split>,
    /// The point to mark as the best, by its place in `points`.
    pub best: Option<usize>,
    /// Whether the run is known to have diverged, though its last value is a number.
    pub diverged: bool,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// Unbroken: what a run is told by.
    #[default]
    Solid,
    /// In dashes: what stands beside it.
    Dashed,
}

/// No picture has more lines.
const MOST_SERIES: usize = 400;
/// The size of most texts.
const SIZE: f64 = 12.0;
/// From the card's edge to what is on it.
const MARGIN: f64 = 20.0;
const PLOT_WIDTH: f64 = 560.0;
const PLOT_HEIGHT: f64 = 300.0;

impl Curves {
    /// The picture.
    pub fn draw(&self) -> Drawing {
        let series = &self.series[..self.series.len().min(MOST_SERIES)];
        let traces: Vec<Trace> = series.iter().map(Trace::new).collect();
        let Some(bounds) = bounds(&traces) else { return self.nothing() };
        let labels = Label::all(&traces, self.series.len(), &self.x_name);
        let plot = self.place(&bounds, &labels);
        let (width, height) = (plot.right() + labels::width(&labels) + MARGIN, plot.bottom() + 56.0);
        let mut drawing = Drawing::new(width, height, self.description());
        self.heading(&mut drawing, width);
        self.axes(&mut drawing, plot, &bounds);
        self.best(&mut drawing, plot, &bounds, &traces);
        for (n, trace) in traces.iter().enumerate() {
            trace.draw(&mut drawing, plot, &bounds, self.ink(n), traces.len());
        }
        labels::draw(&mut drawing, plot, &bounds, &traces, &labels, |n| self.ink(n));
        drawing
    }

    fn nothing(&self) -> Drawing {
        let mut drawing = Drawing::new(480.0, 140.0, self.description());
        self.heading(&mut drawing, 480.0);
        let what = if self.series.is_empty() { "nothing to draw" } else { "no value is a finite number" };
        drawing.text(Text::new((240.0, 85.0), what, SIZE, Ink::Muted).anchor(Anchor::Middle));
        drawing
    }

    fn description(&self) -> String {
        let names: Vec<&str> = self.series.iter().take(20).map(|s| s.name.as_str()).collect();
        format!("{}: {} over {}: {}", self.title, self.y_name, self.x_name, names.join(", "))
    }

    fn heading(&self, drawing: &mut Drawing, width: f64) {
        let title = super::font::fit(&self.title, 15.0, true, width - 2.0 * MARGIN);
        drawing.text(Text::new((MARGIN, 30.0), title, 15.0, Ink::Text).bold());
    }

    /// Where the frame lies: right of the widest mark, tall enough for the names beside it.
    fn place(&self, bounds: &Bounds, labels: &[Label]) -> Frame {
        let widest = bounds.y.marks.iter().map(|m| super::font::width(&m.1, SIZE, false)).fold(20.0, f64::max);
        let height = PLOT_HEIGHT.max(labels.len() as f64 * labels::PITCH);
        let top = if self.title.is_empty() { 44.0 } else { 68.0 };
        Frame { x: MARGIN + widest + 8.0, y: top, width: PLOT_WIDTH, height }
    }

    fn axes(&self, drawing: &mut Drawing, plot: Frame, bounds: &Bounds) {
        for (value, label) in &bounds.y.marks {
            let y = plot.bottom() - bounds.y.share(*value) * plot.height;
            drawing.line((plot.x, y), (plot.right(), y), Stroke::new(Ink::Grid, 1.0));
            drawing.text(Text::new((plot.x - 8.0, y + 4.2), label, SIZE, Ink::Muted).anchor(Anchor::End));
        }
        let floor = plot.bottom();
        drawing.line((plot.x, floor), (plot.right(), floor), Stroke::new(Ink::Axis, 1.0));
        bounds.x.draw_below(drawing, plot);
        let middle = plot.x + plot.width / 2.0;
        let x_name = super::font::fit(&self.x_name, SIZE, false, plot.width);
        drawing.text(Text::new((middle, floor + 40.0), x_name, SIZE, Ink::Muted).anchor(Anchor::Middle));
        drawing.text(Text::new((MARGIN, plot.y - 14.0), self.y_title(bounds), SIZE, Ink::Muted));
    }

    fn y_title(&self, bounds: &Bounds) -> String {
        let name = super::font::fit(&self.y_name, SIZE, false, 220.0);
        if bounds.y.is_log() { format!("{name} (log scale)") } else { name }
    }

    /// A guide to the best point and what it is, in the band above the frame; rings alone where several are marked.
    fn best(&self, drawing: &mut Drawing, plot: Frame, bounds: &Bounds, traces: &[Trace]) {
        let marked: Vec<&Trace> = traces.iter().filter(|t| t.best.is_some()).collect();
        let &[trace] = marked.as_slice() else { return };
        let Some((x, y)) = trace.best else { return };
        let at = bounds.at(plot, (x, y));
        drawing.line((at.0, plot.y - 4.0), (at.0, plot.bottom()), Stroke::new(Ink::Axis, 1.0).dash(Some((1.0, 4.0))));
        let x_name = super::font::fit(&self.x_name, SIZE, false, 80.0);
        let of = if traces.len() > 1 {
            format!("{}, ", super::font::fit(trace.name, SIZE, false, 160.0))
        } else {
            String::new()
        };
        let words = format!("best: {of}{x_name} {}, {}", number::short(x), number::short(y));
        let mut text = Text::new((at.0, plot.y - 14.0), words, SIZE, Ink::Text).anchor(Anchor::Middle);
        let taken = MARGIN + super::font::width(&self.y_title(bounds), SIZE, false) + 16.0;
        let half = text.width() / 2.0;
        text.at.0 = text.at.0.min(plot.right() - half).max(taken + half);
        drawing.text(text);
    }

    fn ink(&self, n: usize) -> Ink {
        if let Some(split) = self.series[n].split {
            return Ink::Split(split);
        }
        let count = self.series.len().min(MOST_SERIES);
        if !self.ordered && count <= usize::from(SERIES) {
            return Ink::Series(n as u8);
        }
        Ink::Ramp((n * (usize::from(RAMP) - 1) / (count - 1).max(1)) as u8)
    }
}

#[cfg(test)]
mod tests;
