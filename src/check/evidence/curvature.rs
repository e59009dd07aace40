//! [`Curvature`]: the largest eigenvalue of the Hessian at the start, by power iteration on differences of gradients,
//! Hv = (g(θ + εv) − g(θ − εv)) / 2ε, and the learning rates that it allows (`LeCun` et al. 1998; Cohen et al. 2021).

use super::Sample;
use super::bench::Bench;
use crate::ir::Program;
use crate::tensor::{Purpose, Stream};

/// Iterations at the most.
const ITERATIONS: u64 = 60;
/// Fewer than this say nothing.
const FEWEST: u64 = 12;
/// Multiply-adds in all, at the most.
const WORK: u64 = 500_000_000;
/// Multiply-adds of one gradient, at the most, where rows allow a choice.
const GRADIENT_WORK: u64 = 3_000_000;

/// The sharpest direction of the loss at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check) struct Curvature {
    /// The largest eigenvalue (of the loss with its penalties).
    pub(in crate::check) largest: f64,
    /// Rows it was measured on.
    pub(in crate::check) rows: usize,
}

impl Curvature {
    /// Measures; `None` where it would take long or a number is not finite.
    pub(super) fn of(program: &Program, sample: &Sample) -> Option<Self> {
        let work = super::work(program).max(1);
        let rows = sample.rows.min(((GRADIENT_WORK / 3 / work) as usize).max(32));
        let iterations = (WORK / (6 * rows as u64 * work)).min(ITERATIONS);
        if iterations < FEWEST {
            return None;
        }
        let part = sample.part(rows);
        let mut bench = Bench::new(program, &part);
        let first = power(&mut bench, iterations, 0.0)?;
        // A larger negative eigenvalue hides the positive ones: lift them all above it.
        let largest = if first >= 0.0 { first } else { power(&mut bench, iterations, -first)? + first };
        Some(Self { largest: largest.max(0.0), rows })
    }
}

/// The eigenvalue of H + shift·I that is largest in size.
fn power(bench: &mut Bench<'_>, iterations: u64, shift: f64) -> Option<f64> {
    let start = bench.machine.parameters.clone();
    let scale = 1.0 + start.iter().map(|p| p * p).sum::<f64>().sqrt();
    let (epsilon, aside) = (1e-6 * scale, 1e-4 * scale);
    let mut stream = Stream::new(0, Purpose::Generate);
    let mut v: Vec<f64> = start.iter().map(|_| stream.normal()).collect();
    normalise(&mut v)?;
    // Biases of 0 hold a relu at its kink for a row of zeros, and differences across a kink are no curvature: such
    // parameters are looked at a little aside, further than any difference reaches.
    let beside: Vec<f64> = start.iter().map(|p| if *p == 0.0 { aside.copysign(stream.normal()) } else { *p }).collect();
    let mut value = 0.0f64;
    for _ in 0..iterations {
        let mut product = difference(bench, &beside, &v, epsilon);
        product.iter_mut().zip(&v).for_each(|(h, v)| *h += shift * v);
        let next: f64 = product.iter().zip(&v).map(|(h, v)| h * v).sum();
        let settled = (next - value).abs() <= 1e-3 * next.abs();
        value = next;
        v = product;
        // A Hessian of zeros: nothing bends.
        if normalise(&mut v).is_none() {
            bench.machine.parameters.copy_from_slice(&start);
            return if value.is_finite() { Some(0.0) } else { None };
        }
        if settled {
            break;
        }
    }
    bench.machine.parameters.copy_from_slice(&start);
    value.is_finite().then_some(value)
}

/// Hv
fn difference(bench: &mut Bench<'_>, start: &[f64], v: &[f64], epsilon: f64) -> Vec<f64> {
    let mut at = |sign: f64| {
        for ((p, s), v) in bench.machine.parameters.iter_mut().zip(start).zip(v) {
            *p = s + sign * epsilon * v;
        }
        bench.gradient(true);
        bench.machine.gradients.clone()
    };
    let (above, below) = (at(1.0), at(-1.0));
    above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * epsilon)).collect()
}

fn normalise(v: &mut [f64]) -> Option<()> {
    let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    if !(norm.is_finite() && norm > 1e-300) {
        return None;
    }
    for x in v {
        *x /= norm;
    }
    Some(())
}

/// λ·limit: the learning rate that the optimizer's stability allows is this over λ. `None` for optimizers that scale
/// their steps, whose limit moves with their state.
pub(in crate::check) fn stability(program: &Program) -> Option<f64> {
    program.training.optimizer.stability()
}
