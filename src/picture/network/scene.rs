//! Places for the texts on a picture of neurons: each where it meets no other; what finds none is listed beneath.

use super::Graph;
use super::columns::{Columns, MARGIN, Spacing, Unit};
use crate::picture::drawing::{Anchor, Drawing, Frame, Point, Text};
use crate::picture::font;
use crate::picture::palette::Ink;
use crate::text::grouped;

/// Room for texts between the neurons.
pub(super) const SPACING: Spacing = Spacing { across: 230.0, down: 52.0, most_down: 84.0, tall: 420.0, radius: 13.0 };
const SIZE: f64 = 11.0;
/// A wider text finds no place in the picture: it is listed.
const MOST_TEXT: f64 = 210.0;
/// The list under a picture makes it no wider, and has no more entries.
const MOST_NOTE: f64 = 900.0;
const MOST_LISTED: usize = 400;

/// What has found its place.
pub(super) struct Scene {
    taken: Vec<Frame>,
    pub(super) texts: Vec<Text>,
    /// The lit edges, which a text on another one should not lie on.
    lit: Vec<(Point, Point)>,
    /// What has found none.
    pub(super) listed: Vec<String>,
}

impl Scene {
    /// Nothing but the neurons and the lit edges.
    pub(super) fn new(columns: &Columns, lit: Vec<(Point, Point)>) -> Self {
        Self { taken: columns.obstacles(), texts: Vec::new(), lit, listed: Vec::new() }
    }

    pub(super) fn place_at_unit(&mut self, columns: &Columns, at: Unit, words: &str) {
        let Some((x, y)) = columns.unit(at).filter(|_| !words.is_empty()) else { return };
        let r = columns.spacing.radius;
        let places = [(x, y + r + 12.0), (x, y - r - 5.0), (x, y + r + 24.0)];
        if !self.place(words, &places, None) {
            self.listed.push(words.to_owned());
        }
    }

    pub(super) fn place_on_edge(&mut self, columns: &Columns, edge: (Unit, Unit), words: &str, graph: &Graph) {
        let ends = columns.unit(edge.0).zip(columns.unit(edge.1));
        let Some((from, to)) = ends.filter(|_| !words.is_empty()) else { return };
        // From the middle outward, to both sides in turn.
        let shares = (0..31).map(|i| 0.5 + f64::from((i + 1) / 2) * 0.024 * if i % 2 == 0 { 1.0 } else { -1.0 });
        let along = |t: f64| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t + 0.36 * SIZE);
        let on: Vec<Point> = shares.map(along).collect();
        if !self.place(words, &on, Some((from, to))) {
            let name = |(node, unit): Unit| {
                let node = &graph.nodes[node];
                let own = node.units.as_ref().and_then(|names| names.get(unit)).cloned();
                format!("{}.{}", node.label, own.unwrap_or_else(|| (unit + 1).to_string()))
            };
            self.listed.push(format!("{} → {}: {}", name(edge.0), name(edge.1), words));
        }
    }

    /// Takes the first place that is free and off the other lit edges, else the first that is free, if there is one.
    fn place(&mut self, words: &str, places: &[Point], own: Option<(Point, Point)>) -> bool {
        if font::width(words, SIZE, false) > MOST_TEXT {
            return false;
        }
        let text = |at: Point| Text::new(at, words, SIZE, Ink::Text).anchor(Anchor::Middle);
        let free = |at: &&Point| {
            let frame = text(**at).frame().grown(1.5);
            !self.taken.iter().any(|t| t.meets(&frame))
        };
        let clear = |at: &&Point| {
            let frame = text(**at).frame().grown(1.5);
            !self.lit.iter().any(|lit| Some(*lit) != own && crosses(*lit, frame))
        };
        let Some(at) = places.iter().filter(free).find(clear).or_else(|| places.iter().find(free)) else {
            return false;
        };
        let text = text(*at);
        self.taken.push(text.frame().grown(1.5));
        self.texts.push(text);
        true
    }
}

/// Lines as they are listed under a picture at least `least` wide: whole, in as many lines as that takes. Gives the
/// picture's width too.
pub(super) fn notes_of<'n>(notes: impl Iterator<Item = &'n str>, least: f64) -> (f64, Vec<String>) {
    let mut notes: Vec<&str> = notes.collect();
    let more = notes.len().saturating_sub(MOST_LISTED);
    notes.truncate(MOST_LISTED);
    let widest = notes.iter().map(|n| font::width(n, SIZE, false)).fold(0.0, f64::max).min(MOST_NOTE);
    let width = least.max(widest + 2.0 * MARGIN);
    let mut lines: Vec<String> = notes.iter().flat_map(|n| font::wrapped(n, SIZE, width - 2.0 * MARGIN)).collect();
    if more > 0 {
        lines.push(format!("and {} more", grouped(more as u64)));
    }
    (width, lines)
}

pub(super) fn notes_height(notes: &[String]) -> f64 {
    18.0 * notes.len() as f64
}

pub(super) fn draw_notes(drawing: &mut Drawing, y: f64, notes: Vec<String>) {
    for (i, note) in notes.into_iter().enumerate() {
        drawing.text(Text::new((MARGIN, y + 4.0 + 18.0 * i as f64), note, SIZE, Ink::Text));
    }
}

/// Whether a line passes through a frame (Liang and Barsky's clipping, which leaves an empty stretch if not).
fn crosses((from, to): (Point, Point), frame: Frame) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let sides =
        [(-dx, from.0 - frame.x), (dx, frame.right() - from.0), (-dy, from.1 - frame.y), (dy, frame.bottom() - from.1)];
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (speed, room) in sides {
        if speed == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else {
            leave = leave.min(room / speed);
        }
    }
    enter <= leave
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_a_frame_or_passes_by() {
        let frame = Frame { x: 10.0, y: 10.0, width: 10.0, height: 10.0 };
        assert!(crosses(((0.0, 15.0), (30.0, 15.0)), frame));
        assert!(crosses(((0.0, 0.0), (30.0, 30.0)), frame));
        assert!(!crosses(((0.0, 5.0), (30.0, 5.0)), frame));
        assert!(!crosses(((0.0, 0.0), (5.0, 5.0)), frame));
        assert!(!crosses(((0.0, 15.0), (15.0, 30.0)), frame));
    }
}
