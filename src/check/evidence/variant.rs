//! [`Variant`]: the program with one thing changed, so that a run of it tells whether that thing is at fault.

use super::sample::{Sample, train};
use crate::catalog::layers::Role;
use crate::check::{Loaded, with_rows};
use crate::data::Targets;
use crate::engine::Machine;
use crate::ir::Node;
use crate::tensor::{Purpose, Stream};

/// What differs from the program as it is written.
#[derive(Clone, Debug)]
pub(in crate::check) struct Variant {
    /// Multiplies the learning rate.
    pub(super) rate: f64,
    /// Multiplies the epochs.
    pub(super) epochs: u64,
    /// Added to the seed.
    pub(super) seed: u64,
    /// Weights whose start the user wrote start as suits their layer.
    starts: bool,
    /// What is done to the inputs.
    inputs: Option<Affine>,
    /// What is done to values as targets.
    targets: Option<Affine>,
}

/// (x − shift)·scale, for each column.
#[derive(Clone, Debug)]
struct Affine {
    shift: Vec<f64>,
    scale: Vec<f64>,
}

impl Variant {
    /// The program at its learning rate times `factor`.
    pub(super) fn at(factor: f64) -> Self {
        Self { rate: factor, epochs: 1, seed: 0, starts: false, inputs: None, targets: None }
    }

    /// The program with so many times its epochs.
    pub(super) fn longer(times: u64) -> Self {
        Self { epochs: times, ..Self::at(1.0) }
    }

    /// The program with another draw of weights and rows.
    pub(super) fn redrawn(seed: u64) -> Self {
        Self { seed, ..Self::at(1.0) }
    }

    /// The same, at its learning rate times `factor`.
    pub(super) fn at_rate(self, factor: f64) -> Self {
        Self { rate: factor, ..self }
    }

    /// The program with the usual starts.
    pub(super) fn restarted() -> Self {
        Self { starts: true, ..Self::at(1.0) }
    }

    /// The program with its input columns standardised.
    pub(super) fn scaled(data: &Loaded) -> Self {
        let statistics = with_rows!(data, data => data.input_statistics());
        let moments = statistics.iter().map(|s| (s.mean, s.std));
        Self { inputs: Some(Affine::standard(moments)), ..Self::at(1.0) }
    }

    /// The program with its target values standardised; `None` where targets are classes.
    pub(super) fn retargeted(data: &Loaded) -> Option<Self> {
        let Targets::Values { width, values } = Sample::gather(data, train(data)).targets else { return None };
        let rows = (values.len() / width.max(1)).max(1) as f64;
        let moments = (0..width).map(|unit| {
            let column = || values.iter().skip(unit).step_by(width);
            let mean = column().sum::<f64>() / rows;
            (mean, (column().map(|v| (v - mean).powi(2)).sum::<f64>() / rows).sqrt())
        });
        Some(Self { targets: Some(Affine::standard(moments)), ..Self::at(1.0) })
    }

    /// Changes rows.
    pub(super) fn change(&self, sample: &mut Sample) {
        if let Some(affine) = &self.inputs {
            affine.apply(&mut sample.inputs);
        }
        if let (Some(affine), Targets::Values { values, .. }) = (&self.targets, &mut sample.targets) {
            affine.apply(values);
        }
    }

    /// Starts the weights anew.
    pub(super) fn start(&self, machine: &mut Machine<'_, f64>, nodes: &[Node], seed: u64) {
        if !self.starts {
            return;
        }
        let tensors = machine.plan().tensors.clone();
        for (k, (at, tensor, range)) in tensors.into_iter().enumerate() {
            let parameter = &nodes[at].tensors[tensor];
            if parameter.role == Role::Weight && parameter.written.is_some() {
                let stream = &mut Stream::new(seed, Purpose::Init(k));
                parameter.usual.distribution.fill(&mut machine.parameters[range], stream);
            }
        }
    }
}

impl Affine {
    /// To mean 0 and standard deviation 1, from means and standard deviations; a constant becomes 0.
    fn standard(moments: impl Iterator<Item = (f64, f64)>) -> Self {
        let inverse = |std: f64| if std > 0.0 { 1.0 / std } else { 0.0 };
        let (shift, scale) = moments.map(|(mean, std)| (mean, inverse(std))).unzip();
        Self { shift, scale }
    }

    fn apply(&self, rows: &mut [f64]) {
        for row in rows.chunks_exact_mut(self.shift.len().max(1)) {
            for ((value, shift), scale) in row.iter_mut().zip(&self.shift).zip(&self.scale) {
                *value = (*value - shift) * scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_to_mean_0_and_deviation_1_and_constants_to_0() {
        let mut rows = [1.0, 7.0, 5.0, 7.0];
        Affine::standard([(3.0, 2.0), (7.0, 0.0)].into_iter()).apply(&mut rows);
        assert_eq!(rows, [-1.0, 0.0, 1.0, 0.0]);
    }
}
