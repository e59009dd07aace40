//! NN406: where biases start.

use super::layers::weighted;
use crate::check::evidence::{few, short};
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};
use crate::ir::TargetUse;
use crate::ir::spec::TargetFacts;

/// A start of this size moves a unit away from where its inputs can tell.
const LARGE: f64 = 0.5;
/// The share of the rarer class below which the last bias is worth setting.
const RARE: f64 = 0.1;

/// Notes biases that start away from where they do good.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let layers = weighted(&subject.program.network);
    for layer in layers.iter().filter(|l| l.hidden) {
        let Some((bias, written)) = layer.bias.and_then(|b| Some((b, b.written?))) else { continue };
        let size = bias.start.mean().abs().max(bias.start.variance().sqrt());
        if size >= LARGE {
            let message = format!("the biases of `{}` start at a size of {}", layer.node.label, short(size));
            let usual = bias.usual.name();
            out.push(
                Diagnostic::note(codes::BIAS_INIT, message)
                    .at(written.span, "every unit starts shifted")
                    .help(format!("write `{usual}`"))
                    .fix(Applicability::Unsafe, format!("write `{usual}`"), written.span, usual),
            );
            return;
        }
    }
    rare_class(subject, &layers, out);
}

fn rare_class(subject: &Subject<'_>, layers: &[super::layers::Weighted<'_>], out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let TargetFacts::Classes { counts, names, .. } = &subject.program.facts.target else { return };
    let ([first, second], TargetUse::Binary, Some(last)) = (counts.as_slice(), training.target, layers.last()) else {
        return;
    };
    let (first, second) = (*first as f64, *second as f64);
    let share = second / (first + second);
    let centred = last.bias.is_some_and(|b| b.start.mean() == 0.0 && b.start.variance() == 0.0);
    if !training.fused
        || training.class_weights.is_some()
        || !centred
        || share.min(1.0 - share) >= RARE
        || share.min(1.0 - share) <= 0.0
    {
        return;
    }
    let log_odds = (share / (1.0 - share)).ln();
    out.push(
        Diagnostic::note(
            codes::BIAS_INIT,
            format!("the last bias starts at 0, and `{}` is {}% of the rows", names[1], few(100.0 * share)),
        )
        .at(last.node.span, "its first predictions are all near ½")
        .help(format!("write `bias_init=constant({})` on this line, the log-odds of the classes", few(log_odds)))
        .resting_on(EvidenceKind::Proof, "the classes' counts", vec![("share", share), ("log_odds", log_odds)]),
    );
}
