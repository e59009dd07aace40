//! [`Traits`]: what an activation states of its curve, so that rules and explanations ask it and not its name.

use super::{Activation, Compute};
use crate::catalog::initializers::{GLOROT_UNIFORM, HE_UNIFORM, InitializerKind};

/// A unit is saturated where its slope is below this share of the largest.
pub const SATURATED: f64 = 0.07;

/// An activation's curve in the facts that matter to training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// What the weights before it start as where nothing is said.
    pub suits: &'static InitializerKind,
    /// The sums outside of which it is saturated, where it is flat towards both sides. An infinite end says that it is
    /// flat there because it is dead.
    pub saturates: Option<(f64, f64)>,
    /// Up to this sum its slope is 0 and its value the same.
    pub dies_below: Option<f64>,
    /// Sums at which it has two slopes.
    pub kinks: &'static [f64],
    /// Its largest slope (1 where units are coupled).
    pub max_slope: f64,
    /// The values that it comes near and never has.
    pub asymptotes: Option<(f64, f64)>,
}

impl Traits {
    /// A smooth curve with a slope of 1 at most.
    pub const PLAIN: Self = Self {
        suits: &GLOROT_UNIFORM,
        saturates: None,
        dies_below: None,
        kinks: &[],
        max_slope: 1.0,
        asymptotes: None,
    };
    /// A curve that cuts off, or damps, the sums on one side: He's factor of two makes up for them.
    pub const RECTIFIER: Self = Self { suits: &HE_UNIFORM, ..Self::PLAIN };
}

impl dyn Activation + '_ {
    /// f(z) of a single unit.
    pub fn at(&self, z: f64) -> f64 {
        let mut value = [z];
        let compute: &dyn Compute<f64> = self;
        compute.forward(&mut value, 1);
        value[0]
    }

    /// Whether a sum of 0 gives 0.
    pub fn is_zero_at_zero(&self) -> bool {
        self.at(0.0) == 0.0
    }

    /// Whether it is a straight line near 0, its curve there being the same on both sides.
    pub fn is_straight_at_zero(&self) -> bool {
        const NEAR: f64 = 1e-3;
        let (below, middle, above) = (self.at(-NEAR), self.at(0.0), self.at(NEAR));
        (above + below - 2.0 * middle).abs() <= 1e-6 * (above - below).abs()
    }

    /// The share of `values`, each f of some sum, at which it is saturated; `None` where it never is.
    pub fn saturated_share(&self, values: &[f64]) -> Option<f64> {
        let (low, high) = self.traits().saturates?;
        let (low, high) = (self.at(low), self.at(high));
        let beyond = values.iter().filter(|&&a| a < low || a > high).count();
        Some(beyond as f64 / values.len().max(1) as f64)
    }

    /// Whether every row of its values is a distribution.
    pub fn gives_distribution(&self) -> bool {
        self.range(crate::catalog::range::Values::ANY).simplex
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::activations::{ACTIVATIONS, Activation};
    use crate::catalog::bind::Chosen;

    /// Each pointwise activation with its default arguments.
    fn pointwise() -> impl Iterator<Item = Box<dyn Activation>> {
        let configured = ACTIVATIONS.iter().map(|k| (k.configure)(&Chosen::default(&k.signature).arguments));
        configured.filter(|a| !a.couples())
    }

    fn slope(activation: &dyn Activation, z: f64) -> f64 {
        let mut slope = [1.0];
        let compute: &dyn Compute<f64> = activation;
        compute.backward(&mut slope, &[z], &[activation.at(z)], 1);
        slope[0]
    }

    fn grid() -> impl Iterator<Item = f64> {
        // A little aside of round numbers, where kinks are: on both sides of 0.
        (-4000..=4000).map(|k| f64::from(k) * 5e-3 + 1e-9).chain([-1e-9])
    }

    #[test]
    fn the_stated_slope_is_the_largest_there_is() {
        for activation in pointwise() {
            let largest = grid().map(|z| slope(activation.as_ref(), z).abs()).fold(0.0, f64::max);
            let stated = activation.traits().max_slope;
            assert!((largest - stated).abs() < 1e-3, "{}: {largest}, stated {stated}", activation.name());
        }
    }

    #[test]
    fn saturation_begins_where_the_slope_falls_to_its_share() {
        for activation in pointwise() {
            let Some((low, high)) = activation.traits().saturates else { continue };
            assert!(low < high, "{}: {low} and {high}", activation.name());
            let max_slope = activation.traits().max_slope;
            for (end, step) in [(low, -1e-3), (high, 1e-3)].into_iter().filter(|(end, _)| end.is_finite()) {
                let (outside, inside) = (end + step, end - step);
                let share = |z| slope(activation.as_ref(), z).abs() / max_slope;
                assert!(share(outside) < 1.02 * SATURATED, "{} beyond {end}", activation.name());
                assert!(share(inside) > 0.98 * SATURATED, "{} before {end}", activation.name());
            }
        }
    }

    #[test]
    fn units_are_saturated_beyond_the_ends_and_not_at_them() {
        let named = |name: &str| pointwise().find(|a| a.name() == name).expect("in the catalog");
        let tanh = named("tanh");
        let (low, high) = tanh.traits().saturates.expect("it is flat on both sides");
        let sums = [low, high, low - 0.1, high + 0.1, low + 0.1, high - 0.1, 0.0, 2.0 * high];
        let values = sums.map(|z| tanh.at(z));
        assert_eq!(tanh.saturated_share(&values), Some(3.0 / 8.0));
        assert_eq!([&values[..2], &[]].map(|some| tanh.saturated_share(some)), [Some(0.0); 2]);
        assert_eq!(named("linear").saturated_share(&values), None);
    }

    #[test]
    fn kinks_and_dead_sides_are_where_they_are_stated() {
        for activation in pointwise() {
            let activation = activation.as_ref();
            let Traits { kinks, dies_below, .. } = activation.traits();
            let jumps = |z: f64| (slope(activation, z + 1e-7) - slope(activation, z - 1e-7)).abs() > 1e-3;
            let found: Vec<f64> = (-160..=160).map(|k| f64::from(k) / 16.0).filter(|&z| jumps(z)).collect();
            assert_eq!(found, kinks, "{}", activation.name());
            let dead = grid().filter(|&z| slope(activation, z) == 0.0 && z > -0.9 && z < 0.0).count();
            assert_eq!(dies_below.is_some_and(|z| z >= 0.0), dead > 170, "{}: {dead}", activation.name());
        }
    }

    #[test]
    fn asymptotes_are_the_ends_of_the_range() {
        for activation in pointwise() {
            let Some((low, high)) = activation.traits().asymptotes else { continue };
            let range = activation.range(crate::catalog::range::Values::ANY);
            assert_eq!((range.low, range.high), (low, high), "{}", activation.name());
            assert!(activation.at(3.0) < high && activation.at(-3.0) > low, "{}", activation.name());
        }
    }

    #[test]
    fn what_happens_at_zero_is_known() {
        let of = |is: fn(&dyn Activation) -> bool| -> Vec<&'static str> {
            pointwise().filter(|a| is(a.as_ref())).map(|a| a.name()).collect()
        };
        assert_eq!(of(|a| !a.is_zero_at_zero()), ["sigmoid", "softplus", "hard_sigmoid"]);
        assert_eq!(
            of(|a| a.is_straight_at_zero()),
            ["linear", "sigmoid", "tanh", "softsign", "hard_sigmoid", "hard_tanh", "sin"]
        );
    }

    /// The formulas of the reference, each with its default arguments.
    fn formula(name: &str, z: f64) -> f64 {
        let sigmoid = 1.0 / (1.0 + (-z).exp());
        let softplus = z.max(0.0) + (-z.abs()).exp().ln_1p();
        match name {
            "linear" => z,
            "relu" => z.max(0.0),
            "sigmoid" => sigmoid,
            "tanh" => z.tanh(),
            "prelu" => {
                if z < 0.0 {
                    0.25 * z
                } else {
                    z
                }
            }
            "leaky_relu" => {
                if z < 0.0 {
                    0.01 * z
                } else {
                    z
                }
            }
            "elu" => {
                if z < 0.0 {
                    z.exp_m1()
                } else {
                    z
                }
            }
            "selu" => 1.050_700_987_355_480_5 * if z < 0.0 { 1.673_263_242_354_377_2 * z.exp_m1() } else { z },
            "gelu" => z * 0.5 * libm::erfc(-z / 2f64.sqrt()),
            "silu" => z * sigmoid,
            "mish" => z * softplus.tanh(),
            "softplus" => softplus,
            "softsign" => z / (1.0 + z.abs()),
            "hard_sigmoid" => (z / 6.0 + 0.5).clamp(0.0, 1.0),
            "hard_tanh" => z.clamp(-1.0, 1.0),
            "relu6" => z.clamp(0.0, 6.0),
            "sin" => z.sin(),
            "step" => f64::from(z > 0.0),
            other => panic!("no formula of `{other}`"),
        }
    }

    #[test]
    fn values_are_those_of_the_formulas_in_both_precisions() {
        for activation in pointwise() {
            let far = [-1000.0, -50.0, -25.0, -20.5, 20.5, 25.0, 50.0, 1000.0];
            for z in grid().step_by(7).chain(far) {
                let expected = formula(activation.name(), z);
                let (mut double, mut single) = ([z], [z as f32]);
                Compute::<f64>::forward(activation.as_ref(), &mut double, 1);
                Compute::<f32>::forward(activation.as_ref(), &mut single, 1);
                let size = z.abs().max(1.0);
                assert!((double[0] - expected).abs() < 1e-13 * size, "{} of {z}: {double:?}", activation.name());
                let expected = formula(activation.name(), f64::from(z as f32));
                assert!(
                    (f64::from(single[0]) - expected).abs() < 1e-6 * size,
                    "{} of {z}: {single:?}",
                    activation.name()
                );
            }
        }
    }

    #[test]
    fn ranges_hold_every_value_and_little_more() {
        use crate::catalog::range::Values;
        let infinite = f64::INFINITY;
        let ends = [-infinite, -30.0, -4.0, -1.0, -0.25, 0.0, 0.25, 1.0, 4.0, 30.0, infinite];
        for activation in pointwise() {
            for (at, &low) in ends.iter().enumerate() {
                for &high in &ends[at..] {
                    if low == high && low.is_infinite() {
                        continue;
                    }
                    let range = activation.range(Values::within(low, high));
                    let (from, to) = (low.max(-400.0), high.min(400.0));
                    let values =
                        (0..=800).map(|k| formula(activation.name(), from + (to - from) * f64::from(k) / 800.0));
                    let (least, most) = values.fold((infinite, -infinite), |(a, b), v| (v.min(a), v.max(b)));
                    let text = format!("{} of {low}..={high}: {range:?}, and {least}..={most}", activation.name());
                    assert!(range.low <= least + 1e-12 && most <= range.high + 1e-12, "{text}");
                    // Those that rise, and whose slopes stay, have the ends of the range at the ends of their input.
                    let rises = !["gelu", "silu", "mish", "sin"].contains(&activation.name());
                    if rises && (activation.trained_slope().is_none() || low >= 0.0) {
                        let near = |a: f64, b: f64, open: bool| (a - b).abs() < 1e-2 || (open && a.is_infinite());
                        assert!(near(range.low, least, low.is_infinite()), "{text}");
                        assert!(near(range.high, most, high.is_infinite()), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn exported_operators_have_the_numbers_of_the_formulas() {
        let op = |name: &str| pointwise().find(|a| a.name() == name).map(|a| format!("{:?}", a.op()));
        let expected = [
            ("hard_tanh", "Clip { min: -1.0, max: 1.0 }"),
            ("hard_sigmoid", "HardSigmoid { alpha: 0.16666666666666666, beta: 0.5 }"),
            ("relu6", "Clip { min: 0.0, max: 6.0 }"),
            ("elu", "Elu { alpha: 1.0 }"),
            ("leaky_relu", "LeakyRelu { alpha: 0.01 }"),
        ];
        for (name, text) in expected {
            assert_eq!(op(name).as_deref(), Some(text));
        }
    }
}
