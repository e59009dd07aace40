//! A network too large for its neurons: one box a layer, from top to bottom, arcs for what skips layers.

use super::columns::{arrow, lanes};
use super::{Graph, MOST_NODES, Node, Wiring, parameters};
use crate::picture::drawing::{Anchor, Drawing, Frame, Segment, Stroke, Text};
use crate::picture::font;
use crate::picture::palette::Ink;
use crate::text::grouped;

const MARGIN: f64 = 24.0;
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 80.0;
const GAP: f64 = 26.0;
const PAD: f64 = 16.0;
const LANE: f64 = 18.0;
/// So many neurons are drawn in a box at most.
const BEADS: usize = 16;

pub(super) fn draw(graph: &Graph) -> Drawing {
    let rows = VisibleNodes::new(graph);
    let arcs = rows.arcs();
    let lanes = arcs.iter().map(|a| a.2 + 1).max().unwrap_or(0);
    let width = 2.0 * MARGIN + WIDTH + if lanes > 0 { 10.0 + LANE * lanes as f64 } else { 0.0 };
    let mut drawing = Drawing::new(width, rows.bottom() + 46.0, graph.description());
    let title = font::fit(&graph.title, 15.0, true, WIDTH);
    drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
    for (n, node) in graph.nodes.iter().enumerate() {
        if let Some(y) = rows.top(n) {
            draw_box(&mut drawing, node, y);
        }
    }
    rows.draw_gap(&mut drawing);
    rows.draw_arrows(&mut drawing);
    for (from, to, lane) in arcs {
        rows.draw_arc(&mut drawing, from, to, lane);
    }
    let total = format!("{} in all", parameters(graph.parameters()));
    drawing.text(Text::new((MARGIN, rows.bottom() + 26.0), total, 12.0, Ink::Muted));
    drawing
}

/// Which nodes are shown and where: all, or the first and the last half of so many.
struct VisibleNodes<'a> {
    graph: &'a Graph,
    hidden: std::ops::Range<usize>,
    top: f64,
}

impl<'a> VisibleNodes<'a> {
    fn new(graph: &'a Graph) -> Self {
        let count = graph.nodes.len();
        let half = MOST_NODES / 2;
        let hidden = if count > MOST_NODES { half..count - half } else { count..count };
        Self { graph, hidden, top: if graph.title.is_empty() { MARGIN } else { 54.0 } }
    }

    fn row(&self, node: usize) -> Option<usize> {
        if self.hidden.contains(&node) {
            return None;
        }
        // What is hidden takes one row.
        Some(if node < self.hidden.start {
            node
        } else {
            node - self.hidden.len() + usize::from(!self.hidden.is_empty())
        })
    }

    fn top(&self, node: usize) -> Option<f64> {
        self.row(node).map(|row| self.top + row as f64 * (HEIGHT + GAP))
    }

    fn bottom(&self) -> f64 {
        let last = self.graph.nodes.len().checked_sub(1).and_then(|n| self.top(n));
        last.map_or(self.top, |y| y + HEIGHT)
    }

    fn draw_gap(&self, drawing: &mut Drawing) {
        if self.hidden.is_empty() {
            return;
        }
        let y = self.top + self.hidden.start as f64 * (HEIGHT + GAP) + HEIGHT / 2.0;
        let words = format!("… {} more …", grouped(self.hidden.len() as u64));
        drawing.text(Text::new((MARGIN + WIDTH / 2.0, y), words, 13.0, Ink::Muted).anchor(Anchor::Middle));
    }

    fn draw_arrows(&self, drawing: &mut Drawing) {
        for edge in self.graph.edges().filter(|e| e.to == e.from + 1) {
            if let Some((from, to)) = self.top(edge.from).zip(self.top(edge.to)) {
                let (x, tip) = (MARGIN + WIDTH / 2.0, to - 3.0);
                let stroke = Stroke::new(Ink::Axis, 1.6);
                drawing.line((x, from + HEIGHT + 3.0), (x, tip), stroke);
                arrow(drawing, (x, tip), (0.0, 1.0), stroke);
            }
        }
    }

    /// Edges past other boxes, each with its lane.
    fn arcs(&self) -> Vec<(usize, usize, usize)> {
        let far = self.graph.edges().filter(|e| e.to > e.from + 1);
        lanes(far.filter(|e| self.row(e.from).is_some() && self.row(e.to).is_some()).map(|e| (e.from, e.to)))
    }

    fn draw_arc(&self, drawing: &mut Drawing, from: usize, to: usize, lane: usize) {
        let Some((start, end)) = self.top(from).zip(self.top(to)) else { return };
        let skip = self.graph.edges().any(|e| (e.from, e.to) == (from, to) && e.wiring == Wiring::Skip);
        let stroke = Stroke::new(if skip { Ink::Muted } else { Ink::Axis }, 1.8);
        let (left, right) = (MARGIN + WIDTH + 3.0, MARGIN + WIDTH + 10.0 + LANE * (lane as f64 + 0.5));
        // It leaves low and arrives high, so that two at one box do not meet.
        let (start, end) = (start + 0.65 * HEIGHT, end + 0.35 * HEIGHT);
        let r = 12.0;
        let segments = vec![
            Segment::Move((left, start)),
            Segment::Line(((right - r).max(left), start)),
            Segment::Curve((right, start), (right, start), (right, start + r)),
            Segment::Line((right, end - r)),
            Segment::Curve((right, end), (right, end), ((right - r).max(left), end)),
            Segment::Line((left, end)),
        ];
        drawing.path(segments, stroke);
        arrow(drawing, (left, end), (-1.0, 0.0), stroke);
    }
}

fn draw_box(drawing: &mut Drawing, node: &Node, y: f64) {
    let frame = Frame { x: MARGIN, y, width: WIDTH, height: HEIGHT };
    drawing.block(frame, 8.0, Some(Ink::Face), Some(Stroke::new(Ink::Axis, 1.2)));
    let (left, right) = (MARGIN + PAD, MARGIN + WIDTH - PAD);
    let room = WIDTH - 2.0 * PAD;
    let shape = font::fit(&node.shape, 12.0, false, 0.4 * room);
    let label = font::fit(&node.label, 13.0, true, room - font::width(&shape, 12.0, false) - 16.0);
    drawing.text(Text::new((left, y + 23.0), label, 13.0, Ink::Text).bold());
    drawing.text(Text::new((right, y + 23.0), shape, 12.0, Ink::Text).anchor(Anchor::End));
    let held = if node.parameters == 0 { String::new() } else { parameters(node.parameters) };
    let kind = font::fit(&node.kind, 12.0, false, room - font::width(&held, 12.0, false) - 16.0);
    drawing.text(Text::new((left, y + 41.0), kind, 12.0, Ink::Muted));
    drawing.text(Text::new((right, y + 41.0), held, 12.0, Ink::Muted).anchor(Anchor::End));
    draw_beads(drawing, node.width, y + 61.0);
}

/// The layer's neurons in a row: all, or some at both ends of how many there are.
fn draw_beads(drawing: &mut Drawing, width: usize, y: f64) {
    let (pitch, radius) = (18.0, 5.0);
    let middle = MARGIN + WIDTH / 2.0;
    let bead = |drawing: &mut Drawing, x: f64| {
        drawing.circle((x, y), radius, Some(Ink::Card), Some(Stroke::new(Ink::Muted, 1.2)));
    };
    if width <= BEADS {
        let first = middle - (width as f64 - 1.0) / 2.0 * pitch;
        (0..width).for_each(|i| bead(drawing, first + i as f64 * pitch));
        return;
    }
    let text = format!("… {} units …", grouped(width as u64));
    let text = Text::new((middle, y + 4.0), text, 12.0, Ink::Muted).anchor(Anchor::Middle);
    let half = text.width() / 2.0 + 12.0;
    for i in 0..5 {
        bead(drawing, middle - half - f64::from(i) * pitch);
        bead(drawing, middle + half + f64::from(i) * pitch);
    }
    drawing.text(text);
}
