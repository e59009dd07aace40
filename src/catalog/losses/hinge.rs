//! `hinge`: the loss of support vector machines. Labels are signs; an output that has the right one, and is at least
//! 1 in size, costs nothing.

use super::{Center, Loss, LossKind, Objective, TargetRows, Targets, terms};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static HINGE: LossKind = LossKind {
    signature: Signature {
        name: "hinge",
        family: Family::Loss,
        summary: "of labels ±1: nothing where the output has the label's sign and is at least 1 in size",
        formula: "L = mean over outputs of max(0, 1 − t·a); of classes the true one's t is 1, the others' −1; on one output the second class's 1, the first's −1",
        range: "≥ 0",
        parameters: &[],
        example: "loss = hinge",
        source: "Cortes and Vapnik 1995",
        foreign: Foreign {
            names: &["hinge_loss", "svm"],
            hints: &[("margin", "the margin is 1: the weights' scale makes any other of it")],
            ..Foreign::NONE
        },
    },
    configure: |_| Box::new(Hinge),
};

#[derive(Debug)]
struct Hinge;

/// −1 or 1, also of a target that is 0 or 1.
#[inline(always)]
fn sign<R: Real>(t: R) -> R {
    if t > R::ZERO { R::ONE } else { -R::ONE }
}

impl Loss for Hinge {
    fn name(&self) -> &'static str {
        "hinge"
    }
    fn targets(&self) -> Targets {
        Targets::Signs
    }
    fn wanted(&self, target: f64) -> f64 {
        sign(target)
    }
    fn threshold(&self) -> f64 {
        0.0
    }
    /// Between the signs it is |t − a|, and beyond them no less than at them.
    fn center(&self) -> Center {
        Center::Quantile(0.5)
    }
    fn best_constant(&self, targets: &TargetRows) -> Vec<f64> {
        (0..targets.width).map(|unit| sign(targets.quantile(unit, 0.5))).collect()
    }
    fn nearest(&self, target: f64, low: f64, high: f64) -> f64 {
        sign(target).clamp(low, high)
    }
}

impl<R: Real> Objective<R> for Hinge {
    fn value(&self, rows: &mut [R], a: &[R], t: &[R], width: usize) {
        // Written so that what is no number stays so.
        terms::means(rows, a, t, width, |a, t| {
            let short = R::ONE - sign(t) * a;
            if short < R::ZERO { R::ZERO } else { short }
        });
    }

    fn gradient(&self, gradient: &mut [R], a: &[R], t: &[R], weights: &[R], width: usize) {
        terms::slopes(gradient, (a, t), weights, width, |a, t| {
            let t = sign(t);
            if t * a < R::ONE { -t } else { R::ZERO }
        });
    }
}
