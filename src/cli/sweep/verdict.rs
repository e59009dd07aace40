//! What became of a run, in words: read off its own losses, beside the best run of the sweep.

use super::Done;

/// In the order of a table: the worse, the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// It fell, and little was left to fall.
    Good,
    /// It fell, and was still falling at the end.
    StillFalling,
    /// It stopped falling well above the best run.
    Stalled {
        /// The last step that brought it down.
        step: u64,
    },
    /// It has hardly fallen at all.
    NotMoved,
    /// It went on falling while its validation loss rose.
    Overfits {
        /// The epoch, from 1, with the least validation loss.
        epoch: u64,
    },
    /// It rose and fell, or ended above where it began.
    Unstable,
    /// A number left the finite ones.
    Diverged {
        /// At this step, from 1.
        step: u64,
    },
}

impl Verdict {
    /// Judges a run by its training losses. `lowest_start` is the lowest loss that a run of the sweep began with, and
    /// `reached` how far the best of them brought it down: a run that began far above has no merit in falling to there.
    pub(super) fn of(done: &Done, lowest_start: f64, reached: f64) -> Self {
        if let Some(step) = done.diverged_at {
            return Self::Diverged { step };
        }
        let losses = &done.train_losses;
        let (Some(&first), Some(&last)) = (losses.first(), losses.last()) else { return Self::NotMoved };
        let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let span = (lowest_start.min(first) - reached).max(f64::MIN_POSITIVE);
        if last > first * 1.001 || rises(losses, span) {
            return Self::Unstable;
        }
        if first - lowest < 0.05 * span {
            return Self::NotMoved;
        }
        let steps = done.steps / losses.len() as u64;
        // Where the loss was first within a hundredth of all that it would fall.
        let settled = losses.iter().position(|&l| l - lowest <= 0.01 * (first - lowest)).unwrap_or(losses.len());
        let short = (last - reached) / span;
        if settled * 4 < losses.len() * 3 && short > 0.1 {
            return Self::Stalled { step: (settled as u64 + 1) * steps };
        }
        if let Some(epoch) = overfits(done) {
            return Self::Overfits { epoch };
        }
        if short > 0.1 { Self::StillFalling } else { Self::Good }
    }

    /// In words; of a learning rate where that is what the sweep varies.
    pub(super) fn words(self, of_rate: bool) -> String {
        match self {
            Self::Good => "good".to_owned(),
            Self::StillFalling if of_rate => "slow: still falling at the end".to_owned(),
            Self::StillFalling => "still falling at the end".to_owned(),
            Self::Stalled { step } => format!("stalled at step {step}"),
            Self::NotMoved if of_rate => "too low: has hardly moved".to_owned(),
            Self::NotMoved => "has hardly moved".to_owned(),
            Self::Overfits { epoch } => format!("overfits: the validation loss was least after epoch {epoch}"),
            Self::Unstable => "unstable: the loss goes up and down".to_owned(),
            Self::Diverged { step } => format!("diverged at step {step}"),
        }
    }
}

/// The epoch with the least validation loss, where that loss ends far above it. Early stopping has taken the weights
/// back there.
fn overfits(done: &Done) -> Option<u64> {
    let losses = &done.validation_losses;
    let (epoch, least) = losses.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1))?;
    // One epoch alone may end high by chance.
    let end = losses.iter().rev().take(3).copied().fold(f64::INFINITY, f64::min);
    let rose = end > 1.15 * least && end - least > 0.05 * (losses[0] - least);
    (rose && done.reason != "early_stop").then_some(epoch as u64 + 1)
}

/// Whether what the loss rose by, all rises together over the second half, is a large part of what the sweep covers.
fn rises(losses: &[f64], span: f64) -> bool {
    let half = &losses[losses.len() / 2..];
    half.windows(2).map(|w| (w[1] - w[0]).max(0.0)).fold(0.0, f64::max) > 0.1 * span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(losses: impl Iterator<Item = f64>) -> Done {
        let train_losses: Vec<f64> = losses.collect();
        Done { steps: 10 * train_losses.len() as u64, train_losses, ..Done::default() }
    }

    #[test]
    fn the_shape_of_a_curve_tells() {
        let epochs = || (0..100).map(f64::from);
        let of = |d: &Done| Verdict::of(d, d.train_losses[0], 0.01);
        assert_eq!(of(&done(epochs().map(|e| 0.01 + (-e / 10.0).exp()))), Verdict::Good);
        assert_eq!(of(&done(epochs().map(|e| 1.0 - e / 10_000.0))), Verdict::NotMoved);
        assert_eq!(of(&done(epochs().map(|e| 1.0 - e / 150.0))), Verdict::StillFalling);
        assert!(matches!(of(&done(epochs().map(|e| 0.5 + 0.5 * (-e).exp()))), Verdict::Stalled { step: 60 }));
        assert_eq!(of(&done(epochs().map(|e| 0.5 + 0.3 * if e % 2.0 == 0.0 { 1.0 } else { -1.0 }))), Verdict::Unstable);
        assert_eq!(of(&done(epochs().map(|e| 1.0 + e))), Verdict::Unstable);
        // Where there are validation rows, what they say counts too.
        let mut fitted = done(epochs().map(|e| 0.01 + (-e / 10.0).exp()));
        fitted.validation_losses = epochs().map(|e| 0.5 + (e - 19.0).abs() / 100.0).collect();
        assert_eq!(of(&fitted), Verdict::Overfits { epoch: 20 });
        fitted.reason = "early_stop";
        assert_eq!(of(&fitted), Verdict::Good);
        let blown = Done { diverged_at: Some(7), ..Done::default() };
        assert_eq!(Verdict::of(&blown, 1.0, 0.0), Verdict::Diverged { step: 7 });
        // From far above to where others began is no success.
        let fallen = done(epochs().map(|e| 1.0 + 20.0 * (-e).exp()));
        assert!(matches!(Verdict::of(&fallen, 1.0, 0.01), Verdict::Stalled { .. }));
    }
}
