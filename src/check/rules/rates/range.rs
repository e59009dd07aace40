//! NN603: the fixed range for learning rates that UMLAUT holds every program to. What a network bears depends on its
//! loss and its data, which NN601 and NN602 measure; so this one is a rule of taste.

use super::rate;
use crate::check::evidence::short;
use crate::check::rules::Subject;
use crate::diagnostic::{Diagnostic, EvidenceKind, codes};

/// Schoop, Huang and Hartmann (CHI 2021).
const CUSTOM: (f64, f64) = (1e-7, 1e-2);

/// Judges the rate that the user wrote.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let (span, eta) = rate(subject);
    if !subject.pedantic || (CUSTOM.0..=CUSTOM.1).contains(&eta) {
        return;
    }
    let (side, bound) = if eta > CUSTOM.1 { ("above", CUSTOM.1) } else { ("below", CUSTOM.0) };
    let ratio = if eta > bound { eta / bound } else { bound / eta };
    out.push(
        Diagnostic::note(codes::RATE_RANGE, format!("a learning rate of {eta} is outside the usual 1e-7…1e-2"))
            .at(span, format!("{} times {side} it", short(ratio)))
            .resting_on(EvidenceKind::Estimate, "a fixed range", vec![("learning_rate", eta)])
            .help("write a rate from 1e-7 to 1e-2, or leave `--pedantic` out"),
    );
}
