//! dense: every unit sees every input. Z = W X + b, A = f(Z).
//!
//! W is out × in (column-major in memory), X is in × batch, Z and A are out × batch.

use super::{
    Backward, Columns, Coupling, Forward, Gradients, Kernel, Layer, LayerKind, LayerRole, Options, Role, Site, Tensor,
};
use crate::catalog::activations::{self, Activation, Traits};
use crate::catalog::bind::Arguments;
use crate::catalog::initializers::{Fans, InitializerKind, Start, ZEROS};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Signature};
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::{
    Real, Shape, affine, bias_gradient, input_gradient, is_row_independent, view, view_mut, weight_gradient,
    weight_gradient_together,
};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::{Key, held};

    pub(crate) const UNITS: Key<u64> = Key::new("units");
    pub(crate) const ACTIVATION: Key<held::One> = Key::new("activation");
    pub(crate) const INIT: Key<held::One> = Key::new("init");
    pub(crate) const BIAS_INIT: Key<held::One> = Key::new("bias_init");
    pub(crate) const BIAS: Key<bool> = Key::new("bias");
}

/// The kind.
pub(super) struct Dense;

static SIGNATURE: Signature = Signature {
    name: "dense",
    family: Family::Layer,
    summary: "every unit sees every input",
    formula: "Z = W X + b, A = f(Z); W is out × in",
    range: "its activation's",
    parameters: &[
        Parameter::positional(key::UNITS, Kind::Count(1), DefaultValue::Required, "how many units"),
        Parameter::positional(key::ACTIVATION, Kind::One(Family::Activation), DefaultValue::Word("linear"), "f"),
        Parameter::named(
            key::INIT,
            Kind::One(Family::Initializer),
            DefaultValue::Absent(
                "by the activation: he_uniform for relu's family, lecun_normal before selu, else glorot_uniform",
            ),
            "how its weights start",
        ),
        Parameter::named(
            key::BIAS_INIT,
            Kind::One(Family::Initializer),
            DefaultValue::Absent("zeros"),
            "how its biases start",
        ),
        Parameter::named(key::BIAS, Kind::Bool, DefaultValue::Word("true"), "whether it has biases"),
    ],
    example: "hidden: dense 16 tanh init=glorot_uniform",
    source: "",
    foreign: Foreign {
        classes: &["Linear"],
        names: &["linear_layer", "fully_connected", "fc"],
        parameters: &[
            ("kernel_initializer", "init"),
            ("weight_init", "init"),
            ("initializer", "init"),
            ("initialiser", "init"),
            ("bias_initializer", "bias_init"),
            ("use_bias", "bias"),
            ("width", "units"),
            ("neurons", "units"),
        ],
        hints: &[
            ("input_shape", "the width of the input is inferred; `input 4` states it"),
            ("input_dim", "the width of the input is inferred; `input 4` states it"),
            ("in_features", "the width of the input is inferred"),
            ("out_features", "the width stands first: `dense 16`"),
            ("kernel_regularizer", "write `l2 = …` in `train`"),
            ("l1", "write `l1 = …` in `train`"),
            ("l2", "write `l2 = …` in `train`"),
            ("name", "a label stands before the layer: `hidden: dense 16`"),
            ("label", "a label stands before the layer: `hidden: dense 16`"),
        ],
        ..Foreign::NONE
    },
};

impl LayerKind for Dense {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn says_shape(&self, arguments: &Arguments) -> bool {
        arguments.count(key::UNITS).is_some()
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        if site.first().shape.rank() != 1 {
            let size = site.first().shape.size();
            return Err(Box::new(
                Diagnostic::error(
                    codes::RANK,
                    format!("`dense` takes a vector, and {} gives {}", site.first().name, site.first().shape),
                )
                .at(site.at, "takes one dimension")
                .and_if(site.first().at, format!("gives {}", site.first().shape))
                .help(format!("write `flatten` on a line before it: {} becomes {size} values", site.first().shape)),
            ));
        }
        let units = arguments.count(key::UNITS).map_or(1, |c| c.value as usize);
        let activation = arguments.one(key::ACTIVATION).and_then(|c| {
            let kind = activations::find(c.kind.name)?;
            Some((kind.configure)(&c.arguments))
        });
        // One with tensors of its own to train stands behind, in a node of its own.
        let suits = activation.as_ref().map_or(Traits::PLAIN, |a| a.traits()).suits;
        let activation = activation.filter(|a| a.trained_slope().is_none());
        let inputs = site.first().shape.size();
        if units.checked_mul(inputs).is_none_or(|size| size > crate::catalog::MOST_UNITS * 16) {
            return Err(Box::new(
                Diagnostic::error(
                    codes::DOMAIN,
                    format!("{units} units of {inputs} inputs each are more weights than nn holds"),
                )
                .at(site.at, format!("at most {} weights", crate::catalog::MOST_UNITS * 16)),
            ));
        }
        let bias = arguments.flag(key::BIAS).is_none_or(|b| b.value);
        Ok(Box::new(Affine { inputs, units, bias, activation, suits }))
    }
}

/// A configured dense layer.
#[derive(Debug)]
struct Affine {
    inputs: usize,
    units: usize,
    bias: bool,
    activation: Option<Box<dyn Activation>>,
    /// How its weights start where nothing is said.
    suits: &'static InitializerKind,
}

impl Layer for Affine {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Linear
    }

    fn options(&self) -> Options {
        Options { width: Some(key::UNITS), activation: Some(key::ACTIVATION), bias: Some(key::BIAS) }
    }

    fn output(&self) -> Shape {
        Shape::vector(self.units)
    }

    fn range(&self, _inputs: &[Values]) -> Values {
        // Weights may become anything.
        Values::ANY
    }

    fn tensors(&self) -> Vec<Tensor> {
        let fans = Fans { into: self.inputs, out: self.units };
        let weight = Tensor {
            name: "weight",
            shape: Shape::new([self.units, self.inputs]),
            role: Role::Weight,
            fans,
            start: Start::plain(self.suits, fans),
            option: Some(key::INIT),
        };
        let bias = Tensor {
            name: "bias",
            shape: Shape::vector(self.units),
            role: Role::Bias,
            fans,
            start: Start::plain(&ZEROS, fans),
            option: Some(key::BIAS_INIT),
        };
        if self.bias { vec![weight, bias] } else { vec![weight] }
    }

    fn multiply_adds(&self) -> u64 {
        self.units as u64 * self.inputs as u64
    }

    fn op(&self) -> Op {
        Op::Gemm { bias: self.bias }
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Weights
    }

    fn activation(&self) -> Option<&dyn Activation> {
        self.activation.as_deref()
    }
}

impl<R: Real> Kernel<R> for Affine {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let (w, b) = pass.parameters.split_at(self.units * self.inputs);
        let (out, inputs, batch) = (self.units, self.inputs, pass.batch);
        affine(pass.team, view_mut(pass.y, out, batch), view(w, out, inputs), b, view(pass.x.first(), inputs, batch));
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        let (out, inputs, batch) = (self.units, self.inputs, pass.batch);
        let w = view(&pass.parameters[..out * inputs], out, inputs);
        input_gradient(pass.team, view_mut(pass.dx, inputs, batch), w, view(pass.dy, out, batch));
    }

    fn gradients(&self, pass: &mut Gradients<'_, R>) {
        let (out, inputs, batch) = (self.units, self.inputs, pass.batch);
        let (first, count) = (pass.columns.start, pass.columns.len());
        let (dw, db) = pass.gradients.split_at_mut(out * count);
        let (dy, x) = (view(pass.dy, out, batch), view(pass.x.first(), inputs, batch));
        weight_gradient(pass.team, view_mut(dw, out, count), dy, x.rows(first, count).as_view());
        if !db.is_empty() {
            bias_gradient(db, dy);
        }
    }

    fn columns(&self, batch: usize) -> Columns {
        let together = weight_gradient_together(self.units, self.inputs, batch);
        Columns { count: self.inputs, size: self.units, together }
    }

    fn is_row_independent(&self) -> bool {
        is_row_independent::<R>(self.units, self.inputs)
    }
}
