//! NN501–NN508: what the columns hold.

use super::Subject;
use crate::diagnostic::Diagnostic;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let _ = (subject, out);
}
