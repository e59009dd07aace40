//! NN505: targets of a size that the optimizer cannot come to in the steps it has, or is slow to.

use super::features::Features;
use crate::catalog::layers::{LayerRole, Role};
use crate::check::evidence::{LEARNT, Probe, short};
use crate::check::rules::{Subject, edits, say};
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, Fix, Level, codes};
use crate::ir::spec::{Scale, Statistics, TargetFacts};
use crate::ir::{Network, NodeId};

/// Targets beyond this are worth a note.
const LARGE: f64 = 10.0;

/// NN505
pub(super) fn target_scale(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    out.extend(large(subject));
}

fn large(subject: &Subject<'_>) -> Option<Diagnostic> {
    let TargetFacts::Values { names, statistics, .. } = &subject.program.facts.target else { return None };
    let size = |s: &Statistics| s.std.max(s.mean.abs());
    let (name, known) = names.iter().zip(statistics).max_by(|a, b| size(a.1).total_cmp(&size(b.1)))?;
    if size(known) <= LARGE {
        return None;
    }
    let training = &subject.program.training;
    let data = &subject.program.data;
    // An output has to come at least this far to be better than standing still at the mean.
    let wanted = known.mean.abs() + known.std;
    let reach = reach(subject);
    let about = format!("mean {}, standard deviation {}", say::number(known.mean), say::number(known.std));
    let rate = training.learning_rate;
    let mut diagnostic = match reach {
        Some((reach, steps)) if reach < wanted => Diagnostic::warning(
            codes::TARGET_SCALE,
            format!(
                "`{name}` needs outputs of {}, and {steps} steps come to {} at most",
                say::number(wanted),
                say::number(reach)
            ),
        )
        .at(rate.span.unwrap_or(training.span), format!("a weight moves by about {} a step", say::number(rate.value)))
        .and(data.target_span.unwrap_or(data.source_span), about)
        .and_if(training.epochs.span, say::count(steps as usize, "step"))
        .note_that(format!(
            "`{}` moves each weight by about the learning rate a step, whatever the gradient",
            training.optimizer.name()
        ))
        .resting_on(EvidenceKind::Estimate, "weights × steps", vec![("needed", wanted), ("reach", reach)]),
        _ if slow(subject) => slowly(subject, name, &about)?,
        _ if subject.evidence.run().is_some_and(|run| run.share() <= LEARNT) => return None,
        _ => Diagnostic::note(codes::TARGET_SCALE, format!("`{name}` is large: {about}"))
            .at(data.target_span.unwrap_or(data.source_span), about)
            .note_that("gradients grow with the target, and outputs start near 0")
            .resting_on(
                EvidenceKind::Estimate,
                format!("statistics of {} training rows", subject.program.facts.training_rows),
                vec![("mean", known.mean), ("std", known.std)],
            ),
    };
    diagnostic =
        diagnostic.help("write `target_scale = standard` in `data`: predictions come out in the target's own scale");
    let edit = match data.target_scale.span {
        Some(span) => Some(Edit { span, text: "standard".to_owned() }),
        None => data.target_span.map(|near| edits::setting_below(subject.source, near, "target_scale = standard")),
    };
    if data.target_scale.value == Scale::None {
        diagnostic.fixes.extend(edit.map(|edit| Fix {
            title: "write `target_scale = standard`".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![edit],
        }));
    }
    Some(diagnostic)
}

/// Whether a run that goes nowhere, and does not rise, ends much lower with its targets standardised.
fn slow(subject: &Subject<'_>) -> bool {
    subject.evidence.retargeted().is_some()
}

/// The warning that a run on standardised targets makes of the note.
fn slowly(subject: &Subject<'_>, name: &str, about: &str) -> Option<Diagnostic> {
    let data = &subject.program.data;
    let (run, other) = (subject.evidence.run()?, subject.evidence.retargeted()?);
    let left = |probe: &Probe| format!("{}%", short(100.0 * probe.share()));
    let message = format!(
        "{} leave {} of the error in `{name}` that a constant output has, and {} where it is standardised",
        say::count(run.steps as usize, "step"),
        left(run),
        left(other)
    );
    // What has come far in a part of its run may come all the way in the rest.
    let on_its_way = !run.is_whole() && run.share() <= LEARNT;
    let level = if on_its_way { Level::Note } else { Level::Warning };
    let report = Diagnostic::new(codes::TARGET_SCALE, level, message)
        .at(data.target_span.unwrap_or(data.source_span), about)
        .note_that("gradients grow with the target, and outputs start near 0");
    Some(report.resting_on(
        EvidenceKind::Probe,
        say::count(run.steps as usize, "step"),
        vec![("share", run.share()), ("share_scaled", other.share())],
    ))
}

/// How far an output can come, and in how many steps, with an optimizer that moves each weight by about the learning
/// rate: |w| ≤ |w₀| + η·steps, through the layers from inputs of their usual size.
fn reach(subject: &Subject<'_>) -> Option<(f64, u64)> {
    let training = &subject.program.training;
    if !training.optimizer.is_bounded() {
        return None;
    }
    let steps = training.steps_per_epoch(subject.program.facts.training_rows).saturating_mul(training.epochs.value);
    let moved = training.learning_rate.value * steps as f64;
    let network = &subject.program.network;
    let features = Features::of(subject);
    let other = network.input().size().saturating_sub(features.numbers.len());
    let input = features.numbers.iter().map(|f| f.prepared.mean.abs() + f.prepared.std).sum::<f64>() + other as f64;
    // For each node: the sum of its values' sizes over its units, and the size of one.
    let mut sums = vec![input];
    let mut sizes = vec![input / network.input().size().max(1) as f64];
    for id in 1..network.nodes.len() {
        let size = one(network, NodeId(id), &sums, &sizes, moved);
        sums.push(size * network.nodes[id].shape.size() as f64);
        sizes.push(size);
    }
    Some((*sizes.last()?, steps))
}

/// What the sizes of inputs come to in a layer without weights.
fn joined(role: Option<LayerRole>, sizes: impl Iterator<Item = f64>) -> f64 {
    match role {
        Some(LayerRole::Multiply) => sizes.product(),
        Some(LayerRole::Concat) => sizes.fold(0.0, f64::max),
        _ => sizes.sum(),
    }
}

/// The size that one unit's value may come to.
fn one(network: &Network, id: NodeId, sums: &[f64], sizes: &[f64], moved: f64) -> f64 {
    let node = &network.nodes[id.0];
    let weight = node.tensors.iter().find(|t| t.role == Role::Weight);
    let sum = match weight {
        Some(weight) => {
            let start = weight.start.mean().abs() + 2.0 * weight.start.variance().sqrt();
            let bias = node.tensors.iter().find(|t| t.role == Role::Bias);
            let bias = bias.map_or(0.0, |b| b.start.mean().abs() + 2.0 * b.start.variance().sqrt() + moved);
            (start + moved) * node.inputs.iter().map(|i| sums[i.0]).sum::<f64>() + bias
        }
        None if let Some(LayerRole::Rectify { slope }) = node.role() => {
            (slope + moved).max(1.0) * node.inputs.iter().map(|i| sizes[i.0]).sum::<f64>()
        }
        // A norm brings values to 1, then scales and shifts.
        None if !node.tensors.is_empty() => 2.0 * (1.0 + moved),
        None => joined(node.role(), node.inputs.iter().map(|i| sizes[i.0])),
    };
    sum.min(node.range.low.abs().max(node.range.high.abs()))
}
