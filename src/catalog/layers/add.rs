//! add: the sum of inputs of one shape. What closes a `residual` block, too.

use super::{Backward, Coupling, Forward, Kernel, Layer, LayerKind, LayerRole, Site, join};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The kind.
pub(super) struct Sum;

static SIGNATURE: Signature = Signature {
    name: "add",
    family: Family::Layer,
    summary: "the sum of several layers of one shape",
    formula: "y = x₀ + x₁ + …",
    range: "the sum of their ranges",
    parameters: &[join::OPERANDS],
    example: "both: add left right",
    source: "",
    foreign: Foreign { names: &["sum"], ..Foreign::NONE },
};

impl LayerKind for Sum {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, _arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let shape = join::equal(&SIGNATURE, site)?;
        Ok(Box::new(Add { kind: SIGNATURE.name, shape }))
    }
}

/// A configured sum.
#[derive(Debug)]
pub struct Add {
    kind: &'static str,
    /// The shape of every input.
    shape: Shape,
}

impl Add {
    /// The sum that closes a `residual` block.
    pub fn residual(shape: Shape) -> Self {
        Self { kind: super::structure::RESIDUAL.signature().name, shape }
    }
}

impl Layer for Add {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn role(&self) -> LayerRole {
        LayerRole::Add
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        inputs[1..].iter().fold(inputs[0], |sum, &range| sum.plus(range))
    }

    fn op(&self) -> Op {
        Op::Add
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Same
    }
}

impl<R: Real> Kernel<R> for Add {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        for ((y, &l), &r) in pass.y.iter_mut().zip(pass.x.get(0)).zip(pass.x.get(1)) {
            *y = l + r;
        }
        for more in pass.x.iter().skip(2) {
            for (y, &x) in pass.y.iter_mut().zip(more) {
                *y += x;
            }
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        pass.dx.copy_from_slice(pass.dy);
    }
}
