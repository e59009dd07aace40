//! Reports for programs: JSON lines, SARIF 2.1.0 and GitHub's workflow commands. Nothing is folded or left out, and
//! the same findings give the same bytes.

mod sarif;

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::codes::rule;
use super::{Diagnostic, Evidence, Excerpt, Fix, Label, Level};
use crate::source::{Position, Source, Span, visible};

pub use sarif::sarif;

/// One object a line for each finding, as the commands promise: `code`, `name`, `level`, `message`, `file`, `spans`,
/// `notes`, `help`, `fixes`, `evidence`.
///
/// A span in a data file has its `file`, `line`, `column` and the line's `text`, and no byte offsets; in a binary one
/// no line either. The first span of the program is primary, or the first of the data where there is no other.
pub fn json(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        // Strings and numbers always have a JSON form, so there is no error to pass on.
        out.push_str(&serde_json::to_string(&Finding::new(source, diagnostic)).unwrap_or_default());
        out.push('\n');
    }
    out
}

/// One workflow command a line for each finding: `::error file=…,line=…,title=NN304 target-range::message`.
///
/// GitHub shows them beside the lines of a pull request. Notes and help follow the message.
pub fn github(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let place = JsonPlace::primary(source, diagnostic);
        let _ = write!(out, "::{command} file={}", property(&lines_of(place.file)));
        if let Some((start, end)) = place.region {
            let _ = write!(out, ",line={},endLine={}", start.line, end.line);
            // GitHub refuses columns on a range of several lines.
            if start.line == end.line {
                let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
            }
        }
        let title = format!("{} {}", diagnostic.code, name(diagnostic));
        let _ = writeln!(out, ",title={}::{}", property(&title), data(&lines_of(&full_text(diagnostic))));
    }
    out
}

/// Each line without what a log's reader would obey.
fn lines_of(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// A property's value in a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A message in a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn name(diagnostic: &Diagnostic) -> &'static str {
    rule(diagnostic.code).map_or("", |rule| rule.name)
}

/// The message, the notes and the help, one a line, for readers that show one text.
fn full_text(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    std::iter::once(diagnostic.message.clone()).chain(notes).chain(help).collect()
}

/// A range of a file as lines and columns; the end is exclusive.
struct JsonPlace<'a> {
    file: &'a str,
    region: Option<(Position, Position)>,
}

impl<'a> JsonPlace<'a> {
    /// Where a finding is: at its primary label, else in the data file, else in the program as a whole.
    fn primary(source: &'a Source, diagnostic: &'a Diagnostic) -> Self {
        match (&diagnostic.primary, diagnostic.excerpts.first()) {
            (Some(label), _) => Self::of_span(source, label.span),
            (None, Some(excerpt)) => Self::of_excerpt(excerpt),
            (None, None) => Self { file: source.name(), region: None },
        }
    }

    fn of_span(source: &'a Source, span: Span) -> Self {
        let start = source.position(span.start);
        Self { file: source.name(), region: Some((start, source.position(span.end).max(start))) }
    }

    fn of_excerpt(excerpt: &'a Excerpt) -> Self {
        let marked = excerpt.text.get(excerpt.start..excerpt.end).map_or(0, |cell| cell.chars().count());
        let start = Position { line: excerpt.line, column: excerpt.column.max(1) };
        let end = Position { column: start.column + marked, ..start };
        Self { file: &excerpt.path, region: (excerpt.line > 0).then_some((start, end)) }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    code: String,
    name: &'static str,
    level: &'static str,
    message: &'a str,
    file: &'a str,
    spans: Vec<Marked<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<Mend<'a>>,
    evidence: Option<Ground<'a>>,
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    start: Option<usize>,
    end: Option<usize>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    utf16_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    label: &'a str,
    primary: bool,
}

#[derive(Serialize)]
struct Mend<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct Ground<'a> {
    kind: &'static str,
    basis: &'a str,
    #[serde(serialize_with = "as_object")]
    values: &'a [(&'static str, f64)],
}

/// Pairs as an object in their own order.
fn as_object<S: Serializer>(values: &&[(&'static str, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().copied())
}

impl<'a> Finding<'a> {
    fn new(source: &'a Source, diagnostic: &'a Diagnostic) -> Self {
        let primary = diagnostic.primary.iter().map(|label| Marked::of_label(source, label, true));
        let others = diagnostic.labels.iter().map(|label| Marked::of_label(source, label, false));
        let first = diagnostic.primary.is_none();
        let data = diagnostic.excerpts.iter().enumerate().map(|(i, e)| Marked::of_excerpt(e, first && i == 0));
        Self {
            code: diagnostic.code.to_string(),
            name: name(diagnostic),
            level: diagnostic.level.name(),
            message: &diagnostic.message,
            file: source.name(),
            spans: primary.chain(others).chain(data).collect(),
            notes: &diagnostic.notes,
            help: diagnostic.help.as_deref(),
            fixes: diagnostic.fixes.iter().map(Mend::new).collect(),
            evidence: diagnostic.evidence.as_ref().map(Ground::new),
        }
    }
}

impl<'a> Marked<'a> {
    fn of_label(source: &Source, label: &'a Label, primary: bool) -> Self {
        let text = source.text();
        let offset = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
        let start = offset(label.span.start);
        let end = offset(label.span.end).max(start);
        let (from, to) = (source.position(start as u32), source.position(end as u32));
        let line = source.line_span(from.line).start as usize;
        Self {
            file: None,
            start: Some(start),
            end: Some(end),
            line: Some(from.line),
            column: Some(from.column),
            end_line: Some(to.line),
            end_column: Some(to.column),
            utf16_column: Some(text[line..start].encode_utf16().count() + 1),
            text: None,
            label: &label.text,
            primary,
        }
    }

    fn of_excerpt(excerpt: &'a Excerpt, primary: bool) -> Self {
        let region = JsonPlace::of_excerpt(excerpt).region;
        Self {
            file: Some(&excerpt.path),
            start: None,
            end: None,
            line: region.map(|(start, _)| start.line),
            column: region.map(|(start, _)| start.column),
            end_line: region.map(|(_, end)| end.line),
            end_column: region.map(|(_, end)| end.column),
            utf16_column: None,
            text: region.map(|_| excerpt.text.as_str()),
            label: &excerpt.label,
            primary,
        }
    }
}

impl<'a> Mend<'a> {
    fn new(fix: &'a Fix) -> Self {
        let edits = fix.edits.iter().map(|e| Replacement { start: e.span.start, end: e.span.end, text: &e.text });
        Self { title: &fix.title, applicability: fix.applicability.name(), edits: edits.collect() }
    }
}

impl<'a> Ground<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        Self { kind: evidence.kind.name(), basis: &evidence.basis, values: &evidence.values }
    }
}

#[cfg(test)]
mod tests;
