//! NN305 and NN306: a loss or an output of the wrong family for such labels.

use super::Outputs;
use super::logits::change;
use super::range::target_span;
use crate::catalog::losses::{Center, Outputs as Form, Targets};
use crate::catalog::{activations, suited};
use crate::check::rules::{edits, say};
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::TargetUse;
use crate::ir::spec::TargetFacts;

/// NN305: a loss of distances on classes.
pub(super) fn loss(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    if !matches!(training.loss.targets(), Targets::Values | Targets::Amounts) {
        return;
    }
    let (loss, last) = (training.loss.name(), outputs.head.name());
    let TargetFacts::Classes { name, names, .. } = &outputs.subject.program.facts.target else {
        return;
    };
    let suited = if training.target == TargetUse::OneHot { suited::CLASSES } else { suited::LABELS };
    let (wanted, activation) = (suited.loss(), suited.activation());
    let absolute = matches!(training.loss.center(), Center::Quantile(_));
    // One sigmoid output under squared errors is the textbook's own first network, and learns.
    if training.target == TargetUse::Binary && outputs.head.gives_probabilities() && !absolute {
        return;
    }
    // A number that happens to be 0 or 1, predicted as a number.
    let make = if training.target == TargetUse::Values && !absolute { Diagnostic::note } else { Diagnostic::warning };
    let why = why(outputs);
    let mut diagnostic =
        make(codes::LOSS_FAMILY, format!("`{loss}` measures distances between the classes of `{name}`"))
            .at(training.loss_choice.span.unwrap_or(training.span), "a loss for numbers")
            .and(target_span(outputs), format!("{} classes", names.len()))
            .note_that(why)
            .resting_on(EvidenceKind::Estimate, "the target's kind", vec![("classes", names.len() as f64)])
            .help(if last == activation {
                format!("write `loss = {wanted}`")
            } else {
                format!("write `loss = {wanted}` and `{activation}` for the output's activation")
            });
    if let Some(span) = training.loss_choice.span {
        let mut edits = vec![Edit { span, text: wanted.to_owned() }];
        let output = if last == activation { None } else { edits::set_activation(outputs.head.place(), activation) };
        if last == activation || output.is_some() {
            edits.extend(output);
            edits.sort_by_key(|e| e.span);
            diagnostic.fixes.push(Fix {
                title: format!("write `{wanted}`"),
                applicability: Applicability::Unsafe,
                edits,
            });
        }
    }
    out.push(diagnostic);
}

/// What a loss of distances does to classes.
fn why(outputs: &Outputs<'_>) -> String {
    let last = outputs.head.name();
    let slope = || activations::find(last)?.signature.formula.split_once("slope ");
    match outputs.loss().center() {
        Center::Quantile(0.5) => {
            "the least absolute error is at the commoner class's label, whatever the share of the other".to_owned()
        }
        Center::Quantile(_) => "the best constant is one of the labels, whatever the share of the other".to_owned(),
        Center::Mean | Center::Between if outputs.head.gives_distribution() => {
            format!("its gradient carries the slopes of `{last}`, which die where the output is surely wrong")
        }
        Center::Mean | Center::Between => match slope().filter(|_| outputs.head.gives_probabilities()) {
            Some((_, slope)) => {
                format!("its gradient carries {slope}, which dies where the output is surely wrong")
            }
            None => {
                format!(
                    "a `{last}` output is no probability: a row far on the right side of the line counts as an error"
                )
            }
        },
    }
}

/// NN306: outputs that are free where the labels exclude each other, or tied where they do not.
pub(super) fn labels(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let place = outputs.head.place();
    match &outputs.subject.program.facts.target {
        TargetFacts::Classes { name, names, .. }
            if outputs.head.gives_probabilities()
                && training.target == TargetUse::OneHot
                && outputs.form() == Form::Probabilities =>
        {
            let (last, suited) = (outputs.head.name(), suited::CLASSES);
            let classes = names.len();
            let mut diagnostic = Diagnostic::warning(
                codes::OUTPUT_LABELS,
                format!("{classes} `{last}` outputs are free of each other, and a row has one class of `{name}`"),
            )
            .at(edits::activation_span(place), "each output on its own")
            .and(target_span(outputs), format!("{classes} classes that exclude each other"))
            .note_that("the outputs are no distribution: they may all be near 0, or several near 1")
            .resting_on(EvidenceKind::Estimate, "the target's kind", vec![("classes", classes as f64)])
            .help(format!(
                "write `{}` for the output's activation and `loss = {}`",
                suited.activation(),
                suited.loss()
            ));
            if let (Some(mut fix), Some(span)) = (change(place, suited.activation()), training.loss_choice.span) {
                fix.edits.push(Edit { span, text: suited.loss().to_owned() });
                diagnostic.fixes.push(fix);
            }
            out.push(diagnostic);
        }
        TargetFacts::Values { names, .. }
            if outputs.head.gives_distribution() && outputs.head.output.shape.size() > 1 =>
        {
            tied(outputs, names, out);
        }
        TargetFacts::Classes { .. } | TargetFacts::Values { .. } => {}
    }
}

/// A softmax under rows with several labels, or none.
fn tied(outputs: &Outputs<'_>, names: &[String], out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let answers = outputs.answers();
    let floor = if answers.are_labels() { training.loss.least_of_distributions(answers) } else { None };
    let Some(floor) = floor.filter(|&floor| floor > 0.0) else { return };
    let place = outputs.head.place();
    let other = answers.rows().filter(|(t, _)| t.iter().sum::<f64>() != 1.0).count();
    let mut diagnostic = Diagnostic::error(
        codes::OUTPUT_LABELS,
        format!(
            "`{}` outputs sum to 1, and the labels of {} do not: the loss cannot go below {}",
            outputs.head.name(),
            say::count(other, "row"),
            say::number(floor)
        ),
    )
    .at(edits::activation_span(place), "shares 1 among the labels")
    .and(target_span(outputs), format!("{} labels, free of each other", names.len()));
    diagnostic = outputs.with_floor(diagnostic, floor, "distributions").help(format!(
        "write `{}` for the output's activation and `loss = {}`",
        suited::LABELS.activation(),
        suited::LABELS.loss()
    ));
    if let (Some(mut fix), Some(span)) = (change(place, suited::LABELS.activation()), training.loss_choice.span) {
        if training.loss.name() != suited::LABELS.loss() {
            fix.edits.push(Edit { span, text: suited::LABELS.loss().to_owned() });
        }
        diagnostic.fixes.push(fix);
    }
    out.push(diagnostic);
}
