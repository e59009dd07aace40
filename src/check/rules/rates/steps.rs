//! NN604: training that ends before it is done, and batches larger than the data.

use crate::check::evidence::short;
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Level, codes};

/// A run that ends above this share of the best constant's loss is asked whether more steps do better.
const POOR: f64 = 0.5;
/// Ten times the steps that end below this share of the loss do much better.
const BETTER: f64 = 0.3;
/// Fewer steps than this many times the root of the parameters are few.
const FEW: f64 = 10.0;

/// Reports the first that holds.
pub(super) fn run(subject: &Subject<'_>, spoiled: bool, out: &mut Vec<Diagnostic>) {
    if large_batch(subject, out) {
        return;
    }
    let training = &subject.program.training;
    let rows = subject.program.facts.training_rows;
    let steps = training.steps_per_epoch(rows).saturating_mul(training.epochs.value);
    let parameters = subject.program.network.parameter_count();
    let few = FEW * (parameters as f64).sqrt();
    if spoiled || cut_short(subject, out) {
        return;
    }
    let learns = subject.evidence.run().zip(subject.evidence.start()).is_some_and(|(r, s)| r.last < POOR * s.base);
    if (steps as f64) < few && !learns {
        let message = format!("training takes {steps} steps, few for {parameters} parameters");
        let report = Diagnostic::note(codes::STEPS, message).at(
            training.epochs.span.unwrap_or(training.span),
            format!("{} steps an epoch", training.steps_per_epoch(rows)),
        );
        out.push(report.resting_on(
            EvidenceKind::Estimate,
            "10·√parameters steps",
            vec![("steps", steps as f64), ("parameters", parameters as f64)],
        ));
    }
}

/// A whole run that ends high, where ten times the steps end low.
fn cut_short(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let training = &subject.program.training;
    let (Some(start), Some(run)) = (subject.evidence.start(), subject.evidence.run()) else { return false };
    let stops = training.stop.is_some() || training.schedule_choice.is_some();
    if !run.is_whole() || stops || start.base <= 0.0 || run.last <= POOR * start.base || run.last >= run.first {
        return false;
    }
    let Some(longer) = subject.evidence.longer(run.steps.saturating_mul(10), BETTER * run.last) else { return false };
    let better = longer.last < BETTER * run.last || (run.last > 0.95 * start.base && longer.last < 0.7 * start.base);
    if !better {
        return false;
    }
    let epochs = training.epochs.value;
    let message = format!("after all {} steps the loss is {} and still falling", run.steps, short(run.last));
    let mut report = Diagnostic::new(codes::STEPS, Level::Warning, message)
        .at(training.epochs.span.unwrap_or(training.span), format!("{epochs} epochs"))
        .note_that(format!(
            "{} steps end at {}; the best constant output has {}",
            longer.steps,
            short(longer.last),
            short(start.base)
        ))
        .help(format!("write `epochs = {}`", epochs.saturating_mul(10)));
    if let Some(span) = training.epochs.span {
        let more = epochs.saturating_mul(10).to_string();
        report = report.fix(Applicability::Unsafe, format!("write `{more}`"), span, more);
    }
    out.push(report.resting_on(
        EvidenceKind::Probe,
        format!("{} steps", longer.steps),
        vec![("last_loss", run.last), ("longer_loss", longer.last), ("base_loss", start.base)],
    ));
    true
}

fn large_batch(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let rows = subject.program.facts.training_rows as u64;
    let batch = subject.program.training.batch;
    let (Some(size), Some(span)) = (batch.value, batch.span) else { return false };
    if size <= rows {
        return false;
    }
    out.push(
        Diagnostic::note(codes::STEPS, format!("a batch of {size} is larger than the {rows} rows to train on"))
            .at(span, "every step sees all rows")
            .and(subject.program.data.source_span, format!("{rows} rows to train on"))
            .help("write `batch = all`")
            .fix(Applicability::Safe, "write `all`", span, "all"),
    );
    true
}
