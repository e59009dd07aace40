//! NN602: a learning rate so low that the run ends before anything has happened.
//!
//! The fastest part of the error falls with a time constant of 1/(ηλ) steps; adam and its kin move a weight by at most
//! about η a step. A run that goes nowhere, and goes somewhere at a higher rate, is called slow; whether steps or rate
//! are too few is told by how far the rate is below what the curvature (or the optimizer's custom) allows.

use super::rate;
use crate::check::evidence::{Evidence, LEARNT, Probe, Start, neat, short, stability};
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, codes};

/// A rate above this share of the limit is not low.
const NEAR: f64 = 0.05;
/// Nor is one above this, for optimizers that scale their steps.
const CUSTOM: f64 = 3e-4;
/// A bolder rate has to end this much lower than a lower one.
const CLEARLY: f64 = 0.7;
/// A share of a constant output's loss that need not be less.
const ENOUGH: f64 = 0.05;
/// Steps that, all of them, leave so much of a constant output's loss go nowhere.
const NOWHERE: f64 = 0.95;

/// Reports a run that goes nowhere at this rate and somewhere at a higher one.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(start), Some(run)) = (subject.evidence.start(), subject.evidence.run()) else { return };
    let (_, eta) = rate(subject);
    let limit = subject.evidence.limit();
    let is_low = match (limit, stability(subject.program)) {
        (Some(limit), _) => eta < NEAR * limit,
        (None, Some(_)) => return,
        (None, None) => eta < CUSTOM,
    };
    if !is_low || start.base <= start.least || expected(run) - start.least <= LEARNT * (start.base - start.least) {
        return;
    }
    let left = |loss: f64| (loss - start.least) / (start.base - start.least);
    // Of a run that is far from whole, and would go nowhere in its whole length, little can be seen at any rate: the
    // one that takes it furthest is better.
    let goes_nowhere = !run.is_whole() && left(run.first.min(start.base)) - left(expected(run)) < 1.0 - NOWHERE;
    let mut best: Option<(f64, Probe)> = None;
    let most = limit.map_or(1e4, |l| 0.5 * l / eta);
    for factor in [10.0, 100.0, 1e3, 1e4, 1e5, 1e6].into_iter().filter(|f| *f <= most * 1.000_1) {
        let Some(fast) = subject.evidence.steps_at(factor, run.steps) else { break };
        let is_better = Evidence::outdoes(&fast, run) || goes_nowhere && fast.share() < NOWHERE * run.share();
        if is_better && best.as_ref().is_none_or(|(_, best)| fast.share() < CLEARLY * best.share()) {
            best = Some((factor, fast));
        }
        // Nothing is left to win at a rate that is bolder still.
        if best.as_ref().is_some_and(|(_, best)| best.share() <= ENOUGH) {
            break;
        }
    }
    if let Some((factor, fast)) = best {
        out.push(report(subject, run, &fast, eta * factor, (start, limit)));
    }
}

/// Where a whole run would end, if it went on as it goes: for a part of a run the most that its fall can come to.
fn expected(run: &Probe) -> f64 {
    if run.is_whole() {
        return run.last;
    }
    run.first - (run.first - run.last) * run.all_steps as f64 / run.steps as f64
}

fn report(
    subject: &Subject<'_>,
    run: &Probe,
    fast: &Probe,
    higher: f64,
    (start, limit): (&Start, Option<f64>),
) -> Diagnostic {
    let (span, eta) = rate(subject);
    let whole = if run.is_whole() { "all " } else { "the first " };
    let message = format!(
        "{whole}{} steps at a learning rate of {eta} take the loss from {} to {}",
        run.steps,
        short(run.first),
        short(run.last)
    );
    let repair = neat(higher);
    let mut values =
        vec![("learning_rate", eta), ("first_loss", run.first), ("last_loss", run.last), ("base_loss", start.base)];
    let mut report = Diagnostic::warning(codes::RATE_LOW, message)
        .at(span, "too small a step")
        .and_if(subject.program.training.epochs.span, format!("{} steps in all", run.all_steps))
        .note_that(format!("with {repair} as many steps end at {}", short(fast.last)));
    if let (Some(limit), Some(curvature)) = (limit, subject.evidence.curvature()) {
        report = report.note_that(format!(
            "the curvature at the start, {}, allows up to {}",
            short(curvature.largest),
            short(limit)
        ));
        values.extend([("largest_eigenvalue", curvature.largest), ("limit", limit)]);
    }
    report
        .help(format!("write `{repair}`"))
        .fix(Applicability::Unsafe, format!("write `{repair}`"), span, repair)
        .resting_on(EvidenceKind::Probe, run.basis(), values)
}
