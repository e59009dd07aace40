//! `layer_norm`: each row's values brought to mean 0 and variance 1, then scaled and shifted unit by unit.

use super::{Backward, Forward, Gradients, Kernel, Layer, LayerKind, LayerRole, Saved, Site, Tensor, norm};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const EPSILON: Key<f64> = Key::new("epsilon");
}

/// The kind.
pub(super) struct LayerNorm;

static SIGNATURE: Signature = Signature {
    name: "layer_norm",
    family: Family::Layer,
    summary: "brings each row's values to mean 0 and variance 1, then scales and shifts each unit",
    formula: "y = weight·(x − μ)/√(σ² + epsilon) + bias; μ, σ² over the row's values",
    range: "any",
    parameters: &[Parameter::named(
        key::EPSILON,
        Kind::Number(Range::POSITIVE),
        DefaultValue::Number(1e-5),
        "keeps the root from 0",
    )],
    example: "layer_norm",
    source: "Ba, Kiros and Hinton 2016",
    foreign: Foreign { names: &["layer_normalization"], parameters: &[("eps", "epsilon")], ..Foreign::NONE },
};

impl LayerKind for LayerNorm {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        Ok(Box::new(RowNorm { epsilon: arguments.value(key::EPSILON), shape: site.first().shape.clone() }))
    }
}

/// A configured layer norm. It keeps x̂ (size × batch) and 1/√(σ² + ε) (batch).
#[derive(Debug)]
struct RowNorm {
    epsilon: f64,
    shape: Shape,
}

impl Layer for RowNorm {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Normalise { epsilon: self.epsilon }
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, _inputs: &[Values]) -> Values {
        Values::ANY
    }

    fn tensors(&self) -> Vec<Tensor> {
        norm::tensors(self.shape.size())
    }

    fn saved(&self) -> Saved {
        Saved { per_row: self.shape.size() + 1, fixed: 0 }
    }

    fn multiply_adds(&self) -> u64 {
        4 * self.shape.size() as u64
    }

    fn op(&self) -> Op {
        Op::LayerNormalization { epsilon: self.epsilon }
    }
}

impl<R: Real> Kernel<R> for RowNorm {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let size = self.shape.size();
        let x = pass.x.first();
        let (weight, bias) = pass.parameters.split_at(size);
        // Of each row x̂ and 1/√(σ² + ε).
        let saved = pass.saved.chunks_exact_mut(size + 1).map(|row| row.split_at_mut(size));
        let rows = x.chunks_exact(size).zip(pass.y.chunks_exact_mut(size)).zip(saved);
        for ((x, y), (normed, inverse)) in rows {
            let inverse = &mut inverse[0];
            let mean = x.iter().copied().sum::<R>() / R::of(size as f64);
            let variance = x.iter().map(|&x| (x - mean) * (x - mean)).sum::<R>() / R::of(size as f64);
            *inverse = R::ONE / (variance + R::of(self.epsilon)).sqrt();
            for i in 0..size {
                normed[i] = (x[i] - mean) * *inverse;
                y[i] = weight[i] * normed[i] + bias[i];
            }
        }
    }

    fn gradients(&self, pass: &mut Gradients<'_, R>) {
        let size = self.shape.size();
        let (dw, db) = pass.gradients.split_at_mut(size);
        norm::gradients(dw, db, pass.saved, size + 1, pass.dy);
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        let size = self.shape.size();
        let (weight, _) = pass.parameters.split_at(size);
        let saved = pass.saved.chunks_exact(size + 1).map(|row| row.split_at(size));
        // dx = (g − mean(g) − x̂·mean(g x̂)) / √(σ² + ε), g = weight·dy, means over the row.
        let n = R::of(size as f64);
        let rows = pass.dx.chunks_exact_mut(size).zip(pass.dy.chunks_exact(size)).zip(saved);
        for ((dx, dy), (normed, inverse)) in rows {
            let (mut mean, mut along) = (R::ZERO, R::ZERO);
            for i in 0..size {
                let g = weight[i] * dy[i];
                mean += g;
                along += g * normed[i];
            }
            let (mean, along) = (mean / n, along / n);
            for i in 0..size {
                dx[i] = (weight[i] * dy[i] - mean - normed[i] * along) * inverse[0];
            }
        }
    }
}
