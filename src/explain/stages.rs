//! [`Stages`]: the units that paths go through, in the order in which they are computed, and their names.

use crate::catalog::layers::LayerRole;
use crate::ir::Network;
use std::ops::Range;

/// What a stage's units are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// A node's weighted sums, before its activation.
    Sums,
    /// A node's values.
    Values,
}

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub(super) node: usize,
    pub(super) kind: StageKind,
    pub(super) width: usize,
}

/// Every stage of a network.
#[derive(Debug)]
pub struct Stages<'a> {
    network: &'a Network,
    input_names: &'a [String],
    pub(super) all: Vec<Stage>,
    /// The stages of each node: one, or sums and values.
    pub(super) of_node: Vec<Range<usize>>,
}

impl<'a> Stages<'a> {
    /// The stages of a network whose inputs have these names (none where they are places of a picture). Where `fused`,
    /// the loss takes the last node's sums, and its values are no stage.
    pub fn new(network: &'a Network, input_names: &'a [String], fused: bool) -> Self {
        let mut stages = Self { network, input_names, all: Vec::new(), of_node: Vec::new() };
        let last = network.nodes.len() - 1;
        for (n, node) in network.nodes.iter().enumerate() {
            let first = stages.all.len();
            let width = node.shape.size();
            if node.activation().is_some_and(|a| !a.is_linear()) {
                stages.all.push(Stage { node: n, kind: StageKind::Sums, width });
            }
            if stages.all.len() == first || !(fused && n == last) {
                stages.all.push(Stage { node: n, kind: StageKind::Values, width });
            }
            stages.of_node.push(first..stages.all.len());
        }
        stages
    }

    /// A neuron's name: `hidden[1]`, or the column's for an input.
    pub fn neuron(&self, node: usize, unit: usize) -> String {
        match self.input_names.get(unit) {
            Some(name) if node == 0 => name.clone(),
            _ => format!("{}[{unit}]", self.network.nodes[node].label),
        }
    }

    /// A number's name: `hidden.z[1]` for a weighted sum, `hidden.a[1]` for what its activation makes of it,
    /// `hidden[1]` where there is no such difference.
    pub(super) fn quantity(&self, stage: usize, unit: usize) -> String {
        let Stage { node, kind, .. } = self.all[stage];
        let label = &self.network.nodes[node].label;
        match (kind, self.of_node[node].len()) {
            (StageKind::Sums, _) => format!("{label}.z[{unit}]"),
            (StageKind::Values, 2) => format!("{label}.a[{unit}]"),
            (StageKind::Values, _) if self.network.nodes[node].is_linear() => format!("{label}.a[{unit}]"),
            (StageKind::Values, _) => self.neuron(node, unit),
        }
    }

    /// The name of the factor between two units of linked stages.
    pub(super) fn factor(&self, from: (usize, usize), to: (usize, usize)) -> String {
        let (source, target) = (self.all[from.0], self.all[to.0]);
        let node = &self.network.nodes[target.node];
        if source.node == target.node {
            return match node.activation() {
                Some(activation) if !activation.couples() => {
                    format!("{}′({})", activation.name(), self.quantity(from.0, from.1))
                }
                _ => self.derivative(from, to),
            };
        }
        if let Some(weight) = node.tensors.first().filter(|_| node.is_linear()) {
            return format!("{}.{}[{},{}]", node.label, weight.name, to.1, from.1);
        }
        if node.role() == Some(LayerRole::Multiply)
            && let [one, other] = node.inputs[..]
            && one != other
        {
            // Of a product of two, the slope in one is the other.
            let factor = if one.0 == source.node { other } else { one };
            return self.quantity(self.of_node[factor.0].end - 1, to.1);
        }
        if node.closes_block() && source.node + 1 != target.node {
            return format!("skip of {}", self.quantity(from.0, from.1));
        }
        self.derivative(from, to)
    }

    fn derivative(&self, from: (usize, usize), to: (usize, usize)) -> String {
        format!("∂{}/∂{}", self.quantity(to.0, to.1), self.quantity(from.0, from.1))
    }
}
