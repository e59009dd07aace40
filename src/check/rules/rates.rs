//! NN601–NN606: the learning rate, the number of steps, and what else moves weights. (Another update order than the
//! simultaneous one, 607, cannot be written in this language.) A proved limit silences the rest.

mod epsilon;
mod high;
mod low;
mod penalty;
mod range;
mod steps;

use super::outputs::PROVED as OUTPUT;
use super::starts::PROVED as START;
use super::{Cause, Check, Needs, Subject};
use crate::diagnostic::codes;
use crate::source::Span;

/// A rate that is proved too high diverges, whatever else is wrong.
const DIVERGES: Cause = Cause::proved(&[codes::RATE_HIGH]);
/// Weights that start badly explain a run that goes nowhere or wild.
const BAD_START: Cause = Cause::likely(&[
    codes::SYMMETRY,
    codes::INIT_NARROW,
    codes::INIT_WIDE,
    codes::INIT_CENTER,
    codes::INIT_SCHEME,
    codes::BIAS_INIT,
]);
/// What one batch shows of a start explains a run that goes nowhere.
const BAD_BATCH: Cause = Cause::likely(&[codes::DEAD_UNITS, codes::INITIAL_LOSS, codes::LAYER_GRADIENT]);

/// The family's checks.
pub(super) static CHECKS: &[Check] = &[
    Check {
        reports: &[codes::EPSILON],
        needs: Needs::Trial,
        silenced_by: &[],
        look: |all, out| epsilon::run(all.subject, out),
    },
    Check {
        reports: &[codes::RATE_RANGE],
        needs: Needs::Program,
        silenced_by: &[],
        look: |all, out| range::run(all.subject, out),
    },
    Check {
        reports: &[codes::RATE_HIGH],
        needs: Needs::Trial,
        silenced_by: &[],
        look: |all, out| high::proved(all.subject, out),
    },
    Check {
        reports: &[codes::PENALTY],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, START, DIVERGES],
        look: |all, out| penalty::run(all.subject, out),
    },
    Check {
        reports: &[codes::RATE_HIGH],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, START, DIVERGES, BAD_START, Cause::any(&[codes::PENALTY])],
        look: |all, out| high::seen(all.subject, out),
    },
    Check {
        reports: &[codes::RATE_LOW],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, START, BAD_START, BAD_BATCH, Cause::any(&[codes::PENALTY, codes::RATE_HIGH])],
        look: |all, out| low::run(all.subject, out),
    },
    Check {
        reports: &[codes::STEPS],
        needs: Needs::Program,
        silenced_by: &[Cause::any(&[codes::PENALTY, codes::RATE_HIGH, codes::RATE_LOW])],
        look: |all, out| steps::large_batch(all.subject, out),
    },
    Check {
        reports: &[codes::STEPS],
        needs: Needs::Trial,
        silenced_by: &[
            OUTPUT,
            START,
            BAD_START,
            BAD_BATCH,
            Cause::any(&[codes::PENALTY, codes::RATE_HIGH, codes::RATE_LOW, codes::STEPS]),
        ],
        look: |all, out| steps::few(all.subject, out),
    },
];

/// The place of the learning rate's number, and its value.
fn rate(subject: &Subject<'_>) -> (Span, f64) {
    let training = &subject.program.training;
    (training.learning_rate.span.unwrap_or(training.span), training.learning_rate.value)
}
