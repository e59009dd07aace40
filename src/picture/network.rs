//! Pictures of a network: neurons and edges while they are few enough to see, else one box a layer; the same as
//! text for Graphviz and Mermaid; the neurons with some paths lit; and the neurons coloured by their values.
//!
//! The caller fills in plain data. Not for plots, and not for reports about a network.

mod boxes;
mod columns;
mod fold;
mod lit;
mod neurons;
mod scene;
mod text;
mod valued;

use super::drawing::Drawing;
use crate::text::amount;

pub use fold::Group;
pub use lit::{Lit, LitEdge, LitUnit};
pub use valued::{Valued, ValuedUnit};

/// A network as a picture needs it. Nodes stand in topological order; edges lead to later nodes.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Above the picture, such as the file's name.
    pub title: String,
    /// Input first, output last.
    pub nodes: Vec<Node>,
    /// What flows where.
    pub edges: Vec<Edge>,
    /// Nodes that are one thing to a reader, in order; a picture of boxes shows each group as one.
    pub groups: Vec<Group>,
}

/// One node: the input, a layer, a sum of branches.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its name, such as `hidden1`.
    pub label: String,
    /// What it is, such as `dense 16 tanh`; may be empty.
    pub kind: String,
    /// What comes out, for one row, such as `16` or `8 × 8`.
    pub shape: String,
    /// How many trained numbers it holds.
    pub parameters: u64,
    /// How many numbers come out, for one row.
    pub width: usize,
    /// The names of those, where they have names (input columns, classes).
    pub units: Option<Vec<String>>,
}

/// From one node to a later one, by their places in [`Graph::nodes`].
#[derive(Clone, Debug)]
pub struct Edge {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Which neurons it connects.
    pub wiring: Wiring,
}

/// Which neurons of two nodes an edge connects.
#[derive(Clone, Debug, PartialEq)]
pub enum Wiring {
    /// Every one with every one; with weights, `out × in`, row-major, they colour the lines.
    Dense(Option<Vec<f64>>),
    /// Each with the one at its place (activations, dropout, sums).
    Each,
    /// Each with one that it goes to, or with none: where, for each of the first node's.
    Placed(Vec<Option<usize>>),
    /// Not neuron by neuron: drawn as one line (convolution, attention).
    Whole,
    /// Each with the one at its place, past the nodes of a block: an arc.
    Skip,
    /// From a node that is not the neighbour, past those between: an arc.
    Far,
}

/// Up to here a layer is drawn neuron by neuron.
const MOST_UNITS: usize = 16;
/// Up to here edges are drawn one by one.
const MOST_LINES: usize = 240;
/// Up to here columns stand side by side.
const MOST_COLUMNS: usize = 10;
/// More nodes than this are not drawn in full.
const MOST_NODES: usize = 80;

impl Graph {
    /// The picture: neurons and edges where they are few (16 a layer, 240 edges, 10 nodes), else a box a layer or
    /// group.
    pub fn draw(&self) -> Drawing {
        if self.is_small() { neurons::draw(self) } else { boxes::draw(&self.folded()) }
    }

    /// The boxes in Graphviz' language.
    pub fn dot(&self) -> String {
        text::dot(&self.folded())
    }

    /// The boxes in Mermaid's language.
    pub fn mermaid(&self) -> String {
        text::mermaid(&self.folded())
    }

    /// Whether its neurons can be drawn one by one.
    fn is_small(&self) -> bool {
        let lines = self.edges().fold(0usize, |sum, e| sum.saturating_add(self.lines(e)));
        let whole = self.edges().any(|e| e.wiring == Wiring::Whole);
        !whole
            && (1..=MOST_COLUMNS).contains(&self.nodes.len())
            && self.nodes.iter().all(|n| (1..=MOST_UNITS).contains(&n.width))
            && lines <= MOST_LINES
    }

    /// The edges whose ends exist, in order.
    fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|e| e.from < e.to && e.to < self.nodes.len())
    }

    fn lines(&self, edge: &Edge) -> usize {
        let (from, to) = (self.nodes[edge.from].width, self.nodes[edge.to].width);
        match edge.wiring {
            Wiring::Dense(_) => from.saturating_mul(to),
            Wiring::Each | Wiring::Skip | Wiring::Placed(_) | Wiring::Far => from.min(to),
            Wiring::Whole => 1,
        }
    }

    fn parameters(&self) -> u64 {
        self.nodes.iter().fold(0, |sum, n| sum.saturating_add(n.parameters))
    }

    /// In words, for readers who cannot see it.
    fn description(&self) -> String {
        let named = |n: &Node| {
            let facts: Vec<&str> =
                [&n.kind, &n.shape].into_iter().map(String::as_str).filter(|f| !f.is_empty()).collect();
            if facts.is_empty() { n.label.clone() } else { format!("{} ({})", n.label, facts.join(", ")) }
        };
        let names: Vec<String> = self.nodes.iter().take(40).map(named).collect();
        format!("{}: {}; {}", self.title, names.join(" → "), parameters(self.parameters()))
    }
}

/// What comes out of a node: `16 units`, `8 × 8`.
fn output(node: &Node) -> String {
    if !node.shape.is_empty() && node.shape != node.width.to_string() {
        return node.shape.clone();
    }
    amount(node.width as u64, "unit")
}

/// `1 parameter`, `8,256 parameters`.
fn parameters(count: u64) -> String {
    amount(count, "parameter")
}

#[cfg(test)]
mod tests;
