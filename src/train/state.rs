//! The whole state of a run as values that are written out and read back to the bit: numbers that are not finite, which
//! text formats lose, are kept as well.

use super::waiting::Waiting;
use crate::catalog::Precision;
use crate::catalog::schedules::ScheduleState;
use crate::engine::Machine;
use crate::tensor::Stream;
use serde::{Deserialize, Serialize};

/// A run between two steps: everything that its end depends on, besides the program and the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "R: Precision")]
pub struct State<R> {
    /// The loop's.
    pub steps: Snapshot<R>,
    /// Epochs done.
    pub epoch: u64,
    /// Steps of the next epoch that are done.
    pub in_epoch: u64,
    /// What the next epoch has come to so far.
    pub sums: Sums,
    /// Losses by epoch, of the training rows.
    #[serde(with = "exact")]
    pub train_loss: Vec<f64>,
    /// Losses by epoch, of the validation rows, where there are any.
    #[serde(with = "exact")]
    pub validation_loss: Vec<f64>,
    /// Fingerprints of the weights after each epoch.
    pub fingerprints: Vec<u64>,
    /// Early stopping's, where the program has it.
    pub stopping: Option<Stopped<R>>,
}

/// The loop of a run between two steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "R: Precision")]
pub struct Snapshot<R> {
    /// The trained tensors, in the machine's order.
    #[serde(with = "exact")]
    pub parameters: Vec<R>,
    /// Running statistics.
    #[serde(with = "exact")]
    pub layer_state: Vec<R>,
    /// What the optimizer remembers.
    #[serde(with = "exact")]
    pub slots: Vec<R>,
    /// The layers' random streams.
    pub streams: Vec<[u64; 4]>,
    /// What the schedule remembers.
    pub schedule: Watched,
    /// The random stream of the orders.
    pub shuffle: [u64; 4],
    /// The rows in the order of the epoch under way.
    pub order: Vec<u32>,
    /// Where in the order the next step begins.
    pub at: usize,
    /// Steps done.
    pub done: u64,
}

/// A [`ScheduleState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Bits of the lowest watched loss.
    best: u64,
    waited: u64,
    /// Bits of the factor.
    scale: u64,
}

impl From<ScheduleState> for Watched {
    fn from(state: ScheduleState) -> Self {
        Self { best: state.best.to_bits(), waited: state.waited, scale: state.scale.to_bits() }
    }
}

impl From<Watched> for ScheduleState {
    fn from(state: Watched) -> Self {
        let [best, scale] = [state.best, state.scale].map(f64::from_bits);
        Self { best, waited: state.waited, scale }
    }
}

/// What an epoch has come to so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// Bits of Σ batch loss · rows.
    pub loss: u64,
    /// Bits of η of the last step.
    pub learning_rate: u64,
    /// Time of its steps.
    pub seconds: f64,
    /// What metrics are read off, as words.
    pub score: Vec<u64>,
}

/// Early stopping's part of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "R: Precision")]
pub struct Stopped<R> {
    /// How long the loss has not fallen.
    pub waiting: Waiting,
    /// The best weights so far.
    pub best: Option<Kept<R>>,
}

/// Weights that may come back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "R: Precision")]
pub struct Kept<R> {
    /// Their epoch, from 1.
    pub epoch: u64,
    /// Bits of their loss.
    pub loss: u64,
    /// The trained tensors.
    #[serde(with = "exact")]
    pub parameters: Vec<R>,
    /// Running statistics.
    #[serde(with = "exact")]
    pub layer_state: Vec<R>,
}

impl<R> State<R> {
    /// Whether nothing in it has waited for longer, or is of a later epoch, than the run has come to.
    pub(super) fn is_of_its_epochs(&self) -> bool {
        let waited = |stopped: &Stopped<R>| stopped.waiting.epochs() <= self.epoch;
        // Before the first epoch is over, its steps may have left the best weights.
        let kept = |best: &Kept<R>| best.epoch.saturating_sub(1) <= self.epoch;
        let best = self.stopping.as_ref().and_then(|stopped| stopped.best.as_ref());
        let stopped = self.stopping.as_ref().is_none_or(waited) && best.is_none_or(kept);
        stopped && self.steps.schedule.waited <= self.epoch
    }
}

impl<R: Precision> Snapshot<R> {
    /// Whether it is of such a machine, and of these rows in batches of so many.
    pub(super) fn fits(&self, machine: &Machine<'_, R>, order: &[u32], batch: usize) -> Result<(), String> {
        let lengths = [
            ("weights", self.parameters.len(), machine.parameters.len()),
            ("running statistics", self.layer_state.len(), machine.state.len()),
            ("numbers of the optimizer", self.slots.len(), machine.slots.len()),
            ("layers", self.streams.len(), machine.streams.len()),
            ("training rows", self.order.len(), order.len()),
        ];
        for (what, saved, here) in lengths {
            if saved != here {
                return Err(format!("the saved run has {saved} {what}, this one {here}"));
            }
        }
        if sorted(&self.order) != sorted(order) {
            return Err("the saved run trained on other rows".to_owned());
        }
        if self.streams.iter().chain([&self.shuffle]).any(|&words| Stream::restore(words).is_none()) {
            return Err("a random stream of the saved run is all zeros".to_owned());
        }
        if !self.at.is_multiple_of(batch) || self.at >= order.len().max(1) {
            return Err(format!("the saved run stands at row {} of an epoch, and batches have {batch} rows", self.at));
        }
        Ok(())
    }
}

fn sorted(rows: &[u32]) -> Vec<u32> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

/// Numbers by their bits, in one text.
pub(super) mod exact {
    use crate::tensor::Real;
    use crate::train::hex;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<R: Real, S: Serializer>(values: &[R], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::written(values.iter().map(|value| value.bits()), 2 * size_of::<R>() as u32))
    }

    pub(crate) fn deserialize<'de, R: Real, D: Deserializer<'de>>(from: D) -> Result<Vec<R>, D::Error> {
        let bits = hex::read(&String::deserialize(from)?, 2 * size_of::<R>()).map_err(D::Error::custom)?;
        Ok(bits.into_iter().map(R::of_bits).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(bound = "R: Precision")]
    struct Numbers<R>(#[serde(with = "exact")] Vec<R>);

    #[test]
    fn every_number_is_read_back_to_the_bit() {
        let double = [0.0, -0.0, 0.1, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, f64::MAX];
        let text = serde_json::to_string(&Numbers(double.to_vec())).expect("writes");
        let back: Numbers<f64> = serde_json::from_str(&text).expect("reads");
        assert_eq!(back.0.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), double.map(f64::to_bits));
        let single = [1.5, f32::NAN, f32::MIN_POSITIVE, -f32::INFINITY];
        let text = serde_json::to_string(&Numbers(single.to_vec())).expect("writes");
        assert_eq!(text, r#""3fc000007fc0000000800000ff800000""#);
        let back: Numbers<f32> = serde_json::from_str(&text).expect("reads");
        assert_eq!(back.0.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), single.map(f32::to_bits));
        for broken in [r#""3fc0""#, r#""+fc00000""#, r#""gfc00000""#, r#""é3fc00""#, "[1]", "null"] {
            assert!(serde_json::from_str::<Numbers<f32>>(broken).is_err(), "{broken}");
        }
    }
}
