//! NN601–NN606: the learning rate, the number of steps, and what else moves weights. (An update order other than
//! simultaneous, NN607 in the literature, cannot be written in this language.) A proved limit silences the rest.

mod epsilon;
mod high;
mod low;
mod penalty;
mod steps;

use super::Subject;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Span;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    epsilon::run(subject, out);
    if high::proved(subject, out) {
        return;
    }
    let spoiled = out.iter().any(|d| d.level == Level::Error && (300..500).contains(&d.code.0));
    // A start that is off explains a run that goes nowhere; what one batch shows of it does not.
    let explained = out.iter().any(|d| d.level >= Level::Warning && (400..407).contains(&d.code.0));
    let before = out.len();
    if !spoiled {
        penalty::run(subject, out);
        if out.len() == before && !explained {
            high::seen(subject, out);
        }
        if out.len() == before && !explained {
            low::run(subject, out);
        }
    }
    if out.len() == before {
        steps::run(subject, spoiled || explained, out);
    }
}

/// The place of the learning rate's number, and its value.
fn rate(subject: &Subject<'_>) -> (Span, f64) {
    let training = &subject.program.training;
    (training.learning_rate.span.unwrap_or(training.span), training.learning_rate.value)
}
