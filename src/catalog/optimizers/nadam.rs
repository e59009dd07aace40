//! nadam: adam with Nesterov's look ahead, its momentum rising to β₁ over the steps.

use super::adam::{BETA1, BETA2, EPSILON, key as adam};
use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::Key;

    pub(crate) const MOMENTUM_DECAY: Key<f64> = Key::new("momentum_decay");
}

pub(super) static NADAM: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "nadam",
        family: Family::Optimizer,
        summary: "adam with Nesterov's look ahead",
        formula: "m, v̂ as adam's; μₜ = β₁(1 − ½·0.96^(t·momentum_decay)); w ← w − η·(μₜ₊₁m/(1 − μ₁…μₜ₊₁) + (1 − μₜ)g/(1 − μ₁…μₜ)) / (√v̂ + epsilon)",
        range: "",
        parameters: &[
            BETA1,
            BETA2,
            EPSILON,
            Parameter::named(
                key::MOMENTUM_DECAY,
                Kind::Number(Range::NON_NEGATIVE),
                DefaultValue::Number(0.004),
                "how fast the momentum comes from half of beta1 to the whole",
            ),
        ],
        example: "optimizer = nadam",
        source: "Dozat 2016",
        foreign: Foreign {
            names: &["nesterov_adam"],
            hints: &[(
                "decoupled_weight_decay",
                "write `l2 = …` in `train`, or `optimizer = adamw(weight_decay=0.01)`",
            )],
            ..super::adam::FOREIGN
        },
    },
    configure: |arguments| {
        let [beta1, beta2, epsilon] = [adam::BETA1, adam::BETA2, adam::EPSILON].map(|key| arguments.value(key));
        let momentum_decay = arguments.value(key::MOMENTUM_DECAY);
        Box::new(Nadam { beta1, beta2, epsilon, momentum_decay })
    },
};

#[derive(Debug)]
struct Nadam {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    momentum_decay: f64,
}

impl Nadam {
    /// q of μₜ = β₁(1 − qᵗ/2)
    fn ratio(&self) -> f64 {
        0.96f64.powf(self.momentum_decay)
    }

    /// μₜ
    fn momentum(&self, t: f64) -> f64 {
        self.beta1 * (1.0 - 0.5 * self.ratio().powf(t))
    }

    /// μ₁·…·μₜ without a sum over the steps: ln(1 − qⁱ/2) = −Σₖ qⁱᵏ/(k·2ᵏ), and over i = 1 … t the powers of qᵏ add up
    /// to qᵏ(1 − qᵗᵏ)/(1 − qᵏ).
    fn product(&self, t: f64) -> f64 {
        /// 1 minus less than this is 1.
        const NOTHING: f64 = -44.0;
        // The share that β₁ alone has; the other factors are at most 1.
        let share = t * self.beta1.ln();
        if share < NOTHING {
            return 0.0;
        }
        let log = self.momentum_decay * 0.96f64.ln();
        let (mut halves, mut sum) = (1.0, share);
        for k in 1..=60 {
            let k = f64::from(k);
            halves *= 0.5;
            let one = k * log;
            let powers = if one == 0.0 { t } else { one.exp() * (t * one).exp_m1() / one.exp_m1() };
            sum -= halves / k * powers;
        }
        sum.exp()
    }
}

impl Optimizer for Nadam {
    fn name(&self) -> &'static str {
        "nadam"
    }
    fn slots(&self) -> usize {
        2
    }
    fn slot_names(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }
    fn stability(&self) -> Option<f64> {
        None
    }
    fn is_bounded(&self) -> bool {
        true
    }
}

impl<R: Real> Update<R> for Nadam {
    fn update(&self, w: &mut [R], g: &[R], slots: [&mut [R]; MOST_SLOTS], step: Step) {
        let t = step.done as f64 + 1.0;
        let (now, next) = (self.momentum(t), self.momentum(t + 1.0));
        let product = self.product(t);
        let fresh = R::of(step.learning_rate * (1.0 - now) / (1.0 - product));
        let kept = R::of(step.learning_rate * next / (1.0 - product * next));
        let root = R::of(1.0 / (1.0 - self.beta2.powf(t)).sqrt());
        let (beta1, beta2, epsilon) = (R::of(self.beta1), R::of(self.beta2), R::of(self.epsilon));
        let (rest1, rest2) = (R::of(1.0 - self.beta1), R::of(1.0 - self.beta2));
        update(
            w,
            slots,
            g,
            #[inline(always)]
            |w, [m, v], g| {
                let m = beta1 * m + rest1 * g;
                let v = beta2 * v + rest2 * (g * g);
                (w - (fresh * g + kept * m) / (v.sqrt() * root + epsilon), [m, v])
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product over the steps, factor by factor.
    #[test]
    fn the_product_of_the_momenta_is_what_its_factors_come_to() {
        for (beta1, momentum_decay) in
            [(0.9, 0.004), (0.999, 0.004), (0.5, 2.0), (0.9, 0.0), (0.99, 300.0), (0.0, 0.004)]
        {
            let nadam = Nadam { beta1, beta2: 0.999, epsilon: 1e-8, momentum_decay };
            let mut product = 1.0;
            for t in 1..=2000 {
                let t = f64::from(t);
                product *= beta1 * (1.0 - 0.5 * 0.96f64.powf(t * momentum_decay));
                let closed = nadam.product(t);
                assert!(
                    (closed - product).abs() <= 1e-13 * product + 1e-19,
                    "{beta1}, {momentum_decay}, {t}: {closed}, {product}"
                );
            }
        }
    }
}
