//! What lies over the plane of two inputs: how sure each class is, or how high a value.

use crate::picture::palette::{Ink, LEVELS};

/// What is known of each cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Scores of classes: the highest decides, and how high it is tells how sure that is.
    Classes {
        /// The classes' names.
        names: Vec<String>,
        /// Of each cell one score for each class, 0 to 1; cell by cell, by rows from the lowest y.
        scores: Vec<f64>,
    },
    /// A value.
    Levels {
        /// What it is.
        name: String,
        /// One for each cell, by rows from the lowest y.
        values: Vec<f64>,
    },
}

impl Default for Field {
    fn default() -> Self {
        Self::Classes { names: Vec::new(), scores: Vec::new() }
    }
}

impl Field {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Classes { names, scores } => scores.len().checked_div(names.len()).unwrap_or(0),
            Self::Levels { values, .. } => values.len(),
        }
    }

    /// From where to where values go: those of the cells and of points besides.
    pub(super) fn span(&self, besides: impl Iterator<Item = f64>) -> (f64, f64) {
        let own = if let Self::Levels { values, .. } = self { values.as_slice() } else { &[] };
        let finite = own.iter().copied().chain(besides).filter(|v| v.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low <= high { (low, high) } else { (0.0, 1.0) }
    }

    /// The ink of a cell, values between `low` and `high`; none where there is nothing to see.
    pub(super) fn ink(&self, cell: usize, (low, high): (f64, f64)) -> Option<Ink> {
        match self {
            Self::Classes { names, scores } => {
                let own = &scores[cell * names.len()..][..names.len()];
                let (class, score) = best(own)?;
                Some(tint(class, score))
            }
            Self::Levels { values, .. } => {
                let value = values[cell];
                value.is_finite().then(|| Ink::Level(band(share(value, low, high))))
            }
        }
    }

    /// Fields whose zeros part the areas: where a class is as sure as the best other one.
    pub(super) fn margins(&self) -> Vec<Vec<f64>> {
        let Self::Classes { names, scores } = self else { return Vec::new() };
        // Of probabilities the logarithms change evenly across a boundary, however sharp it is.
        let even = scores.iter().all(|s| *s >= 0.0);
        let height = |score: f64| if even { score.max(LEAST).ln() } else { score };
        let margin = |class: usize| {
            let of = |own: &[f64]| {
                let others = own.iter().enumerate().filter(|(k, _)| *k != class).map(|(_, s)| *s);
                height(own[class]) - height(others.fold(f64::NEG_INFINITY, f64::max))
            };
            scores.chunks_exact(names.len()).map(of).collect()
        };
        // What parts the first class from others parts them from it too.
        (1..names.len()).map(margin).collect()
    }
}

/// A probability that is rounded to 0 is taken as this.
const LEAST: f64 = 1e-12;

/// The best class and its score; none where a score is not a number.
fn best(scores: &[f64]) -> Option<(usize, f64)> {
    if scores.iter().any(|s| s.is_nan()) {
        return None;
    }
    scores.iter().copied().enumerate().reduce(|best, own| if own.1 > best.1 { own } else { best })
}

/// In six steps from pale, where nothing is sure, to half of the class' own colour, on which its points still stand
/// out.
fn tint(class: usize, score: f64) -> Ink {
    let sure = score.clamp(0.0, 1.0);
    let Ink::Series(own) = Ink::class(class) else { return Ink::Card };
    Ink::Region(own, 1 + 2 * (f64::from(LEVELS) * 0.21 * sure * sure).round() as u8)
}

/// The share of the way from `low` to `high`.
pub(super) fn share(value: f64, low: f64, high: f64) -> f64 {
    // Halves, for the difference of the two may be more than a number can be.
    let room = high / 2.0 - low / 2.0;
    if room > 0.0 { (value / 2.0 - low / 2.0) / room } else { 0.5 }
}

/// So many bands a level map has: their edges are its level lines.
const BANDS: f64 = 16.0;

/// The step of the ramp in the middle of a share's band.
pub(super) fn band(share: f64) -> u8 {
    let band = (share.clamp(0.0, 1.0) * BANDS).floor().min(BANDS - 1.0);
    Ink::step((band + 0.5) / BANDS)
}

/// The bands of a colour bar, from low to high: each one's share of the way where it begins, and its ink.
pub(super) fn bands() -> impl Iterator<Item = (f64, Ink)> {
    (0..BANDS as u8).map(|k| (f64::from(k) / BANDS, Ink::Level(Ink::step((f64::from(k) + 0.5) / BANDS))))
}

/// How wide a band is, as a share.
pub(super) const fn band_width() -> f64 {
    1.0 / BANDS
}
