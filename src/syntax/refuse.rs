//! What is said of a line that cannot be read: the slips and foreign habits in it, or else what was expected
//! where reading stopped. Not for lines that can be read, however wrong their words are.

use super::Words;
use super::foreign;
use super::grammar::{self, Rule};
use super::lexeme::{Kind, Lexeme};
use super::misplaced;
use super::slips::{self, Slip};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes};
use crate::source::Span;

/// The longest line, in bytes, that is searched for what is wrong with it.
const LONGEST: usize = 1 << 16;

/// Slips of one line that are reported.
const MOST_SLIPS: usize = 8;

/// A line that cannot be read.
pub(super) struct Line<'a> {
    /// The whole file.
    pub text: &'a str,
    /// What the line should have been.
    pub rule: Rule,
    /// What it says: no blanks, newlines or comments. Never empty.
    pub said: Vec<Lexeme>,
    /// How many brackets are open before each lexeme of `said`.
    pub depths: Vec<usize>,
    /// What it covers.
    pub span: Span,
    /// What words of other tools are called here.
    pub words: Words,
}

impl<'a> Line<'a> {
    /// The line of these lexemes; `None` when they say nothing.
    pub(super) fn new(text: &'a str, rule: Rule, lexemes: &[Lexeme], words: Words) -> Option<Self> {
        let said: Vec<Lexeme> = lexemes.iter().copied().filter(Lexeme::speaks).collect();
        let span = said.first()?.span.to(said.last()?.span);
        let depths = depths(&said);
        Some(Self { text, rule, said, depths, span, words })
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The word or mark at `at`; empty past the end.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.said.get(at).map_or("", |l| self.slice(l.span))
    }

    /// Whether the lexeme at `at` is of this kind.
    pub(super) fn is(&self, at: usize, kind: Kind) -> bool {
        self.said.get(at).is_some_and(|l| l.kind == kind)
    }

    /// Whether the lexeme at `at` is this punctuation mark.
    pub(super) fn mark(&self, at: usize, mark: u8) -> bool {
        self.is(at, Kind::Mark(mark))
    }

    /// Whether nothing stands between the lexeme at `at` and the next.
    pub(super) fn tight(&self, at: usize) -> bool {
        matches!((self.said.get(at), self.said.get(at + 1)), (Some(a), Some(b)) if a.span.end == b.span.start)
    }

    /// The blanks before the line.
    pub(super) fn indent(&self) -> &'a str {
        let before = &self.text[..self.span.start as usize];
        let before = &before[before.rfind('\n').map_or(0, |i| i + 1)..];
        &before[..before.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(before.len())]
    }

    /// Whether the line, so edited, can be read. Edits do not overlap.
    pub(super) fn reads_with(&self, edits: &[Edit]) -> bool {
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        let (mut amended, mut at) = (String::new(), self.span.start as usize);
        for edit in edits {
            if (edit.span.start as usize) < at || edit.span.end > self.span.end {
                return false;
            }
            amended.push_str(&self.text[at..edit.span.start as usize]);
            amended.push_str(&edit.text);
            at = edit.span.end as usize;
        }
        amended.push_str(&self.text[at..self.span.end as usize]);
        self.reads(&amended)
    }

    /// Whether `amended` can be read; an edit may have made several lines of one, or a mere comment.
    pub(super) fn reads(&self, amended: &str) -> bool {
        if grammar::read(self.rule, amended).is_some() {
            return true;
        }
        let mut lines = amended.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        amended.contains(['\n', '#']) && lines.all(|line| grammar::read(self.rule, line).is_some())
    }
}

/// The reports for a line that is not what `rule` says.
pub(super) fn reports(rule: Rule, text: &str, lexemes: &[Lexeme], words: Words) -> Vec<Diagnostic> {
    let Some(line) = Line::new(text, rule, lexemes, words) else { return Vec::new() };
    let length = (line.span.end - line.span.start) as usize;
    if length > LONGEST {
        let message = format!("a line of {length} bytes that cannot be read");
        return vec![Diagnostic::error(codes::SYNTAX, message).at(line.said[0].span, "begins here")];
    }
    if let Some(report) = foreign::call(&line) {
        return vec![report];
    }
    let slips = if rule == Rule::cells { Vec::new() } else { slips::find(&line) };
    if slips.is_empty() {
        return vec![expectation(&line)];
    }
    let edits: Vec<Edit> = slips.iter().flat_map(|slip| slip.edits.clone()).collect();
    let mended = line.reads_with(&edits);
    let mut reports = Vec::new();
    if !mended {
        let at = line.span.start + grammar::explain(rule, line.slice(line.span)).at as u32;
        if !slips.iter().any(|slip| slip.span.start <= at && at <= slip.span.end + 1) {
            reports.push(expectation(&line));
        }
    }
    reports.extend(slips.into_iter().take(MOST_SLIPS).map(|slip| slip_report(slip, mended)));
    reports
}

fn slip_report(slip: Slip, mended: bool) -> Diagnostic {
    let mut report = Diagnostic::error(codes::SYNTAX, slip.message).at(slip.span, slip.label);
    if mended && !slip.edits.is_empty() {
        let applicability = if slip.certain { Applicability::Safe } else { Applicability::Unsafe };
        report.fixes.push(Fix { title: slip.help.clone(), applicability, edits: slip.edits });
    }
    report.help(slip.help)
}

/// What was expected where reading stopped, and what stands there.
fn expectation(line: &Line<'_>) -> Diagnostic {
    let source = line.slice(line.span);
    let stop = grammar::explain(line.rule, source);
    let at = line.span.start as usize + stop.at;
    let next = line.said.iter().position(|l| l.span.end as usize > at);
    let found = next
        .map_or(Span::at(at), |i| Span::new(at.max(line.said[i].span.start as usize), line.said[i].span.end as usize));
    if let Some(report) = misplaced::report(line, next, found, &stop.expected) {
        return report;
    }
    let mut expected = stop.expected;
    if line.word(0) == "let" && line.rule == Rule::line && next.is_none_or(|i| i <= 2) {
        expected = if next == Some(1) || line.said.len() == 1 { vec!["a name"] } else { vec!["`=`"] };
    }
    let glued = next.is_some() && at > line.span.start as usize && !line.text[..at].ends_with([' ', '\t', '\n']);
    if expected.is_empty() && glued && next.is_some_and(|i| i > 0 || found.start > line.said[i].span.start) {
        return Diagnostic::error(
            codes::SYNTAX,
            format!("`{}` stands right after `{}`", line.slice(found), before(line, at)),
        )
        .at(found, "expected a blank before this");
    }
    let start = grammar::read(line.rule, source[..stop.at].trim_end()).is_some();
    if start {
        expected.push(if line.rule == Rule::header { "`{`" } else { "the end of the line" });
    }
    let found_words = match next {
        Some(_) => format!("`{}`", shorten(line.slice(found))),
        None if line.rule == Rule::header => "`{`".to_owned(),
        None => "the end of the line".to_owned(),
    };
    if expected.is_empty() {
        return Diagnostic::error(codes::SYNTAX, format!("{found_words} does not belong here"))
            .at(found, "not expected");
    }
    let expected = alternatives(&expected);
    Diagnostic::error(codes::SYNTAX, format!("expected {expected}, found {found_words}"))
        .at(found, format!("expected {expected}"))
}

fn depths(said: &[Lexeme]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut deepen = |lexeme: &Lexeme| {
        let after = lexeme.deepen(depth);
        std::mem::replace(&mut depth, after)
    };
    said.iter().map(&mut deepen).collect()
}

/// The word that ends at byte `at`.
fn before<'a>(line: &Line<'a>, at: usize) -> &'a str {
    let word = line.said.iter().find(|l| (l.span.start as usize) < at && at <= l.span.end as usize);
    word.map_or("", |l| line.slice(Span::new(l.span.start as usize, at)))
}

/// `a`, `a or b`, `a, b or c`
fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Long words are cut for a message.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(36).chain("…".chars()).collect() }
}

/// A `{` among the rows of a table.
pub(super) fn block_in_table(span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, "a table holds rows of cells, no blocks")
        .at(span, "not a cell")
        .help("put a cell that holds a brace in quotes")
}
