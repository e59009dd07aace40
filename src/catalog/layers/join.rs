//! What layers of several inputs share: their operands, and whether the operands' shapes fit.

use super::{Input, Site};
use crate::catalog::signature::{DefaultValue, Kind, Parameter, Signature};
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::Shape;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::{Key, held};

    pub(super) const LAYERS: Key<held::Names> = Key::new("layers");
}

/// The layers that are joined.
pub(super) const OPERANDS: Parameter =
    Parameter::positional(key::LAYERS, Kind::Labels(2), DefaultValue::Required, "labels of earlier layers, or `input`");

/// The shape that all inputs have.
pub(super) fn equal(signature: &Signature, site: &Site<'_>) -> Result<Shape, Box<Diagnostic>> {
    let shape = &site.first().shape;
    match site.inputs.iter().find(|input| input.shape != *shape) {
        None => Ok(shape.clone()),
        Some(other) => {
            let widths = shape.rank() == 1 && other.shape.rank() == 1;
            let help = if widths {
                format!("give both the same width, such as {}, or write `concat`", shape.size())
            } else {
                "give both the same shape".to_owned()
            };
            Err(Box::new(unlike(signature, site, other, "takes equal shapes").help(help)))
        }
    }
}

/// The shape of all inputs end to end along an axis; their other dimensions are equal.
pub(super) fn along(signature: &Signature, site: &Site<'_>, axis: usize) -> Result<Shape, Box<Diagnostic>> {
    let shape = &site.first().shape;
    let others = |shape: &Shape| {
        let mut dimensions = shape.dimensions().to_vec();
        dimensions[axis] = 0;
        dimensions
    };
    let fits = |input: &&Input<'_>| input.shape.rank() == shape.rank() && others(&input.shape) == others(shape);
    if let Some(other) = site.inputs.iter().find(|input| !fits(input)) {
        let (takes, help) = match (shape.rank(), other.shape.rank()) {
            (2, 2) => ("takes sequences of equal steps", "give both the same number of steps"),
            (3, 3) => ("takes pictures of equal height and width", "give both the same height and width"),
            _ => ("takes shapes of one kind", "write `flatten` behind the one that is no vector"),
        };
        return Err(Box::new(unlike(signature, site, other, takes).help(help)));
    }
    let mut dimensions = shape.dimensions().to_vec();
    dimensions[axis] = site.inputs.iter().map(|input| input.shape.dimensions()[axis]).fold(0, usize::saturating_add);
    let joined = Shape::new(dimensions);
    match joined.checked_size() {
        Some(size) if size <= crate::catalog::MOST_UNITS => Ok(joined),
        _ => Err(Box::new(
            Diagnostic::error(codes::DOMAIN, format!("{joined} is more values than a network here can hold"))
                .at(site.at, format!("at most {} in all", crate::catalog::MOST_UNITS)),
        )),
    }
}

/// The report on an input whose shape is not the first's.
fn unlike(signature: &Signature, site: &Site<'_>, other: &Input<'_>, takes: &str) -> Diagnostic {
    let first = site.first();
    let message = format!(
        "`{}` {takes}: {} gives {}, and {} gives {}",
        signature.name, first.name, first.shape, other.name, other.shape
    );
    Diagnostic::error(codes::JOIN, message)
        .at(other.written.unwrap_or(site.at), format!("gives {}", other.shape))
        .and_if(first.at, format!("gives {}", first.shape))
        .and_if(other.at, format!("gives {}", other.shape))
}
