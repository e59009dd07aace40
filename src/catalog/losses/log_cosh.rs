//! `log_cosh`: squared near the target, absolute far from it, and smooth everywhere.

use super::{Center, Elementwise, LossKind};
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::tensor::Real;

pub(super) static LOG_COSH: LossKind = LossKind {
    signature: Signature {
        name: "log_cosh",
        family: Family::Loss,
        summary: "squared near the target, absolute far from it, smooth between",
        formula: "L = mean over outputs of ln cosh(a − t)",
        range: "≥ 0",
        parameters: &[],
        example: "loss = log_cosh",
        source: "",
        foreign: Foreign::NONE,
    },
    configure: |_| Box::new(LogCosh),
};

#[derive(Debug)]
struct LogCosh;

impl Elementwise for LogCosh {
    const NAME: &'static str = "log_cosh";

    /// |d| + ln(1 + e^(−2|d|)) − ln 2: never overflows.
    #[inline(always)]
    fn of<R: Real>(&self, d: R) -> R {
        let size = d.abs();
        size + ((R::of(-2.0) * size).quick_exp().quick_ln_1p() - R::of(std::f64::consts::LN_2))
    }

    #[inline(always)]
    fn slope<R: Real>(&self, d: R) -> R {
        d.quick_tanh()
    }

    fn center(&self) -> Center {
        Center::Between
    }
}
