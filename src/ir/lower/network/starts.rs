//! How each tensor of the network starts: its layer's option, else the block's setting, else the layer's own rule.

use super::Lowering;
use crate::catalog::bind::{Arguments, Chosen, Written, bind};
use crate::catalog::blocks;
use crate::catalog::blocks::key;
use crate::catalog::initializers::{self, Start};
use crate::catalog::layers::{Layer, Role, Tensor};
use crate::diagnostic::Diagnostic;
use crate::ir::network::TrainedTensor;
use crate::syntax::tree::Setting;

impl Lowering<'_> {
    /// `init = …`, `bias_init = …`: for the layers after it.
    pub(super) fn starts(&mut self, setting: &Setting) {
        let written = Written { at: setting.span, positional: vec![], named: vec![(&setting.key, &setting.value)] };
        let settings = bind(&blocks::NETWORK, &written, self.scope, self.out);
        let starts = [(key::INIT, Role::Weight, &mut self.init), (key::BIAS_INIT, Role::Bias, &mut self.bias_init)];
        for (key, role, slot) in starts {
            if let Some(chosen) = settings.one(key) {
                self.out.extend(fault(chosen, role));
                *slot = Some(chosen.clone());
            }
        }
    }

    /// How each tensor starts: the layer's own option, else the block's setting, else the layer's rule.
    pub(super) fn tensors(&mut self, layer: &dyn Layer, arguments: &Arguments) -> Vec<TrainedTensor> {
        let mut tensors = Vec::new();
        for tensor in layer.tensors() {
            let own = tensor.option.and_then(|key| arguments.one(key));
            self.out.extend(own.and_then(|chosen| fault(chosen, tensor.role)));
            let chosen = match tensor.role {
                Role::Weight => own.or(self.init.as_ref()),
                Role::Bias => own.or(self.bias_init.as_ref()),
                Role::Norm | Role::Slope => None,
            };
            tensors.push(parameter(tensor, chosen));
        }
        tensors
    }
}

/// A tensor with its start settled.
fn parameter(tensor: Tensor, chosen: Option<&Chosen>) -> TrainedTensor {
    let Tensor { name, shape, role, fans, start: usual, .. } = tensor;
    let start = chosen.and_then(|c| Start::chosen(c, fans)).unwrap_or(usual);
    let written = chosen.and_then(|c| c.span).map(|span| crate::ir::network::Written { span });
    let (fan_in, fan_out) = (fans.into, fans.out);
    TrainedTensor {
        name,
        shape,
        role,
        start: start.distribution,
        written,
        initializer: start.name(),
        usual,
        fan_in,
        fan_out,
    }
}

/// What is wrong with an initializer's arguments together.
fn fault(chosen: &Chosen, role: Role) -> Option<Diagnostic> {
    let of_vector = || if role == Role::Weight { None } else { initializers::not_of_vectors(chosen) };
    initializers::find(chosen.kind.name).and_then(|kind| (kind.fault)(chosen).or_else(of_vector))
}
