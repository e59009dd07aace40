//! [`Stopping`]: early stopping. When the watched loss has not fallen for long enough, and which weights come back.
//!
//! The watched loss is always one of weights that can come back, at that moment:
//! - with validation rows, their loss after the epoch, and the weights of that moment;
//! - without, the loss of the training rows. Where an epoch is one step and no layer acts otherwise in training than in
//!   prediction, that is the logged loss itself, and the weights are those it is of: the ones before that step. Elsewhere
//!   the logged loss is of many weights, or of none that predict, and the training rows are evaluated after the epoch.
//!
//! The best epoch is the one with the least watched loss; `delta` is for the waiting alone.

use super::state::{Kept, Snapshot, Stopped};
use crate::catalog::Precision;
use crate::engine::Machine;
use crate::ir::Network;
use crate::ir::training::Stop;
use serde::{Deserialize, Serialize};

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

/// How long the watched loss has not fallen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Bits of the loss that the next one must fall below; infinite at first.
    mark: u64,
    /// Epochs since the loss fell.
    waited: u64,
}

impl Waiting {
    /// Before the first epoch.
    pub const START: Self = Self { mark: f64::INFINITY.to_bits(), waited: 0 };

    /// Takes the next epoch's loss. One that is no number has not fallen.
    pub fn observe(&mut self, loss: f64, delta: f64) {
        if loss < f64::from_bits(self.mark) - delta {
            *self = Self { mark: loss.to_bits(), waited: 0 };
        } else {
            self.waited += 1;
        }
    }

    /// Whether it has been too long.
    pub fn is_over(&self, patience: u64) -> bool {
        self.waited >= patience
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

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many epochs the waiting is over.
    fn over(losses: &[f64], patience: u64, delta: f64) -> Option<usize> {
        let mut waiting = Waiting::START;
        losses.iter().position(|&loss| {
            waiting.observe(loss, delta);
            waiting.is_over(patience)
        })
    }

    #[test]
    fn waiting_is_over_when_the_loss_has_not_fallen_for_as_long_as_the_patience() {
        const NAN: f64 = f64::NAN;
        const INFINITE: f64 = f64::INFINITY;
        // Losses, patience, delta, and the epoch (from 0) after which it is over.
        let cases: &[(&[f64], u64, f64, Option<usize>)] = &[
            (&[3.0, 3.0], 1, 0.0, Some(1)),
            (&[3.0, 3.0, 3.0, 3.0], 3, 0.0, Some(3)),
            (&[3.0, 3.0, 3.0], 3, 0.0, None),
            // A fall, however small, begins the waiting anew.
            (&[3.0, 3.5, 2.9, 3.0, 3.0], 2, 0.0, Some(4)),
            (&[3.0, 3.5, 2.9, 3.0, 2.8, 3.0], 2, 0.0, None),
            // Falls of delta or less do not count, until together they are more.
            (&[3.0, 2.9, 2.8, 2.7], 2, 0.5, Some(2)),
            (&[3.0, 2.75, 2.25, 2.0], 2, 0.5, None),
            (&[3.0, 2.5, 2.0], 1, 0.5, Some(1)),
            // What is no number has not fallen, and is fallen from.
            (&[NAN, NAN], 2, 0.0, Some(1)),
            (&[NAN, 5.0, 4.0, INFINITE, NAN], 2, 0.0, Some(4)),
            (&[INFINITE, INFINITE, 7.0, 6.0], 3, 0.0, None),
        ];
        for (losses, patience, delta, after) in cases {
            assert_eq!(over(losses, *patience, *delta), *after, "{losses:?}, patience {patience}, delta {delta}");
        }
    }
}
