//! [`Machine`]: the arenas, and the passes over them.

use super::plan::Plan;
use crate::catalog::Precision;
use crate::catalog::layers::{Backward, Forward, MOST_INPUTS, Mode};
use crate::catalog::losses::Loss;
use crate::catalog::optimizers::{Optimizer, Step};
use crate::ir::Network;
use crate::tensor::{Purpose, Stream, Team, is_all_finite, map, sum_of_squares, zip};
use std::ops::Range;

/// A network with its memory, in one precision.
#[derive(Debug)]
pub struct Machine<'a, R> {
    network: &'a Network,
    plan: Plan,
    team: Team,
    /// Trained tensors, one after the other (a matrix column-major).
    pub parameters: Vec<R>,
    /// ∂L/∂parameters of the last backward pass.
    pub gradients: Vec<R>,
    /// Running statistics and their kin.
    pub state: Vec<R>,
    /// What the optimizer remembers: slots of the parameters' length.
    pub slots: Vec<R>,
    /// One stream for each node that needs one.
    pub streams: Vec<Stream>,
    values: Vec<R>,
    deltas: Vec<R>,
    sums: Vec<R>,
    saved: Vec<R>,
    scratch: Vec<R>,
    targets: Vec<R>,
    row_losses: Vec<R>,
    row_weights: Vec<R>,
    /// Each node's inputs in the value arena, for the batch in hand.
    inputs: Vec<Vec<Range<usize>>>,
    batch: usize,
}

/// The loss of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// Σ weight·row loss / Σ weight
    pub mean: f64,
    /// Σ weight
    pub weight: f64,
}

impl<'a, R: Precision> Machine<'a, R> {
    /// Makes all memory: for training where `optimizer` is given, else for predicting alone.
    pub fn new(network: &'a Network, plan: Plan, optimizer: Option<&dyn Optimizer>, seed: u64, team: Team) -> Self {
        let zeros = |count: usize| vec![R::ZERO; count];
        let trains = optimizer.is_some();
        let when_training = |count: usize| if trains { zeros(count) } else { Vec::new() };
        let width = plan.places.last().map_or(0, |p| p.width);
        let inputs = plan.places.iter().map(|p| p.inputs.iter().map(|_| 0..0).collect()).collect();
        let streams = (0..plan.places.len()).map(|n| Stream::new(seed, Purpose::Dropout(n))).collect();
        let mut machine = Self {
            network,
            team,
            parameters: zeros(plan.parameters),
            gradients: when_training(plan.parameters),
            state: zeros(plan.state),
            slots: when_training(
                optimizer.map_or(0, super::super::catalog::optimizers::Optimizer::slots) * plan.parameters,
            ),
            streams,
            values: zeros(plan.values),
            deltas: when_training(plan.values),
            sums: zeros(plan.sums),
            saved: zeros(plan.saved),
            scratch: when_training(plan.scratch),
            targets: zeros(width * plan.capacity),
            row_losses: zeros(plan.capacity),
            row_weights: zeros(plan.capacity),
            inputs,
            batch: 0,
            plan,
        };
        machine.start(seed);
        machine
    }

    /// Starts every tensor from its distribution, each from a stream of its own, and every state from its value.
    fn start(&mut self, seed: u64) {
        for (k, (node, tensor, range)) in self.plan.tensors.iter().enumerate() {
            let start = self.network.nodes[*node].tensors[*tensor].start;
            start.fill(&mut self.parameters[range.clone()], &mut Stream::new(seed, Purpose::Init(k)));
        }
        for (node, place) in self.network.nodes.iter().zip(&self.plan.places) {
            let mut at = place.state.start;
            for state in &node.state {
                self.state[at..at + state.size].fill(R::of(state.start));
                at += state.size;
            }
        }
    }

    /// The layout.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who shares the work.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// Takes a batch of this many rows; to be called before rows are put in.
    ///
    /// # Panics
    /// With more rows than the plan has room for.
    pub fn set_batch(&mut self, rows: usize) {
        assert!(rows <= self.plan.capacity, "{rows} rows in a plan for {}", self.plan.capacity);
        if rows == self.batch {
            return;
        }
        self.batch = rows;
        for (ranges, place) in self.inputs.iter_mut().zip(&self.plan.places) {
            for (range, &input) in ranges.iter_mut().zip(&place.inputs) {
                *range = self.plan.places[input].values(rows);
            }
        }
    }

    /// Where the batch's input rows go: `width × batch`.
    pub fn input_mut(&mut self) -> &mut [R] {
        let range = self.plan.places[0].values(self.batch);
        &mut self.values[range]
    }

    /// Where the batch's targets go: `width × batch`.
    pub fn target_mut(&mut self) -> &mut [R] {
        let width = self.output_width();
        &mut self.targets[..width * self.batch]
    }

    /// Where the batch's row weights go.
    pub fn weights_mut(&mut self) -> &mut [R] {
        &mut self.row_weights[..self.batch]
    }

    /// Values of one row at the input.
    pub fn input_width(&self) -> usize {
        self.plan.places[0].width
    }

    /// Values of one row at the output.
    pub fn output_width(&self) -> usize {
        self.plan.places[self.plan.places.len() - 1].width
    }

    /// The network's output for the batch, `width × batch`.
    pub fn output(&self) -> &[R] {
        self.values_of(self.plan.places.len() - 1)
    }

    /// The network's output and the targets of the batch, both `width × batch`.
    pub fn output_and_targets(&self) -> (&[R], &[R]) {
        (self.output(), &self.targets[..self.output_width() * self.batch])
    }

    /// A node's values for the batch, `width × batch`.
    pub fn values_of(&self, node: usize) -> &[R] {
        &self.values[self.plan.places[node].values(self.batch)]
    }

    /// ∂L/∂values of a node after a backward pass, where the plan asked for it. A node's own activation overwrites it
    /// with ∂L/∂z.
    pub fn deltas_of(&self, node: usize) -> &[R] {
        &self.deltas[self.plan.places[node].values(self.batch)]
    }

    /// The loss of each row of the batch.
    pub fn row_losses(&self) -> &[R] {
        &self.row_losses[..self.batch]
    }

    /// A node's layer and activation, forward.
    fn forward_node(&mut self, node: usize, mode: Mode, activate: bool) {
        let place = &self.plan.places[node];
        let Some(layer) = self.network.nodes[node].layer.as_deref() else { return };
        let (before, rest) = self.values.split_at_mut(place.start);
        let y = &mut rest[..place.width * self.batch];
        let mut pass = Forward {
            team: &self.team,
            mode,
            batch: self.batch,
            values: before,
            inputs: &self.inputs[node],
            y,
            parameters: &self.parameters[place.parameters.clone()],
            state: &mut self.state[place.state.clone()],
            saved: &mut self.saved[place.saved(self.batch)],
            random: &mut self.streams[node],
        };
        R::kernel(layer).forward(&mut pass);
        let Some(activation) = layer.activation().filter(|a| activate && !a.is_linear()) else { return };
        let y = pass.y;
        if let Some(start) = place.sums {
            self.sums[start..start + y.len()].copy_from_slice(y);
        }
        R::compute(activation).forward(y, place.width);
    }

    /// The forward pass over the batch that was put in.
    pub fn forward(&mut self, mode: Mode) {
        self.forward_watched(mode, |_| ());
    }

    /// As [`Self::forward`]; `watch` is told each node when it is done, for those who measure.
    pub fn forward_watched(&mut self, mode: Mode, mut watch: impl FnMut(usize)) {
        for node in 1..self.plan.places.len() {
            self.forward_node(node, mode, true);
            watch(node);
        }
    }

    /// The forward pass and the loss of the batch. Where `fused`, the output's activation is computed with the loss.
    pub fn forward_loss(&mut self, mode: Mode, loss: &dyn Loss, fused: bool) -> Losses {
        self.forward_loss_watched(mode, loss, fused, |_| ())
    }

    /// As [`Self::forward_loss`]; `watch` is told each node when it is done. What follows the last one is the loss.
    pub fn forward_loss_watched(
        &mut self,
        mode: Mode,
        loss: &dyn Loss,
        fused: bool,
        mut watch: impl FnMut(usize),
    ) -> Losses {
        let last = self.plan.places.len() - 1;
        for node in 1..=last {
            self.forward_node(node, mode, !(fused && node == last));
            watch(node);
        }
        let place = &self.plan.places[last];
        let (width, range) = (place.width, place.values(self.batch));
        let rows = &mut self.row_losses[..self.batch];
        let targets = &self.targets[..width * self.batch];
        if fused {
            R::objective(loss).fused_value(rows, &mut self.values[range], targets, width);
        } else {
            R::objective(loss).value(rows, &self.values[range], targets, width);
        }
        let weights = &self.row_weights[..self.batch];
        let (mut total, mut weight) = (0.0, 0.0);
        for (&row, &w) in rows.iter().zip(weights) {
            total += row.f64() * w.f64();
            weight += w.f64();
        }
        Losses { mean: total / weight, weight }
    }

    /// The backward pass of the batch's mean loss; `losses` is what [`Self::forward_loss`] gave.
    pub fn backward(&mut self, mode: Mode, loss: &dyn Loss, fused: bool, losses: Losses) {
        self.backward_watched(mode, loss, fused, losses, |_| ());
    }

    /// As [`Self::backward`]; `watch` is told the number past the last node when the loss's gradient is there, and then
    /// each node when it is done.
    pub fn backward_watched(
        &mut self,
        mode: Mode,
        loss: &dyn Loss,
        fused: bool,
        losses: Losses,
        mut watch: impl FnMut(usize),
    ) {
        let last = self.plan.places.len() - 1;
        let place = &self.plan.places[last];
        let (width, range) = (place.width, place.values(self.batch));
        let share = R::of(1.0 / losses.weight);
        for weight in &mut self.row_weights[..self.batch] {
            *weight *= share;
        }
        let targets = &self.targets[..width * self.batch];
        let weights = &self.row_weights[..self.batch];
        let (gradient, a) = (&mut self.deltas[range.clone()], &self.values[range]);
        if fused {
            R::objective(loss).fused_gradient(gradient, a, targets, weights, width);
        } else {
            R::objective(loss).gradient(gradient, a, targets, weights, width);
        }
        watch(last + 1);
        self.backward_nodes(mode, fused, watch);
    }

    /// The backward pass from ∂L/∂output, given for the batch: for explanations that ask about one output at a time.
    pub fn backward_from(&mut self, mode: Mode, gradient: &[R]) {
        let range = self.plan.places[self.plan.places.len() - 1].values(self.batch);
        self.deltas[range].copy_from_slice(gradient);
        self.backward_nodes(mode, false, |_| ());
    }

    fn backward_nodes(&mut self, mode: Mode, fused: bool, mut watch: impl FnMut(usize)) {
        let last = self.plan.places.len() - 1;
        for node in (1..=last).rev() {
            if self.plan.places[node].wants_gradient {
                self.backward_node(node, mode, !(fused && node == last));
                watch(node);
            }
        }
    }

    /// A node's activation and layer, backward.
    fn backward_node(&mut self, node: usize, mode: Mode, activate: bool) {
        let place = &self.plan.places[node];
        let Some(layer) = self.network.nodes[node].layer.as_deref() else { return };
        let (before, rest) = self.deltas.split_at_mut(place.start);
        let dy = &mut rest[..place.width * self.batch];
        let values = &self.values;
        if let Some(activation) = layer.activation().filter(|a| activate && !a.is_linear()) {
            let z = place.sums.map_or(&[] as &[R], |start| &self.sums[start..start + dy.len()]);
            R::compute(activation).backward(dy, z, &values[place.values(self.batch)], place.width);
        }
        let wanted = [0, 1].map(|k| place.inputs.get(k).is_some_and(|&i| self.plan.places[i].wants_gradient));
        let adds = [0, 1].map(|k| wanted[k] && place.adds[k]);
        let dx = input_gradients(before, &mut self.scratch, &self.inputs[node], wanted, adds);
        let mut pass = Backward {
            team: &self.team,
            mode,
            batch: self.batch,
            values: &values[..place.start],
            inputs: &self.inputs[node],
            dy,
            dx,
            parameters: &self.parameters[place.parameters.clone()],
            state: &self.state[place.state.clone()],
            gradients: &mut self.gradients[place.parameters.clone()],
            saved: &self.saved[place.saved(self.batch)],
        };
        R::kernel(layer).backward(&mut pass);
        if let Some(k) = adds.iter().position(|&adds| adds) {
            let target = &mut before[self.inputs[node][k].clone()];
            let count = target.len();
            zip(target, &self.scratch[..count], |there, more| there + more);
        }
    }

    /// Adds the gradients of `l1·Σ|w| + l2·Σw²` over the penalised tensors.
    pub fn penalise(&mut self, l1: f64, l2: f64) {
        if l1 == 0.0 && l2 == 0.0 {
            return;
        }
        let (l1, twice) = (R::of(l1), R::of(2.0 * l2));
        for range in &self.plan.penalised {
            let (gradients, weights) = (&mut self.gradients[range.clone()], &self.parameters[range.clone()]);
            zip(gradients, weights, |g, w| {
                let above = if w > R::ZERO { l1 } else { R::ZERO };
                let below = if w < R::ZERO { l1 } else { R::ZERO };
                g + (twice * w + (above - below))
            });
        }
    }

    /// The norm of all gradients together.
    pub fn gradient_norm(&self) -> f64 {
        sum_of_squares(&self.gradients).sqrt()
    }

    /// Shrinks all gradients together so that their norm is at most `bound`.
    pub fn clip(&mut self, bound: f64) {
        let norm = self.gradient_norm();
        if norm > bound {
            let factor = R::of(bound / norm);
            map(&mut self.gradients, |g| g * factor);
        }
    }

    /// Moves the parameters by their gradients: all from gradients taken at the old weights.
    pub fn update(&mut self, optimizer: &dyn Optimizer, step: Step) {
        R::update(optimizer).update(&self.team, &mut self.parameters, &self.gradients, &mut self.slots, step);
    }

    /// Whether every parameter is a finite number.
    pub fn is_finite(&self) -> bool {
        is_all_finite(&self.parameters) && is_all_finite(&self.state)
    }

    /// The first node whose values for the batch are not all finite.
    pub fn first_non_finite(&self) -> Option<usize> {
        (0..self.plan.places.len()).find(|&node| !is_all_finite(self.values_of(node)))
    }
}

/// The places where a node writes its inputs' gradients: in the arena; in scratch where it must be added; nowhere where
/// nobody wants it. At most one of a node's inputs is added to, for a node's inputs differ and one of them is its
/// neighbour.
fn input_gradients<'d, R>(
    before: &'d mut [R],
    scratch: &'d mut [R],
    inputs: &[Range<usize>],
    wanted: [bool; MOST_INPUTS],
    adds: [bool; MOST_INPUTS],
) -> [&'d mut [R]; MOST_INPUTS] {
    let mut places: [&mut [R]; MOST_INPUTS] = [&mut [], &mut []];
    let mut rest = before;
    let mut taken = 0;
    let mut scratch = Some(scratch);
    // In the order of the arena, so that the parts can be split off one by one.
    let swapped = inputs.len() == 2 && inputs[1].start < inputs[0].start;
    for k in if swapped { [1, 0] } else { [0, 1] } {
        let Some(range) = inputs.get(k).filter(|_| wanted[k]) else { continue };
        if adds[k] {
            if let Some(scratch) = scratch.take() {
                places[k] = &mut scratch[..range.len()];
            }
            continue;
        }
        let (_, from) = rest.split_at_mut(range.start - taken);
        let (place, after) = from.split_at_mut(range.len());
        taken = range.end;
        places[k] = place;
        rest = after;
    }
    places
}
