//! NN301–NN311: the output, its loss and its targets.

use super::Subject;
use crate::diagnostic::Diagnostic;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let _ = (subject, out);
}
