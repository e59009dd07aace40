//! multiply: the product of inputs of one shape, place by place: a gate.

use super::{Backward, Coupling, Forward, Kernel, Layer, LayerKind, LayerRole, Site, join};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The kind.
pub(super) struct Multiply;

static SIGNATURE: Signature = Signature {
    name: "multiply",
    family: Family::Layer,
    summary: "the product of several layers of one shape, place by place",
    formula: "y = x₀ ⊙ x₁ ⊙ …",
    range: "the products of their ranges' ends",
    parameters: &[join::OPERANDS],
    example: "gated: multiply left right",
    source: "",
    foreign: Foreign { names: &["mul"], ..Foreign::NONE },
};

impl LayerKind for Multiply {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, _arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let shape = join::equal(&SIGNATURE, site)?;
        Ok(Box::new(Product { inputs: site.inputs.len(), shape }))
    }
}

/// A configured product.
#[derive(Debug)]
struct Product {
    inputs: usize,
    /// The shape of every input.
    shape: Shape,
}

impl Layer for Product {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Multiply
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        inputs[1..].iter().fold(inputs[0], |product, &range| product.times(range))
    }

    fn multiply_adds(&self) -> u64 {
        (self.inputs as u64 - 1) * self.shape.size() as u64
    }

    fn op(&self) -> Op {
        Op::Mul
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Each
    }
}

impl<R: Real> Kernel<R> for Product {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        pass.y.copy_from_slice(pass.x.first());
        for more in pass.x.iter().skip(1) {
            for (y, &x) in pass.y.iter_mut().zip(more) {
                *y *= x;
            }
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        // The product of the others, not y/x: x may be 0.
        pass.dx.copy_from_slice(pass.dy);
        for (_, other) in pass.x.iter().enumerate().filter(|(place, _)| *place != pass.input) {
            for (dx, &x) in pass.dx.iter_mut().zip(other) {
                *dx *= x;
            }
        }
    }
}
