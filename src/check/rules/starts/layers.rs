//! The weighted layers of a network as the rules of the start see them.

use crate::catalog::activations::Activation;
use crate::catalog::initializers;
use crate::catalog::layers::Role;
use crate::check::evidence::few;
use crate::ir::network::{Network, Node, TrainedTensor};
use crate::source::Span;

/// A layer with weights.
#[derive(Clone, Copy)]
pub(in crate::check::rules) struct Weighted<'a> {
    /// Its place in the network.
    pub(super) at: usize,
    /// The layer.
    pub(in crate::check::rules) node: &'a Node,
    /// Its weights.
    pub(super) weight: &'a TrainedTensor,
    /// Its biases, where it has any.
    pub(super) bias: Option<&'a TrainedTensor>,
    /// Whether another weighted layer follows.
    pub(in crate::check::rules) hidden: bool,
}

/// Layers with weights, in order.
pub(in crate::check::rules) fn weighted(network: &Network) -> Vec<Weighted<'_>> {
    let of = |role| move |n: &'_ Node| n.tensors.iter().position(|t| t.role == role);
    let mut layers: Vec<Weighted<'_>> = network
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| {
            let weight = &node.tensors[of(Role::Weight)(node)?];
            let bias = of(Role::Bias)(node).map(|k| &node.tensors[k]);
            Some(Weighted { at, node, weight, bias, hidden: true })
        })
        .collect();
    if let Some(last) = layers.last_mut() {
        last.hidden = false;
    }
    layers
}

impl Weighted<'_> {
    /// The initializer that suits the layer, as it would be written, and the variance that it gives.
    pub(super) fn scheme(&self) -> (String, f64) {
        let usual = &self.weight.usual;
        (usual.written(few), usual.distribution.variance())
    }

    /// Whether the layer is linear for small sums.
    pub(super) fn is_straight(&self) -> bool {
        self.node.activation().is_none_or(<dyn Activation>::is_straight_at_zero)
    }

    /// The variance of its weights over that of its scheme.
    pub(super) fn excess(&self) -> f64 {
        self.weight.start.variance() / self.scheme().1
    }

    /// Whether its initializer takes its width from the layer's fans, and not from a number that the user wrote.
    pub(super) fn follows_fans(&self) -> bool {
        initializers::find(self.weight.initializer).is_some_and(|kind| kind.centred.is_none())
    }

    /// The place of its initializer, or of the layer where none is written.
    pub(super) fn span(&self) -> Span {
        self.weight.written.map_or(self.node.span, |w| w.span)
    }

    /// What stands in place of its initializer to start it well, in the form that the user wrote; `alone` where no
    /// other layer takes its start from the same place.
    pub(super) fn repair(&self, alone: bool) -> String {
        let (scheme, variance) = self.scheme();
        let centred = initializers::find(self.weight.initializer).and_then(|kind| kind.centred).filter(|_| alone);
        centred.map_or(scheme, |written| written(variance.sqrt(), few))
    }
}

/// Layers that take their start from the place of `first`.
pub(super) fn sharing<'a>(layers: &[Weighted<'a>], first: &Weighted<'a>) -> Vec<Weighted<'a>> {
    layers.iter().filter(|l| l.weight.written.is_some() && l.span() == first.span()).copied().collect()
}
