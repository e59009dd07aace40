//! The rules of design: what is wrong with a network that reads well. A file for each family; each looks at the whole
//! [`Subject`] and reports. What evidence rests on (statistics, propagated variances, one batch, curvature, a probe)
//! is computed at most once, in `check::evidence`, when the first rule asks.

mod answers;
mod columns;
mod edits;
mod fold;
mod outputs;
mod rates;
mod say;
mod starts;
mod structure;

use super::Loaded;
use super::evidence::Evidence;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::Code;
use crate::ir::Program;
use crate::source::Source;

/// Codes below are of language, data files and shapes.
pub(super) const DESIGN: Code = Code(300);

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
    /// Rules of taste too.
    pub(super) pedantic: bool,
    /// What can be measured, computed when the first rule asks.
    pub(super) evidence: Evidence<'a>,
}

/// Everything the rules find, consequences folded into their causes.
pub(super) fn run(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    outputs::run(subject, &mut found);
    starts::run(subject, &mut found);
    columns::run(subject, &mut found);
    rates::run(subject, &mut found);
    structure::run(subject, &mut found);
    once(&mut found);
    fold::fold(&mut found);
    found
}

/// Whether a rule has all it asks for in the quick form: those of starts and rates need batches and probes.
pub(super) fn is_asked(code: Code, quick: bool) -> bool {
    !quick || !matches!(code.0, 400..=499 | 501 | 600..=699 | 710)
}

/// One report for a layer that is written once and repeated.
fn once(found: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::HashSet::new();
    found.retain(|d| match &d.primary {
        Some(label) => seen.insert((d.code, label.span)),
        None => true,
    });
}
