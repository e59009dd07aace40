//! The least loss that outputs of a given range allow (F6 to F9), and the loss that the best constant gives.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use super::super::answers::Answers;
use crate::ir::Training;

/// A loss as a function of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::check::rules) enum Measure {
    /// Σ (a − t)² / width
    Squared,
    /// Σ |a − t| / width
    Absolute,
    /// Σ huber(a − t) / width
    Huber(f64),
    /// −Σ t ln a + (1 − t) ln(1 − a), a mean over outputs
    Labels,
    /// −Σ t′ ln a, the targets smoothed by this share
    Distribution(f64),
}

impl Measure {
    /// The program's loss.
    pub(in crate::check::rules) fn of(training: &Training) -> Option<Self> {
        let arguments = &training.loss_choice.arguments;
        Some(match training.loss.name() {
            "mse" => Self::Squared,
            "mae" => Self::Absolute,
            "huber" => Self::Huber(arguments.value("delta")),
            "binary_cross_entropy" => Self::Labels,
            "cross_entropy" => Self::Distribution(arguments.value("label_smoothing")),
            _ => return None,
        })
    }

    /// The loss of one row.
    pub(super) fn row(self, a: &[f64], t: &[f64]) -> f64 {
        let pairs = a.iter().zip(t);
        let width = t.len() as f64;
        match self {
            Self::Squared => pairs.map(|(a, t)| (a - t) * (a - t)).sum::<f64>() / width,
            Self::Absolute => pairs.map(|(a, t)| (a - t).abs()).sum::<f64>() / width,
            Self::Huber(delta) => pairs.map(|(a, t)| huber(a - t, delta)).sum::<f64>() / width,
            Self::Labels => pairs.map(|(&a, &t)| part(t, a) + part(1.0 - t, 1.0 - a)).sum::<f64>() / width,
            Self::Distribution(s) => pairs.map(|(&a, &t)| part((1.0 - s) * t + s / width, a)).sum(),
        }
    }

    /// The least mean loss where every output lies within `low..=high`, free of the others.
    pub(in crate::check::rules) fn within(self, answers: &Answers, low: f64, high: f64) -> f64 {
        let mut nearest = vec![0.0; answers.width];
        answers.mean(|t| {
            for (a, &t) in nearest.iter_mut().zip(t) {
                *a = t.clamp(low, high);
            }
            self.row(&nearest, t)
        })
    }

    /// The least mean loss where every row of outputs is a distribution.
    pub(super) fn over_distributions(self, answers: &Answers) -> Option<f64> {
        match self {
            Self::Squared => Some(answers.mean(|t| self.row(&nearest_distribution(t), t))),
            Self::Labels if answers.values.iter().all(|&v| v == 0.0 || v == 1.0) => {
                Some(answers.mean(|t| self.row(&shared(t), t)))
            }
            _ => None,
        }
    }

    /// The mean loss of the best constant.
    pub(in crate::check::rules) fn constant(self, answers: &Answers) -> f64 {
        let best: Vec<f64> = (0..answers.width).map(|unit| self.best(answers, unit)).collect();
        answers.mean(|t| self.row(&best, t))
    }

    fn best(self, answers: &Answers, unit: usize) -> f64 {
        match self {
            Self::Squared | Self::Labels => answers.mean(|t| t[unit]),
            Self::Distribution(s) => (1.0 - s) * answers.mean(|t| t[unit]) + s / answers.width as f64,
            Self::Absolute => median(answers, unit),
            Self::Huber(delta) => {
                // The mean loss is convex in the constant: thirds that cannot hold the least one are cut off.
                let (mut low, mut high) = answers.bounds();
                for _ in 0..60 {
                    let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                    let loss = |c: f64| answers.mean(|t| huber(c - t[unit], delta));
                    if loss(a) < loss(b) { high = b } else { low = a }
                }
                f64::midpoint(low, high)
            }
        }
    }
}

/// −t ln a, where t = 0 silences the logarithm.
fn part(t: f64, a: f64) -> f64 {
    if t == 0.0 { 0.0 } else { -t * a.ln() }
}

fn huber(d: f64, delta: f64) -> f64 {
    if d.abs() <= delta { d * d / 2.0 } else { delta * (d.abs() - delta / 2.0) }
}

fn median(answers: &Answers, unit: usize) -> f64 {
    let mut pairs: Vec<(f64, f64)> = answers.rows().map(|(t, weight)| (t[unit], weight)).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = pairs.iter().map(|p| p.1).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    let at = pairs.iter().find(|(_, weight)| {
        sum += weight;
        sum >= half
    });
    at.map_or(0.0, |p| p.0)
}

/// The distribution nearest to `t` (Held, Wolfe and Crowder 1974): max(t − θ, 0) with θ such that it sums to 1.
fn nearest_distribution(t: &[f64]) -> Vec<f64> {
    let mut sorted = t.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut theta) = (0.0, 0.0);
    for (count, value) in sorted.iter().enumerate() {
        sum += value;
        let candidate = (sum - 1.0) / (count + 1) as f64;
        if value - candidate > 0.0 {
            theta = candidate;
        }
    }
    t.iter().map(|v| (v - theta).max(0.0)).collect()
}

/// The distribution of least label loss: shared by the labels that hold, or by all where none does. The terms are
/// convex and alike, so equal shares are best.
fn shared(t: &[f64]) -> Vec<f64> {
    let labels = t.iter().sum::<f64>();
    if labels == 0.0 { vec![1.0 / t.len() as f64; t.len()] } else { t.iter().map(|v| v / labels).collect() }
}

/// F8: the least cross-entropy where the logits of `classes` classes differ by `spread` at most: with t for the true class
/// and o for each other, that of a lead of ln t/o of the true class's logit, or of as much of it as there is.
pub(super) fn confined(classes: usize, spread: f64, smoothing: f64) -> f64 {
    let others = (classes - 1) as f64;
    let other = smoothing / classes as f64;
    let lead = spread.min(((1.0 - smoothing + other) / other).ln());
    // ln(e^lead + others) − t·lead, the targets' sum being 1.
    let missed = others * other;
    (others * (-lead).exp()).ln_1p() + if missed > 0.0 { missed * lead } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(width: usize, values: &[f64]) -> Answers {
        Answers { width, values: values.to_vec(), weights: vec![1.0; values.len() / width] }
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn the_floor_of_squares_beyond_a_sigmoid_is_the_one_published() {
        // y = x² + 3 on 201 points from −10 to 10: 2178.80, against a variance of 906.7.
        let y: Vec<f64> = (0..=200).map(|i| f64::from(i) * 0.1 - 10.0).map(|x| x * x + 3.0).collect();
        let all = answers(1, &y);
        assert!((Measure::Squared.within(&all, 0.0, 1.0) - 2178.80).abs() < 0.01);
        assert!((Measure::Squared.constant(&all) - 906.7).abs() < 0.1);
    }

    #[test]
    fn confined_logits_have_the_closed_form_floor() {
        let e = std::f64::consts::E;
        for (classes, floor) in [(2, 0.313_261_687_518), (3, (1.0 + 2.0 / e).ln()), (10, (1.0 + 9.0 / e).ln())] {
            near(confined(classes, 1.0, 0.0), floor);
        }
        near(confined(4, f64::INFINITY, 0.0), 0.0);
        // Smoothed by 0.1 over 3 classes: 1/30 for each other one. Free logits come to the targets' entropy.
        near(confined(3, 1.0, 0.1), (e + 2.0).ln() - 28.0 / 30.0);
        let entropy = -(28.0 / 30.0) * (28.0f64 / 30.0).ln() - (2.0 / 30.0) * (1.0f64 / 30.0).ln();
        near(confined(3, f64::INFINITY, 0.1), entropy);
        near(confined(3, 9.0, 0.1), entropy);
    }

    #[test]
    fn shared_mass_costs_k_ln_k() {
        let all = answers(4, &[1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
        let expected = (2.0 * 2f64.ln() + 3.0 * 3f64.ln()) / 4.0 / 2.0;
        near(Measure::Labels.over_distributions(&all).expect("labels"), expected);
        // Squares: k outputs of 1/k each miss 1 − 1/k.
        let squares = (2.0 * 0.25 + 3.0 * (4.0 / 9.0)) / 4.0 / 2.0;
        near(Measure::Squared.over_distributions(&all).expect("squares"), squares);
    }

    #[test]
    fn the_nearest_distribution_is_one() {
        for t in [vec![0.2, 0.3], vec![3.0, 103.0, -5.0], vec![0.0; 5], vec![-2.0, -1.0]] {
            let p = nearest_distribution(&t);
            near(p.iter().sum(), 1.0);
            assert!(p.iter().all(|&v| v >= 0.0));
        }
    }

    #[test]
    fn constants_are_the_mean_the_median_and_between() {
        let all = answers(1, &[0.0, 0.0, 9.0]);
        near(Measure::Squared.constant(&all), 18.0);
        near(Measure::Absolute.constant(&all), 3.0);
        near(Measure::Huber(1.0).constant(&all), (2.0 * 0.125 + 8.0) / 3.0);
        near(Measure::Labels.constant(&answers(1, &[0.0, 1.0])), 2f64.ln());
        near(Measure::Distribution(0.0).constant(&answers(2, &[1.0, 0.0, 0.0, 1.0])), 2f64.ln());
    }
}
