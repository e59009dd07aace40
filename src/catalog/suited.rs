//! What suits what: the losses, output activations and hidden activations that reports write into a program. Names
//! stand here, and not in the rules.

use super::activations::{ActivationKind, LINEAR, RELU, SIGMOID, SOFTMAX};
use super::losses::{BINARY_CROSS_ENTROPY, CROSS_ENTROPY, LossKind, MSE, Outputs};

/// A loss and the output activation that belongs to it.
#[derive(Clone, Copy)]
pub struct Pairing {
    loss: &'static LossKind,
    activation: &'static ActivationKind,
}

/// For classes that exclude each other, an output for each.
pub const CLASSES: Pairing = Pairing { loss: &CROSS_ENTROPY, activation: &SOFTMAX };
/// For outputs of yes and no: labels, or one output for two classes.
pub const LABELS: Pairing = Pairing { loss: &BINARY_CROSS_ENTROPY, activation: &SIGMOID };
/// For numbers.
pub const VALUES: Pairing = Pairing { loss: &MSE, activation: &LINEAR };

impl Pairing {
    /// The loss's name.
    pub const fn loss(self) -> &'static str {
        self.loss.signature.name
    }

    /// The activation's name.
    pub const fn activation(self) -> &'static str {
        self.activation.signature.name
    }
}

/// The activation to write for a hidden layer.
pub const fn hidden() -> &'static str {
    RELU.signature.name
}

/// The activation that gives such outputs, by name.
pub fn output(outputs: Outputs) -> &'static str {
    outputs.activation().signature.name
}
