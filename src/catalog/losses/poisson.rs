//! `poisson`: what a Poisson distribution of that mean makes of a count, the part that hangs on the count alone left
//! out.

use super::{Center, Loss, LossKind, Objective, Outputs, TargetRows, Targets, terms};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static POISSON: LossKind = LossKind {
    signature: Signature {
        name: "poisson",
        family: Family::Loss,
        summary: "for counts: minus the log likelihood of a Poisson distribution whose mean is the output",
        formula: "L = mean over outputs of a − t ln a, a > 0, t ≥ 0; least at a = t, where it is t − t ln t; slope 1 − t/a",
        range: "any",
        parameters: &[],
        example: "loss = poisson",
        source: "McCullagh and Nelder 1989",
        foreign: Foreign {
            names: &["poisson_nll", "poisson_nll_loss", "poisson_loss"],
            hints: &[
                ("log_input", "the output is the mean itself: write `softplus` for its activation"),
                ("full", "what hangs on the targets alone is left out: it moves no weight"),
            ],
            ..Foreign::NONE
        },
    },
    configure: |_| Box::new(Poisson),
};

#[derive(Debug)]
struct Poisson;

impl Loss for Poisson {
    fn name(&self) -> &'static str {
        "poisson"
    }
    fn targets(&self) -> Targets {
        Targets::Amounts
    }
    fn outputs(&self, _width: usize) -> Outputs {
        Outputs::Positive
    }
    fn center(&self) -> Center {
        Center::Mean
    }
    fn least(&self, targets: &TargetRows) -> f64 {
        targets.mean(|t| t.iter().map(|&t| term(t, t)).sum::<f64>() / t.len() as f64)
    }
}

/// a − t ln a, where a target of 0 silences the logarithm.
#[inline(always)]
fn term<R: Real>(a: R, t: R) -> R {
    if t == R::ZERO { a } else { a - t * a.ln() }
}

impl<R: Real> Objective<R> for Poisson {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        terms::means(rows, a, t, width, term);
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        terms::slopes(gradient, (a, t), weights, width, |a, t| {
            let less = if t == R::ZERO { R::ZERO } else { t / a };
            R::ONE - less
        });
    }
}
