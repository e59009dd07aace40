//! [`RowChunk`]: some rows of a batch, and their way through the network: forward, the loss, and backward. Threads
//! each take a row chunk of their own where no row acts on another; else one row chunk is the whole batch. Not for
//! memory, which is the machine's.

use super::plan::NodeLayout;
use super::step::Losses;
use crate::catalog::Precision;
use crate::catalog::activations::Activation;
use crate::catalog::layers::{Backward, Forward, Gradients, Layer, Mode};
use crate::catalog::losses::Loss;
use crate::ir::Network;
use crate::tensor::{ArenaRows, Stream, Team, zip};

/// The team of one that a thread is, where it has work of its own.
pub(super) static SEQUENTIAL: Team = Team::solo();

/// Some rows of a batch, and what their passes need.
#[derive(Debug)]
pub(super) struct RowChunk<'m, R> {
    pub(super) network: &'m Network,
    pub(super) places: &'m [NodeLayout],
    pub(super) parameters: &'m [R],
    /// Who shares the work on these rows.
    pub(super) team: &'m Team,
    pub(super) mode: Mode,
    pub(super) rows: Matrices<'m, R>,
    pub(super) targets: &'m [R],
    /// The rows' losses.
    pub(super) losses: &'m mut [R],
    /// The rows' weights.
    pub(super) weights: &'m mut [R],
    pub(super) shared: Shared<'m, R>,
}

/// The rows of all nodes.
#[derive(Debug)]
pub(super) struct Matrices<'m, R> {
    pub(super) values: ArenaRows<'m, R>,
    pub(super) d_values: ArenaRows<'m, R>,
    pub(super) kept: ArenaRows<'m, R>,
    pub(super) scratch: ArenaRows<'m, R>,
}

/// What belongs to the whole batch; empty in a row chunk of some rows, whose layers need none of it.
#[derive(Debug, Default)]
pub(super) struct Shared<'m, R> {
    pub(super) state: &'m mut [R],
    pub(super) fixed: &'m mut [R],
    pub(super) streams: &'m mut [Stream],
    pub(super) gradients: &'m mut [R],
}

/// Where a node's weighted sums lie among what is kept, and what its layer keeps.
pub(super) const fn kept(node: usize) -> (usize, usize) {
    (2 * node, 2 * node + 1)
}

/// A layer's activation, where it has one that changes anything.
fn activation_of(layer: &dyn Layer) -> Option<&dyn Activation> {
    layer.activation().filter(|a| !a.is_linear())
}

impl<'m, R: Precision> RowChunk<'m, R> {
    fn last(&self) -> usize {
        self.places.len() - 1
    }

    fn layer(&self, node: usize) -> Option<&'m dyn Layer> {
        self.network.nodes[node].layer.as_deref()
    }

    /// Whether the node's activation is computed by itself: not where the loss does it.
    fn activates(&self, node: usize, fused: bool) -> bool {
        !(fused && node == self.last())
    }

    /// Forward through every node; `watch` is told each when it is done.
    pub(super) fn forward(&mut self, watch: &mut impl FnMut(usize)) {
        for node in 1..=self.last() {
            self.forward_node(node, true);
            watch(node);
        }
    }

    /// Forward, and the rows' losses.
    pub(super) fn forward_loss(&mut self, loss: &dyn Loss, fused: bool, watch: &mut impl FnMut(usize)) {
        let last = self.last();
        for node in 1..=last {
            self.forward_node(node, self.activates(node, fused));
            watch(node);
        }
        let (width, values) = (self.places[last].width, self.rows.values.get_mut(last));
        let targets = &self.targets[..values.len()];
        if fused {
            R::objective(loss).fused_value(self.losses, values, targets, width);
        } else {
            R::objective(loss).value(self.losses, values, targets, width);
        }
    }

    /// A node's layer and activation, forward.
    fn forward_node(&mut self, node: usize, activate: bool) {
        let (place, Some(layer)) = (&self.places[node], self.layer(node)) else { return };
        let (sums, saved) = kept(node);
        let batch = self.rows.values.count();
        let (y, x) = self.rows.values.write(node, &place.inputs);
        R::kernel(layer).forward(&mut Forward {
            team: self.team,
            mode: self.mode,
            batch,
            x,
            y,
            parameters: &self.parameters[place.parameters.clone()],
            state: &mut self.shared.state[place.state.clone()],
            fixed: &mut self.shared.fixed[place.fixed.clone()],
            saved: self.rows.kept.get_mut(saved),
            random: self.shared.streams.get_mut(node),
        });
        let Some(activation) = activation_of(layer).filter(|_| activate) else { return };
        if place.keeps_sums {
            self.rows.kept.get_mut(sums).copy_from_slice(y);
        }
        R::compute(activation).forward(y, place.width);
    }

    /// ∂L/∂output of the batch's mean loss.
    pub(super) fn loss_gradient(&mut self, loss: &dyn Loss, fused: bool, losses: Losses) {
        let last = self.last();
        let share = R::of(1.0 / losses.weight);
        for weight in self.weights.iter_mut() {
            *weight *= share;
        }
        let (width, a) = (self.places[last].width, self.rows.values.get(last));
        let (gradient, targets) = (self.rows.d_values.get_mut(last), &self.targets[..a.len()]);
        if fused {
            R::objective(loss).fused_gradient(gradient, a, targets, self.weights, width);
        } else {
            R::objective(loss).gradient(gradient, a, targets, self.weights, width);
        }
    }

    /// Backward from ∂L/∂output through every node: to its inputs, and to its parameters where `parameters`; `watch` is
    /// told each when it is done.
    pub(super) fn backward(&mut self, fused: bool, parameters: bool, watch: &mut impl FnMut(usize)) {
        for node in (1..=self.last()).rev() {
            if self.places[node].wants_gradient {
                self.backward_activation(node, fused);
                if parameters {
                    self.gradients_of(node);
                }
                self.backward_inputs(node);
                watch(node);
            }
        }
    }

    /// ∂L/∂z from ∂L/∂a, in place.
    fn backward_activation(&mut self, node: usize, fused: bool) {
        let activation = self.layer(node).and_then(activation_of).filter(|_| self.activates(node, fused));
        let Some(activation) = activation else { return };
        let (dy, a, z) =
            (self.rows.d_values.get_mut(node), self.rows.values.get(node), self.rows.kept.get(kept(node).0));
        R::compute(activation).backward(dy, z, a, self.places[node].width);
    }

    fn gradients_of(&mut self, node: usize) {
        let place = &self.places[node];
        let Some(layer) = self.layer(node).filter(|_| !place.parameters.is_empty()) else { return };
        let (layer, batch) = (R::kernel(layer), self.rows.values.count());
        layer.gradients(&mut Gradients {
            team: self.team,
            batch,
            x: self.rows.values.inputs(&place.inputs),
            dy: self.rows.d_values.get(node),
            saved: self.rows.kept.get(kept(node).1),
            columns: 0..layer.columns(batch).count,
            gradients: &mut self.shared.gradients[place.parameters.clone()],
        });
    }

    /// ∂L/∂x of the node's inputs that want it.
    fn backward_inputs(&mut self, node: usize) {
        for (k, &input) in self.places[node].inputs.iter().enumerate() {
            if self.places[input].wants_gradient {
                self.backward_input(node, k);
            }
        }
    }

    /// ∂L/∂x of one of the node's inputs, added to the gradient that another reader of it left, where one did.
    fn backward_input(&mut self, node: usize, input: usize) {
        let (place, Some(layer)) = (&self.places[node], self.layer(node)) else { return };
        let (from, batch) = (place.inputs[input], self.rows.values.count());
        let Matrices { values, d_values, kept: rows, scratch } = &mut self.rows;
        let [dy, there] = d_values.apart([Some(node), Some(from)]);
        let adds = place.adds[input];
        let dx = if adds { &mut scratch.get_mut(0)[..there.len()] } else { &mut *there };
        R::kernel(layer).backward(&mut Backward {
            team: self.team,
            mode: self.mode,
            batch,
            input,
            x: values.inputs(&place.inputs),
            dy,
            dx,
            parameters: &self.parameters[place.parameters.clone()],
            gradients: self.shared.gradients.get(place.parameters.clone()).unwrap_or_default(),
            fixed: &self.shared.fixed[place.fixed.clone()],
            saved: rows.get(kept(node).1),
        });
        if adds {
            zip(there, &scratch.get(0)[..there.len()], |there, more| there + more);
        }
    }
}
