//! What a network makes of two inputs: which class is decided where and how surely, or how high a value is, with rows
//! of data on top.

use std::collections::BTreeMap;

use super::contour::Lattice;
use super::field::{Field, band, band_width, bands, share};
use crate::picture::drawing::{Anchor, Drawing, Frame, Stroke, Text};
use crate::picture::font;
use crate::picture::palette::Ink;
use crate::picture::split::Split;
use crate::picture::spots::{self, Spot};
use crate::picture::ticks::Axis;

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
    /// What is known of each cell; as many as a multiple of `columns`.
    pub field: Field,
    /// Rows of data.
    pub points: Vec<Spot>,
    /// How many rows of each split there are.
    pub rows: Vec<(Split, usize)>,
    /// Lines under the picture, such as what other inputs are held at.
    pub notes: Vec<String>,
}

const MARGIN: f64 = 24.0;
const SIZE: f64 = 12.0;
const SIDE: f64 = 380.0;
/// No more cells along a side (two pixels each), no more names of classes, no more notes.
const MOST_CELLS: usize = 190;
const MOST_NAMES: usize = 16;
const MOST_NOTES: usize = 12;
/// No name is wider.
const MOST_TEXT: f64 = 240.0;
/// The colour bar's width and height.
const BAR: (f64, f64) = (16.0, 200.0);

impl Regions {
    /// The picture. A grid finer than 190 cells a side is thinned, of more than 2000 points every n-th is drawn.
    pub fn draw(&self) -> Drawing {
        let x_axis = Axis::linear(finite(self.x.1, 0.0), finite(self.x.2, 1.0), 6, false, false);
        let y_axis = Axis::linear(finite(self.y.1, 0.0), finite(self.y.2, 1.0), 6, false, false);
        let widest = y_axis.marks.iter().map(|m| font::width(&m.1, SIZE, false)).fold(20.0, f64::max);
        let plot = Frame { x: MARGIN + (widest + 8.0).ceil(), y: 76.0, width: SIDE, height: SIDE };
        let key = Key::new(self);
        let width = plot.right() + key.width() + MARGIN;
        let notes: Vec<String> =
            self.notes.iter().take(MOST_NOTES).flat_map(|n| font::wrapped(n, SIZE, width - 2.0 * MARGIN)).collect();
        let floor = plot.bottom().max(plot.y + key.height() - 30.0);
        let height = floor + 56.0 + 18.0 * notes.len() as f64;
        let mut drawing = Drawing::new(width, height, self.description());
        let grid = Grid::new(self);
        grid.draw(&mut drawing, plot, key.span);
        self.draw_points(&mut drawing, plot, (&x_axis, &y_axis), &key);
        self.draw_axes(&mut drawing, plot, &x_axis, &y_axis);
        key.draw(&mut drawing, plot);
        for (i, note) in notes.into_iter().enumerate() {
            drawing.text(Text::new((MARGIN, floor + 62.0 + 18.0 * i as f64), note, SIZE, Ink::Muted));
        }
        drawing
    }

    fn description(&self) -> String {
        let what = match &self.field {
            Field::Classes { .. } => "decision regions".to_owned(),
            Field::Levels { name, .. } => name.clone(),
        };
        format!("{}: {what} over {} and {}", self.title, self.x.0, self.y.0)
    }

    fn draw_points(&self, drawing: &mut Drawing, plot: Frame, (x_axis, y_axis): (&Axis, &Axis), key: &Key) {
        let (spots, radius) = spots::drawn(&self.points);
        for spot in spots {
            let (right, up) = (x_axis.share(spot.x), y_axis.share(spot.y));
            if (0.0..=1.0).contains(&right) && (0.0..=1.0).contains(&up) {
                let at = (plot.x + right * plot.width, plot.bottom() - up * plot.height);
                spots::mark(drawing, at, spot.split, key.ink(spot), radius);
            }
        }
    }

    fn draw_axes(&self, drawing: &mut Drawing, plot: Frame, x_axis: &Axis, y_axis: &Axis) {
        let title = font::fit(&self.title, 15.0, true, SIDE);
        drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
        drawing.block(plot, 0.0, None, Some(Stroke::new(Ink::Axis, 1.0)));
        for (value, label) in &y_axis.marks {
            let y = plot.bottom() - y_axis.share(*value) * plot.height;
            drawing.line((plot.x - 5.0, y), (plot.x, y), Stroke::new(Ink::Axis, 1.0));
            drawing.text(Text::new((plot.x - 8.0, y + 4.2), label, SIZE, Ink::Muted).anchor(Anchor::End));
        }
        x_axis.draw_below(drawing, plot);
        let (x_name, y_name) = (font::fit(&self.x.0, SIZE, false, SIDE), font::fit(&self.y.0, SIZE, false, SIDE));
        let middle = (plot.x + plot.width / 2.0, plot.bottom() + 40.0);
        drawing.text(Text::new(middle, x_name, SIZE, Ink::Muted).anchor(Anchor::Middle));
        drawing.text(Text::new((MARGIN, plot.y - 14.0), y_name, SIZE, Ink::Muted));
    }
}

/// The cells that are drawn: all, or of many as many as can be seen.
struct Grid<'a> {
    field: &'a Field,
    across: usize,
    columns: usize,
    rows: usize,
    down: usize,
}

impl<'a> Grid<'a> {
    fn new(regions: &'a Regions) -> Self {
        let across = regions.columns;
        let down = regions.field.len().checked_div(across).unwrap_or(0);
        Self { field: &regions.field, across, columns: across.min(MOST_CELLS), rows: down.min(MOST_CELLS), down }
    }

    /// A drawn cell's place among all.
    fn cell(&self, column: usize, row: usize) -> usize {
        row * self.down / self.rows * self.across + column * self.across / self.columns
    }

    fn draw(&self, drawing: &mut Drawing, plot: Frame, span: (f64, f64)) {
        if self.rows == 0 || self.columns == 0 {
            return;
        }
        let (wide, high) = (plot.width / self.columns as f64, plot.height / self.rows as f64);
        // Neighbours of one ink are one rectangle, all rectangles of one ink one shape.
        let mut shapes: BTreeMap<Ink, Vec<Frame>> = BTreeMap::new();
        for row in 0..self.rows {
            let inks: Vec<_> = (0..self.columns).map(|c| self.field.ink(self.cell(c, row), span)).collect();
            let y = plot.bottom() - (row + 1) as f64 * high;
            let mut from = 0;
            for run in inks.chunk_by(|a, b| a == b) {
                let frame = Frame { x: plot.x + from as f64 * wide, y, width: run.len() as f64 * wide, height: high };
                if let Some(ink) = run[0] {
                    shapes.entry(ink).or_default().push(frame);
                }
                from += run.len();
            }
        }
        for (ink, frames) in shapes {
            drawing.cells(frames, ink);
        }
        self.draw_boundaries(drawing, plot, (wide, high));
    }

    /// Where the decision changes. A cell's value is that of its middle; the outermost reach to the frame.
    fn draw_boundaries(&self, drawing: &mut Drawing, plot: Frame, (wide, high): (f64, f64)) {
        let ends = |count: usize| {
            let inner = (0..count).map(|k| k as f64 + 0.5);
            std::iter::once(0.0).chain(inner).chain([count as f64]).collect::<Vec<_>>()
        };
        let xs: Vec<f64> = ends(self.columns).into_iter().map(|k| plot.x + k * wide).collect();
        let ys: Vec<f64> = ends(self.rows).into_iter().map(|k| plot.bottom() - k * high).collect();
        let inside = |k: usize, count: usize| k.saturating_sub(1).min(count - 1);
        for margins in self.field.margins() {
            let at = |row, column| margins[self.cell(inside(column, self.columns), inside(row, self.rows))];
            let values: Vec<f64> =
                (0..ys.len()).flat_map(|r| (0..xs.len()).map(move |c| (r, c))).map(|(r, c)| at(r, c)).collect();
            drawing.path(Lattice { xs: &xs, ys: &ys, values: &values }.zeros(), Stroke::new(Ink::Text, 1.4));
        }
    }
}

/// What stands beside the frame: what colours and shapes mean.
struct Key<'a> {
    regions: &'a Regions,
    /// From where to where values go.
    span: (f64, f64),
    /// The bar's marks.
    bar: Option<(String, Axis)>,
    classes: Vec<String>,
    splits: Vec<(Split, String)>,
}

impl<'a> Key<'a> {
    fn new(regions: &'a Regions) -> Self {
        let span = regions.field.span(regions.points.iter().map(|p| p.value));
        let (bar, classes) = match &regions.field {
            Field::Levels { name, .. } => {
                let name = font::fit(name, SIZE, false, MOST_TEXT);
                (Some((name, Axis::linear(span.0, span.1, 6, false, false))), Vec::new())
            }
            Field::Classes { names, .. } => {
                let mut lines: Vec<String> =
                    names.iter().take(MOST_NAMES).map(|n| font::fit(n, SIZE, false, MOST_TEXT)).collect();
                if names.len() > MOST_NAMES {
                    lines.push(format!("and {} more", names.len() - MOST_NAMES));
                }
                (None, lines)
            }
        };
        Self { regions, span, bar, classes, splits: spots::legend(&regions.rows) }
    }

    /// The ink of a point.
    fn ink(&self, spot: &Spot) -> Ink {
        match &self.regions.field {
            Field::Classes { .. } => Ink::class(spot.of),
            Field::Levels { .. } => Ink::Ramp(band(share(spot.value, self.span.0, self.span.1))),
        }
    }

    fn width(&self) -> f64 {
        let widest = self.classes.iter().map(|n| font::width(n, SIZE, false)).fold(0.0, f64::max) + 42.0;
        let bar = self.bar.iter().map(|(name, axis)| {
            let marks = axis.marks.iter().map(|m| font::width(&m.1, SIZE, false) + BAR.0 + 30.0);
            marks.fold(font::width(name, SIZE, false) + 16.0, f64::max)
        });
        bar.fold(widest.max(spots::legend_width(&self.splits)), f64::max)
    }

    fn height(&self) -> f64 {
        let bar = if self.bar.is_some() { BAR.1 + 32.0 } else { 0.0 };
        bar + 22.0 + spots::PITCH * (self.classes.len() + self.splits.len()) as f64
    }

    fn draw(&self, drawing: &mut Drawing, plot: Frame) {
        let mut y = plot.y + 8.0;
        for (class, name) in self.classes.iter().enumerate() {
            // The area's colour around the points': both are the class.
            let x = plot.right() + 22.0;
            if class < MOST_NAMES {
                let frame = Frame { x: x - 8.0, y: y - 8.0, width: 16.0, height: 16.0 };
                let Ink::Series(own) = Ink::class(class) else { continue };
                drawing.block(frame, 3.0, Some(Ink::Region(own, 9)), None);
                drawing.circle((x, y), 4.2, Some(Ink::class(class)), Some(Stroke::new(Ink::Card, 1.2)));
            }
            drawing.text(Text::new((x + 14.0, y + 4.2), name, SIZE, Ink::Text));
            y += spots::PITCH;
        }
        if let Some((name, axis)) = &self.bar {
            y = draw_bar(drawing, (plot.right() + 16.0, y), name, axis);
        }
        y += if self.splits.is_empty() { 0.0 } else { 14.0 };
        spots::draw_legend(drawing, (plot.right() + 22.0, y), &self.splits, |_| Ink::Muted);
    }
}

/// The colour bar with its name above and marks beside; gives where it ends.
fn draw_bar(drawing: &mut Drawing, (x, y): (f64, f64), name: &str, axis: &Axis) -> f64 {
    drawing.text(Text::new((x, y + 4.2), name, SIZE, Ink::Text));
    let frame = Frame { x, y: y + 18.0, width: BAR.0, height: BAR.1 };
    for (from, ink) in bands() {
        let high = band_width() * frame.height;
        let top = frame.bottom() - from * frame.height - high;
        drawing.cells(vec![Frame { y: top, height: high, ..frame }], ink);
    }
    drawing.block(frame, 0.0, None, Some(Stroke::new(Ink::Axis, 1.0)));
    for (value, label) in &axis.marks {
        let y = frame.bottom() - axis.share(*value) * frame.height;
        drawing.line((frame.right(), y), (frame.right() + 4.0, y), Stroke::new(Ink::Axis, 1.0));
        drawing.text(Text::new((frame.right() + 8.0, y + 4.2), label, SIZE, Ink::Muted));
    }
    frame.bottom() + 14.0
}

fn finite(value: f64, instead: f64) -> f64 {
    if value.is_finite() { value } else { instead }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::drawing::Shape;

    fn spot(x: f64, y: f64, of: usize, split: Split) -> Spot {
        Spot { x, y, of, value: x, split }
    }

    fn regions(columns: usize, rows: usize) -> Regions {
        let score = |i: usize| if i % columns > columns / 2 { [0.1, 0.9] } else { [0.9, 0.1] };
        Regions {
            title: "moons.nn".into(),
            x: ("x1".into(), -1.0, 2.0),
            y: ("x2".into(), -1.0, 1.5),
            columns,
            field: Field::Classes {
                names: vec!["inner".into(), "outer <1>".into()],
                scores: (0..columns * rows).flat_map(score).collect(),
            },
            points: vec![
                spot(0.0, 0.0, 0, Split::Training),
                spot(1.0, 0.5, 1, Split::Test),
                spot(f64::NAN, 0.0, 0, Split::Validation),
                spot(9.0, 9.0, 1, Split::Training),
            ],
            rows: vec![(Split::Training, 2), (Split::Validation, 0), (Split::Test, 1)],
            notes: vec!["the other 2 inputs are held at their mean".into()],
        }
    }

    fn legible(regions: &Regions) -> Drawing {
        let drawing = regions.draw();
        drawing.assert_legible();
        roxmltree::Document::parse(&drawing.svg()).expect("well formed");
        assert!(!drawing.png(1.0).is_empty());
        drawing
    }

    #[test]
    fn cells_of_one_ink_are_one_shape_and_runs_one_rectangle() {
        let drawing = legible(&regions(100, 50));
        let cells = drawing
            .shapes
            .iter()
            .filter_map(|s| if let Shape::Cells { frames, .. } = s { Some(frames.len()) } else { None });
        assert_eq!(cells.collect::<Vec<_>>(), [50, 50]);
    }

    #[test]
    fn the_boundary_lies_where_the_decision_changes() {
        let drawing = legible(&regions(100, 50));
        let shapes = || drawing.shapes.iter();
        let line = shapes().find_map(|s| {
            if let Shape::Path { segments, stroke } = s {
                (stroke.ink == Ink::Text).then(|| segments.clone())
            } else {
                None
            }
        });
        let frame =
            shapes().find_map(|s| if let Shape::Box { frame, fill: None, .. } = s { Some(*frame) } else { None });
        let (line, frame) = (line.expect("a boundary"), frame.expect("a frame"));
        let middle = frame.x + frame.width * 0.51;
        for segment in &line {
            let (crate::picture::drawing::Segment::Move(at) | crate::picture::drawing::Segment::Line(at)) = segment
            else {
                panic!("{segment:?}")
            };
            assert!((at.0 - middle).abs() < 2.0, "{at:?} {middle}");
        }
        assert!(line.len() >= 100, "from the frame's top to its bottom: {}", line.len());
    }

    #[test]
    fn values_have_a_colour_bar_and_points_in_its_colours() {
        let mut levels = regions(60, 60);
        let values = (0..3600).map(|i| f64::from(i % 60) * 1000.0 - 20_000.0).collect();
        levels.field = Field::Levels { name: "price".into(), values };
        let svg = legible(&levels).svg();
        assert!(svg.contains(">price<") && svg.contains("nn-l") && svg.contains("nn-r"), "{svg}");
        assert!(svg.contains(">training, 2 rows<") && svg.contains(">test, 1 row<"), "{svg}");
    }

    #[test]
    fn fine_empty_and_ragged_grids_do_no_harm() {
        assert!(legible(&regions(1500, 1500)).svg().len() < 60_000);
        legible(&Regions::default());
        let mut ragged = regions(10, 10);
        ragged.field = Field::Levels { name: "y".repeat(1000), values: vec![f64::NAN; 95] };
        ragged.x = ("x".into(), f64::NAN, f64::INFINITY);
        legible(&ragged);
        ragged.field = Field::Levels { name: String::new(), values: vec![f64::MAX, -f64::MAX, 0.0, f64::INFINITY] };
        ragged.columns = 2;
        ragged.x = ("salary".into(), -9_000_000.0, 4_000_000.0);
        legible(&ragged);
        let names: Vec<String> = (0..300).map(|i| format!("class {i}")).collect();
        ragged.field = Field::Classes { scores: vec![f64::NAN; 600], names };
        legible(&ragged);
    }
}
