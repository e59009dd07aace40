//! [`Propagated`]: how large values are, layer by layer, and how much of a change of the input arrives there, by the
//! distributions of the weights alone (mean-field theory: Glorot and Bengio 2010; Poole et al. 2016; Schoenholz et al.
//! 2017). Nothing is drawn and no row is run.
//!
//! For a linear layer with n inputs, weights of mean m and variance σ² and constant biases b:
//! q = nσ²·E a² + (m·ΣE a + b)², and the gain of a change is χ = nσ²·E f′(√q z)². Dropout of rate p multiplies E a² by
//! 1/(1 − p); norms bring q to 1; a residual adds up.

use super::gaussian::{moments, tail};
use crate::catalog::activations::Activation;
use crate::catalog::initializers::Distribution;
use crate::catalog::layers::{LayerRole, Role};
use crate::check::{Loaded, with_rows};
use crate::ir::{Network, Node};

/// What is expected at one node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) struct Stage {
    /// E z² over units and rows, before the node's activation.
    pub(in crate::check) q: f64,
    /// E a² after it.
    pub(in crate::check) square: f64,
    /// E a after it.
    pub(in crate::check) mean: f64,
    /// What is left of a small change of the first weighted sums, squared, per unit: Πχ.
    pub(in crate::check) gain: f64,
    /// The share of units whose slope is below 7 % of its maximum; 0 for activations that do not saturate.
    pub(in crate::check) saturated: f64,
}

/// Stages of all nodes.
#[derive(Clone, Debug)]
pub(in crate::check) struct Propagated {
    /// One for each node.
    pub(in crate::check) stages: Vec<Stage>,
    /// G = √Πχ from the first weighted sums to the output's.
    pub(in crate::check) gain: f64,
    /// Layers with weights before the last one.
    pub(in crate::check) hidden: usize,
    /// E x² of the prepared inputs.
    pub(in crate::check) input: f64,
}

impl Propagated {
    /// Follows a network from the inputs of its data to its output.
    pub(super) fn of(network: &Network, data: &Loaded) -> Self {
        let (mean, square) = input_moments(data);
        Self::from(network, mean, square)
    }

    /// As [`Self::of`], from the inputs' mean and mean square.
    fn from(network: &Network, mean: f64, square: f64) -> Self {
        let mut stages: Vec<Stage> = Vec::with_capacity(network.nodes.len());
        let mut weighted = vec![false; network.nodes.len()];
        let mut hidden: usize = 0;
        for (at, node) in network.nodes.iter().enumerate() {
            let Some(layer) = node.layer.as_deref() else {
                stages.push(Stage { q: square, square, mean, gain: 1.0, saturated: 0.0 });
                continue;
            };
            let inputs = inputs(network, node, &stages);
            let has_weights = is_weighted(node);
            let first = has_weights && !node.inputs.iter().any(|i| weighted[i.0]);
            weighted[at] = has_weights || node.inputs.iter().any(|i| weighted[i.0]);
            hidden += usize::from(has_weights);
            let mut stage = sums(node, &inputs);
            if first {
                stage.gain = 1.0;
            }
            if let Some(activation) = layer.activation() {
                stage = activated(stage, activation, node.shape.size());
            }
            stages.push(stage);
        }
        let gain = output_gain(network, &stages).sqrt();
        Self { stages, gain, hidden: hidden.saturating_sub(1), input: square }
    }
}

fn is_weighted(node: &Node) -> bool {
    node.tensors.iter().any(|t| t.role == Role::Weight)
}

/// The gain at the output's weighted sums: its activation is the loss's matter.
fn output_gain(network: &Network, stages: &[Stage]) -> f64 {
    let last = network.nodes.len() - 1;
    let node = &network.nodes[last];
    let inputs = inputs(network, node, stages);
    if inputs.is_empty() || hidden_is_empty(network) { 1.0 } else { sums(node, &inputs).gain }
}

fn hidden_is_empty(network: &Network) -> bool {
    network.nodes.iter().filter(|n| is_weighted(n)).count() < 2
}

/// What is expected of a node's inputs, each with how many values it has.
fn inputs(network: &Network, node: &Node, stages: &[Stage]) -> Vec<(Stage, f64)> {
    node.inputs.iter().map(|i| (stages[i.0], network.nodes[i.0].shape.size() as f64)).collect()
}

/// A node's weighted sums, or its output where it has no activation.
fn sums(node: &Node, inputs: &[(Stage, f64)]) -> Stage {
    let input = inputs[0].0;
    let through = Stage { q: input.square, saturated: 0.0, ..input };
    let normed = |shift: f64| Stage {
        q: 1.0,
        square: 1.0,
        mean: 0.0,
        gain: input.gain / (input.square - shift).max(1e-300),
        saturated: 0.0,
    };
    match node.role() {
        Some(LayerRole::Linear) => weighted(node, input),
        Some(LayerRole::Drop { rate }) => {
            let keep = 1.0 / (1.0 - rate);
            Stage { q: input.square * keep, square: input.square * keep, ..through }
        }
        Some(LayerRole::Normalise { epsilon }) => normed(input.mean.powi(2) - epsilon),
        Some(LayerRole::Add) => inputs[1..].iter().fold(through, |sum, (other, _)| {
            let square = sum.square + other.square + 2.0 * sum.mean * other.mean;
            Stage { q: square, square, mean: sum.mean + other.mean, gain: sum.gain + other.gain, saturated: 0.0 }
        }),
        // Independent factors, as far as that goes: each one's change is multiplied by the others.
        Some(LayerRole::Multiply) => inputs[1..].iter().fold(through, |product, (other, _)| {
            let square = product.square * other.square;
            let gain = product.gain * other.square + other.gain * product.square;
            Stage { q: square, square, mean: product.mean * other.mean, gain, saturated: 0.0 }
        }),
        Some(LayerRole::Concat) => {
            let all: f64 = inputs.iter().map(|(_, width)| width).sum();
            let mean = |of: fn(&Stage) -> f64| inputs.iter().map(|(stage, width)| of(stage) * width / all).sum();
            let square = mean(|s| s.square);
            Stage { q: square, square, mean: mean(|s| s.mean), gain: mean(|s| s.gain), saturated: 0.0 }
        }
        // Half of the values, those below 0, are multiplied by the slope.
        Some(LayerRole::Rectify { slope }) => {
            let kept = f64::midpoint(1.0, slope * slope);
            let mean = (1.0 - slope) * (input.square / std::f64::consts::TAU).sqrt();
            Stage { square: kept * input.square, mean, gain: kept * input.gain, ..through }
        }
        Some(LayerRole::PassThrough | LayerRole::Select) | None => through,
    }
}

fn weighted(node: &Node, input: Stage) -> Stage {
    let Some(weight) = node.tensors.iter().find(|t| t.role == Role::Weight) else { return input };
    let bias = node.tensors.iter().find(|t| t.role == Role::Bias).map(|b| b.start);
    let n = weight.fan_in as f64;
    let spread = n * weight.start.variance();
    let mean = weight.start.mean() * n * input.mean + bias.map_or(0.0, Distribution::mean);
    let q = spread * input.square + mean * mean + bias.map_or(0.0, Distribution::variance);
    // A change goes through the weights' spread, and as a common shift of all inputs through their mean.
    let gain = input.gain * (spread + n * weight.start.mean().powi(2));
    Stage { q, square: q, mean, gain, saturated: 0.0 }
}

fn activated(sums: Stage, activation: &dyn Activation, width: usize) -> Stage {
    if activation.couples() {
        let even = 1.0 / width as f64;
        return Stage { square: even * even, mean: even, gain: sums.gain * even * even, ..sums };
    }
    let moments = moments(activation, sums.q.max(0.0));
    Stage {
        square: moments.square,
        mean: moments.mean,
        gain: sums.gain * moments.slope_square,
        saturated: saturated(activation, sums.q),
        ..sums
    }
}

/// The share of sums of variance q at which an activation is saturated.
fn saturated(activation: &dyn Activation, q: f64) -> f64 {
    let Some((low, high)) = activation.traits().saturates else { return 0.0 };
    0.5 * tail(-low, q) + 0.5 * tail(high, q)
}

/// Mean and mean square over all prepared inputs, from what was learnt of each column.
fn input_moments(data: &Loaded) -> (f64, f64) {
    let statistics = with_rows!(data, data => data.input_statistics());
    let n = statistics.len().max(1) as f64;
    let mean = statistics.iter().map(|s| s.mean).sum::<f64>() / n;
    let square = statistics.iter().map(|s| s.mean * s.mean + s.std * s.std).sum::<f64>() / n;
    (mean, square)
}
