//! Expectations over a standard normal z, by Gauss and Legendre's rule with 16 nodes on panels. Panels meet at 0, where
//! activations have their kinks, and are narrow there where sums are wide: an activation of sums of variance q changes
//! within 1/√q of 0, which a rule of fixed nodes (Gauss and Hermite's) steps over.

use crate::catalog::activations::{Activation, Compute};
use crate::tensor::Real;
use std::sync::OnceLock;

/// Nodes on a panel.
const NODES: usize = 16;
/// Where the last panel ends: the rest of the normal distribution weighs 1e-32.
const END: f64 = 12.0;

/// Moments of an activation whose weighted sums are normal with mean 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    /// E f(z)
    pub(super) mean: f64,
    /// E f(z)²
    pub(super) square: f64,
    /// E f′(z)²
    pub(super) slope_square: f64,
}

/// The moments of a pointwise activation where z ~ N(0, q).
pub(super) fn moments(activation: &dyn Activation, q: f64) -> Moments {
    let rule = rule(q);
    let z: Vec<f64> = rule.iter().map(|(x, _)| x * q.sqrt()).collect();
    let mut a = z.clone();
    let compute: &dyn Compute<f64> = activation;
    compute.forward(&mut a, 1);
    let mut slopes = vec![1.0; z.len()];
    compute.backward(&mut slopes, &z, &a, 1);
    let expect = |f: &dyn Fn(usize) -> f64| rule.iter().enumerate().map(|(k, (_, w))| w * f(k)).sum::<f64>();
    Moments {
        mean: expect(&|k| a[k]),
        square: expect(&|k| a[k] * a[k]),
        slope_square: expect(&|k| slopes[k] * slopes[k]),
    }
}

/// P(|z| > t) where z ~ N(0, q).
pub(super) fn tail(t: f64, q: f64) -> f64 {
    if q <= 0.0 { 0.0 } else { 1.0 - Real::erf(t / (2.0 * q).sqrt()) }
}

/// (node, weight) for functions of √q z, the weights with sum 1; mirrored about 0.
fn rule(q: f64) -> Vec<(f64, f64)> {
    let narrow = (1.0 / q.sqrt()).min(1.0);
    // Panels grow from 0 as their distance does, up to a width of 1.
    let doubled = std::iter::successors(Some(narrow.max(1e-9)), |edge| Some(2.0 * edge)).take_while(|edge| *edge < 1.0);
    let edges: Vec<f64> = std::iter::once(0.0).chain(doubled).chain((1..=END as u32).map(f64::from)).collect();
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let mut rule = Vec::with_capacity(2 * NODES * edges.len());
    for panel in edges.windows(2) {
        let (middle, half) = (f64::midpoint(panel[0], panel[1]), (panel[1] - panel[0]) / 2.0);
        for (node, weight) in legendre() {
            let x = middle + half * node;
            let weight = half * weight * density(x);
            rule.extend([(x, weight), (-x, weight)]);
        }
    }
    rule
}

/// (node, weight) of Gauss and Legendre's rule on −1…1: roots of the polynomial by Newton's steps from their asymptotic
/// places, weights 2/((1 − x²)P′(x)²).
fn legendre() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| {
        let root = |k: usize| {
            let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (NODES as f64 + 0.5)).cos();
            for _ in 0..20 {
                let (value, slope) = polynomial(x);
                x -= value / slope;
            }
            x
        };
        let weight = |x: f64| 2.0 / ((1.0 - x * x) * polynomial(x).1.powi(2));
        (0..NODES).map(root).map(|x| (x, weight(x))).collect()
    })
}

/// Legendre's polynomial of degree [`NODES`] and its slope.
fn polynomial(x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 1..NODES {
        let k = k as f64;
        (before, value) = (value, ((2.0 * k + 1.0) * x * value - k * before) / (k + 1.0));
    }
    (value, NODES as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::activations::find;
    use crate::catalog::bind::Chosen;

    fn named(name: &str) -> Box<dyn Activation> {
        let kind = find(name).expect("in the catalog");
        (kind.configure)(&Chosen::default(&kind.signature).arguments)
    }

    #[test]
    fn polynomials_are_integrated_exactly() {
        for q in [0.0, 1e-6, 1.0, 300.0, 1e12] {
            let moment = |p: i32| rule(q).iter().map(|(x, w)| w * x.powi(p)).sum::<f64>();
            for (power, exact) in [(0, 1.0), (2, 1.0), (4, 3.0), (6, 15.0), (8, 105.0), (20, 654_729_075.0)] {
                assert!((moment(power) / exact - 1.0).abs() < 1e-10, "{power}: {}", moment(power));
            }
            assert!(moment(3).abs() < 1e-10);
        }
    }

    #[test]
    fn relu_keeps_half_and_linear_all() {
        let Moments { square, slope_square, .. } = moments(named("linear").as_ref(), 2.5);
        assert!((square - 2.5).abs() < 1e-10 && (slope_square - 1.0).abs() < 1e-10);
        let Moments { square, slope_square, .. } = moments(named("relu").as_ref(), 2.5);
        assert!((square - 1.25).abs() < 1e-10 && (slope_square - 0.5).abs() < 1e-8);
    }

    /// `NumPy`, `tests/evidence/reference.py`: trapezoids on a fine grid for tanh and the logistic function.
    #[test]
    fn smooth_activations_agree_with_numpy() {
        for (name, q, mean, square, slope) in [
            ("tanh", 1.0, 0.0, 0.394_294_5, 0.464_402_9),
            ("sigmoid", 1.0, 0.5, 0.293_379_0, 0.044_836_2),
            ("tanh", 0.01, 0.0, 0.009_805_5, 0.980_670_2),
            ("tanh", 9.0, 0.0, 0.745_166_7, 0.174_229_3),
            ("tanh", 400.0 / 3.0, 0.0, 0.931_112_9, 0.046_010_3),
            ("sigmoid", 400.0, 0.5, 0.480_134_2, 0.003_319_2),
        ] {
            let m = moments(named(name).as_ref(), q);
            assert!((m.mean - mean).abs() < 1e-6, "{name}: {m:?}");
            assert!((m.square - square).abs() < 1e-5, "{name}: {m:?}");
            assert!((m.slope_square - slope).abs() < 1e-5, "{name}: {m:?}");
        }
    }

    #[test]
    fn tails_are_those_of_the_normal() {
        assert!((tail(1.959_963_985, 1.0) - 0.05).abs() < 1e-9);
        assert!((tail(2.0, 4.0) - 0.317_310_508).abs() < 1e-8);
        assert_eq!(tail(1.0, 0.0), 0.0);
    }
}
