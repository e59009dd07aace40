//! What the rules of design rest on, measured on the user's own program and rows: statistics, propagated variances,
//! one pass at the start, curvature, a linear fit and short runs. Each is a module of its own, computed in f64 at most
//! once for a check, when the first rule asks. Not for judging: what a number means is a rule's matter.
//!
//! All of it is bounded: what would take longer than a moment is left out, and comes back as `None`.

mod bench;
mod curvature;
mod gaussian;
mod linear;
mod probe;
mod sample;
mod start;
mod variance;

use super::Loaded;
use crate::ir::Program;
use bench::Bench;
use std::cell::OnceCell;

pub(super) use curvature::Curvature;
pub(super) use linear::Quadratic;
pub(super) use probe::Probe;
pub(super) use sample::Sample;
pub(super) use start::{LayerStart, Start};
pub(super) use variance::{Propagated, Stage};

/// The most parameters of a program that is measured.
const MOST_PARAMETERS: usize = 1 << 21;
/// Rows of the one batch, at the most.
const BATCH_ROWS: usize = 512;
/// Multiply-adds of the one batch's forward pass, at the most.
const BATCH_WORK: u64 = 20_000_000;
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
        self.probe.get_or_init(|| self.probe_with(PROBE_STEPS, 1.0)).as_ref()
    }

    /// As much of the program's own run as is cheap: the whole of it where that is small.
    pub(super) fn run(&self) -> Option<&Probe> {
        self.run.get_or_init(|| self.probe_with(u64::MAX, 1.0)).as_ref()
    }

    /// A run of at most so many steps at the program's learning rate times `factor`.
    pub(super) fn probe_with(&self, steps: u64, factor: f64) -> Option<Probe> {
        if self.quick {
            return None;
        }
        Probe::run(self.program, self.data, self.sample()?, steps, factor)
    }
}

/// Multiply-adds of one row's forward pass, with something for each value.
fn work(program: &Program) -> u64 {
    let nodes = program.network.nodes.iter();
    nodes.map(|n| n.layer.as_ref().map_or(0, |l| l.multiply_adds()) + 8 * n.shape.size() as u64).sum()
}
