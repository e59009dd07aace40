//! The statements that shape a network and compute nothing of their own: `input`, `repeat`, `residual`.

use super::{Form, Layer, LayerKind, Site};
use crate::catalog::bind::Arguments;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Signature};
use crate::diagnostic::{Diagnostic, codes};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::Key;
    use crate::tensor::Shape;

    pub(crate) const SHAPE: Key<Shape> = Key::new("shape");
    pub(crate) const TIMES: Key<u64> = Key::new("times");
}

/// A kind that the IR lowers itself.
pub(super) struct Structure {
    signature: &'static Signature,
    form: Form,
}

impl LayerKind for Structure {
    fn signature(&self) -> &'static Signature {
        self.signature
    }

    fn form(&self) -> Form {
        self.form
    }

    fn configure(&self, _arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let message = format!("`{}` cannot stand here", self.signature.name);
        Err(Box::new(
            Diagnostic::error(codes::SYNTAX, message).at(site.at, format!("write `{}`", self.signature.example)),
        ))
    }
}

pub(super) static INPUT: Structure = Structure {
    form: Form::Shape,
    signature: &Signature {
        name: "input",
        family: Family::Layer,
        summary: "states the shape of the input, or gives the same values another shape",
        formula: "",
        range: "its input's",
        parameters: &[Parameter::positional(
            key::SHAPE,
            Kind::Shape,
            DefaultValue::Required,
            "the dimensions of one row",
        )],
        example: "input 1x28x28",
        source: "",
        foreign: Foreign::NONE,
    },
};

pub(super) static REPEAT: Structure = Structure {
    form: Form::Repeat,
    signature: &Signature {
        name: "repeat",
        family: Family::Layer,
        summary: "the layers in its braces, so many times over, each time with weights of their own",
        formula: "",
        range: "its last layer's",
        parameters: &[Parameter::positional(key::TIMES, Kind::Count(1), DefaultValue::Required, "how often")],
        example: "repeat 3 { dense 16 tanh }",
        source: "",
        foreign: Foreign::NONE,
    },
};

pub(super) static RESIDUAL: Structure = Structure {
    form: Form::Residual,
    signature: &Signature {
        name: "residual",
        family: Family::Layer,
        summary: "adds its input to what the layers in its braces make of it",
        formula: "y = x + f(x)",
        range: "the sum of both ranges",
        parameters: &[],
        example: "residual { dense 16 relu }",
        source: "He et al. 2016",
        foreign: Foreign { names: &["skip"], ..Foreign::NONE },
    },
};
