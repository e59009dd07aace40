//! NN305 and NN306: a loss or an output of the wrong family for such labels.

use super::Outputs;
use super::floor::Measure;
use super::logits::change;
use super::range::target_span;
use crate::check::rules::{edits, say};
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::TargetUse;
use crate::ir::spec::TargetFacts;

/// NN305: a loss of distances on classes.
pub(super) fn loss(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    if matches!(outputs.measure, Measure::Labels | Measure::Distribution(_)) {
        return;
    }
    let (loss, last) = (training.loss.name(), outputs.head.name());
    let TargetFacts::Classes { name, names, .. } = &outputs.subject.program.facts.target else {
        return;
    };
    let (wanted, activation) = if training.target == TargetUse::OneHot {
        ("cross_entropy", "softmax")
    } else {
        ("binary_cross_entropy", "sigmoid")
    };
    let absolute = outputs.measure == Measure::Absolute;
    // One sigmoid output under squared errors is the textbook's own first network, and learns.
    if training.target == TargetUse::Binary && last == "sigmoid" && !absolute {
        return;
    }
    // A number that happens to be 0 or 1, predicted as a number.
    let make = if training.target == TargetUse::Values && !absolute { Diagnostic::note } else { Diagnostic::warning };
    let why = match (outputs.measure, last) {
        (Measure::Absolute, _) => {
            "the least absolute error is at the commoner class's label, whatever the share of the other".to_owned()
        }
        (_, "sigmoid") => "its gradient carries a(1 − a), which dies where the output is surely wrong".to_owned(),
        (_, "softmax") => {
            "its gradient carries the slopes of `softmax`, which die where the output is surely wrong".to_owned()
        }
        _ => format!("a `{last}` output is no probability: a row far on the right side of the line counts as an error"),
    };
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

/// NN306: outputs that are free where the labels exclude each other, or tied where they do not.
pub(super) fn labels(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let place = outputs.head.place();
    match (outputs.head.name(), &outputs.subject.program.facts.target) {
        ("sigmoid", TargetFacts::Classes { name, names, .. })
            if training.target == TargetUse::OneHot && outputs.measure == Measure::Labels =>
        {
            let classes = names.len();
            let mut diagnostic = Diagnostic::warning(
                codes::OUTPUT_LABELS,
                format!("{classes} `sigmoid` outputs are free of each other, and a row has one class of `{name}`"),
            )
            .at(edits::activation_span(place), "each output on its own")
            .and(target_span(outputs), format!("{classes} classes that exclude each other"))
            .note_that("the outputs are no distribution: they may all be near 0, or several near 1")
            .resting_on(EvidenceKind::Estimate, "the target's kind", vec![("classes", classes as f64)])
            .help("write `softmax` for the output's activation and `loss = cross_entropy`");
            if let (Some(mut fix), Some(span)) = (change(place, "softmax"), training.loss_choice.span) {
                fix.edits.push(Edit { span, text: "cross_entropy".to_owned() });
                diagnostic.fixes.push(fix);
            }
            out.push(diagnostic);
        }
        ("softmax", TargetFacts::Values { names, .. }) if outputs.head.output.shape.size() > 1 => {
            tied(outputs, names, out);
        }
        _ => {}
    }
}

/// A softmax under rows with several labels, or none.
fn tied(outputs: &Outputs<'_>, names: &[String], out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let answers = outputs.answers();
    let labels = answers.values.iter().all(|&v| v == 0.0 || v == 1.0);
    let floor = if labels { outputs.measure.over_distributions(answers) } else { None };
    let Some(floor) = floor.filter(|&floor| floor > 0.0) else { return };
    let place = outputs.head.place();
    let other = answers.rows().filter(|(t, _)| t.iter().sum::<f64>() != 1.0).count();
    let mut diagnostic = Diagnostic::error(
        codes::OUTPUT_LABELS,
        format!(
            "`softmax` outputs sum to 1, and the labels of {} do not: the loss cannot go below {}",
            say::count(other, "row"),
            say::number(floor)
        ),
    )
    .at(edits::activation_span(place), "shares 1 among the labels")
    .and(target_span(outputs), format!("{} labels, free of each other", names.len()));
    diagnostic = outputs
        .with_floor(diagnostic, floor, "distributions")
        .help("write `sigmoid` for the output's activation and `loss = binary_cross_entropy`");
    if let (Some(mut fix), Some(span)) = (change(place, "sigmoid"), training.loss_choice.span) {
        if training.loss.name() != "binary_cross_entropy" {
            fix.edits.push(Edit { span, text: "binary_cross_entropy".to_owned() });
        }
        diagnostic.fixes.push(fix);
    }
    out.push(diagnostic);
}
