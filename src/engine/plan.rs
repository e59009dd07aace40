//! [`Plan`]: where each tensor lies and what each node needs, for batches of at most so many rows.

use crate::catalog::layers::Role;
use crate::ir::{Footprint, Network};
use std::ops::Range;

/// The layout of a machine's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The most rows of a batch.
    pub capacity: usize,
    /// One for each node, in the network's order.
    pub places: Vec<NodeLayout>,
    /// Trained tensors in storage order: (node, tensor of the node, range of the parameter arena).
    pub tensors: Vec<(usize, usize, Range<usize>)>,
    /// Numbers in the parameter arena.
    pub parameters: usize,
    /// Numbers in the state arena.
    pub state: usize,
    /// Numbers that layers keep of a whole batch between the passes.
    pub fixed: usize,
    /// The width of the widest node that must be added to a gradient already there.
    pub scratch: usize,
    /// What all nodes take.
    pub footprint: Footprint,
    /// Multiply-adds of the forward pass for one row.
    pub multiply_adds: u64,
    /// Ranges of the parameter arena that `l1` and `l2` speak of.
    pub penalised: Vec<Range<usize>>,
}

/// What one node needs, and where its own numbers lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeLayout {
    /// Earlier nodes that it takes values from.
    pub inputs: Vec<usize>,
    /// Values of one row.
    pub width: usize,
    /// Its tensors in the parameter arena.
    pub parameters: Range<usize>,
    /// Its state in the state arena.
    pub state: Range<usize>,
    /// Whether its weighted sums are kept for the backward pass.
    pub keeps_sums: bool,
    /// What it keeps of a whole batch.
    pub fixed: Range<usize>,
    /// How many numbers it keeps of each row.
    pub saved: usize,
    /// Whether a gradient must reach it.
    pub wants_gradient: bool,
    /// For each input: whether the gradient there must be added to what a later node already left.
    pub adds: Vec<bool>,
}

impl NodeLayout {
    /// The width of its weighted sums, where they are kept.
    pub fn sums(&self) -> usize {
        if self.keeps_sums { self.width } else { 0 }
    }
}

impl Plan {
    /// Lays out `network` for batches of at most `capacity` rows. `input_gradient` asks for the gradient of the
    /// network's input too, which training does without.
    pub fn new(network: &Network, capacity: usize, input_gradient: bool) -> Self {
        let mut plan = Self {
            capacity,
            places: Vec::with_capacity(network.nodes.len()),
            tensors: Vec::new(),
            parameters: 0,
            state: 0,
            fixed: 0,
            scratch: 0,
            footprint: Footprint::default(),
            multiply_adds: 0,
            penalised: Vec::new(),
        };
        for (index, node) in network.nodes.iter().enumerate() {
            plan.place(index, node, input_gradient);
        }
        plan.mark_additions();
        plan
    }

    fn place(&mut self, index: usize, node: &crate::ir::Node, input_gradient: bool) {
        let width = node.shape.size();
        let first = self.parameters;
        for (k, tensor) in node.tensors.iter().enumerate() {
            let range = self.parameters..self.parameters + tensor.shape.size();
            if tensor.role == Role::Weight {
                self.penalised.push(range.clone());
            }
            self.parameters = range.end;
            self.tensors.push((index, k, range));
        }
        let inputs: Vec<usize> = node.inputs.iter().map(|i| i.0).collect();
        let reached = inputs.iter().any(|&i| self.places[i].wants_gradient);
        let is_input = node.layer.is_none();
        let saved = node.layer.as_ref().map_or_else(Default::default, |l| l.saved());
        let state: usize = node.state.iter().map(|s| s.size).sum();
        let keeps_sums = node.activation().is_some_and(crate::catalog::activations::Activation::needs_sums);
        self.places.push(NodeLayout {
            adds: vec![false; inputs.len()],
            inputs,
            width,
            parameters: first..self.parameters,
            state: self.state..self.state + state,
            keeps_sums,
            fixed: self.fixed..self.fixed + saved.fixed,
            saved: saved.per_row,
            wants_gradient: reached || self.parameters > first || (is_input && input_gradient),
        });
        self.footprint += Footprint::of(node);
        self.state += state;
        self.fixed += saved.fixed;
        self.multiply_adds += node.layer.as_ref().map_or(0, |l| l.multiply_adds());
    }

    /// Where a node feeds several others, the last of them writes its gradient first; the others add to it.
    fn mark_additions(&mut self) {
        let mut written = vec![false; self.places.len()];
        for index in (0..self.places.len()).rev() {
            for k in 0..self.places[index].inputs.len() {
                let input = self.places[index].inputs[k];
                if std::mem::replace(&mut written[input], true) {
                    self.places[index].adds[k] = true;
                    self.scratch = self.scratch.max(self.places[input].width);
                }
            }
        }
    }

    /// Bytes that a machine takes for this plan, with numbers of `size` bytes and an optimizer of so many slots.
    pub fn bytes(&self, size: usize, slots: usize) -> usize {
        let mut all = self.footprint;
        all.row = all.row.saturating_add(self.scratch);
        all.bytes(size, self.capacity, slots)
    }
}
