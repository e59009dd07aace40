//! [`Waiting`]: for how long a loss has not fallen.

use serde::{Deserialize, Serialize};

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

    /// Epochs since the loss fell.
    pub fn epochs(&self) -> u64 {
        self.waited
    }

    /// Whether it has been too long.
    pub fn is_over(&self, patience: u64) -> bool {
        self.waited >= patience
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
