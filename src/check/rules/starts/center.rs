//! NN404: weights whose mean is far from 0, so that all units of a layer see the same sum.
//!
//! With weights m + σξ a unit's sum is m·Σa + σ·Σξa. The first part is common to all units; with n inputs of like size
//! it outweighs the second where m²·(n·E|a|)² > σ²·n·E a². E|a| = √(2/π)·√(E a²) for a normal a.

use super::layers::{Weighted, sharing};
use crate::check::evidence::short;
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Level, codes};

/// (E|a|)²/E a² of a normal a.
const FOLDED: f64 = 2.0 / std::f64::consts::PI;
/// The mean squared correlation of neighbouring units from which on they are called alike.
const ALIKE: f64 = 0.5;

/// Reports hidden layers that start off centre.
pub(super) fn run(subject: &Subject<'_>, layers: &[Weighted<'_>], spoiled: bool, out: &mut Vec<Diagnostic>) {
    let off = |l: &&Weighted<'_>| l.hidden && l.node.shape.size() >= 2 && l.weight.written.is_some() && ratio(l) > 1.0;
    let alike =
        |l: &Weighted<'_>| subject.evidence.start().and_then(|s| s.layers.iter().find(|k| k.node == l.at)?.alike);
    let by_likeness =
        |a: &&Weighted<'_>, b: &&Weighted<'_>| alike(a).unwrap_or(0.0).total_cmp(&alike(b).unwrap_or(0.0));
    let Some(layer) = layers.iter().filter(off).max_by(by_likeness) else { return };
    let alike = alike(layer);
    if alike.is_some_and(|a| a < ALIKE) {
        return;
    }
    let blamed = || subject.evidence.learns() == Some(false) || subject.evidence.restarted().is_some();
    let seen = alike.is_some() && !spoiled && blamed();
    let level = if seen { Level::Warning } else { Level::Note };
    out.push(report(subject, layers, layer, alike, level));
}

fn ratio(layer: &Weighted<'_>) -> f64 {
    let (mean, variance) = (layer.weight.start.mean(), layer.weight.start.variance());
    if variance == 0.0 { 0.0 } else { FOLDED * layer.weight.fan_in as f64 * mean * mean / variance }
}

fn report(
    subject: &Subject<'_>,
    layers: &[Weighted<'_>],
    layer: &Weighted<'_>,
    alike: Option<f64>,
    level: Level,
) -> Diagnostic {
    let (mean, std) = (layer.weight.start.mean(), layer.weight.start.variance().sqrt());
    let label = &layer.node.label;
    let message =
        format!("the weights of `{label}` start around {}, and its units are nearly copies of each other", short(mean));
    let alone = sharing(layers, layer).len() < 2;
    let repair = layer.repair(alone);
    let mut report = Diagnostic::new(codes::INIT_CENTER, level, message)
        .at(layer.span(), format!("mean {}, standard deviation {}", short(mean), short(std)))
        .note_that(format!(
            "what all units share is {} times as strong as what tells them apart (as variances, {} inputs)",
            short(ratio(layer)),
            layer.weight.fan_in
        ));
    let mut values = vec![("mean", mean), ("std", std), ("ratio", ratio(layer))];
    if let Some(alike) = alike {
        report = report.note_that(format!("the mean squared correlation of neighbouring units is {}", short(alike)));
        values.push(("correlation", alike));
    }
    if let Some(other) = subject.evidence.restarted().filter(|_| level == Level::Warning) {
        report = report.note_that(format!("with the usual start {} steps end at {}", other.steps, short(other.last)));
    }
    report
        .help(format!("write `{repair}`: around 0"))
        .fix(Applicability::Unsafe, format!("write `{repair}`"), layer.span(), repair)
        .resting_on(EvidenceKind::Estimate, subject.evidence.batch_basis(), values)
}
