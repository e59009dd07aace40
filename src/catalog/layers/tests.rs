//! A layer that only tests know: weighted sums whose options, tensor and start are called by other names than dense's.

use super::{Backward, Columns, Forward, Gradients, Kernel, Layer, LayerKind, LayerRole, Options, Role, Site, Tensor};
use crate::catalog::activations::{self, Activation};
use crate::catalog::bind::Arguments;
use crate::catalog::initializers::{Distribution, Fans, Start, UNIFORM};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Kind, Parameter, Signature};
use crate::catalog::tests::signature;
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::{Key, held};

    pub(super) const OUTPUTS: Key<u64> = Key::new("outputs");
    pub(super) const CURVE: Key<held::One> = Key::new("curve");
    pub(super) const BEGIN: Key<held::One> = Key::new("begin");
}

pub(in crate::catalog) static LAYERS: &[&dyn LayerKind] = &[&Blend];

struct Blend;

static SIGNATURE: Signature = signature(
    "blend",
    Family::Layer,
    &[
        Parameter::positional(key::OUTPUTS, Kind::Count(1), DefaultValue::Required, "how many"),
        Parameter::positional(key::CURVE, Kind::One(Family::Activation), DefaultValue::Word("linear"), "f"),
        Parameter::named(
            key::BEGIN,
            Kind::One(Family::Initializer),
            DefaultValue::Absent("narrow"),
            "how its weights start",
        ),
    ],
);

impl LayerKind for Blend {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn says_shape(&self, arguments: &Arguments) -> bool {
        arguments.count(key::OUTPUTS).is_some()
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let outputs = arguments.count(key::OUTPUTS).map_or(1, |c| c.value as usize);
        let chosen = arguments.one(key::CURVE);
        let curve = chosen.and_then(|c| Some((activations::find(c.kind.name)?.configure)(&c.arguments)));
        Ok(Box::new(Blended { inputs: site.first().shape.size(), outputs, curve }))
    }
}

#[derive(Debug)]
struct Blended {
    inputs: usize,
    outputs: usize,
    curve: Option<Box<dyn Activation>>,
}

impl Layer for Blended {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }
    fn role(&self) -> LayerRole {
        LayerRole::Linear
    }
    fn options(&self) -> Options {
        Options { width: Some(key::OUTPUTS), activation: Some(key::CURVE), bias: None }
    }
    fn output(&self) -> Shape {
        Shape::vector(self.outputs)
    }
    fn range(&self, _inputs: &[Values]) -> Values {
        Values::ANY
    }
    fn tensors(&self) -> Vec<Tensor> {
        vec![Tensor {
            name: "mixture",
            shape: Shape::new([self.outputs, self.inputs]),
            role: Role::Weight,
            fans: Fans { into: self.inputs, out: self.outputs },
            start: Start { kind: &UNIFORM, distribution: Distribution::symmetric(0.05) },
            option: Some(key::BEGIN),
        }]
    }
    fn multiply_adds(&self) -> u64 {
        (self.inputs * self.outputs) as u64
    }
    fn op(&self) -> Op {
        Op::Gemm { bias: false }
    }
    fn activation(&self) -> Option<&dyn Activation> {
        self.curve.as_deref()
    }
}

impl<R: Real> Kernel<R> for Blended {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        for (y, x) in pass.y.chunks_exact_mut(self.outputs).zip(pass.x.first().chunks_exact(self.inputs)) {
            for (unit, y) in y.iter_mut().enumerate() {
                *y = x.iter().enumerate().map(|(i, &x)| pass.parameters[i * self.outputs + unit] * x).sum();
            }
        }
    }

    fn gradients(&self, pass: &mut Gradients<'_, R>) {
        let first = pass.columns.start;
        for (k, g) in pass.gradients.iter_mut().enumerate() {
            let (input, unit) = (first + k / self.outputs, k % self.outputs);
            let rows = pass.dy.chunks_exact(self.outputs).zip(pass.x.first().chunks_exact(self.inputs));
            *g = rows.map(|(dy, x)| dy[unit] * x[input]).sum();
        }
    }

    fn columns(&self, _batch: usize) -> Columns {
        Columns { count: self.inputs, size: self.outputs, together: self.inputs }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        for (dx, dy) in pass.dx.chunks_exact_mut(self.inputs).zip(pass.dy.chunks_exact(self.outputs)) {
            for (i, dx) in dx.iter_mut().enumerate() {
                *dx = dy.iter().enumerate().map(|(unit, &dy)| pass.parameters[i * self.outputs + unit] * dy).sum();
            }
        }
    }
}
