//! NN304, NN308 and NN311: targets that the output cannot reach, or only at the end of the line.

use super::Outputs;
use super::logits::{change, is_one};
use crate::catalog::activations::Activation;
use crate::catalog::losses::{Outputs as Form, Targets};
use crate::catalog::range::Values;
use crate::catalog::suited;
use crate::check::rules::{edits, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Fix, codes};
use crate::ir::TargetUse;
use crate::ir::spec::{Scale, TargetFacts};

/// The value of a dead unit, and the sum up to which it is dead, where the output's activation has such.
fn dead(outputs: &Outputs<'_>) -> Option<(f64, f64)> {
    let activation = outputs.head.activation()?;
    let sum = activation.traits().dies_below?;
    Some((activation.at(sum), sum))
}

/// NN308: an output that can die.
pub(super) fn relu(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let form = outputs.form();
    let Some((still, sum)) = dead(outputs).filter(|_| !form.are_probabilities()) else { return };
    let (name, place) = (outputs.head.name(), outputs.head.place());
    let (low, high) = outputs.answers().bounds();
    let range = outputs.head.output.range;
    let floor = outputs.within(range.low, range.high);
    let proved = outputs.is_telling(floor);
    let program = outputs.subject.program;
    let is_yes_or_no = program.training.target == TargetUse::Labels || program.facts.target_is_binary();
    let mut diagnostic = if proved {
        Diagnostic::error(
            codes::RELU_OUTPUT,
            format!(
                "`{name}` outputs nothing {}, and {} goes {}: the loss cannot go below {}",
                if low < range.low {
                    format!("below {}", say::number(range.low))
                } else {
                    format!("above {}", say::number(range.high))
                },
                outputs.target(),
                if low < range.low {
                    format!("down to {}", say::number(low))
                } else {
                    format!("up to {}", say::number(high))
                },
                say::number(floor)
            ),
        )
    } else {
        let message =
            format!("the output's `{name}` has slope 0 wherever its weighted sum is below {}", say::number(sum));
        Diagnostic::warning(codes::RELU_OUTPUT, message)
    };
    diagnostic = diagnostic
        .at(edits::activation_span(place), format!("outputs {}", say::range(range.low, range.high)))
        .and(target_span(outputs), format!("{} for training", say::range(low, high)));
    diagnostic = if proved {
        outputs.with_floor(diagnostic, floor, "range")
    } else {
        diagnostic
            .note_that(format!(
                "a row whose sum is below {} predicts {} and moves no weight; with one unit about half of all starts are so for many rows",
                say::number(sum),
                say::number(still)
            ))
            .resting_on(EvidenceKind::Estimate, "range", vec![("low", low), ("high", high)])
    };
    let (wanted, positive) = (suited::output(form), suited::output(Form::Positive));
    diagnostic = if form == Form::Any && is_yes_or_no {
        diagnostic
            .help(format!("write `{}` for the output's activation: targets are 0 and 1", suited::LABELS.activation()))
    } else if form == Form::Any {
        diagnostic.help(format!("write `{wanted}`, or `{positive}` where predictions must not be negative"))
    } else {
        diagnostic.help(format!("write `{wanted}` for the output's activation"))
    };
    diagnostic.fixes.extend(change(place, if is_yes_or_no { suited::LABELS.activation() } else { wanted }));
    out.push(diagnostic);
}

/// NN304: targets beyond the output's range.
pub(super) fn target(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let range = outputs.head.output.range;
    let name = outputs.head.name();
    let form = outputs.form();
    let shares = outputs.head.gives_distribution();
    let one = outputs.head.last().is_some_and(is_one);
    if form.are_probabilities() || dead(outputs).is_some() || one {
        return;
    }
    let (low, high) = outputs.answers().bounds();
    let labels = outputs.answers().are_labels();
    let (floor, basis) = if shares && training.target == TargetUse::Values && !labels {
        (training.loss.least_of_distributions(outputs.answers()), "distributions")
    } else if range.low <= low && high <= range.high {
        return;
    } else {
        (Some(outputs.within(range.low, range.high)), "range")
    };
    let Some(floor) = floor.filter(|&floor| floor > outputs.least()) else { return };
    let make = if outputs.is_telling(floor) { Diagnostic::error } else { Diagnostic::note };
    let place = outputs.head.place();
    let message = format!(
        "`{name}` outputs {range} and {} ranges {}: the loss cannot go below {}",
        outputs.target(),
        say::range(low, high),
        say::number(floor)
    );
    let mut diagnostic = make(codes::TARGET_RANGE, message)
        .at(edits::activation_span(place), format!("outputs {range}"))
        .and(target_span(outputs), format!("ranges {}", say::range(low, high)));
    diagnostic = outputs.with_floor(diagnostic, floor, basis);
    let own = training.target == TargetUse::Values || training.loss.targets() == Targets::Signs;
    let wanted = if own { suited::output(form) } else { suited::LABELS.activation() };
    diagnostic = diagnostic.help(format!("write `{wanted}` for the output's activation"));
    diagnostic.fixes.extend(change(place, wanted));
    diagnostic.fixes.extend(scaled(outputs));
    out.push(diagnostic);
}

/// `target_scale = minmax` brings values into the range of an activation between 0 and 1.
fn scaled(outputs: &Outputs<'_>) -> Option<Fix> {
    let data = &outputs.subject.program.data;
    let is_value = matches!(outputs.subject.program.facts.target, TargetFacts::Values { .. });
    let is_unit = |a: &dyn Activation| a.range(Values::ANY) == Values::within(0.0, 1.0);
    let fits = outputs.head.activation().is_some_and(is_unit);
    if !fits || !is_value || data.target_scale.value == Scale::Minmax {
        return None;
    }
    let edit = match data.target_scale.span {
        Some(span) => crate::diagnostic::Edit { span, text: "minmax".to_owned() },
        None => edits::setting_below(outputs.subject.source, data.target_span?, "target_scale = minmax"),
    };
    let title = "bring the target to 0…1 with `target_scale = minmax`".to_owned();
    Some(Fix { title, applicability: Applicability::Unsafe, edits: vec![edit] })
}

/// NN311: targets at the very end of what the output reaches.
pub(super) fn asymptote(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let name = outputs.head.name();
    let Some(ends) = outputs.head.activation().and_then(|a| a.traits().asymptotes) else { return };
    let range = outputs.head.output.range;
    if outputs.loss().second_derivative().is_none() || (range.low, range.high) != ends {
        return;
    }
    let at = |end: f64| outputs.answers().values.iter().filter(|&&v| v == end).count();
    let count = at(ends.0) + at(ends.1);
    if count == 0 {
        return;
    }
    let (low, high) = outputs.answers().bounds();
    if low < ends.0 || high > ends.1 {
        return;
    }
    let share = count as f64 / outputs.answers().values.len() as f64;
    let (lowest, highest) = (say::number(ends.0), say::number(ends.1));
    out.push(
        Diagnostic::note(
            codes::ASYMPTOTE,
            format!(
                "`{name}` comes to {lowest} and {highest} only for infinite weights, and {} of the targets are there",
                say::percent(share)
            ),
        )
        .at(edits::activation_span(outputs.head.place()), format!("between {lowest} and {highest}, ends left out"))
        .and(target_span(outputs), format!("{count} targets at an end"))
        .note_that("weights keep growing while the slope vanishes (LeCun et al. 1998, section 4.5)")
        .resting_on(EvidenceKind::Proof, "range", vec![("share", share)]),
    );
}

/// Where the target is named.
pub(super) fn target_span(outputs: &Outputs<'_>) -> crate::source::Span {
    let data = &outputs.subject.program.data;
    data.target_span.unwrap_or(data.source_span)
}
