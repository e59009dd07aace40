//! mse: mean squared error.

use super::rows::nearest_distribution;
use super::{Center, Elementwise, LossKind};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

/// What suits a target of numbers.
pub static MSE: LossKind = LossKind {
    signature: Signature {
        name: "mse",
        family: Family::Loss,
        summary: "the mean squared difference",
        formula: "L = mean over outputs of (a − t)²",
        range: "≥ 0",
        parameters: &[],
        example: "loss = mse",
        source: "",
        foreign: Foreign { classes: &["MSELoss"], names: &["mean_squared_error"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Mse),
};

#[derive(Debug)]
struct Mse;

impl Elementwise for Mse {
    const NAME: &'static str = "mse";

    #[inline(always)]
    fn of<R: Real>(&self, d: R) -> R {
        d * d
    }

    #[inline(always)]
    fn slope<R: Real>(&self, d: R) -> R {
        R::of(2.0) * d
    }

    fn center(&self) -> Center {
        Center::Mean
    }

    fn nearest_distribution(&self, targets: &[f64]) -> Option<Vec<f64>> {
        Some(nearest_distribution(targets))
    }

    fn second_derivative(&self) -> Option<f64> {
        Some(2.0)
    }
}
