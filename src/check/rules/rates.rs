//! NN601–NN607: the learning rate and the number of steps.

use super::Subject;
use crate::diagnostic::Diagnostic;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let _ = (subject, out);
}
