//! mae: mean absolute error.

use super::{Center, Elementwise, LossKind};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static MAE: LossKind = LossKind {
    signature: Signature {
        name: "mae",
        family: Family::Loss,
        summary: "the mean absolute difference",
        formula: "L = mean over outputs of |a − t|; slope ±1, 0 at a = t",
        range: "≥ 0",
        parameters: &[],
        example: "loss = mae",
        source: "",
        foreign: Foreign { classes: &["L1Loss"], names: &["mean_absolute_error", "l1_loss"], ..Foreign::NONE },
    },
    configure: |_| Box::new(Mae),
};

#[derive(Debug)]
struct Mae;

impl Elementwise for Mae {
    const NAME: &'static str = "mae";

    #[inline(always)]
    fn of<R: Real>(&self, d: R) -> R {
        d.abs()
    }

    #[inline(always)]
    fn slope<R: Real>(&self, d: R) -> R {
        if d > R::ZERO {
            R::ONE
        } else if d < R::ZERO {
            -R::ONE
        } else {
            R::ZERO * d
        }
    }

    fn center(&self) -> Center {
        Center::Quantile(0.5)
    }
}
