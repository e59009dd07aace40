//! [`Precision`]: from a real type to the passes compiled for it. What the engine is generic over.

use super::activations::{Activation, Compute};
use super::layers::{Kernel, Layer};
use super::losses::{Loss, Objective};
use super::optimizers::{Optimizer, Update};
use crate::tensor::Real;

/// f32 or f64, with the passes of layers, activations, losses and optimizers in that precision.
pub trait Precision: Real {
    /// A layer's passes.
    fn kernel(layer: &dyn Layer) -> &dyn Kernel<Self>;
    /// An activation's passes.
    fn compute(activation: &dyn Activation) -> &dyn Compute<Self>;
    /// A loss's value and gradient.
    fn objective(loss: &dyn Loss) -> &dyn Objective<Self>;
    /// An optimizer's update.
    fn update(optimizer: &dyn Optimizer) -> &dyn Update<Self>;
}

macro_rules! precision {
    ($($t:ty),*) => {$(
        impl Precision for $t {
            fn kernel(layer: &dyn Layer) -> &dyn Kernel<Self> {
                layer
            }
            fn compute(activation: &dyn Activation) -> &dyn Compute<Self> {
                activation
            }
            fn objective(loss: &dyn Loss) -> &dyn Objective<Self> {
                loss
            }
            fn update(optimizer: &dyn Optimizer) -> &dyn Update<Self> {
                optimizer
            }
        }
    )*};
}

precision!(f32, f64);
