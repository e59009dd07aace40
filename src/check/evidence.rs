//! What the rules of design rest on, measured on the user's own program and rows: statistics, propagated variances,
//! one pass at the start, curvature, a linear fit and short runs. Each is a module of its own, computed in f64 at most
//! once for a check, when the first rule asks. Not for judging: what a number means is a rule's matter.
//!
//! All of it is bounded: what would take longer than a moment is left out, and comes back as `None`.

mod bench;
mod curvature;
mod gaussian;
mod linear;
mod number;
mod probe;
mod sample;
mod start;
#[cfg(test)]
mod tests;
mod variance;

use super::Loaded;
use crate::ir::Program;
use bench::Bench;
use std::cell::OnceCell;

pub(super) use curvature::Curvature;
pub(super) use curvature::stability;
pub(super) use linear::Quadratic;
pub(super) use number::{few, neat, short};
pub(super) use probe::Probe;
pub(super) use sample::Sample;
pub(super) use start::{LayerStart, Start};
pub(super) use variance::Propagated;

/// The most parameters of a program that is measured.
const MOST_PARAMETERS: usize = 1 << 21;
/// Rows of the one batch, at the most.
const BATCH_ROWS: usize = 512;
/// What a value costs besides its multiply-adds, in those.
const VALUE_WORK: u64 = 24;
/// Multiply-adds of the one batch's forward pass, at the most.
const BATCH_WORK: u64 = 20_000_000;
/// The share of the best constant's loss below which a run has plainly learnt.
const LEARNT: f64 = 0.4;
/// Steps of the short probe.
pub(super) const PROBE_STEPS: u64 = 30;

/// Everything measurable about a program on its data.
pub(super) struct Evidence<'a> {
    program: &'a Program,
    data: &'a Loaded,
    quick: bool,
    sample: OnceCell<Option<Sample>>,
    start: OnceCell<Option<Start>>,
    propagated: OnceCell<Propagated>,
    curvature: OnceCell<Option<Curvature>>,
    quadratic: OnceCell<Option<Quadratic>>,
    fit: OnceCell<Option<f64>>,
    probe: OnceCell<Option<Probe>>,
    run: OnceCell<Option<Probe>>,
}

impl<'a> Evidence<'a> {
    /// Nothing is computed yet. With `quick` only what needs no batch ever is.
    pub(super) fn new(program: &'a Program, data: &'a Loaded, quick: bool) -> Self {
        Self {
            program,
            data,
            quick,
            sample: OnceCell::new(),
            start: OnceCell::new(),
            propagated: OnceCell::new(),
            curvature: OnceCell::new(),
            quadratic: OnceCell::new(),
            fit: OnceCell::new(),
            probe: OnceCell::new(),
            run: OnceCell::new(),
        }
    }

    /// Rows to measure on, evenly spread over the training rows: all of them where they are few.
    pub(super) fn sample(&self) -> Option<&Sample> {
        let sample = || {
            let work = work(self.program);
            let rows = self.data.facts().training_rows;
            let affordable = (BATCH_WORK / work.max(1)) as usize;
            let too_large = self.program.network.parameter_count() > MOST_PARAMETERS || affordable < rows.min(16);
            (!too_large && rows > 0).then(|| Sample::spread(self.data, rows.min(BATCH_ROWS).min(affordable)))
        };
        self.sample.get_or_init(sample).as_ref()
    }

    /// The program with its weights at their start, and the sample put in.
    fn bench(&self) -> Option<Bench<'_>> {
        Some(Bench::new(self.program, self.sample()?))
    }

    /// What one forward and backward pass over the sample shows.
    pub(super) fn start(&self) -> Option<&Start> {
        self.start.get_or_init(|| if self.quick { None } else { Some(Start::of(&mut self.bench()?)) }).as_ref()
    }

    /// Variances and gains by the distributions of the weights alone.
    pub(super) fn propagated(&self) -> &Propagated {
        self.propagated.get_or_init(|| Propagated::of(&self.program.network, self.data))
    }

    /// The curvature of the loss at the start.
    pub(super) fn curvature(&self) -> Option<&Curvature> {
        let curvature = || if self.quick { None } else { Curvature::of(self.program, self.sample()?) };
        self.curvature.get_or_init(curvature).as_ref()
    }

    /// The exact curvature where the loss is a quadratic of the parameters, over all training rows.
    pub(super) fn quadratic(&self) -> Option<&Quadratic> {
        self.quadratic.get_or_init(|| Quadratic::of(self.program, self.data)).as_ref()
    }

    /// R² of the best linear fit of the targets by the inputs, over the sample.
    pub(super) fn linear_fit(&self) -> Option<f64> {
        *self.fit.get_or_init(|| if self.quick { None } else { linear::fit(&mut self.bench()?) })
    }

    /// The program's own first steps.
    pub(super) fn probe(&self) -> Option<&Probe> {
        self.probe.get_or_init(|| self.probe_with(PROBE_STEPS, 1.0, 0.0)).as_ref()
    }

    /// As much of the program's own run as is cheap and of interest: to its end, or until it has plainly learnt.
    pub(super) fn run(&self) -> Option<&Probe> {
        let enough = || LEARNT * self.start().map_or(0.0, |s| s.base);
        self.run.get_or_init(|| self.probe_with(u64::MAX, 1.0, enough())).as_ref()
    }

    /// A run of at most so many steps at the program's learning rate times `factor`, until its loss is `enough`.
    pub(super) fn probe_with(&self, steps: u64, factor: f64, enough: f64) -> Option<Probe> {
        if self.quick {
            return None;
        }
        let all = probe::all_steps(self.program, self.data.facts().training_rows);
        Probe::run(self.program, self.data, self.sample()?, all.min(steps), factor, enough)
    }

    /// A run of exactly so many steps, past the program's own end where it must be, until its loss is `enough`.
    pub(super) fn longer(&self, steps: u64, enough: f64) -> Option<Probe> {
        let probe = Probe::run(self.program, self.data, self.sample()?, steps, 1.0, enough)?;
        (probe.steps == steps || probe.last <= enough).then_some(probe)
    }

    /// Whether the program is seen to learn: in a run as long as is cheap its loss falls clearly below what a constant
    /// output has, or most of the way that a linear fit would take it. `None` where that was not measured.
    pub(super) fn learns(&self) -> Option<bool> {
        let (run, start) = (self.run()?, self.start()?);
        Some(self.is_below(run.last, start.base))
    }

    /// Whether a loss is clearly below the base.
    pub(super) fn is_below(&self, loss: f64, base: f64) -> bool {
        loss <= 0.9 * base || self.linear_fit().is_some_and(|r| r > 0.02 && loss <= base * (1.0 - 0.5 * r))
    }

    /// What a report says it rests on: one batch.
    pub(super) fn batch_basis(&self) -> String {
        let seed = self.program.training.seed;
        match self.sample() {
            Some(s) if s.rows < s.all => format!("1 batch of {} of {} rows, seed {seed}", s.rows, s.all),
            Some(s) => format!("1 batch of {} rows, seed {seed}", s.rows),
            None => format!("seed {seed}"),
        }
    }
}

/// Multiply-adds of one row's forward pass, with something for each value.
fn work(program: &Program) -> u64 {
    let nodes = program.network.nodes.iter();
    nodes.map(|n| n.layer.as_ref().map_or(0, |l| l.multiply_adds()) + VALUE_WORK * n.shape.size() as u64).sum()
}
