//! What a run tells: parts of epochs, whole ones with their numbers, and how it ended.

use crate::catalog::metrics::Outcome;
use crate::diagnostic::Diagnostic;

/// What happens in a run.
#[derive(Clone, Debug)]
pub enum Event<'e> {
    /// A part of an epoch is done: steps done of steps in all.
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
    /// The loss of the training rows after it, as a prediction has it: where early stopping watches that.
    pub evaluated_loss: Option<f64>,
    /// Of the weights after it.
    pub fingerprint: u64,
    /// Time of its training steps alone.
    pub seconds: f64,
}

impl Epoch {
    /// The loss that `plateau` watches.
    pub(super) fn plain(&self) -> f64 {
        self.validation.as_ref().map_or(self.train_loss, |v| v.0)
    }

    /// The loss that early stopping watches.
    pub fn watched(&self) -> f64 {
        self.evaluated_loss.unwrap_or_else(|| self.plain())
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
