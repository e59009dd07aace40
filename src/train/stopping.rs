//! [`Stopping`]: early stopping. When the watched loss has not fallen for long enough, and which weights come back.
//!
//! The watched loss is always one of weights that can come back, at that moment:
//! - with validation rows, their loss after the epoch, and the weights of that moment;
//! - without, the loss of the training rows. Where an epoch is one step and no layer acts otherwise in training than
//!   in prediction, that is the logged loss itself, and the weights are those it is of: the ones before that step.
//!   Elsewhere the logged loss is of many weights, or of none that predict, and the training rows are evaluated after
//!   the epoch.
//!
//! The best epoch is the one with the least watched loss; `delta` is for the waiting alone.

use super::state::{Kept, Snapshot, Stopped};
use super::waiting::Waiting;
use crate::catalog::Precision;
use crate::engine::Machine;
use crate::ir::Network;
use crate::ir::training::Stop;

/// Where the watched loss comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// The validation rows, after the epoch.
    Validation,
    /// The epoch's one step: the loss before it.
    Step,
    /// The training rows, after the epoch.
    Training,
}

impl Watch {
    /// What a network watches.
    pub fn of(network: &Network, has_validation: bool, steps_per_epoch: u64) -> Self {
        let mut layers = network.nodes.iter().filter_map(|n| n.layer.as_deref());
        if has_validation {
            Self::Validation
        } else if steps_per_epoch == 1 && !layers.any(|layer| layer.is_random() || layer.couples_rows()) {
            Self::Step
        } else {
            Self::Training
        }
    }
}

/// The best weights so far, and how long ago they were.
#[derive(Debug)]
pub struct Stopping<R> {
    rule: Stop,
    /// What is watched.
    pub watch: Watch,
    waiting: Waiting,
    best: Option<Kept<R>>,
    /// Room for the weights before a step, which its loss is of.
    before: Option<Kept<R>>,
    /// Whether the best weights are in the machine, and those of the last step in their place.
    is_back: bool,
}

impl<R: Precision> Stopping<R> {
    /// Before the first epoch.
    pub fn new(rule: Stop, watch: Watch) -> Self {
        Self { rule, watch, waiting: Waiting::START, best: None, before: None, is_back: false }
    }

    /// Before a step: keeps the weights that its loss will be of, where that is what is watched.
    pub fn before(&mut self, machine: &Machine<'_, R>) {
        if self.watch == Watch::Step {
            keep(&mut self.before, machine, 0, 0.0);
        }
    }

    /// After a step that is its epoch: the weights before it are the best where its loss is the least.
    pub fn after(&mut self, epoch: u64, loss: f64) {
        if self.watch == Watch::Step && self.is_least(loss) {
            std::mem::swap(&mut self.before, &mut self.best);
            if let Some(best) = &mut self.best {
                (best.epoch, best.loss) = (epoch, loss.to_bits());
            }
        }
    }

    /// After an epoch.
    pub fn observe(&mut self, machine: &Machine<'_, R>, epoch: u64, loss: f64) {
        if self.watch != Watch::Step && self.is_least(loss) {
            keep(&mut self.best, machine, epoch, loss);
        }
        self.waiting.observe(loss, self.rule.delta);
    }

    /// Whether weights with this loss are better than all before: of equals the first are kept, and any number
    /// is better than none.
    fn is_least(&self, loss: f64) -> bool {
        let Some(best) = &self.best else { return true };
        let least = f64::from_bits(best.loss);
        loss < least || least.is_nan() && !loss.is_nan()
    }

    /// Whether the waiting is over.
    pub fn is_over(&self) -> bool {
        self.waiting.is_over(self.rule.patience)
    }

    /// The best epoch, from 1.
    pub fn best(&self) -> Option<u64> {
        self.best.as_ref().map(|best| best.epoch)
    }

    /// Puts the best weights into the machine; those of the last step take their place.
    pub fn bring_back(&mut self, machine: &mut Machine<'_, R>) {
        if let Some(best) = self.best.as_mut().filter(|_| !self.is_back) {
            std::mem::swap(&mut machine.parameters, &mut best.parameters);
            std::mem::swap(&mut machine.state, &mut best.layer_state);
            self.is_back = true;
        }
    }

    /// What is to be written out beside the loop's own `steps`; where the best weights are in the machine, those of the
    /// last step go to their place there.
    pub fn save(&self, steps: &mut Snapshot<R>) -> Stopped<R> {
        let mut best = self.best.clone();
        if let Some(best) = best.as_mut().filter(|_| self.is_back) {
            std::mem::swap(&mut best.parameters, &mut steps.parameters);
            std::mem::swap(&mut best.layer_state, &mut steps.layer_state);
        }
        Stopped { waiting: self.waiting, best }
    }

    /// Puts back what was saved.
    ///
    /// # Errors
    /// A sentence on what does not fit.
    pub fn restore(&mut self, saved: Stopped<R>, machine: &Machine<'_, R>) -> Result<(), String> {
        let fits = |best: &Kept<R>| {
            best.parameters.len() == machine.parameters.len() && best.layer_state.len() == machine.state.len()
        };
        if !saved.best.as_ref().is_none_or(fits) {
            return Err("the best weights of the saved run are of another network".to_owned());
        }
        (self.waiting, self.best, self.is_back) = (saved.waiting, saved.best, false);
        Ok(())
    }
}

/// Copies the machine's weights; the first time that makes room for them.
fn keep<R: Precision>(to: &mut Option<Kept<R>>, machine: &Machine<'_, R>, epoch: u64, loss: f64) {
    match to {
        Some(kept) => {
            kept.parameters.copy_from_slice(&machine.parameters);
            kept.layer_state.copy_from_slice(&machine.state);
            (kept.epoch, kept.loss) = (epoch, loss.to_bits());
        }
        None => {
            *to = Some(Kept {
                epoch,
                loss: loss.to_bits(),
                parameters: machine.parameters.clone(),
                layer_state: machine.state.clone(),
            });
        }
    }
}
