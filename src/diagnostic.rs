//! What the tool has to say about a program, its data or a run: one [`Diagnostic`] type for every phase.
//!
//! The message is written where the check is; the [`Code`] is the part that tests, suppression and quick
//! fixes match on. Nothing here prints: [`human`] and [`machine_readable`] turn diagnostics into text.

pub mod codes;
pub mod human;
pub mod machine_readable;
pub mod suggest;

use crate::source::Span;
pub use codes::Code;

/// How much a diagnostic weighs. An error is proved; a warning rests on an estimate or a probe; a note informs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; nothing needs to change.
    Note,
    /// Likely a fault; the program still runs.
    Warning,
    /// Proved: the program cannot do what it says.
    Error,
}

impl Level {
    /// `error`, `warning` or `note`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A marked range of the `.nn` file and what to say beside it (may be empty).
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The marked range.
    pub span: Span,
    /// A few words, lower case, no full stop.
    pub text: String,
}

/// What the command line is called where a report quotes one of its settings.
pub const COMMAND_LINE: &str = "command line";

/// One line of a data file (or a setting of the command line, under the name [`COMMAND_LINE`]), quoted in a report:
/// the file itself is never held whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// The data file as the program names it.
    pub path: String,
    /// Line in the file, from 1. For binary files 0, and `text` is empty.
    pub line: usize,
    /// Column of the cell's first character, from 1.
    pub column: usize,
    /// The line's text, cut to a readable length around the cell; no line break.
    pub text: String,
    /// Bytes of `text` that are meant.
    pub start: usize,
    /// One past the last byte meant.
    pub end: usize,
    /// What is said of them.
    pub label: String,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Means the same or what was plainly meant; `--fix` applies it.
    Safe,
    /// Changes what the program computes; `--unsafe-fixes` applies it.
    Unsafe,
    /// Has a part that the user must fill in; never applied by itself.
    Placeholder,
}

impl Applicability {
    /// `safe`, `unsafe` or `placeholder`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Placeholder => "placeholder",
        }
    }
}

/// Edits that together mend one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: `rename to sigmoid`.
    pub title: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// Non-overlapping edits.
    pub edits: Vec<Edit>,
}

/// What a finding rests on, with its numbers by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Proof, estimate or probe.
    pub kind: EvidenceKind,
    /// How it was come by, for the report's last line: `range`, `1 batch of 128, seed 42`, `30 steps`.
    pub basis: String,
    /// The numbers, in a fixed order: `("floor", 2178.8)`.
    pub values: Vec<(&'static str, f64)>,
}

/// The three strengths of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceKind {
    /// Follows from the file and the data.
    Proof,
    /// Follows from statistics or from one batch.
    Estimate,
    /// Was seen in a short run.
    Probe,
}

impl EvidenceKind {
    /// `proof`, `estimate` or `probe`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Estimate => "estimate",
            Self::Probe => "probe",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// How much it weighs.
    pub level: Level,
    /// One sentence that stands alone: lower case, no full stop, names in backticks, never the fix.
    pub message: String,
    /// The smallest right span; `None` when only a data file or a setting of the command line is meant.
    pub primary: Option<Label>,
    /// The places that it conflicts with.
    pub labels: Vec<Label>,
    /// Lines of data files.
    pub excerpts: Vec<Excerpt>,
    /// Facts, one a line.
    pub notes: Vec<String>,
    /// What to do, in the language's own form.
    pub help: Option<String>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
    /// What it rests on, where that is not plain.
    pub evidence: Option<Evidence>,
}

impl Diagnostic {
    /// A diagnostic of `level` that marks nothing yet.
    pub fn new(code: Code, level: Level, message: impl Into<String>) -> Self {
        Self {
            code,
            level,
            message: message.into(),
            primary: None,
            labels: Vec::new(),
            excerpts: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
            evidence: None,
        }
    }

    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, message)
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, message)
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Level::Note, message)
    }

    /// Marks the smallest right span.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: label.into() });
        self
    }

    /// Marks a place that the primary one conflicts with.
    #[must_use]
    pub fn and(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: label.into() });
        self
    }

    /// As [`Self::and`], where there is such a place.
    #[must_use]
    pub fn and_if(self, span: Option<Span>, label: impl Into<String>) -> Self {
        match span {
            Some(span) => self.and(span, label),
            None => self,
        }
    }

    /// Quotes a line of a data file.
    #[must_use]
    pub fn quoting(mut self, excerpt: Excerpt) -> Self {
        self.excerpts.push(excerpt);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note_that(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a fix of one edit.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.fixes.push(Fix { title: title.into(), applicability, edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Says what it rests on.
    #[must_use]
    pub fn resting_on(
        mut self,
        kind: EvidenceKind,
        basis: impl Into<String>,
        values: Vec<(&'static str, f64)>,
    ) -> Self {
        self.evidence = Some(Evidence { kind, basis: basis.into(), values });
        self
    }
}

/// Puts diagnostics in the order of reports, so that the first is what should be mended first: errors, warnings, notes;
/// among equals causes before what may follow from them, then by place, those without one last. Exact doubles are
/// dropped.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    let place = |d: &Diagnostic| d.primary.as_ref().map_or(u32::MAX, |l| l.span.start);
    diagnostics.sort_by_key(|d| (std::cmp::Reverse(d.level), d.code.rank(), place(d), d.code));
    diagnostics.dedup();
}

/// Whether any is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.level == Level::Error)
}
