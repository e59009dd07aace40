//! flatten: the same values as one vector. Rows are stored flat already, so it only changes the shape.

use super::{Identity, Layer, LayerKind, Site};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::Shape;

/// The kind.
pub(super) struct Flatten;

static SIGNATURE: Signature = Signature {
    name: "flatten",
    family: Family::Layer,
    summary: "the same values as one vector",
    formula: "1x28x28 → 784",
    range: "its input's",
    parameters: &[],
    example: "flatten",
    source: "",
    foreign: Foreign { names: &["flat"], ..Foreign::NONE },
};

impl LayerKind for Flatten {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, _arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let shape = Shape::vector(site.first().shape.size());
        Ok(Box::new(Identity { kind: SIGNATURE.name, shape, op: Op::Flatten, activation: None }))
    }
}
