//! NN407–NN410: what one pass over a batch shows before any weight has moved. A run that learns all the same settles
//! the matter: then nothing is said.

use crate::check::evidence::{LEARNT, LayerStart, Start, short};
use crate::check::rules::Subject;
use crate::diagnostic::{Diagnostic, EvidenceKind, Level, codes};

/// The share of saturated values that is too much.
const SATURATED: f64 = 0.5;
/// Shares of dead units that are worth a warning and a note.
const DEAD: (f64, f64) = (0.9, 0.5);
/// The first loss over that of even chances, and over the best constant's: for logarithms, and for distances.
const FIRST_LOSS: (f64, f64) = (2.0, 10.0);
/// The slowest layer's relative gradient over the fastest's.
const UNEVEN: f64 = 1e-3;

/// The batch, where a run is seen not to learn.
fn start_of_a_run_that_does_not_learn<'a>(subject: &'a Subject<'_>) -> Option<&'a Start> {
    subject.evidence.start().filter(|_| subject.evidence.learns() == Some(false))
}

/// NN408
pub(super) fn dead(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let Some(start) = subject.evidence.start() else { return };
    let nodes = &subject.program.network.nodes;
    let worst = start.layers.iter().filter_map(|l| Some((l, l.dead?))).max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((layer, share)) = worst.filter(|w| w.1 > DEAD.1) else { return };
    if subject.evidence.run().is_some_and(|run| run.share() <= LEARNT) {
        return;
    }
    let level = if share > DEAD.0 && subject.evidence.learns() == Some(false) { Level::Warning } else { Level::Note };
    let node = &nodes[layer.node];
    let units = node.shape.size();
    let count = (share * units as f64).round();
    let message = format!("{count} of the {units} units of `{}` are 0 for every row at the start", node.label);
    let report = Diagnostic::new(codes::DEAD_UNITS, level, message)
        .at(node.span, "a relu that is 0 for every row has no gradient")
        .help("centre the inputs (`scale = standard`), start biases at 0, or write `leaky_relu`");
    out.push(report.resting_on(
        EvidenceKind::Estimate,
        subject.evidence.batch_basis(),
        vec![("dead", share), ("units", units as f64)],
    ));
}

/// NN407
pub(super) fn saturated(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let Some(start) = start_of_a_run_that_does_not_learn(subject) else { return };
    let nodes = &subject.program.network.nodes;
    let last = nodes.len() - 1;
    let worst = start.layers.iter().filter(|l| l.node < last).filter_map(|l| Some((l, l.saturated?)));
    let Some((layer, share)) = worst.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|w| w.1 > SATURATED) else { return };
    let node = &nodes[layer.node];
    let activation = node.activation().map_or("", |a| a.name());
    let message = format!("{}% of the values of `{}` are saturated at the start", short(100.0 * share), node.label);
    let input = subject.evidence.propagated().input;
    let report = Diagnostic::warning(codes::SATURATED, message)
        .at(node.span, format!("there the slope of {activation} is below 7% of its maximum"))
        .note_that(format!(
            "the inputs' root mean square is {}; weights of the usual start suit 1",
            short(input.sqrt())
        ))
        .help("write `scale = standard` in `data`, or start the weights narrower");
    out.push(with_run(subject, report, start).resting_on(
        EvidenceKind::Estimate,
        subject.evidence.batch_basis(),
        vec![("saturated", share), ("input_rms", input.sqrt())],
    ));
}

/// NN410
pub(super) fn uneven(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let Some(start) = start_of_a_run_that_does_not_learn(subject) else { return };
    let relative = |l: &LayerStart| Some(l.gradient? / l.weight.filter(|w| *w > 0.0)?);
    let speeds: Vec<(usize, f64)> = start.layers.iter().filter_map(|l| Some((l.node, relative(l)?))).collect();
    let by_speed = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    let (Some(slow), Some(fast)) = (speeds.iter().min_by(by_speed), speeds.iter().max_by(by_speed)) else { return };
    if !(fast.1 > 0.0 && slow.1 < UNEVEN * fast.1) {
        return;
    }
    let nodes = &subject.program.network.nodes;
    let (slow_node, fast_node) = (&nodes[slow.0], &nodes[fast.0]);
    let ratio = slow.1 / fast.1;
    let message =
        format!("`{}` learns {} times as slowly as `{}`", slow_node.label, short(1.0 / ratio), fast_node.label);
    let report = Diagnostic::warning(codes::LAYER_GRADIENT, message)
        .at(slow_node.span, format!("gradient over weight: {}", short(slow.1)))
        .and(fast_node.span, format!("here {}", short(fast.1)))
        .help("start every layer by its fan (`init = glorot_uniform`), or write `batch_norm` or relu between them");
    out.push(with_run(subject, report, start).resting_on(
        EvidenceKind::Estimate,
        subject.evidence.batch_basis(),
        vec![("slowest", slow.1), ("fastest", fast.1), ("ratio", ratio)],
    ));
}

/// NN409
pub(super) fn first_loss(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let Some(start) = start_of_a_run_that_does_not_learn(subject) else { return };
    let training = &subject.program.training;
    // Logarithms are compared with those of even chances: where a class is rare its entropy is near 0, and any start
    // is far above that.
    let even = training.loss.uninformed(subject.program.network.output().shape.size());
    let (bound, even) = even.map_or((FIRST_LOSS.1, 0.0), |even| (FIRST_LOSS.0, even));
    let ratio = start.ratio();
    if start.base <= start.least || start.loss - start.least <= bound * (start.base.max(even) - start.least) {
        return;
    }
    let message =
        format!("the first loss is {}, {} times that of the best constant output", short(start.loss), short(ratio));
    let report = Diagnostic::warning(codes::INITIAL_LOSS, message)
        .at(training.loss_choice.span.unwrap_or(training.span), format!("a constant output reaches {}", short(start.base)))
        .help("scale inputs and targets (`scale = standard`, `target_scale = standard`), or start the last layer narrower");
    out.push(with_run(subject, report, start).resting_on(
        EvidenceKind::Estimate,
        subject.evidence.batch_basis(),
        vec![("first_loss", start.loss), ("base_loss", start.base)],
    ));
}

/// Says how far a run got.
fn with_run(subject: &Subject<'_>, report: Diagnostic, start: &Start) -> Diagnostic {
    match subject.evidence.run() {
        Some(run) => {
            let what = if run.is_whole() { "all" } else { "the first" };
            let (last, base) = (short(run.last), short(start.base));
            report.note_that(format!(
                "a run of {what} {} steps ends at a loss of {last}; the best constant output has {base}",
                run.steps
            ))
        }
        None => report,
    }
}
