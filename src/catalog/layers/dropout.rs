//! dropout: in training each value is left out with probability p, and what stays is scaled by 1/(1 − p).

use super::{Backward, Coupling, Forward, Kernel, Layer, LayerKind, LayerRole, Mode, Saved, Site};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const RATE: Key<f64> = Key::new("rate");
}

/// The kind.
pub(super) struct Dropout;

static SIGNATURE: Signature = Signature {
    name: "dropout",
    family: Family::Layer,
    summary: "leaves each value out with probability `rate` while training; nothing at inference",
    formula: "y = m·x / (1 − rate), m ~ Bernoulli(1 − rate)",
    range: "its input's, scaled, and 0",
    parameters: &[Parameter::positional(
        key::RATE,
        Kind::Number(Range::BELOW_ONE),
        DefaultValue::Required,
        "the share left out",
    )],
    example: "dropout 20%",
    source: "Srivastava et al. 2014",
    foreign: Foreign {
        names: &["drop_out"],
        parameters: &[("p", "rate")],
        hints: &[
            ("keep_prob", "the share that is dropped stands first: `dropout 20%` keeps 80%"),
            ("inplace", "nn places its values itself: leave it out"),
        ],
        ..Foreign::NONE
    },
};

impl LayerKind for Dropout {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        Ok(Box::new(Mask { rate: arguments.value(key::RATE), shape: site.first().shape.clone() }))
    }
}

/// A configured dropout layer. It keeps the factor of each value: 0 or 1/(1 − p).
#[derive(Debug)]
struct Mask {
    rate: f64,
    shape: Shape,
}

impl Layer for Mask {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Drop { rate: self.rate }
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        // What the network computes with is its inference form, which hands values on.
        inputs[0]
    }

    fn saved(&self) -> Saved {
        Saved { per_row: self.shape.size(), fixed: 0 }
    }

    fn op(&self) -> Op {
        Op::Dropout { ratio: self.rate }
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Same
    }

    fn is_random(&self) -> bool {
        true
    }
}

impl<R: Real> Kernel<R> for Mask {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let x = pass.x.first();
        let Some(random) = pass.random.as_mut().filter(|_| pass.mode == Mode::Training) else {
            pass.y.copy_from_slice(x);
            return;
        };
        let keep = R::of(1.0 / (1.0 - self.rate));
        for ((y, &x), factor) in pass.y.iter_mut().zip(x).zip(pass.saved.iter_mut()) {
            *factor = if random.unit() < self.rate { R::ZERO } else { keep };
            *y = x * *factor;
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        if pass.mode == Mode::Inference {
            pass.dx.copy_from_slice(pass.dy);
            return;
        }
        for ((dx, &dy), &factor) in pass.dx.iter_mut().zip(pass.dy).zip(pass.saved) {
            *dx = dy * factor;
        }
    }
}
