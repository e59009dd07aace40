//! `batch_norm`: each unit's values over the batch brought to mean 0 and variance 1, then scaled and shifted.
//! Inference uses running statistics instead of the batch's.

use super::{
    Backward, Coupling, Forward, Gradients, Kernel, Layer, LayerKind, LayerRole, Mode, Saved, Site, State, Tensor, norm,
};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::{Real, Shape};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const EPSILON: Key<f64> = Key::new("epsilon");
    pub(super) const MOMENTUM: Key<f64> = Key::new("momentum");
}

/// The kind.
pub(super) struct BatchNorm;

static SIGNATURE: Signature = Signature {
    name: "batch_norm",
    family: Family::Layer,
    summary: "brings each unit's values over the batch to mean 0 and variance 1, then scales and shifts it",
    formula: "y = weight·(x − μ)/√(σ² + epsilon) + bias; training: μ and biased σ² of the batch, running ← (1 − momentum)·running + momentum·(mean, unbiased variance); inference: the running ones",
    range: "any",
    parameters: &[
        Parameter::named(
            key::EPSILON,
            Kind::Number(Range::POSITIVE),
            DefaultValue::Number(1e-5),
            "keeps the root from 0",
        ),
        Parameter::named(
            key::MOMENTUM,
            Kind::Number(Range::UNIT),
            DefaultValue::Number(0.1),
            "the share by which running statistics move",
        ),
    ],
    example: "batch_norm",
    source: "Ioffe and Szegedy 2015",
    foreign: Foreign {
        names: &["batch_normalization", "batch_norm1d"],
        parameters: &[("eps", "epsilon")],
        ..Foreign::NONE
    },
};

impl LayerKind for BatchNorm {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        if site.first().shape.rank() != 1 {
            let message =
                format!("`batch_norm` takes a vector, and {} gives {}", site.first().name, site.first().shape);
            return Err(Box::new(
                Diagnostic::error(codes::RANK, message)
                    .at(site.at, "takes one dimension")
                    .and_if(site.first().at, format!("gives {}", site.first().shape))
                    .help("write `flatten` on a line before it"),
            ));
        }
        let (epsilon, momentum) = (arguments.value(key::EPSILON), arguments.value(key::MOMENTUM));
        Ok(Box::new(UnitNorm { epsilon, momentum, shape: site.first().shape.clone() }))
    }
}

/// A configured batch norm. It keeps 1/√(σ² + ε) and the mean of each unit, and x̂ (size × batch).
#[derive(Debug)]
struct UnitNorm {
    epsilon: f64,
    momentum: f64,
    shape: Shape,
}

impl Layer for UnitNorm {
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

    fn state(&self) -> Vec<State> {
        let size = self.shape.size();
        vec![
            State { name: "running_mean", size, start: 0.0, least: f64::NEG_INFINITY },
            State { name: "running_var", size, start: 1.0, least: 0.0 },
        ]
    }

    fn saved(&self) -> Saved {
        Saved { per_row: self.shape.size(), fixed: 2 * self.shape.size() }
    }

    fn multiply_adds(&self) -> u64 {
        2 * self.shape.size() as u64
    }

    fn op(&self) -> Op {
        Op::BatchNormalization { epsilon: self.epsilon, momentum: self.momentum }
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Each
    }

    fn couples_rows(&self) -> bool {
        true
    }
}

impl UnitNorm {
    /// Mean and 1/√(σ² + ε) of each unit over the batch; moves the running statistics.
    fn batch_statistics<R: Real>(&self, x: &[R], batch: usize, mean: &mut [R], inverse: &mut [R], state: &mut [R]) {
        let size = self.shape.size();
        let n = R::of(batch as f64);
        mean.fill(R::ZERO);
        inverse.fill(R::ZERO);
        for row in x.chunks_exact(size) {
            for (mean, &x) in mean.iter_mut().zip(row) {
                *mean += x;
            }
        }
        for mean in mean.iter_mut() {
            *mean /= n;
        }
        for row in x.chunks_exact(size) {
            for ((variance, &mean), &x) in inverse.iter_mut().zip(&*mean).zip(row) {
                *variance += (x - mean) * (x - mean);
            }
        }
        let (running_mean, running_variance) = state.split_at_mut(size);
        let share = R::of(self.momentum);
        // A batch of one row has no unbiased variance: the running one stays.
        let unbiased = if batch > 1 { Some(R::of((batch - 1) as f64)) } else { None };
        for i in 0..size {
            running_mean[i] += share * (mean[i] - running_mean[i]);
            if let Some(degrees) = unbiased {
                running_variance[i] += share * (inverse[i] / degrees - running_variance[i]);
            }
            inverse[i] = R::ONE / (inverse[i] / n + R::of(self.epsilon)).sqrt();
        }
    }
}

impl<R: Real> Kernel<R> for UnitNorm {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let size = self.shape.size();
        let x = pass.x.first();
        let (weight, bias) = pass.parameters.split_at(size);
        let (mean, inverse) = pass.fixed.split_at_mut(size);
        match pass.mode {
            Mode::Training => self.batch_statistics(x, pass.batch, mean, inverse, pass.state),
            Mode::Inference => {
                let (running_mean, running_variance) = pass.state.split_at(size);
                mean.copy_from_slice(running_mean);
                for (inverse, &variance) in inverse.iter_mut().zip(running_variance) {
                    *inverse = R::ONE / (variance + R::of(self.epsilon)).sqrt();
                }
            }
        }
        let rows = x.chunks_exact(size).zip(pass.y.chunks_exact_mut(size)).zip(pass.saved.chunks_exact_mut(size));
        for ((x, y), normed) in rows {
            for i in 0..size {
                normed[i] = (x[i] - mean[i]) * inverse[i];
                y[i] = weight[i] * normed[i] + bias[i];
            }
        }
    }

    fn gradients(&self, pass: &mut Gradients<'_, R>) {
        let (dw, db) = pass.gradients.split_at_mut(self.shape.size());
        norm::gradients(dw, db, pass.saved, self.shape.size(), pass.dy);
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        let size = self.shape.size();
        let (weight, _) = pass.parameters.split_at(size);
        let inverse = &pass.fixed[size..];
        let (dw, db) = pass.gradients.split_at(size);
        // Training: dx = weight/√(σ² + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)), means over the batch: db/n and dw/n.
        // Inference: the statistics are constants, and the means fall away.
        let n = match pass.mode {
            Mode::Training => R::ONE / R::of(pass.batch as f64),
            Mode::Inference => R::ZERO,
        };
        let rows = pass.dx.chunks_exact_mut(size).zip(pass.dy.chunks_exact(size)).zip(pass.saved.chunks_exact(size));
        for ((dx, dy), normed) in rows {
            for i in 0..size {
                dx[i] = weight[i] * inverse[i] * (dy[i] - (db[i] + normed[i] * dw[i]) * n);
            }
        }
    }
}
