//! What to say when a number leaves the finite ones: the step, the layer where it first appeared, and the setting that
//! most likely did it.

use crate::catalog::Precision;
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};
use crate::engine::Machine;
use crate::ir::{Node, Program};

/// The loss of a batch is not finite; the batch's values are still in the machine.
pub fn of_loss<R: Precision>(program: &Program, machine: &Machine<'_, R>, step: u64, learning_rate: f64) -> Diagnostic {
    let nodes = &program.network.nodes;
    let broken_weights = (0..nodes.len()).find(|&n| !weights_are_finite(machine, n));
    let first = broken_weights.or_else(|| machine.first_non_finite());
    let at_loss = program.training.loss_choice.span.unwrap_or(program.training.span);
    let what = match first {
        Some(0) => "the input is not finite".to_owned(),
        Some(n) if broken_weights.is_some() => {
            format!("the weights of `{}` are the first that are not finite", nodes[n].label)
        }
        Some(n) => format!("the output of `{}` is the first that is not finite", nodes[n].label),
        None => "every layer's output is finite, and the loss of it is not".to_owned(),
    };
    let message = format!("the loss is not a finite number at step {}", step + 1);
    let finite = machine.row_losses().iter().filter(|l| l.is_finite()).count();
    let basis = format!("step {}, {} of {} rows with a finite loss", step + 1, finite, machine.row_losses().len());
    let diagnostic = Diagnostic::error(codes::FIRST_NON_FINITE, message).resting_on(
        EvidenceKind::Proof,
        basis,
        vec![("step", (step + 1) as f64), ("learning_rate", learning_rate)],
    );
    let place = first.filter(|&n| n > 0).map(|n| &nodes[n]);
    let diagnostic = blame(program, diagnostic, step, place, learning_rate).note_that(what);
    match first {
        None => diagnostic.and(at_loss, "not finite here"),
        Some(_) => diagnostic,
    }
}

/// An update left weights that are not finite.
pub fn of_weights<R: Precision>(program: &Program, machine: &Machine<'_, R>, step: u64, epoch: u64) -> Diagnostic {
    let nodes = &program.network.nodes;
    let first = (0..nodes.len()).find(|&n| !weights_are_finite(machine, n));
    let label = first.map_or("the network", |n| nodes[n].label.as_str());
    let message = format!("the weights of `{label}` are not finite after epoch {epoch}");
    let diagnostic = Diagnostic::error(codes::FIRST_NON_FINITE, message).resting_on(
        EvidenceKind::Proof,
        format!("step {step}"),
        vec![("step", step as f64)],
    );
    blame(program, diagnostic, step, first.map(|n| &nodes[n]), program.training.learning_rate.value)
}

/// A model's outputs are not finite for rows that are; they are still in the machine.
pub fn of_model<R: Precision>(program: &Program, machine: &Machine<'_, R>, path: &str) -> Diagnostic {
    let first =
        machine.first_non_finite().map_or("the target's own scale", |n| program.network.nodes[n].label.as_str());
    Diagnostic::error(codes::MODEL_FILE, format!("the outputs of `{path}` are not finite numbers for these rows"))
        .note_that(format!("the first that is not finite is in `{first}`: its weights, or the rows, are too large"))
}

fn weights_are_finite<R: Precision>(machine: &Machine<'_, R>, node: usize) -> bool {
    let range = machine.plan().places[node].parameters.clone();
    crate::tensor::is_all_finite(&machine.parameters[range])
}

/// Points at the setting that most likely did it: before any update that is the data or the start of the weights,
/// afterwards the learning rate.
fn blame(program: &Program, diagnostic: Diagnostic, step: u64, node: Option<&Node>, rate: f64) -> Diagnostic {
    let training = &program.training;
    let diagnostic = match (step, training.learning_rate.span) {
        (0, _) | (_, None) => match node {
            Some(node) => diagnostic.at(node.span, "first here"),
            None => diagnostic.at(program.data.source_span, "the data"),
        },
        (_, Some(span)) => {
            let diagnostic = diagnostic.at(span, format!("the rate was {rate} at that step"));
            match node {
                Some(node) => diagnostic.and(node.span, "first here"),
                None => diagnostic,
            }
        }
    };
    if step == 0 {
        return diagnostic
            .note_that("no weight had moved yet: the data, or the start of the weights, is too large")
            .help("scale the inputs: `scale = standard` in `data`; or start the weights smaller");
    }
    // A tenth in four digits: that of 0.7 in f64 is 0.06999999999999999.
    let tenth: f64 = format!("{:.3e}", rate / 10.0).parse().unwrap_or(rate / 10.0);
    diagnostic.help(format!("write a smaller learning rate, such as `learning_rate = {tenth}`"))
}
