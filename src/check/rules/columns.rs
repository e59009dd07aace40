//! NN501–NN510: what the columns hold, by their statistics over the training rows.

mod answer;
mod classes;
mod digits;
mod features;
mod identifier;
mod left_out;
mod monotone;
mod reach;
mod repeats;
mod scale;
mod sides;

use super::outputs::lowest;
use super::{Check, Needs, Shared, Subject, answers};
use crate::diagnostic::{Code, Diagnostic, codes};
pub(super) use features::Features;
pub(super) use scale::scaled;

/// The family's checks.
pub(super) static CHECKS: &[Check] = &[
    Check {
        reports: &[codes::UNSCALED],
        needs: Needs::Trial,
        silenced_by: &[],
        look: |all, out| scale::unscaled(all.subject, all.features(), out),
    },
    check(&[codes::CONSTANT], |all, out| scale::constant(all.subject, all.features(), out)),
    check(&[codes::LOST_DIGITS], |all, out| digits::lost(all.subject, all.features(), out)),
    check(&[codes::IMBALANCE], |all, out| classes::imbalance(all.subject, out)),
    check(&[codes::CONSTANT], |all, out| answer::constant(all.subject, out)),
    check(&[codes::TARGET_SCALE], |all, out| reach::target_scale(all.subject, out)),
    check(&[codes::CONTRADICTION], |all, out| repeats::contradictions(all.subject, out)),
    check(&[codes::LEAKAGE], |all, out| sides::two_sides(all.subject, out)),
    check(&[codes::LEAKAGE], |all, out| repeats::target_as_input(all.subject, all.features(), out)),
    check(&[codes::LEFT_OUT], |all, out| left_out::run(all.subject, out)),
    check(&[codes::IDENTIFIER], |all, out| identifier::identifiers(all.subject, all.features(), out)),
];

const fn check(reports: &'static [Code], look: fn(&Shared<'_>, &mut Vec<Diagnostic>)) -> Check {
    Check { reports, needs: Needs::Program, silenced_by: &[], look }
}

/// Whether the program's own run, as far as it is cheap, ends well below the loss of the best constant: whatever a
/// column looks like, it does no harm then.
pub(super) fn trains(subject: &Subject<'_>) -> bool {
    let Some(run) = subject.evidence.run() else { return false };
    let base = subject.program.training.loss.constant(&answers::of(subject));
    let floor = lowest(subject);
    run.last.is_finite() && run.last - floor < HALF * (base - floor)
}

/// A run that ends below this share of the best constant's loss has learnt.
const HALF: f64 = 0.5;
