//! Expectations over a standard normal z, by Gauss and Hermite's rule with 41 nodes: exact for polynomials up to degree
//! 81. Nodes are the roots of the orthonormal Hermite polynomial, found by bisection; weights are `1/Σ h_k²`.

use crate::catalog::activations::{Activation, Compute};
use crate::tensor::Real;
use std::sync::OnceLock;

/// Nodes of the rule.
const NODES: usize = 41;

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
    let rule = rule();
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

/// (node, weight), the weights with sum 1; nodes ascending, the middle one split in two.
fn rule() -> &'static [(f64, f64)] {
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    RULE.get_or_init(|| {
        let mut roots: Vec<f64> = Vec::with_capacity(NODES);
        // Roots interlace and lie within ±√(4n + 2); a scan brackets each change of sign, bisection closes in on it.
        let (span, cells) = ((4.0 * NODES as f64 + 2.0).sqrt(), 4_001);
        let at = |k: usize| span * (2.0 * k as f64 / cells as f64 - 1.0);
        for k in 0..cells {
            let (mut low, mut high) = (at(k), at(k + 1));
            if last(low) * last(high) >= 0.0 {
                continue;
            }
            for _ in 0..80 {
                let middle = f64::midpoint(low, high);
                if last(low) * last(middle) <= 0.0 { high = middle } else { low = middle }
            }
            roots.push(f64::midpoint(low, high));
        }
        let weight = |x: f64| 1.0 / polynomials(x)[..NODES].iter().map(|h| h * h).sum::<f64>();
        // Activations have their kinks at 0, and so has the rule its middle node: both sides of it count half.
        let halves = |x: f64| {
            if x.abs() < 1e-9 { vec![(-1e-9, weight(x) / 2.0), (1e-9, weight(x) / 2.0)] } else { vec![(x, weight(x))] }
        };
        roots.into_iter().flat_map(halves).collect()
    })
}

fn last(x: f64) -> f64 {
    polynomials(x)[NODES]
}

/// `h_0 … h_n` at x, orthonormal under the standard normal: `h_{k+1} = (x h_k − √k h_{k−1}) / √(k + 1)`.
fn polynomials(x: f64) -> [f64; NODES + 1] {
    let mut h = [1.0; NODES + 1];
    h[1] = x;
    for k in 1..NODES {
        h[k + 1] = (x * h[k] - (k as f64).sqrt() * h[k - 1]) / ((k + 1) as f64).sqrt();
    }
    h
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
        let moment = |p: i32| rule().iter().map(|(x, w)| w * x.powi(p)).sum::<f64>();
        assert_eq!(rule().len(), NODES + 1, "the middle node is split");
        for (power, exact) in [(0, 1.0), (2, 1.0), (4, 3.0), (6, 15.0), (8, 105.0), (20, 654_729_075.0)] {
            assert!((moment(power) / exact - 1.0).abs() < 1e-10, "{power}: {}", moment(power));
        }
        assert!(moment(3).abs() < 1e-10);
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
