//! [`History`]: losses by epoch as a model file keeps them, and the [`Recorder`] that takes them while a run goes on. A
//! long run is thinned in its middle, so that neither memory nor a model file grows with it; the log has every epoch.

use super::event::Epoch;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::VecDeque;

/// So many of the first epochs, and so many of the last, are all kept.
const ENDS: usize = 500;
/// At most so many of those between.
const MIDDLE: usize = 2000;

/// Losses by epoch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The epochs whose losses these are, from 1 and ascending; empty where they are all, from the first on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epochs: Vec<u64>,
    /// Of the training rows.
    #[serde(deserialize_with = "losses")]
    pub train_loss: Vec<f64>,
    /// Of the validation rows, where there are any.
    #[serde(deserialize_with = "losses")]
    pub validation_loss: Vec<f64>,
    /// The [`fingerprint`](super::fingerprint::fingerprint) of the weights after the epoch.
    #[serde(default, with = "super::fingerprint::text", skip_serializing_if = "Vec::is_empty")]
    pub fingerprints: Vec<u64>,
}

/// JSON has no number for a loss that is not finite.
fn losses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
    let losses = Vec::<Option<f64>>::deserialize(from)?;
    Ok(losses.into_iter().map(|loss| loss.unwrap_or(f64::NAN)).collect())
}

impl History {
    /// The epoch, from 1, whose losses stand at a place.
    pub fn epoch(&self, place: usize) -> u64 {
        self.epochs.get(place).copied().unwrap_or(place as u64 + 1)
    }

    /// How many epochs there were.
    pub fn last_epoch(&self) -> u64 {
        self.train_loss.len().checked_sub(1).map_or(0, |place| self.epoch(place))
    }

    /// Where an epoch's losses stand, if they were kept.
    pub fn place(&self, epoch: u64) -> Option<usize> {
        if self.epochs.is_empty() {
            let place = usize::try_from(epoch).ok()?.checked_sub(1)?;
            return Some(place).filter(|place| *place < self.train_loss.len());
        }
        self.epochs.binary_search(&epoch).ok()
    }

    /// Losses with their epochs.
    pub fn points<'h>(&'h self, losses: &'h [f64]) -> impl Iterator<Item = (u64, f64)> + 'h {
        losses.iter().enumerate().map(|(place, loss)| (self.epoch(place), *loss))
    }

    /// Whether it could be of a run: as many losses of each kind as there are epochs, and these in order.
    pub fn is_sound(&self) -> bool {
        let count = self.train_loss.len();
        let ascending = self.epochs.first().is_none_or(|first| *first > 0) && self.epochs.is_sorted_by(|a, b| a < b);
        (self.epochs.is_empty() || self.epochs.len() == count)
            && (self.validation_loss.is_empty() || self.validation_loss.len() == count)
            && (self.fingerprints.is_empty() || self.fingerprints.len() == count)
            && ascending
    }
}

/// One epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    epoch: u64,
    train: f64,
    validation: Option<f64>,
    fingerprint: u64,
}

impl Point {
    fn watched(&self) -> f64 {
        self.validation.unwrap_or(self.train)
    }
}

/// Takes losses while a run goes on, in bounded memory: the first and the last epochs, the best one, and between them
/// every second, fourth, eighth … as there are more.
#[derive(Clone, Debug)]
pub struct Recorder {
    first: Vec<Point>,
    middle: Vec<Point>,
    last: VecDeque<Point>,
    best: Option<Point>,
    /// Epochs of the middle are multiples of it.
    stride: u64,
    epochs: u64,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { first: Vec::new(), middle: Vec::new(), last: VecDeque::new(), best: None, stride: 1, epochs: 0 }
    }
}

impl Recorder {
    /// As if it had taken note of these epochs; there are no validation losses or one for each.
    pub fn of(train_loss: &[f64], validation_loss: &[f64], fingerprints: &[u64]) -> Self {
        let mut recorder = Self::default();
        for ((k, &train), &fingerprint) in train_loss.iter().enumerate().zip(fingerprints) {
            let validation = validation_loss.get(k).copied();
            recorder.add(Point { epoch: k as u64 + 1, train, validation, fingerprint });
        }
        recorder
    }

    /// Takes note of an epoch.
    pub fn push(&mut self, epoch: &Epoch) {
        let validation = epoch.validation.as_ref().map(|v| v.0);
        let (train, fingerprint) = (epoch.train_loss, epoch.fingerprint);
        self.add(Point { epoch: epoch.epoch, train, validation, fingerprint });
    }

    fn add(&mut self, point: Point) {
        self.epochs += 1;
        if self.best.is_none_or(|best| point.watched() < best.watched()) {
            self.best = Some(point);
        }
        if self.first.len() < ENDS {
            self.first.push(point);
            return;
        }
        self.last.push_back(point);
        if self.last.len() <= ENDS {
            return;
        }
        let left = self.last.pop_front().filter(|left| left.epoch.is_multiple_of(self.stride));
        self.middle.extend(left);
        if self.middle.len() > MIDDLE {
            self.stride *= 2;
            self.middle.retain(|point| point.epoch.is_multiple_of(self.stride));
        }
    }

    /// Epochs in all.
    pub fn epochs(&self) -> u64 {
        self.epochs
    }

    /// What is kept.
    pub fn history(&self) -> History {
        let mut kept: Vec<Point> = self.first.iter().chain(&self.middle).chain(&self.last).copied().collect();
        if let Some(best) = self.best
            && let Err(place) = kept.binary_search_by_key(&best.epoch, |point| point.epoch)
        {
            kept.insert(place, best);
        }
        let whole = kept.len() as u64 == self.epochs;
        History {
            epochs: if whole { Vec::new() } else { kept.iter().map(|point| point.epoch).collect() },
            train_loss: kept.iter().map(|point| point.train).collect(),
            validation_loss: kept.iter().filter_map(|point| point.validation).collect(),
            fingerprints: kept.iter().map(|point| point.fingerprint).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(epochs: u64, loss: impl Fn(u64) -> f64) -> Recorder {
        let mut recorder = Recorder::default();
        for epoch in 1..=epochs {
            let validation = epochs.is_multiple_of(2).then_some(0.5);
            recorder.add(Point { epoch, train: loss(epoch), validation, fingerprint: epoch });
        }
        recorder
    }

    #[test]
    fn a_short_history_is_whole() {
        for epochs in [0, 1, 2, 999, 1000, 1001, 3000] {
            let history = recorded(epochs, |epoch| 1.0 / epoch as f64).history();
            assert!(history.epochs.is_empty() && history.is_sound(), "{epochs}");
            assert_eq!(history.train_loss, (1..=epochs).map(|epoch| 1.0 / epoch as f64).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_long_one_keeps_its_ends_and_the_best_and_some_thousands_at_most() {
        const BEST: u64 = 123_457;
        // Its training loss is watched: an odd number of epochs has no validation here.
        for epochs in [3001, 10_001, 1_000_001] {
            let loss = |epoch: u64| if epoch == BEST { -1.0 } else { (epoch % 97) as f64 };
            let recorder = recorded(epochs, loss);
            let history = recorder.history();
            assert_eq!(recorder.epochs(), epochs);
            assert!(history.is_sound() && history.train_loss.len() <= MIDDLE + 2 * ENDS + 1, "{epochs}");
            for (epoch, kept) in history.points(&history.train_loss) {
                assert_eq!(kept, loss(epoch), "{epoch} of {epochs}");
            }
            let ends = (1..=ENDS as u64).chain(epochs - ENDS as u64 + 1..=epochs);
            assert!(ends.chain((BEST < epochs).then_some(BEST)).all(|epoch| history.place(epoch).is_some()));
            // No gap is more than some thousandth of all.
            let widest = history.epochs.windows(2).map(|pair| pair[1] - pair[0]).max();
            assert!(widest.is_some_and(|gap| gap <= epochs.div_ceil(MIDDLE as u64 / 2)), "{widest:?} of {epochs}");
        }
    }

    #[test]
    fn epochs_are_found_where_their_losses_stand() {
        let whole = History { train_loss: vec![0.5, 0.4], ..History::default() };
        assert_eq!([0, 1, 2, 3].map(|epoch| whole.place(epoch)), [None, Some(0), Some(1), None]);
        let thinned = History { epochs: vec![1, 4, 9], train_loss: vec![0.5, 0.4, 0.3], ..History::default() };
        assert_eq!([1, 3, 4, 9, 10].map(|epoch| thinned.place(epoch)), [Some(0), None, Some(1), Some(2), None]);
        assert_eq!([0, 2].map(|place| (whole.epoch(place.min(1)), thinned.epoch(place))), [(1, 1), (2, 9)]);
    }

    #[test]
    fn what_no_run_tells_is_not_sound() {
        let cases: &[(&[u64], usize, usize, bool)] = &[
            (&[], 2, 0, true),
            (&[], 2, 2, true),
            (&[], 2, 1, false),
            (&[1, 3], 2, 2, true),
            (&[1, 3], 3, 0, false),
            (&[0, 3], 2, 0, false),
            (&[3, 1], 2, 0, false),
            (&[3, 3], 2, 0, false),
        ];
        for (epochs, train, validation, sound) in cases {
            let [train_loss, validation_loss] = [*train, *validation].map(|count| vec![0.5; count]);
            let history = History { epochs: epochs.to_vec(), train_loss, validation_loss, fingerprints: Vec::new() };
            assert_eq!(history.is_sound(), *sound, "{history:?}");
        }
    }

    #[test]
    fn of_equal_losses_the_first_is_the_best() {
        // Beyond the first epochs, where all else is thinned: the best one is kept though it is no multiple of the
        // stride.
        let loss = |epoch: u64| if epoch == 777 || epoch == 4001 { -1.0 } else { 1.0 };
        let recorder = recorded(100_001, loss);
        assert_eq!(recorder.best.map(|best| best.epoch), Some(777));
        assert!(recorder.history().place(777).is_some());
    }

    #[test]
    fn losses_that_are_no_numbers_are_read_back() {
        let history = History { train_loss: vec![0.5], validation_loss: vec![f64::INFINITY], ..History::default() };
        let text = serde_json::to_string(&history).expect("JSON");
        let back: History = serde_json::from_str(&text).expect("a history");
        assert!(back.validation_loss[0].is_nan() && back.train_loss == [0.5] && back.is_sound());
    }
}
