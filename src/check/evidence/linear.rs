//! What a linear model would do: [`fit`], the R² of the targets' best linear fit by the inputs, and [`Quadratic`], the
//! exact curvature of a loss that is a quadratic of the parameters.

use super::bench::Bench;
use super::sample::{Sample, train};
use crate::catalog::layers::{Mode, Role};
use crate::check::Loaded;
use crate::ir::{Network, Program};
use crate::tensor::{largest_eigenvalue, solve_symmetric};

/// Inputs of a linear fit, at the most.
const MOST_FEATURES: usize = 200;
/// Ridge, as a share of the mean diagonal: keeps columns that repeat each other solvable.
const RIDGE: f64 = 1e-8;
/// Multiply-adds of the exact curvature's normal matrix, at the most.
const MOST_WORK: usize = 100_000_000;

/// R² over the rows of the sample of the targets' best affine fit by the inputs: 1 − Σ residual² / Σ deviation².
/// `None` for wide inputs and targets that do not vary.
pub(super) fn fit(bench: &mut Bench<'_>) -> Option<f64> {
    let (targets, _, width) = bench.targets();
    r_squared(&bench.sample.inputs, bench.sample.features, &targets, width)
}

fn r_squared(inputs: &[f64], features: usize, targets: &[f64], width: usize) -> Option<f64> {
    let rows = targets.len() / width;
    if features > MOST_FEATURES || rows < 2 {
        return None;
    }
    let (x, y) = (centred(inputs, features), centred(targets, width));
    let size = features;
    let mut gram = normal_matrix(&x, size, rows);
    let trace: f64 = (0..size).map(|k| gram[k * size + k]).sum();
    for k in 0..size {
        gram[k * size + k] += RIDGE * trace / size as f64 + f64::MIN_POSITIVE;
    }
    let mut right = vec![0.0; size * width];
    for (x, y) in x.chunks_exact(size).zip(y.chunks_exact(width)) {
        for (k, y) in y.iter().enumerate() {
            right[k * size..][..size].iter_mut().zip(x).for_each(|(r, x)| *r += x * y);
        }
    }
    let total: f64 = y.iter().map(|v| v * v).sum();
    if total <= 0.0 {
        return None;
    }
    let solved = solve_symmetric(&gram, &right, size, width)?;
    let mut residual = 0.0;
    for (x, y) in x.chunks_exact(size).zip(y.chunks_exact(width)) {
        for (k, y) in y.iter().enumerate() {
            let fitted: f64 = solved[k * size..][..size].iter().zip(x).map(|(w, x)| w * x).sum();
            residual += (y - fitted).powi(2);
        }
    }
    Some((1.0 - residual / total).clamp(0.0, 1.0))
}

fn centred(values: &[f64], width: usize) -> Vec<f64> {
    let rows = (values.len() / width) as f64;
    let mean: Vec<f64> = (0..width).map(|k| values.iter().skip(k).step_by(width).sum::<f64>() / rows).collect();
    values.iter().enumerate().map(|(i, v)| v - mean[i % width]).collect()
}

/// `XᵀX` of rows × size, where a row is contiguous.
fn normal_matrix(x: &[f64], size: usize, rows: usize) -> Vec<f64> {
    let mut gram = vec![0.0; size * size];
    for row in x.chunks_exact(size).take(rows) {
        for (column, &a) in gram.chunks_exact_mut(size).zip(row) {
            column.iter_mut().zip(row).for_each(|(g, &b)| *g += a * b);
        }
    }
    gram
}

/// A loss that is a quadratic of the parameters: one of the outputs over a single linear layer without an activation,
/// whatever stands before it having no parameters. Its Hessian is the same everywhere.
#[derive(Clone, Debug)]
pub(in crate::check) struct Quadratic {
    /// Its largest eigenvalue, over all training rows: L″·λ(XᵀX/N)/outputs, and the penalty's share.
    pub(in crate::check) largest: f64,
    /// Whether the gradient at the start has a part along that direction, without which it is never seen.
    pub(in crate::check) seen: bool,
    /// Training rows.
    pub(in crate::check) rows: usize,
}

impl Quadratic {
    /// `None` where the loss is no such quadratic, or the matrix is large.
    pub(super) fn of(program: &Program, data: &Loaded) -> Option<Self> {
        let training = &program.training;
        if training.loss.second_derivative().is_none() || training.l1.value != 0.0 || !is_linear(&program.network) {
            return None;
        }
        let last = program.network.output();
        let bias = last.tensors.iter().any(|t| t.role == Role::Bias);
        let weight = last.tensors.iter().find(|t| t.role == Role::Weight)?;
        let (features, rows) = (weight.fan_in, train(data).len());
        let size = features + usize::from(bias);
        let work = rows.checked_mul(size)?.checked_mul(size)?;
        if size > MOST_FEATURES || work > MOST_WORK || rows.checked_mul(program.network.input().size())? > MOST_WORK / 8
        {
            return None;
        }
        let sample = Sample::gather(data, train(data));
        let mut bench = Bench::new(program, &sample);
        let (mut hessian, width) = hessian(&mut bench, features, bias);
        for k in 0..features {
            hessian[k * size + k] += 2.0 * training.l2.value;
        }
        let (largest, direction) = largest_eigenvalue(&hessian, size)?;
        bench.gradient(true);
        let seen = along(&bench.machine.gradients, &direction, features, width, bias);
        Some(Self { largest, seen: seen > 1e-9, rows })
    }
}

/// Whether the output is one affine layer of something without parameters and chance.
fn is_linear(network: &Network) -> bool {
    let last = network.nodes.len() - 1;
    let (before, output) = network.nodes.split_at(last);
    let plain = |n: &crate::ir::Node| {
        n.tensors.is_empty() && n.layer.as_ref().is_none_or(|l| !l.is_random() && !l.couples_rows())
    };
    before.iter().all(plain)
        && output
            .iter()
            .all(|n| n.is_linear() && n.activation().is_none_or(crate::catalog::activations::Activation::is_linear))
}

/// (L″/outputs)·X̃ᵀX̃/N, X̃ being what reaches the last layer and, with a bias, a column of ones; weighted by rows'
/// weights.
fn hessian(bench: &mut Bench<'_>, features: usize, bias: bool) -> (Vec<f64>, usize) {
    bench.put_in();
    bench.machine.forward(Mode::Inference);
    let nodes = &bench.program.network.nodes;
    let before = nodes[nodes.len() - 1].inputs[0].0;
    let width = bench.machine.output_width();
    let size = features + usize::from(bias);
    let mut x = Vec::with_capacity(bench.sample.rows * size);
    for row in bench.machine.values_of(before).chunks_exact(features) {
        x.extend_from_slice(row);
        x.extend(bias.then_some(1.0));
    }
    let mut gram = normal_matrix(&x, size, bench.sample.rows);
    let bend = bench.program.training.loss.second_derivative().unwrap_or(f64::NAN);
    let factor = bend / (width as f64 * bench.sample.rows as f64);
    for g in &mut gram {
        *g *= factor;
    }
    (gram, width)
}

/// The largest part of an output's gradient along the direction, as a share of the whole gradient.
fn along(gradients: &[f64], direction: &[f64], features: usize, width: usize, bias: bool) -> f64 {
    let norm = gradients.iter().map(|g| g * g).sum::<f64>().sqrt();
    let (weights, biases) = gradients.split_at(features * width);
    let part = |k: usize| {
        let along: f64 = (0..features).map(|i| weights[i * width + k] * direction[i]).sum();
        along + if bias { biases[k] * direction[features] } else { 0.0 }
    };
    (0..width).map(|k| part(k).abs()).fold(0.0, f64::max) / norm.max(1e-300)
}
