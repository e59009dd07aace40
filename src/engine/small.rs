//! [`Small`]: training steps of a network of a few neurons, sixteen rows interleaved. There the calls, copies and
//! part-filled vectors between a layer and the next cost more than the arithmetic; interleaved, no vector is
//! part-filled, and one pass over a block of rows needs a dozen calls. Not for what is looked into afterwards: values
//! of hidden layers are not left in the machine.

use super::plan::Plan;
use crate::catalog::Precision;
use crate::catalog::activations::Activation;
use crate::catalog::losses::{FusedInterleaved, Loss};
use crate::catalog::op::Op;
use crate::ir::Network;
use crate::tensor::{
    ABREAST, Abreast, affine_abreast, gradients_abreast, input_gradient_abreast, lay_abreast, lay_in_rows,
};
use std::ops::Range;

/// Most parameters of a network that is trained interleaved, and most of one layer's units, measured: from here on the
/// machine's own products are as fast.
const MOST_PARAMETERS: usize = 1024;
/// Most rows of a batch, measured as above.
const MOST_ROWS: usize = 64;

/// A chain of dense layers, and the values of one block of rows in it.
#[derive(Debug)]
pub(super) struct Small<R> {
    links: Vec<Link>,
    /// The values of the input and then of each layer.
    values: Vec<Abreast<R>>,
    /// Weighted sums, laid out as the values.
    sums: Vec<Abreast<R>>,
    /// ∂L/∂values.
    d_values: Vec<Abreast<R>>,
    edge: Edge<R>,
}

/// One layer of the chain: where its inputs, its values and its parameters are.
#[derive(Debug)]
struct Link {
    node: usize,
    inputs: Range<usize>,
    units: Range<usize>,
    weight: Range<usize>,
    bias: Range<usize>,
    /// Whether its activation's slope needs its weighted sums.
    keeps_sums: bool,
}

/// The network's end for one block, row after row as losses take it. Rows that are not there weigh nothing.
#[derive(Debug)]
struct Edge<R> {
    output: Vec<R>,
    gradient: Vec<R>,
    targets: Vec<R>,
    /// The targets interleaved.
    interleaved: Vec<Abreast<R>>,
    losses: Abreast<R>,
    weights: Abreast<R>,
}

/// A batch to step over. Matrices are `width × rows`, a row contiguous.
#[derive(Debug)]
pub(super) struct Batch<'b, R> {
    pub(super) network: &'b Network,
    pub(super) parameters: &'b [R],
    /// Written whole.
    pub(super) gradients: &'b mut [R],
    pub(super) input: &'b [R],
    pub(super) targets: &'b [R],
    pub(super) weights: &'b [R],
    /// 1 / Σ weights
    pub(super) share: R,
    /// The network's output, written whole.
    pub(super) output: &'b mut [R],
    /// The rows' losses, written whole.
    pub(super) losses: &'b mut [R],
}

impl<R: Precision> Small<R> {
    /// For a network that is small enough, a chain of dense layers, and bent one unit at a time (its last layer may be
    /// bent together with the loss).
    pub(super) fn new(network: &Network, plan: &Plan) -> Option<Self> {
        if plan.parameters > MOST_PARAMETERS || plan.places[0].wants_gradient {
            return None;
        }
        let mut end = plan.places[0].width;
        let mut links = Vec::with_capacity(plan.places.len());
        for (node, place) in plan.places.iter().enumerate().skip(1) {
            let layer = network.nodes[node].layer.as_deref()?;
            let Op::Gemm { bias } = layer.op() else { return None };
            let before = plan.places[node - 1].width;
            let bends_alone = layer.activation().is_none_or(|a| !a.couples());
            if place.inputs != [node - 1] || !(bends_alone || node + 1 == plan.places.len()) {
                return None;
            }
            let weights = place.parameters.start + place.width * before;
            links.push(Link {
                node,
                inputs: end - before..end,
                units: end..end + place.width,
                weight: place.parameters.start..weights,
                bias: weights..if bias { place.parameters.end } else { weights },
                keeps_sums: place.keeps_sums,
            });
            end += place.width;
        }
        let width = links.last()?.units.len();
        let (zeros, block) = (vec![R::ZERO; width * ABREAST], vec![[R::ZERO; ABREAST]; end]);
        Some(Self {
            links,
            values: block.clone(),
            sums: block.clone(),
            d_values: block,
            edge: Edge {
                output: zeros.clone(),
                gradient: zeros.clone(),
                targets: zeros,
                interleaved: vec![[R::ZERO; ABREAST]; width],
                losses: [R::ZERO; ABREAST],
                weights: [R::ZERO; ABREAST],
            },
        })
    }

    /// Whether a batch of so many rows is stepped over here, with the loss and the last activation together or apart.
    pub(super) fn takes(&self, network: &Network, rows: usize, fused: bool) -> bool {
        let last = self.links.last().and_then(|l| activation(network, l));
        rows <= MOST_ROWS && (fused || last.is_none_or(|a| !a.couples()))
    }

    /// Forward, the loss, and backward to the parameters.
    pub(super) fn pass(&mut self, batch: &mut Batch<'_, R>, loss: &dyn Loss, fused: bool) {
        batch.gradients.fill(R::ZERO);
        for first in (0..batch.weights.len()).step_by(ABREAST) {
            let rows = first..batch.weights.len().min(first + ABREAST);
            self.take_in(batch, &rows);
            self.forward(batch, fused);
            self.edge.judge(batch, &rows, loss, fused, &mut self.values, &mut self.d_values);
            self.backward(batch, fused);
        }
    }

    /// The block's input rows, interleaved.
    fn take_in(&mut self, batch: &Batch<'_, R>, rows: &Range<usize>) {
        let width = self.links[0].inputs.len();
        lay_abreast(&mut self.values[..width], &batch.input[rows.start * width..rows.end * width]);
    }

    fn forward(&mut self, batch: &Batch<'_, R>, fused: bool) {
        for link in &self.links {
            let (before, y) = self.values[..link.units.end].split_at_mut(link.units.start);
            let (w, b) = (&batch.parameters[link.weight.clone()], &batch.parameters[link.bias.clone()]);
            affine_abreast(y, w, b, &before[link.inputs.clone()]);
            let Some(activation) = bends(&self.links, link, batch.network, fused) else { continue };
            if link.keeps_sums {
                self.sums[link.units.clone()].copy_from_slice(y);
            }
            R::compute(activation).forward(y.as_flattened_mut(), ABREAST);
        }
    }

    fn backward(&mut self, batch: &mut Batch<'_, R>, fused: bool) {
        for (k, link) in self.links.iter().enumerate().rev() {
            let (before, dy) = self.d_values[..link.units.end].split_at_mut(link.units.start);
            if let Some(activation) = bends(&self.links, link, batch.network, fused) {
                let z = if link.keeps_sums { self.sums[link.units.clone()].as_flattened() } else { &[] };
                let a = self.values[link.units.clone()].as_flattened();
                R::compute(activation).backward(dy.as_flattened_mut(), z, a, ABREAST);
            }
            let (dw, db) = batch.gradients[link.weight.start..link.bias.end].split_at_mut(link.weight.len());
            gradients_abreast(dw, db, dy, &self.values[link.inputs.clone()]);
            if k > 0 {
                input_gradient_abreast(&mut before[link.inputs.clone()], &batch.parameters[link.weight.clone()], dy);
            }
        }
    }
}

impl<R: Precision> Edge<R> {
    /// The block's output and losses into the batch, and ∂L/∂output interleaved.
    fn judge(
        &mut self,
        batch: &mut Batch<'_, R>,
        rows: &Range<usize>,
        loss: &dyn Loss,
        fused: bool,
        values: &mut [Abreast<R>],
        d_values: &mut [Abreast<R>],
    ) {
        let width = self.output.len() / ABREAST;
        let last = values.len() - width;
        let (values, d_values) = (&mut values[last..], &mut d_values[last..]);
        let cells = rows.start * width..rows.end * width;
        self.weights = [R::ZERO; ABREAST];
        for (to, &w) in self.weights.iter_mut().zip(&batch.weights[rows.clone()]) {
            *to = w * batch.share;
        }
        let (losses, weights) = (&mut self.losses, &self.weights);
        if width == 1 {
            // Rows one after the other and interleaved are the same.
            put(&mut self.targets, &batch.targets[cells.clone()]);
            let (output, gradient) = (values.as_flattened_mut(), d_values.as_flattened_mut());
            apart_or_together(loss, fused, losses, gradient, output, &self.targets, weights, 1);
            put(&mut batch.output[cells.clone()], &output[..cells.len()]);
            put(&mut batch.losses[rows.clone()], &losses[..rows.len()]);
            return;
        }
        lay_abreast(&mut self.interleaved, &batch.targets[cells.clone()]);
        let together = FusedInterleaved { values, gradient: d_values, targets: &self.interleaved, weights };
        if fused && R::objective(loss).fused_abreast(losses, together) {
            lay_in_rows(&mut self.output, values);
        } else {
            lay_in_rows(&mut self.output, values);
            put(&mut self.targets, &batch.targets[cells.clone()]);
            let (gradient, output, targets) = (&mut self.gradient, &mut self.output, &self.targets);
            apart_or_together(loss, fused, losses, gradient, output, targets, weights, width);
            lay_abreast(d_values, gradient);
        }
        put(&mut batch.output[cells.clone()], &self.output[..cells.len()]);
        put(&mut batch.losses[rows.clone()], &losses[..rows.len()]);
    }
}

/// The rows' losses and ∂L/∂output, with the last activation or without.
fn apart_or_together<R: Precision>(
    loss: &dyn Loss,
    fused: bool,
    losses: &mut [R],
    gradient: &mut [R],
    output: &mut [R],
    targets: &[R],
    weights: &[R],
    width: usize,
) {
    if fused {
        R::objective(loss).fused_value(losses, output, targets, width);
        R::objective(loss).fused_gradient(gradient, output, targets, weights, width);
    } else {
        R::objective(loss).value(losses, output, targets, width);
        R::objective(loss).gradient(gradient, output, targets, weights, width);
    }
}

/// The activation that a layer computes by itself: not one that changes nothing, nor the last where the loss does it.
fn bends<'n>(links: &[Link], link: &Link, network: &'n Network, fused: bool) -> Option<&'n dyn Activation> {
    let with_loss = fused && links.last().is_some_and(|last| last.node == link.node);
    activation(network, link).filter(|a| !with_loss && !a.is_linear())
}

fn activation<'n>(network: &'n Network, link: &Link) -> Option<&'n dyn Activation> {
    network.nodes[link.node].layer.as_deref()?.activation()
}

/// `from` to the start of `to`, zeros behind it.
fn put<R: Precision>(to: &mut [R], from: &[R]) {
    let (there, behind) = to.split_at_mut(from.len());
    there.copy_from_slice(from);
    behind.fill(R::ZERO);
}
