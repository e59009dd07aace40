//! The rules of design: what is wrong with a network that reads well. A file for each family; each check looks at the
//! whole [`Subject`] and reports. What evidence rests on (statistics, propagated variances, one batch, curvature, a
//! trial run) is computed at most once, in `check::evidence`, when the first check asks.
//!
//! Each family has a table of [`Check`]s: what a check may report, what it needs, and which findings silence it.
//! Checks are run phase by phase, in the order of the tables; a check is silenced by what was found before it alone.
//! What takes reports out once all are there is the table in `fold`.

mod answers;
mod changes;
mod columns;
mod edits;
mod fold;
mod outputs;
mod rates;
mod say;
mod starts;
mod structure;
#[cfg(test)]
mod tests;
mod untried;

use super::Loaded;
use super::evidence::{Evidence, Probe};
use crate::diagnostic::codes::Code;
use crate::diagnostic::{Diagnostic, Edit, Level};
use crate::ir::Program;
use crate::source::{Source, Span};
use columns::Features;
use outputs::Outputs;
use starts::Weighted;
use std::cell::OnceCell;

/// What rules look at.
pub(super) struct Subject<'a> {
    /// The file.
    pub(super) source: &'a Source,
    /// The program.
    pub(super) program: &'a Program,
    /// Its rows.
    pub(super) data: &'a Loaded,
    /// Only what needs neither a batch nor a trial run.
    pub(super) quick: bool,
    /// Rules of taste too.
    pub(super) pedantic: bool,
    /// What can be measured, computed when the first rule asks.
    pub(super) evidence: Evidence<'a>,
    /// How a run goes of the program with some edits; `None` where it cannot be tried.
    pub(super) trial: &'a dyn Fn(&[Edit]) -> Option<Probe>,
}

impl Subject<'_> {
    /// Whether a place is in the file, and not in a setting of the command line.
    fn is_of_file(&self, span: Span) -> bool {
        span.end as usize <= self.source.text().len()
    }
}

/// The subject with what several checks of a family derive from it, each derived once.
struct Shared<'a> {
    subject: &'a Subject<'a>,
    outputs: Outputs<'a>,
    layers: OnceCell<Vec<Weighted<'a>>>,
    features: OnceCell<Features>,
}

impl<'a> Shared<'a> {
    fn of(subject: &'a Subject<'a>) -> Self {
        Self { subject, outputs: Outputs::of(subject), layers: OnceCell::new(), features: OnceCell::new() }
    }

    /// The layers with weights.
    fn layers(&self) -> &[Weighted<'a>] {
        self.layers.get_or_init(|| starts::weighted(&self.subject.program.network))
    }

    /// The columns.
    fn features(&self) -> &Features {
        self.features.get_or_init(|| Features::of(self.subject))
    }
}

/// One check.
struct Check {
    /// The rules that it may report.
    reports: &'static [Code],
    /// What it cannot do without.
    needs: Needs,
    /// What explains whatever it would find.
    silenced_by: &'static [Cause],
    /// Looks, and adds what it finds to what was found before.
    look: fn(&Shared<'_>, &mut Vec<Diagnostic>),
}

/// What a check looks at.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// The program and statistics of its data. More may sharpen the report.
    Program,
    /// A batch, the curvature or a trial run: there are none in the quick form.
    Trial,
}

/// Findings of these rules that are at least so grave.
#[derive(Clone, Copy)]
struct Cause {
    codes: &'static [Code],
    least: Level,
}

impl Cause {
    /// Any report of these rules.
    const fn any(codes: &'static [Code]) -> Self {
        Self { codes, least: Level::Note }
    }

    /// A warning or an error.
    const fn likely(codes: &'static [Code]) -> Self {
        Self { codes, least: Level::Warning }
    }

    /// An error.
    const fn proved(codes: &'static [Code]) -> Self {
        Self { codes, least: Level::Error }
    }

    /// A warning of these rules, too.
    const fn or_likely(self) -> Self {
        Self { least: Level::Warning, ..self }
    }

    fn is_among(&self, found: &[Diagnostic]) -> bool {
        found.iter().any(|d| d.level >= self.least && self.codes.contains(&d.code))
    }
}

/// The families in the order in which they are run. What an output proves wrong spoils what a start shows, both spoil
/// what a run shows, and a rate's report names the columns as its cause.
static PHASES: [&[Check]; 6] =
    [outputs::CHECKS, starts::CHECKS, columns::CHECKS, rates::CHECKS, structure::CHECKS, changes::CHECKS];

/// Everything the rules find, consequences folded into their causes.
pub(super) fn run(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let shared = Shared::of(subject);
    let mut found = Vec::new();
    for check in PHASES.into_iter().flatten() {
        if !check.silenced_by.iter().any(|cause| cause.is_among(&found)) {
            (check.look)(&shared, &mut found);
        }
    }
    once(&mut found);
    fold::fold(&mut found);
    untried::run(subject, &mut found);
    found
}

/// Whether a rule has all that it asks for in the quick form.
pub(super) fn is_asked(code: Code, quick: bool) -> bool {
    let mut checks = PHASES.into_iter().flatten();
    !quick || !checks.any(|check| check.needs == Needs::Trial && check.reports.contains(&code))
}

/// One report for a layer that is written once and repeated.
fn once(found: &mut Vec<Diagnostic>) {
    let mut seen = std::collections::HashSet::new();
    found.retain(|d| match &d.primary {
        Some(label) => seen.insert((d.code, label.span)),
        None => true,
    });
}
