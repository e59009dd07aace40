//! NN604: training that ends before it is done, and batches larger than the data.

use crate::check::evidence::{Evidence, LEARNT, short};
use crate::check::rules::{Subject, say};
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Level, codes};

/// Epoch multipliers tried in a longer trial: for short runs, for long runs.
const MANY: (u64, u64) = (100, 10);
/// A run is short where steps < `FEW` · √parameters.
const FEW: f64 = 10.0;

/// A run of few steps that ends below this share of the best constant's loss has learnt enough.
const LITTLE: f64 = 0.25;

/// A run that is cut short, or has few steps for its parameters.
pub(super) fn few(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let rows = subject.program.facts.training_rows;
    let steps = training.steps_per_epoch(rows).saturating_mul(training.epochs.value);
    let parameters = subject.program.network.parameter_count();
    let few = FEW * (parameters as f64).sqrt();
    let is_few = (steps as f64) < few;
    if cut_short(subject, is_few, out) {
        return;
    }
    if is_few && subject.evidence.run().is_none_or(|run| run.share() > LEARNT) {
        let message = format!("training takes {}, few for {parameters} parameters", say::count(steps as usize, "step"));
        let report = Diagnostic::note(codes::STEPS, message).at(
            training.epochs.span.unwrap_or(training.span),
            format!("{} an epoch", say::count(training.steps_per_epoch(rows) as usize, "step")),
        );
        out.push(report.resting_on(
            EvidenceKind::Estimate,
            "10·√parameters steps",
            vec![("steps", steps as f64), ("parameters", parameters as f64)],
        ));
    }
}

/// A whole run that ends high, where more of the same ends low.
fn cut_short(subject: &Subject<'_>, few: bool, out: &mut Vec<Diagnostic>) -> bool {
    let training = &subject.program.training;
    let Some(run) = subject.evidence.run() else { return false };
    let epochs = training.epochs.value;
    // Training that stops by itself has not been cut short.
    let stops = training.stop.is_some_and(|stop| stop.patience < epochs);
    if !run.is_whole()
        || stops
        || run.base <= run.least
        || run.share() <= if few { LITTLE } else { LEARNT }
        || run.last >= run.first
    {
        return false;
    }
    let Some(longer) = subject.evidence.longer(if few { MANY.0 } else { MANY.1 }, run) else { return false };
    if !Evidence::outdoes(&longer, run) {
        return false;
    }
    let steps = say::count(run.steps as usize, "step");
    let message = format!("after all {steps} the loss is {} and still falling", short(run.last));
    let more = rounded(epochs.saturating_mul(longer.steps.div_ceil(run.steps.max(1))));
    let mut report = Diagnostic::new(codes::STEPS, Level::Warning, message)
        .at(training.epochs.span.unwrap_or(training.span), say::count(epochs as usize, "epoch"))
        .note_that(format!(
            "{} steps end at {}; the best constant output has {}",
            longer.steps,
            short(longer.last),
            short(run.base)
        ))
        .help(format!("write `epochs = {more}`"));
    if let Some(span) = training.epochs.span {
        report = report.fix(Applicability::Unsafe, format!("write `{more}`"), span, more.to_string());
    }
    out.push(report.resting_on(
        EvidenceKind::Probe,
        longer.basis(),
        vec![("last_loss", run.last), ("longer_loss", longer.last), ("base_loss", run.base)],
    ));
    true
}

/// The next number of the row 1, 2, 5, 10, … that is not below.
fn rounded(least: u64) -> u64 {
    let power = 10u64.saturating_pow(least.max(1).ilog10());
    [1, 2, 5, 10].map(|lead| power.saturating_mul(lead)).into_iter().find(|&n| n >= least).unwrap_or(least)
}

/// A batch larger than the data.
pub(super) fn large_batch(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let rows = subject.program.facts.training_rows as u64;
    let batch = subject.program.training.batch;
    let (Some(size), Some(span)) = (batch.value, batch.span) else { return };
    if size <= rows {
        return;
    }
    out.push(
        Diagnostic::note(codes::STEPS, format!("a batch of {size} is larger than the {rows} rows to train on"))
            .at(span, "every step sees all rows")
            .and(subject.program.data.source_span, format!("{rows} rows to train on"))
            .help("write `batch = all`")
            .fix(Applicability::Safe, "write `all`", span, "all"),
    );
}
