//! [`Footprint`]: how much memory a network takes in training. One count, by which the plan allocates and `nn show`
//! tells.

use super::network::Node;
use crate::catalog::activations::Activation;
use std::ops::AddAssign;

/// Numbers that are held in training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Trained ones: each has a gradient, and what the optimizer remembers of it.
    pub parameters: usize,
    /// Others that are there once, whatever the batch: state, and what layers keep of a whole batch.
    pub once: usize,
    /// For each row of a batch: values and their gradients, weighted sums, what layers keep of the row.
    pub row: usize,
}

impl Footprint {
    /// What one node takes.
    pub fn of(node: &Node) -> Self {
        let width = node.shape.size();
        let saved = node.layer.as_ref().map_or_else(Default::default, |l| l.saved());
        let state: usize = node.state.iter().map(|s| s.size).sum();
        let sums = if node.activation().is_some_and(Activation::needs_sums) { width } else { 0 };
        Self {
            parameters: node.parameter_count(),
            once: state.saturating_add(saved.fixed),
            row: width.saturating_mul(2).saturating_add(sums).saturating_add(saved.per_row),
        }
    }

    /// Bytes, with numbers of `size` bytes, batches of so many rows and an optimizer of so many slots.
    pub fn bytes(self, size: usize, rows: usize, slots: usize) -> usize {
        let once = self.parameters.saturating_mul(2 + slots).saturating_add(self.once);
        once.saturating_add(self.row.saturating_mul(rows)).saturating_mul(size)
    }
}

impl AddAssign for Footprint {
    fn add_assign(&mut self, other: Self) {
        self.parameters = self.parameters.saturating_add(other.parameters);
        self.once = self.once.saturating_add(other.once);
        self.row = self.row.saturating_add(other.row);
    }
}
