//! NN601–NN606: the learning rate, the number of steps, and what else moves weights. (Another update order than the
//! simultaneous one, 607, cannot be written in this language.) A proved limit silences the rest.

mod epsilon;
mod high;
mod low;
mod penalty;
mod range;
mod steps;

use super::Subject;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Span;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    epsilon::run(subject, out);
    range::run(subject, out);
    if high::proved(subject, out) {
        return;
    }
    let spoiled = out.iter().any(|d| d.level == Level::Error && (300..500).contains(&d.code.0));
    let is_warned_of =
        |codes: std::ops::Range<u16>| out.iter().any(|d| d.level >= Level::Warning && codes.contains(&d.code.0));
    // A start that is off explains a run that goes nowhere or wild; what one batch shows of it the former alone.
    let explained = is_warned_of(400..407);
    let slow = explained || is_warned_of(408..411);
    let before = out.len();
    if !spoiled {
        penalty::run(subject, out);
        if out.len() == before && !explained {
            high::seen(subject, out);
        }
        if out.len() == before && !slow {
            low::run(subject, out);
        }
    }
    if out.len() == before {
        steps::run(subject, spoiled || slow, out);
    }
}

/// The place of the learning rate's number, and its value.
fn rate(subject: &Subject<'_>) -> (Span, f64) {
    let training = &subject.program.training;
    (training.learning_rate.span.unwrap_or(training.span), training.learning_rate.value)
}
