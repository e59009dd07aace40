//! One sentence about a run that did badly, in numbers: it came to nothing, it was still falling, or it came to fit its
//! training rows alone. None about a run that did well.

use crate::text::digits;
use crate::train::model::History;

/// Fewer epochs have no course that could be judged.
const LEAST_EPOCHS: u64 = 10;
/// A last tenth that takes off more than this share of all that was taken off is still falling …
const FALLING: f64 = 0.05;
/// … where what is left is more than this share of the loss it began with.
const LEFT: f64 = 0.1;
/// A validation loss that ends so much above its least one tells of fitting the training rows alone.
const RISEN: f64 = 1.15;

/// A run that is over.
pub(super) struct Course<'a> {
    /// Its losses.
    pub(super) history: &'a History,
    /// What it ended with over its training rows.
    pub(super) loss: f64,
    /// The loss of the best constant output, where the end is hardly better.
    pub(super) nothing: Option<f64>,
    /// Whether the weights of the best epoch are back.
    pub(super) restored: bool,
}

impl Course<'_> {
    /// What is to be said.
    pub(super) fn sentence(&self) -> Option<String> {
        self.came_to_nothing().or_else(|| self.fits_training_alone()).or_else(|| self.still_falls())
    }

    fn came_to_nothing(&self) -> Option<String> {
        let base = self.nothing?;
        let (loss, base) = (digits(self.loss, 4), digits(base, 4));
        Some(format!("the training loss ends at {loss}; the best constant output has {base}"))
    }

    fn fits_training_alone(&self) -> Option<String> {
        let history = self.history;
        if self.restored || history.epoch(history.validation_loss.len().checked_sub(1)?) < LEAST_EPOCHS {
            return None;
        }
        let losses = || history.points(&history.validation_loss).filter(|(_, loss)| loss.is_finite());
        let (epoch, least) = losses().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let (_, first) = losses().next()?;
        let (end, trained) = (self.mean(&history.validation_loss, 0.9, 1.0)?, history.train_loss.last()?);
        let then = history.train_loss[history.place(epoch)?];
        let risen = end > RISEN * least && end - least > 0.05 * (first - least) && *trained < then;
        risen.then(|| {
            format!(
                "the validation loss was least after epoch {epoch}, {}, and ends near {}, while the training loss fell from {} to {}: \
                 `stop = early(patience=…)` keeps the best weights",
                digits(least, 4),
                digits(end, 4),
                digits(then, 4),
                digits(*trained, 4)
            )
        })
    }

    fn still_falls(&self) -> Option<String> {
        let history = self.history;
        let validated = !history.validation_loss.is_empty();
        let (name, losses) =
            if validated { ("validation", &history.validation_loss) } else { ("training", &history.train_loss) };
        let epochs = history.epoch(losses.len().checked_sub(1)?);
        if self.restored || epochs < LEAST_EPOCHS {
            return None;
        }
        let (first, before, last) = (*losses.first()?, self.mean(losses, 0.8, 0.9)?, self.mean(losses, 0.9, 1.0)?);
        let falls = before - last > FALLING * (first - last) && last > LEFT * first && last < before;
        falls.then(|| {
            format!(
                "the {name} loss was still falling at the end, from {} to {} over the last tenth of the epochs: more epochs, or a larger learning rate, would bring it further down",
                digits(before, 4),
                digits(last, 4)
            )
        })
    }

    /// The mean loss of the epochs between two shares of all.
    fn mean(&self, losses: &[f64], from: f64, to: f64) -> Option<f64> {
        let all = self.history.epoch(losses.len().checked_sub(1)?) as f64;
        let inside = |epoch: u64| epoch as f64 > from * all && epoch as f64 <= to * all;
        let (count, sum) = self
            .history
            .points(losses)
            .filter(|(epoch, loss)| inside(*epoch) && loss.is_finite())
            .fold((0.0, 0.0), |(count, sum), (_, loss)| (count + 1.0, sum + loss));
        (count > 0.0).then(|| sum / count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(
        train: impl Fn(f64) -> f64,
        validation: Option<&dyn Fn(f64) -> f64>,
        nothing: Option<f64>,
    ) -> Option<String> {
        let epochs = || (0..100).map(f64::from);
        let history = History {
            epochs: Vec::new(),
            train_loss: epochs().map(&train).collect(),
            validation_loss: validation.map_or(Vec::new(), |v| epochs().map(v).collect()),
            fingerprints: Vec::new(),
        };
        let loss = train(99.0);
        Course { history: &history, loss, nothing, restored: false }.sentence()
    }

    #[test]
    fn a_run_that_did_well_is_not_talked_about() {
        assert_eq!(told(|e| 0.02 + (-e / 10.0).exp(), None, None), None);
        assert_eq!(told(|e| 0.02 + (-e / 10.0).exp(), Some(&|e| 0.1 + (-e / 10.0).exp()), None), None);
        // A validation loss that ends a little above its least one.
        assert_eq!(told(|e| 0.02 + (-e / 10.0).exp(), Some(&|e| 0.3 + (-e / 10.0).exp() + e * 1e-5), None), None);
    }

    #[test]
    fn each_bad_course_has_its_sentence() {
        let nothing = told(|_| 0.69, None, Some(0.7)).expect("a sentence");
        assert_eq!(nothing, "the training loss ends at 0.69; the best constant output has 0.7");
        let falling = told(|e| 1.0 - e / 200.0, None, None).expect("a sentence");
        assert!(falling.contains("still falling") && falling.contains("from 0.5775 to 0.5275"), "{falling}");
        let fitted = told(|e| (-e / 10.0).exp(), Some(&|e| 0.5 + (e - 20.0).abs() / 100.0), None).expect("a sentence");
        assert!(fitted.contains("least after epoch 21, 0.5,") && fitted.contains("early("), "{fitted}");
        assert!(fitted.contains("ends near 1.245"), "{fitted}");
    }
}
