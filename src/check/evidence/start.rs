//! [`Start`]: what one forward and backward pass over the sample shows before any weight has moved.

use super::bench::Bench;
use crate::catalog::layers::Role;
use crate::catalog::losses::TargetRows;
use crate::ir::Node;

/// The network at its start.
#[derive(Clone, Debug)]
pub(in crate::check) struct Start {
    /// The loss of the sample.
    pub(in crate::check) loss: f64,
    /// The least loss that a constant output has: class entropy, variance, mean absolute deviation.
    pub(in crate::check) base: f64,
    /// The least loss that there can be.
    pub(in crate::check) least: f64,
    /// The norms of the penalties' gradient and of the loss's, over penalised weights.
    pub(in crate::check) penalty: (f64, f64),
    /// The median of |gradient| over all parameters.
    pub(in crate::check) gradient_median: f64,
    /// The largest standard deviation of an output over the rows.
    pub(in crate::check) output_std: f64,
    /// One for each node that has weights or an activation.
    pub(in crate::check) layers: Vec<LayerStart>,
}

/// One layer at its start.
#[derive(Clone, Debug)]
pub(in crate::check) struct LayerStart {
    /// Its node.
    pub(in crate::check) node: usize,
    /// ‖∂L/∂W‖, where it has weights.
    pub(in crate::check) gradient: Option<f64>,
    /// ‖W‖, where it has weights.
    pub(in crate::check) weight: Option<f64>,
    /// The share of values whose slope is below 7 % of its maximum (activations that saturate).
    pub(in crate::check) saturated: Option<f64>,
    /// The share of units that are 0 for every row (activations that die).
    pub(in crate::check) dead: Option<f64>,
    /// The mean squared correlation of pairs of units over the rows.
    pub(in crate::check) alike: Option<f64>,
}

impl Start {
    /// The loss as a multiple of the best constant's, both above the least.
    pub(in crate::check) fn ratio(&self) -> f64 {
        (self.loss - self.least) / (self.base - self.least)
    }

    /// Runs the sample through.
    pub(super) fn of(bench: &mut Bench<'_>) -> Self {
        let loss = bench.gradient(false);
        let (base, least) = base(bench);
        let output_std = output_std(bench);
        let gradients = bench.machine.gradients.clone();
        let layers = layers(bench, &gradients);
        let penalty = penalty(bench, &gradients);
        let mut sizes: Vec<f64> = gradients.iter().map(|g| g.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        Self {
            loss,
            base,
            least,
            penalty,
            gradient_median: sizes.get(sizes.len() / 2).copied().unwrap_or(0.0),
            output_std,
            layers,
        }
    }
}

/// The least mean loss of a constant output, and the least that there can be.
pub(super) fn base(bench: &mut Bench<'_>) -> (f64, f64) {
    let (values, weights, width) = bench.targets();
    let loss = bench.program.training.loss.as_ref();
    let targets = TargetRows { width, values, weights };
    let base = loss.constant(&targets);
    (if base.is_finite() { base } else { f64::INFINITY }, loss.least(&targets))
}

/// The largest standard deviation of an output over the rows.
pub(super) fn output_std(bench: &Bench<'_>) -> f64 {
    let width = bench.machine.output_width();
    let output = bench.machine.output();
    let rows = (output.len() / width) as f64;
    let column = |k: usize| output.iter().skip(k).step_by(width);
    let std = |k: usize| {
        let mean = column(k).sum::<f64>() / rows;
        (column(k).map(|v| (v - mean).powi(2)).sum::<f64>() / rows).sqrt()
    };
    (0..width).map(std).fold(0.0, f64::max)
}

fn layers(bench: &Bench<'_>, gradients: &[f64]) -> Vec<LayerStart> {
    let nodes = &bench.program.network.nodes;
    let norm = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let mut layers = Vec::new();
    for (at, node) in nodes.iter().enumerate().skip(1) {
        let weight = bench.machine.plan().tensors.iter().find(|t| t.0 == at && node.tensors[t.1].role == Role::Weight);
        let range = weight.map(|t| t.2.clone());
        let values = bench.machine.values_of(at);
        let layer = LayerStart {
            node: at,
            gradient: range.clone().map(|r| norm(&gradients[r])),
            weight: range.map(|r| norm(&bench.machine.parameters[r])),
            saturated: saturated(node, values),
            dead: dead(node, values),
            alike: alike(values, node.shape.size()),
        };
        if layer.gradient.is_some() || node.activation().is_some() {
            layers.push(layer);
        }
    }
    layers
}

pub(super) fn saturated(node: &Node, values: &[f64]) -> Option<f64> {
    node.activation()?.saturated_share(values)
}

pub(super) fn dead(node: &Node, values: &[f64]) -> Option<f64> {
    let activation = node.activation()?;
    let still = activation.at(activation.traits().dies_below?);
    let width = node.shape.size();
    let dead = (0..width).filter(|&k| values.iter().skip(k).step_by(width).all(|&a| a == still)).count();
    Some(dead as f64 / width as f64)
}

/// Pairs of neighbouring units: their mean squared correlation, over pairs of which neither is constant.
fn alike(values: &[f64], width: usize) -> Option<f64> {
    let rows = values.len() / width;
    if width < 2 || rows < 2 {
        return None;
    }
    let column = |k: usize| values.iter().skip(k).step_by(width);
    let mean: Vec<f64> = (0..width).map(|k| column(k).sum::<f64>() / rows as f64).collect();
    let product =
        |a: usize, b: usize| column(a).zip(column(b)).map(|(x, y)| (x - mean[a]) * (y - mean[b])).sum::<f64>();
    let (mut total, mut pairs) = (0.0, 0);
    for k in 1..width.min(65) {
        let (own, other) = (product(k - 1, k - 1), product(k, k));
        if own > 1e-24 && other > 1e-24 {
            total += product(k - 1, k).powi(2) / (own * other);
            pairs += 1;
        }
    }
    (pairs > 0).then(|| total / f64::from(pairs))
}

/// ‖∇penalty‖ and ‖∇loss‖ over penalised weights.
fn penalty(bench: &mut Bench<'_>, gradients: &[f64]) -> (f64, f64) {
    let training = &bench.program.training;
    let ranges = bench.machine.plan().penalised.clone();
    let norm = |values: &[f64]| ranges.iter().flat_map(|r| &values[r.clone()]).map(|v| v * v).sum::<f64>().sqrt();
    let own = norm(gradients);
    bench.machine.gradients.fill(0.0);
    bench.machine.penalise(training.l1.value, training.l2.value);
    let penalty = norm(&bench.machine.gradients);
    bench.machine.gradients.copy_from_slice(gradients);
    (penalty, own)
}
