//! sgd: down the gradient, with momentum where asked.

use super::{MOST_SLOTS, Optimizer, OptimizerKind, Step, Update};
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::tensor::{Real, update, zip};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const MOMENTUM: Key<f64> = Key::new("momentum");
    pub(super) const NESTEROV: Key<bool> = Key::new("nesterov");
}

pub(super) static SGD: OptimizerKind = OptimizerKind {
    signature: Signature {
        name: "sgd",
        family: Family::Optimizer,
        summary: "down the gradient, with momentum where asked",
        formula: "v ← momentum·v + g; w ← w − ηv (nesterov: w ← w − η(g + momentum·v))",
        range: "",
        parameters: &[
            Parameter::named(
                key::MOMENTUM,
                Kind::Number(Range::BELOW_ONE),
                DefaultValue::Number(0.0),
                "how much of the last step is kept",
            ),
            Parameter::named(key::NESTEROV, Kind::Bool, DefaultValue::Word("false"), "look ahead along the momentum"),
        ],
        example: "optimizer = sgd(momentum=0.9)",
        source: "Robbins and Monro 1951; Polyak 1964; Nesterov 1983 as in Sutskever et al. 2013",
        foreign: Foreign {
            names: &["stochastic_gradient_descent", "gradient_descent"],
            hints: &[("dampening", "not in this version: momentum is not damped")],
            ..Foreign::NONE
        },
    },
    configure: |arguments| {
        Box::new(Sgd {
            momentum: arguments.value(key::MOMENTUM),
            nesterov: arguments.flag(key::NESTEROV).is_some_and(|n| n.value),
        })
    },
};

#[derive(Debug)]
struct Sgd {
    momentum: f64,
    nesterov: bool,
}

impl Optimizer for Sgd {
    fn name(&self) -> &'static str {
        "sgd"
    }
    fn slots(&self) -> usize {
        self.slot_names().len()
    }
    fn slot_names(&self) -> &'static [&'static str] {
        if self.momentum == 0.0 { &[] } else { &["velocity"] }
    }
    /// On a quadratic gradient descent converges for η < 2/λ; with heavy-ball momentum β for η < (2 + 2β)/λ; with
    /// Nesterov's for η < (2 + 2β)/((1 + 2β)λ).
    fn stability(&self) -> Option<f64> {
        let beta = self.momentum;
        let nesterov = beta > 0.0 && self.nesterov;
        Some(if nesterov { (2.0 + 2.0 * beta) / (1.0 + 2.0 * beta) } else { 2.0 + 2.0 * beta })
    }
    fn is_plain(&self) -> bool {
        self.momentum == 0.0
    }
}

impl<R: Real> Update<R> for Sgd {
    fn update(&self, w: &mut [R], g: &[R], [v, _]: [&mut [R]; MOST_SLOTS], step: Step) {
        let (rate, momentum) = (R::of(step.learning_rate), R::of(self.momentum));
        if self.momentum == 0.0 {
            return zip(w, g, |w, g| w - rate * g);
        }
        // Nesterov: g + momentum·v; else v itself.
        let (fresh, kept) = if self.nesterov { (R::ONE, momentum) } else { (R::ZERO, R::ONE) };
        update(
            w,
            [v],
            g,
            #[inline(always)]
            |w, [v], g| {
                let v = momentum * v + g;
                (w - rate * (fresh * g + kept * v), [v])
            },
        );
    }
}
