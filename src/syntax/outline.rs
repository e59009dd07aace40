//! The outline of a file that has faults: where its lines and blocks begin and end although brackets or
//! braces are missing. Decides by layout, and only here; what a line says is read by the grammar.

use super::DEEPEST;
use super::grammar::{self, Rule};
use super::lexeme::{Kind, Lexeme};
use super::pieces::{Boundary, Piece, indent, is_table};
use super::reports::Reports;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;
use std::ops::Range;

/// Outlines the whole file. Reports what is unclosed, stray or too deep.
pub(super) fn outline(text: &str, lexemes: &[Lexeme], reports: &mut Reports) -> Vec<Piece> {
    let mut steps = Steps { text, lexemes, reports, found: Vec::new() };
    steps.walk();
    let steps = steps.found;
    super::braces::matched(text, lexemes, steps, reports)
}

struct Steps<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    reports: &'a mut Reports,
    found: Vec<Boundary>,
}

/// Why a line cannot be read.
enum Fault {
    /// The bracket at this lexeme is never closed.
    Unclosed(usize),
    /// The bracket at the first is closed by the other kind at the second.
    Crossed(usize, usize),
    /// The bracket at this lexeme is one too many.
    TooDeep(usize),
    /// The text at this lexeme has no closing quote.
    Text(usize),
}

impl Steps<'_> {
    fn walk(&mut self) {
        let (mut at, mut in_table) = (0, false);
        while let Some(lexeme) = self.lexemes.get(at) {
            if lexeme.is(b'}') {
                self.found.push(Boundary::Close(at));
                in_table = false;
                at += 1;
            } else if lexeme.is_significant() {
                let (end, fault) = if in_table { self.row_end(at) } else { self.line_end(at) };
                let range = at..self.last_significant(at, end);
                let reported = fault.is_some();
                if let Some(fault) = fault {
                    self.report(&fault, &range);
                }
                at = end;
                if self.lexemes.get(end).is_some_and(|l| l.is(b'{')) {
                    in_table = self.is_table(&range);
                    self.found.push(Boundary::Open { header: range, brace: end, reported });
                    at += 1;
                } else if reported {
                    self.found.push(Boundary::Broken(range));
                } else {
                    self.found.push(Boundary::Line(range));
                }
            } else {
                at += 1;
            }
        }
    }

    fn is_table(&self, header: &Range<usize>) -> bool {
        is_table(self.text, self.lexemes, header)
    }

    /// One past the last lexeme of `start..end` that says something.
    fn last_significant(&self, start: usize, end: usize) -> usize {
        (start..end).rev().find(|&i| self.lexemes[i].is_significant()).map_or(start, |i| i + 1)
    }

    fn row_end(&self, start: usize) -> (usize, Option<Fault>) {
        let mut fault = None;
        for at in start..self.lexemes.len() {
            match self.lexemes[at].kind {
                Kind::Newline | Kind::Mark(b'{' | b'}') => return (at, fault),
                Kind::Text { closed: false } => fault = fault.or(Some(Fault::Text(at))),
                _ => {}
            }
        }
        (self.lexemes.len(), fault)
    }

    /// Where the line that begins at `start` ends (at a newline, a brace or the end), brackets minded.
    fn line_end(&self, start: usize) -> (usize, Option<Fault>) {
        let mut open: Vec<usize> = Vec::new();
        let (mut at, mut before, mut fault) = (start, start, None);
        while let Some(lexeme) = self.lexemes.get(at) {
            match lexeme.kind {
                Kind::Mark(b'(' | b'[') if open.len() == DEEPEST => {
                    return (self.newline(at), Some(Fault::TooDeep(at)));
                }
                Kind::Mark(b'(' | b'[') => open.push(at),
                Kind::Mark(mark @ (b')' | b']')) => {
                    if let Some(opening) = open.pop()
                        && !self.lexemes[opening].is(if mark == b')' { b'(' } else { b'[' })
                    {
                        fault = fault.or(Some(Fault::Crossed(opening, at)));
                    }
                }
                Kind::Text { closed: false } => return (self.row_end(at).0, Some(Fault::Text(at))),
                Kind::Mark(b'{' | b'}') => break,
                Kind::Newline => match open.last() {
                    None => return (at, fault),
                    Some(&bracket) => match self.continued(bracket, before, at) {
                        Some(next) => at = next - 1,
                        None => break,
                    },
                },
                _ => {}
            }
            if lexeme.is_significant() {
                before = at;
            }
            at += 1;
        }
        match open.first() {
            None => (at, fault),
            Some(&bracket) => (self.cut(bracket, at), Some(Fault::Unclosed(bracket))),
        }
    }

    /// The first lexeme after the newline at `at` that says something, if it may belong to the open `bracket`.
    fn continued(&self, bracket: usize, before: usize, at: usize) -> Option<usize> {
        let next = (at..self.lexemes.len()).find(|&i| self.lexemes[i].is_significant())?;
        let (opening, last, first) = (&self.lexemes[bracket], &self.lexemes[before], &self.lexemes[next]);
        let marks = |l: &Lexeme, marks: &[u8]| matches!(l.kind, Kind::Mark(m) if marks.contains(&m));
        if marks(first, b")]") {
            return Some(next);
        }
        let deeper = self.indent(next) > self.indent(bracket);
        let alone = self.is_last_on_line(bracket);
        let new_setting = self.is_key(next) && (alone || opening.is(b'[')) && !deeper;
        let joined = marks(last, b"([,+-*/=") || marks(first, b",+-*/=");
        ((joined && !new_setting) || (alone && deeper)).then_some(next)
    }

    /// Where to end a line whose `bracket` is still open at `end`.
    fn cut(&self, bracket: usize, end: usize) -> usize {
        if self.is_last_on_line(bracket) {
            return end;
        }
        let mut at = self.newline(bracket).min(end);
        while at < end && self.ends_in_comma(at) {
            let next = self.newline(at + 1).min(end);
            let words = self.lexemes[at..next].iter().filter(|l| l.is_significant()).count();
            let last_of_list = words == 1 && self.lexemes[bracket].is(b'[');
            if !(last_of_list || self.ends_in_comma(next)) {
                break;
            }
            at = next;
        }
        at
    }

    fn ends_in_comma(&self, end: usize) -> bool {
        self.lexemes[..end].iter().rev().find(|l| l.is_significant()).is_some_and(|l| l.is(b','))
    }

    /// The next newline at or after `at`, or the end.
    fn newline(&self, at: usize) -> usize {
        (at..self.lexemes.len()).find(|&i| self.lexemes[i].kind == Kind::Newline).unwrap_or(self.lexemes.len())
    }

    fn is_last_on_line(&self, at: usize) -> bool {
        let rest = &self.lexemes[at + 1..];
        rest.iter().find(|l| l.is_significant() || l.kind == Kind::Newline).is_none_or(|l| l.kind == Kind::Newline)
    }

    fn is_key(&self, at: usize) -> bool {
        let mut rest = self.lexemes[at..].iter().filter(|l| l.kind != Kind::Blank);
        rest.next().is_some_and(|l| l.kind == Kind::Word) && rest.next().is_some_and(|l| l.is(b'='))
    }

    fn indent(&self, at: usize) -> usize {
        indent(self.lexemes, at)
    }

    fn report(&mut self, fault: &Fault, range: &Range<usize>) {
        let end = self.lexemes[range.end - 1].span.end as usize;
        let mark = |at: usize| &self.text[self.lexemes[at].span.range()];
        let span = |at: usize| self.lexemes[at].span;
        let closer = |at: usize| if self.lexemes[at].is(b'(') { ")" } else { "]" };
        let report = match *fault {
            Fault::Unclosed(at) => {
                let report = Diagnostic::error(codes::UNCLOSED, format!("`{}` is never closed", mark(at)))
                    .at(Span::at(end), format!("`{}` expected here", closer(at)))
                    .and(span(at), "opened here");
                let start = self.lexemes[range.start].span.start as usize;
                let mended = format!("{}{}", &self.text[start..end], closer(at));
                if grammar::read(Rule::line, &mended).is_some() {
                    // In a statement more than the bracket's own may stand before the line's end.
                    let setting = range.clone().any(|i| i < at && self.lexemes[i].is(b'='));
                    let applicability = if setting { Applicability::Safe } else { Applicability::Unsafe };
                    report.fix(applicability, format!("close it with `{}`", closer(at)), Span::at(end), closer(at))
                } else {
                    report
                }
            }
            Fault::Crossed(open, close) => {
                Diagnostic::error(codes::UNCLOSED, format!("`{}` is closed by `{}`", mark(open), mark(close)))
                    .at(span(close), format!("`{}` expected here", closer(open)))
                    .and(span(open), "opened here")
                    .help(format!("write `{}`", closer(open)))
            }
            Fault::TooDeep(at) => Diagnostic::error(codes::SYNTAX, format!("brackets nest deeper than {DEEPEST}"))
                .at(span(at), "one too many"),
            Fault::Text(at) => unclosed_text(span(at)),
        };
        self.reports.push(report);
    }
}

fn unclosed_text(span: Span) -> Diagnostic {
    let (start, end) = (span.start as usize, span.end as usize);
    Diagnostic::error(codes::UNCLOSED, "a text is never closed")
        .at(Span::new(start, start + 1), "opened here")
        .and(Span::at(end), "`\"` expected before the line's end")
}
