//! Where the time goes, measured: a training step, or a call that predicts, taken apart by node and phase. The parts
//! are timed while the whole runs as it always does, on the rows and threads it always has. Not for judging a network.

use super::batch::put_in;
use super::evaluate::Score;
use super::machines::ROWS;
use super::stepper::{Course, DataFeed, Stepper, Taken};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::data::Dataset;
use crate::engine::{Losses, Machine, Part};
use crate::ir::{Node, Program};
use crate::tensor::{Team, affine, view, view_mut};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Calls before anything is measured, as long as they take no longer than [`WARM_UP`].
const WARM_UP_CALLS: usize = 200;
const WARM_UP: Duration = Duration::from_millis(300);
/// Calls in a loop that is timed, as long as they take no longer than [`LOOP`].
const CALLS: usize = 1000;
const LOOP: Duration = Duration::from_millis(40);
/// Steps of training that are a run's beginning.
const BEGINNING: u64 = 1000;
/// Loops, whose median counts.
const LOOPS: usize = 7;
/// Rows and columns of the factors whose products show what the machine can do: the lesser ones are done before others
/// who share a busy machine come in between.
const LIMIT_SIDES: [usize; 2] = [768, 256];

/// What was measured. Times are microseconds for one step or one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Whether it was one call that predicts, instead of one step of training.
    pub predicts: bool,
    /// Rows in it.
    pub rows: usize,
    /// Threads that shared the work.
    pub threads: usize,
    /// Bytes of a number: 4 for f32, 8 for f64.
    pub bytes: usize,
    /// The whole, measured without looking inside.
    pub whole: f64,
    /// What this machine does in large products in the same precision on as many threads, in GFLOP/s.
    pub limit: f64,
    /// Each node but the input.
    pub layers: Vec<LayerTime>,
    /// Putting the rows in.
    pub rows_in: f64,
    /// The loss and its gradient, with the output's activation where they are computed together.
    pub loss: f64,
    /// Counting what the metrics are read off.
    pub metrics: f64,
    /// Penalties, clipping and the update.
    pub optimizer: f64,
}

/// One node's share.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerTime {
    /// Its label.
    pub name: String,
    /// `dense 16 relu`
    pub what: String,
    /// Forward.
    pub forward: f64,
    /// Backward; 0 when predicting.
    pub backward: f64,
    /// Multiplications and additions of matrix products, forward and backward.
    pub operations: (f64, f64),
}

impl LayerTime {
    /// Forward and backward.
    pub fn total(&self) -> f64 {
        self.forward + self.backward
    }

    /// Of both passes together in GFLOP/s; `None` without products.
    pub fn rate(&self) -> Option<f64> {
        let operations = self.operations.0 + self.operations.1;
        (operations > 0.0 && self.total() > 0.0).then(|| operations / self.total() / 1e3)
    }
}

impl Profile {
    /// What both kinds of calls have; the parts that training has besides are 0.
    fn of<R: Precision>(
        machine: &Machine<'_, R>,
        rows: usize,
        whole: f64,
        rows_in: f64,
        layers: Vec<LayerTime>,
    ) -> Self {
        Self {
            predicts: false,
            rows,
            threads: machine.team().threads(),
            bytes: size_of::<R>(),
            whole,
            limit: limit::<R>(machine.team()),
            layers,
            rows_in,
            loss: 0.0,
            metrics: 0.0,
            optimizer: 0.0,
        }
    }

    /// The sum of the parts: shares are shares of this.
    pub fn parts(&self) -> f64 {
        self.layers.iter().map(LayerTime::total).sum::<f64>() + self.rows_in + self.loss + self.metrics + self.optimizer
    }

    /// Operations in the whole over its time, in GFLOP/s.
    pub fn rate(&self) -> f64 {
        let operations: f64 = self.layers.iter().map(|l| l.operations.0 + l.operations.1).sum();
        operations / self.whole / 1e3
    }
}

/// Measures calls that predict `rows` rows of the data (again from its start where it has fewer).
pub fn prediction<R: Precision>(machine: &mut Machine<'_, R>, data: &Dataset<R>, rows: usize) -> Profile {
    let count = data.inputs.len() / data.features;
    let order: Vec<u32> = (0..rows.max(count).max(1) as u32).map(|k| k % count as u32).collect();
    let mut at = 0;
    // The rows of each call follow those of the one before, as long as there are enough.
    let mut next = || {
        let first = if at + rows <= order.len() { at } else { 0 };
        at = first + rows;
        first..first + rows
    };
    let whole = median_of_loops(|| {
        for rows in order[next()].chunks(ROWS) {
            put_in(machine, data, rows);
            machine.forward(Mode::Inference);
            black_box(machine.output());
        }
    });
    let nodes = machine.plan().places.len();
    let parts = medians_of_laps(nodes, |laps| {
        for rows in order[next()].chunks(ROWS) {
            put_in(machine, data, rows);
            laps.lap(0);
            machine.forward_watched(Mode::Inference, |node| laps.lap(node));
        }
    });
    let layers = machine.network().nodes.iter().zip(&parts).skip(1);
    let layers = layers.map(|(node, &forward)| layer(node, forward, 0.0, (rows, 0)));
    Profile { predicts: true, ..Profile::of(machine, rows, whole, parts[0], layers.collect()) }
}

/// Measures steps of training on batches of `rows` rows of the data, from the machine's weights. They are put back now
/// and then: they stay near those of a run's beginning.
pub fn training<R: Precision>(program: &Program, machine: Machine<'_, R>, data: &Dataset<R>, rows: usize) -> Profile {
    let nodes = machine.plan().places.len();
    let mut steps = Steps::new(program, machine, data, rows);
    let whole = median_of_loops(|| steps.step());
    let parts = medians_of_laps(hand(Part::Update, nodes) + 1, |laps| {
        steps.step_watched(|part| laps.lap(hand(part, nodes)));
    });
    let part = |part| parts[hand(part, nodes)];
    let machine = &steps.stepper.machine;
    let wants = |k: usize| machine.plan().places[k].wants_gradient;
    let layers = machine.network().nodes.iter().enumerate().skip(1).map(|(k, node)| {
        let products = usize::from(!node.tensors.is_empty()) + usize::from(node.inputs.iter().any(|i| wants(i.0)));
        layer(node, part(Part::Forward(k)), part(Part::Backward(k)), (rows, rows * products))
    });
    Profile {
        loss: part(Part::Loss) + part(Part::LossGradient),
        metrics: part(Part::Metrics),
        optimizer: part(Part::Bounds) + part(Part::Update),
        ..Profile::of(machine, rows, whole, part(Part::Rows), layers.collect())
    }
}

/// The stop watch's hand for a part of a step.
fn hand(part: Part, nodes: usize) -> usize {
    match part {
        Part::Forward(node) => node,
        Part::Backward(node) => nodes + node,
        Part::Rows => 2 * nodes,
        Part::Loss => 2 * nodes + 1,
        Part::LossGradient => 2 * nodes + 2,
        Part::Metrics => 2 * nodes + 3,
        Part::Bounds => 2 * nodes + 4,
        Part::Update => 2 * nodes + 5,
    }
}

/// The steps of a run's beginning, again and again, with what a run counts of them.
struct Steps<'p, R> {
    stepper: Stepper<'p, R, DataFeed<'p, R>>,
    score: Score,
    /// Weights and running statistics at the start.
    start: (Vec<R>, Vec<R>),
}

impl<'p, R: Precision> Steps<'p, R> {
    /// Batches are whole: rows are taken again from the start where the data has fewer, and those left over are not.
    fn new(program: &'p Program, machine: Machine<'p, R>, data: &'p Dataset<R>, rows: usize) -> Self {
        let count = data.train.len();
        let batches = (count / rows).max(1);
        let order: Vec<u32> = (0..rows * batches).map(|k| data.train[k % count]).collect();
        let own = Course::of(&program.training, count);
        // A schedule does not come to its end before the steps begin anew.
        let course = Course { batch: rows, shuffle: false, epochs: own.epochs.max(BEGINNING), ..own };
        let start = (machine.parameters.clone(), machine.state.clone());
        let stepper = Stepper::new(program, machine, DataFeed::new(program, data), order, course);
        Self { start, score: Score::new(program, &data.preparation), stepper }
    }

    fn step(&mut self) {
        self.begin();
        let taken = self.stepper.step();
        self.count(taken);
    }

    fn step_watched(&mut self, mut watch: impl FnMut(Part)) {
        self.begin();
        let taken = self.stepper.step_watched(&mut watch);
        self.count(taken);
        watch(Part::Metrics);
    }

    /// Goes back to the start where it is time.
    fn begin(&mut self) {
        if self.stepper.done() >= BEGINNING {
            self.back();
        }
    }

    fn back(&mut self) {
        self.stepper.restart(&self.start.0, &self.start.1);
        self.score.clear();
    }

    fn count(&mut self, Taken { losses: Losses { mean, weight }, .. }: Taken) {
        if !mean.is_finite() {
            return self.back();
        }
        let machine = &self.stepper.machine;
        let (output, targets) = machine.output_and_targets();
        self.score.add(output, targets, machine.output_width(), (mean, weight));
    }
}

/// `rows`: how often the node's products are computed, forward and backward.
fn layer(node: &Node, forward: f64, backward: f64, rows: (usize, usize)) -> LayerTime {
    let operations = 2.0 * node.layer.as_ref().map_or(0, |l| l.multiply_adds()) as f64;
    LayerTime {
        name: node.label.clone(),
        what: node.describe(),
        forward,
        backward,
        operations: (operations * rows.0 as f64, operations * rows.1 as f64),
    }
}

/// What the machine does in a product of two large matrices, in GFLOP/s: the best of a seventh of a second.
fn limit<R: Precision>(team: &Team) -> f64 {
    let rates = LIMIT_SIDES.map(|side| {
        let (a, b) = (vec![R::of(0.5); side * side], vec![R::of(0.25); side * side]);
        let mut c = vec![R::ZERO; side * side];
        let (began, mut best, mut tries) = (Instant::now(), f64::INFINITY, 0);
        while tries < 3 || began.elapsed() < Duration::from_millis(70) {
            let since = Instant::now();
            affine(team, view_mut(&mut c, side, side), view(&a, side, side), &[], view(&b, side, side));
            best = best.min(since.elapsed().as_secs_f64());
            tries += 1;
        }
        black_box(&c);
        2.0 * (side * side * side) as f64 / best / 1e9
    });
    rates.into_iter().fold(0.0, f64::max)
}

/// Warms up, and says how many calls make a loop.
fn calls_of_a_loop(mut call: impl FnMut()) -> usize {
    let began = Instant::now();
    let mut done = 0;
    while done < WARM_UP_CALLS && (done < 2 || began.elapsed() < WARM_UP) {
        call();
        done += 1;
    }
    let each = began.elapsed().as_secs_f64() / done as f64;
    ((LOOP.as_secs_f64() / each.max(1e-9)) as usize).clamp(1, CALLS)
}

/// Microseconds of one call: the median of loops.
fn median_of_loops(mut call: impl FnMut()) -> f64 {
    let calls = calls_of_a_loop(&mut call);
    let mut times: Vec<f64> = Vec::with_capacity(LOOPS);
    for _ in 0..LOOPS {
        let since = Instant::now();
        for _ in 0..calls {
            call();
        }
        times.push(since.elapsed().as_secs_f64() * 1e6 / calls as f64);
    }
    median(&mut times)
}

/// Microseconds of each part of one call: medians of loops.
fn medians_of_laps(parts: usize, mut call: impl FnMut(&mut Laps)) -> Vec<f64> {
    let mut laps = Laps::new(parts);
    let calls = calls_of_a_loop(|| call(&mut laps));
    let mut loops: Vec<Vec<f64>> = vec![Vec::with_capacity(LOOPS); parts];
    for _ in 0..LOOPS {
        laps.nanoseconds.fill(0.0);
        for _ in 0..calls {
            laps.last = Instant::now();
            call(&mut laps);
        }
        for (loops, nanoseconds) in loops.iter_mut().zip(&laps.nanoseconds) {
            loops.push((nanoseconds / 1e3 / calls as f64).max(0.0));
        }
    }
    loops.iter_mut().map(|times| median(times)).collect()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A stop watch with a hand for each part. What looking at the clock itself takes is taken off.
struct Laps {
    nanoseconds: Vec<f64>,
    last: Instant,
    look: f64,
}

impl Laps {
    fn new(parts: usize) -> Self {
        const LOOKS: u32 = 1000;
        let since = Instant::now();
        for _ in 0..LOOKS {
            black_box(Instant::now());
        }
        let look = since.elapsed().as_secs_f64() * 1e9 / f64::from(LOOKS);
        Self { nanoseconds: vec![0.0; parts], last: Instant::now(), look }
    }

    fn lap(&mut self, part: usize) {
        let now = Instant::now();
        self.nanoseconds[part] += now.duration_since(self.last).as_nanos() as f64 - self.look;
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, forward: f64, backward: f64, operations: (f64, f64)) -> LayerTime {
        LayerTime { name: name.into(), what: name.into(), forward, backward, operations }
    }

    #[test]
    fn rates_are_operations_over_time() {
        let layer = part("a", 2.0, 6.0, (8000.0, 16_000.0));
        assert_eq!((layer.total(), layer.rate()), (8.0, Some(3.0)));
        assert_eq!(part("b", 1.0, 0.0, (0.0, 0.0)).rate(), None);
        let profile = Profile {
            predicts: false,
            rows: 1,
            threads: 1,
            bytes: 4,
            whole: 12.0,
            limit: 100.0,
            layers: vec![layer],
            rows_in: 1.0,
            loss: 0.5,
            metrics: 0.25,
            optimizer: 0.25,
        };
        assert_eq!((profile.parts(), profile.rate()), (10.0, 2.0));
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(&mut [3.0, 1.0, 9.0]), 3.0);
    }
}
