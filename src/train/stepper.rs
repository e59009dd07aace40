//! [`Stepper`]: the one loop of training. Step after step through the order of the epochs: rows in, the rate, forward,
//! backward, penalties, clipping, update. A run, the checker's trials and the profiler drive it. Not for what a run is
//! besides: metrics, held-out rows, and when it ends.

use super::batch::BatchLoader;
use super::state::Snapshot;
use crate::catalog::Precision;
use crate::catalog::schedules::{Moment, ScheduleState};
use crate::data::Dataset;
use crate::engine::{Losses, Machine, Part, UpdateRule};
use crate::ir::{Program, Training};
use crate::tensor::{Purpose, Stream};
use std::ops::Range;

/// What puts the rows of a step into a machine.
pub trait Feed<R> {
    /// Puts these rows in, as the machine's batch.
    fn put(&mut self, machine: &mut Machine<'_, R>, rows: &[u32]);
}

/// The rows of a dataset.
#[derive(Clone, Debug)]
pub struct DataFeed<'a, R> {
    pub(super) data: &'a Dataset<R>,
    pub(super) filling: BatchLoader<R>,
}

impl<'a, R: Precision> DataFeed<'a, R> {
    /// The rows of a program's data.
    pub fn new(program: &Program, data: &'a Dataset<R>) -> Self {
        Self { data, filling: BatchLoader::new(program) }
    }
}

impl<R: Precision> Feed<R> for DataFeed<'_, R> {
    fn put(&mut self, machine: &mut Machine<'_, R>, rows: &[u32]) {
        self.filling.fill_training(machine, self.data, rows);
    }
}

/// How steps follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Rows of a step.
    pub batch: usize,
    /// T, which schedules end at.
    pub epochs: u64,
    /// Whether rows come in a new order each epoch.
    pub shuffle: bool,
    /// Of the orders.
    pub seed: u64,
    /// Multiplies the learning rate.
    pub rate: f64,
}

impl Course {
    /// A program's own, with so many rows to train on.
    pub fn of(training: &Training, rows: usize) -> Self {
        Self {
            batch: training.batch_rows(rows),
            epochs: training.epochs.value,
            shuffle: training.shuffle,
            seed: training.seed,
            rate: 1.0,
        }
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// The batch's loss before the update. Where it is not finite, nothing moved and the step does not count.
    pub losses: Losses,
    /// Rows of the batch.
    pub rows: usize,
    /// η
    pub learning_rate: f64,
}

/// A machine in training, and where in its epochs it stands.
#[derive(Debug)]
pub struct Stepper<'a, R, F> {
    training: &'a Training,
    /// The network with its memory.
    pub machine: Machine<'a, R>,
    pub(super) feed: F,
    course: Course,
    steps_per_epoch: u64,
    schedule: ScheduleState,
    shuffle: Stream,
    order: Vec<u32>,
    /// Where in the order the next step begins.
    at: usize,
    /// Steps done.
    done: u64,
}

impl<'a, R: Precision, F: Feed<R>> Stepper<'a, R, F> {
    /// Before the first step. `order` are the rows of an epoch; the machine trains, and has room for a batch of them.
    pub fn new(program: &'a Program, machine: Machine<'a, R>, feed: F, order: Vec<u32>, course: Course) -> Self {
        Self {
            training: &program.training,
            machine,
            feed,
            course,
            steps_per_epoch: order.len().div_ceil(course.batch) as u64,
            schedule: ScheduleState::START,
            shuffle: Stream::new(course.seed, Purpose::Shuffle),
            order,
            at: 0,
            done: 0,
        }
    }

    /// Steps done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Steps of an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.steps_per_epoch
    }

    /// Rows of an epoch, in the order of the one under way.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// What puts the rows in.
    pub fn feed(&self) -> &F {
        &self.feed
    }

    /// The next step. It allocates nothing.
    pub fn step(&mut self) -> Taken {
        let (rows, moves) = self.begin();
        let losses = self.machine.step(self.training.loss.as_ref(), self.training.fused, &moves);
        self.end(rows, losses, &moves)
    }

    /// As [`Self::step`], layer by layer; `watch` is told each part when it is done, for those who measure.
    pub fn step_watched(&mut self, mut watch: impl FnMut(Part)) -> Taken {
        let (rows, moves) = self.begin();
        watch(Part::Rows);
        let losses = self.machine.step_watched(self.training.loss.as_ref(), self.training.fused, &moves, watch);
        self.end(rows, losses, &moves)
    }

    /// Puts the next rows in; gives where in the order they are, and what the step will do.
    fn begin(&mut self) -> (Range<usize>, UpdateRule<'a>) {
        if self.at == 0 && self.course.shuffle {
            self.shuffle.shuffle(&mut self.order);
        }
        let rows = self.at..(self.at + self.course.batch).min(self.order.len());
        self.feed.put(&mut self.machine, &self.order[rows.clone()]);
        let Course { epochs, rate, .. } = self.course;
        let moment = Moment { step: self.done, steps_per_epoch: self.steps_per_epoch, epochs };
        let learning_rate = self.training.schedule.rate(&self.schedule, moment) * rate;
        (rows, UpdateRule::of(self.training, learning_rate, self.done))
    }

    fn end(&mut self, rows: Range<usize>, losses: Losses, moves: &UpdateRule<'_>) -> Taken {
        if losses.mean.is_finite() {
            self.done += 1;
            self.at = if rows.end == self.order.len() { 0 } else { rows.end };
        }
        Taken { losses, rows: rows.len(), learning_rate: moves.step.learning_rate }
    }

    /// The rows of the step that was taken last, and whose losses are finite.
    pub fn rows_of(&self, taken: &Taken) -> &[u32] {
        let end = if self.at == 0 { self.order.len() } else { self.at };
        &self.order[end - taken.rows..end]
    }

    /// Tells the schedule the loss of an epoch.
    pub fn observe(&mut self, loss: f64) {
        self.training.schedule.observe(&mut self.schedule, loss);
    }

    /// All that its next steps depend on.
    pub fn save(&self) -> Snapshot<R> {
        Snapshot {
            parameters: self.machine.parameters.clone(),
            layer_state: self.machine.state.clone(),
            slots: self.machine.slots.clone(),
            streams: self.machine.streams.iter().map(Stream::save).collect(),
            schedule: self.schedule.into(),
            shuffle: self.shuffle.save(),
            order: self.order.clone(),
            at: self.at,
            done: self.done,
        }
    }

    /// Puts back what was saved of a stepper of the same program and rows.
    ///
    /// # Errors
    /// A sentence on what does not fit; nothing is changed then.
    pub fn restore(&mut self, saved: &Snapshot<R>) -> Result<(), String> {
        saved.fits(&self.machine, &self.order, self.course.batch)?;
        let streams = self.machine.streams.iter_mut().chain([&mut self.shuffle]);
        for (stream, &words) in streams.zip(saved.streams.iter().chain([&saved.shuffle])) {
            if let Some(saved) = Stream::restore(words) {
                *stream = saved;
            }
        }
        self.machine.parameters.copy_from_slice(&saved.parameters);
        self.machine.state.copy_from_slice(&saved.layer_state);
        self.machine.slots.copy_from_slice(&saved.slots);
        self.order.copy_from_slice(&saved.order);
        (self.schedule, self.at, self.done) = (saved.schedule.into(), saved.at, saved.done);
        Ok(())
    }

    /// Goes back before the first step, with these weights and running statistics; the rows go on in the order in which
    /// they are.
    pub(super) fn restart(&mut self, parameters: &[R], layer_state: &[R]) {
        self.machine.parameters.copy_from_slice(parameters);
        self.machine.state.copy_from_slice(layer_state);
        self.machine.slots.fill(R::ZERO);
        (self.schedule, self.at, self.done) = (ScheduleState::START, 0, 0);
    }
}

/// What the first step of a program does.
pub fn first_moves(program: &Program) -> UpdateRule<'_> {
    let training = &program.training;
    let steps_per_epoch = training.steps_per_epoch(program.facts.training_rows);
    let moment = Moment { step: 0, steps_per_epoch, epochs: training.epochs.value };
    UpdateRule::of(training, training.schedule.rate(&ScheduleState::START, moment), 0)
}
