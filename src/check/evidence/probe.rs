//! [`Probe`]: a short run of the program itself, with its own optimizer, schedule, batches and penalties. Nothing is
//! reported and nothing kept but how the loss went.

use super::bench::Bench;
use super::budget::Budget;
use super::sample::{Sample, train};
use super::start::{base, dead, output_std, saturated};
use super::variant::Variant;
use crate::check::Loaded;
use crate::engine::{Machine, Plan};
use crate::ir::Program;
use crate::tensor::Team;
use crate::train::batch::BatchLoader;
use crate::train::stepper::{Course, Feed, Stepper};

/// Multiply-adds of a run, at the most.
const WORK: u64 = 1_000_000_000;
/// The same for a run of more epochs, as a multiple.
const LONGER: u64 = 2;
/// Steps of a run, at the most: small steps cost more than their arithmetic.
const MOST_STEPS: u64 = 100_000;
/// Steps that are enough to see whether a run learns, and so are taken though they be dearer.
const TELLING_STEPS: u64 = 300;
/// Multiply-adds of those. The first few are taken at this price whatever they cost: of fewer rows, if need be.
const DEAR_WORK: u64 = 2_000_000_000;
/// Numbers that a step holds, at the most.
const MOST_VALUES: usize = 1 << 22;
/// A step of fewer rows says too little of one of many.
const FEWEST_ROWS: usize = 8;

/// How a run went.
#[derive(Clone, Debug)]
pub(in crate::check) struct Probe {
    /// Steps taken.
    pub(in crate::check) steps: u64,
    /// Rows of a step, where they are fewer than the program's.
    pub(in crate::check) fewer_rows: Option<usize>,
    /// Steps of the whole training.
    pub(in crate::check) all_steps: u64,
    /// The loss of the sample before the first step, as training sees it.
    pub(in crate::check) first: f64,
    /// The loss of the sample after the last step; infinite where a number left the finite ones.
    pub(in crate::check) last: f64,
    /// The least loss of a constant output, over the same rows.
    pub(in crate::check) base: f64,
    /// The least loss that there can be, over the same rows.
    pub(in crate::check) least: f64,
    /// The largest loss of a batch on the way.
    pub(in crate::check) highest: f64,
    /// The step after which a number was not finite.
    pub(in crate::check) broke: Option<u64>,
    /// The largest standard deviation of an output over the sample at the end.
    pub(in crate::check) output_std: f64,
    /// The share of the sample's rows whose class is wrong at the end, where targets are classes.
    pub(in crate::check) wrong: Option<f64>,
    /// The largest share of dead units of a relu layer at the end.
    pub(in crate::check) dead: f64,
    /// The largest share of saturated values of a sigmoid or tanh layer at the end.
    pub(in crate::check) saturated: f64,
}

impl Probe {
    /// Takes `most` steps, or as many as are cheap, of a variant of the program; `None` where not even the short
    /// probe's are. A run whose loss has come down to `enough`, a share of its base, is over.
    pub(super) fn run(
        (program, data, sample): (&Program, &Loaded, &Sample),
        budget: &Budget,
        most: u64,
        variant: &Variant,
        enough: f64,
    ) -> Option<Self> {
        let all_rows = train(data).len();
        let Some(rows) = step_rows(program, all_rows) else {
            budget.fall_short();
            return None;
        };
        // Who asks for more epochs saw all there are already: a short run.
        let work = if variant.epochs > 1 { LONGER * WORK } else { WORK };
        let step_work = work_of(program, rows);
        let telling = (DEAR_WORK / step_work).min(TELLING_STEPS);
        let affordable = (work / step_work).max(telling).clamp(super::PROBE_STEPS, MOST_STEPS);
        let all_steps = all_steps(program, all_rows).saturating_mul(variant.epochs);
        let steps = most.min(affordable);
        if !budget.allows(steps.saturating_mul(step_work)) {
            return None;
        }
        let mut stepper = begin(program, data, variant, rows)?;
        let mut changed = sample.clone();
        variant.change(&mut changed);
        let mut bench = Bench::new(program, &changed);
        bench.machine.parameters.copy_from_slice(&stepper.machine.parameters);
        let first = bench.forward().mean;
        let (base, least) = base(&mut bench);
        let mut probe = Self {
            steps,
            fewer_rows: (rows < program.training.batch_rows(all_rows)).then_some(rows),
            all_steps,
            first,
            last: first,
            base,
            least,
            highest: first,
            broke: None,
            output_std: 0.0,
            wrong: None,
            dead: 0.0,
            saturated: 0.0,
        };
        for step in 0..steps {
            let loss = stepper.step().losses.mean;
            if !loss.is_finite() {
                probe.broke = Some(step + 1);
                break;
            }
            probe.highest = probe.highest.max(loss);
            // At 32, 64, 128 … steps: few looks, and none that comes late.
            if step > 30
                && (step + 1).is_power_of_two()
                && measure(&stepper.machine, &mut bench) - least <= enough * (base - least)
            {
                probe.steps = step + 1;
                break;
            }
        }
        budget.spend(stepper.done().saturating_mul(step_work));
        probe.finish(&stepper.machine, &mut bench);
        Some(probe)
    }

    fn finish(&mut self, machine: &Machine<'_, f64>, bench: &mut Bench<'_>) {
        self.last = if self.broke.is_some() { f64::INFINITY } else { measure(machine, bench) };
        if !self.last.is_finite() {
            self.broke.get_or_insert(self.steps);
            (self.last, self.highest) = (f64::INFINITY, f64::INFINITY);
            return;
        }
        self.output_std = output_std(bench);
        self.wrong = bench.program.training.target.is_classes().then(|| wrong(bench));
        for (at, node) in bench.program.network.nodes.iter().enumerate().skip(1) {
            let values = bench.machine.values_of(at);
            self.dead = self.dead.max(dead(node, values).unwrap_or(0.0));
            self.saturated = self.saturated.max(saturated(node, values).unwrap_or(0.0));
        }
    }

    /// Its last loss as a share of what a constant output has, both above the least.
    pub(in crate::check) fn share(&self) -> f64 {
        let left = self.last - self.least;
        if left == 0.0 { 0.0 } else { left / (self.base - self.least) }
    }

    /// Whether a loss is above `times` what the first and a constant's are, above the least.
    pub(in crate::check) fn is_beyond(&self, loss: f64, times: f64) -> bool {
        loss - self.least > times * (self.first.max(self.base) - self.least)
    }

    /// What a report says it rests on.
    pub(in crate::check) fn basis(&self) -> String {
        match self.fewer_rows {
            Some(rows) => format!("{} steps of {rows} rows each", self.steps),
            None => format!("{} steps", self.steps),
        }
    }

    /// Whether it is the whole training.
    pub(in crate::check) fn is_whole(&self) -> bool {
        self.steps == self.all_steps
    }
}

/// Multiply-adds of a trial's step, with so many rows to train on; `None` where none is taken.
pub(super) fn step_work(program: &Program, rows: usize) -> Option<u64> {
    Some(work_of(program, step_rows(program, rows)?))
}

/// Multiply-adds of a step of so many rows, both passes.
fn work_of(program: &Program, rows: usize) -> u64 {
    (3 * rows as u64).saturating_mul(super::work(program)).max(1)
}

/// Rows of a trial's step: the program's, or of them as many as are cheap and fit in memory; `None` where so few are
/// left that they say nothing.
fn step_rows(program: &Program, rows: usize) -> Option<usize> {
    let own = program.training.batch_rows(rows);
    let values: usize = program.network.nodes.iter().map(|n| n.shape.size()).sum();
    let cheap = DEAR_WORK / super::PROBE_STEPS / work_of(program, 1);
    let fits = own.min(cheap as usize).min(MOST_VALUES / values.max(1));
    (fits >= own.min(FEWEST_ROWS) && fits > 0).then_some(fits)
}

/// Steps of the whole training.
pub(super) fn all_steps(program: &Program, rows: usize) -> u64 {
    program.training.steps_per_epoch(rows).saturating_mul(program.training.epochs.value)
}

/// The loss of the sample with the weights that a run has reached, as a prediction has it.
fn measure(machine: &Machine<'_, f64>, bench: &mut Bench<'_>) -> f64 {
    bench.machine.parameters.copy_from_slice(&machine.parameters);
    bench.machine.state.copy_from_slice(&machine.state);
    bench.predict().mean
}

/// The share of rows whose greatest output is not that of their class; of one output, whose side of the middle is not.
fn wrong(bench: &Bench<'_>) -> f64 {
    let width = bench.machine.output_width();
    let (outputs, targets) = bench.machine.output_and_targets();
    let (low, high) = targets.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), t| (l.min(*t), h.max(*t)));
    let class = |row: &[f64]| match row {
        [one] => usize::from(*one > 0.5 * (low + high)),
        all => all.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at),
    };
    let rows = outputs.chunks_exact(width).zip(targets.chunks_exact(width));
    let count = rows.len().max(1);
    rows.filter(|(output, target)| class(output) != class(target)).count() as f64 / count as f64
}

/// The rows of a variant, in f64.
struct Trial<'a> {
    data: &'a Loaded,
    filling: BatchLoader<f64>,
    variant: &'a Variant,
    /// All training rows, where a batch holds them: the order within it moves rounding alone.
    whole: Option<Sample>,
}

impl Trial<'_> {
    fn gather(&self, rows: &[u32]) -> Sample {
        let mut sample = Sample::gather(self.data, rows);
        self.variant.change(&mut sample);
        sample
    }
}

impl Feed<f64> for Trial<'_> {
    fn put(&mut self, machine: &mut Machine<'_, f64>, rows: &[u32]) {
        let gathered;
        let sample = if let Some(whole) = &self.whole {
            whole
        } else {
            gathered = self.gather(rows);
            &gathered
        };
        self.filling.fill_weighted(machine, &sample.inputs, &sample.targets, &sample.weights, sample.rows);
    }
}

/// The variant before its first step, in f64, with so many rows a step; `None` where there are no rows.
fn begin<'a>(
    program: &'a Program,
    data: &'a Loaded,
    variant: &'a Variant,
    rows: usize,
) -> Option<Stepper<'a, f64, Trial<'a>>> {
    let training = &program.training;
    let all = train(data);
    let own = Course::of(training, all.len());
    // Where a step takes all rows and they are too many, some of them, evenly spread, stand for all.
    let count = if own.batch == all.len() { rows } else { all.len() };
    let order: Vec<u32> = (0..count).map(|k| all[k * all.len() / count]).collect();
    let course = Course { batch: rows, ..own };
    if order.is_empty() {
        return None;
    }
    let plan = Plan::new(&program.network, course.batch, false);
    let seed = training.seed.wrapping_add(variant.seed);
    let mut machine = Machine::new(&program.network, plan, Some(training.optimizer.as_ref()), seed, Team::solo());
    variant.start(&mut machine, &program.network.nodes, seed);
    let mut trial = Trial { data, filling: BatchLoader::new(program), variant, whole: None };
    trial.whole = (course.batch == order.len()).then(|| trial.gather(&order));
    let course = Course {
        epochs: course.epochs.saturating_mul(variant.epochs),
        shuffle: course.shuffle && trial.whole.is_none(),
        seed,
        rate: variant.rate,
        ..course
    };
    Some(Stepper::new(program, machine, trial, order, course))
}
