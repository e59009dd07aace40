//! identity: hands its input on, under an activation or another shape. What `relu` on a line of its own,
//! `flatten` and `input` become.

use super::{Backward, Coupling, Forward, Kernel, Layer, LayerRole};
use crate::catalog::activations::Activation;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::tensor::{Real, Shape};

/// A layer without numbers of its own.
#[derive(Debug)]
pub struct Identity {
    /// The kind's name.
    pub kind: &'static str,
    /// What its output is shaped as.
    pub shape: Shape,
    /// What it is in ONNX's words, the activation aside.
    pub op: Op,
    /// What it applies.
    pub activation: Option<Box<dyn Activation>>,
}

impl Layer for Identity {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn role(&self) -> LayerRole {
        LayerRole::PassThrough
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        inputs[0]
    }

    fn op(&self) -> Op {
        self.op.clone()
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Same
    }

    fn activation(&self) -> Option<&dyn Activation> {
        self.activation.as_deref()
    }
}

impl<R: Real> Kernel<R> for Identity {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        pass.y.copy_from_slice(pass.x.first());
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        pass.dx.copy_from_slice(pass.dy);
    }
}
