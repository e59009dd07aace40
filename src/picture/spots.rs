//! Rows of data as points: each split has a colour and a shape of its own, and one line in a legend.

use super::drawing::{Drawing, Point, Stroke, Text};
use super::font;
use super::palette::Ink;
use super::split::Split;
use crate::text;

/// One row of data on a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// Along x.
    pub x: f64,
    /// Along y.
    pub y: f64,
    /// Its class, or the output that it belongs to, counted from 0.
    pub of: usize,
    /// Its target's value, where the picture shows values as colours.
    pub value: f64,
    /// What the row is for.
    pub split: Split,
}

impl Spot {
    /// No picture has more points: of more, every n-th is drawn.
    pub const MOST: usize = 2000;
}

const SIZE: f64 = 12.0;
/// From one line of a legend to the next.
pub(super) const PITCH: f64 = 20.0;

/// The spots to draw, those to train on first so that the fewer others lie on top; and the radius that suits so many.
pub(super) fn drawn(spots: &[Spot]) -> (Vec<&Spot>, f64) {
    let every = spots.len().div_ceil(Spot::MOST).max(1);
    let mut drawn: Vec<&Spot> = spots.iter().step_by(every).collect();
    drawn.sort_by_key(|s| s.split);
    let radius = if drawn.len() > 500 { 3.2 } else { 4.2 };
    (drawn, radius)
}

/// A split's shape at a place.
pub(super) fn mark(drawing: &mut Drawing, (x, y): Point, split: Split, ink: Ink, radius: f64) {
    let rim = Some(Stroke::new(Ink::Card, 1.2));
    // The shapes cover about the same area.
    match split {
        Split::Training => drawing.circle((x, y), radius, Some(ink), rim),
        Split::Validation => {
            let r = radius * 1.3;
            drawing.area(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], ink, rim);
        }
        Split::Test => {
            let r = radius * 1.5;
            let (half, foot) = (r * 0.866, r * 0.5);
            drawing.area(vec![(x, y - r), (x + half, y + foot), (x - half, y + foot)], ink, rim);
        }
    }
}

/// The lines of a legend: each split that has rows, and how many.
pub(super) fn legend(rows: &[(Split, usize)]) -> Vec<(Split, String)> {
    let line = |&(split, count): &(Split, usize)| {
        (count > 0).then(|| (split, format!("{}, {}", split.name(), text::amount(count as u64, "row"))))
    };
    rows.iter().take(Split::ALL.len()).filter_map(line).collect()
}

/// The room that a legend takes beside the frame.
pub(super) fn legend_width(legend: &[(Split, String)]) -> f64 {
    legend.iter().map(|(_, words)| font::width(words, SIZE, false)).fold(0.0, f64::max) + 42.0
}

/// Draws a legend from `y` downward, `x` where the marks are; gives where it ends.
pub(super) fn draw_legend(
    drawing: &mut Drawing,
    (x, y): Point,
    legend: &[(Split, String)],
    ink: impl Fn(Split) -> Ink,
) -> f64 {
    for (i, (split, words)) in legend.iter().enumerate() {
        let y = y + PITCH * i as f64;
        mark(drawing, (x, y), *split, ink(*split), 4.6);
        drawing.text(Text::new((x + 12.0, y + 4.2), words, SIZE, Ink::Text));
    }
    y + PITCH * legend.len() as f64
}
