//! A program's network as the pictures of `why` and `trace` take it.

use super::specimen::Specimen;
use crate::engine::Machine;
use crate::ir::spec::TargetFacts;
use crate::picture::{Edge, Graph, Node, Wiring};

/// The largest layer whose weights colour its lines.
const MOST_WEIGHTS: usize = 4096;

/// The network with the machine's weights.
pub(super) fn of(specimen: &Specimen, machine: &Machine<'_, f64>) -> Graph {
    let network = &specimen.program.network;
    let last = network.nodes.len() - 1;
    let mut graph = Graph { title: specimen.source.name().to_owned(), ..Graph::default() };
    for (n, node) in network.nodes.iter().enumerate() {
        let units = match n {
            0 if !specimen.program.facts.input_names.is_empty() => Some(specimen.program.facts.input_names.clone()),
            _ if n == last => outputs(&specimen.program.facts.target, node.shape.size()),
            _ => None,
        };
        graph.nodes.push(Node {
            label: node.label.clone(),
            kind: node.describe(),
            shape: node.shape.to_string(),
            parameters: node.parameter_count() as u64,
            width: node.shape.size(),
            units,
        });
        for (k, input) in node.inputs.iter().enumerate() {
            let wiring = match node.kind() {
                "dense" => Wiring::Dense(weights(machine, n, network.nodes[input.0].shape.size() * node.shape.size())),
                "layer_norm" => Wiring::Dense(None),
                _ if k + 1 < node.inputs.len() => Wiring::Skip,
                _ => Wiring::Each,
            };
            graph.edges.push(Edge { from: input.0, to: n, wiring });
        }
    }
    graph
}

fn outputs(target: &TargetFacts, width: usize) -> Option<Vec<String>> {
    let (TargetFacts::Classes { names, .. } | TargetFacts::Values { names, .. }) = target;
    (names.len() == width).then(|| names.clone())
}

/// A dense layer's weights, row-major.
fn weights(machine: &Machine<'_, f64>, node: usize, size: usize) -> Option<Vec<f64>> {
    let place = &machine.plan().places[node];
    if size > MOST_WEIGHTS {
        return None;
    }
    let (out, w) = (place.width, machine.parameters.get(place.parameters.start..)?.get(..size)?);
    Some((0..size).map(|k| w[(k % (size / out)) * out + k / (size / out)]).collect())
}
