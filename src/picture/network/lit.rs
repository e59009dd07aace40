//! The neurons of a network with some of its paths lit, and texts (the chain rule's factors) on their edges.
//!
//! A text lies where it meets no other; where no place is free it goes to a list under the picture. No text is cut.

use std::collections::BTreeSet;

use super::columns::{Columns, Unit, arrow};
use super::scene::{SPACING, Scene, draw_notes, notes_height, notes_of};
use super::{Graph, MOST_COLUMNS, neurons};
use crate::picture::drawing::{Drawing, Stroke};
use crate::picture::palette::Ink;

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
    /// The number that it multiplies by, whose sign colours it; what is not a number has no colour.
    pub value: Option<f64>,
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
        let mut scene = Scene::new(&columns, lines);
        for unit in self.units.iter().take(MOST_LIT) {
            scene.place_at_unit(&columns, unit.at, &unit.text);
        }
        for edge in self.edges.iter().take(MOST_LIT) {
            scene.place_on_edge(&columns, (edge.from, edge.to), &edge.text, &self.graph);
        }
        self.compose(&columns, &lit, scene)
    }

    fn compose(&self, columns: &Columns, lit: &BTreeSet<Unit>, scene: Scene) -> Drawing {
        let listed = scene.listed.iter().chain(&self.notes).map(String::as_str);
        let (width, notes) = notes_of(listed, columns.width.max(neurons::foot_width_of(&self.key())));
        let height = columns.bottom + 36.0 + notes_height(&notes);
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
        columns.draw_units(
            &mut drawing,
            |_| Ink::Face,
            |unit| {
                if lit.contains(&unit) { Stroke::new(Ink::Text, 2.0) } else { Stroke::new(Ink::Axis, 1.0).opacity(0.6) }
            },
        );
        columns.draw_texts(&mut drawing);
        for text in scene.texts {
            drawing.text_on_plate(text);
        }
        neurons::draw_foot(&mut drawing, columns.bottom + 18.0, &self.key());
        draw_notes(&mut drawing, columns.bottom + 36.0, notes);
        drawing
    }

    /// What the colours of the lit edges mean.
    fn key(&self) -> Vec<(Option<Ink>, String)> {
        let others = || self.edges.iter().filter(|e| !e.chosen).filter_map(|e| e.value);
        let signs = [
            (self.edges.iter().any(|e| e.chosen), Ink::Text, "the weight"),
            (others().any(|v| v >= 0.0), Ink::POSITIVE, "positive factor"),
            (others().any(|v| v < 0.0), Ink::NEGATIVE, "negative factor"),
        ];
        signs.into_iter().filter(|(there, ..)| *there).map(|(_, ink, words)| (Some(ink), words.to_owned())).collect()
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
    let ink = edge.value.filter(|v| !v.is_nan()).map_or(Ink::Muted, Ink::of_sign);
    let stroke = if edge.chosen { Stroke::new(Ink::Text, 3.4) } else { Stroke::new(ink, 2.2) };
    drawing.line(from, tip, stroke);
    arrow(drawing, tip, direction, stroke);
}
