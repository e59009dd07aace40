//! `focal`: a cross-entropy in which rows that are already right weigh little. Computed from logits when a softmax,
//! or of one output a sigmoid, stands before it.

use super::{Center, Loss, LossKind, Objective, Outputs, TargetRows, Targets, rows};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::Real;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const GAMMA: Key<f64> = Key::new("gamma");
}

pub(super) static FOCAL: LossKind = LossKind {
    signature: Signature {
        name: "focal",
        family: Family::Loss,
        summary: "cross-entropy in which rows that are already right weigh little",
        formula: "L = −(1 − p)^gamma · ln p, p the true class's output; of one sigmoid output p = a where the label is 1, 1 − a where it is 0; other targets weigh such terms",
        range: "≥ 0",
        parameters: &[Parameter::positional(
            key::GAMMA,
            Kind::Number(Range::NON_NEGATIVE),
            DefaultValue::Number(2.0),
            "how little rows weigh that are already right; 0 is the cross-entropy",
        )],
        example: "loss = focal(2)",
        source: "Lin et al. 2017",
        foreign: Foreign {
            names: &["focal_loss", "binary_focal", "focal_cross_entropy"],
            hints: &[("alpha", "classes are weighed by `class_weights = [1, 3]` in `train`")],
            ..Foreign::NONE
        },
    },
    configure: |arguments| Box::new(Focal { gamma: arguments.value(key::GAMMA) }),
};

#[derive(Debug)]
struct Focal {
    gamma: f64,
}

impl Focal {
    /// q^γ of q = 1 − p.
    #[inline]
    fn damping<R: Real>(&self, q: R) -> R {
        if self.gamma == 0.0 {
            R::ONE
        } else if q <= R::ZERO {
            R::ZERO * q
        } else {
            (R::of(self.gamma) * q.ln()).exp()
        }
    }

    /// −q^γ ln p
    #[inline]
    fn term<R: Real>(&self, q: R, log: R) -> R {
        // Where p is 1 both are 0, and where it is 0 the logarithm is infinite.
        -(self.damping(q) * log)
    }

    /// p·d/dp (−q^γ ln p) = γ·p·q^(γ−1)·ln p − q^γ; at both ends what it comes near to.
    #[inline]
    fn steepness<R: Real>(&self, p: R, q: R) -> R {
        let damping = self.damping(q);
        if p <= R::ZERO || q <= R::ZERO || self.gamma == 0.0 {
            return -damping;
        }
        R::of(self.gamma) * p * (damping / q) * p.ln() - damping
    }

    /// The probability at which share·d/dp(−q^γ ln p) is −slope: the larger the slope, the smaller.
    fn balanced(&self, share: f64, slope: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let p = f64::midpoint(low, high);
            if -share * self.steepness(p, 1.0 - p) > slope * p { low = p } else { high = p }
        }
        f64::midpoint(low, high)
    }

    /// The shares of a distribution over classes that occur so often, of least mean loss: by Lagrange, each with the
    /// same slope.
    fn best_shares(&self, occur: &[f64]) -> Vec<f64> {
        // ln of the slope.
        let (mut low, mut high) = (-60.0, 60.0);
        let at = |slope: f64| occur.iter().map(|&share| self.balanced(share, slope)).collect::<Vec<f64>>();
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if at(f64::exp(middle)).iter().sum::<f64>() > 1.0 { low = middle } else { high = middle }
        }
        let mut shares = at(f64::exp(f64::midpoint(low, high)));
        let sum: f64 = shares.iter().sum();
        for p in &mut shares {
            *p /= sum;
        }
        shares
    }
}

impl Loss for Focal {
    fn name(&self) -> &'static str {
        "focal"
    }
    fn targets(&self) -> Targets {
        Targets::ClassOrLabel
    }
    fn fuses(&self, width: usize) -> Option<&'static str> {
        Some(self.outputs(width).activation().signature.name)
    }
    fn outputs(&self, width: usize) -> Outputs {
        if width == 1 { Outputs::Probabilities } else { Outputs::Distribution }
    }
    fn center(&self) -> Center {
        Center::Between
    }
    fn best_constant(&self, targets: &TargetRows) -> Vec<f64> {
        if targets.width == 1 {
            let loss: &dyn Loss = self;
            return vec![rows::least((0.0, 1.0), |a| loss.mean_from(targets, |_, all| all.push(a)))];
        }
        let occur: Vec<f64> = (0..targets.width).map(|unit| targets.mean(|t| t[unit])).collect();
        self.best_shares(&occur)
    }
    fn nearest(&self, target: f64, low: f64, high: f64) -> f64 {
        if target == 0.0 || target == 1.0 {
            return target.clamp(low, high);
        }
        let one = |a: f64| target * self.term(1.0 - a, a.ln()) + (1.0 - target) * self.term(a, (1.0 - a).ln());
        rows::least((low.max(0.0), high.min(1.0)), one)
    }
    fn least_of_logits(&self, targets: &[f64], low: f64, high: f64) -> Option<f64> {
        let is_class = targets.iter().all(|&t| t == 0.0 || t == 1.0);
        let lead = match targets {
            [label] if is_class => {
                if *label == 1.0 {
                    high
                } else {
                    -low
                }
            }
            // The other classes' logits at the lower end.
            [_, _, ..] if is_class && targets.iter().sum::<f64>() == 1.0 => {
                high - low - ((targets.len() - 1) as f64).ln()
            }
            _ => return None,
        };
        let q = 1.0 / (1.0 + lead.exp());
        Some(self.term(q, -(-lead).exp().ln_1p()))
    }
    fn uninformed(&self, outputs: usize) -> Option<f64> {
        let p = 1.0 / outputs.max(2) as f64;
        Some(self.term(1.0 - p, p.ln()))
    }
    fn fused_slope(&self, _outputs: usize) -> String {
        "w·(a - t), w = (1 - p)^gamma - gamma·p·(1 - p)^(gamma - 1)·ln p".to_owned()
    }
}

/// Values of a row: one output, or a distribution.
impl<R: Real> Objective<R> for Focal {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        let times = |t: R, q: R, p: R| if t == R::ZERO { R::ZERO } else { t * self.term(q, p.ln()) };
        for ((row, a), t) in rows.iter_mut().zip(a.chunks_exact(width)).zip(t.chunks_exact(width)) {
            *row = match (a, t) {
                (&[a], &[t]) => times(t, R::ONE - a, a) + times(R::ONE - t, a, R::ONE - a),
                _ => a.iter().zip(t).map(|(&a, &t)| times(t, R::ONE - a, a)).sum(),
            };
        }
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let slope = |t: R, p: R, q: R| if t == R::ZERO { R::ZERO } else { t * self.steepness(p, q) / p };
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        for (((g, a), t), &weight) in rows.zip(weights) {
            if let (&[a], &[t]) = (a, t) {
                let q = R::ONE - a;
                g[0] = weight * (slope(t, a, q) - slope(R::ONE - t, q, a));
                continue;
            }
            for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                *g = weight * slope(t, a, R::ONE - a);
            }
        }
    }

    fn fused_value(&self, rows: &mut [R], values: &mut [R], t: &[R], width: usize) {
        for ((row, z), t) in rows.iter_mut().zip(values.chunks_exact_mut(width)).zip(t.chunks_exact(width)) {
            if let ([z], &[t]) = (&mut *z, t) {
                // ln(1 + e^−|z|), and e^−|z|/(1 + e^−|z|): the smaller of the two probabilities.
                let e = (-z.abs()).exp();
                let (log, small) = (e.ln_1p(), e / (R::ONE + e));
                let is_low = *z < R::ZERO;
                let (a, rest) = if is_low { (small, R::ONE - small) } else { (R::ONE - small, small) };
                let (yes, no) = if is_low { (*z - log, -log) } else { (-log, -*z - log) };
                *row = t * self.term(rest, yes) + (R::ONE - t) * self.term(a, no);
                *z = a;
                continue;
            }
            let largest = z.iter().fold(z[0], |top, &z| if z > top { z } else { top });
            let sum = z.iter().map(|&z| (z - largest).exp()).sum::<R>();
            let whole = sum.ln();
            let mut total = R::ZERO;
            for (z, &t) in z.iter_mut().zip(t) {
                let log = *z - largest - whole;
                if t != R::ZERO {
                    total += t * self.term(-log.exp_m1(), log);
                }
                *z = log.exp();
            }
            *row = total;
        }
    }

    /// ∂L/∂zₖ = tₖsₖ − aₖ Σ tᵢsᵢ, s being p·dL/dp; of one output t·s(a)·(1 − a) − (1 − t)·s(1 − a)·a.
    fn fused_gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        for (((g, a), t), &weight) in rows.zip(weights) {
            if let (&[a], &[t]) = (a, t) {
                let q = R::ONE - a;
                g[0] = weight * (t * self.steepness(a, q) * q - (R::ONE - t) * self.steepness(q, a) * a);
                continue;
            }
            let mut whole = R::ZERO;
            for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                *g = if t == R::ZERO { R::ZERO } else { t * self.steepness(a, R::ONE - a) };
                whole += *g;
            }
            for (g, &a) in g.iter_mut().zip(a) {
                *g = weight * (*g - a * whole);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn without_gamma_it_is_the_cross_entropy_and_with_it_the_papers_numbers() {
        // Lin et al.: with γ = 2 a row at p = 0.9 weighs 100 times less, at 0.968 about 1000 times less.
        for (gamma, p, weight) in [(0.0, 0.9, 1.0), (2.0, 0.9, 0.01), (2.0, 0.968, 0.001_024), (1.0, 0.25, 0.75)] {
            let mut loss = [0.0];
            Focal { gamma }.value(&mut loss, &[1.0 - p, p], &[0.0, 1.0], 2);
            near(loss[0], -weight * f64::ln(p));
            Focal { gamma }.value(&mut loss, &[1.0 - p], &[0.0], 1);
            near(loss[0], -weight * f64::ln(p));
        }
    }

    #[test]
    fn the_best_constant_is_better_than_its_neighbours() {
        for gamma in [0.0, 0.5, 2.0, 5.0] {
            let focal = Focal { gamma };
            let occur = [0.6, 0.3, 0.1];
            let mean = |p: &[f64]| occur.iter().zip(p).map(|(t, p)| t * focal.term(1.0 - p, p.ln())).sum::<f64>();
            let best = focal.best_shares(&occur);
            near(best.iter().sum(), 1.0);
            for (from, to) in [(0, 1), (1, 2), (2, 0), (1, 0)] {
                let mut beside = best.clone();
                beside[from] -= 1e-3;
                beside[to] += 1e-3;
                assert!(mean(&best) < mean(&beside), "{gamma}: {best:?}");
            }
            if gamma == 0.0 {
                best.iter().zip(occur).for_each(|(p, t)| near(*p, t));
            }
        }
    }

    #[test]
    fn ends_of_the_range_are_no_trouble() {
        for gamma in [0.0, 0.5, 1.0, 2.0] {
            for (z, t) in [([800.0, 0.0], [1.0, 0.0]), ([800.0, 0.0], [0.0, 1.0]), ([0.0, -800.0], [1.0, 0.0])] {
                let (mut loss, mut a, mut g) = ([0.0f64], z, [0.0f64; 2]);
                Focal { gamma }.fused_value(&mut loss, &mut a, &t, 2);
                Focal { gamma }.fused_gradient(&mut g, &a, &t, &[1.0], 2);
                assert!(loss[0].is_finite() && g.iter().all(|g| g.is_finite()), "{gamma}, {z:?}: {loss:?}, {g:?}");
            }
            for (z, t) in [(800.0, 0.0), (800.0, 1.0), (-800.0, 0.0), (-800.0, 1.0)] {
                let (mut loss, mut a, mut g) = ([0.0f64], [z], [0.0f64]);
                Focal { gamma }.fused_value(&mut loss, &mut a, &[t], 1);
                Focal { gamma }.fused_gradient(&mut g, &a, &[t], &[1.0], 1);
                near(loss[0], if (z > 0.0) == (t > 0.0) { 0.0 } else { 800.0 });
                near(g[0], if (z > 0.0) == (t > 0.0) { 0.0 } else { z.signum() });
            }
        }
    }
}
