//! [`Plan`]: where each tensor and each node's values lie, for batches of at most so many rows.

use crate::catalog::layers::Role;
use crate::ir::Network;
use std::ops::Range;

/// The layout of a machine's arenas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The most rows of a batch.
    pub capacity: usize,
    /// One for each node, in the network's order.
    pub places: Vec<Place>,
    /// Trained tensors in storage order: (node, tensor of the node, range of the parameter arena).
    pub tensors: Vec<(usize, usize, Range<usize>)>,
    /// Numbers in the parameter arena.
    pub parameters: usize,
    /// Numbers in the state arena.
    pub state: usize,
    /// Numbers in the value arena.
    pub values: usize,
    /// Numbers in the arena of weighted sums that backward passes need.
    pub sums: usize,
    /// Numbers in the arena of what layers keep between the passes.
    pub saved: usize,
    /// The widest node that must be added to a gradient already there, for `scratch`.
    pub scratch: usize,
    /// Ranges of the parameter arena that `l1` and `l2` speak of.
    pub penalised: Vec<Range<usize>>,
}

/// Where one node's numbers lie. Ranges of rows are for one row; a batch of n takes n times as much from `start`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Earlier nodes that it takes values from.
    pub inputs: Vec<usize>,
    /// Values of one row.
    pub width: usize,
    /// Where its values start in the value arena.
    pub start: usize,
    /// Its tensors in the parameter arena.
    pub parameters: Range<usize>,
    /// Its state in the state arena.
    pub state: Range<usize>,
    /// Where its weighted sums start in their arena, where they are kept.
    pub sums: Option<usize>,
    /// Where what it keeps starts.
    pub saved: usize,
    /// How much of that is for the whole batch.
    pub saved_fixed: usize,
    /// How much for each row.
    pub saved_per_row: usize,
    /// Whether a gradient must reach it.
    pub wants_gradient: bool,
    /// For each input: whether the gradient there must be added to what a later node already left.
    pub adds: Vec<bool>,
}

impl Place {
    /// Its values in the value arena, for `batch` rows.
    pub fn values(&self, batch: usize) -> Range<usize> {
        self.start..self.start + self.width * batch
    }

    /// What it keeps, for `batch` rows.
    pub fn saved(&self, batch: usize) -> Range<usize> {
        self.saved..self.saved + self.saved_fixed + self.saved_per_row * batch
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
            values: 0,
            sums: 0,
            saved: 0,
            scratch: 0,
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
        let keeps_sums = node.activation().is_some_and(super::super::catalog::activations::Activation::needs_sums);
        self.places.push(Place {
            adds: vec![false; inputs.len()],
            inputs,
            width,
            start: self.values,
            parameters: first..self.parameters,
            state: self.state..self.state + state,
            sums: keeps_sums.then_some(self.sums),
            saved: self.saved,
            saved_fixed: saved.fixed,
            saved_per_row: saved.per_row,
            wants_gradient: reached || self.parameters > first || (is_input && input_gradient),
        });
        self.state += state;
        self.values += width * self.capacity;
        self.sums += if keeps_sums { width * self.capacity } else { 0 };
        self.saved += saved.fixed + saved.per_row * self.capacity;
    }

    /// Where a node feeds several others, the last of them writes its gradient first; the others add to it.
    fn mark_additions(&mut self) {
        let mut written = vec![false; self.places.len()];
        for index in (0..self.places.len()).rev() {
            for k in 0..self.places[index].inputs.len() {
                let input = self.places[index].inputs[k];
                if std::mem::replace(&mut written[input], true) {
                    self.places[index].adds[k] = true;
                    self.scratch = self.scratch.max(self.places[input].width * self.capacity);
                }
            }
        }
    }

    /// Bytes that a machine takes for this plan, with numbers of `size` bytes and an optimizer of so many slots.
    pub fn bytes(&self, size: usize, slots: usize) -> usize {
        let numbers = self.parameters.saturating_mul(2 + slots).saturating_add(self.state).saturating_add(self.sums);
        let values = self.values.saturating_mul(2).saturating_add(self.saved).saturating_add(2 * self.scratch);
        numbers.saturating_add(values).saturating_mul(size)
    }
}
