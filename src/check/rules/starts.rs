//! NN401–NN410: how weights start.

use super::Subject;
use crate::diagnostic::Diagnostic;

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let _ = (subject, out);
}
