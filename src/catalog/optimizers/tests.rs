//! An optimizer that only tests know.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::Family;
use crate::catalog::tests::signature;
use crate::tensor::{Real, zip};

pub(in crate::catalog) static OPTIMIZERS: &[&OptimizerKind] = &[&SIGNED];

static SIGNED: OptimizerKind =
    OptimizerKind { signature: signature("signed", Family::Optimizer, &[]), configure: |_| Box::new(Signed) };

/// w − η·sign(g): adaptive, its steps all of one size.
#[derive(Debug)]
struct Signed;

impl Optimizer for Signed {
    fn name(&self) -> &'static str {
        "signed"
    }
    fn slots(&self) -> usize {
        0
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &[]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Signed {
    fn update(&self, w: &mut [R], g: &[R], _slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let rate = R::of(step.learning_rate);
        zip(w, g, |w, g| {
            if g > R::ZERO {
                w - rate
            } else if g < R::ZERO {
                w + rate
            } else {
                w
            }
        });
    }
}
