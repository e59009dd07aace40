//! Loss and metrics over rows.

use super::batch::BatchLoader;
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::catalog::metrics::{Asks, MetricKind, Outcome, Scores, Tally};
use crate::data::{Dataset, Preparation, Scaling, TargetRule};
use crate::engine::Machine;
use crate::ir::{Program, TargetUse};

/// What rows came to.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// How many.
    pub rows: u64,
    /// The mean loss (weighted by class weights, where there are any).
    pub loss: f64,
    /// What metrics are read off.
    pub tally: Tally,
}

impl Evaluation {
    /// The program's metrics.
    pub fn metrics(&self, metrics: &[&'static MetricKind]) -> Vec<(&'static str, Outcome)> {
        metrics.iter().filter_map(|m| Some((m.signature.name, (m.read)(&self.tally)?))).collect()
    }
}

/// Adds up losses and predictions, batch by batch.
#[derive(Clone, Debug)]
pub struct Score {
    target: TargetUse,
    /// From where on an output says yes.
    threshold: f64,
    undo: Vec<Undo>,
    tally: Tally,
    rows: u64,
    total: f64,
    weight: f64,
}

/// From a scaled target back to its own scale: value·divisor + shift.
#[derive(Clone, Copy, Debug)]
struct Undo {
    shift: f64,
    divisor: f64,
}

impl Undo {
    fn apply(self, scaled: f64) -> f64 {
        scaled * self.divisor + self.shift
    }

    /// The true values of one output in their own scale, row by row, from what the network was to give.
    fn truths<R: Precision>(self, targets: &[R], output: usize, width: usize) -> impl Iterator<Item = f64> {
        targets.iter().skip(output).step_by(width).map(move |t| self.apply(t.f64()))
    }
}

/// The values that a batch's rows have in the data, which metrics judge by: targets that the network's precision
/// rounded would flatter it, or hide all there is to learn.
#[derive(Clone, Copy, Debug)]
pub struct Exact<'d> {
    /// targets × all rows; empty where classes are predicted.
    pub values: &'d [f64],
    /// The batch's rows among them; `None` where they are those rows.
    pub rows: Option<&'d [u32]>,
}

impl Exact<'_> {
    /// The value of an output of the batch's n-th row; `None` where there is none.
    #[inline]
    fn at(self, n: usize, width: usize, output: usize) -> Option<f64> {
        let row = self.rows.map_or(n, |rows| rows[n] as usize);
        self.values.get(row * width + output).copied()
    }
}

impl Score {
    /// Nothing yet.
    pub fn new(program: &Program, preparation: &Preparation) -> Self {
        let width = program.network.output().shape.size();
        let mut tally = match program.training.target {
            TargetUse::OneHot => Tally::classes(width, program.training.positive.unwrap_or(0)),
            TargetUse::Binary => Tally::classes(2, program.training.positive.unwrap_or(1)),
            TargetUse::Labels => Tally::labels(width),
            TargetUse::Distribution | TargetUse::Values => Tally::values(width),
        };
        tally.top = program.training.top.unwrap_or(tally.top);
        tally.scores = program.training.metrics.iter().any(|m| m.asks != Asks::Counts).then(|| Scores::new(width));
        let undo = (0..width).map(|output| undo(preparation, output)).collect();
        let threshold = program.training.loss.threshold();
        Self { target: program.training.target, threshold, undo, tally, rows: 0, total: 0.0, weight: 0.0 }
    }

    /// Forgets all, and keeps its memory.
    pub fn clear(&mut self) {
        self.tally.clear();
        (self.rows, self.total, self.weight) = (0, 0.0, 0.0);
    }

    /// Everything counted so far, to be kept.
    pub(super) fn save(&self) -> Vec<u64> {
        let head = [self.rows, self.total.to_bits(), self.weight.to_bits()];
        head.into_iter().chain(self.tally.save()).collect()
    }

    /// Puts back what was kept of such a score of `most` rows at the most; whether it fits.
    pub(super) fn restore(&mut self, words: &[u64], most: usize) -> bool {
        let Some(([rows, total, weight], tally)) = words.split_first_chunk() else { return false };
        (self.rows, self.total, self.weight) = (*rows, f64::from_bits(*total), f64::from_bits(*weight));
        *rows <= most as u64 && self.tally.restore(tally) && self.tally.is_of(*rows)
    }

    /// Counts the batch in the machine, whose outputs are computed: `mean` is its mean loss and `weight` what it
    /// weighs.
    pub fn add<R: Precision>(
        &mut self,
        (output, targets): (&[R], &[R]),
        width: usize,
        exact: Exact<'_>,
        (mean, weight): (f64, f64),
    ) {
        self.total += mean * weight;
        self.weight += weight;
        self.rows += (output.len() / width) as u64;
        if let Some(scores) = &mut self.tally.scores {
            let undo = self.undo.iter().cycle();
            let pairs = output.iter().zip(targets).zip(undo);
            let truth =
                |at: usize, t: f64, undo: &Undo| exact.at(at / width, width, at % width).unwrap_or(undo.apply(t));
            let pair =
                |(at, ((a, t), undo)): (usize, ((&R, &R), &Undo))| (undo.apply(a.f64()), truth(at, t.f64(), undo));
            scores.extend(pairs.enumerate().map(pair));
        }
        match self.target {
            TargetUse::OneHot => {
                for (a, t) in output.chunks_exact(width).zip(targets.chunks_exact(width)) {
                    self.tally.count_class(largest(t), largest(a));
                }
            }
            TargetUse::Binary => {
                let (half, threshold) = (R::of(0.5), R::of(self.threshold));
                for (&a, &t) in output.iter().zip(targets) {
                    self.tally.count_class(usize::from(t >= half), usize::from(a >= threshold));
                }
            }
            // A label is told by the side of the threshold on which its output is.
            TargetUse::Labels if self.threshold != 0.5 => {
                for k in 0..width {
                    let side = |a: &R| f64::from(u8::from(a.f64() >= self.threshold));
                    let rows = output.iter().zip(targets).skip(k).step_by(width);
                    self.tally.count_output(k, rows.map(|(a, t)| (side(a), t.f64())));
                }
            }
            TargetUse::Labels | TargetUse::Distribution | TargetUse::Values => {
                for (k, undo) in self.undo.iter().enumerate() {
                    let predicted = output.iter().skip(k).step_by(width).map(|a| undo.apply(a.f64()));
                    let truths = undo.truths(targets, k, width).enumerate();
                    let truths = truths.map(|(n, t)| exact.at(n, width, k).unwrap_or(t));
                    self.tally.count_output(k, predicted.zip(truths));
                }
            }
        }
    }

    /// What metrics are read off.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What all came to.
    pub fn finish(self) -> Evaluation {
        Evaluation { rows: self.rows, loss: self.total / self.weight, tally: self.tally }
    }
}

fn undo(preparation: &Preparation, output: usize) -> Undo {
    let scaling = match &preparation.target {
        TargetRule::Values(columns) => columns.get(output).map_or(Scaling::None, |column| column.scaling),
        TargetRule::Classes { .. } => Scaling::None,
    };
    match scaling {
        Scaling::None => Undo { shift: 0.0, divisor: 1.0 },
        Scaling::Constant { value } => Undo { shift: value, divisor: 0.0 },
        Scaling::Affine { shift, divisor } => Undo { shift, divisor },
    }
}

/// The index of the largest value, the first of equals.
pub fn largest<R: PartialOrd>(values: &[R]) -> usize {
    let mut best = 0;
    for (i, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = i;
        }
    }
    best
}

/// Loss and metrics of the given rows, at inference.
pub fn evaluate<R: Precision>(
    program: &Program,
    machine: &mut Machine<'_, R>,
    data: &Dataset<R>,
    filling: &BatchLoader<R>,
    rows: &[u32],
) -> Evaluation {
    let mut score = Score::new(program, &data.preparation);
    for rows in rows.chunks(machine.plan().capacity) {
        filling.fill(machine, data, rows);
        add_batch(program, machine, Exact { values: &data.exact, rows: Some(rows) }, &mut score);
    }
    score.finish()
}

/// Runs the batch in the machine at inference and counts it.
pub fn add_batch<R: Precision>(program: &Program, machine: &mut Machine<'_, R>, exact: Exact<'_>, score: &mut Score) {
    let training = &program.training;
    let losses = machine.forward_loss(Mode::Inference, training.loss.as_ref(), training.fused);
    let width = machine.output_width();
    score.add(machine.output_and_targets(), width, exact, (losses.mean, losses.weight));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_outputs_the_first_is_the_largest() {
        for (values, at) in [(&[1.0, 3.0, 3.0][..], 1), (&[2.0, 2.0], 0), (&[-1.0, -3.0, -0.5], 2), (&[7.0], 0)] {
            assert_eq!(largest(values), at, "{values:?}");
        }
    }

    #[test]
    fn truths_are_those_of_the_data_where_it_has_them() {
        let values = [10.0, 20.0, 11.0, 21.0, 12.0, 22.0];
        let (picked, own) = (Exact { values: &values, rows: Some(&[2, 0]) }, Exact { values: &values, rows: None });
        assert_eq!([picked.at(0, 2, 1), picked.at(1, 2, 0), own.at(1, 2, 1)], [Some(22.0), Some(10.0), Some(21.0)]);
        assert_eq!(Exact { values: &[], rows: Some(&[2, 0]) }.at(1, 2, 0), None);
    }
}
