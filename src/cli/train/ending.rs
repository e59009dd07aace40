//! [`Ending`]: what explains a run that diverged or came to nothing. The check before a run may have been the quick
//! one, and what it found may have been allowed: now it is asked in full. Not for runs that go on from other weights,
//! of whose start a check knows nothing.

use crate::check::{Depth, Loaded, Options, Override, check_with, constant_loss, stability_limit};
use crate::cli::disk::Disk;
use crate::diagnostic::{Diagnostic, Level, codes};
use crate::ir::Program;
use crate::source::Source;
use crate::text::digits;

/// A loss above this share of the best constant output's is no better than that.
const NOTHING: f64 = 0.9;

/// A program whose run is over.
#[derive(Clone, Copy)]
pub(super) struct Ending<'a> {
    pub(super) source: &'a Source,
    pub(super) overrides: &'a [Override],
    pub(super) disk: &'a Disk,
    pub(super) program: &'a Program,
    pub(super) data: &'a Loaded,
    /// What was reported before the run.
    pub(super) told: &'a [Diagnostic],
}

impl Ending<'_> {
    /// The loss of the best constant output, where a run's loss over its training rows is hardly better.
    pub(super) fn nothing_learnt(&self, loss: f64) -> Option<f64> {
        constant_loss(self.program, self.data).filter(|base| *base > 0.0 && loss > NOTHING * base)
    }

    /// Warnings and errors of a full check, allowed ones among them, that were not reported before the run.
    pub(super) fn explained(&self) -> Vec<Diagnostic> {
        // As long as before, so that places stay; no allowance is left.
        let text = self.source.text().replace("nn: allow", "nn, allow");
        let options = Options { depth: Depth::Full, ..Options::default() };
        let checked = check_with(&Source::new(self.source.name(), text), self.overrides, self.disk, options);
        let place = |d: &Diagnostic| (d.code, d.primary.as_ref().map(|p| p.span));
        let is_new = |d: &Diagnostic| !self.told.iter().any(|t| place(t) == place(d));
        let mut found = checked.map_or(Vec::new(), |c| c.diagnostics);
        found.retain(|d| d.level >= Level::Warning && is_new(d));
        found
    }

    /// What broke a run, with the rate that the curvature of the loss allows, and what explains it.
    pub(super) fn diverged(&self, first: &Diagnostic) -> Vec<Diagnostic> {
        let mut first = first.clone();
        let mut found = self.explained();
        let rate = self.program.training.learning_rate.value;
        if let Some(limit) = stability_limit(self.program, self.data).filter(|limit| *limit < rate) {
            first = first.note_that(format!(
                "the curvature of the loss at the start allows a learning rate up to {}",
                digits(limit, 3)
            ));
            first.help = Some(format!("write `learning_rate = {}`", digits(0.25 * limit, 1)));
            if let Some(evidence) = &mut first.evidence {
                evidence.values.push(("limit", limit));
            }
        }
        // One way out: that of the rule which tried it.
        if found.iter().chain(self.told).any(|d| d.code == codes::RATE_HIGH && d.help.is_some()) {
            first.help = None;
        }
        found.insert(0, first);
        found
    }
}
