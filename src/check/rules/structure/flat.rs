//! NN711: weights that no gradient comes to, for an activation without a slope stands between them and the loss.

use crate::catalog::suited;
use crate::check::rules::outputs::name;
use crate::check::rules::{Subject, edits, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Fix, codes};
use crate::ir::{Network, Node};

/// One report for each such activation that has weights before it.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let network = &subject.program.network;
    let passed = passed(network);
    for (id, node) in network.nodes.iter().enumerate().filter(|(id, node)| is_flat(node) && passed[*id]) {
        let before = before(network, id);
        let still = |at: &usize| before[*at] && (is_flat(&network.nodes[*at]) || !passed[*at]);
        let kept: Vec<&Node> = (0..=id).filter(still).map(|at| &network.nodes[at]).collect();
        let kept: Vec<&Node> = kept.into_iter().filter(|n| !n.tensors.is_empty()).collect();
        if !kept.is_empty() {
            out.push(report(subject, node, &kept));
        }
    }
}

fn report(subject: &Subject<'_>, node: &Node, kept: &[&Node]) -> Diagnostic {
    let weights: usize = kept.iter().map(|n| n.parameter_count()).sum();
    let last = std::ptr::eq(node, subject.program.network.output());
    let training = &subject.program.training;
    let wanted = match last {
        true if subject.program.facts.target_is_binary() => suited::LABELS.activation(),
        true => suited::output(training.loss.outputs(node.shape.size())),
        false => suited::hidden(),
    };
    let labels = say::names(kept.iter().map(|n| n.label.as_str()));
    let message = format!("`{}` has no slope, so the weights of {labels} never move", name(node));
    let mut report = Diagnostic::error(codes::NO_GRADIENT, message)
        .at(edits::activation_span(node), "passes no gradient back")
        .note_that(format!("{} stay as they start", say::count(weights, "number")))
        .resting_on(EvidenceKind::Proof, "slopes", vec![("weights", weights as f64)])
        .help(format!("write `{wanted}`"));
    for kept in kept.iter().filter(|kept| kept.span != node.span) {
        report = report.and(kept.span, "is not trained");
    }
    report.fixes.extend(edits::set_activation(node, wanted).map(|edit| Fix {
        title: format!("write `{wanted}`"),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    }));
    report
}

/// Whether a node's activation has a slope of 0 everywhere.
fn is_flat(node: &Node) -> bool {
    node.activation().is_some_and(|a| a.traits().max_slope == 0.0)
}

/// For each node whether a gradient comes to its values.
fn passed(network: &Network) -> Vec<bool> {
    let mut passed = vec![false; network.nodes.len()];
    if let Some(last) = passed.last_mut() {
        *last = true;
    }
    for (id, node) in network.nodes.iter().enumerate().rev() {
        if passed[id] && !is_flat(node) {
            node.inputs.iter().for_each(|input| passed[input.0] = true);
        }
    }
    passed
}

/// For each node whether it is this one or comes before it.
fn before(network: &Network, id: usize) -> Vec<bool> {
    let mut before = vec![false; network.nodes.len()];
    before[id] = true;
    for (id, node) in network.nodes.iter().enumerate().rev() {
        if before[id] {
            node.inputs.iter().for_each(|input| before[input.0] = true);
        }
    }
    before
}
