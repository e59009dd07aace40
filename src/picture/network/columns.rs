//! Where neurons lie: one column a node, captions above, names of inputs at the left and of outputs at the right.
//!
//! Wide layers keep the neurons that matter and say how many lie between. Not for edges, whose looks differ.

use std::collections::BTreeSet;

use super::{Edge, Graph, MOST_UNITS, Node, Wiring, output, parameters};
use crate::picture::drawing::{Anchor, Drawing, Frame, Point, Segment, Stroke, Text};
use crate::picture::font;
use crate::picture::palette::Ink;
use crate::text::grouped;

/// From the card's edge to what is on it.
pub(super) const MARGIN: f64 = 24.0;
/// No caption and no name of a unit is wider.
const MOST_TEXT: f64 = 420.0;
/// Of a wide layer's neurons that matter, so many are shown.
pub(super) const MOST_KEPT: usize = 12;
const SIZE: f64 = 12.0;

/// One neuron by its node and its place in it.
pub(super) type Unit = (usize, usize);

/// How far apart things lie.
#[derive(Clone, Copy)]
pub(super) struct Spacing {
    /// Between columns, at least.
    pub(super) across: f64,
    /// Between neurons, in a tall column and in one of few.
    pub(super) down: f64,
    /// See `down`.
    pub(super) most_down: f64,
    /// All neurons of a column together need not be taller, but for `down`.
    pub(super) tall: f64,
    /// A neuron's radius.
    pub(super) radius: f64,
}

impl Spacing {
    fn for_rows(self, rows: f64) -> Self {
        Self { down: (self.tall / rows).clamp(self.down, self.most_down), ..self }
    }
}

/// A place in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    /// The neuron of this number.
    Unit(usize),
    /// So many neurons are left out here.
    Gap(usize),
}

struct Column {
    node: usize,
    x: f64,
    /// Each slot and its height on the card.
    slots: Vec<(Slot, f64)>,
}

/// Every neuron's place.
pub(super) struct Columns<'a> {
    graph: &'a Graph,
    all: Vec<Column>,
    pub(super) spacing: Spacing,
    pub(super) width: f64,
    /// Below the lowest neuron and the arcs.
    pub(super) bottom: f64,
    /// The highest neuron's top.
    top: f64,
    /// Where the lowest neurons end and the arcs begin.
    floor: f64,
}

impl<'a> Columns<'a> {
    /// Places for the nodes `shown`, with the neurons `kept` in any case.
    pub(super) fn new(graph: &'a Graph, shown: &[usize], kept: &BTreeSet<Unit>, spacing: Spacing) -> Self {
        let slots: Vec<Vec<Slot>> = shown.iter().map(|n| slots(*n, graph.nodes[*n].width, kept)).collect();
        let rows = slots.iter().map(Vec::len).max().unwrap_or(0).max(1) as f64;
        let spacing = spacing.for_rows(rows);
        let top = if graph.title.is_empty() { 84.0 } else { 116.0 };
        let floor = top + rows * spacing.down;
        let xs = places(graph, shown, spacing);
        let columns = shown.iter().zip(slots).zip(xs).map(|((node, slots), x)| {
            // A short column beside a tall one is spread a little.
            let down = spacing.down * (rows / slots.len().max(1) as f64).sqrt().min(1.8);
            let first = f64::midpoint(top, floor) - (slots.len() as f64 - 1.0) / 2.0 * down;
            let slots = slots.into_iter().enumerate().map(|(i, slot)| (slot, first + i as f64 * down)).collect();
            Column { node: *node, x, slots }
        });
        let columns: Vec<Column> = columns.collect();
        let mut placed = Self { graph, all: columns, spacing, width: 0.0, bottom: floor, top, floor };
        placed.width = placed.right();
        let lanes = placed.skips().iter().map(|s| s.2 + 1).max().unwrap_or(0);
        placed.bottom = floor + 18.0 * lanes as f64;
        placed
    }

    /// Where a neuron lies; none where it is left out.
    pub(super) fn unit(&self, (node, unit): Unit) -> Option<Point> {
        let column = self.all.iter().find(|c| c.node == node)?;
        let slot = column.slots.iter().find(|s| s.0 == Slot::Unit(unit))?;
        Some((column.x, slot.1))
    }

    /// The neurons of a node that are shown.
    pub(super) fn units(&self, node: usize) -> Vec<usize> {
        let column = self.all.iter().find(|c| c.node == node);
        let unit = |slot: &(Slot, f64)| if let Slot::Unit(unit) = slot.0 { Some(unit) } else { None };
        column.map(|c| c.slots.iter().filter_map(unit).collect()).unwrap_or_default()
    }

    /// Title, captions, gaps, and the names of the first and last column's units.
    pub(super) fn draw_texts(&self, drawing: &mut Drawing) {
        let title = font::fit(&self.graph.title, 15.0, true, self.width - 2.0 * MARGIN);
        drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
        for column in &self.all {
            let lines = caption(&self.graph.nodes[column.node]);
            for (i, line) in lines.into_iter().enumerate() {
                let y = self.top - 50.0 + 16.0 * i as f64;
                let text = Text::new((column.x, y), line, SIZE, if i == 0 { Ink::Text } else { Ink::Muted });
                drawing.text(if i == 0 { text.bold() } else { text }.anchor(Anchor::Middle));
            }
            for (slot, y) in &column.slots {
                if let Slot::Gap(count) = slot {
                    let text = Text::new((column.x, y + 4.0), gap(*count), 11.0, Ink::Muted);
                    drawing.text_on_plate(text.anchor(Anchor::Middle));
                }
            }
        }
        self.draw_names(drawing, self.all.first(), Anchor::End);
        if self.all.len() > 1 {
            self.draw_names(drawing, self.all.last(), Anchor::Start);
        }
    }

    fn draw_names(&self, drawing: &mut Drawing, column: Option<&Column>, anchor: Anchor) {
        let Some(column) = column else { return };
        let Some(names) = &self.graph.nodes[column.node].units else { return };
        let aside = (self.spacing.radius + 8.0) * if anchor == Anchor::End { -1.0 } else { 1.0 };
        for (slot, y) in &column.slots {
            if let Slot::Unit(unit) = slot
                && let Some(name) = names.get(*unit)
            {
                let name = font::fit(name, SIZE, false, MOST_TEXT);
                drawing.text(Text::new((column.x + aside, y + 4.2), name, SIZE, Ink::Text).anchor(anchor));
            }
        }
    }

    /// The neurons, each with its face and outline.
    pub(super) fn draw_units(
        &self,
        drawing: &mut Drawing,
        face: impl Fn(Unit) -> Ink,
        outline: impl Fn(Unit) -> Stroke,
    ) {
        for column in &self.all {
            for (slot, y) in &column.slots {
                if let Slot::Unit(unit) = slot {
                    let (face, stroke) = (face((column.node, *unit)), outline((column.node, *unit)));
                    drawing.circle((column.x, *y), self.spacing.radius, Some(face), Some(stroke));
                }
            }
        }
    }

    /// Edges past other nodes as arcs under the columns, each in a lane of its own where they overlap.
    pub(super) fn draw_skips(&self, drawing: &mut Drawing, stroke: Stroke) {
        for (from, to, lane) in self.skips() {
            let (Some(start), Some(end)) = (self.foot(from), self.foot(to)) else { continue };
            let (start, end) = ((start.0 + 7.0, start.1), (end.0 - 7.0, end.1));
            let depth = self.floor + 18.0 * (lane + 1) as f64 - 8.0;
            let r = 12.0;
            let segments = vec![
                Segment::Move(start),
                Segment::Line((start.0, depth - r)),
                Segment::Curve((start.0, depth), (start.0, depth), (start.0 + r, depth)),
                Segment::Line((end.0 - r, depth)),
                Segment::Curve((end.0, depth), (end.0, depth), (end.0, depth - r)),
                Segment::Line(end),
            ];
            drawing.path(segments, stroke);
            arrow(drawing, end, (0.0, -1.0), stroke);
        }
    }

    /// The frames that texts on edges keep away from.
    pub(super) fn obstacles(&self) -> Vec<Frame> {
        let r = self.spacing.radius;
        let frame = |x: f64, y: f64| Frame { x: x - r, y: y - r, width: 2.0 * r, height: 2.0 * r };
        self.all.iter().flat_map(|c| c.slots.iter().map(move |s| frame(c.x, s.1))).collect()
    }

    /// Below a column's lowest neuron.
    fn foot(&self, node: usize) -> Option<Point> {
        let column = self.all.iter().find(|c| c.node == node)?;
        column.slots.last().map(|s| (column.x, s.1 + self.spacing.radius + 3.0))
    }

    /// From, to and lane of the arcs between columns that are shown.
    fn skips(&self) -> Vec<(usize, usize, usize)> {
        let shown = |node: usize| self.all.iter().any(|c| c.node == node);
        let is_arc = |e: &&Edge| matches!(e.wiring, Wiring::Skip | Wiring::Far);
        let arcs = self.graph.edges().filter(is_arc).filter(|e| shown(e.from) && shown(e.to));
        lanes(arcs.map(|e| (e.from, e.to)))
    }

    fn right(&self) -> f64 {
        let Some(last) = self.all.last() else { return 2.0 * MARGIN };
        let node = &self.graph.nodes[last.node];
        let names = if self.all.len() > 1 { self.spacing.radius + 8.0 + names_width(node) } else { 0.0 };
        last.x + names.max(caption_width(node) / 2.0) + MARGIN
    }
}

/// The head of an arrow that ends at `tip`, going in `direction` (of length 1).
pub(super) fn arrow(drawing: &mut Drawing, tip: Point, direction: Point, stroke: Stroke) {
    let (dx, dy) = (direction.0 * 6.0, direction.1 * 6.0);
    let barb = |side: f64| (tip.0 - dx - side * dy * 0.6, tip.1 - dy + side * dx * 0.6);
    let segments = vec![Segment::Move(barb(1.0)), Segment::Line(tip), Segment::Line(barb(-1.0))];
    drawing.path(segments, Stroke { dash: None, ..stroke });
}

/// Gives each arc the first lane in which no other one overlaps it; short arcs first, so that they lie inside.
pub(super) fn lanes(arcs: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize, usize)> {
    let mut arcs: Vec<(usize, usize)> = arcs.take(400).collect();
    arcs.sort_by_key(|a| (a.1 - a.0, a.0));
    let mut placed: Vec<(usize, usize, usize)> = Vec::new();
    for (from, to) in arcs {
        let taken = |lane: usize| placed.iter().any(|p| p.2 == lane && from < p.1 && p.0 < to);
        let lane = (0..8).find(|lane| !taken(*lane)).unwrap_or(8);
        placed.push((from, to, lane));
    }
    placed
}

fn slots(node: usize, width: usize, kept: &BTreeSet<Unit>) -> Vec<Slot> {
    if width <= MOST_UNITS {
        return (0..width).map(Slot::Unit).collect();
    }
    let kept = kept.range((node, 0)..(node, width)).map(|k| k.1);
    let mut shown: BTreeSet<usize> = kept.take(MOST_KEPT).collect();
    shown.extend([0, width - 1]);
    if shown.len() == 2 {
        shown.insert(1);
    }
    let mut slots = Vec::new();
    let mut next = 0;
    for unit in shown {
        if unit > next {
            slots.push(Slot::Gap(unit - next));
        }
        slots.push(Slot::Unit(unit));
        next = unit + 1;
    }
    slots
}

fn places(graph: &Graph, shown: &[usize], spacing: Spacing) -> Vec<f64> {
    let mut xs = Vec::with_capacity(shown.len());
    let mut before: Option<(f64, f64)> = None;
    for &node in shown {
        let node = &graph.nodes[node];
        let half = caption_width(node) / 2.0;
        let x = match before {
            None => MARGIN + half.max(spacing.radius + 8.0 + names_width(node)),
            Some((x, before)) => x + (before + half + 22.0).max(spacing.across),
        };
        xs.push(x);
        before = Some((x, half));
    }
    xs
}

fn gap(count: usize) -> String {
    format!("… {} more …", grouped(count as u64))
}

/// Name, kind, and what comes out with how many parameters.
fn caption(node: &Node) -> [String; 3] {
    let out = output(node);
    let last = if node.parameters == 0 { out } else { format!("{out} · {}", parameters(node.parameters)) };
    [
        font::fit(&node.label, SIZE, true, MOST_TEXT),
        font::fit(&node.kind, SIZE, false, MOST_TEXT),
        font::fit(&last, SIZE, false, MOST_TEXT),
    ]
}

fn caption_width(node: &Node) -> f64 {
    let lines = caption(node);
    let gap = if node.width > MOST_UNITS { font::width(&gap(node.width), SIZE, false) } else { 0.0 };
    lines.iter().enumerate().map(|(i, line)| font::width(line, SIZE, i == 0)).fold(gap, f64::max)
}

fn names_width(node: &Node) -> f64 {
    let names = node.units.iter().flatten().take(4096);
    names.map(|name| font::width(&font::fit(name, SIZE, false, MOST_TEXT), SIZE, false)).fold(0.0, f64::max)
}
