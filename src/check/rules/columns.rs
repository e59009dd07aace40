//! NN501–NN509: what the columns hold, by their statistics over the training rows.

mod answer;
mod classes;
mod digits;
mod features;
mod identifier;
mod reach;
mod repeats;
mod scale;
mod sides;

use super::Subject;
use super::answers;
use super::outputs::lowest;
use crate::diagnostic::Diagnostic;
use features::Features;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let features = Features::of(subject);
    scale::unscaled(subject, &features, out);
    scale::constant(subject, &features, out);
    digits::lost(subject, &features, out);
    classes::imbalance(subject, out);
    answer::constant(subject, out);
    reach::target_scale(subject, out);
    repeats::contradictions(subject, out);
    sides::two_sides(subject, out);
    repeats::target_as_input(subject, &features, out);
    identifier::identifiers(subject, &features, out);
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
