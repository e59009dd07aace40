//! [`Run`]: epochs of steps, with what happens told as events. All state of a run is data in the machine and here.

use super::batch::Filling;
use super::divergence;
use super::evaluate::{Evaluation, Score, evaluate};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::catalog::metrics::Outcome;
use crate::catalog::schedules::{Moment, Schedule};
use crate::data::Dataset;
use crate::diagnostic::Diagnostic;
use crate::engine::{Machine, Moves, Plan};
use crate::ir::Program;
use crate::tensor::{Purpose, Stream, Team};
use std::time::Instant;

/// What happens in a run.
#[derive(Clone, Debug)]
pub enum Event<'e> {
    /// A part of an epoch is done, for those who show progress: steps done of steps in all.
    Progress {
        /// The epoch under way, from 1.
        epoch: u64,
        /// Steps of it that are done.
        done: u64,
        /// Its steps.
        steps: u64,
    },
    /// An epoch is done.
    Epoch(&'e Epoch),
}

/// One epoch's numbers.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// From 1.
    pub epoch: u64,
    /// Steps done in all.
    pub step: u64,
    /// η of its last step.
    pub learning_rate: f64,
    /// The mean of its batches' losses, each before its update, weighted by rows.
    pub train_loss: f64,
    /// Metrics over its batches, each before its update.
    pub metrics: Vec<(&'static str, Outcome)>,
    /// Over the validation rows, where there are any.
    pub validation: Option<(f64, Vec<(&'static str, Outcome)>)>,
    /// Time of its training steps alone.
    pub seconds: f64,
}

impl Epoch {
    /// The loss that early stopping and `plateau` watch.
    pub fn watched(&self) -> f64 {
        self.validation.as_ref().map_or(self.train_loss, |v| v.0)
    }
}

/// What a listener wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Continue,
    /// Stop here, and keep what was reached.
    Stop,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// All epochs are done.
    Epochs,
    /// The watched loss no longer fell; the weights of this epoch are back.
    Early {
        /// The best epoch, from 1.
        best: u64,
    },
    /// A listener stopped it.
    Interrupted,
    /// A number left the finite ones; the weights are of no use.
    Diverged(Box<Diagnostic>),
}

impl Ended {
    /// As the log says it.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Epochs => "epochs",
            Self::Early { .. } => "early_stop",
            Self::Interrupted => "interrupted",
            Self::Diverged(_) => "diverged",
        }
    }
}

/// The best epoch so far, for early stopping.
#[derive(Clone, Debug)]
struct Best<R> {
    loss: f64,
    epoch: u64,
    parameters: Vec<R>,
    state: Vec<R>,
}

/// Progress is told about this many times an epoch, at the most.
const PROGRESS_PARTS: u64 = 50;

/// The rows of a batch at inference, where memory allows: small training batches need not slow evaluation down.
const EVALUATION_ROWS: usize = 256;

/// A training run.
#[derive(Debug)]
pub struct Run<'a, R> {
    program: &'a Program,
    data: &'a Dataset<R>,
    /// The network with its memory.
    pub machine: Machine<'a, R>,
    filling: Filling<R>,
    schedule: Schedule,
    shuffle: Stream,
    order: Vec<u32>,
    score: Score,
    best: Option<Best<R>>,
    /// Steps done.
    step: u64,
}

impl<'a, R: Precision> Run<'a, R> {
    /// The layout that training a program on so many rows takes.
    pub fn plan(program: &Program, rows: usize) -> Plan {
        let batch = program.training.batch_rows(rows);
        Plan::new(&program.network, batch.max(EVALUATION_ROWS.min(rows)), false)
    }

    /// Makes a run; the weights are at their start.
    pub fn new(program: &'a Program, data: &'a Dataset<R>, team: Team) -> Self {
        let training = &program.training;
        let plan = Self::plan(program, data.train.len());
        let machine = Machine::new(&program.network, plan, Some(training.optimizer.as_ref()), training.seed, team);
        Self {
            program,
            data,
            machine,
            filling: Filling::new(program),
            schedule: training.schedule.clone(),
            shuffle: Stream::new(training.seed, Purpose::Shuffle),
            order: data.train.clone(),
            score: Score::new(program, &data.preparation),
            best: None,
            step: 0,
        }
    }

    /// Trains to the end, telling `listener` what happens.
    pub fn run(&mut self, mut listener: impl FnMut(Event<'_>) -> Control) -> Ended {
        let mut waited = 0;
        for epoch in 1..=self.program.training.epochs.value {
            let done = match self.epoch(epoch, &mut listener) {
                Ok(done) => done,
                Err(ended) => return self.leave(ended),
            };
            let watched = done.watched();
            self.schedule.observe(watched);
            if let Control::Stop = listener(Event::Epoch(&done)) {
                return self.leave(Ended::Interrupted);
            }
            let Some(stop) = self.program.training.stop else { continue };
            let improved = self.best.as_ref().is_none_or(|b| watched < b.loss - stop.delta);
            if improved {
                self.keep(epoch, watched);
                waited = 0;
            } else {
                waited += 1;
            }
            if waited >= stop.patience {
                let best = self.restore();
                return Ended::Early { best };
            }
        }
        self.leave(Ended::Epochs)
    }

    /// The best weights come back however a run with early stopping ends.
    fn leave(&mut self, ended: Ended) -> Ended {
        if !matches!(ended, Ended::Diverged(_)) {
            self.restore();
        }
        ended
    }

    fn keep(&mut self, epoch: u64, loss: f64) {
        if let Some(best) = &mut self.best {
            best.parameters.copy_from_slice(&self.machine.parameters);
            best.state.copy_from_slice(&self.machine.state);
            (best.loss, best.epoch) = (loss, epoch);
        } else {
            let (parameters, state) = (self.machine.parameters.clone(), self.machine.state.clone());
            self.best = Some(Best { loss, epoch, parameters, state });
        }
    }

    fn restore(&mut self) -> u64 {
        let Some(best) = &self.best else { return 0 };
        self.machine.parameters.copy_from_slice(&best.parameters);
        self.machine.state.copy_from_slice(&best.state);
        best.epoch
    }

    fn epoch(&mut self, epoch: u64, listener: &mut impl FnMut(Event<'_>) -> Control) -> Result<Epoch, Ended> {
        let training = &self.program.training;
        let rows = self.order.len();
        let batch = training.batch_rows(rows);
        let steps = training.steps_per_epoch(rows);
        let tell_every = steps.div_ceil(PROGRESS_PARTS).max(8);
        self.score.clear();
        let (mut total, mut learning_rate, mut seconds) = (0.0, 0.0, 0.0);
        let mut since = Instant::now();
        if training.shuffle {
            self.shuffle.shuffle(&mut self.order);
        }
        for (done, at) in (0..rows).step_by(batch).enumerate() {
            let end = (at + batch).min(rows);
            learning_rate =
                self.schedule.rate(Moment { step: self.step, steps_per_epoch: steps, epochs: training.epochs.value });
            let loss = self.take_step(at..end, learning_rate)?;
            total += loss * (end - at) as f64;
            let done = done as u64 + 1;
            if done.is_multiple_of(tell_every) && done < steps {
                seconds += since.elapsed().as_secs_f64();
                if let Control::Stop = listener(Event::Progress { epoch, done, steps }) {
                    return Err(Ended::Interrupted);
                }
                since = Instant::now();
            }
        }
        seconds += since.elapsed().as_secs_f64();
        if !self.machine.is_finite() {
            return Err(Ended::Diverged(Box::new(divergence::of_weights(
                self.program,
                &self.machine,
                self.step,
                epoch,
            ))));
        }
        let metrics = read_all(self.program, &self.score);
        let validation = (!self.data.validation.is_empty()).then(|| {
            let evaluation = self.evaluate(&self.data.validation);
            (evaluation.loss, evaluation.metrics(&self.program.training.metrics))
        });
        Ok(Epoch {
            epoch,
            step: self.step,
            learning_rate,
            train_loss: total / rows as f64,
            metrics,
            validation,
            seconds,
        })
    }

    /// One step over a stretch of the order; gives the batch's loss before the update.
    fn take_step(&mut self, stretch: std::ops::Range<usize>, learning_rate: f64) -> Result<f64, Ended> {
        let training = &self.program.training;
        let machine = &mut self.machine;
        self.filling.fill(machine, self.data, &self.order[stretch]);
        let moves = Moves::of(training, learning_rate, self.step);
        let losses = machine.step(training.loss.as_ref(), training.fused, &moves);
        if !losses.mean.is_finite() {
            // Once more, for every layer's values.
            machine.forward_loss(Mode::Training, training.loss.as_ref(), training.fused);
            let diagnostic = divergence::of_loss(self.program, machine, self.step, learning_rate);
            return Err(Ended::Diverged(Box::new(diagnostic)));
        }
        let width = machine.output_width();
        let (output, targets) = machine.output_and_targets();
        self.score.add(output, targets, width, (losses.mean, losses.weight));
        self.step += 1;
        Ok(losses.mean)
    }

    /// Loss and metrics of rows of the data, at inference.
    pub fn evaluate(&mut self, rows: &[u32]) -> Evaluation {
        evaluate(self.program, &mut self.machine, self.data, &self.filling, rows)
    }

    /// The network's output for one row of the data, at inference.
    pub fn outputs(&mut self, row: u32) -> Vec<R> {
        self.filling.fill(&mut self.machine, self.data, &[row]);
        self.machine.forward(Mode::Inference);
        self.machine.output().to_vec()
    }

    /// Steps done.
    pub fn steps(&self) -> u64 {
        self.step
    }
}

fn read_all(program: &Program, score: &Score) -> Vec<(&'static str, Outcome)> {
    program.training.metrics.iter().filter_map(|m| Some((m.signature.name, (m.read)(score.tally())?))).collect()
}
