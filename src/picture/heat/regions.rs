//! Decision regions: for two inputs, which class is decided where and how surely, with rows of data on top.

use super::super::drawing::{Anchor, Drawing, Frame, Stroke, Text};
use super::super::font;
use super::super::palette::{Ink, LEVELS, SERIES};
use super::super::ticks::Axis;

/// A grid over two inputs.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    /// Above the picture.
    pub title: String,
    /// The input along x, and from where to where.
    pub x: (String, f64, f64),
    /// The input along y, and from where to where.
    pub y: (String, f64, f64),
    /// How many cells there are along x.
    pub columns: usize,
    /// Class and certainty (0 to 1) of each cell, by rows from the lowest y; a multiple of `columns`.
    pub cells: Vec<(usize, f64)>,
    /// The classes' names.
    pub classes: Vec<String>,
    /// Rows of data: x, y, class.
    pub points: Vec<(f64, f64, usize)>,
}

const MARGIN: f64 = 24.0;
const SIZE: f64 = 12.0;
const SIDE: f64 = 380.0;
/// No more cells along a side, no more points, no more names of classes.
const MOST_CELLS: usize = 190;
const MOST_POINTS: usize = 2000;
const MOST_NAMES: usize = 16;

impl Regions {
    /// The picture. A grid finer than 190 cells a side is thinned, of more than 2000 points every n-th is drawn.
    pub fn draw(&self) -> Drawing {
        let x_axis = Axis::linear(finite(self.x.1, 0.0), finite(self.x.2, 1.0), 6, false, false);
        let y_axis = Axis::linear(finite(self.y.1, 0.0), finite(self.y.2, 1.0), 6, false, false);
        let widest = y_axis.marks.iter().map(|m| font::width(&m.1, SIZE, false)).fold(20.0, f64::max);
        let plot = Frame { x: MARGIN + widest + 8.0, y: 76.0, width: SIDE, height: SIDE };
        let names: Vec<String> =
            self.classes.iter().take(MOST_NAMES).map(|n| font::fit(n, SIZE, false, 170.0)).collect();
        let aside = names.iter().map(|n| font::width(n, SIZE, false)).fold(0.0, f64::max) + 42.0;
        let title = format!("{}: decision regions over {} and {}", self.title, self.x.0, self.y.0);
        let mut drawing = Drawing::new(plot.right() + aside + MARGIN, plot.bottom() + 56.0, title);
        self.draw_cells(&mut drawing, plot);
        self.draw_points(&mut drawing, plot, &x_axis, &y_axis);
        self.draw_axes(&mut drawing, plot, &x_axis, &y_axis);
        for (i, name) in names.into_iter().enumerate() {
            let y = plot.y + 8.0 + 20.0 * i as f64;
            drawing.circle((plot.right() + 22.0, y), 5.0, Some(series(i)), None);
            drawing.text(Text::new((plot.right() + 34.0, y + 4.2), name, SIZE, Ink::Text));
        }
        drawing
    }

    /// Neighbours of one ink are one rectangle.
    fn draw_cells(&self, drawing: &mut Drawing, plot: Frame) {
        let across = self.columns;
        let Some(down) = self.cells.len().checked_div(across).filter(|d| *d > 0) else { return };
        let (columns, rows) = (across.min(MOST_CELLS), down.min(MOST_CELLS));
        let (wide, high) = (plot.width / columns as f64, plot.height / rows as f64);
        for row in 0..rows {
            let line = &self.cells[row * down / rows * across..][..across];
            let inks: Vec<Ink> = (0..columns).map(|column| ink(line[column * across / columns])).collect();
            let y = plot.bottom() - (row + 1) as f64 * high;
            let mut from = 0;
            for run in inks.chunk_by(|a, b| a == b) {
                // A little too large, so that no seam shows between two.
                let (right, floor) =
                    ((plot.x + (from + run.len()) as f64 * wide + 0.6).min(plot.right()), y + high + 0.6);
                let x = plot.x + from as f64 * wide;
                let frame = Frame { x, y, width: right - x, height: floor.min(plot.bottom()) - y };
                drawing.block(frame, 0.0, Some(run[0]), None);
                from += run.len();
            }
        }
    }

    fn draw_points(&self, drawing: &mut Drawing, plot: Frame, x_axis: &Axis, y_axis: &Axis) {
        let every = self.points.len().div_ceil(MOST_POINTS).max(1);
        for &(x, y, class) in self.points.iter().step_by(every) {
            let (right, up) = (x_axis.share(x), y_axis.share(y));
            if (0.0..=1.0).contains(&right) && (0.0..=1.0).contains(&up) {
                let at = (plot.x + right * plot.width, plot.bottom() - up * plot.height);
                drawing.circle(at, 4.0, Some(series(class)), Some(Stroke::new(Ink::Card, 1.4)));
            }
        }
    }

    fn draw_axes(&self, drawing: &mut Drawing, plot: Frame, x_axis: &Axis, y_axis: &Axis) {
        let title = font::fit(&self.title, 15.0, true, SIDE);
        drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
        drawing.block(plot, 0.0, None, Some(Stroke::new(Ink::Axis, 1.0)));
        for (value, label) in &y_axis.marks {
            let y = plot.bottom() - y_axis.share(*value) * plot.height;
            drawing.text(Text::new((plot.x - 8.0, y + 4.2), label, SIZE, Ink::Muted).anchor(Anchor::End));
        }
        x_axis.draw_below(drawing, plot);
        let (x_name, y_name) = (font::fit(&self.x.0, SIZE, false, SIDE), font::fit(&self.y.0, SIZE, false, SIDE));
        let middle = (plot.x + plot.width / 2.0, plot.bottom() + 40.0);
        drawing.text(Text::new(middle, x_name, SIZE, Ink::Muted).anchor(Anchor::Middle));
        drawing.text(Text::new((MARGIN, plot.y - 14.0), y_name, SIZE, Ink::Muted));
    }
}

fn series(class: usize) -> Ink {
    Ink::Series((class % usize::from(SERIES)) as u8)
}

/// In six steps from pale, where nothing is sure, to half of the class' own colour, on which its points still stand out.
fn ink((class, certainty): (usize, f64)) -> Ink {
    let sure = finite(certainty, 0.0).clamp(0.0, 1.0);
    Ink::Region((class % usize::from(SERIES)) as u8, 1 + 2 * (f64::from(LEVELS) * 0.21 * sure * sure).round() as u8)
}

fn finite(value: f64, instead: f64) -> f64 {
    if value.is_finite() { value } else { instead }
}

#[cfg(test)]
mod tests {
    use super::super::super::drawing::Shape;
    use super::*;

    fn regions(columns: usize, rows: usize) -> Regions {
        let cell = |i: usize| (usize::from(i % columns > columns / 2), 0.9);
        Regions {
            title: "moons.nn".into(),
            x: ("x1".into(), -1.0, 2.0),
            y: ("x2".into(), -1.0, 1.5),
            columns,
            cells: (0..columns * rows).map(cell).collect(),
            classes: vec!["inner".into(), "outer <1>".into()],
            points: vec![(0.0, 0.0, 0), (1.0, 0.5, 1), (f64::NAN, 0.0, 0), (9.0, 9.0, 1)],
        }
    }

    fn legible(regions: &Regions) -> Drawing {
        let drawing = regions.draw();
        drawing.assert_legible();
        roxmltree::Document::parse(&drawing.svg()).expect("well formed");
        drawing
    }

    #[test]
    fn runs_of_one_class_are_one_rectangle() {
        let drawing = legible(&regions(100, 50));
        let boxes = drawing.shapes.iter().filter(|s| matches!(s, Shape::Box { .. })).count();
        assert_eq!(boxes, 2 * 50 + 1);
    }

    #[test]
    fn fine_empty_and_ragged_grids_do_no_harm() {
        assert!(legible(&regions(1500, 1500)).svg().len() < 200_000);
        legible(&Regions::default());
        let mut ragged = regions(10, 10);
        ragged.cells.truncate(95);
        ragged.x = ("x".into(), f64::NAN, f64::INFINITY);
        legible(&ragged);
        ragged.x = ("salary".into(), -9_000_000.0, 4_000_000.0);
        legible(&ragged);
    }
}
