//! Activations: functions of a layer's weighted sums, each also a layer of its own.
//!
//! A row gives the signature, how it is configured, and stands in its own small file. Pointwise ones implement
//! [`Pointwise`] (value and slope) and get their loops from here.

#![allow(clippy::inline_always, reason = "a loop is compiled for wide vectors only where all of it is inlined")]

mod elu;
mod gelu;
mod hard_sigmoid;
mod hard_tanh;
mod leaky_relu;
mod linear;
mod mish;
mod prelu;
mod relu;
mod relu6;
mod selu;
mod sigmoid;
mod silu;
mod sin;
mod softmax;
mod softplus;
mod softsign;
mod step;
mod tanh;
#[cfg(test)]
pub(super) mod tests;
mod traits;

use super::bind::Arguments;
use super::op::Op;
use super::range::Values;
use super::signature::Signature;
use crate::tensor::{self, Real};
use std::fmt::Debug;

pub use linear::LINEAR;
pub use relu::RELU;
pub use sigmoid::SIGMOID;
pub use softmax::SOFTMAX;
pub use softplus::SOFTPLUS;
pub use traits::{SATURATED, Traits};

/// One kind of activation.
pub struct ActivationKind {
    /// Its reference entry.
    pub signature: Signature,
    /// Makes it from sound arguments.
    pub configure: fn(&Arguments) -> Box<dyn Activation>,
}

/// Every activation, in the order of the reference.
pub static ACTIVATIONS: &[&ActivationKind] = &[
    &linear::LINEAR,
    &relu::RELU,
    &sigmoid::SIGMOID,
    &tanh::TANH,
    &softmax::SOFTMAX,
    &leaky_relu::LEAKY_RELU,
    &elu::ELU,
    &gelu::GELU,
    &silu::SILU,
    &softplus::SOFTPLUS,
    &selu::SELU,
    &mish::MISH,
    &softsign::SOFTSIGN,
    &hard_sigmoid::HARD_SIGMOID,
    &hard_tanh::HARD_TANH,
    &relu6::RELU6,
    &sin::SIN,
    &step::STEP,
    &prelu::PRELU,
];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static ActivationKind> {
    let known = ACTIVATIONS.iter();
    #[cfg(test)]
    let known = known.chain(tests::ACTIVATIONS);
    known.copied().find(|a| a.signature.name == name)
}

/// A configured activation. `z` are weighted sums, `a` activated values, both `width × batch`, a row's values
/// contiguous.
pub trait Activation: Compute<f32> + Compute<f64> + Debug + Send + Sync {
    /// The kind's name.
    fn name(&self) -> &'static str;
    /// Its values, given what is known of its inputs.
    fn range(&self, input: Values) -> Values;
    /// What it is in ONNX's words.
    fn op(&self) -> Op;
    /// What is known of its curve.
    fn traits(&self) -> Traits {
        Traits::PLAIN
    }
    /// Whether the slope needs `z`; otherwise `a` alone gives it and `z` is not kept.
    fn needs_sums(&self) -> bool;
    /// Whether it is the identity.
    fn is_linear(&self) -> bool {
        false
    }
    /// Whether one unit's value depends on the other units' sums.
    fn couples(&self) -> bool {
        false
    }
    /// What its slopes below 0 start at, where they are trained, one for each unit: then it becomes a layer of its own.
    fn trained_slope(&self) -> Option<f64> {
        None
    }
    /// A copy of its own.
    fn boxed(&self) -> Box<dyn Activation>;
}

impl Clone for Box<dyn Activation> {
    fn clone(&self) -> Self {
        self.boxed()
    }
}

/// The two passes in one precision.
pub trait Compute<R: Real> {
    /// a ← f(z), in place.
    fn forward(&self, values: &mut [R], width: usize);
    /// ∂L/∂z ← ∂L/∂a · f′, in place. `z` is empty unless [`Activation::needs_sums`].
    fn backward(&self, gradient: &mut [R], z: &[R], a: &[R], width: usize);
}

/// An activation that takes each value alone.
pub trait Pointwise: Debug + Clone + Send + Sync + 'static {
    /// The kind's name.
    const NAME: &'static str;
    /// Whether [`Self::slope`] reads `z`.
    const NEEDS_SUMS: bool;
    /// Whether it is the identity.
    const IS_LINEAR: bool = false;
    /// f(z)
    fn value<R: Real>(&self, z: R) -> R;
    /// f′, from `z` (0 where it is not needed) and `a = f(z)`.
    fn slope<R: Real>(&self, z: R, a: R) -> R;
    /// Its values, given what is known of its inputs.
    fn range(&self, input: Values) -> Values;
    /// What is known of its curve.
    fn traits(&self) -> Traits {
        Traits::PLAIN
    }
    /// What it is in ONNX's words.
    fn op(&self) -> Op;
    /// As [`Activation::trained_slope`].
    fn trained_slope(&self) -> Option<f64> {
        None
    }
}

impl<P: Pointwise> Activation for P {
    fn name(&self) -> &'static str {
        P::NAME
    }
    fn range(&self, input: Values) -> Values {
        Pointwise::range(self, input)
    }
    fn op(&self) -> Op {
        Pointwise::op(self)
    }
    fn traits(&self) -> Traits {
        Pointwise::traits(self)
    }
    fn needs_sums(&self) -> bool {
        P::NEEDS_SUMS
    }
    fn is_linear(&self) -> bool {
        P::IS_LINEAR
    }
    fn trained_slope(&self) -> Option<f64> {
        Pointwise::trained_slope(self)
    }
    fn boxed(&self) -> Box<dyn Activation> {
        Box::new(self.clone())
    }
}

impl<P: Pointwise, R: Real> Compute<R> for P {
    fn forward(&self, values: &mut [R], _width: usize) {
        tensor::map(values, |z| self.value(z));
    }

    fn backward(&self, gradient: &mut [R], z: &[R], a: &[R], _width: usize) {
        if P::NEEDS_SUMS {
            tensor::combine(gradient, [z, a], |g, [z, a]| g * self.slope(z, a));
        } else {
            tensor::zip(gradient, a, |g, a| g * self.slope(R::ZERO, a));
        }
    }
}
