//! A network as a [`Graph`] to draw: its layers, what flows where, names at both ends, and weights where there are any.

use crate::catalog::layers::{Coupling, Role};
use crate::ir::network::{Network, Node};
use crate::ir::spec::{Facts, TargetFacts};
use crate::ir::{Program, TargetUse};
use crate::picture::{self, Edge, Graph, Wiring};

/// The picture of `program`. `weights` gives a tensor's numbers by its name (`hidden.weight`: out × in, row-major)
/// where there is a model; they colour the lines.
pub fn graph(program: &Program, title: &str, weights: &dyn Fn(&str) -> Option<Vec<f64>>) -> Graph {
    let network = &program.network;
    let last = network.nodes.len() - 1;
    let nodes = network.nodes.iter().enumerate().map(|(id, node)| picture::Node {
        label: node.label.clone(),
        kind: if node.layer.is_some() { node.describe() } else { String::new() },
        shape: node.shape.to_string(),
        parameters: node.parameter_count() as u64,
        width: node.shape.size(),
        units: match id {
            0 => Some(program.facts.input_names.clone()),
            _ if id == last => Some(outputs(&program.facts, program.training.target)),
            _ => None,
        }
        .filter(|names| names.len() == node.shape.size()),
    });
    let edges = edges(network, weights);
    Graph { title: title.to_owned(), nodes: nodes.collect(), edges, groups: super::fold::groups(network) }
}

/// The names of the network's outputs.
fn outputs(facts: &Facts, target: TargetUse) -> Vec<String> {
    match (&facts.target, target) {
        // One output for two classes stands for the second.
        (TargetFacts::Classes { names, .. }, TargetUse::Binary) => names.get(1).cloned().into_iter().collect(),
        (TargetFacts::Classes { names, .. }, TargetUse::OneHot) | (TargetFacts::Values { names, .. }, _) => {
            names.clone()
        }
        (TargetFacts::Classes { name, .. }, _) => vec![name.clone()],
    }
}

fn edges(network: &Network, weights: &dyn Fn(&str) -> Option<Vec<f64>>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (to, node) in network.nodes.iter().enumerate() {
        for (input, from) in node.inputs.iter().enumerate() {
            let wiring = match from.0 + 1 < to {
                true if node.closes_block() => Wiring::Skip,
                true => Wiring::Far,
                false => wiring(node, input, weights),
            };
            edges.push(Edge { from: from.0, to, wiring });
        }
    }
    edges
}

fn wiring(node: &Node, input: usize, weights: &dyn Fn(&str) -> Option<Vec<f64>>) -> Wiring {
    let Some(weight) = node.tensors.iter().find(|t| t.role == Role::Weight).filter(|_| node.is_linear()) else {
        return match node.layer.as_deref().map(|layer| layer.coupling(input)) {
            Some(Coupling::Placed(places)) => Wiring::Placed(places),
            _ => Wiring::Each,
        };
    };
    let numbers = weights(&format!("{}.{}", node.label, weight.name));
    Wiring::Dense(numbers.filter(|n| n.len() == weight.shape.size()))
}
