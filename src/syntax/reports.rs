//! The reports of one file, bounded: a file of a million faults is not a million reports.

use crate::diagnostic::{Diagnostic, codes};

/// Faults that are reported for one file.
const MOST: usize = 1000;

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Reports {
    list: Vec<Diagnostic>,
    left_out: usize,
}

impl Reports {
    /// Adds one, or counts it where there are too many.
    pub(super) fn push(&mut self, report: Diagnostic) {
        if self.full() { self.left_out += 1 } else { self.list.push(report) }
    }

    /// Whether what is pushed will only be counted.
    pub(super) fn full(&self) -> bool {
        self.list.len() >= MOST
    }

    /// The reports in order of their places.
    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        crate::diagnostic::sort(&mut self.list);
        if self.left_out > 0 {
            self.list.push(Diagnostic::error(codes::SYNTAX, format!("{} more faults are left out", self.left_out)));
        }
        self.list
    }
}
