//! Losses that only tests know: one of distances, and one of probabilities that is computed from logits.

use super::{Center, Elementwise, Loss, LossKind, Objective, Outputs, Targets};
use crate::catalog::signature::Family;
use crate::catalog::tests::signature;
use crate::tensor::Real;

pub(in crate::catalog) static LOSSES: &[&LossKind] = &[&QUARTIC, &SURPRISE];

static QUARTIC: LossKind =
    LossKind { signature: signature("quartic", Family::Loss, &[]), configure: |_| Box::new(Quartic) };
static SURPRISE: LossKind =
    LossKind { signature: signature("surprise", Family::Loss, &[]), configure: |_| Box::new(Surprise) };

/// (a − t)⁴, a mean over outputs.
#[derive(Debug)]
struct Quartic;

impl Elementwise for Quartic {
    const NAME: &'static str = "quartic";

    fn of<R: Real>(&self, d: R) -> R {
        d * d * d * d
    }

    fn slope<R: Real>(&self, d: R) -> R {
        R::of(4.0) * d * d * d
    }

    fn center(&self) -> Center {
        Center::Between
    }
}

/// −log₂ of the probability of the true class.
#[derive(Debug)]
struct Surprise;

impl Loss for Surprise {
    fn name(&self) -> &'static str {
        "surprise"
    }
    fn targets(&self) -> Targets {
        Targets::Distribution
    }
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Distribution
    }
    fn center(&self) -> Center {
        Center::Mean
    }
    fn uninformed(&self, outputs: usize) -> Option<f64> {
        Some((outputs as f64).log2())
    }
}

impl<R: Real> Objective<R> for Surprise {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        let bit = R::of(std::f64::consts::LN_2);
        for ((row, a), t) in rows.iter_mut().zip(a.chunks_exact(width)).zip(t.chunks_exact(width)) {
            let terms = a.iter().zip(t).filter(|(_, t)| **t != R::ZERO);
            *row = terms.map(|(a, t)| -*t * a.ln() / bit).sum();
        }
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        let bit = R::of(std::f64::consts::LN_2);
        let rows = gradient.chunks_exact_mut(width).zip(a.chunks_exact(width)).zip(t.chunks_exact(width));
        for (((g, a), t), &weight) in rows.zip(weights) {
            for ((g, &a), &t) in g.iter_mut().zip(a).zip(t) {
                *g = if t == R::ZERO { R::ZERO } else { -weight * t / (a * bit) };
            }
        }
    }
}
