//! NN304, NN308 and NN311: targets that the output cannot reach, or only at the end of the line.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use super::Outputs;
use super::floor::Measure;
use super::logits::change;
use crate::check::rules::{edits, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Fix, codes};
use crate::ir::TargetUse;
use crate::ir::spec::{Scale, TargetFacts};

/// A floor below this share of the best constant's loss hinders nobody: one row a hair beyond the range.
const TELLING: f64 = 0.01;

/// NN308: relu as the output's activation.
pub(super) fn relu(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    if outputs.head.name() != "relu" || training.loss.fuses().is_some() {
        return;
    }
    let place = outputs.head.place();
    let (low, high) = outputs.answers().bounds();
    let floor = outputs.measure.within(outputs.answers(), 0.0, f64::INFINITY);
    let proved = floor >= TELLING * outputs.base();
    let mut diagnostic = if proved {
        Diagnostic::error(
            codes::RELU_OUTPUT,
            format!(
                "`relu` outputs nothing below 0, and {} goes down to {}: the loss cannot go below {}",
                outputs.target(),
                say::number(low),
                say::number(floor)
            ),
        )
    } else {
        Diagnostic::warning(codes::RELU_OUTPUT, "the output's `relu` has slope 0 wherever its weighted sum is below 0")
    };
    diagnostic = diagnostic
        .at(edits::activation_span(place), "outputs 0 and more")
        .and(target_span(outputs), format!("{} for training", say::range(low, high)));
    diagnostic = if proved {
        outputs.with_floor(diagnostic, floor, "range")
    } else {
        diagnostic
            .note_that("a row whose sum is below 0 predicts 0 and moves no weight; with one unit about half of all starts are so for many rows")
            .resting_on(EvidenceKind::Estimate, "range", vec![("low", low), ("high", high)])
    };
    diagnostic = diagnostic.help("write `linear`, or `softplus` where predictions must not be negative");
    diagnostic.fixes.extend(change(place, "linear"));
    out.push(diagnostic);
}

/// NN304: targets beyond the output's range.
pub(super) fn target(outputs: &Outputs<'_>, out: &mut Vec<Diagnostic>) {
    let training = &outputs.subject.program.training;
    let range = outputs.head.output.range;
    let name = outputs.head.name();
    let one_softmax = name == "softmax" && outputs.head.output.shape.size() == 1;
    if training.loss.fuses().is_some() || name == "relu" || one_softmax {
        return;
    }
    let (low, high) = outputs.answers().bounds();
    let labels = outputs.answers().values.iter().all(|&v| v == 0.0 || v == 1.0);
    let (floor, basis) = if name == "softmax" && training.target == TargetUse::Values && !labels {
        (outputs.measure.over_distributions(outputs.answers()), "distributions")
    } else if range.low <= low && high <= range.high {
        return;
    } else {
        (Some(outputs.measure.within(outputs.answers(), range.low, range.high)), "range")
    };
    let Some(floor) = floor.filter(|&floor| floor > 0.0) else { return };
    let make = if floor >= TELLING * outputs.base() { Diagnostic::error } else { Diagnostic::note };
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
    diagnostic = match training.target {
        TargetUse::Values => diagnostic.help("write `linear` for the output's activation"),
        _ => diagnostic.help("write `sigmoid` for the output's activation"),
    };
    diagnostic.fixes.extend(change(place, if training.target == TargetUse::Values { "linear" } else { "sigmoid" }));
    diagnostic.fixes.extend(scaled(outputs, name));
    out.push(diagnostic);
}

/// `target_scale = minmax` brings values into a sigmoid's range.
fn scaled(outputs: &Outputs<'_>, name: &str) -> Option<Fix> {
    let data = &outputs.subject.program.data;
    let is_value = matches!(outputs.subject.program.facts.target, TargetFacts::Values { .. });
    if !matches!(name, "sigmoid" | "softmax")
        || !is_value
        || name == "softmax"
        || data.target_scale.value == Scale::Minmax
    {
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
    let ends = match name {
        "sigmoid" => (0.0, 1.0),
        "tanh" => (-1.0, 1.0),
        _ => return,
    };
    let range = outputs.head.output.range;
    if outputs.measure != Measure::Squared || (range.low, range.high) != ends {
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
