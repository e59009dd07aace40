//! add: the sum of two inputs of one shape. What closes a `residual` block.

use super::{Backward, Forward, Kernel, Layer, LayerKind, LayerRole, Tensor};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::tensor::{Real, Shape};

/// y = x₀ + x₁
#[derive(Debug)]
pub struct Add {
    /// The shape of both inputs.
    pub shape: Shape,
}

impl Layer for Add {
    fn kind(&self) -> &'static str {
        super::structure::RESIDUAL.signature().name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Join
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, input: Values) -> Values {
        input
    }

    fn tensors(&self) -> Vec<Tensor> {
        Vec::new()
    }

    fn multiply_adds(&self) -> u64 {
        0
    }

    fn op(&self) -> Op {
        Op::Add
    }
}

impl<R: Real> Kernel<R> for Add {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let [left, right] = pass.x;
        for ((y, &l), &r) in pass.y.iter_mut().zip(left).zip(right) {
            *y = l + r;
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        for dx in pass.dx.iter_mut().filter(|dx| !dx.is_empty()) {
            dx.copy_from_slice(pass.dy);
        }
    }
}
