//! [`Training`]: the `train` block, names looked up and defaults filled in.

use crate::catalog::bind::Chosen;
use crate::catalog::losses::Loss;
use crate::catalog::metrics::MetricKind;
use crate::catalog::optimizers::Optimizer;
use crate::catalog::schedules::Schedule;
use crate::source::{Span, Spanned};
use crate::tensor::Dtype;

/// What is minimised, and how.
#[derive(Debug)]
pub struct Training {
    /// The loss.
    pub loss: Box<dyn Loss>,
    /// As it was chosen.
    pub loss_choice: Chosen,
    /// The optimizer.
    pub optimizer: Box<dyn Optimizer>,
    /// As it was chosen.
    pub optimizer_choice: Chosen,
    /// The learning rate over time.
    pub schedule: Schedule,
    /// The schedule as it was chosen; `None` for a plain number.
    pub schedule_choice: Option<Chosen>,
    /// The rate that the user wrote (a schedule's first number).
    pub learning_rate: Spanned<f64>,
    /// How often every row is seen.
    pub epochs: Spanned<u64>,
    /// Rows for each step; `None` for all of them.
    pub batch: Spanned<Option<u64>>,
    /// Of every random stream.
    pub seed: u64,
    /// Whether rows come in a new order each epoch.
    pub shuffle: bool,
    /// Of all numbers.
    pub precision: Dtype,
    /// l1·Σ|w|
    pub l1: Spanned<f64>,
    /// l2·Σw²
    pub l2: Spanned<f64>,
    /// Bound on the norm of all gradients together.
    pub clip_norm: Option<Spanned<f64>>,
    /// What multiplies a row's loss, class by class.
    pub class_weights: Option<Spanned<Vec<f64>>>,
    /// When training ends early.
    pub stop: Option<Stop>,
    /// What is reported beside the loss.
    pub metrics: Vec<&'static MetricKind>,
    /// How targets meet outputs.
    pub target: TargetUse,
    /// Of two classes the one that metrics speak of; where an output stands for the second, it still does.
    pub positive: Option<usize>,
    /// How many of the greatest outputs `top_k` looks at, where it is asked for.
    pub top: Option<usize>,
    /// Whether the loss is computed from logits together with the output's activation.
    pub fused: bool,
    /// The block's name, for reports about the whole.
    pub span: Span,
}

/// `early(patience, delta)`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Epochs to wait.
    pub patience: u64,
    /// Falls of this much or less do not end the waiting.
    pub delta: f64,
    /// Where it was written.
    pub span: Option<Span>,
}

/// How targets meet outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetUse {
    /// One output for each class, the target one-hot.
    OneHot,
    /// One output for two classes: it stands for the second.
    Binary,
    /// Yes-or-no outputs.
    Labels,
    /// A distribution over the outputs.
    Distribution,
    /// Values.
    Values,
}

impl TargetUse {
    /// Whether predictions are classes.
    pub const fn is_classes(self) -> bool {
        matches!(self, Self::OneHot | Self::Binary)
    }
}

impl Training {
    /// Rows of a batch when there are so many to train on.
    pub fn batch_rows(&self, rows: usize) -> usize {
        self.batch.value.map_or(rows, |b| (b as usize).min(rows)).max(1)
    }

    /// Steps of an epoch when there are so many rows to train on.
    pub fn steps_per_epoch(&self, rows: usize) -> u64 {
        rows.div_ceil(self.batch_rows(rows)) as u64
    }
}
