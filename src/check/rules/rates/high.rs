//! NN601: a learning rate above what the loss's curvature allows.
//!
//! On a quadratic, gradient descent multiplies the error along the sharpest direction by 1 − ηλ each step: for η ≥
//! 2/λ it never converges, whatever else is done. That is a theorem for a linear model under mse trained on all rows
//! at once. Networks bend away from such directions (Cohen et al. 2021), so there a run has to show it.

use super::rate;
use crate::check::evidence::{Evidence, LEARNT, Probe, Start, neat, short, stability};
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};

/// A loss this much above where it started has risen.
const RISEN: f64 = 1.05;
/// Other seeds that are tried near the limit.
const SEEDS: u64 = 3;
/// A batch loss this many times the first counts as divergence.
const THROWN: f64 = 10.0;

/// The error.
pub(super) fn proved(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let training = &subject.program.training;
    let (span, eta) = rate(subject);
    let Some(limit) = stability(subject.program) else { return };
    let rows = subject.program.facts.training_rows;
    let plain = training.schedule_choice.is_none() && training.clip_norm.is_none();
    if !plain || training.batch_rows(rows) < rows {
        return;
    }
    let Some(quadratic) = subject.evidence.quadratic() else { return };
    let most = limit / quadratic.largest;
    if !(quadratic.seen && eta >= most) {
        return;
    }
    let repair = neat(0.25 * most);
    let message = format!("a learning rate of {eta} never converges here: the limit is {}", short(most));
    let report = Diagnostic::error(codes::RATE_HIGH, message)
        .at(span, format!("{} times the limit", short(eta / most)))
        .and_if(training.loss_choice.span, "a quadratic of the weights, for a network of one linear layer")
        .note_that(format!(
            "the largest curvature of the loss over the {} rows is {}; every step multiplies the error along it by {}",
            quadratic.rows,
            short(quadratic.largest),
            short(growth(eta / most, limit))
        ));
    out.push(mended(with_cause(report, out), span, &repair).resting_on(
        EvidenceKind::Proof,
        "the largest eigenvalue of a quadratic loss",
        vec![("largest_eigenvalue", quadratic.largest), ("limit", most), ("learning_rate", eta)],
    ));
}

/// |1 − ηλ| for plain gradient descent.
fn growth(ratio: f64, limit: f64) -> f64 {
    (1.0 - ratio * limit).abs().max(1.0)
}

/// The warning: the program's own first steps, or its run, go wrong, and not at a lower rate.
pub(super) fn seen(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(start), Some(probe)) = (subject.evidence.start(), subject.evidence.probe()) else {
        return unseen(subject, out);
    };
    if probe.broke.is_some() || probe.is_beyond(probe.last, RISEN) {
        let tame = calmer(subject, probe, start);
        if let Some((factor, calm)) = tame {
            out.push(risen(subject, start, probe, &calm, factor, out));
        }
        return;
    }
    if probe.is_beyond(probe.highest, THROWN)
        && let Some((factor, calm)) = calmer(subject, probe, start)
    {
        out.push(risen(subject, start, probe, &calm, factor, out));
        return;
    }
    let Some(run) = subject.evidence.run() else { return };
    if run.share() <= LEARNT {
        if subject.evidence.is_near_limit() {
            at_risk(subject, start, out);
        }
        return;
    }
    // A start that ends in a poor place is no matter of the rate, unless the run was thrown there.
    let is_meant = || run.is_beyond(run.highest, THROWN) || !subject.evidence.is_luck();
    if let Some((factor, calm)) = better(subject, run).filter(|_| is_meant()) {
        out.push(outdone(subject, run, &calm, factor, out));
    }
}

/// A run that learns near the limit of its rate, where with another seed it breaks: it goes well by luck.
fn at_risk(subject: &Subject<'_>, start: &Start, out: &mut Vec<Diagnostic>) {
    let Some((seed, broken)) = subject.evidence.breaks_among(SEEDS) else { return };
    let Some(step) = broken.broke else { return };
    let (span, eta) = rate(subject);
    let calm = candidates(subject).into_iter().find_map(|factor| {
        let calm = subject.evidence.redrawn_at(seed, factor, broken.steps)?;
        calm.broke.is_none().then_some((factor, calm))
    });
    let Some((factor, calm)) = calm else { return };
    let own = subject.program.training.seed;
    let other = own.wrapping_add(seed);
    let lower = neat(eta * factor);
    let report = Diagnostic::warning(codes::RATE_HIGH, format!("with seed {other} {}", no_longer_finite(step, eta)))
        .at(span, "too large a step for some draws of the weights")
        .note_that(format!("with {lower} it is {} after {} steps", short(calm.last), broken.steps));
    out.push(finish(subject, report, span, &lower, &broken, start.base, out));
}

/// Among lower rates whose first steps do not increase the loss, the one that reduces it most; `None` means that the
/// rate is not the cause.
fn calmer(subject: &Subject<'_>, probe: &Probe, start: &Start) -> Option<(f64, Probe)> {
    let floor = probe.first.max(start.base);
    let tried = candidates(subject).into_iter().filter_map(|factor| {
        let calm = subject.evidence.steps_at(factor, probe.steps)?;
        (calm.last <= floor && calm.last < probe.last).then_some((factor, calm))
    });
    tried.min_by(|a, b| a.1.last.total_cmp(&b.1.last))
}

/// Among lower rates whose run of equally many steps ends much lower, the one that ends lowest.
fn better(subject: &Subject<'_>, run: &Probe) -> Option<(f64, Probe)> {
    let tried = candidates(subject).into_iter().take(3).filter_map(|factor| {
        let calm = subject.evidence.at(factor, run)?;
        Evidence::outdoes(&calm, run).then_some((factor, calm))
    });
    tried.min_by(|a, b| a.1.share().total_cmp(&b.1.share()))
}

/// Shares of the rate to try: a quarter of the limit where curvature gives one, and powers of ten.
fn candidates(subject: &Subject<'_>) -> Vec<f64> {
    let (_, eta) = rate(subject);
    let by_curvature = subject.evidence.limit().map(|limit| 0.25 * limit / eta).filter(|f| *f < 0.5 && *f > 1e-9);
    by_curvature.into_iter().chain([0.1, 0.01, 1e-3, 1e-4]).collect()
}

fn risen(
    subject: &Subject<'_>,
    start: &Start,
    probe: &Probe,
    calm: &Probe,
    factor: f64,
    out: &[Diagnostic],
) -> Diagnostic {
    let (span, eta) = rate(subject);
    let what = if let Some(step) = probe.broke {
        no_longer_finite(step, eta)
    } else {
        let high = probe.highest.max(probe.last);
        format!(
            "the loss rises from {} to {} in the first {} steps at a learning rate of {eta}",
            short(probe.first),
            short(high),
            probe.steps
        )
    };
    let report = Diagnostic::warning(codes::RATE_HIGH, what).at(span, "too large a step");
    let lower = neat(eta * factor);
    let report = report.note_that(format!(
        "after {} steps it is {}; with {lower} it is {}",
        probe.steps,
        short(probe.last),
        short(calm.last)
    ));
    finish(subject, report, span, &lower, probe, start.base, out)
}

fn no_longer_finite(step: u64, eta: f64) -> String {
    format!("the loss is no longer finite after {step} steps at a learning rate of {eta}")
}

fn outdone(subject: &Subject<'_>, run: &Probe, calm: &Probe, factor: f64, out: &[Diagnostic]) -> Diagnostic {
    let (span, eta) = rate(subject);
    let lower = neat(eta * factor);
    let base = subject.evidence.start().map_or(f64::NAN, |s| s.base);
    let what = match run.broke {
        Some(step) => no_longer_finite(step, eta),
        None => format!("{} steps at a learning rate of {eta} end at a loss of {}", run.steps, short(run.last)),
    };
    let report = Diagnostic::warning(codes::RATE_HIGH, what).at(span, "too large a step").note_that(format!(
        "with {lower} as many steps end at {}; the best constant output has {}",
        short(calm.last),
        short(base)
    ));
    finish(subject, report, span, &lower, run, base, out)
}

fn finish(
    subject: &Subject<'_>,
    report: Diagnostic,
    span: crate::source::Span,
    lower: &str,
    probe: &Probe,
    base: f64,
    out: &[Diagnostic],
) -> Diagnostic {
    let (_, eta) = rate(subject);
    let mut values =
        vec![("learning_rate", eta), ("first_loss", probe.first), ("last_loss", probe.last), ("base_loss", base)];
    let mut report = report;
    if let (Some(limit), Some(curvature)) = (subject.evidence.limit(), subject.evidence.curvature()) {
        values.extend([("largest_eigenvalue", curvature.largest), ("limit", limit)]);
        report = report.note_that(format!(
            "the largest curvature at the start is {} ({} rows), which allows {}",
            short(curvature.largest),
            curvature.rows,
            short(limit)
        ));
    }
    mended(with_cause(report, out), span, lower).resting_on(EvidenceKind::Probe, probe.basis(), values)
}

/// Only curvature is known: worth knowing, for networks often train beyond it.
fn unseen(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let (span, eta) = rate(subject);
    let (Some(limit), Some(curvature)) = (subject.evidence.limit(), subject.evidence.curvature()) else { return };
    if eta < limit {
        return;
    }
    let message = format!("the learning rate {eta} is above {}, what the curvature at the start allows", short(limit));
    let report = Diagnostic::note(codes::RATE_HIGH, message).at(span, format!("{} times as much", short(eta / limit)));
    out.push(mended(report, span, &neat(0.25 * limit)).resting_on(
        EvidenceKind::Estimate,
        subject.evidence.batch_basis(),
        vec![("largest_eigenvalue", curvature.largest), ("limit", limit), ("learning_rate", eta)],
    ));
}

/// Names unscaled inputs, where they were reported, as what bends the loss so.
fn with_cause(report: Diagnostic, out: &[Diagnostic]) -> Diagnostic {
    let cause = out.iter().find(|d| d.code == codes::UNSCALED).and_then(|d| d.primary.as_ref());
    report.and_if(cause.map(|l| l.span), "inputs on this scale bend the loss")
}

fn mended(report: Diagnostic, span: crate::source::Span, rate: &str) -> Diagnostic {
    report.help(format!("write `{rate}`")).fix(Applicability::Unsafe, format!("write `{rate}`"), span, rate)
}
