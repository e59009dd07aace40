//! [`Head`]: what is applied between the last numbers that training moves and the loss.

use crate::catalog::activations::Activation;
use crate::catalog::losses::Outputs;
use crate::catalog::range::Values;
use crate::catalog::suited;
use crate::ir::{Network, Node};

/// The end of a network.
pub(in crate::check::rules) struct Head<'a> {
    /// The last node.
    pub(in crate::check::rules) output: &'a Node,
    /// Nodes with an activation that changes something, from the last weighted sums to the output.
    pub(in crate::check::rules) activations: Vec<&'a Node>,
    /// The node that gives the last weighted sums; `None` where a residual sum or the input does.
    pub(in crate::check::rules) weighted: Option<&'a Node>,
}

impl<'a> Head<'a> {
    /// Of a network.
    pub(in crate::check::rules) fn of(network: &'a Network) -> Self {
        let output = network.output();
        let mut activations = Vec::new();
        let mut node = output;
        loop {
            if has_effect(node) {
                activations.push(node);
            }
            match node.inputs[..] {
                [before] if node.tensors.is_empty() => node = &network.nodes[before.0],
                _ => break,
            }
        }
        activations.reverse();
        let weighted = (!node.tensors.is_empty()).then_some(node);
        Self { output, activations, weighted }
    }

    /// The last activation's node.
    pub(in crate::check::rules) fn last(&self) -> Option<&'a Node> {
        self.activations.last().copied()
    }

    /// The last activation's name: the identity's where there is none.
    pub(in crate::check::rules) fn name(&self) -> &'static str {
        self.last().map_or(suited::output(Outputs::Any), name)
    }

    /// The last activation, where it changes something.
    pub(in crate::check::rules) fn activation(&self) -> Option<&'a dyn Activation> {
        self.last().and_then(Node::activation)
    }

    /// Whether each output is a probability of its own by the last activation.
    pub(in crate::check::rules) fn gives_probabilities(&self) -> bool {
        let within = |a: &dyn Activation| !a.couples() && a.range(Values::ANY).lies_within(0.0, 1.0);
        self.activation().is_some_and(within)
    }

    /// Whether each row of outputs is a distribution by the last activation.
    pub(in crate::check::rules) fn gives_distribution(&self) -> bool {
        self.activation().is_some_and(<dyn Activation>::gives_distribution)
    }

    /// Where an activation would be written: the last node with one, or the last with weights.
    pub(in crate::check::rules) fn place(&self) -> &'a Node {
        self.last().or(self.weighted).unwrap_or(self.output)
    }
}

/// Whether a node has an activation that is not the identity.
pub(in crate::check::rules) fn has_effect(node: &Node) -> bool {
    node.activation().is_some_and(|a| !a.is_linear())
}

/// The name of a node's activation.
pub(in crate::check::rules) fn name(node: &Node) -> &'static str {
    node.activation().map_or(suited::output(Outputs::Any), |a| a.name())
}
