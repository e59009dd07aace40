//! The neurons of a network with some of its paths lit, and texts (the chain rule's factors) on their edges.
//!
//! A text lies where it meets no other; where no place is free it goes to a list under the picture.

use std::collections::BTreeSet;

use super::super::drawing::{Anchor, Drawing, Frame, Point, Stroke, Text};
use super::super::font;
use super::super::palette::Ink;
use super::columns::{Columns, MARGIN, Spacing, Unit, arrow};
use super::{Graph, MOST_COLUMNS, neurons};

const SPACING: Spacing = Spacing { across: 230.0, down: 52.0, most_down: 84.0, tall: 420.0, radius: 13.0 };
const SIZE: f64 = 11.0;
/// No text on an edge is wider.
const MOST_TEXT: f64 = 170.0;
/// The list under the picture has no more lines.
const MOST_LISTED: usize = 30;
/// No more edges and neurons are lit.
const MOST_LIT: usize = 400;

/// A network with some paths lit.
#[derive(Clone, Debug, Default)]
pub struct Lit {
    /// The whole network.
    pub graph: Graph,
    /// The lit edges.
    pub edges: Vec<LitEdge>,
    /// Neurons that carry a text, or are lit though no lit edge meets them.
    pub units: Vec<LitUnit>,
    /// Lines under the picture, such as the sum of the paths.
    pub notes: Vec<String>,
}

/// One lit edge.
#[derive(Clone, Debug, Default)]
pub struct LitEdge {
    /// The node and the neuron where it begins, counted from 0.
    pub from: (usize, usize),
    /// The node and the neuron where it ends.
    pub to: (usize, usize),
    /// What stands on it, such as `w 0.52`; may be empty.
    pub text: String,
    /// Whether it is the one weight that all is about.
    pub chosen: bool,
}

/// One lit neuron.
#[derive(Clone, Debug, Default)]
pub struct LitUnit {
    /// The node and the neuron, counted from 0.
    pub at: (usize, usize),
    /// What stands at it, such as `tanh′ 0.87`; may be empty.
    pub text: String,
}

impl Lit {
    /// The picture. Wide layers show the neurons on the paths; of many layers, those on the paths are shown.
    pub fn draw(&self) -> Drawing {
        let lit = self.lit();
        let columns = Columns::new(&self.graph, &self.shown(&lit), &lit, SPACING);
        let ends = |e: &LitEdge| columns.unit(e.from).zip(columns.unit(e.to));
        let lines = self.edges.iter().take(MOST_LIT).filter_map(ends).collect();
        let mut scene = Scene { taken: columns.obstacles(), texts: Vec::new(), lit: lines, listed: Vec::new() };
        for unit in self.units.iter().take(MOST_LIT) {
            scene.place_at_unit(&columns, unit);
        }
        for edge in self.edges.iter().take(MOST_LIT) {
            scene.place_on_edge(&columns, edge, &self.graph);
        }
        self.compose(&columns, &lit, scene)
    }

    fn compose(&self, columns: &Columns, lit: &BTreeSet<Unit>, scene: Scene) -> Drawing {
        let notes: Vec<&String> = scene.listed.iter().chain(&self.notes).take(MOST_LISTED).collect();
        let widest = notes.iter().map(|n| font::width(n, SIZE, false)).fold(0.0, f64::max).min(900.0);
        let width = columns.width.max(widest + 2.0 * MARGIN);
        let height = columns.bottom + 24.0 + 18.0 * notes.len() as f64;
        let mut drawing = Drawing::new(width, height, self.graph.description());
        for edge in self.graph.edges() {
            for (from, to, _) in neurons::lines(&self.graph, columns, edge) {
                drawing.line(from, to, Stroke::new(Ink::Axis, 1.0).opacity(0.3));
            }
        }
        columns.draw_skips(&mut drawing, Stroke::new(Ink::Axis, 1.2).opacity(0.6));
        // The chosen one last, on top.
        let mut edges: Vec<&LitEdge> = self.edges.iter().take(MOST_LIT).collect();
        edges.sort_by_key(|e| e.chosen);
        for edge in edges {
            draw_edge(&mut drawing, columns, edge);
        }
        columns.draw_units(&mut drawing, |unit| {
            if lit.contains(&unit) {
                Stroke::new(Ink::Series(1), 2.2)
            } else {
                Stroke::new(Ink::Axis, 1.0).opacity(0.6)
            }
        });
        columns.draw_texts(&mut drawing);
        for text in scene.texts {
            drawing.text_on_plate(text);
        }
        for (i, note) in notes.iter().enumerate() {
            let at = (MARGIN, columns.bottom + 18.0 + 18.0 * i as f64);
            drawing.text(Text::new(at, font::fit(note, SIZE, false, width - 2.0 * MARGIN), SIZE, Ink::Text));
        }
        drawing
    }

    fn lit(&self) -> BTreeSet<Unit> {
        let edges = self.edges.iter().take(MOST_LIT).flat_map(|e| [e.from, e.to]);
        edges.chain(self.units.iter().take(MOST_LIT).map(|u| u.at)).collect()
    }

    fn shown(&self, lit: &BTreeSet<Unit>) -> Vec<usize> {
        let nodes = 0..self.graph.nodes.len();
        if nodes.len() <= MOST_COLUMNS {
            return nodes.collect();
        }
        nodes.filter(|n| lit.range((*n, 0)..=(*n, usize::MAX)).next().is_some()).take(2 * MOST_COLUMNS).collect()
    }
}

fn draw_edge(drawing: &mut Drawing, columns: &Columns, edge: &LitEdge) {
    let Some((from, to)) = columns.unit(edge.from).zip(columns.unit(edge.to)) else { return };
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1e-6);
    let direction = (dx / length, dy / length);
    let rim = columns.spacing.radius + 2.0;
    let tip = (to.0 - direction.0 * rim, to.1 - direction.1 * rim);
    let stroke = if edge.chosen { Stroke::new(Ink::Series(0), 3.4) } else { Stroke::new(Ink::Series(1), 2.2) };
    drawing.line(from, tip, stroke);
    arrow(drawing, tip, direction, stroke);
}

/// What has found its place.
struct Scene {
    taken: Vec<Frame>,
    texts: Vec<Text>,
    /// The lit edges, which a text on another one should not lie on.
    lit: Vec<(Point, Point)>,
    /// What has found none.
    listed: Vec<String>,
}

impl Scene {
    fn place_at_unit(&mut self, columns: &Columns, unit: &LitUnit) {
        let Some((x, y)) = columns.unit(unit.at).filter(|_| !unit.text.is_empty()) else { return };
        let r = columns.spacing.radius;
        let places = [(x, y + r + 12.0), (x, y - r - 5.0), (x, y + r + 24.0)];
        if !self.place(&unit.text, &places, None) {
            self.listed.push(unit.text.clone());
        }
    }

    fn place_on_edge(&mut self, columns: &Columns, edge: &LitEdge, graph: &Graph) {
        let ends = columns.unit(edge.from).zip(columns.unit(edge.to));
        let Some((from, to)) = ends.filter(|_| !edge.text.is_empty()) else { return };
        // From the middle outward, to both sides in turn.
        let shares = (0..31).map(|i| 0.5 + f64::from((i + 1) / 2) * 0.024 * if i % 2 == 0 { 1.0 } else { -1.0 });
        let along = |t: f64| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t + 0.36 * SIZE);
        let on: Vec<Point> = shares.map(along).collect();
        if !self.place(&edge.text, &on, Some((from, to))) {
            let name = |(node, unit): Unit| {
                let node = &graph.nodes[node];
                let own = node.units.as_ref().and_then(|names| names.get(unit)).cloned();
                format!("{}.{}", node.label, own.unwrap_or_else(|| (unit + 1).to_string()))
            };
            self.listed.push(format!("{} → {}: {}", name(edge.from), name(edge.to), edge.text));
        }
    }

    /// Takes the first place that is free and off the other lit edges, else the first that is free, if there is one.
    fn place(&mut self, words: &str, places: &[Point], own: Option<(Point, Point)>) -> bool {
        let words = font::fit(words, SIZE, false, MOST_TEXT);
        let text = |at: Point| Text::new(at, words.clone(), SIZE, Ink::Text).anchor(Anchor::Middle);
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
