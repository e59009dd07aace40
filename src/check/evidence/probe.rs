//! [`Probe`]: a short run of the program itself, with its own optimizer, schedule, batches and penalties. Nothing is
//! reported and nothing kept but how the loss went.

use super::bench::Bench;
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
const WORK: u64 = 250_000_000;
/// The same for a run of more epochs, as a multiple.
const LONGER: u64 = 4;
/// Steps of a run, at the most: small steps cost more than their arithmetic.
const MOST_STEPS: u64 = 5_000;

/// How a run went.
#[derive(Clone, Debug)]
pub(in crate::check) struct Probe {
    /// Steps taken.
    pub(in crate::check) steps: u64,
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
    /// The largest share of dead units of a relu layer at the end.
    pub(in crate::check) dead: f64,
    /// The largest share of saturated values of a sigmoid or tanh layer at the end.
    pub(in crate::check) saturated: f64,
}

impl Probe {
    /// Takes `most` steps, or as many as are cheap, of a variant of the program; `None` where not even the short
    /// probe's are. A run whose loss has come down to `enough`, a share of its base, is over.
    pub(super) fn run(
        program: &Program,
        data: &Loaded,
        sample: &Sample,
        most: u64,
        variant: &Variant,
        enough: f64,
    ) -> Option<Self> {
        let mut stepper = begin(program, data, variant)?;
        // Who asks for more epochs saw all there are already: a short run.
        let work = if variant.epochs > 1 { LONGER * WORK } else { WORK };
        let affordable = (work / step_work(program, train(data).len())).min(MOST_STEPS);
        let all_steps = all_steps(program, train(data).len()).saturating_mul(variant.epochs);
        let steps = most.min(affordable);
        if steps < most.min(super::PROBE_STEPS) {
            return None;
        }
        let mut changed = sample.clone();
        variant.change(&mut changed);
        let mut bench = Bench::new(program, &changed);
        bench.machine.parameters.copy_from_slice(&stepper.machine.parameters);
        let first = bench.forward().mean;
        let (base, least) = base(&mut bench);
        let mut probe = Self {
            steps,
            all_steps,
            first,
            last: first,
            base,
            least,
            highest: first,
            broke: None,
            output_std: 0.0,
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

    /// Whether it is the whole training.
    pub(in crate::check) fn is_whole(&self) -> bool {
        self.steps == self.all_steps
    }
}

/// Multiply-adds of one step, both passes.
pub(super) fn step_work(program: &Program, rows: usize) -> u64 {
    (3 * program.training.batch_rows(rows) as u64).saturating_mul(super::work(program)).max(1)
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

/// The variant before its first step, in f64; `None` where a step would hold too much.
fn begin<'a>(program: &'a Program, data: &'a Loaded, variant: &'a Variant) -> Option<Stepper<'a, f64, Trial<'a>>> {
    let training = &program.training;
    let order = train(data).to_vec();
    let course = Course::of(training, order.len());
    let values: usize = program.network.nodes.iter().map(|n| n.shape.size()).sum();
    // Memory, not time: what a step holds.
    if course.batch.checked_mul(values)? > 1 << 22 || order.is_empty() {
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
