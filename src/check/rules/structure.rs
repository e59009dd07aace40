//! NN701–NN710: layers that undo each other.

use super::Subject;
use crate::diagnostic::Diagnostic;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let _ = (subject, out);
}
