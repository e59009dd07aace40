//! The rules of design: what is wrong with a network that reads well. A file for each family; each looks at the whole
//! [`Subject`] and reports. What evidence rests on (statistics, propagated variances, one batch, curvature, a probe)
//! is computed at most once, in `check::evidence`, when the first rule asks.

mod answers;
mod columns;
mod edits;
mod outputs;
mod rates;
mod say;
mod starts;
mod structure;

use super::Loaded;
use super::evidence::Evidence;
use crate::diagnostic::Diagnostic;
use crate::ir::Program;
use crate::source::Source;

/// What rules look at.
pub(super) struct Subject<'a> {
    /// The file.
    pub(super) source: &'a Source,
    /// The program.
    pub(super) program: &'a Program,
    /// Its rows.
    pub(super) data: &'a Loaded,
    /// Only what needs neither a batch nor a probe.
    pub(super) quick: bool,
    /// What can be measured, computed when the first rule asks.
    pub(super) evidence: Evidence<'a>,
}

/// Everything the rules find.
pub(super) fn run(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    outputs::run(subject, &mut found);
    starts::run(subject, &mut found);
    columns::run(subject, &mut found);
    rates::run(subject, &mut found);
    structure::run(subject, &mut found);
    found
}
