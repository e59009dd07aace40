//! [`Run`]: a program trained, some steps at a time, with what happens told as events. Between two steps the machine
//! can be looked at, and the whole run written out and taken up again with the same bits.

use super::divergence;
use super::evaluate::{Evaluation, Exact, Score, evaluate};
use super::event::{Control, Ended, Epoch, Event};
use super::fingerprint::fingerprint;
use super::machines::trainer;
use super::state::{State, Sums};
use super::stepper::{Course, DataFeed, Stepper};
use super::stopping::{Stopping, Watch};
use crate::catalog::Precision;
use crate::catalog::layers::Mode;
use crate::catalog::metrics::Outcome;
use crate::data::Dataset;
use crate::engine::{Machine, Plan};
use crate::ir::Program;
use crate::tensor::Team;
use std::time::Instant;

/// Progress is told about this many times an epoch, at the most.
const PROGRESS_PARTS: u64 = 50;

/// The rows of a batch at inference, where memory allows: small training batches need not slow evaluation down.
const EVALUATION_ROWS: usize = 256;

/// Rows that a run's machine has room for.
fn room(program: &Program, rows: usize) -> usize {
    program.training.batch_rows(rows).max(EVALUATION_ROWS.min(rows))
}

/// A training run.
#[derive(Debug)]
pub struct Run<'a, R> {
    program: &'a Program,
    data: &'a Dataset<R>,
    stepper: Stepper<'a, R, DataFeed<'a, R>>,
    stopping: Option<Stopping<R>>,
    score: Score,
    /// Epochs done.
    epoch: u64,
    /// Steps of the next one that are done: all of them, until it is closed.
    in_epoch: u64,
    /// Σ batch loss · rows of it.
    total: f64,
    /// η of its last step.
    learning_rate: f64,
    /// Time of its steps.
    seconds: f64,
    train_loss: Vec<f64>,
    validation_loss: Vec<f64>,
    fingerprints: Vec<u64>,
    /// What the last event tells.
    last: Option<Epoch>,
    ended: Option<Ended>,
}

impl<'a, R: Precision> Run<'a, R> {
    /// The layout that training a program on so many rows takes.
    pub fn plan(program: &Program, rows: usize) -> Plan {
        Plan::new(&program.network, room(program, rows), false)
    }

    /// Makes a run; the weights are at their start.
    pub fn new(program: &'a Program, data: &'a Dataset<R>, team: Team) -> Self {
        let training = &program.training;
        let rows = data.train.len();
        let course = Course::of(training, rows);
        let machine = trainer(program, room(program, rows), team);
        let stepper = Stepper::new(program, machine, DataFeed::new(program, data), data.train.clone(), course);
        let watch = Watch::of(&program.network, !data.validation.is_empty(), stepper.steps_per_epoch());
        Self {
            program,
            data,
            stopping: training.stop.map(|rule| Stopping::new(rule, watch)),
            stepper,
            score: Score::new(program, &data.preparation),
            epoch: 0,
            in_epoch: 0,
            total: 0.0,
            learning_rate: 0.0,
            seconds: 0.0,
            train_loss: Vec::new(),
            validation_loss: Vec::new(),
            fingerprints: Vec::new(),
            last: None,
            ended: None,
        }
    }

    /// Takes up a run of the same program and data where [`Self::state`] found it: it ends with the same bits, whatever
    /// the number of threads.
    ///
    /// # Errors
    /// A sentence on what does not fit.
    pub fn resume(program: &'a Program, data: &'a Dataset<R>, team: Team, state: State<R>) -> Result<Self, String> {
        let mut run = Self::new(program, data, team);
        let steps = run.stepper.steps_per_epoch();
        let done = state.epoch.checked_mul(steps).and_then(|done| done.checked_add(state.in_epoch));
        let at = state.in_epoch % steps.max(1) * Course::of(&program.training, data.train.len()).batch as u64;
        if state.in_epoch > steps || done != Some(state.steps.done) || at != state.steps.at as u64 {
            return Err(format!("the saved run is not at a step of one with {steps} steps an epoch"));
        }
        let epochs = |count: usize| count as u64 == state.epoch;
        let validated = data.validation.is_empty() || epochs(state.validation_loss.len());
        if !epochs(state.train_loss.len()) || !epochs(state.fingerprints.len()) || !validated {
            return Err("the losses of the saved run are not those of its epochs".to_owned());
        }
        if !state.is_of_its_epochs() {
            return Err("the saved run has waited for longer than it ran".to_owned());
        }
        run.stepper.restore(&state.steps)?;
        if !run.score.restore(&state.sums.score, data.train.len()) {
            return Err("the saved run counted other metrics".to_owned());
        }
        match (&mut run.stopping, state.stopping) {
            (None, None) => {}
            (Some(stopping), Some(saved)) => stopping.restore(saved, &run.stepper.machine)?,
            (None, Some(_)) => return Err("the saved run stops early, and this one does not".to_owned()),
            (Some(_), None) => return Err("this run stops early, and the saved one does not".to_owned()),
        }
        (run.epoch, run.in_epoch) = (state.epoch, state.in_epoch);
        (run.total, run.learning_rate) = (f64::from_bits(state.sums.loss), f64::from_bits(state.sums.learning_rate));
        run.seconds = state.sums.seconds;
        (run.train_loss, run.validation_loss) = (state.train_loss, state.validation_loss);
        run.fingerprints = state.fingerprints;
        Ok(run)
    }

    /// Everything that the rest of the run depends on, besides the program and the data. `None` once it diverged: there
    /// is nothing to go on from. After any other end it is that of the last step, so that a longer run can go on.
    pub fn state(&self) -> Option<State<R>> {
        if let Some(Ended::Diverged(_)) = self.ended {
            return None;
        }
        let mut steps = self.stepper.save();
        let stopping = self.stopping.as_ref().map(|stopping| stopping.save(&mut steps));
        let sums = Sums {
            loss: self.total.to_bits(),
            learning_rate: self.learning_rate.to_bits(),
            seconds: self.seconds,
            score: self.score.save(),
        };
        Some(State {
            steps,
            epoch: self.epoch,
            in_epoch: self.in_epoch,
            sums,
            train_loss: self.train_loss.clone(),
            validation_loss: self.validation_loss.clone(),
            fingerprints: self.fingerprints.clone(),
            stopping,
        })
    }

    /// Takes the next steps of the epoch under way, `most` of them at the most, or closes it when all are done; tells
    /// what happened. `None` when the run has ended: see [`Self::ended`].
    pub fn advance(&mut self, most: u64) -> Option<Event<'_>> {
        let steps = self.stepper.steps_per_epoch();
        if self.ended.is_some() {
            return None;
        }
        if self.in_epoch == steps {
            return self.close_epoch();
        }
        if self.in_epoch == 0 {
            if let Some(ended) = self.is_over() {
                self.end(ended);
                return None;
            }
            self.score.clear();
            (self.total, self.seconds) = (0.0, 0.0);
        }
        let until = self.in_epoch.saturating_add(most.max(1)).min(steps);
        let since = Instant::now();
        while self.in_epoch < until {
            if let Err(diverged) = self.step() {
                self.end(diverged);
                return None;
            }
        }
        self.seconds += since.elapsed().as_secs_f64();
        Some(Event::Progress { epoch: self.epoch + 1, done: self.in_epoch, steps })
    }

    /// Steps to the next moment at which progress is worth telling.
    pub fn stride(&self) -> u64 {
        let tell_every = self.stepper.steps_per_epoch().div_ceil(PROGRESS_PARTS).max(8);
        tell_every - self.in_epoch % tell_every
    }

    /// Trains to the end, telling `listener` what happens.
    pub fn run(&mut self, mut listener: impl FnMut(Event<'_>) -> Control) -> Ended {
        loop {
            let control = match self.advance(self.stride()) {
                // The epoch's own event comes next.
                Some(Event::Progress { done, steps, .. }) if done == steps => Control::Continue,
                Some(event) => listener(event),
                None => Control::Stop,
            };
            if control == Control::Stop {
                return self.interrupt();
            }
        }
    }

    /// Ends the run here, unless it has ended; the best weights come back as however a run with early stopping ends.
    pub fn interrupt(&mut self) -> Ended {
        if let Some(ended) = &self.ended {
            return ended.clone();
        }
        self.end(Ended::Interrupted);
        Ended::Interrupted
    }

    /// How the run ended, once it has.
    pub fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// The network with its memory, as the last step left it; at the end with the weights that are to be kept.
    pub fn machine(&self) -> &Machine<'a, R> {
        &self.stepper.machine
    }

    /// As [`Self::machine`], to start from other weights.
    pub fn machine_mut(&mut self) -> &mut Machine<'a, R> {
        &mut self.stepper.machine
    }

    /// With early stopping the best epoch so far, from 1: its weights are there after the end.
    pub fn best(&self) -> Option<u64> {
        self.stopping.as_ref().and_then(Stopping::best)
    }

    /// Losses by epoch, of the training rows.
    pub fn train_loss(&self) -> &[f64] {
        &self.train_loss
    }

    /// Losses by epoch, of the validation rows, where there are any.
    pub fn validation_loss(&self) -> &[f64] {
        &self.validation_loss
    }

    /// Fingerprints of the weights after each epoch.
    pub fn fingerprints(&self) -> &[u64] {
        &self.fingerprints
    }

    /// Steps done.
    pub fn steps(&self) -> u64 {
        self.stepper.done()
    }

    /// Loss and metrics of rows of the data, at inference.
    pub fn evaluate(&mut self, rows: &[u32]) -> Evaluation {
        let Stepper { machine, feed, .. } = &mut self.stepper;
        evaluate(self.program, machine, self.data, &feed.filling, rows)
    }

    /// The network's output for one row of the data, at inference.
    pub fn outputs(&mut self, row: u32) -> Vec<R> {
        let Stepper { machine, feed, .. } = &mut self.stepper;
        feed.filling.fill(machine, self.data, &[row]);
        machine.forward(Mode::Inference);
        machine.output().to_vec()
    }

    /// Whether the run ends before its next epoch, and how.
    fn is_over(&self) -> Option<Ended> {
        if let Some(stopping) = self.stopping.as_ref().filter(|s| s.is_over()) {
            return Some(Ended::Early { best: stopping.best().unwrap_or(self.epoch) });
        }
        (self.epoch >= self.program.training.epochs.value).then_some(Ended::Epochs)
    }

    /// The best weights come back however a run with early stopping ends.
    fn end(&mut self, ended: Ended) {
        if !matches!(ended, Ended::Diverged(_))
            && let Some(stopping) = &mut self.stopping
        {
            stopping.bring_back(&mut self.stepper.machine);
        }
        self.ended = Some(ended);
    }

    /// One step, counted.
    fn step(&mut self) -> Result<(), Ended> {
        if let Some(stopping) = &mut self.stopping {
            stopping.before(&self.stepper.machine);
        }
        let taken = self.stepper.step();
        let (losses, machine) = (taken.losses, &mut self.stepper.machine);
        if !losses.mean.is_finite() {
            let training = &self.program.training;
            // Once more, for every layer's values.
            machine.forward_loss(Mode::Training, training.loss.as_ref(), training.fused);
            let at = (self.stepper.done(), taken.learning_rate);
            let diagnostic = divergence::of_loss(self.program, &self.stepper.machine, at.0, at.1);
            return Err(Ended::Diverged(Box::new(diagnostic)));
        }
        let machine = &self.stepper.machine;
        let exact = Exact { values: &self.data.exact, rows: Some(self.stepper.rows_of(&taken)) };
        let weighed = (losses.mean, losses.weight);
        self.score.add(machine.output_and_targets(), machine.output_width(), exact, weighed);
        self.total += losses.mean * taken.rows as f64;
        self.learning_rate = taken.learning_rate;
        self.in_epoch += 1;
        if let Some(stopping) = &mut self.stopping {
            stopping.after(self.epoch + 1, self.total / self.data.train.len() as f64);
        }
        Ok(())
    }

    /// Evaluates what is to be watched, and tells the epoch.
    fn close_epoch(&mut self) -> Option<Event<'_>> {
        let (program, data) = (self.program, self.data);
        let epoch = self.epoch + 1;
        if !self.stepper.machine.is_finite() {
            let diagnostic = divergence::of_weights(program, &self.stepper.machine, self.stepper.done(), epoch);
            self.end(Ended::Diverged(Box::new(diagnostic)));
            return None;
        }
        let validation = (!data.validation.is_empty()).then(|| {
            let evaluation = self.evaluate(&data.validation);
            (evaluation.loss, evaluation.metrics(&program.training.metrics))
        });
        let evaluates = self.stopping.as_ref().is_some_and(|s| s.watch == Watch::Training);
        let done = Epoch {
            epoch,
            step: self.stepper.done(),
            learning_rate: self.learning_rate,
            train_loss: self.total / data.train.len() as f64,
            metrics: read_all(program, &self.score),
            validation,
            evaluated_loss: evaluates.then(|| self.evaluate(&data.train).loss),
            fingerprint: fingerprint(&self.stepper.machine),
            seconds: self.seconds,
        };
        self.stepper.observe(done.plain());
        if let Some(stopping) = &mut self.stopping {
            stopping.observe(&self.stepper.machine, epoch, done.watched());
        }
        self.train_loss.push(done.train_loss);
        self.fingerprints.push(done.fingerprint);
        self.validation_loss.extend(done.validation.as_ref().map(|v| v.0));
        (self.epoch, self.in_epoch) = (epoch, 0);
        Some(Event::Epoch(self.last.insert(done)))
    }
}

fn read_all(program: &Program, score: &Score) -> Vec<(&'static str, Outcome)> {
    program.training.metrics.iter().filter_map(|m| Some((m.signature.name, (m.read)(score.tally())?))).collect()
}
