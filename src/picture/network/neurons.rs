//! A small network neuron by neuron, its edges coloured by their weights where those are known.

use std::collections::BTreeSet;

use super::super::drawing::{Drawing, Point, Stroke, Text};
use super::super::font;
use super::super::palette::Ink;
use super::columns::{Columns, MARGIN, Spacing};
use super::{Edge, Graph, Wiring, parameters};

const SPACING: Spacing = Spacing { across: 150.0, down: 28.0, most_down: 40.0, tall: 300.0, radius: 11.0 };

pub(super) fn draw(graph: &Graph) -> Drawing {
    let shown: Vec<usize> = (0..graph.nodes.len()).collect();
    let columns = Columns::new(graph, &shown, &BTreeSet::new(), SPACING);
    let weighted = graph.edges().any(|e| is_weighted(graph, e));
    let width = columns.width.max(foot_width_of(&foot(graph, weighted)));
    let mut drawing = Drawing::new(width, columns.bottom + 40.0, graph.description());
    for edge in graph.edges() {
        draw_edge(&mut drawing, graph, &columns, edge);
    }
    columns.draw_skips(&mut drawing, Stroke::new(Ink::Muted, 1.6));
    columns.draw_units(&mut drawing, |_| Ink::Face, |_| Stroke::new(Ink::Muted, 1.4));
    columns.draw_texts(&mut drawing);
    draw_foot(&mut drawing, columns.bottom + 18.0, &foot(graph, weighted));
    drawing
}

/// The lines of one edge, between the neurons that are shown.
pub(super) fn lines(graph: &Graph, columns: &Columns, edge: &Edge) -> Vec<(Point, Point, Option<f64>)> {
    let weights = weights(graph, edge);
    let inputs = graph.nodes[edge.from].width;
    let mut lines = Vec::new();
    for to in columns.units(edge.to) {
        for from in columns.units(edge.from) {
            let wired = match &edge.wiring {
                Wiring::Dense(_) => true,
                Wiring::Placed(places) => places.get(from) == Some(&Some(to)),
                Wiring::Each => from == to,
                Wiring::Whole | Wiring::Skip | Wiring::Far => false,
            };
            if let Some((a, b)) = columns.unit((edge.from, from)).zip(columns.unit((edge.to, to))).filter(|_| wired) {
                lines.push((a, b, weights.map(|w| w[to * inputs + from])));
            }
        }
    }
    lines
}

/// The lines of one edge, coloured by its weights where they are known.
pub(super) fn draw_edge(drawing: &mut Drawing, graph: &Graph, columns: &Columns, edge: &Edge) {
    let mut lines = lines(graph, columns, edge);
    let largest = lines.iter().filter_map(|l| l.2).map(f64::abs).filter(|w| w.is_finite()).fold(0.0, f64::max);
    // Strong ones last, on top.
    let size = |w: Option<f64>| w.map_or(0.0, f64::abs);
    lines.sort_by(|a, b| size(a.2).total_cmp(&size(b.2)));
    for (from, to, weight) in lines {
        drawing.line(from, to, stroke(weight, largest));
    }
}

/// In the colour of its sign; wide and opaque as the weight is large among its layer's.
fn stroke(weight: Option<f64>, largest: f64) -> Stroke {
    let Some(weight) = weight else { return Stroke::new(Ink::Axis, 1.0).opacity(0.6) };
    let share = if largest > 0.0 && weight.is_finite() { (weight.abs() / largest).min(1.0) } else { 0.0 };
    Stroke::new(Ink::of_sign(weight), 0.6 + 2.6 * share).opacity(0.2 + 0.75 * share)
}

/// The words under the picture, with the ink of the sample before them.
fn foot(graph: &Graph, weighted: bool) -> Vec<(Option<Ink>, String)> {
    let mut foot = vec![(None, format!("{} in all", parameters(graph.parameters())))];
    if weighted {
        foot.extend(signs());
    }
    foot
}

/// What the colours of weights mean.
pub(super) fn signs() -> Vec<(Option<Ink>, String)> {
    vec![(Some(Ink::POSITIVE), "positive weight".into()), (Some(Ink::NEGATIVE), "negative weight".into())]
}

/// The room that the words under a picture take.
pub(super) fn foot_width_of(foot: &[(Option<Ink>, String)]) -> f64 {
    foot.iter().map(|(_, words)| font::width(words, 11.0, false) + 29.0 + 18.0).sum::<f64>() + MARGIN
}

/// The words under a picture.
pub(super) fn draw_foot(drawing: &mut Drawing, y: f64, foot: &[(Option<Ink>, String)]) {
    draw_foot_at(drawing, (MARGIN, y), foot);
}

/// The same, from a place on.
pub(super) fn draw_foot_at(drawing: &mut Drawing, (mut x, y): Point, foot: &[(Option<Ink>, String)]) {
    for (ink, words) in foot {
        if let Some(ink) = ink {
            drawing.line((x, y), (x + 22.0, y), Stroke::new(*ink, 2.6));
            x += 29.0;
        }
        drawing.text(Text::new((x, y + 4.0), words.clone(), 11.0, Ink::Muted));
        x += font::width(words, 11.0, false) + 18.0;
    }
}

/// Whether an edge's weights are known.
pub(super) fn is_weighted(graph: &Graph, edge: &Edge) -> bool {
    weights(graph, edge).is_some()
}

/// The weights of an edge where they are as many as it has lines.
fn weights<'a>(graph: &Graph, edge: &'a Edge) -> Option<&'a Vec<f64>> {
    let Wiring::Dense(Some(weights)) = &edge.wiring else { return None };
    let count = graph.nodes[edge.from].width.checked_mul(graph.nodes[edge.to].width);
    (count == Some(weights.len())).then_some(weights)
}
