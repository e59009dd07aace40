//! What a loss states of itself in terms of targets and outputs: [`Outputs`] and [`Center`], and what follows for
//! every loss alike, whichever it is.

use super::{Loss, Objective, TargetRows};
use crate::catalog::activations::{ActivationKind, LINEAR, SIGMOID, SOFTMAX, SOFTPLUS};

/// What outputs a loss compares with its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    /// Any numbers.
    Any,
    /// Numbers above 0: it takes their logarithm.
    Positive,
    /// A probability for each output on its own: it takes its logarithm.
    Probabilities,
    /// Probabilities that sum to 1: it takes their logarithm.
    Distribution,
}

impl Outputs {
    /// The ends of what it takes.
    pub const fn bounds(self) -> (f64, f64) {
        match self {
            Self::Any => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Positive => (0.0, f64::INFINITY),
            Self::Probabilities | Self::Distribution => (0.0, 1.0),
        }
    }

    /// Whether they are probabilities.
    pub const fn are_probabilities(self) -> bool {
        matches!(self, Self::Probabilities | Self::Distribution)
    }

    /// The activation that gives such outputs.
    pub fn activation(self) -> &'static ActivationKind {
        match self {
            Self::Any => &LINEAR,
            Self::Positive => &SOFTPLUS,
            Self::Probabilities => &SIGMOID,
            Self::Distribution => &SOFTMAX,
        }
    }
}

/// Which constant output has the least mean loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Center {
    /// The mean of the targets.
    Mean,
    /// The target below which is this share of them: one of the targets themselves.
    Quantile(f64),
    /// The one place between the targets where a convex mean loss is least.
    Between,
}

impl dyn Loss + '_ {
    /// The mean loss of outputs, width × rows, over rows of targets.
    pub fn mean_of(&self, outputs: &[f64], targets: &TargetRows) -> f64 {
        let mut losses = vec![0.0; targets.weights.len()];
        Objective::<f64>::value(self, &mut losses, outputs, &targets.values, targets.width);
        let mut losses = losses.into_iter();
        targets.mean(|_| losses.next().unwrap_or(f64::NAN))
    }

    /// The mean loss of outputs of which each row is made from its targets.
    pub fn mean_from(&self, targets: &TargetRows, outputs: impl Fn(&[f64], &mut Vec<f64>)) -> f64 {
        let mut all = Vec::with_capacity(targets.values.len());
        for (t, _) in targets.rows() {
            outputs(t, &mut all);
        }
        self.mean_of(&all, targets)
    }

    /// The mean loss of the best constant output.
    pub fn constant(&self, targets: &TargetRows) -> f64 {
        let best = self.best_constant(targets);
        self.mean_from(targets, |_, all| all.extend_from_slice(&best))
    }

    /// The least mean loss where every output lies within `low..=high`, free of the others.
    pub fn least_within(&self, targets: &TargetRows, low: f64, high: f64) -> f64 {
        self.mean_from(targets, |t, all| all.extend(t.iter().map(|&t| self.nearest(t, low, high))))
    }

    /// The least mean loss where every row of outputs is a distribution, where that is known.
    pub fn least_of_distributions(&self, targets: &TargetRows) -> Option<f64> {
        let mut all = Vec::with_capacity(targets.values.len());
        for (t, _) in targets.rows() {
            all.extend(self.nearest_distribution(t)?);
        }
        Some(self.mean_of(&all, targets))
    }

    /// The least mean loss where every logit lies within `low..=high`, where that is known.
    pub fn least_within_logits(&self, targets: &TargetRows, low: f64, high: f64) -> Option<f64> {
        let least: Vec<f64> = targets.rows().map(|(t, _)| self.least_of_logits(t, low, high)).collect::<Option<_>>()?;
        // The same for every row: no mean can add to it.
        if least.iter().all(|l| *l == least[0]) {
            return least.first().copied();
        }
        let mut least = least.into_iter();
        Some(targets.mean(|_| least.next().unwrap_or(f64::NAN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::bind::Chosen;
    use crate::catalog::losses::find;

    fn loss(name: &str) -> Box<dyn Loss> {
        let kind = find(name).expect("in the catalog");
        (kind.configure)(&Chosen::default(&kind.signature).arguments)
    }

    fn rows(width: usize, values: &[f64]) -> TargetRows {
        TargetRows { width, values: values.to_vec(), weights: vec![1.0; values.len() / width] }
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn the_floor_of_squares_beyond_a_sigmoid_is_the_one_published() {
        // y = x² + 3 on 201 points from −10 to 10: 2178.80, against a variance of 906.7.
        let y: Vec<f64> = (0..=200).map(|i| f64::from(i) * 0.1 - 10.0).map(|x| x * x + 3.0).collect();
        let all = rows(1, &y);
        assert!((loss("mse").least_within(&all, 0.0, 1.0) - 2178.80).abs() < 0.01);
        assert!((loss("mse").constant(&all) - 906.7).abs() < 0.1);
        near(loss("mse").least_within(&rows(1, &[-3.0, 0.25, 5.0]), 0.0, 1.0), (9.0 + 0.0 + 16.0) / 3.0);
    }

    #[test]
    fn shared_mass_costs_k_ln_k() {
        let all = rows(4, &[1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
        let expected = (2.0 * 2f64.ln() + 3.0 * 3f64.ln()) / 4.0 / 2.0;
        near(loss("binary_cross_entropy").least_of_distributions(&all).expect("labels"), expected);
        // Squares: k outputs of 1/k each miss 1 − 1/k.
        let squares = (2.0 * 0.25 + 3.0 * (4.0 / 9.0)) / 4.0 / 2.0;
        near(loss("mse").least_of_distributions(&all).expect("squares"), squares);
    }

    #[test]
    fn each_loss_states_what_is_true_of_it() {
        const LN_2: f64 = std::f64::consts::LN_2;
        let (e, kl, bce) = ("cross_entropy", "kl_divergence", "binary_cross_entropy");
        // Two labels a row cost 2·ln 2 at least; one, or less than one, costs nothing.
        for name in [e, kl] {
            let least = [0.0, 0.5, 1.0, 2.0, 4.0].map(|labels| loss(name).least_of_labels(labels));
            assert_eq!(least, [0.0, 0.0, 0.0, 2.0 * LN_2, 4.0 * (2.0 * LN_2)].map(Some), "{name}");
        }
        let known = ["mse", e, bce, "mae", "huber", "log_cosh", "quantile", kl, "quartic", "surprise"];
        let state = |f: fn(&dyn Loss) -> bool| known.map(|name| f(loss(name).as_ref()));
        let (yes, no) = (true, false);
        assert_eq!(state(|l| l.least_of_labels(2.0).is_some()), [no, yes, no, no, no, no, no, yes, no, no]);
        assert_eq!(state(|l| l.is_surprise()), [no, yes, yes, no, no, no, no, yes, no, no]);
        assert_eq!(state(|l| l.second_derivative().is_some()), [yes, no, no, no, no, no, no, no, no, no]);
        assert_eq!(
            state(|l| l.nearest_distribution(&[1.0, 0.0]).is_some()),
            [yes, no, yes, no, no, no, no, no, no, no]
        );
        assert_eq!(
            state(|l| l.least_of_logits(&[1.0, 0.0], -1.0, 1.0).is_some()),
            [no, yes, yes, no, no, no, no, yes, no, no]
        );
        // Even chances: ln of the number of classes, ln 2 for labels.
        let uninformed = known.map(|name| loss(name).uninformed(4));
        let [all, label, bits] = [2.0 * LN_2, LN_2, 2.0].map(Some);
        assert_eq!(uninformed, [None, all, label, None, None, None, None, all, None, bits]);
        let slopes = known.map(|name| loss(name).fused_slope(3));
        assert_eq!(slopes, ["", "a - t", "(a - t) / outputs", "", "", "", "", "a - t", "", ""]);
        assert_eq!(loss(bce).fused_slope(1), "a - t");
        assert_eq!(known.map(|name| loss(name).name().to_owned()), known);
        let (soft, sigmoid) = (Some("softmax"), Some("sigmoid"));
        let fused = known.map(|name| loss(name).fuses(3));
        assert_eq!(fused, [None, soft, sigmoid, None, None, None, None, soft, None, None]);
        assert_eq!(loss("mse").second_derivative(), Some(2.0));
    }

    #[test]
    fn a_loss_that_is_not_computed_from_logits_takes_outputs_for_them() {
        let (a, t, weights) = ([0.5, 2.0, -1.0, 0.25], [0.0, 1.0, 1.0, -0.5], [1.0, 0.5]);
        for name in ["mse", "mae", "quartic"] {
            let loss = loss(name);
            let (mut plain, mut fused) = ([0.0; 2], [9.0; 2]);
            Objective::<f64>::value(loss.as_ref(), &mut plain, &a, &t, 2);
            Objective::<f64>::fused_value(loss.as_ref(), &mut fused, &mut a.clone(), &t, 2);
            assert_eq!(plain, fused, "{name}");
            let (mut plain, mut fused) = ([0.0; 4], [9.0; 4]);
            Objective::<f64>::gradient(loss.as_ref(), &mut plain, &a, &t, &weights, 2);
            Objective::<f64>::fused_gradient(loss.as_ref(), &mut fused, &a, &t, &weights, 2);
            assert_eq!(plain, fused, "{name}");
        }
    }

    #[test]
    fn bounded_logits_leave_a_loss_that_the_formulas_give() {
        let (low, high) = (-1.0f64, 2.0f64);
        let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
        for name in ["cross_entropy", "kl_divergence"] {
            let loss = loss(name);
            // The true class leads the two others by 3 at most.
            let least = loss.least_of_logits(&[0.0, 1.0, 0.0], low, high).expect("a class");
            near(least, (3f64.exp() + 2.0).ln() - 3.0);
            for targets in [[0.5, 0.5, 0.0], [1.0, 1.0, 0.0], [1.0, 0.5, 0.0], [0.0; 3]] {
                assert_eq!(loss.least_of_logits(&targets, low, high), None, "{name} {targets:?}");
            }
        }
        let least = |targets: &[f64]| loss("binary_cross_entropy").least_of_logits(targets, low, high);
        near(least(&[1.0]).expect("a label"), -sigmoid(high).ln());
        near(least(&[0.0]).expect("a label"), -(1.0 - sigmoid(low)).ln());
        // Within reach a probability costs its entropy.
        let entropy = -(0.5f64.ln());
        near(least(&[1.0, 0.5]).expect("labels"), (entropy - sigmoid(high).ln()) / 2.0);
        near(least(&[0.75]).expect("a label"), -0.75 * 0.75f64.ln() - 0.25 * 0.25f64.ln());
    }

    #[test]
    fn labels_cost_what_the_formulas_say_from_outputs_and_from_logits() {
        let (z, t, weights) = ([-2.0f64, 0.5, 1.5, 3.0], [0.0, 0.25, 1.0, 0.75], [2.0, 0.5]);
        let a = z.map(|z| 1.0 / (1.0 + (-z).exp()));
        let (loss, mut outputs) = (loss("binary_cross_entropy"), z);
        let (mut plain, mut fused, mut by_output, mut by_logit) = ([0.0; 2], [0.0; 2], [0.0; 4], [0.0; 4]);
        Objective::<f64>::value(loss.as_ref(), &mut plain, &a, &t, 2);
        Objective::<f64>::fused_value(loss.as_ref(), &mut fused, &mut outputs, &t, 2);
        Objective::<f64>::gradient(loss.as_ref(), &mut by_output, &a, &t, &weights, 2);
        Objective::<f64>::fused_gradient(loss.as_ref(), &mut by_logit, &a, &t, &weights, 2);
        let term = |i: usize| -t[i] * a[i].ln() - (1.0 - t[i]) * (1.0 - a[i]).ln();
        for (row, (plain, fused)) in plain.into_iter().zip(fused).enumerate() {
            let known = f64::midpoint(term(2 * row), term(2 * row + 1));
            near(plain, known);
            near(fused, known);
        }
        for (i, a) in a.into_iter().enumerate() {
            let slope = weights[i / 2] * (a - t[i]) / 2.0;
            near(outputs[i], a);
            near(by_logit[i], slope);
            near(by_output[i], slope / (a * (1.0 - a)));
        }
    }

    #[test]
    fn a_divergence_is_the_cross_entropy_less_the_entropy_from_outputs_and_from_logits() {
        let (t, a) = ([0.25, 0.75, 1.0, 0.0], [0.5, 0.5, 0.8, 0.2]);
        let known = [0.25 * f64::ln(0.5) + 0.75 * f64::ln(1.5), -f64::ln(0.8)];
        let (kl, mut plain, mut fused) = (loss("kl_divergence"), [0.0; 2], [0.0; 2]);
        Objective::<f64>::value(kl.as_ref(), &mut plain, &a, &t, 2);
        Objective::<f64>::fused_value(kl.as_ref(), &mut fused, &mut a.map(f64::ln), &t, 2);
        for (row, known) in known.into_iter().enumerate() {
            near(plain[row], known);
            near(fused[row], known);
        }
    }

    #[test]
    fn constants_are_the_mean_the_median_and_between() {
        let all = rows(1, &[0.0, 0.0, 9.0]);
        near(loss("mse").constant(&all), 18.0);
        near(loss("mae").constant(&all), 3.0);
        near(loss("huber").constant(&all), (2.0 * 0.125 + 8.0) / 3.0);
        near(loss("binary_cross_entropy").constant(&rows(1, &[0.0, 1.0])), 2f64.ln());
        near(loss("cross_entropy").constant(&rows(2, &[1.0, 0.0, 0.0, 1.0])), 2f64.ln());
    }

    #[test]
    fn losses_of_differences_are_those_of_the_formulas() {
        let value = |name: &str, d: f64| match name {
            "mse" => d * d,
            "mae" => d.abs(),
            "huber" => {
                if d.abs() <= 1.0 {
                    0.5 * d * d
                } else {
                    d.abs() - 0.5
                }
            }
            "log_cosh" => d.abs() + (-2.0 * d.abs()).exp().ln_1p() - std::f64::consts::LN_2,
            _ => 0.5 * d.abs(),
        };
        let slope = |name: &str, d: f64| match name {
            "mse" => 2.0 * d,
            "mae" => {
                if d == 0.0 {
                    0.0
                } else {
                    d.signum()
                }
            }
            "huber" => d.clamp(-1.0, 1.0),
            "log_cosh" => d.tanh(),
            _ => {
                if d == 0.0 {
                    0.0
                } else {
                    0.5 * d.signum()
                }
            }
        };
        let (a, t) = ([1.5, -0.25, 3.0, 0.5, -2.0, 40.0], [0.5, 0.25, 0.5, 0.5, 1.5, -1.0]);
        let d: Vec<f64> = a.iter().zip(t).map(|(a, t)| a - t).collect();
        for name in ["mse", "mae", "huber", "log_cosh", "quantile"] {
            for width in [1, 2, 3] {
                let rows = a.len() / width;
                let weights: Vec<f64> = (0..rows).map(|row| 1.0 + row as f64).collect();
                let (mut losses, mut gradient) = (vec![0.0; rows], vec![0.0; a.len()]);
                let loss = loss(name);
                loss.value(&mut losses, &a, &t, width);
                loss.gradient(&mut gradient, &a, &t, &weights, width);
                for (row, &found) in losses.iter().enumerate() {
                    let sum: f64 = d[row * width..][..width].iter().map(|&d| value(name, d)).sum();
                    near(found, sum / width as f64);
                }
                for (at, &found) in gradient.iter().enumerate() {
                    near(found, slope(name, d[at]) * weights[at / width] / width as f64);
                }
            }
        }
    }
}
