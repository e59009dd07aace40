//! NN301, NN302, NN303 and NN307: what stands between the last weighted sums and a loss that takes logarithms.

use super::Outputs;
use super::head::{has_effect, name};
use crate::catalog::activations::Activation;
use crate::catalog::losses::Outputs as Form;
use crate::catalog::suited;
use crate::check::rules::{edits, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Fix, codes};
use crate::ir::Node;

/// A floor below this share of the best constant's loss is no hindrance worth a warning.
const TELLING: f64 = 0.01;

/// NN301: a softmax over one unit is 1 whatever its input.
pub(super) fn softmax_of_one(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let program = outputs.subject.program;
    let last = outputs.head.last().map(|n| n.span);
    for node in program.network.nodes.iter().filter(|n| is_one(n)) {
        let at = edits::activation_span(node);
        let message = format!("`{}` over one unit gives 1 for every row", name(node));
        let mut diagnostic = Diagnostic::error(codes::SOFTMAX_ONE, message)
            .at(at, "1 unit: 1 of 1")
            .note_that("its slope is 0, so nothing before it learns");
        if last == Some(node.span) {
            let floor = outputs.within(1.0, 1.0);
            diagnostic =
                diagnostic.and_if(program.training.loss_choice.span, format!("stays at {}", say::number(floor)));
            diagnostic = outputs.with_floor(diagnostic, floor, "range");
        } else {
            diagnostic = diagnostic.resting_on(EvidenceKind::Proof, "range", vec![]);
        }
        let (wanted, what) = if program.facts.target_is_binary() {
            (suited::LABELS.activation(), "two classes")
        } else {
            (suited::VALUES.activation(), "a number")
        };
        diagnostic = diagnostic.help(format!("write `{wanted}`: one unit for {what}"));
        diagnostic.fixes.extend(change(node, wanted));
        out.push(diagnostic);
    }
}

/// Whether a node gives a distribution of one value.
pub(super) fn is_one(node: &Node) -> bool {
    node.shape.size() == 1 && node.activation().is_some_and(<dyn Activation>::gives_distribution)
}

/// NN302: an activation under the softmax or sigmoid of the loss confines the logits.
pub(super) fn double(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let [.., before, last] = outputs.head.activations[..] else { return };
    if training.loss.fuses(last.shape.size()) != Some(name(last)) || is_one(last) {
        return;
    }
    let (low, high) = (before.range.low, before.range.high);
    let (inner, outer, loss) = (name(before), name(last), training.loss.name());
    let least = |low, high| outputs.loss().least_within_logits(outputs.answers(), low, high).unwrap_or(0.0);
    let floor = least(low, high);
    // What targets leave to free logits too, smoothed ones for instance, is no fault of these.
    let free = if floor > 0.0 { least(f64::NEG_INFINITY, f64::INFINITY) } else { 0.0 };
    let proved = floor - free >= TELLING * outputs.base();
    let message = if proved {
        format!(
            "the logits of `{outer}` are confined to {}: the loss cannot go below {}",
            say::range(low, high),
            say::number(floor)
        )
    } else {
        format!("the logits of `{outer}` are confined to {} by `{inner}`", say::range(low, high))
    };
    let make = if proved { Diagnostic::error } else { Diagnostic::warning };
    let mut diagnostic = make(codes::DOUBLE_SOFTMAX, message)
        .at(edits::activation_span(last), format!("takes logits, any number, and gets {}", before.range))
        .and(edits::activation_span(before), format!("gives {}", before.range))
        .and_if(training.loss_choice.span, format!("`{loss}` of `{outer}`"));
    diagnostic = if proved {
        outputs.with_floor(diagnostic, floor, "range")
    } else {
        diagnostic.resting_on(EvidenceKind::Proof, "range", vec![])
    };
    diagnostic = diagnostic.help(format!("leave `{inner}` out: `{outer}` takes the weighted sums"));
    diagnostic.fixes.extend(without(outputs, before, last));
    out.push(diagnostic);
}

/// NN303: a logarithm of what is no probability, or not above 0.
pub(super) fn domain(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let range = outputs.head.output.range;
    let form = outputs.form();
    let (low, high) = form.bounds();
    if training.fused || range.lies_within(low, high) {
        return;
    }
    let wanted = suited::output(form);
    let (last, loss) = (outputs.head.name(), training.loss.name());
    let place = outputs.head.place();
    let why = if range.low < 0.0 {
        format!("`{loss}` takes the logarithm of the output, and `{last}` gives numbers below 0")
    } else {
        format!("`{loss}` takes the logarithm of a probability, and `{last}` gives numbers above 1")
    };
    let note = if range.low < 0.0 {
        "the logarithm of a number below 0 is NaN, and from there every weight is"
    } else {
        "the loss has no least value: it falls for ever as the outputs grow"
    };
    let mut diagnostic = Diagnostic::error(codes::LOG_DOMAIN, why)
        .at(edits::activation_span(place), format!("gives {range}"))
        .and_if(training.loss_choice.span, format!("takes {}", say::range(low, high)))
        .note_that(note)
        .resting_on(EvidenceKind::Proof, "range", vec![("low", range.low), ("high", range.high)])
        .help(format!("write `{wanted}` for the output's activation"));
    diagnostic.fixes.extend(change(place, wanted));
    out.push(diagnostic);
}

/// NN307: cross-entropy of outputs that are no distribution is least where all are 1.
pub(super) fn unnormalised(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let range = outputs.head.output.range;
    let gives = |n: &&Node| n.activation().is_some_and(<dyn Activation>::gives_distribution);
    let is_distribution = outputs.head.activations.iter().any(gives);
    if outputs.form() != Form::Distribution || is_distribution || !range.lies_within(0.0, 1.0) {
        return;
    }
    let wanted = suited::output(Form::Distribution);
    let (last, units) = (outputs.head.name(), outputs.head.output.shape.size());
    let place = outputs.head.place();
    let mut diagnostic = Diagnostic::error(
        codes::UNNORMALISED,
        format!(
            "`{}` of {units} free `{last}` outputs is least where each is {} for every row",
            training.loss.name(),
            say::number(range.high)
        ),
    )
    .at(
        edits::activation_span(place),
        format!("each output {range} on its own, sum up to {}", say::number(range.high * units as f64)),
    )
    .and_if(training.loss_choice.span, "only the true class's output counts")
    .note_that("nothing pushes the other classes' outputs down: the loss falls while the predictions become alike")
    .resting_on(EvidenceKind::Proof, "range", vec![("low", range.low), ("high", range.high)])
    .help(format!("write `{wanted}` for the output's activation"));
    diagnostic.fixes.extend(change(place, wanted));
    out.push(diagnostic);
}

/// Another activation for a node.
pub(super) fn change(node: &Node, to: &str) -> Option<Fix> {
    let edit = edits::set_activation(node, to)?;
    Some(Fix { title: format!("write `{to}`"), applicability: Applicability::Unsafe, edits: vec![edit] })
}

/// Takes the first of two activations out.
fn without(outputs: &Outputs<'_>, inner: &Node, outer: &Node) -> Option<Fix> {
    let source = outputs.subject.source;
    let title = format!("leave `{}` out", name(inner));
    let edits = if inner.options().activation.is_none() {
        vec![edits::remove(source, inner.statement)]
    } else if outer.kind() == name(outer) && has_effect(outer) {
        // `dense 3 softmax` and `softmax` below it become `dense 3 softmax`.
        vec![edits::set_activation(inner, name(outer))?, edits::remove(source, outer.statement)]
    } else {
        return None;
    };
    Some(Fix { title, applicability: Applicability::Unsafe, edits })
}
