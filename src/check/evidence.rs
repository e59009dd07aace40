//! What the rules of design rest on, measured on the user's own program and rows: statistics, propagated variances,
//! one pass at the start, curvature, a linear fit and short runs. Each is a module of its own, computed in f64 at most
//! once for a check, when the first rule asks. Not for judging: what a number means is a rule's matter.
//!
//! All of it is bounded: what would take longer than a moment is left out, and comes back as `None`.

mod bench;
mod budget;
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
mod variant;

use super::Loaded;
use crate::ir::Program;
use bench::Bench;
use budget::Budget;
use std::cell::OnceCell;
use variant::Variant;

pub(super) use curvature::Curvature;
pub(super) use curvature::stability;
pub(super) use linear::Quadratic;
pub(super) use number::{few, neat, short};
pub(super) use probe::Probe;
pub(super) use sample::Sample;
pub(super) use start::{LayerStart, Start};
pub(super) use variance::Propagated;

/// The most parameters of a program that is measured.
const MOST_PARAMETERS: usize = 1 << 22;
/// Rows of the one batch, at the most.
const BATCH_ROWS: usize = 512;
/// What a value costs besides its multiply-adds, in those.
const VALUE_WORK: u64 = 24;
/// Multiply-adds of the one batch's forward pass, at the most.
const BATCH_WORK: u64 = 100_000_000;
/// Multiply-adds of a whole run that is followed to its end whatever it shows.
const SHORT_WORK: u64 = 60_000_000;
/// The share of the best constant's loss below which a run has plainly learnt.
pub(super) const LEARNT: f64 = 0.4;
/// The share that a whole run may leave without being asked what it could have done.
const LITTLE: f64 = 0.1;
/// A rate above this share of its limit is near it.
const NEAR_LIMIT: f64 = 0.25;
/// A run that ends below this share of another's does much better.
const BETTER: f64 = 0.3;
/// Steps of the short probe.
pub(super) const PROBE_STEPS: u64 = 30;

/// Everything measurable about a program on its data.
pub(super) struct Evidence<'a> {
    program: &'a Program,
    data: &'a Loaded,
    quick: bool,
    budget: Budget,
    sample: OnceCell<Option<Sample>>,
    start: OnceCell<Option<Start>>,
    propagated: OnceCell<Propagated>,
    curvature: OnceCell<Option<Curvature>>,
    quadratic: OnceCell<Option<Quadratic>>,
    fit: OnceCell<Option<f64>>,
    probe: OnceCell<Option<Probe>>,
    run: OnceCell<Option<Probe>>,
    luck: OnceCell<Option<bool>>,
    restarted: OnceCell<Option<Probe>>,
    retargeted: OnceCell<Option<Probe>>,
}

impl<'a> Evidence<'a> {
    /// Nothing is computed yet. With `quick` only what needs no batch ever is.
    pub(super) fn new(program: &'a Program, data: &'a Loaded, quick: bool) -> Self {
        Self {
            program,
            data,
            quick,
            budget: Budget::new(),
            sample: OnceCell::new(),
            start: OnceCell::new(),
            propagated: OnceCell::new(),
            curvature: OnceCell::new(),
            quadratic: OnceCell::new(),
            fit: OnceCell::new(),
            probe: OnceCell::new(),
            run: OnceCell::new(),
            luck: OnceCell::new(),
            restarted: OnceCell::new(),
            retargeted: OnceCell::new(),
        }
    }

    /// Rows to measure on, evenly spread over the training rows: all of them where they are few.
    pub(super) fn sample(&self) -> Option<&Sample> {
        let sample = || {
            let work = work(self.program);
            let rows = self.data.facts().training_rows;
            let affordable = (BATCH_WORK / work.max(1)) as usize;
            let too_large = self.program.network.parameter_count() > MOST_PARAMETERS || affordable < rows.min(16);
            if too_large {
                self.budget.fall_short();
            }
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

    /// The learning rate that the curvature at the start allows; `None` for optimizers that scale their steps.
    pub(super) fn limit(&self) -> Option<f64> {
        let limit = stability(self.program)? / self.curvature()?.largest;
        (limit.is_finite() && limit > 0.0).then_some(limit)
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
        self.probe.get_or_init(|| self.of(&Variant::at(1.0), PROBE_STEPS, 0.0)).as_ref()
    }

    /// As much of the program's own run as is cheap and of interest: to its end where that is soon, for what has learnt
    /// may yet be thrown out again, and where the rate is near its limit; otherwise until it has plainly learnt.
    pub(super) fn run(&self) -> Option<&Probe> {
        let run = || {
            let rows = self.data.facts().training_rows;
            let cost = probe::step_work(self.program, rows)?.saturating_mul(probe::all_steps(self.program, rows));
            let to_the_end = cost <= SHORT_WORK || self.is_near_limit();
            self.of(&Variant::at(1.0), u64::MAX, if to_the_end { 0.0 } else { LEARNT })
        };
        self.run.get_or_init(run).as_ref()
    }

    /// Whether the rate is so near to what the curvature at the start allows that a sharper place on the way, or a
    /// batch that is noisier than the whole, may throw the run out.
    pub(super) fn is_near_limit(&self) -> bool {
        self.limit().is_some_and(|limit| self.program.training.learning_rate.value > NEAR_LIMIT * limit)
    }

    /// A run of at most so many steps of a variant, until its loss is the share `enough` of a constant output's.
    fn of(&self, variant: &Variant, steps: u64, enough: f64) -> Option<Probe> {
        if self.quick {
            return None;
        }
        let all = probe::all_steps(self.program, self.data.facts().training_rows);
        self.try_out(variant, all.min(steps), enough)
    }

    /// A run, where its cost is within what is left.
    fn try_out(&self, variant: &Variant, steps: u64, enough: f64) -> Option<Probe> {
        Probe::run((self.program, self.data, self.sample()?), &self.budget, steps, variant, enough)
    }

    /// Whether something was left out because it would have cost too much.
    pub(super) fn is_short(&self) -> bool {
        self.budget.is_short()
    }

    /// At most so many steps at the program's learning rate times `factor`.
    pub(super) fn steps_at(&self, factor: f64, steps: u64) -> Option<Probe> {
        self.of(&Variant::at(factor), steps, 0.0)
    }

    /// As many steps as `run` took at the program's learning rate times `factor`, or until they do much better.
    pub(super) fn at(&self, factor: f64, run: &Probe) -> Option<Probe> {
        self.of(&Variant::at(factor), run.steps, BETTER * run.share())
    }

    /// As many steps as the program's own run took with the usual start in place of the one that the user wrote, where
    /// they do so much better that the start is to blame. Of a run that is not whole only if it got nowhere.
    pub(super) fn restarted(&self) -> Option<&Probe> {
        let other = || {
            let run = self.run()?;
            if run.share() <= LEARNT || !run.is_whole() && run.share() <= 0.95 {
                return None;
            }
            let other = self.of(&Variant::restarted(), run.steps, BETTER * run.share())?;
            (Self::outdoes(&other, run) && !self.is_luck()).then_some(other)
        };
        self.restarted.get_or_init(other).as_ref()
    }

    /// As many steps as `run` took with standardised inputs.
    pub(super) fn scaled(&self, run: &Probe) -> Option<Probe> {
        self.of(&Variant::scaled(self.data), run.steps, BETTER * run.share())
    }

    /// As many steps as the program's own run took with standardised target values, where that run left much of the
    /// error, did not rise, and they do far better.
    pub(super) fn retargeted(&self) -> Option<&Probe> {
        let other = || {
            let run = self.run()?;
            if run.share() <= LITTLE || run.last > run.first.max(run.base) {
                return None;
            }
            let other = self.of(&Variant::retargeted(self.data)?, run.steps, BETTER * run.share())?;
            Self::outdoes(&other, run).then_some(other)
        };
        self.retargeted.get_or_init(other).as_ref()
    }

    /// At most so many times the program's own epochs, as far as that is cheap and until they do much better than
    /// `run`.
    pub(super) fn longer(&self, times: u64, run: &Probe) -> Option<Probe> {
        let (steps, enough) = (run.all_steps.saturating_mul(times), BETTER * run.share());
        self.try_out(&Variant::longer(times), steps, enough)
    }

    /// Whether the program's own run went as it did by the luck of its seed: with another one it does far better.
    pub(super) fn is_luck(&self) -> bool {
        let other = || {
            let run = self.run()?;
            // As far as the run itself went, which a short one does whatever it shows.
            let enough = if run.is_whole() { 0.0 } else { LEARNT };
            let other = self.of(&Variant::redrawn(1), run.steps, enough)?;
            Some(other.share() <= LEARNT || Self::outdoes(&other, run))
        };
        self.luck.get_or_init(other).unwrap_or(false)
    }

    /// A run with another seed that breaks, among so many, for as many steps as the program's own.
    pub(super) fn breaks_among(&self, seeds: u64) -> Option<(u64, Probe)> {
        let steps = self.run()?.steps;
        let drawn = |seed| Some((seed, self.of(&Variant::redrawn(seed), steps, 0.0)?));
        (1..=seeds).filter_map(drawn).find(|(_, probe)| probe.broke.is_some())
    }

    /// As many steps with another seed at the program's learning rate times `factor`.
    pub(super) fn redrawn_at(&self, seed: u64, factor: f64, steps: u64) -> Option<Probe> {
        self.of(&Variant::redrawn(seed).at_rate(factor), steps, 0.0)
    }

    /// Whether with any of so many other seeds the program's run does far better.
    pub(super) fn is_luck_among(&self, seeds: u64) -> bool {
        let better = |seed| {
            let run = self.run()?;
            Some(Self::outdoes(&self.of(&Variant::redrawn(seed), run.steps, BETTER * run.share())?, run))
        };
        (1..=seeds).any(|seed| better(seed) == Some(true))
    }

    /// Whether as long a run does so much better that what it changes is to blame for how the program's own went: it
    /// ends far lower, or learns where that one learns nothing.
    pub(super) fn outdoes(other: &Probe, run: &Probe) -> bool {
        other.share() < BETTER * run.share() || (run.share() > 0.95 && other.share() < 0.7)
    }

    /// Whether the program is seen to learn: in a run as long as is cheap its loss falls clearly below what a constant
    /// output has, or half of the way that a linear fit would take it. `None` where that was not measured.
    pub(super) fn learns(&self) -> Option<bool> {
        Some(self.run()?.share() <= self.learnable())
    }

    /// The share of a constant output's loss below which a run has learnt something.
    fn learnable(&self) -> f64 {
        self.linear_fit().filter(|r| *r > 0.02).map_or(0.9, |r| 1.0 - 0.5 * r)
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
